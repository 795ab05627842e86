//! The attributes of TURN that are neither addresses nor plain numbers (RFC 8656 section 18).

use nom::Parser;
use nom::bytes::streaming::take;
use nom::number::streaming::{be_u8, be_u16, be_u32};

use super::body::Body;
use super::value::Value;
use crate::wire::Error;
use crate::wire::field::Value as Shown;
use crate::wire::leaves::Leaves;
use crate::wire::read::{Read, field};

/// ICMP (RFC 8656 section 18.13): why a datagram to a peer came back.
///
/// The drawing in the RFC gives the type seven bits and the code nine; ICMP itself has eight of each, and that is what
/// servers send, so eight of each are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Icmp {
    /// The ICMP type; of `ICMPv6` where the allocation is of IPv6.
    pub kind: u8,
    /// The ICMP code.
    pub code: u8,
    /// The MTU of the next hop for *packet too big*, else zero.
    pub data: u32,
}

pub(super) fn channel_number(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, u16> {
        let (rest, number) = field("channel number", be_u16).parse(input)?;
        let (rest, _) = field("reserved", be_u16).parse(rest)?;
        Ok((rest, number))
    };
    body.read("channel number", read).map(Value::ChannelNumber)
}

pub(super) fn requested_transport(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, u8> {
        let (rest, protocol) = field("protocol", be_u8).parse(input)?;
        let (rest, _) = field("reserved", take(3_usize)).parse(rest)?;
        Ok((rest, protocol))
    };
    body.read("requested transport", read).map(Value::RequestedTransport)
}

pub(super) fn even_port(body: Body<'_>) -> Result<Value<'_>, Error> {
    let bits = body.read("even port", field("even port", be_u8))?;
    Ok(Value::EvenPort { reserve_next: bits & 0x80 != 0 })
}

pub(super) fn icmp(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, Icmp> {
        let (rest, _) = field("reserved", be_u16).parse(input)?;
        let (rest, kind) = field("ICMP type", be_u8).parse(rest)?;
        let (rest, code) = field("ICMP code", be_u8).parse(rest)?;
        let (rest, data) = field("error data", be_u32).parse(rest)?;
        Ok((rest, Icmp { kind, code, data }))
    };
    body.read("ICMP", read).map(Value::Icmp)
}

/// ICMP of the drafts before RFC 8656: type, code, and two bytes that are not used.
pub(super) fn legacy_icmp(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, (u8, u8)> {
        let (rest, kind) = field("ICMP type", be_u8).parse(input)?;
        let (rest, code) = field("ICMP code", be_u8).parse(rest)?;
        let (rest, _) = field("reserved", be_u16).parse(rest)?;
        Ok((rest, (kind, code)))
    };
    let (kind, code) = body.read("ICMP", read)?;
    Ok(Value::LegacyIcmp { kind, code })
}

pub(super) fn emit_icmp(icmp: Icmp, out: &mut Vec<u8>) {
    out.extend([0, 0, icmp.kind, icmp.code]);
    out.extend(icmp.data.to_be_bytes());
}

pub(super) fn describe_channel_number<'a>(number: u16, body: &Body<'a>) -> Leaves<'a> {
    let leaves = Leaves::of(body.value, body.offset).leaf(
        2,
        "stun.att.channelnum",
        "Channel Number",
        Shown::Hex(u64::from(number), 4),
    );
    let leaves = if (0x4000..=0x4FFF).contains(&number) {
        leaves
    } else {
        leaves.note("outside 0x4000 to 0x4fff, the channels of RFC 8656")
    };
    leaves.reserved(2, "stun.att.reserved")
}

pub(super) fn describe_transport<'a>(protocol: u8, body: &Body<'a>) -> Leaves<'a> {
    let name = match protocol {
        6 => Some("TCP"),
        17 => Some("UDP"),
        _ => None,
    };
    Leaves::of(body.value, body.offset)
        .leaf(1, "stun.att.transp", "Transport", Shown::Hex(u64::from(protocol), 2))
        .may_mean(name)
        .reserved(3, "stun.att.reserved")
}

pub(super) fn describe_even_port<'a>(reserve_next: bool, body: &Body<'a>) -> Leaves<'a> {
    let leaves = Leaves::of(body.value, body.offset)
        .leaf(1, "stun.att.even-port.reserve-next", "Reserve next", Shown::Unsigned(u64::from(reserve_next)))
        .means(if reserve_next { "reserve next port number" } else { "no reservation" });
    match body.value {
        [bits] if bits & 0x7F != 0 => leaves.note("reserved bits are set"),
        _ => leaves,
    }
}

pub(super) fn describe_icmp<'a>(icmp: Icmp, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset)
        .reserved(2, "stun.att.reserved")
        .leaf(1, "stun.att.icmp.type", "ICMP type", Shown::Unsigned(u64::from(icmp.kind)))
        .leaf(1, "stun.att.icmp.code", "ICMP code", Shown::Unsigned(u64::from(icmp.code)))
        .leaf(4, "stun.att.icmp.data", "ICMP error data", Shown::Unsigned(u64::from(icmp.data)))
}

pub(super) fn describe_legacy_icmp<'a>(kind: u8, code: u8, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset)
        .leaf(1, "stun.att.icmp.type", "ICMP type", Shown::Unsigned(u64::from(kind)))
        .leaf(1, "stun.att.icmp.code", "ICMP code", Shown::Unsigned(u64::from(code)))
        .reserved(2, "stun.att.reserved")
}
