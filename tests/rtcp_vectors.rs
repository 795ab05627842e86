//! Every published RTCP vector of the corpus, against the values written beside it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs
)]

use std::fs;
use std::path::PathBuf;

use rtcscope::wire::field::Field;
use rtcscope::wire::rtcp::extended_report::Block;
use rtcscope::wire::rtcp::feedback::{ArrivalOffset, Metric, StatusChunk, TransportWideFeedback};
use rtcscope::wire::rtcp::{Body, Builder, Compound, ReportBlock, describe};
use rtcscope::wire::rtp::Ssrc;
use serde_json::{Value, json};

struct Vector {
    name: String,
    bytes: Vec<u8>,
    json: Value,
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().filter_map(|letter| letter.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn folder() -> Option<PathBuf> {
    let corpus = std::env::var_os("RTCSCOPE_CORPUS");
    if corpus.is_none() {
        println!("skipped: RTCSCOPE_CORPUS is not set");
    }
    Some(PathBuf::from(corpus?).join("vectors"))
}

fn vectors() -> Vec<Vector> {
    let Some(folder) = folder() else { return Vec::new() };
    let text = fs::read_to_string(folder.join("rtcp.json")).expect("a list");
    let list: Value = serde_json::from_str(&text).expect("JSON");
    let read = |json: &Value| Vector {
        name: json["name"].as_str().expect("a name").to_owned(),
        bytes: from_hex(&fs::read_to_string(folder.join(json["hex_file"].as_str().expect("a file"))).expect("hex")),
        json: json.clone(),
    };
    let vectors: Vec<_> = list["vectors"].as_array().expect("an array").iter().map(read).collect();
    assert!(vectors.len() >= 69, "{} vectors", vectors.len());
    vectors
}

fn is_part(vector: &Vector) -> bool {
    ["_chunk_", "_metric_", "_fci_", "cum_lost"].iter().any(|part| vector.name.contains(part))
}

fn report(block: &ReportBlock) -> Value {
    json!({
        "ssrc": block.ssrc.0,
        "fraction_lost": block.fraction_lost,
        "cum_lost": block.cumulative_lost,
        "ext_high": block.extended_highest_sequence,
        "jitter": block.jitter,
        "lsr": block.last_sender_report.0,
        "dlsr": block.delay_since_last,
    })
}

fn chunk(chunk: StatusChunk) -> Value {
    let symbols: Vec<_> = chunk.symbols().map(|symbol| symbol as u8).collect();
    match chunk.0 >> 14 {
        0 | 1 => json!({"kind": "run", "symbol": chunk.0 >> 13, "run": chunk.0 & 0x1FFF}),
        2 => json!({"kind": "vector1", "symbols": symbols}),
        _ => json!({"kind": "vector2", "symbols": symbols}),
    }
}

fn transport_wide(read: &TransportWideFeedback) -> Value {
    let packets: Vec<_> = read
        .packets()
        .map(|packet| match (packet.delta_us, packet.arrival_us) {
            (Some(delta), Some(arrival)) => json!({
                "seq": packet.sequence.0, "symbol": packet.symbol as u8, "delta_us": delta, "arrival_us": arrival
            }),
            _ => json!({"seq": packet.sequence.0, "symbol": packet.symbol as u8}),
        })
        .collect();
    let deltas: Vec<_> = read.packets().filter_map(|packet| packet.delta_us).collect();
    json!({
        "fmt": 15,
        "sender_ssrc": read.sender.0,
        "media_ssrc": read.media.0,
        "base_seq": read.base.0,
        "status_count": read.status_count,
        "reference_time_raw": read.reference_time & 0xFF_FFFF,
        "reference_time_us_signed": read.reference_us(),
        "fb_pkt_count": read.feedback_count,
        "chunks": read.chunks.iter().map(|each| chunk(*each)).collect::<Vec<_>>(),
        "received": deltas.len(),
        "pion_deltas_us": deltas,
        "packets": packets,
    })
}

fn metric(metric: Metric) -> Value {
    let raw = match metric.arrival_offset() {
        None => return json!({"received": false}),
        Some(ArrivalOffset::Units(units)) => units,
        Some(ArrivalOffset::OverRange) => 8190,
        Some(ArrivalOffset::Unavailable) => 8191,
    };
    json!({"received": true, "ecn": metric.ecn(), "ato": raw})
}

fn block(block: &Block<'_>) -> Value {
    let ssrcs = |ssrc: Ssrc| ssrc.0;
    match block {
        Block::LossRunLengths(runs) | Block::DuplicateRunLengths(runs) => json!({
            "t": runs.thinning, "ssrc": ssrcs(runs.ssrc), "begin_seq": runs.begin.0, "end_seq": runs.end.0,
            "chunks": runs.chunks.iter().map(|chunk| format!("{:#06x}", chunk.0)).collect::<Vec<_>>(),
        }),
        Block::ReceiptTimes(times) => json!({
            "t": times.thinning, "ssrc": ssrcs(times.ssrc), "begin_seq": times.begin.0, "end_seq": times.end.0,
            "times": times.times,
        }),
        Block::ReceiverReferenceTime(time) => json!({"ntp": format!("{:#018x}", time.0)}),
        Block::DelaySinceLastReceiverReport(delays) => json!({
            "reports": delays.iter().map(|each| json!({
                "ssrc": each.ssrc.0, "lrr": each.last_report.0, "dlrr": each.delay
            })).collect::<Vec<_>>(),
        }),
        Block::StatisticsSummary(read) => json!({
            "loss": read.has_loss, "dup": read.has_duplicates, "jitter": read.has_jitter, "toh": read.hops.0,
            "ssrc": ssrcs(read.ssrc), "begin_seq": read.begin.0, "end_seq": read.end.0, "lost": read.lost,
            "dup_packets": read.duplicates, "min_jitter": read.jitter[0], "max_jitter": read.jitter[1],
            "mean_jitter": read.jitter[2], "dev_jitter": read.jitter[3], "ttl": read.hops_left,
        }),
        Block::VoipMetrics(read) => json!({
            "ssrc": ssrcs(read.ssrc), "loss_rate": read.loss_rate, "discard_rate": read.discard_rate,
            "burst_density": read.burst_density, "gap_density": read.gap_density,
            "burst_duration": read.burst_duration_ms, "gap_duration": read.gap_duration_ms,
            "round_trip_delay": read.round_trip_delay_ms, "end_system_delay": read.end_system_delay_ms,
            "signal_level": read.signal_level, "noise_level": read.noise_level,
            "rerl": read.residual_echo_return_loss, "gmin": read.gap_threshold, "r_factor": read.r_factor,
            "ext_r_factor": read.external_r_factor, "mos_lq": read.mos_lq, "mos_cq": read.mos_cq,
            "rx_config": read.receiver_configuration, "jb_nominal": read.jitter_buffer_nominal_ms,
            "jb_maximum": read.jitter_buffer_maximum_ms, "jb_abs_max": read.jitter_buffer_absolute_maximum_ms,
        }),
        other => panic!("{other:?}"),
    }
}

/// A body in the words of the vectors.
fn shown(body: &Body<'_>) -> Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match body {
        Body::SenderReport(read) => json!({
            "pt": 200, "ssrc": read.ssrc.0, "ntp": read.ntp_timestamp.0, "rtp_ts": read.rtp_timestamp.0,
            "packets": read.packet_count, "octets": read.octet_count,
            "reports": read.reports.iter().map(report).collect::<Vec<_>>(),
        }),
        Body::ReceiverReport(read) => json!({
            "pt": 201, "ssrc": read.ssrc.0, "reports": read.reports.iter().map(report).collect::<Vec<_>>(),
        }),
        Body::SourceDescription(read) => {
            let ssrc = read.chunks[0].ssrc;
            json!({"pt": 202, "ssrc": ssrc.0, "cname": text(read.cname(ssrc).unwrap())})
        }
        Body::Goodbye(read) => {
            json!({"pt": 203, "sources": read.sources.iter().map(|ssrc| ssrc.0).collect::<Vec<_>>()})
        }
        Body::ApplicationDefined(read) => json!({
            "pt": 204, "ssrc": read.ssrc.0, "name": text(&read.name),
            "data": read.data.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        }),
        Body::GenericNack(read) => json!({
            "pt": 205, "fmt": 1, "sender_ssrc": read.sender.0, "media_ssrc": read.media.0,
            "lost": read.lost().map(|number| number.0).collect::<Vec<_>>(),
            "pid": read.entries[0].packet_id.0, "blp": read.entries[0].following,
        }),
        Body::SenderReportRequest(read) => {
            json!({"pt": 205, "fmt": 5, "sender_ssrc": read.sender.0, "media_ssrc": read.media.0})
        }
        Body::CongestionControlFeedback(read) => json!({
            "pt": 205, "fmt": 11, "sender_ssrc": read.sender.0, "report_timestamp": read.report_timestamp.0,
            "blocks": read.reports.iter().map(|each| {
                let mut shown = json!({
                    "ssrc": each.ssrc.0, "begin_seq": each.begin.0, "num_reports": each.metrics.len(),
                    "metrics": each.packets().map(|(_, each)| metric(each)).collect::<Vec<_>>(),
                });
                if each.metrics.len() % 2 == 1 {
                    shown["padded"] = true.into();
                }
                shown
            }).collect::<Vec<_>>(),
        }),
        Body::TransportWideFeedback(read) => transport_wide(read),
        Body::PictureLossIndication(read) => {
            json!({"pt": 206, "fmt": 1, "sender_ssrc": read.sender.0, "media_ssrc": read.media.0})
        }
        Body::FullIntraRequest(read) => json!({
            "pt": 206, "fmt": 4, "sender_ssrc": read.sender.0, "media_ssrc": read.media.0,
            "fir": read.entries.iter().map(|each| {
                json!({"ssrc": each.ssrc.0, "seq": each.sequence_number})
            }).collect::<Vec<_>>(),
        }),
        Body::ReceiverEstimatedBitrate(read) => json!({
            "pt": 206, "fmt": 15, "sender_ssrc": read.sender.0, "media_ssrc": read.media.0, "exp": read.exponent,
            "mantissa": read.mantissa, "bitrate_bps": read.bitrate_bps() as f64,
            "ssrcs": read.sources.iter().map(|ssrc| ssrc.0).collect::<Vec<_>>(),
        }),
        Body::LossNotification(read) => json!({
            "pt": 206, "fmt": 15, "identifier": "LNTF", "sender_ssrc": read.sender.0, "media_ssrc": read.media.0,
            "last_decoded": read.last_decoded.0, "last_received": read.last_received().0,
            "decodability_flag": read.decodable,
        }),
        Body::ExtendedReport(read) => json!({
            "pt": 207, "sender_ssrc": read.ssrc.0, "blocks": read.blocks.iter().map(block).collect::<Vec<_>>(),
        }),
        other => panic!("{other:?}"),
    }
}

/// Names of a block that its type says already, and of what stands in its header.
const BESIDES: &[&str] =
    &["bt", "name", "type_specific", "padding_bit", "padding", "pt", "note", "fci_only", "bitrate_bps"];

/// All that is expected is there; numbers that JSON cannot hold exactly are compared as floats elsewhere.
fn holds(found: &Value, expected: &Value, path: &str) {
    match expected {
        Value::Object(fields) => {
            for (key, value) in
                fields.iter().filter(|(key, _)| !BESIDES.contains(&key.as_str()) || found.get(key).is_some())
            {
                holds(&found[key], value, &format!("{path}.{key}"));
            }
        }
        Value::Array(items) => {
            assert_eq!(found.as_array().map(Vec::len), Some(items.len()), "{path}");
            items.iter().enumerate().for_each(|(place, item)| holds(&found[place], item, &format!("{path}[{place}]")));
        }
        Value::Number(number) if path.ends_with("bitrate_bps") => assert_eq!(found.as_f64(), number.as_f64(), "{path}"),
        other => assert_eq!(found, other, "{path}"),
    }
}

#[test]
fn packets_are_as_written() {
    let mut count = 0;
    for vector in vectors().iter().filter(|vector| !is_part(vector) && vector.json["error"].is_null()) {
        let compound = Compound::parse(&vector.bytes).expect(&vector.name);
        // The padding counts of these reach into their times, or are zero.
        let lies = ["twcc_pion_example2", "twcc_pion_example3", "twcc_pion_example5"].contains(&vector.name.as_str());
        assert!(lies || compound.fault.is_none(), "{}", vector.name);
        let expect = &vector.json["expect"];
        let expected = expect["packets"].as_array().filter(|list| list.iter().all(|each| each["pt"].is_number()));
        let expected = expected.filter(|list| !list.is_empty()).cloned().unwrap_or_else(|| vec![expect.clone()]);
        assert_eq!(compound.packets.len(), expected.len(), "{}", vector.name);
        for (packet, expected) in compound.packets.iter().zip(&expected) {
            let decoded = packet.decode().expect(&vector.name);
            assert_eq!(decoded.fault.map(|fault| fault.field), lies.then_some("padding count"), "{}", vector.name);
            assert_eq!(Some(u64::from(packet.kind.0)), expected["pt"].as_u64(), "{}", vector.name);
            if let Some(padded) = expected["padding_bit"].as_bool() {
                assert_eq!(packet.padded, padded, "{}", vector.name);
            }
            if let Some(padding) = expected["padding"].as_u64() {
                assert_eq!(packet.padding.len() as u64, padding, "{}", vector.name);
            }
            holds(&shown(&decoded.body), expected, &vector.name);
        }
        count += 1;
    }
    println!("{count} datagrams");
}

#[test]
fn parts_are_as_written() {
    for vector in vectors().iter().filter(|vector| is_part(vector)) {
        let (bytes, expect) = (&vector.bytes, &vector.json["expect"]);
        let half = u16::from_be_bytes([bytes[0], bytes[1]]);
        if vector.name.contains("_chunk_") {
            holds(&chunk(StatusChunk(half)), expect, &vector.name);
        } else if vector.name.contains("_metric_") {
            holds(&metric(Metric(half)), expect, &vector.name);
        } else if vector.name.contains("_fci_") {
            let mut whole = vec![0x8F, 206, 0, u8::try_from(2 + bytes.len() / 4).unwrap(), 0, 0, 0, 0, 0, 0, 0, 0];
            whole.extend(bytes);
            let body = Compound::parse(&whole).unwrap().packets[0].decode().unwrap().body;
            holds(&shown(&body), expect, &vector.name);
        } else {
            let mut whole = vec![0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0];
            whole.extend(bytes);
            whole.resize(32, 0);
            let Body::ReceiverReport(read) = Compound::parse(&whole).unwrap().packets[0].decode().unwrap().body else {
                panic!("another packet")
            };
            let expected = expect["cumulative_lost_signed"].as_i64();
            assert_eq!(Some(i64::from(read.reports[0].cumulative_lost)), expected, "{}", vector.name);
        }
    }
}

/// What others refuse has a fault here, but two that are only strange: an application's own name, and a bitrate that 64
/// bits cannot hold.
#[test]
fn what_is_refused_has_a_fault() {
    for vector in vectors().iter().filter(|vector| vector.json["error"].is_string()) {
        let compound = Compound::parse(&vector.bytes);
        let faulty = compound.as_ref().map_or(true, |compound| {
            let decoded =
                |packet: &rtcscope::wire::rtcp::Packet<'_>| packet.decode().map_or(true, |read| read.fault.is_some());
            compound.fault.is_some() || compound.packets.iter().any(decoded)
        });
        match vector.name.as_str() {
            "remb_libwebrtc_bad_identifier" => {
                let body = compound.unwrap().packets[0].decode().unwrap().body;
                assert!(matches!(body, Body::OtherPayloadFeedback(_)));
            }
            "remb_libwebrtc_overflow64" => {
                let body = compound.unwrap().packets[0].decode().unwrap().body;
                holds(&shown(&body), &vector.json["expect"], &vector.name);
            }
            name => assert!(faulty, "{name}"),
        }
    }
}

#[test]
fn what_was_read_is_written_alike() {
    for vector in vectors().iter().filter(|vector| !is_part(vector) && vector.json["error"].is_null()) {
        let compound = Compound::parse(&vector.bytes).unwrap();
        let mut builder = Builder::new();
        for packet in &compound.packets {
            let padding = u8::try_from(packet.padding.len()).unwrap();
            let body = packet.decode().unwrap().body;
            // Here the body is filled up to whole words without a flag, there by padding of the packet.
            let fills = matches!(body, Body::TransportWideFeedback(_));
            builder = builder.padded(&body, if fills { 0 } else { padding });
        }
        let bytes = builder.emit().expect(&vector.name);
        let again = Compound::parse(&bytes).unwrap();
        assert!(again.bodies().eq(compound.bodies()), "{}", vector.name);
        if compound.packets.iter().all(|packet| !packet.padded) {
            let strange = vector.name.starts_with("xr_pion");
            assert!(strange || bytes == vector.bytes, "{}", vector.name);
        }
    }
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

fn covers(bytes: &[u8], name: &str) {
    let Ok(compound) = Compound::parse(bytes) else { return };
    let mut seen = vec![false; bytes.len()];
    mark(&describe(&compound), &mut seen);
    let missing: Vec<_> = seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(place, _)| place).collect();
    assert!(missing.is_empty(), "{name}: {missing:?}");
}

#[test]
fn the_leaves_cover_every_byte() {
    vectors().iter().for_each(|vector| covers(&vector.bytes, &vector.name));
}

#[test]
fn seeds_that_broke_others_are_read() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for seeds in ["rtcp_janus", "rtcp_libwebrtc"] {
        for file in fs::read_dir(folder.join("fuzz_seeds").join(seeds)).unwrap() {
            let path = file.unwrap().path();
            covers(&fs::read(&path).unwrap(), &path.to_string_lossy());
            count += 1;
        }
    }
    assert!(count >= 80, "{count} seeds");
}
