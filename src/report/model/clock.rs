//! The capture's clock: moments as seconds since its first packet.

use std::time::Duration;

use crate::moment::{Moment, Timestamp};

/// The clock of one capture, which starts at its first packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    start: Timestamp,
}

impl Clock {
    /// A clock that starts at `first`; a capture without packets has nothing to time.
    #[must_use]
    pub fn new(first: Option<Timestamp>) -> Self {
        Self { start: first.unwrap_or_default() }
    }

    /// Seconds from the start to `moment`; negative where the capture's clock went back behind its start.
    #[must_use]
    pub fn time(self, moment: Moment) -> f64 {
        self.at(moment.time)
    }

    /// Seconds from the start to `timestamp`.
    #[must_use]
    pub fn at(self, timestamp: Timestamp) -> f64 {
        timestamp.seconds_from(self.start)
    }
}

/// A duration in seconds, to the nanosecond.
pub(super) fn seconds(duration: Duration) -> f64 {
    Timestamp(0).after(duration).seconds_from(Timestamp(0))
}

/// A timestamp in RFC 3339, in UTC, to the last digit that is not zero.
pub(super) fn rfc3339(timestamp: Timestamp) -> Option<String> {
    jiff::Timestamp::from_nanosecond(i128::from(timestamp.0)).ok().map(|time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_count_from_the_first_packet() {
        let clock = Clock::new(Some(Timestamp(1_000_000_000)));
        assert_eq!(clock.time(Moment::new(3, 1_048_000_001)).to_string(), "0.048000001");
        assert_eq!(clock.time(Moment::new(3, 900_000_000)).to_string(), "-0.1");
    }

    #[test]
    fn timestamps_are_rfc_3339_in_utc() {
        assert_eq!(rfc3339(Timestamp(1_795_236_333_888_000_000)).as_deref(), Some("2026-11-21T04:45:33.888Z"));
        assert!(rfc3339(Timestamp(i64::MAX)).is_some() && rfc3339(Timestamp(i64::MIN)).is_some());
    }

    #[test]
    fn durations_keep_their_nanoseconds() {
        assert_eq!(seconds(Duration::from_nanos(1_200_003)).to_string(), "0.001200003");
    }
}
