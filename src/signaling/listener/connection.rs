//! What a connection speaks.

use crate::path::Endpoint;
use crate::signal::{Channel, Speaker};
use crate::signaling::http::HttpConnection;
use crate::signaling::sip;
use crate::signaling::websocket::{Deflate, Direction};

/// The longest start that decides nothing.
const UNDECIDED: usize = 4096;

/// What a connection speaks.
#[derive(Debug)]
pub(super) enum Talk {
    /// It could become one of the others: the bytes so far, of one direction.
    Undecided(Vec<u8>),
    Http(Box<HttpConnection>),
    WebSocket(Box<WebSocket>),
    Sip(Box<[sip::Direction; 2]>),
}

/// What the messages of a WebSocket are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::signaling) enum Dialect {
    /// Its upgrade was not seen: the messages themselves show it.
    Unknown,
    Plain,
    SocketIo {
        /// Engine.IO 3 or older.
        is_old: bool,
    },
    Sip,
}

#[derive(Debug)]
pub(super) struct WebSocket {
    pub(super) client: Direction,
    pub(super) server: Direction,
    pub(super) deflate: Deflate,
    pub(super) dialect: Dialect,
    pub(super) channel: Channel,
    /// The connection as long as the response to its upgrade was not seen.
    pub(super) upgrading: Option<Box<HttpConnection>>,
}

impl WebSocket {
    pub(super) fn new(channel: Channel, dialect: Dialect, deflate: Deflate) -> Self {
        let (client, server) = (Direction::new(Speaker::Client), Direction::new(Speaker::Server));
        Self { client, server, deflate, dialect, channel, upgrading: None }
    }

    pub(super) fn direction(&mut self, speaker: Speaker) -> &mut Direction {
        match speaker {
            Speaker::Client => &mut self.client,
            Speaker::Server => &mut self.server,
        }
    }
}

#[derive(Debug)]
pub(super) struct Connection {
    /// Who opened it; of an undecided one, who sent what is kept.
    pub(super) client: Endpoint,
    pub(super) talk: Talk,
    /// When it was heard last, in a count of all that is heard.
    pub(super) heard: u64,
    /// What it cost then.
    pub(super) cost: usize,
    /// How often its place was lost, as far as that was counted.
    pub(super) losses: u64,
    /// One direction has ended.
    pub(super) half_closed: bool,
}

impl Connection {
    pub(super) fn speaker(&self, source: Endpoint) -> Speaker {
        if source == self.client { Speaker::Client } else { Speaker::Server }
    }

    pub(super) fn losses(&self) -> u64 {
        match &self.talk {
            Talk::Undecided(_) => 0,
            Talk::Http(http) => http.losses(),
            Talk::WebSocket(websocket) => websocket.client.losses() + websocket.server.losses(),
            Talk::Sip(directions) => directions.iter().map(sip::Direction::losses).sum(),
        }
    }

    pub(super) fn cost(&self) -> usize {
        let kept = match &self.talk {
            Talk::Undecided(bytes) => bytes.capacity(),
            Talk::Http(http) => http.cost(),
            Talk::WebSocket(websocket) => websocket.client.cost() + websocket.server.cost(),
            Talk::Sip(directions) => directions.iter().map(sip::Direction::cost).sum(),
        };
        kept + size_of::<Self>() + size_of::<HttpConnection>()
    }
}

/// What a stream of bytes that starts like this speaks.
pub(super) enum Start {
    /// HTTP, and who sent this.
    Http(Speaker),
    Sip,
    /// It cannot be told yet.
    Undecided,
    Other,
}

pub(super) fn start(bytes: &[u8]) -> Start {
    let bytes = match bytes.first() {
        // Keepalives stand before the first message now and then (RFC 5626, section 3.5.1).
        Some(b'\r' | b'\n') => bytes.trim_ascii_start(),
        Some(first) if first.is_ascii_uppercase() => bytes,
        _ => return Start::Other,
    };
    if sip::looks_like_sip(bytes) {
        return Start::Sip;
    }
    let line = bytes.contains(&b'\n');
    // `OPTIONS` and `SIP/2.0` at the end of the line make SIP of what looks like HTTP.
    if (line || bytes.len() >= UNDECIDED || !bytes.starts_with(b"OPTIONS "))
        && let Some(speaker) = HttpConnection::recognise(bytes)
    {
        return Start::Http(speaker);
    }
    let could = bytes.len() < UNDECIDED
        && bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.iter().all(|byte| (0x20..0x7F).contains(byte) || *byte == b'\r');
    if could { Start::Undecided } else { Start::Other }
}
