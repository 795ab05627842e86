//! A capture up to a moment: what a peer had sent and received when it wrote its statistics.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// How many captures this process has cut; makes their names differ.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A cut capture; the file goes away with it.
pub(crate) struct Cut(PathBuf);

impl Cut {
    /// The packets of `capture` up to `time` (Unix seconds), in a file of the same kind.
    pub(crate) fn until(capture: &Path, time: f64) -> Self {
        let data = std::fs::read(capture).unwrap_or_else(|error| panic!("{}: {error}", capture.display()));
        let kept = if data.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) { pcapng(&data, time) } else { pcap(&data, time) };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let ending = capture.extension().and_then(|ending| ending.to_str()).unwrap_or("pcap");
        let name = format!("cut-{}-{number}.{ending}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, kept).expect("a file in the folder for tests");
        Cut(path)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn word(data: &[u8], at: usize, little: bool) -> usize {
    let bytes: [u8; 4] = data[at..at + 4].try_into().expect("four bytes");
    let word = if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
    word.try_into().expect("at least 32 bits")
}

fn seconds(whole: usize, fraction: usize, unit: f64) -> f64 {
    whole as f64 + fraction as f64 * unit
}

fn pcap(data: &[u8], time: f64) -> Vec<u8> {
    let little = matches!(data[0], 0xd4 | 0x4d);
    let unit = if data[..4].contains(&0x4d) { 1e-9 } else { 1e-6 };
    let mut kept = data[..24].to_vec();
    let mut at = 24;
    while at + 16 <= data.len() {
        let end = at + 16 + word(data, at + 8, little);
        if end > data.len() {
            break;
        }
        if seconds(word(data, at, little), word(data, at + 4, little), unit) <= time {
            kept.extend_from_slice(&data[at..end]);
        }
        at = end;
    }
    kept
}

/// Only what the lab's tools write: one section in little-endian, enhanced packet blocks, and nanoseconds or microseconds.
fn pcapng(data: &[u8], time: f64) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut units = Vec::new();
    let mut at = 0;
    while at + 12 <= data.len() {
        let (kind, length) = (word(data, at, true), word(data, at + 4, true));
        let block = &data[at..at + length];
        let late = match kind {
            1 => {
                units.push(if block.windows(5).any(|option| option == [9, 0, 1, 0, 9]) { 1e-9 } else { 1e-6 });
                false
            }
            6 => {
                let ticks = (word(block, 12, true) << 32) | word(block, 16, true);
                seconds(0, ticks, units[word(block, 8, true)]) > time
            }
            _ => false,
        };
        if !late {
            kept.extend_from_slice(block);
        }
        at += length;
    }
    kept
}
