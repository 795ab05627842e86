//! The program on session descriptions, as a user runs it.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

use std::io::Write;
use std::process::{Command, Stdio};

const OFFER: &str = "tests/sdp_sample/offer.sdp";
const ANSWER: &str = "tests/sdp_sample/answer.sdp";

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn run_with(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rtcscope"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, b"")
}

fn done(arguments: &[&str]) -> String {
    let ran = run(arguments);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
    ran.out.replace('\r', "")
}

#[test]
fn show_tells_what_a_colleague_would() {
    insta::assert_snapshot!("sdp_show_offer", done(&["sdp", "show", OFFER]));
    insta::assert_snapshot!("sdp_show_answer", done(&["sdp", "show", ANSWER]));
    insta::assert_snapshot!("sdp_show_fragment", done(&["sdp", "show", "tests/sdp_sample/trickle.sdpfrag"]));
    insta::assert_snapshot!("sdp_show_json", done(&["sdp", "show", "--format", "json", ANSWER]));
    insta::assert_snapshot!("sdp_show_blocks", done(&["sdp", "show", "--blocks", ANSWER]));
}

#[test]
fn no_password_is_shown() {
    for arguments in [&["sdp", "show", OFFER][..], &["sdp", "show", "--blocks", OFFER], &["sdp", "diff", OFFER, ANSWER]]
    {
        let out = done(arguments);
        assert!(!out.contains("vQ9xkLzT") && !out.contains("8Jt5oQe1"), "{arguments:?}");
    }
}

#[test]
fn diff_tells_what_changed_by_meaning() {
    insta::assert_snapshot!("sdp_diff", done(&["sdp", "diff", OFFER, ANSWER]));
    insta::assert_snapshot!("sdp_diff_json", done(&["sdp", "diff", "--format", "json", "--compact", OFFER, ANSWER]));
    assert_eq!(done(&["sdp", "diff", OFFER, OFFER]), "");
    assert_eq!(run(&["sdp", "diff", "--exit-code", OFFER, ANSWER]).code, 1);
    assert_eq!(run(&["sdp", "diff", "--exit-code", OFFER, OFFER]).code, 0);
}

