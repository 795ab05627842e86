//! From bytes to a side file: what it is shows in how it begins.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::budget::Budget;
use super::error::FileError;
use super::model::{FileKind, SideConnection, SideFile};
use super::{archive, internals, plain, rtcstats};
use crate::signaling::Limits;
use crate::signaling::inflate::{Inflated, gunzip_file};
use crate::signaling::json::Json;

impl SideFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger than `limits` allow, or nothing that is known is in it.
    pub fn read(path: &Path, limits: &Limits) -> Result<Self, FileError> {
        let failed = |source| FileError::Read { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        let most = u64::try_from(limits.file_bytes).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
        Self::parse(&path.to_string_lossy(), &bytes, limits)
    }

    /// Reads `bytes`, which come from the file called `name`.
    ///
    /// # Errors
    ///
    /// When there are more than `limits` allow, or nothing that is known is in them.
    ///
    /// ```
    /// use rtcscope::signaling::Limits;
    /// use rtcscope::signaling::file::{FileKind, SideFile};
    ///
    /// let file = SideFile::parse("offer.sdp", b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", &Limits::default())?;
    /// assert_eq!(file.kind, FileKind::Sdp);
    /// assert_eq!(file.connections[0].signals.len(), 1);
    /// # Ok::<(), rtcscope::signaling::file::FileError>(())
    /// ```
    pub fn parse(name: &str, bytes: &[u8], limits: &Limits) -> Result<Self, FileError> {
        let too_large = || FileError::TooLarge { name: name.to_owned(), most: limits.file_bytes };
        if bytes.len() > limits.file_bytes {
            return Err(too_large());
        }
        let mut unpacked = Vec::new();
        let mut bytes = bytes;
        if bytes.starts_with(&[0x1F, 0x8B]) {
            match gunzip_file(bytes, &mut unpacked, limits.file_bytes.saturating_add(1)) {
                Inflated::Whole if unpacked.len() <= limits.file_bytes => bytes = &unpacked,
                Inflated::Whole | Inflated::TooMuch => return Err(too_large()),
                Inflated::Broken => {
                    return Err(FileError::Gzip { name: name.to_owned(), unpacked: unpacked.len() });
                }
            }
        }
        let text = str::from_utf8(bytes)
            .map_err(|error| FileError::Text { name: name.to_owned(), offset: error.valid_up_to() })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut budget = Budget::new(limits);
        let (kind, connections) = recognise(name, text, limits, &mut budget)?;
        let (skipped, omitted) = (budget.skipped, budget.omitted);
        Ok(Self { name: name.to_owned(), kind, connections, skipped, omitted })
    }
}

type Recognised = (FileKind, Vec<SideConnection>);

fn recognise(name: &str, text: &str, limits: &Limits, budget: &mut Budget) -> Result<Recognised, FileError> {
    if let Some(lines) = text.strip_prefix(rtcstats::MAGIC) {
        return Ok((FileKind::RtcStats, rtcstats::read_lines(lines, true, limits, budget)));
    }
    let begun = text.trim_start();
    if plain::is_sdp(begun) {
        return Ok((FileKind::Sdp, vec![plain::descriptions(begun, budget)]));
    }
    if begun.is_empty() {
        return Err(FileError::Empty { name: name.to_owned() });
    }
    if !begun.starts_with(['{', '[', '"']) {
        // What is packed in base64, as it is copied from one page to another.
        let found = plain::lines(begun, limits, budget);
        if found.signals.is_empty() {
            return Err(FileError::Unknown { name: name.to_owned(), found: begun.chars().take(16).collect() });
        }
        return Ok((FileKind::Json, vec![found]));
    }
    let found = match Json::read(text, limits.file_values, limits.json_depth) {
        Ok(value) => whole(&value, limits, budget),
        Err(error) => match lines(begun, limits, budget) {
            Some(found) => found,
            None => {
                let (line, column) = (error.line(), error.column());
                return Err(FileError::Json { name: name.to_owned(), line, column });
            }
        },
    };
    let nothing = found.0 == FileKind::Json && found.1.iter().all(|connection| connection.signals.is_empty());
    if nothing { Err(FileError::Nothing { name: name.to_owned() }) } else { Ok(found) }
}

/// A file that is one JSON value.
fn whole(value: &Json, limits: &Limits, budget: &mut Budget) -> Recognised {
    if let Some(found) = internals::read(value, budget) {
        return (FileKind::Internals, found);
    }
    if let Some(found) = archive::read(value, limits, budget) {
        return (FileKind::Har, found);
    }
    if rtcstats::is_entry(value) {
        let list = Json::List(vec![value.clone()]);
        return (FileKind::RtcStats, rtcstats::read_list(&list, budget));
    }
    if value.items().iter().take(8).any(rtcstats::is_entry) {
        return (FileKind::RtcStats, rtcstats::read_list(value, budget));
    }
    (FileKind::Json, vec![plain::value(value, limits, budget)])
}

/// A file with a JSON value each line; `None` where not even the first lines are any.
fn lines(text: &str, limits: &Limits, budget: &mut Budget) -> Option<Recognised> {
    let mut first = text.lines().filter(|line| !line.trim().is_empty()).take(8).map(str::trim);
    let parse = |line: &str| Json::parse(line, limits.json_values, limits.json_depth);
    let head = parse(first.next()?)?;
    let next = first.map(parse);
    if std::iter::once(Some(head)).chain(next).flatten().any(|value| rtcstats::is_entry(&value)) {
        return Some((FileKind::RtcStats, rtcstats::read_lines(text, false, limits, budget)));
    }
    Some((FileKind::Json, vec![plain::lines(text, limits, budget)]))
}
