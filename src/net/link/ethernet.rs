//! Ethernet II with VLAN tags (IEEE 802.3, 802.1Q, 802.1ad).

use etherparse::{EtherType, Ethernet2HeaderSlice, SingleVlanHeaderSlice};

use super::{Linked, Network, Seen};
use crate::net::SkipReason;

/// The most VLAN tags that are believed: a customer's inside a provider's, inside one more.
const TAGS: usize = 4;

const VLAN: EtherType = EtherType(0x8100);
const PROVIDER_VLAN: EtherType = EtherType(0x88a8);
/// 802.1Q inside 802.1Q before the standard gave it a number of its own.
const OLD_PROVIDER_VLAN: EtherType = EtherType(0x9100);

#[inline]
pub(super) fn parse(bytes: &[u8]) -> Result<Linked<'_>, SkipReason> {
    let header = Ethernet2HeaderSlice::from_slice(bytes).map_err(|_| SkipReason::TruncatedHeader)?;
    let payload = bytes.get(header.slice().len()..).unwrap_or_default();
    parse_tagged(header.ether_type(), payload, addresses(&header))
}

/// The two addresses folded into one number.
#[inline]
fn addresses(header: &Ethernet2HeaderSlice<'_>) -> u64 {
    let [a, b, c, d, e, f] = header.destination();
    let destination = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]);
    let [a, b, c, d, e, f] = header.source();
    let source = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]);
    destination.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ source
}

/// Takes off VLAN tags, and says what is under them.
#[inline]
pub(super) fn parse_tagged(
    mut ether_type: EtherType,
    mut payload: &[u8],
    mut addresses: u64,
) -> Result<Linked<'_>, SkipReason> {
    for _ in 0..=TAGS {
        match ether_type {
            EtherType::IPV4 | EtherType::IPV6 => {
                let network = if ether_type == EtherType::IPV4 { Network::Ipv4 } else { Network::Ipv6 };
                return Ok(Linked { network, payload, seen: Seen { addresses, ..Seen::default() } });
            }
            VLAN | PROVIDER_VLAN | OLD_PROVIDER_VLAN => {
                let tag = SingleVlanHeaderSlice::from_slice(payload).map_err(|_| SkipReason::TruncatedHeader)?;
                addresses = addresses.rotate_left(16) ^ u64::from(tag.vlan_identifier().value());
                ether_type = tag.ether_type();
                payload = payload.get(tag.slice().len()..).unwrap_or_default();
            }
            other => return Err(not_ip(other)),
        }
    }
    Err(SkipReason::VlanDepth)
}

#[cold]
fn not_ip(ether_type: EtherType) -> SkipReason {
    match ether_type.0 {
        // Below 1536 the field is a length (IEEE 802.3, clause 3.2.6).
        0..=0x05ff => SkipReason::Llc,
        0x0806 | 0x8035 => SkipReason::Arp,
        0x8863 | 0x8864 => SkipReason::Pppoe,
        0x8847 | 0x8848 => SkipReason::Mpls,
        0x888e => SkipReason::Eapol,
        0x88cc => SkipReason::Lldp,
        _ => SkipReason::NotIp,
    }
}
