//! One TLS connection.

use std::time::Duration;

use super::direction::{Begun, Direction, Step};
use super::message::{EncryptedMessage, KEPT};
use crate::abbreviated::Abbreviated;
use crate::moment::Moment;
use crate::path::{Endpoint, Path};
use crate::wire::tls::{Alert, Body, CipherSuite, ClientHello, ContentType, Handshake, ProtocolVersion, ServerHello};

/// Silence after which records of one direction are another message. What an application writes at once leaves in one burst; round
/// trips that a congestion window asks for are rarely shorter.
const PAUSE: Duration = Duration::from_millis(5);
/// Application protocols and versions kept of an offer; browsers send two and four.
const OFFERED: usize = 16;
/// Bytes kept of a name. Both fields of it that matter have one byte for the length, or carry a host name (RFC 1035, section 2.3.4).
const NAME_LENGTH: usize = 255;
/// Alerts kept of one connection; the second one of an end is its last.
const ALERTS: usize = 8;
/// The ports that only servers have (RFC 6335, section 6).
const SYSTEM_PORTS: u16 = 1024;

/// How it is known which end is the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Roles {
    /// By its hello, or the server's.
    Hello,
    /// The capture began later: only the other end has a system port.
    Port,
    /// Not at all: the end that was seen sending first stands as client.
    Unknown,
}

impl Roles {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Port => "port",
            Self::Unknown => "unknown",
        }
    }
}

/// An alert that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenAlert {
    /// When.
    pub moment: Moment,
    /// Which end sent it: the place in [`EncryptedConnection::ends`].
    pub end: usize,
    /// What it says; nothing where it is encrypted or not all there. TLS 1.3 hides most alerts among the application data.
    pub alert: Option<Alert>,
}

/// A TLS connection.
#[derive(Debug)]
pub struct EncryptedConnection {
    /// Its two ends; who sent first is the first.
    pub ends: [Endpoint; 2],
    /// Its first byte.
    pub first: Moment,
    /// Its last byte.
    pub last: Moment,
    /// When an end closed or reset it.
    pub closed: Option<Moment>,
    /// Whether its start was not seen: it is known by a chain of records.
    pub joined: bool,
    /// The host name that the client asks for (SNI).
    pub server_name: Option<String>,
    /// The application protocols that the client offers (ALPN); the first few.
    pub offered_protocols: Vec<String>,
    /// The application protocol that the server chose. TLS 1.3 hides it.
    pub chosen_protocol: Option<String>,
    /// The versions that the client offers, or the highest one; the first few.
    pub offered_versions: Vec<ProtocolVersion>,
    /// The version that the server chose.
    pub version: Option<ProtocolVersion>,
    /// The cipher suite that the server chose.
    pub cipher_suite: Option<CipherSuite>,
    /// Whether the server asked for another hello (RFC 8446, section 4.1.4).
    pub retried: bool,
    /// Whether the client sent data before the server spoke (0-RTT, RFC 8446, section 2.3).
    pub early_data: bool,
    /// When the handshake was complete: the second Finished, or in TLS 1.3, where it is encrypted, the first encrypted record of the
    /// client. Nothing where early data hides which one that is.
    pub completed: Option<Moment>,
    /// Messages of application data. What follows the handshake of TLS 1.3 unseen (session tickets, a client's certificate) is among them.
    pub messages: Abbreviated<EncryptedMessage>,
    /// Bytes of application data by end, in records, without their headers.
    pub bytes: [u64; 2],
    /// Alerts, the first few.
    pub alerts: Vec<SeenAlert>,
    /// Alerts past the bound.
    pub alerts_omitted: u64,
    /// Bytes missing from the capture by end.
    pub missing: [u64; 2],

    directions: [Direction; 2],
    /// The way of the stream that the first end sends on.
    first_way: usize,
    client: Option<usize>,
    server_hello: bool,
    /// The client sent data before its hello was answered.
    unanswered: bool,
    /// A record was one beyond doubt.
    believed: bool,
    /// By end: it changed to the negotiated cipher.
    ciphered: [bool; 2],
    /// By end: its Finished was seen.
    finished: [bool; 2],
    /// What follows is application data.
    established: bool,
}

