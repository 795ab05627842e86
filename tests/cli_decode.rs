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
use rtcscope::wire::rtcp::feedback::{GenericNack, TransportWideFeedback};
use rtcscope::wire::rtcp::{self, Body, ReceiverReport, ReportBlock};
use rtcscope::wire::rtp::{self, NtpMiddle, PayloadType, RtpTimestamp, SequenceNumber, Ssrc};
use serde_json::{Value, json};

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
        (&["decode", "rtp", "80600001"], "RTP"),
        (&["decode", "rtp", "000100002112a442b7e7a701bc34d686fa87dfae"], "version"),
        (&["decode", "rtcp", "0001"], "RTCP"),
        (&["decode", "8060000100000000"], "STUN"),
        (&["decode", "4500003400000000401100007f0000017f000001"], "STUN"),
    ] {
        let output = run(arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stdout(&output));
        assert!(said.lines().count() == 1 && said.contains(part), "{said}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn json_of(arguments: &[&str]) -> Value {
    serde_json::from_str(&stdout(&run(&[&["decode", "--format", "json"], arguments].concat()))).unwrap()
}

/// A key frame of VP8 with a mid, a send time and an id that is not told.
fn packet() -> Vec<u8> {
    rtp::Builder::new(Ssrc(0x1234_5678))
        .payload_type(PayloadType(96))
        .marker(true)
        .sequence_number(SequenceNumber(65535))
        .timestamp(RtpTimestamp(90_000))
        .extension(1, b"0")
        .extension(2, &[0x12, 0x34, 0x56])
        .extension(14, &[9])
        .payload(&[0x90, 0x80, 0x91, 0x22, 0x10, 2, 0, 0x9D, 1, 0x2A, 0x80, 0x42, 0x68, 0x01, 9])
        .emit()
        .unwrap()
}

/// A receiver that reports, misses packets and tells when others came.
fn compound() -> Vec<u8> {
    let report = ReportBlock {
        ssrc: Ssrc(2),
        fraction_lost: 64,
        cumulative_lost: -3,
        extended_highest_sequence: 0x1_0005,
        jitter: 90,
        last_sender_report: NtpMiddle(0x1234_5678),
        delay_since_last: 0x8000,
    };
    let missed = [65535, 0, 9].map(SequenceNumber);
    let arrivals = [Some(64_250), None, Some(64_000)];
    let feedback = TransportWideFeedback::of((Ssrc(1), Ssrc(2)), 7, SequenceNumber(65535), &arrivals).unwrap();
    rtcp::Builder::new()
        .packet(&Body::ReceiverReport(ReceiverReport { ssrc: Ssrc(1), reports: vec![report], extension: &[] }))
        .packet(&Body::GenericNack(GenericNack::of(Ssrc(1), Ssrc(2), &missed)))
        .packet(&Body::TransportWideFeedback(feedback))
        .emit()
        .unwrap()
}

/// The clear bytes of a compound, what could be ciphertext, and a trailer with the index 300.
fn secure(gcm: bool) -> Vec<u8> {
    let ciphertext: Vec<u8> = (0..24_u8).map(|place| place.wrapping_mul(151).wrapping_add(99)).collect();
    let (index, tag) = ([0x80, 0, 0x01, 0x2C], [0xA5; 16]);
    let trailer = if gcm { [&tag[..], &index].concat() } else { [&index[..], &tag[..10]].concat() };
    [&compound()[..8], &ciphertext, &trailer].concat()
}

#[test]
fn the_tree_of_an_rtp_packet() {
    let uri = "2=http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    let message = hex(&packet());
    let arguments = ["decode", "rtp", "--extmap", "1=sdes:mid", "--extmap", uri, "--codec", "VP8", &message];
    insta::assert_snapshot!(stdout(&run(&arguments)));
}

#[test]
fn the_tree_of_an_srtp_packet_ends_with_its_header() {
    insta::assert_snapshot!(stdout(&run(&["decode", "rtp", "--srtp", &hex(&packet())])));
}

#[test]
fn the_tree_of_an_rtcp_compound() {
    insta::assert_snapshot!(stdout(&run(&["decode", "rtcp", &hex(&compound())])));
}

#[test]
fn the_tree_of_srtcp_says_where_its_index_was_found() {
    insta::assert_snapshot!("srtcp_hmac", stdout(&run(&["decode", "rtcp", "--srtp", &hex(&secure(false))])));
    insta::assert_snapshot!("srtcp_gcm", stdout(&run(&["decode", "rtcp", "--srtp=gcm", &hex(&secure(true))])));
}

#[test]
fn rtp_and_rtcp_are_guessed() {
    let folder = folder("decode_guesses");
    for (kind, bytes) in [("rtp", packet()), ("rtcp", compound())] {
        let wanted = stdout(&run(&["decode", kind, &hex(&bytes)]));
        assert_eq!(stdout(&run(&["decode", &hex(&bytes)])), wanted);
        assert_eq!(stdout(&run(&["decode", &file(&folder, kind, &bytes)])), wanted);
        assert_eq!(json_of(&[&hex(&bytes)])["kind"], kind);
    }
}

#[test]
fn rtp_and_rtcp_as_json() {
    let shown = json_of(&["--codec", "vp8", &hex(&packet())]);
    let numbers = ["payloadType", "sequenceNumber", "timestamp", "ssrc"].map(|name| shown[name].as_u64().unwrap());
    assert_eq!(numbers, [96, 65535, 90_000, 0x1234_5678]);
    assert_eq!([&shown["codec"], &shown["marker"], &shown["encrypted"]], [&json!("VP8"), &json!(true), &json!(false)]);
    let shown = json_of(&[&hex(&compound())]);
    assert_eq!((&shown["packetTypes"], &shown["senderSsrc"]), (&json!([201, 205, 205]), &json!(1)));
    assert_eq!((&shown["trailer"], &shown["fault"], &shown["notes"]), (&Value::Null, &Value::Null, &json!([])));
    let shown = json_of(&["--srtp", &hex(&secure(true))]);
    let trailer = json!({ "layout": "gcm", "inferred": true, "encrypted": true, "index": 300, "offset": 48 });
    assert_eq!((&shown["packetTypes"], &shown["trailer"]), (&json!([201]), &trailer));
}

#[test]
fn srtcp_given_as_plain_is_noticed() {
    for gcm in [false, true] {
        let shown = json_of(&["rtcp", &hex(&secure(gcm))]);
        let note = shown["notes"][0].as_str().unwrap();
        let layout = if gcm { "gcm" } else { "hmac" };
        assert!(note.starts_with("looks like SRTCP") && note.contains(layout) && note.contains("300"), "{note}");
    }
}

#[test]
fn a_trailer_that_does_not_fit_is_not_made_up() {
    let shown = json_of(&["rtcp", "--srtp", &hex(&secure(false)[..30])]);
    assert_eq!(shown["trailer"], Value::Null);
    assert!(shown["notes"][0].as_str().unwrap().contains("no trailer of SRTCP is recognised"));
    let output = run(&["decode", "rtcp", "--srtp=gcm", &hex(&secure(true)[..20])]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("needs 28 bytes, 20 are left"), "{}", stderr(&output));
}

#[test]
fn one_kind_read_as_the_other_is_noticed() {
    let as_rtp = stdout(&run(&["decode", "rtp", &hex(&compound())]));
    assert!(as_rtp.contains("is one of RTCP"), "{as_rtp}");
    let as_rtcp = stdout(&run(&["decode", "rtcp", &hex(&packet())]));
    assert!(as_rtcp.contains("packet type 224 is not one of RTCP"), "{as_rtcp}");
}

#[test]
fn a_packet_that_is_cut_is_shown_as_far_as_it_goes() {
    let shown = stdout(&run(&["decode", "rtp", &hex(&packet()[..18])]));
    assert!(shown.contains("reading stopped: header extension data"), "{shown}");
    let shown = stdout(&run(&["decode", "rtcp", &hex(&compound()[..50])]));
    assert!(shown.contains("reading stopped: "), "{shown}");
}

#[test]
fn an_option_that_says_nothing_is_refused_with_a_hint() {
    let (media, feedback) = (hex(&packet()), hex(&compound()));
    for (arguments, part) in [
        (&["--codec", "vp7", &media][..], "(is it VP8 or VP9?)"),
        (&["--codec", "quicktime", &media], "(known are rtx, red,"),
        (&["--extmap", "2=abs-sent-time", &media], "(is it abs-send-time?)"),
        (&["--extmap", "abs-send-time", &media], "ID=URI or ID=NAME"),
        (&["--extmap", "0=abs-send-time", &media], "from 1 to 255"),
        (&["--codec", "VP8", &feedback], "--codec: expected with RTP, found with RTCP"),
        (&["--extmap", "2=toffset", REQUEST], "--extmap: expected with RTP, found with a STUN message"),
        (&["--srtp", REQUEST], "--srtp: expected with RTP or RTCP, found with a STUN message"),
        (&["--srtp=aes", &media], "possible values"),
        (&["--srtp", "--codec", "VP8", &media], "cannot be used with"),
    ] {
        let output = run(&[&["decode"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stdout(&output));
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}
