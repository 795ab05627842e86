//! The attributes of Microsoft's dialect: \[MS-TURN\], \[MS-ICE2\] and \[MS-TURNBWM\].

use std::net::SocketAddr;

use nom::Parser;
use nom::bytes::streaming::take;
use nom::number::streaming::{be_u8, be_u16, be_u32, be_u64};

use super::attribute::{Attribute, AttributeType};
use super::body::Body;
use super::message::Message;
use super::value::Value;
use crate::wire::Error;
use crate::wire::field::Value as Shown;
use crate::wire::leaves::Leaves;
use crate::wire::read::{Read, field};

/// The value of MAGIC-COOKIE, by which a message of this dialect is known.
pub const MICROSOFT_COOKIE: u32 = 0x72C6_4BC6;

/// MS-SEQUENCE-NUMBER: guards a connection against replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SequenceNumber<'a> {
    /// The connection, twenty bytes; some messages leave it out.
    pub connection_id: &'a [u8],
    /// The number of this message on it.
    pub number: u32,
}

/// MS-SERVICE-QUALITY: what an allocation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServiceQuality {
    /// 1 audio, 2 video, 3 supplemental video, 4 data.
    pub stream: u16,
    /// 0 best effort, 1 reliable.
    pub quality: u16,
}

/// Bandwidth Reservation Amount, each in the unit of \[MS-TURNBWM\].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BandwidthAmount {
    /// Most to be sent.
    pub maximum_send: u32,
    /// Least to be sent.
    pub minimum_send: u32,
    /// Most to be received.
    pub maximum_receive: u32,
    /// Least to be received.
    pub minimum_receive: u32,
}

/// A Site Address Response of \[MS-TURNBWM\].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SiteResponse {
    /// The flags and reserved bits: the highest says valid, the next PSTN.
    pub flags: u32,
    /// Most to be sent.
    pub maximum_send: u32,
    /// Most to be received.
    pub maximum_receive: u32,
}

/// Location Profile of \[MS-TURNBWM\].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LocationProfile {
    /// Where the peer is: 0 unknown, 1 internet, 2 intranet.
    pub peer: u8,
    /// Where the sender is, likewise.
    pub own: u8,
    /// 0 none, 1 enterprise, 2 public cloud.
    pub federation: u8,
}

pub(super) fn version(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("version", field("version", be_u32)).map(Value::MicrosoftVersion)
}

pub(super) fn implementation(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("version", field("version", be_u32)).map(Value::MicrosoftImplementation)
}

pub(super) fn session(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("session ID", field("session ID", be_u64)).map(Value::Number64)
}

fn sequence(input: &[u8]) -> Read<'_, SequenceNumber<'_>> {
    let width = if input.len() == 4 { 0_usize } else { 20 };
    let (rest, connection_id) = field("connection ID", take(width)).parse(input)?;
    let (rest, number) = field("sequence number", be_u32).parse(rest)?;
    Ok((rest, SequenceNumber { connection_id, number }))
}

pub(super) fn sequence_number(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("sequence number", sequence).map(Value::SequenceNumber)
}

pub(super) fn service_quality(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, ServiceQuality> {
        let (rest, stream) = field("stream type", be_u16).parse(input)?;
        let (rest, quality) = field("service quality", be_u16).parse(rest)?;
        Ok((rest, ServiceQuality { stream, quality }))
    };
    body.read("service quality", read).map(Value::ServiceQuality)
}

pub(super) fn admission(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, u16> {
        let (rest, _) = field("reserved", be_u16).parse(input)?;
        field("message type", be_u16).parse(rest)
    };
    body.read("bandwidth admission control", read).map(Value::BandwidthAdmission)
}

pub(super) fn amount(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, BandwidthAmount> {
        let (rest, maximum_send) = field("maximum send bandwidth", be_u32).parse(input)?;
        let (rest, minimum_send) = field("minimum send bandwidth", be_u32).parse(rest)?;
        let (rest, maximum_receive) = field("maximum receive bandwidth", be_u32).parse(rest)?;
        let (rest, minimum_receive) = field("minimum receive bandwidth", be_u32).parse(rest)?;
        Ok((rest, BandwidthAmount { maximum_send, minimum_send, maximum_receive, minimum_receive }))
    };
    body.read("bandwidth reservation amount", read).map(Value::BandwidthAmount)
}

