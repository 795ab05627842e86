//! The values of log entries, which versions of browsers have written in different ways: as objects, as JSON in a string, and
//! as names and values between commas.

use std::borrow::Cow;

use super::model::CandidateError;
use crate::signal::{Candidate, Description, DescriptionType, Matter};
use crate::signaling::json::Json;

/// Values in the JSON of one entry: a description is two.
const VALUES: usize = 4096;
/// How deep they lie.
const DEPTH: usize = 16;
/// The longest word of a state, name of a section, and text of an error, that is kept.
const WORD: usize = 256;

/// `value` without the string around its JSON, and without the list around a single argument.
pub(super) fn unwrap(value: &Json) -> Cow<'_, Json> {
    if let Json::Text(text) = value
        && (text.starts_with(['{', '[', '"']) || text == "null")
        && let Some(inner) = Json::parse(text, VALUES, DEPTH)
    {
        return Cow::Owned(inner);
    }
    match value.items() {
        [only] => Cow::Borrowed(only),
        _ => Cow::Borrowed(value),
    }
}

/// The description that a value holds. Its text is empty where it names the type alone.
pub(super) fn description(value: &Json) -> Option<Description> {
    match value {
        Json::Object(_) => {
            let kind = value.text_of("type").and_then(DescriptionType::from_name);
            let sdp = value.text_of("sdp").unwrap_or_default().to_owned();
            (kind.is_some() || !sdp.is_empty()).then_some(Description { kind, sdp })
        }
        Json::Text(text) => {
            let (kind, sdp) = text.strip_prefix("type: ")?.split_once(", sdp: ")?;
            Some(Description { kind: DescriptionType::from_name(kind), sdp: sdp.to_owned() })
        }
        _ => None,
    }
}

/// The candidate, or the end of candidates, that a value holds.
pub(super) fn candidate(value: &Json) -> Option<Matter> {
    let candidate = match value {
        Json::Null => Candidate::default(),
        Json::Object(_) => Candidate {
            candidate: match value.member("candidate") {
                Some(Json::Null) => String::new(),
                found => found?.text()?.to_owned(),
            },
            // Chromium writes an empty one for a candidate that was added without.
            mid: value.text_of("sdpMid").filter(|mid| !mid.is_empty() && mid.len() <= WORD).map(str::to_owned),
            m_line_index: value.member("sdpMLineIndex").and_then(|index| index.word()?.parse().ok()),
            username_fragment: value.text_of("usernameFragment").filter(|ufrag| ufrag.len() <= WORD).map(str::to_owned),
        },
        Json::Text(text) => between_commas(text)?,
        _ => return None,
    };
    if candidate.candidate.is_empty() {
        return Some(Matter::EndOfCandidates { mid: candidate.mid });
    }
    let known = candidate.candidate.starts_with("candidate:") || candidate.candidate.starts_with("a=candidate:");
    known.then_some(Matter::Candidate(candidate))
}

/// `sdpMid: audio, sdpMLineIndex: 0, candidate: candidate:…, url: …`, where the index and what follows may be missing.
fn between_commas(text: &str) -> Option<Candidate> {
    let (names, rest) = text.split_once("candidate:")?;
    let rest = rest.trim_start();
    let end = [", url:", ", relayProtocol:", ", usernameFragment:"].iter().filter_map(|name| rest.find(name)).min();
    let written = rest.get(..end.unwrap_or(rest.len()))?.trim_end();
    let candidate = match written {
        "" => String::new(),
        written if written.starts_with("candidate:") => written.to_owned(),
        written => format!("candidate:{written}"),
    };
    let value = |name: &str| pairs(names).find(|(found, _)| *found == name).map(|(_, value)| value);
    Some(Candidate {
        candidate,
        mid: value("sdpMid").or_else(|| value("mid")).filter(|mid| mid.len() <= WORD).map(str::to_owned),
        m_line_index: value("sdpMLineIndex").and_then(|index| index.parse().ok()),
        username_fragment: None,
    })
}

/// `name: value` between commas.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(", ").filter_map(|pair| pair.trim().trim_end_matches(',').split_once(": "))
}

