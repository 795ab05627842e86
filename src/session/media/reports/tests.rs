//! Scenes of RTP and RTCP through the table of streams: what is said about a stream reaches its journal, and means what it should.

use super::{KeyFrameRequest, Reports};
use crate::moment::Moment;
use crate::path::{Endpoint, FlowId, Path, Side, Transport};
use crate::session::limits;
use crate::session::media::table::{Arrived, MediaTable, Parties};
use crate::session::media::{Knowledge, Stream};
use crate::wire::rtcp::extended_report::{Block, DelaySinceLastReport, TargetBitrate};
use crate::wire::rtcp::feedback::{
    ArrivalOffset, BitrateEntry, CongestionControlFeedback, FullIntraEntry, FullIntraRequest, GenericNack, Metric,
    PictureLossIndication, ReceiverEstimatedBitrate, SourceMetrics, TemporaryBitrate, TransportWideFeedback,
};
use crate::wire::rtcp::{
    self, ApplicationDefined, Body, ExtendedReport, Goodbye, ReceiverReport, ReportBlock, SdesChunk, SdesItem,
    SdesKind, SenderReport, SourceDescription,
};
use crate::wire::rtp::{self, NtpMiddle, NtpTimestamp, PayloadType, RtpTimestamp, SequenceNumber, Ssrc};

const MEDIA: Ssrc = Ssrc(7);
const REPAIR: Ssrc = Ssrc(8);
const OTHER: Ssrc = Ssrc(9);

/// Two hosts and what the capture sees between them; times are in milliseconds.
struct Scene {
    table: MediaTable,
    frame: u64,
    /// Whether RTCP has a flow of its own.
    apart: bool,
}

impl Scene {
    fn new() -> Self {
        Self { table: MediaTable::new(false), frame: 0, apart: false }
    }

    fn arrive(&mut self, milliseconds: i64, side: Side, bytes: &[u8], report: bool) {
        self.frame += 1;
        let apart = u16::from(self.apart && report);
        let end = |host: u8| Endpoint::new([192, 0, 2, host].into(), 5_000 + apart);
        let path = Path::direct(end(1), end(2), Transport::Udp);
        let path = if side == Side::First { path } else { path.reversed() };
        let arrived = Arrived {
            moment: Moment::new(self.frame, milliseconds * 1_000_000),
            path: &path,
            flow: FlowId(u32::from(apart)),
            side,
            bytes,
            length: bytes.len(),
            reassembled: false,
        };
        if report {
            self.table.rtcp(&arrived);
        } else {
            self.table.rtp(&arrived, Parties::default);
        }
    }

    fn rtp(&mut self, milliseconds: i64, side: Side, ssrc: Ssrc, number: u16, payload: &[u8]) {
        let stamp = RtpTimestamp(u32::from(number).wrapping_mul(900));
        self.stamped(milliseconds, side, ssrc, number, stamp, payload);
    }

    fn stamped(&mut self, at: i64, side: Side, ssrc: Ssrc, number: u16, stamp: RtpTimestamp, payload: &[u8]) {
        let packet = rtp::Builder::new(ssrc).payload_type(PayloadType(100)).sequence_number(SequenceNumber(number));
        self.arrive(at, side, &packet.timestamp(stamp).payload(payload).emit().unwrap(), false);
    }

    /// A packet every ten milliseconds, from number `first` at `from` on.
    fn stream(&mut self, from: i64, side: Side, ssrc: Ssrc, first: u16, packets: u16) {
        for place in 0..packets {
            self.rtp(from + i64::from(place) * 10, side, ssrc, first.wrapping_add(place), &[1; 50]);
        }
    }

    fn rtcp(&mut self, milliseconds: i64, side: Side, bodies: &[Body<'_>]) {
        let compound = bodies.iter().fold(rtcp::Builder::new(), rtcp::Builder::packet);
        self.arrive(milliseconds, side, &compound.emit().unwrap(), true);
    }

    fn finish(mut self) -> Vec<Stream> {
        self.table.finish(|_, _| Parties::default(), |_| false)
    }

    fn reports(self) -> Reports {
        self.finish().into_iter().find(|stream| stream.ssrc == MEDIA).unwrap().reports
    }
}

fn ntp(milliseconds: u64) -> NtpTimestamp {
    NtpTimestamp((3_800_000_000 << 32) + (milliseconds << 32) / 1_000)
}

fn sent(ssrc: Ssrc, milliseconds: u64, packets: u32) -> Body<'static> {
    Body::SenderReport(SenderReport {
        ssrc,
        ntp_timestamp: ntp(milliseconds),
        rtp_timestamp: RtpTimestamp(milliseconds as u32 * 90),
        packet_count: packets,
        ..SenderReport::default()
    })
}

