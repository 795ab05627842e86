//! `a=candidate`: an address where ICE may reach the writer (RFC 8839, section 5.1).

use std::fmt;
use std::net::IpAddr;

use super::ice::is_ice_char;
use crate::sdp::error::Expected;
use crate::sdp::grammar::{
    Parsed, choice, fault, is_token_byte, literal, next_word, space, spaces, whole_number, word,
};
use crate::sdp::value::is_host_name;

/// How an address was found.
///
/// ```
/// # use rtcscope::sdp::CandidateType;
/// assert_eq!(CandidateType::from_name("srflx"), Some(CandidateType::Srflx));
/// assert_eq!(CandidateType::Relay.to_string(), "relay");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum CandidateType {
    /// An own interface.
    Host,
    /// As a STUN server sees it.
    Srflx,
    /// As the other end sees it, found by a check.
    Prflx,
    /// On a TURN server.
    Relay,
}

const TYPES: &[&str] = &["host", "srflx", "prflx", "relay"];

impl CandidateType {
    fn parse(input: &str) -> Parsed<'_, Self> {
        choice("candidate type", TYPES, &[Self::Host, Self::Srflx, Self::Prflx, Self::Relay])(input)
    }

    /// The type of this name.
    ///
    /// For words that come from elsewhere, such as options; a candidate's own is read with it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::parse(name).ok().map(|(_, found)| found)
    }

    /// Its name on the wire.
    ///
    /// What [`CandidateType::from_name`] reads; without an allocation, unlike `to_string`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Srflx => "srflx",
            Self::Prflx => "prflx",
            Self::Relay => "relay",
        }
    }
}

impl fmt::Display for CandidateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Who opens the connection of a TCP candidate (RFC 6544, section 4.5).
///
/// ```
/// # use rtcscope::sdp::{Candidate, TcpType, Typed};
/// let candidate = Candidate::parse_value("1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active");
/// assert_eq!(candidate.map(|candidate| candidate.tcp_type()), Ok(Some(TcpType::Active)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum TcpType {
    /// This end; its port means nothing.
    Active,
    /// The other end.
    Passive,
    /// Both at once.
    So,
}

impl TcpType {
    /// The type of this name.
    ///
    /// ```
    /// # use rtcscope::sdp::TcpType;
    /// assert_eq!(TcpType::from_name("so"), Some(TcpType::So));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "active" => Self::Active,
            "passive" => Self::Passive,
            "so" => Self::So,
            _ => return None,
        })
    }

    /// Its name on the wire.
    ///
    /// ```
    /// # use rtcscope::sdp::TcpType;
    /// assert_eq!(TcpType::Passive.name(), "passive");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::So => "so",
        }
    }
}

/// What follows the fixed part: names and values in turn, known or not, in the order they stand in.
///
/// Unknown ones are allowed (RFC 8839, section 5.1), so they are a list rather than fields.
///
/// ```
/// # use rtcscope::sdp::Extensions;
/// let extensions = Extensions("generation 0 x-new 7");
/// assert_eq!(extensions.iter().collect::<Vec<_>>(), [("generation", "0"), ("x-new", "7")]);
/// assert_eq!((extensions.value("x-new"), extensions.number("generation")), (Some("7"), Some(0)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Extensions<'a>(pub &'a str);

impl<'a> Extensions<'a> {
    /// Name and value of each.
    ///
    /// A name without a value at the end is left out.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut words = self.0.split(' ').filter(|word| !word.is_empty());
        std::iter::from_fn(move || Some((words.next()?, words.next()?)))
    }

    /// The value of the first of this name.
    ///
    /// The methods of [`Candidate`] give those that browsers write; this one gives any.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'a str> {
        self.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The value as a number.
    ///
    /// `None` too where it is none, as a value from another end may be.
    #[must_use]
    pub fn number<T: std::str::FromStr>(self, name: &str) -> Option<T> {
        self.value(name)?.parse().ok()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Extensions<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|(name, value)| [name, value]))
    }
}

/// A candidate.
///
/// ```
/// # use rtcscope::sdp::{Candidate, CandidateType, Typed};
/// let line = "842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 192.0.2.1 rport 46154 generation 0";
/// let candidate = Candidate::parse_value(line);
/// assert_eq!(
///     candidate.map(|candidate| (candidate.candidate_type, candidate.port)),
///     Ok((CandidateType::Srflx, 46154))
/// );
/// assert_eq!(candidate.map(|candidate| candidate.to_string()).as_deref(), Ok(line));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Candidate<'a> {
    /// The same for candidates that thaw together; 1 to 32 characters.
    pub foundation: &'a str,
    /// 1 for RTP, 2 for RTCP; up to 256.
    pub component: u16,
    /// `udp` or `tcp`, in any case, or another.
    pub transport: &'a str,
    /// Greater is tried earlier: 1 to 2³¹ − 1 by the RFC, some write up to 2³² − 1.
    pub priority: u32,
    /// An IP address, or a name: with mDNS `<uuid>.local`.
    pub address: &'a str,
    /// The port; 9 for an active TCP candidate.
    pub port: u16,
    /// How it was found.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub candidate_type: CandidateType,
    /// The address it was found from; `0.0.0.0` where that is not told.
    pub related_address: Option<&'a str>,
    /// The port it was found from.
    pub related_port: Option<u16>,
    /// Everything else, `tcptype` included.
    pub extensions: Extensions<'a>,
}

