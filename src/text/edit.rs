//! The one way a text is changed: spans and their replacements, applied together or not at all.

use std::fmt;

use super::Span;

/// One change: the bytes of `span` give way to `replacement`. An empty span inserts, an empty replacement
/// deletes.
///
/// The three constructors say which of these it is:
///
/// ```
/// # use rtcscope::text::{Edit, Span, apply};
/// let edits = [Edit::replace(Span::new(0, 1), "A"), Edit::delete(Span::new(1, 2)), Edit::insert(3, "d")];
/// assert_eq!(apply(b"abc", &edits).as_deref(), Ok(&b"Acd"[..]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes; bytes, because a text need not be UTF-8.
    pub replacement: Vec<u8>,
}

impl Edit {
    /// `span` gives way to `replacement`.
    ///
    /// ```
    /// # use rtcscope::text::{Edit, Span, apply};
    /// assert_eq!(apply(b"s=-", &[Edit::replace(Span::new(2, 3), "call")]).as_deref(), Ok(&b"s=call"[..]));
    /// ```
    pub fn replace(span: Span, replacement: impl Into<Vec<u8>>) -> Self {
        Self { span, replacement: replacement.into() }
    }

    /// `text` comes in at `offset`.
    ///
    /// ```
    /// # use rtcscope::text::{Edit, apply};
    /// assert_eq!(apply(b"s=\r\n", &[Edit::insert(2, "-")]).as_deref(), Ok(&b"s=-\r\n"[..]));
    /// ```
    pub fn insert(offset: usize, text: impl Into<Vec<u8>>) -> Self {
        Self::replace(Span::new(offset, offset), text)
    }

    /// `span` goes.
    ///
    /// ```
    /// # use rtcscope::text::{Edit, Span, apply};
    /// assert_eq!(apply(b"v=0 \r\n", &[Edit::delete(Span::new(3, 4))]).as_deref(), Ok(&b"v=0\r\n"[..]));
    /// ```
    #[must_use]
    pub fn delete(span: Span) -> Self {
        Self::replace(span, Vec::new())
    }
}

/// Why edits could not be applied. Nothing was changed.
///
/// ```
/// # use rtcscope::text::{ApplyError, Edit, Span, apply};
/// let far = Span::new(4, 9);
/// assert_eq!(apply(b"abc", &[Edit::delete(far)]), Err(ApplyError::Outside { span: far, length: 3 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApplyError {
    /// Two edits want the same bytes.
    Overlap {
        /// The one that starts first.
        first: Span,
        /// The one that starts inside it.
        second: Span,
    },
    /// An edit reaches behind the end of the text.
    Outside {
        /// The edit's span.
        span: Span,
        /// The length of the text, in bytes.
        length: usize,
    },
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overlap { first, second } => write!(
                f,
                "expected edits that do not overlap, found bytes {} to {} and {} to {}",
                first.start, first.end, second.start, second.end
            ),
            Self::Outside { span, length } => {
                write!(f, "expected an edit within {length} bytes, found one of bytes {} to {}", span.start, span.end)
            }
        }
    }
}

impl std::error::Error for ApplyError {}

/// The edits in the order of the text; insertions at one place keep the order they were given in and come
/// before a replacement that starts there.
fn in_order<'e>(length: usize, edits: &'e [Edit]) -> Result<Vec<&'e Edit>, ApplyError> {
    let mut sorted: Vec<&'e Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, !edit.span.is_empty()));
    let mut last: Option<Span> = None;
    for edit in &sorted {
        if edit.span.end > length {
            return Err(ApplyError::Outside { span: edit.span, length });
        }
        if let Some(first) = last.filter(|first| edit.span.start < first.end) {
            return Err(ApplyError::Overlap { first, second: edit.span });
        }
        last = Some(edit.span);
    }
    Ok(sorted)
}

