//! What a stream turned out to be, as the end of the capture shows it.

use super::bursts::Bursts;
use super::extensions::{AudioLevels, ExtensionId, Layers};
use super::frames::Freeze;
use super::jitter::JitterValues;
use super::locator::ProfileFamily;
use super::pace::Pace;
use super::reports::Reports;
use crate::abbreviated::Abbreviated;
use crate::moment::Moment;
use crate::path::{Endpoint, Path};
use crate::wire::rtp::{PayloadType, Ssrc};

/// The kind of media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaKind {
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
}

impl MediaKind {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }
}

/// Where something is known from that packets do not say themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Knowledge {
    /// A session description says it.
    Sdp,
    /// RFC 3551 assigns it to the payload type.
    Static,
    /// It was inferred from the course of the stream.
    Inferred,
}

impl Knowledge {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sdp => "sdp",
            Self::Static => "static",
            Self::Inferred => "inferred",
        }
    }
}

/// What a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Media itself.
    Media,
    /// Retransmissions of another stream, and probes of the path (RFC 4588).
    Retransmission,
    /// Parity of another stream (RFC 8627, RFC 5109).
    ForwardErrorCorrection,
}

impl Role {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Media => "media",
            Self::Retransmission => "retransmission",
            Self::ForwardErrorCorrection => "forward-error-correction",
        }
    }
}

/// A payload type that a stream used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadTypeUse {
    /// The number.
    pub payload_type: PayloadType,
    /// Packets with it, each sequence number once.
    pub packets: u64,
    /// The first of them.
    pub first: Moment,
    /// The encoding name, where it is known.
    pub codec: Option<String>,
}

/// One leg of a stream: the way on which the capture saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// Who sent on it, as on the wire.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// The TURN server whose client's connection it is; `None` where it was in the open.
    pub via: Option<Endpoint>,
    /// Different sequence numbers on it.
    pub packets: u64,
    /// Further copies of a number.
    pub duplicates: u64,
    /// Numbers that another leg had while this one was in use, and this one never.
    pub missing: u64,
}

/// How long a relay took from one leg to the other.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RelayDelay {
    /// Packets whose time is known on both legs.
    pub packets: u64,
    /// The mean, in seconds.
    pub mean: f64,
    /// The least, in seconds.
    pub minimum: f64,
    /// The greatest, in seconds.
    pub maximum: f64,
}

/// What is not as smooth as a stream should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discontinuity {
    /// When: the first packet behind it.
    pub moment: Moment,
    /// What it is.
    pub kind: DiscontinuityKind,
}

/// A kind of discontinuity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiscontinuityKind {
    /// The sequence numbers began anew.
    SequenceRestart,
    /// The timestamp is not where the clock should be.
    TimestampJump {
        /// Ticks from the packet before.
        ticks: i32,
    },
    /// Another payload type with another clock or codec.
    PayloadTypeChange {
        /// What it was.
        from: PayloadType,
        /// What it is.
        to: PayloadType,
    },
}

impl DiscontinuityKind {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SequenceRestart => "sequence-restart",
            Self::TimestampJump { .. } => "timestamp-jump",
            Self::PayloadTypeChange { .. } => "payload-type-change",
        }
    }
}

/// Packets missing in a row, when the next one came. Some of them may have come late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The packet behind.
    pub moment: Moment,
    /// How many.
    pub missing: u64,
}

/// A stretch of a second or more without a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silence {
    /// The last packet before it.
    pub begin: Moment,
    /// The first one behind it.
    pub end: Moment,
    /// Numbers missing in between; 0 where the sender sent nothing: a pause.
    pub missing: u64,
}

/// How far the sender's clock is from the capture's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Parts in a million; positive where the sender's is fast.
    pub ppm: f64,
    /// Its standard error.
    pub error_ppm: f64,
}

