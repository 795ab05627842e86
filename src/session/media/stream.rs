//! One stream while its packets come: touched once for each of them, and nothing is allocated.

use std::sync::Arc;

use super::described::Described;
use super::extensions::{Extensions, Told};
use super::frames::Frames;
use super::jitter::Jitter;
use super::locator::ProfileFamily;
use super::model::{Discontinuity, DiscontinuityKind, Gap, RelayDelay, Silence};
use super::pace::{Bin, Pace};
use super::rate::{Course, jumped};
use super::reports::Journal;
use super::sequence::{Arrival, Sequence};
use crate::abbreviated::Abbreviated;
use crate::moment::{Moment, Timestamp};
use crate::path::{FlowId, Path, Side};
use crate::session::limits;
use crate::wire::rtp::payload::Codec;
use crate::wire::rtp::{Packet, PayloadType, RtpTimestamp, SequenceNumber, Ssrc};

/// Times of packets on the leg that had them first, to compare with the other one.
const RELAY_RING: usize = 256;
/// A stretch without packets that is worth a line, in seconds.
const SILENCE: f64 = 1.0;
/// Packets at the start of a stream that are compared with the timestamps of others.
const ECHOES: u64 = 64;
/// Consecutive numbers that make a source believed.
const BELIEVED: u8 = 3;

/// A payload type in use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    pub(super) payload_type: PayloadType,
    pub(super) packets: u64,
    pub(super) first: Moment,
    rate: Option<u32>,
    codec: Option<Codec>,
}

/// The packet before in the order of numbers.
#[derive(Debug, Clone, Copy)]
struct Before {
    moment: Moment,
    timestamp: RtpTimestamp,
}

/// A packet that is off the line, until the next one shows what it is.
#[derive(Debug, Clone, Copy)]
struct Held {
    header: u32,
    payload: u32,
}

/// Delay through a relay.
#[derive(Debug, Clone)]
struct RelayTimes {
    ring: [(u16, Timestamp); RELAY_RING],
    packets: u64,
    sum: f64,
    minimum: f64,
    maximum: f64,
}

/// One stream while its packets come.
#[derive(Debug)]
pub(super) struct Tracked {
    pub(super) ssrc: Ssrc,
    /// The path of each leg, in the order of those of the sequence.
    pub(super) paths: Vec<Path>,
    pub(super) sequence: Sequence,
    pub(super) first: Moment,
    pub(super) last: Moment,
    pub(super) header_bytes: u64,
    pub(super) payload_bytes: u64,
    pub(super) largest: u32,
    pub(super) fragmented: u64,
    pub(super) first_fragmented: Option<Moment>,
    pub(super) padded: u64,
    pub(super) padding_only: u64,
    pub(super) markers: u64,
    pub(super) uses: Vec<Use>,
    current: usize,
    before: Option<Before>,
    held: Option<Held>,
    streak: u8,
    /// Whether three numbers in a row came.
    pub(super) believed: bool,
    pub(super) jitter: Jitter,
    pub(super) course: Course,
    pub(super) frames: Frames,
    pub(super) pace: Pace,
    pub(super) extensions: Extensions,
    pub(super) gaps: Abbreviated<Gap>,
    pub(super) silences: Abbreviated<Silence>,
    pub(super) paused_seconds: f64,
    pub(super) discontinuities: Abbreviated<Discontinuity>,
    /// Ticks from one packet to the next, as most of them have it.
    step: Option<i32>,
    pub(super) dtx_gaps: u64,
    pub(super) key_frames: Abbreviated<Moment>,
    last_key: Option<RtpTimestamp>,
    pub(super) resolution: Option<(u32, u32)>,
    /// Whether payload headers were read, so that key frames would have shown.
    pub(super) payload_read: bool,
    relay: Option<Box<RelayTimes>>,
    /// Whether it is SRTP, as far as is known so far.
    pub(super) secure: Option<bool>,
    /// What its receiver and its sender describe, the receiver first: payload types are the receiver's.
    pub(super) described: [Option<Arc<Described>>; 2],
    /// The ICE session and the agent that sends it.
    pub(super) agent: Option<(usize, usize)>,
    /// The user fragments of its receiver and of its sender.
    pub(super) fragments: Option<[String; 2]>,
    /// Whether DTLS was seen on its flow.
    pub(super) dtls: bool,
    pub(super) family: Option<ProfileFamily>,
    /// Streams whose timestamps it repeated, and how often.
    echoes: [Option<(usize, u32)>; 2],
    /// Packets that begin with a number that was asked for again of another stream.
    pub(super) repeats: u64,
    /// Where its packets came last.
    pub(super) home: Option<(FlowId, Side)>,
    /// The place of its packets for transport-wide feedback.
    pub(super) log: Option<usize>,
    pub(super) journal: Journal,
}

