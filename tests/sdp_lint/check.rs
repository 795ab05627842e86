//! `rtcscope sdp check`: an answer beside its offer.

use super::{ANSWER, OFFER, Ran, cli_program, run, run_with};

const FAULTY_ANSWER: &str = "tests/sdp_sample/faulty-answer.sdp";

fn check(arguments: &[&str]) -> Ran {
    run(&[&["sdp", "check", "--no-config"], arguments].concat())
}

/// The rules that something is found by.
fn rules(arguments: &[&str]) -> Vec<String> {
    let ran = check(&[&["--format", "json"], arguments].concat());
    let document = ran.json();
    document["findings"].as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap().to_owned()).collect()
}

/// The rules of `more` that are none of `arguments` without it.
fn new_rules(more: &[&str], arguments: &[&str]) -> Vec<String> {
    let before = rules(arguments);
    let after = rules(&[more, arguments].concat());
    after.into_iter().filter(|rule| !before.contains(rule)).collect()
}

#[test]
fn an_answer_is_told_beside_its_offer() {
    insta::assert_snapshot!("sdp_check_text", check(&[OFFER, ANSWER]).out.replace('\r', ""));
    insta::assert_snapshot!("sdp_check_json", check(&["--format", "json", OFFER, ANSWER]).out);
    insta::assert_snapshot!("sdp_check_faulty", check(&[OFFER, FAULTY_ANSWER]).out.replace('\r', ""));
    let ran = check(&[OFFER, FAULTY_ANSWER]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_eq!(check(&["--fail-on", "never", OFFER, FAULTY_ANSWER]).code, 0);
    for format in ["sarif", "github"] {
        assert!(check(&["--format", format, OFFER, FAULTY_ANSWER]).out.contains(FAULTY_ANSWER), "{format}");
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    for (arguments, said) in [
        (&[OFFER, "/no/such"][..], "/no/such"),
        (&["-", "-"], "once"),
        (&[OFFER, "fixtures/b-turnutils-udp.pcap"], "expected a session description"),
        (&["--previous-answer", ANSWER, OFFER, ANSWER], "--previous-offer"),
    ] {
        let ran = check(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}

#[test]
fn a_new_round_may_not_change_everything() {
    let folder = cli_program::folder("sdp-check-rounds");
    let before = std::fs::read_to_string(OFFER).unwrap();
    // Another session id, and one m-line less than before.
    let shorter = before.split("m=application").next().unwrap().replace("BUNDLE 0 1 2", "BUNDLE 0 1");
    let changed = shorter.replace("o=- 4611731400430051336", "o=- 99");
    let answer = std::fs::read_to_string(ANSWER).unwrap();
    let answer = answer.split("m=application").next().unwrap();
    let changed = cli_program::file(&folder, "offer.sdp", changed.as_bytes());
    let answer = cli_program::file(&folder, "answer.sdp", answer.as_bytes());
    let found = new_rules(&["--previous-offer", OFFER, "--previous-answer", ANSWER], &[&changed, &answer]);
    assert!(!found.is_empty());
    insta::assert_snapshot!("sdp_check_rounds", found.join("\n"));
}

#[test]
fn trickled_candidates_are_read_in_every_form() {
    let folder = cli_program::folder("sdp-check-candidates");
    // A component that is none.
    let candidate = "candidate:7 999 udp 2122260223 192.0.2.10 50000 typ host ufrag Ya7p";
    let lines = cli_program::file(&folder, "lines.txt", format!("a={candidate}\n").as_bytes());
    let fragment = format!(
        "a=ice-ufrag:Ya7p\r\na=ice-pwd:8Jt5oQe1XvB6cZrM4nLw0KdS\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na={candidate}\r\n"
    );
    let fragment = cli_program::file(&folder, "trickle.sdpfrag", fragment.as_bytes());
    let init =
        serde_json::json!({"candidate": candidate, "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": "Ya7p"});
    let one = cli_program::file(&folder, "one.json", format!("{init}\n{init}\n").as_bytes());
    let list = cli_program::file(&folder, "list.json", serde_json::json!([init]).to_string().as_bytes());
    for path in [&lines, &fragment, &one, &list] {
        let ran = check(&["--format", "json", "--candidate", path, OFFER, ANSWER]);
        let document = ran.json();
        let of_it: Vec<_> =
            document["findings"].as_array().unwrap().iter().filter(|row| row["file"] == **path).collect();
        assert!(!of_it.is_empty(), "{path}: {}", ran.err);
        assert!(!ran.out.contains("8Jt5oQe1"));
    }
    // A mid that nobody has.
    let astray =
        serde_json::json!({"candidate": candidate.replace("999", "1"), "sdpMid": "9", "usernameFragment": "Ya7p"});
    let astray = cli_program::file(&folder, "astray.json", astray.to_string().as_bytes());
    assert!(!new_rules(&["--candidate", &astray], &[OFFER, ANSWER]).is_empty());
    let nothing = cli_program::file(&folder, "nothing.txt", b"v=0\r\ns=-\r\n");
    assert_eq!(check(&["--candidate", &nothing, OFFER, ANSWER]).code, 2);
}

#[test]
fn munging_is_told() {
    let folder = cli_program::folder("sdp-check-created");
    let created = std::fs::read_to_string(OFFER).unwrap().replace("a=setup:actpass", "a=setup:active");
    let created = cli_program::file(&folder, "created.sdp", created.as_bytes());
    let found = new_rules(&["--created", &created], &[OFFER, ANSWER]);
    assert!(found.iter().any(|rule| rule.contains("munge")), "{found:?}");
    assert_eq!(rules(&["--created", OFFER, OFFER, ANSWER]), rules(&[OFFER, ANSWER]));
}

#[test]
fn descriptions_may_be_in_json_and_standard_input() {
    let json = serde_json::json!({"type": "offer", "sdp": std::fs::read_to_string(OFFER).unwrap()}).to_string();
    let ran = run_with(&["sdp", "check", "--no-config", "--format", "json", "-", ANSWER], json.as_bytes());
    let document = ran.json();
    let plain = check(&["--format", "json", OFFER, ANSWER]).json();
    assert_eq!(document["negotiated"], plain["negotiated"]);
    let first = &document["findings"][0];
    assert_eq!((&first["file"], &first["description"]), (&"-".into(), &"sdp (offer)".into()));
}
