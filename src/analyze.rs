//! The hallway: walks a capture through all rooms, from frames to findings.

use crate::capture;
use crate::finding::Finding;
use crate::flow::Protocols;
use crate::moment::{FrameNumber, Moment, Timestamp};
use crate::session::{Credentials, Sessions};

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
    /// How often the capture's clock went back, the frame where it first did, and the largest step back in nanoseconds.
    pub clock_went_back: Option<ClockStep>,
    /// What ended the reading before the end of the capture.
    pub fault: Option<capture::Error>,
}

/// The capture's clock went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockStep {
    /// How often.
    pub count: u64,
    /// The first frame that is earlier than the one before.
    pub first: Moment,
    /// The largest step back, in nanoseconds.
    pub largest_ns: i64,
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