impl Tracked {
    pub(super) fn new(moment: Moment, ssrc: Ssrc, with_series: bool) -> Self {
        let keep = limits::MEDIA_ENTRIES;
        Self {
            ssrc,
            paths: Vec::new(),
            sequence: Sequence::new(),
            first: moment,
            last: moment,
            header_bytes: 0,
            payload_bytes: 0,
            largest: 0,
            fragmented: 0,
            first_fragmented: None,
            padded: 0,
            padding_only: 0,
            markers: 0,
            uses: Vec::new(),
            current: 0,
            before: None,
            held: None,
            streak: 0,
            believed: false,
            jitter: Jitter::default(),
            course: Course::default(),
            frames: Frames::default(),
            pace: Pace::new(with_series),
            extensions: Extensions::default(),
            gaps: Abbreviated::new(keep),
            silences: Abbreviated::new(keep),
            paused_seconds: 0.0,
            discontinuities: Abbreviated::new(keep),
            step: None,
            dtx_gaps: 0,
            key_frames: Abbreviated::new(limits::KEY_FRAMES_KEPT),
            last_key: None,
            resolution: None,
            payload_read: false,
            relay: None,
            secure: None,
            described: [None, None],
            agent: None,
            fragments: None,
            dtls: false,
            family: None,
            echoes: [None; 2],
            repeats: 0,
            home: None,
            log: None,
            journal: Journal::default(),
        }
    }

    /// One more leg; gives its place.
    pub(super) fn add_leg(&mut self, path: Path) -> usize {
        self.paths.push(path);
        let leg = self.sequence.add_leg();
        if leg == 1 {
            let ring = [(0, Timestamp::default()); RELAY_RING];
            self.relay = Some(Box::new(RelayTimes { ring, packets: 0, sum: 0.0, minimum: f64::MAX, maximum: 0.0 }));
        }
        leg
    }

    /// What descriptions say, as far as they are known by now.
    pub(super) fn describe(&mut self, described: [Option<Arc<Described>>; 2]) {
        if described.iter().any(Option::is_some) {
            self.extensions.describe(|id| described.iter().flatten().find_map(|one| one.extension(id)));
        }
        self.described = described;
        for place in 0..self.uses.len() {
            let Some(payload_type) = self.uses.get(place).map(|used| used.payload_type) else { continue };
            let (rate, codec) = self.format(payload_type);
            if let Some(used) = self.uses.get_mut(place) {
                (used.rate, used.codec) = (rate, codec);
            }
        }
    }

    /// The clock rate and the payload header of a payload type.
    fn format(&self, payload_type: PayloadType) -> (Option<u32>, Option<Codec>) {
        let mid = self.extensions.mid.as_deref();
        let described = self.described.iter().flatten().find_map(|one| one.format(payload_type.0, mid));
        match described {
            Some((_, format)) => (Some(format.clock_rate), Codec::from_name(&format.encoding)),
            None => (payload_type.static_format().map(|format| format.clock_rate_hz), None),
        }
    }

    /// The clock rate of the format in use, where it is known.
    pub(super) fn rate(&self) -> Option<u32> {
        self.uses.get(self.current).and_then(|used| used.rate)
    }

    /// Whether the next packet should look again for a description: the first ones may come before it.
    pub(super) fn wants_description(&self) -> bool {
        self.described.iter().all(Option::is_none) && matches!(self.sequence.received, 1 | 8 | 64 | 512)
    }

