//! The layers one over the other.

use etherparse::IpNumber;

use super::ip::{self, Packet};
use super::link;
use super::skip::Skipped;
use super::udp;
use super::{Datagram, Limits, Sink, SkipReason};
use crate::capture::Frame;
use crate::moment::Moment;
use crate::path::Endpoint;

/// Takes frames, gives what they carry.
#[derive(Debug)]
pub struct Stack {
    skipped: Skipped,
    truncated_packets: u64,
}

impl Default for Stack {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Stack {
    /// A stack that remembers as much as `limits` allow.
    #[must_use]
    pub fn new(_limits: Limits) -> Self {
        Self { skipped: Skipped::default(), truncated_packets: 0 }
    }

    /// Takes one frame apart and gives `sink` what it completes.
    #[inline]
    pub fn observe(&mut self, frame: &Frame<'_>, sink: &mut impl Sink) {
        self.truncated_packets += u64::from(frame.data.len() < frame.original_length as usize);
        if let Err(reason) = self.take_apart(frame, sink) {
            self.skipped.add(reason, 1);
        }
    }

    #[inline]
    fn take_apart(&mut self, frame: &Frame<'_>, sink: &mut impl Sink) -> Result<(), SkipReason> {
        let linked = link::parse(frame)?;
        let header_length = frame.data.len() - linked.payload.len();
        let wire_length = (frame.original_length as usize).saturating_sub(header_length);
        let packet = ip::parse(linked.network, linked.payload, wire_length)?;
        self.deliver(frame.moment, &packet, sink)
    }

    #[inline]
    fn deliver(&mut self, moment: Moment, packet: &Packet<'_>, sink: &mut impl Sink) -> Result<(), SkipReason> {
        match packet.protocol {
            IpNumber::UDP => {
                let udp = udp::parse(packet.payload, packet.length)?;
                sink.datagram(&Datagram {
                    moment,
                    source: Endpoint::new(packet.source, udp.source),
                    destination: Endpoint::new(packet.destination, udp.destination),
                    payload: udp.payload,
                    length: udp.length,
                });
                Ok(())
            }
            _ => Err(SkipReason::OtherIpProtocol),
        }
    }

    /// Tells `sink` what was waiting for more, at the end of the capture.
    pub fn finish(&mut self, _sink: &mut impl Sink) {}

    /// How many packets went no further, by reason, in an order that does not change.
    pub fn skipped(&self) -> impl Iterator<Item = (SkipReason, u64)> {
        self.skipped.iter()
    }

    /// How many packets the capture cut (snaplen).
    #[must_use]
    pub fn truncated_packets(&self) -> u64 {
        self.truncated_packets
    }
}
