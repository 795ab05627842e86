//! Which addresses belong to a private network, where another NAT may follow.

use std::net::{IpAddr, Ipv4Addr};

use crate::path::Endpoint;

/// Whether `address` is not routed on the Internet: private (RFC 1918, RFC 4193), shared by the customers of a carrier (RFC 6598),
/// link-local or loopback.
pub(super) fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_private() || address.is_link_local() || address.is_loopback() || is_shared_v4(address)
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local() || address.is_loopback(),
    }
}

/// Whether `address` is of the space between a carrier's NAT and those of its customers: 100.64.0.0/10 (RFC 6598).
pub(super) fn is_shared(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if is_shared_v4(address))
}

fn is_shared_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

/// Whether `end` can be the transport address of anybody; that of a relay whose allocation the capture did not see is filled up with zeros.
pub(super) const fn is_somebody(end: Endpoint) -> bool {
    !end.address.is_unspecified() && end.port != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_space_of_carriers_is_inside() {
        for text in ["100.64.0.1", "100.127.255.255", "10.1.2.3", "192.168.1.1", "fd00::1", "169.254.1.1"] {
            assert!(is_inside(text.parse().unwrap()), "{text}");
        }
        for text in ["100.63.255.255", "100.128.0.1", "203.0.113.1", "2001:db8::1"] {
            assert!(!is_inside(text.parse().unwrap()), "{text}");
        }
        assert!(is_shared("100.99.0.1".parse().unwrap()) && !is_shared("10.0.0.1".parse().unwrap()));
    }
}