    /// Takes a packet on `leg`.
    #[inline]
    pub(super) fn observe(&mut self, moment: Moment, packet: &Packet<'_>, leg: usize, reassembled: bool) -> Told {
        self.last = self.last.max(moment);
        let arrival = self.sequence.observe(moment, packet.sequence_number, leg);
        let header = packet.header_length() as u32;
        let payload = packet.wire_length.saturating_sub(packet.header_length()) as u32;
        let missing = match arrival {
            Arrival::Duplicate => return Told { again: true, ..Told::default() },
            Arrival::OtherLeg => {
                self.relayed(moment.time, packet.sequence_number);
                return Told::default();
            }
            Arrival::Stray => {
                self.streak = 0;
                self.held = Some(Held { header, payload });
                return Told::default();
            }
            Arrival::Restart => {
                self.restarted(moment);
                0
            }
            Arrival::Next { missing } => missing,
            Arrival::Late => 0,
        };
        let in_order = arrival != Arrival::Late;
        if let Some(relay) = &mut self.relay
            && let Some(slot) = relay.ring.get_mut(usize::from(packet.sequence_number.0) % RELAY_RING)
        {
            *slot = (packet.sequence_number.0, moment.time);
        }
        self.header_bytes += u64::from(header);
        self.payload_bytes += u64::from(payload);
        self.largest = self.largest.max(header + payload);
        self.markers += u64::from(packet.marker);
        self.padded += u64::from(packet.is_padded());
        if reassembled {
            self.fragmented += 1;
            self.first_fragmented.get_or_insert(moment);
        }
        self.note_payload_type(moment, packet.payload_type);
        let rate = self.rate();
        if in_order {
            self.streak = if missing == 0 { self.streak.saturating_add(1) } else { 1 };
            self.believed |= self.streak >= BELIEVED;
            self.in_order(moment, packet, missing, rate);
        }
        self.jitter.observe(moment.time, packet.timestamp, in_order);
        let begins = self.frames.observe(moment, packet.timestamp, payload, rate);
        let missing = u32::try_from(missing).unwrap_or(u32::MAX);
        let bytes = u64::from(header + payload);
        self.pace.add(moment.time, Bin { packets: 1, bytes, frames: u32::from(begins), missing });
        let told = self.extensions.observe(moment, packet);
        self.look_inside(moment, packet, told);
        Told { fresh: true, again: !in_order, ..told }
    }

    /// What follows from a packet and the one before it.
    fn in_order(&mut self, moment: Moment, packet: &Packet<'_>, missing: u64, rate: Option<u32>) {
        let timestamp = packet.timestamp;
        if let Some(before) = self.before {
            let elapsed = moment.time.seconds_from(before.moment.time);
            let step = timestamp.since(before.timestamp);
            if missing > 0 {
                self.gaps.push(Gap { moment, missing });
            }
            if elapsed >= SILENCE {
                self.silences.push(Silence { begin: before.moment, end: moment, missing });
                if missing == 0 {
                    self.paused_seconds += elapsed;
                }
            }
            if jumped(elapsed, step, rate) {
                self.jumped(moment, step);
            } else if missing == 0 && step > 0 {
                match self.step {
                    None => self.step = Some(step),
                    Some(usual) if step < usual => self.step = Some(step),
                    Some(usual) => self.dtx_gaps += u64::from(step > usual.saturating_mul(2)),
                }
            }
        }
        self.course.observe(moment, timestamp);
        self.before = Some(Before { moment, timestamp });
    }

    #[cold]
    fn jumped(&mut self, moment: Moment, ticks: i32) {
        self.discontinuities.push(Discontinuity { moment, kind: DiscontinuityKind::TimestampJump { ticks } });
        self.begin_anew();
    }

    #[cold]
    fn restarted(&mut self, moment: Moment) {
        self.discontinuities.push(Discontinuity { moment, kind: DiscontinuityKind::SequenceRestart });
        if let Some(held) = self.held.take() {
            self.header_bytes += u64::from(held.header);
            self.payload_bytes += u64::from(held.payload);
            if let Some(used) = self.uses.get_mut(self.current) {
                used.packets += 1;
            }
        }
        self.before = None;
        self.begin_anew();
    }

    fn begin_anew(&mut self) {
        let rate = self.rate();
        self.course.restart();
        self.jitter.resume();
        self.frames.finish(rate);
    }

    #[inline]
    fn note_payload_type(&mut self, moment: Moment, payload_type: PayloadType) {
        match self.uses.get_mut(self.current) {
            Some(used) if used.payload_type == payload_type => used.packets += 1,
            _ => self.other_payload_type(moment, payload_type),
        }
    }

    fn other_payload_type(&mut self, moment: Moment, payload_type: PayloadType) {
        let before = self.uses.get(self.current).map(|used| (used.payload_type, used.rate));
        if let Some(place) = self.uses.iter().position(|used| used.payload_type == payload_type) {
            self.current = place;
            if let Some(used) = self.uses.get_mut(place) {
                used.packets += 1;
            }
            return;
        }
        if self.uses.len() >= limits::PAYLOAD_TYPES {
            return;
        }
        let (rate, codec) = self.format(payload_type);
        self.current = self.uses.len();
        self.uses.push(Use { payload_type, packets: 1, first: moment, rate, codec });
        if let Some((from, _)) = before {
            let kind = DiscontinuityKind::PayloadTypeChange { from, to: payload_type };
            self.discontinuities.push(Discontinuity { moment, kind });
        }
        if before.is_some_and(|(_, before)| before != rate) {
            self.begin_anew();
        }
    }

