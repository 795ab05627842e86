//! Streams of each sort, for the snapshots.

use rtcscope::analyze::{Meaning, Side};
use rtcscope::report::model::{
    Between, CapturedByThen, Discontinuity, DriftOf, EndpointStatistics, Freeze, Gap, HeaderExtension, Leg, LossBursts,
    PayloadTypeUse, Quality, QualityBasis, RelayDelay, Rtp, RunClass, Silence, SrtpProtection, Stream, StreamRtcp,
    Traffic, TrafficEntry, Word,
};
use rtcscope::session::media::quality::Origin;
use rtcscope::session::media::{DiscontinuityKind, Knowledge, MediaKind, PairingGround, ProfileFamily, Role};

const ALICE: &str = "10.77.0.6:49250";
const BOB: &str = "10.77.0.6:49211";

fn traffic(bytes: &[u64]) -> Traffic {
    let entry = |(place, bytes): (u32, &u64)| TrafficEntry {
        time: 0.4 + f64::from(place),
        packets: 50,
        bytes: *bytes,
        frames: 15,
        missing: u32::from(place == 3),
    };
    Traffic { interval: 1.0, entries: (0..).zip(bytes).map(entry).collect(), series: None }
}

fn bursts() -> LossBursts {
    LossBursts {
        count: 0,
        longest: 0,
        mean_length: None,
        mean_gap: None,
        p: None,
        r: None,
        burst_ratio: None,
        lengths: Vec::new(),
        gap_lengths: Vec::new(),
        gaps: Vec::new(),
        gaps_omitted: 0,
    }
}

/// A stream of a kind and codec with nothing wrong.
fn stream(place: usize, kind: MediaKind, codec: &str, [source, destination]: [&str; 2]) -> Stream {
    let video = kind == MediaKind::Video;
    Stream {
        id: format!("rtp-{place}"),
        ssrc: 1_111_111_110 + place as u32,
        kind: Some(Word(kind)),
        kind_source: Some(Word(Knowledge::Sdp)),
        role: Word(Role::Media),
        payload_type: if video { 96 } else { 111 },
        payload_types: vec![PayloadTypeUse {
            payload_type: if video { 96 } else { 111 },
            codec: Some(codec.to_owned()),
            packets: 690,
            first_time: 0.4,
            first_frame: 220,
        }],
        codec: Some(codec.to_owned()),
        wrapped_in: None,
        clock_rate: Some(if video { 90_000 } else { 48_000 }),
        clock_rate_source: Some(Word(Knowledge::Sdp)),
        mid: Some(usize::from(video).to_string()),
        rid: None,
        cname: Some("Zq8cT3m0WcvB".to_owned()),
        msid: Some("- 5f4c".to_owned()),
        encrypted: Some(true),
        decrypted: false,
        srtp: Some(SrtpProtection {
            family: Word(ProfileFamily::AesGcm),
            tag_length: Some(16),
            rtcp_tag_length: 16,
            inferred: true,
        }),
        source: source.to_owned(),
        destination: destination.to_owned(),
        ice_session: None,
        ufrag: None,
        legs: vec![Leg {
            source: source.to_owned(),
            destination: destination.to_owned(),
            via: None,
            packets: 690,
            packets_duplicated: 0,
            packets_missing: 0,
        }],
        relay_delay: None,
        first_time: 0.4,
        first_frame: 220,
        last_time: 14.19,
        last_frame: 2030,
        packets_received: 690,
        packets_lost: 0,
        packets_duplicated: 0,
        packets_reordered: 0,
        packets_expected: 690,
        packets_lost_rfc3550: 0,
        packets_stray: 0,
        bytes_received: 55_200,
        header_bytes_received: 13_800,
        largest_packet: 1210,
        packets_fragmented: 0,
        packets_padded: 0,
        packets_padding_only: None,
        jitter: Some(0.0021),
        mean_jitter: Some(0.0018),
        max_jitter: Some(0.0074),
        frame_jitter: video.then_some(0.0033),
        max_frame_jitter: video.then_some(0.011),
        bitrate: Some(40_029.0),
        max_bitrate: 44_800.0,
        frames_received: video.then_some(207),
        frames_per_second: video.then_some(14.98),
        mean_frame_size: video.then_some(1024.5),
        max_frame_size: video.then_some(9800),
        key_frames: None,
        key_frame_interval: None,
        frame_width: None,
        frame_height: None,
        spatial_layers: None,
        temporal_layers: None,
        freeze_count: video.then_some(0),
        sender_freeze_count: video.then_some(0),
        total_freezes_duration: video.then_some(0.0),
        longest_freeze: None,
        markers: if video { 207 } else { 1 },
        dtx_gaps: (!video).then_some(0),
        audio_level: None,
        silent_share: None,
        clock_drift: Some(DriftOf { ppm: 12.4, error_ppm: 3.1 }),
        retransmission_of: None,
        retransmission_ground: None,
        continues: None,
        replaces: None,
        simulcast: Vec::new(),
        companions: Vec::new(),
        collides_with: None,
        loss_bursts: bursts(),
        silences: Vec::new(),
        silences_omitted: 0,
        discontinuities: Vec::new(),
        discontinuities_omitted: 0,
        header_extensions: vec![HeaderExtension {
            id: 4,
            uri: Some("urn:ietf:params:rtp-hdrext:sdes:mid".to_owned()),
            inferred: false,
            packets: 690,
        }],
        traffic: traffic(&[5000, 5600, 5400, 5500, 4000, 5500, 5500]),
        rtcp: StreamRtcp {
            packets: 14,
            packets_missing: Some(1),
            first_time: Some(0.9),
            last_time: Some(13.9),
            ..StreamRtcp::default()
        },
        quality: None,
        endpoint_statistics: Vec::new(),
    }
}

