//! The layers one over the other.

use etherparse::IpNumber;

use super::clock::{Clock, ClockWentBack};
use super::copy::{Copies, Sightings, Verdict};
use super::fragment::{Fragments, Whole};
use super::ip::{self, Packet};
use super::link::{self, Seen};
use super::skip::Skipped;
use super::tcp::{Connections, Segment};
use super::udp;
use super::{Datagram, Limits, Sink, SkipReason, icmp};
use crate::capture::Frame;
use crate::moment::{FrameNumber, Moment, Timestamp};
use crate::path::Endpoint;

/// Takes frames, gives what they carry.
///
/// ```
/// use rtcscope::capture::Frame;
/// use rtcscope::net::{Limits, Sink, Stack};
///
/// fn observe_all(frames: &[Frame<'_>], sink: &mut impl Sink) {
///     let mut stack = Stack::new(Limits::default());
///     for frame in frames {
///         stack.observe(frame, sink);
///     }
///     stack.finish(sink);
///     for (reason, packets) in stack.skipped() {
///         println!("{packets} packets skipped: {reason}");
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Stack {
    clock: Clock,
    sightings: Sightings,
    fragments: Fragments,
    connections: Connections,
    skipped: Skipped,
    truncated_packets: u64,
    first_truncated: Option<FrameNumber>,
    tcp_segments: u64,
}

impl Default for Stack {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Stack {
    /// A stack that remembers as much as `limits` allow.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            clock: Clock::default(),
            sightings: Sightings::new(limits),
            fragments: Fragments::new(limits),
            connections: Connections::new(limits),
            skipped: Skipped::default(),
            truncated_packets: 0,
            first_truncated: None,
            tcp_segments: 0,
        }
    }

    /// Takes one frame apart and gives `sink` what it completes.
    ///
    /// What `sink` is given comes in the order of the frames, with one exception: a packet seen twice within a few
    /// milliseconds at one place may be held for up to a second of the capture, until it is known whether the capture made the
    /// copy; if it did not, it is given late, with the moment of its own frame.
    #[inline]
    pub fn observe(&mut self, frame: &Frame<'_>, sink: &mut impl Sink) {
        self.clock.observe(frame);
        if frame.data.len() < frame.original_length as usize {
            self.truncated_packets += 1;
            self.first_truncated.get_or_insert(frame.moment.frame);
        }
        if self.sightings.holds() {
            self.release(Some(frame.moment.time), sink);
        }
        if let Err(reason) = self.take_apart(frame, sink) {
            self.skipped.add(reason, 1);
        }
    }

    /// Link and IP.
    #[inline]
    fn take_apart(&mut self, frame: &Frame<'_>, sink: &mut impl Sink) -> Result<(), SkipReason> {
        let (packet, seen) = unwrap(frame)?;
        match self.sightings.observe(frame, &packet, seen) {
            Verdict::Packet => self.pass_on(frame.moment, &packet, sink),
            Verdict::Copy | Verdict::Held => Ok(()),
        }
    }

    /// Passes on packets that were held and are no copies.
    #[cold]
    fn release(&mut self, now: Option<Timestamp>, sink: &mut impl Sink) {
        while let Some(held) = self.sightings.release(now) {
            let frame = held.frame();
            if let Err(reason) = unwrap(&frame).and_then(|(packet, _)| self.pass_on(frame.moment, &packet, sink)) {
                self.skipped.add(reason, 1);
            }
        }
    }

    #[inline]
    fn pass_on(&mut self, moment: Moment, packet: &Packet<'_>, sink: &mut impl Sink) -> Result<(), SkipReason> {
        match packet.fragment {
            None => self.deliver(moment, packet, sink),
            Some(_) => self.reassemble(moment, packet, sink),
        }
    }

    #[cold]
    fn reassemble(&mut self, moment: Moment, packet: &Packet<'_>, sink: &mut impl Sink) -> Result<(), SkipReason> {
        let Some(fragment) = packet.fragment else { return Ok(()) };
        let whole = self.fragments.observe(moment, packet, fragment);
        self.count_incomplete();
        let Some(Whole { protocol, bytes, length }) = whole? else { return Ok(()) };
        let mut packet =
            Packet { protocol, fragment: None, payload: &bytes, length, on_wire: length, reassembled: true, ..*packet };
        if packet.source.is_ipv6() {
            ip::skip_extensions(&mut packet)?;
        }
        self.deliver(moment, &packet, sink)
    }

    fn count_incomplete(&mut self) {
        match self.fragments.take_given_up() {
            0 => {}
            fragments => self.skipped.add(SkipReason::IpFragmentIncomplete, fragments),
        }
    }

    /// What is over IP.
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
                    reassembled: packet.reassembled,
                });
            }
            IpNumber::TCP => {
                self.tcp_segments += 1;
                self.connections.observe(moment, &Segment::parse(packet)?, sink);
            }
            IpNumber::ICMP | IpNumber::IPV6_ICMP => sink.icmp_error(&icmp::parse(moment, packet)?),
            other => return Err(not_transport(other)),
        }
        Ok(())
    }

    /// Tells `sink` what was waiting for more, at the end of the capture.
    pub fn finish(&mut self, sink: &mut impl Sink) {
        self.release(None, sink);
        self.fragments.finish();
        self.count_incomplete();
        self.connections.finish(sink);
    }

    /// How many packets went no further, by reason, in an order that does not change.
    pub fn skipped(&self) -> impl Iterator<Item = (SkipReason, u64)> {
        self.skipped.iter()
    }

    /// How many packets are copies of others that the capture made itself. They are not given to the sink.
    #[must_use]
    pub fn copies(&self) -> u64 {
        self.sightings.copies.packets
    }

    /// The same, with how they were recognised.
    #[must_use]
    pub fn copy_evidence(&self) -> Copies {
        self.sightings.copies
    }

    /// How many packets the capture cut (snaplen).
    #[must_use]
    pub fn truncated_packets(&self) -> u64 {
        self.truncated_packets
    }

    /// The first packet that the capture cut.
    #[must_use]
    pub fn first_truncated(&self) -> Option<FrameNumber> {
        self.first_truncated
    }

    /// How many TCP segments there were.
    #[must_use]
    pub fn tcp_segments(&self) -> u64 {
        self.tcp_segments
    }

    /// How often the capture's clock went back.
    #[must_use]
    pub fn clock_went_back(&self) -> ClockWentBack {
        self.clock.went_back
    }
}

/// Takes link and IP off a frame.
#[inline]
fn unwrap<'a>(frame: &Frame<'a>) -> Result<(Packet<'a>, Seen), SkipReason> {
    let linked = link::parse(frame)?;
    let header_length = frame.data.len() - linked.payload.len();
    let wire_length = (frame.original_length as usize).saturating_sub(header_length);
    let packet = ip::parse(linked.network, linked.payload, wire_length)?;
    Ok((packet, linked.seen))
}

#[cold]
fn not_transport(protocol: IpNumber) -> SkipReason {
    match protocol {
        IpNumber::IGMP => SkipReason::Igmp,
        IpNumber::GRE => SkipReason::Gre,
        IpNumber::IPV4 | IpNumber::IPV6 => SkipReason::IpInIp,
        IpNumber::ENCAPSULATING_SECURITY_PAYLOAD => SkipReason::Esp,
        IpNumber::SCTP => SkipReason::Sctp,
        _ => SkipReason::OtherIpProtocol,
    }
}
