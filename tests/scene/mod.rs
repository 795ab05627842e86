//! Small scenes for the rooms `flow` and `session`: messages made by hand, walked through both as a capture would be.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod turn;

use std::net::SocketAddr;

use rtcscope::crypto::{Algorithm, Key, seal};
use rtcscope::flow::{Content, Data, Flows, Framing, Streams};
use rtcscope::moment::{FrameNumber, Moment, Timestamp};
use rtcscope::path::{Endpoint, Path, Transport};
use rtcscope::session::{Carried, Credentials, Event, Seat, Sessions, What};
use rtcscope::wire::stun::{AttributeType, Builder, Class, Method, TransactionId, Value};

/// Where the capture begins, in seconds since the Unix epoch.
const START: i64 = 1_700_000_000;

pub fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address and a port")
}

pub fn endpoint(text: &str) -> Endpoint {
    address(text).into()
}

pub fn id(number: u32) -> TransactionId {
    let mut id = [0x5A; 12];
    id[..4].copy_from_slice(&number.to_be_bytes());
    TransactionId(id)
}

/// A capture in the making.
pub struct Scene {
    flows: Flows,
    streams: Streams,
    pub sessions: Sessions,
    pub events: Vec<Event>,
    frame: u64,
    milliseconds: i64,
}

impl Scene {
    pub fn new() -> Self {
        Self::with(Credentials::new())
    }

    pub fn with(credentials: Credentials) -> Self {
        let mut scene = Self {
            flows: Flows::new(),
            streams: Streams::new(),
            sessions: Sessions::new(credentials, false),
            events: Vec::new(),
            frame: 0,
            milliseconds: 0,
        };
        scene.at(0);
        scene
    }

    /// Time goes on to so many milliseconds after the start; nothing is seen but a frame of something else.
    pub fn at(&mut self, milliseconds: i64) -> &mut Self {
        self.milliseconds = milliseconds;
        self.next_frame();
        self
    }

    fn next_frame(&mut self) -> Moment {
        self.frame += 1;
        let moment = Moment::new(self.frame, (START * 1000 + self.milliseconds) * 1_000_000);
        self.sessions.advance(moment);
        self.events.extend(self.sessions.take_events());
        moment
    }

    /// A datagram.
    pub fn udp(&mut self, from: &str, to: &str, bytes: &[u8]) -> &mut Self {
        let moment = self.next_frame();
        self.walk(moment, &Path::direct(endpoint(from), endpoint(to), Transport::Udp), bytes, 0);
        self.events.extend(self.sessions.take_events());
        self
    }

    /// An ICMP error: the datagram could not be delivered.
    pub fn unreachable(&mut self, from: &str, to: &str, bytes: &[u8]) -> &mut Self {
        let moment = self.next_frame();
        let path = Path::direct(endpoint(from), endpoint(to), Transport::Udp);
        self.sessions.icmp_error(moment, &path, bytes, (3, 3), "port unreachable");
        self.events.extend(self.sessions.take_events());
        self
    }

    /// A segment of TCP stream `number`; `way` is 0 for the client.
    pub fn tcp(&mut self, number: u64, way: usize, from: &str, to: &str, bytes: &[u8]) -> &mut Self {
        let moment = self.next_frame();
        let path = Path::direct(endpoint(from), endpoint(to), Transport::Tcp);
        let mut streams = std::mem::take(&mut self.streams);
        streams.observe(number, way, bytes, |framing, body| self.framed(moment, &path, framing, body));
        self.streams = streams;
        self.events.extend(self.sessions.take_events());
        self
    }

    fn framed(&mut self, moment: Moment, path: &Path, framing: Framing, body: &[u8]) -> Framing {
        let (flow, side) = path.flow();
        if framing == Framing::Raw {
            let flow = self.flows.known(flow, moment.time).expect("a flow that was seen");
            self.sessions.bytes(moment, Seat { path, flow, side }, body.len());
            return framing;
        }
        self.walk(moment, path, body, 0);
        let flow = self.flows.known(flow, moment.time).expect("a flow that was seen");
        if self.sessions.carries_connection(flow) { Framing::Raw } else { framing }
    }

    fn walk(&mut self, moment: Moment, path: &Path, bytes: &[u8], depth: usize) {
        let seen = self.flows.observe(moment, path, bytes, bytes.len());
        if seen.fresh {
            self.sessions.forget(seen.flow);
        }
        let seat = Seat { path, flow: seen.flow, side: seen.side };
        let relayed = match &seen.content {
            Content::Data(data) => {
                let what = carried(*data);
                self.sessions.data(moment, seat, what);
                None
            }
            Content::ChannelData(channel) => self.sessions.channel_data(moment, seat, channel),
            Content::Stun(message) => self.sessions.observe(moment, seat, message),
            _ => None,
        };
        if let Some(relayed) = relayed
            && depth < 4
        {
            self.walk(moment, &relayed.path, relayed.data, depth + 1);
        }
    }

    /// The capture ends.
    pub fn end(&mut self) -> &mut Self {
        self.sessions.finish();
        self.events.extend(self.sessions.take_events());
        self
    }

    /// Events of one name, each with its milliseconds after the start.
    pub fn told(&self, name: &str) -> Vec<(i64, &What)> {
        let at = |event: &Event| milliseconds(event.moment.time);
        self.events.iter().filter(|event| event.what.name() == name).map(|event| (at(event), &event.what)).collect()
    }

