//! The findings, worst first, each with the packets to jump to.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Layout;
use super::line::{plain, wrap};
use super::number::counted;
use super::paint::{Cell, Paint};
use crate::finding::Severity;
use crate::report::model::{Document, Finding};

/// Findings shown; there are more only where much goes wrong at once, and then the first ones tell why.
const FINDINGS: usize = 50;
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
    let shown = if layout.all { findings.len() } else { FINDINGS };
    let rule = findings.iter().take(shown).map(|finding| finding.rule.width()).max().unwrap_or(0);
    for finding in findings.iter().take(shown) {
        lines(finding, rule, layout, out)?;
    }
    let left = findings.len().saturating_sub(shown) as u64;
    if left > 0 {
        writeln!(out, "  {}; --all shows every one", counted(left, "more finding", "more findings"))?;
    }
    let mut hint = String::new();
    Cell::painted("rtcscope explain RULE tells what a finding means and what to do", Paint::Quiet).append_to(&mut hint);
    writeln!(out, "  {hint}")
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
