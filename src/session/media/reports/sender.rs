//! Sender reports (RFC 3550, section 6.4.1): the sender's clocks beside the capture's, and its counts beside what was seen.

use super::model::{SenderView, SentInterval};
use super::round_trip::Passed;
use crate::moment::Moment;
use crate::session::media::line::Line;
use crate::session::media::model::Drift;
use crate::session::media::rate::USUAL_RATES;
use crate::session::media::stream::Tracked;
use crate::wire::rtcp::SenderReport;
use crate::wire::rtp::{NtpTimestamp, RtpTimestamp};

/// The time between the first and the last report from which a clock rate shows, and from which a drift does, in seconds.
const RATE_SPAN: f64 = 0.9;
const DRIFT_SPAN: f64 = 8.0;
/// Reports from which the drift of the sender's clock against the capture's shows, and the error up to which it is worth telling: the
/// network holds each of them up by another time.
const DRIFT_REPORTS: u64 = 5;
const DRIFT_ERROR: f64 = 100e-6;
/// How far the clock rate that reports state may be from a usual one, as a share.
const TOLERANCE: f64 = 0.01;
/// Ticks a second that no media has less, or more of: timestamps outside began anew.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 1_000.0..=1_000_000.0;

/// What the capture had seen of the stream when a report passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    packets: u64,
    octets: u64,
    expected: u64,
}

impl Seen {
    pub(super) fn of(stream: &Tracked) -> Self {
        let sequence = &stream.sequence;
        Self {
            packets: sequence.received + sequence.duplicates(),
            octets: stream.payload_bytes,
            expected: sequence.received + sequence.lost(),
        }
    }
}

/// What one report said.
#[derive(Debug, Clone, Copy)]
struct Point {
    moment: Moment,
    ntp: NtpTimestamp,
    rtp: RtpTimestamp,
    packets: u32,
    octets: u32,
}

/// The sender reports of one stream.
#[derive(Debug, Clone, Default)]
pub(super) struct SenderTrack {
    pub(super) reports: u64,
    pub(super) passed: Passed,
    first: Option<(Point, Seen)>,
    last: Option<(Point, Seen)>,
    /// Whether the first report counts no packet that the capture did not see, or see the gap of.
    pub(super) from_start: bool,
    /// Sent since the first report.
    packets: u64,
    octets: u64,
    /// The report from which the clocks are followed, and ticks since then.
    origin: Option<Point>,
    ticks: i64,
    clock: Line,
    /// The capture's time less the sender's, the least and the greatest, in nanoseconds.
    offset: Option<(i128, i128)>,
}

impl SenderTrack {
    pub(super) fn note(&mut self, moment: Moment, report: &SenderReport<'_>, seen: Seen) {
        self.reports += 1;
        let point = Point {
            moment,
            ntp: report.ntp_timestamp,
            rtp: report.rtp_timestamp,
            packets: report.packet_count,
            octets: report.octet_count,
        };
        // Zero stands for a sender without a clock.
        if point.ntp.0 != 0 {
            self.passed.note(point.ntp.middle(), moment.time);
            self.follow(point);
        }
        match self.last {
            None => {
                self.first = Some((point, seen));
                self.from_start = u64::from(point.packets) <= seen.expected;
            }
            Some((before, _)) => {
                self.packets += u64::from(point.packets.wrapping_sub(before.packets));
                self.octets += u64::from(point.octets.wrapping_sub(before.octets));
                if point.packets < before.packets && before.packets - point.packets < 1 << 31 {
                    // The sender counts anew.
                    self.first = Some((point, seen));
                    (self.packets, self.octets, self.from_start) = (0, 0, false);
                }
            }
        }
        self.last = Some((point, seen));
    }

    fn follow(&mut self, point: Point) {
        let offset = i128::from(point.moment.time.0) - point.ntp.unix_nanoseconds();
        let (least, greatest) = self.offset.unwrap_or((offset, offset));
        self.offset = Some((least.min(offset), greatest.max(offset)));
        if let (Some(origin), Some((before, _))) = (self.origin, self.last) {
            let elapsed = point.ntp.nanoseconds_since(before.ntp) as f64 / 1e9;
            let ticks = point.rtp.since(before.rtp);
            let plausible = elapsed > 0.0 && PLAUSIBLE.contains(&(f64::from(ticks) / elapsed));
            if plausible {
                self.ticks += i64::from(ticks);
                let x = point.moment.time.seconds_from(origin.moment.time);
                // What the sender's clock gains on the capture's: small numbers keep their digits.
                self.clock.add(x, point.ntp.nanoseconds_since(origin.ntp) as f64 / 1e9 - x);
                return;
            }
            // The same report twice says nothing new.
            if elapsed == 0.0 && ticks == 0 {
                return;
            }
        }
        self.origin = Some(point);
        self.ticks = 0;
        self.clock = Line::default();
        self.clock.add(0.0, 0.0);
    }

    /// Ticks of media a second of the sender's clock, and over how many seconds that was measured.
    fn measured_rate(&self) -> Option<(f64, f64)> {
        let (origin, (last, _)) = (self.origin?, self.last?);
        let span = last.ntp.nanoseconds_since(origin.ntp) as f64 / 1e9;
        (span >= RATE_SPAN).then(|| (self.ticks as f64 / span, span))
    }

    /// The usual clock rate that the reports state.
    pub(super) fn usual_rate(&self) -> Option<u32> {
        let (measured, _) = self.measured_rate()?;
        USUAL_RATES.into_iter().find(|rate| (measured / f64::from(*rate) - 1.0).abs() <= TOLERANCE)
    }

