//! Where the trailer of SRTCP stands, inferred from its bytes, against the cipher that the browsers say they used.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs)]
#![cfg(feature = "capture")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rtcscope::capture::Reader;
use rtcscope::net::{Datagram, IcmpError, Limits, Sink, Stack, TcpEvent};
use rtcscope::wire::rtcp::{Compound, SecureLayout, SecureTrailer};
use serde_json::Value;

/// Packets by what was inferred, and how often an index went up by one to four, and how it went otherwise.
#[derive(Default)]
struct Seen {
    layouts: BTreeMap<Option<SecureLayout>, u64>,
    last: BTreeMap<(String, u32), u32>,
    steps: [u64; 2],
}

impl Sink for Seen {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        let bytes = datagram.payload;
        // Names are asked for in the same captures, and an id of DNS may look like anything.
        let dns = [datagram.source, datagram.destination].iter().any(|end| [53, 5353].contains(&end.port));
        if dns || !matches!(bytes, [0x80..=0xBF, 200..=207, ..]) || bytes.len() < datagram.length {
            return;
        }
        let trailer = SecureTrailer::infer(bytes);
        *self.layouts.entry(trailer.map(|trailer| trailer.layout)).or_default() += 1;
        if let (Some(trailer), Some(sender)) = (trailer, Compound::parse(bytes).unwrap().sender()) {
            let path = format!("{} {}", datagram.source, datagram.destination);
            if let Some(last) = self.last.insert((path, sender.0), trailer.index) {
                self.steps[usize::from(!(1..=4).contains(&trailer.index.wrapping_sub(last)))] += 1;
            }
        }
    }

    fn icmp_error(&mut self, _: &IcmpError<'_>) {}

    fn tcp(&mut self, _: &TcpEvent<'_>) {}
}

fn listen(path: &Path) -> Seen {
    let mut seen = Seen::default();
    let mut stack = Stack::new(Limits::default());
    let mut reader = Reader::open(path).unwrap();
    while let Ok(Some(frame)) = reader.next_frame() {
        stack.observe(&frame, &mut seen);
    }
    stack.finish(&mut seen);
    seen
}

/// The layout of the cipher in the statistics of the peers, where one says it and no other says another.
fn layout(truth: &Value) -> Option<SecureLayout> {
    let peers = truth["peers"].as_object()?;
    let ciphers = peers.values().filter_map(|peer| peer["selected"]["srtpCipher"].as_str());
    let mut layouts: Vec<_> =
        ciphers.map(|cipher| if cipher.contains("GCM") { SecureLayout::Gcm } else { SecureLayout::Hmac }).collect();
    layouts.dedup();
    <[SecureLayout; 1]>::try_from(layouts).ok().map(|[layout]| layout)
}

fn captures(folder: &Path, name: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of_it = |path: &PathBuf| {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        file.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
            && (file.ends_with(".pcap") || file.ends_with(".pcapng"))
    };
    let mut paths: Vec<_> = paths.filter(of_it).collect();
    paths.sort();
    paths
}

#[test]
fn the_layout_inferred_is_that_of_the_cipher() {
    let Some(folder) = std::env::var_os("RTCSCOPE_CORPUS").map(|folder| PathBuf::from(folder).join("captures")) else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return;
    };
    let (mut right, mut wrong, mut steps) = (BTreeMap::new(), Vec::new(), [0, 0]);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".truth.json") else { continue };
        let truth: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let Some(expected) = layout(&truth) else { continue };
        for capture in captures(&folder, name) {
            let seen = listen(&capture);
            for (layout, packets) in seen.layouts {
                if layout == Some(expected) {
                    *right.entry(expected).or_insert(0) += packets;
                } else {
                    wrong.push(format!("{}: {packets} of {expected:?} as {layout:?}", capture.display()));
                }
            }
            steps = [steps[0] + seen.steps[0], steps[1] + seen.steps[1]];
        }
    }
    eprintln!("{right:?} packets; {} indexes went up by 1 to 4, {} otherwise", steps[0], steps[1]);
    assert!(right.len() == SecureLayout::ALL.len() && right.values().all(|packets| *packets > 100), "{right:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What is not captured, reordered or lost makes other steps.
    assert!(steps[1] * 20 < steps[0], "{steps:?}");
}
