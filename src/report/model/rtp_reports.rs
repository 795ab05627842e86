//! What RTCP says of a stream: its sender, its receivers, and the way between them.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::rtp_course::DriftOf;
use super::rtp_feedback::{
    BitrateCourse, ExtendedReports, KeyFrameRequest, LinkEstimate, NackCounts, PacketFeedback, TransportWideFeedback,
};
use crate::session::media;

/// What RTCP says of a stream. Where no RTCP about it could be read, as with SRTCP, everything but the packets is null, not zero.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StreamRtcp {
    /// RTCP datagrams that the stream's source sent.
    pub packets: u64,
    /// Datagrams of SRTCP missing from its source, as their indices show.
    pub packets_missing: Option<u64>,
    /// The first of them.
    pub first_time: Option<f64>,
    /// The last of them.
    pub last_time: Option<f64>,
    /// Sender reports (RFC 3550, section 6.4.1).
    pub sender_reports: Option<u64>,
    /// Report blocks about it (RFC 3550, section 6.4.2), of all receivers.
    pub receiver_reports: Option<u64>,
    /// The round trip in seconds as the last reports show it: the sum of its two halves, where both are known.
    pub round_trip_time: Option<f64>,
    /// The round trip between the capture point and the receiver.
    pub round_trip_to_receiver: Option<RoundTrip>,
    /// The round trip between the capture point and the sender.
    pub round_trip_to_sender: Option<RoundTrip>,
    /// Both halves together.
    pub round_trip: Option<RoundTrip>,
    /// The part lost between the last two reports, 0 to 1, of the receiver that reports most.
    pub fraction_lost: Option<f64>,
    /// Packets lost by that receiver's count; negative where copies outnumber them.
    pub packets_lost: Option<i32>,
    /// Jitter in that receiver's last report, in seconds.
    pub jitter: Option<f64>,
    /// What its sender reports of itself.
    pub sender: Option<SenderReports>,
    /// What each receiver reports.
    pub receivers: Vec<ReceiverReports>,
    /// NACK packets (RFC 4585, section 6.2.1).
    pub nack_count: Option<u64>,
    /// What became of the packets that they asked for.
    pub nacks: Option<NackCounts>,
    /// Picture loss indications (RFC 4585, section 6.3.1).
    pub pli_count: Option<u64>,
    /// Full intra requests (RFC 5104, section 4.3.1), repetitions not counted.
    pub fir_count: Option<u64>,
    /// Requests without a key frame behind them; null where its key frames do not show.
    pub key_frame_requests_unanswered: Option<u64>,
    /// The mean time from a request to the key frame, in seconds.
    pub mean_key_frame_delay: Option<f64>,
    /// The greatest such time, in seconds.
    pub max_key_frame_delay: Option<f64>,
    /// The first and the last requests.
    pub key_frame_requests: Vec<KeyFrameRequest>,
    /// Requests left out.
    pub key_frame_requests_omitted: u64,
    /// The last bitrate that its receiver believes the link carries, in bit/s (REMB).
    pub remb_bitrate: Option<u64>,
    /// That bitrate over time.
    pub remb: Option<BitrateCourse>,
    /// The sources that it is about, all together.
    pub remb_sources: Vec<u32>,
    /// The most that its receiver asks for (TMMBR; RFC 5104, section 4.2.1).
    pub tmmbr: Option<BitrateCourse>,
    /// The most that its sender says it keeps to (TMMBN; RFC 5104, section 4.2.2).
    pub tmmbn: Option<BitrateCourse>,
    /// Transport-wide feedback packets of its direction.
    pub transport_feedbacks: Option<u64>,
    /// Transport-wide feedback.
    pub transport_feedback: Option<TransportWideFeedback>,
    /// Congestion control feedback (RFC 8888).
    pub congestion_feedback: Option<PacketFeedback>,
    /// That its source left (RFC 3550, section 6.6).
    pub bye: Option<Bye>,
    /// The software that its source tells (RFC 3550, section 6.5.6).
    pub tool: Option<String>,
    /// Extended reports (RFC 3611).
    pub extended: Option<ExtendedReports>,
    /// What its source says that the way to it carries, of libwebrtc.
    pub link_estimate: Option<LinkEstimate>,
    /// Packets of an application that its source sent (RFC 3550, section 6.7).
    pub application_packets: Option<u64>,
}

