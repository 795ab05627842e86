//! Reads compounds in the clear into the journals of the streams that they are about.
//!
//! What a source says of itself is about the stream that it sends along the path of the compound; what it says of others is about streams
//! that come the opposite way.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use super::Reports;
use super::round_trip::{RoundTrip, RoundTrips};
use super::sender::Seen;
use crate::moment::Moment;
use crate::path::Path;
use crate::session::limits;
use crate::session::media::model::Stream;
use crate::session::media::stream::Tracked;
use crate::session::media::table::{Arrived, MediaTable};
use crate::wire::rtcp::extended_report::{Block, DelaySinceLastReport};
use crate::wire::rtcp::{Body, Compound, ReportBlock, SdesChunk, SdesKind};
use crate::wire::rtp::{NtpMiddle, SequenceNumber, Ssrc};

/// The reference times that receivers told on one direction of a flow (RFC 3611, section 4.4), the newest last.
#[derive(Debug, Default)]
pub(in crate::session::media) struct ReferenceTimes(Vec<(Ssrc, NtpMiddle, Moment)>);

impl ReferenceTimes {
    fn note(&mut self, source: Ssrc, middle: NtpMiddle, moment: Moment) {
        if self.0.len() >= limits::REFERENCE_TIMES {
            self.0.remove(0);
        }
        self.0.push((source, middle, moment));
    }

    /// The round trip to who answers at `now`, in seconds.
    fn round_trip(&self, answer: &DelaySinceLastReport, now: Moment) -> Option<f64> {
        let asked = |(source, middle, _): &&(Ssrc, NtpMiddle, Moment)| {
            *source == answer.ssrc && *middle == answer.last_report && middle.0 != 0
        };
        let (_, _, then) = self.0.iter().rev().find(asked)?;
        Some(now.time.seconds_from(then.time) - f64::from(answer.delay) / 65_536.0)
    }
}

/// Text from the wire, cut to its bound.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(limits::REPORT_TEXT).collect()
}

/// Round trips by the two ends of a way.
fn gather<K: Eq + Hash>(ways: &mut HashMap<K, RoundTrip>, key: K, trip: RoundTrip) {
    let known = ways.entry(key).or_default();
    *known = known.with(trip);
}

/// Round trips between the capture point and receivers, by way: exactly, and by hosts where RTP and RTCP have ports of their own.
#[derive(Debug, Default)]
pub(in crate::session::media) struct Halves {
    exact: HashMap<Path, RoundTrip>,
    hosts: HashMap<(IpAddr, IpAddr), RoundTrip>,
}

impl Halves {
    fn of(&self, path: &Path) -> Option<RoundTrip> {
        let exact = self.exact.get(&Path { relay: None, ..*path });
        exact.or_else(|| self.hosts.get(&(path.source.address, path.destination.address))).copied()
    }
}

impl MediaTable {
    /// What a compound in the clear says of the streams.
    pub(in crate::session::media) fn reported(&mut self, arrived: &Arrived<'_>, compound: &Compound<'_>) {
        let (moment, path) = (arrived.moment, arrived.path);
        for body in compound.bodies() {
            match body {
                Body::SenderReport(report) => {
                    if let Some(stream) = self.sender(report.ssrc, path) {
                        let seen = Seen::of(stream);
                        stream.journal.open().sender.note(moment, &report, seen);
                    }
                    self.blocks(moment, path, report.ssrc, &report.reports);
                }
                Body::ReceiverReport(report) => self.blocks(moment, path, report.ssrc, &report.reports),
                Body::SourceDescription(described) => {
                    described.chunks.iter().for_each(|chunk| self.source_description(path, chunk));
                }
                Body::Goodbye(goodbye) => {
                    for source in &goodbye.sources {
                        if let Some(stream) = self.sender(*source, path) {
                            let reason = goodbye.reason.map(text);
                            stream.journal.open().farewell = Some(super::Farewell { moment, reason });
                        }
                    }
                }
                Body::ApplicationDefined(application) => {
                    if let Some(stream) = self.sender(application.ssrc, path) {
                        let pages = stream.journal.open();
                        pages.applications += 1;
                        pages.remote_estimate = application.remote_estimate().or(pages.remote_estimate);
                    }
                }
                Body::ExtendedReport(report) => {
                    report.blocks.iter().for_each(|block| self.extended(arrived, report.ssrc, block));
                }
                other => self.feedback(arrived, other),
            }
        }
    }

    /// Feedback of receivers (RFC 4585 and what extends it).
    fn feedback(&mut self, arrived: &Arrived<'_>, body: Body<'_>) {
        let (moment, path) = (arrived.moment, arrived.path);
        match body {
            Body::GenericNack(nack) => self.missed(moment, path, nack.media, nack.lost()),
            Body::PictureLossIndication(request) => {
                if let Some(stream) = self.sender(request.media, &path.reversed()) {
                    stream.journal.open().key_frames.picture_loss(moment);
                }
            }
            Body::FullIntraRequest(request) => {
                for entry in &request.entries {
                    if let Some(stream) = self.sender(entry.ssrc, &path.reversed()) {
                        let requests = &mut stream.journal.open().key_frames;
                        requests.full_intra(moment, request.sender, entry.sequence_number);
                    }
                }
            }
            Body::ReceiverEstimatedBitrate(estimate) => {
                for source in &estimate.sources {
                    if let Some(stream) = self.sender(*source, &path.reversed()) {
                        let pages = stream.journal.open();
                        pages.estimated.get_or_insert_default().add(moment, estimate.bitrate_bps());
                        if pages.estimated_sources != estimate.sources {
                            pages.estimated_sources.clone_from(&estimate.sources);
                        }
                    }
                }
            }
            Body::TemporaryBitrateRequest(request) => {
                for entry in &request.entries {
                    if let Some(stream) = self.sender(entry.ssrc, &path.reversed()) {
                        stream.journal.open().requested.get_or_insert_default().add(moment, entry.bitrate_bps());
                    }
                }
            }
            Body::TemporaryBitrateNotification(notified) => {
                // The entries name those who set the bounds; the lowest bound is what holds.
                let bound = notified.entries.iter().map(|entry| entry.bitrate_bps()).min();
                if let (Some(bound), Some(stream)) = (bound, self.sender(notified.sender, path)) {
                    stream.journal.open().notified.get_or_insert_default().add(moment, bound);
                }
            }
            Body::TransportWideFeedback(feedback) => self.transport_wide(arrived, &feedback),
            Body::CongestionControlFeedback(feedback) => self.congestion(moment, path, &feedback),
            _ => {}
        }
    }

