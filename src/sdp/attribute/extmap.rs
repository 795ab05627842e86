//! `a=extmap`: RTP header extensions (RFC 8285, section 5).

use std::fmt;

use super::Direction;
use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, fault, next_word, number};

const DIRECTIONS: &[&str] = &["sendrecv", "sendonly", "recvonly", "inactive"];

/// A header extension and its id.
///
/// ```
/// # use rtcscope::sdp::{Direction, Extmap, Typed};
/// let extension = Extmap::parse_value("2/recvonly urn:ietf:params:rtp-hdrext:toffset");
/// assert_eq!(extension.map(|extension| (extension.id, extension.direction)), Ok((2, Some(Direction::RecvOnly))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Extmap<'a> {
    /// Its id in the packets: 1 to 14 in the one-byte form, to 255 in the two-byte form; 4096 to 4351 asks for
    /// one. As written, 0 to 99999.
    pub id: u32,
    /// Who sends it, where it says so.
    pub direction: Option<Direction>,
    /// The URI that names it. With `urn:ietf:params:rtp-hdrext:encrypt` (RFC 6904) the inner one is in
    /// `attributes`.
    pub uri: &'a str,
    /// What follows the URI; may be empty.
    pub attributes: &'a str,
}

impl<'a> Extmap<'a> {
    #[inline]
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, id) = number("extension id", 0..=99_999)(input)?;
        let (rest, direction) = match rest.strip_prefix('/') {
            Some(start) => {
                let (word, rest) =
                    start.split_at_checked(start.find(' ').unwrap_or(start.len())).unwrap_or((start, ""));
                match Direction::from_name(word) {
                    Some(direction) => (rest, Some(direction)),
                    None => return fault(start, Expected::Word { field: "direction", choices: DIRECTIONS }),
                }
            }
            None if rest.is_empty() || rest.starts_with(' ') => (rest, None),
            None => return fault(input, Expected::Number { field: "extension id", lowest: 0, highest: 99_999 }),
        };
        let (rest, uri) = next_word("extension URI")(rest)?;
        Ok(("", Self { id, direction, uri, attributes: rest.trim_matches(' ') }))
    }
}

impl fmt::Display for Extmap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        self.direction.map_or(Ok(()), |direction| write!(f, "/{direction}"))?;
        write!(f, " {}", self.uri)?;
        if self.attributes.is_empty() { Ok(()) } else { write!(f, " {}", self.attributes) }
    }
}
