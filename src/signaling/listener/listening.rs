//! The listener: all connections and datagrams, inside stated bounds.

use std::collections::{BTreeMap, HashMap};

use super::channels::{Channels, Key};
use super::connection::{Connection, Dialect, Start, Talk, WebSocket, start};
use super::deaf::{Deaf, shows_other};
use crate::moment::Moment;
use crate::path::Endpoint;
use crate::signal::{Signal, Speaker};
use crate::signaling::Limits;
use crate::signaling::http::{Event, Next};
use crate::signaling::sip::{self, Dialogs};
use crate::signaling::websocket::{Deflate, recognise};

/// One direction of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// A number for the connection, the same for both directions and never used again.
    pub connection: u64,
    /// Who sends.
    pub source: Endpoint,
    /// Who receives.
    pub destination: Endpoint,
}

/// How many messages of connections were heard, signalling or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    /// Requests and responses of HTTP.
    pub http: u64,
    /// Messages of WebSockets, SIP among them.
    pub websocket: u64,
    /// Messages of SIP over TCP.
    pub sip: u64,
}

/// Listens to connections and datagrams on any port and tells what is signalled in them.
#[derive(Debug)]
pub struct Listener {
    pub(super) limits: Limits,
    connections: HashMap<u64, Connection>,
    /// The connections by when they were heard last.
    order: BTreeMap<u64, u64>,
    /// What all connections cost.
    cost: usize,
    heard: u64,
    pub(super) messages: Heard,
    given_up: u64,
    lost: u64,
    deaf: Deaf,
    pub(super) channels: Channels,
    pub(super) dialogs: Dialogs,
    pub(super) signals: Vec<Signal>,
}

