//! The findings of real captures whose story is known, each reviewed against what was recorded when it was made.
//!
//! Calls that connected and met no trouble give no warning and no error; each that failed gives the finding that tells why.

#![cfg(feature = "capture")]
#![allow(clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::path::{Path, PathBuf};

use rtcscope::analyze::{Analyzer, Options};
use rtcscope::capture::Reader;

/// Captures and what they deserve, worst first.
const CAPTURES: &[(&str, &[&str])] = &[
    ("a-direct-dtls-in-stun.pcap", &[]),
    ("a-direct-dtls-nopqc.pcap", &[]),
    ("a-direct-h264-ws.pcap", &["info rtp-freeze"]),
    // The answer was munged to take simulcast, which the browser behind it cannot decode: it decoded no frame and asked for key frames
    // 16 times, as the statistics of both say.
    ("a-direct-simulcast-vp8-socketio.pcap", &["warning rtp-key-frame-storm", "info negotiation-one-way"]),
    ("a-direct-vp8-socketio.pcap", &[]),
    ("a-direct-vp8-socketio.switch.pcap", &[]),
    ("a-direct-vp9-svc-ws-deflate.pcapng", &["info capture-clock-went-back"]),
    ("a-fieldtrial-offload.pcap", &[]),
    ("a-loopback-pcapng.pcapng", &["info capture-clock-went-back"]),
    ("a-mdns-vp8-ws.mdns.pcap", &[]),
    ("a-mdns-vp8-ws.pcap", &[]),
    ("a-notrickle-vp8-socketio.pcap", &["info rtp-loss", "info rtp-loss", "info capture-clock-went-back"]),
    // The camera is one way from the start; the call is on hold for two seconds: sound one way, no picture at all.
    ("a-renegotiate-ws.pcap", &["info negotiation-one-way", "info negotiation-one-way", "info negotiation-one-way"]),
    // The server of WHIP only receives.
    ("a-whip-chromium-aiortc.pcap", &["info negotiation-one-way"]),
    ("b-stun-nat-discovery-5780.pcap", &[]),
    // Each request wrong once, on purpose.
    (
        "b-turn-errors-raw.pcap",
        &[
            "warning turn-request-refused",
            "warning turn-permission-missing",
            "warning turn-permission-missing",
            "info turn-allocation-unused",
        ],
    ),
    ("b-turn-expire-raw.pcap", &["error turn-allocation-expired"]),
    ("b-turn-forbidden-peer.pcap", &["error turn-peer-forbidden", "info turn-allocation-unused"]),
    ("b-turn-forbidden-peer.turn.pcap", &["error turn-peer-forbidden", "info turn-allocation-unused"]),
    ("b-turn-long.pcap", &[]),
    ("b-turn-quota.pcap", &["error turn-quota-reached", "info turn-allocation-unused"]),
    ("b-turn-quota.turn.pcap", &["error turn-quota-reached", "info turn-allocation-unused"]),
    // The server drops permission and channel after 8 s, which no message says: the relay falls silent.
    ("b-turn-short-lifetimes.pcap", &["error ice-consent-lost"]),
    // Nonces of 5 s: a nuisance, and the call works.
    ("b-turn-stale-nonce.pcap", &["info turn-nonce-short-lived"]),
    ("b-turn-tcp-relay.pcap", &["info turn-allocation-unused"]),
    ("b-turn-udp-relay.pcap", &["info turn-allocation-unused"]),
    ("b-turn-udp-relay.turn.pcap", &["info turn-allocation-unused"]),
    ("b-turn-unreachable.pcap", &["error stun-icmp-unreachable"]),
    ("b-turn-wrong-password.pcap", &["error turn-wrong-credentials"]),
    ("b-turn-wrong-password.turn.pcap", &["error turn-wrong-credentials", "info turn-allocation-unused"]),
    ("b-turnutils-tcp-6062.pcap", &["info turn-allocation-unused"]),
    ("b-turnutils-tcp-6062.turn.pcap", &["info turn-allocation-unused"]),
    ("b-turnutils-udp.pcap", &[]),
    ("b-turnutils-udp.turn.pcap", &[]),
    ("c-nat-cone-cone.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    ("c-nat-cone-cone.turn.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    // The NAT of A forgot its binding: 3.8 s without answers, then another port.
    (
        "c-nat-rebind.b.pcap",
        &["warning ice-selected-pair-changed", "info ice-pair-unanswered", "info nat-rebinding", "info rtp-freeze"],
    ),
    // Inside the NAT the five-tuple stays what it was; the answers tell of another mapped port.
    ("c-nat-rebind.pcap", &["error rtp-loss", "info nat-rebinding", "info rtp-freeze"]),
    ("c-nat-sym-public.b.pcap", &["info ice-pair-unanswered"]),
    ("c-nat-sym-public.pcap", &[]),
    ("c-nat-sym-sym.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    ("c-nat-sym-sym.turn.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    // All UDP is dropped: why the call goes through TURN over TCP.
    (
        "c-nat-udp-blocked-turn-tcp.pcap",
        &["warning turn-server-silent", "info turn-allocation-unused", "info ice-pair-unanswered", "info rtp-freeze"],
    ),
    (
        "c-nat-udp-blocked-turn-tcp.turn.pcap",
        &["info turn-allocation-unused", "info ice-pair-unanswered", "info rtp-freeze"],
    ),
    ("d-consent-loss.pcap", &["error ice-consent-lost"]),
    // ICE is in order; what fails is DTLS.
    ("d-dtls-bad-fingerprint.pcap", &[]),
    // The same.
    ("d-dtls-blocked.pcap", &["error rtp-never-starts"]),
    ("d-ice-restart.pcap", &["info ice-restart"]),
    ("d-ice-role-conflict.pcap", &["info ice-role-conflict"]),
    ("d-ice-udp-blocked.pcap", &["error ice-checks-unanswered"]),
    ("d-ice-udp-blocked.switch.pcap", &["error ice-checks-unanswered"]),
    ("d-ice-wrong-pwd.pcap", &["error ice-wrong-password"]),
    // The network in use was cut; the call moved to the other one.
    ("d-multihomed-switch.pcap", &["warning ice-selected-pair-changed"]),
    ("d-prflx-only.pcap", &[]),
    ("e-dc-aiortc-offers-chromium.pcap", &[]),
    ("e-dc-chromium-aiortc.pcap", &[]),
    ("e-dc-chromium-chromium.pcap", &[]),
    ("e-dc-chromium-node-datachannel.pcap", &[]),
    // A queue of 400 ms that never overflows: all that shows is jitter.
    ("f-bandwidth-300k.b.pcap", &["info rtp-jitter"]),
    ("f-bandwidth-300k.pcap", &["info rtp-jitter"]),
    ("f-burst-loss.pcap", &["warning rtp-loss"]),
    // Jitter of 20 ms is more than the distance of the packets of a frame.
    ("f-delay80-jitter20.pcap", &["warning rtp-reordering", "info rtp-jitter"]),
    ("f-loss5.b.pcap", &["warning rtp-loss"]),
    ("f-loss5.pcap", &["warning rtp-loss"]),
    ("f-reorder.pcap", &[]),
    ("g-gst-avpf-rtx-twcc.pcap", &[]),
    ("g-gst-avpf-rtx-twcc.recv.pcap", &["warning rtp-loss"]),
    ("g-gst-ip-fragments.pcap", &["warning rtp-fragments"]),
    // Before the emulator: the sender itself sends sound in pieces of 40 ms and more.
    ("g-gst-loss-jitter.pcap", &["warning rtp-jitter", "warning rtcp-loss-behind"]),
    ("g-gst-loss-jitter.recv.pcap", &["warning rtp-jitter", "warning rtp-reordering", "warning rtp-loss"]),
    // Both sides play the same recording, SSRC and all.
    ("g-sip-pcma.pcap", &["warning rtp-ssrc-collision"]),
    // The default track of aiortc is silent.
    ("h-aiortc-aiortc.pcap", &["info rtp-audio-silent", "info rtp-audio-silent"]),
    ("h-chromium-str0m-ice-lite.pcap", &[]),
    ("h-chromium-webrtcbin-ice-tcp.pcap", &["info ice-pair-unanswered"]),
    ("h-chromium-webrtcbin.pcap", &[]),
    // The answerer trickles while it still computes its answer.
    (
        "h-chromium-werift.pcap",
        &["info signaling-candidate-early", "info stun-icmp-unreachable", "info rtp-freeze", "info rtp-freeze"],
    ),
    ("h-firefox-offers-chromium.pcap", &[]),
    ("i-chromium-aiortc-loss.b.pcap", &["warning rtp-loss"]),
    ("i-chromium-aiortc-loss.pcap", &["warning rtp-loss", "info rtp-audio-silent"]),
    ("i-chromium-aiortc-vp8.pcap", &["info rtp-audio-silent"]),
    ("i-chromium-rtpdump.pcap", &[]),
    (
        "x-bigendian.pcap",
        &[
            "warning turn-request-refused",
            "warning turn-permission-missing",
            "warning turn-permission-missing",
            "info turn-allocation-unused",
        ],
    ),
    (
        "x-cut-file.pcap",
        &["warning turn-request-refused", "warning turn-permission-missing", "warning capture-cut-off"],
    ),
    ("x-dsb.pcapng", &[]),
    // Roles and USE-CANDIDATE are behind the cut.
    ("x-snaplen96.pcap", &["warning capture-packets-truncated", "info rtp-freeze"]),
];

fn folder() -> Option<PathBuf> {
    let Some(corpus) = std::env::var_os("RTCSCOPE_CORPUS") else {
        println!("skipped: RTCSCOPE_CORPUS is not set");
        return None;
    };
    Some(PathBuf::from(corpus).join("captures"))
}

fn told(path: &Path) -> Vec<String> {
    let mut reader = Reader::open(path).expect("a capture");
    let analysis = Analyzer::new(Options::default()).analyze(&mut reader, |_| (), |_| ());
    analysis.findings.iter().map(|finding| format!("{} {}", finding.severity, finding.rule.name)).collect()
}

#[test]
fn every_capture_gives_the_findings_that_its_story_deserves() {
    let Some(folder) = folder() else { return };
    let wrong: Vec<String> = CAPTURES
        .iter()
        .map(|(name, expected)| (name, expected, told(&folder.join(name))))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(name, expected, found)| format!("{name}: expected {expected:?}, found {found:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_capture_is_in_the_table() {
    let Some(folder) = folder() else { return };
    for entry in folder.read_dir().expect("the folder of captures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng") {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            assert!(CAPTURES.iter().any(|(known, _)| *known == name), "{name} is not in the table of this test");
        }
    }
}
