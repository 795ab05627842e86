//! What the capture had counted of a stream by a time, which lies somewhere in one of its bins.

use crate::moment::Timestamp;
use crate::session::media::{Bin, Pace};

/// A number that is known as well as bins allow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// At least so many.
    pub least: u64,
    /// By the time's place in its bin, as if that had been even.
    pub about: u64,
    /// At most so many.
    pub most: u64,
}

impl Bounds {
    /// How far the number may be from what it is about.
    #[must_use]
    pub fn uncertainty(self) -> u64 {
        self.most.saturating_sub(self.about).max(self.about.saturating_sub(self.least))
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            about: self.about.saturating_add(other.about),
            most: self.most.saturating_add(other.most),
        }
    }
}

/// What `of` counts in `pace` by `time`, where that may be off by `slack` nanoseconds.
pub(super) fn counted(pace: &Pace, time: Timestamp, slack: i64, of: fn(&Bin) -> u64) -> Bounds {
    let Some(start) = pace.start() else { return Bounds::default() };
    match pace.series() {
        Some(series) => {
            let bins = series.iter().map(|(second, bin)| (i64::from(*second), bin));
            within(bins, (start, 1_000_000_000), (time, slack), of)
        }
        None => {
            let width = i64::try_from(pace.width().as_nanos()).unwrap_or(i64::MAX).max(1);
            within((0..).zip(pace.bins()), (start, width), (time, slack), of)
        }
    }
}

/// The sum over `bins`, each with its place, of `width` from `start` on.
fn within<'a>(
    bins: impl Iterator<Item = (i64, &'a Bin)>,
    (start, width): (Timestamp, i64),
    (time, slack): (Timestamp, i64),
    of: fn(&Bin) -> u64,
) -> Bounds {
    let (early, late) = (time.0.saturating_sub(slack), time.0.saturating_add(slack));
    let mut sum = Bounds::default();
    for (place, bin) in bins {
        let begin = start.0.saturating_add(place.saturating_mul(width));
        if begin > late {
            break;
        }
        let end = begin.saturating_add(width);
        let all = of(bin);
        sum.most = sum.most.saturating_add(all);
        if end <= early {
            sum.least = sum.least.saturating_add(all);
        }
        sum.about = sum.about.saturating_add(part(all, time.0.saturating_sub(begin), width));
    }
    sum
}

/// The share of `all` in the first `into` of `width`.
fn part(all: u64, into: i64, width: i64) -> u64 {
    let into = u128::try_from(into.clamp(0, width)).unwrap_or(0);
    let width = u128::try_from(width).unwrap_or(1).max(1);
    u64::try_from((u128::from(all) * into + width / 2) / width).unwrap_or(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_as_large_as_the_time_that_went_by() {
        assert_eq!((part(50, 500, 1000), part(50, -3, 1000), part(50, 2000, 1000)), (25, 0, 50));
        assert_eq!(part(u64::MAX, i64::MAX, i64::MAX), u64::MAX);
    }

    #[test]
    fn bounds_add_up() {
        let one = Bounds { least: 1, about: 3, most: 4 };
        assert_eq!((one.plus(one).most, one.uncertainty()), (8, 2));
    }
}
