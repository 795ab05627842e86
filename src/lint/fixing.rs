//! Fixes applied: as many at once as do not touch each other, again and again until nothing is left to fix.

use super::finding::{Finding, Text};
use crate::finding::Applicability;
use crate::text::{Edit, apply};

/// A description is looked at this often at most: a fix may uncover another fault, but no chain of them is longer.
const ROUNDS: usize = 64;

/// What became of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text after the fixes.
    pub text: Vec<u8>,
    /// How many fixes were applied.
    pub applied: usize,
    /// What is left.
    pub findings: Vec<Finding>,
}

/// Applies the fixes that are at least as sure as `least`, and looks again with `find` until none is left.
///
/// Fixing again what was fixed changes nothing. Bytes that no fix is about stay as they are.
///
/// ```
/// use rtcscope::finding::Applicability;
/// use rtcscope::lint::{Options, Text, fix, lint};
/// use rtcscope::sdp::Document;
///
/// let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0";
/// let find = |text: &[u8]| lint(&Document::parse(text), &Options::default()).findings;
/// let fixed = fix(text, Text::Description, Applicability::Safe, find);
/// assert_eq!(fixed.text, b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");
/// ```
pub fn fix(text: &[u8], which: Text, least: Applicability, mut find: impl FnMut(&[u8]) -> Vec<Finding>) -> Fixed {
    let mut current = text.to_vec();
    let mut applied = 0;
    let mut findings = find(&current);
    for _ in 0..ROUNDS {
        let (edits, count) = choose(&findings, which, least);
        let Ok(next) = apply(&current, &edits) else { break };
        if next == current {
            break;
        }
        applied += count;
        current = next;
        findings = find(&current);
    }
    Fixed { text: current, applied, findings }
}

/// The edits of the fixes that can be applied together, the first of those that cannot, and how many fixes they are.
fn choose(findings: &[Finding], which: Text, least: Applicability) -> (Vec<Edit>, usize) {
    let own = findings.iter().filter(|finding| finding.place.text == which);
    let fixes = own.filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.applicability >= least);
    let mut fixes: Vec<_> = fixes.filter(|fix| !fix.edits.is_empty()).collect();
    let start = |edits: &[Edit]| edits.iter().map(|edit| edit.span.start).min().unwrap_or(0);
    fixes.sort_by_key(|fix| start(&fix.edits));
    let mut chosen: Vec<Edit> = Vec::new();
    let mut spans: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let mut count = 0;
    for fix in fixes {
        // Touching counts too: two insertions in one place, or one at the edge of a deletion, wait for the next round.
        let meets = |edit: &Edit| {
            let before = spans.range(..=edit.span.end).next_back();
            before.is_some_and(|(_, end)| *end >= edit.span.start)
        };
        if fix.edits.iter().any(meets) {
            continue;
        }
        for edit in &fix.edits {
            let end = spans.entry(edit.span.start).or_insert(edit.span.end);
            *end = edit.span.end.max(*end);
        }
        chosen.extend(fix.edits.iter().cloned());
        count += 1;
    }
    (chosen, count)
}
