//! Feedback about the arrival of every packet, joined to the packets that it is about: transport-wide (draft-holmer-rmcat-transport-wide-cc-
//! extensions-01) by the number in a header extension, RFC 8888 by source and sequence number.
//!
//! When a packet passes the capture point, its number, its time and its size are kept. When the feedback passes, the difference between two
//! arrivals less the difference between two passings is how much longer the second packet took from the capture point to the receiver:
//! *delay variation*, without a clock in common. Where it goes on growing, a queue fills.

use crate::moment::{Moment, Timestamp};
use crate::session::limits;
use crate::session::media::line::Line;
use crate::wire::rtp::SequenceNumber;

/// Packets that are remembered: at 2000 a second, one second, which feedback takes less than.
const RING: usize = 2_048;
/// Feedback about a packet that passed longer ago than that, in seconds, is about another one with its number.
const LONGEST: f64 = 30.0;
/// Packets that one feedback is read about: more are not remembered.
pub(super) const STATUSES: usize = RING;

/// What is known of a packet's arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Unknown,
    Lost,
    Received,
}

/// A packet that passed.
#[derive(Debug, Clone, Copy)]
pub(in crate::session::media) struct Sent {
    /// Its number.
    pub(in crate::session::media) number: SequenceNumber,
    /// When it passed.
    pub(in crate::session::media) time: Timestamp,
    /// Its bytes of RTP.
    pub(in crate::session::media) size: u32,
    /// The place of its stream.
    pub(in crate::session::media) stream: u32,
}

/// Feedback about packets, and what follows from it. Times are of the way from the capture point to the receiver.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct FeedbackStatistics {
    /// Feedback packets.
    pub feedbacks: u64,
    /// Feedback packets missing by their count (transport-wide only).
    pub feedbacks_missing: u64,
    /// The first of them.
    pub first: Option<Moment>,
    /// The last of them.
    pub last: Option<Moment>,
    /// Packets reported received, each once.
    pub received: u64,
    /// Their bytes of RTP.
    pub received_bytes: u64,
    /// Packets reported missing, and not received later.
    pub lost: u64,
    /// Packets reported received before one with a lower number.
    pub late: u64,
    /// Statuses of packets that the capture did not see, or no longer remembers.
    pub unknown: u64,
    /// Packets received with a mark of congestion (ECN-CE; RFC 8888 only).
    pub congestion_marks: u64,
    /// The mean of the delay variation from one packet to the next without its sign, in seconds.
    pub mean_delay_variation: Option<f64>,
    /// The greatest, in seconds.
    pub max_delay_variation: Option<f64>,
    /// The greatest delay less the least, in seconds; the drift of the clocks is in it.
    pub delay_range: Option<f64>,
    /// How fast the delay grew over all, in seconds a second; the drift of the clocks is in it.
    pub delay_trend: Option<f64>,
}

impl FeedbackStatistics {
    /// The mean time between two feedback packets, in seconds.
    #[must_use]
    pub fn interval(&self) -> Option<f64> {
        let steps = self.feedbacks.checked_sub(1).filter(|steps| *steps > 0)?;
        Some(self.last?.time.seconds_from(self.first?.time) / steps as f64)
    }
}

/// Transport-wide feedback of one direction, and its share about one stream.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TransportFeedback {
    /// About all packets of the direction.
    pub direction: FeedbackStatistics,
    /// About the packets of the stream. Feedback packets count that say anything of it.
    pub stream: FeedbackStatistics,
}

/// Counts of one stream, or of all.
#[derive(Debug, Clone, Default)]
struct Tally {
    counts: FeedbackStatistics,
    /// The packet before that arrived: when it passed and when it arrived, in nanoseconds.
    before: Option<(i64, i64)>,
    origin: Option<(i64, i64)>,
    variations: u64,
    variation_sum: f64,
    range: Option<(f64, f64)>,
    line: Line,
}

impl Tally {
    fn feedback(&mut self, moment: Moment) {
        if self.counts.last == Some(moment) {
            return;
        }
        self.counts.feedbacks += 1;
        self.counts.first.get_or_insert(moment);
        self.counts.last = Some(moment);
    }

    fn arrived(&mut self, sent: i64, arrival: Option<i64>, size: u32) {
        self.counts.received += 1;
        self.counts.received_bytes += u64::from(size);
        let Some(arrival) = arrival else { return };
        let (first_sent, first_arrival) = *self.origin.get_or_insert((sent, arrival));
        let passed = sent.saturating_sub(first_sent) as f64 / 1e9;
        let delay = arrival.saturating_sub(first_arrival) as f64 / 1e9 - passed;
        self.line.add(passed, delay);
        let (least, greatest) = self.range.unwrap_or((delay, delay));
        self.range = Some((least.min(delay), greatest.max(delay)));
        if let Some((before_sent, before_arrival)) = self.before.replace((sent, arrival)) {
            let between = arrival.saturating_sub(before_arrival);
            self.counts.late += u64::from(between < 0);
            let variation = between.saturating_sub(sent.saturating_sub(before_sent)) as f64 / 1e9;
            self.variations += 1;
            self.variation_sum += variation.abs();
            let most = self.counts.max_delay_variation.unwrap_or(0.0);
            self.counts.max_delay_variation = Some(most.max(variation.abs()));
        }
    }

