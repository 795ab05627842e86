//! All ICE sessions of a capture, and how one is found.

use std::collections::HashMap;

use super::pair::Pair;
use super::restart::Standing;
use super::state::Session;
use crate::path::FlowId;
use crate::session::limits;

/// A pair, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::session) struct PairRef {
    pub(in crate::session) session: usize,
    pub(in crate::session) pair: usize,
}

/// A check, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) struct CheckRef {
    pub(in crate::session) pair: PairRef,
    /// The agent that sent it.
    pub(in crate::session) agent: usize,
    /// Its place in the list of checks.
    pub(super) place: u64,
    /// Whether it nominates: USE-CANDIDATE, or the value of NOMINATION.
    pub(super) nominates: bool,
    pub(super) nomination: Option<u32>,
}

/// All ICE sessions of a capture.
#[derive(Debug, Default)]
pub(in crate::session) struct IceTable {
    pub(super) sessions: Vec<Session>,
    pub(super) by_fragments: HashMap<(Vec<u8>, Vec<u8>), usize, foldhash::fast::RandomState>,
    pub(super) omitted: u64,
    /// Pairs of all sessions.
    pub(super) pairs: usize,
    pub(super) standing: Standing,
    pub(super) keep_all: bool,
}

impl IceTable {
    pub(in crate::session) fn new(keep_all: bool) -> Self {
        Self { keep_all, ..Self::default() }
    }

    pub(in crate::session) fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    pub(in crate::session) const fn omitted(&self) -> u64 {
        self.omitted
    }

    pub(in crate::session) fn session_mut(&mut self, place: usize) -> Option<&mut Session> {
        self.sessions.get_mut(place)
    }

    pub(in crate::session) fn pair_mut(&mut self, at: PairRef) -> Option<&mut Pair> {
        self.sessions.get_mut(at.session)?.pairs.get_mut(at.pair)
    }

    /// The flow carries messages of the pair.
    pub(in crate::session) fn note_flow(&mut self, at: PairRef, flow: FlowId) {
        if let Some(pair) = self.pair_mut(at)
            && pair.flows.len() < limits::FLOWS_PER_PAIR
            && !pair.flows.contains(&flow)
        {
            pair.flows.push(flow);
        }
    }

    /// The flows of each pair of a session.
    pub(in crate::session) fn flows_of(&self, session: usize) -> Vec<(usize, Vec<FlowId>)> {
        let pairs = self.sessions.get(session).map_or(&[] as &[Pair], |session| &session.pairs);
        pairs.iter().enumerate().map(|(place, pair)| (place, pair.flows.clone())).collect()
    }
}
