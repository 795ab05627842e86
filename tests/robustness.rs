//! No bytes make the analysis panic, hang or give more frames than the bytes can hold.
//!
//! Every fixture is cut off at every byte and has each of its bytes changed in turn; where a fixture is large, at
//! places spread evenly over it, so that each fixture costs about the same.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use rtcscope::analyze::{Analyzer, Options};
use rtcscope::capture::Reader;
use rtcscope::wire::ChannelData;
use rtcscope::wire::stun::{Message, describe};

/// Fixtures up to this size are tried at every byte.
const SMALL: usize = 3 * 1024;
/// Bytes that a larger fixture may cost in one test.
const BUDGET: usize = 2 * 1024 * 1024;
/// No input here is worth more time than this, even on a slow machine without optimisation.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads `bytes` as a capture and analyses it as the program does.
fn survives(what: &str, bytes: &[u8]) {
    let begun = Instant::now();
    if let Ok(mut reader) = Reader::from_read(Cursor::new(bytes.to_vec())) {
        let mut events = 0_usize;
        let analysis = Analyzer::new(Options::default()).analyze(&mut reader, |_| events += 1, |_| {});
        let packets = usize::try_from(analysis.summary.packets).expect("a count that fits");
        assert!(packets <= bytes.len(), "{what}: more packets than bytes");
        assert!(events <= bytes.len(), "{what}: more events than bytes");
    }
    assert!(begun.elapsed() < PATIENCE, "{what}: took {:?}", begun.elapsed());
}

/// Asks `bytes` as one message everything.
fn survives_as_message(bytes: &[u8]) {
    if let Ok(message) = Message::parse(bytes) {
        std::hint::black_box(describe(&message));
    }
    std::hint::black_box(ChannelData::parse(bytes).is_ok());
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut fixtures: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng"))
        .map(|path| (path.display().to_string(), std::fs::read(&path).expect("a fixture")))
        .collect();
    fixtures.sort();
    assert!(fixtures.len() > 30, "the fixtures are not where this test looks for them");
    fixtures
}

/// The places to try in a file of `length` bytes: all, or a spread that never falls into step with its records.
fn places(length: usize) -> impl Iterator<Item = usize> {
    let step = if length <= SMALL { 1 } else { (length * length / BUDGET).max(2) | 1 };
    (0..length).step_by(step)
}

#[test]
fn fixtures_cut_off_anywhere() {
    for (name, bytes) in fixtures() {
        for place in places(bytes.len()) {
            survives(&format!("{name} cut at {place}"), &bytes[..place]);
        }
    }
}

#[test]
fn fixtures_with_a_byte_changed() {
    for (name, mut bytes) in fixtures() {
        for place in places(bytes.len()) {
            let original = bytes[place];
            // all bits, the top bit (signs, lengths), the lowest (types, parity) by turns
            bytes[place] ^= [0xff, 0x80, 0x01][place % 3];
            survives(&format!("{name} changed at {place}"), &bytes);
            bytes[place] = original;
        }
    }
}

/// Xorshift: the same bytes on every run.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn random_bytes_after_every_kind_of_start() {
    let starts: [&[u8]; 7] = [
        &[],
        &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0],
        &[0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 113],
        &[0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0],
        &[0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0],
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3],
        &[0x28, 0xb5, 0x2f, 0xfd],
    ];
    let mut state = 0x5eed_0fca_11e5_u64;
    for round in 0..4000_usize {
        let mut bytes = starts[round % starts.len()].to_vec();
        let length = usize::try_from(random(&mut state) % 2000).expect("a small number");
        // small numbers make plausible lengths, and so go deeper than evenly random bytes
        let mask = if round % 2 == 0 { 0xff } else { 0x1f };
        bytes.extend((0..length).map(|_| (random(&mut state) >> 32) as u8 & mask));
        survives(&format!("random bytes, round {round}"), &bytes);
        survives_as_message(&bytes);
    }
}

#[test]
fn random_packets_in_a_sound_file() {
    let mut state = 0x0ddb_a11d_u64;
    for round in 0..2000_usize {
        let link = [1_u32, 101, 113, 276, 0, 108, 228, 229][round % 8];
        let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0];
        bytes.extend(link.to_le_bytes());
        for _ in 0..8 {
            let length = random(&mut state) as u32 % 200;
            bytes.extend([0; 8]);
            bytes.extend(length.to_le_bytes());
            bytes.extend(length.to_le_bytes());
            bytes.extend((0..length).map(|at| match (random(&mut state) as u8, at) {
                (one, 0) if link >= 101 && link != 113 && link != 276 => 0x45 ^ (one & 0x21),
                (one, _) => one & if round % 3 == 0 { 0x1f } else { 0xff },
            }));
        }
        survives(&format!("random packets, round {round}"), &bytes);
    }
}