    fn statistics(&self) -> FeedbackStatistics {
        FeedbackStatistics {
            mean_delay_variation: (self.variations > 0).then(|| self.variation_sum / self.variations as f64),
            delay_range: self.range.map(|(least, greatest)| greatest - least),
            delay_trend: self.line.slope(),
            ..self.counts
        }
    }
}

/// The packets of one direction, or of one stream, that feedback may be about.
#[derive(Debug, Clone, Default)]
pub(in crate::session::media) struct FeedbackLog {
    ring: Vec<Option<(Sent, Fate)>>,
    all: Tally,
    streams: Vec<(u32, Tally)>,
    count: Option<u8>,
    /// The receiver's clock, unwrapped: what it said last, and what it stands for.
    clock: Option<(u32, i64)>,
}

impl FeedbackLog {
    pub(in crate::session::media) fn new() -> Self {
        Self { ring: vec![None; RING], ..Self::default() }
    }

    /// No packets follow: those that are remembered are not needed any more.
    /// Gives whether there were any.
    pub(in crate::session::media) fn close(&mut self) -> bool {
        !std::mem::take(&mut self.ring).is_empty()
    }

    /// A packet passes.
    #[inline]
    pub(in crate::session::media) fn note(&mut self, sent: Sent) {
        if let Some(slot) = self.ring.get_mut(usize::from(sent.number.0) % RING) {
            *slot = Some((sent, Fate::Unknown));
        }
    }

    /// A feedback packet passes; `count` is its own number where it has one.
    pub(super) fn feedback(&mut self, moment: Moment, count: Option<u8>) {
        self.all.feedback(moment);
        if let Some(count) = count {
            let step = self.count.map_or(1, |before| count.wrapping_sub(before));
            // A step back is one that was overtaken: it was counted as missing, and is not.
            if (1..128).contains(&step) {
                self.all.counts.feedbacks_missing += u64::from(step - 1);
                self.count = Some(count);
            } else if step != 0 {
                self.all.counts.feedbacks_missing = self.all.counts.feedbacks_missing.saturating_sub(1);
            }
        }
    }

    /// The receiver's clock of `bits` bits says `now`, in a unit of its own: unwrapped in the same unit, from the first time on.
    pub(super) fn unwrap(&mut self, now: u32, bits: u32) -> i64 {
        let Some((before, whole)) = self.clock else {
            self.clock = Some((now, 0));
            return 0;
        };
        let shift = 32_u32.saturating_sub(bits);
        let step = i64::from((now.wrapping_sub(before) << shift).cast_signed() >> shift);
        let whole = whole.saturating_add(step);
        self.clock = Some((now, whole));
        whole
    }

    /// Statuses that were not looked at.
    pub(super) fn pass_over(&mut self, statuses: u64) {
        self.all.counts.unknown += statuses;
    }

    /// What a feedback says of one packet: whether it arrived, when on the receiver's clock in nanoseconds, and whether it was marked.
    pub(super) fn status(
        &mut self,
        moment: Moment,
        number: SequenceNumber,
        received: bool,
        arrival: Option<i64>,
        marked: bool,
    ) {
        let slot = self.ring.get_mut(usize::from(number.0) % RING).and_then(Option::as_mut);
        let known = slot
            .filter(|(sent, _)| sent.number == number && (0.0..LONGEST).contains(&moment.time.seconds_from(sent.time)));
        let Some((sent, fate)) = known else {
            self.all.counts.unknown += 1;
            return;
        };
        let (sent, before) = (*sent, *fate);
        match (before, received) {
            (Fate::Received, _) | (Fate::Lost, false) => return,
            (_, true) => *fate = Fate::Received,
            (Fate::Unknown, false) => *fate = Fate::Lost,
        }
        let place = match self.streams.iter().position(|(stream, _)| *stream == sent.stream) {
            Some(place) => Some(place),
            None if self.streams.len() >= limits::STREAMS_PER_DIRECTION => None,
            None => {
                self.streams.push((sent.stream, Tally::default()));
                Some(self.streams.len() - 1)
            }
        };
        let mut own = place.and_then(|place| self.streams.get_mut(place)).map(|(_, tally)| tally);
        if let Some(tally) = &mut own {
            tally.feedback(moment);
        }
        for tally in [Some(&mut self.all), own].into_iter().flatten() {
            if received {
                tally.counts.lost -= u64::from(before == Fate::Lost);
                tally.counts.congestion_marks += u64::from(marked);
                tally.arrived(sent.time.0, arrival, sent.size);
            } else {
                tally.counts.lost += 1;
            }
        }
    }

