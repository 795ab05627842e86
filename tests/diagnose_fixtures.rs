//! Every rule fires on a file of `fixtures/`, and every fixture gives exactly the findings that its story deserves.

#![cfg(feature = "capture")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[cfg(feature = "cli")]
mod cli_program;

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use rtcscope::analyze::{Analyzer, Options};
use rtcscope::capture::Reader;
use rtcscope::finding::{Finding, Severity};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn findings(bytes: Vec<u8>) -> Vec<Finding> {
    let mut reader = Reader::from_read(Cursor::new(bytes)).expect("a capture");
    Analyzer::new(Options::default()).analyze(&mut reader, |_| (), |_| ()).findings
}

fn of_fixture(name: &str) -> Vec<Finding> {
    findings(fs::read(folder().join(name)).expect(name))
}

/// The rules of `findings` with their severities, in order.
fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.severity, finding.rule.name)).collect()
}

/// What each fixture deserves. Worst first, as the report gives it.
const FIXTURES: &[(&str, &[&str])] = &[
    ("a-loopback-pcapng.pcapng", &["info capture-clock-went-back"]),
    ("a-notrickle-vp8-socketio.pcap", &[]),
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
    ("b-turn-forbidden-peer.turn.pcap", &["error turn-peer-forbidden", "info turn-allocation-unused"]),
    ("b-turn-quota.turn.pcap", &["error turn-quota-reached", "info turn-allocation-unused"]),
    ("b-turn-refused-raw.pcap", &["error turn-allocation-refused"]),
    // The server drops permission and channel after 8 s, which no message says: what shows is that the relay falls silent.
    ("b-turn-short-lifetimes.pcap", &["error ice-consent-lost"]),
    // It was thinned: most of its media is missing.
    ("b-turn-stale-nonce.pcap", &["error rtp-loss", "info turn-nonce-short-lived"]),
    ("b-turn-udp-relay.pcap", &["info turn-allocation-unused"]),
    ("b-turn-udp-relay.turn.pcap", &["info turn-allocation-unused"]),
    ("b-turn-unreachable.pcap", &["error stun-icmp-unreachable"]),
    ("b-turn-wrong-password.turn.pcap", &["error turn-wrong-credentials", "info turn-allocation-unused"]),
    ("b-turnutils-tcp-6062.pcap", &["info turn-allocation-unused"]),
    ("b-turnutils-udp.pcap", &[]),
    ("c-nat-cone-cone.turn.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    // TURN over UDP is dropped, TURN over TCP makes the call.
    (
        "c-nat-udp-blocked-turn-tcp.pcap",
        &["warning turn-server-silent", "info turn-allocation-unused", "info ice-pair-unanswered"],
    ),
    ("craft-agents-disagree.pcap", &["error ice-agents-disagree"]),
    ("craft-allocation-expires.pcap", &["error turn-allocation-expired"]),
    ("craft-allocation-lost.pcap", &["error turn-allocation-lost"]),
    ("craft-bad-fingerprint.pcap", &["warning stun-fingerprint-invalid"]),
    ("craft-classic-stun.pcap", &["info stun-classic"]),
    ("craft-clock-goes-back.pcap", &["warning capture-clock-went-back"]),
    ("craft-double-nat.pcap", &["info nat-double"]),
    ("craft-dropped-by-kernel.pcapng", &["warning capture-kernel-drops"]),
    ("craft-good-call-ipv6-vlan.pcap", &[]),
    ("craft-hairpin.pcap", &["info ice-pair-unanswered", "info nat-hairpin"]),
    ("craft-ice-failed.pcap", &["error ice-failed"]),
    ("craft-late-nomination.pcap", &["warning ice-nomination-late"]),
    ("craft-limit-reached.pcap", &["warning capture-limit-reached"]),
    ("craft-malformed.pcap", &["info stun-malformed"]),
    ("craft-nat-address-dependent.pcap", &[]),
    ("craft-nat-address-restricted.pcap", &[]),
    ("craft-nat-classic.pcap", &["info stun-classic"]),
    ("craft-nat-full-cone.pcap", &[]),
    ("craft-nat-port-restricted.pcap", &[]),
    ("craft-nat-relayed-pair.pcap", &["info ice-pair-unanswered", "info nat-symmetric-pair"]),
    ("craft-nat-symmetric.pcap", &[]),
    ("craft-nat-unasked-check.pcap", &[]),
    ("craft-never-nominated.pcap", &["error ice-nomination-missing"]),
    // Its media is without RTCP, too.
    ("craft-outage.pcap", &["warning rtcp-missing", "warning ice-disconnected"]),
    ("craft-permission-and-channel-expire.pcap", &["warning turn-permission-expired", "warning turn-channel-expired"]),
    ("craft-permission-missing.pcap", &["warning turn-permission-missing"]),
    ("craft-rebinding.pcap", &["info nat-rebinding"]),
    ("craft-rebinding-outside.pcap", &["info nat-rebinding", "info ice-selected-pair-changed"]),
    ("craft-relayed-although-direct.pcap", &["warning ice-relayed-although-direct"]),
    ("craft-response-from-elsewhere.pcap", &["error stun-response-elsewhere"]),
    ("craft-stale-nonce-loop.pcap", &["error turn-stale-nonce-loop"]),
    ("craft-stun-server-silent.pcap", &["warning stun-server-silent"]),
    ("craft-symmetric-pair.pcap", &["error ice-checks-unanswered", "warning nat-symmetric-pair"]),
    ("craft-turn-server-silent.pcap", &["error turn-server-silent"]),
    // Their signalling is in the capture.
    ("craft-answer-late.pcap", &["warning signaling-answer-late"]),
    ("craft-answer-missing.pcap", &["error signaling-answer-missing"]),
    ("craft-answered-twice.pcap", &["warning signaling-illegal-transition"]),
    (
        "craft-candidates-misplaced.pcap",
        &["error ice-checks-unanswered", "warning signaling-candidate-early", "warning signaling-candidate-late"],
    ),
    ("craft-candidates-not-checked.pcap", &["error ice-checks-unanswered", "warning ice-candidates-not-checked"]),
    ("craft-candidates-not-signaled.pcap", &["error ice-checks-unanswered", "warning ice-candidates-not-signaled"]),
    ("craft-codecs-altered.pcap", &["info signaling-description-altered"]),
    ("craft-description-altered.pcap", &["error ice-wrong-password", "warning signaling-description-altered"]),
    ("craft-fragment-not-signaled.pcap", &["error ice-checks-unanswered", "warning ice-fragment-not-signaled"]),
    ("craft-glare.pcap", &["warning signaling-glare"]),
    ("craft-mdns-unresolved.pcap", &["error ice-checks-unanswered", "warning ice-mdns-unresolved"]),
    ("craft-media-before-answer.pcap", &["warning call-media-before-answer"]),
    ("craft-no-relay-candidate.pcap", &["error ice-checks-unanswered", "warning ice-no-relay-candidate"]),
    ("craft-nothing-checked.pcap", &["error ice-candidates-not-checked"]),
    ("craft-password-not-signaled.pcap", &["warning ice-integrity-invalid"]),
    ("craft-perfect-negotiation.pcap", &["info signaling-glare"]),
    ("craft-private-candidates-only.pcap", &["error ice-checks-unanswered", "warning ice-private-candidates-only"]),
    ("craft-renegotiation-unanswered.pcap", &["error signaling-answer-missing"]),
    ("craft-restart-unanswered.pcap", &["warning signaling-restart-unanswered"]),
    ("craft-rollback.pcap", &[]),
    ("craft-sdp-fault.pcap", &["error ice-checks-unanswered", "warning signaling-sdp-fault"]),
    ("craft-sip-cancelled.pcap", &["info call-cancelled"]),
    ("craft-sip-early-media.pcap", &[]),
    ("craft-sip-refused.pcap", &["info call-refused"]),
    ("craft-sip-unheard.pcap", &["info signaling-one-way"]),
    ("craft-websocket-call.pcap", &[]),
    ("craft-whip-call.pcap", &[]),
    ("d-consent-loss.pcap", &["error ice-consent-lost"]),
    // Thinned.
    ("d-disconnected.pcap", &["error rtp-loss", "error rtp-loss", "warning ice-disconnected"]),
    ("d-ice-restart.pcap", &["info ice-restart"]),
    ("d-ice-role-conflict.pcap", &["info ice-role-conflict"]),
    ("d-ice-udp-blocked.pcap", &["error ice-checks-unanswered"]),
    ("d-ice-udp-blocked.switch.pcap", &["error ice-checks-unanswered"]),
    ("d-ice-wrong-pwd.pcap", &["error ice-wrong-password"]),
    // Thinned.
    (
        "d-multihomed-switch.pcap",
        &["error rtp-loss", "error rtp-loss", "error rtp-loss", "error rtp-loss", "warning ice-selected-pair-changed"],
    ),
    ("d-prflx-only.pcap", &[]),
    ("e-dc-aiortc-offers-chromium.pcap", &[]),
    ("h-chromium-str0m-ice-lite.pcap", &[]),
    ("h-chromium-webrtcbin-ice-tcp.pcap", &["info ice-pair-unanswered"]),
    (
        "x-bigendian.pcap",
        &[
            "warning turn-request-refused",
            "warning turn-permission-missing",
            "warning turn-permission-missing",
            "info turn-allocation-unused",
        ],
    ),
    ("x-copies.pcap", &["info capture-copies"]),
    (
        "x-cut-file.pcap",
        &["warning turn-request-refused", "warning turn-permission-missing", "warning capture-cut-off"],
    ),
    ("x-damaged.pcap", &["error capture-damaged", "warning turn-request-refused", "warning turn-permission-missing"]),
    ("x-one-way.pcap", &["warning capture-one-way"]),
    ("x-snaplen96.pcap", &["warning capture-packets-truncated"]),
    ("g-gst-ip-fragments.pcap", &["warning rtp-fragments"]),
    ("craft-media-never-starts.pcap", &["error rtp-never-starts"]),
    ("craft-media-stops.pcap", &["warning rtp-stops"]),
    ("craft-relay-loss.pcap", &["warning rtp-relay-loss"]),
    (
        "craft-rtp-formats.pcap",
        &["warning rtp-extension-id-unknown", "warning rtp-ssrc-collision", "warning rtp-payload-type-unknown"],
    ),
    ("craft-rtp-loss-burst.pcap", &["warning rtp-loss"]),
    ("craft-rtp-muted.pcap", &["info rtp-audio-silent"]),
    ("craft-rtp-one-way.pcap", &["error rtp-one-way"]),
    (
        "craft-rtp-pictures.pcap",
        &["warning rtp-frame-rate-collapse", "warning rtp-key-frame-storm", "warning rtp-freeze", "info rtp-jitter"],
    ),
    (
        "craft-rtp-uneven.pcap",
        &[
            "warning rtp-jitter",
            "warning rtp-reordering",
            "warning rtp-duplicates",
            "warning rtp-clock-drift",
            "warning rtp-discontinuity",
        ],
    ),
    // Its video was agreed on for one direction.
    (
        "craft-rtcp-feedback.pcap",
        &[
            "error rtcp-loss-behind",
            "warning rtcp-nack-unanswered",
            "warning rtcp-estimate-below-sent",
            "warning rtcp-key-frame-late",
            "info negotiation-one-way",
        ],
    ),
    ("craft-negotiation-contradiction.pcap", &["warning negotiation-contradiction"]),
    ("craft-negotiation-dtls-conflict.pcap", &["error negotiation-dtls-role"]),
    ("craft-negotiation-dtls-other-client.pcap", &["error negotiation-dtls-role"]),
    ("craft-negotiation-media-refused.pcap", &["info negotiation-media-refused"]),
    ("craft-negotiation-no-common-codec.pcap", &["warning negotiation-no-common-codec"]),
    // The agreed direction explains it: rtp-one-way has nothing to say.
    ("craft-negotiation-one-way.pcap", &["info negotiation-one-way"]),
];

#[test]
fn every_fixture_gives_the_findings_that_its_story_deserves() {
    let mut wrong = Vec::new();
    for (name, expected) in FIXTURES {
        let found = told(&of_fixture(name));
        if found != *expected {
            wrong.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fixture_has_its_story() {
    let known: BTreeSet<&str> = FIXTURES.iter().map(|(name, _)| *name).collect();
    let read_me = fs::read_to_string(folder().join("README.md")).expect("the page about the fixtures");
    for entry in fs::read_dir(folder()).expect("the folder of fixtures") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        if path.is_file() && name != "README.md" {
            // What lies beside a capture is told with it.
            assert!(
                known.contains(name) || name.ends_with(".internals.json"),
                "{name} is not in the table of this test"
            );
            assert!(
                read_me.contains(&format!("\n| `{name}` |")),
                "fixtures/README.md does not say how {name} was made"
            );
        }
    }
}

/// What the program is run on: every fixture, and some with passwords given.
#[cfg(feature = "cli")]
mod program {
    use std::collections::BTreeSet;

    use rtcscope::diagnose;
    use serde_json::Value;

    use super::{FIXTURES, cli_program, folder};

    /// A fixture, the options beside it, and what it deserves with them.
    type WithPasswords = (&'static str, &'static [&'static str], &'static [&'static str]);

    const WITH_PASSWORDS: &[WithPasswords] = &[
        ("craft-good-call-ipv6-vlan.pcap", &["--ice-pwd", "Bbbb=bbbbbbbbbbbbbbbbbbbbbb"], &[]),
        ("craft-good-call-ipv6-vlan.pcap", &["--ice-pwd", "Bbbb=not the password"], &["warning ice-integrity-invalid"]),
        ("b-turn-udp-relay.pcap", &["--turn-credential", "alice=s3cret"], &["info turn-allocation-unused"]),
        (
            "b-turn-udp-relay.pcap",
            &["--turn-credential", "alice=not the password"],
            &["warning turn-integrity-invalid", "info turn-allocation-unused"],
        ),
    ];

    /// What `rtcscope analyze` finds, in the words of the tables.
    fn found(name: &str, options: &[&str]) -> Vec<String> {
        let path = folder().join(name);
        let mut arguments = vec!["analyze", "--format", "json", path.to_str().expect("UTF-8")];
        arguments.extend(options);
        let output = cli_program::run(&arguments);
        let document: Value = serde_json::from_slice(&output.stdout).expect("a JSON document");
        let findings = document["findings"].as_array().expect("findings");
        let told = |finding: &Value| Some(format!("{} {}", finding["severity"].as_str()?, finding["rule"].as_str()?));
        findings.iter().map(|finding| told(finding).expect("severity and rule")).collect()
    }

    #[test]
    fn a_password_is_held_against_messages_only_where_it_does_not_fit() {
        for (name, options, expected) in WITH_PASSWORDS {
            assert_eq!(found(name, options), *expected, "{name} {options:?}");
        }
    }

    #[test]
    fn every_rule_fires_on_a_fixture() {
        let plain = FIXTURES.iter().map(|(name, expected)| (*name, &[] as &[&str], *expected));
        let mut silent: BTreeSet<&str> = diagnose::rules().map(|rule| rule.name).collect();
        for (name, options, expected) in plain.chain(WITH_PASSWORDS.iter().copied()) {
            let rule = |told: &str| told.split_once(' ').map(|(_, rule)| rule.to_owned()).expect("severity and rule");
            if expected.iter().any(|told| silent.contains(rule(told).as_str())) {
                for told in found(name, options) {
                    silent.remove(rule(&told).as_str());
                }
            }
        }
        assert!(silent.is_empty(), "no fixture makes these fire: {silent:?}");
    }
}

#[test]
fn what_the_capture_cuts_off_is_not_held_against_anybody() {
    // Whatever packet a good call is cut after, nothing is lost, refused, disconnected or unanswered yet.
    let good = [
        ("craft-good-call-ipv6-vlan.pcap", 7),
        ("craft-websocket-call.pcap", 61),
        ("craft-whip-call.pcap", 61),
        ("craft-rollback.pcap", 61),
        ("craft-sip-early-media.pcap", 61),
    ];
    for (name, step) in good {
        let bytes = fs::read(folder().join(name)).expect("a fixture");
        for end in (24..bytes.len()).step_by(step) {
            for finding in findings(bytes[..end].to_vec()) {
                assert_eq!(finding.rule.name, "capture-cut-off", "{name}, {end} bytes: {}", finding.message);
            }
        }
    }
}

#[test]
fn worst_comes_first_and_every_finding_says_what_it_is_about() {
    for (name, _) in FIXTURES {
        let found = of_fixture(name);
        assert!(found.is_sorted_by_key(|finding| std::cmp::Reverse(finding.severity)), "{name}");
        for finding in &found {
            assert!(finding.subject.is_some(), "{name}: {}", finding.message);
            assert!(
                finding.severity == Severity::Info
                    || finding.moment.is_some()
                    || finding.rule.name.starts_with("capture-")
            );
            assert!(!finding.message.is_empty() && !finding.message.contains(['\n', '\t']), "{name}");
        }
    }
}

/// The sentences that a person reads, for the stories told most often.
#[test]
fn messages_are_sentences_with_the_names_and_numbers_of_the_case() {
    let said = |name: &str| of_fixture(name).iter().map(|finding| finding.message.clone()).collect::<Vec<_>>();
    assert_eq!(
        said("d-ice-udp-blocked.pcap"),
        [
            "n4/c (controlling) sent 240 checks 10.77.0.11:48654 → 10.77.0.12:56809 over 15.0 s; none was answered, and no \
          check of WxLh was seen"
        ]
    );
    assert_eq!(
        said("d-ice-wrong-pwd.pcap"),
        [
            "AuMs (controlling) sent 468 checks and wesv answered 468 of them with 401: what AuMs takes for the ice-pwd of \
          wesv is not it; wesv has a pair that works and may call itself connected"
        ]
    );
    assert_eq!(
        said("d-consent-loss.pcap"),
        [
            "TPMS (controlling) got no answer for 17.7 s, since +7.664 s: 238 checks 10.77.0.11:59159 → 10.77.0.12:60449 \
          went unanswered; 8RYb was last heard of at +7.664 s"
        ]
    );
    assert_eq!(
        said("craft-description-altered.pcap")[1],
        "the offer of A came to B otherwise than it was sent: ~ 0: ice pwd: (one) → (another)"
    );
    assert_eq!(
        said("craft-answer-missing.pcap"),
        ["A made an offer and B did not answer it in the 39.9 s until the call was over"]
    );
    assert_eq!(
        said("craft-sdp-fault.pcap")[1],
        "the offer of A, line 17: expected a priority, a number from 0 to 4294967295, found `192.0.2.10`, and 1 more \
         fault"
    );
    assert_eq!(
        said("craft-mdns-unresolved.pcap")[1],
        "Bbbb (controlled) signalled 7b1c4f2e-0000-4000-8000-0123456789ab.local:40022, and no check went there: nobody asked \
         for the name in this capture"
    );
    assert_eq!(
        said("craft-negotiation-no-common-codec.pcap"),
        ["video (m-line 2): sip:alice@example.org offered H264/90000 (profile-level-id=42e01f;packetization-mode=1), \
          sip:bob@example.org answered H264/90000 (profile-level-id=42e01f;packetization-mode=0), and nothing is in \
          common; H264 is on both sides, with other parameters"]
    );
    assert_eq!(
        said("craft-negotiation-dtls-other-client.pcap"),
        [
            "audio (mid 0): A sent a ClientHello at +0.720 s, although B was to be the client of DTLS; B sent one too, at \
          +0.700 s"
        ]
    );
    assert_eq!(said("b-turn-udp-relay.pcap"), ["10.77.0.6:49247 was allocated and released without carrying data"]);
    assert_eq!(
        said("b-turn-wrong-password.turn.pcap")[0],
        "10.77.0.6:3478 refused user alice in realm gen.test with 401: 2 requests of 10.77.0.11 with credentials were \
         turned down"
    );
}
