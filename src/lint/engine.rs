//! The run: every selected rule over one description.

use std::collections::BTreeMap;

use super::context::{Context, Role};
use super::finding::{Finding, Findings, Text};
use super::profile::{Detection, Profile};
use super::rule::{Check, SdpRule};
use super::rules;
use super::selection::Selection;
use crate::sdp::Document;

/// What a description is held to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The profile; `None` for the one that the description looks like.
    pub profile: Option<Profile>,
    /// Whether it offers or answers, where that is known.
    pub role: Option<Role>,
    /// Which rules are looked for.
    pub selection: Selection,
}

/// What was found in a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The profile that it was held to.
    pub profile: Profile,
    /// How the profile was found out; `None` where it was said.
    pub detection: Option<Detection>,
    /// Everything that was found, in the order of the text.
    pub findings: Vec<Finding>,
}

/// Looks for every fault of one description, in one run.
///
/// ```
/// use rtcscope::finding::Severity;
/// use rtcscope::lint::{Options, lint};
/// use rtcscope::sdp::Document;
///
/// let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 111\r\nc=IN IP4 192.0.2.1\r\n";
/// let report = lint(&Document::parse(text), &Options::default());
/// let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
/// let names: Vec<&str> = errors.map(|finding| finding.rule.rule.name).collect();
/// assert_eq!(names, ["sdp-rtpmap-missing-dynamic"]);
/// ```
#[must_use]
pub fn lint(document: &Document<'_>, options: &Options) -> Report {
    let context = Context::new(document, options.profile, options.role);
    let findings = run(&context, Text::Description, &options.selection);
    Report { profile: context.profile, detection: context.detection, findings }
}

/// What the rules of another subject find: `look` calls the check of a rule that is about it.
pub(super) fn run_others(
    profile: Profile,
    text: Text,
    selection: &Selection,
    mut look: impl FnMut(&Check, &mut Findings),
) -> Vec<Finding> {
    let Some(first) = rules::all().next() else { return Vec::new() };
    let mut found = Findings::new(first, text);
    for rule in rules::all().filter(|rule| rule.is_of(profile) && selection.takes(rule)) {
        found.of_rule(rule);
        look(&rule.check, &mut found);
    }
    weighed(found.finish(), selection)
}

/// What the rules about single descriptions find in `text`.
pub(super) fn run(context: &Context<'_, '_>, text: Text, selection: &Selection) -> Vec<Finding> {
    let Some(first) = rules::all().next() else { return Vec::new() };
    let mut found = Findings::new(first, text);
    let wanted = |rule: &SdpRule| rule.is_of(context.profile) && selection.takes(rule);
    misread(context, &mut found);
    found.retain(|finding| wanted(finding.rule));
    for rule in rules::all().filter(|rule| wanted(rule)) {
        if let Check::Description(check) = rule.check {
            found.of_rule(rule);
            check(context, &mut found);
        }
    }
    weighed(found.finish(), selection)
}

/// Gives each fault of a line to the first rule that takes it, whether that rule is wanted or not: a fault that is ignored is
/// nobody else's.
fn misread(context: &Context<'_, '_>, found: &mut Findings) {
    let takers: Vec<_> = rules::all()
        .filter_map(|rule| match rule.check {
            Check::Misread(check) if rule.is_of(context.profile) => Some((rule, check)),
            _ => None,
        })
        .collect();
    for fault in context.misread() {
        for (rule, check) in &takers {
            found.of_rule(rule);
            if check(context, &fault, found) {
                break;
            }
        }
    }
}

/// Findings of one rule that are told in one text: who reads more has a text that was made to have them, and each takes memory in
/// every format.
const MOST: usize = 1_000;

/// Leaves out what a rule finds past [`MOST`], and says so in the last that is told.
fn limited(findings: &mut Vec<Finding>) {
    let mut counts: BTreeMap<(&str, Text), usize> = BTreeMap::new();
    for finding in findings.iter() {
        *counts.entry((finding.rule.rule.name, finding.place.text)).or_default() += 1;
    }
    counts.retain(|_, count| *count > MOST);
    if counts.is_empty() {
        return;
    }
    let mut told: BTreeMap<(&str, Text), usize> = BTreeMap::new();
    findings.retain_mut(|finding| {
        let key = (finding.rule.rule.name, finding.place.text);
        let Some(count) = counts.get(&key) else { return true };
        let told = told.entry(key).or_default();
        *told += 1;
        if *told == MOST {
            finding.message = format!("{} (and {} more of this rule)", finding.message, count - MOST);
        }
        *told <= MOST
    });
}

/// The findings that are told, at the severities that were asked for.
pub(super) fn weighed(mut findings: Vec<Finding>, selection: &Selection) -> Vec<Finding> {
    limited(&mut findings);
    for finding in &mut findings {
        if let Some(severity) = selection.severity_of(finding.rule) {
            finding.severity = severity;
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_finds_past_its_bound_is_counted() {
        let text = format!("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n{}", "??\r\n".repeat(MOST + 7));
        let found = lint(&Document::parse(text.as_bytes()), &Options::default()).findings;
        let own: Vec<_> = found.iter().filter(|finding| finding.rule.rule.name == "sdp-line-no-equals").collect();
        assert_eq!(own.len(), MOST);
        assert!(own.last().is_some_and(|last| last.message.ends_with("(and 7 more of this rule)")));
    }
}
