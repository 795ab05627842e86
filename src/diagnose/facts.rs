//! What is known of a capture as a whole, in plain values: this room does not look at files and packets.

use crate::moment::{FrameNumber, Moment, Timestamp};

/// What is known of a capture as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaptureFacts {
    /// Packets read.
    pub packets: u64,
    /// The time of the first packet.
    pub first: Option<Timestamp>,
    /// The greatest time of any packet.
    pub last: Option<Timestamp>,
    /// Packets that the capture cut (snaplen).
    pub truncated_packets: u64,
    /// The first of those.
    pub first_truncated: Option<FrameNumber>,
    /// Packets that the kernel dropped; `None` where the capture does not say.
    pub dropped_by_kernel: Option<u64>,
    /// Copies that the capture itself made, left out of every other count.
    pub duplicate_packets: u64,
    /// Whether and how often the capture's clock went back.
    pub clock_went_back: Option<ClockStep>,
    /// What ended the reading before the end of the capture.
    pub fault: Option<Fault>,
}

/// The capture's clock went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockStep {
    /// How often.
    pub count: u64,
    /// The first packet that is earlier than the one before.
    pub first: Moment,
    /// The largest step back, in nanoseconds.
    pub largest_ns: i64,
}

/// What ended the reading of a capture before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its kind.
    pub kind: FaultKind,
    /// The byte of the capture, after decompression, at which something else was expected.
    pub offset: Option<u64>,
    /// What was expected and what was found, in the words of the error.
    pub text: String,
}

/// How the reading of a capture ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The file ends inside a record.
    Cut,
    /// The bytes contradict the format.
    Damaged,
    /// The system could not read on.
    Unreadable,
}
