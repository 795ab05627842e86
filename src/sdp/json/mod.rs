//! JSON around descriptions: envelopes `{type, sdp}`, `RTCIceCandidateInit`, dumps that hold them; the lossless
//! form of a document; and the JSON of the npm package `sdp-transform`.

mod found;
mod lossless;
mod transform_grammar;
mod transform_parse;
mod transform_pattern;
mod transform_write;

pub use found::{Description, IceCandidateInit, find_candidates, find_descriptions};
pub use lossless::{from_json, to_json};
pub use transform_parse::to_sdp_transform;
pub use transform_write::from_sdp_transform;

/// Why JSON could not be made a description.
///
/// ```
/// # use rtcscope::sdp::json::{JsonError, from_json};
/// let error = from_json(&serde_json::json!({"lines": 1}));
/// assert_eq!(error, Err(JsonError::Kind { member: "lines", expected: "an array" }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonError {
    /// A value of another kind.
    Kind {
        /// Which member.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A text with a line break, which would become lines of its own.
    LineBreak {
        /// Which member.
        member: &'static str,
    },
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Kind { member, expected } => write!(f, "expected {expected} in `{member}`, found something else"),
            Self::LineBreak { member } => write!(f, "expected one line in `{member}`, found a line break"),
        }
    }
}

impl std::error::Error for JsonError {}
