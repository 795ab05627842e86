//! NTP timestamps as RTP and RTCP carry them (RFC 3550 section 4).

use std::fmt;

/// Seconds from 1900, where NTP begins, to 1970.
const UNIX_EPOCH_S: i64 = 2_208_988_800;

/// Seconds since 1 January 1900 as a fixed point number of 32 and 32 bits, wrapping in 2036.
///
/// Not every sender has a wall clock: some count from their start, and zero means that the time is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct NtpTimestamp(pub u64);

/// The middle 32 bits of an [`NtpTimestamp`]: units of 1/65536 s, wrapping every 18 h 12 min.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct NtpMiddle(pub u32);

impl NtpTimestamp {
    /// The middle 32 bits, which receivers send back as LSR.
    #[must_use]
    pub fn middle(self) -> NtpMiddle {
        NtpMiddle((self.0 >> 16) as u32)
    }

    /// Nanoseconds since 1970. A time whose top bit is not set is of the era that begins in 2036 (RFC 4330 section 3),
    /// unless the sender counts from its own start.
    #[must_use]
    pub fn unix_nanoseconds(self) -> i128 {
        let seconds = i64::try_from(self.0 >> 32).unwrap_or_default();
        let era = if seconds < 1 << 31 { 1_i64 << 32 } else { 0 };
        let fraction = i128::from(self.0 & 0xFFFF_FFFF) * 1_000_000_000;
        i128::from(seconds + era - UNIX_EPOCH_S) * 1_000_000_000 + (fraction >> 32)
    }

    /// Nanoseconds from `earlier` to this, the shorter way round.
    #[must_use]
    pub fn nanoseconds_since(self, earlier: Self) -> i64 {
        let units = i128::from(self.0.wrapping_sub(earlier.0).cast_signed());
        ((units * 1_000_000_000) >> 32) as i64
    }
}

impl NtpMiddle {
    /// Units of 1/65536 s from `earlier` to this, the shorter way round.
    #[must_use]
    pub fn since(self, earlier: Self) -> i32 {
        self.0.wrapping_sub(earlier.0).cast_signed()
    }
}

impl fmt::Display for NtpTimestamp {
    /// Seconds since 1900 with six digits behind the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millionths = ((self.0 & 0xFFFF_FFFF) * 1_000_000) >> 32;
        write!(f, "{}.{millionths:06}", self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_meet_in_2036() {
        let last = NtpTimestamp(0xFFFF_FFFF_8000_0000);
        let first = NtpTimestamp(0x0000_0000_8000_0000);
        assert_eq!(first.unix_nanoseconds() - last.unix_nanoseconds(), 1_000_000_000);
        assert_eq!(first.nanoseconds_since(last), 1_000_000_000);
        assert_eq!(NtpTimestamp(2_208_988_800 << 32).unix_nanoseconds(), 0);
    }

    #[test]
    fn the_middle_wraps() {
        let before = NtpTimestamp(0x1234_FFFF_FFFF_0000);
        let after = NtpTimestamp(0x1235_0001_0000_0000);
        assert_eq!(after.middle().since(before.middle()), 0x1_0001);
    }
}
