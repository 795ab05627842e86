//! Every rule fires somewhere, and every fixture gives exactly the findings that its story deserves.

#![cfg(feature = "capture")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unwrap_used, missing_docs)]

mod diagnose_scene;

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use diagnose_scene::{Answer, Scene};
use rtcscope::analyze::{Analyzer, Options};
use rtcscope::capture::Reader;
use rtcscope::diagnose;
use rtcscope::finding::{Finding, Severity};
use rtcscope::session::Credentials;
use rtcscope::wire::stun::{AttributeType, Method, Value};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn findings(bytes: Vec<u8>, credentials: Credentials) -> Vec<Finding> {
    let mut reader = Reader::from_read(Cursor::new(bytes)).expect("a capture");
    let options = Options { credentials, ..Options::default() };
    Analyzer::new(options).analyze(&mut reader, |_, _| (), |_| ()).findings
}

fn of_fixture(name: &str) -> Vec<Finding> {
    findings(fs::read(folder().join(name)).expect(name), Credentials::default())
}

fn of_scene(make: impl FnOnce(&mut Scene)) -> Vec<Finding> {
    let mut scene = Scene::default();
    make(&mut scene);
    findings(scene.pcap(), Credentials::default())
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
    // The server drops permission and channel after 8 s, which no message says: what shows is that the relay falls silent.
    ("b-turn-short-lifetimes.pcap", &["error ice-consent-lost"]),
    ("b-turn-stale-nonce.pcap", &["info turn-nonce-short-lived"]),
    ("b-turn-udp-relay.pcap", &["info turn-allocation-unused"]),
    ("b-turn-udp-relay.turn.pcap", &["info turn-allocation-unused"]),
    ("b-turn-unreachable.pcap", &["error stun-icmp-unreachable"]),
    ("b-turn-wrong-password.turn.pcap", &["error turn-wrong-credentials", "info turn-allocation-unused"]),
    ("b-turnutils-tcp-6062.pcap", &["info turn-allocation-unused"]),
    ("b-turnutils-udp.pcap", &[]),
    ("c-nat-cone-cone.turn.pcap", &["info turn-allocation-unused", "info ice-pair-unanswered"]),
    ("craft-allocation-expires.pcap", &["error turn-allocation-expired"]),
    ("craft-bad-fingerprint.pcap", &["warning stun-fingerprint-invalid"]),
    ("craft-classic-stun.pcap", &["info stun-classic"]),
    ("craft-clock-goes-back.pcap", &["warning capture-clock-went-back"]),
    ("craft-dropped-by-kernel.pcapng", &["warning capture-kernel-drops"]),
    ("craft-good-call-ipv6-vlan.pcap", &[]),
    ("craft-late-nomination.pcap", &["warning ice-nomination-late"]),
    ("craft-never-nominated.pcap", &["error ice-nomination-missing"]),
    ("craft-permission-and-channel-expire.pcap", &["warning turn-permission-expired", "warning turn-channel-expired"]),
    ("craft-permission-missing.pcap", &["warning turn-permission-missing"]),
    ("craft-relayed-although-direct.pcap", &["warning ice-relayed-although-direct"]),
    ("craft-response-from-elsewhere.pcap", &["error stun-response-elsewhere"]),
    ("craft-stale-nonce-loop.pcap", &["error turn-stale-nonce-loop"]),
    ("d-consent-loss.pcap", &["error ice-consent-lost"]),
    ("d-ice-restart.pcap", &["info ice-restart"]),
    ("d-ice-role-conflict.pcap", &["info ice-role-conflict"]),
    ("d-ice-udp-blocked.pcap", &["error ice-checks-unanswered"]),
    ("d-ice-udp-blocked.switch.pcap", &["error ice-checks-unanswered"]),
    ("d-ice-wrong-pwd.pcap", &["error ice-wrong-password"]),
    ("d-multihomed-switch.pcap", &["warning ice-selected-pair-changed"]),
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
    (
        "x-cut-file.pcap",
        &["warning turn-request-refused", "warning turn-permission-missing", "warning capture-cut-off"],
    ),
    ("x-snaplen96.pcap", &["warning capture-packets-truncated"]),
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
    for entry in fs::read_dir(folder()).expect("the folder of fixtures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng") {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            assert!(known.contains(name), "{name} is not in the table of this test");
        }
    }
}