impl<'a> Candidate<'a> {
    /// Reads what follows `candidate:`.
    #[inline]
    pub(in crate::sdp) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, foundation) = word("foundation")(input)?;
        if !foundation.bytes().all(is_ice_char) || foundation.len() > 32 {
            let allowed = "1 to 32 letters, digits, `+`, `/`";
            return fault(input, Expected::Characters { field: "foundation", allowed });
        }
        let (rest, component) = field(rest, "component", |rest| whole_number("component", 1..=256)(rest))?;
        let (rest, transport) = field(rest, "transport", word("transport"))?;
        if !transport.bytes().all(is_token_byte) {
            return fault(rest, Expected::Token { field: "transport" });
        }
        let (rest, priority) = field(rest, "priority", |rest| whole_number("priority", 0..=u64::from(u32::MAX))(rest))?;
        let (at, ()) = space(rest).or_else(|_: nom::Err<_>| fault(rest, Expected::Value { field: "address" }))?;
        let (rest, address) = word("address")(at)?;
        if address.parse::<IpAddr>().is_err() && !is_host_name(address) {
            return fault(at, Expected::Address { field: "candidate address" });
        }
        let (rest, port) = field(rest, "port", |rest| whole_number("port", 0..=65535)(rest))?;
        let (rest, ()) = field(rest, "typ", literal("typ"))?;
        let (rest, candidate_type) = field(rest, "candidate type", CandidateType::parse)?;
        let (rest, (related_address, related_port)) = related(rest)?;
        let extensions = Extensions(rest.trim_matches(' '));
        check_extensions(extensions)?;
        let candidate = Self {
            foundation,
            component,
            transport,
            priority,
            address,
            port,
            candidate_type,
            related_address,
            related_port,
            extensions,
        };
        Ok(("", candidate))
    }

    /// Who opens the connection, with TCP.
    ///
    /// `None` with UDP, and where an old agent does not say it; see [`TcpType`].
    #[must_use]
    pub fn tcp_type(&self) -> Option<TcpType> {
        TcpType::from_name(self.extensions.value("tcptype")?)
    }

    /// The user fragment it belongs to, where it says so.
    ///
    /// ```
    /// # use rtcscope::sdp::{Candidate, Typed};
    /// let candidate = Candidate::parse_value(
    ///     "1 1 udp 1 192.0.2.1 9 typ host generation 2 ufrag AbCd network-id 1 network-cost 10",
    /// );
    /// let ids = |candidate: Candidate<'_>| (candidate.generation(), candidate.network_id(), candidate.network_cost());
    /// assert_eq!(candidate.map(|candidate| candidate.ufrag()), Ok(Some("AbCd")));
    /// assert_eq!(candidate.map(ids), Ok((Some(2), Some(1), Some(10))));
    /// ```
    #[must_use]
    pub fn ufrag(&self) -> Option<&'a str> {
        self.extensions.value("ufrag")
    }

    /// The ICE generation it belongs to, where it says so (libwebrtc).
    ///
    /// It grows with each ICE restart, and tells late candidates of the session before; see [`Candidate::ufrag`].
    #[must_use]
    pub fn generation(&self) -> Option<u32> {
        self.extensions.number("generation")
    }

    /// The network interface, counted from 1, where it says so (libwebrtc).
    ///
    /// Candidates of one interface share it; see [`Candidate::ufrag`].
    #[must_use]
    pub fn network_id(&self) -> Option<u32> {
        self.extensions.number("network-id")
    }

    /// What the network costs, 0 to 999, where it says so (libwebrtc): 10 Wi-Fi, 900 cellular.
    ///
    /// The far end prefers cheap pairs with it; see [`Candidate::ufrag`].
    #[must_use]
    pub fn network_cost(&self) -> Option<u32> {
        self.extensions.number("network-cost")
    }

    /// Whether its address is a name of multicast DNS, which hides the address from the page.
    ///
    /// ```
    /// # use rtcscope::sdp::{Candidate, Typed};
    /// let candidate = Candidate::parse_value("1 1 udp 1 8a5b7c01-93bc-4d5e-9f10-0123456789ab.local 9 typ host");
    /// assert!(candidate.is_ok_and(|candidate| candidate.is_mdns()));
    /// ```
    #[must_use]
    pub fn is_mdns(&self) -> bool {
        self.address.get(self.address.len().saturating_sub(6)..).is_some_and(|end| end.eq_ignore_ascii_case(".local"))
    }

    /// The parts of the priority (RFC 8445, section 5.1.2.1): type preference, local preference, component.
    ///
    /// ```
    /// # use rtcscope::sdp::{Candidate, Typed};
    /// let candidate = Candidate::parse_value("1 1 udp 2130706431 192.0.2.1 9 typ host");
    /// assert_eq!(candidate.map(|candidate| candidate.priority_parts()), Ok((126, 65535, 1)));
    /// ```
    #[must_use]
    pub const fn priority_parts(&self) -> (u32, u32, u32) {
        (self.priority >> 24, (self.priority >> 8) & 0xffff, 256 - (self.priority & 0xff))
    }
}

