//! What TURN servers answer.

use super::allocation::{Allocation, AllocationState, Channel, Connection, EndReason, Permission, TurnError};
use super::requests::TurnRequest;
use super::table::{TurnRef, TurnTable};
use crate::moment::Moment;
use crate::path::{Endpoint, Path};
use crate::session::event::{Event, What};
use crate::session::limits;
use crate::session::printable::printable;
use crate::wire::stun::{AttributeType, Message, Method, Value};

/// Errors that an Allocate request is answered with on the way to success: authentication, a stale nonce, another server.
const NOT_FINAL: [u16; 3] = [300, 401, 438];

impl TurnTable {
    /// Takes a success response. Gives the TCP connection to a peer whose data the client's flow carries from now on.
    pub(in crate::session) fn success(
        &mut self,
        moment: Moment,
        path: &Path,
        message: &Message<'_>,
        request: &TurnRequest,
        events: &mut Vec<Event>,
    ) -> Option<usize> {
        let place = request.allocation;
        let allocation = self.allocations.get_mut(place)?;
        allocation.last = moment;
        allocation.answered.get_or_insert(moment);
        match request.method {
            Method::ALLOCATE => self.granted(moment, message, place, events),
            Method::REFRESH => self.refreshed(moment, path, message, request, events),
            Method::CREATE_PERMISSION => {
                for peer in &request.peers {
                    permit(allocation, place, moment, *peer, request.method, events);
                }
            }
            Method::CHANNEL_BIND => {
                if let (Some(number), Some(peer)) = (request.channel, request.peers.first()) {
                    bind(allocation, place, moment, number, *peer, events);
                    permit(allocation, place, moment, *peer, request.method, events);
                }
            }
            Method::CONNECT => {
                if let Some(id) = message.connection_id() {
                    self.connection(moment, place, id, request.peers.first().copied(), false);
                }
            }
            Method::CONNECTION_BIND => return self.bound(moment, path, request),
            _ => {}
        }
        None
    }

    /// An Allocate request succeeded; its request may have been before the capture.
    pub(in crate::session) fn granted(
        &mut self,
        moment: Moment,
        message: &Message<'_>,
        place: TurnRef,
        events: &mut Vec<Event>,
    ) {
        let Some(allocation) = self.allocations.get_mut(place) else { return };
        let first = allocation.created.is_none();
        allocation.state = AllocationState::Active;
        allocation.created.get_or_insert(moment);
        allocation.renewed = Some(moment);
        allocation.lifetime = message.lifetime().or(allocation.lifetime);
        allocation.mapped = message.mapped_address().map(Endpoint::from).or(allocation.mapped);
        allocation.ticket = message.mobility_ticket().filter(|ticket| !ticket.is_empty()).map(<[u8]>::to_vec);
        for relayed in message.xor_relayed_addresses().map(Endpoint::from).take(4) {
            // coturn 4.6.1 adds a second one that is all zeroes.
            if relayed.port != 0 && !allocation.relayed.contains(&relayed) {
                allocation.relayed.push(relayed);
            }
        }
        if message.is_microsoft()
            && let Some(Ok(Value::Address(relayed))) =
                message.attribute(AttributeType::MAPPED_ADDRESS).map(|attribute| attribute.decode(message))
            && allocation.relayed.is_empty()
        {
            // In MS-TURN the relayed address is the mapped one, and the mapped one is XOR-MAPPED-ADDRESS alone.
            allocation.relayed.push(relayed.into());
        }
        for relayed in allocation.relayed.clone() {
            self.by_relayed.insert(relayed, place);
        }
        if let Some(ticket) = self.allocations.get(place).and_then(|allocation| allocation.ticket.clone()) {
            self.remember_ticket(ticket, place);
        }
        if first {
            events.push(Event { moment, what: What::AllocationCreated { allocation: place } });
        } else if message.lifetime() == Some(0) {
            // MS-TURN has no Refresh: an Allocate request with a lifetime of 0 gives it back.
            self.end(place, moment, EndReason::Released, events);
        }
    }

    fn remember_ticket(&mut self, ticket: Vec<u8>, place: TurnRef) {
        if self.by_ticket.len() < limits::ALLOCATIONS {
            self.by_ticket.insert(ticket, place);
        }
    }

    fn refreshed(
        &mut self,
        moment: Moment,
        path: &Path,
        message: &Message<'_>,
        request: &TurnRequest,
        events: &mut Vec<Event>,
    ) {
        let place = request.allocation;
        let lifetime = message.lifetime();
        if lifetime == Some(0) || (lifetime.is_none() && request.lifetime == Some(0)) {
            self.end(place, moment, EndReason::Released, events);
            return;
        }
        let Some(allocation) = self.allocations.get_mut(place) else { return };
        allocation.refreshes += 1;
        allocation.renewed = Some(moment);
        allocation.lifetime = lifetime.or(allocation.lifetime);
        // The server knows better than a timer that runs on the default lifetime.
        if allocation.state != AllocationState::Active {
            allocation.state = AllocationState::Active;
            allocation.ended = None;
            allocation.end_reason = None;
        }
        if request.ticket.is_some() && path.destination != allocation.client {
            allocation.moved_from.push(allocation.client);
            allocation.client = path.destination;
        }
        if let Some(ticket) = message.mobility_ticket().filter(|ticket| !ticket.is_empty()) {
            allocation.ticket = Some(ticket.to_vec());
            self.remember_ticket(ticket.to_vec(), place);
        }
        if let Some(lifetime) = lifetime {
            events.push(Event { moment, what: What::AllocationRefreshed { allocation: place, lifetime } });
        }
    }

