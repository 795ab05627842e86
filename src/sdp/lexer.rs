//! Cuts a text into lines. Never fails, loses nothing, and allocates for the list of lines only.

use super::attribute::Key;
use super::grammar::{find, find_near};
use super::line::{Ending, Line, LineType};

/// A mean line of a WebRTC description is some 40 bytes long; what is reserved for less is made good by growth.
const BYTES_A_LINE: usize = 32;

/// The lines of `text`, and which of them are `m=` lines.
pub(super) fn cut(text: &[u8]) -> (Vec<Line<'_>>, Vec<usize>) {
    let mut lines = Vec::with_capacity(text.len() / BYTES_A_LINE + 8);
    let mut media = Vec::new();
    let valid = str::from_utf8(text).ok();
    let separator = if find(text, b'\n').is_none() { b'\r' } else { b'\n' };
    let mut rest = text;
    let mut start = 0;
    while !rest.is_empty() {
        let (content, ending, after) = match find(rest, separator).and_then(|at| rest.split_at_checked(at)) {
            Some((content, after)) => {
                let after = after.get(1..).unwrap_or_default();
                match content.strip_suffix(b"\r") {
                    Some(content) if separator == b'\n' => (content, Ending::CrLf, after),
                    _ if separator == b'\n' => (content, Ending::Lf, after),
                    _ => (content, Ending::Cr, after),
                }
            }
            None => (rest, Ending::None, &[][..]),
        };
        let end = start + content.len();
        let string = match valid {
            Some(text) => text.get(start..end),
            None => str::from_utf8(content).ok(),
        };
        let line = line(content, string.ok_or(content), start, ending);
        if line.line_type == LineType::Media {
            media.push(lines.len());
        }
        lines.push(line);
        start += rest.len() - after.len();
        rest = after;
    }
    (lines, media)
}

#[inline]
fn line<'a>(content: &'a [u8], string: Result<&'a str, &'a [u8]>, start: usize, ending: Ending) -> Line<'a> {
    let line_type = LineType::from_start(content);
    let mut line = Line { content: string, start, colon: 0, line_type, key: Key::Other, ending };
    if line_type == LineType::Attribute {
        let name = content.get(2..).unwrap_or_default();
        let colon = find_near(name, b':');
        line.colon = colon.and_then(|colon| u32::try_from(colon + 3).ok()).unwrap_or(0);
        line.key = Key::from_name(colon.and_then(|colon| name.get(..colon)).unwrap_or(name));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ending_is_kept() {
        let endings = |text: &'static [u8]| cut(text).0.iter().map(|line| line.ending).collect::<Vec<_>>();
        assert_eq!(endings(b"v=0\r\ns=-\nt=0 0"), [Ending::CrLf, Ending::Lf, Ending::None]);
        assert_eq!(endings(b"v=0\rs=-\r"), [Ending::Cr, Ending::Cr]);
        assert_eq!(endings(b"v=0\rs=-\r\n"), [Ending::CrLf]);
        assert_eq!(endings(b""), []);
    }

    #[test]
    fn a_colon_splits_name_and_value_once() {
        let (lines, _) = cut(b"a=candidate:a:b\na=ice-lite\na=mid:\na=:x\n");
        let split: Vec<_> = lines.iter().map(|line| (line.attribute_name(), line.attribute_value())).collect();
        assert_eq!(
            split,
            [
                (Some(&b"candidate"[..]), Some(&b"a:b"[..])),
                (Some(b"ice-lite"), None),
                (Some(b"mid"), Some(b"")),
                (Some(b""), Some(b"x")),
            ]
        );
        assert_eq!(lines[1].key, Key::IceLite);
    }
}
