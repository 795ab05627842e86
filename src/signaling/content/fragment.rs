//! Bodies of `application/trickle-ice-sdpfrag` (RFC 8840, section 9; RFC 9725, section 4.3).

use super::object::NAME;
use crate::sdp::{Document, IcePwd, IceUfrag, Section};
use crate::signal::{Candidate, IceCredentials, Matter};

/// Candidates of one fragment; more are not read.
const MOST: usize = 4096;

/// The credentials, candidates and ends of candidates in a fragment, each with the mid of its section. `restarts` is what is said beside
/// the fragment about its credentials.
pub(in crate::signaling) fn fragment(text: &str, restarts: bool) -> Vec<Matter> {
    let document = Document::parse(text.as_bytes());
    let session = ufrag(&document.session());
    let mut found = Vec::new();
    for section in document.sections() {
        let username_fragment = ufrag(&section).or_else(|| session.clone());
        let mid = section.mid().filter(|mid| mid.len() <= NAME).map(str::to_owned);
        if found.len() < MOST {
            found.extend(credentials(&section, mid.clone(), restarts));
        }
        for line in section.lines() {
            let Ok(line) = str::from_utf8(line.content()) else { continue };
            if found.len() >= MOST {
                return found;
            }
            if line.trim_end() == "a=end-of-candidates" {
                found.push(Matter::EndOfCandidates { mid: mid.clone() });
            } else if let Some(candidate) = line.strip_prefix("a=").filter(|rest| rest.starts_with("candidate:")) {
                found.push(Matter::Candidate(Candidate {
                    candidate: candidate.to_owned(),
                    mid: mid.clone(),
                    m_line_index: section.index().and_then(|index| u64::try_from(index).ok()),
                    username_fragment: username_fragment.clone(),
                }));
            }
        }
    }
    found
}

fn credentials(section: &Section<'_, '_>, mid: Option<String>, restarts: bool) -> Option<Matter> {
    let password = section.value::<IcePwd<'_>>()?.0.to_owned();
    Some(Matter::IceCredentials(IceCredentials { username_fragment: ufrag(section)?, password, mid, restarts }))
}

fn ufrag(section: &Section<'_, '_>) -> Option<String> {
    section.value::<IceUfrag<'_>>().map(|found| found.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_know_their_section() {
        let text = "a=ice-ufrag:EsAw\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n";
        let found = fragment(text, false);
        let candidate = Candidate {
            candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host".to_owned(),
            mid: Some("0".to_owned()),
            m_line_index: Some(0),
            username_fragment: Some("EsAw".to_owned()),
        };
        assert_eq!(found, [Matter::Candidate(candidate), Matter::EndOfCandidates { mid: Some("0".to_owned()) }]);
    }

    #[test]
    fn credentials_stand_for_all_sections_or_for_one() {
        let told = |text: &str| match fragment(text, true).as_slice() {
            [Matter::IceCredentials(found)] => {
                (found.username_fragment.clone(), found.password.clone(), found.mid.clone())
            }
            other => panic!("{other:?}"),
        };
        let all = "a=ice-ufrag:ABCD\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 X 0\r\na=mid:0\r\n";
        assert_eq!(told(all), ("ABCD".to_owned(), "0123456789012345678901".to_owned(), None));
        let one = "m=audio 9 X 0\r\na=mid:0\r\na=ice-ufrag:ABCD\r\na=ice-pwd:0123456789012345678901\r\n";
        assert_eq!(told(one).2.as_deref(), Some("0"));
        assert!(fragment("a=ice-ufrag:ABCD\r\n", true).is_empty());
    }
}
