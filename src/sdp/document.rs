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
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// assert_eq!(Document::parse(b"v=0\r\ns=-\r\n").lines().len(), 2);
    /// assert_eq!(Document::parse(b"").lines().len(), 0);
    /// ```
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Self {
        let (lines, media) = lexer::cut(text);
        Self { text, lines, media, transports: OnceLock::new() }
    }

    /// The text it was parsed from.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// assert_eq!(Document::parse(b"v=0").text(), b"v=0");
    /// ```
    #[must_use]
    pub const fn text(&self) -> &'a [u8] {
        self.text
    }

    /// All lines in order.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, LineType};
    /// let document = Document::parse(b"v=0\na=mid:0\n");
    /// let types: Vec<LineType> = document.lines().iter().map(|line| line.line_type()).collect();
    /// assert_eq!(types, [LineType::Version, LineType::Attribute]);
    /// ```
    #[must_use]
    pub fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    /// The lines and their endings, one after another: the text again.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let text = b"v=0\r\n\nwhat?\ns=\xff";
    /// assert_eq!(Document::parse(text).emit(), text);
    /// ```
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
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Key};
    /// let document = Document::parse(b"a=ice-lite\nm=audio 9 RTP/AVP 0\na=mid:0\n");
    /// assert!(document.session().has(Key::IceLite) && !document.session().has(Key::Mid));
    /// ```
    #[must_use]
    pub fn session(&self) -> Section<'_, 'a> {
        let last = self.media.first().copied().unwrap_or(self.lines.len());
        Section { document: self, first: 0, last, index: None }
    }

    /// How many media sections there are.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// assert_eq!(Document::parse(b"m=audio 9 RTP/AVP 0\nm=video 9 RTP/AVP 96\n").media_count(), 2);
    /// ```
    #[must_use]
    pub fn media_count(&self) -> usize {
        self.media.len()
    }

    /// The media section with this index, from 0.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0\nm=video 9 RTP/AVP 96\n");
    /// assert_eq!(
    ///     document.media_section(1).and_then(|section| section.media()).map(|media| media.media),
    ///     Some("video")
    /// );
    /// assert!(document.media_section(2).is_none());
    /// ```
    #[must_use]
    pub fn media_section(&self, index: usize) -> Option<Section<'_, 'a>> {
        let first = self.media.get(index).copied()?;
        let last = self.media.get(index + 1).copied().unwrap_or(self.lines.len());
        Some(Section { document: self, first, last, index: Some(index) })
    }

    /// The media sections in order.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0\nm=video 9 RTP/AVP 96\n");
    /// let kinds: Vec<&str> =
    ///     document.media().filter_map(|section| section.media()).map(|media| media.media).collect();
    /// assert_eq!(kinds, ["audio", "video"]);
    /// ```
    pub fn media(&self) -> impl DoubleEndedIterator<Item = Section<'_, 'a>> {
        (0..self.media.len()).filter_map(|index| self.media_section(index))
    }

    /// For each media section the index of the one whose transport it shares.
    pub(super) fn transports(&self) -> &[usize] {
        self.transports.get_or_init(|| super::in_force::transports(self))
    }

    /// The session level and then every media section.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"v=0\nm=audio 9 RTP/AVP 0\n");
    /// let indexes: Vec<Option<usize>> = document.sections().map(|section| section.index()).collect();
    /// assert_eq!(indexes, [None, Some(0)]);
    /// ```
    pub fn sections(&self) -> impl Iterator<Item = Section<'_, 'a>> {
        std::iter::once(self.session()).chain(self.media())
    }

    /// The media section whose `a=mid` is `mid`.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0\na=mid:a\nm=video 9 RTP/AVP 96\na=mid:v\n");
    /// assert_eq!(document.media_by_mid("v").and_then(|section| section.index()), Some(1));
    /// ```
    #[must_use]
    pub fn media_by_mid(&self, mid: &str) -> Option<Section<'_, 'a>> {
        self.media().find(|section| section.mid() == Some(mid))
    }

    /// Every fault, in the order of the text; see [`Error`].
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let text = b"v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\nm=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\na=mid:a b\n";
    /// let found: Vec<String> = Document::parse(text).errors().iter().map(ToString::to_string).collect();
    /// assert_eq!(found, ["expected the end of the line, found `b`"]);
    /// ```
    #[must_use]
    pub fn errors(&self) -> Vec<Error> {
        super::fault::collect(self, |_, _| {})
    }

    /// Hands every line that makes sense to `take` with its value, and gives every fault: both in one pass.
    ///
    /// For whoever wants both, because decoding everything twice would cost twice.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Value};
    /// let mut lines = Vec::new();
    /// let faults =
    ///     Document::parse(b"t=0 0\nb=AS:x\n").visit(|_, value| lines.push(matches!(value, Value::Timing(_))));
    /// assert_eq!(lines, [true]);
    /// assert!(faults.iter().any(|fault| &*fault.found == "x"));
    /// ```
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
///
/// It answers for what stands in it ([`Section::value`] and the like) and for what is in force for it
/// ([`Section::in_force`] and the like).
///
/// ```
/// # use rtcscope::sdp::{Document, Fingerprint, Mid, Setup};
/// let document = Document::parse(b"a=setup:actpass\nm=audio 9 RTP/AVP 0\na=mid:0\n");
/// let audio = document.media_section(0);
/// assert_eq!(audio.and_then(|audio| audio.value::<Mid<'_>>()), Some(Mid("0")));
/// assert_eq!(audio.and_then(|audio| audio.value::<Setup>()), None);
/// assert_eq!(audio.and_then(|audio| audio.in_force::<Setup>()), Some(Setup::Actpass));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Section<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    first: usize,
    last: usize,
    index: Option<usize>,
}