/// `text` with all `edits` done at once; the order they are given in matters only between insertions at one
/// place. Without an edit it is the identity, and bytes outside every span stay as they are.
///
/// ```
/// use rtcscope::text::{Edit, Span, apply};
///
/// let edits = [Edit::replace(Span::new(2, 10), "recvonly"), Edit::insert(0, "a=mid:0\r\n")];
/// assert_eq!(apply(b"a=sendrecv\r\n", &edits).unwrap(), b"a=mid:0\r\na=recvonly\r\n");
/// ```
///
/// # Errors
///
/// [`ApplyError`] where two edits overlap or one reaches behind the end.
pub fn apply(text: &[u8], edits: &[Edit]) -> Result<Vec<u8>, ApplyError> {
    let sorted = in_order(text.len(), edits)?;
    let added: usize = edits.iter().map(|edit| edit.replacement.len()).sum();
    let mut out = Vec::with_capacity(text.len().saturating_add(added));
    let mut done = 0;
    for edit in sorted {
        out.extend_from_slice(text.get(done..edit.span.start).unwrap_or_default());
        out.extend_from_slice(&edit.replacement);
        done = edit.span.end;
    }
    out.extend_from_slice(text.get(done..).unwrap_or_default());
    Ok(out)
}

/// The edits that undo `edits`: applied to what [`apply`] gave, they give back `text`.
///
/// ```
/// # use rtcscope::text::{ApplyError, Edit, Span, apply, invert};
/// let edits = [Edit::replace(Span::new(0, 3), "x"), Edit::insert(4, "yz")];
/// let changed = apply(b"abcd", &edits)?;
/// let undo = invert(b"abcd", &edits)?;
/// assert_eq!((changed.as_slice(), apply(&changed, &undo)?.as_slice()), (&b"xdyz"[..], &b"abcd"[..]));
/// # Ok::<(), ApplyError>(())
/// ```
///
/// # Errors
///
/// [`ApplyError`] where `edits` cannot be applied to `text`.
pub fn invert(text: &[u8], edits: &[Edit]) -> Result<Vec<Edit>, ApplyError> {
    let mut gone = 0_usize;
    let mut come = 0_usize;
    let mut undo: Vec<Edit> = Vec::new();
    for edit in in_order(text.len(), edits)? {
        let start = edit.span.start + come - gone;
        let before = text.get(edit.span.start..edit.span.end).unwrap_or_default();
        match undo.last_mut().filter(|last| last.span.end == start) {
            Some(last) => {
                last.span.end += edit.replacement.len();
                last.replacement.extend_from_slice(before);
            }
            None => undo.push(Edit::replace(Span::new(start, start + edit.replacement.len()), before)),
        }
        come += edit.replacement.len();
        gone += edit.span.len();
    }
    Ok(undo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn overlapping_edits_are_refused_with_both_spans() {
        let edits = [Edit::delete(Span::new(2, 5)), Edit::replace(Span::new(4, 6), "x")];
        assert_eq!(
            apply(b"abcdefgh", &edits),
            Err(ApplyError::Overlap { first: Span::new(2, 5), second: Span::new(4, 6) })
        );
    }

    #[test]
    fn an_insertion_inside_a_deletion_overlaps_and_at_its_ends_does_not() {
        let gone = Edit::delete(Span::new(2, 5));
        assert!(apply(b"abcdefgh", &[gone.clone(), Edit::insert(3, "x")]).is_err());
        assert_eq!(apply(b"abcdefgh", &[gone.clone(), Edit::insert(2, "x")]).unwrap(), b"abxfgh");
        assert_eq!(apply(b"abcdefgh", &[gone, Edit::insert(5, "x")]).unwrap(), b"abxfgh");
    }

    #[test]
    fn an_edit_behind_the_end_is_refused() {
        assert_eq!(
            apply(b"abc", &[Edit::delete(Span::new(2, 4))]),
            Err(ApplyError::Outside { span: Span::new(2, 4), length: 3 })
        );
    }

    proptest! {
        #[test]
        fn no_edit_is_the_identity(text: Vec<u8>) {
            prop_assert_eq!(apply(&text, &[]).unwrap(), text);
        }

        #[test]
        fn what_is_undone_is_the_original(
            text in proptest::collection::vec(any::<u8>(), 0..40),
            raw in proptest::collection::vec((0_usize..45, 0_usize..5, proptest::collection::vec(any::<u8>(), 0..4)), 0..6),
        ) {
            let edits: Vec<Edit> =
                raw.into_iter().map(|(start, length, new)| Edit::replace(Span::new(start, start + length), new)).collect();
            if let Ok(changed) = apply(&text, &edits) {
                let undo = invert(&text, &edits).unwrap();
                prop_assert_eq!(apply(&changed, &undo).unwrap(), text);
            }
        }
    }
}
