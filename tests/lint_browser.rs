//! What the linter predicts of Chrome and Firefox, held against what Chromium and Firefox did with the cases of `tests/browser`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rtcscope::lint::{
    Finding, Options, Pairing, Profile, Role, Round, Target, TrickledText, Verdict, check, check_candidates,
    check_munging, check_rounds, lint,
};
use rtcscope::sdp::Document;
use serde_json::Value;

#[path = "lint_browser/differences.rs"]
mod differences;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}

fn json(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder().join(name)).unwrap()).unwrap()
}

/// Everything that is found in a case.
fn findings(case: &Value) -> Vec<Finding> {
    let text = |field: &str| {
        let name = case[field].as_str().unwrap_or_else(|| panic!("{case}: no {field}"));
        std::fs::read(folder().join("cases").join(name)).unwrap()
    };
    let options = Options { profile: Some(Profile::Webrtc), ..Options::default() };
    let offering = Options { role: Some(Role::Offer), ..options.clone() };
    match case["kind"].as_str().unwrap() {
        "offer" => lint(&Document::parse(&text("offer")), &offering).findings,
        "answer" => {
            let (offer, answer) = (text("offer"), text("answer"));
            let (offer, answer) = (Document::parse(&offer), Document::parse(&answer));
            let mut found = check(&Pairing::new(&offer, &answer), &options).findings;
            // The offer is the browser's own.
            found.retain(|finding| finding.place.text == rtcscope::lint::Text::Answer);
            found
        }
        "reoffer" => {
            let (first, second) = (text("first"), text("second"));
            let (first, second) = (Document::parse(&first), Document::parse(&second));
            let mut found = check_rounds(Round::new(&first), Round::new(&second), &options);
            found.extend(lint(&second, &offering).findings);
            found
        }
        "local" => {
            let (created, local) = (text("created"), text("local"));
            check_munging(&Document::parse(&created), &Document::parse(&local), &options)
        }
        "candidate" => {
            let answer = text("answer");
            let init = &case["candidate"];
            let candidate = init["candidate"].as_str().or(init.as_str()).unwrap_or_default();
            let candidates = [TrickledText {
                text: candidate,
                span: rtcscope::text::Span::new(0, candidate.len()),
                mid: init["sdpMid"].as_str(),
                index: init["sdpMLineIndex"].as_u64().and_then(|index| usize::try_from(index).ok()),
                username_fragment: init["usernameFragment"].as_str(),
            }];
            check_candidates(&Document::parse(&answer), &candidates, &options)
        }
        other => panic!("a case of the unknown kind {other}"),
    }
}

/// Holds the predictions of one target against one browser's results.
fn compare(target: Target, results: &str, explained: &[(&str, &str)]) {
    let results = json(results);
    let said: BTreeMap<&str, &Value> =
        results["cases"].as_array().unwrap().iter().map(|case| (case["name"].as_str().unwrap(), case)).collect();
    let cases = json("cases.json");
    let (mut compared, mut agreed, mut silent) = (0, 0, 0);
    let mut unexplained = Vec::new();
    let mut differing = Vec::new();
    for case in cases.as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let Some(said) = said.get(name) else { continue };
        let rejected = match said["verdict"].as_str().unwrap() {
            "rejects" => true,
            "accepts" => false,
            // A browser that crashed or was not asked says nothing.
            _ => continue,
        };
        let found = findings(case);
        let reasons: Vec<&str> = found
            .iter()
            .filter(|finding| finding.verdicts.of(target) == Verdict::Rejects)
            .map(|finding| finding.rule.rule.name)
            .collect();
        compared += 1;
        silent += usize::from(found.iter().any(|finding| finding.verdicts.of(target) == Verdict::IgnoresSilently));
        if rejected != reasons.is_empty() {
            agreed += 1;
            continue;
        }
        differing.push(name);
        if !explained.iter().any(|(known, _)| *known == name) {
            let all: Vec<&str> = found.iter().map(|finding| finding.rule.rule.name).collect();
            let error = said["error"].as_str().map_or_else(|| said["error"].to_string(), str::to_owned);
            let short: String = error.chars().take(110).collect();
            unexplained.push(format!("{name}: rejected {rejected}, predicted by {reasons:?} of {all:?}; {short}"));
        }
    }
    eprintln!(
        "{target}: {agreed} of {compared} verdicts agree; {silent} cases have something that is ignored silently"
    );
    assert!(compared >= 150);
    assert!(unexplained.is_empty(), "{} of {compared}\n{}", unexplained.len(), unexplained.join("\n"));
    assert!(agreed * 100 >= compared * 95, "{agreed} of {compared}");
    // What agrees again needs no explanation any longer.
    let stale: Vec<&str> = explained.iter().map(|(name, _)| *name).filter(|name| !differing.contains(name)).collect();
    assert!(stale.is_empty(), "{stale:?}");
}

#[test]
fn chrome_does_what_was_predicted() {
    compare(Target::Chrome, "chromium.json", differences::CHROME);
}

#[test]
fn firefox_does_what_was_predicted() {
    compare(Target::Firefox, "firefox.json", differences::FIREFOX);
}
