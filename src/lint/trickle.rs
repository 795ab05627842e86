//! Candidates that came by themselves, and the description that they are for.

use std::collections::BTreeMap;

use super::context::{Context, Role};
use super::engine::{Options, run_others};
use super::finding::{Finding, Text};
use super::pair::{Trickle, Trickled};
use super::rule::Check;
use super::selection::Selection;
use crate::sdp::{Document, Key, LineType, parse_candidate};
use crate::text::Span;

/// A candidate as it was sent: its text, where that stands, and what came with it.
///
/// Whoever has the members of an `RTCIceCandidateInit` at hand fills it in; [`TrickledText::read`] takes it from lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrickledText<'t> {
    /// `candidate:…` or `a=candidate:…`; empty or `end-of-candidates` for the end of them.
    pub text: &'t str,
    /// Where it stands in the text of candidates.
    pub span: Span,
    /// Its `sdpMid`, or the `a=mid` that it stands behind.
    pub mid: Option<&'t str>,
    /// Its `sdpMLineIndex`.
    pub index: Option<usize>,
    /// Its `usernameFragment`, or the `a=ice-ufrag` that it stands behind.
    pub username_fragment: Option<&'t str>,
}

impl<'t> TrickledText<'t> {
    /// Reads lines of candidates: `candidate:…` and `a=candidate:…` by themselves, or a body of
    /// `application/trickle-ice-sdpfrag` (RFC 8840, section 9), where `a=ice-ufrag` and `a=mid` hold for what follows.
    ///
    /// A line that is neither a candidate nor a line of a description is taken for a candidate that makes no sense.
    ///
    /// ```
    /// use rtcscope::lint::TrickledText;
    ///
    /// let text = "a=ice-ufrag:abcd\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n";
    /// let read: Vec<_> = TrickledText::read(text).iter().map(|one| (one.mid, one.username_fragment)).collect();
    /// assert_eq!(read, [(Some("0"), Some("abcd"))]);
    /// ```
    #[must_use]
    pub fn read(text: &'t str) -> Vec<Self> {
        let document = Document::parse(text.as_bytes());
        let mut found = Vec::new();
        let mut outer = None;
        let (mut mid, mut ufrag, mut inside) = (None, None, false);
        for line in document.lines() {
            let span = line.span();
            let Some(content) = text.get(span.start..span.end) else { continue };
            let value = || content.split_once(':').map(|(_, value)| value.trim());
            let empty = content.trim().is_empty();
            match (line.line_type(), line.key()) {
                (LineType::Media, _) => (mid, ufrag, inside) = (None, outer, true),
                (LineType::Attribute, Key::Mid) => mid = value(),
                (LineType::Attribute, Key::IceUfrag) => {
                    ufrag = value();
                    if !inside {
                        outer = ufrag;
                    }
                }
                (LineType::Attribute, Key::Candidate | Key::EndOfCandidates) | (LineType::Malformed, _) if !empty => {
                    found.push(Self { text: content, span, mid, index: None, username_fragment: ufrag });
                }
                _ => {}
            }
        }
        found
    }

    /// The candidate, its faults where they stand in the text of candidates.
    fn decoded(&self) -> Trickled<'t> {
        let candidate = parse_candidate(self.text).map_err(|mut error| {
            // A text that is written otherwise where it stands, as in JSON with escapes, is at fault as a whole.
            let whole = self.span.end.saturating_sub(self.span.start) != self.text.len();
            let place = |offset: usize| self.span.start.saturating_add(offset);
            error.span = if whole { self.span } else { Span::new(place(error.span.start), place(error.span.end)) };
            error
        });
        Trickled {
            span: self.span,
            candidate,
            mid: self.mid,
            index: self.index,
            username_fragment: self.username_fragment,
        }
    }
}

/// Looks for candidates that do not belong to `description`, which is that of the party that sent them.
///
/// ```
/// use rtcscope::lint::{Options, TrickledText, check_candidates};
/// use rtcscope::sdp::Document;
///
/// let description = Document::parse(b"v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n");
/// let candidates = TrickledText::read("a=mid:9\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n");
/// let found = check_candidates(&description, &candidates, &Options::default());
/// let names: Vec<&str> = found.iter().map(|finding| finding.rule.rule.name).collect();
/// assert_eq!(names, ["sdp-t-candidate-unknown-mid"]);
/// ```
#[must_use]
pub fn check_candidates(
    description: &Document<'_>,
    candidates: &[TrickledText<'_>],
    options: &Options,
) -> Vec<Finding> {
    let context = Context::new(description, options.profile, options.role.or(Some(Role::Offer)));
    let candidates: Vec<Trickled<'_>> = candidates.iter().map(TrickledText::decoded).collect();
    trickle(&Trickle { description: &context, candidates: &candidates }, &options.selection)
}

/// What the rules about candidates find.
pub(super) fn trickle(trickle: &Trickle<'_, '_, '_>, selection: &Selection) -> Vec<Finding> {
    run_others(trickle.description.profile, Text::Candidates, selection, |check, found| {
        if let Check::Trickle(check) = check {
            check(trickle, found);
        }
    })
}

/// Where the m-lines of a description are by their mid.
pub(super) fn places<'a>(context: &Context<'_, 'a>) -> BTreeMap<&'a str, usize> {
    let mut found = BTreeMap::new();
    for (index, part) in context.media.iter().enumerate() {
        if let Some(mid) = part.section.mid() {
            found.entry(mid).or_insert(index);
        }
    }
    found
}

/// The m-line that a candidate is for: by its mid, where it has one, else by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// It says none.
    Nowhere,
    /// This one.
    At(usize),
    /// None of the description.
    Unknown,
}

impl Trickled<'_> {
    pub(super) fn aim(&self, places: &BTreeMap<&str, usize>, count: usize) -> Aim {
        // An empty mid is how a party without mids fills the member in.
        match (self.mid.filter(|mid| !mid.is_empty()), self.index) {
            (Some(mid), _) => places.get(mid).map_or(Aim::Unknown, |index| Aim::At(*index)),
            (None, Some(index)) if index < count => Aim::At(index),
            (None, Some(_)) => Aim::Unknown,
            (None, None) => Aim::Nowhere,
        }
    }
}
