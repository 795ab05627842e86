//! Where descriptions come from: a file or standard input, plain or inside JSON.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::Value;

use crate::cli::fault::Fault;
use crate::sdp::json::find_descriptions;

/// The most that is read, in bytes: a webrtc-internals dump of a long call takes tens of megabytes.
const LIMIT: u64 = 256 << 20;

/// A description and where it was.
pub(super) struct Found {
    /// What stands over it where there are several: the path through the JSON, and the type.
    pub(super) title: String,
    /// `offer`, `answer` and the like, where it is said.
    pub(super) kind: Option<String>,
    pub(super) text: Vec<u8>,
}

/// A file that was read.
pub(super) struct Input {
    /// Its path as given.
    pub(super) path: String,
    /// All of it.
    pub(super) bytes: Vec<u8>,
    /// The descriptions in it, at least one.
    pub(super) found: Vec<Found>,
}

/// All bytes of a file, or of standard input for `-`.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    let name = path.to_string_lossy().into_owned();
    let mut bytes = Vec::new();
    let read = if name == "-" {
        io::stdin().lock().take(LIMIT + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
    };
    read.map_err(|source| Fault::Read { path: name.clone(), source })?;
    if bytes.len() as u64 > LIMIT {
        return Err(Fault::TooLarge { path: name, limit: LIMIT });
    }
    Ok(bytes)
}

/// The JSON in `bytes`; `None` where it does not look like any.
pub(super) fn json(bytes: &[u8]) -> Option<Value> {
    let start = bytes.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    if matches!(start.first(), Some(b'{' | b'[' | b'"')) { serde_json::from_slice(start).ok() } else { None }
}

impl Input {
    /// Reads a file and finds its descriptions.
    pub(super) fn read(path: &Path) -> Result<Self, Fault> {
        Self::of(path.to_string_lossy().into_owned(), bytes(path)?)
    }

    /// Finds the descriptions in the bytes of a file.
    pub(super) fn of(path: String, bytes: Vec<u8>) -> Result<Self, Fault> {
        if bytes.trim_ascii().is_empty() {
            return Err(Fault::NoDescription { path });
        }
        let found = match json(&bytes) {
            Some(value) => in_json(&value),
            None => vec![Found { title: String::new(), kind: None, text: bytes.clone() }],
        };
        if found.is_empty() {
            return Err(Fault::NoDescription { path });
        }
        Ok(Self { path, bytes, found })
    }

    /// The one that was asked for, from 1; without a number the only one.
    pub(super) fn pick(&self, number: Option<usize>) -> Result<&Found, Fault> {
        let several = || Fault::SeveralDescriptions { path: self.path.clone(), count: self.found.len() };
        match (number, self.found.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => Err(several()),
            (Some(number), found) => number.checked_sub(1).and_then(|index| found.get(index)).ok_or_else(several),
        }
    }

    /// The whole input with `old` replaced by `new`: JSON around it stays as it is.
    pub(super) fn with(&self, old: &[u8], new: Vec<u8>) -> Vec<u8> {
        if self.bytes == old {
            return new;
        }
        let literal = |text: &[u8]| serde_json::to_string(str::from_utf8(text).ok()?).ok();
        let (Some(before), Some(after), Ok(whole)) = (literal(old), literal(&new), str::from_utf8(&self.bytes)) else {
            return new;
        };
        match whole.split_once(before.as_str()) {
            Some((start, end)) => [start, &after, end].concat().into_bytes(),
            None => new,
        }
    }
}

fn in_json(value: &Value) -> Vec<Found> {
    let described = find_descriptions(value);
    described
        .into_iter()
        .map(|description| Found {
            title: match &description.kind {
                Some(kind) => format!("{} ({kind})", description.path),
                None => description.path,
            },
            kind: description.kind,
            text: description.sdp.into_bytes(),
        })
        .collect()
}
