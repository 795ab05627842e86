//! What the datagrams of a capture are, against `fixtures/lab/classify.py`: every fixture, and the lab captures where they are at hand.
//!
//! The script shares no code with the program. Two things it does not do: it takes STUN without a magic cookie for
//! unknown, which the program counts in `stun.classic`; and a packet that the capture holds twice counts twice, where the
//! program counts it once and says so in `capture.duplicatePackets`.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

#[path = "truth/ledger.rs"]
mod ledger;
#[allow(dead_code)]
#[path = "truth/report.rs"]
mod report;

use std::path::{Path, PathBuf};
use std::process::Command;

use ledger::Ledger;
use report::{count, list};
use serde_json::Value;

const KINDS: &[&str] = &["stun", "turnChannelData", "dtls", "rtp", "rtcp"];

/// What the script says of each of `captures`; says so and gives nothing where there is no Python.
fn classified(captures: &[PathBuf]) -> Option<Vec<Value>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lab/classify.py");
    let Ok(run) = Command::new("python3").arg("-B").arg(script).args(captures).output() else {
        println!("skipped: there is no python3 to classify with");
        return None;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).expect("text");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect())
}

fn captures_in(folder: &Path) -> Vec<PathBuf> {
    let mut captures: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng"))
        .filter(|path| report::wanted(&path.to_string_lossy()))
        .collect();
    captures.sort();
    captures
}

fn compare(folder: &Path) {
    let captures = captures_in(folder);
    let Some(rows) = classified(&captures) else { return };
    assert_eq!(captures.len(), rows.len());
    let mut ledger = Ledger::default();
    for (path, row) in captures.iter().zip(&rows) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let report = report::analyze(path, &[]);
        let classic: u64 = list(&report, "/stun/classic").iter().map(|entry| count(entry, "/count")).sum();
        let copies = count(&report, "/capture/duplicatePackets");
        for kind in KINDS {
            let all = count(&report, &format!("/capture/protocols/{kind}"));
            let found = if *kind == "stun" { all - classic } else { all };
            let counted = count(row, &format!("/{kind}"));
            ledger.holds(name, kind, found <= counted && counted <= found + copies, || {
                format!("{counted} counted, {found} found beside {copies} copies")
            });
            let inside = count(row, &format!("/nested/{kind}"));
            ledger.equal(
                name,
                &format!("{kind} inside TURN"),
                &inside,
                &count(&report, &format!("/capture/nested/{kind}")),
            );
        }
    }
    println!("{} captures", captures.len());
    ledger.settle(&[]);
}

#[test]
fn fixtures_hold_what_a_second_reader_finds_in_them() {
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"));
}

#[test]
fn lab_captures_hold_what_a_second_reader_finds_in_them() {
    let Some(folder) = report::corpus("captures") else { return };
    compare(&folder);
}