/// What no captured fixture shows, computed. Each gives exactly one rule that is worth more than information, or the one named.
fn scenes() -> Vec<(&'static str, Vec<Finding>)> {
    vec![
        ("error ice-failed", of_scene(refused_checks)),
        ("error ice-agents-disagree", of_scene(one_agent_alone)),
        ("warning ice-disconnected", of_scene(an_outage)),
        ("warning ice-disconnected", of_scene(an_outage_at_the_end)),
        ("warning ice-integrity-invalid", with_wrong_ice_password()),
        ("warning turn-integrity-invalid", with_wrong_turn_password()),
        ("error turn-allocation-refused", of_scene(no_capacity)),
        ("error turn-allocation-lost", of_scene(forgotten_allocation)),
        ("error turn-server-silent", of_scene(silent_turn_server)),
        ("warning stun-server-silent", of_scene(silent_stun_server)),
        ("info stun-malformed", of_scene(unreadable_attribute)),
        ("warning capture-one-way", of_scene(one_direction)),
        ("error capture-damaged", damaged()),
        ("info capture-copies", of_scene(copies)),
        ("warning capture-limit-reached", of_scene(too_many_peers)),
    ]
}

fn call(scene: &mut Scene, from: u64, seconds: u64) {
    for second in from..from + seconds {
        scene.check(second * 1000, true, Answer::Success).check(second * 1000 + 300, false, Answer::Success);
        for packet in 0..10 {
            scene.media(second * 1000 + 400 + packet * 20, true).media(second * 1000 + 405 + packet * 20, false);
        }
    }
}

fn refused_checks(scene: &mut Scene) {
    for check in 0..4 {
        scene.check(check * 1000, true, Answer::Error(400));
    }
}

fn one_agent_alone(scene: &mut Scene) {
    for check in 0..8 {
        scene.check(check * 1000, true, Answer::None).check(check * 1000 + 500, false, Answer::Success);
    }
}

fn an_outage(scene: &mut Scene) {
    call(scene, 0, 3);
    for check in 0..16 {
        scene.check(3000 + check * 500, true, Answer::None);
    }
    call(scene, 11, 3);
}

fn an_outage_at_the_end(scene: &mut Scene) {
    call(scene, 0, 3);
    for check in 0..16 {
        scene.check(3000 + check * 500, true, Answer::None);
    }
}

fn with_wrong_ice_password() -> Vec<Finding> {
    let mut credentials = Credentials::new();
    credentials.add_ice("Bbbb", "not the password");
    let mut scene = Scene::default();
    call(&mut scene, 0, 3);
    findings(scene.pcap(), credentials)
}

fn with_wrong_turn_password() -> Vec<Finding> {
    let mut credentials = Credentials::new();
    credentials.add_turn("alice", "not the password");
    findings(fs::read(folder().join("b-turn-udp-relay.pcap")).expect("a fixture"), credentials)
}

fn ask_for_udp(scene: &mut Scene, at: u64, answer: Answer) {
    scene.ask(at, Method::ALLOCATE, &[(AttributeType::REQUESTED_TRANSPORT, Value::Opaque(&[17, 0, 0, 0]))], answer);
}

fn no_capacity(scene: &mut Scene) {
    ask_for_udp(scene, 0, Answer::Error(508));
}

