//! Why a capture could not be read, or not to its end.

use std::fmt;
use std::io;

use super::{Compression, Format};

/// Why reading ended.
///
/// An error of [`Reader::open`](super::Reader::open) or [`Reader::from_read`](super::Reader::from_read) means that there
/// is no capture: nothing was read. An error of [`Reader::next_frame`](super::Reader::next_frame) means that the capture
/// ends before its end: what was read up to there stands.
///
/// Offsets count bytes of the capture itself, after decompression.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be opened.
    Open {
        /// What the system says.
        source: io::Error,
    },
    /// Not a single byte.
    Empty,
    /// The first bytes are neither those of pcap nor those of pcapng.
    NotACapture {
        /// The first bytes, as many as there are, the rest zero.
        magic: [u8; 4],
    },
    /// The file begins as a capture does and ends inside its header.
    HeaderCut {
        /// What it begins as.
        format: Format,
        /// The length of the header in bytes.
        expected: u64,
        /// The bytes that are there.
        found: u64,
    },
    /// The file ends inside a record or block.
    Cut {
        /// Where the part begins that is not whole.
        offset: u64,
        /// Which part it is.
        part: Part,
        /// Its length in bytes.
        expected: u64,
        /// The bytes that are there.
        found: u64,
        /// The compression around the capture.
        compression: Option<Compression>,
    },
    /// The compressed stream ends before its end.
    CompressedCut {
        /// How many bytes of the capture came out of it.
        offset: u64,
        /// The compression.
        compression: Compression,
    },
    /// The bytes contradict the format, so that the next record cannot be found.
    Damaged {
        /// Where the contradicting field, or the block without one, begins.
        offset: u64,
        /// What is wrong.
        damage: Damage,
        /// The compression around the capture.
        compression: Option<Compression>,
    },
    /// Reading failed: the system's error, or that of the decompression.
    Read {
        /// How many bytes of the capture had been read.
        offset: u64,
        /// The compression around the capture.
        compression: Option<Compression>,
        /// The cause.
        source: io::Error,
    },
}

/// The parts that a file can end inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The header of a pcap record, 16 bytes (24 in the modified format).
    RecordHeader,
    /// The bytes of a packet in a pcap record.
    PacketData,
    /// The type and the length of a pcapng block, 8 bytes (12 where it carries the byte order).
    BlockHeader,
    /// A pcapng block.
    Block,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::RecordHeader => "record header",
            Self::PacketData => "packet data",
            Self::BlockHeader => "block header",
            Self::Block => "block",
        })
    }
}

/// What contradicts the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Damage {
    /// A captured length above what any tool writes.
    CapturedLength {
        /// The length in bytes.
        found: u32,
        /// The greatest believed.
        maximum: u32,
    },
    /// A block length below the least that the block needs, above what is believed, or not a multiple of 4.
    BlockLength {
        /// The length in bytes.
        found: u32,
        /// The least.
        minimum: u32,
        /// The greatest believed.
        maximum: u32,
    },
    /// The length at a block's end is not the one at its beginning.
    TrailingLength {
        /// The length at the beginning.
        expected: u32,
        /// The length at the end.
        found: u32,
    },
    /// A section header whose byte-order magic is neither way round.
    ByteOrder {
        /// The magic as read in little-endian order.
        found: u32,
    },
    /// A section of a major version other than 1.
    Version {
        /// The major version.
        found: u16,
    },
    /// A packet of an interface that was not described before it.
    Interface {
        /// The interface's number.
        found: u32,
        /// How many the section has described.
        described: u32,
    },
    /// More interfaces than are believed.
    Interfaces {
        /// The greatest number believed.
        maximum: u32,
    },
    /// The lengths inside a block do not fit its length.
    BlockContent {
        /// The type of the block.
        block_type: u32,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CapturedLength { found, maximum } => {
                write!(f, "expected a captured length up to {maximum}, found {found}")
            }
            Self::BlockLength { found, minimum, maximum } => {
                write!(f, "expected a block length from {minimum} to {maximum} in steps of 4, found {found}")
            }
            Self::TrailingLength { expected, found } => {
                write!(f, "expected the block length {expected} again at the block's end, found {found}")
            }
            Self::ByteOrder { found } => {
                write!(f, "expected the byte-order magic 0x1a2b3c4d, found {found:#010x}")
            }
            Self::Version { found } => write!(f, "expected a section of version 1, found {found}"),
            Self::Interface { found, described } => {
                write!(f, "expected one of the {described} interfaces described so far, found number {found}")
            }
            Self::Interfaces { maximum } => {
                write!(f, "expected at most {maximum} interface descriptions, found one more")
            }
            Self::BlockContent { block_type } => {
                write!(f, "expected lengths that fit inside the block of type {block_type:#010x}, found larger ones")
            }
        }
    }
}

/// The words that say what an offset counts.
struct At(u64, Option<Compression>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}", self.0)?;
        if self.1.is_some() {
            f.write_str(" of the uncompressed capture")?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { source } => write!(f, "cannot be opened: {source}"),
            Self::Empty => f.write_str("expected a capture, found an empty file"),
            Self::NotACapture { magic: [a, b, c, d] } => write!(
                f,
                "not a capture: expected the magic number of pcap or pcapng, found {a:02x} {b:02x} {c:02x} {d:02x}"
            ),
            Self::HeaderCut { format, expected, found } => {
                write!(f, "expected a {format} header of {expected} bytes, found {found} bytes")
            }
            Self::Cut { offset, part, expected, found, compression } => {
                let at = At(*offset, *compression);
                write!(f, "cut off: expected {expected} bytes of {part} at {at}, found {found}")
            }
            Self::CompressedCut { offset, compression } => write!(
                f,
                "cut off: expected more of the {compression} stream after {}, found its end",
                At(*offset, Some(*compression))
            ),
            Self::Damaged { offset, damage, compression } => {
                write!(f, "damaged at {}: {damage}", At(*offset, *compression))
            }
            Self::Read { offset, compression: None, source } => {
                write!(f, "cannot be read on after byte {offset}: {source}")
            }
            Self::Read { offset, compression: Some(compression), source } => write!(
                f,
                "the {compression} stream cannot be read on after {}: {source}",
                At(*offset, Some(*compression))
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Open { source } | Self::Read { source, .. } => Some(source),
            Self::Empty
            | Self::NotACapture { .. }
            | Self::HeaderCut { .. }
            | Self::Cut { .. }
            | Self::CompressedCut { .. }
            | Self::Damaged { .. } => None,
        }
    }
}
