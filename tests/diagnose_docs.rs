//! `docs/diagnoses.md` is written from the rules. `UPDATE_DOCS=1 cargo test --test diagnose_docs` writes it again.

#![cfg(feature = "capture")]
#![allow(clippy::expect_used, missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rtcscope::diagnose;
use rtcscope::finding::Rule;

const HEAD: &str = "# Diagnoses

What `rtcscope analyze` can find in a capture, and what to do about it. `rtcscope explain RULE` prints the same. The severity
is the usual one; where a rule says so a finding weighs less or more. This file is written from the rules by
`UPDATE_DOCS=1 cargo test --test diagnose_docs`.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n| rule | severity | says |\n|---|---|---|\n");
    for rule in diagnose::rules() {
        writeln!(page, "| [`{0}`](#{0}) | {1} | {2} |", rule.name, rule.severity, rule.summary).expect("a string");
    }
    for rule in diagnose::rules() {
        section(&mut page, rule);
    }
    page
}

fn section(page: &mut String, rule: &Rule) {
    let Rule { name, severity, summary, what, why, advice, source, .. } = rule;
    writeln!(page, "\n## {name}\n\n*{severity}*: {summary}.\n\n{what}\n\n**Why it matters.** {why}\n")
        .expect("a string");
    writeln!(page, "**What to do.** {advice}\n\nSource: {source}.").expect("a string");
}

#[test]
fn the_page_of_diagnoses_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnoses.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, page()).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page(), "docs/diagnoses.md is stale: UPDATE_DOCS=1 cargo test --test diagnose_docs");
}
