//! A rule's page: what a finding means, why it matters, what to do.

use std::io::{self, Write};

use super::text::{Cell, Column, Paint, Table, plain, wrap};
use crate::finding::{Applicability, Rule};
use crate::lint::{Example, SdpRule, Target};

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

/// Writes the page of a rule of descriptions: that of [`render`], who minds, what can be mended, and examples.
///
/// # Errors
///
/// Those of `out`.
pub fn render_sdp(rule: &SdpRule, width: usize, out: &mut dyn Write) -> io::Result<()> {
    render(&rule.rule, width, out)?;
    title("Where it holds", out)?;
    let profiles: Vec<&str> = rule.profiles.iter().map(|profile| profile.name()).collect();
    let held = if profiles.is_empty() { "every description".to_owned() } else { profiles.join(", ") };
    writeln!(out, "  {held}")?;
    title("Who minds", out)?;
    for target in Target::ALL {
        writeln!(out, "  {:<8} {}", target.name(), rule.verdicts.of(*target).name())?;
    }
    if let Some(fix) = rule.fix {
        title("What mends it", out)?;
        let how = match fix {
            Applicability::Safe => "--fix",
            Applicability::Unsafe => "--fix --unsafe-fixes: it guesses at what was meant",
        };
        writeln!(out, "  {how}")?;
    }
    for (heading, examples) in [("This breaks it", rule.invalid), ("This keeps it", rule.valid)] {
        title(heading, out)?;
        for (number, example) in examples.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            write_example(example, out)?;
        }
    }
    Ok(())
}

fn title(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    Cell::painted(text, Paint::Title).append_to(&mut line);
    writeln!(out, "\n{line}")
}

/// The lines of an example, the text at fault underlined.
fn write_example(example: &Example, out: &mut dyn Write) -> io::Result<()> {
    if let Some((text, other)) = example.other() {
        let mut line = String::new();
        Cell::painted(format!("{}:", text.name()), Paint::Quiet).append_to(&mut line);
        writeln!(out, "  {line}")?;
        for shown in other.lines() {
            writeln!(out, "    {}", plain(shown))?;
        }
        let mut line = String::new();
        Cell::painted("and this:", Paint::Quiet).append_to(&mut line);
        writeln!(out, "  {line}")?;
    }
    let shown = example.shown();
    let mark = example.mark();
    let mut start = 0;
    for line in shown.split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        writeln!(out, "    {}", plain(content))?;
        let end = start + line.len();
        if let Some((first, last)) = mark.filter(|(first, _)| (start..end.max(start + 1)).contains(first)) {
            let column = content.get(..first - start).map_or(content.len(), |before| before.chars().count());
            let inside = shown.get(first..last.min(start + content.len())).unwrap_or_default();
            let carets = "^".repeat(inside.chars().count().max(1));
            let mut line = String::new();
            Cell::painted(carets, Paint::Bad).append_to(&mut line);
            writeln!(out, "    {}{line}", " ".repeat(column))?;
        }
        start = end;
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
