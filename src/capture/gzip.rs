//! gzip streams (RFC 1952): members one after another.
//!
//! The members are framed here and only their content is left to flate2: its own reader drops what it had decoded of a buffer when
//! it finds the stream corrupt, and what comes before the damage is to be read.

use std::io::{self, BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::source::is_at_end;

/// Bits of the flags that announce more header (RFC 1952, section 2.3.1).
const HEADER_CHECKSUM: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

/// Where in a member the stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Header,
    Content,
    Trailer,
}

/// A gzip stream as its content.
pub(super) struct Gzip<R> {
    input: R,
    stage: Stage,
    inflate: Decompress,
    checksum: Crc,
    /// Why the stream cannot be read on, told after what had been decoded before.
    failure: Option<io::Error>,
}

impl<R: BufRead> Gzip<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, stage: Stage::Header, inflate: Decompress::new(false), checksum: Crc::new(), failure: None }
    }

    pub(super) fn input(&self) -> &R {
        &self.input
    }

    /// Reads the header of the next member.
    fn begin(&mut self) -> io::Result<()> {
        let [first, second, method, flags, ..] = self.bytes::<10>()?;
        if (first, second, method) != (0x1f, 0x8b, 8) {
            return Err(damaged("expected another gzip member or the end"));
        }
        if flags & EXTRA != 0 {
            let length = u64::from(u16::from_le_bytes(self.bytes()?));
            if io::copy(&mut (&mut self.input).take(length), &mut io::sink())? < length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        for text in [NAME, COMMENT] {
            while flags & text != 0 && self.bytes::<1>()? != [0] {}
        }
        if flags & HEADER_CHECKSUM != 0 {
            self.bytes::<2>()?;
        }
        self.inflate.reset(false);
        self.checksum.reset();
        self.stage = Stage::Content;
        Ok(())
    }

    /// Decodes some content; 0 where the member ends or more input is needed.
    fn decode(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if is_at_end(&mut self.input)? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let input = self.input.fill_buf()?;
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(input, buffer, FlushDecompress::None);
        let read = (self.inflate.total_in() - read) as usize;
        let written = (self.inflate.total_out() - written) as usize;
        self.input.consume(read);
        self.checksum.update(buffer.get(..written).unwrap_or_default());
        match status {
            Ok(Status::StreamEnd) => self.stage = Stage::Trailer,
            Ok(_) if read == 0 && written == 0 => {
                self.failure = Some(damaged("expected a deflate stream that goes on"))
            }
            Ok(_) => {}
            Err(error) => self.failure = Some(io::Error::new(io::ErrorKind::InvalidData, error)),
        }
        Ok(written)
    }

    /// Compares the checksum and the length after the content.
    fn end(&mut self) -> io::Result<()> {
        let checksum = u32::from_le_bytes(self.bytes()?);
        let length = u32::from_le_bytes(self.bytes()?);
        if checksum != self.checksum.sum() || length != self.checksum.amount() {
            return Err(damaged("expected the checksum of the gzip member, found another"));
        }
        self.stage = Stage::Header;
        Ok(())
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            match self.stage {
                Stage::Header if is_at_end(&mut self.input)? => return Ok(0),
                Stage::Header => self.begin()?,
                Stage::Content => match self.decode(buffer)? {
                    0 => {}
                    written => return Ok(written),
                },
                Stage::Trailer => self.end()?,
            }
        }
    }
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
