//! What is not understood, counted by reason.

use std::fmt;

/// Why a packet, or a fragment of one, went no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// A link type that is not read here.
    UnknownLinkType,
    /// The captured bytes end inside a header of the link, of IP, or of the transport.
    TruncatedHeader,
    /// ARP or reverse ARP.
    Arp,
    /// A frame of IEEE 802.2 (spanning tree and the like).
    Llc,
    /// LLDP.
    Lldp,
    /// 802.1X.
    Eapol,
    /// PPP over Ethernet.
    Pppoe,
    /// MPLS.
    Mpls,
    /// More VLAN tags than are believed.
    VlanDepth,
    /// Another protocol where IP was looked for.
    NotIp,
    /// An IP header whose version or lengths contradict themselves.
    BadIpHeader,
    /// A fragment whose datagram did not become whole.
    IpFragmentIncomplete,
    /// A fragment that could not be kept, or that contradicts the others.
    IpFragmentRefused,
    /// IGMP.
    Igmp,
    /// GRE.
    Gre,
    /// IP inside IP.
    IpInIp,
    /// Encrypted by IPsec.
    Esp,
    /// SCTP straight on IP.
    Sctp,
    /// Another protocol on IP.
    OtherIpProtocol,
    /// A UDP header whose length contradicts itself.
    BadUdpHeader,
    /// A TCP header whose length contradicts itself.
    BadTcpHeader,
    /// An ICMP message that reports no error: echo, redirect, router and neighbour discovery.
    NonErrorIcmp,
    /// An ICMP error that quotes too little, or neither UDP nor TCP.
    IcmpQuote,
}

/// Every reason with its name, in the order in which they are told.
const REASONS: [(SkipReason, &str); 23] = [
    (SkipReason::UnknownLinkType, "unknown-link-type"),
    (SkipReason::TruncatedHeader, "truncated-header"),
    (SkipReason::Arp, "arp"),
    (SkipReason::Llc, "llc"),
    (SkipReason::Lldp, "lldp"),
    (SkipReason::Eapol, "eapol"),
    (SkipReason::Pppoe, "pppoe"),
    (SkipReason::Mpls, "mpls"),
    (SkipReason::VlanDepth, "vlan-depth"),
    (SkipReason::NotIp, "not-ip"),
    (SkipReason::BadIpHeader, "bad-ip-header"),
    (SkipReason::IpFragmentIncomplete, "ip-fragment-incomplete"),
    (SkipReason::IpFragmentRefused, "ip-fragment-refused"),
    (SkipReason::Igmp, "igmp"),
    (SkipReason::Gre, "gre"),
    (SkipReason::IpInIp, "ip-in-ip"),
    (SkipReason::Esp, "esp"),
    (SkipReason::Sctp, "sctp"),
    (SkipReason::OtherIpProtocol, "other-ip-protocol"),
    (SkipReason::BadUdpHeader, "bad-udp-header"),
    (SkipReason::BadTcpHeader, "bad-tcp-header"),
    (SkipReason::NonErrorIcmp, "non-error-icmp"),
    (SkipReason::IcmpQuote, "icmp-quote"),
];

impl SkipReason {
    /// Its name in reports, in lower-case kebab.
    #[must_use]
    pub fn name(self) -> &'static str {
        REASONS.get(self as usize).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How many packets each reason holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Skipped([u64; REASONS.len()]);

impl Skipped {
    #[cold]
    pub(super) fn add(&mut self, reason: SkipReason, packets: u64) {
        if let Some(count) = self.0.get_mut(reason as usize) {
            *count = count.saturating_add(packets);
        }
    }

    /// The reasons that occurred, always in the same order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (SkipReason, u64)> {
        REASONS.iter().zip(self.0).filter(|(_, count)| *count > 0).map(|((reason, _), count)| (*reason, count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_stands_at_its_own_place() {
        for (place, (reason, name)) in REASONS.iter().enumerate() {
            assert_eq!(*reason as usize, place);
            assert_eq!(reason.name(), *name);
        }
    }
}
