//! The layer under IP: one file a family, and the table of link types.

mod cooked;
mod ethernet;
mod loopback;

use super::SkipReason;
use crate::capture::{Frame, LinkType};

/// What a frame carries.
pub(super) struct Linked<'a> {
    pub(super) network: Network,
    pub(super) payload: &'a [u8],
    pub(super) seen: Seen,
}

/// The protocol over the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    Ipv4,
    Ipv6,
    /// The first nibble tells.
    Either,
}

/// Where and how a packet was seen, as far as the link layer tells; two sightings of one packet differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Seen {
    /// The number of the interface on the capturing machine, 0 where it is not told.
    pub(super) interface: u32,
    /// The type of the packet (received, sent …) in a cooked capture, 0 elsewhere.
    pub(super) packet_type: u16,
    /// The link-layer addresses and VLAN tags, in a number that differs where they differ.
    pub(super) addresses: u64,
}

/// Takes the link layer off a frame.
#[inline]
pub(super) fn parse<'a>(frame: &Frame<'a>) -> Result<Linked<'a>, SkipReason> {
    match frame.link_type {
        LinkType::ETHERNET => ethernet::parse(frame.data),
        LinkType::RAW | LinkType(12 | 14) => Ok(bare(Network::Either, frame.data)),
        LinkType::IPV4 => Ok(bare(Network::Ipv4, frame.data)),
        LinkType::IPV6 => Ok(bare(Network::Ipv6, frame.data)),
        LinkType::LINUX_SLL => cooked::parse(frame.data),
        LinkType::LINUX_SLL2 => cooked::parse_v2(frame.data),
        LinkType::NULL => loopback::parse(frame.data),
        LinkType::LOOP => loopback::parse_network_order(frame.data),
        _ => Err(SkipReason::UnknownLinkType),
    }
}

fn bare(network: Network, payload: &[u8]) -> Linked<'_> {
    Linked { network, payload, seen: Seen::default() }
}