/// The next word, read by `parse`; `name` says what is missing where the line ends.
#[inline]
fn field<'a, T>(input: &'a str, name: &'static str, parse: impl Fn(&'a str) -> Parsed<'a, T>) -> Parsed<'a, T> {
    let start = spaces(input);
    if start.is_empty() || start.len() == input.len() {
        return fault(start, Expected::Value { field: name });
    }
    parse(start)
}

/// `raddr` and `rport`.
#[inline]
fn related(input: &str) -> Parsed<'_, (Option<&str>, Option<u16>)> {
    let (rest, address) = match spaces(input).strip_prefix("raddr ") {
        Some(rest) => word("related address")(spaces(rest)).map(|(rest, address)| (rest, Some(address)))?,
        None => (input, None),
    };
    match spaces(rest).strip_prefix("rport ") {
        Some(port) => {
            let (rest, port) = whole_number("related port", 0..=65535)(spaces(port))?;
            Ok((rest, (address, Some(port))))
        }
        None => Ok((rest, (address, None))),
    }
}

/// The extensions come in pairs, and `generation` is a number.
#[inline]
fn check_extensions(extensions: Extensions<'_>) -> Result<(), nom::Err<crate::sdp::grammar::Fault<'_>>> {
    let mut rest = extensions.0;
    while !rest.is_empty() {
        let (after, name) = word("extension name")(rest)?;
        let (after, _) = match name {
            "generation" => {
                let at = spaces(after);
                whole_number::<u32>("generation", 0..=u64::from(u32::MAX))(at).map(|(after, _)| (after, ""))?
            }
            _ => next_word("extension value")(after)?,
        };
        rest = spaces(after);
    }
    Ok(())
}

impl fmt::Display for Candidate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { foundation, component, transport, priority, address, port, candidate_type, .. } = self;
        write!(f, "{foundation} {component} {transport} {priority} {address} {port} typ {candidate_type}")?;
        self.related_address.map_or(Ok(()), |address| write!(f, " raddr {address}"))?;
        self.related_port.map_or(Ok(()), |port| write!(f, " rport {port}"))?;
        if self.extensions.0.is_empty() { Ok(()) } else { write!(f, " {}", self.extensions.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::grammar::{Fault, all};

    #[test]
    fn unknown_extensions_are_kept_in_order() {
        let line =
            "1 1 tcp 1518280447 fe80::1 9 typ host tcptype active generation 0 x-new 7 ufrag AbCd network-cost 999";
        let candidate = all(line, Candidate::parse).unwrap();
        assert_eq!(candidate.to_string(), line);
        assert_eq!(candidate.tcp_type(), Some(TcpType::Active));
        assert_eq!(candidate.extensions.value("x-new"), Some("7"));
        assert_eq!((candidate.ufrag(), candidate.network_cost()), (Some("AbCd"), Some(999)));
    }

    #[test]
    fn a_fault_is_at_its_token() {
        let at = |value| all(value, Candidate::parse).map_err(|Fault { at, expected }| (at, expected.code()));
        assert_eq!(at("1 x udp 1 ::1 9 typ host"), Err(("x udp 1 ::1 9 typ host", "number")));
        assert_eq!(at("1 1 udp 1 1.2.3.4.5 9 typ host"), Err(("1.2.3.4.5 9 typ host", "address")));
        assert_eq!(at("1 1 udp 1 ::1 9 typ hots"), Err(("hots", "word")));
        assert_eq!(at("1 1 udp 1 ::1 9 typ host rport x"), Err(("x", "number")));
        assert_eq!(at("1 1 udp 1 ::1 9 typ host generation"), Err(("", "number")));
        assert_eq!(at("1 1 udp 1"), Err(("", "value")));
    }

    #[test]
    fn the_formula_of_the_priority_is_taken_apart() {
        let candidate = all("1 1 udp 2130706431 192.0.2.1 9 typ host", Candidate::parse).unwrap();
        assert_eq!(candidate.priority_parts(), (126, 65535, 1));
    }

    #[test]
    fn names_of_multicast_dns_are_recognised() {
        let text = "1 1 udp 1 8a5b7c01-93bc-4d5e-9f10-0123456789ab.local 9 typ host";
        assert!(all(text, Candidate::parse).unwrap().is_mdns());
    }
}
