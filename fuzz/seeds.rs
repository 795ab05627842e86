//! Fills `fuzz/corpus/TARGET` from the fixtures: small captures and the files beside captures whole, and the datagrams in
//! all captures one by one.
//!
//!     cargo run --manifest-path fuzz/Cargo.toml --example seeds

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

use rtcscope::capture::Reader;
use rtcscope::net::{Datagram, IcmpError, Limits, Sink, Stack, TcpEvent, TcpWhat};

/// Captures above this size are slow seeds.
const LARGEST_CAPTURE: u64 = 64 * 1024;
/// Datagrams kept for a target.
const MOST: usize = 400;

#[derive(Default)]
struct Datagrams {
    /// By target and by type and size, so that thousands of alike ones count once.
    kept: BTreeMap<(&'static str, [u8; 2], usize), Vec<u8>>,
}

impl Datagrams {
    fn keep(&mut self, bytes: &[u8]) {
        let [first, second, ..] = bytes else { return };
        let target = match first {
            0..=3 => "stun",
            64..=79 => "channel_data",
            128..=191 if (192..=223).contains(second) => "rtcp",
            128..=191 => "rtp",
            _ => return,
        };
        let alike = self.kept.range((target, [0; 2], 0)..=(target, [255; 2], usize::MAX)).count();
        if alike < MOST {
            self.kept.entry((target, [*first, *second], bytes.len())).or_insert_with(|| bytes.to_vec());
        }
    }
}

impl Sink for Datagrams {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.keep(datagram.payload);
    }

    fn icmp_error(&mut self, error: &IcmpError<'_>) {
        self.keep(error.payload);
    }

    fn tcp(&mut self, event: &TcpEvent<'_>) {
        if let TcpWhat::Bytes(bytes) = event.what {
            self.keep(bytes);
        }
    }
}

fn plant(target: &str, bytes: &[u8]) -> io::Result<()> {
    let mut hash = DefaultHasher::new();
    bytes.hash(&mut hash);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{:016x}", hash.finish())), bytes)
}

fn main() -> io::Result<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    for entry in fs::read_dir(fixtures.join("files"))? {
        plant("side_file", &fs::read(entry?.path())?)?;
    }
    let mut datagrams = Datagrams::default();
    for entry in fs::read_dir(fixtures)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "pcap" && ending != "pcapng") {
            continue;
        }
        if fs::metadata(&path)?.len() <= LARGEST_CAPTURE {
            let bytes = fs::read(&path)?;
            plant("capture", &bytes)?;
            plant("analyze", &bytes)?;
        }
        let Ok(mut reader) = Reader::open(&path) else { continue };
        let mut stack = Stack::new(Limits::default());
        while let Ok(Some(frame)) = reader.next_frame() {
            stack.observe(&frame, &mut datagrams);
        }
        stack.finish(&mut datagrams);
    }
    for ((target, ..), bytes) in &datagrams.kept {
        plant(target, bytes)?;
    }
    println!("{} datagrams", datagrams.kept.len());
    Ok(())
}
