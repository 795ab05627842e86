//! A capture's clock that goes back.

use std::time::Duration;

use crate::capture::Frame;
use crate::moment::{Moment, Timestamp};

/// How often a frame is older than the one before it: the capturing machine's clock was set, or several interfaces or
/// files were merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClockWentBack {
    /// How often.
    pub times: u64,
    /// The first frame that is older than the one before it.
    pub first: Option<Moment>,
    /// The largest step back.
    pub largest: Duration,
}

/// The clock as it was read last.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    previous: Option<Timestamp>,
    pub(super) went_back: ClockWentBack,
}

impl Clock {
    #[inline]
    pub(super) fn observe(&mut self, frame: &Frame<'_>) {
        let now = frame.moment.time;
        if let Some(previous) = self.previous.replace(now)
            && now < previous
        {
            self.step_back(frame.moment, previous.since(now));
        }
    }

    #[cold]
    fn step_back(&mut self, moment: Moment, step: Duration) {
        let went_back = &mut self.went_back;
        went_back.times = went_back.times.saturating_add(1);
        went_back.first.get_or_insert(moment);
        went_back.largest = went_back.largest.max(step);
    }
}
