//! The attributes of ICE (RFC 8445 section 16.1) and what libwebrtc adds to them.

use nom::Parser;
use nom::number::streaming::{be_u16, be_u32, be_u64};

use super::body::Body;
use super::value::Value;
use crate::wire::Error;
use crate::wire::field::Value as Shown;
use crate::wire::leaves::Leaves;
use crate::wire::read::{Read, field};

/// GOOG-NETWORK-INFO of libwebrtc: which network a candidate is on and how dear that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetworkInfo {
    /// The number that the sender gives the network, meaningful within one session.
    pub id: u16,
    /// The cost, from 0 (wired) to 999; cellular is 900 and more where its generation is not known.
    pub cost: u16,
}

impl NetworkInfo {
    /// What the cost says about the network.
    #[must_use]
    pub const fn meaning(&self) -> Option<&'static str> {
        Some(match self.cost {
            0 => "min",
            1 => "min, VPN",
            10 => "low",
            11 => "low, VPN",
            50 => "unknown",
            51 => "unknown, VPN",
            250 => "cellular 5G",
            251 => "cellular 5G, VPN",
            500 => "cellular 4G",
            501 => "cellular 4G, VPN",
            900 => "cellular",
            901 => "cellular, VPN",
            910 => "cellular 3G",
            911 => "cellular 3G, VPN",
            980 => "cellular 2G",
            981 => "cellular 2G, VPN",
            999 => "max",
            _ => return None,
        })
    }
}

pub(super) fn priority(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("priority", field("priority", be_u32)).map(Value::Priority)
}

pub(super) fn tie_breaker(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("tie-breaker", field("tie-breaker", be_u64)).map(Value::TieBreaker)
}

pub(super) fn nomination(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("nomination", field("nomination", be_u32)).map(Value::Nomination)
}

pub(super) fn network_info(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, NetworkInfo> {
        let (rest, id) = field("network ID", be_u16).parse(input)?;
        let (rest, cost) = field("network cost", be_u16).parse(rest)?;
        Ok((rest, NetworkInfo { id, cost }))
    };
    body.read("network info", read).map(Value::NetworkInfo)
}

/// GOOG-MISC-INFO: numbers of 16 bits, each with a meaning by its place.
pub(super) fn misc_info(body: Body<'_>) -> Result<Value<'_>, Error> {
    let (pairs, odd) = body.whole("numbers")?.as_chunks::<2>();
    if odd.is_empty() {
        Ok(Value::Numbers16(pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect()))
    } else {
        Err(body.wrong_length("numbers", pairs.len().saturating_mul(2)))
    }
}

/// META-DTLS-IN-STUN-ACKNOWLEDGEMENT: CRC-32s of DTLS datagrams that came.
pub(super) fn acknowledgements(body: Body<'_>) -> Result<Value<'_>, Error> {
    let (words, odd) = body.whole("CRC-32s")?.as_chunks::<4>();
    if odd.is_empty() {
        Ok(Value::Checksums(words.iter().map(|word| u32::from_be_bytes(*word)).collect()))
    } else {
        Err(body.wrong_length("CRC-32s", words.len().saturating_mul(4)))
    }
}

pub(super) fn emit_network_info(info: NetworkInfo, out: &mut Vec<u8>) {
    out.extend(info.id.to_be_bytes());
    out.extend(info.cost.to_be_bytes());
}

/// What a PRIORITY is made of (RFC 8445 section 5.1.2.1).
pub(super) fn priority_meaning(priority: u32) -> String {
    let [kind, high, low, rest] = priority.to_be_bytes();
    let local = u16::from_be_bytes([high, low]);
    let component = 256_u16.saturating_sub(u16::from(rest));
    format!("type preference {kind}, local preference {local}, component {component}")
}

pub(super) fn describe_network_info<'a>(info: NetworkInfo, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset)
        .leaf(2, "stun.att.google.network_id", "Google Network ID", Shown::Unsigned(u64::from(info.id)))
        .leaf(2, "stun.att.google.network_cost", "Google Network Cost", Shown::Unsigned(u64::from(info.cost)))
        .may_mean(info.meaning())
}

pub(super) fn describe_misc_info<'a>(numbers: &[u16], body: &Body<'a>) -> Leaves<'a> {
    numbers.iter().enumerate().fold(Leaves::of(body.value, body.offset), |leaves, (place, number)| {
        let leaves =
            leaves.leaf(2, "stun.att.google.misc_info", "Google Misc Info", Shown::Unsigned(u64::from(*number)));
        if place == 0 { leaves.means(format!("GOOG_PING version {number}")) } else { leaves }
    })
}

pub(super) fn describe_acknowledgements<'a>(checksums: &[u32], body: &Body<'a>) -> Leaves<'a> {
    checksums.iter().fold(Leaves::of(body.value, body.offset), |leaves, checksum| {
        leaves
            .leaf(4, "stun.att.meta.dtls_ack", "DTLS datagram CRC-32", Shown::Hex(u64::from(*checksum), 8))
            .means("received")
    })
}
