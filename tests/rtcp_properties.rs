//! What must hold for every RTCP datagram, and what `rtcp-types` makes of the same bytes.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unwrap_used, missing_docs)]

use proptest::collection::vec;
use proptest::prelude::*;
use rtcp_types::{Packet as Theirs, RtcpPacketParser};
use rtcscope::wire::field::Field;
use rtcscope::wire::rtcp::extended_report::{
    Block, DelaySinceLastReport, OtherBlock, ReceiptTimes, RunLengthChunk, RunLengths, StatisticsSummary,
    TargetBitrate, TimeToLive, VoipMetrics,
};
use rtcscope::wire::rtcp::feedback::{
    BitrateEntry, CongestionControlFeedback, FullIntraEntry, FullIntraRequest, GenericNack, LossNotification, Metric,
    NackEntry, OtherFeedback, PictureLossIndication, ReceiverEstimatedBitrate, ReferencePictureSelection,
    SenderReportRequest, SliceLoss, SliceLossIndication, SourceMetrics, TemporaryBitrate, TransportWideFeedback,
};
use rtcscope::wire::rtcp::{
    ApplicationDefined, Body, Builder, Compound, ExtendedReport, Goodbye, PacketType, ReceiverReport, ReportBlock,
    SdesChunk, SdesItem, SdesKind, SecureLayout, SecureTrailer, SenderReport, SourceDescription, describe,
    describe_secure,
};
use rtcscope::wire::rtp::{NtpMiddle, NtpTimestamp, PayloadType, RtpTimestamp, SequenceNumber, Ssrc};

/// What the packets are made of.
#[derive(Debug, Clone)]
struct Stuff {
    words: Vec<u32>,
    bytes: Vec<u8>,
    arrivals: Vec<Option<i64>>,
}

fn stuff() -> impl Strategy<Value = Stuff> {
    let arrivals = vec(prop::option::of(0..2000_i64), 1..60);
    (vec(any::<u32>(), 8..24), vec(any::<u8>(), 0..12), arrivals).prop_map(|(words, bytes, steps)| {
        let mut clock = 0;
        let arrivals = steps.into_iter().map(|step| {
            clock += step.unwrap_or(0) * 250;
            step.map(|_| clock)
        });
        let bytes = bytes.into_iter().flat_map(|byte| [byte; 4]).collect();
        Stuff { words, bytes, arrivals: arrivals.collect() }
    })
}

fn blocks(words: &[u32]) -> Vec<Block<'_>> {
    let half = |place: usize| (words[place] >> 8) as u16;
    let byte = |place: usize| (words[place] >> 16) as u8;
    let (ssrc, begin, end) = (Ssrc(words[0]), SequenceNumber(half(1)), SequenceNumber(half(2)));
    let thinning = byte(3) & 15;
    let chunks: Vec<_> =
        words.iter().flat_map(|word| [*word as u16, (word >> 16) as u16]).map(RunLengthChunk).collect();
    let runs = RunLengths { thinning, ssrc, begin, end, chunks };
    let jitter = [words[3], words[4], words[5], words[6]];
    vec![
        Block::LossRunLengths(runs.clone()),
        Block::DuplicateRunLengths(runs),
        Block::ReceiptTimes(ReceiptTimes { thinning, ssrc, begin, end, times: words.to_vec() }),
        Block::ReceiverReferenceTime(NtpTimestamp(u64::from(words[1]) << 32 | u64::from(words[2]))),
        Block::DelaySinceLastReceiverReport(vec![
            DelaySinceLastReport {
                ssrc,
                last_report: NtpMiddle(words[1]),
                delay: words[2]
            };
            3
        ]),
        Block::StatisticsSummary(StatisticsSummary {
            has_loss: words[1] & 1 == 1,
            has_duplicates: words[2] & 1 == 1,
            has_jitter: words[3] & 1 == 1,
            hops: TimeToLive(byte(4) & 3),
            ssrc,
            begin,
            end,
            lost: words[1],
            duplicates: words[2],
            jitter,
            hops_left: words[7].to_be_bytes(),
        }),
        Block::VoipMetrics(VoipMetrics {
            ssrc,
            loss_rate: byte(1),
            burst_duration_ms: half(2),
            signal_level: byte(3),
            mos_cq: byte(4),
            receiver_configuration: byte(5),
            jitter_buffer_absolute_maximum_ms: half(6),
            ..VoipMetrics::default()
        }),
        Block::TargetBitrate(vec![TargetBitrate { spatial_layer: 3, temporal_layer: 2, kbps: words[1] >> 8 }]),
        Block::Other(OtherBlock { kind: 200, specific: byte(1), data: &[1, 2, 3, 4] }),
    ]
}

