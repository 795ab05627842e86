//! What is known of candidates from elsewhere than checks: servers, allocations, signalling and names.

use std::collections::HashMap;
use std::net::IpAddr;

use super::agent::CandidateType;
use super::pair::End;
use crate::path::{Endpoint, Transport};
use crate::session::signaled::{Generation, Signaled, SignaledAddress, SignaledCandidate};
use crate::session::turn::Allocation;
use crate::session::{Mapping, NamedHost, Names};

/// What is known of candidates from elsewhere than checks.
pub(in crate::session) struct Knowledge<'a> {
    mapped: HashMap<Endpoint, Vec<Endpoint>>,
    relayed: HashMap<Endpoint, Vec<&'a Allocation>>,
    signaled: &'a Signaled,
    names: &'a Names,
}

impl<'a> Knowledge<'a> {
    pub(in crate::session) fn new(
        mappings: &[Mapping],
        allocations: &'a [Allocation],
        signaled: &'a Signaled,
        names: &'a Names,
    ) -> Self {
        let mut told = Self { mapped: HashMap::new(), relayed: HashMap::new(), signaled, names };
        for known in mappings {
            told.mapped.entry(known.client).or_default().push(known.mapped);
        }
        for known in allocations {
            told.relayed.entry(known.client).or_default().push(known);
        }
        told
    }

    /// What servers told the client at this address.
    pub(super) fn mapped(&self, client: Endpoint) -> &[Endpoint] {
        self.mapped.get(&client).map_or(&[], Vec::as_slice)
    }

    /// What was allocated for the client at this address.
    pub(super) fn relayed(&self, client: Endpoint) -> impl Iterator<Item = Endpoint> + '_ {
        self.relayed.get(&client).into_iter().flatten().flat_map(|known| known.relayed.iter().copied())
    }

    /// What was signalled of the agent that has this user fragment.
    pub(super) fn generation(&self, ufrag: &str) -> Option<&'a Generation> {
        self.signaled.generation(ufrag)
    }

    /// The addresses of a candidate: its own, or those that its name was resolved to.
    pub(super) fn addresses(&self, candidate: &SignaledCandidate) -> Vec<Endpoint> {
        let at = |address: IpAddr| Endpoint::new(address, candidate.port);
        match &candidate.address {
            SignaledAddress::Ip(address) => vec![at(*address)],
            SignaledAddress::Name(name) => {
                self.names.lookup(name).into_iter().flat_map(NamedHost::specified).map(at).collect()
            }
        }
    }

    /// The signalled candidate at this address.
    pub(super) fn signaled_at(
        &self,
        generation: &'a Generation,
        address: Endpoint,
        transport: Transport,
    ) -> Option<&'a SignaledCandidate> {
        let of_transport = || generation.candidates.iter().filter(|candidate| candidate.transport == transport);
        let at = |candidate: &&SignaledCandidate| self.addresses(candidate).contains(&address);
        // An active candidate connects from whatever port it gets (RFC 6544, section 4.1).
        let active = |candidate: &&SignaledCandidate| {
            candidate.active && self.addresses(candidate).iter().any(|known| known.address == address.address)
        };
        of_transport().find(at).or_else(|| of_transport().find(active))
    }

    /// The candidate whose name nobody resolved in this capture, and whose port is the one that its owner checks from: the only one
    /// of that port.
    pub(super) fn unresolved_at(
        &self,
        generation: &'a Generation,
        base: Endpoint,
        transport: Transport,
    ) -> Option<&'a SignaledCandidate> {
        let mut fits = generation.candidates.iter().filter(|candidate| {
            candidate.transport == transport
                && candidate.port == base.port
                && candidate.kind == CandidateType::Host
                && matches!(candidate.address, SignaledAddress::Name(_))
                && self.addresses(candidate).is_empty()
        });
        let found = fits.next()?;
        fits.next().is_none().then_some(found)
    }

    /// The signalled candidate that an end is.
    pub(super) fn candidate_of(
        &self,
        end: &End,
        generation: &'a Generation,
        transport: Transport,
    ) -> Option<&'a SignaledCandidate> {
        let exact = self.signaled_at(generation, end.address(), transport);
        exact.filter(|found| !found.active || end.mapped.is_none()).or_else(|| {
            let at_base = end.allocation.is_none() && end.mapped.is_none_or(|mapped| mapped == end.base);
            at_base.then(|| self.unresolved_at(generation, end.base, transport)).flatten()
        })
    }
}
