//! Pairs that both agents could have made of what they told each other, and that nobody ever checked.
//!
//! An agent pairs its own host and relayed candidates with all candidates of the other one of the same component, transport and address
//! family; its reflexive ones are replaced by their bases (RFC 8445, sections 6.1.2.2 and 6.1.2.4). Only of an agent whose own
//! addresses are seen on the wire can it be told what it tried: behind a NAT between it and the capture they are not.

use std::collections::HashSet;

use super::agent::CandidateType;
use super::knowledge::Knowledge;
use super::state::Session;
use crate::path::{Endpoint, Transport};
use crate::session::limits;
use crate::session::signaled::{SignaledAddress, SignaledCandidate};

/// A pair that was never checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntriedPair {
    /// The agent that could have checked, by place in the session.
    pub agent: usize,
    /// The component.
    pub component: u8,
    /// The transport.
    pub transport: Transport,
    /// Its own candidate.
    pub local: Endpoint,
    /// The type of that.
    pub local_kind: CandidateType,
    /// The other agent's candidate, its name where that was not resolved.
    pub remote: SignaledAddress,
    /// The port of that.
    pub remote_port: u16,
    /// The type of that.
    pub remote_kind: CandidateType,
}

/// Fills in the pairs that were never tried; `looks` is how many pairs may still be looked at.
pub(super) fn resolve(session: &mut Session, knowledge: &Knowledge<'_>, looks: &mut usize) {
    let mut untried = Vec::new();
    let mut omitted = 0;
    let tried: HashSet<(Endpoint, Endpoint, Transport)> = session
        .pairs
        .iter()
        .flat_map(|pair| {
            let [one, other] = &pair.ends;
            [(one.base, other.base, pair.transport), (other.base, one.base, pair.transport)]
        })
        .collect();
    for agent in [0, 1] {
        let [mine, theirs] = [agent, 1 - agent]
            .map(|place| session.agents.get(place).and_then(|agent| knowledge.generation(&agent.ufrag)));
        let (Some(mine), Some(theirs)) = (mine, theirs) else { continue };
        let bases: HashSet<Endpoint> =
            session.pairs.iter().filter_map(|pair| pair.ends.get(agent)).map(|end| end.base).collect();
        let own = |candidate: &&SignaledCandidate| {
            matches!(candidate.kind, CandidateType::Host | CandidateType::Relayed) && !candidate.active
        };
        let locals: Vec<(Endpoint, &SignaledCandidate)> = mine
            .candidates
            .iter()
            .filter(own)
            .flat_map(|candidate| knowledge.addresses(candidate).into_iter().map(move |at| (at, candidate)))
            .collect();
        if !locals.iter().any(|(at, candidate)| candidate.kind == CandidateType::Host && bases.contains(at)) {
            continue;
        }
        let remotes: Vec<(Vec<Endpoint>, &SignaledCandidate)> =
            theirs.candidates.iter().map(|remote| (knowledge.addresses(remote), remote)).collect();
        let met: HashSet<(Endpoint, u16)> = session
            .pairs
            .iter()
            .filter_map(|pair| Some((pair.ends.get(agent)?.base, pair.ends.get(1 - agent)?.base.port)))
            .collect();
        for (at, local) in &locals {
            for (addresses, remote) in &remotes {
                if *looks == 0 {
                    omitted += 1;
                    continue;
                }
                *looks -= 1;
                let was_tried = addresses.iter().any(|to| tried.contains(&(*at, *to, local.transport)))
                    // What nobody resolved may have been met in a check all the same.
                    || (addresses.is_empty() && met.contains(&(*at, remote.port)));
                if was_tried || !pairs(local, *at, remote) {
                    continue;
                }
                if untried.len() >= limits::UNTRIED_PAIRS {
                    omitted += 1;
                    continue;
                }
                untried.push(UntriedPair {
                    agent,
                    component: local.component,
                    transport: local.transport,
                    local: *at,
                    local_kind: local.kind,
                    remote: remote.address.clone(),
                    remote_port: remote.port,
                    remote_kind: remote.kind,
                });
            }
        }
    }
    session.untried = untried;
    session.untried_omitted = omitted;
}

/// Whether two candidates make a pair.
fn pairs(local: &SignaledCandidate, at: Endpoint, remote: &SignaledCandidate) -> bool {
    let family = match &remote.address {
        SignaledAddress::Ip(address) => address.is_ipv4() == at.address.is_ipv4(),
        SignaledAddress::Name(_) => true,
    };
    // With TCP one end connects and the other waits (RFC 6544, section 6.2): a silence there says nothing.
    let udp = local.transport == Transport::Udp && remote.transport == Transport::Udp;
    family && udp && local.component == remote.component
}
