//! Calls in the lab, through the program: what was signalled and what the network did are one story, also where the signalling is cut out of
//! the capture and comes from a dump of the browser beside it.
//!
//! What the exchanges say, byte for byte, is compared in `signaling_exchanges.rs`; here the joins, the states, and the candidate types
//! as getStats of the captured peer has them.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

#[path = "truth/ledger.rs"]
mod ledger;
#[path = "truth/place.rs"]
#[allow(dead_code)]
mod place;
#[path = "truth/report.rs"]
#[allow(dead_code)]
mod report;
#[path = "truth/story.rs"]
mod story;

use std::path::Path;

use ledger::{Exception, Ledger};
use report::{list, text};
use serde_json::Value;
use story::{Story, gist, without_signalling};

const EXCEPTIONS: &[Exception] = &[
    Exception {
        capture: "e-dc-chromium-node-datachannel.pcap",
        what: "states of B",
        reason: "the library answers by itself and logs stable twice, and nothing before it",
    },
    Exception {
        capture: "h-firefox-offers-chromium.pcap",
        what: "learnt type of 10.77.0.11:55560*",
        reason: "the candidate is on the wire before the first check, and Firefox took longer to read it",
    },
];

/// The scenarios with plain signalling, with their truth.
fn scenarios(folder: &Path) -> Vec<(String, Value)> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of the captures")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".truth.json").map(str::to_owned))
        .filter(|name| report::wanted(name))
        .collect();
    names.sort();
    let read = |name: String| {
        let truth = report::document(&folder.join(format!("{name}.truth.json")));
        (name, truth)
    };
    let signalled = |truth: &Value| !list(truth, "/signalling/log").is_empty();
    // Of a capture that cuts packets off no message of the signalling is whole.
    names.into_iter().map(read).filter(|(name, truth)| signalled(truth) && name != "x-snaplen96").collect()
}

/// The captures of a scenario taken at a peer, and the peer.
fn captures(truth: &Value) -> Vec<(String, Option<String>)> {
    let peers = truth.get("peers").and_then(Value::as_object).expect("peers");
    let at = |node: &str| peers.iter().find(|(_, peer)| text(peer, "/node") == node).map(|(name, _)| name.clone());
    list(truth, "/captures")
        .iter()
        .map(|capture| (text(capture, "/file").to_owned(), at(text(capture, "/node"))))
        .collect()
}

/// The party that is `peer`: named by the application as the server's log has it, or across from the one that is.
fn party(truth: &Value, report: &Value, peer: &str) -> Option<String> {
    let log = list(truth, "/signalling/log");
    let joined: Vec<&str> =
        log.iter().filter(|line| text(line, "/ev") == "connection").map(|line| text(line, "/id")).collect();
    let id = |peer: &str| match peer {
        _ if joined.is_empty() => peer.to_owned(),
        "A" => joined.first().copied().unwrap_or_default().to_owned(),
        _ => joined.get(1).copied().unwrap_or_default().to_owned(),
    };
    let parties: Vec<&str> =
        list(report, "/signaling/exchanges/0/parties").iter().map(|party| text(party, "/id")).collect();
    let mine = id(peer);
    if parties.contains(&mine.as_str()) {
        return Some(mine);
    }
    let other = id(if peer == "A" { "B" } else { "A" });
    parties.iter().find(|id| parties.contains(&other.as_str()) && **id != other).map(|id| (*id).to_owned())
}

#[test]
fn what_was_signalled_and_what_the_network_did_are_one_story() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    let mut captures_seen = 0_usize;
    for (_, truth) in scenarios(&folder) {
        for (file, peer) in captures(&truth) {
            let report = report::analyze(&folder.join(&file), &[]);
            if list(&report, "/signaling/exchanges").is_empty() {
                continue;
            }
            captures_seen += 1;
            let story = Story { file: &file, truth: &truth, report: &report, peer: peer.as_deref() };
            story.joins(&mut ledger);
            for name in ["A", "B"] {
                if let Some(party) = party(&truth, &report, name) {
                    story.states(&mut ledger, &party, name);
                }
            }
            if let Some(peer) = story.peer {
                story.types(&mut ledger, peer);
            }
        }
    }
    ledger.settle(EXCEPTIONS);
    println!("{captures_seen} captures");
}

#[test]
fn a_dump_says_the_same_where_the_signalling_is_cut_out() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    let mut dumps = 0_usize;
    let cut = std::env::temp_dir().join(format!("rtcscope-cut-{}.pcap", std::process::id()));
    for (name, truth) in scenarios(&folder) {
        for (file, peer) in captures(&truth) {
            let Some(peer) = peer else { continue };
            let dump = folder.join(format!("{name}.{peer}.internals.json"));
            if !dump.exists() || without_signalling(&folder.join(&file), &cut).is_none() {
                continue;
            }
            let bare = report::analyze(&cut, &[]);
            ledger.equal(&file, "exchanges without signalling", &0, &list(&bare, "/signaling/exchanges").len());
            let options = ["--internals".to_owned(), dump.to_string_lossy().into_owned()];
            let report = report::analyze(&cut, &options);
            dumps += 1;
            ledger.equal(&file, "exchanges of the dump", &1, &list(&report, "/signaling/exchanges").len());
            let story = Story { file: &file, truth: &truth, report: &report, peer: Some(&peer) };
            story.joins(&mut ledger);
            // The page that the dump is of is the client of its conversation: the party that was heard.
            let parties = list(&report, "/signaling/exchanges/0/parties");
            let heard = parties.iter().find(|party| party.get("heard") == Some(&Value::Bool(true)));
            let Some(mine) = heard.map(|party| text(party, "/id").to_owned()) else {
                ledger.holds(&file, "a party of the dump is heard", false, || format!("{parties:?}"));
                continue;
            };
            story.states(&mut ledger, &mine, &peer);
            story.types(&mut ledger, &peer);
            let wanted: Vec<(bool, String)> = list(&truth, &format!("/peers/{peer}/sdp"))
                .iter()
                .map(|entry| (text(entry, "/dir") == "local", gist(text(entry, "/type"), text(entry, "/sdp"))))
                .collect();
            let told: Vec<(bool, String)> = list(&report, "/signaling/exchanges/0/descriptions")
                .iter()
                .map(|sent| (text(sent, "/from") == mine, gist(text(sent, "/type"), text(sent, "/sdp"))))
                .collect();
            ledger.equal(&file, "descriptions of the dump", &wanted, &told);
            let offset = report.pointer("/signaling/files/0/clockOffset").and_then(Value::as_f64);
            let within = report.pointer("/signaling/files/0/clockOffsetUncertainty").and_then(Value::as_f64);
            let checked = !list(&report, "/ice/sessions").is_empty();
            let holds = match (offset, within) {
                (Some(offset), Some(within)) => offset.abs() <= within + 1e-9,
                _ => !checked,
            };
            ledger.holds(&file, "the clocks are one", holds, || format!("{offset:?} ± {within:?}"));
        }
    }
    let _ = std::fs::remove_file(&cut);
    ledger.settle(&[]);
    println!("{dumps} dumps");
}
