//! RTP timestamps (RFC 3550 section 5.1): 32 bits of a clock whose rate the payload type gives.

use std::fmt;

/// The sampling instant of the first byte of a payload, in ticks of the payload's clock; wraps after 2³² of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RtpTimestamp(pub u32);

impl RtpTimestamp {
    /// The time `ticks` later.
    #[must_use]
    pub fn plus(self, ticks: u32) -> Self {
        Self(self.0.wrapping_add(ticks))
    }

    /// How many ticks this is after `earlier`, the shorter way round.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        self.0.wrapping_sub(earlier.0).cast_signed()
    }

    /// Whether this is after `other` on the shorter way round.
    #[must_use]
    pub fn is_after(self, other: Self) -> bool {
        self.since(other) > 0
    }

    /// The place on a line without wraps that has this value and is nearest to `reference`.
    #[must_use]
    pub fn extended(self, reference: i64) -> i64 {
        reference.saturating_add(i64::from(self.since(Self(reference as u32))))
    }
}

impl fmt::Display for RtpTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_over_the_wrap() {
        let before = RtpTimestamp(u32::MAX - 99);
        assert_eq!(before.plus(160).since(before), 160);
        assert_eq!(before.since(before.plus(160)), -160);
        assert!(before.plus(160).is_after(before));
    }

    #[test]
    fn a_line_without_wraps() {
        assert_eq!(RtpTimestamp(5).extended(i64::from(u32::MAX)), i64::from(u32::MAX) + 6);
    }
}
