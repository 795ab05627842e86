//! Walks one capture through all rooms.

use super::files::{self, UsedFile};
use super::rooms::Rooms;
use super::summary::Summary;
use crate::call::{Call, Material, calls};
use crate::capture::{self, Reader};
use crate::diagnose::{self, ClockStep};
use crate::finding::Finding;
use crate::flow::EncryptedStreams;
use crate::moment::Timestamp;
use crate::net::{self, Stack};
use crate::session::{Credentials, Event, Sessions};
use crate::signaling::exchange::{ExchangeEvent, Exchanges};
use crate::signaling::file::SideFile;

/// What the user knows beside the capture.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Passwords to verify MESSAGE-INTEGRITY with.
    pub credentials: Credentials,
    /// What was written down elsewhere: descriptions, dumps of browsers, archives of HTTP.
    pub files: Vec<SideFile>,
    /// Keep every entry of the lists that grow with time, whatever memory they take.
    pub keep_all: bool,
    /// Keep for each RTP stream what came in each second.
    pub series: bool,
}

/// What a capture told.
#[derive(Debug)]
pub struct Analysis {
    /// The capture as a whole.
    pub summary: Summary,
    /// ICE sessions, TURN allocations and what else was reconstructed.
    pub sessions: Sessions,
    /// What was signalled, in the capture and in the files beside it.
    pub exchanges: Exchanges,
    /// The files beside the capture.
    pub files: Vec<UsedFile>,
    /// TLS connections: what may have been signalled under encryption.
    pub encrypted: EncryptedStreams,
    /// Sessions and exchanges joined into calls.
    pub calls: Vec<Call>,
    /// What was found, worst first.
    pub findings: Vec<Finding>,
}

impl Analysis {
    /// What the calls are made of.
    #[must_use]
    pub fn material(&self) -> Material<'_> {
        Material { exchanges: self.exchanges.exchanges(), sessions: &self.sessions }
    }
}

/// Something that just became known, with the state at that time.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// Of sessions and allocations.
    Session(&'a Event, &'a Sessions),
    /// Of an exchange; the sessions are there for the capture's clock.
    Exchange(&'a ExchangeEvent, &'a Exchanges, &'a Sessions),
}

/// Frames between two looks at whether anybody wants to know how far it got.
const PROGRESS_STEP: u64 = 4096;

/// Walks one capture through all rooms.
#[derive(Debug)]
pub struct Analyzer {
    rooms: Rooms,
    stack: Stack,
    files: Vec<SideFile>,
}

impl Analyzer {
    /// An analyzer that knows what `options` say.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let mut sessions = Sessions::new(options.credentials, options.keep_all).with_series(options.series);
        files::learn(&options.files, &mut sessions);
        let mut rooms = Rooms::new(sessions);
        rooms.announce();
        Self { rooms, stack: Stack::new(net::Limits::default()), files: options.files }
    }

    /// Reads `reader` to its end. Each event is handed to `events` as it becomes known, with the state at that time; `progress` is
    /// told now and then how many bytes were read.
    ///
    /// A capture that is cut off or damaged is analysed up to there; [`Summary::fault`] says what was wrong, and a finding.
    pub fn analyze(
        mut self,
        reader: &mut Reader,
        mut events: impl FnMut(Told<'_>),
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
            if self.rooms.sessions.has_events() || self.rooms.exchanges.has_events() {
                tell(&mut self.rooms, &mut events);
            }
            if totals.packets.is_multiple_of(PROGRESS_STEP) {
                progress(reader.position());
            }
        };
        self.stack.finish(&mut self.rooms);
        let files = std::mem::take(&mut self.files);
        let files = files::use_files(files, &mut self.rooms, totals.first.unwrap_or_default());
        self.rooms.sessions.finish();
        tell(&mut self.rooms, &mut events);
        let summary = self.summary(reader, totals, fault);
        let Rooms { sessions, exchanges, encrypted, .. } = self.rooms;
        let material = Material { exchanges: exchanges.exchanges(), sessions: &sessions };
        let calls = calls(material);
        let findings = diagnose::diagnose(material, &calls, &summary.facts());
        Analysis { summary, sessions, exchanges, files, encrypted, calls, findings }
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
            protocols: self.rooms.protocols(),
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

/// Hands the events that came up to who wants them, in order of time.
fn tell(rooms: &mut Rooms, events: &mut impl FnMut(Told<'_>)) {
    let mut of_sessions = rooms.sessions.take_events().collect::<Vec<_>>().into_iter().peekable();
    let sessions = &rooms.sessions;
    for told in rooms.exchanges.take_events() {
        // What a frame signals comes before what it does.
        while let Some(event) = of_sessions.next_if(|event| event.moment < told.moment) {
            events(Told::Session(&event, sessions));
        }
        events(Told::Exchange(&told, &rooms.exchanges, sessions));
    }
    for event in of_sessions {
        events(Told::Session(&event, sessions));
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
