//! Examples that need another text beside them: rounds, trickled candidates, changes of what was created.

use super::*;
use crate::sdp::Document;

/// A party of its own: what of the good description names its writer.
const OTHER_PARTY: &[(&str, &str)] =
    &[("4611731400430051336", "8315000000000000001"), ("F7gI", "Pq8Z"), ("7B:8B:F0", "01:02:03")];

/// What is found in the text of an example beside its other text, and which text that is; `None` where it has no such other.
pub(super) fn found(example: &Example, text: &[u8]) -> Option<(Vec<Finding>, Text)> {
    let (which, other) = example.beside_whole()?;
    let options = Options { profile: example.profile(), role: example.role(), ..Options::default() };
    let (document, other) = (Document::parse(text), Document::parse(other.as_bytes()));
    match which {
        Text::PreviousOffer => Some((check_rounds(Round::new(&other), Round::new(&document), &options), Text::Offer)),
        Text::PreviousAnswer => {
            // Both answers are to the offers of another party, which stay the same.
            let offer = OTHER_PARTY
                .iter()
                .fold(Example::media("a=setup:actpass").marked(), |text, (own, other)| text.replace(own, other));
            let (first, second) = (offer.replacen(" 2 IN", " 1 IN", 1), offer);
            let (first, second) = (Document::parse(first.as_bytes()), Document::parse(second.as_bytes()));
            let previous = Round::new(&first).answered(&other);
            Some((check_rounds(previous, Round::new(&second).answered(&document), &options), Text::Answer))
        }
        Text::Created => Some((check_munging(&other, &document, &options), Text::Description)),
        Text::Description => {
            let text = String::from_utf8_lossy(text).into_owned();
            Some((check_candidates(&other, &TrickledText::read(&text), &options), Text::Candidates))
        }
        _ => None,
    }
}

#[test]
fn an_example_beside_another_text_wakes_no_other_rule_of_its_subject() {
    let mut faults = Vec::new();
    for rule in rules().filter(|rule| !matches!(rule.subject(), Subject::Description | Subject::Pair)) {
        for example in rule.invalid.iter().chain(rule.valid) {
            let text = example.marked().replace(['«', '»'], "");
            let Some((findings, which)) = found(example, text.as_bytes()) else {
                faults.push(format!("{}: an example is beside nothing", rule.rule.name));
                continue;
            };
            let others: Vec<_> = findings.iter().filter(|finding| finding.rule != rule).collect();
            if !others.is_empty() || findings.iter().any(|finding| finding.place.text != which) {
                faults.push(format!("{}: also {others:?}\n{text}", rule.rule.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
