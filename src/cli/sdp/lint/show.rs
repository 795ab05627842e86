//! Findings into the format that was asked for.

use std::io::{self, Write};

use super::args::{Lint, LintFormat};
use super::config::{Configurations, Settings};
use crate::cli::args::FailOn;
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::finding::Severity;
use crate::lint::{self, Finding, Profile, Target, Text};
use crate::report::json;
use crate::report::lint::{self as rows, Row, SourceText, Sources};
use crate::report::text::{Cell, Column, Paint, Table, plain};

/// Targets where nobody names some: the readers of a WebRTC description.
const BROWSERS: &[Target] = &[Target::Chrome, Target::Firefox, Target::Safari];

/// A description that was looked at.
pub(super) struct Looked<'a> {
    pub(super) path: &'a str,
    pub(super) title: Option<&'a str>,
    pub(super) text: &'a [u8],
    pub(super) report: &'a lint::Report,
    pub(super) settings: &'a Settings,
    /// Show why a target refuses it, and nothing else.
    pub(super) reasons_only: bool,
}

impl Looked<'_> {
    fn targets(&self) -> &[Target] {
        targets(self.settings, self.report.profile)
    }

    /// The file, and which description of it.
    fn name(&self) -> String {
        let path = plain(self.path);
        self.title.map_or_else(|| path.clone().into_owned(), |title| format!("{path} {}", plain(title)))
    }

    /// The exit code that its findings ask for.
    pub(super) fn judged(&self) -> Exit {
        judged(&self.report.findings, self.settings)
    }
}

/// Whom the findings are told of.
pub(in crate::cli::sdp) fn targets(settings: &Settings, profile: Profile) -> &[Target] {
    let usual = if profile == Profile::Webrtc { BROWSERS } else { &[] };
    settings.targets.as_deref().unwrap_or(usual)
}

/// The exit code that findings ask for.
pub(in crate::cli::sdp) fn judged(findings: &[Finding], settings: &Settings) -> Exit {
    let worst: Option<Severity> = findings.iter().map(|finding| finding.severity).max();
    let least = settings.fail_on.unwrap_or(FailOn::Error).severity();
    match (worst, least) {
        (Some(worst), Some(least)) if worst >= least => Exit::Found,
        _ => Exit::Done,
    }
}

/// What was shown so far, and what is kept for the end.
pub(in crate::cli::sdp) struct Shown {
    format: LintFormat,
    output: Output,
    rows: Vec<Row>,
    descriptions: usize,
    mended: usize,
    /// Something else than findings was printed: then no summary follows.
    raw: bool,
    /// The command can apply fixes.
    fixes: bool,
}

impl Shown {
    pub(in crate::cli::sdp) const fn new(format: LintFormat, output: Output) -> Self {
        Self { format, output, rows: Vec::new(), descriptions: 0, mended: 0, raw: false, fixes: true }
    }

    /// The same for a command that applies no fixes.
    pub(super) fn without_fixes(self) -> Self {
        Self { fixes: false, ..self }
    }

    /// Whether no description was looked at.
    pub(super) const fn is_empty(&self) -> bool {
        self.descriptions == 0 && !self.raw
    }

    /// Fixes that were applied.
    pub(super) const fn mended(&mut self, count: usize) {
        self.mended += count;
    }