/// A packet of every kind.
fn one_of_each(stuff: &Stuff) -> Vec<Body<'_>> {
    let (words, data) = (&stuff.words, stuff.bytes.as_slice());
    let half = |place: usize| (words[place] >> 8) as u16;
    let byte = |place: usize| (words[place] >> 16) as u8;
    let (sender, media) = (Ssrc(words[0]), Ssrc(words[1]));
    let report = ReportBlock {
        ssrc: media,
        fraction_lost: byte(2),
        cumulative_lost: (words[3] as i32) >> 8,
        extended_highest_sequence: words[4],
        jitter: words[5],
        last_sender_report: NtpMiddle(words[6]),
        delay_since_last: words[7],
    };
    let reports = vec![report; words.len() % 5];
    let items = vec![
        SdesItem { kind: SdesKind::CNAME, value: data },
        SdesItem { kind: SdesKind(byte(2) | 1), value: data.get(..3).unwrap_or(data) },
    ];
    let limit = TemporaryBitrate {
        sender,
        media,
        entries: vec![BitrateEntry::of(media, u64::from(words[2]) << 8, half(3) & 0x1FF); 2],
    };
    let numbers: Vec<_> = words.iter().map(|word| SequenceNumber(*word as u16)).collect();
    let metrics: Vec<_> = words.iter().map(|word| Metric(*word as u16)).collect();
    let source = SourceMetrics { ssrc: media, begin: numbers[2], metrics };
    vec![
        Body::SenderReport(SenderReport {
            ssrc: sender,
            ntp_timestamp: NtpTimestamp(u64::from(words[2]) << 32 | u64::from(words[3])),
            rtp_timestamp: RtpTimestamp(words[4]),
            packet_count: words[5],
            octet_count: words[6],
            reports: reports.clone(),
            extension: data,
        }),
        Body::ReceiverReport(ReceiverReport { ssrc: sender, reports, extension: data }),
        Body::SourceDescription(SourceDescription {
            chunks: vec![SdesChunk { ssrc: sender, items }, SdesChunk { ssrc: media, items: Vec::new() }],
        }),
        Body::Goodbye(Goodbye { sources: vec![sender, media], reason: Some(data).filter(|data| !data.is_empty()) }),
        Body::ApplicationDefined(ApplicationDefined { subtype: byte(2) & 31, ssrc: sender, name: *b"test", data }),
        Body::ExtendedReport(ExtendedReport { ssrc: sender, blocks: blocks(words) }),
        Body::GenericNack(GenericNack {
            sender,
            media,
            entries: vec![NackEntry { packet_id: numbers[2], following: half(3) }],
        }),
        Body::GenericNack(GenericNack::of(sender, media, &numbers)),
        Body::TemporaryBitrateRequest(limit.clone()),
        Body::TemporaryBitrateNotification(limit),
        Body::SenderReportRequest(SenderReportRequest { sender, media }),
        Body::CongestionControlFeedback(CongestionControlFeedback {
            sender,
            reports: vec![source.clone(), SourceMetrics::default(), source],
            report_timestamp: NtpMiddle(words[4]),
        }),
        Body::TransportWideFeedback(
            TransportWideFeedback::of((sender, media), byte(2), numbers[3], &stuff.arrivals).unwrap(),
        ),
        Body::PictureLossIndication(PictureLossIndication { sender, media }),
        Body::SliceLossIndication(SliceLossIndication {
            sender,
            media,
            entries: vec![SliceLoss { first: half(2) & 0x1FFF, number: half(3) & 0x1FFF, picture_id: byte(4) & 63 }],
        }),
        Body::ReferencePictureSelection(ReferencePictureSelection {
            sender,
            media,
            padding_bits: byte(2) & 7,
            payload_type: PayloadType(byte(3) & 127),
            bits: &[1, 2, 3, 4, 5, 6],
        }),
        Body::FullIntraRequest(FullIntraRequest {
            sender,
            media,
            entries: vec![FullIntraEntry { ssrc: media, sequence_number: byte(2) }; 2],
        }),
        Body::ReceiverEstimatedBitrate(ReceiverEstimatedBitrate::of(sender, u64::from(words[2]) << 4, vec![media; 3])),
        Body::LossNotification(LossNotification {
            sender,
            media,
            last_decoded: numbers[2],
            received_behind: half(3) & 0x7FFF,
            decodable: words[4] & 1 == 1,
        }),
        Body::OtherTransportFeedback(OtherFeedback { format: 9, sender, media, information: data }),
        Body::OtherPayloadFeedback(OtherFeedback { format: 7, sender, media, information: data }),
        Body::Other { kind: PacketType(209), count: byte(2) & 31, data },
    ]
}

