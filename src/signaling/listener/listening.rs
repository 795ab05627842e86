//! The listener: all connections and datagrams, inside stated bounds.

use std::collections::{BTreeMap, HashMap};

use super::channels::{Channels, Key};
use super::connection::{Connection, Dialect, Start, Talk, WebSocket, start};
use super::{http, websocket};
use crate::moment::Moment;
use crate::path::Endpoint;
use crate::signal::{Addressing, Carrier, Channel, Description, Matter, Signal, Speaker};
use crate::signaling::Limits;
use crate::signaling::content::Found;
use crate::signaling::http::{Event, Head};
use crate::signaling::sip::{self, Dialogs, Exchanged};
use crate::signaling::socketio;
use crate::signaling::websocket::{Deflate, Kind};

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

/// Listens to connections and datagrams on any port and tells what is signalled in them.
#[derive(Debug)]
pub struct Listener {
    limits: Limits,
    connections: HashMap<u64, Connection>,
    /// The connections by when they were heard last.
    order: BTreeMap<u64, u64>,
    /// What all connections cost.
    cost: usize,
    heard: u64,
    given_up: u64,
    channels: Channels,
    dialogs: Dialogs,
    signals: Vec<Signal>,
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
            given_up: 0,
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

    /// Takes the next bytes of one direction. Of connections that speak something else nothing is remembered.
    pub fn bytes(&mut self, moment: Moment, way: &Way, bytes: &[u8]) {
        let Some(mut connection) = self.take(way.connection).or_else(|| Self::open(way, bytes)) else { return };
        let Talk::Undecided(waiting) = &mut connection.talk else {
            return self.hear(moment, way, connection, bytes);
        };
        // What the other direction has said decides nothing here.
        let mut whole = if connection.client == way.source { std::mem::take(waiting) } else { Vec::new() };
        whole.extend_from_slice(bytes);
        let Some((client, talk)) = decide(way, &whole) else { return };
        connection.client = client;
        connection.talk = talk;
        match &mut connection.talk {
            Talk::Undecided(waiting) => {
                *waiting = whole;
                self.put(way.connection, connection);
            }
            _ => self.hear(moment, way, connection, &whole),
        }
    }

    /// A connection of which these are the first bytes.
    fn open(way: &Way, bytes: &[u8]) -> Option<Connection> {
        let (client, talk) = decide(way, bytes)?;
        Some(Connection { client, talk, heard: 0, cost: 0, half_closed: false })
    }

    fn hear(&mut self, moment: Moment, way: &Way, mut connection: Connection, bytes: &[u8]) {
        let speaker = connection.speaker(way.source);
        let mut rest = Some(bytes);
        let http = match &mut connection.talk {
            Talk::Http(talk) => Some(talk),
            // The response to the upgrade is still to come.
            Talk::WebSocket(talk) if speaker == Speaker::Server => talk.upgrading.as_mut(),
            _ => None,
        };
        if let Some(http) = http {
            let mut events = Vec::new();
            rest = http.observe(moment, speaker, bytes, &self.limits, |event| events.push(event));
            for event in events {
                self.http(way, &mut connection, event);
            }
        }
        match (&mut connection.talk, rest) {
            (Talk::WebSocket(talk), Some(rest)) => self.websocket(moment, way, speaker, talk, rest),
            (Talk::Sip(directions), Some(rest)) => {
                let [client, server] = directions.as_mut();
                let direction = if speaker == Speaker::Client { client } else { server };
                let mut messages = Vec::new();
                direction.observe(rest, &self.limits, |message| messages.push(message));
                for message in messages {
                    self.sip(moment, way.source, way.destination, &message);
                }
            }
            _ => {}
        }
        self.put(way.connection, connection);
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
        self.cost += connection.cost;
        self.order.insert(connection.heard, number);
        self.connections.insert(number, connection);
        while self.connections.len() > self.limits.connections || self.cost > self.limits.connection_bytes {
            let Some((_, oldest)) = self.order.first_key_value() else { return };
            self.take(*oldest);
            self.given_up += 1;
        }
    }