impl<'d, 'a> Section<'d, 'a> {
    /// Its index among the media sections, from 0; `None` for the session level.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"v=0\nm=audio 9 RTP/AVP 0\n");
    /// assert_eq!(document.session().index(), None);
    /// assert_eq!(document.media().next().and_then(|section| section.index()), Some(0));
    /// ```
    #[must_use]
    pub const fn index(&self) -> Option<usize> {
        self.index
    }

    /// The document it is of.
    ///
    /// So that a function that is given a section can look at the others.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"v=0\n");
    /// assert_eq!(document.session().document().text(), b"v=0\n");
    /// ```
    #[must_use]
    pub const fn document(&self) -> &'d Document<'a> {
        self.document
    }

    /// Its lines; of a media section, the `m=` line first.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"v=0\nm=audio 9 RTP/AVP 0\na=mid:0\n");
    /// let audio = document.media().next();
    /// assert_eq!(
    ///     audio.and_then(|audio| audio.lines().first()).map(|line| line.content()),
    ///     Some(&b"m=audio 9 RTP/AVP 0"[..])
    /// );
    /// ```
    #[must_use]
    pub fn lines(&self) -> &'d [Line<'a>] {
        self.document.lines.get(self.first..self.last).unwrap_or_default()
    }

    /// Where its lines stand, the endings included.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// # use rtcscope::text::Span;
    /// let document = Document::parse(b"v=0\nm=audio 9 RTP/AVP 0\n");
    /// assert_eq!(document.media().next().map(|section| section.span()), Some(Span::new(4, 24)));
    /// ```
    #[must_use]
    pub fn span(&self) -> Span {
        let lines = self.lines();
        let start = lines.first().map_or(0, |line| line.start);
        Span::new(start, lines.last().map_or(start, |line| line.full_span().end))
    }

    /// Its lines of one type.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, LineType};
    /// let document = Document::parse(b"b=AS:64\nb=RR:0\na=tool:x\n");
    /// assert_eq!(document.session().lines_of(LineType::Bandwidth).count(), 2);
    /// ```
    pub fn lines_of(&self, line_type: LineType) -> impl Iterator<Item = &'d Line<'a>> + use<'d, 'a> {
        self.lines().iter().filter(move |line| line.line_type == line_type)
    }

    /// Its attribute lines of one name.
    ///
    /// Those too whose value makes no sense, which [`Section::values`] passes over.
    ///
    /// ```
    /// # use rtcscope::sdp::{Candidate, Document, Key};
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0\na=candidate:oops\n");
    /// let counts = document
    ///     .media()
    ///     .map(|audio| (audio.attribute_lines(Key::Candidate).count(), audio.values::<Candidate<'_>>().count()));
    /// assert_eq!(counts.collect::<Vec<_>>(), [(1, 0)]);
    /// ```
    pub fn attribute_lines(&self, key: Key) -> impl Iterator<Item = &'d Line<'a>> + use<'d, 'a> {
        self.lines().iter().filter(move |line| line.key == key && line.line_type == LineType::Attribute)
    }

    /// Whether it has an attribute of this name.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Key};
    /// assert!(Document::parse(b"a=ice-lite\n").session().has(Key::IceLite));
    /// ```
    #[must_use]
    pub fn has(&self, key: Key) -> bool {
        self.attribute_lines(key).next().is_some()
    }

    /// Its attributes that make sense, in order.
    ///
    /// ```
    /// # use rtcscope::sdp::{Attribute, Document, Tool};
    /// let document = Document::parse(b"a=tool:x\na=setup:nobody\n");
    /// assert_eq!(document.session().attributes().collect::<Vec<_>>(), [Attribute::Tool(Tool("x"))]);
    /// ```
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'d, 'a> {
        self.lines().iter().filter_map(|line| line.attribute()?.ok())
    }

    /// Its attributes of one kind that make sense, in order.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Ssrc};
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0\na=ssrc:1 cname:x\na=ssrc:2 cname:x\n");
    /// let sources = document.media().flat_map(|section| section.values::<Ssrc<'_>>().map(|ssrc| ssrc.id));
    /// assert_eq!(sources.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn values<T: Typed<'a>>(&self) -> impl Iterator<Item = T> + use<'d, 'a, T> {
        self.lines().iter().filter_map(|line| line.typed::<T>()?.ok())
    }

    /// Its attributes of one kind that make sense, each with its line.
    ///
    /// The line says where the value stands, which an edit needs.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Tool};
    /// # use rtcscope::text::Span;
    /// let document = Document::parse(b"v=0\na=tool:x\n");
    /// let found: Vec<_> =
    ///     document.session().lines_with::<Tool<'_>>().map(|(line, tool)| (line.span(), tool.0)).collect();
    /// assert_eq!(found, [(Span::new(4, 12), "x")]);
    /// ```
    pub fn lines_with<T: Typed<'a>>(&self) -> impl Iterator<Item = (&'d Line<'a>, T)> + use<'d, 'a, T> {
        self.lines().iter().filter_map(|line| Some((line, line.typed::<T>()?.ok()?)))
    }

    /// Its first attribute of one kind that makes sense.
    ///
    /// ```
    /// # use rtcscope::sdp::{Document, Tool};
    /// assert_eq!(Document::parse(b"a=tool:x\n").session().value::<Tool<'_>>(), Some(Tool("x")));
    /// ```
    #[must_use]
    pub fn value<T: Typed<'a>>(&self) -> Option<T> {
        self.values().next()
    }

    /// Its `m=` line; `None` at session level and where the line makes no sense.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0\n");
    /// assert_eq!(document.media().next().and_then(|section| section.media()).map(|media| media.port), Some(9));
    /// assert_eq!(document.session().media(), None);
    /// ```
    #[must_use]
    pub fn media(&self) -> Option<Media<'a>> {
        self.index?;
        match self.lines().first()?.parse().ok()? {
            Value::Media(media) => Some(media),
            _ => None,
        }
    }

    /// Its own `a=mid`.
    ///
    /// ```
    /// # use rtcscope::sdp::Document;
    /// let document = Document::parse(b"m=audio 9 RTP/AVP 0\na=mid:a\n");
    /// assert_eq!(document.media().next().and_then(|section| section.mid()), Some("a"));
    /// ```
    #[must_use]
    pub fn mid(&self) -> Option<&'a str> {
        self.value::<super::attribute::Mid<'a>>().map(|mid| mid.0)
    }
}
