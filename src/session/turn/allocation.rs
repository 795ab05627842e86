//! An allocation: from the first request of its client to its end.

use std::net::IpAddr;
use std::time::Duration;

use super::traffic::Peer;
use crate::moment::Moment;
use crate::path::{Endpoint, Transport};
use crate::session::Abbreviated;
use crate::wire::stun::Method;

/// How far an allocation got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AllocationState {
    /// It was asked for, and the server has not granted it so far.
    Allocating,
    /// The server granted it, or traffic shows that it stands.
    Active,
    /// The server refused it for good.
    Refused,
    /// It was granted and has ended.
    Ended,
}

impl AllocationState {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allocating => "allocating",
            Self::Active => "active",
            Self::Refused => "refused",
            Self::Ended => "ended",
        }
    }
}

/// Why an allocation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndReason {
    /// The client gave it back: a Refresh with a lifetime of 0.
    Released,
    /// Its lifetime passed without a refresh.
    Expired,
    /// The server said that there is none any more (437).
    Mismatch,
    /// The TCP connection of its client closed.
    ConnectionClosed,
    /// The same five-tuple holds another one.
    Replaced,
}

impl EndReason {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::Expired => "expired",
            Self::Mismatch => "mismatch",
            Self::ConnectionClosed => "connection-closed",
            Self::Replaced => "replaced",
        }
    }
}

/// An error response of a TURN server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnError {
    /// When.
    pub moment: Moment,
    /// The method of the request.
    pub method: Method,
    /// The code (RFC 8489, section 14.8).
    pub code: u16,
    /// The reason phrase.
    pub reason: String,
    /// The first peer that the request named (XOR-PEER-ADDRESS).
    pub peer: Option<Endpoint>,
    /// Whether the request was authenticated: a 401 to one that was means wrong credentials.
    pub authenticated: bool,
}

/// A permission: an IP address that the relay lets through (RFC 8656, section 9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The peer's address; its port does not matter and is the one first asked for.
    pub peer: Endpoint,
    /// When the server granted it.
    pub created: Moment,
    /// How often CreatePermission renewed it. ChannelBind renews it too and counts as a refresh of its channel.
    pub refreshes: u64,
    /// When it was renewed last.
    pub renewed: Moment,
    /// Since when it has been expired.
    pub expired: Option<Moment>,
}

/// A channel: a number that stands for a peer (RFC 8656, section 12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The channel number.
    pub number: u16,
    /// The peer; `None` where the capture began after it was bound.
    pub peer: Option<Endpoint>,
    /// When the server bound it.
    pub bound: Option<Moment>,
    /// How often it was renewed.
    pub refreshes: u64,
    /// When it was renewed last, or first seen in use.
    pub renewed: Moment,
    /// Since when it has been expired.
    pub expired: Option<Moment>,
}

/// A TCP connection to a peer (RFC 6062).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// CONNECTION-ID.
    pub id: u32,
    /// The peer.
    pub peer: Option<Endpoint>,
    /// Whether the peer opened it (ConnectionAttempt); else the client did (Connect).
    pub incoming: bool,
    /// When it was announced.
    pub opened: Moment,
    /// The client's end of the data connection and when ConnectionBind succeeded on it.
    pub bound: Option<(Endpoint, Moment)>,
    /// Bytes from the client to the peer.
    pub bytes_sent: u64,
    /// Bytes from the peer to the client.
    pub bytes_received: u64,
}

/// An allocation of a TURN client at a server.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    /// The client as the capture sees it.
    pub client: Endpoint,
    /// The server.
    pub server: Endpoint,
    /// What carries the client's connection.
    pub transport: Transport,
    /// The protocol number that was asked for: 17 for UDP, 6 for TCP (REQUESTED-TRANSPORT).
    pub requested_transport: Option<u8>,
    /// The relayed transport addresses (XOR-RELAYED-ADDRESS), IPv4 and IPv6 with RFC 8656 or RFC 6156.
    pub relayed: Vec<Endpoint>,
    /// The client as the server sees it (XOR-MAPPED-ADDRESS).
    pub mapped: Option<Endpoint>,
    /// USERNAME.
    pub username: Option<String>,
    /// REALM.
    pub realm: Option<String>,
    /// How far it got.
    pub state: AllocationState,
    /// The first message of it that was seen.
    pub first: Moment,
    /// When it was granted.
    pub created: Option<Moment>,
    /// When it ended.
    pub ended: Option<Moment>,
    /// Why.
    pub end_reason: Option<EndReason>,
    /// The lifetime last granted, in seconds.
    pub lifetime: Option<u32>,
    /// When the lifetime was last granted.
    pub renewed: Option<Moment>,
    /// Successful refreshes with a lifetime above 0.
    pub refreshes: u64,
    /// Allocate requests sent, without retransmissions.
    pub requests: u64,
    /// When the first one was answered.
    pub answered: Option<Moment>,
    /// 401 responses to requests without credentials: the ordinary first round.
    pub challenges: u64,
    /// 438 responses.
    pub stale_nonces: u64,
    /// 401 responses to requests that carried credentials.
    pub authentication_failures: u64,
    /// Error responses but for the ordinary first 401.
    pub errors: Abbreviated<TurnError>,
    /// Its permissions in order of appearance.
    pub permissions: Vec<Permission>,
    /// Its channels in order of appearance.
    pub channels: Vec<Channel>,
    /// Its peers and the traffic with each.
    pub peers: Vec<Peer>,
    /// Its TCP connections to peers.
    pub connections: Vec<Connection>,
    /// Permissions, channels, peers and connections past the bound.
    pub omitted: u64,
    /// MOBILITY-TICKET, if it has one.
    pub ticket: Option<Vec<u8>>,
    /// The five-tuples its client had before the one it has now (RFC 8016).
    pub moved_from: Vec<Endpoint>,
    /// The first and the last message or data of it.
    pub last: Moment,
    /// Messages with a MESSAGE-INTEGRITY that did not verify with the credentials given.
    pub integrity_invalid: u64,
    /// Peers that a permission was asked for and no answer has come, and when.
    pub(super) asked: Vec<(IpAddr, Moment)>,
    /// USERHASH, where the name itself is not on the wire (RFC 8489, section 14.4).
    pub(in crate::session) userhash: Option<Vec<u8>>,
    /// The number of PASSWORD-ALGORITHM in the client's last request (RFC 8489, section 14.12).
    pub(in crate::session) algorithm: Option<u16>,
}

impl Allocation {
    /// When its lifetime is over, counted from when it was last granted.
    #[must_use]
    pub fn expiry(&self) -> Option<crate::moment::Timestamp> {
        Some(self.renewed?.time.after(Duration::from_secs(u64::from(self.lifetime?))))
    }

    /// Data that it carried, in messages both ways.
    #[must_use]
    pub fn carried(&self) -> u64 {
        self.peers.iter().map(Peer::messages).sum::<u64>()
            + self
                .connections
                .iter()
                .map(|connection| u64::from(connection.bytes_sent + connection.bytes_received > 0))
                .sum::<u64>()
    }
}

/// A TURN server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its address.
    pub address: Endpoint,
    /// SOFTWARE.
    pub software: Option<String>,
    /// What its clients reach it over.
    pub transport: Transport,
    /// Whether a client asked it for an allocation; else it is only a STUN server.
    pub relays: bool,
    /// Requests sent to it, without retransmissions.
    pub requests: u64,
    /// Requests that it answered.
    pub answered: u64,
    /// The first request, and who sent it.
    pub first: Moment,
    /// The last request.
    pub last: Moment,
    /// The client that asked first.
    pub client: Endpoint,
}