impl EncryptedConnection {
    pub(super) fn new(moment: Moment, path: &Path, way: usize) -> Self {
        Self {
            ends: [path.source, path.destination],
            first: moment,
            last: moment,
            closed: None,
            joined: true,
            server_name: None,
            offered_protocols: Vec::new(),
            chosen_protocol: None,
            offered_versions: Vec::new(),
            version: None,
            cipher_suite: None,
            retried: false,
            early_data: false,
            completed: None,
            messages: Abbreviated::new(KEPT),
            bytes: [0; 2],
            alerts: Vec::new(),
            alerts_omitted: 0,
            missing: [0; 2],
            directions: <[Direction; 2]>::default(),
            first_way: way,
            client: None,
            server_hello: false,
            unanswered: false,
            believed: false,
            ciphered: [false; 2],
            finished: [false; 2],
            established: false,
        }
    }

    /// How it is known which end is the client.
    #[must_use]
    pub fn roles(&self) -> Roles {
        let system = self.ends.map(|end| end.port < SYSTEM_PORTS);
        match self.client {
            Some(_) => Roles::Hello,
            None if system == [true, false] || system == [false, true] => Roles::Port,
            None => Roles::Unknown,
        }
    }

    /// Which end is the client: the place in [`Self::ends`]. [`Self::roles`] says how that is known.
    #[must_use]
    pub fn client(&self) -> usize {
        match (self.client, self.ends.map(|end| end.port < SYSTEM_PORTS)) {
            (Some(client), _) => client,
            (None, [true, false]) => 1,
            (None, _) => 0,
        }
    }

    /// How often it was lost where records begin: those up to where they were found again are not counted.
    #[must_use]
    pub fn losses(&self) -> u64 {
        self.directions.iter().map(Direction::losses).sum()
    }

    /// Whether its records are records beyond doubt.
    pub(super) const fn is_believed(&self) -> bool {
        self.believed
    }

    /// Whether nothing is left that looks like records.
    pub(super) fn is_lost(&self) -> bool {
        self.directions.iter().all(Direction::is_lost)
    }

    /// Bytes held back.
    pub(super) fn waiting(&self) -> usize {
        self.directions.iter().map(Direction::waiting).sum()
    }

    /// Hellos are not waited for any more.
    pub(super) fn give_up_hellos(&mut self) {
        self.directions.iter_mut().for_each(Direction::give_up_hello);
    }

    /// The place of the end that sends on `way`.
    const fn end(&self, way: usize) -> usize {
        if way == self.first_way { 0 } else { 1 }
    }

    /// The next bytes on `way`.
    pub(super) fn observe(&mut self, moment: Moment, way: usize, bytes: &[u8]) {
        let end = self.end(way);
        self.last = moment;
        let Some(direction) = self.directions.get_mut(end) else { return };
        // Taken out for the time of the call: what it shows changes the rest.
        let mut direction = std::mem::take(direction);
        direction.take(moment, bytes, |step| match step {
            Step::Record(begun) => self.record(end, begun),
            Step::Hello(message) => self.hello(end, message),
            Step::Alert(fragment) => {
                if fragment.len() == Alert::LENGTH
                    && let Some(seen) = self.alerts.last_mut()
                    && self.alerts_omitted == 0
                {
                    seen.alert = Alert::parse(fragment).ok();
                }
            }
        });
        if self.retried && !self.server_hello && self.client.is_some_and(|client| client != end) {
            direction.expect_hello();
        }
        if let Some(place) = self.directions.get_mut(end) {
            *place = direction;
        }
        if !self.believed && self.directions.iter().all(Direction::has_unproven) {
            self.prove();
        }
    }

    /// One whole record each way: an idle connection, of which only a sign of life and its answer were seen. They prove each other.
    fn prove(&mut self) {
        let mut begun: Vec<_> =
            self.directions.iter_mut().enumerate().filter_map(|(end, one)| Some((end, one.prove()?))).collect();
        begun.sort_by_key(|(_, begun)| begun.moment);
        for (end, begun) in begun {
            self.record(end, begun);
        }
    }

