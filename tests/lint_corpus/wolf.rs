//! What real browsers and native stacks made, and the examples of RFC 9429: no error that is not a real fault.

use super::{captured, corpus, errors, names};

/// Sources whose descriptions browsers and native WebRTC stacks made.
const MADE: &[&str] = &[
    "chime-sdk/",
    "fippo-sdp/",
    "jitsi/",
    "jitsi-chrome-internals/",
    "mozilla-webrtc-sdp/",
    "rtcstats/",
    "rust-str0m/",
    "semantic-sdp/",
    "aiortc/",
    "pion-webrtc/",
];

/// Errors in such descriptions that are right: the file, the rules, and what is wrong there.
const REAL: &[(&str, &[&str], &str)] = &[];

#[test]
fn descriptions_of_browsers_have_no_error_that_is_not_a_fault() {
    let Some(root) = corpus::root() else { return };
    let mut all: Vec<(String, Vec<&'static str>)> = Vec::new();
    for entry in corpus::entries() {
        let made = MADE.iter().any(|start| entry.file.starts_with(start)) && entry.verdict == "valid";
        if made {
            all.push((entry.file.clone(), names(&errors(&entry.text, None, None))));
        }
    }
    for (name, role, text) in captured(&root) {
        all.push((name, names(&errors(text.as_bytes(), None, role))));
    }
    let mut wrong = Vec::new();
    for (file, found) in all.iter().filter(|(_, found)| !found.is_empty()) {
        let known = REAL.iter().find(|(known, ..)| file.starts_with(known)).map_or(&[][..], |(_, rules, _)| rules);
        if found.iter().any(|rule| !known.contains(rule)) {
            wrong.push(format!("{file}: {found:?}"));
        }
    }
    let with_error = all.iter().filter(|(_, found)| !found.is_empty()).count();
    eprintln!("{with_error} of {} descriptions have an error", all.len());
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn the_examples_of_rfc_9429_have_no_error() {
    for entry in corpus::entries().iter().filter(|entry| entry.file.starts_with("jsep-rfc9429/")) {
        let role = if entry.file.contains("offer") { "offer" } else { "answer" };
        let found = errors(&entry.text, None, rtcscope::lint::Role::from_type(role));
        assert!(found.is_empty(), "{}: {:?}", entry.file, names(&found));
    }
}
