//! Restarts: new fragments between the same agents (RFC 8445, section 9).
//!
//! Without the signalling a restart is told by what it leaves alone: the agents keep their tie-breakers (libwebrtc draws one for
//! a connection, not for a session) or at least their hosts, and the media goes on without another DTLS handshake.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::time::Duration;

use super::pair::Pair;
use super::state::Session;
use super::table::IceTable;
use crate::moment::Timestamp;

/// Consent checks come at least this often (RFC 7675, section 5.1: 5 s, up to 20 % more): a session whose first check is later than
/// that did not stand when the capture began.
const LONGEST_CONSENT_INTERVAL: Duration = Duration::from_secs(6);
/// Sessions remembered between the same two hosts, or with the same tie-breaker: those of one call, and of its last restart.
const REMEMBERED: usize = 16;

/// The sessions that carried data, by what a restart leaves alone.
#[derive(Debug, Default)]
pub(in crate::session) struct Standing {
    by_hosts: HashMap<[IpAddr; 2], Vec<usize>, foldhash::fast::RandomState>,
    by_tiebreaker: HashMap<u64, Vec<usize>, foldhash::fast::RandomState>,
}

impl Standing {
    /// A session carries data from now on.
    fn add(&mut self, place: usize, session: &Session) {
        for tiebreaker in tiebreakers(session) {
            remember(&mut self.by_tiebreaker, tiebreaker, place);
        }
        for pair in &session.pairs {
            self.add_pair(place, pair);
        }
    }

    /// A pair of a session that carries data.
    pub(super) fn add_pair(&mut self, place: usize, pair: &Pair) {
        remember(&mut self.by_hosts, hosts(pair), place);
    }
}

impl IceTable {
    /// The session that this one restarted, if it did; asked whenever data is seen, and answered once, for the first. `start` is when
    /// the capture began.
    pub(in crate::session) fn restarted_by(&mut self, place: usize, start: Timestamp) -> Option<usize> {
        let new = self.sessions.get_mut(place).filter(|session| !session.carries_data)?;
        new.carries_data = true;
        let new = self.sessions.get(place)?;
        let of = if new.handshake { None } else { self.stood_before(new, start) };
        self.standing.add(place, new);
        let of = of?;
        self.sessions.get_mut(of)?.restarted = true;
        self.sessions.get_mut(place)?.restart_of = Some(of);
        Some(of)
    }

    fn stood_before(&self, new: &Session, start: Timestamp) -> Option<usize> {
        let same_agents = tiebreakers(new).filter_map(|tiebreaker| self.standing.by_tiebreaker.get(&tiebreaker));
        if let Some(of) = self.latest(same_agents.flatten(), new) {
            return Some(of);
        }
        let fresh = new.first.time.since(start) > LONGEST_CONSENT_INTERVAL;
        let same_hosts = new.pairs.iter().filter_map(|pair| self.standing.by_hosts.get(&hosts(pair)));
        // The same hosts may have one call after another: only a session that still stood can have been restarted.
        let standing = |place: &&usize| {
            self.sessions
                .get(**place)
                .is_some_and(|old| new.first.time.since(old.last.time) <= LONGEST_CONSENT_INTERVAL)
        };
        if fresh { self.latest(same_hosts.flatten().filter(standing), new) } else { None }
    }

    /// The latest of `places` that was in use when `new` began, one that nothing has restarted before one that something has.
    fn latest<'a>(&self, places: impl Iterator<Item = &'a usize>, new: &Session) -> Option<usize> {
        places
            .filter_map(|place| Some((*place, self.sessions.get(*place)?)))
            .filter(|(_, old)| in_use_before(old, new))
            .max_by_key(|(place, old)| (!old.restarted, *place))
            .map(|(place, _)| place)
    }
}

/// Remembers that `place` has `key`, and forgets the one that had it first where there are many.
fn remember<K: Hash + Eq>(map: &mut HashMap<K, Vec<usize>, foldhash::fast::RandomState>, key: K, place: usize) {
    let places = map.entry(key).or_default();
    if places.contains(&place) {
        return;
    }
    if places.len() >= REMEMBERED {
        places.remove(0);
    }
    places.push(place);
}

/// Whether `old` was connected and in use when `new` began.
fn in_use_before(old: &Session, new: &Session) -> bool {
    old.connected.iter().flatten().any(|connected| connected.time < new.first.time)
        && old
            .pairs
            .iter()
            .flat_map(|pair| &pair.ends)
            .any(|end| end.first_data.is_some_and(|data| data.time < new.first.time))
}

fn tiebreakers(session: &Session) -> impl Iterator<Item = u64> + '_ {
    session.agents.iter().filter_map(|agent| agent.tiebreaker).filter(|tiebreaker| *tiebreaker != 0)
}

/// The two hosts that a pair lies between, sorted.
fn hosts(pair: &Pair) -> [IpAddr; 2] {
    let mut hosts = pair.ends.each_ref().map(|end| end.base.address);
    hosts.sort_unstable();
    hosts
}
