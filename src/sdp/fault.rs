//! All faults of a document: of each line, of their order, of what is missing and what stands twice.

use super::attribute::{Key, Level};
use super::document::{Document, Section};
use super::error::{Error, Expected, excerpt};
use super::line::{Ending, Line, LineType};
use super::value::Value;
use crate::text::Span;

/// Reads every line: hands what it says to `take`, and gives the faults.
pub(super) fn collect<'a>(document: &Document<'a>, mut take: impl FnMut(&Line<'a>, &Value<'a>)) -> Vec<Error> {
    let mut errors = Vec::new();
    let controls = has_controls(document);
    for section in document.sections() {
        let at_end = errors.len();
        let mut order = Order::new(section.index().is_some());
        let mut seen = Seen::default();
        for line in section.lines() {
            of_line(line, &mut errors, &mut take);
            if controls {
                control(line, &mut errors);
            }
            order.check(line, &mut errors);
            seen.check(line, section.index().is_some(), &mut errors);
        }
        order.finish(&section, &mut errors);
        if let Some(found) = errors.get_mut(at_end..) {
            found.sort_by_key(|error| error.span.start);
        }
    }
    last_line(document, &mut errors);
    errors
}

/// What one line says by itself.
#[inline]
fn of_line<'a>(line: &Line<'a>, errors: &mut Vec<Error>, take: &mut impl FnMut(&Line<'a>, &Value<'a>)) {
    match line.line_type {
        LineType::Malformed => errors.push(whole(line, Expected::Line)),
        LineType::Unknown => unknown(line, errors),
        _ => {
            let spaced = line.content().get(2) == Some(&b' ') && line.line_type != LineType::SessionName;
            if spaced {
                let span = Span::new(line.start + 2, line.start + 3);
                errors.push(Error { span, expected: Expected::NoSpace, found: " ".into() });
                return;
            }
            match line.parse() {
                Ok(value) => take(line, &value),
                Err(error) => errors.push(error),
            }
        }
    }
}

/// Whether some line holds NUL or a CR that stands alone.
fn has_controls(document: &Document<'_>) -> bool {
    let count = |part: &[u8]| part.iter().map(|byte| u8::from(*byte == b'\r')).fold(0_u8, u8::wrapping_add);
    let returns: usize = document.text().chunks(255).map(|part| usize::from(count(part))).sum();
    let ends = document.lines().iter().filter(|line| matches!(line.ending, Ending::CrLf | Ending::Cr)).count();
    returns != ends || super::grammar::find(document.text(), 0).is_some()
}

/// NUL and a CR that stands alone.
#[cold]
fn control(line: &Line<'_>, errors: &mut Vec<Error>) {
    if let Some(at) = line.content().iter().position(|byte| matches!(byte, 0 | b'\r')) {
        let span = Span::new(line.start + at, line.start + at + 1);
        let found = if line.content().get(at) == Some(&0) { "\0" } else { "\r" };
        errors.push(Error { span, expected: Expected::NoControl, found: found.into() });
    }
}

fn whole(line: &Line<'_>, expected: Expected) -> Error {
    let found = match line.key {
        Key::IcePwd | Key::Crypto => line.key.name().into(),
        _ => excerpt(&String::from_utf8_lossy(line.content())),
    };
    Error { span: line.span(), expected, found }
}

fn unknown(line: &Line<'_>, errors: &mut Vec<Error>) {
    let letter = line.content().first().copied().unwrap_or_default();
    let lower = [letter.to_ascii_lowercase(), b'='];
    let known = !matches!(LineType::from_start(&lower), LineType::Unknown | LineType::Malformed);
    let expected = match letter {
        b'A'..=b'Z' if known => Expected::LowerCaseType,
        _ => Expected::KnownType,
    };
    let span = Span::new(line.start, line.start + 1);
    errors.push(Error { span, expected, found: excerpt(&String::from_utf8_lossy(&[letter])) });
}

fn last_line(document: &Document<'_>, errors: &mut Vec<Error>) {
    let Some(last) = document.lines().last().filter(|line| line.ending == Ending::None) else { return };
    let end = last.span().end;
    errors.push(Error { span: Span::new(end, end), expected: Expected::LineBreak, found: "".into() });
}

/// The order of RFC 8866, section 9: `v o s i u e p c b (t r)+ z k a` and, in a media section, `m i c b k a`.
struct Order {
    media: bool,
    /// The greatest rank seen, and the type that has it.
    greatest: (u8, char),
    present: u32,
    /// Lines between the last `t=` and here are `r=`.
    timing: bool,
}

/// Types that a level holds at most once.
const fn is_single(line_type: LineType, media: bool) -> bool {
    match line_type {
        LineType::Version
        | LineType::Origin
        | LineType::SessionName
        | LineType::Information
        | LineType::Uri
        | LineType::TimeZones
        | LineType::EncryptionKey => true,
        LineType::Connection => !media,
        _ => false,
    }
}

