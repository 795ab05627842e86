//! `sdp_types` and this project's document agree on every file of the corpus, or the reason is known.

#![cfg(feature = "interop")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

mod corpus;

use rtcscope::sdp::interop::{from_session, to_session};
use rtcscope::sdp::{Document, Error, Expected};

/// The start of the line that the fault is on.
fn letter<'t>(error: &Error, text: &'t [u8]) -> &'t [u8] {
    let before = text.get(..error.span.start).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    text.get(start..start + 2).unwrap_or_default()
}

/// Whether a line makes no sense here that `sdp_types` takes as it is written, so that it is missing in our session:
/// an address that does not fit its type, a payload type that is none, an overflowing time.
fn leaves_out_a_line(document: &Document<'_>) -> bool {
    let structural = [&b"o="[..], b"c=", b"m=", b"r=", b"z=", b"t=", b"b="];
    document.errors().iter().any(|error| structural.contains(&letter(error, document.text())))
}

/// Faults in what an attribute says, or in what RFC 8866 wants beyond the lines themselves: `sdp_types` keeps
/// attributes as they are written.
fn is_lenient(error: &Error, text: &[u8]) -> bool {
    let missing = error.span.is_empty() && matches!(error.expected, Expected::Present { letter: 'o' | 's' | 't' });
    missing
        || letter(error, text) == b"a="
        || matches!(error.expected.code(), "line-break" | "before" | "address" | "media-level" | "session-level")
}

#[test]
fn sdp_types_reads_the_same() {
    let mut wrong = Vec::new();
    let mut same = 0;
    for entry in corpus::entries() {
        let document = Document::parse(&entry.text);
        match sdp_types::Session::parse(&entry.text) {
            Ok(theirs) => {
                let ours = to_session(&document);
                if ours != theirs && !leaves_out_a_line(&document) {
                    wrong.push(format!("{}\n  ours   {ours:?}\n  theirs {theirs:?}", entry.file));
                }
                same += usize::from(ours == theirs);
            }
            Err(error) => {
                let faults = document.errors();
                if faults.iter().all(|fault| is_lenient(fault, &entry.text)) {
                    wrong.push(format!("{}: refused: {error} {:?}", entry.file, faults.first()));
                }
            }
        }
    }
    eprintln!("{same} sessions are the same");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn a_session_comes_back_as_it_was() {
    for entry in corpus::entries() {
        let Ok(theirs) = sdp_types::Session::parse(&entry.text) else { continue };
        let text = from_session(&theirs);
        let document = Document::parse(&text);
        let theirs = sdp_types::Session::parse(&text).unwrap_or(theirs);
        if leaves_out_a_line(&document) {
            continue;
        }
        let again = to_session(&document);
        assert_eq!(again, theirs, "{}", entry.file);
    }
}
