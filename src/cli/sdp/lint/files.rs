//! Files, folders and globs into descriptions.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use walkdir::WalkDir;

use crate::analyze::{Analyzer, Options};
use crate::capture::{self, Reader};
use crate::cli::fault::Fault;
use crate::cli::sdp::input::{self, Input};
use crate::signal::Matter;
use crate::signaling::Limits;
use crate::signaling::file::{FileError, SideFile};

/// Endings of files that are looked into where a folder is given.
const KNOWN: &[&str] = &["sdp", "json", "har", "pcap", "pcapng", "cap", "gz", "zst"];

/// A description and where it was.
pub(super) struct Found {
    /// Which description of the file; `None` where the file is one.
    pub(super) title: Option<String>,
    /// `offer`, `answer` and the like, where it is said.
    pub(super) kind: Option<String>,
    pub(super) text: Vec<u8>,
}

/// A file with its descriptions.
pub(super) struct File {
    /// Its path, as it was given or found.
    pub(super) path: PathBuf,
    /// All of it, where it can be written again.
    pub(super) whole: Option<Input>,
    pub(super) found: Vec<Found>,
}

/// A path that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    pub(super) path: PathBuf,
    /// Whether it was found in a folder: then it need not hold a description.
    pub(super) met: bool,
}

/// The files that the arguments name, each once: folders are walked, globs are matched, in the order of names.
pub(super) fn files(arguments: &[PathBuf]) -> Result<Vec<Asked>, Fault> {
    let mut all: Vec<Asked> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    let mut add = |asked: Asked| {
        if known.insert(asked.path.clone()) {
            all.push(asked);
        }
    };
    for argument in arguments {
        let name = argument.to_string_lossy();
        if argument.is_dir() {
            walk(argument, &|path| KNOWN.contains(&ending(path).as_str()), &mut add)?;
        } else if !argument.exists() && name.contains(['*', '?', '[', '{']) {
            let before = all_of(&name)?;
            if before.is_empty() {
                return Err(Fault::NoFile { pattern: name.into_owned() });
            }
            before.into_iter().for_each(&mut add);
        } else {
            add(Asked { path: argument.clone(), met: false });
        }
    }
    Ok(all)
}

fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

/// The files that match a glob.
fn all_of(pattern: &str) -> Result<Vec<Asked>, Fault> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob.map_err(|_| Fault::NoFile { pattern: pattern.to_owned() })?.compile_matcher();
    // Only what stands before the first sign of a glob need be walked.
    let fixed = pattern.split(['*', '?', '[', '{']).next().unwrap_or_default();
    let root = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (root, prefix) = match root {
        "" if pattern.starts_with('/') => ("/", ""),
        "" => (".", "./"),
        root => (root, ""),
    };
    let mut found = Vec::new();
    let matches = |path: &Path| glob.is_match(path.strip_prefix(prefix).unwrap_or(path));
    walk(Path::new(root), &matches, &mut |asked| {
        let path = asked.path.strip_prefix(prefix).map(Path::to_path_buf).unwrap_or(asked.path);
        found.push(Asked { path, met: true });
    })?;
    Ok(found)
}

fn walk(folder: &Path, wanted: &dyn Fn(&Path) -> bool, add: &mut dyn FnMut(Asked)) -> Result<(), Fault> {
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.') && name.len() > 1;
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name()));
    for entry in entries {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_string_lossy().into_owned();
            Fault::Read { path, source: error.into() }
        })?;
        if entry.file_type().is_file() && wanted(entry.path()) {
            add(Asked { path: entry.into_path(), met: true });
        }
    }
    Ok(())
}

