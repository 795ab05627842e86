//! What holds for the linter on every text near a good description, not only for those that somebody collected.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::fmt;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use rtcscope::finding::Applicability;
use rtcscope::lint::{Finding, Options, Pairing, Profile, Text, check, fix, lint, rules};
use rtcscope::sdp::Document;
use rtcscope::text::apply;

/// The good descriptions: the examples that keep a rule, each text once.
static GOOD: LazyLock<Vec<String>> = LazyLock::new(|| {
    let examples = rules().flat_map(|rule| rule.valid);
    let mut texts: Vec<String> = examples.map(|example| example.marked()).collect();
    texts.sort();
    texts.dedup();
    texts
});

/// One change of a text.
#[derive(Debug, Clone)]
enum Mutation {
    DeleteLine(Index),
    DuplicateLine(Index),
    SwapLines(Index, Index),
    ChangeByte(Index, u8),
    Cut(Index),
}

impl Mutation {
    fn of(&self, text: &[u8]) -> Vec<u8> {
        if text.is_empty() {
            return Vec::new();
        }
        let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        match self {
            Self::DeleteLine(at) => {
                lines.remove(at.index(lines.len()));
            }
            Self::DuplicateLine(at) => {
                let at = at.index(lines.len());
                lines.insert(at, lines[at]);
            }
            Self::SwapLines(one, other) => {
                let count = lines.len();
                lines.swap(one.index(count), other.index(count));
            }
            Self::ChangeByte(at, byte) => {
                let mut text = text.to_vec();
                let at = at.index(text.len());
                text[at] = *byte;
                return text;
            }
            Self::Cut(at) => return text[..at.index(text.len())].to_vec(),
        }
        lines.concat()
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    // Bytes that mean something in a description are worth more tries than the others.
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(&b" :;=,/-*09azAZ\r\n\t\0\xff"[..])];
    prop_oneof![
        any::<Index>().prop_map(Mutation::DeleteLine),
        any::<Index>().prop_map(Mutation::DuplicateLine),
        any::<(Index, Index)>().prop_map(|(one, other)| Mutation::SwapLines(one, other)),
        (any::<Index>(), byte).prop_map(|(at, byte)| Mutation::ChangeByte(at, byte)),
        any::<Index>().prop_map(Mutation::Cut),
    ]
}

/// Bytes that are shown as text where a test fails.
#[derive(Clone)]
struct Shown(Vec<u8>);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// A good description and the same after some changes.
fn mutated() -> impl Strategy<Value = (String, Shown)> {
    (any::<Index>(), proptest::collection::vec(mutation(), 1..5)).prop_map(|(which, mutations)| {
        let good = which.get(&GOOD[..]).clone();
        let text = mutations.iter().fold(good.clone().into_bytes(), |text, mutation| mutation.of(&text));
        (good, Shown(text))
    })
}

/// Findings are in order, and every place of theirs and every fix is in its text.
fn told_well(findings: &[Finding], texts: &[(Text, &[u8])]) -> Result<(), TestCaseError> {
    let text_of = |which: Text| texts.iter().find(|(name, _)| *name == which).map(|(_, text)| *text);
    for finding in findings {
        let name = finding.rule.rule.name;
        for place in finding.labels.iter().map(|label| label.place).chain([finding.place]) {
            let length = text_of(place.text).map(<[u8]>::len);
            let inside = place.span.start <= place.span.end && length.is_some_and(|length| place.span.end <= length);
            prop_assert!(inside, "{}: {:?} of {:?}", name, place, length);
        }
        if let (Some(fix), Some(text)) = (&finding.fix, text_of(finding.place.text)) {
            prop_assert!(apply(text, &fix.edits).is_ok(), "{}: {:?}", name, fix.edits);
        }
    }
    let place = |finding: &Finding| (finding.place.text, finding.place.span.start, finding.place.span.end);
    prop_assert!(findings.is_sorted_by_key(place));
    Ok(())
}

/// How many lines and values make no sense.
fn syntax_errors(text: &[u8]) -> usize {
    Document::parse(text).errors().len()
}

proptest! {
    #[test]
    fn findings_are_in_order_and_in_the_text((_, Shown(text)) in mutated()) {
        for profile in Profile::ALL.iter().copied().map(Some).chain([None]) {
            let report = lint(&Document::parse(&text), &Options { profile, ..Options::default() });
            told_well(&report.findings, &[(Text::Description, &text)])?;
        }
    }

    #[test]
    fn fixing_comes_to_rest_and_adds_no_syntax_error((_, Shown(text)) in mutated(), unsafely: bool) {
        let least = if unsafely { Applicability::Unsafe } else { Applicability::Safe };
        for profile in Profile::ALL {
            let options = Options { profile: Some(*profile), ..Options::default() };
            let find = |text: &[u8]| lint(&Document::parse(text), &options).findings;
            let fixed = fix(&text, Text::Description, least, find);
            let again = fix(&fixed.text, Text::Description, least, find);
            let [shown, changed] = [&fixed.text, &again.text].map(|text| String::from_utf8_lossy(text).into_owned());
            prop_assert_eq!(&shown, &changed);
            prop_assert_eq!(again.applied, 0);
            prop_assert!(syntax_errors(&fixed.text) <= syntax_errors(&text), "{}: {}", profile, shown);
        }
    }

    #[test]
    fn what_stands_beside_a_changed_description_is_told_well((good, Shown(text)) in mutated()) {
        let (one, other) = (Document::parse(good.as_bytes()), Document::parse(&text));
        let options = Options::default();
        let found = check(&Pairing::new(&one, &other), &options).findings;
        told_well(&found, &[(Text::Offer, good.as_bytes()), (Text::Answer, &text)])?;
        let found = check(&Pairing::new(&other, &one), &options).findings;
        told_well(&found, &[(Text::Offer, &text), (Text::Answer, good.as_bytes())])?;
    }
}
