//! What `fixtures/lab/media.py` reads from captures; it shares no code with the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::report::{count, list, text};

/// One pair of addresses on which a stream passes.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    /// Where its packets come from, on the wire.
    pub(crate) source: String,
    /// Where they go.
    pub(crate) destination: String,
    /// Sequence numbers seen.
    pub(crate) packets: u64,
    /// Sequence numbers missing between the first and the last.
    pub(crate) lost: u64,
    /// Further copies of numbers seen.
    pub(crate) duplicated: u64,
    /// First arrivals after a later number.
    pub(crate) reordered: u64,
    /// Expected minus received as in RFC 3550, appendix A.3.
    pub(crate) lost_rfc3550: i64,
    /// The lowest and the highest number.
    pub(crate) range: (u16, u16),
    /// Different timestamps.
    pub(crate) timestamps: u64,
}

/// All that one source sends one way.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    /// The source.
    pub(crate) ssrc: u64,
    /// Sequence numbers seen on any leg.
    pub(crate) packets: u64,
    /// Sequence numbers missing on all legs.
    pub(crate) lost: u64,
    /// Bytes after the headers.
    pub(crate) bytes: u64,
    /// Bytes of headers.
    pub(crate) header_bytes: u64,
    /// Datagrams of RTCP that the same source sent on these legs.
    pub(crate) rtcp: u64,
    /// Where it passes.
    pub(crate) legs: Vec<Leg>,
}

/// The streams of each of `captures`; says so and gives nothing where there is no Python.
pub(crate) fn read(captures: &[PathBuf]) -> Option<Vec<Vec<Read>>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lab/media.py");
    let Ok(run) = Command::new("python3").arg("-B").arg(script).args(captures).output() else {
        println!("skipped: there is no python3 for the second reader");
        return None;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let lines = String::from_utf8(run.stdout).expect("text");
    let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("an object a line"));
    let all: Vec<Vec<Read>> = rows.map(|row| list(&row, "/streams").iter().map(stream).collect()).collect();
    assert_eq!(all.len(), captures.len());
    Some(all)
}

fn stream(entry: &Value) -> Read {
    Read {
        ssrc: count(entry, "/ssrc"),
        packets: count(entry, "/packets"),
        lost: count(entry, "/lost"),
        bytes: count(entry, "/bytes"),
        header_bytes: count(entry, "/headerBytes"),
        rtcp: count(entry, "/rtcp"),
        legs: list(entry, "/legs").iter().map(leg).collect(),
    }
}

fn leg(entry: &Value) -> Leg {
    let number = |key: &str| u16::try_from(count(entry, key)).expect("a sequence number");
    Leg {
        source: text(entry, "/source").to_owned(),
        destination: text(entry, "/destination").to_owned(),
        packets: count(entry, "/packets"),
        lost: count(entry, "/lost"),
        duplicated: count(entry, "/duplicated"),
        reordered: count(entry, "/reordered"),
        lost_rfc3550: entry["lostRfc3550"].as_i64().expect("a number"),
        range: (number("/first"), number("/last")),
        timestamps: count(entry, "/timestamps"),
    }
}
