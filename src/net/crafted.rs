//! Frames made by hand, and a sink that remembers, for the tests of this room.

use super::{Datagram, IcmpError, Limits, Sink, SkipReason, Stack, TcpEvent, TcpWhat};
use crate::capture::{Frame, LinkType};
use crate::moment::Moment;

/// What a stack gave.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Frame, source, destination, payload and length of each datagram.
    pub(super) datagrams: Vec<(u64, String, String, Vec<u8>, usize)>,
    pub(super) errors: Vec<String>,
    /// Stream, source and event of each TCP event.
    pub(super) tcp: Vec<(u64, String, Told)>,
}

/// A TCP event without its lifetime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Opened,
    Bytes(Vec<u8>),
    Gap(u64),
    Closed,
    Reset,
}

impl Sink for Heard {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.datagrams.push((
            datagram.moment.frame.0,
            datagram.source.to_string(),
            datagram.destination.to_string(),
            datagram.payload.to_vec(),
            datagram.length,
        ));
    }

    fn icmp_error(&mut self, error: &IcmpError<'_>) {
        self.errors.push(format!(
            "{} {:?} {:?} {} {}>{} {:?}",
            error.reporter, error.kind, error.code, error.transport, error.source, error.destination, error.payload
        ));
    }

    fn tcp(&mut self, event: &TcpEvent<'_>) {
        let told = match event.what {
            TcpWhat::Opened => Told::Opened,
            TcpWhat::Bytes(bytes) => Told::Bytes(bytes.to_vec()),
            TcpWhat::Gap(length) => Told::Gap(length),
            TcpWhat::Closed => Told::Closed,
            TcpWhat::Reset => Told::Reset,
        };
        self.tcp.push((event.stream.0, event.source.to_string(), told));
    }
}

impl Heard {
    /// The bytes from `source` in order, gaps as so many question marks, neighbours joined.
    pub(super) fn bytes_from(&self, source: &str) -> Vec<u8> {
        let mut all = Vec::new();
        for (_, from, told) in &self.tcp {
            match told {
                Told::Bytes(bytes) if from == source => all.extend_from_slice(bytes),
                Told::Gap(length) if from == source => all.extend(std::iter::repeat_n(b'?', *length as usize)),
                _ => {}
            }
        }
        all
    }
}

/// A stack, and all that it gave.
#[derive(Debug, Default)]
pub(super) struct Bench {
    pub(super) stack: Stack,
    pub(super) heard: Heard,
    frames: u64,
    /// The time of the next frame in nanoseconds.
    pub(super) now: i64,
}

impl Bench {
    pub(super) fn with(limits: Limits) -> Self {
        Self { stack: Stack::new(limits), ..Self::default() }
    }

    /// A frame of raw IP.
    pub(super) fn ip(&mut self, packet: &[u8]) -> &mut Self {
        self.frame(LinkType::RAW, packet)
    }

    pub(super) fn frame(&mut self, link_type: LinkType, data: &[u8]) -> &mut Self {
        self.cut_frame(link_type, data, data.len())
    }

    /// A frame of which the capture kept less than the wire had.
    pub(super) fn cut_frame(&mut self, link_type: LinkType, data: &[u8], original_length: usize) -> &mut Self {
        self.frame_on(0, link_type, data, original_length)
    }

    pub(super) fn frame_on(
        &mut self,
        interface: u32,
        link_type: LinkType,
        data: &[u8],
        original_length: usize,
    ) -> &mut Self {
        self.frames += 1;
        let frame = Frame {
            moment: Moment::new(self.frames, self.now),
            link_type,
            interface,
            direction: None,
            original_length: original_length as u32,
            data,
        };
        self.stack.observe(&frame, &mut self.heard);
        self.now += 1_000_000;
        self
    }

    pub(super) fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.now += milliseconds * 1_000_000;
        self
    }

    pub(super) fn finish(&mut self) -> &mut Self {
        self.stack.finish(&mut self.heard);
        self
    }

    pub(super) fn skipped(&self) -> Vec<(SkipReason, u64)> {
        self.stack.skipped().collect()
    }

    pub(super) fn payloads(&self) -> Vec<&[u8]> {
        self.heard.datagrams.iter().map(|(_, _, _, payload, _)| payload.as_slice()).collect()
    }

    pub(super) fn frames_of_datagrams(&self) -> Vec<u64> {
        self.heard.datagrams.iter().map(|(frame, ..)| *frame).collect()
    }
}

/// An IPv4 packet from 192.0.2.1 to 192.0.2.2.
pub(super) fn ipv4(identification: u16, protocol: u8, payload: &[u8]) -> Vec<u8> {
    ipv4_fragment(identification, protocol, 0, false, payload)
}

/// `offset` in bytes.
pub(super) fn ipv4_fragment(identification: u16, protocol: u8, offset: usize, more: bool, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x45, 0];
    packet.extend(((payload.len() + 20) as u16).to_be_bytes());
    packet.extend(identification.to_be_bytes());
    packet.extend(((offset / 8) as u16 | u16::from(more) << 13).to_be_bytes());
    packet.extend([64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
    packet.extend(payload);
    packet
}

/// An IPv6 packet from 2001:db8::1 to 2001:db8::2.
pub(super) fn ipv6(next_header: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend((payload.len() as u16).to_be_bytes());
    packet.extend([next_header, 64]);
    for last in [1, 2] {
        packet.extend([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
    }
    packet.extend(payload);
    packet
}

/// A UDP datagram from port 1000 to port 2000.
pub(super) fn udp(payload: &[u8]) -> Vec<u8> {
    udp_stating(payload.len() as u16 + 8, payload)
}

/// The same with a length field of its own.
pub(super) fn udp_stating(length: u16, payload: &[u8]) -> Vec<u8> {
    let mut datagram = Vec::new();
    for field in [1000, 2000, length, 0] {
        datagram.extend(u16::to_be_bytes(field));
    }
    datagram.extend(payload);
    datagram
}

/// Ethernet II around `packet`.
pub(super) fn ethernet(ether_type: u16, packet: &[u8]) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    frame.extend(ether_type.to_be_bytes());
    frame.extend(packet);
    frame
}

pub(super) const SYN: u8 = 2;
pub(super) const FIN: u8 = 1;
pub(super) const RST: u8 = 4;
pub(super) const ACK: u8 = 16;

/// The client's end of the connections made here.
pub(super) const CLIENT: &str = "192.0.2.1:1000";
/// The server's end.
pub(super) const SERVER: &str = "192.0.2.2:2000";

/// A TCP segment from the client, in IPv4.
pub(super) fn from_client(flags: u8, sequence: u32, acknowledgment: u32, payload: &[u8]) -> Vec<u8> {
    segment(false, flags, sequence, acknowledgment, payload)
}

/// A TCP segment from the server, in IPv4.
pub(super) fn from_server(flags: u8, sequence: u32, acknowledgment: u32, payload: &[u8]) -> Vec<u8> {
    segment(true, flags, sequence, acknowledgment, payload)
}

fn segment(back: bool, flags: u8, sequence: u32, acknowledgment: u32, payload: &[u8]) -> Vec<u8> {
    let mut tcp = Vec::new();
    for port in if back { [2000_u16, 1000] } else { [1000, 2000] } {
        tcp.extend(port.to_be_bytes());
    }
    tcp.extend(sequence.to_be_bytes());
    tcp.extend(acknowledgment.to_be_bytes());
    tcp.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    tcp.extend(payload);
    let mut packet = ipv4(0, 6, &tcp);
    if back {
        packet[15] = 2;
        packet[19] = 1;
    }
    packet
}
