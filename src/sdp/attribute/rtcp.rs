//! `a=rtcp` (RFC 3605) and `a=source-filter` (RFC 4570): further addresses.

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, choice, fault, spaces, whole_number, word};
use crate::sdp::list::Words;
use crate::sdp::value::{fits, network_address};

/// Where RTCP goes when not to the port after RTP's.
///
/// ```
/// # use rtcscope::sdp::{Rtcp, Typed};
/// let rtcp = Rtcp { port: 53020, address: Some(("IN", "IP4", "192.0.2.1")) };
/// assert_eq!(Rtcp::parse_value("53020 IN IP4 192.0.2.1"), Ok(rtcp));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct Rtcp<'a> {
    /// The port.
    pub port: u16,
    /// Network type, address type and address, where they are given.
    pub address: Option<(&'a str, &'a str, &'a str)>,
}

impl<'a> Rtcp<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, port) = whole_number("port", 0..=65535)(input)?;
        let rest = spaces(rest);
        if rest.is_empty() {
            return Ok((rest, Self { port, address: None }));
        }
        let (after, address) = network_address(rest)?;
        if !fits(address.1, address.2) {
            let at = rest.split_at_checked(rest.len() - after.len() - address.2.len()).map_or(rest, |(_, at)| at);
            return fault(at, Expected::Address { field: "RTCP address" });
        }
        Ok((after, Self { port, address: Some(address) }))
    }
}

impl fmt::Display for Rtcp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.port)?;
        self.address.map_or(Ok(()), |(network, kind, address)| write!(f, " {network} {kind} {address}"))
    }
}

/// Which senders of a multicast group are wanted.
///
/// ```
/// # use rtcscope::sdp::{SourceFilter, Typed};
/// let filter = SourceFilter::parse_value(" incl IN IP4 233.252.0.1 192.0.2.10");
/// assert_eq!(filter.map(|filter| (filter.includes, filter.sources.0)), Ok((true, "192.0.2.10")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct SourceFilter<'a> {
    /// Whether the sources are the wanted ones (`incl`) or the unwanted ones (`excl`).
    pub includes: bool,
    /// `IN`.
    pub network_type: &'a str,
    /// `IP4`, `IP6` or `*`.
    pub address_type: &'a str,
    /// The group, or `*`.
    pub destination: &'a str,
    /// The senders.
    pub sources: Words<'a>,
}

impl<'a> SourceFilter<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, includes) = choice("filter mode", &["incl", "excl"], &[true, false])(spaces(input))?;
        let (rest, network_type) = choice("network type", &["IN"], &["IN"])(spaces(rest))?;
        let (rest, address_type) = choice("address type", &["IP4", "IP6", "*"], &["IP4", "IP6", "*"])(spaces(rest))?;
        let (rest, destination) = word("destination address")(spaces(rest))?;
        word("source address")(spaces(rest))?;
        let sources = Words(rest.trim_matches(' '));
        Ok(("", Self { includes, network_type, address_type, destination, sources }))
    }
}

impl fmt::Display for SourceFilter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.includes { "incl" } else { "excl" };
        write!(f, " {mode} {} {} {} {}", self.network_type, self.address_type, self.destination, self.sources)
    }
}
