//! What its source rejects.

use rtcscope::lint::Profile;
use rtcscope::text::LineIndex;

use super::{corpus, errors, names};

/// Rejected files that get no error, with the reason; at most 3 % of all.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "sdpoker-amwa/0010-missing-media.invalid.sdp",
        "no m-line at all: RFC 8866 and RFC 9429 allow it, ST 2110 does not",
    ),
    ("sdpoker-amwa/0011-missing-ts-refclk.invalid.sdp", "fails ST 2110 alone, for which there are no rules"),
    ("pjsip-sip/0023-152_err_sdp_no_media.invalid.sdp", "no m-line at all: RFC 3264 allows it; told as information"),
];

/// Rejected files with errors on other lines than the source names, with the reason.
const ELSEWHERE: &[(&str, &str)] = &[];

fn is_rejected(verdict: &str) -> bool {
    matches!(verdict, "invalid" | "invalid-semantic")
}

/// What a browser's tests feed to it is held to what a browser wants; else the description shows what it is for.
fn profile(file: &str) -> Option<Profile> {
    let browser = ["libwebrtc-", "wpt/", "chime-sdk/", "mozilla-webrtc-sdp/"];
    browser.iter().any(|start| file.starts_with(start)).then_some(Profile::Webrtc)
}

#[test]
fn every_file_that_its_source_rejects_gets_an_error() {
    let entries = corpus::entries();
    let rejected: Vec<_> = entries.iter().filter(|entry| is_rejected(&entry.verdict)).collect();
    if rejected.is_empty() {
        return;
    }
    let missed: Vec<&str> = rejected
        .iter()
        .filter(|entry| errors(&entry.text, profile(&entry.file), None).is_empty())
        .map(|entry| entry.file.as_str())
        .collect();
    let known: Vec<&str> = EXCEPTIONS.iter().map(|(file, _)| *file).collect();
    eprintln!("{} of {} rejected files get an error", rejected.len() - missed.len(), rejected.len());
    assert_eq!(missed, known);
    assert!(missed.len() * 100 <= rejected.len() * 3);
}

/// The lines, from 1, that the source says the fault is in; nothing where it names none.
fn named_lines(notes: &str, text: &str) -> Vec<usize> {
    let lines_with = |wanted: &dyn Fn(&str) -> bool| {
        text.lines().enumerate().filter(|(_, line)| wanted(line)).map(|(index, _)| index + 1).collect::<Vec<_>>()
    };
    if let Some((_, rest)) = notes.split_once("' with '") {
        let bad = rest.split('\'').next().unwrap_or_default();
        return if bad.is_empty() { Vec::new() } else { lines_with(&|line| line.contains(bad)) };
    }
    if let Some((_, rest)) = notes.split_once("inject '") {
        let injected = rest.split('\'').next().unwrap_or_default().replace("\\r\\n", "\n");
        return lines_with(&|line| injected.lines().any(|own| own == line));
    }
    if let Some((_, rest)) = notes.split_once("ParserError::") {
        let number: String = rest.chars().skip_while(|letter| !letter.is_ascii_digit()).collect();
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        return number.parse().into_iter().collect();
    }
    Vec::new()
}

#[test]
fn the_error_is_on_the_line_that_the_source_names() {
    let mut elsewhere = Vec::new();
    let mut compared = 0;
    for entry in corpus::entries().iter().filter(|entry| is_rejected(&entry.verdict)) {
        let text = String::from_utf8_lossy(&entry.text);
        let named = named_lines(&entry.notes, &text);
        if named.is_empty() || EXCEPTIONS.iter().any(|(file, _)| *file == entry.file) {
            continue;
        }
        compared += 1;
        let found = errors(&entry.text, profile(&entry.file), None);
        let index = LineIndex::new(&entry.text);
        let lines: Vec<usize> = found.iter().map(|finding| index.position(finding.place.span.start).line).collect();
        if !named.iter().any(|line| lines.contains(line)) && !ELSEWHERE.iter().any(|(file, _)| *file == entry.file) {
            elsewhere.push(format!("{}: named {named:?}, found {lines:?} {:?}", entry.file, names(&found)));
        }
    }
    eprintln!("{compared} lines compared");
    assert!(elsewhere.is_empty(), "{}", elsewhere.join("\n"));
}
