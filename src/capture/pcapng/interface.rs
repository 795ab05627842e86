//! Blocks that tell about interfaces: descriptions and statistics (draft-ietf-opsawg-pcapng, sections 4.2 and 4.6).

use pcap_parser::{
    InterfaceDescriptionBlock, InterfaceStatisticsBlock, parse_interfacedescriptionblock_be,
    parse_interfacedescriptionblock_le, parse_interfacestatisticsblock_be, parse_interfacestatisticsblock_le,
};

use super::option::{Options, Order};
use crate::capture::clock::Clock;
use crate::capture::{Interface, LinkType};

const NAME: u16 = 2;
const DESCRIPTION: u16 = 3;
const TIME_RESOLUTION: u16 = 9;
const OPERATING_SYSTEM: u16 = 12;
const TIME_OFFSET: u16 = 14;

const DROPPED_BY_INTERFACE: u16 = 5;
const DROPPED_BY_SYSTEM: u16 = 7;

/// The most bytes of a name or description that are kept; interfaces are counted in thousands at worst.
const TEXT: usize = 128;

pub(super) fn parse_description(bytes: &[u8], order: Order) -> Option<InterfaceDescriptionBlock<'_>> {
    match order {
        Order::Little => parse_interfacedescriptionblock_le(bytes),
        Order::Big => parse_interfacedescriptionblock_be(bytes),
    }
    .ok()
    .map(|(_, block)| block)
}

pub(super) fn parse_statistics(bytes: &[u8], order: Order) -> Option<InterfaceStatisticsBlock<'_>> {
    match order {
        Order::Little => parse_interfacestatisticsblock_le(bytes),
        Order::Big => parse_interfacestatisticsblock_be(bytes),
    }
    .ok()
    .map(|(_, block)| block)
}

/// What a description block says of an interface, and how the interface counts time.
pub(super) fn described(block: &InterfaceDescriptionBlock<'_>, options: Options<'_>) -> (Interface, Clock) {
    let interface = Interface {
        link_type: LinkType((block.linktype.0 & 0xffff) as u16),
        snaplen: block.snaplen,
        name: options.text(NAME, TEXT),
        description: options.text(DESCRIPTION, TEXT),
        os: options.text(OPERATING_SYSTEM, TEXT),
        dropped: None,
    };
    let clock =
        Clock::new(options.u8(TIME_RESOLUTION).unwrap_or(6), options.u64(TIME_OFFSET).map_or(0, u64::cast_signed));
    (interface, clock)
}

/// How many packets a statistics block says were dropped.
pub(super) fn dropped(options: Options<'_>) -> Option<u64> {
    [DROPPED_BY_INTERFACE, DROPPED_BY_SYSTEM]
        .into_iter()
        .filter_map(|code| options.u64(code))
        .reduce(u64::saturating_add)
}