    fn media_drift(&self, rate: u32) -> Option<f64> {
        let (measured, span) = self.measured_rate()?;
        (span >= DRIFT_SPAN).then(|| (measured / f64::from(rate) - 1.0) * 1e6)
    }

    fn clock_drift(&self) -> Option<Drift> {
        let (origin, (last, _)) = (self.origin?, self.last?);
        let span = last.moment.time.seconds_from(origin.moment.time);
        let (slope, error) = (self.clock.slope()?, self.clock.error()?);
        let shows = span >= DRIFT_SPAN && self.reports >= DRIFT_REPORTS && error <= DRIFT_ERROR;
        shows.then_some(Drift { ppm: slope * 1e6, error_ppm: error * 1e6 })
    }

    fn interval(&self) -> Option<SentInterval> {
        let ((first, before), (last, seen)) = (self.first?, self.last?);
        if self.from_start {
            return Some(SentInterval {
                since: None,
                until: last.moment,
                packets_sent: u64::from(first.packets) + self.packets,
                packets_seen: seen.packets,
                octets_sent: u64::from(first.octets) + self.octets,
                octets_seen: seen.octets,
            });
        }
        (last.moment > first.moment).then(|| SentInterval {
            since: Some(first.moment),
            until: last.moment,
            packets_sent: self.packets,
            packets_seen: seen.packets.saturating_sub(before.packets),
            octets_sent: self.octets,
            octets_seen: seen.octets.saturating_sub(before.octets),
        })
    }

    /// What the reports came to, with the stream's clock rate.
    pub(super) fn view(&self, rate: Option<u32>) -> Option<SenderView> {
        let ((first, _), (last, _)) = (self.first?, self.last?);
        Some(SenderView {
            reports: self.reports,
            first: first.moment,
            last: last.moment,
            last_ntp: last.ntp,
            last_rtp: last.rtp,
            packets_sent: last.packets,
            octets_sent: last.octets,
            interval: self.interval(),
            clock_rate: self.measured_rate().map(|(rate, _)| rate),
            media_drift_ppm: rate.and_then(|rate| self.media_drift(rate)),
            clock_drift: self.clock_drift(),
            least_delay: self.offset.map(|(least, _)| least as f64 / 1e9),
            greatest_delay: self.offset.map(|(_, greatest)| greatest as f64 / 1e9),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2020-01-01 in seconds since 1900.
    const EPOCH: u64 = 3_786_825_600;

    fn report(second: f64, rate: f64, packets: u32) -> (Moment, SenderReport<'static>) {
        let unix = EPOCH - 2_208_988_800;
        let moment = Moment::new(1, unix as i64 * 1_000_000_000 + (second * 1e9) as i64);
        let ntp = NtpTimestamp((EPOCH << 32) + (second * 4_294_967_296.0) as u64);
        let rtp = RtpTimestamp(4_294_900_000_u32.wrapping_add((second * rate) as u32));
        (
            moment,
            SenderReport { ntp_timestamp: ntp, rtp_timestamp: rtp, packet_count: packets, ..SenderReport::default() },
        )
    }

    fn seen(packets: u64) -> Seen {
        Seen { packets, octets: 0, expected: packets }
    }

    #[test]
    fn a_clock_rate_shows_over_the_wrap_of_the_timestamps() {
        for rate in USUAL_RATES {
            let mut track = SenderTrack::default();
            for second in [0.0, 1.0, 2.0] {
                let (moment, report) = report(second, f64::from(rate), 1);
                track.note(moment, &report, seen(1));
            }
            assert_eq!(track.usual_rate(), Some(rate));
        }
        let mut track = SenderTrack::default();
        let (moment, report) = report(0.0, 8_000.0, 1);
        track.note(moment, &report, seen(1));
        assert_eq!(track.usual_rate(), None, "one report is no course");
    }

    #[test]
    fn clocks_that_drift_are_told_apart() {
        let mut track = SenderTrack::default();
        for second in 0..20 {
            let (_, report) = report(f64::from(second) * 1.0001, 90_000.0 * 1.000_05, 1);
            let (moment, _) = super::tests::report(f64::from(second), 0.0, 0);
            track.note(moment, &report, seen(1));
        }
        let view = track.view(Some(90_000)).unwrap();
        assert!((view.media_drift_ppm.unwrap() - 50.0).abs() < 2.0, "{view:?}");
        assert!((view.clock_drift.unwrap().ppm - 100.0).abs() < 1.0, "{view:?}");
    }

    #[test]
    fn counts_are_compared_over_what_both_have() {
        let mut track = SenderTrack::default();
        for (second, sent, got) in [(0.0, 1_000, 100), (5.0, 1_250, 340)] {
            let (moment, report) = report(second, 8_000.0, sent);
            track.note(moment, &report, seen(got));
        }
        let interval = track.view(None).unwrap().interval.unwrap();
        assert_eq!((interval.packets_sent, interval.packets_seen, interval.lost_before()), (250, 240, 10));
        assert!(interval.since.is_some());
        let mut track = SenderTrack::default();
        let (moment, report) = report(5.0, 8_000.0, 250);
        track.note(moment, &report, Seen { packets: 248, octets: 0, expected: 250 });
        let interval = track.view(None).unwrap().interval.unwrap();
        assert_eq!((interval.since, interval.lost_before()), (None, 2), "nothing was sent before the capture");
    }
}
