//! Findings for people: the line, the fault underlined, who minds, and what mends it.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Message, Origin, Renderer, Snippet, renderer::DecorStyle};

use super::row::{Row, SourceText, Sources, tally};
use super::secret;
use crate::finding::{Applicability, Severity};
use crate::lint::{Finding, Place, Target, Verdict};
use crate::report::text::{Cell, Paint, plain};
use crate::text::Span;

/// How findings are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Columns of the terminal or the page.
    pub width: usize,
    /// Say with which options a fix is applied: the command has them.
    pub fixes: bool,
}

/// Characters of a line that are shown: a description may be one line of a megabyte.
const LONGEST: usize = 2_000;

/// Writes one finding, with what `targets` do with it.
///
/// # Errors
///
/// Those of `out`.
pub fn finding(
    finding: &Finding,
    sources: &Sources<'_>,
    targets: &[Target],
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => return brief(finding, sources, targets, out),
    };
    let message = plain(&finding.message).into_owned();
    let mut group = Group::with_title(level.primary_title(message).id(finding.rule.rule.name));
    group = shown(group, sources, finding.place, AnnotationKind::Primary, None);
    for label in &finding.labels {
        let message = plain(&label.message).into_owned();
        group = shown(group, sources, label.place, AnnotationKind::Context, Some(message));
    }
    for note in verdicts(finding, targets) {
        group = group.element(note);
    }
    group = group.element(Level::NOTE.message(plain(finding.rule.rule.source).into_owned()));
    if let Some(fix) = &finding.fix {
        let how = match fix.applicability {
            Applicability::Safe => "--fix",
            Applicability::Unsafe => "--fix --unsafe-fixes",
        };
        let title = plain(&fix.title);
        let help = if layout.fixes { format!("{title} ({how})") } else { title.into_owned() };
        group = group.element(Level::HELP.message(help));
    }
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(layout.width);
    writeln!(out, "{}\n", renderer.render(&[group]))
}

/// What is only worth knowing takes one line.
fn brief(finding: &Finding, sources: &Sources<'_>, targets: &[Target], out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    Cell::painted(format!("info[{}]", finding.rule.rule.name), Paint::Notice).append_to(&mut line);
    let at = sources.of(finding.place).map_or(String::new(), |source| {
        let position = source.position(finding.place.span.start);
        format!("{}:{}:{}: ", name(source), position.line, position.column)
    });
    let silent: Vec<&str> = targets
        .iter()
        .filter(|target| finding.verdicts.of(**target) == Verdict::IgnoresSilently)
        .map(|target| target.name())
        .collect();
    let silent = if silent.is_empty() { String::new() } else { format!(" (silently ignored by {})", joined(&silent)) };
    writeln!(out, "{line}: {at}{}{silent}", plain(&finding.message))
}

/// The line of a place, with the place underlined; of an empty span the character where something is missing.
fn shown<'r>(
    group: Group<'r>,
    sources: &Sources<'_>,
    place: Place,
    kind: AnnotationKind,
    label: Option<String>,
) -> Group<'r> {
    let Some(source) = sources.of(place) else { return group };
    let name = name(source);
    let position = source.position(place.span.start);
    let line = Line::of(source, place.span);
    if line.text.trim().is_empty() {
        // Nothing to underline: the place alone.
        let origin = Origin::path(name).line(position.line).char_column(position.column);
        let group = group.element(origin);
        return match label {
            Some(label) => group.element(Level::NOTE.message(label)),
            None => group,
        };
    }
    let annotation = kind.span(line.span.start..line.span.end).label(label);
    let snippet = Snippet::source(line.text).path(name).line_start(position.line).annotation(annotation);
    group.element(snippet)
}

/// The file, and the description in it where it holds several.
fn name(source: &SourceText<'_>) -> String {
    let file = plain(source.file).into_owned();
    match source.description {
        Some(description) => format!("{file} {}", plain(description)),
        None => file,
    }
}

/// One line as it can be shown, and the span in it.
struct Line {
    text: String,
    span: Span,
}