    /// Key frames and layers: from the descriptor, and from the payload where it is in the clear.
    #[inline]
    fn look_inside(&mut self, moment: Moment, packet: &Packet<'_>, told: Told) {
        if told.key_frame {
            self.key_frame(moment, packet.timestamp, told.resolution);
        }
        if self.secure == Some(true) {
            return;
        }
        if packet.is_padded() && packet.payload().is_empty() {
            self.padding_only += 1;
            return;
        }
        let Some(codec) = self.uses.get(self.current).and_then(|used| used.codec) else { return };
        if let Ok(header) = codec.parse(packet.payload(), 0)
            && let Some(picture) = header.picture()
        {
            self.payload_read = true;
            self.extensions.layers.note(picture.spatial_layer, picture.temporal_layer);
            if picture.key_frame {
                self.key_frame(moment, packet.timestamp, picture.resolution);
            }
        }
    }

    fn key_frame(&mut self, moment: Moment, timestamp: RtpTimestamp, resolution: Option<(u32, u32)>) {
        if self.last_key != Some(timestamp) {
            self.last_key = Some(timestamp);
            self.key_frames.push(moment);
            if let Some(pages) = &mut self.journal.pages {
                pages.key_frames.key_frame(moment);
            }
        }
        self.resolution = resolution.or(self.resolution);
    }

    /// The packet is the copy of another leg.
    fn relayed(&mut self, time: Timestamp, number: SequenceNumber) {
        let Some(relay) = &mut self.relay else { return };
        if let Some((known, first)) = relay.ring.get(usize::from(number.0) % RELAY_RING)
            && *known == number.0
        {
            let seconds = time.since(*first).as_secs_f64();
            relay.packets += 1;
            relay.sum += seconds;
            relay.minimum = relay.minimum.min(seconds);
            relay.maximum = relay.maximum.max(seconds);
        }
    }

    /// How long the relay took.
    pub(super) fn relay_delay(&self) -> Option<RelayDelay> {
        let relay = self.relay.as_ref().filter(|relay| relay.packets > 0)?;
        Some(RelayDelay {
            packets: relay.packets,
            mean: relay.sum / relay.packets as f64,
            minimum: relay.minimum,
            maximum: relay.maximum,
        })
    }

    /// Whether it is not known yet whose retransmission it may be.
    #[inline]
    pub(super) fn may_echo(&self) -> bool {
        self.sequence.received <= ECHOES && self.described.iter().all(Option::is_none)
    }

    /// Whether a frame with this timestamp is coming or came lately.
    pub(super) fn has_timestamp(&self, timestamp: RtpTimestamp) -> bool {
        self.frames.has(timestamp)
    }

    /// Whether it is known by now that it repeats another stream.
    pub(super) fn retransmits(&self) -> bool {
        self.repeats * 2 >= self.sequence.received
            || self.echo().is_some()
            || self.uses.get(self.current).is_some_and(|used| used.codec == Some(Codec::Rtx))
    }

    /// Its packet has a timestamp that the stream at `place` has.
    pub(super) fn echoed(&mut self, place: usize) {
        let known = self.echoes.iter_mut().find(|echo| echo.is_none_or(|(known, _)| known == place));
        if let Some(echo) = known {
            let count = echo.map_or(0, |(_, count)| count);
            *echo = Some((place, count + 1));
        }
    }

    /// The stream whose timestamps most of its first packets repeat.
    pub(super) fn echo(&self) -> Option<usize> {
        let (place, count) = self.echoes.iter().flatten().max_by_key(|(_, count)| *count)?;
        let packets = self.sequence.received.min(ECHOES).saturating_sub(self.padded.min(ECHOES)).max(1);
        (*count >= 2 && u64::from(*count) * 2 > packets).then_some(*place)
    }

    /// The clock rate without a description: what the sender's reports state, else the course of the timestamps.
    pub(super) fn inferred_rate(&self) -> Option<u32> {
        self.journal.usual_rate().or_else(|| self.course.usual_rate())
    }

    pub(super) fn finish(&mut self) {
        let rate = self.rate().or_else(|| self.inferred_rate());
        self.sequence.finish();
        self.frames.finish(rate);
        self.pace.finish();
        self.extensions.finish();
    }
}
