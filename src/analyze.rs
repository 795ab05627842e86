//! The hallway: walks a capture through all rooms, from frames to findings.
//!
//! ```no_run
//! use rtcscope::{analyze::{Analyzer, Options}, capture::Reader};
//!
//! let mut reader = Reader::open("call.pcap".as_ref())?;
//! let analysis = Analyzer::new(Options::default()).analyze(&mut reader, |_, _| (), |_| ());
//! for session in analysis.sessions.ice() {
//!     println!("{} {}: {}", session.agents[0].ufrag, session.agents[1].ufrag, session.state());
//! }
//! # Ok::<(), rtcscope::capture::Error>(())
//! ```

use crate::capture::{self, Reader};
use crate::diagnose::{self, CaptureFacts, ClockStep, Fault, FaultKind};
use crate::finding::Finding;
use crate::flow::{Content, Data, Flows, Framing, Protocols, Streams};
use crate::moment::{FrameNumber, Moment, Timestamp};
use crate::net::{self, Datagram, IcmpError, IcmpKind, Sink, Stack, TcpEvent, TcpWhat};
use crate::path::{Path, Relay, Transport};
use crate::session::{Carried, Credentials, Event, Relayed, Seat, Sessions, limits};

/// What the user knows beside the capture.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Passwords to verify MESSAGE-INTEGRITY with.
    pub credentials: Credentials,
    /// Keep every entry of the lists that grow with time, whatever memory they take.
    pub keep_all: bool,
}

/// What is known of a capture as a whole.
#[derive(Debug)]
pub struct Summary {
    /// The file format.
    pub format: capture::Format,
    /// The link types of its interfaces, each once, in order of appearance.
    pub link_types: Vec<capture::LinkType>,
    /// Packets read.
    pub packets: u64,
    /// Bytes of those packets on the wire.
    pub bytes: u64,
    /// The time of the first packet.
    pub first: Option<Timestamp>,
    /// The greatest time of any packet.
    pub last: Option<Timestamp>,
    /// Packets that the capture cut (snaplen).
    pub truncated_packets: u64,
    /// The first of those.
    pub first_truncated: Option<FrameNumber>,
    /// Copies that the capture itself made, left out of every other count.
    pub duplicate_packets: u64,
    /// Packets that the kernel dropped, where the capture says.
    pub dropped_by_kernel: Option<u64>,
    /// What was passed over, by reason.
    pub skipped: Vec<(&'static str, u64)>,
    /// TCP segments.
    pub tcp_segments: u64,
    /// Messages by protocol.
    pub protocols: Protocols,
    /// Whether and how often the capture's clock went back.
    pub clock_went_back: Option<ClockStep>,
    /// What ended the reading before the end of the capture.
    pub fault: Option<capture::Error>,
}

impl Summary {
    /// What of this the diagnoses read, in plain values.
    fn facts(&self) -> CaptureFacts {
        CaptureFacts {
            packets: self.packets,
            first: self.first,
            last: self.last,
            truncated_packets: self.truncated_packets,
            first_truncated: self.first_truncated,
            dropped_by_kernel: self.dropped_by_kernel,
            duplicate_packets: self.duplicate_packets,
            clock_went_back: self.clock_went_back,
            fault: self.fault.as_ref().map(fault),
        }
    }
}

/// What a finding says of the error that ended the reading.
fn fault(error: &capture::Error) -> Fault {
    use capture::Error::{CompressedCut, Cut, Damaged, Read};
    let (kind, offset) = match error {
        Cut { offset, .. } | CompressedCut { offset, .. } => (FaultKind::Cut, Some(*offset)),
        Damaged { offset, .. } => (FaultKind::Damaged, Some(*offset)),
        Read { offset, .. } => (FaultKind::Unreadable, Some(*offset)),
        _ => (FaultKind::Unreadable, None),
    };
    Fault { kind, offset, text: error.to_string() }
}

/// What a capture told.
#[derive(Debug)]
pub struct Analysis {
    /// The capture as a whole.
    pub summary: Summary,
    /// ICE sessions, TURN allocations and what else was reconstructed.
    pub sessions: Sessions,
    /// What was found, worst first.
    pub findings: Vec<Finding>,
}

/// Frames between two looks at whether anybody wants to know how far it got.
const PROGRESS_STEP: u64 = 4096;

/// Walks one capture through all rooms.
#[derive(Debug)]
pub struct Analyzer {
    rooms: Rooms,
    stack: Stack,
}

/// The rooms that a datagram goes through.
#[derive(Debug)]
struct Rooms {
    flows: Flows,
    streams: Streams,
    sessions: Sessions,
}

impl Analyzer {
    /// An analyzer that knows what `options` say.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let sessions = Sessions::new(options.credentials, options.keep_all);
        Self {
            rooms: Rooms { flows: Flows::new(), streams: Streams::new(), sessions },
            stack: Stack::new(net::Limits::default()),
        }
    }

