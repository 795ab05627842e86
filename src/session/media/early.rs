//! RTCP of sources that have sent no RTP yet on its way: counted, and given to their streams at the end.

use std::collections::HashMap;

use crate::moment::Moment;
use crate::path::Path;
use crate::session::limits;
use crate::wire::rtp::Ssrc;

/// Datagrams of one source on one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Early {
    pub(super) ssrc: Ssrc,
    pub(super) path: Path,
    pub(super) packets: u64,
    pub(super) first: Moment,
    pub(super) last: Moment,
}

/// RTCP of sources that have no stream on its way.
#[derive(Debug, Default)]
pub(super) struct EarlyReports {
    places: HashMap<(Ssrc, Path), usize, foldhash::fast::RandomState>,
    all: Vec<Early>,
}

impl EarlyReports {
    pub(super) fn note(&mut self, moment: Moment, ssrc: Ssrc, path: &Path) {
        if let Some(early) = self.places.get(&(ssrc, *path)).and_then(|place| self.all.get_mut(*place)) {
            early.packets += 1;
            early.last = moment;
        } else if self.all.len() < limits::STREAMS {
            self.places.insert((ssrc, *path), self.all.len());
            self.all.push(Early { ssrc, path: *path, packets: 1, first: moment, last: moment });
        }
    }

    /// All of them in order of appearance.
    pub(super) fn take(&mut self) -> Vec<Early> {
        std::mem::take(&mut self.all)
    }
}