/// Frames of video.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FrameStatistics {
    /// Different timestamps.
    pub received: u64,
    /// Frames a second between the first and the last.
    pub per_second: Option<f64>,
    /// The mean size in bytes of payload.
    pub mean_bytes: f64,
    /// The largest, in bytes of payload.
    pub largest_bytes: u32,
    /// Frames that need no other; `None` where neither payload nor descriptors show them.
    pub key_frames: Option<u64>,
    /// When they began, the first and the last of them.
    pub key_frame_moments: Option<Abbreviated<Moment>>,
    /// Freezes by libwebrtc's definition (`freezeCount`).
    pub freezes: u64,
    /// Those of them in which the sender made no frame.
    pub freezes_of_sender: u64,
    /// How long all of them took, in seconds (`totalFreezesDuration`).
    pub frozen_seconds: f64,
    /// The longest one.
    pub longest_freeze: Option<Freeze>,
    /// Width and height, the last ones that were told.
    pub resolution: Option<(u32, u32)>,
    /// Layers, where they are told.
    pub layers: Layers,
}

impl FrameStatistics {
    /// The mean time between two key frames in seconds; `None` where there are fewer than two.
    #[must_use]
    pub fn key_frame_interval(&self) -> Option<f64> {
        let moments = self.key_frame_moments.as_ref()?;
        let (first, last) = (moments.iter().next()?, moments.last()?);
        let steps = moments.total().checked_sub(1).filter(|steps| *steps > 0)?;
        Some(last.time.seconds_from(first.time) / steps as f64)
    }
}

/// How SRTP protects a stream, as far as its packets show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// The family of profiles, from the trailer of SRTCP.
    pub family: ProfileFamily,
    /// Bytes of the tag of an SRTP packet; `None` where several are possible.
    pub tag_length: Option<usize>,
}

/// Why a stream is taken for the retransmission of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PairingGround {
    /// A description groups the sources (`a=ssrc-group:FID`, RFC 5576).
    SsrcGroup,
    /// The repaired-rtp-stream-id names the other's rtp-stream-id (RFC 8852).
    RepairedStreamId,
    /// The format retransmits the other's (`apt`), and there is no other stream that it could be of.
    Format,
    /// Its timestamps are those of the other.
    Timestamps,
}

impl PairingGround {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SsrcGroup => "ssrc-group",
            Self::RepairedStreamId => "repaired-rtp-stream-id",
            Self::Format => "apt",
            Self::Timestamps => "timestamps",
        }
    }
}

