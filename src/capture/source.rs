//! Where the bytes come from, decompressed if need be.

use std::io::{self, BufRead, BufReader, Read};

use super::Compression;
use super::gzip::Gzip;
use super::zstandard::Zstandard;

/// The size of the buffer between a compressed file and its decompression.
const COMPRESSED_BUFFER: usize = 64 * 1024;

/// A reader that counts what went through it.
pub(super) struct Counted {
    inner: Box<dyn Read + Send>,
    count: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count = self.count.saturating_add(read as u64);
        Ok(read)
    }
}

/// The first bytes, which had to be looked at, and then the rest.
pub(super) type Rewound = io::Chain<io::Cursor<Vec<u8>>, Counted>;

/// The bytes of a capture, whatever is around them.
pub(super) enum Source {
    /// Nothing is.
    Plain(Rewound),
    /// gzip.
    Gzip(Box<Gzip<BufReader<Rewound>>>),
    /// Zstandard.
    Zstandard(Box<Zstandard<BufReader<Rewound>>>),
}

impl Source {
    /// Looks at the first four bytes of `inner` and unwraps what they announce.
    ///
    /// Waits for these four bytes and for no more, so that a pipe that has only just begun is served.
    pub(super) fn new(inner: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut counted = Counted { inner, count: 0 };
        let mut start = Vec::new();
        (&mut counted).take(4).read_to_end(&mut start)?;
        let compression = announced(&start);
        let rewound = io::Cursor::new(start).chain(counted);
        Ok(match compression {
            None => Self::Plain(rewound),
            Some(Compression::Gzip) => {
                Self::Gzip(Box::new(Gzip::new(BufReader::with_capacity(COMPRESSED_BUFFER, rewound))))
            }
            Some(Compression::Zstandard) => {
                Self::Zstandard(Box::new(Zstandard::new(BufReader::with_capacity(COMPRESSED_BUFFER, rewound))))
            }
        })
    }

    pub(super) fn compression(&self) -> Option<Compression> {
        match self {
            Self::Plain(_) => None,
            Self::Gzip(_) => Some(Compression::Gzip),
            Self::Zstandard(_) => Some(Compression::Zstandard),
        }
    }

    /// How many bytes of the file or pipe were read, compressed as they are.
    pub(super) fn position(&self) -> u64 {
        match self {
            Self::Plain(rewound) => rewound.get_ref().1.count,
            Self::Gzip(decoder) => decoder.input().get_ref().get_ref().1.count,
            Self::Zstandard(decoder) => decoder.input().get_ref().get_ref().1.count,
        }
    }
}

/// The compression that a file's first bytes announce.
fn announced(start: &[u8]) -> Option<Compression> {
    match start {
        [0x1f, 0x8b, ..] => Some(Compression::Gzip),
        // A frame (RFC 8878, section 3.1.1) or a skippable frame (section 3.1.2).
        [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Some(Compression::Zstandard),
        _ => None,
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(rewound) => rewound.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstandard(decoder) => decoder.read(buffer),
        }
    }
}

/// Whether nothing follows in `input`; waits until that is known.
pub(super) fn is_at_end(input: &mut impl BufRead) -> io::Result<bool> {
    loop {
        match input.fill_buf() {
            Ok(rest) => return Ok(rest.is_empty()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