fn mark(fields: &[Field], seen: &mut [bool]) {
    for field in fields {
        if field.children.is_empty() {
            seen[field.range.clone()].fill(true);
        } else {
            for child in &field.children {
                assert!(field.range.start <= child.range.start && child.range.end <= field.range.end, "{child:?}");
            }
            mark(&field.children, seen);
        }
    }
}

fn described_whole(bytes: &[u8]) -> bool {
    let Ok(compound) = Compound::parse(bytes) else { return true };
    let whole = |fields: &[Field]| {
        let mut seen = vec![false; bytes.len()];
        mark(fields, &mut seen);
        seen.iter().all(|seen| *seen)
    };
    let trailers = SecureLayout::ALL.iter().map(|layout| SecureTrailer::parse(bytes, *layout).ok());
    let mut secure = trailers.chain([None]).map(|trailer| describe_secure(bytes, trailer.as_ref()).unwrap());
    whole(&describe(&compound)) && secure.all(|fields| whole(&fields))
}

fn same_reports<'a>(ours: &[ReportBlock], theirs: impl Iterator<Item = rtcp_types::ReportBlock<'a>>) {
    let theirs: Vec<_> = theirs.collect();
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours.ssrc.0, theirs.ssrc());
        assert_eq!(ours.fraction_lost, theirs.fraction_lost());
        // It has no sign there.
        assert_eq!((ours.cumulative_lost as u32) & 0xFF_FFFF, theirs.cumulative_lost());
        assert_eq!(ours.extended_highest_sequence, theirs.extended_sequence_number());
        assert_eq!(ours.jitter, theirs.interarrival_jitter());
        assert_eq!(ours.last_sender_report.0, theirs.last_sender_report_timestamp());
        assert_eq!(ours.delay_since_last, theirs.delay_since_last_sender_report_timestamp());
    }
}

