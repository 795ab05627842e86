//! Every lab capture whose truth holds ICE or TURN, against getStats of the captured peers and the server's log.
//!
//! What a capture can show follows from where it was taken: at a peer, only that peer's own client leg is
//! visible; at the TURN server, every client leg, and of the calls only the relayed ones; at the switch, both
//! peers but not what a peer's firewall dropped on the way in. Candidate types are not compared here.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

#[path = "truth/agents.rs"]
mod agents;
#[path = "truth/coturn.rs"]
mod coturn;
#[path = "truth/ice_judge.rs"]
mod ice_judge;
#[path = "truth/ledger.rs"]
mod ledger;
#[path = "truth/place.rs"]
mod place;
#[path = "truth/report.rs"]
mod report;
#[path = "truth/scenario.rs"]
mod scenario;
#[path = "truth/turn_judge.rs"]
mod turn_judge;

use ledger::{Exception, Ledger};
use scenario::Scenario;

/// The names in `folder` that end in `ending`, sorted.
fn names(folder: &std::path::Path, ending: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(ending))
        .collect();
    names.sort();
    names
}

const EXCEPTIONS: &[Exception] = &[
    Exception { capture: "x-cut-file.pcap", what: "relayed addresses", reason: CUT },
    Exception { capture: "x-cut-file.pcap", what: "number of allocations", reason: CUT },
    Exception { capture: "x-cut-file.pcap", what: "release of 10.77.0.6:49301", reason: CUT },
    Exception { capture: "x-cut-file.pcap", what: "error codes", reason: CUT },
    Exception { capture: "x-cut-file.pcap", what: "401s of the allocations", reason: CUT },
    Exception { capture: "x-cut-file.pcap", what: "errors of the allocations", reason: CUT },
    Exception { capture: "x-cut-file.pcap", what: "errors by method", reason: CUT },
    Exception { capture: "x-cut-file.pcap", what: "refreshes of 10.77.0.6:49301", reason: CUT },
    Exception { capture: "b-turn-short-lifetimes.pcap", what: "state of B", reason: UNHEARD },
    Exception { capture: "d-consent-loss.pcap", what: "state of B", reason: UNHEARD },
    Exception {
        capture: "c-nat-rebind.pcap",
        what: "selected pair changes of B",
        reason: "inside A's NAT the pair is on the same two addresses before and after the rebinding",
    },
    Exception {
        capture: "c-nat-rebind.b.pcap",
        what: "selected pair changes of A",
        reason: "outside A's NAT its new mapping is another pair; A itself never noticed",
    },
    Exception {
        capture: "d-ice-role-conflict.pcap",
        what: "the controlling agent stands first",
        reason: "both control at first, and B's check is the first on the wire",
    },
    Exception { capture: "x-snaplen96.pcap", what: "nominated at*", reason: SNAPLEN },
];

const CUT: &str = "the file ends after 44 of the 92 packets that the server answered";
const UNHEARD: &str = "from the loss on nothing of B passes the capture at A, so what B made of it cannot be seen";
const SNAPLEN: &str = "USE-CANDIDATE stands behind the 96 bytes that were captured";

#[test]
fn reports_agree_with_the_peers_and_the_server() {
    let Some(folder) = report::corpus("captures") else { return };
    let mut ledger = Ledger::default();
    let mut captures = 0_usize;
    for file in names(&folder, ".truth.json") {
        let name = file.trim_end_matches(".truth.json");
        if !report::wanted(name) {
            continue;
        }
        let scenario = Scenario::read(&folder, name);
        if scenario.peers.is_empty() && scenario.server.is_none() {
            continue;
        }
        for point in scenario.points.iter().filter(|point| report::wanted(&point.file)) {
            let report = report::analyze(&folder.join(&point.file), &[]);
            ice_judge::judge(&mut ledger, &scenario, point, &report);
            turn_judge::judge(&mut ledger, &scenario, point, &report);
            captures += 1;
        }
    }
    println!("{captures} captures");
    ledger.settle(EXCEPTIONS);
}

/// Without this a truth that changes its shape would make the comparison above pass by comparing nothing.
#[test]
fn the_truths_are_understood() {
    let Some(folder) = report::corpus("captures") else { return };
    let (mut selected, mut roles, mut outcomes, mut sessions) = (0_usize, 0_usize, 0_usize, 0_usize);
    for file in names(&folder, ".truth.json") {
        let scenario = Scenario::read(&folder, file.trim_end_matches(".truth.json"));
        for agent in scenario.calls().into_iter().flat_map(|(one, other)| [one, other]) {
            selected += usize::from(
                agent.selected.as_ref().is_some_and(|pair| pair.local.host.is_some() && pair.remote.host.is_some()),
            );
            roles += usize::from(agent.role.is_some());
            outcomes += usize::from(agent.outcome.is_some());
        }
        sessions += scenario.points.iter().filter_map(|point| scenario.sessions_at(point)).flatten().count();
    }
    let shown = format!("{selected} selected pairs, {roles} roles, {outcomes} outcomes, {sessions} server sessions");
    assert!(selected >= 85 && roles >= 100 && outcomes >= 100 && sessions >= 70, "{shown}");
}
