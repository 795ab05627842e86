//! Restarts: new fragments between the same agents (RFC 8445, section 9).
//!
//! Without the signalling a restart is told by what it leaves alone: the agents keep their tie-breakers (libwebrtc draws one for
//! a connection, not for a session) or at least their hosts, and the media goes on without another DTLS handshake.

use std::time::Duration;

use super::state::Session;
use super::table::{IceTable, PairRef};
use crate::moment::Timestamp;

/// Consent checks come at least this often (RFC 7675, section 5.1: 5 s, up to 20 % more): a session whose first check is later than
/// that did not stand when the capture began.
const LONGEST_CONSENT_INTERVAL: Duration = Duration::from_secs(6);

impl IceTable {
    /// The session that the one of `at` restarted, if it did; asked when its first data is seen. `start` is when the capture began.
    pub(in crate::session) fn restarted_by(&self, at: PairRef, start: Timestamp) -> Option<usize> {
        let new = self.sessions().get(at.session)?;
        if new.restart_of.is_some() || new.handshake {
            return None;
        }
        let fresh = new.first.time.since(start) > LONGEST_CONSENT_INTERVAL;
        let earlier = self.sessions().get(..at.session)?;
        let of = earlier.iter().rposition(|old| {
            stood_before(old, new) && (same_tiebreaker(old, new) || (fresh && same_hosts(old, new)))
        })?;
        Some(of)
    }
}

/// Whether `old` was connected and in use when `new` began.
fn stood_before(old: &Session, new: &Session) -> bool {
    old.connected.iter().flatten().any(|connected| connected.time < new.first.time)
        && old
            .pairs
            .iter()
            .flat_map(|pair| &pair.ends)
            .any(|end| end.first_data.is_some_and(|data| data.time < new.first.time))
}

fn same_tiebreaker(old: &Session, new: &Session) -> bool {
    let of = |session: &Session| session.agents.each_ref().map(|agent| agent.tiebreaker);
    of(old).iter().flatten().any(|tiebreaker| *tiebreaker != 0 && of(new).contains(&Some(*tiebreaker)))
}

/// Whether a pair of each lies between the same two hosts.
fn same_hosts(old: &Session, new: &Session) -> bool {
    let hosts = |session: &Session| {
        session
            .pairs
            .iter()
            .map(|pair| {
                let mut hosts = pair.ends.each_ref().map(|end| end.base.address);
                hosts.sort_unstable();
                hosts
            })
            .collect::<Vec<_>>()
    };
    let known = hosts(old);
    hosts(new).iter().any(|hosts| known.contains(hosts))
}
