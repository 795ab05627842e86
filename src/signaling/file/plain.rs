//! Files that hold descriptions and candidates and nothing around them but JSON.

use super::budget::Budget;
use super::model::SideConnection;
use crate::moment::Moment;
use crate::signal::{Addressing, Carrier, Channel, Description, Matter, Signal, Speaker};
use crate::signaling::Limits;
use crate::signaling::content::{Found, recognise, recognise_file};
use crate::signaling::json::Json;

/// Whether `text` begins as a description does.
pub(super) fn is_sdp(text: &str) -> bool {
    text.starts_with("v=0\r") || text.starts_with("v=0\n")
}

/// The descriptions in `text`, one after another: each begins with a version line.
pub(super) fn descriptions(text: &str, budget: &mut Budget) -> SideConnection {
    let mut found = Vec::new();
    let mut begin = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == "v=0" && at > begin {
            found.extend(text.get(begin..at));
            begin = at;
        }
        at = end;
    }
    found.extend(text.get(begin..));
    let matter = |sdp: &str| Found {
        addressing: Addressing::default(),
        matter: Matter::Description(Description { kind: None, sdp: sdp.to_owned() }),
    };
    connection(found.into_iter().map(matter), budget)
}

/// What one JSON value holds.
pub(super) fn value(value: &Json, limits: &Limits, budget: &mut Budget) -> SideConnection {
    let (found, omitted) = recognise_file(value, limits.file_entries, limits);
    budget.omitted += omitted;
    connection(found, budget)
}

/// What lines of JSON hold.
pub(super) fn lines(text: &str, limits: &Limits, budget: &mut Budget) -> SideConnection {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    connection(lines.flat_map(|line| recognise(line.trim(), limits)), budget)
}

/// One conversation without times and without directions: all of it is said by whoever wrote the file.
fn connection(found: impl IntoIterator<Item = Found>, budget: &mut Budget) -> SideConnection {
    let channel = Channel(1);
    let signal = |Found { addressing, matter }| Signal {
        moment: Moment::default(),
        carrier: Carrier::File,
        channel,
        speaker: Speaker::Client,
        source: None,
        destination: None,
        addressing,
        matter,
    };
    let signals = found.into_iter().filter(|_| budget.entry()).map(signal).collect();
    SideConnection {
        id: "1".to_owned(),
        page: None,
        channel,
        clock: None,
        signals,
        events: Vec::new(),
        stats: Vec::new(),
    }
}
