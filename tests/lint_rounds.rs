//! Rounds of offers and answers, trickled candidates and local descriptions as real peers made them: none of them is at fault.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rtcscope::finding::Severity;
use rtcscope::lint::{Finding, Options, Round, TrickledText, check_candidates, check_munging, check_rounds};
use rtcscope::sdp::Document;
use rtcscope::text::Span;
use serde_json::Value;

/// Findings that are right: the scenario or file, the rule, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

fn files(ending: &str) -> Vec<PathBuf> {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return Vec::new();
    };
    let folder = Path::new(&root).join("captures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    paths
}

fn read(path: &Path) -> (String, Value) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    (name, serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

/// What was found, as lines that say where.
fn told(label: &str, findings: &[Finding], faults: &mut Vec<String>) {
    for finding in findings {
        let name = finding.rule.rule.name;
        if !EXCEPTIONS.iter().any(|(scenario, rule, _)| label.starts_with(scenario) && *rule == name) {
            faults.push(format!("{label}: {name} at {:?}: {}", finding.place, finding.message));
        }
    }
}

/// The offers of a peer with their answers, in order.
fn rounds(peer: &Value) -> Vec<(String, Option<String>)> {
    let mut rounds: Vec<(String, Option<String>)> = Vec::new();
    for sent in peer["sdp"].as_array().into_iter().flatten() {
        let text = sent["sdp"].as_str().unwrap_or_default().to_owned();
        match (sent["type"].as_str(), rounds.last_mut()) {
            (Some("offer"), _) => rounds.push((text, None)),
            (Some("answer"), Some((_, answer @ None))) => *answer = Some(text),
            _ => {}
        }
    }
    rounds
}

#[test]
fn rounds_of_the_calls_of_the_lab_follow_each_other() {
    let (mut compared, mut faults) = (0, Vec::new());
    for path in files(".truth.json") {
        let (file, truth) = read(&path);
        for (name, peer) in truth["peers"].as_object().into_iter().flatten() {
            let rounds = rounds(peer);
            let documents: Vec<_> = rounds
                .iter()
                .map(|(offer, answer)| {
                    let answer = answer.as_ref().map(|answer| Document::parse(answer.as_bytes()));
                    (Document::parse(offer.as_bytes()), answer)
                })
                .collect();
            for (number, pair) in documents.windows(2).enumerate() {
                let round = |(offer, answer)| match answer {
                    Some(answer) => Round::new(offer).answered(answer),
                    None => Round::new(offer),
                };
                let [previous, current] = [&pair[0], &pair[1]].map(|(offer, answer)| round((offer, answer.as_ref())));
                let found = check_rounds(previous, current, &Options::default());
                told(&format!("{file} {name} round {}", number + 2), &found, &mut faults);
                compared += 1;
            }
        }
    }
    eprintln!("{compared} rounds compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn candidates_of_the_calls_of_the_lab_belong_to_their_descriptions() {
    let (mut compared, mut faults) = (0, Vec::new());
    for path in files(".truth.json") {
        let (file, truth) = read(&path);
        for (name, peer) in truth["peers"].as_object().into_iter().flatten() {
            for (side, key) in [("local", "localCandidates"), ("remote", "remoteCandidates")] {
                let texts: Vec<&str> = (peer["sdp"].as_array().into_iter().flatten())
                    .filter(|sent| sent["dir"] == side)
                    .filter_map(|sent| sent["sdp"].as_str())
                    .collect();
                for candidate in peer[key].as_array().into_iter().flatten().map(|entry| &entry["c"]) {
                    let Some(text) = candidate["candidate"].as_str() else { continue };
                    let ufrag = candidate["usernameFragment"].as_str();
                    // It is for the description of its ICE session; one that names none for the first.
                    let own =
                        |text: &&&str| ufrag.is_none_or(|ufrag| text.contains(&format!("a=ice-ufrag:{ufrag}\r\n")));
                    let Some(description) = texts.iter().find(own).or(texts.first()) else { continue };
                    let trickled = TrickledText {
                        text,
                        span: Span::new(0, text.len()),
                        mid: candidate["sdpMid"].as_str(),
                        index: candidate["sdpMLineIndex"].as_u64().and_then(|index| usize::try_from(index).ok()),
                        username_fragment: ufrag,
                    };
                    let document = Document::parse(description.as_bytes());
                    let found = check_candidates(&document, &[trickled], &Options::default());
                    told(&format!("{file} {name} {side} {text}"), &found, &mut faults);
                    compared += 1;
                }
            }
        }
    }
    eprintln!("{compared} candidates compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_was_set_as_it_was_created_is_not_munged() {
    let (mut same, mut other, mut faults) = (0, BTreeMap::new(), Vec::new());
    for path in files(".internals.json") {
        let (file, dump) = read(&path);
        for connection in dump["PeerConnections"].as_object().into_iter().flatten().map(|(_, connection)| connection) {
            let mut created: Option<String> = None;
            for entry in connection["updateLog"].as_array().into_iter().flatten() {
                let value: Value =
                    serde_json::from_str(entry["value"].as_str().unwrap_or_default()).unwrap_or_default();
                let text = value["sdp"].as_str();
                match entry["type"].as_str() {
                    Some("createOfferOnSuccess" | "createAnswerOnSuccess") => created = text.map(str::to_owned),
                    Some("setLocalDescription") => {
                        let (Some(created), Some(set)) = (created.take(), text) else { continue };
                        let documents = [created.as_str(), set].map(|text| Document::parse(text.as_bytes()));
                        let found = check_munging(&documents[0], &documents[1], &Options::default());
                        if created == set {
                            same += 1;
                            told(&file, &found, &mut faults);
                        } else {
                            let names: Vec<&str> = found.iter().map(|finding| finding.rule.rule.name).collect();
                            other.insert(format!("{file} {names:?}"), ());
                            if names.is_empty() {
                                faults.push(format!("{file}: what was set differs, and nothing is found"));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    eprintln!("{same} descriptions set as created; others: {other:#?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_rounds_of_rfc_9429_follow_each_other() {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return;
    };
    let folder = Path::new(&root).join("sdp/jsep-rfc9429");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let examples = [
        ["0003-offer-B1.sdp", "0004-answer-B1.sdp", "0005-offer-B2.sdp", "0006-answer-B2.sdp"],
        ["0007-offer-C1.sdp", "0008-answer-C1.sdp", "0009-offer-C2.sdp", "0010-answer-C2.sdp"],
    ];
    for names in examples {
        let texts = names.map(read);
        let [first, answered, second, answer] = [0, 1, 2, 3].map(|place| Document::parse(&texts[place]));
        let previous = Round::new(&first).answered(&answered);
        let found = check_rounds(previous, Round::new(&second).answered(&answer), &Options::default());
        let mut faults = Vec::new();
        told(names[2], &found, &mut faults);
        eprintln!("{}", faults.join("\n"));
        assert!(found.iter().all(|finding| finding.severity < Severity::Error), "{}", faults.join("\n"));
    }
}