    /// Prints something as it is.
    pub(super) fn raw(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Fault> {
        self.raw = true;
        self.output.write(write)
    }

    /// Shows what was found in one description, or keeps it for the end.
    pub(super) fn look(&mut self, looked: &Looked<'_>) -> Result<Exit, Fault> {
        self.descriptions += 1;
        let source = SourceText::new(Text::Description, looked.path, looked.title, looked.text);
        let sources = Sources::new(vec![source]);
        let targets = looked.targets();
        if looked.reasons_only {
            self.reasons(looked, &sources)?;
            return Ok(looked.judged());
        }
        self.findings(&looked.report.findings, &sources, targets)?;
        let told = self.format == LintFormat::Text && !looked.report.findings.is_empty();
        if let Some(detection) = looked.report.detection.filter(|_| told) {
            let said = format!(
                "{}: held to the profile {}, which it looks like: {}",
                looked.name(),
                detection.profile,
                detection.sign
            );
            let mut line = String::new();
            Cell::painted(said, Paint::Quiet).append_to(&mut line);
            self.output.write(|out| writeln!(out, "{line}\n"))?;
        }
        Ok(looked.judged())
    }

    /// Shows findings, or keeps them for the end.
    pub(in crate::cli::sdp) fn findings(
        &mut self,
        findings: &[Finding],
        sources: &Sources<'_>,
        targets: &[Target],
    ) -> Result<(), Fault> {
        let layout = rows::Layout { width: self.output.width, fixes: self.fixes };
        for finding in findings {
            if self.format == LintFormat::Text {
                self.output.write(|out| rows::finding(finding, sources, targets, layout, out))?;
            }
            self.rows.push(Row::new(finding, sources, targets));
        }
        Ok(())
    }

    /// The likeliest reasons why a target refuses the description.
    fn reasons(&mut self, looked: &Looked<'_>, sources: &Sources<'_>) -> Result<(), Fault> {
        let targets = looked.settings.targets.as_deref().unwrap_or(BROWSERS);
        let reasons = lint::reasons(&looked.report.findings, targets);
        let text = self.format == LintFormat::Text;
        if text && reasons.is_empty() {
            let names: Vec<&str> = targets.iter().map(|target| target.name()).collect();
            let said = format!("{}: nothing found for which {} would refuse it", looked.name(), names.join(", "));
            self.output.write(|out| writeln!(out, "{said}"))?;
        }
        for (number, reason) in reasons.into_iter().enumerate() {
            if text {
                let title = if number == 0 { "Most likely:".to_owned() } else { format!("Or ({}):", number + 1) };
                let mut line = String::new();
                Cell::painted(title, Paint::Title).append_to(&mut line);
                self.output.write(|out| writeln!(out, "{line}"))?;
            }
            self.findings(std::slice::from_ref(reason), sources, targets)?;
        }
        Ok(())
    }

    /// Prints a line of text, where text was asked for.
    pub(in crate::cli::sdp) fn text(
        &mut self,
        write: impl FnOnce(usize, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Fault> {
        let width = self.output.width;
        if self.format == LintFormat::Text { self.output.write(|out| write(width, out)) } else { Ok(()) }
    }

    /// How many texts there were, where they are counted by someone else.
    pub(in crate::cli::sdp) const fn counted(&mut self, descriptions: usize) {
        self.descriptions += descriptions;
    }

    /// A document of its own around the rows.
    pub(in crate::cli::sdp) fn document(
        mut self,
        write: impl FnOnce(&[Row], json::Layout, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Fault> {
        let (rows, layout) = (&self.rows, self.output.json);
        self.output.write(|out| write(rows, layout, out))?;
        self.output.flush()
    }

    /// The rows that were kept, or the summary.
    pub(in crate::cli::sdp) fn finish(mut self) -> Result<(), Fault> {
        let (rows, descriptions, mended, raw) = (&self.rows, self.descriptions, self.mended, self.raw);
        let layout = self.output.json;
        let (format, fixes) = (self.format, self.fixes);
        self.output.write(|out| match format {
            _ if raw => Ok(()),
            LintFormat::Text => {
                if mended > 0 {
                    writeln!(out, "{mended} {} applied", if mended == 1 { "fix" } else { "fixes" })?;
                }
                rows::summary(rows, descriptions, fixes, out)
            }
            LintFormat::Json => json::render(rows, layout, out),
            LintFormat::Sarif => json::render(&rows::sarif(rows), layout, out),
            LintFormat::Github => rows::github(rows, out),
        })?;
        self.output.flush()
    }
}

/// `sdp lint --list`: the rules that are looked for in a file of this folder, with their severity there.
pub(in crate::cli::sdp) fn list(command: &Lint, configurations: &mut Configurations) -> Result<Exit, Fault> {
    let file = command.files.first().map_or_else(|| "offer.sdp".into(), Clone::clone);
    let settings = configurations.of(&file)?;
    let mut table = Table::new(vec![Column::text(""), Column::text(""), Column::text(""), Column::text("")]);
    let chosen = settings.options.profile;
    for rule in lint::rules().filter(|rule| chosen.is_none_or(|profile| rule.is_of(profile))) {
        let Some(said) = settings.options.selection.of(rule.rule.name) else { continue };
        let severity = said.unwrap_or(rule.rule.severity);
        let profiles: Vec<&str> = rule.profiles.iter().map(|profile| profile.name()).collect();
        table.push(vec![
            Cell::painted(rule.rule.name, Paint::Title),
            Cell::painted(severity.name(), severity.into()),
            Cell::new(if profiles.is_empty() { "all".to_owned() } else { profiles.join(",") }),
            Cell::new(rule.rule.summary),
        ]);
    }
    let mut output = Output::open(&command.output, &[])?;
    let width = output.width;
    output.write(|out| table.render(0, width, out))?;
    output.flush()?;
    Ok(Exit::Done)
}
