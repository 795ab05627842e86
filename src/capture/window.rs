//! The part of a capture that is in memory.

use std::io::{self, Read};

use super::source::Source;
use super::{Compression, Error};

/// How much is asked for in one read. Large enough that the system call does not count, small enough to stay in a
/// processor's second-level cache between the copy out of the kernel and the look at it.
const CAPACITY: usize = 256 * 1024;

/// A window that slides over the bytes of a capture.
///
/// It reads only when it holds less than is required, and takes what one read gives: a pipe that still grows is never
/// waited for to fill a buffer.
pub(super) struct Window {
    source: Source,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// The place of `start` in the capture.
    offset: u64,
}

impl Window {
    pub(super) fn new(source: Source) -> Self {
        Self { source, bytes: vec![0; CAPACITY], start: 0, end: 0, offset: 0 }
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    pub(super) fn compression(&self) -> Option<Compression> {
        self.source.compression()
    }

    /// The place in the capture of the first byte of [`Self::rest`].
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The bytes that are in memory and were not taken.
    #[inline]
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Takes `length` bytes of the rest, fewer where there are fewer.
    #[inline]
    pub(super) fn take(&mut self, length: usize) -> &[u8] {
        let start = self.start;
        self.start = start.saturating_add(length).min(self.end);
        self.offset = self.offset.saturating_add((self.start - start) as u64);
        self.bytes.get(start..self.start).unwrap_or_default()
    }

    /// Reads until the rest holds `length` bytes or the capture ends, and says how many it holds.
    pub(super) fn require(&mut self, length: usize) -> Result<usize, Error> {
        while self.end - self.start < length {
            self.make_room(length);
            let read = match self.bytes.get_mut(self.end..).map(|free| self.source.read(free)) {
                None | Some(Ok(0)) => break,
                Some(Ok(read)) => read,
                Some(Err(error)) if error.kind() == io::ErrorKind::Interrupted => 0,
                Some(Err(error)) => return Err(self.failure(error)),
            };
            self.end += read;
        }
        Ok(self.end - self.start)
    }

    /// Moves the rest to the front where `length` bytes would not fit behind it, and grows where they never would.
    fn make_room(&mut self, length: usize) {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        if self.bytes.len() - self.start < length {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            if self.bytes.len() < length {
                self.bytes.resize(length, 0);
            }
        }
    }

    fn failure(&self, source: io::Error) -> Error {
        let offset = self.offset.saturating_add((self.end - self.start) as u64);
        match self.compression() {
            Some(compression) if source.kind() == io::ErrorKind::UnexpectedEof => {
                Error::CompressedCut { offset, compression }
            }
            compression => Error::Read { offset, compression, source },
        }
    }
}
