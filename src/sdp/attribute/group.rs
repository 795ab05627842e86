//! What belongs together: `a=mid` and `a=group` (RFC 5888; `BUNDLE` is RFC 9143).

use std::fmt;

use crate::sdp::grammar::{Parsed, token};
use crate::sdp::list::Words;

/// `a=mid`: the name of a media section, a token.
///
/// ```
/// # use rtcscope::sdp::{Mid, Typed};
/// assert_eq!(Mid::parse_value("audio"), Ok(Mid("audio")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Mid<'a>(pub &'a str);

impl<'a> Mid<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, mid) = token("mid")(input)?;
        Ok((rest, Self(mid)))
    }
}

impl fmt::Display for Mid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// `a=group`: media sections that belong together.
///
/// ```
/// # use rtcscope::sdp::{Group, Typed, Words};
/// assert_eq!(Group::parse_value("BUNDLE a v"), Ok(Group { semantics: "BUNDLE", mids: Words("a v") }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Group<'a> {
    /// `BUNDLE`, `LS`, `FID`, `DUP`, `FEC-FR` and the like.
    pub semantics: &'a str,
    /// The mids; in a `BUNDLE` of an answer the first one carries the transport.
    pub mids: Words<'a>,
}

impl<'a> Group<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, semantics) = token("group semantics")(input)?;
        Ok(("", Self { semantics, mids: Words(rest.trim_matches(' ')) }))
    }
}

impl fmt::Display for Group<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.semantics)?;
        if self.mids.0.is_empty() { Ok(()) } else { write!(f, " {}", self.mids) }
    }
}
