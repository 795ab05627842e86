//! Transport addresses: in the clear (MAPPED-ADDRESS, RFC 8489 section 14.1) and obscured (XOR-MAPPED-ADDRESS,
//! section 14.2), and the address family that TURN asks for (RFC 8656 section 18.6).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use nom::Parser;
use nom::bytes::streaming::take;
use nom::number::streaming::{be_u8, be_u16, be_u32, be_u128};

use super::body::Body;
use super::transaction::Mask;
use super::value::Value;
use crate::wire::field::Value as Shown;
use crate::wire::leaves::Leaves;
use crate::wire::read::{Read, field};
use crate::wire::{Error, Reason};

/// An address family by its number in STUN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressFamily(pub u8);

impl AddressFamily {
    /// IPv4.
    pub const IPV4: Self = Self(1);
    /// IPv6.
    pub const IPV6: Self = Self(2);

    /// `IPv4` or `IPv6`; no other number has a name.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::IPV4 => Some("IPv4"),
            Self::IPV6 => Some("IPv6"),
            _ => None,
        }
    }

    const fn of(address: SocketAddr) -> Self {
        if address.is_ipv4() { Self::IPV4 } else { Self::IPV6 }
    }
}

impl fmt::Display for AddressFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#04x}", self.0),
        }
    }
}

fn transport_address(body: Body<'_>) -> Result<SocketAddr, Error> {
    let start = |input| -> Read<'_, (u8, u16)> {
        let (rest, _) = field("reserved", be_u8).parse(input)?;
        let (rest, family) = field("address family", be_u8).parse(rest)?;
        let (rest, port) = field("port", be_u16).parse(rest)?;
        Ok((rest, (family, port)))
    };
    let v4 = |input| -> Read<'_, SocketAddr> {
        let (rest, (_, port)) = start(input)?;
        let (rest, address) = field("IPv4 address", be_u32).parse(rest)?;
        Ok((rest, SocketAddr::from((Ipv4Addr::from_bits(address), port))))
    };
    let v6 = |input| -> Read<'_, SocketAddr> {
        let (rest, (_, port)) = start(input)?;
        let (rest, address) = field("IPv6 address", be_u128).parse(rest)?;
        Ok((rest, SocketAddr::from((Ipv6Addr::from_bits(address), port))))
    };
    match body.value {
        [_, 1, ..] => body.read("transport address", v4),
        [_, 2, ..] => body.read("transport address", v6),
        [_, family, ..] => Err(Error {
            offset: body.offset.saturating_add(1),
            field: "address family",
            reason: Reason::WrongValue { needed: 1, found: u64::from(*family) },
        }),
        _ => Err(Error {
            offset: body.offset,
            field: "transport address",
            reason: Reason::TooShort { needed: 8, found: body.value.len() },
        }),
    }
}

/// The same address through the mask: obscured when it was clear, clear when it was obscured.
fn masked(address: SocketAddr, mask: Mask) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) => IpAddr::V4(mask.address(ip.octets()).into()),
        IpAddr::V6(ip) => IpAddr::V6(mask.address(ip.octets()).into()),
    };
    SocketAddr::new(ip, mask.port(address.port()))
}

pub(super) fn clear(body: Body<'_>) -> Result<Value<'_>, Error> {
    transport_address(body).map(Value::Address)
}

pub(super) fn obscured(body: Body<'_>) -> Result<Value<'_>, Error> {
    transport_address(body).map(|address| Value::XorAddress(masked(address, body.mask)))
}

pub(super) fn family(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, AddressFamily> {
        let (rest, family) = field("address family", be_u8).parse(input)?;
        let (rest, _) = field("reserved", take(3_usize)).parse(rest)?;
        Ok((rest, AddressFamily(family)))
    };
    body.read("address family", read).map(Value::AddressFamily)
}

pub(super) fn emit(address: SocketAddr, out: &mut Vec<u8>) {
    out.extend([0, AddressFamily::of(address).0]);
    out.extend(address.port().to_be_bytes());
    match address.ip() {
        IpAddr::V4(ip) => out.extend(ip.octets()),
        IpAddr::V6(ip) => out.extend(ip.octets()),
    }
}

pub(super) fn emit_obscured(address: SocketAddr, mask: Mask, out: &mut Vec<u8>) {
    emit(masked(address, mask), out);
}

pub(super) fn emit_family(family: AddressFamily, out: &mut Vec<u8>) {
    out.extend([family.0, 0, 0, 0]);
}

fn head<'a>(body: &Body<'a>, address: SocketAddr) -> Leaves<'a> {
    let family = AddressFamily::of(address);
    Leaves::of(body.value, body.offset)
        .reserved(1, "stun.att.reserved")
        .leaf(1, "stun.att.family", "Protocol Family", Shown::Hex(u64::from(family.0), 2))
        .may_mean(family.name())
}

pub(super) fn describe<'a>(address: SocketAddr, body: &Body<'a>) -> Leaves<'a> {
    let port = Shown::Unsigned(u64::from(address.port()));
    let leaves = head(body, address).leaf(2, "stun.att.port", "Port", port);
    match address.ip() {
        IpAddr::V4(_) => leaves.leaf(4, "stun.att.ipv4", "IP", Shown::Address(address.ip())),
        IpAddr::V6(_) => leaves.leaf(16, "stun.att.ipv6", "IP", Shown::Address(address.ip())),
    }
}

pub(super) fn describe_obscured<'a>(address: SocketAddr, body: &Body<'a>) -> Leaves<'a> {
    let leaves = head(body, address).bytes(2, "stun.att.port-xord", "Port (XOR-d)").also(
        "stun.att.port",
        "Port",
        Shown::Unsigned(u64::from(address.port())),
    );
    let ip = Shown::Address(address.ip());
    match address.ip() {
        IpAddr::V4(_) => leaves.bytes(4, "stun.att.ipv4-xord", "IP (XOR-d)").also("stun.att.ipv4", "IP", ip),
        IpAddr::V6(_) => leaves.bytes(16, "stun.att.ipv6-xord", "IP (XOR-d)").also("stun.att.ipv6", "IP", ip),
    }
}

pub(super) fn describe_family<'a>(family: AddressFamily, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset)
        .leaf(1, "stun.att.family", "Protocol Family", Shown::Hex(u64::from(family.0), 2))
        .may_mean(family.name())
        .reserved(3, "stun.att.reserved")
}