impl Order {
    const fn new(media: bool) -> Self {
        Self { media, greatest: (0, 'v'), present: 0, timing: false }
    }

    #[inline]
    fn check(&mut self, line: &Line<'_>, errors: &mut Vec<Error>) {
        let Some((rank, letter)) = line.line_type.rank() else { return };
        let bit = 1_u32 << rank;
        if rank < self.greatest.0 {
            errors.push(whole(line, Expected::Before { letter: self.greatest.1 }));
        } else if letter == 'r' && !self.timing {
            errors.push(whole(line, Expected::Present { letter: 't' }));
        } else if self.present & bit != 0 && is_single(line.line_type, self.media) {
            errors.push(whole(line, Expected::Once { letter }));
        }
        let session_only = matches!(rank, 0..=2 | 5..=7 | 10 | 11);
        if self.media && session_only && rank >= self.greatest.0 {
            errors.push(whole(line, Expected::Before { letter: 'm' }));
        }
        self.timing |= letter == 't';
        self.present |= bit;
        if rank > self.greatest.0 {
            self.greatest = (rank, letter);
        }
    }

    /// Lines that every description has; where they are missing, the fault is at the session level's end.
    fn finish(&self, section: &Section<'_, '_>, errors: &mut Vec<Error>) {
        if self.media {
            return;
        }
        let end = section.span().end;
        for (rank, letter) in [(0, 'v'), (1, 'o'), (2, 's'), (10, 't')] {
            if self.present & (1 << rank) == 0 {
                let span = Span::new(end, end);
                errors.push(Error { span, expected: Expected::Present { letter }, found: "".into() });
            }
        }
    }
}

/// Attributes at the wrong level, and those that stand twice.
#[derive(Default)]
struct Seen {
    keys: u128,
}

impl Seen {
    #[inline]
    fn check(&mut self, line: &Line<'_>, media: bool, errors: &mut Vec<Error>) {
        if line.line_type != LineType::Attribute || line.key == Key::Other {
            return;
        }
        match (line.key.level(), media) {
            (Level::Session, true) => errors.push(whole(line, Expected::SessionLevel)),
            (Level::Media, false) => errors.push(whole(line, Expected::MediaLevel)),
            _ => {}
        }
        let bit = 1_u128.checked_shl(line.key as u32).unwrap_or(0);
        if self.keys & bit != 0 && line.key.is_single() {
            errors.push(whole(line, Expected::OnceAttribute { name: line.key.name() }));
        }
        self.keys |= bit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(&str, &'static str)> {
        let document = Document::parse(text.as_bytes());
        let shown = |error: Error| (text.get(error.span.start..error.span.end).unwrap(), error.expected.code());
        document.errors().into_iter().map(shown).collect()
    }

    const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

    #[test]
    fn all_faults_are_found_not_the_first() {
        let text = format!("{HEAD}m=audio x RTP/AVP 0\r\nfoo\r\na=rtpmap:999 x/1\r\na=mid:a:b\r\n");
        assert_eq!(faults(&text), [("x", "number"), ("foo", "line"), ("999", "number"), ("a:b", "token")]);
    }

    #[test]
    fn a_missing_line_is_named() {
        assert_eq!(faults("v=0\r\ns=-\r\n"), [("", "present"), ("", "present")]);
        assert_eq!(faults(""), [("", "present"); 4]);
    }

    #[test]
    fn order_level_and_repetition_are_checked() {
        let text = format!(
            "{HEAD}a=tool:x\r\nc=IN IP4 192.0.2.1\r\nm=audio 9 RTP/AVP 0\r\na=ice-lite\r\na=mid:0\r\na=mid:1\r\n"
        );
        assert_eq!(
            faults(&text),
            [("c=IN IP4 192.0.2.1", "before"), ("a=ice-lite", "session-level"), ("a=mid:1", "once-attribute")]
        );
    }

    #[test]
    fn a_password_is_never_quoted() {
        let text = format!(
            "{HEAD}a=ice-pwd:hunter2\r\na=ice-pwd:hunter2hunter2hunter2hunter2\r\nm=audio 9 RTP/AVP 0\r\na=crypto:1 x hunter2\r\n"
        );
        let errors = Document::parse(text.as_bytes()).errors();
        assert_eq!(errors.len(), 3);
        assert!(errors.iter().all(|error| !error.to_string().contains("hunter2")), "{errors:?}");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_pointed_at() {
        let text = [HEAD.as_bytes(), b"a=tool:a\xffb\r\n"].concat();
        let document = Document::parse(&text);
        let errors = document.errors();
        assert_eq!(errors.len(), 1);
        assert_eq!(text[errors[0].span.start..errors[0].span.end], [0xff]);
        assert_eq!(document.emit(), text);
    }
}
