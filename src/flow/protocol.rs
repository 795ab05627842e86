//! What a message turned out to be, and how many there were of each.

/// What a datagram or a frame of a TCP stream turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// STUN and TURN messages.
    Stun,
    /// TURN ChannelData.
    TurnChannelData,
    /// DTLS records.
    Dtls,
    /// RTP or SRTP.
    Rtp,
    /// RTCP or SRTCP.
    Rtcp,
    /// ZRTP.
    Zrtp,
    /// QUIC.
    Quic,
    /// SIP.
    Sip,
    /// HTTP; what else a connection turns into is not counted here.
    Http,
    /// Messages of WebSockets.
    WebSocket,
    /// Multicast DNS.
    Mdns,
    /// DNS.
    Dns,
    /// Datagrams that are none of these.
    UnknownUdp,
}

impl Protocol {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 13] = [
        Self::Stun,
        Self::TurnChannelData,
        Self::Dtls,
        Self::Rtp,
        Self::Rtcp,
        Self::Zrtp,
        Self::Quic,
        Self::Sip,
        Self::Http,
        Self::WebSocket,
        Self::Mdns,
        Self::Dns,
        Self::UnknownUdp,
    ];

    /// The key used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stun => "stun",
            Self::TurnChannelData => "turnChannelData",
            Self::Dtls => "dtls",
            Self::Rtp => "rtp",
            Self::Rtcp => "rtcp",
            Self::Zrtp => "zrtp",
            Self::Quic => "quic",
            Self::Sip => "sip",
            Self::Http => "http",
            Self::WebSocket => "websocket",
            Self::Mdns => "mdns",
            Self::Dns => "dns",
            Self::UnknownUdp => "unknownUdp",
        }
    }
}

/// How many messages of one protocol there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All of them.
    pub messages: u64,
    /// Those inside relays.
    pub nested: u64,
}

/// How many messages of each protocol there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Protocols {
    counts: [Count; Protocol::ALL.len()],
}

impl Protocols {
    /// The count of one protocol.
    #[must_use]
    pub fn of(&self, protocol: Protocol) -> Count {
        self.counts.get(protocol as usize).copied().unwrap_or_default()
    }

    /// Counts `messages` more of one protocol, inside a relay if `nested`.
    pub fn add(&mut self, protocol: Protocol, nested: bool, messages: u64) {
        if let Some(count) = self.counts.get_mut(protocol as usize) {
            count.messages += messages;
            if nested {
                count.nested += messages;
            }
        }
    }
}
