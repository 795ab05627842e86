//! `rtcscope sdp lint` and `sdp check`, as a user runs them.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

mod cli_program;

#[path = "sdp_lint/check.rs"]
mod check;
#[path = "sdp_lint/config.rs"]
mod config;
#[path = "sdp_lint/continuous.rs"]
mod continuous;
#[path = "sdp_lint/fix.rs"]
mod fix;
#[path = "sdp_lint/formats.rs"]
mod formats;
#[path = "sdp_lint/inputs.rs"]
mod inputs;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const FAULTY: &str = "tests/sdp_sample/faulty.sdp";
const OFFER: &str = "tests/sdp_sample/offer.sdp";
const ANSWER: &str = "tests/sdp_sample/answer.sdp";
const CAPTURE: &str = "fixtures/a-notrickle-vp8-socketio.pcap";

/// What stands in the samples and may be in no output.
const SECRETS: &[&str] = &["pW4tch0nly", "c2VjcmV0", "k3yInTheClear", "vQ9xkLzT", "8Jt5oQe1"];

/// How a run ended and what it printed.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The rules of the findings, where JSON was asked for.
    fn rules(&self) -> Vec<String> {
        self.json().as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap().to_owned()).collect()
    }
}

fn run_in(folder: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtcscope"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").env("COLUMNS", "120");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
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

fn run_with(arguments: &[&str], input: &[u8]) -> Ran {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments, input)
}

fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, b"")
}

fn lint(arguments: &[&str]) -> Ran {
    run(&[&["sdp", "lint"], arguments].concat())
}

/// A run that cannot be done: what is said of it.
fn refused(arguments: &[&str]) -> String {
    let ran = lint(arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
    ran.err
}

/// An audio offer without a finding worse than info.
fn clean() -> String {
    let lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 0",
        "c=IN IP4 0.0.0.0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:0123456789012345678901",
        "a=ice-options:trickle ice2",
        "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08",
        "a=setup:actpass",
        "a=mid:0",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=rtpmap:0 PCMU/8000",
    ];
    lines.map(|line| format!("{line}\r\n")).concat()
}

#[test]
fn the_exit_code_tells_what_was_found() {
    let folder = cli_program::folder("sdp-lint-exit");
    let fine = cli_program::file(&folder, "fine.sdp", clean().as_bytes());
    assert_eq!(lint(&["--no-config", &fine]).code, 0);
    assert_eq!(lint(&["--no-config", FAULTY]).code, 1);
    assert_eq!(lint(&["--no-config", "--fail-on", "never", FAULTY]).code, 0);
    // The offer of the samples holds warnings and nothing worse.
    assert_eq!(lint(&["--no-config", OFFER]).code, 0);
    assert_eq!(lint(&["--no-config", "--fail-on", "warning", OFFER]).code, 1);
    assert_eq!(
        lint(&["--no-config", "--fail-on", "info", &fine]).code,
        i32::from(!lint(&["--format", "json", &fine]).rules().is_empty())
    );
}

