//! `docs/rules.md` and the schema of `sdp lint` are written from the rules. `UPDATE_DOCS=1 cargo test --test lint_docs` writes
//! them again.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rtcscope::finding::Applicability;
use rtcscope::lint::{self, Example, SdpRule, Target};

const HEAD: &str = "# Rules of session descriptions

What `rtcscope sdp lint` and `rtcscope sdp check` can find, where it is written, who minds, and what mends it. `rtcscope explain
RULE` prints the same. The severity is the usual one; where a rule says so a finding weighs less or more. The verdicts of Chrome and
Firefox that a browser was asked for are held to what it answered (`tests/browser`); *not-known* means that nobody looked. This file is
written from the rules by `UPDATE_DOCS=1 cargo test --test lint_docs`.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n| rule | severity | profile | fix | says |\n|---|---|---|---|---|\n");
    for rule in lint::rules() {
        let text = &rule.rule;
        let fix = rule.fix.map_or("", Applicability::name);
        let row = format!("| [`{0}`](#{0}) | {1} | {2} | {fix} |", text.name, text.severity, profiles(rule));
        writeln!(page, "{row} {} |", text.summary.replace('|', "\\|")).expect("a string");
    }
    lint::rules().for_each(|rule| section(&mut page, rule));
    page
}

fn profiles(rule: &SdpRule) -> String {
    let names: Vec<&str> = rule.profiles.iter().map(|profile| profile.name()).collect();
    if names.is_empty() { "all".to_owned() } else { names.join(", ") }
}

fn section(page: &mut String, rule: &SdpRule) {
    let text = &rule.rule;
    let verdicts: Vec<String> =
        Target::ALL.iter().map(|target| format!("{} {}", target.name(), rule.verdicts.of(*target).name())).collect();
    let fix = match rule.fix {
        Some(Applicability::Safe) => " Mended by `--fix`.",
        Some(Applicability::Unsafe) => " Mended by `--fix --unsafe-fixes`.",
        None => "",
    };
    writeln!(
        page,
        "\n## {}\n\n*{}*, profile {}: {}.\n\n{}\n\n**Why it matters.** {}\n\n**What to do.** {}{fix}\n\nSource: {}. Verdicts: {}.",
        text.name,
        text.severity,
        profiles(rule),
        text.summary,
        text.what,
        text.why,
        text.advice,
        text.source,
        verdicts.join(", ")
    )
    .expect("a string");
    for (title, examples) in [("This breaks it", rule.invalid), ("This keeps it", rule.valid)] {
        for example in examples {
            shown(page, title, example);
        }
    }
}

fn shown(page: &mut String, title: &str, example: &Example) {
    // What cannot be seen is written as it is written in a program.
    let visible = |text: &str| {
        let lines = text.split_inclusive('\n').map(|line| {
            let content = line.trim_end_matches(['\r', '\n']);
            let escaped = |letter: char| -> String {
                if letter.is_control() && letter != '\t' { letter.escape_default().collect() } else { letter.into() }
            };
            format!("{}\n", content.chars().map(escaped).collect::<String>())
        });
        lines.collect::<String>()
    };
    if let Some((text, other)) = example.other() {
        write!(page, "\nAfter this {}:\n\n```\n{}```\n", text.name(), visible(other)).expect("a string");
    }
    write!(page, "\n{title}:\n\n```\n{}```\n", visible(&example.shown())).expect("a string");
}

fn fresh(path: &str, content: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, content).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == content, "{} is stale: UPDATE_DOCS=1 cargo test --test lint_docs", path.display());
}

#[test]
fn the_page_of_rules_is_fresh() {
    fresh("docs/rules.md", &page());
}

#[test]
fn the_schema_of_findings_is_fresh() {
    let schema = serde_json::to_string_pretty(&rtcscope::report::lint::schema()).expect("JSON");
    fresh("docs/schema/lint.schema.json", &format!("{schema}\n"));
}