fn of_call(stream: Stream, ufrag: &str) -> Stream {
    Stream { ice_session: Some("ice-1".to_owned()), ufrag: Some(ufrag.to_owned()), ..stream }
}

fn exactly(number: u64) -> Between {
    Between { min: number, about: number, max: number }
}

fn counted(side: Side, packets: u64, lost: i64, meaning: Option<(Meaning, u64)>) -> EndpointStatistics {
    let sender = side == Side::Sender;
    EndpointStatistics {
        side: Word(side),
        file: "home/alice/webrtc_internals_dump.txt".to_owned(),
        connection: "6-1".to_owned(),
        time: 13.2,
        packets,
        packets_lost: Some(lost),
        bytes: Some(50_100),
        header_bytes: Some(12_900),
        retransmitted_packets: Some(0),
        retransmission_ssrc: None,
        jitter: Some(0.004),
        round_trip_time: sender.then_some(0.043),
        nack_count: Some(2),
        pli_count: None,
        fir_count: None,
        frames_per_second: None,
        freeze_count: None,
        total_freezes_duration: None,
        capture: meaning.map(|_| CapturedByThen {
            packets: Between { min: 600, about: 644, max: 650 },
            packets_lost: exactly(3),
            seconds_after: 0.99,
        }),
        meaning: meaning.map(|(meaning, _)| Word(meaning)),
        difference: meaning.map(|(_, by)| Between { min: by.saturating_sub(1), about: by, max: by }),
    }
}

/// Voice with a little loss, whose two ends have counted too.
fn voice() -> Stream {
    let of_length = |from, to, count| RunClass { from, to, count };
    Stream {
        packets_lost: 7,
        packets_expected: 697,
        packets_lost_rfc3550: 6,
        packets_duplicated: 1,
        packets_reordered: 2,
        loss_bursts: LossBursts {
            count: 4,
            longest: 3,
            mean_length: Some(1.75),
            mean_gap: Some(120.5),
            p: Some(0.0058),
            r: Some(0.571),
            burst_ratio: Some(1.73),
            lengths: vec![of_length(1, Some(1), 2), of_length(2, Some(2), 1), of_length(3, Some(3), 1)],
            gap_lengths: vec![of_length(65, None, 4)],
            gaps: vec![Gap { time: 3.1, frame: 612, packets: 3 }],
            gaps_omitted: 3,
        },
        dtx_gaps: Some(12),
        audio_level: Some(-31.4),
        silent_share: Some(0.11),
        quality: Some(Quality {
            r_factor: 79.9,
            mos: 4.03,
            basis: QualityBasis {
                equipment_impairment: 0.0,
                loss_robustness: 10.0,
                origin: Word(Origin::Heuristic { why: "" }),
                source: "no values are published for Opus".to_owned(),
                loss: 0.01,
                burst_ratio: Some(1.73),
                one_way_delay: Some(0.0215),
            },
        }),
        endpoint_statistics: vec![
            counted(Side::Sender, 650, 9, Some((Meaning::LostBeforeCapture, 6))),
            counted(Side::Receiver, 641, 9, Some((Meaning::LostBehindCapture, 3))),
        ],
        companions: vec!["rtp-2".to_owned(), "rtp-3".to_owned()],
        ..of_call(stream(1, MediaKind::Audio, "opus", [ALICE, BOB]), "4XqC")
    }
}

