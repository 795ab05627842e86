//! Data channels: `a=sctpmap` (drafts before RFC 8841), `a=dcmap` and `a=dcsa` (RFC 8864).

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, fault, next_word, spaces, text, whole_number};
use crate::sdp::list::Parameters;

/// `a=sctpmap`: what an SCTP port carries.
///
/// ```
/// # use rtcscope::sdp::{SctpMap, Typed};
/// let map = SctpMap { port: 5000, protocol: "webrtc-datachannel", streams: Some(1024) };
/// assert_eq!(SctpMap::parse_value("5000 webrtc-datachannel 1024"), Ok(map));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct SctpMap<'a> {
    /// The SCTP port.
    pub port: u16,
    /// `webrtc-datachannel`.
    pub protocol: &'a str,
    /// The number of streams, where it is given.
    pub streams: Option<u32>,
}

impl<'a> SctpMap<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, port) = whole_number("SCTP port", 0..=65535)(input)?;
        let (rest, protocol) = next_word("SCTP protocol")(rest)?;
        let rest = spaces(rest);
        if rest.is_empty() {
            return Ok((rest, Self { port, protocol, streams: None }));
        }
        let (rest, streams) = whole_number("number of streams", 0..=u64::from(u32::MAX))(rest)?;
        Ok((rest, Self { port, protocol, streams: Some(streams) }))
    }
}

impl fmt::Display for SctpMap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.port, self.protocol)?;
        self.streams.map_or(Ok(()), |streams| write!(f, " {streams}"))
    }
}

/// `a=dcmap`: a data channel that needs no opening.
///
/// ```
/// # use rtcscope::sdp::{DataChannelMap, Typed};
/// let channel = DataChannelMap::parse_value("0 subprotocol=\"bfcp\";label=\"floor\"");
/// assert_eq!(channel.map(|channel| channel.options.value("label")), Ok(Some("\"floor\"")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct DataChannelMap<'a> {
    /// Its SCTP stream.
    pub stream_id: u16,
    /// `label="…"`, `subprotocol="…"`, `max-retr=…` and the like.
    pub options: Parameters<'a>,
}

impl<'a> DataChannelMap<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, stream_id) = whole_number("stream id", 0..=65535)(input)?;
        Ok(("", Self { stream_id, options: Parameters(rest.trim_matches(' ')) }))
    }
}

impl fmt::Display for DataChannelMap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.stream_id)?;
        if self.options.0.is_empty() { Ok(()) } else { write!(f, " {}", self.options) }
    }
}

/// `a=dcsa`: an attribute of a data channel's own protocol.
///
/// ```
/// # use rtcscope::sdp::{DataChannelAttribute, Typed};
/// let inner = DataChannelAttribute { stream_id: 2, attribute: "accept-types:text/plain" };
/// assert_eq!(DataChannelAttribute::parse_value("2 accept-types:text/plain"), Ok(inner));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct DataChannelAttribute<'a> {
    /// The SCTP stream.
    pub stream_id: u16,
    /// The attribute, `name:value`.
    pub attribute: &'a str,
}

impl<'a> DataChannelAttribute<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, stream_id) = whole_number("stream id", 0..=65535)(input)?;
        if rest.is_empty() {
            return fault(rest, Expected::Value { field: "data channel attribute" });
        }
        let (rest, attribute) = text("data channel attribute")(spaces(rest))?;
        Ok((rest, Self { stream_id, attribute }))
    }
}

impl fmt::Display for DataChannelAttribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.stream_id, self.attribute)
    }
}
