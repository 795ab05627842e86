//! What descriptions are read from.

use std::collections::BTreeSet;

use super::{ANSWER, CAPTURE, FAULTY, OFFER, cli_program, lint, run_with};

/// The files and descriptions that something was found in.
fn places(arguments: &[&str]) -> Vec<(String, Option<String>)> {
    let rows = lint(&[&["--no-config", "--format", "json"], arguments].concat()).json();
    let rows = rows.as_array().unwrap().clone();
    let place = |row: &serde_json::Value| {
        (row["file"].as_str().unwrap().to_owned(), row["description"].as_str().map(str::to_owned))
    };
    rows.iter().map(place).collect::<BTreeSet<_>>().into_iter().collect()
}

fn files(arguments: &[&str]) -> Vec<String> {
    places(arguments).into_iter().map(|(file, _)| file).collect()
}

#[test]
fn folders_and_globs_name_files_once() {
    let all = ["tests/sdp_sample/answer.sdp", "tests/sdp_sample/faulty-answer.sdp", FAULTY, OFFER];
    assert_eq!(files(&["tests/sdp_sample"]), all);
    assert_eq!(files(&["tests/sdp_sample/*.sdp", OFFER]), all);
    assert_eq!(files(&["tests/sdp_sample/{offer,answer}.sdp"]), [ANSWER, OFFER]);
    let ran = lint(&["--no-config", "tests/sdp_sample/offer.sdp", "tests/*/offer.sdp"]);
    assert!(ran.out.contains("\n1 description: "), "{}", ran.out);
}

#[test]
fn a_folder_may_hold_other_things() {
    let folder = cli_program::folder("sdp-lint-folder");
    cli_program::file(&folder, "package.json", b"{ \"name\": 1, // a comment\n}");
    cli_program::file(&folder, "data.json", b"[1, 2]");
    cli_program::file(&folder, "empty.sdp", b"");
    cli_program::file(&folder, "notes.gz", b"\x1f\x8b\x08\x00nothing");
    cli_program::file(&folder, "offer.sdp", &std::fs::read(FAULTY).unwrap());
    let ran = lint(&["--no-config", folder.to_str().unwrap()]);
    assert!(ran.out.contains("\n1 description: "), "{} {}", ran.out, ran.err);
}

#[test]
fn standard_input_is_a_description_or_json() {
    let sdp = std::fs::read_to_string(FAULTY).unwrap();
    let plain = run_with(&["sdp", "lint", "--no-config", "--format", "json", "-"], sdp.as_bytes());
    assert_eq!((plain.json()[0]["file"].as_str(), plain.code), (Some("-"), 1));
    let json = serde_json::json!({"jsep": {"type": "offer", "sdp": sdp}}).to_string();
    let inside = run_with(&["sdp", "lint", "--no-config", "--format", "json", "-"], json.as_bytes());
    assert_eq!(inside.rules(), plain_as_offer(&sdp));
    assert_eq!(inside.json()[0]["description"], "jsep.sdp (offer)");
    assert_eq!(run_with(&["sdp", "lint", "-"], b"").code, 2);
}

fn plain_as_offer(sdp: &str) -> Vec<String> {
    run_with(&["sdp", "lint", "--no-config", "--type", "offer", "--format", "json", "-"], sdp.as_bytes()).rules()
}

#[test]
fn dumps_logs_and_captures_are_looked_into() {
    let titles = |path: &str| -> Vec<String> {
        places(&[path])
            .into_iter()
            .map(|(file, title)| {
                assert_eq!(file, path);
                title.unwrap()
            })
            .collect()
    };
    let dump = titles("fixtures/b-turn-udp-relay.A.internals.json");
    assert_eq!(dump.len(), 3, "{dump:?}");
    assert!(dump.iter().all(|title| title.starts_with("PeerConnections.6-1.updateLog[")), "{dump:?}");
    let capture = titles(CAPTURE);
    assert_eq!(capture, ["frame 111 (answer)", "frame 96 (offer)"]);
    for path in ["call.har", "rtcstats-3.txt", "rtcstats-legacy.jsonl", "internals-2017.json", "messages.jsonl"] {
        let ran = lint(&["--no-config", "--fail-on", "never", &format!("fixtures/files/{path}")]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{path}");
        assert!(!ran.out.starts_with("0 descriptions"), "{path}: {}", ran.out);
    }
}
