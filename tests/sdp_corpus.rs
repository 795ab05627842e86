//! What holds for every description of the public corpus that `RTCSCOPE_CORPUS` points at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

use std::path::{Path, PathBuf};

use rtcscope::sdp::Document;
use rtcscope::text::LineIndex;

pub struct Entry {
    pub file: String,
    pub verdict: String,
    pub notes: String,
    pub text: Vec<u8>,
}

/// The corpus's descriptions with what its manifest says; nothing where it is not there.
pub fn corpus() -> Vec<Entry> {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return Vec::new();
    };
    let folder: PathBuf = Path::new(&root).join("sdp");
    let manifest = std::fs::read_to_string(folder.join("manifest.jsonl")).expect("a manifest");
    manifest
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
            let field = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let text = std::fs::read(folder.join(field("file"))).expect("a description");
            Entry { file: field("file"), verdict: field("verdict"), notes: field("notes"), text }
        })
        .collect()
}

#[test]
fn every_file_comes_back_byte_for_byte() {
    for entry in corpus() {
        assert_eq!(Document::parse(&entry.text).emit(), entry.text, "{}", entry.file);
    }
}

#[test]
fn dump() {
    for entry in corpus() {
        let document = Document::parse(&entry.text);
        let index = LineIndex::new(&entry.text);
        for error in document.errors() {
            let line = index.position(error.span.start).line;
            let text = String::from_utf8_lossy(&entry.text);
            eprintln!(
                "DUMP\t{}\t{}\t{}\t{}\t{}\t{}",
                entry.verdict,
                entry.file,
                line,
                error.expected.code(),
                error,
                text.lines().nth(line - 1).unwrap_or("")
            );
        }
    }
}