impl File {
    /// Reads a file, whatever it is: what it is shows in its content.
    pub(super) fn read(path: &Path) -> Result<Self, Fault> {
        let name = path.to_string_lossy().into_owned();
        // A capture is walked, however large it is; everything else is read whole.
        if begins_as_capture(&head(path)) {
            let opened = Reader::open(path).map_err(|source| Fault::Capture { path: name.clone(), source });
            // Logs are packed with gzip too.
            match opened {
                Ok(reader) => return Self::capture(path, name, reader),
                Err(_) if head(path).starts_with(GZIP) => {}
                Err(fault) => return Err(fault),
            }
        }
        let bytes = input::bytes(path)?;
        if begins_as_capture(&bytes) {
            let read = Reader::from_read(Cursor::new(bytes.clone()));
            match read.map_err(|source| Fault::Capture { path: name.clone(), source }) {
                Ok(reader) => return Self::capture(path, name, reader),
                Err(_) if bytes.starts_with(GZIP) => {}
                Err(fault) => return Err(fault),
            }
        }
        // What an archive or a log of a browser tells is found by who knows their form.
        let packed = bytes.starts_with(GZIP);
        let side = || SideFile::parse(&name, &bytes, &Limits::default()).map_err(|source| Fault::SideFile { source });
        if packed {
            return Ok(Self { path: path.to_path_buf(), whole: None, found: signalled(&side()?) });
        }
        match Input::of(name.clone(), bytes.clone()) {
            Ok(_) if input::json(&bytes).is_none() && !is_log(&bytes) && !input::is_description(&bytes) => match side()
            {
                Ok(side) if !signalled(&side).is_empty() => {
                    Ok(Self { path: path.to_path_buf(), whole: None, found: signalled(&side) })
                }
                _ => Err(Fault::NoDescription { path: name }),
            },
            Ok(_) if input::json(&bytes).is_none() && is_log(&bytes) => {
                Ok(Self { found: signalled(&side()?), path: path.to_path_buf(), whole: None })
            }
            Ok(input) => {
                let found = input.found.iter().map(|found| Found {
                    title: Some(found.title.clone()).filter(|title| !title.is_empty()),
                    kind: found.kind.clone(),
                    text: found.text.clone(),
                });
                Ok(Self { path: path.to_path_buf(), found: found.collect(), whole: Some(input) })
            }
            Err(fault @ Fault::NoDescription { .. }) => match side() {
                Ok(side) if !signalled(&side).is_empty() => {
                    Ok(Self { path: path.to_path_buf(), whole: None, found: signalled(&side) })
                }
                _ => Err(fault),
            },
            Err(fault) => Err(fault),
        }
    }

    /// The descriptions that were signalled in a capture.
    fn capture(path: &Path, name: String, mut reader: Reader) -> Result<Self, Fault> {
        let analysis = Analyzer::new(Options::default()).analyze(&mut reader, |_| (), |_| ());
        let mut found = Vec::new();
        for exchange in analysis.exchanges.exchanges() {
            for sent in exchange.descriptions.iter().filter(|sent| !sent.sdp.is_empty()) {
                found.push(Found {
                    title: Some(format!("frame {} ({})", sent.moment.frame.0, sent.kind.name())),
                    kind: Some(sent.kind.name().to_owned()),
                    text: sent.sdp.clone().into_bytes(),
                });
            }
        }
        if found.is_empty() {
            return Err(Fault::NoDescription { path: name });
        }
        Ok(Self { path: path.to_path_buf(), whole: None, found })
    }
}

/// Whether a file in a folder is merely something else than what holds descriptions, such as the JSON of another program.
pub(super) const fn is_other(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::NoDescription { .. }
            | Fault::SideFile {
                source: FileError::Empty { .. }
                    | FileError::Text { .. }
                    | FileError::Json { .. }
                    | FileError::Unknown { .. }
                    | FileError::Nothing { .. }
            }
            | Fault::Capture { source: capture::Error::Empty | capture::Error::NotACapture { .. }, .. }
    )
}

/// The descriptions that a side file tells of, each text once.
fn signalled(side: &SideFile) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for connection in &side.connections {
        for signal in &connection.signals {
            let Matter::Description(description) = &signal.matter else { continue };
            let text = description.sdp.clone().into_bytes();
            if text.is_empty() || !known.insert(text.clone()) {
                continue;
            }
            let kind = description.kind.map(|kind| kind.name().to_owned());
            let shown = kind.as_deref().unwrap_or("description");
            found.push(Found { title: Some(format!("{} {} ({shown})", connection.id, found.len() + 1)), kind, text });
        }
    }
    found
}

/// How gzip begins: a capture, or a log of a browser.
const GZIP: &[u8] = b"\x1f\x8b";

/// The first bytes of a file; nothing of what cannot be read twice.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if path.is_file() {
        // What cannot be opened is told by whoever reads it.
        let _ = std::fs::File::open(path).and_then(|file| file.take(4).read_to_end(&mut head));
    }
    head
}

/// Whether the bytes begin as pcap, pcapng, or something packed that may hold one.
fn begins_as_capture(bytes: &[u8]) -> bool {
    const MAGIC: &[&[u8]] = &[
        b"\xd4\xc3\xb2\xa1",
        b"\xa1\xb2\xc3\xd4",
        b"\x4d\x3c\xb2\xa1",
        b"\xa1\xb2\x3c\x4d",
        b"\x0a\x0d\x0d\x0a",
        b"\x28\xb5\x2f\xfd",
        GZIP,
    ];
    MAGIC.iter().any(|magic| bytes.starts_with(magic))
}

/// Whether the text is a log with one JSON value a line.
fn is_log(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    matches!(start.first(), Some(b'{' | b'['))
}
