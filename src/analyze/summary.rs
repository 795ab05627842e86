//! What is known of a capture as a whole.

use crate::capture;
use crate::diagnose::{CaptureFacts, ClockStep, Fault, FaultKind};
use crate::flow::Protocols;
use crate::moment::{FrameNumber, Timestamp};

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
    pub(super) fn facts(&self) -> CaptureFacts {
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
