//! What of a description decides where it belongs.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::sdp::{Difference, Document, Key, LineType, Setup, Value, differences};

/// M-lines that are looked at. 256: browsers stop at some hundreds of transceivers, and a hostile text has 100,000.
const LINES: usize = 256;

/// One m-line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MediaLine {
    kind: u64,
    pub(super) mid: Option<String>,
    pub(super) ufrag: Option<String>,
    pwd: Option<u64>,
    /// It says that no more candidates come.
    pub(super) ended: bool,
}

/// What of a description decides where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// The whole text.
    pub(super) text: u64,
    /// The session id of `o=`: one side of one connection, as a rule. A browser's dump leaves out the user name.
    pub(super) origin: Option<u64>,
    /// The version of `o=`.
    pub(super) version: u64,
    fingerprint: Option<u64>,
    /// It leaves the DTLS role open, as only offers do.
    pub(super) actpass: bool,
    /// It has chosen a DTLS role, as answers do.
    pub(super) chosen: bool,
    pub(super) lines: Vec<MediaLine>,
    /// The candidates that stand in it.
    candidates: Vec<u64>,
}

/// What makes a candidate: its words up to the type (RFC 8839, section 5.1); what follows is written in many ways.
fn core_of(candidate: &str) -> u64 {
    let bare = candidate.strip_prefix("a=").unwrap_or(candidate);
    let words = bare.strip_prefix("candidate:").unwrap_or(bare).split_ascii_whitespace().take(8);
    number(words.map(str::to_ascii_lowercase).collect::<Vec<_>>())
}

