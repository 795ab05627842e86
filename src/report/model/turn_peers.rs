//! What an allocation lets through, and what went through it.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use crate::moment::Moment;
use crate::session::limits::{CHANNEL_LIFE, PERMISSION_LIFE};
use crate::session::turn;

/// An IP address that the relay lets through (RFC 8656, section 9).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// The peer; its port does not matter and is the one first asked for.
    pub peer: String,
    /// When the server granted it.
    pub created_time: f64,
    /// How often it was renewed.
    pub refreshes: u64,
    /// When it expired, or will: five minutes after it was last renewed.
    pub expiry_time: f64,
}

/// A number that stands for a peer (RFC 8656, section 12).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// The channel number.
    pub number: u16,
    /// The peer; `null` where the capture began after it was bound.
    pub peer: Option<String>,
    /// When the server bound it.
    pub bound_time: Option<f64>,
    /// How often it was renewed.
    pub refreshes: u64,
    /// When it expired, or will: ten minutes after it was last renewed; `null` where that was not seen.
    pub expiry_time: Option<f64>,
}

/// The traffic between the client and one peer. Bytes are those inside, without STUN and channel headers.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Peer {
    /// The peer; `null` where only a channel number is known.
    pub peer: Option<String>,
    /// The channel that stands for it.
    pub channel: Option<u16>,
    /// Send indications from the client.
    pub send_indications: u64,
    /// Data indications to the client.
    pub data_indications: u64,
    /// ChannelData messages from the client.
    pub channel_data_sent: u64,
    /// ChannelData messages to the client.
    pub channel_data_received: u64,
    /// Bytes from the client to the peer.
    pub bytes_sent: u64,
    /// Bytes from the peer to the client.
    pub bytes_received: u64,
    /// Messages from the client while no permission, or no channel, stood: the server drops them.
    pub sent_without_permission: u64,
    /// The frame of the first of those.
    pub first_without_permission_frame: Option<u64>,
    /// The last message either way.
    pub last_time: f64,
}

/// A TCP connection to a peer (RFC 6062).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// CONNECTION-ID.
    pub id: u32,
    /// The peer.
    pub peer: Option<String>,
    /// Whether the peer opened it; else the client did.
    pub incoming: bool,
    /// When it was announced.
    pub opened_time: f64,
    /// When the client's data connection was bound to it.
    pub bound_time: Option<f64>,
    /// The client's end of that data connection.
    pub bound_client: Option<String>,
    /// Bytes from the client to the peer.
    pub bytes_sent: u64,
    /// Bytes from the peer to the client.
    pub bytes_received: u64,
}

/// When what was last renewed at `renewed` ran out or will.
fn expiry(expired: Option<Moment>, renewed: Moment, life: std::time::Duration, clock: Clock) -> f64 {
    clock.at(expired.map_or_else(|| renewed.time.after(life), |moment| moment.time))
}

impl Permission {
    pub(super) fn new(permission: &turn::Permission, clock: Clock) -> Self {
        Self {
            peer: permission.peer.to_string(),
            created_time: clock.time(permission.created),
            refreshes: permission.refreshes,
            expiry_time: expiry(permission.expired, permission.renewed, PERMISSION_LIFE, clock),
        }
    }
}

impl Channel {
    pub(super) fn new(channel: &turn::Channel, clock: Clock) -> Self {
        let known = channel.bound.is_some() || channel.expired.is_some() || channel.refreshes > 0;
        Self {
            number: channel.number,
            peer: channel.peer.map(|peer| peer.to_string()),
            bound_time: channel.bound.map(|moment| clock.time(moment)),
            refreshes: channel.refreshes,
            expiry_time: known.then(|| expiry(channel.expired, channel.renewed, CHANNEL_LIFE, clock)),
        }
    }
}

impl Peer {
    pub(super) fn new(peer: &turn::Peer, clock: Clock) -> Self {
        Self {
            peer: peer.peer.map(|peer| peer.to_string()),
            channel: peer.channel,
            send_indications: peer.send_indications,
            data_indications: peer.data_indications,
            channel_data_sent: peer.channel_data_sent,
            channel_data_received: peer.channel_data_received,
            bytes_sent: peer.bytes_sent,
            bytes_received: peer.bytes_received,
            sent_without_permission: peer.sent_without_permission,
            first_without_permission_frame: peer.first_without_permission.map(|moment| moment.frame.0),
            last_time: clock.time(peer.last),
        }
    }
}

impl Connection {
    pub(super) fn new(connection: &turn::Connection, clock: Clock) -> Self {
        Self {
            id: connection.id,
            peer: connection.peer.map(|peer| peer.to_string()),
            incoming: connection.incoming,
            opened_time: clock.time(connection.opened),
            bound_time: connection.bound.map(|(_, moment)| clock.time(moment)),
            bound_client: connection.bound.map(|(client, _)| client.to_string()),
            bytes_sent: connection.bytes_sent,
            bytes_received: connection.bytes_received,
        }
    }
}
