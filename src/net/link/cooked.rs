//! Linux cooked captures, which `-i any` makes: <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html> and
//! <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html>.

use etherparse::EtherType;
use nom::IResult;
use nom::Parser;
use nom::bytes::complete::take;
use nom::number::complete::{be_u8, be_u16, be_u32, be_u64};

use super::ethernet::parse_tagged;
use super::{Linked, Seen};
use crate::net::SkipReason;

/// A cooked header, of either version.
struct Header {
    packet_type: u16,
    /// The index of the interface; version 1 has none.
    interface: u32,
    address: u64,
    protocol: u16,
}

/// Version 1. Packets of all kinds of hardware are taken: what they carry stands in the protocol field all the same.
fn header(input: &[u8]) -> IResult<&[u8], Header> {
    let (rest, packet_type) = be_u16.parse(input)?;
    let (rest, _hardware_type) = be_u16.parse(rest)?;
    let (rest, _address_length) = be_u16.parse(rest)?;
    let (rest, address) = be_u64.parse(rest)?;
    let (rest, protocol) = be_u16.parse(rest)?;
    Ok((rest, Header { packet_type, interface: 0, address, protocol }))
}

fn header_v2(input: &[u8]) -> IResult<&[u8], Header> {
    let (rest, protocol) = be_u16.parse(input)?;
    let (rest, _reserved) = take(2_usize).parse(rest)?;
    let (rest, interface) = be_u32.parse(rest)?;
    let (rest, _hardware_type) = be_u16.parse(rest)?;
    let (rest, packet_type) = be_u8.parse(rest)?;
    let (rest, _address_length) = be_u8.parse(rest)?;
    let (rest, address) = be_u64.parse(rest)?;
    Ok((rest, Header { packet_type: packet_type.into(), interface, address, protocol }))
}

#[inline]
pub(super) fn parse(bytes: &[u8]) -> Result<Linked<'_>, SkipReason> {
    linked(header(bytes))
}

#[inline]
pub(super) fn parse_v2(bytes: &[u8]) -> Result<Linked<'_>, SkipReason> {
    linked(header_v2(bytes))
}

#[inline]
fn linked<'a>(parsed: IResult<&'a [u8], Header>) -> Result<Linked<'a>, SkipReason> {
    let (payload, header) = parsed.map_err(|_| SkipReason::TruncatedHeader)?;
    // Received packets count from 0; the 1 tells them from captures without the field.
    let packet_type = header.packet_type.saturating_add(1);
    let linked = parse_tagged(EtherType(header.protocol), payload, header.address)?;
    Ok(Linked { seen: Seen { interface: header.interface, packet_type, ..linked.seen }, ..linked })
}