#[test]
fn edit_without_an_operation_prints_its_input_unchanged() {
    for input in [
        &b"v=0\r\no=- 1 1 IN IP4 0\xff\n\ns=\x1b[31m"[..],
        b"{\"type\": \"offer\",\n \"sdp\":\"v=0\\r\\ns=-\\r\\n\"}",
        b"[{\"sdp\":\"v=0\\n\"},{\"sdp\":\"v=0\\n\"}]",
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rtcscope"))
            .args(["sdp", "edit", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        assert_eq!(child.wait_with_output().unwrap().stdout, input);
    }
}

/// The lines that an edit changes, as a small diff.
fn edited(options: &[&str]) -> String {
    let arguments = [&["sdp", "edit"][..], options, &[OFFER]].concat();
    let before = std::fs::read_to_string(OFFER).unwrap().replace('\r', "");
    let after = done(&arguments);
    let mut out = String::new();
    for line in before.lines().filter(|line| !after.lines().any(|other| other == *line)) {
        out.push_str(&format!("-{line}\n"));
    }
    for line in after.lines().filter(|line| !before.lines().any(|other| other == *line)) {
        out.push_str(&format!("+{line}\n"));
    }
    out
}

#[test]
fn every_option_of_edit_changes_what_it_says() {
    let options: &[&[&str]] = &[
        &["--prefer", "H264", "--in", "video"],
        &["--keep", "VP8", "--in", "video"],
        &["--remove", "H264,red"],
        &["--renumber", "111=35", "--in", "audio"],
        &["--set-fmtp", "opus:stereo=1", "--set-fmtp", "opus:useinbandfec=0"],
        &["--remove-fmtp", "opus:minptime"],
        &["--set-fmtp", "H264:profile-level-id=640c1f"],
        &["--bandwidth", "TIAS=500000", "--in", "mid:1"],
        &["--remove-bandwidth", "ALL"],
        &["--direction", "recvonly", "--in", "0"],
        &["--add-rtcp-fb", "VP8:nack rpsi", "--remove-rtcp-fb", "goog-remb"],
        &["--add-extmap", "urn:3gpp:video-orientation", "--in", "video"],
        &["--remove-extmap", "urn:ietf:params:rtp-hdrext:sdes:mid"],
        &["--relay-only"],
        &["--remove-candidates", "tcp", "--remove-candidates", "name"],
        &["--keep-candidates", "udp,ip4,network=1"],
        &["--address", "2001:db8::1", "--in", "video"],
        &["--ice", "abcd=0123456789abcdefghijkl"],
        &["--fingerprint", "sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33"],
        &["--setup", "passive"],
        &["--stop", "video"],
        &["--stop", "audio"],
        &["--drop", "mid:2"],
        &["--mid", "0=audio"],
        &["--simulcast", "2"],
        &["--no-simulcast"],
        &["--strip-ssrc"],
        &["--remove-attribute", "rtcp-rsize", "--add-attribute", "x-google-flag:conference"],
        &["--fmt"],
        &["--redact"],
    ];
    let all: Vec<String> =
        options.iter().map(|options| format!("{}\n{}", options.join(" "), edited(options))).collect();
    insta::assert_snapshot!("sdp_edit", all.join("\n"));
}

#[test]
fn operations_run_in_the_order_in_which_they_are_typed() {
    let input = b"m=audio 9 RTP/AVP 0 8\r\na=mid:0\r\na=x:1\r\n";
    let edit = |options: &[&str]| run_with(&[&["sdp", "edit"], options, &["-"]].concat(), input).out;
    let (add, remove) = (["--add-attribute", "x:2"], ["--remove-attribute", "x"]);
    assert!(edit(&[remove, add].concat()).ends_with("a=mid:0\r\na=x:2\r\n"));
    assert!(edit(&[add, remove].concat()).ends_with("a=mid:0\r\n"));
    assert!(edit(&["--mid", "0=a", "--mid=a=b", "--stop", "mid:b"]).starts_with("m=audio 0 "));
    let early = run_with(&["sdp", "edit", "--stop", "mid:b", "--mid", "0=b", "-"], input);
    assert_eq!((early.code, early.out.as_str()), (2, ""));
    let (media, codecs) = (["--bandwidth", "AS=9", "--remove-bandwidth", "AS"], ["--renumber", "0=8"]);
    assert!(!edit(&media).contains("b=AS"));
    assert!(edit(&["--remove-bandwidth", "AS", "--bandwidth", "AS=9"]).contains("b=AS:9"));
    assert_eq!(run_with(&[&["sdp", "edit"][..], &codecs, &["-"]].concat(), input).code, 2);
    assert!(edit(&["--remove", "8", "--renumber", "0=8"]).starts_with("m=audio 9 RTP/AVP 8\r\n"));
    assert!(edit(&["--prefer", "8", "--in", "audio", "--prefer", "0"]).starts_with("m=audio 9 RTP/AVP 8 0\r\n"));
}

#[test]
fn a_body_in_base64_of_a_har_file_is_unpacked() {
    let har = b"{\"log\":{\"entries\":[{\"response\":{\"content\":{\"text\":\"dj0wDQpzPS0NCg==\",\"encoding\":\"base64\"}}}]}}";
    assert_eq!(run_with(&["sdp", "convert", "--to", "sdp", "-"], har).out, "v=0\r\ns=-\r\n");
}

#[test]
fn an_edit_inside_json_leaves_the_json_alone() {
    let input = b"{ \"type\" : \"offer\", \"sdp\" : \"v=0\\r\\nm=audio 9 RTP/AVP 0\\r\\n\" , \"x\": 1 }\n";
    let ran = run_with(&["sdp", "edit", "--direction", "inactive", "-"], input);
    assert_eq!(
        ran.out,
        "{ \"type\" : \"offer\", \"sdp\" : \"v=0\\r\\nm=audio 9 RTP/AVP 0\\r\\na=inactive\\r\\n\" , \"x\": 1 }\n"
    );
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    let cases: &[&[&str]] = &[
        &["sdp", "edit", "--remove", "AV1", OFFER],
        &["sdp", "edit", "--remove", "VP8,H264", OFFER],
        &["sdp", "edit", "--in", "mid:9", "--direction", "inactive", OFFER],
        &["sdp", "edit", "--renumber", "111=96", OFFER],
        &["sdp", "edit", "--renumber", "111=63", OFFER],
        &["sdp", "edit", "--ice", "ab=c", OFFER],
        &["sdp", "edit", "--direction", "up", OFFER],
        &["sdp", "edit", "--remove-candidates", "blue", OFFER],
        &["sdp", "edit", "--add-attribute", "candidate:1", OFFER],
        &["sdp", "show", "tests/sdp_sample/none.sdp"],
        &["sdp", "show", "-"],
        &["sdp", "convert", "--from", "json", "--to", "sdp", OFFER],
        &["decode", "candidate", "candidate:1 1 udp 1 ::1 9 typ hots"],
    ];
    let mut all = String::new();
    for arguments in cases {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        all.push_str(&format!("{}\n  {}", arguments.join(" "), ran.err));
    }
    insta::assert_snapshot!("sdp_faults", all);
}

#[test]
fn fmt_checks_and_writes() {
    let messy = b"v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\n\nt=0 0 \n";
    assert_eq!(run_with(&["sdp", "fmt", "--check", "-"], messy).code, 1);
    let ran = run_with(&["sdp", "fmt", "-"], messy);
    assert_eq!(ran.out, "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");
    assert_eq!(run_with(&["sdp", "fmt", "--check", "-"], ran.out.as_bytes()).code, 0);
}

#[test]
fn conversions_come_back() {
    for language in ["json", "sdp-transform", "envelope"] {
        let there = run(&["sdp", "convert", "--to", language, OFFER]).out;
        let back = run_with(&["sdp", "convert", "--from", language, "--to", "sdp", "-"], there.as_bytes()).out;
        let offer = std::fs::read_to_string(OFFER).unwrap();
        if language == "sdp-transform" {
            let again = run_with(&["sdp", "convert", "--to", language, "-"], back.as_bytes()).out;
            assert_eq!(again, there);
        } else {
            assert_eq!(back, offer, "{language}");
        }
    }
    insta::assert_snapshot!(
        "sdp_convert_transform",
        done(&["sdp", "convert", "--to", "sdp-transform", "--compact", ANSWER])
    );
}

#[test]
fn descriptions_inside_dumps_are_found() {
    let offer = std::fs::read_to_string(OFFER).unwrap();
    let dump = serde_json::json!({
        "PeerConnections": {"1-1": {"updateLog": [
            {"type": "setLocalDescription", "value": format!("type: offer, sdp: {offer}")},
            {"type": "setRemoteDescription", "value": serde_json::json!({"type": "answer", "sdp": "v=0\r\ns=-\r\n"}).to_string()},
        ]}},
    });
    let har = serde_json::json!({"log": {"entries": [{"request": {"postData": {"text": offer}}}]}});
    let ran = run_with(&["sdp", "show", "-"], dump.to_string().as_bytes());
    assert_eq!(ran.out.matches("Description with").count(), 2, "{}", ran.out);
    let ran = run_with(
        &["sdp", "edit", "--pick", "2", "--direction", "inactive", "--in", "session", "-"],
        dump.to_string().as_bytes(),
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = run_with(&["sdp", "convert", "--to", "sdp", "-"], har.to_string().as_bytes());
    assert_eq!(ran.out, offer);
}

#[test]
fn a_candidate_is_decoded_alone_and_as_json() {
    let line = "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 192.0.2.1 rport 46154 generation 0 ufrag eC+b network-cost 999";
    let init = serde_json::json!({"candidate": line, "sdpMid": "0", "sdpMLineIndex": 0}).to_string();
    let all = [
        done(&["decode", "candidate", line]),
        done(&["decode", &format!("a={line}")]),
        done(&["decode", "--format", "json", "candidate", line]),
        run_with(&["decode", "candidate"], init.as_bytes()).out,
        done(&["decode", "candidate", "end-of-candidates"]),
    ];
    insta::assert_snapshot!("sdp_decode_candidate", all.join("\n"));
}
