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
    ("a-direct-h264-ws.pcap", &[]),
    ("a-direct-simulcast-vp8-socketio.pcap", &[]),
    ("a-direct-vp8-socketio.pcap", &[]),
    ("a-direct-vp8-socketio.switch.pcap", &[]),
    ("a-direct-vp9-svc-ws-deflate.pcapng", &["info capture-clock-went-back"]),
    ("a-fieldtrial-offload.pcap", &[]),
    ("a-loopback-pcapng.pcapng", &["info capture-clock-went-back"]),
    ("a-mdns-vp8-ws.mdns.pcap", &[]),
    ("a-mdns-vp8-ws.pcap", &[]),
    ("a-notrickle-vp8-socketio.pcap", &["info capture-clock-went-back"]),
    ("a-renegotiate-ws.pcap", &[]),
    ("a-whip-chromium-aiortc.pcap", &[]),
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
    ("c-nat-rebind.b.pcap", &["warning ice-selected-pair-changed", "info ice-pair-unanswered", "info nat-rebinding"]),
    // Inside the NAT the five-tuple stays what it was; the answers tell of another mapped port.
    ("c-nat-rebind.pcap", &["info nat-rebinding"]),
    ("c-nat-sym-public.b.pcap", &["info ice-pair-unanswered"]),
    ("c-nat-sym-public.pcap", &[]),
    ("c-nat-sym-sym.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    ("c-nat-sym-sym.turn.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    // All UDP is dropped: why the call goes through TURN over TCP.
    (
        "c-nat-udp-blocked-turn-tcp.pcap",
        &["warning turn-server-silent", "info turn-allocation-unused", "info ice-pair-unanswered"],
    ),
    ("c-nat-udp-blocked-turn-tcp.turn.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    ("d-consent-loss.pcap", &["error ice-consent-lost"]),
    // ICE is in order; what fails is DTLS.
    ("d-dtls-bad-fingerprint.pcap", &[]),
    // The same.
    ("d-dtls-blocked.pcap", &[]),
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
    ("f-bandwidth-300k.b.pcap", &[]),
    ("f-bandwidth-300k.pcap", &[]),
    ("f-burst-loss.pcap", &[]),
    ("f-delay80-jitter20.pcap", &[]),
    ("f-loss5.b.pcap", &[]),
    ("f-loss5.pcap", &[]),
    ("f-reorder.pcap", &[]),
    ("g-gst-avpf-rtx-twcc.pcap", &[]),
    ("g-gst-avpf-rtx-twcc.recv.pcap", &[]),
    ("g-gst-ip-fragments.pcap", &[]),
    ("g-gst-loss-jitter.pcap", &[]),
    ("g-gst-loss-jitter.recv.pcap", &[]),
    ("g-sip-pcma.pcap", &[]),
    ("h-aiortc-aiortc.pcap", &[]),
    ("h-chromium-str0m-ice-lite.pcap", &[]),
    ("h-chromium-webrtcbin-ice-tcp.pcap", &["info ice-pair-unanswered"]),
    ("h-chromium-webrtcbin.pcap", &[]),
    // The answerer trickles while it still computes its answer.
    ("h-chromium-werift.pcap", &["info signaling-candidate-early", "info stun-icmp-unreachable"]),
    ("h-firefox-offers-chromium.pcap", &[]),
    ("i-chromium-aiortc-loss.b.pcap", &[]),
    ("i-chromium-aiortc-loss.pcap", &[]),
    ("i-chromium-aiortc-vp8.pcap", &[]),
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
    ("x-snaplen96.pcap", &["warning capture-packets-truncated"]),
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