#[test]
fn what_cannot_be_done_is_said_in_a_line() {
    let folder = cli_program::folder("sdp-lint-refused");
    let empty = cli_program::file(&folder, "empty.sdp", b"");
    let picture = cli_program::file(&folder, "picture.sdp", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01");
    let bare = cli_program::folder("sdp-lint-bare");
    cli_program::file(&bare, "package.json", b"{ \"name\": \"x\", }");
    cli_program::file(&bare, "readme.md", b"v=0");
    let bare = bare.to_str().unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["/no/such/offer.sdp"], "/no/such/offer.sdp: cannot be read"),
        (&[&empty], "empty.sdp: expected a session description"),
        (&[&picture], "picture.sdp: expected a session description"),
        (&[bare], "sdp-lint-bare: expected a session description"),
        (&["--select", "sdp-mid-too-lon", FAULTY], "sdp-mid-too-long"),
        (&["--ignore", "mid-to-long", FAULTY], "sdp-mid-too-long"),
        (&["tests/sdp_sample/*.none"], "tests/sdp_sample/*.none: no file matches"),
        (&["-", "-"], "once"),
        (&[CAPTURE, "--fix"], "a-notrickle-vp8-socketio.pcap: a description in such a file cannot be changed in place"),
        (&["fixtures/b-turnutils-udp.pcap"], "b-turnutils-udp.pcap: expected a session description"),
    ];
    for (arguments, said) in cases {
        let err = refused(arguments);
        assert!(err.contains(said) && err.lines().count() == 1, "{arguments:?}: {err}");
    }
    for format in ["json", "sarif", "github"] {
        refused(&["--format", format, bare]);
    }
    // A file that cannot be read keeps none of the others from being looked at.
    let ran = lint(&["/no/such/offer.sdp", FAULTY]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("sdp-mid-too-long"), "{}", ran.out);
}

#[test]
fn reasons_lists_targets_and_profiles() {
    let why = lint(&["--no-config", "--why-rejected", "--target", "chrome", FAULTY]);
    insta::assert_snapshot!("sdp_lint_why_rejected", why.out.replace('\r', ""));
    let none = lint(&["--no-config", "--why-rejected", "--target", "firefox,safari", OFFER]);
    assert_eq!(
        none.out.lines().next().unwrap(),
        format!("{OFFER}: nothing found for which firefox, safari would refuse it")
    );

    let all = lint(&["--no-config", "--list"]);
    assert_eq!((all.code, all.out.lines().count()), (0, rtcscope::lint::rules().count()));
    let some = lint(&["--no-config", "--list", "--select", "mid-*", "--ignore", "mid-too-long"]).out;
    assert!(some.contains("sdp-mid-") && !some.contains("sdp-mid-too-long") && !some.contains("sdp-bundle"), "{some}");

    let targets = |arguments: &[&str]| -> Vec<String> {
        let rows = lint(&[&["--no-config", "--format", "json"], arguments].concat()).json();
        rows[0]["targets"].as_array().unwrap().iter().map(|row| row["target"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(targets(&["--target", "chrome,rfc", FAULTY]), ["chrome", "rfc"]);
    assert_eq!(targets(&[FAULTY]), ["chrome", "firefox", "safari"]);
    assert_eq!(targets(&["--profile", "sip", FAULTY]), [""; 0]);

    let sign = format!("{FAULTY}: held to the profile webrtc, which it looks like: ");
    assert!(lint(&["--no-config", FAULTY]).out.contains(&sign));
    let sip = lint(&["--no-config", "--profile", "sip", FAULTY]).out;
    // Keys in a description are what SIP has, and what WebRTC forbids; what is said needs no sign.
    assert!(!sip.contains("sdp-sdes-in-webrtc") && !sip.contains("held to the profile"), "{sip}");
}

#[test]
fn the_type_of_a_plain_file_is_what_is_said() {
    let text = clean().replace("actpass", "active");
    let rules = |arguments: &[&str]| {
        let arguments = [&["sdp", "lint", "--no-config", "--format", "json"], arguments, &["-"]].concat();
        run_with(&arguments, text.as_bytes()).rules()
    };
    // An answer takes a DTLS role, an offer leaves it open; of what is neither nothing is held.
    let rule = "sdp-setup-offer-not-actpass".to_owned();
    assert!(rules(&["--type", "offer"]).contains(&rule));
    assert!(!rules(&["--type", "answer"]).contains(&rule) && !rules(&[]).contains(&rule));
    // What an envelope says counts more than what is typed.
    let envelope = serde_json::json!({"type": "answer", "sdp": text}).to_string();
    let arguments = ["sdp", "lint", "--no-config", "--type", "offer", "--format", "json", "-"];
    assert!(!run_with(&arguments, envelope.as_bytes()).rules().contains(&rule));
}
