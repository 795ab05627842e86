//! The document: a text cut into lines, its session level and its media sections.

use std::sync::OnceLock;

use super::attribute::{Attribute, Key, Typed};
use super::error::Error;
use super::lexer;
use super::line::{Line, LineType};
use super::value::{Media, Value};
use crate::text::Span;

/// A session description, lossless: whatever the text was, the document prints it back byte for byte.
///
/// Parsing never fails. What is wrong is listed by [`Document::errors`], and what is right can be read beside
/// it. Values are decoded when they are asked for and borrow from the text.
///
/// ```
/// use rtcscope::sdp::{Document, Rtpmap};
///
/// let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 111\r\n\
///     c=IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\n";
/// let document = Document::parse(text);
/// let audio = document.media().next().unwrap();
/// assert_eq!(audio.value::<Rtpmap<'_>>().unwrap().encoding, "opus");
/// assert!(document.errors().is_empty());
/// assert_eq!(document.emit(), text);
/// ```
#[derive(Debug, Clone)]
pub struct Document<'a> {
    text: &'a [u8],
    lines: Vec<Line<'a>>,
    media: Vec<usize>,
    /// For each media section the one whose transport it shares; computed when it is first asked for.
    transports: OnceLock<Vec<usize>>,
}

impl<'a> Document<'a> {
    /// Cuts `text` into lines; nothing else is decoded yet.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Self {
        let (lines, media) = lexer::cut(text);
        Self { text, lines, media, transports: OnceLock::new() }
    }

    /// The text it was parsed from.
    #[must_use]
    pub const fn text(&self) -> &'a [u8] {
        self.text
    }

    /// All lines in order.
    #[must_use]
    pub fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    /// The lines and their endings, one after another: the text again.
    #[must_use]
    pub fn emit(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len());
        for line in &self.lines {
            out.extend_from_slice(line.content());
            out.extend_from_slice(line.ending.bytes());
        }
        out
    }

    /// The lines before the first `m=` line.
    #[must_use]
    pub fn session(&self) -> Section<'_, 'a> {
        let last = self.media.first().copied().unwrap_or(self.lines.len());
        Section { document: self, first: 0, last, index: None }
    }

    /// How many media sections there are.
    #[must_use]
    pub fn media_count(&self) -> usize {
        self.media.len()
    }

    /// The media section with this index, from 0.
    #[must_use]
    pub fn media_section(&self, index: usize) -> Option<Section<'_, 'a>> {
        let first = self.media.get(index).copied()?;
        let last = self.media.get(index + 1).copied().unwrap_or(self.lines.len());
        Some(Section { document: self, first, last, index: Some(index) })
    }

    /// The media sections in order.
    pub fn media(&self) -> impl DoubleEndedIterator<Item = Section<'_, 'a>> {
        (0..self.media.len()).filter_map(|index| self.media_section(index))
    }

    /// For each media section the index of the one whose transport it shares.
    pub(super) fn transports(&self) -> &[usize] {
        self.transports.get_or_init(|| super::in_force::transports(self))
    }

    /// The session level and then every media section.
    pub fn sections(&self) -> impl Iterator<Item = Section<'_, 'a>> {
        std::iter::once(self.session()).chain(self.media())
    }

    /// The media section whose `a=mid` is `mid`.
    #[must_use]
    pub fn media_by_mid(&self, mid: &str) -> Option<Section<'_, 'a>> {
        self.media().find(|section| section.mid() == Some(mid))
    }

    /// Every fault, in the order of the text; see [`Error`].
    #[must_use]
    pub fn errors(&self) -> Vec<Error> {
        super::fault::collect(self, |_, _| {})
    }

    /// Hands every line that makes sense to `take` with its value, and gives every fault: both in one pass.
    pub fn visit(&self, take: impl FnMut(&Line<'a>, &Value<'a>)) -> Vec<Error> {
        super::fault::collect(self, take)
    }

    /// Where `token`, borrowed from this document's text (every string of a typed value is), stands; `None`
    /// for a string from elsewhere.
    ///
    /// ```
    /// use rtcscope::sdp::{Document, Mid};
    /// use rtcscope::text::{Edit, apply};
    ///
    /// let text = b"m=audio 9 RTP/AVP 0\r\na=mid:audio\r\n";
    /// let document = Document::parse(text);
    /// let mid = document.media_section(0).unwrap().value::<Mid<'_>>().unwrap();
    /// let edit = Edit::replace(document.span_of(mid.0).unwrap(), "0");
    /// assert_eq!(apply(text, &[edit]).unwrap(), b"m=audio 9 RTP/AVP 0\r\na=mid:0\r\n");
    /// ```
    #[must_use]
    pub fn span_of(&self, token: &str) -> Option<Span> {
        let start = token.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let end = start.checked_add(token.len())?;
        (end <= self.text.len()).then_some(Span { start, end })
    }
}

