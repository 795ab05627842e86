//! What is heard becomes signals: messages of HTTP, of WebSockets and of SIP.

use super::channels::Key;
use super::connection::{Connection, Dialect, Talk, WebSocket};
use super::listening::{Listener, Way};
use super::{http, websocket};
use crate::moment::Moment;
use crate::path::Endpoint;
use crate::signal::{Carrier, Channel, Description, Matter, RoomEvent, Signal, Speaker};
use crate::signaling::content::Found;
use crate::signaling::http::{Event, Head};
use crate::signaling::sip::{self, Exchanged};
use crate::signaling::socketio::Session;
use crate::signaling::websocket::{Deflate, Kind, Message};

/// A longer name of a session is none.
const SESSION: usize = 256;

impl Listener {
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

    pub(super) fn http(&mut self, way: &Way, connection: &mut Connection, event: Event) {
        match event {
            Event::Message(speaker, message) => {
                self.messages.http += 1;
                let server = if way.source == connection.client { way.destination } else { way.source };
                let ends = http::Ends { client: connection.client, server };
                if let Some(heard) =
                    http::hear(speaker, &message, way.connection, ends, &mut self.channels, &self.limits)
                {
                    let pair = match speaker {
                        Speaker::Client => (ends.client, ends.server),
                        Speaker::Server => (ends.server, ends.client),
                    };
                    self.push(message.moment, heard.carrier, heard.channel, speaker, pair, heard.found);
                }
            }
            Event::Upgraded { request, response } => self.upgrade(way, connection, request.as_ref(), response.as_ref()),
            Event::Tunnelled => {}
        }
    }

    fn upgrade(&mut self, way: &Way, connection: &mut Connection, request: Option<&Head>, response: Option<&Head>) {
        let target = request.and_then(Head::target).unwrap_or_default();
        let is_sip = [request, response].into_iter().flatten().any(|head| head.lists("sec-websocket-protocol", "sip"));
        let session = Session::of(target);
        let dialect = match (session, request) {
            (Some(Session { is_old, .. }), _) => Dialect::SocketIo { is_old },
            (None, _) if is_sip => Dialect::Sip,
            (None, Some(_)) => Dialect::Plain,
            (None, None) => Dialect::Unknown,
        };
        let server = if way.source == connection.client { way.destination } else { way.source };
        let key = match session.map(|session| session.sid).filter(|sid| !sid.is_empty() && sid.len() <= SESSION) {
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

    pub(super) fn websocket(
        &mut self,
        moment: Moment,
        way: &Way,
        speaker: Speaker,
        talk: &mut WebSocket,
        bytes: &[u8],
    ) {
        let WebSocket { client, server, deflate, dialect, channel, .. } = talk;
        let direction = if speaker == Speaker::Client { client } else { server };
        let limits = self.limits;
        direction.observe(bytes, *deflate, &limits, |message| {
            self.message(moment, way, speaker, dialect, *channel, message);
        });
    }

    /// Takes a message of a WebSocket.
    fn message(
        &mut self,
        moment: Moment,
        way: &Way,
        speaker: Speaker,
        known: &mut Dialect,
        channel: Channel,
        message: Message,
    ) {
        self.messages.websocket += 1;
        let text = match message.kind {
            Kind::Close => return,
            Kind::Text => str::from_utf8(&message.payload).ok(),
            Kind::Binary => None,
        };
        if let Some(text) = text {
            *known = websocket::dialect(*known, text);
        }
        let (carrier, found) = match (*known, text) {
            (Dialect::Sip, _) => {
                if let Some(message) = sip::Message::parse(&message.payload) {
                    self.sip(moment, way.source, way.destination, &message);
                }
                return;
            }
            (Dialect::SocketIo { is_old }, Some(text)) => {
                (Carrier::SocketIo, websocket::packet(speaker, text, is_old, &self.limits))
            }
            (Dialect::SocketIo { .. }, None) => (Carrier::SocketIo, websocket::binary(&message.payload, &self.limits)),
            (Dialect::Plain | Dialect::Unknown, Some(text)) => {
                (Carrier::WebSocket, websocket::plain(text, &self.limits))
            }
            (Dialect::Plain | Dialect::Unknown, None) => {
                (Carrier::WebSocket, websocket::binary(&message.payload, &self.limits))
            }
        };
        self.push(moment, carrier, channel, speaker, (way.source, way.destination), found);
    }

    pub(super) fn sip(&mut self, moment: Moment, source: Endpoint, destination: Endpoint, message: &sip::Message) {
        for said in self.dialogs.observe(message) {
            let matter = match said.what {
                Exchanged::Description(kind, sdp) => Matter::Description(Description { kind, sdp }),
                Exchanged::Word(word, said) => Matter::Room(RoomEvent { word, said, member: None }),
            };
            let channel = self.channels.channel(Key::Call(said.call));
            let found = vec![Found { addressing: said.addressing, matter }];
            self.push(moment, Carrier::Sip, channel, said.speaker, (source, destination), found);
        }
    }
}