fn received(reporter: Ssrc, block: ReportBlock) -> Body<'static> {
    Body::ReceiverReport(ReceiverReport { ssrc: reporter, reports: vec![block], ..ReceiverReport::default() })
}

/// A block about a report of `milliseconds` that was kept for `kept` milliseconds.
fn answer(ssrc: Ssrc, milliseconds: u64, kept: u32) -> ReportBlock {
    let last_sender_report = ntp(milliseconds).middle();
    ReportBlock { ssrc, last_sender_report, delay_since_last: kept * 65_536 / 1_000, ..ReportBlock::default() }
}

#[test]
fn a_round_trip_is_split_at_the_capture_point() {
    let mut scene = Scene::new();
    scene.stream(0, Side::First, MEDIA, 1, 5);
    scene.stream(0, Side::Second, OTHER, 1, 5);
    // 10 ms from the first host to the capture point, 30 ms from there to the second.
    scene.rtcp(1_010, Side::First, &[sent(MEDIA, 1_000, 5)]);
    scene.rtcp(1_030, Side::Second, &[sent(OTHER, 1_000, 5)]);
    scene.rtcp(1_570, Side::Second, &[received(OTHER, answer(MEDIA, 1_000, 500))]);
    scene.rtcp(1_750, Side::First, &[received(MEDIA, answer(OTHER, 1_000, 700))]);
    let trips = scene.reports().round_trips;
    let near = |trip: Option<super::RoundTrip>, seconds: f64| (trip.unwrap().last - seconds).abs() < 1e-4;
    assert!(near(trips.to_receiver, 0.060) && near(trips.to_sender, 0.020), "{trips:?}");
    assert!(near(trips.whole(), 0.080));
}

#[test]
fn a_receiver_that_sends_nothing_measures_by_reference_times() {
    let mut scene = Scene::new();
    scene.apart = true;
    scene.stream(0, Side::First, MEDIA, 1, 5);
    let extended = |ssrc, block| Body::ExtendedReport(ExtendedReport { ssrc, blocks: vec![block] });
    scene.rtcp(1_000, Side::Second, &[extended(OTHER, Block::ReceiverReferenceTime(ntp(500)))]);
    let last_report = ntp(500).middle();
    let delays = vec![DelaySinceLastReport { ssrc: OTHER, last_report, delay: 65_536 / 4 }];
    scene.rtcp(1_270, Side::First, &[extended(MEDIA, Block::DelaySinceLastReceiverReport(delays))]);
    let trips = scene.reports().round_trips;
    assert!((trips.to_sender.unwrap().last - 0.020).abs() < 1e-4, "{trips:?}");
    assert_eq!((trips.to_receiver, trips.whole()), (None, None), "one half is not the whole");
}

#[test]
fn losses_before_and_behind_the_capture_are_told_apart() {
    let mut scene = Scene::new();
    // Over the wrap; every tenth number is lost before the capture.
    for place in (0..1_000_u16).filter(|place| place % 10 != 5) {
        scene.rtp(i64::from(place) * 10, Side::First, MEDIA, place.wrapping_add(65_000), &[1; 20]);
        let block = |lost: i32, number: u16| ReportBlock {
            ssrc: MEDIA,
            cumulative_lost: lost,
            extended_highest_sequence: 1 << 16 | u32::from(number.wrapping_add(65_000)),
            fraction_lost: 26,
            jitter: 900,
            ..ReportBlock::default()
        };
        match place {
            // Each report is about a number some way behind what has passed already; 7 and 27 were lost behind the capture.
            204 => scene.rtcp(2_045, Side::Second, &[received(OTHER, block(20 + 7, 199))]),
            904 => scene.rtcp(9_045, Side::Second, &[received(OTHER, block(90 + 27, 899))]),
            _ => {}
        }
    }
    let reports = scene.reports();
    let receiver = reports.main_receiver().unwrap();
    let split = receiver.losses.unwrap();
    assert_eq!((split.lost, split.before, split.behind), (90, 70, 20));
    assert_eq!((receiver.packets_lost, receiver.reports, receiver.fraction_lost), (117, 2, 26.0 / 256.0));
    assert_eq!(receiver.extended_highest & 0xFFFF, 363);
    assert_eq!(receiver.jitter, Some(0.01), "the clock of 90 kHz shows in the timestamps");
}

