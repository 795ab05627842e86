//! After each operation no WebRTC description of the corpus has an error of a rule that it did not have before.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

mod corpus;
mod operations;

use std::collections::{BTreeMap, BTreeSet};

use operations::OPERATIONS;
use rtcscope::finding::Severity;
use rtcscope::lint::{Options, Profile, lint};
use rtcscope::sdp::Document;
use rtcscope::text::apply;

/// Operations that were asked for an error, and why: the operation, the rule, the reason.
const ASKED_FOR: &[(&str, &str, &str)] = &[
    (
        "normalise",
        "sdp-line-duplicate-single",
        "a second c= behind attributes was out of order and is sorted to the first",
    ),
    ("passive", "sdp-ice-cred-differ-in-bundle", "who is passive answers, and in an answer a bundle is one transport"),
    ("redact", "sdp-fingerprint-syntax", "a fingerprint of the wrong length is replaced whole"),
    ("redact", "sdp-ice-pwd-length", "a password with characters that it may not have is replaced whole"),
    ("redact", "sdp-tls-id-length", "an identifier behind a space is replaced whole"),
    ("stop the last m-line", "sdp-m-rejected-no-fmt", "it had no format before, which another rule told"),
    ("to Unified Plan", "sdp-msid-duplicate", "a track that stood in several m-lines as a=ssrc stands there as a=msid"),
];

/// The rules that find an error, and the profile that was looked for.
fn errors(text: &[u8], profile: Option<Profile>) -> (Profile, BTreeSet<&'static str>) {
    let report = lint(&Document::parse(text), &Options { profile, ..Options::default() });
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    (report.profile, errors.map(|finding| finding.rule.rule.name).collect())
}

#[test]
fn no_operation_adds_an_error() {
    let entries = corpus::entries();
    let mut found: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.is_webrtc()) {
        let (profile, before) = errors(&entry.text, None);
        let document = Document::parse(&entry.text);
        for (operation, edit) in OPERATIONS {
            let Ok(edits) = edit(&document) else { continue };
            let after = apply(&entry.text, &edits).unwrap();
            if after == entry.text {
                continue;
            }
            let (_, after) = errors(&after, Some(profile));
            for rule in after.difference(&before) {
                found.entry((operation, rule)).or_default().push(&entry.file);
            }
        }
    }
    let asked: BTreeSet<_> = ASKED_FOR.iter().map(|(operation, rule, _)| (*operation, *rule)).collect();
    let show = |((operation, rule), files): (&(&str, &str), &Vec<&str>)| {
        format!("{operation}: {rule} in {} descriptions: {}", files.len(), files[..files.len().min(4)].join(", "))
    };
    let bad: Vec<String> = found.iter().filter(|(key, _)| !asked.contains(key)).map(show).collect();
    assert!(bad.is_empty(), "{} in all\n{}", bad.len(), bad.join("\n"));
    // An excuse that nothing needs would hide the next fault.
    let idle: Vec<_> = asked.iter().filter(|key| !entries.is_empty() && !found.contains_key(key)).collect();
    assert!(idle.is_empty(), "nothing needs the excuses {idle:?}");
}