/// A stream: the packets of one SSRC on one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// Its source.
    pub ssrc: Ssrc,
    /// From where to where; of a relayed one between the relayed address and the peer.
    pub path: Path,
    /// The ways on which the capture saw it, that of its first packet first.
    pub legs: Vec<Leg>,
    /// How long the relay took, where it has two legs.
    pub relay_delay: Option<RelayDelay>,
    /// The ICE session that carries it, by its place.
    pub session: Option<usize>,
    /// The agent of that session that sends it.
    pub agent: Option<usize>,
    /// What it is for.
    pub role: Role,
    /// Sound or pictures, where that is known.
    pub kind: Option<MediaKind>,
    /// From where that is known.
    pub kind_source: Option<Knowledge>,
    /// The payload type of most packets.
    pub payload_type: PayloadType,
    /// All that it used, in order of appearance.
    pub payload_types: Vec<PayloadTypeUse>,
    /// The encoding name of that format; of redundant data (RFC 2198) that of what is inside.
    pub codec: Option<String>,
    /// `red`, where the codec is wrapped in it. What is inside follows from the description: for audio it says so (RFC 2198, section 5), of
    /// video it is the format that its receiver prefers.
    pub wrapped_in: Option<String>,
    /// The rate of its timestamps in Hz.
    pub clock_rate: Option<u32>,
    /// From where that is known.
    pub clock_rate_source: Option<Knowledge>,
    /// Its media identification (RFC 9143).
    pub mid: Option<String>,
    /// Its rtp-stream-id (RFC 8852).
    pub rid: Option<String>,
    /// The repaired-rtp-stream-id (RFC 8852).
    pub repaired_rid: Option<String>,
    /// Its canonical name (RFC 3550, section 6.5.1).
    pub cname: Option<String>,
    /// Its media stream and track (RFC 8830).
    pub msid: Option<String>,
    /// Whether it is SRTP, where that is known.
    pub encrypted: Option<bool>,
    /// How, where it shows.
    pub protection: Option<Protection>,
    /// The first packet.
    pub first: Moment,
    /// The last packet.
    pub last: Moment,
    /// Different sequence numbers.
    pub received: u64,
    /// Numbers missing between the first and the last.
    pub lost: u64,
    /// Further copies of a number.
    pub duplicates: u64,
    /// First arrivals after a later number (RFC 4737).
    pub reordered: u64,
    /// Expected by RFC 3550, appendix A.3.
    pub expected: u64,
    /// Lost by RFC 3550, appendix A.3, in which a duplicate hides a loss.
    pub lost_rfc3550: i64,
    /// Packets off the line that nothing followed.
    pub strays: u64,
    /// Bytes of RTP headers with CSRCs and extensions.
    pub header_bytes: u64,
    /// Bytes behind the headers.
    pub payload_bytes: u64,
    /// The largest packet, in bytes of RTP.
    pub largest_packet: u32,
    /// Packets that came in IP fragments.
    pub fragmented: u64,
    /// The first of those.
    pub first_fragmented: Option<Moment>,
    /// Packets with the padding flag: probes, where it is a retransmission stream.
    pub padded: u64,
    /// Packets that hold nothing but padding, where that shows.
    pub padding_only: Option<u64>,
    /// Packets with the marker.
    pub markers: u64,
    /// Runs of lost packets.
    pub bursts: Bursts,
    /// Holes as they appeared, the first and the last of them.
    pub gaps: Abbreviated<Gap>,
    /// Stretches without packets.
    pub silences: Abbreviated<Silence>,
    /// How long those took in which nothing was lost, in seconds.
    pub paused_seconds: f64,
    /// Steps of the timestamp that are longer than a packet although nothing was lost: silence that was not sent (DTX).
    /// Of audio; video has no usual step.
    pub dtx_gaps: Option<u64>,
    /// What is not smooth.
    pub discontinuities: Abbreviated<Discontinuity>,
    /// Jitter with the clock rate, where that is known.
    pub jitter: Option<JitterValues>,
    /// The mean rate over its life in bit/s, headers of RTP with it; `None` for a single packet.
    pub bitrate: Option<f64>,
    /// How it went over time.
    pub pace: Pace,
    /// The sender's clock.
    pub drift: Option<Drift>,
    /// Frames, where it is video.
    pub frames: Option<FrameStatistics>,
    /// Levels of sound, where packets tell them.
    pub levels: Option<AudioLevels>,
    /// Its header extensions.
    pub extensions: Vec<ExtensionId>,
    /// Payload types that the descriptions do not have, where there are descriptions.
    pub undescribed: Vec<PayloadType>,
    /// The stream that this one retransmits, by its place, and why.
    pub retransmission_of: Option<(usize, PairingGround)>,
    /// The stream of the same source on the path before this one, by its place.
    pub continues: Option<usize>,
    /// The stream that this one follows on its path, in the same format and under another SSRC, by its place.
    pub replaces: Option<usize>,
    /// Streams of the same source that are sent beside this one in other sizes, by their places: simulcast.
    pub simulcast: Vec<usize>,
    /// Streams of the other kind that the same participant sends on the same path, by their places.
    pub companions: Vec<usize>,
    /// A stream with the same SSRC of another sender at the same time, by its place (RFC 3550, section 8.2).
    pub collides_with: Option<usize>,
    /// What RTCP says of it.
    pub reports: Reports,
}

impl Stream {
    /// The share of packets lost, of those between the first and the last.
    #[must_use]
    pub fn loss(&self) -> f64 {
        let expected = self.received + self.lost;
        if expected == 0 { 0.0 } else { self.lost as f64 / expected as f64 }
    }

    /// How long it lasted, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.last.time.since(self.first.time).as_secs_f64()
    }
}
