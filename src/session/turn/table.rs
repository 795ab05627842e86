//! All allocations and servers of a capture, and how one is found.

use std::collections::HashMap;

use super::allocation::{Allocation, AllocationState, EndReason, Server};
use crate::moment::Moment;
use crate::path::{Endpoint, Path, Transport};
use crate::session::event::{Event, What};
use crate::session::{Abbreviated, limits};

/// An allocation, by place.
pub(in crate::session) type TurnRef = usize;

/// All allocations and servers of a capture.
#[derive(Debug, Default)]
pub(in crate::session) struct TurnTable {
    pub(super) allocations: Vec<Allocation>,
    pub(super) omitted: u64,
    pub(super) by_relayed: HashMap<Endpoint, TurnRef, foldhash::fast::RandomState>,
    pub(super) by_ticket: HashMap<Vec<u8>, TurnRef, foldhash::fast::RandomState>,
    /// CONNECTION-ID at a server: the allocation and the connection (RFC 6062).
    pub(super) by_connection: HashMap<(Endpoint, u32), (TurnRef, usize), foldhash::fast::RandomState>,
    pub(super) room: Room,
    servers: Vec<Server>,
    by_server: HashMap<(Endpoint, Transport), usize, foldhash::fast::RandomState>,
    keep_all: bool,
}

/// How many permissions, channels, peers and connections all allocations hold.
#[derive(Debug, Default)]
pub(super) struct Room(usize);

impl Room {
    /// Whether an allocation that holds `held` things of a kind may hold one more; it does from now on.
    pub(super) const fn take(&mut self, held: usize) -> bool {
        let free = held < limits::PEERS_PER_ALLOCATION && self.0 < limits::PEERS;
        self.0 += free as usize;
        free
    }
}

impl TurnTable {
    pub(in crate::session) fn new(keep_all: bool) -> Self {
        Self { keep_all, ..Self::default() }
    }

    pub(in crate::session) fn allocations(&self) -> &[Allocation] {
        &self.allocations
    }

    pub(in crate::session) fn servers(&self) -> &[Server] {
        &self.servers
    }

    pub(in crate::session) const fn omitted(&self) -> u64 {
        self.omitted
    }

    pub(in crate::session) fn allocation_mut(&mut self, place: TurnRef) -> Option<&mut Allocation> {
        self.allocations.get_mut(place)
    }

    /// Whether an allocation has ended: the next grant on its five-tuple is another one.
    pub(in crate::session) fn has_ended(&self, place: TurnRef) -> bool {
        self.allocations.get(place).is_some_and(|allocation| allocation.state == AllocationState::Ended)
    }

    /// The allocation that has this relayed address now, or had it last.
    pub(in crate::session) fn relaying(&self, address: Endpoint) -> Option<TurnRef> {
        self.by_relayed.get(&address).copied()
    }

    /// The server at the destination of `path`, known from now on. `None` past the bound.
    pub(in crate::session) fn server(&mut self, moment: Moment, path: &Path) -> Option<usize> {
        let key = (path.destination, path.transport);
        if let Some(place) = self.by_server.get(&key) {
            return Some(*place);
        }
        if self.servers.len() >= limits::SERVERS {
            return None;
        }
        let place = self.servers.len();
        self.servers.push(Server {
            address: path.destination,
            software: None,
            transport: path.transport,
            relays: false,
            requests: 0,
            answered: 0,
            first: moment,
            last: moment,
            client: path.source,
        });
        self.by_server.insert(key, place);
        Some(place)
    }

    /// The server at the destination of `path`, and one more request to it.
    pub(in crate::session) fn asked(&mut self, moment: Moment, path: &Path) -> Option<usize> {
        let place = self.server(moment, path)?;
        let known = self.servers.get_mut(place)?;
        known.requests += 1;
        known.last = moment;
        Some(place)
    }

    pub(in crate::session) fn server_mut(&mut self, place: usize) -> Option<&mut Server> {
        self.servers.get_mut(place)
    }

    /// A new allocation of the client at the source of `path`, the server at its destination.
    pub(super) fn begin(
        &mut self,
        moment: Moment,
        path: &Path,
        state: AllocationState,
        events: &mut Vec<Event>,
    ) -> Option<TurnRef> {
        if self.allocations.len() >= limits::ALLOCATIONS {
            self.omitted += 1;
            return None;
        }
        if let Some(server) = self.server(moment, path).and_then(|place| self.server_mut(place)) {
            server.relays = true;
        }
        let place = self.allocations.len();
        self.allocations.push(Allocation {
            client: path.source,
            server: path.destination,
            transport: path.transport,
            requested_transport: None,
            relayed: Vec::new(),
            mapped: None,
            username: None,
            realm: None,
            state,
            first: moment,
            created: None,
            ended: None,
            end_reason: None,
            lifetime: None,
            renewed: None,
            refreshes: 0,
            requests: 0,
            answered: None,
            challenges: 0,
            stale_nonces: 0,
            authentication_failures: 0,
            errors: Abbreviated::new(if self.keep_all { usize::MAX } else { limits::ERRORS_KEPT }),
            permissions: Vec::new(),
            channels: Vec::new(),
            peers: Vec::new(),
            connections: Vec::new(),
            omitted: 0,
            ticket: None,
            moved_from: Vec::new(),
            last: moment,
            integrity_invalid: 0,
            asked: Vec::new(),
            userhash: None,
            algorithm: None,
        });
        if state == AllocationState::Allocating {
            events.push(Event { moment, what: What::AllocationRequested { allocation: place } });
        }
        Some(place)
    }

    /// An allocation is over.
    pub(super) fn end(&mut self, place: TurnRef, moment: Moment, reason: EndReason, events: &mut Vec<Event>) {
        let Some(allocation) = self.allocations.get_mut(place) else { return };
        if allocation.state != AllocationState::Active {
            return;
        }
        allocation.state = AllocationState::Ended;
        allocation.ended = Some(moment);
        allocation.end_reason = Some(reason);
        events.push(Event { moment, what: What::AllocationEnded { allocation: place, reason } });
    }
}
