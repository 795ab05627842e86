//! What is wrong in a description: where, what was expected and what was found.

use std::fmt;

use crate::text::Span;

/// One fault. The document still stands: everything else in it can be read, and it prints back as it was.
///
/// ```
/// # use rtcscope::sdp::{Document, Expected};
/// # use rtcscope::text::Span;
/// let document = Document::parse(b"b=AS:fast\n");
/// let error = document.lines().first().and_then(|line| line.parse().err());
/// assert_eq!(error.as_ref().map(|error| (error.span, &*error.found)), Some((Span::new(5, 9), "fast")));
/// assert_eq!(error.and_then(|error| error.expected.field()), Some("bandwidth"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Where, down to the token; empty where something is missing.
    pub span: Span,
    /// What should stand there.
    pub expected: Expected,
    /// What stands there, at most 60 characters of it; empty at the end of a line.
    pub found: Box<str>,
}

/// What should have stood where a fault is.
///
/// Its `Display` is the middle of a message, [`Expected::code`] is for programs.
///
/// ```
/// # use rtcscope::sdp::Expected;
/// assert_eq!(Expected::Once { letter: 'o' }.to_string(), "no second line `o=` here");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expected {
    /// A line `<letter>=<value>` (RFC 8866, section 5).
    Line,
    /// A lower-case letter: line types are case-significant (RFC 8866, section 5).
    LowerCaseType,
    /// One of the line types of RFC 8866, section 5.
    KnownType,
    /// No white space next to the `=` (RFC 8866, section 5).
    NoSpace,
    /// A line break, which ends every line (RFC 8866, section 9).
    LineBreak,
    /// Neither NUL nor a CR that stands alone (RFC 8866, section 9, `byte-string`).
    NoControl,
    /// UTF-8 (RFC 8866, section 4.1).
    Utf8,
    /// Something rather than nothing.
    Value {
        /// The name of what is missing.
        field: &'static str,
    },
    /// A whole number.
    Number {
        /// Its name.
        field: &'static str,
        /// The smallest allowed.
        lowest: u64,
        /// The greatest allowed.
        highest: u64,
    },
    /// A number that may have a fraction.
    Decimal {
        /// Its name.
        field: &'static str,
    },
    /// A token of RFC 8866, section 9: visible characters without `"(),/:;<=>?@[\]`.
    Token {
        /// Its name.
        field: &'static str,
    },
    /// Characters of a set narrower than a token's.
    Characters {
        /// Its name.
        field: &'static str,
        /// The set, in words.
        allowed: &'static str,
    },
    /// One of a few words.
    Word {
        /// Its name.
        field: &'static str,
        /// The words.
        choices: &'static [&'static str],
    },
    /// An address of the family that is named beside it.
    Address {
        /// Its name.
        field: &'static str,
    },
    /// Bytes in hexadecimal, joined by colons.
    Hexadecimal {
        /// Its name.
        field: &'static str,
        /// How many bytes; 0 where any number is allowed.
        bytes: u64,
    },
    /// This very text.
    Text {
        /// The text.
        text: &'static str,
    },
    /// The end of the line.
    End,
    /// A line of this type, which every description (or media section) has.
    Present {
        /// Its type.
        letter: char,
    },
    /// No second line of this type at this level.
    Once {
        /// Its type.
        letter: char,
    },
    /// A place before lines of another type (RFC 8866, section 5, gives the order).
    Before {
        /// The type of the line that stands too early.
        letter: char,
    },
    /// A place at session level.
    SessionLevel,
    /// A place in a media section.
    MediaLevel,
    /// No second attribute of this name at this level.
    OnceAttribute {
        /// Its name.
        name: &'static str,
    },
}

