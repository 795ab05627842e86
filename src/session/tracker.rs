//! The trackers behind one door: messages in, sessions and events out.

use std::collections::HashSet;

use crate::moment::{Moment, Timestamp};
use crate::path::{Endpoint, FlowId, Path, Side};
use crate::wire::dns;

use super::deadlines::{Deadlines, Reminder};
use super::ice::{IceTable, Session};
use super::integrity::Verifier;
use super::links::{Link, Links};
use super::transaction::Transactions;
use super::turn::{Allocation, Server, TurnTable};
use super::{Abbreviated, Credentials, Event, IcmpHit, Mapping, Names, StrayResponse, StunStatistics, limits};

/// Data of a session that was carried by a flow: neither STUN nor ChannelData.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// The start of a DTLS handshake.
    Handshake,
    /// Other DTLS, RTP or RTCP.
    Data,
}

/// Where a message was seen: its path, and the number and side of its flow.
#[derive(Debug, Clone, Copy)]
pub struct Seat<'a> {
    /// The path.
    pub path: &'a Path,
    /// The number of its flow.
    pub flow: FlowId,
    /// The side of the flow that sent it.
    pub side: Side,
}

/// Everything known about the sessions of a capture.
#[derive(Debug)]
pub struct Sessions {
    pub(super) ice: IceTable,
    pub(super) turn: TurnTable,
    pub(super) statistics: StunStatistics,
    pub(super) mappings: Vec<Mapping>,
    pub(super) names: Names,
    pub(super) strays: Abbreviated<StrayResponse>,
    pub(super) icmp: Abbreviated<IcmpHit>,
    pub(super) transactions: Transactions,
    pub(super) links: Links,
    pub(super) deadlines: Deadlines,
    pub(super) verifier: Verifier,
    pub(super) known_mappings: HashSet<(Endpoint, Endpoint, Endpoint), foldhash::fast::RandomState>,
    pub(super) events: Vec<Event>,
    pub(super) start: Option<Timestamp>,
    pub(super) now: Moment,
}

impl Sessions {
    /// No session. `credentials` verify MESSAGE-INTEGRITY; `keep_all` keeps lists whole that are abbreviated otherwise.
    #[must_use]
    pub fn new(credentials: Credentials, keep_all: bool) -> Self {
        Self {
            ice: IceTable::new(keep_all),
            turn: TurnTable::new(keep_all),
            statistics: StunStatistics::default(),
            mappings: Vec::new(),
            names: Names::new(),
            strays: Abbreviated::new(limits::STRAYS_KEPT),
            icmp: Abbreviated::new(limits::STRAYS_KEPT),
            transactions: Transactions::default(),
            links: Links::default(),
            deadlines: Deadlines::default(),
            verifier: Verifier::new(credentials),
            known_mappings: HashSet::default(),
            events: Vec::new(),
            start: None,
            now: Moment::default(),
        }
    }

    /// ICE sessions in order of appearance.
    #[must_use]
    pub fn ice(&self) -> &[Session] {
        self.ice.sessions()
    }

    /// Checks of ICE sessions past the bound.
    #[must_use]
    pub const fn ice_omitted(&self) -> u64 {
        self.ice.omitted()
    }

    /// TURN allocations in order of appearance.
    #[must_use]
    pub fn allocations(&self) -> &[Allocation] {
        self.turn.allocations()
    }

    /// Requests for allocations past the bound.
    #[must_use]
    pub const fn allocations_omitted(&self) -> u64 {
        self.turn.omitted()
    }

    /// STUN and TURN servers in order of appearance.
    #[must_use]
    pub fn servers(&self) -> &[Server] {
        self.turn.servers()
    }

    /// Counts over all STUN messages.
    #[must_use]
    pub const fn stun(&self) -> &StunStatistics {
        &self.statistics
    }

    /// What servers told clients about their addresses, in order of appearance, each client, server and address once.
    #[must_use]
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// What multicast DNS said about the names of hosts.
    #[must_use]
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// Takes a message of multicast DNS that `source` sent.
    pub fn name(&mut self, moment: Moment, source: Endpoint, message: &dns::Message<'_>) {
        self.names.observe(moment, source, message);
    }

    /// Responses that came from another address than their request went to.
    #[must_use]
    pub const fn stray_responses(&self) -> &Abbreviated<StrayResponse> {
        &self.strays
    }

    /// ICMP errors that quoted STUN requests.
    #[must_use]
    pub const fn icmp_errors(&self) -> &Abbreviated<IcmpHit> {
        &self.icmp
    }

    /// What happened since the last call, in order.
    pub fn take_events(&mut self) -> std::vec::Drain<'_, Event> {
        self.events.drain(..)
    }

    /// Whether [`Sessions::take_events`] has something to give.
    #[must_use]
    pub const fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// The flow's number stands for another flow from now on.
    pub fn forget(&mut self, flow: FlowId) {
        if let Some(link) = self.links.known(flow) {
            *link = Link::default();
        }
    }

    /// Brings about what time alone brings about, up to `moment`. Time never runs back.
    #[inline]
    pub fn advance(&mut self, moment: Moment) {
        if moment.time > self.now.time || self.start.is_none() {
            self.start.get_or_insert(moment.time);
            self.now = moment;
        }
        if self.deadlines.due(self.now.time) {
            self.remind();
        }
    }

    pub(super) fn remind(&mut self) {
        let now = self.now;
        while let Some((when, what)) = self.deadlines.next(now.time) {
            // What was due is told at the time it was due, with the frame that showed it.
            let moment = Moment { time: when, frame: now.frame };
            let again = match what {
                Reminder::Checks { session, pair, agent } => {
                    self.ice.look(moment, session, pair, agent, &mut self.events)
                }
                Reminder::Allocation(place) => self.turn.look_at_allocation(place, moment, &mut self.events),
                Reminder::Permissions(place) => self.turn.look_at_permissions(place, moment, &mut self.events),
            };
            // A reminder that asks for its own moment again would never end.
            if let Some(again) = again.filter(|again| *again > when) {
                self.deadlines.set(again, what);
            }
        }
    }

    /// Ends the capture: what is outstanding is judged at the greatest time seen.
    pub fn finish(&mut self) {
        self.remind();
        self.sync_data();
        self.ice.look_at_all(self.now, &mut self.events);
        self.resolve_candidates();
    }

    /// Candidates of each agent: what its checks, the servers and the allocations told.
    pub(super) fn resolve_candidates(&mut self) {
        super::ice::resolve(&mut self.ice, &self.mappings, self.turn.allocations());
    }

    /// The time of the first packet: what the times of a report count from.
    #[must_use]
    pub const fn start(&self) -> Option<Timestamp> {
        self.start
    }

    /// The greatest time seen.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now.time
    }
}
