//! `a=rtpmap`: what a payload type means (RFC 8866, section 6.6).

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, fault, next_word, spaces, until_any, whole_number};

/// The codec behind a payload type.
///
/// ```
/// # use rtcscope::sdp::{Rtpmap, Typed};
/// let opus = Rtpmap { payload_type: 111, encoding: "opus", clock_rate: 48000, channels: Some(2) };
/// assert_eq!(Rtpmap::parse_value("111 opus/48000/2"), Ok(opus));
/// assert_eq!(opus.to_string(), "111 opus/48000/2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Rtpmap<'a> {
    /// The payload type, 0 to 127.
    pub payload_type: u8,
    /// The encoding's name, as it is written; names compare without case.
    pub encoding: &'a str,
    /// The RTP clock in Hz.
    pub clock_rate: u32,
    /// The number of audio channels, where it is given; one where it is not.
    pub channels: Option<u32>,
}

impl<'a> Rtpmap<'a> {
    #[inline]
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, payload_type) = whole_number("payload type", 0..=127)(input)?;
        let (after, whole) = next_word("encoding name")(rest)?;
        let start = spaces(rest);
        let (rest, encoding) = until_any(b"/", "encoding name")(start)?;
        let Some(rest) = rest.strip_prefix('/') else { return fault(rest, Expected::Text { text: "/" }) };
        let parts = whole.split_at_checked(encoding.len() + 1).map_or("", |(_, parts)| parts);
        let (rate, channels) = match parts.split_once('/') {
            Some((rate, channels)) => (rate, Some(channels)),
            None => (parts, None),
        };
        let Ok(clock_rate) = rate.parse() else {
            return fault(rest, Expected::Number { field: "clock rate", lowest: 1, highest: u64::from(u32::MAX) });
        };
        let channels = match channels.map(str::parse).transpose() {
            Ok(channels) => channels,
            Err(_) => {
                let at = rest.split_at_checked(rate.len() + 1).map_or(rest, |(_, at)| at);
                return fault(at, Expected::Number { field: "channels", lowest: 1, highest: u64::from(u32::MAX) });
            }
        };
        Ok((after, Self { payload_type, encoding, clock_rate, channels }))
    }

    /// Whether it is this codec, in any case.
    ///
    /// ```
    /// # use rtcscope::sdp::{Rtpmap, Typed};
    /// assert!(Rtpmap::parse_value("97 h264/90000").is_ok_and(|rtpmap| rtpmap.is("H264")));
    /// ```
    #[must_use]
    pub fn is(&self, encoding: &str) -> bool {
        self.encoding.eq_ignore_ascii_case(encoding)
    }

    /// The meaning of a payload type that needs no `rtpmap` (RFC 3551, section 6).
    ///
    /// ```
    /// # use rtcscope::sdp::Rtpmap;
    /// assert_eq!(Rtpmap::from_static(8).map(|rtpmap| rtpmap.encoding), Some("PCMA"));
    /// assert_eq!(Rtpmap::from_static(96), None);
    /// ```
    #[must_use]
    pub const fn from_static(payload_type: u8) -> Option<Rtpmap<'static>> {
        let (encoding, clock_rate) = match payload_type {
            0 => ("PCMU", 8000),
            3 => ("GSM", 8000),
            4 => ("G723", 8000),
            5 => ("DVI4", 8000),
            6 => ("DVI4", 16000),
            7 => ("LPC", 8000),
            8 => ("PCMA", 8000),
            9 => ("G722", 8000),
            10 | 11 => ("L16", 44100),
            12 => ("QCELP", 8000),
            13 => ("CN", 8000),
            14 => ("MPA", 90000),
            15 => ("G728", 8000),
            16 => ("DVI4", 11025),
            17 => ("DVI4", 22050),
            18 => ("G729", 8000),
            25 => ("CelB", 90000),
            26 => ("JPEG", 90000),
            28 => ("nv", 90000),
            31 => ("H261", 90000),
            32 => ("MPV", 90000),
            33 => ("MP2T", 90000),
            34 => ("H263", 90000),
            _ => return None,
        };
        let channels = if payload_type == 10 { Some(2) } else { None };
        Some(Rtpmap { payload_type, encoding, clock_rate, channels })
    }
}

impl fmt::Display for Rtpmap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.payload_type, self.encoding, self.clock_rate)?;
        self.channels.map_or(Ok(()), |channels| write!(f, "/{channels}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::grammar::{Fault, all};

    #[test]
    fn each_part_is_at_fault_where_it_stands() {
        let at = |value| all(value, Rtpmap::parse).map_err(|Fault { at, expected }| (at, expected.field()));
        assert_eq!(at("x opus/48000/2"), Err(("x opus/48000/2", Some("payload type"))));
        assert_eq!(at("111 opus/x/2"), Err(("x/2", Some("clock rate"))));
        assert_eq!(at("111 opus/48000/x"), Err(("x", Some("channels"))));
        assert_eq!(at("111 opus"), Err(("", None)));
        assert_eq!(at("111"), Err(("", Some("encoding name"))));
        assert_eq!(at("111 opus/48000 x"), Err(("x", None)));
        let opus = Rtpmap { payload_type: 111, encoding: "opus", clock_rate: 48000, channels: Some(2) };
        assert_eq!(at("111 opus/48000/2"), Ok(opus));
    }
}