impl Listener {
    /// One that has heard nothing.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            connections: HashMap::new(),
            order: BTreeMap::new(),
            cost: 0,
            heard: 0,
            messages: Heard::default(),
            given_up: 0,
            lost: 0,
            deaf: Deaf::new(),
            channels: Channels::new(limits.channels),
            dialogs: Dialogs::new(limits.channels),
            signals: Vec::new(),
            limits,
        }
    }

    /// What was signalled since this was asked last, in order.
    pub fn take_signals(&mut self) -> Vec<Signal> {
        std::mem::take(&mut self.signals)
    }

    /// How many messages of connections were heard.
    #[must_use]
    pub const fn heard(&self) -> Heard {
        self.messages
    }

    /// Connections that were given up for the memory they would take.
    #[must_use]
    pub const fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Bytes that the connections are counted to take.
    #[must_use]
    pub const fn cost(&self) -> usize {
        self.cost
    }

    /// How often bytes could not be followed: what was taken for a stream turned out to be none, or lost bytes. As long as this does
    /// not grow, the same bytes in other pieces give the same signals.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// Takes the next bytes of one direction. Of connections that speak something else next to nothing is remembered.
    pub fn bytes(&mut self, moment: Moment, way: &Way, bytes: &[u8]) {
        if self.deaf.is_deaf(way.connection) {
            return;
        }
        let mut known = self.take(way.connection);
        let mut rest = bytes;
        // A connection may become another one: a tunnel, what follows an upgrade.
        loop {
            let Some(connection) = known.take().or_else(|| self.open(way, rest)) else { return };
            let Some((connection, whole)) = self.settle(way, connection, rest) else { return };
            match whole {
                Some(whole) => {
                    self.hear(moment, way, connection, &whole);
                    return;
                }
                None => match self.hear(moment, way, connection, rest) {
                    Some(left) if left.len() < rest.len() => rest = left,
                    _ => return,
                },
            }
        }
    }

    /// A connection of which these are the first bytes, or that is joined here.
    fn open(&mut self, way: &Way, bytes: &[u8]) -> Option<Connection> {
        if bytes.is_empty() {
            return None;
        }
        if shows_other(bytes) {
            self.deaf.refuse(way.connection);
            return None;
        }
        let known = decide(way, bytes).or_else(|| self.join(way, bytes));
        let (client, talk) = known?;
        Some(Connection { client, talk, heard: 0, cost: 0, losses: 0, half_closed: false })
    }

    /// A WebSocket whose upgrade was not seen.
    fn join(&mut self, way: &Way, bytes: &[u8]) -> Option<(Endpoint, Talk)> {
        let may_be_a_frame = matches!(bytes.first(), Some(0x81 | 0x82 | 0x88..=0x8A | 0xC1 | 0xC2));
        if !may_be_a_frame || !self.deaf.may_try(way.connection) {
            return None;
        }
        let client = match recognise(bytes)? {
            Speaker::Client => way.source,
            Speaker::Server => way.destination,
        };
        let channel = self.channels.channel(Key::Connection(way.connection));
        let deflate = Deflate { agreed: true, ..Deflate::default() };
        Some((client, Talk::WebSocket(Box::new(WebSocket::new(channel, Dialect::Unknown, deflate)))))
    }

    /// A connection that is decided, and its bytes where some of them came before; `None` where it is not decided yet.
    fn settle(&mut self, way: &Way, mut connection: Connection, bytes: &[u8]) -> Option<(Connection, Option<Vec<u8>>)> {
        let Talk::Undecided(waiting) = &mut connection.talk else { return Some((connection, None)) };
        // What the other direction has said decides nothing here.
        let mut whole = if connection.client == way.source { std::mem::take(waiting) } else { Vec::new() };
        whole.extend_from_slice(bytes);
        let (client, talk) = decide(way, &whole)?;
        connection.client = client;
        connection.talk = talk;
        if let Talk::Undecided(waiting) = &mut connection.talk {
            *waiting = whole;
            self.put(way.connection, connection);
            return None;
        }
        Some((connection, Some(whole)))
    }

    /// Takes bytes of a connection that is known. Gives back those of a connection inside it.
    fn hear<'b>(&mut self, moment: Moment, way: &Way, mut connection: Connection, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let speaker = connection.speaker(way.source);
        let limits = self.limits;
        let mut rest = bytes;
        loop {
            let http = match &mut connection.talk {
                Talk::Http(talk) => talk,
                // The response to the upgrade is still to come.
                Talk::WebSocket(talk) if speaker == Speaker::Server && talk.upgrading.is_some() => {
                    match &mut talk.upgrading {
                        Some(talk) => talk,
                        None => break,
                    }
                }
                _ => break,
            };
            match http.next(moment, speaker, &mut rest, &limits) {
                Next::Event(Event::Tunnelled) => return Some(rest),
                Next::Event(event) => self.http(way, &mut connection, event),
                Next::More => {
                    self.put(way.connection, connection);
                    return None;
                }
                Next::Past => break,
            }
        }
        match &mut connection.talk {
            Talk::WebSocket(talk) => self.websocket(moment, way, speaker, talk, rest),
            Talk::Sip(directions) => {
                let [client, server] = directions.as_mut();
                let direction = if speaker == Speaker::Client { client } else { server };
                direction.observe(rest, &limits, |message| {
                    self.messages.sip += 1;
                    self.sip(moment, way.source, way.destination, &message);
                });
            }
            Talk::Http(_) | Talk::Undecided(_) => {}
        }
        self.put(way.connection, connection);
        None
    }

    /// Bytes of one direction are missing for good.
    pub fn gap(&mut self, way: &Way, length: u64) {
        let Some(mut connection) = self.take(way.connection) else { return };
        let speaker = connection.speaker(way.source);
        match &mut connection.talk {
            Talk::Undecided(_) => return,
            Talk::Http(talk) => talk.gap(speaker, length),
            Talk::WebSocket(talk) => talk.direction(speaker).gap(length),
            Talk::Sip(directions) => {
                let [client, server] = directions.as_mut();
                if speaker == Speaker::Client { client.gap() } else { server.gap() }
            }
        }
        self.put(way.connection, connection);
    }

    /// One direction has ended: a body without a length ends with it.
    pub fn closed(&mut self, moment: Moment, way: &Way) {
        let Some(mut connection) = self.take(way.connection) else { return };
        let speaker = connection.speaker(way.source);
        if let Talk::Http(talk) = &mut connection.talk
            && let Some(event) = talk.close(moment, speaker, &self.limits)
        {
            self.http(way, &mut connection, event);
        }
        if !std::mem::replace(&mut connection.half_closed, true) {
            self.put(way.connection, connection);
        }
    }

    /// Connection `number` is over in both directions.
    pub fn reset(&mut self, number: u64) {
        self.take(number);
    }

    /// Takes a UDP datagram: SIP is found on any port.
    pub fn datagram(&mut self, moment: Moment, source: Endpoint, destination: Endpoint, payload: &[u8]) {
        if payload.first().is_some_and(|first| first.is_ascii_uppercase() || matches!(first, b'\r' | b'\n'))
            && let Some(message) = sip::Message::parse(payload)
        {
            self.sip(moment, source, destination, &message);
        }
    }

    fn take(&mut self, number: u64) -> Option<Connection> {
        let connection = self.connections.remove(&number)?;
        self.order.remove(&connection.heard);
        self.cost = self.cost.saturating_sub(connection.cost);
        Some(connection)
    }

    fn put(&mut self, number: u64, mut connection: Connection) {
        self.heard += 1;
        connection.heard = self.heard;
        connection.cost = connection.cost();
        let losses = connection.losses();
        self.lost += losses.saturating_sub(connection.losses);
        connection.losses = losses;
        self.cost += connection.cost;
        self.order.insert(connection.heard, number);
        self.connections.insert(number, connection);
        while self.connections.len() > self.limits.connections || self.cost > self.limits.connection_bytes {
            let Some((_, oldest)) = self.order.first_key_value() else { return };
            self.take(*oldest);
            self.given_up += 1;
        }
    }
}

/// What a connection speaks whose direction `way` starts with `bytes`, and who its client is.
fn decide(way: &Way, bytes: &[u8]) -> Option<(Endpoint, Talk)> {
    match start(bytes) {
        Start::Http(Speaker::Client) => Some((way.source, Talk::Http(Box::default()))),
        Start::Http(Speaker::Server) => Some((way.destination, Talk::Http(Box::default()))),
        Start::Sip => Some((way.source, Talk::Sip(Box::default()))),
        Start::Undecided => Some((way.source, Talk::Undecided(Vec::new()))),
        Start::Other => None,
    }
}
