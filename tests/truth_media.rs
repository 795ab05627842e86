//! The streams of every lab capture, against five kinds of truth that share no code with the program: the statistics of the peers,
//! a second reader of the same bytes, the log of the link emulator, the packets that GStreamer wrote down, and the
//! promise that a clean call has nothing to complain about.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

#[path = "truth/claims.rs"]
mod claims;
#[path = "truth/cut.rs"]
mod cut;
#[path = "truth/emulator.rs"]
mod emulator;
#[path = "truth/emulator_judge.rs"]
mod emulator_judge;
#[path = "truth/gstreamer.rs"]
mod gstreamer;
#[path = "truth/ledger.rs"]
mod ledger;
#[path = "truth/media_exceptions.rs"]
mod media_exceptions;
#[path = "truth/media_judge.rs"]
mod media_judge;
#[path = "truth/media_point.rs"]
mod media_point;
#[path = "truth/packet_log.rs"]
mod packet_log;
#[path = "truth/reader_judge.rs"]
mod reader_judge;
#[path = "truth/report.rs"]
mod report;
#[path = "truth/second_reader.rs"]
mod second_reader;
#[path = "truth/streams.rs"]
mod streams;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ledger::{Exception, Ledger};
use media_point::Call;
use report::{count, list, text};
use serde_json::Value;

/// The scenarios of the lab, sorted by name.
fn calls(folder: &Path) -> Vec<Call> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".truth.json").map(str::to_owned))
        .filter(|name| report::wanted(name))
        .collect();
    names.sort();
    names.iter().map(|name| Call::read(folder, name)).collect()
}

/// Feedback that comes before its source is believed to be one.
const EARLY: &str = "the first one comes between the first and the third RTP packet, when there is no stream yet that it could be about";
/// The second reader knows no other start of a count than the first.
const ANEW: &str = "the sender begins to count anew, which the second reader takes for one long loss";

#[test]
fn streams_agree_with_the_peers() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    let (mut captures, mut held) = (0_usize, 0_usize);
    for call in calls(&folder) {
        let claims = claims::claims(&call.truth);
        for point in &call.points {
            let here = call.claims_at(point, &claims).len();
            if here > 0 && report::wanted(&point.file) {
                let report = report::analyze(&folder.join(&point.file), &[]);
                media_judge::judge(&mut ledger, &folder, &call, point, &report);
                captures += 1;
                held += here;
            }
        }
    }
    println!("{held} streams of {captures} captures as the peers counted them");
    if std::env::var_os("RTCSCOPE_ONLY").is_none() {
        // without this a truth that changes its shape would make the comparison pass by comparing nothing
        assert!(captures >= 50 && held >= 200, "{held} streams of {captures} captures");
    }
    ledger.settle(media_exceptions::PEERS);
}

fn captures_in(folder: &Path) -> Vec<PathBuf> {
    let mut captures: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng"))
        .filter(|path| report::wanted(&path.to_string_lossy()))
        .collect();
    captures.sort();
    captures
}

/// Holds every capture in `folder` against the second reader.
fn read_again(folder: &Path, exceptions: &[Exception]) {
    let captures = captures_in(folder);
    let Some(all) = second_reader::read(&captures) else { return };
    let mut ledger = Ledger::default();
    for (path, read) in captures.iter().zip(&all) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let report = report::analyze(path, &[]);
        if count(&report, "/capture/duplicatePackets") == 0 {
            reader_judge::judge(&mut ledger, name, &report, read);
        } else {
            // the reader knows nothing of copies that the capture made, so their numbers count as duplicates there
            for one in read {
                let stream = streams::streams(&report).into_iter().find(|stream| stream.ssrc == one.ssrc);
                ledger.equal(
                    name,
                    &format!("{}: packets", one.ssrc),
                    &Some(one.packets),
                    &stream.map(|one| one.packets),
                );
            }
        }
    }
    let found: usize = all.iter().map(Vec::len).sum();
    println!("{found} streams of {} captures as the second reader counts them", captures.len());
    ledger.settle(exceptions);
}

#[test]
fn streams_of_the_lab_agree_with_a_second_reader() {
    let Some(folder) = report::corpus("captures") else { return };
    read_again(&folder, &[]);
}

#[test]
fn streams_of_the_fixtures_agree_with_a_second_reader() {
    let anew = Exception { capture: "craft-rtp-uneven.pcap", what: "4 from 192.0.2.10:6006: *", reason: ANEW };
    read_again(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &[anew]);
}