/// A number for `value`, the same in every run.
pub(super) fn number(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Facts {
    pub(super) fn read(sdp: &str) -> Self {
        let document = Document::parse(sdp.as_bytes());
        let origin = document.session().lines_of(LineType::Origin).next().and_then(|line| match line.parse() {
            Ok(Value::Origin(origin)) => Some((number(origin.session_id), origin.session_version)),
            _ => None,
        });
        let ends = document.session().has(Key::EndOfCandidates);
        let mut setups = document.media().take(LINES).filter_map(|section| section.setup()).peekable();
        let first = setups.peek().copied();
        let lines = document.media().take(LINES).map(|section| MediaLine {
            kind: number(section.media().map(|media| media.media)),
            mid: section.mid().map(str::to_owned),
            ufrag: section.ice_ufrag().map(str::to_owned),
            pwd: section.ice_pwd().map(number),
            ended: ends || section.has(Key::EndOfCandidates),
        });
        Self {
            text: number(sdp),
            origin: origin.map(|(origin, _)| origin),
            version: number(origin.map(|(_, version)| version)),
            fingerprint: document.media().next().and_then(|section| {
                section.fingerprints().first().map(|own| number((own.hash_function, own.hash.to_ascii_uppercase())))
            }),
            actpass: setups.any(|setup| setup == Setup::Actpass),
            chosen: matches!(first, Some(Setup::Active | Setup::Passive)),
            lines: lines.collect(),
            candidates: document
                .media()
                .take(LINES)
                .flat_map(|section| section.attribute_lines(Key::Candidate).take(LINES))
                .take(LINES)
                .map(|line| core_of(&String::from_utf8_lossy(line.attribute_value().unwrap_or_default())))
                .collect(),
        }
    }

    /// Whether something in it was drawn by lot, so that the same text cannot come from two.
    pub(super) fn is_unique(&self) -> bool {
        self.lines.iter().any(|line| line.ufrag.is_some())
    }

    /// Whether this candidate stands in it already.
    pub(super) fn has_candidate(&self, candidate: &str) -> bool {
        let core = core_of(candidate);
        self.candidates.contains(&core)
    }

    pub(super) fn has_ufrag(&self, ufrag: &str) -> bool {
        self.lines.iter().any(|line| line.ufrag.as_deref() == Some(ufrag))
    }

    /// Whether `other` can come from the same connection: it has a user fragment or the certificate of this.
    pub(super) fn is_kin(&self, other: &Self) -> bool {
        let same = |line: &MediaLine| line.ufrag.as_deref().is_some_and(|ufrag| other.has_ufrag(ufrag));
        self.lines.iter().any(same) || (self.fingerprint.is_some() && self.fingerprint == other.fingerprint)
    }

    /// Whether `answer` has the m-lines of this offer (RFC 3264, section 6).
    pub(super) fn fits(&self, answer: &Self) -> bool {
        let fit = |(one, two): (&MediaLine, &MediaLine)| {
            one.kind == two.kind && (one.mid.is_none() || two.mid.is_none() || one.mid == two.mid)
        };
        self.lines.len() == answer.lines.len() && self.lines.iter().zip(&answer.lines).all(fit)
    }

    /// The m-line of this mid, or of this index where no mid is said; the first where neither is.
    pub(super) fn line(&self, mid: Option<&str>, index: Option<u64>) -> Option<&MediaLine> {
        match (mid, index) {
            (Some(mid), _) => self.lines.iter().find(|line| line.mid.as_deref() == Some(mid)),
            (None, Some(index)) => self.lines.get(usize::try_from(index).ok()?),
            (None, None) => self.lines.first(),
        }
    }

    /// Whether a transport of this has other credentials than in `previous`, both of them (RFC 8839, section 4.4.1.1.1).
    pub(super) fn restarts(&self, previous: &Self) -> bool {
        self.lines.iter().enumerate().any(|(index, line)| {
            let before = previous.line(line.mid.as_deref(), u64::try_from(index).ok());
            before.is_some_and(|before| {
                line.ufrag.is_some() && before.ufrag.is_some() && line.ufrag != before.ufrag && line.pwd != before.pwd
            })
        })
    }
}

/// What `new` says otherwise than `old`, without what changes by itself: credentials, candidates, and the addresses and ports
/// that only repeat a candidate.
pub(super) fn changes(old: &str, new: &str) -> Vec<Difference> {
    let (old, new) = (Document::parse(old.as_bytes()), Document::parse(new.as_bytes()));
    let is_ice = new.media().take(LINES).any(|section| section.ice_ufrag().is_some());
    let mut found = differences(&old, &new);
    found.retain(|difference| {
        let change = &difference.change;
        let is_zero = |port: &Option<String>| port.as_deref() == Some("0");
        match change.subject {
            "candidate" | "ice-ufrag" | "ice-pwd" | "crypto" => false,
            "connection" => !is_ice,
            "port" => !is_ice || is_zero(&change.old) || is_zero(&change.new),
            "attribute" => !matches!(change.name.as_str(), "rtcp" | "end-of-candidates"),
            _ => true,
        }
    });
    found
}

/// What differs between a description and what became of it on its way.
pub(super) fn alterations(sent: &str, arrived: &str) -> Vec<Difference> {
    differences(&Document::parse(sent.as_bytes()), &Document::parse(arrived.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 7 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n\
        c=IN IP4 0.0.0.0\r\na=mid:a\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n";

    #[test]
    fn an_answer_fits_by_count_kind_and_mid() {
        let offer = Facts::read(OFFER);
        assert!(offer.actpass && !offer.chosen && offer.is_unique());
        assert!(offer.fits(&Facts::read(&OFFER.replace("actpass", "active"))));
        assert!(!offer.fits(&Facts::read(&OFFER.replace("mid:a", "mid:b"))));
        assert!(!offer.fits(&Facts::read(&OFFER.replace("m=audio", "m=video"))));
        assert!(!offer.fits(&Facts::read("v=0\r\n")));
    }

    #[test]
    fn a_restart_changes_both_credentials() {
        let offer = Facts::read(OFFER);
        let other = OFFER.replace("abcd", "efgh");
        assert!(!Facts::read(&other).restarts(&offer));
        assert!(Facts::read(&other.replace("0123", "3210")).restarts(&offer));
    }

    #[test]
    fn credentials_and_the_default_candidate_are_no_change() {
        let noise = OFFER.replace("abcd", "efgh").replace("audio 9", "audio 5000").replace("- 7 2", "- 7 3");
        assert_eq!(changes(OFFER, &noise), []);
        let stopped = noise.replace("audio 5000", "audio 0");
        assert_eq!(changes(&noise, &stopped).len(), 1);
    }

    #[test]
    fn only_so_many_m_lines_are_looked_at() {
        let text = format!("v=0\r\n{}", "m=audio 9 RTP/AVP 0\r\n".repeat(10_000));
        assert_eq!(Facts::read(&text).lines.len(), LINES);
    }
}