pub(super) fn site_response(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, SiteResponse> {
        let (rest, flags) = field("flags", be_u32).parse(input)?;
        let (rest, maximum_send) = field("maximum send bandwidth", be_u32).parse(rest)?;
        let (rest, maximum_receive) = field("maximum receive bandwidth", be_u32).parse(rest)?;
        Ok((rest, SiteResponse { flags, maximum_send, maximum_receive }))
    };
    body.read("site address response", read).map(Value::SiteResponse)
}

pub(super) fn location(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, LocationProfile> {
        let (rest, peer) = field("peer location", be_u8).parse(input)?;
        let (rest, own) = field("self location", be_u8).parse(rest)?;
        let (rest, federation) = field("federation", be_u8).parse(rest)?;
        let (rest, _) = field("reserved", be_u8).parse(rest)?;
        Ok((rest, LocationProfile { peer, own, federation }))
    };
    body.read("location profile", read).map(Value::LocationProfile)
}

pub(super) const fn version_name(version: u32) -> Option<&'static str> {
    Some(match version {
        1 => "ICE",
        2 => "MS-ICE2",
        3 => "MS-ICE2 with SHA256",
        4 => "MS-ICE2 with SHA256 and IPv6",
        5 => "multiplexed TURN over UDP only",
        6 => "multiplexed TURN over UDP and TCP",
        _ => return None,
    })
}

pub(super) const fn implementation_name(version: u32) -> &'static str {
    if version < 3 { "the formats of RFC 3489bis draft 2 only" } else { "the formats of RFC 5389" }
}

const fn location_name(number: u8) -> Option<&'static str> {
    Some(match number {
        0 => "unknown",
        1 => "internet",
        2 => "intranet",
        _ => return None,
    })
}

pub(super) fn describe_sequence<'a>(sequence: SequenceNumber<'_>, body: &Body<'a>) -> Leaves<'a> {
    let number = Shown::Unsigned(u64::from(sequence.number));
    Leaves::of(body.value, body.offset).bytes(20, "stun.att.ms.connection_id", "Connection ID").leaf(
        4,
        "stun.att.ms.sequence_number",
        "Sequence Number",
        number,
    )
}

pub(super) fn describe_quality<'a>(service: ServiceQuality, body: &Body<'a>) -> Leaves<'a> {
    let stream = match service.stream {
        1 => Some("audio"),
        2 => Some("video"),
        3 => Some("supplemental video"),
        4 => Some("data"),
        _ => None,
    };
    let quality = match service.quality {
        0 => Some("best effort delivery"),
        1 => Some("reliable delivery"),
        _ => None,
    };
    Leaves::of(body.value, body.offset)
        .leaf(2, "stun.att.ms.stream_type", "Stream Type", Shown::Unsigned(u64::from(service.stream)))
        .may_mean(stream)
        .leaf(2, "stun.att.ms.service_quality", "Service Quality", Shown::Unsigned(u64::from(service.quality)))
        .may_mean(quality)
}

pub(super) fn describe_admission<'a>(kind: u16, body: &Body<'a>) -> Leaves<'a> {
    let name = match kind {
        0 => Some("reservation check"),
        1 => Some("reservation commit"),
        2 => Some("reservation update"),
        _ => None,
    };
    Leaves::of(body.value, body.offset)
        .reserved(2, "stun.att.reserved")
        .leaf(2, "stun.att.bandwidth_acm.type", "Message Type", Shown::Unsigned(u64::from(kind)))
        .may_mean(name)
}

