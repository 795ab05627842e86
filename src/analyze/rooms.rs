//! The rooms that packets go through, one after another.

use crate::flow::{Content, Data, Earlier, EncryptedStreams, Flows, Framing, Protocol, Protocols, Streams};
use crate::moment::Moment;
use crate::net::{Datagram, IcmpError, IcmpKind, Sink, TcpEvent, TcpWhat};
use crate::path::{Path, Relay, Transport};
use crate::session::media::Arrived;
use crate::session::{Carried, Relayed, Seat, Sessions, limits};
use crate::signaling::exchange::Exchanges;
use crate::signaling::{self, Listener, Way};

/// The rooms that a datagram goes through.
#[derive(Debug)]
pub(super) struct Rooms {
    pub(super) flows: Flows,
    pub(super) streams: Streams,
    pub(super) sessions: Sessions,
    pub(super) listener: Listener,
    pub(super) exchanges: Exchanges,
    pub(super) encrypted: EncryptedStreams,
    /// Whether the datagram at hand came in IP fragments.
    reassembled: bool,
}

/// What the sessions are told of data.
const fn carried(data: Data) -> Carried {
    match data {
        Data::DtlsClientHello => Carried::ClientHello,
        Data::DtlsHandshake => Carried::Handshake,
        Data::Dtls => Carried::Dtls,
        Data::Rtp | Data::Rtcp => Carried::Media,
    }
}

impl Rooms {
    pub(super) fn new(sessions: Sessions) -> Self {
        let limits = signaling::Limits::default();
        Self {
            flows: Flows::new(),
            streams: Streams::new(),
            sessions,
            listener: Listener::new(limits),
            exchanges: Exchanges::new(limits),
            encrypted: EncryptedStreams::new(),
            reassembled: false,
        }
    }

    /// Messages by protocol: those of datagrams and frames, and those that the listener heard in connections.
    pub(super) fn protocols(&self) -> Protocols {
        let mut protocols = self.flows.protocols();
        let heard = self.listener.heard();
        protocols.add(Protocol::Http, false, heard.http);
        protocols.add(Protocol::WebSocket, false, heard.websocket);
        protocols.add(Protocol::Sip, false, heard.sip);
        protocols
    }

    /// What was just heard teaches the sessions passwords and candidates, and goes on in its exchange.
    fn listen(&mut self) {
        for signal in self.listener.take_signals() {
            self.sessions.learn(&signal, true);
            self.exchanges.observe(signal);
        }
        self.announce();
    }

    /// Where media is announced it is expected.
    pub(super) fn announce(&mut self) {
        for endpoint in self.sessions.take_announced() {
            self.flows.announce(endpoint);
        }
    }

    /// One datagram, and what relays carried inside of it.
    fn walk(&mut self, moment: Moment, path: &Path, bytes: &[u8], length: usize, depth: usize) {
        let (mut bytes, mut length) = (bytes, length);
        loop {
            let seen = self.flows.observe(moment, path, bytes, length);
            if seen.fresh {
                self.sessions.forget(seen.flow);
            }
            let seat = Seat { path, flow: seen.flow, side: seen.side };
            let relayed: Option<Relayed<'_>> = match &seen.content {
                Content::Data(data) => {
                    self.sessions.data(moment, seat, carried(*data));
                    self.earlier(&seat, seen.earlier);
                    let reassembled = self.reassembled;
                    let arrived =
                        Arrived { moment, path, flow: seen.flow, side: seen.side, bytes, length, reassembled };
                    self.media(&arrived, *data);
                    None
                }
                Content::ChannelData(channel) => self.sessions.channel_data(moment, seat, channel),
                Content::Stun(message) => {
                    self.earlier(&seat, seen.earlier);
                    self.sessions.observe(moment, seat, message)
                }
                Content::Multiplexed(inside) => Some(Relayed {
                    path: Path {
                        relay: Some(Relay { client: path.source, server: path.destination, transport: path.transport }),
                        ..*path
                    },
                    data: inside,
                    length: length.saturating_sub(bytes.len() - inside.len()),
                }),
                Content::Dns(message) => {
                    self.sessions.name(moment, path.source, message);
                    None
                }
                Content::Other => {
                    // SIP has no port of its own, and relays carry none.
                    if path.transport == Transport::Udp && depth == 0 {
                        self.listener.datagram(moment, path.source, path.destination, bytes);
                        self.listen();
                    }
                    None
                }
            };
            if let Some(Relayed { path, data, length }) = relayed
                && depth < limits::RELAY_DEPTH
            {
                self.walk(moment, &path, data, length, depth + 1);
            }
            if seen.rest.is_empty() {
                return;
            }
            length = length.saturating_sub(bytes.len() - seen.rest.len());
            bytes = seen.rest;
        }
    }
}