    pub(super) fn sender(&mut self, ssrc: Ssrc, path: &Path) -> Option<&mut Tracked> {
        let place = self.sent_by(ssrc, path)?;
        self.streams.get_mut(place)
    }

    fn blocks(&mut self, moment: Moment, path: &Path, reporter: Ssrc, blocks: &[ReportBlock]) {
        for block in blocks {
            let Some(stream) = self.sender(block.ssrc, &path.reversed()) else { continue };
            let standing = stream.sequence.standing(SequenceNumber(block.extended_highest_sequence as u16));
            let pages = stream.journal.open();
            let passed = &pages.sender.passed;
            let trip = passed.round_trip(block.last_sender_report, block.delay_since_last, moment.time);
            if let Some(receiver) = pages.receiver(moment, reporter) {
                receiver.note(moment, block, standing);
                if let Some(seconds) = trip {
                    receiver.trip.add(seconds);
                }
            }
        }
    }

    fn source_description(&mut self, path: &Path, chunk: &SdesChunk<'_>) {
        let Some(stream) = self.sender(chunk.ssrc, path) else { return };
        let pages = stream.journal.open();
        for item in &chunk.items {
            let known = match item.kind {
                SdesKind::CNAME => &mut pages.cname,
                SdesKind::TOOL => &mut pages.tool,
                _ => continue,
            };
            // It comes with every report, and seldom changes.
            if known.as_ref().is_none_or(|known| known.as_bytes() != item.value) {
                *known = Some(text(item.value)).filter(|text| !text.is_empty());
            }
        }
    }

    fn extended(&mut self, arrived: &Arrived<'_>, source: Ssrc, block: &Block<'_>) {
        let (moment, path) = (arrived.moment, arrived.path);
        match block {
            Block::ReceiverReferenceTime(time) => {
                if let Some(direction) = self.direction(arrived.flow, arrived.side) {
                    direction.reference_times.note(source, time.middle(), moment);
                }
            }
            Block::DelaySinceLastReceiverReport(answers) => {
                let Some(direction) = self.direction(arrived.flow, arrived.side.other()) else { return };
                let times = &direction.reference_times;
                let trips: Vec<f64> = answers.iter().filter_map(|answer| times.round_trip(answer, moment)).collect();
                if let Some(stream) = self.sender(source, path) {
                    let to_sender = &mut stream.journal.open().to_sender;
                    trips.into_iter().for_each(|seconds| to_sender.add(seconds));
                }
            }
            Block::StatisticsSummary(summary) => {
                if let Some(stream) = self.sender(summary.ssrc, &path.reversed()) {
                    let facts = stream.journal.open().extended.get_or_insert_default();
                    facts.blocks += 1;
                    facts.summary = Some(*summary);
                }
            }
            Block::VoipMetrics(metrics) => {
                if let Some(stream) = self.sender(metrics.ssrc, &path.reversed()) {
                    let facts = stream.journal.open().extended.get_or_insert_default();
                    facts.blocks += 1;
                    facts.voip = Some(*metrics);
                    let rating = metrics.transmission_rating();
                    facts.worst_rating = facts.worst_rating.min(rating).or(facts.worst_rating).or(rating);
                }
            }
            Block::TargetBitrate(targets) => {
                if let Some(stream) = self.sender(source, path) {
                    let facts = stream.journal.open().extended.get_or_insert_default();
                    facts.blocks += 1;
                    let all: u128 = targets.iter().map(|target| u128::from(target.kbps) * 1_000).sum();
                    facts.target_bitrate.get_or_insert_default().add(moment, all);
                }
            }
            _ => {}
        }
    }

    /// Round trips between the capture point and the receivers of all ways.
    pub(in crate::session::media) fn halves(&self) -> Halves {
        let mut halves = Halves::default();
        for stream in &self.streams {
            let (Some(trip), Some(path)) = (stream.journal.to_receiver(), stream.paths.first()) else { continue };
            gather(&mut halves.exact, Path { relay: None, ..*path }, trip);
            gather(&mut halves.hosts, (path.source.address, path.destination.address), trip);
        }
        halves
    }

    /// What RTCP came to for the stream at `place`.
    pub(in crate::session::media) fn reports(&self, place: usize, stream: &Stream, halves: &Halves) -> Reports {
        let Some(tracked) = self.streams.get(place) else { return Reports::default() };
        let journal = &tracked.journal;
        // Who sends this stream receives those of the other way.
        let answered = [journal.to_sender(), halves.of(&stream.path.reversed())].into_iter().flatten();
        let round_trips = RoundTrips {
            to_receiver: journal.to_receiver().or_else(|| halves.of(&stream.path)),
            to_sender: answered.fold(RoundTrip::default(), RoundTrip::with).measured(),
        };
        let log = tracked.log.and_then(|log| self.logs.get(log));
        journal.reports(stream.clock_rate, round_trips, log.and_then(|log| log.of_stream(place)))
    }
}