#[test]
fn losses_agree_with_the_link_emulator() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    let mut captures = 0_usize;
    for call in calls(&folder) {
        let log = folder.join(format!("{}.emu-a.jsonl", call.name));
        if !log.exists() {
            continue;
        }
        let files: Vec<PathBuf> = call.points.iter().map(|point| folder.join(&point.file)).collect();
        let Some(all) = second_reader::read(&files) else { return };
        for ((point, path), read) in call.points.iter().zip(&files).zip(&all) {
            let at_a = point.file == format!("{}.pcap", call.name);
            let report = report::analyze(path, &[]);
            emulator_judge::judge(&mut ledger, &log, &call, &point.file, at_a, &report, read);
            captures += 1;
        }
    }
    println!("{captures} captures beside the link emulator");
    ledger.settle(&[]);
}

#[test]
fn streams_agree_with_the_rows_of_gstreamer() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    let mut rows = 0_u64;
    for call in calls(&folder).iter().filter(|call| call.name.starts_with("g-gst-")) {
        for point in &call.points {
            let side = if point.file.ends_with(".recv.pcap") { "recv" } else { "send" };
            let peer = &call.truth["peers"][side];
            let report = report::analyze(&folder.join(&point.file), &[]);
            let wanted = gstreamer::rows(peer);
            let found = list(&report, "/rtp/streams");
            ledger.equal(&point.file, "number of streams", &wanted.len(), &found.len());
            for one in &wanted {
                rows += one.packets;
                let stream = streams::streams(&report).into_iter().find(|stream| stream.ssrc == one.ssrc);
                let shape = stream.map(|stream| gstreamer::Rows {
                    ssrc: stream.ssrc,
                    payload_type: stream.payload_type,
                    packets: stream.packets,
                    lost: stream.lost,
                    duplicated: stream.duplicated,
                    reordered: stream.reordered,
                    bytes: stream.bytes,
                    header_bytes: stream.header_bytes,
                });
                ledger.equal(&point.file, &format!("stream {}", one.ssrc), &Some(one), &shape.as_ref());
                session(&mut ledger, &point.file, side, peer, one.ssrc, found);
            }
        }
    }
    println!("{rows} packets that GStreamer wrote down");
    ledger.settle(&[]);
}

/// Peers that wrote down every packet: what they sent passes the capture beside them as it is, but for the tags of SRTP; of what
/// came, the last packets may have found nobody who took them.
#[test]
fn streams_agree_with_the_packets_that_peers_wrote_down() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    let mut packets = 0_usize;
    for call in calls(&folder) {
        for (point, peer) in
            call.points.iter().flat_map(|point| call.peers_at(point).into_iter().map(move |peer| (point, peer)))
        {
            let Some(log) = packet_log::read(&folder, &call.name, &peer) else { continue };
            let found = streams::streams(&report::analyze(&folder.join(&point.file), &[]));
            let mut tags = BTreeSet::new();
            for one in &log {
                let who = format!("{} {} {peer}", one.ssrc, if one.outbound { "from" } else { "to" });
                let Some(stream) = found.iter().find(|stream| stream.ssrc == one.ssrc) else {
                    ledger.holds(&point.file, &who, false, || "is not there".to_owned());
                    continue;
                };
                packets += one.numbers.len();
                let logged = one.numbers.len() as u64;
                ledger.holds(
                    &point.file,
                    &format!("{who}: payload type"),
                    one.types.contains(&stream.payload_type),
                    || format!("{} of {:?}", stream.payload_type, one.types),
                );
                if one.outbound {
                    ledger.equal(&point.file, &format!("{who}: packets"), &logged, &stream.packets);
                    ledger.equal(&point.file, &format!("{who}: header bytes"), &one.header_bytes, &stream.header_bytes);
                    tags.insert((
                        stream.bytes.saturating_sub(one.bytes) / logged,
                        stream.bytes.saturating_sub(one.bytes) % logged,
                    ));
                    if stream.kind == "video" && stream.retransmission_of.is_empty() {
                        let frames = one.timestamps.len() as u64;
                        ledger.equal(&point.file, &format!("{who}: frames"), &Some(frames), &stream.frames);
                    }
                } else {
                    ledger.holds(&point.file, &format!("{who}: packets"), stream.packets >= logged, || {
                        format!("{} where the peer took {logged}", stream.packets)
                    });
                }
            }
            let one_tag = tags.iter().all(|tag| matches!(tag, (10 | 16, 0))) && tags.len() <= 1;
            ledger.holds(&point.file, &format!("bytes from {peer}, but for one tag a packet"), one_tag, || {
                format!("{tags:?}")
            });
        }
    }
    println!("{packets} packets that the peers wrote down");
    ledger.settle(&[]);
}

