//! A description, or two of them around a NUL: whatever is found lies inside its text and in order, fixing comes to rest
//! and stays there, and every rule about two texts can look at them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rtcscope::finding::Applicability;
use rtcscope::lint::{
    Finding, Options, Pairing, Profile, Round, Text, TrickledText, check, check_candidates, check_munging,
    check_rounds, fix, lint,
};
use rtcscope::sdp::Document;
use rtcscope::text::apply;

/// Texts by what they are, as findings name them.
type Texts<'t> = [(Text, &'t [u8])];

/// Every place of every finding, and what each fix would change, is inside the text that it names.
fn inside(findings: &[Finding], texts: &Texts<'_>) {
    let text = |which: Text| texts.iter().find(|(name, _)| *name == which).map(|(_, text)| *text);
    let mut last = None;
    for finding in findings {
        let name = finding.rule.rule.name;
        let labels = finding.labels.iter().map(|label| label.place);
        for place in labels.chain([finding.place]) {
            let length = text(place.text).unwrap_or_else(|| panic!("{name}: no {} was given", place.text)).len();
            assert!(place.span.start <= place.span.end && place.span.end <= length, "{name}: {place:?} of {length}");
        }
        if let (Some(fix), Some(text)) = (&finding.fix, text(finding.place.text)) {
            assert!(apply(text, &fix.edits).is_ok(), "{name}: {:?}", fix.edits);
        }
        let place = (finding.place.text, finding.place.span.start, finding.place.span.end);
        assert!(last.is_none_or(|last| last <= place), "{name}: {place:?} after {last:?}");
        last = Some(place);
    }
}

fuzz_target!(|bytes: &[u8]| {
    for profile in Profile::ALL {
        let options = Options { profile: Some(*profile), ..Options::default() };
        let find = |text: &[u8]| lint(&Document::parse(text), &options).findings;
        inside(&find(bytes), &[(Text::Description, bytes)]);
        for least in [Applicability::Safe, Applicability::Unsafe] {
            let fixed = fix(bytes, Text::Description, least, find);
            inside(&fixed.findings, &[(Text::Description, &fixed.text)]);
            let again = fix(&fixed.text, Text::Description, least, find);
            assert!(
                again.applied == 0 && again.text == fixed.text,
                "{profile}: {:?}",
                String::from_utf8_lossy(&again.text)
            );
        }
    }
    let Some(at) = bytes.iter().position(|byte| *byte == 0) else { return };
    let (one, other) = (&bytes[..at], &bytes[at + 1..]);
    let (first, second) = (Document::parse(one), Document::parse(other));
    let options = Options::default();
    let pair = check(&Pairing::new(&first, &second), &options);
    inside(&pair.findings, &[(Text::Offer, one), (Text::Answer, other)]);
    let rounds = [(Text::PreviousOffer, one), (Text::PreviousAnswer, other), (Text::Offer, other), (Text::Answer, one)];
    let previous = Round::new(&first).answered(&second);
    inside(&check_rounds(previous, Round::new(&second).answered(&first), &options), &rounds);
    inside(&check_rounds(Round::new(&first), Round::new(&second), &options), &rounds);
    let munged = check_munging(&first, &second, &options);
    inside(&munged, &[(Text::Created, one), (Text::Description, other)]);
    if let Ok(lines) = str::from_utf8(other) {
        let trickled = TrickledText::read(lines);
        let found = check_candidates(&first, &trickled, &options);
        inside(&found, &[(Text::Description, one), (Text::Candidates, other)]);
    }
});
