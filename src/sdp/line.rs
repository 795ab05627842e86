//! One line of a description: its type, its value, how it ends and where it stands.

use std::borrow::Cow;

use super::attribute::{Attribute, Key, Typed};
use super::error::{Error, Expected, excerpt};
use super::grammar::Fault;
use super::value::Value;
use crate::text::{Span, Spanned};

/// The types of lines (RFC 8866, section 5).
///
/// ```
/// # use rtcscope::sdp::{Document, LineType};
/// let document = Document::parse(b"m=audio 9 RTP/AVP 0\nx=1\n??\n");
/// let types: Vec<LineType> = document.lines().iter().map(|line| line.line_type()).collect();
/// assert_eq!(types, [LineType::Media, LineType::Unknown, LineType::Malformed]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LineType {
    /// `v=`
    Version,
    /// `o=`
    Origin,
    /// `s=`
    SessionName,
    /// `i=`
    Information,
    /// `u=`
    Uri,
    /// `e=`
    Email,
    /// `p=`
    Phone,
    /// `c=`
    Connection,
    /// `b=`
    Bandwidth,
    /// `t=`
    Timing,
    /// `r=`
    Repeat,
    /// `z=`
    TimeZones,
    /// `k=`
    EncryptionKey,
    /// `a=`
    Attribute,
    /// `m=`
    Media,
    /// Another character in front of `=`.
    Unknown,
    /// Not `<letter>=<value>` at all.
    Malformed,
}

impl LineType {
    #[inline]
    pub(super) const fn from_start(content: &[u8]) -> Self {
        match content {
            [b'a', b'=', ..] => Self::Attribute,
            [b'm', b'=', ..] => Self::Media,
            [b'c', b'=', ..] => Self::Connection,
            [b'b', b'=', ..] => Self::Bandwidth,
            [b'v', b'=', ..] => Self::Version,
            [b'o', b'=', ..] => Self::Origin,
            [b's', b'=', ..] => Self::SessionName,
            [b't', b'=', ..] => Self::Timing,
            [b'i', b'=', ..] => Self::Information,
            [b'u', b'=', ..] => Self::Uri,
            [b'e', b'=', ..] => Self::Email,
            [b'p', b'=', ..] => Self::Phone,
            [b'r', b'=', ..] => Self::Repeat,
            [b'z', b'=', ..] => Self::TimeZones,
            [b'k', b'=', ..] => Self::EncryptionKey,
            [_, b'=', ..] => Self::Unknown,
            _ => Self::Malformed,
        }
    }

    /// Its place in the order of RFC 8866, section 9, and its letter; `None` where it has none.
    pub(super) const fn rank(self) -> Option<(u8, char)> {
        Some(match self {
            Self::Version => (0, 'v'),
            Self::Origin => (1, 'o'),
            Self::SessionName => (2, 's'),
            Self::Media => (3, 'm'),
            Self::Information => (4, 'i'),
            Self::Uri => (5, 'u'),
            Self::Email => (6, 'e'),
            Self::Phone => (7, 'p'),
            Self::Connection => (8, 'c'),
            Self::Bandwidth => (9, 'b'),
            Self::Timing => (10, 't'),
            Self::Repeat => (10, 'r'),
            Self::TimeZones => (11, 'z'),
            Self::EncryptionKey => (12, 'k'),
            Self::Attribute => (13, 'a'),
            Self::Unknown | Self::Malformed => return None,
        })
    }
}

/// How a line ends.
///
/// ```
/// # use rtcscope::sdp::{Document, Ending};
/// let document = Document::parse(b"v=0\r\ns=-\nt=0 0");
/// let endings: Vec<Ending> = document.lines().iter().map(|line| line.ending()).collect();
/// assert_eq!(endings, [Ending::CrLf, Ending::Lf, Ending::None]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// CR LF, as RFC 8866 wants it.
    CrLf,
    /// LF alone, which receivers should accept.
    Lf,
    /// CR alone; only in a text that has no LF at all.
    Cr,
    /// Not at all: the last line of a text without final line break.
    None,
}

impl Ending {
    /// Its bytes.
    ///
    /// ```
    /// # use rtcscope::sdp::Ending;
    /// assert_eq!((Ending::CrLf.bytes(), Ending::None.bytes()), (&b"\r\n"[..], &b""[..]));
    /// ```
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::CrLf => b"\r\n",
            Self::Lf => b"\n",
            Self::Cr => b"\r",
            Self::None => b"",
        }
    }
}