/// A round trip over time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoundTrip {
    /// How often it was measured.
    pub measurements: u64,
    /// The last one.
    pub last: f64,
    /// The mean.
    pub mean: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

/// What a sender reports of itself.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SenderReports {
    /// The first report.
    pub first_time: f64,
    /// The last report.
    pub last_time: f64,
    /// Packets sent since it began, by its count in the last report (modulo 2³²).
    pub packets_sent: u32,
    /// Bytes of payload sent since then (modulo 2³²).
    pub bytes_sent: u32,
    /// Packets lost between the sender and the capture point; by one or two off, as packets and reports may overtake each other.
    pub packets_lost_before_capture: Option<i64>,
    /// The report since which that holds; null for the beginning of the stream.
    pub compared_since: Option<f64>,
    /// Packets that the sender counts in that time.
    pub packets_compared: Option<u64>,
    /// Ticks of the media's clock a second of the sender's.
    pub clock_rate: Option<f64>,
    /// How fast the media's clock is against the sender's, in parts in a million.
    pub media_drift_ppm: Option<f64>,
    /// How fast the sender's clock is against the capture's.
    pub clock_drift: Option<DriftOf>,
    /// The least time from the sender's time of a report to the capture's, in seconds: a delay where both clocks are set, else their offset.
    pub min_report_delay: Option<f64>,
    /// The greatest one.
    pub max_report_delay: Option<f64>,
}

/// What one receiver reports.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiverReports {
    /// The source that reports.
    pub ssrc: u32,
    /// Its report blocks.
    pub reports: u64,
    /// The first of them.
    pub first_time: f64,
    /// The last of them.
    pub last_time: f64,
    /// The part lost between the last two reports, 0 to 1.
    pub fraction_lost: f64,
    /// The greatest such part.
    pub max_fraction_lost: f64,
    /// Packets lost by its count; negative where copies outnumber them.
    pub packets_lost: i32,
    /// The highest sequence number that it received, with its wraps in the upper half.
    pub extended_highest_sequence_number: u32,
    /// Jitter in its last report, in seconds.
    pub jitter: Option<f64>,
    /// The greatest one.
    pub max_jitter: Option<f64>,
    /// The round trip between the capture point and it.
    pub round_trip: Option<RoundTrip>,
    /// Where packets were lost.
    pub losses: Option<LossSplit>,
}

/// Losses, split at the capture point: of the numbers up to the highest one in the receiver's report.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LossSplit {
    /// The report since which it holds; null for the beginning of the stream.
    pub since: Option<f64>,
    /// The report up to which it holds.
    pub until: f64,
    /// Packets that the receiver misses.
    pub packets_lost: i64,
    /// Those missing at the capture point already.
    pub before_capture: i64,
    /// The others: lost behind the capture point. Negative where copies outnumber them.
    pub behind_capture: i64,
}

/// That a source left.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bye {
    /// When.
    pub time: f64,
    /// In which frame.
    pub frame: u64,
    /// Why, in its words.
    pub reason: Option<String>,
}

