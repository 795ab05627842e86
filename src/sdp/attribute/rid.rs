//! `a=rid`: one of several streams of an m-line, with its restrictions (RFC 8851).

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, choice, fault, spaces, word};
use crate::sdp::list::Parameters;

/// Which way a rid goes.
///
/// Not [`Direction`](super::Direction), because a rid goes one way only.
///
/// ```
/// # use rtcscope::sdp::{Rid, RidDirection, Typed};
/// assert_eq!(Rid::parse_value("h recv").map(|rid| rid.direction), Ok(RidDirection::Recv));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum RidDirection {
    /// The writer sends it.
    Send,
    /// The writer receives it.
    Recv,
}

impl RidDirection {
    pub(super) fn parse(input: &str) -> Parsed<'_, Self> {
        choice("direction", &["send", "recv"], &[Self::Send, Self::Recv])(input)
    }

    /// Its name.
    ///
    /// ```
    /// # use rtcscope::sdp::RidDirection;
    /// assert_eq!(RidDirection::Send.name(), "send");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Recv => "recv",
        }
    }
}

impl fmt::Display for RidDirection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A rid.
///
/// ```
/// # use rtcscope::sdp::{Rid, Typed};
/// let rid = Rid::parse_value("h send pt=96,97;max-width=1280");
/// assert_eq!(rid.map(|rid| (rid.id, rid.restrictions.number("max-width"))), Ok(("h", Some(1280))));
/// assert!(rid.is_ok_and(|rid| rid.payload_types().eq([96, 97])));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Rid<'a> {
    /// Its name: letters, digits, `-` and `_`.
    pub id: &'a str,
    /// Which way it goes.
    pub direction: RidDirection,
    /// `pt`, `max-width`, `max-fps`, `depend` and the like.
    pub restrictions: Parameters<'a>,
}

/// Whether `id` can name a rid.
pub(super) fn is_rid(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl<'a> Rid<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, id) = word("rid")(input)?;
        if !is_rid(id) {
            return fault(input, Expected::Characters { field: "rid", allowed: "letters, digits, `-`, `_`" });
        }
        let (rest, direction) = RidDirection::parse(spaces(rest))?;
        Ok(("", Self { id, direction, restrictions: Parameters(rest.trim_matches(' ')) }))
    }

    /// The payload types it may use; nothing where it may use all.
    ///
    /// The restriction `pt` as numbers; see [`Rid`].
    pub fn payload_types(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.restrictions.value("pt").unwrap_or_default().split(',').filter_map(|format| format.parse().ok())
    }
}

impl fmt::Display for Rid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.direction)?;
        if self.restrictions.0.is_empty() { Ok(()) } else { write!(f, " {}", self.restrictions) }
    }
}
