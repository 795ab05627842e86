//! The packets that a peer wrote down before it encrypted them or after it decrypted them, one JSON object a line.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::report::{count, text};

/// What the lines of one source and direction add up to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Logged {
    /// Whether the peer sent it.
    pub(crate) outbound: bool,
    /// The source.
    pub(crate) ssrc: u64,
    /// Sequence numbers, each once.
    pub(crate) numbers: BTreeSet<u64>,
    /// Payload types.
    pub(crate) types: BTreeSet<u64>,
    /// Timestamps.
    pub(crate) timestamps: BTreeSet<u64>,
    /// Bytes after the headers, padding included.
    pub(crate) bytes: u64,
    /// Bytes of headers with their extensions.
    pub(crate) header_bytes: u64,
}

/// The log of `peer` in the scenario `name`, where there is one.
pub(crate) fn read(folder: &Path, name: &str, peer: &str) -> Option<Vec<Logged>> {
    let mut lines = String::new();
    let plain = folder.join(format!("{name}.{peer}.plain.jsonl"));
    if plain.exists() {
        lines = std::fs::read_to_string(plain).expect("a text");
    } else {
        let packed = std::fs::File::open(folder.join(format!("{name}.{peer}.rtpdump.jsonl.gz"))).ok()?;
        flate2::read::GzDecoder::new(packed).read_to_string(&mut lines).expect("a text");
    }
    let mut all: Vec<Logged> = Vec::new();
    let packets = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("an object a line"));
    for packet in packets.filter(|packet| text(packet, "/kind") == "rtp") {
        let (outbound, ssrc) = (text(&packet, "/dir") == "out", count(&packet, "/ssrc"));
        let known = all.iter().position(|one| one.outbound == outbound && one.ssrc == ssrc);
        let place = known.unwrap_or_else(|| {
            all.push(Logged { outbound, ssrc, ..Logged::default() });
            all.len() - 1
        });
        let one = &mut all[place];
        if one.numbers.insert(count(&packet, "/seq")) {
            one.types.insert(count(&packet, "/pt"));
            one.timestamps.insert(count(&packet, "/ts"));
            one.header_bytes += count(&packet, "/hlen");
            one.bytes += count(&packet, "/len") - count(&packet, "/hlen");
        }
    }
    Some(all)
}
