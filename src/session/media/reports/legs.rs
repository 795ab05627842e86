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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Transport;

    #[test]
    fn the_leg_that_was_first_counts_while_it_lasts() {
        let end = |host: u8| Endpoint::new([192, 0, 2, host].into(), 5_000);
        let open = Path::direct(end(1), end(2), Transport::Udp);
        let relay = Some(Relay { client: end(3), server: end(1), transport: Transport::Udp });
        let inside = Path { relay, ..open };
        let mut legs = ReportLegs::default();
        let second = |seconds: i64| Timestamp(seconds * 1_000_000_000);
        assert!(legs.admits(&inside, second(0)) && !legs.admits(&open, second(0)));
        assert!(legs.admits(&inside, second(5)) && !legs.admits(&open, second(16)));
        assert!(legs.admits(&open, second(18)), "the first one fell silent");
        assert!(!legs.admits(&inside, second(19)) && legs.admits(&inside.reversed(), second(19)));
    }

    #[test]
    fn the_ways_that_are_remembered_are_bounded() {
        let mut legs = ReportLegs::default();
        for number in 0..limits::REPORT_WAYS as u32 + 10 {
            let end = Endpoint::new(std::net::Ipv4Addr::from(number).into(), 1);
            assert!(legs.admits(&Path::direct(end, end, Transport::Udp), Timestamp(0)));
        }
        assert_eq!(legs.ways.len(), limits::REPORT_WAYS);
    }
}
