//! SIP in captures from the field, against what another dissector says of each message.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs, unreachable_pub)]
#![cfg(feature = "capture")]

mod signaling;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rtcscope::signal::{Carrier, DescriptionType, Matter, RoomWord, Signal};
use serde_json::Value;

/// Where the two differ, by capture and frame, and why.
const EXCEPTIONS: &[(&str, u64, &str)] = &[
    (DAMAGED, 227, "the method of CSeq is damaged, that of the request is not"),
    (DAMAGED, 247, "the end of the first line is damaged"),
    (DAMAGED, 325, "the other dissector cuts a line at its zero byte"),
    (DAMAGED, 548, "the other dissector cuts a line at its zero byte"),
];

/// A capture of which bytes were changed at random.
const DAMAGED: &str = "fuzz-2006-06-26-2594.pcap";

/// What a message says: its frame, its type, its lines.
type Row = (u64, String, Vec<String>);

/// The description that the truth has for a frame. Bodies that show no line were no description to the dissector either.
fn lines(truth: &Value, frame: u64) -> Option<Vec<String>> {
    let mut all = truth["sdp"]["list"].as_array().unwrap().iter();
    let found = all.find(|row| row["frame"].as_u64() == Some(frame))?;
    // Behind a description of Megaco the dissector repeats the context as if it were a line.
    let is_line = |line: &String| !line.starts_with("?=Context:");
    let lines: Vec<String> = found["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap().to_owned())
        .filter(is_line)
        .collect();
    (!lines.is_empty()).then_some(lines)
}

/// Offers and answers by the simplest of rules: a request offers, the first response of each fork that is final answers, one that is not
/// comes before the answer; nothing is said twice.
fn wanted(truth: &Value) -> Vec<Row> {
    let mut seen = BTreeSet::new();
    let mut offered: BTreeMap<(String, u64), BTreeSet<String>> = BTreeMap::new();
    let mut found = Vec::new();
    for message in truth["sip"]["list"].as_array().unwrap() {
        let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        let (Some(frame), Some(cseq)) = (message["frame"].as_u64(), message["cseq"].as_u64()) else { continue };
        let (call, status) = (text("call_id"), message["status"].as_u64());
        let key = (call.clone(), text("method"), status, text("cseq_method"), cseq, text("from_tag"), text("to_tag"));
        if call.is_empty() || text("from_tag").is_empty() || !seen.insert(key) {
            continue;
        }
        let lines = lines(truth, frame);
        match (status, text("cseq_method").as_str()) {
            (None, "INVITE") => {
                if let Some(lines) = lines {
                    offered.insert((call, cseq), BTreeSet::new());
                    found.push((frame, "offer".to_owned(), lines));
                }
            }
            (Some(status @ 100..300), "INVITE") => {
                let (Some(lines), Some(answered)) = (lines, offered.get_mut(&(call, cseq))) else { continue };
                if answered.contains(&text("to_tag")) {
                    continue;
                }
                if status >= 200 {
                    answered.insert(text("to_tag"));
                }
                found.push((frame, if status >= 200 { "answer" } else { "pranswer" }.to_owned(), lines));
            }
            (Some(300..), "INVITE") => {
                let unanswered = offered.get(&(call.clone(), cseq)).is_some_and(BTreeSet::is_empty);
                if unanswered {
                    offered.remove(&(call, cseq));
                    found.push((frame, "rollback".to_owned(), Vec::new()));
                }
            }
            (None, "BYE") => found.push((frame, "bye".to_owned(), Vec::new())),
            (None, "CANCEL") => found.push((frame, "cancelled".to_owned(), Vec::new())),
            _ => {}
        }
    }
    found
}

/// The same out of the signals.
fn told(signals: &[Signal]) -> Vec<Row> {
    let of_sip = signals.iter().filter(|signal| signal.carrier == Carrier::Sip);
    let row = |signal: &Signal| {
        let (kind, lines) = match &signal.matter {
            Matter::Description(found) => {
                let kind = found.kind.map_or("?", DescriptionType::name);
                (kind, found.sdp.lines().map(str::to_owned).collect())
            }
            Matter::Room(event) if event.word != RoomWord::Refused => (event.word.name(), Vec::new()),
            _ => return None,
        };
        Some((signal.moment.frame.0, kind.to_owned(), lines))
    };
    of_sip.filter_map(row).collect()
}

/// Whether lines are the same; one that the dissector does not know begins with `?`.
fn same(found: &[String], wanted: &[String]) -> bool {
    found.len() == wanted.len()
        && found
            .iter()
            .zip(wanted)
            .all(|(found, wanted)| wanted.starts_with('?') || found.trim_end() == wanted.trim_end())
}

fn captures() -> Vec<(PathBuf, Value)> {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return Vec::new();
    };
    let folder = Path::new(&root).join("corpus");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder.join("truth")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().replace(".json", "");
            (folder.join("pcaps").join(name), serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
        })
        .collect()
}

#[test]
fn offers_answers_and_ends_of_calls_are_those_of_the_messages() {
    let (mut compared, mut used, mut faults) = (0, BTreeSet::new(), Vec::new());
    for (path, truth) in captures() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let signals = signaling::listen(&path);
        let (wanted, told) = (wanted(&truth), told(&signals));
        compared += wanted.len();
        let mut frames: BTreeSet<u64> = wanted.iter().chain(&told).map(|row| row.0).collect();
        frames.retain(|frame| {
            let of = |rows: &[Row]| rows.iter().filter(|row| row.0 == *frame).cloned().collect::<Vec<_>>();
            let (wanted, told) = (of(&wanted), of(&told));
            let alike = |(told, wanted): (&Row, &Row)| told.1 == wanted.1 && same(&told.2, &wanted.2);
            let fine = told.len() == wanted.len() && told.iter().zip(&wanted).all(alike);
            if !fine {
                let excused = EXCEPTIONS.iter().any(|row| row.0 == name && row.1 == *frame);
                if excused {
                    used.insert((name.clone(), *frame));
                } else {
                    faults.push(format!("{name} frame {frame}: told {told:?}, wanted {wanted:?}"));
                }
            }
            !fine
        });
        // One conversation for each Call-ID of which something is told.
        let calls: BTreeSet<&str> = truth["sip"]["list"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|message| wanted.iter().any(|row| message["frame"].as_u64() == Some(row.0)))
            .filter_map(|message| message["call_id"].as_str())
            .collect();
        let channels: BTreeSet<_> =
            signals.iter().filter(|signal| signal.carrier == Carrier::Sip).map(|signal| signal.channel).collect();
        if frames.is_empty() && calls.len() != channels.len() {
            faults.push(format!("{name}: {} calls, {} conversations", calls.len(), channels.len()));
        }
    }
    eprintln!("{compared} messages compared");
    for (name, frame, reason) in EXCEPTIONS {
        let known = compared == 0 || used.contains(&((*name).to_owned(), *frame));
        assert!(known, "the exception of {name} frame {frame} ({reason}) is not needed any more");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_call_of_the_lab_is_offered_answered_and_ended() {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return;
    };
    let rows = told(&signaling::listen(&Path::new(&root).join("captures/g-sip-pcma.pcap")));
    let kinds: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
    assert_eq!(kinds, ["offer", "answer", "bye"]);
    assert!(rows[..2].iter().all(|row| row.2.iter().any(|line| line.starts_with("m=audio "))));
}