    fn push(
        &mut self,
        moment: Moment,
        carrier: Carrier,
        channel: Channel,
        speaker: Speaker,
        ends: (Endpoint, Endpoint),
        found: Vec<Found>,
    ) {
        self.signals.extend(found.into_iter().map(|Found { addressing, matter }| Signal {
            moment,
            carrier,
            channel,
            speaker,
            source: Some(ends.0),
            destination: Some(ends.1),
            addressing,
            matter,
        }));
    }

    fn http(&mut self, way: &Way, connection: &mut Connection, event: Event) {
        match event {
            Event::Message(speaker, message) => {
                let server = if way.source == connection.client { way.destination } else { way.source };
                let ends = http::Ends { client: connection.client, server };
                if let Some(heard) = http::hear(speaker, &message, ends, &mut self.channels, &self.limits) {
                    let pair = match speaker {
                        Speaker::Client => (ends.client, ends.server),
                        Speaker::Server => (ends.server, ends.client),
                    };
                    self.push(message.moment, heard.carrier, heard.channel, speaker, pair, heard.found);
                }
            }
            Event::Upgraded { request, response } => self.upgrade(way, connection, request.as_ref(), response.as_ref()),
        }
    }

    fn upgrade(&mut self, way: &Way, connection: &mut Connection, request: Option<&Head>, response: Option<&Head>) {
        let target = request.and_then(Head::target).unwrap_or_default();
        let is_sip = [request, response].into_iter().flatten().any(|head| head.lists("sec-websocket-protocol", "sip"));
        let dialect = match socketio::sid_of(target) {
            Some(_) => Dialect::SocketIo,
            None if is_sip => Dialect::Sip,
            None => Dialect::Plain,
        };
        let server = if way.source == connection.client { way.destination } else { way.source };
        let key = match socketio::sid_of(target).filter(|sid| !sid.is_empty()) {
            Some(sid) => Key::Session { server, sid: sid.to_owned() },
            None => Key::Connection(way.connection),
        };
        // What is offered is what holds as long as the response is not known.
        let deflate = response.or(request).map(Deflate::parse).unwrap_or_default();
        if let Talk::WebSocket(known) = &mut connection.talk {
            known.deflate = deflate;
            known.upgrading = None;
            return;
        }
        let mut talk = WebSocket::new(self.channels.channel(key), dialect, deflate);
        if let Talk::Http(http) = &mut connection.talk
            && response.is_none()
        {
            talk.upgrading = Some(std::mem::take(http));
        }
        connection.talk = Talk::WebSocket(Box::new(talk));
    }

    fn websocket(&mut self, moment: Moment, way: &Way, speaker: Speaker, talk: &mut WebSocket, bytes: &[u8]) {
        let mut messages = Vec::new();
        let deflate = talk.deflate;
        talk.direction(speaker).observe(bytes, deflate, &self.limits, |message| messages.push(message));
        for message in messages.into_iter().filter(|message| message.kind != Kind::Close) {
            let text = String::from_utf8_lossy(&message.payload);
            talk.dialect = websocket::dialect(talk.dialect, &text);
            let (carrier, found) = match talk.dialect {
                Dialect::Plain => (Carrier::WebSocket, websocket::plain(&text, &self.limits)),
                Dialect::SocketIo => (Carrier::SocketIo, websocket::packet(speaker, &text, &self.limits)),
                Dialect::Sip => {
                    if let Some(message) = sip::Message::parse(&message.payload) {
                        self.sip(moment, way.source, way.destination, &message);
                    }
                    continue;
                }
            };
            self.push(moment, carrier, talk.channel, speaker, (way.source, way.destination), found);
        }
    }

    fn sip(&mut self, moment: Moment, source: Endpoint, destination: Endpoint, message: &sip::Message) {
        for said in self.dialogs.observe(message) {
            let matter = match said.what {
                Exchanged::Description(kind, sdp) => Matter::Description(Description { kind: Some(kind), sdp }),
                Exchanged::Word(word, said) => Matter::Room(crate::signal::RoomEvent { word, said, member: None }),
            };
            let channel = self.channels.channel(Key::Call(said.call));
            let found = vec![Found { addressing: Addressing { ..said.addressing }, matter }];
            self.push(moment, Carrier::Sip, channel, said.speaker, (source, destination), found);
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
