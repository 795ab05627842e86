//! A rule's page: what a finding means, why it matters, what to do.

use std::io::{self, Write};

use super::text::{Cell, Column, Paint, Table, wrap};
use crate::finding::Rule;

/// Lines longer than this are hard to read, however wide the terminal is.
const READABLE: usize = 100;

/// Writes the page of `rule` on lines of at most `width` columns.
///
/// # Errors
///
/// Those of `out`.
pub fn render(rule: &Rule, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    Cell::painted(rule.name, Paint::Title).append_to(&mut line);
    line.push_str("   ");
    Cell::painted(rule.severity.name(), rule.severity.into()).append_to(&mut line);
    writeln!(out, "{line}")?;
    let sections = [
        ("", rule.summary),
        ("What it means", rule.what),
        ("Why it matters", rule.why),
        ("What to do", rule.advice),
        ("Where it is written", rule.source),
    ];
    for (title, text) in sections {
        writeln!(out)?;
        if !title.is_empty() {
            let mut line = String::new();
            Cell::painted(title, Paint::Title).append_to(&mut line);
            writeln!(out, "{line}")?;
        }
        for paragraph in text.split("\n\n") {
            let joined = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
            for piece in wrap(&joined, width.min(READABLE).saturating_sub(2)) {
                writeln!(out, "  {piece}")?;
            }
        }
    }
    Ok(())
}

/// Writes the list of `rules`, a line each.
///
/// # Errors
///
/// Those of `out`.
pub fn list<'a>(rules: impl Iterator<Item = &'a Rule>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(vec![Column::text(""), Column::text(""), Column::text("")]);
    for rule in rules {
        table.push(vec![
            Cell::painted(rule.name, Paint::Title),
            Cell::painted(rule.severity.name(), rule.severity.into()),
            Cell::new(rule.summary),
        ]);
    }
    table.render(0, width, out)
}
