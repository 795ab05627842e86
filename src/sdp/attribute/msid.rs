//! `a=msid`: which track of which stream (RFC 8830), and the older `a=msid-semantic`.

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, fault, next_word, word};
use crate::sdp::list::Words;

/// A stream, and of the older grammar a track in it.
///
/// RFC 8830 makes the second word optional, and browsers leave it out or fill it in; the same two words stand
/// behind `a=ssrc:<id> msid:`.
///
/// ```
/// # use rtcscope::sdp::{Msid, Typed};
/// assert_eq!(Msid::parse_value("- t1"), Ok(Msid { stream: "-", track: Some("t1") }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Msid<'a> {
    /// The stream; `-` is none.
    pub stream: &'a str,
    /// The track, where it is named.
    pub track: Option<&'a str>,
}

impl<'a> Msid<'a> {
    /// Reads the two words, also those of an `a=ssrc` line.
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, stream) = word("stream id")(input)?;
        if rest.is_empty() {
            return Ok((rest, Self { stream, track: None }));
        }
        let (rest, track) = next_word("track id")(rest)?;
        if rest.is_empty() { Ok((rest, Self { stream, track: Some(track) })) } else { fault(rest, Expected::End) }
    }

    /// Reads the value of an `a=ssrc:<id> msid:` line.
    ///
    /// ```
    /// # use rtcscope::sdp::{Msid, Ssrc, Typed};
    /// let ssrc = Ssrc::parse_value("3735928559 msid:s t");
    /// let msid = ssrc.map(|ssrc| ssrc.value.and_then(Msid::from_ssrc_value));
    /// assert_eq!(msid, Ok(Some(Msid { stream: "s", track: Some("t") })));
    /// ```
    #[must_use]
    pub fn from_ssrc_value(value: &'a str) -> Option<Self> {
        Self::parse(value).ok().map(|(_, msid)| msid)
    }
}

impl fmt::Display for Msid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stream)?;
        self.track.map_or(Ok(()), |track| write!(f, " {track}"))
    }
}

/// `a=msid-semantic`: of the drafts before RFC 8830; `WMS` and the streams, `*` for all of them.
///
/// ```
/// # use rtcscope::sdp::{MsidSemantic, Typed};
/// assert_eq!(MsidSemantic::parse_value(" WMS *").map(|semantic| semantic.streams.0), Ok("*"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct MsidSemantic<'a> {
    /// `WMS`.
    pub semantic: &'a str,
    /// The streams.
    pub streams: Words<'a>,
}

impl<'a> MsidSemantic<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, semantic) = word("msid semantic")(crate::sdp::grammar::spaces(input))?;
        Ok(("", Self { semantic, streams: Words(rest.trim_matches(' ')) }))
    }
}

impl fmt::Display for MsidSemantic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.semantic)?;
        if self.streams.0.is_empty() { Ok(()) } else { write!(f, " {}", self.streams) }
    }
}
