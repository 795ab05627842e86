//! Bitrates that receivers ask for: REMB, and TMMBR with the notification that answers it.

use crate::abbreviated::Abbreviated;
use crate::moment::Moment;
use crate::session::limits;

/// A bitrate that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BitrateSample {
    /// When.
    pub moment: Moment,
    /// How much, in bit/s.
    pub bits_per_second: u64,
}

/// A bitrate over time, in bit/s.
#[derive(Debug, Clone, PartialEq)]
pub struct Bitrates {
    /// The least.
    pub minimum: u64,
    /// The greatest.
    pub maximum: u64,
    /// The first and the last ones.
    pub samples: Abbreviated<BitrateSample>,
}

impl Default for Bitrates {
    fn default() -> Self {
        Self { minimum: u64::MAX, maximum: 0, samples: Abbreviated::new(limits::REPORT_ENTRIES) }
    }
}

impl Bitrates {
    pub(super) fn add(&mut self, moment: Moment, bits_per_second: u128) {
        let bits_per_second = u64::try_from(bits_per_second).unwrap_or(u64::MAX);
        self.minimum = self.minimum.min(bits_per_second);
        self.maximum = self.maximum.max(bits_per_second);
        self.samples.push(BitrateSample { moment, bits_per_second });
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.samples.last().map(|sample| sample.bits_per_second)
    }
}
