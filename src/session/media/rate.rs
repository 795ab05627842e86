//! Clock rates of RTP timestamps: the usual ones, and which of them a stream has.

use std::time::Duration;

use super::line::Line;
use crate::moment::Moment;
use crate::wire::rtp::RtpTimestamp;

/// The usual clock rates in Hz: narrowband speech, wideband, AMR-WB+ and Siren, CD audio, Opus and its like, video (RFC 3551; RFC 7587).
/// Jitter is kept for all of them until it is known which one holds.
pub const USUAL_RATES: [u32; 6] = [8_000, 16_000, 32_000, 44_100, 48_000, 90_000];

/// Shorter streams show no rate: their first packets come in bursts.
const LEAST_SPAN: Duration = Duration::from_millis(400);
/// How far a measured rate may be from a usual one, as a share: a queue that fills moves a short stream by that.
const TOLERANCE: f64 = 0.06;
/// How far a timestamp may be from where the clock says it should be before it counts as a jump, in seconds.
const JUMP: f64 = 5.0;

/// The course of timestamps over the capture's time: a line is fitted to it as it grows.
///
/// Its slope is the clock rate as the capture's clock sees it, which tells the rate, and the drift of the sender's clock against the
/// capture's. One sample for each new timestamp, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Course {
    first: Option<(Moment, RtpTimestamp)>,
    last: Option<(Moment, RtpTimestamp)>,
    /// Ticks since the first one, unwrapped.
    ticks: i64,
    line: Line,
}

impl Course {
    /// Takes the timestamp of a packet that came in order; the same one again says nothing.
    #[inline]
    pub(super) fn observe(&mut self, moment: Moment, timestamp: RtpTimestamp) {
        let Some((first, _)) = self.first else {
            self.first = Some((moment, timestamp));
            self.last = self.first;
            self.line.add(0.0, 0.0);
            return;
        };
        let Some((_, before)) = self.last else { return };
        let step = timestamp.since(before);
        if step == 0 {
            return;
        }
        self.ticks += i64::from(step);
        self.last = Some((moment, timestamp));
        let x = moment.time.seconds_from(first.time);
        self.line.add(x, self.ticks as f64);
    }

    /// Begins anew behind a jump of the timestamps.
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }

    /// How long it has been followed.
    pub(super) fn span(&self) -> Duration {
        let (Some((first, _)), Some((last, _))) = (self.first, self.last) else { return Duration::ZERO };
        last.time.since(first.time)
    }

    /// Ticks a second as the capture's clock sees it; `None` where there are too few samples.
    pub(super) fn slope_hz(&self) -> Option<f64> {
        self.line.slope().filter(|slope| *slope > 0.0)
    }

    /// The standard error of the slope as a share of it.
    pub(super) fn slope_error(&self) -> Option<f64> {
        Some(self.line.error()? / self.slope_hz()?)
    }

    /// The usual rate that the course fits; `None` where it is too short, or fits none.
    pub(super) fn usual_rate(&self) -> Option<u32> {
        if self.span() < LEAST_SPAN {
            return None;
        }
        let slope = self.slope_hz()?;
        let off = |rate: u32| (slope / f64::from(rate) - 1.0).abs();
        let nearest = USUAL_RATES.into_iter().min_by(|one, other| off(*one).total_cmp(&off(*other)))?;
        (off(nearest) <= TOLERANCE).then_some(nearest)
    }
}

/// Whether a timestamp jumped: it is more than [`JUMP`] away from where every usual clock would have it.
#[inline]
pub(super) fn jumped(elapsed: f64, step: i32, known_rate: Option<u32>) -> bool {
    let step = f64::from(step);
    let near = |rate: u32| (step / f64::from(rate) - elapsed).abs() <= JUMP;
    // The slowest clock makes the longest time of a step, the fastest the shortest: between the two lies what is plausible.
    match known_rate {
        Some(rate) => !near(rate),
        None => {
            let (slowest, fastest) = (step / 8_000.0, step / 90_000.0);
            let (low, high) = (slowest.min(fastest), slowest.max(fastest));
            elapsed < low - JUMP || elapsed > high + JUMP
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(rate: f64, packets: u32, jitter: impl Fn(u32) -> f64) -> Course {
        let mut course = Course::default();
        for number in 0..packets {
            let second = f64::from(number) * 0.02;
            let at = Moment::new(1, ((second + jitter(number)) * 1e9) as i64);
            course.observe(at, RtpTimestamp(((second * rate) as u64 + 4_294_960_000) as u32));
        }
        course
    }

    #[test]
    fn a_rate_shows_in_the_course_of_timestamps_over_their_wrap() {
        for rate in USUAL_RATES {
            assert_eq!(course(f64::from(rate), 100, |number| f64::from(number % 3) * 0.004).usual_rate(), Some(rate));
        }
    }

    #[test]
    fn a_rate_that_nobody_uses_is_not_made_one_that_they_do() {
        assert_eq!(course(60_000.0, 100, |_| 0.0).usual_rate(), None);
        assert_eq!(course(48_000.0, 10, |_| 0.0).usual_rate(), None, "too short");
    }

    #[test]
    fn drift_shows_with_its_error() {
        let course = course(48_000.0 * 1.0005, 1000, |number| f64::from(number % 5) * 0.001);
        let slope = course.slope_hz().unwrap() / 48_000.0 - 1.0;
        assert!((slope - 0.0005).abs() < 3.0 * course.slope_error().unwrap() + 1e-5, "{slope}");
    }

    #[test]
    fn a_pause_is_no_jump_and_a_new_origin_is() {
        assert!(!jumped(30.0, 30 * 48_000, None));
        assert!(!jumped(30.0, 30 * 48_000, Some(48_000)));
        assert!(jumped(0.02, 1_000_000_000, None));
        assert!(jumped(0.02, -1_000_000_000, Some(8_000)));
    }
}