    /// About all packets; `None` without feedback.
    pub(super) fn all(&self) -> Option<FeedbackStatistics> {
        (self.all.counts.feedbacks > 0).then(|| self.all.statistics())
    }

    /// About those of one stream.
    pub(super) fn of_stream(&self, place: usize) -> Option<TransportFeedback> {
        let (_, tally) = self.streams.iter().find(|(stream, _)| usize::try_from(*stream) == Ok(place))?;
        Some(TransportFeedback { direction: self.all()?, stream: tally.statistics() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    /// Two streams in turns, a packet every ten milliseconds from number 65500 on; feedback about ten at once, `delay` milliseconds each.
    fn log(packets: u16, lost: impl Fn(u16) -> bool, delay: impl Fn(u16) -> i64) -> FeedbackLog {
        let mut log = FeedbackLog::new();
        let number = |place: u16| SequenceNumber(place.wrapping_add(65_500));
        for place in 0..packets {
            let time = Timestamp(i64::from(place) * 10 * MS);
            log.note(Sent { number: number(place), time, size: 100, stream: u32::from(place % 2) });
            if place % 10 == 9 {
                let now = Moment::new(u64::from(place), i64::from(place) * 10 * MS + 60 * MS);
                log.feedback(now, Some((place / 10) as u8));
                for reported in place - 9..=place {
                    let arrival = i64::from(reported) * 10 * MS + delay(reported) * MS;
                    log.status(now, number(reported), !lost(reported), Some(arrival), false);
                }
            }
        }
        log
    }

    #[test]
    fn feedback_is_joined_to_its_packets_over_the_wrap() {
        let log = log(100, |place| place == 33, |_| 20);
        let all = log.all().unwrap();
        assert_eq!((all.feedbacks, all.feedbacks_missing, all.received, all.lost, all.unknown), (10, 0, 99, 1, 0));
        assert_eq!((all.received_bytes, all.late), (9_900, 0));
        assert!((all.interval().unwrap() - 0.1).abs() < 1e-9);
        assert_eq!((all.max_delay_variation, all.delay_range), (Some(0.0), Some(0.0)));
        let odd = log.of_stream(1).unwrap();
        assert_eq!((odd.stream.received, odd.stream.lost, odd.stream.feedbacks), (49, 1, 10));
        assert_eq!(log.of_stream(2), None);
    }

    #[test]
    fn a_queue_that_fills_shows_as_a_trend() {
        // One millisecond more for each packet: a tenth of a second a second.
        let all = log(100, |_| false, i64::from).all().unwrap();
        assert!((all.delay_trend.unwrap() - 0.1).abs() < 1e-9, "{all:?}");
        assert!((all.mean_delay_variation.unwrap() - 0.001).abs() < 1e-9);
        assert!((all.delay_range.unwrap() - 0.099).abs() < 1e-9);
    }

    #[test]
    fn a_packet_that_was_missing_and_came_is_not_lost() {
        let mut log = FeedbackLog::new();
        let number = SequenceNumber(5);
        log.note(Sent { number, time: Timestamp(0), size: 1, stream: 0 });
        log.status(Moment::new(2, 50 * MS), number, false, None, false);
        log.status(Moment::new(3, 90 * MS), number, true, Some(7), true);
        log.status(Moment::new(4, 95 * MS), number, true, Some(7), true);
        let counts = log.all.counts;
        assert_eq!((counts.received, counts.lost, counts.congestion_marks), (1, 0, 1));
    }

    #[test]
    fn what_was_not_seen_is_unknown() {
        let mut log = FeedbackLog::new();
        log.status(Moment::new(1, 0), SequenceNumber(5), true, Some(7), false);
        log.note(Sent { number: SequenceNumber(5), time: Timestamp(0), size: 1, stream: 0 });
        log.status(Moment::new(1, 60_000 * MS), SequenceNumber(5), true, Some(7), false);
        log.status(Moment::new(1, 10), SequenceNumber(5 + RING as u16), true, Some(7), false);
        assert_eq!((log.all.counts.unknown, log.all.counts.received), (3, 0));
    }

    #[test]
    fn feedback_that_is_missing_shows_by_its_count_over_the_wrap() {
        let mut log = FeedbackLog::new();
        for (at, count) in [(1, 253), (2, 254), (3, 1), (4, 0), (5, 2)] {
            log.feedback(Moment::new(at, at as i64), Some(count));
        }
        assert_eq!(log.all.counts.feedbacks_missing, 1, "255; 0 was overtaken by 1");
    }

    #[test]
    fn a_clock_of_24_bits_goes_on_over_its_wrap() {
        let mut log = FeedbackLog::new();
        assert_eq!([0xFF_FFFE, 1, 0, 0x10].map(|now| log.unwrap(now, 24)), [0, 3, 2, 18]);
    }
}
