//! Where descriptions come from: a file or standard input, plain or inside JSON.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
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

    /// The whole input with `old` replaced by `new`: JSON around it stays as it is. `None` where `old` is a part of a string of it.
    pub(super) fn with(&self, old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
        if self.bytes == old {
            return Some(new.to_vec());
        }
        let after = serde_json::to_string(str::from_utf8(new).ok()?).ok()?;
        let whole = str::from_utf8(&self.bytes).ok()?;
        let place = strings(whole).find(|place| {
            let literal = whole.get(place.clone()).unwrap_or_default();
            // Any way to escape it is one: `\/`, `\u000d`.
            serde_json::from_str::<String>(literal).is_ok_and(|text| text.as_bytes() == old)
        })?;
        Some([whole.get(..place.start)?, &after, whole.get(place.end..)?].concat().into_bytes())
    }
}

/// The strings of JSON, with their quotation marks, in order.
fn strings(json: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = json.as_bytes();
        let start = at + bytes.get(at..)?.iter().position(|byte| *byte == b'"')?;
        let mut end = start + 1;
        while *bytes.get(end)? != b'"' {
            end += if bytes.get(end) == Some(&b'\\') { 2 } else { 1 };
        }
        at = end + 1;
        Some(start..at)
    })
}

/// Whether bytes can be a description at all, however faulty: they begin as one does, or are text with a line of one.
pub(super) fn is_description(bytes: &[u8]) -> bool {
    let mark = [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"].into_iter().find_map(|mark| bytes.strip_prefix(mark));
    // Text of two bytes a letter is one that a rule tells of.
    let head = mark.unwrap_or(bytes).iter().filter(|byte| **byte != 0 && !byte.is_ascii_whitespace()).take(2);
    if head.copied().eq(*b"v=") {
        return true;
    }
    let begins = |line: &[u8]| matches!(line.trim_ascii_start(), [b'a'..=b'z', b'=', ..]);
    !bytes.contains(&0) && bytes.split(|byte| matches!(byte, b'\n' | b'\r')).any(begins)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn with(json: &str, old: &str, new: &str) -> Option<String> {
        let input = Input::of("-".to_owned(), json.as_bytes().to_vec()).unwrap();
        input.with(old.as_bytes(), new.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_description_is_replaced_however_it_is_escaped() {
        let json = "{\"a\\\"\": \"v=0\", \"sdp\":\"v=0\\u000d\\ns=a\\/b\\r\\n\" }";
        let after = "{\"a\\\"\": \"v=0\", \"sdp\":\"v=0\\n\" }";
        assert_eq!(with(json, "v=0\r\ns=a/b\r\n", "v=0\n").as_deref(), Some(after));
        let framed = "{\"value\": \"type: offer, sdp: v=0\\r\\n\"}";
        assert_eq!(with(framed, "v=0\r\n", "v=0\n"), None);
        assert_eq!(strings("\"cut\\").count(), 0);
    }

    #[test]
    fn what_cannot_be_a_description_is_told() {
        for yes in
            [&b"v=0\r\n"[..], b"\xef\xbb\xbf v=0", b"\xff\xfev\0=\0", b"a=ice-ufrag:x", b"// mine\n o=-", b"v=0\n\0"]
        {
            assert!(is_description(yes), "{yes:?}");
        }
        for no in [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], b"hello", b"\x7fELF\0\na=b", b"\n\n"] {
            assert!(!is_description(no), "{no:?}");
        }
    }
}
