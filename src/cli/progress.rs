//! A bar on standard error for work that lasts.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How long work may last before a person is told how far it got.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far a capture has been read.
pub(super) struct Progress {
    wanted: bool,
    begun: Instant,
    length: Option<u64>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// For a capture of `length` bytes. There is none where standard error is no terminal, or `quiet` asks for none.
    pub(super) fn new(length: Option<u64>, quiet: bool) -> Self {
        Self { wanted: !quiet && io::stderr().is_terminal(), begun: Instant::now(), length, bar: None }
    }

    /// `position` bytes have been read.
    pub(super) fn tell(&mut self, position: u64) {
        if !self.wanted || (self.bar.is_none() && self.begun.elapsed() < PATIENCE) {
            return;
        }
        let length = self.length;
        self.bar.get_or_insert_with(|| bar(length)).set_position(position);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(length: Option<u64>) -> ProgressBar {
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), "{wide_bar} {bytes} of {total_bytes}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