pub(super) fn describe_amount<'a>(amount: BandwidthAmount, body: &Body<'a>) -> Leaves<'a> {
    let shown = |number| Shown::Unsigned(u64::from(number));
    Leaves::of(body.value, body.offset)
        .leaf(4, "stun.att.bandwidth_rsv_amount.masb", "Maximum Send Bandwidth", shown(amount.maximum_send))
        .leaf(4, "stun.att.bandwidth_rsv_amount.misb", "Minimum Send Bandwidth", shown(amount.minimum_send))
        .leaf(4, "stun.att.bandwidth_rsv_amount.marb", "Maximum Receive Bandwidth", shown(amount.maximum_receive))
        .leaf(4, "stun.att.bandwidth_rsv_amount.mirb", "Minimum Receive Bandwidth", shown(amount.minimum_receive))
}

pub(super) fn describe_site<'a>(response: SiteResponse, body: &Body<'a>) -> Leaves<'a> {
    let shown = |number| Shown::Unsigned(u64::from(number));
    Leaves::of(body.value, body.offset)
        .leaf(4, "stun.att.address_rp.valid", "Valid", Shown::Boolean(response.flags & 0x8000_0000 != 0))
        .also("stun.att.address_rp.pstn", "PSTN", Shown::Boolean(response.flags & 0x4000_0000 != 0))
        .leaf(4, "stun.att.address_rp.masb", "Maximum Send Bandwidth", shown(response.maximum_send))
        .leaf(4, "stun.att.address_rp.marb", "Maximum Receive Bandwidth", shown(response.maximum_receive))
}

pub(super) fn describe_location<'a>(profile: LocationProfile, body: &Body<'a>) -> Leaves<'a> {
    let federation = match profile.federation {
        0 => Some("no federation"),
        1 => Some("enterprise federation"),
        2 => Some("public cloud federation"),
        _ => None,
    };
    let shown = |number| Shown::Unsigned(u64::from(number));
    Leaves::of(body.value, body.offset)
        .leaf(1, "stun.att.lp.peer_location", "Peer Location", shown(profile.peer))
        .may_mean(location_name(profile.peer))
        // Wireshark's own spelling, kept so that its filters work.
        .leaf(1, "stun.att.lp.seft_location", "Self Location", shown(profile.own))
        .may_mean(location_name(profile.own))
        .leaf(1, "stun.att.lp.federation", "Federation", shown(profile.federation))
        .may_mean(federation)
        .reserved(1, "stun.att.reserved")
}

pub(super) fn emit_sequence(sequence: SequenceNumber<'_>, out: &mut Vec<u8>) {
    out.extend(sequence.connection_id);
    out.extend(sequence.number.to_be_bytes());
}

pub(super) fn emit_quality(service: ServiceQuality, out: &mut Vec<u8>) {
    out.extend(service.stream.to_be_bytes());
    out.extend(service.quality.to_be_bytes());
}

pub(super) fn emit_amount(amount: BandwidthAmount, out: &mut Vec<u8>) {
    let words = [amount.maximum_send, amount.minimum_send, amount.maximum_receive, amount.minimum_receive];
    words.iter().for_each(|word| out.extend(word.to_be_bytes()));
}

pub(super) fn emit_site(response: SiteResponse, out: &mut Vec<u8>) {
    let words = [response.flags, response.maximum_send, response.maximum_receive];
    words.iter().for_each(|word| out.extend(word.to_be_bytes()));
}

impl Message<'_> {
    /// DESTINATION-ADDRESS: the peer that the Send request of MS-TURN is for.
    #[must_use]
    pub fn destination_address(&self) -> Option<SocketAddr> {
        self.clear_address(AttributeType::DESTINATION_ADDRESS)
    }

    /// REMOTE-ADDRESS: the peer that the Data indication of MS-TURN comes from. It has the number of XOR-PEER-ADDRESS and is in the
    /// clear.
    #[must_use]
    pub fn remote_address(&self) -> Option<SocketAddr> {
        self.clear_address(AttributeType::XOR_PEER_ADDRESS)
    }

    fn clear_address(&self, kind: AttributeType) -> Option<SocketAddr> {
        let attribute = Attribute { kind: AttributeType::DESTINATION_ADDRESS, ..*self.attribute(kind)? };
        match attribute.decode(self) {
            Ok(Value::Address(address)) => Some(address),
            _ => None,
        }
    }
}
