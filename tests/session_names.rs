//! The `.local` names of candidates, against the addresses of the hosts that made them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs)]
#![cfg(feature = "capture")]

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use rtcscope::analyze::{Analyzer, Options};
use rtcscope::capture::Reader;
use rtcscope::flow::Protocol;

fn captures() -> Option<PathBuf> {
    let folder = std::env::var_os("RTCSCOPE_CORPUS").map(|folder| PathBuf::from(folder).join("captures"));
    if folder.is_none() {
        eprintln!("RTCSCOPE_CORPUS is not set: skipped");
    }
    folder
}

/// Names of the candidates that each peer made, and the peer's address.
fn truth(folder: &std::path::Path) -> BTreeMap<String, IpAddr> {
    let text = std::fs::read_to_string(folder.join("a-mdns-vp8-ws.truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut names = BTreeMap::new();
    for (peer, node) in [("A", "a"), ("B", "b")] {
        let address: IpAddr = truth["network"]["nodes"][node]["ip"].as_str().unwrap().parse().unwrap();
        for candidate in truth["peers"][peer]["localCandidates"].as_array().unwrap() {
            let text = candidate["c"]["candidate"].as_str().unwrap_or_default();
            if let Some(name) = text.split(' ').nth(4).filter(|name| name.ends_with(".local")) {
                names.insert(name.to_owned(), address);
            }
        }
    }
    names
}

#[test]
fn every_name_of_a_candidate_is_resolved() {
    let Some(folder) = captures() else { return };
    let truth = truth(&folder);
    assert_eq!(truth.len(), 2);
    for capture in ["a-mdns-vp8-ws.pcap", "a-mdns-vp8-ws.mdns.pcap"] {
        let mut reader = Reader::open(&folder.join(capture)).unwrap();
        let analysis = Analyzer::new(Options::default()).analyze(&mut reader, |_| (), |_| ());
        let names = analysis.sessions.names();
        for (name, address) in &truth {
            let host = names.lookup(name).unwrap();
            assert_eq!(host.specified().collect::<Vec<_>>(), [*address], "{capture}: {name}");
            // The peer asked for it, and its owner said farewell at the end.
            let (_, asker) = host.asked.unwrap();
            assert!(truth.values().any(|other| *other == asker.address && asker.address != *address));
            assert!(host.addresses[0].withdrawn.is_some());
            assert_eq!(host.addresses[0].source.address, *address);
        }
        assert!(names.questions().all(|host| !host.addresses.is_empty()));
        // Three more names stand for no address of a family.
        assert_eq!(names.hosts().len(), 5);
        assert_eq!(analysis.summary.protocols.of(Protocol::Mdns).messages, 16);
    }
}