/// The session level of a document or one of its media sections.
#[derive(Debug, Clone, Copy)]
pub struct Section<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    first: usize,
    last: usize,
    index: Option<usize>,
}

impl<'d, 'a> Section<'d, 'a> {
    /// Its index among the media sections, from 0; `None` for the session level.
    #[must_use]
    pub const fn index(&self) -> Option<usize> {
        self.index
    }

    /// The document it is of.
    #[must_use]
    pub const fn document(&self) -> &'d Document<'a> {
        self.document
    }

    /// Its lines; of a media section, the `m=` line first.
    #[must_use]
    pub fn lines(&self) -> &'d [Line<'a>] {
        self.document.lines.get(self.first..self.last).unwrap_or_default()
    }

    /// Where its lines stand, the endings included.
    #[must_use]
    pub fn span(&self) -> Span {
        let lines = self.lines();
        let start = lines.first().map_or(0, |line| line.start);
        Span::new(start, lines.last().map_or(start, |line| line.full_span().end))
    }

    /// Its lines of one type.
    pub fn lines_of(&self, line_type: LineType) -> impl Iterator<Item = &'d Line<'a>> + use<'d, 'a> {
        self.lines().iter().filter(move |line| line.line_type == line_type)
    }

    /// Its attribute lines of one name.
    pub fn attribute_lines(&self, key: Key) -> impl Iterator<Item = &'d Line<'a>> + use<'d, 'a> {
        self.lines().iter().filter(move |line| line.key == key && line.line_type == LineType::Attribute)
    }

    /// Whether it has an attribute of this name.
    #[must_use]
    pub fn has(&self, key: Key) -> bool {
        self.attribute_lines(key).next().is_some()
    }

    /// Its attributes that make sense, in order.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'d, 'a> {
        self.lines().iter().filter_map(|line| line.attribute()?.ok())
    }

    /// Its attributes of one kind that make sense, in order.
    pub fn values<T: Typed<'a>>(&self) -> impl Iterator<Item = T> + use<'d, 'a, T> {
        self.lines().iter().filter_map(|line| line.typed::<T>()?.ok())
    }

    /// Its attributes of one kind that make sense, each with its line.
    pub fn lines_with<T: Typed<'a>>(&self) -> impl Iterator<Item = (&'d Line<'a>, T)> + use<'d, 'a, T> {
        self.lines().iter().filter_map(|line| Some((line, line.typed::<T>()?.ok()?)))
    }

    /// Its first attribute of one kind that makes sense.
    #[must_use]
    pub fn value<T: Typed<'a>>(&self) -> Option<T> {
        self.values().next()
    }

    /// Its `m=` line; `None` at session level and where the line makes no sense.
    #[must_use]
    pub fn media(&self) -> Option<Media<'a>> {
        self.index?;
        match self.lines().first()?.parse().ok()? {
            Value::Media(media) => Some(media),
            _ => None,
        }
    }

    /// Its own `a=mid`.
    #[must_use]
    pub fn mid(&self) -> Option<&'a str> {
        self.value::<super::attribute::Mid<'a>>().map(|mid| mid.0)
    }
}
