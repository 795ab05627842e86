//! The lines that are not attributes, typed (RFC 8866, section 5).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::attribute::Attribute;
use super::error::Expected;
use super::grammar::{
    Fault, Parsed, all, fault, is_token_byte, next_word, number, space, text, token, until_any, whole_number, word,
};
use super::line::{Line, LineType};
use super::list::Words;

/// The value of a line.
///
/// ```
/// # use rtcscope::sdp::{Document, Value};
/// let document = Document::parse(b"s=call\nt=0 0\n");
/// assert_eq!(document.lines().first().map(|line| line.parse()), Some(Ok(Value::SessionName("call"))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum Value<'a> {
    /// `v=`: always 0.
    Version(u64),
    /// `o=`
    Origin(Origin<'a>),
    /// `s=`
    SessionName(&'a str),
    /// `i=`
    Information(&'a str),
    /// `u=`
    Uri(&'a str),
    /// `e=`
    Email(&'a str),
    /// `p=`
    Phone(&'a str),
    /// `c=`
    Connection(Connection<'a>),
    /// `b=`
    Bandwidth(Bandwidth<'a>),
    /// `t=`
    Timing(Timing),
    /// `r=`
    Repeat(Repeat<'a>),
    /// `z=`: adjustment times and offsets in turn.
    TimeZones(Words<'a>),
    /// `k=`: obsolete, and not to be used (RFC 8866, section 5.12).
    EncryptionKey(&'a str),
    /// `m=`
    Media(Media<'a>),
    /// `a=`
    Attribute(Attribute<'a>),
    /// A line of an unknown type.
    Unknown(&'a str),
}

impl<'a> Value<'a> {
    #[inline]
    pub(super) fn parse(line: &Line<'a>) -> Result<Self, Fault<'a>> {
        if line.line_type == LineType::Attribute {
            return Attribute::parse(line).map(Self::Attribute);
        }
        let value = line.utf8()?;
        Ok(match line.line_type {
            LineType::Version => Self::Version(all(value, whole_number("protocol version", 0..=0))?),
            LineType::Origin => Self::Origin(all(value, Origin::parse)?),
            LineType::SessionName => Self::SessionName(all(value, text("session name"))?),
            LineType::Information => Self::Information(all(value, text("session information"))?),
            LineType::Uri => Self::Uri(all(value, text("URI"))?),
            LineType::Email => Self::Email(all(value, text("e-mail address"))?),
            LineType::Phone => Self::Phone(all(value, text("phone number"))?),
            LineType::Connection => Self::Connection(all(value, Connection::parse)?),
            LineType::Bandwidth => Self::Bandwidth(all(value, Bandwidth::parse)?),
            LineType::Timing => Self::Timing(all(value, Timing::parse)?),
            LineType::Repeat => Self::Repeat(all(value, Repeat::parse)?),
            LineType::TimeZones => Self::TimeZones(all(value, time_zones)?),
            LineType::EncryptionKey => Self::EncryptionKey(all(value, text("encryption key"))?),
            LineType::Media => Self::Media(all(value, Media::parse)?),
            LineType::Attribute | LineType::Unknown => Self::Unknown(value),
            LineType::Malformed => return Err(Fault { at: value, expected: Expected::Line }),
        })
    }
}

/// A run of digits of any length, up to the next space.
fn digits<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let (rest, found) = next_word(field)(input)?;
        if found.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok((rest, found))
        } else {
            fault(super::grammar::spaces(input), Expected::Number { field, lowest: 0, highest: u64::MAX })
        }
    }
}

/// The networks an address can be of (RFC 8866, section 8.2.6).
const NETWORKS: &[&str] = &["IN", "TN", "ATM", "PSTN"];

/// Network type, address type and address, which `o=`, `c=`, `a=rtcp` and `a=source-filter` share.
pub(super) fn network_address(input: &str) -> Parsed<'_, (&str, &str, &str)> {
    let (rest, network) = token("network type")(input)?;
    if !NETWORKS.contains(&network) {
        return fault(input, Expected::Word { field: "network type", choices: NETWORKS });
    }
    let (rest, address_type) = address_type(network, rest)?;
    let (rest, ()) = space(rest).or_else(|_: nom::Err<Fault<'_>>| fault(rest, Expected::Value { field: "address" }))?;
    let (after, address) = word("address")(rest)?;
    Ok((after, (network, address_type, address)))
}

fn address_type<'a>(network: &str, input: &'a str) -> Parsed<'a, &'a str> {
    let (rest, found) = next_word("address type")(input)?;
    let known = network != "IN" || matches!(found, "IP4" | "IP6");
    if known && found.bytes().all(is_token_byte) {
        Ok((rest, found))
    } else {
        fault(super::grammar::spaces(input), Expected::Word { field: "address type", choices: &["IP4", "IP6"] })
    }
}

/// Whether `address` is one of the family that `address_type` names: a literal or a domain name.
pub(super) fn fits(address_type: &str, address: &str) -> bool {
    match address_type {
        "IP4" => address.parse::<Ipv4Addr>().is_ok() || is_host_name(address),
        "IP6" => address.parse::<Ipv6Addr>().is_ok() || is_host_name(address),
        _ => true,
    }
}

/// Whether `name` is a domain name: labels of letters, digits, `-` and `_`, the last one no number.
pub(super) fn is_host_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    name.bytes().all(allowed) && last.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// `o=`: who made the session, and its version (RFC 8866, section 5.2).
///
/// ```
/// # use rtcscope::sdp::Document;
/// let document = Document::parse(b"o=alice 7 3 IN IP4 192.0.2.1\n");
/// assert_eq!(document.origin().map(|origin| (origin.username, origin.session_id)), Some(("alice", "7")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Origin<'a> {
    /// The user's name on the host, or `-`.
    pub username: &'a str,
    /// The session's identifier, digits of any length.
    pub session_id: &'a str,
    /// The version of the description, digits of any length.
    pub session_version: &'a str,
    /// `IN`.
    pub network_type: &'a str,
    /// `IP4` or `IP6`.
    pub address_type: &'a str,
    /// The host that made it, an address or a domain name.
    pub address: &'a str,
}

impl<'a> Origin<'a> {
    fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, username) = word("user name")(input)?;
        let (rest, session_id) = digits("session id")(rest)?;
        let (rest, session_version) = digits("session version")(rest)?;
        let (start, ()) =
            space(rest).or_else(|_: nom::Err<Fault<'_>>| fault(rest, Expected::Value { field: "network type" }))?;
        let (rest, (network_type, address_type, address)) = network_address(start)?;
        if !fits(address_type, address) {
            let at = start.split_at_checked(start.len() - rest.len() - address.len()).map_or(rest, |(_, at)| at);
            return fault(at, Expected::Address { field: "unicast address" });
        }
        Ok((rest, Self { username, session_id, session_version, network_type, address_type, address }))
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { username, session_id, session_version, network_type, address_type, address } = self;
        write!(f, "{username} {session_id} {session_version} {network_type} {address_type} {address}")
    }
}

/// `c=`: where media goes when ICE does not say so (RFC 8866, section 5.7).
///
/// ```
/// # use rtcscope::sdp::Document;
/// let document = Document::parse(b"c=IN IP4 233.252.0.1/127/3\n");
/// let group = document.session().connection();
/// assert_eq!(group.map(|group| (group.ttl, group.count)), Some((Some(127), Some(3))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Connection<'a> {
    /// `IN`.
    pub network_type: &'a str,
    /// `IP4` or `IP6`.
    pub address_type: &'a str,
    /// An address or a domain name.
    pub address: &'a str,
    /// Time to live of an IPv4 multicast group, 0 to 255.
    pub ttl: Option<u8>,
    /// How many groups follow from this one.
    pub count: Option<u32>,
}

impl<'a> Connection<'a> {
    fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (after, (network_type, address_type, whole)) = network_address(input)?;
        let at = input.split_at_checked(input.len() - after.len() - whole.len()).map_or(after, |(_, at)| at);
        let (suffix, address) = until_any(b"/", "connection address")(at)?;
        if !fits(address_type, address) {
            return fault(at, Expected::Address { field: "connection address" });
        }
        let multicast = address.parse().map_or(true, |address: std::net::IpAddr| address.is_multicast());
        if suffix.starts_with('/') && !multicast {
            return fault(suffix, Expected::End);
        }
        let (rest, first) = slash_number(suffix)?;
        let (rest, second) = slash_number(rest)?;
        let (ttl, count) = if address_type == "IP6" { (None, first) } else { (first, second) };
        match ttl.map(u8::try_from).transpose() {
            Ok(ttl) => Ok((rest, Self { network_type, address_type, address, ttl, count })),
            Err(_) => fault(suffix, Expected::Number { field: "time to live", lowest: 0, highest: 255 }),
        }
    }

    /// Whether it says that nothing shall be sent: `0.0.0.0` or `::`, the hold of RFC 2543.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"c=IN IP4 0.0.0.0\n");
    /// assert!(document.session().connection().is_some_and(|connection| connection.is_unspecified()));
    /// ```
    #[must_use]
    pub fn is_unspecified(&self) -> bool {
        self.address.parse().is_ok_and(|address: std::net::IpAddr| address.is_unspecified())
    }
}

fn slash_number(input: &str) -> Parsed<'_, Option<u32>> {
    match input.strip_prefix('/') {
        Some(rest) => {
            let (rest, value) = number("multicast suffix", 0..=u64::from(u32::MAX))(rest)?;
            Ok((rest, Some(value)))
        }
        None => Ok((input, None)),
    }
}

impl fmt::Display for Connection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.network_type, self.address_type, self.address)?;
        self.ttl.map_or(Ok(()), |ttl| write!(f, "/{ttl}"))?;
        self.count.map_or(Ok(()), |count| write!(f, "/{count}"))
    }
}

/// `b=`: a limit on the rate (RFC 8866, section 5.8).
///
/// ```
/// # use rtcscope::sdp::Bandwidth;
/// assert_eq!(Bandwidth { kind: "TIAS", limit: 500_000 }.to_string(), "TIAS:500000");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Bandwidth<'a> {
    /// `CT` and `AS` in kbit/s, `TIAS` (RFC 3890), `RR` and `RS` (RFC 3556) in bit/s, or another.
    pub kind: &'a str,
    /// The limit, in the unit of its kind.
    pub limit: u64,
}

impl<'a> Bandwidth<'a> {
    fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, kind) = until_any(b":", "bandwidth type")(input)?;
        let Some(rest) = rest.strip_prefix(':') else { return fault(rest, Expected::Text { text: ":" }) };
        let (rest, limit) = whole_number("bandwidth", 0..=u64::MAX)(rest)?;
        Ok((rest, Self { kind, limit }))
    }

    /// The limit in bits per second; `None` for an unknown kind.
    ///
    /// ```
    /// # use rtcscope::sdp::Bandwidth;
    /// assert_eq!(Bandwidth { kind: "AS", limit: 500 }.bits_per_second(), Some(500_000));
    /// ```
    #[must_use]
    pub fn bits_per_second(&self) -> Option<u64> {
        match self.kind {
            "CT" | "AS" => self.limit.checked_mul(1000),
            "TIAS" | "RR" | "RS" => Some(self.limit),
            _ => None,
        }
    }
}

