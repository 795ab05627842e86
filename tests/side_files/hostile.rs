//! No bytes make a reader panic, hang or keep more than its bounds.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rtcscope::signaling::Limits;
use rtcscope::signaling::file::{SideFile, WireFacts, coincidences};

use super::kinds::fixture;

fn survives(bytes: &[u8], limits: &Limits) {
    if let Ok(file) = SideFile::parse("x", bytes, limits) {
        let entries: usize = file.connections.iter().map(|found| found.signals.len() + found.events.len()).sum();
        let series: usize = file.connections.iter().map(|found| found.stats.len()).sum();
        let values = file.connections.iter().flat_map(|found| &found.stats).map(|series| series.values.len());
        assert!(entries <= limits.file_entries && series <= limits.file_series);
        assert!(
            values.sum::<usize>() <= limits.file_samples && file.connections.len() <= limits.file_connections.max(1)
        );
        let _ = coincidences(&file.connections, &WireFacts::default());
    }
}

const FILES: &[&str] =
    &["internals-2017.json", "rtcstats-3.txt", "rtcstats-legacy.jsonl", "call.har", "two.sdp", "messages.jsonl"];

#[test]
fn files_that_are_cut_or_changed_do_no_harm() {
    let tight = Limits { file_entries: 5, file_series: 3, file_samples: 7, file_connections: 1, ..Limits::default() };
    for name in FILES {
        let bytes = std::fs::read(fixture(name)).unwrap();
        survives(&bytes, &tight);
        for at in 0..bytes.len() {
            survives(&bytes[..at], &Limits::default());
        }
        for at in (0..bytes.len()).step_by(5) {
            let mut changed = bytes.clone();
            changed[at] = b"{}[]\",:0\\\xff"[at % 10];
            survives(&changed, &Limits::default());
        }
    }
}

#[test]
fn depth_and_number_of_values_are_bounded() {
    let deep = "[".repeat(1_000_000);
    let many = format!("[{}1]", "1,".repeat(3_000_000));
    let wide = format!("{{\"PeerConnections\":{{\"a\":{{\"updateLog\":{deep}}}}}}}");
    let quoted = format!("{{\"PeerConnections\":{{\"a\":{{\"stats\":{{\"x-y\":{{\"values\":\"{deep}\"}}}}}}}}}}");
    let begun = Instant::now();
    for text in [deep, many, wide, quoted] {
        survives(text.as_bytes(), &Limits::default());
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "took {:?}", begun.elapsed());
}

/// Reports after the bound on values cost nothing each, however many objects are known.
#[test]
fn many_reports_of_many_objects_end_soon() {
    let members: Vec<String> = (0..500).map(|at| format!("\"m{at}\":{at}")).collect();
    let mut text = format!("RTCStatsDump\n{{}}\n[\"g\",\"P\",{{\"o\":{{{}}}}},1]\n", members.join(","));
    text.push_str(&"[\"g\",\"P\",{},1]\n".repeat(20_000));
    let begun = Instant::now();
    survives(text.as_bytes(), &Limits { file_samples: 10_000, ..Limits::default() });
    assert!(begun.elapsed() < Duration::from_secs(30), "took {:?}", begun.elapsed());
}

proptest! {
    #[test]
    fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&bytes, &Limits::default());
    }

    #[test]
    fn any_log_is_taken(
        entries in proptest::collection::vec(
            ("(set(Local|Remote)Description(OnSuccess|OnFailure|)|onicecandidate|addIceCandidate|getStats|close|[a-z0-9]{1,3})",
             "(null|1|\"\"|\\{\"type\":\"(offer|rollback|x)\",\"sdp\":\"(v=0|)\"\\}|\\[\\]|\\{\"candidate\":(null|\"candidate:1\"|1)\\}|\\{\"a\":\\{\"type\":1,\"14\":2\\}\\})",
             any::<i64>()),
            0..12,
        ),
    ) {
        let lines: Vec<String> =
            entries.iter().map(|(method, value, time)| format!("[\"{method}\",\"P\",{value},{time}]")).collect();
        survives(format!("RTCStatsDump\n{{}}\n{}", lines.join("\n")).as_bytes(), &Limits::default());
        survives(lines.join("\n").as_bytes(), &Limits::default());
    }
}