    /// How often an event was told.
    pub fn count(&self, name: &str) -> usize {
        self.told(name).len()
    }

    /// A frame number to compare moments with.
    pub fn last_frame(&self) -> FrameNumber {
        FrameNumber(self.frame)
    }

    /// A check and its answer, `rtt` milliseconds later.
    pub fn answered(&mut self, from: &str, to: &str, number: u32, check: &Check<'_>, rtt: i64) -> &mut Self {
        self.udp(from, to, &check.bytes(number));
        self.milliseconds += rtt;
        self.udp(to, from, &success(number, from))
    }
}

/// Milliseconds after the start.
pub fn milliseconds(time: Timestamp) -> i64 {
    time.0 / 1_000_000 - START * 1000
}

/// A connectivity check.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// `receiver:sender`.
    pub username: &'a str,
    pub controlling: Option<bool>,
    pub tiebreaker: u64,
    pub use_candidate: bool,
    pub nomination: Option<u32>,
    pub component: u32,
    pub password: &'a str,
}

/// A check of the controlling agent.
pub const fn controlling(username: &str) -> Check<'_> {
    Check {
        username,
        controlling: Some(true),
        tiebreaker: 7,
        use_candidate: false,
        nomination: None,
        component: 1,
        password: "pwd",
    }
}

/// A check of the controlled agent.
pub const fn controlled(username: &str) -> Check<'_> {
    Check { controlling: Some(false), tiebreaker: 9, ..controlling(username) }
}

impl<'a> Check<'a> {
    pub const fn nominating(self) -> Self {
        Self { use_candidate: true, ..self }
    }

    pub const fn component(self, component: u32) -> Self {
        Self { component, ..self }
    }

    pub const fn tiebreaker(self, tiebreaker: u64) -> Self {
        Self { tiebreaker, ..self }
    }

    pub fn bytes(&self, number: u32) -> Vec<u8> {
        let mut message = Builder::new(Class::Request, Method::BINDING, id(number))
            .raw(AttributeType::USERNAME, self.username.as_bytes())
            .attribute(AttributeType::PRIORITY, &Value::Priority((110 << 24) + (1 << 16) + 256 - self.component));
        message = match self.controlling {
            Some(true) => message.attribute(AttributeType::ICE_CONTROLLING, &Value::TieBreaker(self.tiebreaker)),
            Some(false) => message.attribute(AttributeType::ICE_CONTROLLED, &Value::TieBreaker(self.tiebreaker)),
            None => message,
        };
        if self.use_candidate {
            message = message.raw(AttributeType::USE_CANDIDATE, &[]);
        }
        if let Some(value) = self.nomination {
            message = message.attribute(AttributeType::NOMINATION, &Value::Nomination(value));
        }
        sealed(message, &Key::short_term(self.password.as_bytes()))
    }
}

pub fn sealed(message: Builder, key: &Key) -> Vec<u8> {
    seal(message, key, Algorithm::Sha1).fingerprint().emit().expect("a message of usual size")
}

/// The success response to a check or to a Binding request, signed with the password `pwd`.
pub fn success(number: u32, mapped: &str) -> Vec<u8> {
    let message = Builder::new(Class::SuccessResponse, Method::BINDING, id(number))
        .attribute(AttributeType::XOR_MAPPED_ADDRESS, &Value::XorAddress(address(mapped)));
    sealed(message, &Key::short_term(b"pwd"))
}

/// An error response of any method.
pub fn error(method: Method, number: u32, code: u16) -> Vec<u8> {
    let message = Builder::new(Class::ErrorResponse, method, id(number))
        .raw(AttributeType::ERROR_CODE, &[0, 0, (code / 100) as u8, (code % 100) as u8, b'n', b'o']);
    sealed(message, &Key::short_term(b"pwd"))
}

/// An RTP packet.
pub fn rtp(sequence: u16) -> Vec<u8> {
    let mut packet = vec![0x80, 96];
    packet.extend(sequence.to_be_bytes());
    packet.extend([0, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4]);
    packet
}

/// The start of a DTLS handshake.
pub const HANDSHAKE: &[u8] = b"\x16\xFE\xFD\0\0\0\0\0\0\0\0\0\x01\x01";

/// Any request, indication or response, without a proof.
pub fn message(class: Class, method: Method, number: u32, attributes: &[(AttributeType, Value<'_>)]) -> Vec<u8> {
    let empty = Builder::new(class, method, id(number));
    let full = attributes.iter().fold(empty, |message, (kind, value)| message.attribute(*kind, value));
    full.emit().expect("a message of usual size")
}

/// The same with a proof of the key.
pub fn signed(
    class: Class,
    method: Method,
    number: u32,
    attributes: &[(AttributeType, Value<'_>)],
    key: &Key,
) -> Vec<u8> {
    let empty = Builder::new(class, method, id(number));
    sealed(attributes.iter().fold(empty, |message, (kind, value)| message.attribute(*kind, value)), key)
}

/// ChannelData.
pub fn channel(number: u16, inside: &[u8]) -> Vec<u8> {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.extend(u16::try_from(inside.len()).expect("a datagram").to_be_bytes());
    bytes.extend(inside);
    bytes
}

const fn carried(data: Data) -> Carried {
    match data {
        Data::DtlsClientHello => Carried::ClientHello,
        Data::DtlsHandshake => Carried::Handshake,
        Data::Dtls => Carried::Dtls,
        Data::Rtp | Data::Rtcp => Carried::Media,
    }
}
