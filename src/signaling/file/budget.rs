//! What may still be kept of a file.

use crate::signaling::Limits;

/// Bytes of descriptions that a log may leave out and mean, in all. 64 MiB: a few bytes can stand for a long text.
const COPIED: usize = 64 * 1024 * 1024;

/// What is left of the bounds of one file.
#[derive(Debug)]
pub(super) struct Budget {
    connections: usize,
    entries: usize,
    series: usize,
    samples: usize,
    copied: usize,
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
            copied: COPIED,
            omitted: 0,
            skipped: 0,
        }
    }

    /// Whether one more connection may be kept.
    pub(super) fn connection(&mut self) -> bool {
        take(&mut self.connections, 1, &mut self.omitted)
    }

    /// Whether one more signal or event may be kept.
    pub(super) fn entry(&mut self) -> bool {
        take(&mut self.entries, 1, &mut self.omitted)
    }

    /// Whether one more series may be kept.
    pub(super) fn series(&mut self) -> bool {
        take(&mut self.series, 1, &mut self.omitted)
    }

    /// Whether a text of this length may stand where it was left out.
    pub(super) fn copy(&mut self, length: usize) -> bool {
        take(&mut self.copied, length, &mut self.omitted)
    }

    /// Whether no more values may be kept.
    pub(super) const fn is_full(&self) -> bool {
        self.samples == 0
    }

    /// Whether one more value may be kept.
    pub(super) fn sample(&mut self) -> bool {
        take(&mut self.samples, 1, &mut self.omitted)
    }
}

fn take(left: &mut usize, count: usize, omitted: &mut u64) -> bool {
    match left.checked_sub(count) {
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
