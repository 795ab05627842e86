//! The reader of both formats.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::interface::About;
use super::pcap::Pcap;
use super::pcapng::Pcapng;
use super::source::Source;
use super::window::Window;
use super::{Comment, Compression, Error, Format, Frame, Interface, LinkType, Secret};
use crate::moment::{FrameNumber, Moment};

/// A capture, read frame by frame.
///
/// Memory does not grow with the capture: one window of 256 KiB (of the largest block, up to 16 MiB, where there is a larger
/// one), and for a compressed capture the window of its decompression (up to 128 MiB, as the reference
/// implementation allows, where the file was made with such a one).
pub struct Reader {
    window: Window,
    layout: Layout,
    about: About,
    frames: u64,
    length: Option<u64>,
    ended: bool,
}

/// How the records follow one another.
enum Layout {
    Pcap(Pcap),
    Pcapng(Pcapng),
}

impl fmt::Debug for Reader {
    /// Without the bytes and the secrets that it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("format", &self.format())
            .field("compression", &self.compression())
            .field("link_types", &self.link_types())
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Opens the capture at `path`: pcap or pcapng, plain, gzip or Zstandard, whatever its name says.
    ///
    /// # Errors
    ///
    /// Where there is no capture at `path`: no such file, an empty one, one that is something else, one that ends
    /// inside its header.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|source| Error::Open { source })?;
        let length = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        let mut reader = Self::from_read(file)?;
        reader.length = length;
        Ok(reader)
    }

    /// Reads a capture from `source`, which may still grow: a frame is given as soon as its bytes are there.
    ///
    /// Waits for the header of the capture. A Zstandard stream gives its bytes later than the others: its decompression
    /// keeps a window back until a frame of the stream is whole.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn from_read(source: impl Read + Send + 'static) -> Result<Self, Error> {
        let source = Source::new(Box::new(source)).map_err(|source| Error::Open { source })?;
        let mut window = Window::new(source);
        let mut about = About::default();
        let found = window.require(4)?;
        let mut magic = [0; 4];
        for (to, from) in magic.iter_mut().zip(window.rest()) {
            *to = *from;
        }
        let layout = if found == 0 {
            return Err(Error::Empty);
        } else if Pcap::announced(magic) {
            let (pcap, interface) = Pcap::open(&mut window)?;
            about.add_interface(interface);
            Layout::Pcap(pcap)
        } else if Pcapng::announced(magic) {
            Layout::Pcapng(Pcapng::open(&mut window, &mut about)?)
        } else {
            return Err(Error::NotACapture { magic });
        };
        Ok(Self { window, layout, about, frames: 0, length: None, ended: false })
    }

    /// The next frame; `None` at the end of the capture. Waits where the source is a pipe with nothing in it.
    ///
    /// # Errors
    ///
    /// Where the capture is cut off or damaged, or reading fails. There is nothing after an error but `None`; all that
    /// was read before stands.
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Error> {
        if self.ended {
            return Ok(None);
        }
        let found = match &mut self.layout {
            Layout::Pcap(pcap) => pcap.next(&mut self.window),
            Layout::Pcapng(pcapng) => pcapng.next(&mut self.window, &mut self.about, self.frames),
        };
        let record = match found {
            Ok(Some(record)) => record,
            Ok(None) => {
                self.ended = true;
                return Ok(None);
            }
            Err(error) => {
                self.ended = true;
                return Err(error);
            }
        };
        self.frames += 1;
        let data = self.window.take(record.length).get(record.data).unwrap_or_default();
        Ok(Some(Frame {
            moment: Moment { time: record.time, frame: FrameNumber(self.frames + self.about.other_records) },
            link_type: record.link_type,
            interface: record.interface,
            direction: record.direction,
            // Some tools write 0 or a length before their own changes.
            original_length: record.original_length.max(u32::try_from(data.len()).unwrap_or(u32::MAX)),
            data,
        }))
    }

    /// The file format.
    #[must_use]
    pub fn format(&self) -> Format {
        match self.layout {
            Layout::Pcap(_) => Format::Pcap,
            Layout::Pcapng(_) => Format::Pcapng,
        }
    }

    /// The compression around it.
    #[must_use]
    pub fn compression(&self) -> Option<Compression> {
        self.window.compression()
    }

    /// The link types of the interfaces described so far, in order of first appearance.
    #[must_use]
    pub fn link_types(&self) -> &[LinkType] {
        &self.about.link_types
    }

    /// The interfaces described so far; [`Frame::interface`] counts through them, over all sections.
    #[must_use]
    pub fn interfaces(&self) -> &[Interface] {
        &self.about.interfaces
    }

    /// How many packets the capturing machine dropped, as far as the capture has said; `None` where it says nothing,
    /// which a pcap file never does.
    #[must_use]
    pub fn dropped_by_kernel(&self) -> Option<u64> {
        self.about.dropped()
    }

    /// The comments read so far.
    #[must_use]
    pub fn comments(&self) -> &[Comment] {
        &self.about.comments
    }

    /// How many comments were not kept, for the memory they would take.
    #[must_use]
    pub fn comments_omitted(&self) -> u64 {
        self.about.comments_omitted
    }

    /// The decryption secrets read so far.
    #[must_use]
    pub fn secrets(&self) -> &[Secret] {
        &self.about.secrets
    }

    /// How many blocks of secrets were not kept, for the memory they would take.
    #[must_use]
    pub fn secrets_omitted(&self) -> u64 {
        self.about.secrets_omitted
    }

    /// How many frames were read.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// How many bytes of the file or pipe were read, compressed as they are. Goes ahead of the frames by what is in memory.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.window.source().position()
    }

    /// The length of the file, where it is one.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }
}