#[test]
fn what_was_asked_for_again_is_answered_on_the_stream_or_by_its_retransmission() {
    let mut scene = Scene::new();
    // 65534, 0 and 2 are missing; the last one stays so.
    for (place, number) in [65_531, 65_532, 65_533, 65_535, 1, 3_u16].into_iter().enumerate() {
        scene.rtp(place as i64 * 10, Side::First, MEDIA, number, &[1; 50]);
    }
    let lost = [65_534, 0, 2].map(SequenceNumber);
    let nack = Body::GenericNack(GenericNack::of(OTHER, MEDIA, &lost));
    scene.rtcp(100, Side::Second, std::slice::from_ref(&nack));
    scene.rtcp(140, Side::Second, &[nack]);
    // The first comes late on the stream, the second in a retransmission that is known by its number and its timestamp, of the frame of 1.
    scene.rtp(150, Side::First, MEDIA, 65_534, &[1; 50]);
    scene.stamped(400, Side::First, REPAIR, 500, RtpTimestamp(900), &[0, 0, 1, 2]);
    scene.stamped(410, Side::First, REPAIR, 501, RtpTimestamp(77), &[0, 3, 1, 2]);
    let nacks = scene.reports().nacks.unwrap();
    assert_eq!((nacks.packets, nacks.asked, nacks.asked_again), (2, 3, 3));
    assert_eq!((nacks.answered, nacks.in_time, nacks.unanswered()), (2, 1, 1));
    assert!((nacks.max_delay - 0.3).abs() < 1e-9 && (nacks.mean_delay - 0.175).abs() < 1e-9, "{nacks:?}");
}

#[test]
fn near_the_receiver_a_retransmission_stream_is_known_by_the_numbers_that_it_names() {
    let mut scene = Scene::new();
    scene.stream(0, Side::First, MEDIA, 1, 5);
    scene.stream(60, Side::First, MEDIA, 9, 5);
    let lost = [6, 7, 8].map(SequenceNumber);
    scene.rtcp(100, Side::Second, &[Body::GenericNack(GenericNack::of(OTHER, MEDIA, &lost))]);
    // A stream that was there before names 7 by chance; the timestamps of what was lost are not known.
    for number in 1..11 {
        scene.stamped(109, Side::First, OTHER, number, RtpTimestamp(1), &[9; 5]);
    }
    scene.stamped(110, Side::First, OTHER, 11, RtpTimestamp(1), &[0, 7, 1]);
    for (place, number) in [6, 8].into_iter().enumerate() {
        scene.stamped(150, Side::First, REPAIR, place as u16, RtpTimestamp(1), &[0, number, 1]);
    }
    let nacks = scene.reports().nacks.unwrap();
    assert_eq!((nacks.asked, nacks.answered, nacks.unanswered()), (3, 2, 1));
}

#[test]
fn a_copy_near_the_sender_answers_too() {
    let mut scene = Scene::new();
    scene.stream(0, Side::First, MEDIA, 1, 10);
    scene.rtp(95, Side::First, MEDIA, 4, &[1; 50]);
    scene.rtcp(100, Side::Second, &[Body::GenericNack(GenericNack::of(OTHER, MEDIA, &[SequenceNumber(4)]))]);
    scene.rtp(101, Side::First, MEDIA, 4, &[1; 50]);
    let nacks = scene.reports().nacks.unwrap();
    assert_eq!((nacks.asked, nacks.answered, nacks.in_time), (1, 1, 1));
    assert!(nacks.mean_delay < 0.002, "{nacks:?}");
}

const OFFER: &str = "v=0\r\nm=video 5000 RTP/AVPF 100\r\nc=IN IP4 192.0.2.1\r\na=rtpmap:100 VP8/90000\r\n";

