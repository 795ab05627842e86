//! The findings, worst first, each with the packets to jump to.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Layout;
use super::line::{plain, wrap};
use super::number::counted;
use super::paint::{Cell, Paint};
use crate::finding::Severity;
use crate::report::model::{Document, Finding};

/// Findings of one rule and severity shown; where there are more, the first ones tell why.
const ALIKE: usize = 10;
/// The same for notes, which a large capture has one of for each of its calls.
const NOTES_ALIKE: usize = 3;
/// Packets named of one finding.
const FRAMES: usize = 6;
/// Below this a message goes under its rule instead of beside it.
const MESSAGE: usize = 60;

pub(super) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let findings = &document.findings;
    let mut line = String::from("\n");
    Cell::painted("Findings", Paint::Title).append_to(&mut line);
    if findings.is_empty() {
        return writeln!(out, "{line}   none");
    }
    let counts: Vec<String> = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Info, "note", "notes"),
    ]
    .into_iter()
    .map(|(severity, one, many)| (findings.iter().filter(|finding| *finding.severity == severity).count(), one, many))
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| counted(count as u64, one, many))
    .collect();
    writeln!(out, "{line}   {}", counts.join(", "))?;
    let rule = findings.iter().map(|finding| finding.rule.width()).max().unwrap_or(0);
    for group in findings.chunk_by(|one, next| one.severity == next.severity) {
        severity(group, rule, layout, out)?;
    }
    let mut hint = String::new();
    Cell::painted("rtcscope explain RULE tells what a finding means and what to do", Paint::Quiet).append_to(&mut hint);
    writeln!(out, "  {hint}")
}

/// The findings of one severity in their order, those of one rule only until there are many of them.
fn severity(findings: &[Finding], rule: usize, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        let count = seen.entry(&finding.rule).or_default();
        *count += 1;
        let most = if *finding.severity == Severity::Info { NOTES_ALIKE } else { ALIKE };
        if layout.all || *count <= most {
            lines(finding, rule, layout, out)?;
        } else if *count == most + 1 {
            let all = findings.iter().filter(|other| other.rule == finding.rule).count();
            let left = (all - most) as u64;
            writeln!(
                out,
                "           {} of {}; --all shows every one",
                counted(left, "more", "more"),
                plain(&finding.rule)
            )?;
        }
    }
    Ok(())
}

fn lines(finding: &Finding, rule: usize, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::from("  ");
    Cell::painted(format!("{:<7}", finding.severity.name()), Paint::from(*finding.severity)).append_to(&mut line);
    let name = Cell::painted(&finding.rule, Paint::Title);
    line.push_str("  ");
    name.append_to(&mut line);
    let message = format!("{}{}", plain(&finding.message), frames(&finding.frames));
    let beside = 2 + 7 + 2 + rule + 2;
    if layout.width >= beside + MESSAGE {
        let mut pieces = wrap(&message, layout.width - beside).into_iter();
        let room = " ".repeat(rule.saturating_sub(name.width()) + 2);
        writeln!(out, "{line}{room}{}", pieces.next().unwrap_or_default())?;
        pieces.try_for_each(|piece| writeln!(out, "{}{piece}", " ".repeat(beside)))
    } else {
        writeln!(out, "{line}")?;
        let indent = 2 + 7 + 2;
        let width = layout.width.saturating_sub(indent);
        wrap(&message, width).iter().try_for_each(|piece| writeln!(out, "{}{piece}", " ".repeat(indent)))
    }
}

fn frames(frames: &[u64]) -> String {
    if frames.is_empty() {
        return String::new();
    }
    let mut text: String = frames.iter().take(FRAMES).map(|frame| format!(" #{frame}")).collect();
    if frames.len() > FRAMES {
        text.push_str(&format!(" and {} more", frames.len() - FRAMES));
    }
    format!(" ·{text}")
}
