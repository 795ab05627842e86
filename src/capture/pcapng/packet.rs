//! The three kinds of packet block (draft-ietf-opsawg-pcapng, sections 4.3, 4.4 and appendix A).

use std::ops::Range;

use pcap_parser::nom::error::Error;
use pcap_parser::traits::PcapNGPacketBlock;
use pcap_parser::{
    PcapNGOption, parse_enhancedpacketblock_be, parse_enhancedpacketblock_le, parse_option_be, parse_option_le,
    parse_simplepacketblock_be, parse_simplepacketblock_le,
};

use super::option::{Options, Order};
use crate::capture::Direction;

/// Where the packet begins in enhanced and obsolete packet blocks.
const DATA: usize = 28;
/// Where the packet begins in simple packet blocks.
const SIMPLE_DATA: usize = 12;

const FLAGS: u16 = 2;
const DROPPED: u16 = 4;

/// A packet as its block tells of it.
pub(super) struct Packet<'a> {
    /// The interface's number in its section.
    pub(super) interface: u32,
    /// The time in the interface's ticks; a simple packet has none.
    pub(super) ticks: Option<u64>,
    pub(super) original_length: u32,
    /// Where its bytes are in the block.
    pub(super) data: Range<usize>,
    /// How many packets were dropped since the one before, in an obsolete packet block.
    pub(super) dropped: Option<u64>,
    pub(super) options: Vec<PcapNGOption<'a>>,
}

impl<'a> Packet<'a> {
    #[inline]
    pub(super) fn enhanced(bytes: &'a [u8], order: Order) -> Option<Self> {
        let (_, block) = match order {
            Order::Little => parse_enhancedpacketblock_le(bytes),
            Order::Big => parse_enhancedpacketblock_be(bytes),
        }
        .ok()?;
        Some(Self {
            interface: block.if_id,
            ticks: Some(u64::from(block.ts_high) << 32 | u64::from(block.ts_low)),
            original_length: block.origlen,
            data: DATA..DATA + block.packet_data().len(),
            dropped: None,
            options: block.options,
        })
    }

    /// A simple packet block does not say how much was captured: what the first interface's snaplen let through.
    pub(super) fn simple(bytes: &'a [u8], order: Order, snaplen: u32) -> Option<Self> {
        let (_, block) = match order {
            Order::Little => parse_simplepacketblock_le(bytes),
            Order::Big => parse_simplepacketblock_be(bytes),
        }
        .ok()?;
        let limit = if snaplen == 0 { usize::MAX } else { snaplen as usize };
        let captured = block.packet_data().len().min(limit);
        Some(Self {
            interface: 0,
            ticks: None,
            original_length: block.origlen,
            data: SIMPLE_DATA..SIMPLE_DATA + captured,
            dropped: None,
            options: Vec::new(),
        })
    }

    /// The obsolete packet block has the fields of the enhanced one, but for 16 bits of interface and 16 bits of
    /// dropped packets, of which all ones means unknown.
    pub(super) fn obsolete(bytes: &'a [u8], order: Order) -> Option<Self> {
        let (content, _) = bytes.split_last_chunk::<4>()?;
        let (interface, rest) = content.get(8..)?.split_first_chunk()?;
        let (dropped, rest) = rest.split_first_chunk()?;
        let (high, rest) = rest.split_first_chunk()?;
        let (low, rest) = rest.split_first_chunk()?;
        let (captured, rest) = rest.split_first_chunk()?;
        let (original, rest) = rest.split_first_chunk()?;
        let captured = order.u32(*captured) as usize;
        let options = rest.get(captured.checked_next_multiple_of(4)?..)?;
        Some(Self {
            interface: u32::from(order.u16(*interface)),
            ticks: Some(u64::from(order.u32(*high)) << 32 | u64::from(order.u32(*low))),
            original_length: order.u32(*original),
            data: DATA..DATA + captured,
            dropped: Some(order.u16(*dropped)).filter(|dropped| *dropped != u16::MAX).map(u64::from),
            options: parse_options(options, order),
        })
    }

    pub(super) fn direction(&self, order: Order) -> Option<Direction> {
        // The lowest two bits of the flags (section 4.3.1).
        match (Options { all: &self.options, order }).u32(FLAGS)? & 3 {
            1 => Some(Direction::Inbound),
            2 => Some(Direction::Outbound),
            _ => None,
        }
    }

    /// How many packets were dropped between this one and the one before.
    pub(super) fn dropped(&self, order: Order) -> Option<u64> {
        self.dropped.or_else(|| Options { all: &self.options, order }.u64(DROPPED))
    }
}

fn parse_options(bytes: &[u8], order: Order) -> Vec<PcapNGOption<'_>> {
    let mut rest = bytes;
    let mut options = Vec::new();
    while let Ok((after, option)) = match order {
        Order::Little => parse_option_le::<Error<&[u8]>>(rest),
        Order::Big => parse_option_be::<Error<&[u8]>>(rest),
    } {
        rest = after;
        options.push(option);
    }
    options
}
