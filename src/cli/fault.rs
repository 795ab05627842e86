//! Why a job could not be done, in one line that names the file, the place, what was expected, and what to try.

use std::fmt;
use std::io;

use crate::capture;
use crate::lint::UnknownRule;
use crate::report::text::plain;
use crate::sdp;
use crate::sdp::edit::EditError;
use crate::sdp::json::JsonError;
use crate::signaling::file::FileError;
use crate::wire;

/// Why a job could not be done.
#[derive(Debug)]
#[non_exhaustive]
pub(super) enum Fault {
    /// A capture that is none, or cannot be read.
    Capture {
        /// Its path, as given.
        path: String,
        /// What is wrong with it.
        source: capture::Error,
    },
    /// A file beside a capture that says nothing, or cannot be read.
    SideFile {
        /// What is wrong with it; it names the file.
        source: FileError,
    },
    /// Standard input was asked for and nothing is piped into it.
    Terminal,
    /// Standard input was asked for more than once.
    InputTwice,
    /// Seconds were asked for where nothing shows them.
    SeriesUnseen,
    /// The output file is one of the captures.
    OverwritesInput {
        /// Its path.
        path: String,
    },
    /// A file that cannot be read.
    Read {
        /// Its path.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A file that is larger than such a file can be.
    TooLarge {
        /// Its path.
        path: String,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// Output that cannot be written.
    Write {
        /// The path, `None` for standard output.
        path: Option<String>,
        /// What the system says.
        source: io::Error,
    },
    /// An option with a name and a secret that has no `=`, or no name before it. What was found is not shown.
    Secret {
        /// The option.
        option: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// The same in a file of credentials, or a line that is no such option.
    SecretLine {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What was expected there.
        expected: &'static str,
    },
    /// A rule that there is none of.
    Rule {
        /// The name given.
        found: String,
        /// The rule that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The name of a rule that there is none of, in an option or a configuration.
    RuleName {
        /// The option, or the path of the configuration.
        place: String,
        /// What is wrong with it.
        source: UnknownRule,
    },
    /// A configuration that makes no sense.
    Configuration {
        /// Its path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A glob that matches no file.
    NoFile {
        /// The glob.
        pattern: String,
    },
    /// A text that holds no candidate.
    NoCandidate {
        /// The path of the file.
        path: String,
    },
    /// A file that cannot be changed in place.
    Unfixable {
        /// Its path.
        path: String,
    },
    /// A kind of message that `decode` does not know.
    Kind {
        /// What was given.
        found: String,
    },
    /// Input that is neither hex nor base64 nor a file.
    Input {
        /// The beginning of it.
        found: String,
    },
    /// There is no message to decode.
    NoInput,
    /// A file without a session description.
    NoDescription {
        /// Its path.
        path: String,
    },
    /// A file with several descriptions where one is needed.
    SeveralDescriptions {
        /// Its path.
        path: String,
        /// How many there are.
        count: usize,
    },
    /// A change that would leave no valid description.
    Edit {
        /// The path of the description.
        path: String,
        /// Why.
        source: EditError,
    },
    /// A file that should be JSON.
    Json {
        /// Its path.
        path: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// JSON of another form than was said.
    JsonForm {
        /// Its path.
        path: String,
        /// What is wrong with it.
        source: JsonError,
    },
    /// The value of an option that makes no sense.
    Option {
        /// The option.
        option: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What was given.
        found: String,
    },
    /// A candidate that is none.
    Candidate {
        /// What is wrong with it.
        source: sdp::Error,
    },
    /// A name that an option does not know.
    Name {
        /// The option.
        option: &'static str,
        /// What it is a name of.
        expected: &'static str,
        /// What was given.
        found: String,
        /// The names that were probably meant; all of them where none is near.
        hint: String,
    },
    /// An option that says nothing of a message of this kind.
    Misplaced {
        /// The option.
        option: &'static str,
        /// What it belongs to.
        expected: &'static str,
        /// What the message is.
        found: &'static str,
    },
    /// Bytes that are not what they were said to be.
    NotMessage {
        /// What they were said to be.
        expected: &'static str,
        /// How many bytes there are.
        length: usize,
        /// Why they are none.
        source: wire::Error,
    },
    /// Bytes that look like no message that is known.
    NoMessage {
        /// How many bytes there are.
        length: usize,
    },
}

impl Fault {
    /// Whether it is only that nobody reads the output any more.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// A path as it is shown: `-` is standard input.
fn shown(path: &str) -> String {
    if path == "-" { "standard input".to_owned() } else { plain(path).into_owned() }
}

/// What to try when a capture is none.
fn hint(error: &capture::Error) -> &'static str {
    match error {
        capture::Error::Open { source } if source.kind() == io::ErrorKind::NotFound => {
            " (is the path right? `-` reads standard input)"
        }
        capture::Error::Empty => " (a capture that is still being made may not be written out yet: tcpdump -U does so)",
        capture::Error::NotACapture { .. } => {
            " (pcap and pcapng are read, plain, gzip or zstd; `rtcscope decode` reads single messages)"
        }
        _ => "",
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Capture { path, source } => write!(f, "{}: {source}{}", shown(path), hint(source)),
            Self::SideFile { source } => f.write_str(&plain(&source.to_string())),
            Self::Terminal => f.write_str(
                "standard input: expected a capture, found a terminal (pipe one in: tcpdump -U -w - | rtcscope analyze -)",
            ),
            Self::InputTwice => f.write_str("standard input: expected `-` once among the captures, found it again"),
            Self::SeriesUnseen => f.write_str(
                "--series: expected a format that shows seconds, found none (--format json, or text with --streams)",
            ),
            Self::OverwritesInput { path } => {
                write!(f, "{}: expected another file to write to, found one of the captures", shown(path))
            }
            Self::Read { path, source } => write!(f, "{}: cannot be read: {source}", shown(path)),
            Self::TooLarge { path, limit } => {
                write!(f, "{}: expected at most {limit} bytes, found more", shown(path))
            }
            Self::Write { path, source } => {
                let path = path.as_deref().map_or_else(|| "standard output".to_owned(), shown);
                write!(f, "{path}: cannot be written: {source}")
            }
            Self::Secret { option, expected } => {
                write!(f, "{option}: expected {expected}, found no name before a `=` (the value is not shown)")
            }
            Self::SecretLine { path, line, expected } => {
                write!(f, "{}:{line}: expected {expected} (what is there is not shown)", shown(path))
            }
            Self::Rule { found, nearest: Some(nearest) } => {
                write!(f, "explain: expected the name of a rule, found `{}` (is it {nearest}?)", plain(found))
            }
            Self::Rule { found, nearest: None } => write!(
                f,
                "explain: expected the name of a rule, found `{}` (`rtcscope explain` lists them)",
                plain(found)
            ),
            Self::RuleName { place, source } => write!(f, "{}: {source}", shown(place)),
            Self::Configuration { path, reason } => write!(f, "{}: {}", shown(path), reason.trim_end()),
            Self::NoFile { pattern } => write!(f, "{}: no file matches", shown(pattern)),
            Self::NoCandidate { path } => write!(f, "{}: expected candidates, found none", shown(path)),
            Self::Unfixable { path } => {
                write!(f, "{}: a description in such a file cannot be changed in place", shown(path))
            }
            Self::Kind { found } => write!(
                f,
                "decode: expected the kind `stun`, `rtp`, `rtcp` or `candidate`, found `{}` (leave the kind out and it is guessed)",
                plain(found)
            ),
            Self::Input { found } => write!(
                f,
                "decode: expected hex, base64 or the path of a file, found `{}`, which is none of these",
                plain(found)
            ),
            Self::NoInput => f.write_str(
                "decode: expected a message, found nothing (give it as hex, base64 or a path, or pipe it in)",
            ),
            Self::NoDescription { path } => write!(
                f,
                "{}: expected a session description or JSON that holds one, found none",
                shown(path)
            ),
            Self::SeveralDescriptions { path, count } => write!(
                f,
                "{}: expected one session description, found {count} (--pick N chooses one; `rtcscope sdp show` lists them)",
                shown(path)
            ),
            Self::Edit { path, source } => write!(f, "{}: {}", shown(path), plain(&source.to_string())),
            Self::Json { path, source } => write!(f, "{}: expected JSON: {source}", shown(path)),
            Self::JsonForm { path, source } => write!(f, "{}: {source}", shown(path)),
            Self::Option { option, expected, found } => {
                write!(f, "{option}: expected {expected}, found `{}`", plain(found))
            }
            Self::Candidate { source } => {
                write!(f, "decode: character {}: {}", source.span.start + 1, plain(&source.to_string()))
            }
            Self::Name { option, expected, found, hint } => {
                write!(f, "{option}: expected {expected}, found `{}` ({hint})", plain(found))
            }
            Self::Misplaced { option, expected, found } => {
                write!(f, "{option}: expected with {expected}, found with {found}")
            }
            Self::NotMessage { expected, length, source } => {
                write!(f, "decode: expected {expected}, found {length} bytes that are none: {source}")
            }
            Self::NoMessage { length } => write!(
                f,
                "decode: expected a STUN message (the magic cookie 0x2112a442 at byte 4, or a classic one whose length fits), \
                 RTP or RTCP (version 2), found {length} bytes that are none of them (`rtcscope decode stun` reads them all \
                 the same)"
            ),
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Capture { source, .. } => Some(source),
            Self::SideFile { source } => Some(source),
            Self::Read { source, .. } | Self::Write { source, .. } => Some(source),
            Self::NotMessage { source, .. } => Some(source),
            _ => None,
        }
    }
}
