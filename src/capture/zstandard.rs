//! Zstandard streams (RFC 8878): frames one after another, skippable ones left out.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::source::is_at_end;

/// An empty raw block marked as the last one, and a checksum after it (RFC 8878, section 3.1.1.2).
const END_OF_FRAME: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

/// A Zstandard stream as its content.
pub(super) struct Zstandard<R> {
    input: R,
    /// The decoder of the frame at hand. A new one for each frame: one that is used again reserves the window that the
    /// frame header asks for before a byte of it was seen.
    frame: Option<FrameDecoder>,
    /// Why the stream cannot be read on, told after what had been decoded before.
    failure: Option<io::Error>,
}

impl<R: BufRead> Zstandard<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, frame: None, failure: None }
    }

    pub(super) fn input(&self) -> &R {
        &self.input
    }

    /// Opens the next frame; `None` where the stream ends.
    fn open(&mut self) -> io::Result<Option<FrameDecoder>> {
        while !is_at_end(&mut self.input)? {
            let mut frame = FrameDecoder::new();
            match frame.init(&mut self.input) {
                Ok(()) => return Ok(Some(frame)),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    if io::copy(&mut (&mut self.input).take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(as_io(error)),
            }
        }
        Ok(None)
    }

    /// Decodes one more block of `frame`.
    fn advance(&mut self, frame: &mut FrameDecoder) {
        if let Err(error) = frame.decode_blocks(&mut self.input, BlockDecodingStrategy::UptoBlocks(1)) {
            self.failure = Some(as_io(error));
            // The decoder keeps a window of decoded bytes back until the frame ends. It will not end any more, and what
            // is decoded is good: end it.
            let _ = frame.decode_blocks(END_OF_FRAME.as_slice(), BlockDecodingStrategy::UptoBlocks(1));
        }
    }
}

impl<R: BufRead> Read for Zstandard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(mut frame) = self.frame.take() {
                let read = frame.read(buffer)?;
                if read > 0 {
                    self.frame = Some(frame);
                    return Ok(read);
                }
                if !frame.is_finished() && self.failure.is_none() {
                    self.advance(&mut frame);
                    self.frame = Some(frame);
                    continue;
                }
                if let (Some(told), Some(found), None) =
                    (frame.get_checksum_from_data(), frame.get_calculated_checksum(), &self.failure)
                    && told != found
                {
                    self.failure = Some(io::Error::new(io::ErrorKind::InvalidData, "checksum mismatch"));
                }
            }
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            match self.open()? {
                Some(frame) => self.frame = Some(frame),
                None => return Ok(0),
            }
        }
    }
}

/// The I/O error inside a decoder's error, so that an early end is told from damage.
fn as_io(error: FrameDecoderError) -> io::Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>()
            && io.kind() == io::ErrorKind::UnexpectedEof
        {
            return io::ErrorKind::UnexpectedEof.into();
        }
        cause = inner.source();
    }
    io::Error::new(io::ErrorKind::InvalidData, error)
}
