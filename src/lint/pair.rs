//! Several descriptions that belong together, made ready for the rules.

use super::context::Context;
use super::munging::Changes;
use crate::sdp::negotiate::{Agreement, negotiate};
use crate::sdp::{Error, TrickledCandidate};
use crate::text::Span;

/// An offer and its answer.
#[derive(Debug)]
pub(super) struct Pair<'c, 'd, 'a> {
    pub(super) offer: &'c Context<'d, 'a>,
    pub(super) answer: &'c Context<'d, 'a>,
    /// What the two agree on.
    pub(super) agreement: Agreement<'a>,
}

impl<'c, 'd, 'a> Pair<'c, 'd, 'a> {
    pub(super) fn new(offer: &'c Context<'d, 'a>, answer: &'c Context<'d, 'a>) -> Self {
        Self { offer, answer, agreement: negotiate(offer.document, answer.document) }
    }
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
