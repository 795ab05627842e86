//! RTCP that a relay shows twice: what one leg had, the other one repeats.

use std::collections::HashMap;
use std::time::Duration;

use crate::moment::Timestamp;
use crate::path::{Endpoint, Path, Relay};
use crate::session::limits;

/// A leg that is silent for so long is left for the other one: clients report every five seconds at least.
const SILENCE: Duration = Duration::from_secs(12);

/// The leg on which the RTCP of each way is read.
#[derive(Debug, Default)]
pub(in crate::session::media) struct ReportLegs {
    ways: HashMap<(Endpoint, Endpoint), (Option<Relay>, Timestamp), foldhash::fast::RandomState>,
}

impl ReportLegs {
    /// Whether RTCP on this path is to be read: the first leg of its way counts while it lasts.
    pub(in crate::session::media) fn admits(&mut self, path: &Path, now: Timestamp) -> bool {
        let way = (path.source, path.destination);
        if let Some((leg, last)) = self.ways.get_mut(&way) {
            if *leg != path.relay && now.since(*last) < SILENCE {
                return false;
            }
            (*leg, *last) = (path.relay, now);
        } else if self.ways.len() < limits::REPORT_WAYS {
            self.ways.insert(way, (path.relay, now));
        }
        true
    }
}