#[test]
fn a_request_is_answered_by_the_next_key_frame() {
    let mut scene = Scene::new();
    scene.table.learn(Moment::new(1, 0), OFFER);
    // VP8: a start of a partition; key frames have the start code 9D 01 2A.
    let key = [0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 64, 0, 64, 0];
    let delta = [0x10, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let request = |number| {
        let entries = vec![FullIntraEntry { ssrc: MEDIA, sequence_number: number }];
        Body::FullIntraRequest(FullIntraRequest { sender: OTHER, media: Ssrc(0), entries })
    };
    scene.rtp(0, Side::First, MEDIA, 1, &key);
    scene.rtp(10, Side::First, MEDIA, 2, &delta);
    let loss = Body::PictureLossIndication(PictureLossIndication { sender: OTHER, media: MEDIA });
    scene.rtcp(20, Side::Second, std::slice::from_ref(&loss));
    scene.rtcp(25, Side::Second, &[request(1), request(1)]);
    scene.rtp(30, Side::First, MEDIA, 3, &delta);
    scene.rtp(60, Side::First, MEDIA, 4, &key);
    scene.rtcp(90, Side::Second, &[loss]);
    scene.rtp(95, Side::First, MEDIA, 5, &delta);
    let requests = scene.reports().key_frame_requests.unwrap();
    assert_eq!((requests.picture_loss_indications, requests.full_intra_requests, requests.repeated), (2, 1, 1));
    assert_eq!((requests.answered, requests.unanswered()), (2, 1));
    let delays: Vec<_> = requests.requests.iter().map(KeyFrameRequest::delay).collect();
    assert_eq!(delays, [Some(0.040), Some(0.035), None]);
}

#[test]
fn bitrates_are_kept_over_time() {
    let mut scene = Scene::new();
    scene.stream(0, Side::First, MEDIA, 1, 5);
    for (at, bits) in [(100, 500_000), (200, 300_000), (300, 400_000)] {
        let estimate = ReceiverEstimatedBitrate::of(OTHER, bits, vec![MEDIA, REPAIR]);
        scene.rtcp(at, Side::Second, &[Body::ReceiverEstimatedBitrate(estimate)]);
    }
    let request =
        |sender, ssrc| TemporaryBitrate { sender, media: Ssrc(0), entries: vec![BitrateEntry::of(ssrc, 256_000, 40)] };
    scene.rtcp(400, Side::Second, &[Body::TemporaryBitrateRequest(request(OTHER, MEDIA))]);
    scene.rtcp(410, Side::First, &[Body::TemporaryBitrateNotification(request(MEDIA, OTHER))]);
    let reports = scene.reports();
    let estimate = reports.estimated_bitrate.unwrap();
    assert_eq!((estimate.samples.total(), estimate.minimum, estimate.maximum), (3, 300_000, 500_000));
    assert_eq!((estimate.last(), reports.estimated_sources), (Some(400_000), vec![MEDIA, REPAIR]));
    assert_eq!(reports.requested_bitrate.unwrap().last(), Some(256_000));
    assert_eq!(reports.notified_bitrate.unwrap().last(), Some(256_000));
}

/// A description without an address of media has no other use than to name the extension.
const NUMBERED: &str = "v=0\r\nm=video 5000 RTP/AVPF 100\r\nc=IN IP4 192.0.2.1\r\na=rtpmap:100 VP8/90000\r\n\
    a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n";

#[test]
fn transport_wide_feedback_is_joined_to_both_streams_over_the_wraps() {
    for apart in [false, true] {
        let mut scene = Scene::new();
        scene.apart = apart;
        scene.table.learn(Moment::new(1, 0), NUMBERED);
        for place in 0..200_u16 {
            let ssrc = if place % 4 == 3 { REPAIR } else { MEDIA };
            let packet = rtp::Builder::new(ssrc).payload_type(PayloadType(100));
            let packet = packet.sequence_number(SequenceNumber(place)).timestamp(RtpTimestamp(u32::from(place) * 900));
            let packet = packet.extension(3, &place.wrapping_add(65_400).to_be_bytes()).payload(&[1; 20]);
            scene.arrive(i64::from(place) * 10, Side::First, &packet.emit().unwrap(), false);
            if place % 20 == 19 {
                // The receiver's clock wraps its 24 bits of 64 ms on the way; one in fifty is lost.
                let begin = ((1_i64 << 24) - 10) * 64_000;
                let first = place - 19;
                let arrival = |number: u16| (number % 50 != 30).then(|| begin + i64::from(number) * 10_000);
                let arrivals: Vec<_> = (first..=place).map(arrival).collect();
                let base = SequenceNumber(first.wrapping_add(65_400));
                let count = (place / 20) as u8;
                let feedback = TransportWideFeedback::of((OTHER, MEDIA), count, base, &arrivals).unwrap();
                scene.rtcp(i64::from(place) * 10 + 40, Side::Second, &[Body::TransportWideFeedback(feedback)]);
            }
        }
        let feedback = scene.reports().transport.unwrap();
        let direction = feedback.direction;
        assert_eq!((direction.feedbacks, direction.feedbacks_missing, direction.unknown), (10, 0, 0));
        assert_eq!((direction.received, direction.lost, direction.late), (196, 4, 0));
        assert!(direction.max_delay_variation.unwrap() < 0.000_3, "times are cut to 250 µs: {direction:?}");
        assert!(direction.delay_trend.unwrap().abs() < 1e-4 && direction.delay_range.unwrap() < 0.000_6);
        assert_eq!(feedback.stream.received + feedback.stream.lost, 150);
        assert!((direction.interval().unwrap() - 0.2).abs() < 1e-9);
    }
}

#[test]
fn congestion_control_feedback_is_joined_by_source() {
    let mut scene = Scene::new();
    let metric = |units| Metric::received(0, ArrivalOffset::Units(units));
    let feedback = |begin: u16, metrics: Vec<Metric>, timestamp: u32| {
        let reports = vec![SourceMetrics { ssrc: MEDIA, begin: SequenceNumber(begin), metrics }];
        let report_timestamp = NtpMiddle(timestamp);
        Body::CongestionControlFeedback(CongestionControlFeedback { sender: OTHER, reports, report_timestamp })
    };
    scene.stream(0, Side::First, MEDIA, 65_530, 5);
    // The first one is about packets before it, which nobody remembers.
    scene.rtcp(60, Side::Second, &[feedback(65_530, vec![metric(0)], 0xFFFF_FFFF)]);
    scene.stream(100, Side::First, MEDIA, 65_535, 4);
    let marked = Metric::received(3, ArrivalOffset::Units(0));
    scene.rtcp(160, Side::Second, &[feedback(65_535, vec![metric(20), Metric(0), metric(10), marked], 0x2000)]);
    let congestion = scene.reports().congestion.unwrap();
    assert_eq!((congestion.feedbacks, congestion.unknown), (2, 1));
    assert_eq!((congestion.received, congestion.lost, congestion.congestion_marks), (3, 1, 1));
    assert!(congestion.max_delay_variation.unwrap() < 0.011, "{congestion:?}");
}

#[test]
fn names_reasons_and_targets_reach_their_stream() {
    let mut scene = Scene::new();
    // Ticks that fit no clock: only the reports can tell the rate.
    for number in 0..100_u16 {
        let stamp = RtpTimestamp(u32::from(number / 50) * 5 + u32::from(number));
        scene.stamped(i64::from(number) * 10, Side::First, MEDIA, number, stamp, &[1; 20]);
    }
    let item = |kind, value| SdesItem { kind, value };
    let items = vec![item(SdesKind::CNAME, &b"someone@host"[..]), item(SdesKind::TOOL, b"a tool")];
    let described = SourceDescription { chunks: vec![SdesChunk { ssrc: MEDIA, items }] };
    scene.rtcp(200, Side::First, &[sent(MEDIA, 1_000, 20), Body::SourceDescription(described)]);
    let data = [1, 0, 1, 0, 2, 0, 2, 0];
    let application = ApplicationDefined { subtype: 13, ssrc: MEDIA, name: *b"goog", data: &data };
    let targets = [100, 200].map(|kbps| TargetBitrate { spatial_layer: 0, temporal_layer: 0, kbps }).to_vec();
    let extended = ExtendedReport { ssrc: MEDIA, blocks: vec![Block::TargetBitrate(targets)] };
    scene.rtcp(300, Side::First, &[Body::ApplicationDefined(application), Body::ExtendedReport(extended)]);
    let goodbye = Goodbye { sources: vec![MEDIA], reason: Some(b"hung up") };
    scene.rtcp(2_200, Side::First, &[sent(MEDIA, 3_000, 100), Body::Goodbye(goodbye)]);
    let streams = scene.finish();
    let stream = &streams[0];
    assert_eq!(stream.cname.as_deref(), Some("someone@host"));
    assert_eq!((stream.clock_rate, stream.clock_rate_source), (Some(90_000), Some(Knowledge::Inferred)));
    let reports = &stream.reports;
    assert_eq!(reports.tool.as_deref(), Some("a tool"));
    assert_eq!(reports.farewell.as_ref().unwrap().reason.as_deref(), Some("hung up"));
    assert_eq!(reports.remote_estimate.unwrap().lower_kbps, Some(256));
    assert_eq!(reports.extended.as_ref().unwrap().target_bitrate.as_ref().unwrap().last(), Some(300_000));
    let sender = reports.sender.as_ref().unwrap();
    assert_eq!((sender.reports, sender.packets_sent), (2, 100));
    assert_eq!(sender.interval.unwrap().lost_before(), 0, "the capture has the beginning");
}

#[test]
fn srtcp_is_counted_and_nothing_is_made_up_of_it() {
    let mut scene = Scene::new();
    scene.stream(0, Side::First, MEDIA, 1, 5);
    scene.table.secured(FlowId(0));
    // What looks like RTCP in the clear is not believed where DTLS was seen.
    scene.rtcp(
        100,
        Side::Second,
        &[Body::PictureLossIndication(PictureLossIndication { sender: OTHER, media: MEDIA })],
    );
    scene.rtcp(100, Side::First, &[sent(MEDIA, 1_000, 5)]);
    let reports = scene.reports();
    assert_eq!((reports.packets, reports.in_clear), (1, false));
    assert!(reports.nacks.is_none() && reports.key_frame_requests.is_none() && reports.sender.is_none());
}

#[test]
fn receivers_past_the_bound_are_counted() {
    let mut scene = Scene::new();
    scene.stream(0, Side::First, MEDIA, 1, 5);
    for reporter in 100..120 {
        scene.rtcp(
            100,
            Side::Second,
            &[received(Ssrc(reporter), ReportBlock { ssrc: MEDIA, ..ReportBlock::default() })],
        );
    }
    let reports = scene.reports();
    assert_eq!((reports.receivers.len(), reports.receiver_reports()), (8, 20));
}

/// A packet of transport-wide number 1 on each of so many flows, each closed or left open after it.
fn flows_with_feedback(flows: u32, closed: bool) -> MediaTable {
    let mut table = MediaTable::new(false);
    let end = |host: u8| Endpoint::new([192, 0, 2, host].into(), 5_000);
    let path = Path::direct(end(1), end(2), Transport::Udp);
    for number in 0..flows {
        let (moment, flow) = (Moment::new(1, 0), FlowId(number));
        let arrived =
            Arrived { moment, path: &path, flow, side: Side::First, bytes: &[], length: 0, reassembled: false };
        table.note_sent(&arrived, 0, SequenceNumber(1), 10);
        if closed {
            table.forget(flow);
        }
    }
    table
}

#[test]
fn the_packets_that_are_remembered_for_feedback_are_bounded() {
    let table = flows_with_feedback(limits::FEEDBACK_LOGS as u32 + 5, false);
    assert_eq!((table.logs.len(), table.open_logs), (limits::FEEDBACK_LOGS, limits::FEEDBACK_LOGS));
}

#[test]
fn flows_that_are_over_leave_room_for_the_feedback_of_others() {
    let flows = limits::FEEDBACK_LOGS + 5;
    let table = flows_with_feedback(flows as u32, true);
    assert_eq!((table.logs.len(), table.open_logs), (flows, 0));
}

#[test]
fn reference_times_are_bounded() {
    let mut scene = Scene::new();
    scene.stream(0, Side::First, MEDIA, 1, 5);
    for number in 1..100 {
        let blocks = vec![Block::ReceiverReferenceTime(ntp(number))];
        scene.rtcp(100, Side::Second, &[Body::ExtendedReport(ExtendedReport { ssrc: OTHER, blocks })]);
    }
    let last_report = ntp(1).middle();
    let delays = vec![DelaySinceLastReport { ssrc: OTHER, last_report, delay: 0 }];
    let blocks = vec![Block::DelaySinceLastReceiverReport(delays)];
    scene.rtcp(200, Side::First, &[Body::ExtendedReport(ExtendedReport { ssrc: MEDIA, blocks })]);
    assert_eq!(scene.reports().round_trips.to_sender, None, "the first one is forgotten");
}
