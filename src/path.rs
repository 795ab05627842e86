//! Where something went: transport addresses, directed paths and undirected flows.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, SocketAddr};

/// A transport address without its protocol: an IP address and a port.
///
/// Unlike [`SocketAddr`] it carries no flow label and no scope, so that one address is one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The IP address.
    pub address: IpAddr,
    /// The port, 0 where the protocol has none.
    pub port: u16,
}

impl Endpoint {
    /// The endpoint at `address` and `port`.
    #[must_use]
    pub const fn new(address: IpAddr, port: u16) -> Self {
        Self { address, port }
    }
}

impl Endpoint {
    /// Address and port as one number for IPv4, which most packets have; `None` for IPv6.
    #[inline]
    pub(crate) fn as_number(self) -> Option<u64> {
        match self.address {
            IpAddr::V4(address) => Some(u64::from(u32::from(address)) << 16 | u64::from(self.port)),
            IpAddr::V6(_) => None,
        }
    }
}

impl Ord for Endpoint {
    /// By address, IPv4 first, then by port: the derived order, but one comparison of numbers on the path of every packet.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.as_number(), other.as_number()) {
            (Some(one), Some(two)) => one.cmp(&two),
            _ => (self.address, self.port).cmp(&(other.address, other.port)),
        }
    }
}

impl PartialOrd for Endpoint {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Endpoint {
    /// One or two writes instead of the derived five.
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        match (self.as_number(), self.address) {
            (Some(small), _) => state.write_u64(small),
            (None, IpAddr::V4(_)) => {}
            (None, IpAddr::V6(address)) => {
                state.write_u128(u128::from(address));
                state.write_u16(self.port);
            }
        }
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self::new(address.ip(), address.port())
    }
}

impl fmt::Display for Endpoint {
    /// `192.0.2.1:3478`, `[2001:db8::1]:3478` (RFC 5952, section 6).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SocketAddr::new(self.address, self.port).fmt(f)
    }
}

/// The transport protocol that carried something at the capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// UDP, datagram by datagram.
    Udp,
    /// TCP, a stream of bytes with a framing of its own.
    Tcp,
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
        })
    }
}

/// The relay that a datagram is inside of at the capture: the two ends of the connection between a TURN client and
/// its server. The datagram itself goes between the relayed transport address and the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relay {
    /// The client of the allocation.
    pub client: Endpoint,
    /// The TURN server.
    pub server: Endpoint,
    /// What carries the client's connection.
    pub transport: Transport,
}

/// A directed path: who sent to whom, over what, and inside which relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The sender.
    pub source: Endpoint,
    /// The receiver.
    pub destination: Endpoint,
    /// The transport between the two.
    pub transport: Transport,
    /// The relay whose client connection the capture saw this in, `None` when it was seen in the open.
    pub relay: Option<Relay>,
}

impl Path {
    /// A path seen in the open.
    #[must_use]
    pub const fn direct(source: Endpoint, destination: Endpoint, transport: Transport) -> Self {
        Self { source, destination, transport, relay: None }
    }

    /// The way back.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { source: self.destination, destination: self.source, ..self }
    }

    /// The flow this path belongs to, and whether the path runs from its second end to its first.
    #[must_use]
    #[inline]
    pub fn flow(self) -> (Flow, Side) {
        if self.source <= self.destination {
            (Flow { ends: [self.source, self.destination], transport: self.transport, relay: self.relay }, Side::First)
        } else {
            (Flow { ends: [self.destination, self.source], transport: self.transport, relay: self.relay }, Side::Second)
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", self.source, self.destination)?;
        if let Some(relay) = self.relay {
            write!(f, " via {}", relay.server)?;
        }
        Ok(())
    }
}

/// One of the two ends of a [`Flow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The end whose address sorts first.
    First,
    /// The other end.
    Second,
}

impl Side {
    /// 0 or 1, to index a pair of counters.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::First => 0,
            Self::Second => 1,
        }
    }

    /// The end across.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// An undirected path: both directions between two endpoints are one flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// The two ends, sorted.
    pub ends: [Endpoint; 2],
    /// The transport between the two.
    pub transport: Transport,
    /// The relay it is inside of at the capture.
    pub relay: Option<Relay>,
}

impl Hash for Flow {
    /// Without the length prefix and the discriminants that a derived one writes: this is on the path of every packet.
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [first, second] = self.ends;
        first.hash(state);
        second.hash(state);
        state.write_u8(self.transport as u8);
        if let Some(relay) = self.relay {
            relay.client.hash(state);
            relay.server.hash(state);
        }
    }
}

/// A small number that stands for a [`Flow`] for as long as it is remembered.
///
/// The room `flow` hands it out, so that the rooms above can keep what they know of a flow in a plain list instead of
/// looking five-tuples up again for every packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub u32);

impl FlowId {
    /// The number as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(text: &str) -> Endpoint {
        text.parse::<SocketAddr>().unwrap().into()
    }

    #[test]
    fn both_directions_are_one_flow() {
        let there = Path::direct(endpoint("192.0.2.1:5000"), endpoint("192.0.2.9:3478"), Transport::Udp);
        assert_eq!(there.flow().0, there.reversed().flow().0);
        assert_eq!(there.flow().1, there.reversed().flow().1.other());
    }

    #[test]
    fn addresses_print_as_uris_write_them() {
        assert_eq!(endpoint("192.0.2.1:3478").to_string(), "192.0.2.1:3478");
        assert_eq!(endpoint("[2001:db8::1]:3478").to_string(), "[2001:db8::1]:3478");
    }
}
