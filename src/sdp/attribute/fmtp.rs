//! `a=fmtp`: the parameters of a format (RFC 8866, section 6.15).

use std::fmt;

use crate::sdp::grammar::{Parsed, next_word, spaces, text, word};
use crate::sdp::list::Parameters;

/// Parameters of one format of the `m=` line; what they mean depends on its codec, see [`crate::sdp::codec`].
///
/// ```
/// # use rtcscope::sdp::{Fmtp, Typed};
/// let fmtp = Fmtp::parse_value("111 minptime=10;useinbandfec=1");
/// assert_eq!(fmtp.map(|fmtp| (fmtp.payload_type(), fmtp.parameters.value("minptime"))), Ok((Some(111), Some("10"))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Fmtp<'a> {
    /// The format: with RTP a payload type.
    pub format: &'a str,
    /// The parameters.
    pub parameters: Parameters<'a>,
}

impl<'a> Fmtp<'a> {
    #[inline]
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, format) = word("format")(input)?;
        next_word("format parameter")(rest)?;
        let (rest, parameters) = text("format parameter")(spaces(rest))?;
        Ok((rest, Self { format, parameters: Parameters(parameters) }))
    }

    /// The format as a payload type; `None` where it is not one.
    ///
    /// The format is a text, because outside RTP it may be any token.
    #[must_use]
    pub fn payload_type(&self) -> Option<u8> {
        self.format.parse().ok().filter(|payload_type| *payload_type < 128)
    }
}

impl fmt::Display for Fmtp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.format, self.parameters)
    }
}