    /// A TCP connection between relay and peer is announced (RFC 6062, sections 4.3 and 4.4).
    pub(in crate::session) fn connection(
        &mut self,
        moment: Moment,
        place: TurnRef,
        id: u32,
        peer: Option<Endpoint>,
        incoming: bool,
    ) {
        let Some(allocation) = self.allocations.get_mut(place) else { return };
        if allocation.connections.len() >= limits::PEERS_PER_ALLOCATION {
            allocation.omitted += 1;
            return;
        }
        allocation.connections.push(Connection {
            id,
            peer,
            incoming,
            opened: moment,
            bound: None,
            bytes_sent: 0,
            bytes_received: 0,
        });
        self.by_connection.insert((allocation.server, id), (place, allocation.connections.len() - 1));
    }

    fn bound(&mut self, moment: Moment, path: &Path, request: &TurnRequest) -> Option<usize> {
        let (place, index) = *self.by_connection.get(&(path.source, request.connection?))?;
        let connection = self.allocations.get_mut(place)?.connections.get_mut(index)?;
        connection.bound.get_or_insert((path.destination, moment));
        Some(index)
    }

    /// Takes an error response.
    pub(in crate::session) fn error(
        &mut self,
        moment: Moment,
        message: &Message<'_>,
        request: &TurnRequest,
        events: &mut Vec<Event>,
    ) {
        let place = request.allocation;
        let Some(allocation) = self.allocations.get_mut(place) else { return };
        allocation.last = moment;
        allocation.answered.get_or_insert(moment);
        let (code, reason) =
            message.error_code().map_or((0, String::new()), |error| (error.code, printable(error.reason().as_bytes())));
        if let Some(realm) = message.realm() {
            allocation.realm = Some(printable(realm));
        }
        for peer in &request.peers {
            allocation.asked.retain(|asked| *asked != peer.address);
        }
        match code {
            401 if !request.authenticated => allocation.challenges += 1,
            401 => allocation.authentication_failures += 1,
            438 => allocation.stale_nonces += 1,
            _ => {}
        }
        if code != 401 || request.authenticated {
            allocation.errors.push(TurnError {
                moment,
                method: request.method,
                code,
                reason,
                peer: request.peers.first().copied(),
                authenticated: request.authenticated,
            });
            events.push(Event { moment, what: What::TurnError { allocation: place, method: request.method, code } });
        }
        let granted = allocation.created.is_some();
        match request.method {
            Method::ALLOCATE
                if !granted
                    && allocation.state == AllocationState::Allocating
                    && (!NOT_FINAL.contains(&code) || (code == 401 && request.authenticated)) =>
            {
                allocation.state = AllocationState::Refused;
            }
            // The server has none for this five-tuple: it expired there, or never was.
            Method::REFRESH | Method::CREATE_PERMISSION | Method::CHANNEL_BIND if code == 437 => {
                if allocation.state == AllocationState::Active && !granted {
                    allocation.state = AllocationState::Refused;
                } else {
                    self.end(place, moment, EndReason::Mismatch, events);
                }
            }
            _ => {}
        }
    }
}

/// The server lets a peer through.
fn permit(
    allocation: &mut Allocation,
    place: TurnRef,
    moment: Moment,
    peer: Endpoint,
    asked_by: Method,
    events: &mut Vec<Event>,
) {
    allocation.asked.retain(|asked| *asked != peer.address);
    let known = allocation.permissions.iter().position(|known| known.peer.address == peer.address);
    let renewed = known.is_some();
    let full = allocation.permissions.len() >= limits::PEERS_PER_ALLOCATION;
    match known.and_then(|place| allocation.permissions.get_mut(place)) {
        Some(known) => {
            known.refreshes += u64::from(asked_by == Method::CREATE_PERMISSION);
            known.renewed = moment;
            known.expired = None;
        }
        None if full => allocation.omitted += 1,
        None => allocation.permissions.push(Permission {
            peer,
            created: moment,
            refreshes: 0,
            renewed: moment,
            expired: None,
        }),
    }
    events.push(Event { moment, what: What::PermissionGranted { allocation: place, peer, renewed } });
}

/// The server binds a channel to a peer.
fn bind(
    allocation: &mut Allocation,
    place: TurnRef,
    moment: Moment,
    number: u16,
    peer: Endpoint,
    events: &mut Vec<Event>,
) {
    let known =
        allocation.channels.iter().position(|known| known.number == number && known.peer.is_none_or(|of| of == peer));
    let renewed = known.and_then(|place| allocation.channels.get(place)).is_some_and(|known| known.bound.is_some());
    let full = allocation.channels.len() >= limits::PEERS_PER_ALLOCATION;
    match known.and_then(|place| allocation.channels.get_mut(place)) {
        Some(known) => {
            known.refreshes += u64::from(renewed);
            known.peer = Some(peer);
            known.bound.get_or_insert(moment);
            known.renewed = moment;
            known.expired = None;
        }
        None if full => allocation.omitted += 1,
        None => allocation.channels.push(Channel {
            number,
            peer: Some(peer),
            bound: Some(moment),
            refreshes: 0,
            renewed: moment,
            expired: None,
        }),
    }
    events.push(Event { moment, what: What::ChannelBound { allocation: place, number, peer, renewed } });
}
