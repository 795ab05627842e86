//! Names and their compression (RFC 1035, sections 3.1 and 4.1.4).

use std::fmt::{self, Write as _};

use crate::wire::cursor::{Cursor, Record};
use crate::wire::field::Value;
use crate::wire::{Error, Reason};

/// The longest name on the wire, length bytes and root included (RFC 1035, section 2.3.4).
pub const NAME_LENGTH: usize = 255;
/// How often a name may point elsewhere: once before each of the 127 labels that fit into one. Pointers lead back only, so that no
/// name is endless, but chains of bare pointers would be long.
const POINTERS: usize = 127;

/// A domain name in letters, without the last dot: `printer.local`; `.` is the root.
///
/// Dots and backslashes inside of a label, and bytes that are no printable ASCII, are escaped as in master files (RFC 1035,
/// section 5.1), but for UTF-8, which multicast DNS allows (RFC 6762, section 16).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Name(String);

impl Name {
    /// Its letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the same name; the case of ASCII letters does not matter (RFC 4343).
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other.strip_suffix('.').filter(|rest| !rest.is_empty()).unwrap_or(other))
    }

    /// Appends a label.
    fn push(&mut self, label: &[u8]) {
        if !self.0.is_empty() {
            self.0.push('.');
        }
        for chunk in label.utf8_chunks() {
            for letter in chunk.valid().chars() {
                match letter {
                    '.' | '\\' => self.0.extend(['\\', letter]),
                    letter if letter.is_control() => self.escape(letter as u32),
                    letter => self.0.push(letter),
                }
            }
            for byte in chunk.invalid() {
                self.escape(u32::from(*byte));
            }
        }
    }

    fn escape(&mut self, number: u32) {
        // Writing to a string does not fail.
        let _ = write!(self.0, "\\{number:03}");
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The name that begins `start` bytes into `message`, and how many bytes it takes there.
fn decompress(message: &[u8], start: usize) -> Result<(Name, usize), Error> {
    let (mut at, mut end) = (start, None);
    // Where the part that is being read began: a pointer must lead before it.
    let mut part = start;
    let (mut name, mut length, mut pointers) = (Name::default(), 1_usize, 0_usize);
    let short = |at: usize, needed| {
        let found = message.len().saturating_sub(at);
        Error { offset: at, field: "name", reason: Reason::TooShort { needed, found } }
    };
    loop {
        let first = *message.get(at).ok_or_else(|| short(at, 1))?;
        let next = at.saturating_add(1);
        match first {
            0 => {
                if name.0.is_empty() {
                    name.0.push('.');
                }
                return Ok((name, end.unwrap_or(next).saturating_sub(start)));
            }
            0xC0..=0xFF => {
                let second = *message.get(next).ok_or_else(|| short(at, 2))?;
                let target = usize::from(u16::from_be_bytes([first & 0x3F, second]));
                end = end.or(Some(next.saturating_add(1)));
                pointers = pointers.saturating_add(1);
                if target >= part || pointers > POINTERS {
                    let reason = Reason::WrongValue { needed: part.saturating_sub(1) as u64, found: target as u64 };
                    return Err(Error { offset: at, field: "name", reason });
                }
                (at, part) = (target, target);
            }
            1..=63 => {
                let width = usize::from(first);
                let behind = next.saturating_add(width);
                let label = message.get(next..behind).ok_or_else(|| short(next, width))?;
                length = length.saturating_add(width).saturating_add(1);
                if length > NAME_LENGTH {
                    let reason = Reason::WrongLength { needed: NAME_LENGTH, found: length };
                    return Err(Error { offset: at, field: "name", reason });
                }
                name.push(label);
                at = behind;
            }
            _ => {
                let reason = Reason::WrongValue { needed: 63, found: u64::from(first) };
                return Err(Error { offset: at, field: "name", reason });
            }
        }
    }
}

/// The name at the cursor, which stands inside of `message`.
pub(super) fn read<R: Record>(
    cursor: &mut Cursor<'_, R>,
    message: &[u8],
    field: &'static str,
    label: &'static str,
) -> Result<Name, Error> {
    let (name, width) = decompress(message, cursor.offset())?;
    cursor.text(width, field, label)?;
    cursor.shows_value(|| Value::Text(name.0.clone()));
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_end_in_another() {
        let message = b"\x05local\0\x01b\xC0\0\x01a\xC0\x07";
        assert_eq!(decompress(message, 0).unwrap(), (Name("local".to_owned()), 7));
        assert_eq!(decompress(message, 11).unwrap(), (Name("a.b.local".to_owned()), 4));
        assert!(decompress(message, 11).unwrap().0.is("A.b.LOCAL."));
        assert_eq!(decompress(b"\0", 0).unwrap(), (Name(".".to_owned()), 1));
    }

    #[test]
    fn loops_end() {
        assert!(decompress(b"\xC0\0", 0).is_err());
        assert!(decompress(b"\x01a\xC0\0", 0).is_err());
        assert!(decompress(b"\xC0\x02\xC0\0", 2).is_err());
        // A chain of bare pointers, each to the one before.
        let mut chain = b"\x01a\0\0".to_vec();
        for place in 0..400_u16 {
            chain.extend((0xC000 | if place == 0 { 0 } else { place * 2 + 2 }).to_be_bytes());
        }
        assert!(decompress(&chain, 4 + 2 * 120).is_ok());
        assert!(decompress(&chain, 4 + 2 * 399).is_err());
    }

    #[test]
    fn a_name_has_255_bytes_at_most() {
        let fits: Vec<u8> = [1, b'a'].into_iter().cycle().take(254).chain([0]).collect();
        assert_eq!(decompress(&fits, 0).unwrap().1, 255);
        let longer: Vec<u8> = [1, b'a'].into_iter().cycle().take(256).chain([0]).collect();
        let error = decompress(&longer, 0).unwrap_err();
        assert_eq!(error.to_string(), "name at byte 254: must be 255 bytes long, is 257");
    }

    #[test]
    fn what_is_no_letter_is_escaped() {
        let (name, _) = decompress(b"\x06a.b\\c\xFF\x04\xC3\xA9\0\n\0", 0).unwrap();
        assert_eq!(name.as_str(), "a\\.b\\\\c\\255.é\\000\\010");
    }

    #[test]
    fn an_error_names_its_place() {
        assert_eq!(decompress(b"\x05ab", 0).unwrap_err().to_string(), "name at byte 1: needs 5 bytes, 2 are left");
        assert_eq!(decompress(b"\x41", 0).unwrap_err().to_string(), "name at byte 0: expected 0x3f, found 0x41");
    }
}
