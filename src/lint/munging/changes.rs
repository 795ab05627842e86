//! The changes, one of each kind.

use std::collections::BTreeMap;

use super::lines::{Lines, Parts};
use super::{Munging, codecs, sections};
use crate::lint::context::Context;
use crate::lint::finding::{Findings, Text};
use crate::lint::target::Verdicts;
use crate::text::{Edit, Span};

/// A change in its first place, and what takes it back everywhere.
#[derive(Debug)]
struct Found {
    place: Span,
    created: Span,
    message: String,
    edits: Vec<Edit>,
    verdicts: Verdicts,
    /// In how many sections it is found besides.
    more: usize,
}

/// What was changed, by kind: at most one entry for each.
#[derive(Debug, Default)]
pub(in crate::lint) struct Changes(BTreeMap<Munging, Found>);

impl Changes {
    /// Compares section by section, as far as there are as many of them.
    pub(in crate::lint) fn between<'d, 'a>(created: &Context<'d, 'a>, changed: &Context<'d, 'a>) -> Self {
        let mut changes = Self::default();
        if created.media.len() != changed.media.len() {
            // Where m-lines came or went, nothing says which belong together.
            sections::count(created, changed, &mut changes);
            return changes;
        }
        sections::session(&created.session, &changed.session, &mut changes);
        for (old, new) in created.media.iter().zip(&changed.media) {
            sections::media(old, new, &mut changes);
            if old.is_rtp() {
                codecs::media(old, new, &mut changes);
            }
        }
        if changes.has(Munging::Mid) {
            // A bundle names the mids.
            changes.0.remove(&Munging::Bundle);
        }
        changes
    }

    /// Whether there is a change of this kind.
    pub(super) fn has(&self, kind: Munging) -> bool {
        self.0.contains_key(&kind)
    }

    /// A change whose lines are these.
    pub(super) fn add(&mut self, kind: Munging, parts: Parts<'_, '_, '_>, lines: &Lines<'_, '_>, message: &str) {
        let places = lines.places(parts.0, parts.1);
        self.add_at(kind, places, parts, lines, message);
    }

    /// A change whose lines are these, seen at `places`: now and as it was created.
    pub(super) fn add_at(
        &mut self,
        kind: Munging,
        (place, before): (Span, Span),
        (_, changed): Parts<'_, '_, '_>,
        lines: &Lines<'_, '_>,
        message: &str,
    ) {
        let edits = lines.revert(changed);
        if let Some(found) = self.0.get_mut(&kind) {
            found.more += 1;
            found.edits.extend(edits);
            return;
        }
        let message = format!("{message} in {}", changed.name());
        let found = Found { place, created: before, message, edits, verdicts: kind.verdicts(), more: 0 };
        self.0.insert(kind, found);
    }

    /// The same kind was found, and the targets do something else with it.
    pub(super) fn judge(&mut self, kind: Munging, verdicts: Verdicts) {
        if let Some(found) = self.0.get_mut(&kind) {
            found.verdicts = verdicts;
        }
    }

    /// Reports those of these kinds.
    pub(in crate::lint) fn report(&self, kinds: &[Munging], findings: &mut Findings) {
        for (kind, found) in kinds.iter().filter_map(|kind| Some((kind, self.0.get(kind)?))) {
            let more = match found.more {
                0 => String::new(),
                1 => " and in one more".to_owned(),
                more => format!(" and in {more} more"),
            };
            let message = format!("{}{more}{}", found.message, kind.note());
            let finding = findings.at(found.place, message);
            finding.label(Text::Created, found.created, "as it was created").verdicts(found.verdicts);
            if !found.edits.is_empty() {
                finding.unsafe_fix("take the change back", found.edits.clone());
            }
        }
    }
}
