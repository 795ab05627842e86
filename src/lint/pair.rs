//! Several descriptions that belong together, made ready for the rules.

use super::context::{Context, Part};
use super::munging::Changes;
use crate::sdp::negotiate::{AgreedMedia, Agreement, ContradictionKind, negotiate};
use crate::sdp::{Error, Key, Line, TrickledCandidate};
use crate::text::Span;

/// An offer and its answer.
#[derive(Debug)]
pub(super) struct Pair<'c, 'd, 'a> {
    pub(super) offer: &'c Context<'d, 'a>,
    pub(super) answer: &'c Context<'d, 'a>,
    /// Whether there was a round before, so that roles were settled already.
    pub(super) again: bool,
    /// What the two agree on.
    pub(super) agreement: Agreement<'a>,
}

/// An m-line that both descriptions have, and what became of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Both<'p, 'd, 'a> {
    pub(super) agreed: &'p AgreedMedia<'a>,
    pub(super) offer: &'p Part<'d, 'a>,
    pub(super) answer: &'p Part<'d, 'a>,
}

impl<'c, 'd, 'a> Pair<'c, 'd, 'a> {
    pub(super) fn new(offer: &'c Context<'d, 'a>, answer: &'c Context<'d, 'a>, again: bool) -> Self {
        Self { offer, answer, again, agreement: negotiate(offer.document, answer.document) }
    }

    /// The m-lines that both have, as far as they were compared.
    pub(super) fn lines(&self) -> impl Iterator<Item = Both<'_, 'd, 'a>> {
        self.agreement.media.iter().filter_map(|agreed| self.both(agreed))
    }

    /// Those that can be used.
    pub(super) fn agreed(&self) -> impl Iterator<Item = Both<'_, 'd, 'a>> {
        self.lines().filter(|both| both.agreed.is_agreed())
    }

    /// Those where the answer does not fit in this way.
    pub(super) fn contradicted(&self, kind: ContradictionKind) -> impl Iterator<Item = Both<'_, 'd, 'a>> {
        let found = self.agreement.contradictions.iter().filter(move |found| found.kind == kind);
        found.filter_map(|found| self.both(self.agreement.media.get(found.media?)?))
    }

    /// The m-line at `index`, where both have it.
    pub(super) fn line(&self, index: usize) -> Option<Both<'_, 'd, 'a>> {
        self.both(self.agreement.media.get(index)?)
    }

    fn both<'p>(&'p self, agreed: &'p AgreedMedia<'a>) -> Option<Both<'p, 'd, 'a>> {
        let offer = self.offer.media.get(agreed.index)?;
        Some(Both { agreed, offer, answer: self.answer.media.get(agreed.index)? })
    }
}

/// The first line of this attribute in a section, else at the session level: what holds for the transport of a section.
pub(super) fn line_of<'d, 'a>(context: &Context<'d, 'a>, part: &Part<'d, 'a>, key: Key) -> Option<&'d Line<'a>> {
    let own = part.section.attribute_lines(key).next();
    own.or_else(|| context.session.section.attribute_lines(key).next())
}

/// An offer, with its answer where there is one, and the round before.
///
/// The two parties may have changed roles: whoever answered before may offer now.
#[derive(Debug)]
pub(super) struct Rounds<'c, 'd, 'a> {
    pub(super) previous_offer: &'c Context<'d, 'a>,
    pub(super) previous_answer: Option<&'c Context<'d, 'a>>,
    pub(super) offer: &'c Context<'d, 'a>,
    pub(super) answer: Option<&'c Context<'d, 'a>>,
}

/// What became of what a browser created, before it was set as the local description.
#[derive(Debug)]
pub(super) struct Munged<'c, 'd, 'a> {
    /// The description after the change: findings are about this one.
    pub(super) changed: &'c Context<'d, 'a>,
    /// What differs from what was created.
    pub(super) changes: Changes,
}

/// One candidate that came by itself, for a description.
#[derive(Debug)]
pub(super) struct Trickled<'t> {
    /// Where it stands in the text of candidates.
    pub(super) span: Span,
    /// What it says, or why it makes no sense.
    pub(super) candidate: Result<TrickledCandidate<'t>, Error>,
    /// The `sdpMid` or `a=mid` that it came with.
    pub(super) mid: Option<&'t str>,
    /// The `sdpMLineIndex` that it came with.
    pub(super) index: Option<usize>,
    /// The user fragment that it came with.
    pub(super) username_fragment: Option<&'t str>,
}

/// A description and the candidates that came for it.
#[derive(Debug)]
pub(super) struct Trickle<'c, 'd, 'a> {
    /// The description of the party that sent the candidates.
    pub(super) description: &'c Context<'d, 'a>,
    pub(super) candidates: &'c [Trickled<'a>],
}