impl fmt::Display for Bandwidth<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.limit)
    }
}

/// `t=`: when the session is active, in seconds since 1900; `0 0` is always (RFC 8866, section 5.9).
///
/// ```
/// # use rtcscope::sdp::{Document, Timing, Value};
/// let document = Document::parse(b"t=0 0\n");
/// assert_eq!(
///     document.lines().first().map(|line| line.parse()),
///     Some(Ok(Value::Timing(Timing { start: 0, stop: 0 })))
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Timing {
    /// Its start; 0 where it has none.
    pub start: u64,
    /// Its end; 0 where it has none.
    pub stop: u64,
}

impl Timing {
    fn parse(input: &str) -> Parsed<'_, Self> {
        let (rest, start) = whole_number("start time", 0..=u64::MAX)(input)?;
        let (rest, ()) =
            space(rest).or_else(|_: nom::Err<Fault<'_>>| fault(rest, Expected::Value { field: "stop time" }))?;
        let (rest, stop) = whole_number("stop time", 0..=u64::MAX)(rest)?;
        Ok((rest, Self { start, stop }))
    }
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.start, self.stop)
    }
}

/// A time as `r=` and `z=` write it, with an optional unit, in seconds.
fn typed_time(word: &str) -> Option<i64> {
    let (digits, factor) = match word.char_indices().next_back()? {
        (at, 'd') => (word.split_at_checked(at)?.0, 86_400),
        (at, 'h') => (word.split_at_checked(at)?.0, 3_600),
        (at, 'm') => (word.split_at_checked(at)?.0, 60),
        (at, 's') => (word.split_at_checked(at)?.0, 1),
        _ => (word, 1),
    };
    digits.parse::<i64>().ok()?.checked_mul(factor)
}

