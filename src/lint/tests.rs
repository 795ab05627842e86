//! Every example of every rule is run, and what all rules must keep is kept.

use std::collections::BTreeSet;

use super::beside_tests as beside;
use super::*;
use crate::finding::{Applicability, Severity};
use crate::sdp::Document;

/// What this rule finds no example can show, because examples are UTF-8; its own test does.
const NOT_UTF8: &str = "sdp-not-utf8";

fn found(example: &Example, text: &[u8]) -> Vec<Finding> {
    if let Some((findings, _)) = beside::found(example, text) {
        return findings;
    }
    let options = Options { profile: example.profile(), role: example.role(), ..Options::default() };
    if let Some(offer) = example.offer() {
        let (offer, answer) = (Document::parse(offer.as_bytes()), Document::parse(text));
        return check(&Pairing::new(&offer, &answer), &options).findings;
    }
    lint(&Document::parse(text), &options).findings
}

/// The text that the fixes of an example are about.
fn subject(example: &Example) -> Text {
    if example.offer().is_some() { Text::Answer } else { Text::Description }
}

/// The text of an example and where its mark is.
fn unmarked(example: &Example) -> (String, Option<(usize, usize)>) {
    let marked = example.marked();
    let start = marked.find('«');
    let end = marked.find('»').map(|end| end - '«'.len_utf8());
    (marked.replace(['«', '»'], ""), start.zip(end))
}

fn names(findings: &[Finding], severity: Severity) -> Vec<&'static str> {
    let chosen = findings.iter().filter(|finding| finding.severity >= severity);
    chosen.map(|finding| finding.rule.rule.name).collect()
}

