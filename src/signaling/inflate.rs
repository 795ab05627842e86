//! Decompression with a bound on what comes out.

use std::fmt;

use flate2::{Decompress, FlushDecompress, Status};

/// What a window of decompression costs: 32 KiB and the tables around it.
pub(super) const WINDOW: usize = 48 * 1024;

/// How many times longer than it was a text can become. Deflate ends at 1032 times; of descriptions and JSON ten times is much, and what
/// is beyond a hundred times is there to keep who reads it busy.
const RATIO: usize = 100;
/// What can come out of however little.
const LEAST: usize = 64 * 1024;
/// Members of a gzip file. Who appends to a log makes one each time.
const MEMBERS: usize = 65_536;

/// One stream of deflate (RFC 1951), with or without a frame around it.
pub(super) struct Inflater {
    stream: Decompress,
    /// The stream has said that it ends.
    ended: bool,
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inflater")
    }
}

/// How decompression ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inflated {
    /// All of the input was taken in, or the stream has ended.
    Whole,
    /// More would come out than there may.
    TooMuch,
    /// The input is no deflate.
    Broken,
}

impl Inflater {
    /// A stream without a frame.
    pub(super) fn raw() -> Self {
        Self { stream: Decompress::new(false), ended: false }
    }

    /// A stream in a frame of zlib (RFC 1950).
    pub(super) fn zlib() -> Self {
        Self { stream: Decompress::new(true), ended: false }
    }

    /// Takes in `input` and adds what comes out to `out`, which grows to `most` bytes at most.
    pub(super) fn inflate(&mut self, input: &[u8], out: &mut Vec<u8>, most: usize) -> Inflated {
        let most = most.min(out.len() + (input.len() * RATIO).max(LEAST));
        self.inflate_all(input, out, most)
    }

    /// The same, however much longer it becomes.
    fn inflate_all(&mut self, input: &[u8], out: &mut Vec<u8>, most: usize) -> Inflated {
        let mut rest = input;
        loop {
            if out.len() >= most {
                return Inflated::TooMuch;
            }
            // Twice as much each time, so that no byte is moved more than a few times.
            out.reserve_exact((most - out.len()).min(out.len().max(16 * 1024)));
            let (before_in, before_out) = (self.stream.total_in(), out.len());
            let Ok(status) = self.stream.decompress_vec(rest, out, FlushDecompress::Sync) else {
                return Inflated::Broken;
            };
            let taken = usize::try_from(self.stream.total_in() - before_in).unwrap_or(usize::MAX);
            rest = rest.get(taken..).unwrap_or_default();
            self.ended = status == Status::StreamEnd;
            let stuck = taken == 0 && out.len() == before_out;
            if self.ended || stuck || (rest.is_empty() && out.len() < out.capacity()) {
                return Inflated::Whole;
            }
        }
    }
}

/// The members of a gzip file (RFC 1952): the first one, decompressed.
pub(super) fn gunzip(input: &[u8], out: &mut Vec<u8>, most: usize) -> Inflated {
    match after_gzip_head(input) {
        Some(body) => Inflater::raw().inflate(body, out, most),
        None => Inflated::Broken,
    }
}

/// The members of a gzip file (RFC 1952), one after another, each to its end. What came out before a fault stays in `out`.
pub(super) fn gunzip_file(input: &[u8], out: &mut Vec<u8>, most: usize) -> Inflated {
    let mut rest = input;
    for _ in 0..MEMBERS {
        let Some(body) = after_gzip_head(rest) else { return Inflated::Broken };
        let mut member = Inflater::raw();
        match member.inflate_all(body, out, most) {
            Inflated::Whole if member.ended => {}
            Inflated::Whole => return Inflated::Broken,
            ended => return ended,
        }
        // A checksum and a length, then another member, or the padding of a tape.
        let taken = usize::try_from(member.stream.total_in()).unwrap_or(usize::MAX);
        rest = body.get(taken.saturating_add(8)..).unwrap_or_default();
        if rest.iter().all(|byte| *byte == 0) {
            return Inflated::Whole;
        }
    }
    Inflated::TooMuch
}

/// What follows the head of a gzip member (RFC 1952, section 2.3).
fn after_gzip_head(input: &[u8]) -> Option<&[u8]> {
    let (head, mut rest) = input.split_first_chunk::<10>()?;
    let [0x1F, 0x8B, 8, flags, ..] = *head else { return None };
    if flags & 4 != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 { rest.get(2..) } else { Some(rest) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..64 {
            bomb.write_all(&vec![0; 1 << 20]).unwrap();
        }
        let bomb = bomb.finish().unwrap();
        let mut out = Vec::new();
        assert_eq!(gunzip(&bomb, &mut out, 100_000), Inflated::TooMuch);
        assert_eq!(out.len(), 100_000);
        assert!(out.capacity() < 200_000);
    }

    #[test]
    fn all_members_of_a_file_come_out_and_a_cut_one_is_told() {
        let pack = |text: &[u8]| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            packer.write_all(text).unwrap();
            packer.finish().unwrap()
        };
        let file = [pack(b"one,"), pack(&[b'x'; 1 << 20]), pack(b""), vec![0; 512]].concat();
        let mut out = Vec::new();
        assert_eq!(gunzip_file(&file, &mut out, 1 << 22), Inflated::Whole);
        assert_eq!((out.len(), out.get(..5)), (4 + (1 << 20), Some(&b"one,x"[..])));
        out.clear();
        assert_eq!(gunzip_file(&pack(&[b'x'; 1 << 20])[..600], &mut out, 1 << 22), Inflated::Broken);
        assert!(!out.is_empty());
        out.clear();
        assert_eq!(gunzip_file(&file, &mut out, 1000), Inflated::TooMuch);
        let garbage = [pack(b"one"), b"two".to_vec()].concat();
        assert_eq!(gunzip_file(&garbage, &mut out, 1 << 22), Inflated::Broken);
    }

    #[test]
    fn all_that_was_packed_comes_out() {
        for size in [0_usize, 1, 16_383, 16_384, 16_385, 100_000] {
            let text: Vec<u8> = (0..size).map(|at| (at * at % 251) as u8).collect();
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(&text).unwrap();
            let mut out = Vec::new();
            assert_eq!(gunzip(&packed.finish().unwrap(), &mut out, 1 << 20), Inflated::Whole);
            assert_eq!(out, text);
        }
    }
}