impl StreamRtcp {
    pub(super) fn new(stream: &media::Stream, clock: Clock) -> Self {
        let reports = &stream.reports;
        let receiver = reports.main_receiver();
        let requests = reports.key_frame_requests.as_ref();
        let shown = stream.frames.as_ref().is_some_and(|frames| frames.key_frames.is_some());
        let answered = requests.filter(|requests| shown && requests.answered > 0);
        let whole = reports.round_trips.whole();
        let remb = reports.estimated_bitrate.as_ref();
        Self {
            packets: reports.packets,
            packets_missing: reports.packets_missing,
            first_time: reports.first.map(|moment| clock.time(moment)),
            last_time: reports.last.map(|moment| clock.time(moment)),
            sender_reports: reports.in_clear.then(|| reports.sender.as_ref().map_or(0, |sender| sender.reports)),
            receiver_reports: reports.in_clear.then(|| reports.receiver_reports()),
            round_trip_time: whole.map(|trip| trip.last),
            round_trip_to_receiver: reports.round_trips.to_receiver.map(RoundTrip::from),
            round_trip_to_sender: reports.round_trips.to_sender.map(RoundTrip::from),
            round_trip: whole.map(RoundTrip::from),
            fraction_lost: receiver.map(|receiver| receiver.fraction_lost),
            packets_lost: receiver.map(|receiver| receiver.packets_lost),
            jitter: receiver.and_then(|receiver| receiver.jitter),
            sender: reports.sender.as_ref().map(|sender| SenderReports::new(sender, clock)),
            receivers: reports.receivers.iter().map(|receiver| ReceiverReports::new(receiver, clock)).collect(),
            nack_count: reports.nacks.map(|nacks| nacks.packets),
            nacks: reports.nacks.filter(|nacks| nacks.packets > 0).map(NackCounts::from),
            pli_count: requests.map(|requests| requests.picture_loss_indications),
            fir_count: requests.map(|requests| requests.full_intra_requests),
            key_frame_requests_unanswered: requests.filter(|_| shown).map(media::KeyFrameRequests::unanswered),
            mean_key_frame_delay: answered.map(|requests| requests.mean_delay),
            max_key_frame_delay: answered.map(|requests| requests.max_delay),
            key_frame_requests: requests.map_or_else(Vec::new, |requests| KeyFrameRequest::all(requests, clock)),
            key_frame_requests_omitted: requests.map_or(0, |requests| requests.requests.omitted()),
            remb_bitrate: remb.and_then(media::Bitrates::last),
            remb: remb.map(|bitrates| BitrateCourse::new(bitrates, clock)),
            remb_sources: reports.estimated_sources.iter().map(|source| source.0).collect(),
            tmmbr: reports.requested_bitrate.as_ref().map(|bitrates| BitrateCourse::new(bitrates, clock)),
            tmmbn: reports.notified_bitrate.as_ref().map(|bitrates| BitrateCourse::new(bitrates, clock)),
            transport_feedbacks: (reports.in_clear || reports.transport.is_some()).then(|| {
                reports.transport.map_or(0, |feedback| feedback.direction.feedbacks) + reports.transport_unjoined
            }),
            transport_feedback: reports.transport.as_ref().map(|feedback| TransportWideFeedback::new(feedback, clock)),
            congestion_feedback: reports.congestion.as_ref().map(|feedback| PacketFeedback::new(feedback, clock)),
            bye: reports.farewell.as_ref().map(|farewell| Bye {
                time: clock.time(farewell.moment),
                frame: farewell.moment.frame.0,
                reason: farewell.reason.clone(),
            }),
            tool: reports.tool.clone(),
            extended: reports.extended.as_ref().map(|facts| ExtendedReports::new(facts, stream.clock_rate, clock)),
            link_estimate: reports.remote_estimate.map(LinkEstimate::from),
            application_packets: reports.in_clear.then_some(reports.application_packets),
        }
    }
}

impl From<media::RoundTrip> for RoundTrip {
    fn from(trip: media::RoundTrip) -> Self {
        let media::RoundTrip { measurements, last, mean, minimum, maximum } = trip;
        Self { measurements, last, mean, min: minimum, max: maximum }
    }
}

impl SenderReports {
    fn new(sender: &media::SenderView, clock: Clock) -> Self {
        Self {
            first_time: clock.time(sender.first),
            last_time: clock.time(sender.last),
            packets_sent: sender.packets_sent,
            bytes_sent: sender.octets_sent,
            packets_lost_before_capture: sender.interval.map(|interval| interval.lost_before()),
            compared_since: sender.interval.and_then(|interval| interval.since).map(|since| clock.time(since)),
            packets_compared: sender.interval.map(|interval| interval.packets_sent),
            clock_rate: sender.clock_rate,
            media_drift_ppm: sender.media_drift_ppm,
            clock_drift: sender.clock_drift.map(DriftOf::from),
            min_report_delay: sender.least_delay,
            max_report_delay: sender.greatest_delay,
        }
    }
}

impl ReceiverReports {
    fn new(receiver: &media::ReceiverView, clock: Clock) -> Self {
        Self {
            ssrc: receiver.reporter.0,
            reports: receiver.reports,
            first_time: clock.time(receiver.first),
            last_time: clock.time(receiver.last),
            fraction_lost: receiver.fraction_lost,
            max_fraction_lost: receiver.worst_fraction_lost,
            packets_lost: receiver.packets_lost,
            extended_highest_sequence_number: receiver.extended_highest,
            jitter: receiver.jitter,
            max_jitter: receiver.max_jitter,
            round_trip: receiver.round_trip.map(RoundTrip::from),
            losses: receiver.losses.map(|split| LossSplit {
                since: split.since.map(|since| clock.time(since)),
                until: clock.time(split.until),
                packets_lost: split.lost,
                before_capture: split.before,
                behind_capture: split.behind,
            }),
        }
    }
}
