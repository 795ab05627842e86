//! Why a file beside a capture could not be read.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a file gives nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// It could not be opened or read.
    Read {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It holds nothing but white space.
    Empty {
        /// Its name.
        name: String,
    },
    /// It is larger than may be read, as it is or unpacked.
    TooLarge {
        /// Its name.
        name: String,
        /// The bytes that may be read.
        most: usize,
    },
    /// It begins as gzip does and is none.
    Gzip {
        /// Its name.
        name: String,
        /// How many bytes came out of it.
        unpacked: usize,
    },
    /// It is no UTF-8.
    Text {
        /// Its name.
        name: String,
        /// The first byte that is none.
        offset: usize,
    },
    /// It begins as JSON does and is none, or holds more or deeper values than may be.
    Json {
        /// Its name.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1; 0 where a line has ended too early.
        column: usize,
    },
    /// It begins as neither a description nor JSON nor a dump does.
    Unknown {
        /// Its name.
        name: String,
        /// How it begins.
        found: String,
    },
    /// It is JSON, and there is no description, no candidate and no dump in it.
    Nothing {
        /// Its name.
        name: String,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Empty { name } => write!(f, "{name}: expected a description or a dump, found nothing"),
            Self::TooLarge { name, most } => write!(f, "{name}: expected at most {most} bytes, found more"),
            Self::Gzip { name, unpacked } => {
                write!(f, "{name}: expected gzip, found a stream that is broken after {unpacked} bytes of content")
            }
            Self::Text { name, offset } => write!(f, "{name}: expected UTF-8, found something else at byte {offset}"),
            Self::Json { name, line, column } => {
                write!(
                    f,
                    "{name}: expected JSON within its bounds, found something else in line {line}, column {column}"
                )
            }
            Self::Unknown { name, found } => {
                write!(f, "{name}: expected SDP, JSON, an rtcstats dump or an HTTP archive, found {found:?}")
            }
            Self::Nothing { name } => {
                write!(f, "{name}: expected a description, a candidate or a dump in this JSON, found none")
            }
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } => Some(source),
            _ => None,
        }
    }
}