/// What a candidate error says.
pub(super) fn candidate_error(value: &Json) -> CandidateError {
    let find = |names: &[&str]| {
        let found = names.iter().find_map(|name| match value {
            Json::Text(text) => pairs(text).find(|(found, _)| found == name).map(|(_, value)| value),
            _ => value.member(name)?.word(),
        });
        found.map(short)
    };
    CandidateError {
        url: find(&["url"]),
        address: find(&["address"]),
        port: find(&["port"]).and_then(|port| port.parse().ok()),
        code: find(&["error_code", "errorCode"]).and_then(|code| code.parse().ok()),
        text: find(&["error_text", "errorText"]).filter(|text| !text.is_empty()),
    }
}

/// The word of a state, whatever it was called: `SignalingStateHaveLocalOffer` is `have-local-offer`.
pub(super) fn state(value: &Json) -> Option<String> {
    let text = value.text()?;
    let bare = ["SignalingState", "ICEConnectionState", "IceConnectionState", "ICEGatheringState", "IceGatheringState"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    let mut word = String::new();
    for letter in short(bare).chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    (!word.is_empty()).then_some(word)
}

/// The text of an error, or of its message.
pub(super) fn error(value: &Json) -> String {
    let text = value.text().or_else(|| value.text_of("message")).or_else(|| value.text_of("name"));
    short(text.unwrap_or_default())
}

/// As much of `text` as is kept.
pub(super) fn short(text: &str) -> String {
    text.chars().take(WORD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Json {
        Json::Text(text.to_owned())
    }

    #[test]
    fn candidates_of_all_versions_are_the_same() {
        let line = "candidate:1 1 udp 2 192.0.2.1 9 typ host";
        let all = [
            format!("sdpMid: audio, sdpMLineIndex: 0, candidate: {line}, url: stun:192.0.2.9:3478, relayProtocol: udp"),
            format!("sdpMid: audio, sdpMLineIndex: 0, candidate: {line}"),
            format!("mid: audio, sdpMLineIndex: 0, {line}"),
            format!("{{\"sdpMid\":\"audio\",\"sdpMLineIndex\":0,\"candidate\":\"{line}\"}}"),
        ];
        let wanted = Candidate {
            candidate: line.to_owned(),
            mid: Some("audio".to_owned()),
            m_line_index: Some(0),
            username_fragment: None,
        };
        for written in all {
            assert_eq!(candidate(&unwrap(&text(&written))), Some(Matter::Candidate(wanted.clone())), "{written}");
        }
        assert_eq!(candidate(&unwrap(&text("null"))), Some(Matter::EndOfCandidates { mid: None }));
        assert_eq!(candidate(&text("")), None);
    }

    #[test]
    fn descriptions_of_all_versions_are_the_same() {
        let wanted = Description { kind: Some(DescriptionType::Offer), sdp: "v=0\r\ns=-\r\n".to_owned() };
        for written in ["type: offer, sdp: v=0\r\ns=-\r\n", r#"{"type":"offer","sdp":"v=0\r\ns=-\r\n"}"#] {
            assert_eq!(description(&unwrap(&text(written))), Some(wanted.clone()));
        }
        assert_eq!(description(&text("")), None);
    }

    #[test]
    fn states_of_all_versions_are_the_same() {
        for written in ["SignalingStateHaveLocalOffer", "have-local-offer", "\"have-local-offer\""] {
            assert_eq!(state(&unwrap(&text(written))).as_deref(), Some("have-local-offer"));
        }
        assert_eq!(state(&text("ICEConnectionStateChecking")).as_deref(), Some("checking"));
    }

    #[test]
    fn candidate_errors_of_all_versions_are_the_same() {
        let old =
            text("url: turn:192.0.2.9:3478, address: 192.0.2.x, port: 9, error_text: Unauthorized., error_code: 401");
        let new = text(
            r#"{"url":"turn:192.0.2.9:3478","address":"192.0.2.x","port":9,"error_text":"Unauthorized.","error_code":401}"#,
        );
        let found = candidate_error(&unwrap(&new));
        assert_eq!(candidate_error(&old), found);
        assert_eq!((found.code, found.port), (Some(401), Some(9)));
    }
}
