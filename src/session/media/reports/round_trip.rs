//! Round trips, split at the capture point.
//!
//! A receiver says how long it kept a sender report before it answered (DLSR; RFC 3550, section 6.4.1). The capture saw the sender report
//! pass and the answer pass: what remains between the two is the way from the capture point to the receiver and back, with no clock but
//! the capture's. Reports the other way give the other half in the same manner, and both together are the round trip.

use crate::moment::Timestamp;
use crate::wire::rtp::NtpMiddle;

/// Sender reports, or reference times, of one source that may still be answered. Answers name the last one that was heard; with a report
/// every second and ten seconds of delay this is enough.
const KEPT: usize = 16;
/// A round trip of more than that is none: the answer names another report by chance, or a clock was set.
const LONGEST: f64 = 60.0;
/// How far a round trip may be below zero by the grain of the receiver's clock (1/65536 s) and of its timer.
const GRAIN: f64 = 0.002;

/// A round trip over time, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RoundTrip {
    /// How often it was measured.
    pub measurements: u64,
    /// The last one.
    pub last: f64,
    /// The mean.
    pub mean: f64,
    /// The least.
    pub minimum: f64,
    /// The greatest.
    pub maximum: f64,
}

impl RoundTrip {
    /// Takes one in seconds; below zero, or beyond reason, it is none.
    pub(super) fn add(&mut self, seconds: f64) {
        if !(-GRAIN..=LONGEST).contains(&seconds) {
            return;
        }
        let seconds = seconds.max(0.0);
        self.minimum = if self.measurements == 0 { seconds } else { self.minimum.min(seconds) };
        self.maximum = self.maximum.max(seconds);
        self.measurements += 1;
        self.last = seconds;
        self.mean += (seconds - self.mean) / self.measurements as f64;
    }

    /// Both together; the last one is that of `other` where it has any.
    pub(super) fn with(self, other: Self) -> Self {
        let measurements = self.measurements + other.measurements;
        if self.measurements == 0 || other.measurements == 0 {
            return if self.measurements == 0 { other } else { self };
        }
        let sum = self.mean * self.measurements as f64 + other.mean * other.measurements as f64;
        Self {
            measurements,
            last: other.last,
            mean: sum / measurements as f64,
            minimum: self.minimum.min(other.minimum),
            maximum: self.maximum.max(other.maximum),
        }
    }

    /// Itself, where it was measured at all.
    pub(super) fn measured(self) -> Option<Self> {
        (self.measurements > 0).then_some(self)
    }
}

/// The round trip of a stream's path and its two halves.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RoundTrips {
    /// Between the capture point and the receiver.
    pub to_receiver: Option<RoundTrip>,
    /// Between the capture point and the sender.
    pub to_sender: Option<RoundTrip>,
}

impl RoundTrips {
    /// The whole: the sum of both halves, of the last ones, the means, the least and the greatest. Its measurements are those of the half
    /// with fewer. `None` where a half is not known.
    #[must_use]
    pub fn whole(&self) -> Option<RoundTrip> {
        let (one, other) = (self.to_receiver?, self.to_sender?);
        Some(RoundTrip {
            measurements: one.measurements.min(other.measurements),
            last: one.last + other.last,
            mean: one.mean + other.mean,
            minimum: one.minimum + other.minimum,
            maximum: one.maximum + other.maximum,
        })
    }
}

/// When the last reports with a time of one source passed the capture point.
#[derive(Debug, Clone, Default)]
pub(super) struct Passed {
    ring: [Option<(NtpMiddle, Timestamp)>; KEPT],
    next: usize,
}

impl Passed {
    pub(super) fn note(&mut self, middle: NtpMiddle, time: Timestamp) {
        if let Some(slot) = self.ring.get_mut(self.next % KEPT) {
            *slot = Some((middle, time));
            self.next = (self.next + 1) % KEPT;
        }
    }

    /// The round trip that an answer seen at `now` shows, which kept the report named `middle` for `delay` units of 1/65536 s.
    pub(super) fn round_trip(&self, middle: NtpMiddle, delay: u32, now: Timestamp) -> Option<f64> {
        if middle.0 == 0 {
            return None;
        }
        let (_, then) = self.ring.iter().flatten().find(|(known, _)| *known == middle)?;
        Some(now.seconds_from(*then) - f64::from(delay) / 65_536.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_trip_is_what_the_receiver_did_not_spend() {
        let mut passed = Passed::default();
        passed.note(NtpMiddle(7), Timestamp(1_000_000_000));
        let seconds = passed.round_trip(NtpMiddle(7), 65_536 / 2, Timestamp(1_580_000_000)).unwrap();
        assert!((seconds - 0.080).abs() < 1e-9, "{seconds}");
        assert_eq!(passed.round_trip(NtpMiddle(8), 0, Timestamp(2)), None);
        assert_eq!(passed.round_trip(NtpMiddle(0), 0, Timestamp(2)), None, "no report was heard");
    }

    #[test]
    fn only_the_last_reports_are_kept() {
        let mut passed = Passed::default();
        for number in 1..=KEPT as u32 + 1 {
            passed.note(NtpMiddle(number), Timestamp(0));
        }
        assert_eq!(passed.round_trip(NtpMiddle(1), 0, Timestamp(5)), None);
        assert!(passed.round_trip(NtpMiddle(2), 0, Timestamp(5)).is_some());
    }

    #[test]
    fn the_whole_needs_both_halves() {
        let mut half = RoundTrip::default();
        half.add(0.02);
        half.add(0.04);
        half.add(-1.0);
        let mut trips = RoundTrips { to_receiver: half.measured(), to_sender: None };
        assert_eq!(trips.whole(), None);
        trips.to_sender = half.measured();
        let whole = trips.whole().unwrap();
        assert_eq!((whole.measurements, whole.last), (2, 0.08));
        assert!((whole.mean - 0.06).abs() < 1e-12 && (half.with(half).mean - 0.03).abs() < 1e-12);
    }
}