impl Rooms {
    #[inline]
    fn media(&mut self, arrived: &Arrived<'_>, data: Data) {
        match data {
            Data::Rtp => self.sessions.rtp(arrived),
            Data::Rtcp => self.sessions.rtcp(arrived),
            Data::DtlsClientHello | Data::DtlsHandshake | Data::Dtls => {}
        }
    }

    /// Packets from before the flow was believed to carry media.
    #[inline]
    fn earlier(&mut self, seat: &Seat<'_>, earlier: Vec<Earlier>) {
        for packet in earlier {
            let path = if packet.side == seat.side { *seat.path } else { seat.path.reversed() };
            let Earlier { moment, side, data, bytes, length } = packet;
            let arrived =
                Arrived { moment, path: &path, flow: seat.flow, side, bytes: &bytes, length, reassembled: false };
            self.media(&arrived, data);
        }
    }
}

impl Sink for Rooms {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.reassembled = datagram.reassembled;
        let path = Path::direct(datagram.source, datagram.destination, Transport::Udp);
        self.walk(datagram.moment, &path, datagram.payload, datagram.length, 0);
    }

    fn icmp_error(&mut self, error: &IcmpError<'_>) {
        if error.transport != Transport::Udp || matches!(error.kind, IcmpKind::PacketTooBig) {
            return;
        }
        let path = Path::direct(error.source, error.destination, Transport::Udp);
        self.sessions.icmp_error(error.moment, &path, error.payload, error.code, error.kind.name());
    }

    fn tcp(&mut self, event: &TcpEvent<'_>) {
        let path = Path::direct(event.source, event.destination, Transport::Tcp);
        let (flow, side) = path.flow();
        let (number, way) = (event.stream.0, side.index());
        let signalling = Way { connection: number, source: event.source, destination: event.destination };
        match event.what {
            TcpWhat::Bytes(bytes) => {
                self.listener.bytes(event.moment, &signalling, bytes);
                self.encrypted.observe(event.moment, number, &path, way, bytes);
            }
            TcpWhat::Gap(length) => {
                self.listener.gap(&signalling, length);
                self.encrypted.gap(number, way, length);
            }
            TcpWhat::Closed => {
                self.listener.closed(event.moment, &signalling);
                self.encrypted.close(event.moment, number);
            }
            TcpWhat::Reset => {
                self.listener.reset(number);
                self.encrypted.close(event.moment, number);
            }
            _ => {}
        }
        self.listen();
        match event.what {
            TcpWhat::Bytes(bytes) => {
                // Taken out for the time of the call: what is inside a message goes through the same rooms.
                let mut streams = std::mem::take(&mut self.streams);
                streams.observe(number, way, bytes, |framing, body| self.framed(event.moment, &path, framing, body));
                self.streams = streams;
            }
            TcpWhat::Gap(_) => self.streams.gap(number, way),
            TcpWhat::Closed | TcpWhat::Reset => {
                if let Some(flow) = self.flows.known(flow, event.moment.time) {
                    self.sessions.closed(event.moment, flow);
                }
                if matches!(event.what, TcpWhat::Reset) {
                    self.streams.close(number);
                }
            }
            _ => {}
        }
    }
}

impl Rooms {
    /// One message of a TCP stream; gives the framing that holds behind it.
    fn framed(&mut self, moment: Moment, path: &Path, framing: Framing, body: &[u8]) -> Framing {
        if framing == Framing::Raw {
            let (flow, side) = path.flow();
            if let Some(flow) = self.flows.known(flow, moment.time) {
                self.sessions.bytes(moment, Seat { path, flow, side }, body.len());
            }
            return framing;
        }
        self.reassembled = false;
        self.walk(moment, path, body, body.len(), 0);
        let flow = self.flows.known(path.flow().0, moment.time);
        if flow.is_some_and(|flow| self.sessions.carries_connection(flow)) { Framing::Raw } else { framing }
    }
}
