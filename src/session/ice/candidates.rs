//! The candidates of each agent, put together from what checks, servers and allocations told.

use super::agent::{Candidate, CandidateSource, CandidateType};
use super::pair::End;
use super::state::Session;
use super::table::IceTable;
use crate::path::{Endpoint, Transport};
use crate::session::Mapping;
use crate::session::turn::Allocation;

/// Fills in the candidates of all agents and the types of all ends.
pub(in crate::session) fn resolve(table: &mut IceTable, mappings: &[Mapping], allocations: &[Allocation]) {
    for place in 0..table.sessions().len() {
        let Some(session) = table.session_mut(place) else { continue };
        for agent in 0..2 {
            resolve_agent(session, agent, mappings, allocations);
        }
    }
}

fn resolve_agent(session: &mut Session, agent: usize, mappings: &[Mapping], allocations: &[Allocation]) {
    let mut candidates: Vec<Candidate> = Vec::new();
    for pair in &mut session.pairs {
        let (component, transport) = (pair.component, pair.transport);
        let Some(end) = pair.ends.get_mut(agent) else { continue };
        end.kind = kind(end, mappings);
        let source = if end.allocation.is_some() { CandidateSource::Allocation } else { CandidateSource::Check };
        add(
            &mut candidates,
            Candidate {
                address: end.address(),
                base: end.base,
                kind: end.kind,
                transport,
                priority: end.priority,
                component,
                source,
            },
        );
        if end.allocation.is_none() {
            gathered(&mut candidates, end.base, transport, component, mappings, allocations);
        }
    }
    if let Some(agent) = session.agents.get_mut(agent) {
        agent.candidates = candidates;
    }
}

/// The type of an end to its owner, where the capture can tell.
fn kind(end: &End, mappings: &[Mapping]) -> Option<CandidateType> {
    if end.allocation.is_some() {
        return Some(CandidateType::Relayed);
    }
    let mut told = mappings.iter().filter(|known| known.client == end.base).peekable();
    // Only its owner's side of the network sees a base ask a server.
    told.peek()?;
    match end.mapped {
        None => Some(CandidateType::Host),
        Some(mapped) if mapped == end.base => Some(CandidateType::Host),
        Some(mapped) if told.any(|known| known.mapped == mapped) => Some(CandidateType::ServerReflexive),
        Some(_) => Some(CandidateType::PeerReflexive),
    }
}

/// What servers told the agent that sends from `base`.
fn gathered(
    candidates: &mut Vec<Candidate>,
    base: Endpoint,
    transport: Transport,
    component: u8,
    mappings: &[Mapping],
    allocations: &[Allocation],
) {
    let gathering = |address, kind, source| Candidate {
        address,
        base,
        kind: Some(kind),
        transport,
        priority: None,
        component,
        source,
    };
    let mut asked = false;
    for known in mappings.iter().filter(|known| known.client == base) {
        asked = true;
        if known.mapped != base {
            add(candidates, gathering(known.mapped, CandidateType::ServerReflexive, CandidateSource::Gathering));
        }
    }
    if asked {
        add(candidates, gathering(base, CandidateType::Host, CandidateSource::Gathering));
    }
    for relayed in allocations.iter().filter(|known| known.client == base).flat_map(|known| &known.relayed) {
        add(candidates, gathering(*relayed, CandidateType::Relayed, CandidateSource::Allocation));
    }
}

fn add(candidates: &mut Vec<Candidate>, candidate: Candidate) {
    match candidates
        .iter_mut()
        .find(|known| known.address == candidate.address && known.component == candidate.component)
    {
        Some(known) => {
            known.kind = known.kind.or(candidate.kind);
            known.priority = known.priority.or(candidate.priority);
        }
        None => candidates.push(candidate),
    }
}
