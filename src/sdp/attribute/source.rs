//! `a=ssrc` and `a=ssrc-group`: RTP sources and how they belong together (RFC 5576).

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, fault, next_word, spaces, token, whole_number};
use crate::sdp::list::Words;

/// An attribute of one source.
///
/// ```
/// # use rtcscope::sdp::{Ssrc, Typed};
/// let ssrc = Ssrc { id: 3735928559, attribute: "cname", value: Some("x") };
/// assert_eq!(Ssrc::parse_value("3735928559 cname:x"), Ok(ssrc));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Ssrc<'a> {
    /// The source.
    pub id: u32,
    /// `cname`, `msid`, `label` and the like.
    pub attribute: &'a str,
    /// Its value, where it has one.
    pub value: Option<&'a str>,
}

impl<'a> Ssrc<'a> {
    #[inline]
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, id) = whole_number("SSRC", 0..=u64::from(u32::MAX))(input)?;
        next_word("source attribute")(rest)?;
        let rest = spaces(rest);
        let (attribute, value) = match rest.split_once(':') {
            Some((attribute, value)) => (attribute, Some(value)),
            None => (rest.trim_end_matches(' '), None),
        };
        if attribute.contains(' ') || attribute.is_empty() {
            return fault(rest, Expected::Token { field: "source attribute" });
        }
        Ok(("", Self { id, attribute, value }))
    }
}

impl fmt::Display for Ssrc<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.attribute)?;
        self.value.map_or(Ok(()), |value| write!(f, ":{value}"))
    }
}

/// Sources that belong together.
///
/// ```
/// # use rtcscope::sdp::{SsrcGroup, Typed};
/// let group = SsrcGroup::parse_value("FID 1 2");
/// assert!(group.is_ok_and(|group| group.semantics == "FID" && group.ids().eq([1, 2])));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct SsrcGroup<'a> {
    /// `FID` (a stream and its retransmission), `SIM` (layers), `FEC-FR` and the like.
    pub semantics: &'a str,
    /// The sources as they are written.
    pub sources: Words<'a>,
}

impl<'a> SsrcGroup<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, semantics) = token("group semantics")(input)?;
        let list = spaces(rest);
        let mut left = list;
        if left.is_empty() {
            return fault(left, Expected::Value { field: "SSRC" });
        }
        while !left.is_empty() {
            let (after, _) = whole_number::<u32>("SSRC", 0..=u64::from(u32::MAX))(left)?;
            left = spaces(after);
        }
        Ok(("", Self { semantics, sources: Words(list.trim_end_matches(' ')) }))
    }

    /// The sources.
    ///
    /// The words of the list as numbers; see [`SsrcGroup`].
    pub fn ids(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.sources.0.split(' ').filter_map(|id| id.parse().ok())
    }
}

impl fmt::Display for SsrcGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.semantics, self.sources)
    }
}
