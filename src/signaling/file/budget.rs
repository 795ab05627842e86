//! What may still be kept of a file.

use crate::signaling::Limits;

/// What is left of the bounds of one file.
#[derive(Debug)]
pub(super) struct Budget {
    connections: usize,
    entries: usize,
    series: usize,
    samples: usize,
    /// What was not kept.
    pub(super) omitted: u64,
    /// What was not understood.
    pub(super) skipped: u64,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            connections: limits.file_connections,
            entries: limits.file_entries,
            series: limits.file_series,
            samples: limits.file_samples,
            omitted: 0,
            skipped: 0,
        }
    }

    /// Whether one more connection may be kept.
    pub(super) fn connection(&mut self) -> bool {
        take(&mut self.connections, &mut self.omitted)
    }

    /// Whether one more signal or event may be kept.
    pub(super) fn entry(&mut self) -> bool {
        take(&mut self.entries, &mut self.omitted)
    }

    /// Whether one more series may be kept.
    pub(super) fn series(&mut self) -> bool {
        take(&mut self.series, &mut self.omitted)
    }

    /// Whether no more values may be kept.
    pub(super) const fn is_full(&self) -> bool {
        self.samples == 0
    }

    /// Whether one more value may be kept.
    pub(super) fn sample(&mut self) -> bool {
        take(&mut self.samples, &mut self.omitted)
    }
}

fn take(left: &mut usize, omitted: &mut u64) -> bool {
    match left.checked_sub(1) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => {
            *omitted += 1;
            false
        }
    }
}
