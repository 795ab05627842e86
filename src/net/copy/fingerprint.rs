//! A packet in one number, without what changes on its way.

use std::hash::{BuildHasher, Hasher};
use std::net::IpAddr;

use etherparse::IpNumber;
use foldhash::fast::{FixedState, FoldHasher};

use crate::net::ip::Packet;

/// How much of the payload's beginning and end tells one packet from another: the beginning holds the transport header
/// and the sequence numbers of RTP, DTLS and STUN, the end what encryption or a checksum makes of the rest.
const HEAD: usize = 48;
const TAIL: usize = 16;

/// The same numbers in every run: nothing but which of two packets is remembered depends on them.
fn hasher() -> FoldHasher<'static> {
    FixedState::with_seed(0).build_hasher()
}

/// Addresses, ports and protocol in one number.
#[inline]
pub(super) fn of_path(packet: &Packet<'_>) -> u64 {
    let mut hasher = hasher();
    match (packet.source, packet.destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            hasher.write_u64(u64::from(u32::from(source)) << 32 | u64::from(u32::from(destination)));
        }
        (source, destination) => {
            for address in [source, destination] {
                if let IpAddr::V6(address) = address {
                    hasher.write_u128(address.into());
                }
            }
        }
    }
    let begins = packet.fragment.is_none_or(|fragment| fragment.offset == 0);
    let ports = packet.payload.first_chunk::<4>().filter(|_| begins).map_or(0, |ports| u32::from_le_bytes(*ports));
    hasher.write_u64(u64::from(ports) << 8 | u64::from(packet.protocol.0));
    hasher.finish()
}

/// All that a router leaves alone, in one number that is not 0.
#[inline]
pub(super) fn of_packet(path: u64, packet: &Packet<'_>) -> u64 {
    let mut hasher = hasher();
    let fragment = packet.fragment.map_or(0, |fragment| {
        u64::from(fragment.identification) << 17 | (fragment.offset as u64) << 1 | u64::from(fragment.more)
    });
    hasher.write_u64(path);
    hasher.write_u64(fragment);
    hasher.write_u64(u64::from(packet.identification) << 48 ^ packet.length as u64);
    // A checksum may still be left to the network card where the packet is seen on its way out.
    let (before, after) = match packet.protocol {
        IpNumber::UDP => (4, 8),
        IpNumber::TCP => (16, 18),
        _ => (0, 0),
    };
    let payload = packet.payload;
    hasher.write(payload.get(..before).unwrap_or(payload));
    let rest = payload.get(after..).unwrap_or_default();
    hasher.write(rest.get(..HEAD).unwrap_or(rest));
    hasher.write(rest.get(rest.len().saturating_sub(TAIL)..).unwrap_or_default());
    hasher.finish().max(1)
}

/// Whether the packet is a TCP segment that carries nothing.
#[inline]
pub(super) fn is_empty_tcp(packet: &Packet<'_>) -> bool {
    // The upper half of byte 12 counts the header's 32-bit words (RFC 9293, section 3.1).
    packet.protocol == IpNumber::TCP
        && packet.fragment.is_none()
        && packet.payload.get(12).is_some_and(|offset| usize::from(offset >> 4) * 4 >= packet.length)
}
