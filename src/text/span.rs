//! A range of bytes in a text, and a value that remembers where it stood.

use std::ops::Range;

/// A range of bytes in a text: `start` is in it, `end` is not.
///
/// Offsets rather than slices, so that a fault outlives the text it was found in, and an edit can be kept.
///
/// ```
/// # use rtcscope::text::Span;
/// let span = Span::new(2, 5);
/// assert_eq!("s=abc".get(span.start..span.end), Some("abc"));
/// assert_eq!(Span::from(2..5), span);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte; never before `start`.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`; an `end` before `start` gives the empty span at `start`.
    ///
    /// ```
    /// # use rtcscope::text::Span;
    /// assert_eq!(Span::new(7, 3), Span { start: 7, end: 7 });
    /// ```
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// Its length in bytes.
    ///
    /// ```
    /// # use rtcscope::text::Span;
    /// assert_eq!(Span::new(2, 5).len(), 3);
    /// ```
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte, and so is a place between two.
    ///
    /// ```
    /// # use rtcscope::text::Span;
    /// assert!(Span::new(4, 4).is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A value and the place in the text where it was read.
///
/// ```
/// # use rtcscope::sdp::Document;
/// # use rtcscope::text::{Span, Spanned};
/// let document = Document::parse(b"m=audio 9 RTP/AVP 0");
/// let port = document.lines().first().and_then(|line| line.words().nth(1));
/// assert_eq!(port, Some(Spanned { value: &b"9"[..], span: Span::new(8, 9) }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where.
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_never_ends_before_it_starts() {
        assert_eq!(Span::new(7, 3), Span { start: 7, end: 7 });
        assert!(Span::new(7, 3).is_empty());
        assert_eq!(Span::new(3, 7).len(), 4);
    }
}
