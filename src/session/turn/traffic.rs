//! What went between a client and one peer through its allocation.

use crate::moment::Moment;
use crate::path::Endpoint;

/// A peer of an allocation and the traffic with it. Bytes are those inside, without STUN and channel headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its transport address; `None` where only a channel number is known.
    pub peer: Option<Endpoint>,
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
    /// Bytes from the client.
    pub bytes_sent: u64,
    /// Bytes to the client.
    pub bytes_received: u64,
    /// Bytes from the client inside ChannelData.
    pub channel_bytes_sent: u64,
    /// Bytes to the client inside ChannelData.
    pub channel_bytes_received: u64,
    /// Messages from the client while no permission (or no channel, for ChannelData) stood: the server drops them.
    pub sent_without_permission: u64,
    /// The first of those.
    pub first_without_permission: Option<Moment>,
    /// The last message either way.
    pub last: Moment,
}

impl Peer {
    pub(super) const fn new(peer: Option<Endpoint>, moment: Moment) -> Self {
        Self {
            peer,
            channel: None,
            send_indications: 0,
            data_indications: 0,
            channel_data_sent: 0,
            channel_data_received: 0,
            bytes_sent: 0,
            bytes_received: 0,
            channel_bytes_sent: 0,
            channel_bytes_received: 0,
            sent_without_permission: 0,
            first_without_permission: None,
            last: moment,
        }
    }

    /// Messages both ways.
    #[must_use]
    pub const fn messages(&self) -> u64 {
        self.send_indications + self.data_indications + self.channel_data_sent + self.channel_data_received
    }
}
