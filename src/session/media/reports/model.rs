//! What RTCP came to for one stream, as the end of the capture shows it.

use super::bitrates::Bitrates;
use super::feedback::{FeedbackStatistics, TransportFeedback};
use super::key_frames::KeyFrameRequests;
use super::nacks::Nacks;
use super::round_trip::{RoundTrip, RoundTrips};
use crate::moment::Moment;
use crate::session::media::model::Drift;
use crate::wire::rtcp::RemoteEstimate;
use crate::wire::rtcp::extended_report::{StatisticsSummary, VoipMetrics};
use crate::wire::rtp::{NtpTimestamp, RtpTimestamp, Ssrc};

/// What RTCP says of one stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reports {
    /// RTCP datagrams that the stream's source sent.
    pub packets: u64,
    /// The first of them.
    pub first: Option<Moment>,
    /// The last of them.
    pub last: Option<Moment>,
    /// Indices of SRTCP that are missing: RTCP that was lost before the capture.
    pub packets_missing: Option<u64>,
    /// Whether RTCP about it, or of its source, was read. Where it was not, everything below is unknown, not nothing.
    pub in_clear: bool,
    /// What its sender reports.
    pub sender: Option<SenderView>,
    /// What its receivers report, in order of appearance.
    pub receivers: Vec<ReceiverView>,
    /// Report blocks of receivers past the bound.
    pub receiver_reports_omitted: u64,
    /// How long the way to its receiver and to its sender takes, there and back.
    pub round_trips: RoundTrips,
    /// Packets that were asked for again.
    pub nacks: Option<Nacks>,
    /// Key frames that were asked for.
    pub key_frame_requests: Option<KeyFrameRequests>,
    /// What its receiver believes that the link carries (REMB, draft-alvestrand-rmcat-remb-03).
    pub estimated_bitrate: Option<Bitrates>,
    /// The sources that the last such estimate names, this one among them.
    pub estimated_sources: Vec<Ssrc>,
    /// The most that its receiver asks for (TMMBR; RFC 5104, section 4.2.1).
    pub requested_bitrate: Option<Bitrates>,
    /// The most that its sender says it keeps to (TMMBN; RFC 5104, section 4.2.2).
    pub notified_bitrate: Option<Bitrates>,
    /// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    pub transport: Option<TransportFeedback>,
    /// Transport-wide feedback packets naming it that could not be joined, as it was not known yet where its packets have their numbers.
    pub transport_unjoined: u64,
    /// Congestion control feedback (RFC 8888).
    pub congestion: Option<FeedbackStatistics>,
    /// That its source left.
    pub farewell: Option<Farewell>,
    /// The canonical name that its source tells (SDES; RFC 3550, section 6.5.1).
    pub cname: Option<String>,
    /// The software that its source tells (RFC 3550, section 6.5.6).
    pub tool: Option<String>,
    /// Extended reports.
    pub extended: Option<ExtendedFacts>,
    /// Packets that an application defines, of its source (RFC 3550, section 6.7).
    pub application_packets: u64,
    /// What its source says that the other way carries (`goog`, of libwebrtc).
    pub remote_estimate: Option<RemoteEstimate>,
}

impl Reports {
    /// The receiver that reported most.
    #[must_use]
    pub fn main_receiver(&self) -> Option<&ReceiverView> {
        self.receivers.iter().rev().max_by_key(|receiver| receiver.reports)
    }

    /// Report blocks about the stream, of all receivers.
    #[must_use]
    pub fn receiver_reports(&self) -> u64 {
        self.receivers.iter().map(|receiver| receiver.reports).sum::<u64>() + self.receiver_reports_omitted
    }
}

