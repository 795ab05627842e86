//! Lines of one kind before and after a change: where they first differ, and what makes them as they were.

use crate::lint::context::Part;
use crate::sdp::{Line, LineType};
use crate::text::{Edit, Span};

/// A section as it was created and as it is now.
pub(super) type Parts<'p, 'd, 'a> = (&'p Part<'d, 'a>, &'p Part<'d, 'a>);

/// Lines of one kind of a section, as it was created and as it is now.
#[derive(Debug)]
pub(super) struct Lines<'d, 'a> {
    old: Vec<&'d Line<'a>>,
    new: Vec<&'d Line<'a>>,
}

impl<'d, 'a> Lines<'d, 'a> {
    pub(super) const fn new(old: Vec<&'d Line<'a>>, new: Vec<&'d Line<'a>>) -> Self {
        Self { old, new }
    }

    /// Those lines that `takes` takes.
    pub(super) fn of(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, takes: impl Fn(&Line<'_>) -> bool) -> Self {
        let lines = |part: &Part<'d, 'a>| part.section.lines().iter().filter(|line| takes(line)).collect();
        Self { old: lines(created), new: lines(changed) }
    }

    /// Whether they are others, or in another order.
    pub(super) fn differ(&self) -> bool {
        self.old.len() != self.new.len() || self.first().is_some()
    }

    /// The place of the first that differs.
    fn first(&self) -> Option<usize> {
        self.old.iter().zip(&self.new).position(|(old, new)| old.content() != new.content())
    }

    /// How many there were and are.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.old.len(), self.new.len())
    }

    /// Where they first differ: now and as it was created; the head of the section where there is no line to point at.
    pub(super) fn places(&self, created: &Part<'_, '_>, changed: &Part<'_, '_>) -> (Span, Span) {
        let first = self.first().unwrap_or_else(|| self.old.len().min(self.new.len()));
        let place = |lines: &[&Line<'_>], part: &Part<'_, '_>| lines.get(first).map_or(part.head(), |line| line.span());
        (place(&self.new, changed), place(&self.old, created))
    }

    /// What makes them as they were.
    pub(super) fn revert(&self, changed: &Part<'_, '_>) -> Vec<Edit> {
        let both = self.old.iter().zip(&self.new).filter(|(old, new)| old.content() != new.content());
        let mut edits: Vec<Edit> = both.map(|(old, new)| Edit::replace(new.span(), old.content())).collect();
        edits.extend(self.new.iter().skip(self.old.len()).map(|line| Edit::delete(line.full_span())));
        let missing = self.old.get(self.new.len()..).unwrap_or_default();
        if let Some(kind) = missing.first() {
            edits.push(self.insertion(missing, kind.line_type(), changed));
        }
        edits
    }

    /// The missing lines behind the last of their kind, else where such lines belong.
    fn insertion(&self, missing: &[&Line<'_>], kind: LineType, changed: &Part<'_, '_>) -> Edit {
        let lines = changed.section.lines();
        let leads = |line: &&Line<'_>| kind != LineType::Attribute && line.line_type() != LineType::Attribute;
        let before = self.new.last().copied().or_else(|| lines.iter().rev().find(leads));
        let before = before.or(lines.last());
        let ending = lines.iter().map(|line| line.ending().bytes()).find(|ending| !ending.is_empty());
        let ending = ending.unwrap_or(b"\r\n");
        let mut text = Vec::new();
        // Behind a last line without an ending one is needed first.
        if before.is_some_and(|line| line.ending().bytes().is_empty()) {
            text.extend_from_slice(ending);
        }
        for line in missing {
            text.extend_from_slice(line.content());
            text.extend_from_slice(ending);
        }
        // At the end of the section rather than behind `before` where nothing of the kind is left.
        let at = match before {
            Some(line) if kind != LineType::Attribute || !self.new.is_empty() => line.full_span().end,
            _ => changed.section.span().end,
        };
        Edit::insert(at, text)
    }
}
