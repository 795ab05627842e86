//! From the ticks of a capture to nanoseconds since the Unix epoch.

use crate::moment::Timestamp;

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

/// The time of a pcap record: whole seconds and microseconds or nanoseconds.
#[inline]
pub(super) fn of_record(seconds: u32, fraction: u32, nanoseconds: bool) -> Timestamp {
    let fraction = i64::from(fraction) * if nanoseconds { 1 } else { 1_000 };
    // The greatest sum is 2^32 · 10^9 + 2^32 · 10^3, well below 2^63.
    Timestamp(i64::from(seconds) * SECOND + fraction)
}

/// How a pcapng interface counts time: the options `if_tsresol` and `if_tsoffset`
/// (draft-ietf-opsawg-pcapng, section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    resolution: Resolution,
    /// Nanoseconds to add.
    offset: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resolution {
    /// A tick is this many nanoseconds.
    Nanoseconds(u64),
    /// So many ticks are a nanosecond.
    PerNanosecond(u64),
    /// A tick is the 2^n-th part of a second.
    BinaryFraction(u32),
}

impl Default for Clock {
    /// Microseconds, which is what an interface without the option counts in.
    fn default() -> Self {
        Self { resolution: Resolution::Nanoseconds(1_000), offset: 0 }
    }
}

impl Clock {
    /// The clock of an interface.
    ///
    /// `resolution` has its top bit clear for a negative power of 10 and set for one of 2; `offset` counts seconds.
    pub(super) fn new(resolution: u8, offset: i64) -> Self {
        let power = u32::from(resolution & 0x7f);
        let resolution = if resolution & 0x80 != 0 {
            Resolution::BinaryFraction(power)
        } else if power <= 9 {
            Resolution::Nanoseconds(10_u64.pow(9 - power))
        } else {
            // Where the number has no room in 64 bits, as many ticks do not make a nanosecond: 0 stands for that.
            Resolution::PerNanosecond(10_u64.checked_pow(power - 9).unwrap_or(0))
        };
        Self { resolution, offset: offset.saturating_mul(SECOND) }
    }

    /// The time after `ticks`.
    #[inline]
    pub(super) fn time(self, ticks: u64) -> Timestamp {
        let nanoseconds = match self.resolution {
            Resolution::Nanoseconds(each) => ticks.saturating_mul(each),
            Resolution::PerNanosecond(many) => ticks.checked_div(many).unwrap_or(0),
            Resolution::BinaryFraction(power) => {
                // 2^64 · 10^9 is below 2^94.
                let whole = (u128::from(ticks) * 1_000_000_000).checked_shr(power).unwrap_or(0);
                u64::try_from(whole).unwrap_or(u64::MAX)
            }
        };
        Timestamp(i64::try_from(nanoseconds).unwrap_or(i64::MAX).saturating_add(self.offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten() {
        assert_eq!(Clock::default().time(1_500_000).0, 1_500_000_000);
        assert_eq!(Clock::new(0, 0).time(7).0, 7_000_000_000);
        assert_eq!(Clock::new(3, 0).time(7_001).0, 7_001_000_000);
        assert_eq!(Clock::new(9, 0).time(7).0, 7);
        assert_eq!(Clock::new(12, 0).time(7_999).0, 7);
    }

    #[test]
    fn powers_of_two() {
        assert_eq!(Clock::new(0x80, 0).time(3).0, 3_000_000_000);
        assert_eq!(Clock::new(0x80 | 10, 0).time(1536).0, 1_500_000_000);
        assert_eq!(Clock::new(0x80 | 32, 0).time(1 << 31).0, 500_000_000);
    }

    #[test]
    fn the_offset_counts_seconds_and_may_be_negative() {
        assert_eq!(Clock::new(6, 1_000).time(1).0, 1_000_000_001_000);
        assert_eq!(Clock::new(6, -1).time(2_000_000).0, 1_000_000_000);
    }

    #[test]
    fn absurd_resolutions_hold_the_time_inside_its_range() {
        for resolution in 0..=255 {
            for ticks in [0, 1, u64::MAX] {
                for offset in [0, i64::MIN, i64::MAX] {
                    let _ = Clock::new(resolution, offset).time(ticks);
                }
            }
        }
        assert_eq!(Clock::new(127, 0).time(u64::MAX).0, 0);
        assert_eq!(Clock::new(0, 0).time(u64::MAX).0, i64::MAX);
        assert_eq!(Clock::new(0xff, 0).time(u64::MAX).0, 0);
    }
}
