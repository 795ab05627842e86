//! How a stream went over time, in bins that widen as it lasts; and second by second where that was asked for.

use std::time::Duration;

use crate::moment::Timestamp;

/// Bins of a stream: a sparkline has no more. When they are full, two become one.
const BINS: usize = 60;
/// The width of a bin at first, and of an entry of the series.
const SECOND: i64 = 1_000_000_000;

/// What went by in one stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bin {
    /// Packets, each number once.
    pub packets: u32,
    /// Bytes of those RTP packets, headers too.
    pub bytes: u64,
    /// Frames begun: new timestamps.
    pub frames: u32,
    /// Numbers that were missing when a later one came. What came late is among them.
    pub missing: u32,
}

impl Bin {
    fn add(&mut self, other: Self) {
        self.packets = self.packets.saturating_add(other.packets);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.frames = self.frames.saturating_add(other.frames);
        self.missing = self.missing.saturating_add(other.missing);
    }
}

/// How a stream went over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    start: Option<Timestamp>,
    width: i64,
    bins: Vec<Bin>,
    second: i64,
    current: Bin,
    fastest: Bin,
    series: Option<Vec<(u32, Bin)>>,
}

impl Pace {
    pub(super) fn new(with_series: bool) -> Self {
        Self {
            start: None,
            width: SECOND,
            bins: Vec::new(),
            second: 0,
            current: Bin::default(),
            fastest: Bin::default(),
            series: with_series.then(Vec::new),
        }
    }

    /// Takes what one packet adds.
    #[inline]
    pub(super) fn add(&mut self, time: Timestamp, what: Bin) {
        let start = *self.start.get_or_insert(time);
        let since = time.0.saturating_sub(start.0).max(0);
        let second = since / SECOND;
        if second != self.second {
            self.turn(second);
        }
        self.current.add(what);
    }

    /// The running second is over.
    fn turn(&mut self, next: i64) {
        let done = std::mem::take(&mut self.current);
        if done.bytes > self.fastest.bytes {
            self.fastest = done;
        }
        while self.second.saturating_mul(SECOND) / self.width >= BINS as i64 {
            self.widen();
        }
        let place = usize::try_from(self.second.saturating_mul(SECOND) / self.width).unwrap_or(0);
        if self.bins.len() <= place {
            self.bins.resize(place + 1, Bin::default());
        }
        if let Some(bin) = self.bins.get_mut(place) {
            bin.add(done);
        }
        if let Some(series) = &mut self.series
            && let Ok(second) = u32::try_from(self.second)
            && done.packets > 0
        {
            // The last one, but where the clock went back.
            match series.binary_search_by_key(&second, |(second, _)| *second) {
                Ok(place) => series.get_mut(place).into_iter().for_each(|(_, entry)| entry.add(done)),
                Err(place) => series.insert(place, (second, done)),
            }
        }
        self.second = next;
    }

    fn widen(&mut self) {
        for place in 0..self.bins.len().div_ceil(2) {
            let mut both = self.bins.get(place * 2).copied().unwrap_or_default();
            both.add(self.bins.get(place * 2 + 1).copied().unwrap_or_default());
            if let Some(bin) = self.bins.get_mut(place) {
                *bin = both;
            }
        }
        self.bins.truncate(self.bins.len().div_ceil(2));
        self.width = self.width.saturating_mul(2);
    }

    pub(super) fn finish(&mut self) {
        self.turn(self.second);
    }

    /// When it began.
    #[must_use]
    pub const fn start(&self) -> Option<Timestamp> {
        self.start
    }

    /// The width of a bin.
    #[must_use]
    pub fn width(&self) -> Duration {
        Duration::from_nanos(self.width.unsigned_abs())
    }

    /// The bins, the first one from the first packet on; sixty at most.
    #[must_use]
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// The second with the most bytes.
    #[must_use]
    pub const fn fastest_second(&self) -> Bin {
        self.fastest
    }

    /// Each second that had packets, counted from the first packet on, where that was asked for.
    #[must_use]
    pub fn series(&self) -> Option<&[(u32, Bin)]> {
        self.series.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_widen_and_keep_their_sums() {
        let mut pace = Pace::new(true);
        for second in 0..1000_i64 {
            pace.add(Timestamp(second * SECOND + 5), Bin { packets: 2, bytes: 100, frames: 1, missing: 0 });
        }
        pace.finish();
        assert_eq!((pace.width(), pace.bins().len()), (Duration::from_secs(32), 32));
        assert_eq!(pace.bins().iter().map(|bin| bin.bytes).sum::<u64>(), 100_000);
        assert_eq!(pace.series().map(<[_]>::len), Some(1000));
        assert_eq!(pace.fastest_second().packets, 2);
    }

    #[test]
    fn seconds_without_packets_take_no_room() {
        let mut pace = Pace::new(true);
        for second in [0, 1_000_000, 5, 1_000_000] {
            pace.add(Timestamp(second * SECOND), Bin { packets: 1, ..Bin::default() });
        }
        pace.finish();
        let seconds: Vec<_> = pace.series().unwrap().iter().map(|(second, bin)| (*second, bin.packets)).collect();
        assert_eq!(seconds, [(0, 1), (5, 1), (1_000_000, 2)]);
    }

    #[test]
    fn a_clock_that_goes_back_stays_in_the_first_bin() {
        let mut pace = Pace::new(false);
        pace.add(Timestamp(9), Bin { packets: 1, ..Bin::default() });
        pace.add(Timestamp(3), Bin { packets: 1, ..Bin::default() });
        pace.finish();
        assert_eq!(pace.bins().iter().map(|bin| bin.packets).collect::<Vec<_>>(), [2]);
    }
}
