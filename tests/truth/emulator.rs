//! The log of the link emulator: which packets of which source it dropped or doubled on the way.

use std::path::Path;

use serde_json::Value;

use super::report::text;

/// One packet that the emulator dropped or doubled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happening {
    /// RTCP; its source is that of its first packet, and its number means nothing.
    pub(crate) control: bool,
    /// Out of node A.
    pub(crate) from_a: bool,
    /// Dropped; else doubled.
    pub(crate) dropped: bool,
    /// The source.
    pub(crate) ssrc: u64,
    /// The sequence number.
    pub(crate) number: u16,
}

/// What one direction of the log says in its summary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Direction {
    /// Out of node A.
    pub(crate) from_a: bool,
    /// Packets that left after one that came later.
    pub(crate) reordered: u64,
}

/// Reads the log; happenings that are neither RTP nor RTCP are left out.
pub(crate) fn read(log: &Path) -> (Vec<Happening>, Vec<Direction>) {
    let log = std::fs::read_to_string(log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let directions = lines
        .iter()
        .filter(|line| text(line, "/ev") == "summary")
        .map(|line| Direction {
            from_a: text(line, "/dir") == "a2b",
            reordered: line["sent_out_of_order"].as_u64().unwrap_or(0),
        })
        .collect();
    (lines.iter().filter_map(happening).collect(), directions)
}

fn happening(line: &Value) -> Option<Happening> {
    let dropped = match text(line, "/ev") {
        "drop" => true,
        "dup" => false,
        _ => return None,
    };
    let head: Vec<u8> = text(line, "/head")
        .as_bytes()
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    if head.len() < 12 || head[0] >> 6 != 2 {
        return None;
    }
    let control = (192..=223).contains(&head[1]);
    let source = if control { &head[4..8] } else { &head[8..12] };
    Some(Happening {
        from_a: text(line, "/dir") == "a2b",
        dropped,
        control,
        ssrc: source.iter().fold(0, |ssrc, byte| ssrc << 8 | u64::from(*byte)),
        number: u16::from_be_bytes([head[2], head[3]]),
    })
}
