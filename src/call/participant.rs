//! Who is in a call.

use std::collections::HashMap;
use std::net::IpAddr;

use super::describe::Described;
use super::join::Material;
use super::milestone::{exchanges, sessions};
use super::model::{Call, Participant};
use crate::session::ice::Session;

/// Participants described; a call of more is told by its numbers.
const MOST: usize = 1000;

/// The participants of a call: the parties of its exchanges, one with the agents that have their user fragments, and the agents
/// that nobody described.
pub(super) fn of(call: &Call, material: Material<'_>, described: &[Described]) -> Vec<Participant> {
    let mut found = Found::default();
    for (place, exchange) in exchanges(call, material) {
        for (party, known) in exchange.parties.iter().enumerate() {
            // The same name in several exchanges is the same participant; one without a name is known by where it signals from.
            let key = match (&known.name, known.address) {
                (Some(name), _) => Key::Name(name.clone()),
                (None, Some(address)) => Key::Host(address.address),
                (None, None) => Key::Party(place, party),
            };
            let Some(participant) = found.participant(key) else { continue };
            participant.parties.push((place, party));
            participant.name = participant.name.take().or_else(|| known.name.clone());
            if let Some(address) = known.address {
                add(&mut participant.addresses, address.address);
            }
            let msids = described.get(place).into_iter().flat_map(|described| &described.msids);
            for (_, msid) in msids.filter(|(of, _)| *of == party) {
                if participant.msids.len() < MOST {
                    add(&mut participant.msids, msid.clone());
                }
            }
        }
    }
    for (place, session) in sessions(call, material) {
        for (agent, known) in session.agents.iter().enumerate() {
            let party = call.exchanges.iter().find_map(|exchange| {
                let ufrags = &described.get(*exchange)?.ufrags;
                let (party, _) = ufrags.iter().find(|(_, ufrag)| *ufrag == known.ufrag)?;
                Some((*exchange, *party))
            });
            let host = host(session, agent, material);
            let at = match party {
                Some(party) => found.of_party(party),
                // Nobody described it: it is who lives at its address, or somebody of its own.
                None => None,
            };
            let participant = match at {
                Some(at) => found.list.get_mut(at),
                None => found.participant(host.map_or(Key::Agent(place, agent), Key::Host)),
            };
            let Some(participant) = participant else { continue };
            participant.agents.push((place, agent));
            participant.stack = participant.stack.take().or_else(|| known.stack.clone());
            if let Some(host) = host {
                add(&mut participant.addresses, host);
            }
        }
    }
    for place in &call.media_flows {
        let Some(flow) = material.sessions.media_flows().get(*place) else { continue };
        for end in flow.flow.ends {
            let by_media = call.exchanges.iter().find_map(|exchange| {
                let media = &described.get(*exchange)?.media;
                let (party, _) = media.iter().find(|(_, address)| address.address == end.address)?;
                Some((*exchange, *party))
            });
            let at = by_media.and_then(|party| found.of_party(party));
            if let Some(participant) = at.and_then(|at| found.list.get_mut(at)) {
                add(&mut participant.addresses, end.address);
            }
        }
    }
    found.list
}

fn add<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// The host that an agent lives at: the client of its allocation, or its address on the wire on the pair in use.
pub(super) fn host(session: &Session, agent: usize, material: Material<'_>) -> Option<IpAddr> {
    let used = session.selected_pair().and_then(|pair| session.pairs.get(pair)).or_else(|| session.pairs.first())?;
    let end = used.ends.get(agent)?;
    let allocation = end.allocation.and_then(|place| material.sessions.allocations().get(place));
    if let Some(allocation) = allocation {
        return Some(allocation.client.address);
    }
    // An address on a TURN server tells nothing of who is behind it.
    let relays =
        material.sessions.servers().iter().any(|server| server.relays && server.address.address == end.base.address);
    (!relays).then_some(end.base.address)
}

/// What tells participants apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Host(IpAddr),
    Party(usize, usize),
    Agent(usize, usize),
}

#[derive(Default)]
struct Found {
    list: Vec<Participant>,
    by_key: HashMap<Key, usize>,
}

impl Found {
    fn participant(&mut self, key: Key) -> Option<&mut Participant> {
        let place = match self.by_key.get(&key) {
            Some(place) => *place,
            None if self.list.len() >= MOST => return None,
            None => {
                self.list.push(Participant::default());
                self.by_key.insert(key, self.list.len() - 1);
                self.list.len() - 1
            }
        };
        self.list.get_mut(place)
    }

    fn of_party(&self, party: (usize, usize)) -> Option<usize> {
        self.list.iter().position(|participant| participant.parties.contains(&party))
    }
}
