//! What is asked and told to find out how a NAT behaves (RFC 5780 section 7), how often a request was sent (RFC 7982)
//! and whether ECN survives the path (RFC 6679 section 7.2.2).

use nom::Parser;
use nom::bytes::streaming::take;
use nom::number::streaming::{be_u8, be_u16, be_u32};

use super::body::Body;
use super::value::Value;
use crate::wire::Error;
use crate::wire::field::Value as Shown;
use crate::wire::leaves::Leaves;
use crate::wire::read::{Read, field};

/// CHANGE-REQUEST: from where the response shall come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChangeRequest {
    /// From another IP address.
    pub ip: bool,
    /// From another port.
    pub port: bool,
}

/// TRANSACTION-TRANSMIT-COUNTER: how often each side has sent its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TransmitCounter {
    /// How often the request was sent, this time included.
    pub requests: u8,
    /// How often the response was sent, this time included.
    pub responses: u8,
}

/// ECN-CHECK: the ECN bits with which the request arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EcnCheck {
    /// The two ECN bits.
    pub echo: u8,
    /// Whether they say anything.
    pub valid: bool,
}

pub(super) fn change_request(body: Body<'_>) -> Result<Value<'_>, Error> {
    let flags = body.read("change request", field("change request", be_u32))?;
    Ok(Value::ChangeRequest(ChangeRequest { ip: flags & 0x4 != 0, port: flags & 0x2 != 0 }))
}

/// RESPONSE-PORT; two bytes of padding after the port may count as value.
pub(super) fn response_port(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, u16> {
        let (rest, port) = field("port", be_u16).parse(input)?;
        let (rest, _) = field("padding", take(if rest.len() == 2 { 2_usize } else { 0 })).parse(rest)?;
        Ok((rest, port))
    };
    body.read("response port", read).map(Value::ResponsePort)
}

pub(super) fn transmit_counter(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, TransmitCounter> {
        let (rest, _) = field("reserved", be_u16).parse(input)?;
        let (rest, requests) = field("requests", be_u8).parse(rest)?;
        let (rest, responses) = field("responses", be_u8).parse(rest)?;
        Ok((rest, TransmitCounter { requests, responses }))
    };
    body.read("transmit counter", read).map(Value::TransmitCounter)
}

pub(super) fn ecn_check(body: Body<'_>) -> Result<Value<'_>, Error> {
    let [.., low] = body.read("ECN check", field("ECN check", be_u32))?.to_be_bytes();
    Ok(Value::EcnCheck(EcnCheck { echo: low >> 1 & 0x3, valid: low & 0x1 != 0 }))
}

pub(super) fn emit_change_request(change: ChangeRequest, out: &mut Vec<u8>) {
    out.extend([0, 0, 0, u8::from(change.ip) << 2 | u8::from(change.port) << 1]);
}

pub(super) fn emit_ecn_check(check: EcnCheck, out: &mut Vec<u8>) {
    out.extend([0, 0, 0, (check.echo & 0x3) << 1 | u8::from(check.valid)]);
}

pub(super) fn describe_change_request<'a>(change: ChangeRequest, body: &Body<'a>) -> Leaves<'a> {
    let leaves = Leaves::of(body.value, body.offset)
        .leaf(4, "stun.att.change-ip", "Change IP", Shown::Boolean(change.ip))
        .also("stun.att.change-port", "Change Port", Shown::Boolean(change.port));
    match body.value {
        [0, 0, 0, low] if low & !0x6 == 0 => leaves,
        _ => leaves.note("reserved bits are set"),
    }
}

pub(super) fn describe_response_port<'a>(port: u16, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset)
        .leaf(2, "stun.att.port", "Port", Shown::Unsigned(u64::from(port)))
        .rest("stun.att.reserved", "Reserved")
}

pub(super) fn describe_transmit_counter<'a>(counter: TransmitCounter, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset)
        .reserved(2, "stun.att.reserved")
        .leaf(1, "stun.att.transmit_counter.req", "Requests", Shown::Unsigned(u64::from(counter.requests)))
        .leaf(1, "stun.att.transmit_counter.resp", "Responses", Shown::Unsigned(u64::from(counter.responses)))
}

pub(super) fn describe_ecn_check<'a>(check: EcnCheck, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset)
        .leaf(4, "stun.att.ecn.echo", "ECN Echo", Shown::Unsigned(u64::from(check.echo)))
        .also("stun.att.ecn.valid", "Valid", Shown::Boolean(check.valid))
}
