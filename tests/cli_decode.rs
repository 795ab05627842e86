//! `rtcscope decode` as a whole: every way to give a message, and what is said of one that is none.

#![cfg(feature = "cli")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod cli_program;

use std::io::Write;
use std::process::Stdio;

use cli_program::{CHECK, command, file, folder, run, stderr, stdout, stun};
use serde_json::Value;

/// The request of RFC 5769, section 2.1, which the password `VOkJxbRl1RmTxUk/WvJxBt` of the fragment `evtj` sealed.
const REQUEST: &str = "000100582112a442b7e7a701bc34d686fa87dfae80220010\
    5354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36\
    000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2\
    80280004e57a3bcf";

fn piped(input: &[u8], arguments: &[&str]) -> String {
    let mut child = command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    stdout(&output)
}

fn bytes() -> Vec<u8> {
    (0..REQUEST.len()).step_by(2).map(|at| u8::from_str_radix(&REQUEST[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn the_tree_of_a_message() {
    insta::assert_snapshot!(stdout(&run(&["decode", "stun", REQUEST])));
}

#[test]
fn the_same_tree_as_json() {
    let document: Value = serde_json::from_str(&stdout(&run(&["decode", "--format", "json", REQUEST]))).unwrap();
    assert_eq!([&document["method"], &document["class"], &document["fingerprint"]], ["binding", "request", "valid"]);
    assert_eq!(document["integrity"], "unknown");
    let kind = &document["fields"][0];
    assert_eq!([&kind["name"], &kind["meaning"]], ["stun.type", "Binding Request"]);
    assert_eq!([&kind["offset"], &kind["length"]], [0, 2]);
}

#[test]
fn every_way_to_give_a_message_is_the_same() {
    let folder = folder("decode_ways");
    let wanted = stdout(&run(&["decode", "stun", REQUEST]));
    let spaced: String = bytes().iter().map(|byte| format!("{byte:02X}:")).collect();
    let binary = file(&folder, "message.bin", &bytes());
    assert_eq!(stdout(&run(&["decode", REQUEST])), wanted);
    assert_eq!(stdout(&run(&["decode", "stun", spaced.trim_end_matches(':')])), wanted);
    assert_eq!(stdout(&run(&["decode", &binary])), wanted);
    assert_eq!(piped(&bytes(), &["decode", "stun", "-"]), wanted);
    assert_eq!(piped(REQUEST.as_bytes(), &["decode"]), wanted);
}

#[test]
fn a_password_tells_whether_it_made_the_message() {
    let verdict = |secret: &str| {
        let output = run(&["decode", "--format", "json", "--ice-pwd", secret, REQUEST]);
        let document: Value = serde_json::from_str(&stdout(&output)).unwrap();
        document["integrity"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("evtj=VOkJxbRl1RmTxUk/WvJxBt"), "valid");
    assert_eq!(verdict("evtj=anotherPassword"), "invalid");
    assert_eq!(verdict("h6vY=VOkJxbRl1RmTxUk/WvJxBt"), "unknown");
}

#[test]
fn a_message_that_is_cut_is_shown_as_far_as_it_goes() {
    let message = stun(0x0001, 7, &CHECK);
    let hex: String = message[..30].iter().map(|byte| format!("{byte:02x}")).collect();
    let output = run(&["decode", "stun", &hex]);
    assert!(output.status.success());
    assert!(stdout(&output).contains("reading stopped: "), "{}", stdout(&output));
}

#[test]
fn what_is_no_message_is_refused_in_one_line() {
    for (arguments, part) in [
        (&["decode", "zz not hex"][..], "hex, base64 or the path of a file"),
        (&["decode", "sutn", "0001"], "`sutn`"),
        (&["decode", "stun", "0001"], "2 bytes"),
        (&["decode", "80c800060000000055ce4da5c2e0b2ae00000000"], "STUN"),
        (&["decode", "4500003400000000401100007f0000017f000001"], "STUN"),
    ] {
        let output = run(arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stdout(&output));
        assert!(said.lines().count() == 1 && said.contains(part), "{said}");
    }
}
