//! The public captures, against what tshark and a second parser counted in them.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

#[path = "truth/ledger.rs"]
mod ledger;
#[path = "truth/report.rs"]
mod report;

use std::collections::BTreeMap;

use ledger::{Exception, Ledger};
use report::{count, list, text};
use serde_json::Value;

const CUSTOM: &str = "tshark numbers the custom blocks of pcapng as if they were packets";

const EXCEPTIONS: &[Exception] = &[
    Exception { capture: "be_basic_test017.pcapng", what: "packets", reason: CUSTOM },
    Exception { capture: "be_difficult_test202.pcapng", what: "packets", reason: CUSTOM },
    Exception { capture: "le_basic_test017.pcapng", what: "packets", reason: CUSTOM },
    Exception { capture: "le_difficult_test202.pcapng", what: "packets", reason: CUSTOM },
    Exception {
        capture: "false_positives.pcapng",
        what: "rtp in a capture without any",
        reason: "60 packets are G.711 calls beyond doubt: payload type 8, sequence numbers +1, timestamps +160, one SSRC a flow",
    },
    Exception {
        capture: "stun_dtls_rtp_unidir.pcapng",
        what: "matched transactions",
        reason: "two answers inside the relay come from the peer that was asked; the truth compares the addresses outside, \
                 which the capture rewrote in one direction",
    },
    Exception {
        capture: "teams.pcap",
        what: "matched transactions",
        reason: "two more answers come inside MS-TURN to requests that came outside it, and two Allocates are answered from \
                 the address of the relay that the load balancer chose; the truth wants equal addresses and equal nesting",
    },
    Exception {
        capture: "teams.pcap",
        what: "ChannelData",
        reason: "0xff10 is the multiplexing header of MS-TURN, eight bytes of session id and no channel number",
    },
];

/// Method and class with the messages counted and how many of them were inside a relay.
type Counts = BTreeMap<(String, String), (u64, u64)>;

/// `Binding/success` and `create-permission`, `success-response` come to one spelling.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn expected(truth: &Value) -> Counts {
    let mut counts = Counts::new();
    for (part, nested) in [("outer_by_type", false), ("nested_by_type", true)] {
        for (kind, number) in truth["stun"][part].as_object().into_iter().flatten() {
            let (method, class) = kind.split_once('/').expect("method and class");
            let entry = counts.entry((plain(method), plain(class))).or_default();
            let number = number.as_u64().expect("a count");
            entry.0 += number;
            entry.1 += if nested { number } else { 0 };
        }
    }
    counts
}

fn found(report: &Value) -> Counts {
    let mut counts = Counts::new();
    for row in list(report, "/stun/messages") {
        let class = plain(text(row, "/class"));
        let class = class.strip_suffix("response").unwrap_or(&class).to_owned();
        let entry = counts.entry((plain(text(row, "/method")), class)).or_default();
        entry.0 += count(row, "/count");
        entry.1 += count(row, "/nested");
    }
    counts
}

fn total(counts: &Value, pointer: &str) -> u64 {
    counts.pointer(pointer).and_then(Value::as_object).into_iter().flatten().filter_map(|(_, one)| one.as_u64()).sum()
}

fn compare(ledger: &mut Ledger, name: &str, group: &str, truth: &Value, report: &Value) {
    ledger.equal(name, "packets", &count(truth, "/capture/packets"), &count(report, "/capture/packets"));
    let (wanted, seen) = (expected(truth), found(report));
    for kind in wanted.keys().chain(seen.keys().filter(|kind| !wanted.contains_key(*kind))) {
        let what = format!("{} {} (all, nested)", kind.0, kind.1);
        let none = (0, 0);
        ledger.equal(name, &what, wanted.get(kind).unwrap_or(&none), seen.get(kind).unwrap_or(&none));
    }
    let classic: u64 = list(report, "/stun/classic").iter().map(|row| count(row, "/count")).sum();
    ledger.equal(name, "classic STUN", &total(truth, "/stun/classicstun_by_type"), &classic);
    let channel_data = count(truth, "/stun/channel_data/total");
    ledger.equal(name, "ChannelData", &channel_data, &count(report, "/capture/protocols/turnChannelData"));
    let answered = count(truth, "/stun/transactions_outer/summary/answered")
        + count(truth, "/stun/transactions_nested/summary/answered");
    ledger.equal(name, "matched transactions", &answered, &count(report, "/stun/answered"));
    if group == "negative" {
        for protocol in ["stun", "turnChannelData", "rtp", "rtcp"] {
            let found = count(report, &format!("/capture/protocols/{protocol}"));
            ledger.equal(name, &format!("{protocol} in a capture without any"), &0, &found);
        }
        for pointer in ["/ice/sessions", "/turn/allocations", "/turn/servers"] {
            ledger.equal(name, &format!("{pointer} in a capture without any"), &0, &list(report, pointer).len());
        }
    }
}

#[test]
fn counts_agree_with_two_other_parsers() {
    let Some(folder) = report::corpus("corpus") else { return };
    let manifest = report::document(&folder.join("manifest.json"));
    let mut ledger = Ledger::default();
    let mut captures = 0_usize;
    for entry in manifest.as_array().expect("a list of captures") {
        let name = text(entry, "/name");
        if !report::wanted(name) {
            continue;
        }
        let truth = report::document(&folder.join("truth").join(format!("{name}.json")));
        let report = report::analyze(&folder.join("pcaps").join(name), &[]);
        compare(&mut ledger, name, text(entry, "/group"), &truth, &report);
        captures += 1;
    }
    println!("{captures} captures");
    ledger.settle(EXCEPTIONS);
}
