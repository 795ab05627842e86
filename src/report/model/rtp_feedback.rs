//! What receivers ask of a sender, and what they tell of the arrival of its packets.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::word::Word;
use crate::session::media::{self, KeyFrameRequestKind};
use crate::wire::rtcp::RemoteEstimate;

/// What became of the packets that a receiver asked for again (generic NACK; RFC 4585, section 6.2.1), at the capture point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NackCounts {
    /// Sequence numbers asked for, each once.
    pub requested: u64,
    /// Further requests for a number.
    pub requested_again: u64,
    /// Numbers that came behind the request, on the stream itself or in a retransmission (RFC 4588).
    pub answered: u64,
    /// Those that came within the deadline.
    pub answered_in_time: u64,
    /// The deadline in seconds, counted from the first request.
    pub deadline: f64,
    /// Numbers that never came.
    pub unanswered: u64,
    /// The mean time from the first request to the answer, in seconds.
    pub mean_delay: Option<f64>,
    /// The greatest, in seconds.
    pub max_delay: Option<f64>,
}

/// A request for a key frame.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyFrameRequest {
    /// When.
    pub time: f64,
    /// In which frame of the capture.
    pub frame: u64,
    /// How it was asked for.
    pub kind: Word<KeyFrameRequestKind>,
    /// The time until a key frame came, in seconds.
    pub delay: Option<f64>,
}

/// A bitrate over time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BitrateCourse {
    /// How often it was told.
    pub count: u64,
    /// The least, in bit/s.
    pub min: u64,
    /// The greatest, in bit/s.
    pub max: u64,
    /// The last, in bit/s.
    pub last: Option<u64>,
    /// The first and the last of them.
    pub entries: Vec<BitrateEntry>,
    /// Entries left out.
    pub entries_omitted: u64,
}

/// A bitrate that was told.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BitrateEntry {
    /// When.
    pub time: f64,
    /// In which frame.
    pub frame: u64,
    /// How much, in bit/s.
    pub bitrate: u64,
}

/// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransportWideFeedback {
    /// About all packets of the stream's direction.
    pub direction: PacketFeedback,
    /// About those of the stream.
    pub stream: PacketFeedback,
}

/// Feedback about the arrival of packets, joined to the packets as they passed the capture point. Delays are of the way from there to the
/// receiver.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PacketFeedback {
    /// Feedback packets.
    pub feedbacks: u64,
    /// Feedback packets missing by their count.
    pub feedbacks_missing: u64,
    /// The first of them.
    pub first_time: Option<f64>,
    /// The last of them.
    pub last_time: Option<f64>,
    /// The mean time between two of them, in seconds.
    pub interval: Option<f64>,
    /// Packets reported received.
    pub packets_received: u64,
    /// Bytes of RTP of those.
    pub bytes_received: u64,
    /// Packets reported missing, and not received later.
    pub packets_lost: u64,
    /// Packets that arrived behind one with a higher number.
    pub packets_late: u64,
    /// Statuses of packets that the capture did not see.
    pub packets_unknown: u64,
    /// Packets with a mark of congestion (ECN-CE; RFC 8888).
    pub congestion_marks: u64,
    /// The mean variation of the delay from one packet to the next, in seconds.
    pub mean_delay_variation: Option<f64>,
    /// The greatest, in seconds.
    pub max_delay_variation: Option<f64>,
    /// The greatest delay less the least, in seconds; the drift of the clocks is in it.
    pub delay_range: Option<f64>,
    /// How fast the delay grew over all, in seconds a second; the drift of the clocks is in it.
    pub delay_trend: Option<f64>,
}

/// What extended reports say (RFC 3611).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExtendedReports {
    /// Blocks about the stream, or of its source.
    pub blocks: u64,
    /// Packets lost in the last statistics summary (section 4.6).
    pub packets_lost: Option<u32>,
    /// Packets that came more than once in it.
    pub packets_duplicated: Option<u32>,
    /// The mean jitter in it, in seconds.
    pub mean_jitter: Option<f64>,
    /// The greatest jitter in it, in seconds.
    pub max_jitter: Option<f64>,
    /// The transmission rating R in the last metrics of the receiver (section 4.7.5), 0 to 100.
    pub r_factor: Option<u8>,
    /// The least R of all.
    pub min_r_factor: Option<u8>,
    /// The mean opinion score for listening in the last metrics, 1 to 5.
    pub mos_listening: Option<f64>,
    /// The mean opinion score for conversation in the last metrics, 1 to 5.
    pub mos_conversational: Option<f64>,
    /// The part lost in the last metrics, 0 to 1.
    pub loss_rate: Option<f64>,
    /// The part that the jitter buffer dropped in the last metrics, 0 to 1.
    pub discard_rate: Option<f64>,
    /// The round trip in the last metrics, in seconds.
    pub round_trip_delay: Option<f64>,
    /// The delay of the receiver itself in the last metrics, in seconds.
    pub end_system_delay: Option<f64>,
    /// What its sender means to send, of libwebrtc.
    pub target_bitrate: Option<BitrateCourse>,
}

