//! The linter on every description of the public corpus: what its source rejects gets an error, on the line that the source
//! names; and what browsers and RFC 9429 made gets none that is not a real fault.

#![cfg(feature = "serde")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

mod corpus;
#[path = "lint_corpus/rejected.rs"]
mod rejected;
#[path = "lint_corpus/wolf.rs"]
mod wolf;

use std::path::Path;

use rtcscope::finding::Severity;
use rtcscope::lint::{Finding, Options, Profile, Role, lint};
use rtcscope::sdp::Document;

/// The errors of a description.
fn errors(text: &[u8], profile: Option<Profile>, role: Option<Role>) -> Vec<Finding> {
    let options = Options { profile, role, ..Options::default() };
    let mut findings = lint(&Document::parse(text), &options).findings;
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

/// The names of rules, each once, in the order of the text.
fn names(findings: &[Finding]) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for finding in findings {
        if !names.contains(&finding.rule.rule.name) {
            names.push(finding.rule.rule.name);
        }
    }
    names
}

/// Every SDP in the truth files of the captures, with its type: each text once.
fn captured(root: &Path) -> Vec<(String, Option<Role>, String)> {
    let folder = root.parent().unwrap().join("captures");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut found: Vec<(String, Option<Role>, String)> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for path in files.iter().filter(|path| path.to_string_lossy().ends_with(".truth.json")) {
        let value: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().replace(".truth.json", "");
        for described in rtcscope::sdp::json::find_descriptions(&value) {
            if known.insert(described.sdp.clone()) {
                let role = described.kind.as_deref().and_then(Role::from_type);
                found.push((format!("{name} {}", described.path), role, described.sdp));
            }
        }
    }
    found
}