impl Expected {
    /// A short name, stable between versions, in lower-case kebab.
    ///
    /// ```
    /// # use rtcscope::sdp::Expected;
    /// assert_eq!(Expected::Token { field: "mid" }.code(), "token");
    /// ```
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::LowerCaseType => "lower-case-type",
            Self::KnownType => "known-type",
            Self::NoSpace => "no-space",
            Self::LineBreak => "line-break",
            Self::NoControl => "no-control",
            Self::Utf8 => "utf-8",
            Self::Value { .. } => "value",
            Self::Number { .. } => "number",
            Self::Decimal { .. } => "decimal",
            Self::Token { .. } => "token",
            Self::Characters { .. } => "characters",
            Self::Word { .. } => "word",
            Self::Address { .. } => "address",
            Self::Hexadecimal { .. } => "hexadecimal",
            Self::Text { .. } => "text",
            Self::End => "end",
            Self::Present { .. } => "present",
            Self::Once { .. } => "once",
            Self::Before { .. } => "before",
            Self::SessionLevel => "session-level",
            Self::MediaLevel => "media-level",
            Self::OnceAttribute { .. } => "once-attribute",
        }
    }

    /// The name of the field that is at fault, where there is one.
    ///
    /// ```
    /// # use rtcscope::sdp::Expected;
    /// assert_eq!(Expected::Token { field: "mid" }.field(), Some("mid"));
    /// assert_eq!(Expected::End.field(), None);
    /// ```
    #[must_use]
    pub const fn field(self) -> Option<&'static str> {
        match self {
            Self::Value { field }
            | Self::Number { field, .. }
            | Self::Decimal { field }
            | Self::Token { field }
            | Self::Characters { field, .. }
            | Self::Word { field, .. }
            | Self::Address { field }
            | Self::Hexadecimal { field, .. } => Some(field),
            _ => None,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line => f.write_str("a line `<letter>=<value>`"),
            Self::LowerCaseType => f.write_str("a lower-case line type"),
            Self::KnownType => f.write_str("a line type of RFC 8866"),
            Self::NoSpace => f.write_str("no white space next to the `=`"),
            Self::LineBreak => f.write_str("a line break at the end of the last line"),
            Self::NoControl => f.write_str("a line without NUL and without a lone CR"),
            Self::Utf8 => f.write_str("UTF-8"),
            Self::Value { field } => write!(f, "{}", Named(field)),
            Self::Number { field, lowest, highest: u64::MAX } => write!(f, "{}, a number from {lowest}", Named(field)),
            Self::Number { field, lowest, highest } => {
                write!(f, "{}, a number from {lowest} to {highest}", Named(field))
            }
            Self::Decimal { field } => write!(f, "{}, a number", Named(field)),
            Self::Token { field } => write!(f, "{}, a token", Named(field)),
            Self::Characters { field, allowed } => write!(f, "{} of {allowed}", Named(field)),
            Self::Word { field, choices } => {
                write!(f, "{}, one of ", Named(field))?;
                for (index, choice) in choices.iter().enumerate() {
                    write!(f, "{}`{choice}`", if index == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Self::Address { field } => write!(f, "{} that fits its address type", Named(field)),
            Self::Hexadecimal { field, bytes: 0 } => write!(f, "{}, bytes in hexadecimal", Named(field)),
            Self::Hexadecimal { field, bytes } => write!(f, "{}, {bytes} bytes in hexadecimal", Named(field)),
            Self::Text { text } => write!(f, "`{text}`"),
            Self::End => f.write_str("the end of the line"),
            Self::Present { letter } => write!(f, "a line `{letter}=`"),
            Self::Once { letter } => write!(f, "no second line `{letter}=` here"),
            Self::Before { letter } => write!(f, "this line before the line `{letter}=`"),
            Self::SessionLevel => f.write_str("this attribute at session level"),
            Self::MediaLevel => f.write_str("this attribute in a media section"),
            Self::OnceAttribute { name } => write!(f, "no second `a={name}` here"),
        }
    }
}

/// The name of a field behind its article.
struct Named(&'static str);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vowel = self.0.starts_with(['a', 'e', 'i', 'o', 'I']);
        let spelt = ["SSRC", "RTCP", "SCTP", "MSRP"].iter().any(|letters| self.0.starts_with(letters));
        write!(f, "{} {}", if vowel || spelt { "an" } else { "a" }, self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.found.is_empty() {
            write!(f, "expected {}, found nothing", self.expected)
        } else {
            write!(f, "expected {}, found `{}`", self.expected, self.found.escape_debug())
        }
    }
}

impl std::error::Error for Error {}

/// The part of `text` that a message quotes.
pub(super) fn excerpt(text: &str) -> Box<str> {
    match text.char_indices().nth(60).and_then(|(end, _)| text.split_at_checked(end)) {
        Some((start, _)) => start.into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_expected_and_found() {
        let error = Error {
            span: Span::new(9, 12),
            expected: Expected::Number { field: "payload type", lowest: 0, highest: 127 },
            found: "128".into(),
        };
        assert_eq!(error.to_string(), "expected a payload type, a number from 0 to 127, found `128`");
    }

    #[test]
    fn an_excerpt_is_bounded_and_ends_at_a_character() {
        assert_eq!(excerpt(&"é".repeat(100)).chars().count(), 60);
    }
}