impl Line {
    /// The line that `span` begins in. What cannot be shown becomes one character each, and secrets are covered.
    fn of(source: &SourceText<'_>, span: Span) -> Self {
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let begin = source.line_start(span.start);
        let bytes = source.bytes;
        // Of a line that is too long, the part around the place.
        let start = begin.max(span.start.saturating_sub(LONGEST / 2));
        let window = bytes.get(span.start..bytes.len().min(span.start.saturating_add(LONGEST * 4))).unwrap_or_default();
        let end = span.start + window.iter().position(is_break).unwrap_or(window.len());
        let content = bytes.get(start..end).unwrap_or_default();
        let whole = bytes.get(begin..end).unwrap_or_default();
        let secret = if whole.len() <= LONGEST * 8 {
            secret::begins(whole).map(|from| from + begin)
        } else {
            // A line of a megabyte is not searched for each of its faults.
            source.is_secretive().then_some(begin)
        };
        let mut text = String::new();
        let mut shown = (None, None);
        let mut at = start;
        let mut count = 0;
        for chunk in content.utf8_chunks() {
            let invalid = chunk.invalid().iter().map(|_| (1, char::REPLACEMENT_CHARACTER));
            let letters = chunk.valid().chars().map(|letter| (letter.len_utf8(), letter)).chain(invalid);
            for (length, letter) in letters {
                count += 1;
                if count > LONGEST {
                    break;
                }
                if at >= span.start && shown.0.is_none() {
                    shown.0 = Some(text.len());
                }
                if at >= span.end && shown.1.is_none() {
                    shown.1 = Some(text.len());
                }
                let covered = secret.is_some_and(|from| at >= from);
                text.push(if covered { '*' } else { visible(letter) });
                at += length;
            }
        }
        let first = shown.0.unwrap_or(text.len());
        let last = shown.1.unwrap_or(text.len());
        Self { text, span: Span::new(first, last) }
    }
}

/// A character that keeps its place on the line and cannot change how the rest is shown.
fn visible(letter: char) -> char {
    let mut buffer = [0; 4];
    let text: &str = letter.encode_utf8(&mut buffer);
    if letter == '\t' || plain(text) == text { letter } else { char::REPLACEMENT_CHARACTER }
}

/// What the targets do with a finding, the silent ones first: those are what nobody notices.
fn verdicts(finding: &Finding, targets: &[Target]) -> Vec<Message<'static>> {
    let of = |verdict: Verdict| -> Vec<&'static str> {
        targets.iter().filter(|target| finding.verdicts.of(**target) == verdict).map(|target| target.name()).collect()
    };
    let mut notes = Vec::new();
    let silent = of(Verdict::IgnoresSilently);
    if !silent.is_empty() {
        let verb = if silent.len() == 1 { "reports success and leaves" } else { "report success and leave" };
        notes
            .push(Level::WARNING.with_name("silently ignored").message(format!("{} {verb} this out", joined(&silent))));
    }
    let rejecting = of(Verdict::Rejects);
    if !rejecting.is_empty() {
        let verb = if rejecting.len() == 1 { "rejects" } else { "reject" };
        notes.push(Level::NOTE.message(format!("{} {verb} the description", joined(&rejecting))));
    }
    let accepting = of(Verdict::Accepts);
    if !accepting.is_empty() {
        let verb = if accepting.len() == 1 { "accepts" } else { "accept" };
        notes.push(Level::NOTE.message(format!("{} {verb} it", joined(&accepting))));
    }
    notes
}

/// Words as a list that is read: `a`, `a and b`, `a, b and c`.
fn joined(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Writes the last line: how many findings there are and, where the command has `fixes`, how many of them can be fixed.
///
/// # Errors
///
/// Those of `out`.
pub fn summary(rows: &[Row], descriptions: usize, fixes: bool, out: &mut dyn Write) -> io::Result<()> {
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let looked = plural(descriptions, "description");
    let mut line = String::new();
    if rows.is_empty() {
        Cell::painted(format!("{looked}: nothing found"), Paint::Good).append_to(&mut line);
        return writeln!(out, "{line}");
    }
    let counts = tally(rows);
    let told: Vec<String> = counts
        .values()
        .map(|(severity, count)| match *severity {
            "info" => format!("{count} info"),
            word => plural(*count, word),
        })
        .collect();
    let fixable = |applicability: &str| {
        rows.iter().filter_map(|row| row.fix.as_ref()).filter(|fix| fix.applicability == applicability).count()
    };
    let (safe, unsure) = (fixable("safe"), fixable("unsafe"));
    let mends = match (safe, unsure) {
        (0, 0) => String::new(),
        _ if !fixes => String::new(),
        (safe, 0) => format!("; --fix mends {safe}"),
        (0, unsure) => format!("; --fix --unsafe-fixes mends {unsure}"),
        (safe, unsure) => format!("; --fix mends {safe}, with --unsafe-fixes {unsure} more"),
    };
    Cell::painted(format!("{looked}: {}{mends}", told.join(", ")), Paint::Title).append_to(&mut line);
    writeln!(out, "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Text;

    #[test]
    fn secrets_are_covered_and_controls_take_one_place() {
        let of = |bytes: &[u8], span| Line::of(&SourceText::new(Text::Description, "", None, bytes), span);
        let line = of(b"a=mid:0\r\na=ice-pwd:hunter2\r\n", Span::new(19, 26));
        assert_eq!((line.text.as_str(), line.span), ("a=ice-pwd:*******", Span::new(10, 17)));
        let line = of(b"a=tool:\x1b[1m\xff!", Span::new(11, 12));
        assert_eq!(line.text.get(line.span.start..line.span.end), Some("\u{fffd}"));
        assert!(!line.text.contains('\x1b'));
    }

    #[test]
    fn a_list_is_read() {
        assert_eq!(joined(&["chrome", "firefox", "safari"]), "chrome, firefox and safari");
    }
}