/// What is read here and there, for the packets that both know.
fn both_see_the_same(bytes: &[u8]) {
    let ours = Compound::parse(bytes);
    let Ok(theirs) = Theirs::parse(bytes) else { return };
    let ours = ours.expect("read there, but not here");
    let packet = &ours.packets[0];
    let Ok(decoded) = packet.decode() else { panic!("read there, but not here: {bytes:02x?}") };
    match (&decoded.body, &theirs) {
        (Body::SenderReport(ours), Theirs::Sr(theirs)) => {
            assert_eq!((ours.ssrc.0, ours.ntp_timestamp.0), (theirs.ssrc(), theirs.ntp_timestamp()));
            assert_eq!((ours.rtp_timestamp.0, ours.packet_count), (theirs.rtp_timestamp(), theirs.packet_count()));
            assert_eq!(ours.octet_count, theirs.octet_count());
            same_reports(&ours.reports, theirs.report_blocks());
        }
        (Body::ReceiverReport(ours), Theirs::Rr(theirs)) => {
            assert_eq!(ours.ssrc.0, theirs.ssrc());
            same_reports(&ours.reports, theirs.report_blocks());
        }
        (Body::SourceDescription(ours), Theirs::Sdes(theirs)) => {
            for (ours, theirs) in ours.chunks.iter().zip(theirs.chunks()) {
                assert_eq!(ours.ssrc.0, theirs.ssrc());
                for (ours, theirs) in ours.items.iter().zip(theirs.items()) {
                    assert_eq!(ours.kind.0, theirs.type_());
                    // It takes the prefix of PRIV off.
                    assert!(ours.kind.0 == 8 || ours.value == theirs.value());
                }
            }
        }
        (Body::Goodbye(ours), Theirs::Bye(theirs)) => {
            assert!(ours.sources.iter().map(|source| source.0).eq(theirs.ssrcs()));
        }
        (Body::ApplicationDefined(ours), Theirs::App(theirs)) => {
            assert_eq!((ours.ssrc.0, ours.name, ours.data), (theirs.ssrc(), theirs.name(), theirs.data()));
        }
        (Body::GenericNack(ours), Theirs::TransportFeedback(theirs)) => {
            let nack = theirs.parse_fci::<rtcp_types::Nack<'_>>().expect("a NACK");
            assert_eq!((ours.sender.0, ours.media.0), (theirs.sender_ssrc(), theirs.media_ssrc()));
            assert_eq!(ours.lost().map(|number| number.0).collect::<Vec<_>>(), nack.entries().collect::<Vec<_>>());
        }
        (Body::FullIntraRequest(ours), Theirs::PayloadFeedback(theirs)) => {
            let request = theirs.parse_fci::<rtcp_types::Fir<'_>>().expect("a FIR");
            let entries = ours.entries.iter().map(|entry| (entry.ssrc.0, entry.sequence_number));
            assert!(entries.eq(request.entries().map(|entry| (entry.ssrc(), entry.sequence()))));
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn what_is_made_is_read(stuff in stuff(), padding in prop_oneof![Just(0_u8), Just(4), Just(252)]) {
        let bodies = one_of_each(&stuff);
        let (last, first) = bodies.split_last().unwrap();
        let builder = first.iter().fold(Builder::new(), Builder::packet).padded(last, padding);
        let bytes = builder.emit().unwrap();
        let compound = Compound::parse(&bytes).unwrap();
        prop_assert_eq!(compound.fault, None);
        prop_assert_eq!(compound.packets.len(), bodies.len());
        for (packet, body) in compound.packets.iter().zip(&bodies) {
            let decoded = packet.decode().unwrap();
            prop_assert_eq!(decoded.fault, None);
            prop_assert_eq!(&decoded.body, body);
            both_see_the_same(&bytes[packet.offset..packet.end()]);
        }
        prop_assert!(described_whole(&bytes));
    }

    #[test]
    fn damage_never_breaks_the_reader(stuff in stuff(), places in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        for body in one_of_each(&stuff) {
            let mut bytes = Builder::new().packet(&body).emit().unwrap();
            for (place, byte) in &places {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            prop_assert!(described_whole(&bytes));
            if let Ok(compound) = Compound::parse(&bytes) {
                for body in compound.bodies() {
                    let _ = Builder::new().packet(&body).emit();
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_described_whole(kind in 190..=215_u8, count in 0..32_u8, body in vec(any::<u8>(), 0..120), padded: bool) {
        let words = u16::try_from(body.len() / 4).unwrap();
        let [high, low] = words.to_be_bytes();
        let bytes = [vec![0x80 | u8::from(padded) << 5 | count, kind, high, low], body].concat();
        prop_assert!(described_whole(&bytes));
        let decoded = Compound::parse(&bytes).unwrap().packets[0].decode();
        if let Ok(decoded) = decoded && let Body::TransportWideFeedback(feedback) = decoded.body {
            prop_assert!(feedback.packets().count() <= usize::from(feedback.status_count));
        }
    }

    #[test]
    fn every_cut_is_described_whole(stuff in stuff(), cut: prop::sample::Index) {
        let bytes = one_of_each(&stuff).iter().fold(Builder::new(), Builder::packet).emit().unwrap();
        prop_assert!(described_whole(&bytes[..cut.index(bytes.len())]));
    }
}
