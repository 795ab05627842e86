//! One captured packet.

use std::fmt;

use crate::moment::Moment;

/// The link-layer header type of a capture or an interface, as registered at
/// <https://www.tcpdump.org/linktypes.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// BSD loopback: a protocol family in the byte order of the machine that captured.
    pub const NULL: Self = Self(0);
    /// Ethernet.
    pub const ETHERNET: Self = Self(1);
    /// Raw IP, version by the first nibble.
    pub const RAW: Self = Self(101);
    /// OpenBSD loopback: a protocol family in network byte order.
    pub const LOOP: Self = Self(108);
    /// Linux cooked capture v1 (`-i any`).
    pub const LINUX_SLL: Self = Self(113);
    /// Raw IPv4.
    pub const IPV4: Self = Self(228);
    /// Raw IPv6.
    pub const IPV6: Self = Self(229);
    /// Linux cooked capture v2 (`-i any`), with an interface index.
    pub const LINUX_SLL2: Self = Self(276);

    /// The name that tcpdump gives it (`EN10MB`), `None` for a type without one here.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::NULL => "NULL",
            Self::ETHERNET => "EN10MB",
            // libpcap writes 12 or 14 for its DLT_RAW on some systems.
            Self::RAW | Self(12 | 14) => "RAW",
            Self::LOOP => "LOOP",
            Self::LINUX_SLL => "LINUX_SLL",
            Self::IPV4 => "IPV4",
            Self::IPV6 => "IPV6",
            Self::LINUX_SLL2 => "LINUX_SLL2",
            _ => return None,
        })
    }
}

impl fmt::Display for LinkType {
    /// The name, or the number where there is no name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => write!(f, "{}", self.0),
        }
    }
}

/// Which way a packet went, as the capturing interface saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Received by the interface.
    Inbound,
    /// Sent by the interface.
    Outbound,
}

/// One captured packet. The bytes are borrowed from the reader and live until the next one is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Its number and its time.
    pub moment: Moment,
    /// What its first bytes are.
    pub link_type: LinkType,
    /// The interface it was seen on: the number of its interface block in pcapng, 0 in pcap.
    pub interface: u32,
    /// Which way it went, where the file says so (pcapng flags).
    pub direction: Option<Direction>,
    /// Its length on the wire; more than `data` holds when the capture cut it (snaplen).
    pub original_length: u32,
    /// The bytes that were captured.
    pub data: &'a [u8],
}
