//! What TURN clients ask for.

use super::allocation::AllocationState;
use super::table::{TurnRef, TurnTable};
use crate::moment::Moment;
use crate::path::{Endpoint, Path};
use crate::session::event::Event;
use crate::session::limits;
use crate::session::printable::printable;
use crate::wire::stun::{AttributeType, Message, Method};

/// A request of a TURN client: what its answer will be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct TurnRequest {
    pub(in crate::session) allocation: TurnRef,
    pub(super) method: Method,
    /// Whether it carried MESSAGE-INTEGRITY.
    pub(super) authenticated: bool,
    /// XOR-PEER-ADDRESS, all of them.
    pub(super) peers: Vec<Endpoint>,
    pub(super) channel: Option<u16>,
    pub(super) lifetime: Option<u32>,
    pub(super) connection: Option<u32>,
    pub(super) ticket: Option<Vec<u8>>,
}

/// The MOBILITY-TICKET of a message; an empty one only asks for one (RFC 8016, section 3.1).
pub(super) fn ticket(message: &Message<'_>) -> Option<Vec<u8>> {
    message.mobility_ticket().filter(|ticket| (1..=limits::TICKET_LENGTH).contains(&ticket.len())).map(<[u8]>::to_vec)
}

impl TurnTable {
    /// Takes a new request of the client at the source of `path`; `current` is the allocation that its flow has so far. Gives the
    /// allocation that it is about.
    pub(in crate::session) fn request(
        &mut self,
        moment: Moment,
        path: &Path,
        message: &Message<'_>,
        current: Option<TurnRef>,
        events: &mut Vec<Event>,
    ) -> Option<TurnRequest> {
        let ticket = ticket(message);
        let place = self.allocation_of(moment, path, message, current, ticket.as_deref(), events)?;
        let request = TurnRequest {
            allocation: place,
            method: message.method,
            authenticated: message.attribute(AttributeType::MESSAGE_INTEGRITY).is_some()
                || message.attribute(AttributeType::MESSAGE_INTEGRITY_SHA256).is_some(),
            peers: message.xor_peer_addresses().map(Endpoint::from).take(limits::PEERS_PER_REQUEST).collect(),
            channel: message.channel_number(),
            lifetime: message.lifetime(),
            connection: message.connection_id(),
            ticket,
        };
        let allocation = self.allocation_mut(place)?;
        allocation.last = moment;
        if let Some(username) = message.username() {
            allocation.username = Some(printable(username));
        }
        if let Some(realm) = message.realm() {
            allocation.realm = Some(printable(realm));
        }
        if let Some(hash) = message.userhash().filter(|hash| hash.len() <= limits::TEXT_LENGTH) {
            allocation.userhash = Some(hash.to_vec());
        }
        allocation.algorithm = message.password_algorithm().map(|algorithm| algorithm.number).or(allocation.algorithm);
        match message.method {
            Method::ALLOCATE => {
                allocation.requests += 1;
                allocation.requested_transport = message.requested_transport().or(allocation.requested_transport);
            }
            // From here on the server lets the peer through, if it grants it: what is sent while it answers is not lost.
            Method::CREATE_PERMISSION | Method::CHANNEL_BIND => {
                for peer in &request.peers {
                    allocation.ask(peer.address, moment);
                }
            }
            _ => {}
        }
        Some(request)
    }

    fn allocation_of(
        &mut self,
        moment: Moment,
        path: &Path,
        message: &Message<'_>,
        current: Option<TurnRef>,
        ticket: Option<&[u8]>,
        events: &mut Vec<Event>,
    ) -> Option<TurnRef> {
        // The data connection of a TCP allocation asks from a five-tuple of its own.
        if message.method == Method::CONNECTION_BIND
            && let Some((place, _)) =
                message.connection_id().and_then(|id| self.by_connection.get(&(path.destination, id)))
        {
            return Some(*place);
        }
        if let Some(place) = ticket.and_then(|ticket| self.by_ticket.get(ticket)) {
            return Some(*place);
        }
        let state = current.and_then(|place| self.allocations.get(place)).map(|allocation| allocation.state);
        match (message.method, state) {
            // Another try after the end of the last one; a refused one is tried again in the same place.
            (Method::ALLOCATE, None | Some(AllocationState::Ended)) => {
                self.begin(moment, path, AllocationState::Allocating, events)
            }
            (Method::ALLOCATE, Some(AllocationState::Refused)) => {
                if let Some(allocation) = current.and_then(|place| self.allocations.get_mut(place)) {
                    allocation.state = AllocationState::Allocating;
                }
                current
            }
            // The capture began after the allocation was made: traffic shows that it stands, or the answer that it does not.
            (_, None) => self.begin(moment, path, AllocationState::Active, events),
            _ => current,
        }
    }
}
