//! The candidates of each agent, put together from what checks, servers, allocations and signalling told.
//!
//! A candidate has two types. To its owner it is what the owner gathered; to the other agent it is what it was told, or peer-reflexive
//! where it met the address in a check before it was told (RFC 8445, section 7.3.1.3).

use std::collections::{HashMap, HashSet};

use super::agent::{Candidate, CandidateSource, CandidateType};
use super::knowledge::Knowledge;
use super::pair::End;
use super::state::Session;
use super::table::IceTable;
use crate::path::{Endpoint, Transport};
use crate::session::limits;
use crate::session::signaled::{Generation, SignaledAddress, SignaledCandidate};

/// Fills in the candidates of all agents, the types of all ends, and the pairs that were never tried.
pub(in crate::session) fn resolve(table: &mut IceTable, knowledge: &Knowledge<'_>) {
    let (mut described, mut looked_at) = (limits::CANDIDATES_DESCRIBED, limits::PAIRS_LOOKED_AT);
    for place in 0..table.sessions().len() {
        let Some(session) = table.session_mut(place) else { continue };
        for agent in 0..2 {
            resolve_agent(session, agent, knowledge, &mut described);
        }
        super::untried::resolve(session, knowledge, &mut looked_at);
    }
}

fn resolve_agent(session: &mut Session, place: usize, knowledge: &Knowledge<'_>, room: &mut usize) {
    let mut candidates = Candidates::default();
    let generation = session.agents.get(place).and_then(|agent| knowledge.generation(&agent.ufrag));
    for pair in &mut session.pairs {
        let (component, transport) = (pair.component, pair.transport);
        let Some(end) = pair.ends.get_mut(place) else { continue };
        let signaled = generation.and_then(|generation| knowledge.candidate_of(end, generation, transport));
        end.kind = owner_type(end, generation, signaled, knowledge, transport);
        end.kind_as_learnt = learnt_type(end, generation, signaled, transport);
        let source = if end.allocation.is_some() { CandidateSource::Allocation } else { CandidateSource::Check };
        let mut candidate = Candidate {
            address: end.address(),
            base: Some(end.base),
            name: None,
            kind: end.kind,
            transport,
            priority: end.priority,
            component,
            source,
            signaled: None,
        };
        if let Some(signaled) = signaled {
            name_it(&mut candidate, signaled);
        }
        candidates.add(candidate);
        if end.allocation.is_none() && candidates.asked.insert((end.base, component)) {
            gathered(&mut candidates, end.base, transport, component, knowledge);
        }
    }
    for signaled in generation.into_iter().flat_map(|generation| &generation.candidates) {
        if *room == 0 {
            candidates.omitted += 1;
            continue;
        }
        *room -= 1;
        add_signaled(&mut candidates, signaled, knowledge);
    }
    if let Some(agent) = session.agents.get_mut(place) {
        agent.candidates = candidates.list;
        agent.candidates_omitted =
            candidates.omitted + generation.map_or(0, |generation| generation.candidates_omitted);
        agent.lite = agent.lite.or_else(|| generation.filter(|generation| generation.lite).map(|_| true));
    }
}

fn name_it(candidate: &mut Candidate, signaled: &SignaledCandidate) {
    candidate.signaled = signaled.first();
    if let SignaledAddress::Name(name) = &signaled.address {
        candidate.name = Some(name.clone());
    }
}

/// The type of an end to its owner, where the capture can tell.
fn owner_type(
    end: &End,
    generation: Option<&Generation>,
    signaled: Option<&SignaledCandidate>,
    knowledge: &Knowledge<'_>,
    transport: Transport,
) -> Option<CandidateType> {
    if end.allocation.is_some() {
        return Some(CandidateType::Relayed);
    }
    if let Some(signaled) = signaled {
        return Some(signaled.kind);
    }
    if let Some(generation) = generation.filter(|generation| !generation.candidates.is_empty()) {
        let is_own = knowledge.signaled_at(generation, end.base, transport);
        return match (end.mapped, is_own) {
            // A check came back from an address that its owner never told anybody: behind a NAT that maps by destination, or from the
            // port of an active TCP candidate.
            (Some(_), Some(_)) => Some(CandidateType::PeerReflexive),
            (None, Some(own)) => Some(own.kind),
            // Nor did it tell anybody the address that it is seen at here: a NAT on the way has made that one.
            (_, None) if transport == Transport::Udp && none_hidden(generation) => Some(CandidateType::PeerReflexive),
            (_, None) => told_type(end, knowledge.mapped(end.base)),
        };
    }
    told_type(end, knowledge.mapped(end.base))
}