/// Two layers of one picture through a slow relay, the larger with heavy loss.
fn layers() -> [Stream; 2] {
    let leg = |source: &str, destination: &str, missing| Leg {
        source: source.to_owned(),
        destination: destination.to_owned(),
        via: (source == "10.77.0.11:51000").then(|| "10.77.0.6:3478".to_owned()),
        packets: 690 - missing,
        packets_duplicated: 0,
        packets_missing: missing,
    };
    let small = Stream {
        rid: Some("q".to_owned()),
        simulcast: vec!["rtp-4".to_owned()],
        legs: vec![leg("10.77.0.11:51000", "10.77.0.6:3478", 0), leg(ALICE, BOB, 12)],
        relay_delay: Some(RelayDelay { packets: 640, mean: 0.012, min: 0.0002, max: 0.048 }),
        ..of_call(stream(2, MediaKind::Video, "VP8", [ALICE, BOB]), "4XqC")
    };
    let large = Stream {
        rid: Some("h".to_owned()),
        simulcast: vec!["rtp-2".to_owned()],
        packets_received: 1840,
        packets_lost: 117,
        bitrate: Some(1_239_000.0),
        freeze_count: Some(2),
        sender_freeze_count: Some(1),
        total_freezes_duration: Some(1.42),
        longest_freeze: Some(Freeze { time: 6.1, frame: 1100, duration: 0.9, sender: false }),
        key_frames: Some(3),
        key_frame_interval: Some(5.5),
        frame_width: Some(640),
        frame_height: Some(480),
        temporal_layers: Some(2),
        silences: vec![Silence { time: 6.1, frame: 1100, duration: 1.2, packets_lost: 31 }],
        discontinuities: vec![Discontinuity {
            time: 7.3,
            frame: 1200,
            kind: Word(DiscontinuityKind::SequenceRestart),
            ticks: None,
            from: None,
            to: None,
        }],
        discontinuities_omitted: 1,
        traffic: traffic(&[100_000, 150_000, 160_000, 150_000, 20_000, 0, 150_000]),
        endpoint_statistics: vec![counted(Side::Sender, 1950, 120, None)],
        ..of_call(stream(4, MediaKind::Video, "VP8", [ALICE, BOB]), "4XqC")
    };
    [small, large]
}

/// What repairs the larger layer.
fn repairs() -> Stream {
    Stream {
        role: Word(Role::Retransmission),
        packets_received: 126,
        packets_padded: 9,
        frames_received: None,
        frames_per_second: None,
        freeze_count: None,
        retransmission_of: Some("rtp-4".to_owned()),
        retransmission_ground: Some(Word(PairingGround::Timestamps)),
        ..of_call(stream(3, MediaKind::Video, "rtx", [ALICE, BOB]), "4XqC")
    }
}

/// What is known of little: no description, a clock that nobody knows, and an SSRC that somebody else has too.
fn unknown() -> Stream {
    Stream {
        kind: None,
        kind_source: None,
        codec: None,
        clock_rate: None,
        clock_rate_source: None,
        jitter: None,
        mean_jitter: None,
        max_jitter: None,
        clock_drift: None,
        srtp: None,
        encrypted: None,
        dtx_gaps: None,
        mid: None,
        cname: None,
        collides_with: Some("rtp-1".to_owned()),
        continues: Some("rtp-6".to_owned()),
        header_extensions: Vec::new(),
        ..of_call(stream(5, MediaKind::Audio, "", [BOB, ALICE]), "uuAj")
    }
}

/// Voice without a call, as a name of a user and a host may stand in it.
fn plain() -> Stream {
    Stream {
        payload_type: 0,
        clock_rate: Some(8000),
        clock_rate_source: Some(Word(Knowledge::Inferred)),
        kind_source: Some(Word(Knowledge::Static)),
        cname: Some("alice@10.77.0.11".to_owned()),
        encrypted: Some(false),
        srtp: None,
        header_extensions: vec![HeaderExtension {
            id: 1,
            uri: Some("urn:ietf:params:rtp-hdrext:ssrc-audio-level".to_owned()),
            inferred: true,
            packets: 690,
        }],
        ..stream(6, MediaKind::Audio, "PCMU", ["[2001:db8:0:1::11]:5004", "[2001:db8:0:2::12]:5004"])
    }
}

/// The section `rtp`.
pub(super) fn rtp() -> Rtp {
    let [small, large] = layers();
    Rtp { streams: vec![voice(), small, repairs(), large, unknown(), plain()], packets_omitted: 3 }
}
