//! What endpoints counted beside what the capture did, against the log of the emulator that lost the packets.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(clippy::print_stderr)]

use std::fs;
use std::path::{Path, PathBuf};

use rtcscope::analyze::{Analysis, Analyzer, EndpointReport, Meaning, Options, Side};
use rtcscope::capture::Reader;
use rtcscope::session::media::Stream;
use rtcscope::signaling::Limits;
use rtcscope::signaling::file::SideFile;

fn analysis(capture: &Path, dumps: &[PathBuf]) -> Analysis {
    let files = dumps.iter().map(|dump| SideFile::read(dump, &Limits::default()).expect("a dump")).collect();
    let mut reader = Reader::open(capture).expect("a capture");
    Analyzer::new(Options { files, ..Options::default() }).analyze(&mut reader, |_| (), |_| ())
}

fn reports(analysis: &Analysis) -> Vec<(&Stream, EndpointReport)> {
    let streams = analysis.sessions.streams().iter();
    streams
        .zip(analysis.endpoint_reports())
        .flat_map(|(stream, all)| all.into_iter().map(move |one| (stream, one)))
        .collect()
}

#[test]
fn a_call_without_loss_agrees_at_both_ends() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let dump = fixtures.join("b-turn-udp-relay.A.internals.json");
    let analysis = analysis(&fixtures.join("b-turn-udp-relay.pcap"), &[dump]);
    let reports = reports(&analysis);
    let sides = [Side::Sender, Side::Receiver].map(|side| reports.iter().filter(|(_, one)| one.side == side).count());
    assert_eq!(sides, [2, 2], "what A sends and what it receives");
    for (stream, report) in reports {
        assert_eq!(report.verdict.map(|(meaning, _)| meaning), Some(Meaning::Agrees), "{report:?}");
        let beside = report.beside.expect("a clock");
        assert!(beside.packets.least <= report.counters.packets && report.counters.packets <= beside.packets.most + 14);
        assert!(beside.seconds_after > 0.0 && beside.packets.most <= stream.received + 13, "{beside:?}");
        assert_eq!(report.counters.round_trip_time.is_some(), report.side == Side::Sender);
    }
}

#[test]
fn the_same_dump_many_times_is_not_told_without_end() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let dumps = vec![fixtures.join("b-turn-udp-relay.A.internals.json"); 12];
    let analysis = analysis(&fixtures.join("b-turn-udp-relay.pcap"), &dumps);
    assert_eq!(analysis.endpoint_reports().iter().map(Vec::len).max(), Some(8));
}

#[test]
fn without_files_there_is_nothing_beside_streams() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let analysis = analysis(&fixtures.join("b-turn-udp-relay.pcap"), &[]);
    assert!(reports(&analysis).is_empty());
}

/// The same SSRC in a dump of somebody else, whose user fragments the capture does not have: an SFU passed it on.
#[test]
fn an_ssrc_alone_does_not_join() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let dump = fs::read_to_string(fixtures.join("b-turn-udp-relay.A.internals.json")).expect("a dump");
    let local = dump.split("a=ice-ufrag:").nth(1).expect("a fragment").split('\\').next().expect("its end").to_owned();
    let folder = std::env::temp_dir().join(format!("rtcscope-endpoints-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let other = folder.join("other.json");
    fs::write(&other, dump.replace(&format!("a=ice-ufrag:{local}"), "a=ice-ufrag:zzzz")).expect("a file");
    let analysis = analysis(&fixtures.join("b-turn-udp-relay.pcap"), &[other]);
    fs::remove_dir_all(&folder).expect("the folder goes");
    assert!(reports(&analysis).is_empty());
}

/// Packets of one of `sources` that the emulator dropped on `way` until `until` (Unix time).
fn dropped(log: &str, way: &str, sources: &[u32], until: f64) -> u64 {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let drops = lines.filter(|line| line["ev"] == "drop" && line["dir"] == way && line["t"].as_f64().unwrap() <= until);
    let source = |line: &serde_json::Value| u32::from_str_radix(line["head"].as_str()?.get(16..24)?, 16).ok();
    drops.filter(|line| source(line).is_some_and(|source| sources.contains(&source))).count() as u64
}

#[test]
fn losses_lie_on_the_side_of_the_capture_where_they_happened() {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return;
    };
    let folder = Path::new(&root).join("captures");
    let log = fs::read_to_string(folder.join("f-loss5.emu-a.jsonl")).expect("the log of the emulator");
    let dumps = ["A", "B"].map(|who| folder.join(format!("f-loss5.{who}.internals.json")));
    // The emulator sits between A and B; one capture is on either side of it.
    for (capture, near) in [("f-loss5.pcap", "10.77.0.11"), ("f-loss5.b.pcap", "10.77.0.12")] {
        let analysis = analysis(&folder.join(capture), &dumps);
        let reports = reports(&analysis);
        assert_eq!(reports.len(), 8, "{capture}: four streams, two ends each");
        for (stream, report) in reports {
            let from = stream.path.source.to_string();
            let way = if from.starts_with("10.77.0.11") { "a2b" } else { "b2a" };
            let own = from.starts_with(near) == (report.side == Side::Sender);
            let (meaning, by) = report.verdict.expect("a verdict");
            if own {
                assert_eq!(meaning, Meaning::Agrees, "{capture} {from}: {report:?}");
                continue;
            }
            let expected =
                if report.side == Side::Sender { Meaning::LostBeforeCapture } else { Meaning::LostBehindCapture };
            assert_eq!(meaning, expected, "{capture} {from}: {report:?}");
            let mut sources = vec![stream.ssrc.0];
            sources.extend(report.with_retransmissions.filter(|_| report.side == Side::Sender));
            let truth = dropped(&log, way, &sources, report.time.0 as f64 / 1e9);
            // What was just dropped shows only when the next packet has come.
            assert!(by.least <= truth + 2 && truth <= by.most + 2, "{capture} {from}: {truth} dropped, {by:?}");
        }
    }
}