    /// Reads `reader` to its end. Each event is handed to `events` as it becomes known, with the state at that time; `progress` is
    /// told now and then how many bytes were read.
    ///
    /// A capture that is cut off or damaged is analysed up to there; [`Summary::fault`] says what was wrong, and a finding.
    pub fn analyze(
        mut self,
        reader: &mut Reader,
        mut events: impl FnMut(&Event, &Sessions),
        mut progress: impl FnMut(u64),
    ) -> Analysis {
        let mut totals = Totals::default();
        let fault = loop {
            match reader.next_frame() {
                Ok(Some(frame)) => {
                    totals.add(&frame);
                    self.rooms.sessions.advance(frame.moment);
                    self.stack.observe(&frame, &mut self.rooms);
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
            if self.rooms.sessions.has_events() {
                tell(&mut self.rooms.sessions, &mut events);
            }
            if totals.packets.is_multiple_of(PROGRESS_STEP) {
                progress(reader.position());
            }
        };
        self.stack.finish(&mut self.rooms);
        self.rooms.sessions.finish();
        tell(&mut self.rooms.sessions, &mut events);
        let summary = self.summary(reader, totals, fault);
        let findings = diagnose::diagnose(&self.rooms.sessions, &summary.facts());
        Analysis { summary, sessions: self.rooms.sessions, findings }
    }

    fn summary(&self, reader: &Reader, totals: Totals, fault: Option<capture::Error>) -> Summary {
        Summary {
            format: reader.format(),
            link_types: reader.link_types().to_vec(),
            packets: totals.packets,
            bytes: totals.bytes,
            first: totals.first,
            last: totals.last,
            truncated_packets: self.stack.truncated_packets(),
            first_truncated: self.stack.first_truncated(),
            duplicate_packets: self.stack.copies(),
            dropped_by_kernel: reader.dropped_by_kernel(),
            skipped: self.stack.skipped().map(|(reason, count)| (reason.name(), count)).collect(),
            tcp_segments: self.stack.tcp_segments(),
            protocols: self.rooms.flows.protocols(),
            clock_went_back: clock_step(self.stack.clock_went_back()),
            fault,
        }
    }
}

/// The clock's steps back, where there were any.
fn clock_step(went_back: net::ClockWentBack) -> Option<ClockStep> {
    let largest_ns = i64::try_from(went_back.largest.as_nanos()).unwrap_or(i64::MAX);
    went_back.first.map(|first| ClockStep { count: went_back.times, first, largest_ns })
}

/// Hands the events that came up to who wants them.
fn tell(sessions: &mut Sessions, events: &mut impl FnMut(&Event, &Sessions)) {
    let told: Vec<Event> = sessions.take_events().collect();
    for event in &told {
        events(event, sessions);
    }
}

/// What is counted over all frames.
#[derive(Debug, Default)]
struct Totals {
    packets: u64,
    bytes: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Totals {
    fn add(&mut self, frame: &capture::Frame<'_>) {
        let time = frame.moment.time;
        self.packets += 1;
        self.bytes += u64::from(frame.original_length);
        self.first.get_or_insert(time);
        self.last = self.last.max(Some(time));
    }
}

impl Rooms {
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
                    let carried = if *data == Data::DtlsHandshake { Carried::Handshake } else { Carried::Data };
                    self.sessions.data(moment, seat, carried);
                    None
                }
                Content::ChannelData(channel) => self.sessions.channel_data(moment, seat, channel),
                Content::Stun(message) => self.sessions.observe(moment, seat, message),
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
                Content::Other => None,
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

impl Sink for Rooms {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
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
        self.walk(moment, path, body, body.len(), 0);
        let flow = self.flows.known(path.flow().0, moment.time);
        if flow.is_some_and(|flow| self.sessions.carries_connection(flow)) { Framing::Raw } else { framing }
    }
}
