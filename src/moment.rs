//! When something was seen: the number of its frame and the capture's time.
//!
//! Time here is always the capture's, never the clock's, so that the same capture gives the same report at any hour.

use std::fmt;
use std::time::Duration;

/// The number of a packet in its capture, counted from 1 as Wireshark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FrameNumber(pub u64);

impl fmt::Display for FrameNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Nanoseconds since the Unix epoch, as the capture states them.
///
/// The range is that of a 64-bit signed count, 1677 to 2262; a capture that states a time outside it is
/// held at the nearer end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The time from `earlier` to `self`; zero when the capture's clock went back in between.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Seconds from `start` to `self`, negative when `self` is earlier.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a 53-bit mantissa holds 104 days of nanoseconds")]
    pub fn seconds_from(self, start: Self) -> f64 {
        self.0.saturating_sub(start.0) as f64 / 1e9
    }

    /// The moment `wait` later, held at the end of the range.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(wait.as_nanos()).unwrap_or(i64::MAX)))
    }
}

/// A place in a capture: which frame, and when it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment {
    /// When.
    pub time: Timestamp,
    /// Which frame.
    pub frame: FrameNumber,
}

impl Moment {
    /// The moment of frame `number` at `nanoseconds` since the Unix epoch.
    #[must_use]
    pub const fn new(number: u64, nanoseconds: i64) -> Self {
        Self { time: Timestamp(nanoseconds), frame: FrameNumber(number) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_back_gives_no_negative_duration() {
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
        assert!((Timestamp(5).seconds_from(Timestamp(9)) + 4e-9).abs() < 1e-15);
    }

    #[test]
    fn arithmetic_saturates_at_both_ends() {
        assert_eq!(Timestamp(i64::MAX).after(Duration::from_secs(1)), Timestamp(i64::MAX));
        assert_eq!(Timestamp(i64::MIN).since(Timestamp(i64::MAX)), Duration::ZERO);
    }
}