fn times<'a>(input: &'a str, field: &'static str, lowest: i64, least: usize) -> Parsed<'a, Words<'a>> {
    let mut rest = input;
    let mut count = 0;
    while !rest.is_empty() {
        let (after, found) = word(field)(rest)?;
        if typed_time(found).is_none_or(|time| time < lowest) {
            return fault(rest, Expected::Number { field, lowest: 0, highest: i64::MAX.unsigned_abs() });
        }
        count += 1;
        rest = super::grammar::spaces(after);
    }
    if count < least { fault("", Expected::Value { field }) } else { Ok(("", Words(input))) }
}

/// `r=`: how a session repeats (RFC 8866, section 5.10).
///
/// ```
/// # use rtcscope::sdp::{Repeat, Words};
/// assert_eq!(Repeat { times: Words("7d 1h 0") }.seconds().collect::<Vec<_>>(), [604_800, 3_600, 0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Repeat<'a> {
    /// Interval, duration and offsets as they are written (`7d 1h 0 25h`).
    pub times: Words<'a>,
}

impl<'a> Repeat<'a> {
    fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, times) = times(input, "repeat time", 0, 3)?;
        Ok((rest, Self { times }))
    }

    /// Interval, duration and offsets in seconds.
    ///
    /// A time may carry a unit (`d`, `h`, `m`, `s`), so whoever computes wants this rather than the words.
    pub fn seconds(&self) -> impl Iterator<Item = i64> + use<'a> {
        self.times.iter().filter_map(typed_time)
    }
}