/// A line as it stands in the text.
///
/// Cutting a text makes these and decodes nothing; [`Line::parse`] and its like do that when they are asked.
///
/// ```
/// # use rtcscope::sdp::{Document, Key, LineType};
/// let document = Document::parse(b"a=mid:0\r\n");
/// let line = document.lines().first();
/// assert_eq!(
///     line.map(|line| (line.line_type(), line.key(), line.value())),
///     Some((LineType::Attribute, Key::Mid, &b"mid:0"[..]))
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line as a string; as bytes where it is not UTF-8.
    pub(super) content: Result<&'a str, &'a [u8]>,
    pub(super) start: usize,
    /// Offset in `content` behind the colon of an attribute; 0 without one.
    pub(super) colon: u32,
    pub(super) line_type: LineType,
    pub(super) key: Key,
    pub(super) ending: Ending,
}

impl<'a> Line<'a> {
    /// Its bytes without the line ending.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// assert_eq!(Document::parse(b"s=\xff\r\n").lines().first().map(|line| line.content()), Some(&b"s=\xff"[..]));
    /// ```
    #[must_use]
    #[inline]
    pub const fn content(&self) -> &'a [u8] {
        match self.content {
            Ok(text) => text.as_bytes(),
            Err(bytes) => bytes,
        }
    }

    /// Its type.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, LineType};
    /// assert!(Document::parse(b"b=AS:64\n").lines().iter().all(|line| line.line_type() == LineType::Bandwidth));
    /// ```
    #[must_use]
    pub const fn line_type(&self) -> LineType {
        self.line_type
    }

    /// Which attribute it is; [`Key::Other`] for unknown ones and for lines of other types.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Key};
    /// assert!(Document::parse(b"a=rtcp-mux\n").lines().iter().all(|line| line.key() == Key::RtcpMux));
    /// ```
    #[must_use]
    pub const fn key(&self) -> Key {
        self.key
    }

    /// How it ends.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Ending};
    /// assert!(Document::parse(b"v=0\ns=-\n").lines().iter().all(|line| line.ending() == Ending::Lf));
    /// ```
    #[must_use]
    pub const fn ending(&self) -> Ending {
        self.ending
    }

    /// Where it stands, without its ending.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// # use rtcscope::text::Span;
    /// assert_eq!(Document::parse(b"v=0\r\ns=-\r\n").lines().last().map(|line| line.span()), Some(Span::new(5, 8)));
    /// ```
    #[must_use]
    pub const fn span(&self) -> Span {
        Span { start: self.start, end: self.start + self.content().len() }
    }

    /// Where it stands with its ending: what goes when the line goes.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// # use rtcscope::text::Span;
    /// assert_eq!(
    ///     Document::parse(b"v=0\r\ns=-\r\n").lines().last().map(|line| line.full_span()),
    ///     Some(Span::new(5, 10))
    /// );
    /// ```
    #[must_use]
    pub const fn full_span(&self) -> Span {
        Span { start: self.start, end: self.start + self.content().len() + self.ending.bytes().len() }
    }

    /// What follows the `=`, as bytes; of a malformed line, all of it.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"a=mid:0\noops\n");
    /// assert_eq!(document.lines().iter().map(|line| line.value()).collect::<Vec<_>>(), [&b"mid:0"[..], b"oops"]);
    /// ```
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        match self.line_type {
            LineType::Malformed => self.content(),
            _ => self.content().get(2..).unwrap_or_default(),
        }
    }

    /// What follows the `=`, with U+FFFD for what is not UTF-8.
    ///
    /// For showing, where something must be shown whatever it is.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// assert_eq!(
    ///     Document::parse(b"s=a\xff\n").session().lines().first().map(|line| line.text()).as_deref(),
    ///     Some("a\u{fffd}")
    /// );
    /// ```
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.value())
    }

    /// The name of an attribute line; bytes, because nothing makes it UTF-8.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"a=x-new:7\na=flag\nv=0\n");
    /// let names: Vec<_> = document.lines().iter().map(|line| line.attribute_name()).collect();
    /// assert_eq!(names, [Some(&b"x-new"[..]), Some(b"flag"), None]);
    /// ```
    #[must_use]
    pub fn attribute_name(&self) -> Option<&'a [u8]> {
        if self.line_type != LineType::Attribute {
            return None;
        }
        let end = match self.colon {
            0 => self.content().len(),
            colon => colon as usize - 1,
        };
        self.content().get(2..end)
    }

    /// What follows the colon of an attribute line; `None` for a property attribute, which has no colon.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"a=x-new:7\na=flag\na=empty:\n");
    /// let values: Vec<_> = document.lines().iter().map(|line| line.attribute_value()).collect();
    /// assert_eq!(values, [Some(&b"7"[..]), None, Some(b"")]);
    /// ```
    #[must_use]
    pub fn attribute_value(&self) -> Option<&'a [u8]> {
        if self.colon == 0 { None } else { self.content().get(self.colon as usize..) }
    }

    /// The words of the line's value (of an attribute: of what follows the colon) and where they stand, cut
    /// at spaces.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// # use rtcscope::text::Span;
    /// let document = Document::parse(b"a=group:BUNDLE 0");
    /// let words: Vec<_> =
    ///     document.lines().iter().flat_map(|line| line.words()).map(|word| (word.value, word.span)).collect();
    /// assert_eq!(words, [(&b"BUNDLE"[..], Span::new(8, 14)), (b"0", Span::new(15, 16))]);
    /// ```
    pub fn words(&self) -> impl Iterator<Item = Spanned<&'a [u8]>> + use<'a> {
        let value = self.attribute_value().unwrap_or_else(|| self.value());
        let base = self.start + self.content().len() - value.len();
        let mut at = base;
        value.split(|byte| *byte == b' ').filter_map(move |word| {
            let span = Span::new(at, at + word.len());
            at = span.end + 1;
            (!word.is_empty()).then_some(Spanned { value: word, span })
        })
    }

    /// The line's value as what its type says it is.
    ///
    /// ```
    /// # use rtcscope::sdp::{Bandwidth, Document, Value};
    /// let document = Document::parse(b"b=AS:64\n");
    /// let value = document.lines().first().map(|line| line.parse());
    /// assert_eq!(value, Some(Ok(Value::Bandwidth(Bandwidth { kind: "AS", limit: 64 }))));
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`] at the first token that does not fit.
    #[inline]
    pub fn parse(&self) -> Result<Value<'a>, Error> {
        self.read(Value::parse)
    }

    /// The attribute on the line; `None` where the line is not an attribute line.
    ///
    /// ```
    /// # use rtcscope::sdp::{Attribute, Document, Mid};
    /// let document = Document::parse(b"a=mid:0\nv=0\n");
    /// let attributes: Vec<_> = document.lines().iter().map(|line| line.attribute()).collect();
    /// assert_eq!(attributes, [Some(Ok(Attribute::Mid(Mid("0")))), None]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`] at the first token that does not fit.
    #[inline]
    pub fn attribute(&self) -> Option<Result<Attribute<'a>, Error>> {
        (self.line_type == LineType::Attribute).then(|| self.read(Attribute::parse))
    }

    /// The attribute on the line as a `T`; `None` where the line is not an attribute of that name.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Mid, Tool};
    /// let document = Document::parse(b"a=mid:0\n");
    /// assert_eq!(document.lines().first().and_then(|line| line.typed::<Mid<'_>>()), Some(Ok(Mid("0"))));
    /// assert_eq!(document.lines().first().and_then(|line| line.typed::<Tool<'_>>()), None);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`] at the first token that does not fit.
    #[inline]
    pub fn typed<T: Typed<'a>>(&self) -> Option<Result<T, Error>> {
        (self.key == T::KEY).then(|| {
            self.read(|line| {
                let value = line.utf8()?;
                T::parse_value(value)
            })
        })
    }

    /// The value (of an attribute: of what follows the colon) as a string.
    #[inline]
    pub(super) fn utf8(&self) -> Result<&'a str, Fault<'a>> {
        let content = self.content.map_err(|_| Fault { at: "", expected: Expected::Utf8 })?;
        let start = match (self.line_type, self.colon) {
            (LineType::Malformed, _) => 0,
            (LineType::Attribute, 0) => content.len(),
            (_, 0) => 2,
            (_, colon) => colon as usize,
        };
        Ok(content.get(start..).unwrap_or_default())
    }

    #[inline]
    fn read<T>(&self, parse: impl FnOnce(&Line<'a>) -> Result<T, Fault<'a>>) -> Result<T, Error> {
        parse(self).map_err(|fault| self.error(fault))
    }

    /// The fault as an error with its span.
    #[cold]
    pub(super) fn error(&self, fault: Fault<'a>) -> Error {
        let end = self.span().end;
        if fault.expected == Expected::Utf8 {
            return self.utf8_error().unwrap_or(Error {
                span: self.span(),
                expected: Expected::Utf8,
                found: "".into(),
            });
        }
        let token = fault.at.split_once(' ').map_or(fault.at, |(token, _)| token);
        let shown = if fault.expected == Expected::End { fault.at } else { token };
        let start = end - fault.at.len().min(self.content().len());
        // A secret is not quoted, however malformed it is.
        let secret = matches!(self.key, Key::IcePwd | Key::Crypto) || self.line_type == LineType::EncryptionKey;
        let found = if secret && !shown.is_empty() { "(not shown)".into() } else { excerpt(shown) };
        Error { span: Span::new(start, start + shown.len()), expected: fault.expected, found }
    }

    /// The first bytes of the line that are not UTF-8.
    pub(super) fn utf8_error(&self) -> Option<Error> {
        let error = str::from_utf8(self.content()).err()?;
        let start = error.valid_up_to();
        let end = error.error_len().map_or(self.content().len(), |length| start + length);
        let found = String::from_utf8_lossy(self.content().get(start..end).unwrap_or_default());
        Some(Error {
            span: Span::new(self.start + start, self.start + end),
            expected: Expected::Utf8,
            found: excerpt(&found),
        })
    }
}