/// What a sender reports of itself (RFC 3550, section 6.4.1).
#[derive(Debug, Clone, PartialEq)]
pub struct SenderView {
    /// Sender reports.
    pub reports: u64,
    /// The first of them.
    pub first: Moment,
    /// The last of them.
    pub last: Moment,
    /// The sender's time in the last one, which is the instant of [`last_rtp`](Self::last_rtp).
    pub last_ntp: NtpTimestamp,
    /// The media's time in the last one.
    pub last_rtp: RtpTimestamp,
    /// Packets sent since the sender began, as it counts (modulo 2³²).
    pub packets_sent: u32,
    /// Bytes of payload sent since then, without padding (modulo 2³²).
    pub octets_sent: u32,
    /// What was sent and what was seen of it, where both can be compared.
    pub interval: Option<SentInterval>,
    /// Ticks of the media's clock a second of the sender's.
    pub clock_rate: Option<f64>,
    /// How fast the media's clock is against the sender's, in parts in a million; over eight seconds at least.
    pub media_drift_ppm: Option<f64>,
    /// How fast the sender's clock is against the capture's; over eight seconds and five reports at least, and where
    /// the error is small enough.
    pub clock_drift: Option<Drift>,
    /// The least time from the sender's time of a report to its passing at the capture, in seconds. A delay where both clocks are set by
    /// one source, else how far they are apart; the difference to the greatest is delay in any case.
    pub least_delay: Option<f64>,
    /// The greatest one.
    pub greatest_delay: Option<f64>,
}

/// What a sender sent, beside what the capture saw of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentInterval {
    /// The report from which on; `None` for the beginning of the stream, where the first report counts nothing that the capture missed.
    pub since: Option<Moment>,
    /// The report up to which.
    pub until: Moment,
    /// Packets that the sender counts.
    pub packets_sent: u64,
    /// Packets that the capture saw, copies too.
    pub packets_seen: u64,
    /// Bytes of payload that the sender counts.
    pub octets_sent: u64,
    /// Bytes behind the headers that the capture saw, padding with them, of each number once.
    pub octets_seen: u64,
}

impl SentInterval {
    /// Packets lost between the sender and the capture point. By one or two off either way: packets and reports may overtake each other.
    #[must_use]
    pub fn lost_before(&self) -> i64 {
        i64::try_from(self.packets_sent).unwrap_or(i64::MAX).saturating_sub_unsigned(self.packets_seen)
    }
}

/// What one receiver reports of a stream (RFC 3550, section 6.4.2).
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiverView {
    /// The source that reports.
    pub reporter: Ssrc,
    /// Report blocks.
    pub reports: u64,
    /// The first of them.
    pub first: Moment,
    /// The last of them.
    pub last: Moment,
    /// The part lost between the last two reports, 0 to 1.
    pub fraction_lost: f64,
    /// The greatest such part.
    pub worst_fraction_lost: f64,
    /// Packets lost since the receiver began; negative where copies outnumber what was lost.
    pub packets_lost: i32,
    /// The highest number received, with the count of its wraps in the upper half.
    pub extended_highest: u32,
    /// Interarrival jitter in the last report, in seconds, where the clock rate is known.
    pub jitter: Option<f64>,
    /// The greatest one reported, in seconds.
    pub max_jitter: Option<f64>,
    /// The round trip between the capture point and this receiver.
    pub round_trip: Option<RoundTrip>,
    /// Where losses happened.
    pub losses: Option<LossSplit>,
}

/// Losses, split at the capture point.
///
/// Both counts are of the numbers up to the highest one in the report; what comes late at the capture, after the report, counts as missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LossSplit {
    /// The report from which on; `None` for the beginning of the stream.
    pub since: Option<Moment>,
    /// The report up to which.
    pub until: Moment,
    /// What the receiver misses.
    pub lost: i64,
    /// What was missing at the capture point already: lost between sender and capture.
    pub before: i64,
    /// The rest: lost between capture and receiver. Negative where copies, which a receiver counts as packets received, outnumber it.
    pub behind: i64,
}

/// That a source left (RFC 3550, section 6.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// When.
    pub moment: Moment,
    /// Why, in its words.
    pub reason: Option<String>,
}

/// What extended reports say (RFC 3611).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtendedFacts {
    /// Blocks about the stream, or of its source.
    pub blocks: u64,
    /// The last statistics summary of its receiver (section 4.6).
    pub summary: Option<StatisticsSummary>,
    /// The last metrics of its receiver (section 4.7).
    pub voip: Option<VoipMetrics>,
    /// The least transmission rating R among them.
    pub worst_rating: Option<u8>,
    /// What its sender means to send, all layers together (target bitrate, of libwebrtc).
    pub target_bitrate: Option<Bitrates>,
}
