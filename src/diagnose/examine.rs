//! Asks every rule and puts the answers in order.

use std::cmp::Reverse;

use super::case::Case;
use super::facts::CaptureFacts;
use super::rules::SUBJECTS;
use crate::call::{Call, Material};
use crate::finding::{Finding, Rule};

/// What is to be said about a capture: worst first, then by time, what concerns the capture as a whole last.
#[must_use]
pub fn diagnose(material: Material<'_>, calls: &[Call], facts: &CaptureFacts) -> Vec<Finding> {
    let case = Case::new(material, calls, facts);
    let mut findings: Vec<Finding> =
        SUBJECTS.iter().flat_map(|table| table.iter()).flat_map(|(_, check)| check(&case)).collect();
    // Stable: findings alike in all of this stay in the order of the tables and of the sessions.
    findings.sort_by_key(|finding| (Reverse(finding.severity), finding.moment.is_none(), finding.moment));
    findings
}

/// Every rule of this room, by subject.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    SUBJECTS.iter().flat_map(|table| table.iter()).map(|(rule, _)| *rule)
}

/// The rule called `name`.
#[must_use]
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::session::{Credentials, Sessions};

    #[test]
    fn nothing_is_said_of_an_empty_capture() {
        let sessions = Sessions::new(Credentials::default(), false);
        let material = Material { exchanges: &[], sessions: &sessions };
        assert!(diagnose(material, &[], &CaptureFacts::default()).is_empty());
    }

    #[test]
    fn every_rule_has_a_name_of_its_own_in_kebab_case_with_its_subject_in_front() {
        let mut names = BTreeSet::new();
        for rule in rules() {
            assert!(names.insert(rule.name), "{} twice", rule.name);
            let fronts =
                ["ice-", "turn-", "nat-", "stun-", "capture-", "signaling-", "negotiation-", "call-", "rtp-", "rtcp-"];
            assert!(fronts.iter().any(|front| rule.name.starts_with(front)), "{}", rule.name);
            assert!(rule.name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{}", rule.name);
            assert!(std::ptr::eq(super::rule(rule.name).unwrap(), rule));
        }
        assert!(super::rule("ice-no-such-rule").is_none());
    }

    #[test]
    fn every_rule_explains_itself() {
        for rule in rules() {
            for text in [rule.what, rule.why, rule.advice] {
                assert!(text.len() > 40 && text.ends_with('.'), "{}: {text}", rule.name);
                assert!(!text.contains("  ") && !text.contains('\n'), "{}: {text}", rule.name);
            }
            assert!(rule.summary.len() < 100 && !rule.summary.ends_with('.'), "{}", rule.name);
            assert!(!rule.source.is_empty(), "{}", rule.name);
        }
    }
}