    /// So many bytes on `way` are missing.
    pub(super) fn gap(&mut self, way: usize, missing: u64) {
        let end = self.end(way);
        if let (Some(direction), Some(sum)) = (self.directions.get_mut(end), self.missing.get_mut(end)) {
            *sum = sum.saturating_add(missing);
            direction.gap(missing);
        }
    }

    /// A record began.
    fn record(&mut self, end: usize, begun: Begun) {
        let moment = begun.moment;
        self.believed = true;
        match begun.header.kind {
            ContentType::CHANGE_CIPHER_SPEC => {
                if let Some(ciphered) = self.ciphered.get_mut(end) {
                    *ciphered = true;
                }
            }
            ContentType::HANDSHAKE => self.handshake(moment, end),
            ContentType::ALERT if self.alerts.len() < ALERTS => {
                self.alerts.push(SeenAlert { moment, end, alert: None });
            }
            ContentType::ALERT => self.alerts_omitted += 1,
            ContentType::APPLICATION_DATA => self.data(end, begun),
            _ => {}
        }
    }

    /// A record of the handshake began: before TLS 1.3 the first one behind the change of ciphers is the Finished.
    fn handshake(&mut self, moment: Moment, end: usize) {
        let old = self.version.is_some_and(|version| version < ProtocolVersion::TLS_1_3);
        if !old || !self.ciphered.get(end).copied().unwrap_or(false) {
            return;
        }
        if let Some(finished) = self.finished.get_mut(end) {
            *finished = true;
        }
        if self.finished == [true; 2] {
            self.completed.get_or_insert(moment);
        }
    }

    /// A record of application data began, or one of TLS 1.3 that says so.
    fn data(&mut self, end: usize, Begun { moment, spoken, header }: Begun) {
        let length = u64::from(header.length);
        if !self.established && self.hides_handshake(moment, end) {
            return;
        }
        if let Some(sum) = self.bytes.get_mut(end) {
            *sum = sum.saturating_add(length);
        }
        match self.messages.last_mut() {
            Some(last) if last.end == end && moment.time.since(spoken.time) < PAUSE => {
                last.bytes = last.bytes.saturating_add(length);
                last.records += 1;
            }
            _ => {
                self.messages.push(EncryptedMessage { moment, end, bytes: length, records: 1 });
            }
        }
    }

    /// Whether a record before the end of the handshake is part of it.
    fn hides_handshake(&mut self, moment: Moment, end: usize) -> bool {
        let Some(client) = self.client else { return false };
        if self.server_hello && self.version != Some(ProtocolVersion::TLS_1_3) {
            self.established = true;
            return false;
        }
        if end != client {
            return self.server_hello;
        }
        if !self.server_hello {
            // Early only if an answer comes; else only one direction is in the capture.
            self.unanswered = true;
            return false;
        }
        self.established = true;
        if self.early_data {
            return false;
        }
        self.completed = Some(moment);
        true
    }

    /// The first message of a handshake.
    fn hello(&mut self, end: usize, message: &[u8]) {
        let Ok(handshake) = Handshake::parse(message) else { return };
        match handshake.body {
            Body::ClientHello(hello) => self.offer(end, &hello),
            Body::ServerHello(hello) => self.choice(end, &hello),
            Body::Other(_) => {}
        }
    }

    fn offer(&mut self, end: usize, hello: &ClientHello<'_>) {
        // The start was seen only if nothing passed before it.
        self.joined = self.messages.total() > 0;
        self.client = Some(end);
        self.server_name = hello.server_name.map(name);
        self.offered_protocols = hello.protocols().take(OFFERED).map(name).collect();
        self.offered_versions = hello.versions().take(OFFERED).collect();
    }

    fn choice(&mut self, end: usize, hello: &ServerHello<'_>) {
        self.client.get_or_insert(1 - end.min(1));
        self.version = Some(hello.version());
        self.cipher_suite = hello.cipher_suite;
        if hello.is_retry_request() {
            self.retried = true;
            return;
        }
        self.chosen_protocol = hello.application_protocol.map(name);
        self.server_hello = true;
        self.early_data = self.unanswered && self.version == Some(ProtocolVersion::TLS_1_3);
    }
}

/// A name as text, as much of it as is kept.
fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..NAME_LENGTH).unwrap_or(bytes)).into_owned()
}
