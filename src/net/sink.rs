//! What leaves this room: datagrams, quoted packets and ordered bytes, handed to a [`Sink`] one by one.

use std::net::IpAddr;

use crate::moment::Moment;
use crate::path::{Endpoint, Transport};

/// One UDP datagram.
#[derive(Debug, Clone, Copy)]
pub struct Datagram<'a> {
    /// When; of a reassembled one, the last fragment.
    pub moment: Moment,
    /// Who sent it.
    pub source: Endpoint,
    /// Who was to get it.
    pub destination: Endpoint,
    /// Its payload as far as it was captured.
    pub payload: &'a [u8],
    /// The length of its payload on the wire, from the UDP or the IP header; at least `payload.len()`.
    pub length: usize,
    /// Whether it was put together from IP fragments.
    pub reassembled: bool,
}

/// An ICMP or ICMPv6 error and the packet that it quotes.
#[derive(Debug, Clone, Copy)]
pub struct IcmpError<'a> {
    /// When.
    pub moment: Moment,
    /// Who reports the error.
    pub reporter: IpAddr,
    /// What the error is.
    pub kind: IcmpKind,
    /// The ICMP type and code as they are on the wire.
    pub code: (u8, u8),
    /// The source of the quoted packet: who had sent it.
    pub source: Endpoint,
    /// The destination of the quoted packet: who never got it.
    pub destination: Endpoint,
    /// The transport of the quoted packet.
    pub transport: Transport,
    /// The payload of the quoted UDP datagram, as far as it is quoted and captured; empty for TCP.
    pub payload: &'a [u8],
}

/// The ICMP errors that matter to a call, IPv4 (RFC 792, RFC 1812) and IPv6 (RFC 4443) under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IcmpKind {
    /// No route to the network or the host.
    Unreachable,
    /// Nobody listens on the port.
    PortUnreachable,
    /// A filter forbids it.
    AdministrativelyProhibited,
    /// Larger than the path allows.
    PacketTooBig,
    /// The hop limit ran out.
    TimeExceeded,
    /// Another error.
    Other,
}

impl IcmpKind {
    /// What it says, in plain words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "host unreachable",
            Self::PortUnreachable => "port unreachable",
            Self::AdministrativelyProhibited => "administratively prohibited",
            Self::PacketTooBig => "packet too big",
            Self::TimeExceeded => "time exceeded",
            Self::Other => "other ICMP error",
        }
    }
}

/// One direction of a TCP connection, told in order. A connection seen again after its end is a new stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

/// Something that happened on one direction of a TCP connection.
#[derive(Debug, Clone, Copy)]
pub struct TcpEvent<'a> {
    /// When; of bytes that waited for a gap to fill, the frame that let them through.
    pub moment: Moment,
    /// The connection; both directions share it.
    pub stream: StreamId,
    /// Who sent it.
    pub source: Endpoint,
    /// Who was to get it.
    pub destination: Endpoint,
    /// What happened.
    pub what: TcpWhat<'a>,
}

/// What happened on one direction of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TcpWhat<'a> {
    /// The SYN was seen: bytes that follow are the first ones. Without it the capture began mid-stream.
    Opened,
    /// The next bytes, each once and in order.
    Bytes(&'a [u8]),
    /// So many bytes are missing for good (not captured, or given up on for the memory they would take); what follows comes
    /// after them.
    Gap(u64),
    /// This direction ended (FIN).
    Closed,
    /// The connection was reset (RST).
    Reset,
}

/// Who receives what the frames hold.
pub trait Sink {
    /// A UDP datagram.
    fn datagram(&mut self, datagram: &Datagram<'_>);
    /// An ICMP error.
    fn icmp_error(&mut self, error: &IcmpError<'_>);
    /// Something on a TCP connection.
    fn tcp(&mut self, event: &TcpEvent<'_>);
}
