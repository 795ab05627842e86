//! The candidates of each agent, put together from what checks, servers and allocations told.

use std::collections::{HashMap, HashSet};

use super::agent::{Candidate, CandidateSource, CandidateType};
use super::pair::End;
use super::state::Session;
use super::table::IceTable;
use crate::path::{Endpoint, Transport};
use crate::session::turn::Allocation;
use crate::session::{Mapping, limits};

/// What servers told each client, by its address on the wire.
struct Told<'a> {
    mapped: HashMap<Endpoint, Vec<Endpoint>>,
    relayed: HashMap<Endpoint, Vec<&'a Allocation>>,
}

impl<'a> Told<'a> {
    fn new(mappings: &[Mapping], allocations: &'a [Allocation]) -> Self {
        let mut told = Self { mapped: HashMap::new(), relayed: HashMap::new() };
        for known in mappings {
            told.mapped.entry(known.client).or_default().push(known.mapped);
        }
        for known in allocations {
            told.relayed.entry(known.client).or_default().push(known);
        }
        told
    }

    fn mapped(&self, client: Endpoint) -> &[Endpoint] {
        self.mapped.get(&client).map_or(&[], Vec::as_slice)
    }

    fn relayed(&self, client: Endpoint) -> impl Iterator<Item = Endpoint> + '_ {
        self.relayed.get(&client).into_iter().flatten().flat_map(|known| known.relayed.iter().copied())
    }
}

/// Fills in the candidates of all agents and the types of all ends.
pub(in crate::session) fn resolve(table: &mut IceTable, mappings: &[Mapping], allocations: &[Allocation]) {
    let told = Told::new(mappings, allocations);
    for place in 0..table.sessions().len() {
        let Some(session) = table.session_mut(place) else { continue };
        for agent in 0..2 {
            resolve_agent(session, agent, &told);
        }
    }
}

fn resolve_agent(session: &mut Session, agent: usize, told: &Told<'_>) {
    let mut candidates = Candidates::default();
    for pair in &mut session.pairs {
        let (component, transport) = (pair.component, pair.transport);
        let Some(end) = pair.ends.get_mut(agent) else { continue };
        end.kind = kind(end, told.mapped(end.base));
        let source = if end.allocation.is_some() { CandidateSource::Allocation } else { CandidateSource::Check };
        candidates.add(Candidate {
            address: end.address(),
            base: end.base,
            kind: end.kind,
            transport,
            priority: end.priority,
            component,
            source,
        });
        if end.allocation.is_none() && candidates.asked.insert((end.base, component)) {
            gathered(&mut candidates, end.base, transport, component, told);
        }
    }
    if let Some(agent) = session.agents.get_mut(agent) {
        agent.candidates = candidates.list;
    }
}

/// The type of an end to its owner, where the capture can tell; `told` is what servers answered its base.
fn kind(end: &End, told: &[Endpoint]) -> Option<CandidateType> {
    if end.allocation.is_some() {
        return Some(CandidateType::Relayed);
    }
    // A server that sees another address than the capture lies behind a NAT, with the owner on this side of it. One that sees the same
    // says nothing: the NAT may lie between the owner and the capture.
    told.iter().find(|mapped| **mapped != end.base)?;
    match end.mapped {
        None => Some(CandidateType::Host),
        Some(mapped) if mapped == end.base => Some(CandidateType::Host),
        Some(mapped) if told.contains(&mapped) => Some(CandidateType::ServerReflexive),
        Some(_) => Some(CandidateType::PeerReflexive),
    }
}

/// What servers told the agent that sends from `base`.
fn gathered(candidates: &mut Candidates, base: Endpoint, transport: Transport, component: u8, told: &Told<'_>) {
    let gathering = |address, kind, source| Candidate {
        address,
        base,
        kind: Some(kind),
        transport,
        priority: None,
        component,
        source,
    };
    let mapped = told.mapped(base);
    for address in mapped.iter().copied().filter(|mapped| *mapped != base).take(limits::CANDIDATES_PER_AGENT) {
        candidates.add(gathering(address, CandidateType::ServerReflexive, CandidateSource::Gathering));
    }
    if mapped.iter().any(|mapped| *mapped != base) {
        candidates.add(gathering(base, CandidateType::Host, CandidateSource::Gathering));
    }
    for relayed in told.relayed(base).take(limits::CANDIDATES_PER_AGENT) {
        candidates.add(gathering(relayed, CandidateType::Relayed, CandidateSource::Allocation));
    }
}

/// The candidates of one agent, each address and component once.
#[derive(Default)]
struct Candidates {
    list: Vec<Candidate>,
    places: HashMap<(Endpoint, u8), usize>,
    /// Bases and components whose gathering was looked at.
    asked: HashSet<(Endpoint, u8)>,
}

impl Candidates {
    fn add(&mut self, candidate: Candidate) {
        let key = (candidate.address, candidate.component);
        let held = self.list.len();
        match self.places.get(&key).and_then(|place| self.list.get_mut(*place)) {
            Some(known) => {
                known.kind = known.kind.or(candidate.kind);
                known.priority = known.priority.or(candidate.priority);
            }
            None if held >= limits::CANDIDATES_PER_AGENT => {}
            None => {
                self.places.insert(key, held);
                self.list.push(candidate);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn at(host: u8) -> Endpoint {
        Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), 5000)
    }

    fn end(mapped: Option<Endpoint>) -> End {
        End { mapped, ..End::new(at(1)) }
    }

    #[test]
    fn a_server_that_sees_the_address_of_the_capture_says_nothing() {
        assert_eq!(kind(&end(Some(at(1))), &[at(1)]), None);
        assert_eq!(kind(&end(None), &[]), None);
    }

    #[test]
    fn behind_a_nat_the_types_are_known() {
        assert_eq!(kind(&end(None), &[at(9)]), Some(CandidateType::Host));
        assert_eq!(kind(&end(Some(at(9))), &[at(9)]), Some(CandidateType::ServerReflexive));
        assert_eq!(kind(&end(Some(at(8))), &[at(9)]), Some(CandidateType::PeerReflexive));
    }
}
