//! `rtcscope analyze` as a whole: exit codes, what goes where, and what never shows.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod cli_program;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use cli_program::{HEADER, call, command, file, folder, record, run, stderr, stdout};
use serde_json::Value;

fn documents(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>().expect("JSON documents")
}

/// One line on standard error that holds `parts`, nothing on standard output, exit code 2.
fn refused(arguments: &[&str], parts: &[&str]) {
    let output = run(arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(stdout(&output), "");
    assert_eq!(said.lines().count(), 1, "{said}");
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
}

#[test]
fn usage_errors_exit_with_2_and_help_with_0() {
    for arguments in [&["analyze"][..], &["analyse", "x"], &["analyze", "--format", "xml", "x"], &[]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
    for arguments in [&["--help"][..], &["analyze", "--help"], &["--version"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(stdout(&output).contains("rtcscope") && stderr(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_is_no_capture_is_refused_in_one_line() {
    let folder = folder("refused");
    refused(&["analyze", "nowhere/call.pcap"], &["nowhere/call.pcap", "No such file"]);
    refused(&["analyze", &file(&folder, "empty.pcap", b"")], &["empty.pcap", "empty file"]);
    refused(&["analyze", &file(&folder, "notes.txt", b"hello, world")], &["notes.txt", "not a capture", "68 65 6c 6c"]);
    refused(&["analyze", &file(&folder, "cut.pcap", &HEADER[..9])], &["cut.pcap", "24 bytes", "found 9"]);
    refused(&["analyze", "-", "-"], &["standard input"]);
}

#[test]
fn a_capture_without_packets_is_fine() {
    let folder = folder("without_packets");
    let output = run(&["analyze", "--format", "json", &file(&folder, "none.pcap", &HEADER)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = &documents(&stdout(&output))[0];
    assert_eq!(document["capture"]["packets"], 0);
    assert_eq!(document["capture"]["firstTimestamp"], Value::Null);
    assert_eq!(document["ice"]["sessions"], serde_json::json!([]));
}

#[test]
fn a_capture_that_is_cut_off_is_analysed_up_to_there() {
    let folder = folder("cut_off");
    let call = call();
    let path = file(&folder, "cut.pcap", &call[..call.len() - 5]);
    let output = run(&["analyze", "--format", "json", &path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = &documents(&stdout(&output))[0];
    assert_eq!(document["capture"]["packets"], 3);
    assert!(document["capture"]["fault"].as_str().unwrap().contains("cut off"));
    assert!(stdout(&run(&["analyze", &path])).contains("reading stopped: cut off"));
}

#[test]
fn the_exit_code_follows_the_worst_finding() {
    let folder = folder("fail_on");
    let call = call();
    let path = file(&folder, "cut.pcap", &call[..call.len() - 5]);
    let found = &documents(&stdout(&run(&["analyze", "--format", "json", &path])))[0]["findings"];
    let rank = |word: &str| ["info", "warning", "error"].iter().position(|known| *known == word);
    let worst = found.as_array().unwrap().iter().filter_map(|finding| rank(finding["severity"].as_str()?)).max();
    for (level, word) in ["info", "warning", "error"].iter().enumerate() {
        let code = run(&["analyze", "--fail-on", word, &path]).status.code();
        assert_eq!(code, Some(i32::from(worst >= Some(level))), "{word}");
    }
    assert_eq!(run(&["analyze", "--fail-on", "never", &path]).status.code(), Some(0));
}

#[test]
fn several_captures_follow_one_another_and_a_bad_one_stops_none() {
    let folder = folder("several");
    let [one, two] = ["one.pcap", "two.pcap"].map(|name| file(&folder, name, &call()));
    let bad = file(&folder, "bad.pcap", b"not one");
    let output = run(&["analyze", "--format", "json", &one, &bad, &two]);
    assert_eq!(output.status.code(), Some(2));
    let documents = documents(&stdout(&output));
    assert_eq!(documents.len(), 2);
    assert_eq!([&documents[0]["capture"]["path"], &documents[1]["capture"]["path"]], [one.as_str(), two.as_str()]);
    assert!(stderr(&output).contains("bad.pcap") && stderr(&output).lines().count() == 1);
    let text = stdout(&run(&["analyze", &one, &two]));
    assert!(text.contains(&one) && text.contains(&two));
}

#[test]
fn the_story_of_a_call_is_told() {
    let folder = folder("story");
    let path = file(&folder, "call.pcap", &call());
    let document = &documents(&stdout(&run(&["analyze", "--format", "json", &path])))[0];
    let session = &document["ice"]["sessions"][0];
    assert_eq!(session["ufrags"], serde_json::json!(["Ctrl", "Peer"]));
    let pair = &session["pairs"][0];
    assert_eq!(pair["local"]["address"], "192.0.2.11:50000");
    assert_eq!([&pair["requestsSent"], &pair["responsesReceived"]], [2, 2]);
    assert_eq!([&pair["nominated"], &pair["selected"]], [true, true]);
    assert_eq!(pair["totalRoundTripTime"], 0.014);
    assert_eq!(session["firstCheckTime"], 0.0);
    assert_eq!(session["nominatedTime"], 0.007);
    let text = stdout(&run(&["analyze", &path]));
    assert!(text.contains("connected directly 7.0 ms after the first check"), "{text}");
}

#[test]
fn output_goes_to_a_file_where_asked_and_never_over_a_capture() {
    let folder = folder("output");
    let path = file(&folder, "call.pcap", &call());
    let target = file(&folder, "report.json", b"what was there before");
    let output = run(&["analyze", "--format", "json", "-o", &target, "nowhere.pcap"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(&target).unwrap(), b"what was there before");
    let output = run(&["analyze", "--format", "json", "-o", &target, &path]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
    assert_eq!(documents(&fs::read_to_string(&target).unwrap()).len(), 1);
    refused(&["analyze", "-o", &path, &path], &["call.pcap", "another file"]);
    assert_eq!(fs::read(&path).unwrap(), call());
    refused(&["analyze", "-o", "nowhere/report.txt", &path], &["nowhere/report.txt", "cannot be written"]);
}

#[test]
fn colours_are_for_terminals_or_when_asked_for() {
    let folder = folder("colours");
    let path = file(&folder, "call.pcap", &call());
    let coloured = |arguments: &[&str], no_color: bool| {
        let mut command = command(&[&["analyze"], arguments, &[path.as_str()]].concat());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        stdout(&command.output().unwrap()).contains('\u{1b}')
    };
    assert!(!coloured(&[], false));
    assert!(!coloured(&["--color", "never"], false));
    assert!(coloured(&["--color", "always"], false));
    assert!(!coloured(&["--color", "auto"], true));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = folder("closed_pipe");
    let mut capture = HEADER.to_vec();
    for call in 0..3000_u32 {
        let source = (11, 10_000 + u16::try_from(call).unwrap());
        let check = cli_program::stun(0x0001, u8::try_from(call % 250).unwrap(), &cli_program::CHECK);
        capture.extend(record(call, source, (12, 50_002), &check));
    }
    let path = file(&folder, "long.pcap", &capture);
    for format in ["json", "ndjson"] {
        let mut child = command(&["analyze", "--all", "--format", format, &path])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{format}");
        assert!(!first.is_empty());
    }
}

#[test]
fn events_come_while_the_capture_is_still_being_made() {
    let mut child =
        command(&["analyze", "--format", "ndjson", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&call()).unwrap();
    input.flush().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = Vec::new();
    while !seen.contains(&"ice.pairSucceeded".to_owned()) {
        let line: Value =
            serde_json::from_str(&lines.next().expect("a line while the input is open").unwrap()).unwrap();
        assert!(line.get("time").is_some() && line.get("frame").is_some(), "{line}");
        seen.push(line["event"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.first().map(String::as_str), Some("capture.opened"));
    drop(input);
    let rest: Vec<_> = lines.map(Result::unwrap).collect();
    assert!(rest.last().unwrap().contains("capture.ended"));
    assert!(child.wait().unwrap().success());
}

#[test]
fn no_secret_is_shown_whatever_is_wrong_with_it() {
    let folder = folder("secrets");
    let path = file(&folder, "call.pcap", &call());
    let lines = file(&folder, "wrong.txt", b"# mine\nice-pwd Peer=fine\nturn-credential hunter2\n");
    for arguments in [
        &["analyze", "--ice-pwd", "hunter2", &path][..],
        &["analyze", "--turn-credential", "hunter2", &path],
        &["analyze", "--turn-credentials", "alice=hunter2", &path],
        &["analyze", "--turn-credentials=alice=hunter2", &path],
        &["--ice-pwd=Peer=hunter2", "analyze", &path],
        &["analyze", "--credentials", &lines, &path],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!stderr(&output).contains("hunter2") && !stdout(&output).contains("hunter2"), "{}", stderr(&output));
    }
    assert!(stderr(&run(&["analyze", "--credentials", &lines, &path])).contains("wrong.txt:3"));
    let output = run(&["analyze", "--format", "json", "--ice-pwd", "Peer=hunter2", "--turn-secret", "hunter2", &path]);
    assert!(output.status.success() && !stdout(&output).contains("hunter2"));
}

#[test]
fn redaction_leaves_no_address() {
    let folder = folder("redaction");
    let path = file(&folder, "call.pcap", &call());
    for format in ["text", "json", "ndjson"] {
        let text = stdout(&run(&["analyze", "--redact", "--format", format, &path]));
        assert!(!text.contains("192.0.2."), "{text}");
        assert!(text.contains("public-1:50000") && text.contains("Ctrl"), "{text}");
    }
}

#[test]
fn every_output_follows_the_schema() {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        println!("skipped: RTCSCOPE_CORPUS is not set, so there are no public captures to report on");
        return;
    };
    let validator = jsonschema::validator_for(&rtcscope::report::schema::analyze()).unwrap();
    let mut captures: Vec<_> = fs::read_dir(std::path::Path::new(&root).join("captures"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "pcap" || kind == "pcapng"))
        .collect();
    captures.sort();
    for capture in captures {
        let output = run(&["analyze", "--format", "json", "--all", capture.to_str().unwrap()]);
        assert!(output.status.success(), "{}: {}", capture.display(), stderr(&output));
        for document in documents(&stdout(&output)) {
            let errors: Vec<_> = validator
                .iter_errors(&document)
                .map(|error| format!("{}: {}: {error}", capture.display(), error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

#[test]
fn a_dump_of_one_browser_tells_the_call_of_a_capture_without_signaling() {
    let capture = "fixtures/b-turn-udp-relay.turn.pcap";
    let arguments = ["analyze", "--internals", "fixtures/b-turn-udp-relay.A.internals.json"];
    let text = stdout(&run(&[&arguments[..], &["--width", "140", capture]].concat()));
    let line = text.lines().find(|line| line.starts_with("with fixtures/")).expect("the file is named");
    for part in ["webrtc-internals", "its clock 42 ms behind ± 63 ms by 4 common events"] {
        assert!(line.contains(part), "{line}");
    }
    assert!(
        text.contains("connected through TURN\n    told by webrtc-internals · ICE 1, 3 TURN allocations"),
        "{text}"
    );

    let alone = documents(&stdout(&run(&["analyze", "--format", "json", capture]))).remove(0);
    let beside = documents(&stdout(&run(&[&arguments[..], &["--format", "json", capture]].concat()))).remove(0);
    assert_eq!(alone["calls"][0]["exchanges"], serde_json::json!([]));
    let call = &beside["calls"][0];
    assert_eq!((&call["exchanges"], &call["outcome"]), (&serde_json::json!(["exchange-1"]), &"connected".into()));
    assert_eq!(beside["calls"].as_array().map(Vec::len), Some(1));
    let file = &beside["signaling"]["files"][0];
    let (offset, within) = (file["clockOffset"].as_f64().unwrap(), file["clockOffsetUncertainty"].as_f64().unwrap());
    assert!(offset.abs() <= within, "both clocks are of one machine: {file}");
}

#[test]
fn a_file_beside_the_capture_that_is_none_is_refused_in_one_line() {
    let folder = folder("beside");
    let capture = "fixtures/b-turn-refused-raw.pcap";
    refused(&["analyze", capture, "--sdp", "nowhere.sdp"], &["nowhere.sdp", "No such file"]);
    refused(&["analyze", capture, "--sdp", &file(&folder, "empty.sdp", b"")], &["empty.sdp", "found nothing"]);
    refused(&["analyze", capture, "--internals", &file(&folder, "x.json", b"{\"a\": 1}")], &["x.json"]);
    refused(&["analyze", capture, "--internals", &file(&folder, "cut.json", b"{\"a\": ")], &["cut.json", "line 1"]);
}

#[test]
fn seconds_are_kept_where_something_shows_them() {
    let capture = "fixtures/a-notrickle-vp8-socketio.pcap";
    for arguments in [&["analyze", "--series", capture][..], &["analyze", "--series", "--format", "ndjson", capture]] {
        refused(arguments, &["--series", "--format json", "--streams"]);
    }
    let of_format = |more: &[&str]| stdout(&run(&[&["analyze", "--format", "json", capture], more].concat()));
    let series = |text: &str| documents(text)[0]["rtp"]["streams"][0]["traffic"]["series"].clone();
    assert!(series(&of_format(&[])).is_null());
    let kept = series(&of_format(&["--series"]));
    let packets: u64 = kept.as_array().expect("a list").iter().map(|one| one["packets"].as_u64().unwrap()).sum();
    let streams = documents(&of_format(&[]));
    assert_eq!(streams[0]["rtp"]["streams"][0]["packetsReceived"].as_u64(), Some(packets));
    let seconds = |text: &str| text.lines().any(|line| line.trim_start().starts_with("second  packets"));
    let sheets = stdout(&run(&["analyze", "--streams", capture]));
    assert!(sheets.contains("STREAM rtp-1 ") && !seconds(&sheets), "{sheets}");
    assert!(seconds(&stdout(&run(&["analyze", "--streams", "--series", capture]))));
}