/// Jitter where the receiver is, round trip where the sender is: a session measures them a little above the network.
fn session(
    ledger: &mut Ledger,
    file: &str,
    side: &str,
    peer: &serde_json::Value,
    ssrc: u64,
    found: &[serde_json::Value],
) {
    let Some(session) = gstreamer::session(peer, ssrc) else { return };
    let Some(stream) = found.iter().find(|stream| count(stream, "/ssrc") == ssrc) else { return };
    if let Some(wanted) = session.jitter.filter(|_| side == "recv" && stream["clockRate"].is_u64()) {
        let jitter = stream["jitter"].as_f64();
        let near = jitter.is_some_and(|jitter| (jitter - wanted).abs() <= 0.002 + wanted * 0.25);
        ledger.holds(file, &format!("jitter of {ssrc}"), near, || format!("{jitter:?} where the session has {wanted}"));
    }
    // at the sender's own network port the half to the receiver and back is all of it
    if let Some(wanted) = session.round_trip.filter(|_| side == "send") {
        let trip = |which: &str| stream.pointer(&format!("/rtcp/roundTripToReceiver/{which}")).and_then(Value::as_f64);
        // the session measures each report, and says at its end what one of them told
        let trip = trip("min").zip(trip("max"));
        let near = trip.is_some_and(|(least, most)| (least - 0.005..=most + 0.005).contains(&wanted));
        ledger
            .holds(file, &format!("round trip of {ssrc}"), near, || format!("{trip:?} where the session has {wanted}"));
    }
}

/// Eight negative acknowledgements in the clear, by tshark's count; each round trip and report is of a stream that is there.
#[test]
fn feedback_in_the_clear_is_counted() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    for file in ["g-gst-avpf-rtx-twcc.pcap", "g-gst-avpf-rtx-twcc.recv.pcap"] {
        let report = report::analyze(&folder.join(file), &[]);
        let streams = list(&report, "/rtp/streams");
        if streams.iter().all(|stream| stream["rtcp"].get("nackCount").is_none()) {
            println!("skipped: this build does not tell feedback yet");
            return;
        }
        let sum = |key: &str| streams.iter().map(|stream| count(stream, &format!("/rtcp/{key}"))).sum::<u64>();
        ledger.equal(file, "negative acknowledgements", &8, &sum("nackCount"));
        ledger.equal(file, "picture losses", &0, &sum("pliCount"));
        ledger.equal(file, "transport feedback", &180, &sum("transportFeedbacks"));
    }
    ledger.settle(&[
        Exception { capture: "g-gst-avpf-rtx-twcc.pcap", what: "transport feedback", reason: EARLY },
        Exception { capture: "g-gst-avpf-rtx-twcc.recv.pcap", what: "transport feedback", reason: EARLY },
    ]);
}

#[test]
fn clean_calls_have_nothing_to_complain_about() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    // in the other one a network address translator forgets the call for seconds
    let clean = |name: &str| ["a-", "c-", "h-"].iter().any(|start| name.starts_with(start)) && name != "c-nat-rebind";
    for call in calls(&folder).iter().filter(|call| clean(&call.name)) {
        for point in &call.points {
            let report = report::analyze(&folder.join(&point.file), &[]);
            let complaints: Vec<&str> = list(&report, "/findings")
                .iter()
                .filter(|finding| matches!(text(finding, "/severity"), "warning" | "error"))
                .map(|finding| text(finding, "/rule"))
                .filter(|rule| rule.starts_with("rtp-") || rule.starts_with("rtcp-"))
                .collect();
            ledger.equal(&point.file, "complaints about media", &Vec::<&str>::new(), &complaints);
        }
    }
    ledger.settle(&[Exception {
        capture: "a-direct-simulcast-vp8-socketio.pcap",
        what: "complaints about media",
        reason: "its receiver decoded no frame and asked for a key frame every second, as its own statistics say",
    }]);
}
