//! Why an operation cannot keep a description valid.

use std::fmt;

use crate::text::ApplyError;

/// Nothing was changed, because a valid description would not have come out.
///
/// ```
/// # use rtcscope::sdp::Document;
/// # use rtcscope::sdp::edit::{Scope, set_mid};
/// let document = Document::parse(b"m=audio 9 RTP/AVP 0\na=mid:a\nm=video 9 RTP/AVP 96\na=mid:v\n");
/// let message = set_mid(&document, Scope::Mid("v"), "a").map_err(|error| error.to_string());
/// assert_eq!(message, Err("expected a free mid, found `a` at another m-line".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditError {
    /// The scope names no section of the description.
    NoSuchSection {
        /// The scope as it is written.
        scope: Box<str>,
    },
    /// No codec of the sections in scope is meant.
    NoSuchCodec {
        /// The pattern as it is written.
        pattern: Box<str>,
    },
    /// An m-line would be left without a codec; it can be stopped instead.
    NoCodecLeft {
        /// Its index, from 0.
        media: usize,
    },
    /// A payload type has another meaning already, in the section or in its bundle.
    PayloadTypeTaken {
        /// The payload type.
        payload_type: u8,
    },
    /// A mid names another section already.
    MidTaken {
        /// The mid.
        mid: Box<str>,
    },
    /// No id is free for a header extension.
    NoExtensionIdLeft {
        /// The section's index, from 0.
        media: usize,
    },
    /// Other m-lines of the bundle have no transport of their own and live on this one's.
    CarriesTheBundle {
        /// Its index, from 0.
        media: usize,
    },
    /// A section sends without naming its sources, which the other plan cannot say.
    NoSources {
        /// Its index, from 0.
        media: usize,
    },
    /// A section has more tracks than get an m-line each.
    TooManyTracks {
        /// Its index, from 0.
        media: usize,
        /// How many it has.
        tracks: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A value that the grammar does not allow.
    Value {
        /// What is wrong with it.
        error: crate::sdp::Error,
    },
    /// The edits of the operation overlap.
    Apply {
        /// Which ones.
        error: ApplyError,
    },
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchSection { scope } => write!(f, "expected a section `{scope}`, found none"),
            Self::NoSuchCodec { pattern } => write!(f, "expected a codec `{pattern}`, found none"),
            Self::NoCodecLeft { media } => {
                write!(f, "expected a codec to be left in m-line {media}, found none (stop the m-line instead)")
            }
            Self::PayloadTypeTaken { payload_type } => {
                write!(f, "expected a free payload type, found {payload_type} with another meaning")
            }
            Self::MidTaken { mid } => write!(f, "expected a free mid, found `{mid}` at another m-line"),
            Self::NoExtensionIdLeft { media } => {
                write!(f, "expected a free header extension id from 1 to 255 in m-line {media}, found none")
            }
            Self::CarriesTheBundle { media } => {
                write!(f, "expected an m-line that no other depends on, found that m-line {media} carries its bundle")
            }
            Self::NoSources { media } => {
                write!(f, "expected `a=ssrc` lines in m-line {media}, which sends, found none")
            }
            Self::TooManyTracks { media, tracks, limit } => {
                write!(f, "expected at most {limit} tracks in m-line {media}, found {tracks}")
            }
            Self::Value { error } => error.fmt(f),
            Self::Apply { error } => error.fmt(f),
        }
    }
}

impl std::error::Error for EditError {}

impl From<ApplyError> for EditError {
    fn from(error: ApplyError) -> Self {
        Self::Apply { error }
    }
}
