//! What a side file tells.

use std::time::Duration;

use super::statistics::StatsSeries;
use crate::moment::Timestamp;
use crate::signal::{Channel, Signal};

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// The text of one or more descriptions.
    Sdp,
    /// JSON with descriptions and candidates: one value, or a line each.
    Json,
    /// A dump of `chrome://webrtc-internals`.
    Internals,
    /// A dump of rtcstats.
    RtcStats,
    /// An HTTP archive.
    Har,
}

impl FileKind {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sdp => "sdp",
            Self::Json => "json",
            Self::Internals => "webrtc-internals",
            Self::RtcStats => "rtcstats",
            Self::Har => "har",
        }
    }
}

/// The clock that the times of a file come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileClock {
    /// What its times are cut to: the true time lies at most so much later.
    pub resolution: Duration,
    /// Whether its zone is known. Old dumps print the time of the place where they were made; it is then read as if it were
    /// UTC, and only the statistics are in UTC.
    pub zone_known: bool,
}

/// What lies beside a capture.
#[derive(Debug, Clone, PartialEq)]
pub struct SideFile {
    /// Its name, as it was given.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its connections, in the order of the file.
    pub connections: Vec<SideConnection>,
    /// Parts of it that could not be understood: lines of a log that are no JSON, values of a wrong type.
    pub skipped: u64,
    /// Connections, signals, events, series and values past a bound.
    pub omitted: u64,
}

impl SideFile {
    /// Numbers the channels from `first`, which are from 1 after reading; gives the first number that is free.
    ///
    /// Numbers that a listener has given must not come a second time, so the caller says where to start.
    pub fn number_channels(&mut self, first: u64) -> u64 {
        let mut next = first;
        for connection in &mut self.connections {
            connection.channel = Channel(next);
            for signal in &mut connection.signals {
                signal.channel = Channel(next);
            }
            next = next.saturating_add(1);
        }
        next
    }

    /// Moves all times by `offset` nanoseconds: with a [`ClockOffset`](super::ClockOffset) onto the capture's clock.
    pub fn shift(&mut self, offset: i64) {
        let shift = |time: &mut Timestamp| time.0 = time.0.saturating_add(offset);
        for connection in self.connections.iter_mut().filter(|connection| connection.clock.is_some()) {
            connection.signals.iter_mut().for_each(|signal| shift(&mut signal.moment.time));
            connection.events.iter_mut().for_each(|event| shift(&mut event.time));
            connection.stats.iter_mut().for_each(|series| series.shift(offset));
        }
    }
}

/// One peer connection, or one conversation of an HTTP archive; of other files all there is.
#[derive(Debug, Clone, PartialEq)]
pub struct SideConnection {
    /// The name that the file has for it.
    pub id: String,
    /// The address of the page that it belongs to.
    pub page: Option<String>,
    /// The number of its conversation.
    pub channel: Channel,
    /// The clock of its times; `None` where the file tells none: all of them are then 0.
    pub clock: Option<FileClock>,
    /// What was signalled, by time.
    pub signals: Vec<Signal>,
    /// What else happened, by time.
    pub events: Vec<StateEvent>,
    /// The results of `getStats`.
    pub stats: Vec<StatsSeries>,
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// `signalingState`
    Signaling,
    /// `iceConnectionState`
    IceConnection,
    /// `iceGatheringState`
    IceGathering,
    /// `connectionState`
    Connection,
    /// The DTLS state of a transport, as the statistics have it: at the first value that shows it, up to an interval late.
    Dtls,
    /// A server did not give a candidate.
    CandidateError,
    /// A description could not be made or set.
    DescriptionError,
    /// A candidate of the other end could not be added.
    AddCandidateError,
}

impl Subject {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signaling => "signaling-state",
            Self::IceConnection => "ice-connection-state",
            Self::IceGathering => "ice-gathering-state",
            Self::Connection => "connection-state",
            Self::Dtls => "dtls-state",
            Self::CandidateError => "candidate-error",
            Self::DescriptionError => "description-error",
            Self::AddCandidateError => "add-candidate-error",
        }
    }
}

/// Something that happened to a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateEvent {
    /// When, by the file's clock.
    pub time: Timestamp,
    /// What it is about.
    pub subject: Subject,
    /// The state in the words of the W3C, or the text of the error.
    pub word: String,
    /// More about a [`Subject::CandidateError`].
    pub error: Option<CandidateError>,
}

/// Why a server gave no candidate (W3C `RTCPeerConnectionIceErrorEvent`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CandidateError {
    /// The URL of the server.
    pub url: Option<String>,
    /// The address that it was asked from; browsers hide a part of it.
    pub address: Option<String>,
    /// The port that it was asked from.
    pub port: Option<u16>,
    /// The STUN error code, or 701 where the server could not be reached.
    pub code: Option<u16>,
    /// The text beside the code.
    pub text: Option<String>,
}