#[test]
fn every_rule_finds_what_is_marked_in_its_invalid_examples() {
    let mut faults = Vec::new();
    for rule in rules() {
        if (rule.invalid.is_empty() && rule.rule.name != NOT_UTF8) || rule.valid.is_empty() {
            faults.push(format!("{}: an invalid and a valid example are needed", rule.rule.name));
        }
        for example in rule.invalid {
            let (text, mark) = unmarked(example);
            let findings = found(example, text.as_bytes());
            let own: Vec<_> = findings.iter().filter(|finding| finding.rule == rule).collect();
            let spans: Vec<_> = own.iter().map(|finding| (finding.place.span.start, finding.place.span.end)).collect();
            if mark.is_none_or(|mark| !spans.contains(&mark)) {
                let shown = names(&findings, Severity::Info);
                faults.push(format!("{}: marked {mark:?}, found at {spans:?}; all: {shown:?}\n{text}", rule.rule.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A change of an answer is found by the one rule that is about it, which points at the answer and shows the offer.
#[test]
fn every_rule_of_pairs_fires_alone_and_shows_the_offer() {
    let mut faults = Vec::new();
    for rule in rules().filter(|rule| rule.subject() == Subject::Pair) {
        for example in rule.invalid {
            let (text, _) = unmarked(example);
            let findings = found(example, text.as_bytes());
            let pairs = findings.iter().filter(|finding| finding.rule.subject() == Subject::Pair);
            let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
            let others: BTreeSet<_> = pairs
                .chain(errors)
                .map(|finding| finding.rule.rule.name)
                .filter(|name| *name != rule.rule.name)
                .collect();
            let own = findings.iter().filter(|finding| finding.rule == rule);
            let shown = own.clone().all(|finding| {
                let offered = finding.labels.iter().filter(|label| label.place.text == Text::Offer);
                let mut offered = offered.map(|label| label.place.span);
                finding.place.text == Text::Answer && offered.any(|span| !span.is_empty())
            });
            if !others.is_empty() || !shown || own.count() != 1 {
                faults.push(format!(
                    "{}: also {others:?}, shown {shown}\n{}\n{text}",
                    rule.rule.name,
                    example.offer().unwrap()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_rule_finds_anything_in_its_valid_examples_and_no_other_rule_an_error() {
    let mut faults = Vec::new();
    for rule in rules() {
        for example in rule.valid {
            let (text, _) = unmarked(example);
            let findings = found(example, text.as_bytes());
            let own = findings.iter().any(|finding| finding.rule == rule);
            let errors = names(&findings, Severity::Error);
            if own || !errors.is_empty() {
                faults.push(format!("{}: found {own}, errors {errors:?}\n{text}", rule.rule.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A fix makes its rule silent, wakes no other error, changes nothing when it is applied again, and is as sure as the rule says.
#[test]
fn every_fix_mends_and_breaks_nothing() {
    let mut faults = Vec::new();
    for rule in rules() {
        let mut fixable = None;
        for example in rule.invalid {
            let (text, _) = unmarked(example);
            let before = found(example, text.as_bytes());
            let own = before.iter().filter(|finding| finding.rule == rule);
            fixable = fixable.max(own.filter_map(|finding| finding.fix.as_ref()).map(|fix| fix.applicability).max());
            let only_own = |text: &[u8]| {
                let mut findings = found(example, text);
                findings.retain(|finding| finding.rule == rule);
                findings
            };
            if !only_own(text.as_bytes()).iter().any(|finding| finding.fix.is_some()) {
                continue;
            }
            let which = beside::found(example, text.as_bytes()).map_or_else(|| subject(example), |(_, which)| which);
            let fixed = fix(text.as_bytes(), which, Applicability::Unsafe, only_own);
            let shown = String::from_utf8_lossy(&fixed.text).into_owned();
            if fixed.findings.iter().any(|finding| finding.fix.is_some()) || fixed.applied == 0 {
                faults.push(format!("{}: its fix does not silence it\n{shown}", rule.rule.name));
            }
            let known: BTreeSet<_> = names(&before, Severity::Error).into_iter().collect();
            let after = found(example, &fixed.text);
            let new: Vec<_> = names(&after, Severity::Error).into_iter().filter(|name| !known.contains(name)).collect();
            if !new.is_empty() {
                faults.push(format!("{}: its fix wakes {new:?}\n{shown}", rule.rule.name));
            }
            let again = fix(&fixed.text, which, Applicability::Unsafe, only_own);
            if again.text != fixed.text {
                faults.push(format!("{}: fixing again changes the text\n{shown}", rule.rule.name));
            }
        }
        if fixable != rule.fix {
            faults.push(format!("{}: says {:?}, its examples show {fixable:?}", rule.rule.name, rule.fix));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn names_are_unique_and_texts_are_sentences() {
    let mut seen = BTreeSet::new();
    for rule in rules() {
        let text = &rule.rule;
        assert!(seen.insert(text.name), "{} stands twice", text.name);
        assert!(text.name.starts_with("sdp-"), "{}", text.name);
        assert!(!text.summary.ends_with('.'), "{}", text.name);
        for sentence in [text.what, text.why, text.advice] {
            assert!(sentence.ends_with('.') && !sentence.contains("  "), "{}: {sentence}", text.name);
        }
        assert!(!text.source.is_empty(), "{}", text.name);
    }
}

#[test]
fn the_description_around_examples_is_good() {
    let text = Example::media("a=mid:0").marked();
    let findings = lint(&Document::parse(text.as_bytes()), &Options::default()).findings;
    assert_eq!(names(&findings, Severity::Warning), Vec::<&str>::new(), "{text}");
}

#[test]
fn the_pairs_around_examples_are_good() {
    let media = Example::media("a=mid:0").as_role(Role::Answer).beside(Text::Offer, "a=mid:0");
    let telephony = Example::telephony("a=sendrecv").beside(Text::Offer, "a=sendrecv");
    for example in [media, telephony] {
        let findings = found(&example, example.marked().as_bytes());
        assert_eq!(names(&findings, Severity::Warning), Vec::<&str>::new(), "{}", example.marked());
    }
}

/// What explains a fault of an answer is in the answer or in the offer, never in a text that was not given.
#[test]
fn the_labels_of_a_pair_are_in_the_pair() {
    for example in rules().filter(|rule| rule.subject() == Subject::Description).flat_map(|rule| rule.invalid) {
        let (text, _) = unmarked(example);
        let document = Document::parse(text.as_bytes());
        let options = Options { profile: example.profile(), ..Options::default() };
        for finding in check(&Pairing::new(&document, &document), &options).findings {
            for place in finding.labels.iter().map(|label| label.place).chain([finding.place]) {
                let name = finding.rule.rule.name;
                assert!(matches!(place.text, Text::Offer | Text::Answer), "{name}: {place:?}");
                assert!(place.span.end <= text.len(), "{name}: {place:?}");
            }
        }
    }
}