impl fmt::Display for Repeat<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.times.fmt(f)
    }
}

fn time_zones(input: &str) -> Parsed<'_, Words<'_>> {
    let (rest, zones) = times(input, "time zone offset", i64::MIN, 2)?;
    if zones.iter().count() % 2 == 0 {
        Ok((rest, zones))
    } else {
        fault("", Expected::Value { field: "time zone offset" })
    }
}

/// `m=`: one medium (RFC 8866, section 5.14).
///
/// ```
/// # use rtcscope::sdp::Document;
/// let document = Document::parse(b"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n");
/// let media = document.media().next().and_then(|section| section.media());
/// assert_eq!(media.map(|media| (media.media, media.formats.0)), Some(("application", "webrtc-datachannel")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Media<'a> {
    /// `audio`, `video`, `application` and the like.
    pub media: &'a str,
    /// The port; 0 in an answer refuses it, 9 with ICE says nothing.
    pub port: u16,
    /// How many ports in a row.
    pub port_count: Option<u32>,
    /// `UDP/TLS/RTP/SAVPF` and the like.
    pub protocol: &'a str,
    /// Payload types with RTP, else what the protocol says (`webrtc-datachannel`); in order of preference.
    pub formats: Words<'a>,
}

impl<'a> Media<'a> {
    fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, media) = token("media type")(input)?;
        let (rest, ()) =
            space(rest).or_else(|_: nom::Err<Fault<'_>>| fault(rest, Expected::Value { field: "port" }))?;
        let (rest, port) = number("port", 0..=65535)(rest)?;
        let (rest, port_count) = match rest.strip_prefix('/') {
            Some(rest) => number("number of ports", 1..=65535)(rest).map(|(rest, count)| (rest, Some(count)))?,
            None => (rest, None),
        };
        let (rest, protocol) = next_word("protocol")(rest)?;
        let (formats, ()) =
            space(rest).or_else(|_: nom::Err<Fault<'_>>| fault(rest, Expected::Value { field: "format" }))?;
        let (_, formats) = text("format")(formats)?;
        let media = Self { media, port, port_count, protocol, formats: Words(formats.trim_end_matches(' ')) };
        if media.is_rtp() {
            payload_types(formats)?;
        }
        Ok(("", media))
    }

    /// Whether its formats are payload types of RTP.
    ///
    /// `RTP/AVP`, `UDP/TLS/RTP/SAVPF` and the like; not `UDP/DTLS/SCTP`, whose formats are names.
    #[must_use]
    pub fn is_rtp(&self) -> bool {
        self.protocol.split('/').any(|part| part == "RTP")
    }

    /// The payload types in order of preference; nothing where it is not RTP.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=video 9 UDP/TLS/RTP/SAVPF 97 96\n");
    /// let payload_types =
    ///     document.media().filter_map(|section| section.media()).flat_map(|media| media.payload_types());
    /// assert_eq!(payload_types.collect::<Vec<_>>(), [97, 96]);
    /// ```
    pub fn payload_types(&self) -> impl Iterator<Item = u8> + use<'a> {
        let rtp = self.is_rtp();
        self.formats.iter().filter_map(move |format| if rtp { format.parse().ok() } else { None })
    }
}

fn payload_types(input: &str) -> Parsed<'_, ()> {
    let mut rest = input;
    while !rest.is_empty() {
        let (after, _) = whole_number::<u8>("payload type", 0..=127)(rest)?;
        rest = super::grammar::spaces(after);
    }
    Ok((rest, ()))
}

impl fmt::Display for Media<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.media, self.port)?;
        self.port_count.map_or(Ok(()), |count| write!(f, "/{count}"))?;
        write!(f, " {} {}", self.protocol, self.formats)
    }
}