/// Whether no candidate hides behind a name that could be any address.
fn none_hidden(generation: &Generation) -> bool {
    generation.candidates.iter().all(|candidate| matches!(candidate.address, SignaledAddress::Ip(_)))
}

/// The type of an end by `told`, what servers answered its base.
fn told_type(end: &End, told: &[Endpoint]) -> Option<CandidateType> {
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

/// The type of an end to the other agent.
fn learnt_type(
    end: &End,
    generation: Option<&Generation>,
    signaled: Option<&SignaledCandidate>,
    transport: Transport,
) -> Option<CandidateType> {
    let generation = generation?;
    let met = end.first_request;
    match signaled {
        // Who connects to a passive candidate has been told of it.
        Some(signaled) if transport == Transport::Tcp && !signaled.active => Some(signaled.kind),
        Some(signaled) => match (met, signaled.arrived, signaled.sent) {
            // Nobody can be met who sends nothing.
            (None, ..) => Some(signaled.kind),
            (Some(met), Some(arrived), _) if arrived <= met => Some(signaled.kind),
            (Some(_), Some(_), _) => Some(CandidateType::PeerReflexive),
            // The other agent's own conversation is heard, and this was never in it.
            (Some(_), None, _) if generation.arrived.is_some() => Some(CandidateType::PeerReflexive),
            (Some(met), None, Some(sent)) if sent > met => Some(CandidateType::PeerReflexive),
            (Some(_), None, _) => None,
        },
        None => met.filter(|_| generation.arrived.is_some()).map(|_| CandidateType::PeerReflexive),
    }
}

/// What servers told the agent that sends from `base`.
fn gathered(
    candidates: &mut Candidates,
    base: Endpoint,
    transport: Transport,
    component: u8,
    knowledge: &Knowledge<'_>,
) {
    let gathering = |address, kind, source| Candidate {
        address,
        base: Some(base),
        name: None,
        kind: Some(kind),
        transport,
        priority: None,
        component,
        source,
        signaled: None,
    };
    let mapped = knowledge.mapped(base);
    for address in mapped.iter().copied().filter(|mapped| *mapped != base).take(limits::CANDIDATES_PER_AGENT) {
        candidates.add(gathering(address, CandidateType::ServerReflexive, CandidateSource::Gathering));
    }
    if mapped.iter().any(|mapped| *mapped != base) {
        candidates.add(gathering(base, CandidateType::Host, CandidateSource::Gathering));
    }
    for relayed in knowledge.relayed(base).take(limits::CANDIDATES_PER_AGENT) {
        candidates.add(gathering(relayed, CandidateType::Relayed, CandidateSource::Allocation));
    }
}

/// A candidate that its owner signalled, whether or not anybody ever checked it.
fn add_signaled(candidates: &mut Candidates, signaled: &SignaledCandidate, knowledge: &Knowledge<'_>) {
    let addresses = knowledge.addresses(signaled);
    for address in &addresses {
        let mut candidate = Candidate {
            address: *address,
            base: None,
            name: None,
            kind: Some(signaled.kind),
            transport: signaled.transport,
            priority: Some(signaled.priority),
            component: signaled.component,
            source: CandidateSource::Signaling,
            signaled: None,
        };
        name_it(&mut candidate, signaled);
        candidates.add(candidate);
    }
}

/// The candidates of one agent, each address and component once.
#[derive(Default)]
struct Candidates {
    list: Vec<Candidate>,
    omitted: u64,
    places: HashMap<(Endpoint, Transport, u8), usize>,
    /// Bases and components whose gathering was looked at.
    asked: HashSet<(Endpoint, u8)>,
}

impl Candidates {
    fn add(&mut self, candidate: Candidate) {
        let key = (candidate.address, candidate.transport, candidate.component);
        let held = self.list.len();
        match self.places.get(&key).and_then(|place| self.list.get_mut(*place)) {
            Some(known) => {
                known.kind = known.kind.or(candidate.kind);
                known.priority = known.priority.or(candidate.priority);
                known.base = known.base.or(candidate.base);
                known.name = known.name.take().or(candidate.name);
                known.signaled = known.signaled.or(candidate.signaled);
            }
            None if held >= limits::CANDIDATES_PER_AGENT => self.omitted += 1,
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
        assert_eq!(told_type(&end(Some(at(1))), &[at(1)]), None);
        assert_eq!(told_type(&end(None), &[]), None);
    }

    #[test]
    fn behind_a_nat_the_types_are_known() {
        assert_eq!(told_type(&end(None), &[at(9)]), Some(CandidateType::Host));
        assert_eq!(told_type(&end(Some(at(9))), &[at(9)]), Some(CandidateType::ServerReflexive));
        assert_eq!(told_type(&end(Some(at(8))), &[at(9)]), Some(CandidateType::PeerReflexive));
    }
}