impl From<media::Nacks> for NackCounts {
    fn from(nacks: media::Nacks) -> Self {
        Self {
            requested: nacks.asked,
            requested_again: nacks.asked_again,
            answered: nacks.answered,
            answered_in_time: nacks.in_time,
            deadline: media::NACK_DEADLINE.as_secs_f64(),
            unanswered: nacks.unanswered(),
            mean_delay: (nacks.answered > 0).then_some(nacks.mean_delay),
            max_delay: (nacks.answered > 0).then_some(nacks.max_delay),
        }
    }
}

impl KeyFrameRequest {
    pub(super) fn all(requests: &media::KeyFrameRequests, clock: Clock) -> Vec<Self> {
        let one = |request: &media::KeyFrameRequest| Self {
            time: clock.time(request.moment),
            frame: request.moment.frame.0,
            kind: Word(request.kind),
            delay: request.delay(),
        };
        requests.requests.iter().map(one).collect()
    }
}

impl BitrateCourse {
    pub(super) fn new(bitrates: &media::Bitrates, clock: Clock) -> Self {
        let entry = |sample: &media::BitrateSample| BitrateEntry {
            time: clock.time(sample.moment),
            frame: sample.moment.frame.0,
            bitrate: sample.bits_per_second,
        };
        Self {
            count: bitrates.samples.total(),
            min: bitrates.minimum,
            max: bitrates.maximum,
            last: bitrates.last(),
            entries: bitrates.samples.iter().map(entry).collect(),
            entries_omitted: bitrates.samples.omitted(),
        }
    }
}

impl TransportWideFeedback {
    pub(super) fn new(feedback: &media::TransportFeedback, clock: Clock) -> Self {
        let [direction, stream] = [&feedback.direction, &feedback.stream].map(|one| PacketFeedback::new(one, clock));
        Self { direction, stream }
    }
}

impl PacketFeedback {
    pub(super) fn new(feedback: &media::FeedbackStatistics, clock: Clock) -> Self {
        Self {
            feedbacks: feedback.feedbacks,
            feedbacks_missing: feedback.feedbacks_missing,
            first_time: feedback.first.map(|moment| clock.time(moment)),
            last_time: feedback.last.map(|moment| clock.time(moment)),
            interval: feedback.interval(),
            packets_received: feedback.received,
            bytes_received: feedback.received_bytes,
            packets_lost: feedback.lost,
            packets_late: feedback.late,
            packets_unknown: feedback.unknown,
            congestion_marks: feedback.congestion_marks,
            mean_delay_variation: feedback.mean_delay_variation,
            max_delay_variation: feedback.max_delay_variation,
            delay_range: feedback.delay_range,
            delay_trend: feedback.delay_trend,
        }
    }
}

impl ExtendedReports {
    pub(super) fn new(facts: &media::ExtendedFacts, rate: Option<u32>, clock: Clock) -> Self {
        let seconds = |ticks: u32| rate.filter(|rate| *rate > 0).map(|rate| f64::from(ticks) / f64::from(rate));
        let summary = facts.summary.as_ref();
        let jitter = summary.filter(|summary| summary.has_jitter).map(|summary| summary.jitter);
        let voip = facts.voip.as_ref();
        // Zero means that neither was measured.
        let delay = |milliseconds: u16| (milliseconds > 0).then(|| f64::from(milliseconds) / 1e3);
        Self {
            blocks: facts.blocks,
            packets_lost: summary.filter(|summary| summary.has_loss).map(|summary| summary.lost),
            packets_duplicated: summary.filter(|summary| summary.has_duplicates).map(|summary| summary.duplicates),
            mean_jitter: jitter.and_then(|[_, _, mean, _]| seconds(mean)),
            max_jitter: jitter.and_then(|[_, most, _, _]| seconds(most)),
            r_factor: voip.and_then(|voip| voip.transmission_rating()),
            min_r_factor: facts.worst_rating,
            mos_listening: voip.and_then(|voip| voip.listening_quality()),
            mos_conversational: voip.and_then(|voip| voip.conversational_quality()),
            loss_rate: voip.map(|voip| f64::from(voip.loss_rate) / 256.0),
            discard_rate: voip.map(|voip| f64::from(voip.discard_rate) / 256.0),
            round_trip_delay: voip.and_then(|voip| delay(voip.round_trip_delay_ms)),
            end_system_delay: voip.and_then(|voip| delay(voip.end_system_delay_ms)),
            target_bitrate: facts.target_bitrate.as_ref().map(|bitrates| BitrateCourse::new(bitrates, clock)),
        }
    }
}

/// What libwebrtc says that the way to the source carries (`goog`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkEstimate {
    /// The least, in bit/s.
    pub lower: Option<u64>,
    /// The most, in bit/s.
    pub upper: Option<u64>,
}

impl From<RemoteEstimate> for LinkEstimate {
    fn from(estimate: RemoteEstimate) -> Self {
        let bits = |kilobits: Option<u32>| kilobits.map(|kilobits| u64::from(kilobits) * 1_000);
        Self { lower: bits(estimate.lower_kbps), upper: bits(estimate.upper_kbps) }
    }
}
