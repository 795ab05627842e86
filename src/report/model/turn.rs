//! The section `turn`: servers and allocations with their life.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::id::allocation_id;
use super::turn_peers::{Channel, Connection, Peer, Permission};
use super::word::{Word, method_word};
use crate::path::Transport;
use crate::session::turn::{self, AllocationState, EndReason};

/// TURN servers and allocations.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Turn {
    /// The servers.
    pub servers: Vec<Server>,
    /// The allocations.
    pub allocations: Vec<Allocation>,
}

impl Turn {
    /// The section for `servers` and `allocations`.
    #[must_use]
    pub fn new(servers: &[turn::Server], allocations: &[turn::Allocation], clock: Clock) -> Self {
        let allocations = allocations.iter().enumerate();
        Self {
            servers: servers.iter().map(|server| Server::new(server, clock)).collect(),
            allocations: allocations.map(|(place, allocation)| Allocation::new(place, allocation, clock)).collect(),
        }
    }
}

/// A server.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Server {
    /// Its transport address.
    pub address: String,
    /// What it calls itself (SOFTWARE).
    pub software: Option<String>,
    /// What its clients reach it over.
    pub protocol: Word<Transport>,
    /// Whether a client asked it for an allocation; else it is only a STUN server.
    pub relays: bool,
    /// Requests sent to it, each transaction once.
    pub requests: u64,
    /// Requests that it answered.
    pub answered: u64,
    /// The first request.
    pub first_time: f64,
}

/// An allocation, from the first request of its client to its end.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Allocation {
    /// Its id.
    pub id: String,
    /// The client as the capture sees it.
    pub client: String,
    /// The server.
    pub server: String,
    /// What carries the client's connection.
    pub protocol: Word<Transport>,
    /// What the relay was asked to speak to peers, where that was seen.
    pub requested_protocol: Option<Word<Transport>>,
    /// The relayed transport addresses.
    pub relayed: Vec<String>,
    /// The client as the server sees it.
    pub mapped: Option<String>,
    /// USERNAME.
    pub username: Option<String>,
    /// REALM.
    pub realm: Option<String>,
    /// How far it got.
    pub state: Word<AllocationState>,
    /// The first message of it.
    pub first_time: f64,
    /// Its frame.
    pub first_frame: u64,
    /// When it was granted.
    pub created_time: Option<f64>,
    /// Its frame.
    pub created_frame: Option<u64>,
    /// When it ended.
    pub ended_time: Option<f64>,
    /// The frame that ended it or showed the end.
    pub ended_frame: Option<u64>,
    /// Why it ended.
    pub end_reason: Option<Word<EndReason>>,
    /// The lifetime last granted, in seconds.
    pub lifetime: Option<u32>,
    /// When that is over.
    pub expiry_time: Option<f64>,
    /// Successful refreshes with a lifetime above 0.
    pub refreshes: u64,
    /// Allocate requests, each transaction once.
    pub requests: u64,
    /// How the server was convinced of the client.
    pub authentication: Authentication,
    /// Error responses but for the ordinary first 401.
    pub errors: Vec<TurnError>,
    /// How many of them are left out between the first and the last ones.
    pub errors_omitted: u64,
    /// Permissions.
    pub permissions: Vec<Permission>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Peers and the traffic with each.
    pub peers: Vec<Peer>,
    /// TCP connections to peers (RFC 6062).
    pub connections: Vec<Connection>,
    /// Permissions, channels, peers and connections that came when too many were described already.
    pub peers_omitted: u64,
    /// Whether the client may move it to another address (RFC 8016).
    pub mobile: bool,
    /// The addresses that its client had before.
    pub moved_from: Vec<String>,
    /// Messages whose MESSAGE-INTEGRITY did not verify with the credentials given.
    pub integrity_invalid: u64,
    /// Its last message or data.
    pub last_time: f64,
}

/// How the server was convinced of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Authentication {
    /// 401 responses to requests without credentials: the ordinary first round.
    pub challenges: u64,
    /// 438 responses.
    pub stale_nonces: u64,
    /// 401 responses to requests that carried credentials.
    pub failures: u64,
}

/// An error response of a server.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TurnError {
    /// When.
    pub time: f64,
    /// Its frame.
    pub frame: u64,
    /// The method of the request in kebab case (`create-permission`), or its number.
    pub method: String,
    /// The code.
    pub code: u16,
    /// The server's words.
    pub reason: String,
    /// Whether the request carried credentials.
    pub authenticated: bool,
}

impl Server {
    fn new(server: &turn::Server, clock: Clock) -> Self {
        Self {
            address: server.address.to_string(),
            software: server.software.clone(),
            protocol: Word(server.transport),
            relays: server.relays,
            requests: server.requests,
            answered: server.answered,
            first_time: clock.time(server.first),
        }
    }
}

impl TurnError {
    fn new(error: &turn::TurnError, clock: Clock) -> Self {
        Self {
            time: clock.time(error.moment),
            frame: error.moment.frame.0,
            method: method_word(error.method),
            code: error.code,
            reason: error.reason.clone(),
            authenticated: error.authenticated,
        }
    }
}

impl Allocation {
    /// The published form of the allocation at `place`.
    #[must_use]
    pub fn new(place: usize, allocation: &turn::Allocation, clock: Clock) -> Self {
        Self {
            id: allocation_id(place),
            client: allocation.client.to_string(),
            server: allocation.server.to_string(),
            protocol: Word(allocation.transport),
            requested_protocol: allocation.requested_transport.and_then(protocol),
            relayed: allocation.relayed.iter().map(ToString::to_string).collect(),
            mapped: allocation.mapped.map(|address| address.to_string()),
            username: allocation.username.clone(),
            realm: allocation.realm.clone(),
            state: Word(allocation.state),
            first_time: clock.time(allocation.first),
            first_frame: allocation.first.frame.0,
            created_time: allocation.created.map(|moment| clock.time(moment)),
            created_frame: allocation.created.map(|moment| moment.frame.0),
            ended_time: allocation.ended.map(|moment| clock.time(moment)),
            ended_frame: allocation.ended.map(|moment| moment.frame.0),
            end_reason: allocation.end_reason.map(Word),
            lifetime: allocation.lifetime,
            expiry_time: allocation.expiry().map(|timestamp| clock.at(timestamp)),
            refreshes: allocation.refreshes,
            requests: allocation.requests,
            authentication: Authentication {
                challenges: allocation.challenges,
                stale_nonces: allocation.stale_nonces,
                failures: allocation.authentication_failures,
            },
            errors: allocation.errors.iter().map(|error| TurnError::new(error, clock)).collect(),
            errors_omitted: allocation.errors.omitted(),
            permissions: allocation.permissions.iter().map(|entry| Permission::new(entry, clock)).collect(),
            channels: allocation.channels.iter().map(|entry| Channel::new(entry, clock)).collect(),
            peers: allocation.peers.iter().map(|entry| Peer::new(entry, clock)).collect(),
            connections: allocation.connections.iter().map(|entry| Connection::new(entry, clock)).collect(),
            peers_omitted: allocation.omitted,
            mobile: allocation.ticket.is_some(),
            moved_from: allocation.moved_from.iter().map(ToString::to_string).collect(),
            integrity_invalid: allocation.integrity_invalid,
            last_time: clock.time(allocation.last),
        }
    }
}

/// The transport that REQUESTED-TRANSPORT names; others are not defined for TURN.
const fn protocol(number: u8) -> Option<Word<Transport>> {
    match number {
        17 => Some(Word(Transport::Udp)),
        6 => Some(Word(Transport::Tcp)),
        _ => None,
    }
}
