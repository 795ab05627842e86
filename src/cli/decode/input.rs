//! Where the message comes from, and its bytes.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::hex;
use crate::cli::fault::Fault;
use crate::wire::rtp::FIXED_HEADER_LENGTH;

/// The most that one message is read for, in bytes: more than a datagram written out in hex takes.
const LIMIT: u64 = 1 << 20;
/// Characters of wrong input that are shown.
const SHOWN: usize = 40;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// STUN or TURN.
    Stun,
    /// One RTP or SRTP packet.
    Rtp,
    /// The packets of one RTCP datagram, or SRTCP.
    Rtcp,
}

impl Kind {
    /// The kind of this name.
    fn named(word: &OsString) -> Option<Self> {
        Some(match word.to_str()? {
            "stun" => Self::Stun,
            "rtp" => Self::Rtp,
            "rtcp" => Self::Rtcp,
            _ => return None,
        })
    }

    /// What bytes look like: RTP and RTCP begin with version 2, which STUN does not, and RTCP has a second byte from 192 to
    /// 223 where they share a port (RFC 5761 section 4). Whatever begins otherwise may be STUN.
    pub(super) fn guessed(bytes: &[u8]) -> Self {
        match bytes {
            [0x80..=0xBF, 192..=223, ..] => Self::Rtcp,
            [0x80..=0xBF, ..] if bytes.len() >= FIXED_HEADER_LENGTH => Self::Rtp,
            _ => Self::Stun,
        }
    }
}

/// What was asked for.
#[derive(Debug)]
pub(super) struct Asked {
    /// What the message is, where that was said.
    pub(super) kind: Option<Kind>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Input,
    File(PathBuf),
    Text(String),
}

impl Asked {
    /// Reads `[KIND] [INPUT]`; several words of hex are one message.
    pub(super) fn new(words: &[OsString]) -> Result<Self, Fault> {
        let (kind, rest) = match words.split_first().map(|(word, rest)| (Kind::named(word), rest)) {
            Some((Some(kind), rest)) => (Some(kind), rest),
            _ => (None, words),
        };
        let source = match rest {
            [] if kind.is_some() || !io::stdin().is_terminal() => Source::Input,
            [] => return Err(Fault::NoInput),
            [word] if word == "-" => Source::Input,
            [word] if Path::new(word).is_file() => Source::File(PathBuf::from(word)),
            words => Source::Text(joined(words)),
        };
        if let (None, Source::Text(text), Some(word)) = (kind, &source, rest.first())
            && rest.len() > 1
            && hex::bytes(text).is_none()
        {
            return Err(Fault::Kind { found: shortened(&word.to_string_lossy()) });
        }
        Ok(Self { kind, source })
    }

    /// The files that are read.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        match &self.source {
            Source::File(path) => vec![path.clone()],
            Source::Input | Source::Text(_) => Vec::new(),
        }
    }

    /// The bytes of the message.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Fault> {
        match &self.source {
            Source::Text(text) => written(text).ok_or_else(|| Fault::Input { found: shortened(text) }),
            Source::File(path) => {
                let name = path.to_string_lossy().into_owned();
                let file = File::open(path).map_err(|source| Fault::Read { path: name.clone(), source })?;
                content(file, name)
            }
            Source::Input if io::stdin().is_terminal() => Err(Fault::NoInput),
            Source::Input => content(io::stdin(), "-".to_owned()),
        }
    }
}

fn joined(words: &[OsString]) -> String {
    words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The message in a file or a pipe: as it is, or written out as text.
fn content(source: impl Read, path: String) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read = source.take(LIMIT + 1).read_to_end(&mut bytes);
    let length = read.map_err(|source| Fault::Read { path: path.clone(), source })?;
    if length as u64 > LIMIT {
        return Err(Fault::TooLarge { path, limit: LIMIT });
    }
    if bytes.is_empty() {
        return Err(Fault::NoInput);
    }
    let text = std::str::from_utf8(&bytes).ok().filter(|text| text.chars().all(is_written));
    Ok(text.and_then(written).unwrap_or(bytes))
}

/// A STUN message holds a byte below 32 in its first two, and no text in UTF-8 begins as RTP and RTCP do; what people write is
/// neither.
fn is_written(letter: char) -> bool {
    !letter.is_control() || letter.is_whitespace()
}

fn written(text: &str) -> Option<Vec<u8>> {
    hex::bytes(text).or_else(|| base64(text))
}

fn base64(text: &str) -> Option<Vec<u8>> {
    // Words with spaces between them are no base64, even if their letters could be.
    let letters: String = text.lines().map(str::trim).collect();
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decoded = [alphabet::STANDARD, alphabet::URL_SAFE]
        .into_iter()
        .find_map(|alphabet| GeneralPurpose::new(&alphabet, config).decode(&letters).ok());
    decoded.filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_padding() {
        assert_eq!(written("AAEAACESpEI="), written("AAEAACESpEI"));
        assert_eq!(written("AAEAACESpEI="), Some(vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]));
    }

    #[test]
    fn bytes_in_a_file_are_taken_as_they_are() {
        let message = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        assert_eq!(content(&message[..], String::new()).unwrap(), message);
        assert_eq!(content(&b"0001 0000 2112 a442\n"[..], String::new()).unwrap(), message);
    }

    #[test]
    fn a_kind_is_guessed_by_its_first_bytes() {
        let long = |first, second| [[first, second].to_vec(), vec![0; 10]].concat();
        assert_eq!(Kind::guessed(&long(0x00, 0x01)), Kind::Stun);
        assert_eq!(Kind::guessed(&long(0x80, 191)), Kind::Rtp);
        assert_eq!(Kind::guessed(&long(0x80, 192)), Kind::Rtcp);
        assert_eq!(Kind::guessed(&long(0xBF, 223)), Kind::Rtcp);
        assert_eq!(Kind::guessed(&long(0x90, 224)), Kind::Rtp);
        assert_eq!(Kind::guessed(&long(0xC0, 200)), Kind::Stun);
        assert_eq!(Kind::guessed(&[0x80, 96]), Kind::Stun);
    }

    #[test]
    fn an_unknown_kind_is_named() {
        let words = ["sutn", "0001"].map(OsString::from);
        assert!(matches!(Asked::new(&words), Err(Fault::Kind { found }) if found == "sutn"));
    }
}