fn forgotten_allocation(scene: &mut Scene) {
    ask_for_udp(scene, 0, Answer::Success);
    let peer = [(AttributeType::XOR_PEER_ADDRESS, Value::XorAddress(diagnose_scene::B.parse().unwrap()))];
    scene.ask(100, Method::CREATE_PERMISSION, &peer, Answer::Success);
    scene.send(200, diagnose_scene::B);
    scene.ask(30_000, Method::REFRESH, &[], Answer::Error(437));
}

fn silent_turn_server(scene: &mut Scene) {
    ask_for_udp(scene, 0, Answer::None);
    scene.media(9_000, true);
}

fn silent_stun_server(scene: &mut Scene) {
    scene.discover(0).discover(4000);
}

fn unreadable_attribute(scene: &mut Scene) {
    call(scene, 0, 2);
    scene.check(2000, true, Answer::None);
    // The length of USERNAME, which comes first.
    scene.last_payload()[22] = 0x7F;
}

fn one_direction(scene: &mut Scene) {
    for check in 0..4 {
        scene.check(check * 1000, true, Answer::None);
        for packet in 0..10 {
            scene.media(check * 1000 + 100 + packet * 20, true);
        }
    }
}

fn damaged() -> Vec<Finding> {
    let mut bytes = fs::read(folder().join("b-turn-expire-raw.pcap")).expect("a fixture");
    // The captured length of the first record, in the byte order of this machine's kind.
    bytes[24 + 8..24 + 12].copy_from_slice(&[0xFF; 4]);
    findings(bytes, Credentials::default())
}

fn copies(scene: &mut Scene) {
    call(scene, 0, 4);
    scene.doubled();
}

fn too_many_peers(scene: &mut Scene) {
    ask_for_udp(scene, 0, Answer::Success);
    for peer in 0..410_u16 {
        let [high, low] = peer.to_be_bytes();
        let address = format!("198.51.{high}.{low}:9");
        let named = [(AttributeType::XOR_PEER_ADDRESS, Value::XorAddress(address.parse().unwrap()))];
        scene.ask(100 + u64::from(peer) * 10, Method::CREATE_PERMISSION, &named, Answer::Success);
    }
}

#[test]
fn what_no_fixture_shows_is_shown_by_a_scene() {
    for (expected, found) in scenes() {
        let found: Vec<String> = told(&found);
        let weighty: Vec<&String> =
            found.iter().filter(|told| !told.starts_with("info ") || *told == expected).collect();
        assert_eq!(weighty, [expected], "{found:?}");
    }
}

#[test]
fn every_rule_fires_somewhere() {
    let mut silent: BTreeSet<&str> = diagnose::rules().map(|rule| rule.name).collect();
    let fixtures = FIXTURES.iter().map(|(name, _)| of_fixture(name));
    for finding in fixtures.chain(scenes().into_iter().map(|(_, found)| found)).flatten() {
        silent.remove(finding.rule.name);
    }
    assert!(silent.is_empty(), "nothing makes these fire: {silent:?}");
}

#[test]
fn a_call_computed_like_a_good_one_gives_nothing() {
    assert_eq!(told(&of_scene(|scene| call(scene, 0, 8))), [] as [&str; 0]);
}

#[test]
fn what_the_capture_cuts_off_is_not_held_against_anybody() {
    // Whatever packet a good call is cut after, nothing is lost, refused or disconnected yet.
    let bytes = fs::read(folder().join("craft-good-call-ipv6-vlan.pcap")).expect("a fixture");
    for end in (24..bytes.len()).step_by(7) {
        for finding in findings(bytes[..end].to_vec(), Credentials::default()) {
            assert_eq!(finding.rule.name, "capture-cut-off", "{} bytes: {}", end, finding.message);
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
    assert_eq!(said("b-turn-udp-relay.pcap"), ["10.77.0.6:49247 was allocated and released without carrying data"]);
    assert_eq!(
        said("b-turn-wrong-password.turn.pcap")[0],
        "10.77.0.6:3478 refused user alice in realm gen.test with 401: 2 requests of 10.77.0.11 with credentials were \
         turned down"
    );
}
