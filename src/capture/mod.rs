//! Capture files and pipes, read frame by frame.
//!
//! Takes a file or a pipe, plain, gzip or Zstandard, and gives [`Frame`]s that borrow its bytes. Both formats of the field are
//! read: pcap in both byte orders, with microseconds and nanoseconds, and pcapng with several sections and interfaces.
//!
//! The room keeps these promises:
//!
//! - Bytes decide, names do not: format and compression are recognised by content.
//! - Memory is bounded whatever the lengths in the file say ([`Reader`] has the numbers).
//! - A frame is given as soon as its bytes are there, so that a capture can be read while it is written.
//! - A capture that is cut off or damaged is read up to there; the [`Error`] then says at which byte what was expected and
//!   what was found.

mod clock;
mod error;
mod format;
mod frame;
mod gzip;
mod interface;
mod pcap;
mod pcapng;
mod reader;
mod record;
mod source;
mod window;
mod zstandard;

pub use error::{Damage, Error, Part};
pub use format::{Compression, Format};
pub use frame::{Direction, Frame, LinkType};
pub use interface::{Comment, Interface, Secret, SecretKind};
pub use reader::Reader;
