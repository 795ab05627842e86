//! A finding as it is published: places as lines and columns, names as words.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::secret;
use crate::finding::Fix;
use crate::lint::{Finding, Place, Target, Text};
use crate::text::{LineIndex, Position, Span};

/// A text that findings are in, with its name.
#[derive(Debug)]
pub struct SourceText<'a> {
    /// Which of the texts it is.
    pub text: Text,
    /// The file that it is in, as it was named.
    pub file: &'a str,
    /// Which description of the file it is, where it holds several or is no description itself.
    pub description: Option<&'a str>,
    /// Its bytes.
    pub bytes: &'a [u8],
    index: LineIndex<'a>,
    /// Whether a secret stands anywhere in it, found out when it is asked for.
    secretive: OnceCell<bool>,
}

impl<'a> SourceText<'a> {
    /// A text of `file`.
    #[must_use]
    pub fn new(text: Text, file: &'a str, description: Option<&'a str>, bytes: &'a [u8]) -> Self {
        Self { text, file, description, bytes, index: LineIndex::new(bytes), secretive: OnceCell::new() }
    }

    /// The line and column of an offset, both from 1.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.index.position(offset)
    }

    /// The offset at which the line of `offset` starts.
    pub(super) fn line_start(&self, offset: usize) -> usize {
        self.index.line_start(offset)
    }

    /// Whether a secret stands anywhere in it.
    pub(super) fn is_secretive(&self) -> bool {
        *self.secretive.get_or_init(|| secret::is_in(self.bytes))
    }
}

/// The texts that findings are in.
#[derive(Debug)]
pub struct Sources<'a>(Vec<SourceText<'a>>);

impl<'a> Sources<'a> {
    /// These texts; the first one holds whatever has no text of its own.
    #[must_use]
    pub const fn new(texts: Vec<SourceText<'a>>) -> Self {
        Self(texts)
    }

    /// The text that a place is in.
    #[must_use]
    pub fn of(&self, place: Place) -> Option<&SourceText<'a>> {
        self.0.iter().find(|source| source.text == place.text).or_else(|| self.0.first())
    }
}

/// A finding as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The file, as it was named; `-` for standard input.
    pub file: String,
    /// Which description of the file it is about, where that is more than a description; lines count in the description.
    pub description: Option<String>,
    /// The line where it begins, from 1.
    pub line: usize,
    /// The column where it begins, in characters from 1.
    pub column: usize,
    /// The line where it ends.
    pub end_line: usize,
    /// The column behind its last character.
    pub end_column: usize,
    /// The rule.
    pub rule: &'static str,
    /// How much it matters: `error`, `warning` or `info`.
    pub severity: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What mends it; `null` where nothing is sure enough.
    pub fix: Option<FixRow>,
    /// Where the rule is written: RFC and section, or the implementation that behaves so.
    pub spec: &'static str,
    /// What each target that was asked for does with it.
    pub targets: Vec<VerdictRow>,
    /// Other places that explain it.
    pub related: Vec<RelatedRow>,
}

/// What a target does with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerdictRow {
    /// `chrome`, `firefox`, `safari` or `rfc`.
    pub target: &'static str,
    /// `rejects`, `ignores-silently`, `accepts` or `not-known`.
    pub verdict: &'static str,
}

/// A change that mends a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FixRow {
    /// What it does.
    pub title: String,
    /// `safe`: the meaning stays; `unsafe`: it guesses at what was meant.
    pub applicability: &'static str,
    /// What is replaced, all together. Empty where it would repeat a password or a key: `--fix` mends it.
    pub edits: Vec<EditRow>,
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditRow {
    /// The line where the replaced text begins.
    pub line: usize,
    /// Its column.
    pub column: usize,
    /// The line where it ends.
    pub end_line: usize,
    /// The column behind it.
    pub end_column: usize,
    /// What stands there afterwards; empty where text is taken away.
    pub content: String,
}

/// Another place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelatedRow {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is there.
    pub message: String,
}

impl Row {
    /// The row of a finding, with what `targets` do with it.
    #[must_use]
    pub fn new(finding: &Finding, sources: &Sources<'_>, targets: &[Target]) -> Self {
        let source = sources.of(finding.place);
        let between = |span: Span| {
            let at = |offset| source.map_or(Position { line: 1, column: 1 }, |source| source.position(offset));
            (at(span.start), at(span.end))
        };
        let (start, end) = between(finding.place.span);
        let edit_row = |edit: &crate::text::Edit| {
            let (start, end) = between(edit.span);
            EditRow {
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
                content: String::from_utf8_lossy(&edit.replacement).into_owned(),
            }
        };
        let fix_row = |fix: &Fix| FixRow {
            title: fix.title.clone().into_owned(),
            applicability: fix.applicability.name(),
            edits: if fix.edits.iter().any(|edit| secret::is_in(&edit.replacement)) {
                Vec::new()
            } else {
                fix.edits.iter().map(edit_row).collect()
            },
        };
        let related = finding.labels.iter().filter_map(|label| {
            let source = sources.of(label.place)?;
            let Position { line, column } = source.position(label.place.span.start);
            Some(RelatedRow { file: source.file.to_owned(), line, column, message: label.message.clone().into_owned() })
        });
        Self {
            file: source.map_or_else(String::new, |source| source.file.to_owned()),
            description: source.and_then(|source| source.description).map(str::to_owned),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            rule: finding.rule.rule.name,
            severity: finding.severity.name(),
            message: finding.message.clone(),
            fix: finding.fix.as_ref().map(fix_row),
            spec: finding.rule.rule.source,
            targets: targets
                .iter()
                .map(|target| VerdictRow { target: target.name(), verdict: finding.verdicts.of(*target).name() })
                .collect(),
            related: related.collect(),
        }
    }

    /// The message, behind the place in the description where that is more than a description: its lines are none of the file.
    pub(super) fn told(&self) -> String {
        match &self.description {
            Some(description) => format!("{description}, line {}: {}", self.line, self.message),
            None => self.message.clone(),
        }
    }
}

/// How many rows there are of each severity, the worst first.
pub(super) fn tally(rows: &[Row]) -> BTreeMap<std::cmp::Reverse<u8>, (&'static str, usize)> {
    let mut counts = BTreeMap::new();
    for row in rows {
        let weight = match row.severity {
            "error" => 2,
            "warning" => 1,
            _ => 0,
        };
        counts.entry(std::cmp::Reverse(weight)).or_insert((row.severity, 0)).1 += 1;
    }
    counts
}
