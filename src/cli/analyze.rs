//! `rtcscope analyze`: what happened in captures.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use super::args::{Analyze, AnalyzeFormat, FailOn, FileArguments};
use super::exit::Exit;
use super::fault::Fault;
use super::output::Output;
use super::progress::Progress;
use super::secrets::Secrets;
use crate::analyze::{Analysis, Analyzer, Options};
use crate::capture::Reader;
use crate::report::model::Document;
use crate::report::ndjson::EventWriter;
use crate::report::redact::Redactor;
use crate::report::{json, text};
use crate::signaling::Limits;
use crate::signaling::file::SideFile;

/// Analyses each capture; one that is none does not keep the others from it.
pub(super) fn run(command: &Analyze) -> Result<Exit, Fault> {
    if command.captures.iter().filter(|path| is_input(path)).count() > 1 {
        return Err(Fault::InputTwice);
    }
    if command.series && !has_series(command) {
        return Err(Fault::SeriesUnseen);
    }
    let credentials = Secrets::new(&command.secrets)?.credentials();
    let options =
        Options { credentials, files: side_files(&command.files)?, keep_all: command.all, series: command.series };
    let mut run = Run {
        command,
        options,
        output: Output::open(&command.output, &command.captures)?,
        redactor: command.redact.then(Redactor::new),
        shown: 0,
    };
    let mut exit = Exit::Done;
    for path in &command.captures {
        let ended = run.capture(path);
        match ended {
            Ok(ended) => exit = exit.max(ended),
            Err(fault @ Fault::Write { .. }) => return Err(fault),
            Err(fault) => exit = exit.max(Exit::failed(&fault)),
        }
    }
    run.output.flush()?;
    Ok(exit)
}

/// Whether what is shown has a place for what came in each second.
fn has_series(command: &Analyze) -> bool {
    match command.format {
        AnalyzeFormat::Json => true,
        AnalyzeFormat::Text => command.streams,
        AnalyzeFormat::Ndjson => false,
    }
}

/// Reads the files beside the captures.
fn side_files(files: &FileArguments) -> Result<Vec<SideFile>, Fault> {
    let read = |path: &PathBuf| SideFile::read(path, &Limits::default()).map_err(|source| Fault::SideFile { source });
    files.sdp.iter().chain(&files.internals).map(read).collect()
}

fn is_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn open(path: &Path) -> Result<Reader, Fault> {
    let opened = if is_input(path) {
        if io::stdin().is_terminal() {
            return Err(Fault::Terminal);
        }
        Reader::from_read(io::stdin())
    } else {
        Reader::open(path)
    };
    opened.map_err(|source| Fault::Capture { path: path.to_string_lossy().into_owned(), source })
}

struct Run<'a> {
    command: &'a Analyze,
    options: Options,
    output: Output,
    redactor: Option<Redactor>,
    shown: u64,
}

impl Run<'_> {
    fn capture(&mut self, path: &Path) -> Result<Exit, Fault> {
        let mut reader = open(path)?;
        let name = path.to_string_lossy().into_owned();
        let lines = self.command.format == AnalyzeFormat::Ndjson;
        let mut progress = Progress::new(reader.length(), lines && self.output.terminal);
        let analyzer = Analyzer::new(self.options.clone());
        let analysis = if lines {
            self.live(&name, analyzer, &mut reader, &mut progress)?
        } else {
            analyzer.analyze(&mut reader, |_| (), |position| progress.tell(position))
        };
        drop(progress);
        let mut document = Document::new(name, &analysis, self.command.all);
        if let Some(redactor) = &mut self.redactor {
            redactor.document(&mut document);
        }
        self.show(&document)?;
        Ok(judged(&analysis, self.command.fail_on))
    }

    /// Analyses while the events are written. Who closes the pipe must not wait for the end of a capture that has none.
    fn live(
        &mut self,
        name: &str,
        analyzer: Analyzer,
        reader: &mut Reader,
        progress: &mut Progress,
    ) -> Result<Analysis, Fault> {
        let Self { output, redactor, .. } = self;
        let grows = name == "-" || output.terminal;
        let mut fault = output.write(|out| EventWriter::new(out, redactor.as_mut()).opened(name)).err();
        let analysis = analyzer.analyze(
            reader,
            |told| {
                if fault.is_some() {
                    return;
                }
                let written = output.write(|out| {
                    EventWriter::new(out, redactor.as_mut()).told(told)?;
                    if grows { out.flush() } else { Ok(()) }
                });
                fault = written.err();
                if let (true, Some(fault)) = (grows, &fault) {
                    std::process::exit(if Exit::failed(fault) == Exit::Done { 0 } else { 2 });
                }
            },
            |position| progress.tell(position),
        );
        fault.map_or(Ok(analysis), Err)
    }

    fn show(&mut self, document: &Document) -> Result<(), Fault> {
        let Analyze { all, streams, .. } = *self.command;
        let layout = text::Layout { width: self.output.width, all, streams };
        let json_layout = self.output.json;
        let again = self.shown > 0;
        self.shown += 1;
        let redactor = &mut self.redactor;
        let format = self.command.format;
        self.output.write(|out| match format {
            AnalyzeFormat::Json => json::render(document, json_layout, out),
            AnalyzeFormat::Ndjson => {
                let mut events = EventWriter::new(out, redactor.as_mut());
                document.findings.iter().try_for_each(|finding| events.finding(finding))?;
                events.ended(&document.capture)
            }
            AnalyzeFormat::Text => {
                if again {
                    writeln!(out, "\n{}\n", "─".repeat(layout.width.min(80)))?;
                }
                text::render(document, layout, out)
            }
        })?;
        // The next capture may take long.
        self.output.flush()
    }
}

fn judged(analysis: &Analysis, fail_on: FailOn) -> Exit {
    let worst = analysis.findings.iter().map(|finding| finding.severity).max();
    match (worst, fail_on.severity()) {
        (Some(worst), Some(least)) if worst >= least => Exit::Found,
        _ => Exit::Done,
    }
}
