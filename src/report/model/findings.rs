//! The section `findings`.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::word::Word;
use crate::finding::{self, Severity};

/// A place where a rule applies. `rtcscope explain RULE` tells more of the rule.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The name of the rule.
    pub rule: String,
    /// How much it matters here.
    pub severity: Word<Severity>,
    /// The sentence that a person reads.
    pub message: String,
    /// When it came to light; `null` for what concerns the capture as a whole.
    pub time: Option<f64>,
    /// The packets that it rests on; the first is where it came to light.
    pub frames: Vec<u64>,
    /// What it is about.
    pub subject: Option<Subject>,
    /// What else it rests on.
    pub evidence: Vec<Evidence>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// `capture`, `ice-session`, `pair`, `allocation`, `server` and the like.
    pub kind: String,
    /// Its id in the same document.
    pub id: String,
}

/// What a finding rests on beside packets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "kind")]
#[non_exhaustive]
pub enum Evidence {
    /// A byte offset in the capture file, after decompression.
    Offset {
        /// The offset.
        offset: u64,
    },
    /// A place in a text, in bytes.
    Text {
        /// The offset of its first byte.
        start: usize,
        /// The offset behind its last byte.
        end: usize,
    },
}

impl Finding {
    /// The published form of `finding`.
    #[must_use]
    pub fn new(finding: &finding::Finding, clock: Clock) -> Self {
        let mut frames = Vec::new();
        let mut evidence = Vec::new();
        for entry in &finding.evidence {
            match entry {
                finding::Evidence::Frames(numbers) => frames.extend(numbers.iter().map(|number| number.0)),
                finding::Evidence::Text(span) => evidence.push(Evidence::Text { start: span.start, end: span.end }),
                finding::Evidence::Offset(offset) => evidence.push(Evidence::Offset { offset: *offset }),
            }
        }
        if let (true, Some(moment)) = (frames.is_empty(), finding.moment) {
            frames.extend((moment.frame.0 > 0).then_some(moment.frame.0));
        }
        Self {
            rule: finding.rule.name.to_owned(),
            severity: Word(finding.severity),
            message: finding.message.clone(),
            time: finding.moment.map(|moment| clock.time(moment)),
            frames,
            subject: finding
                .subject
                .as_ref()
                .map(|subject| Subject { kind: subject.kind.to_owned(), id: subject.id.clone() }),
            evidence,
        }
    }
}
