//! Where the output goes: standard output or a file, with or without colours.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice, StripStream};

use super::args::{Color, OutputArguments};
use super::fault::Fault;
use crate::report::json::Layout;

/// Columns where there is no terminal to ask.
const PIPED_WIDTH: usize = 160;

/// The output of a run.
pub(super) struct Output {
    writer: Box<dyn Write>,
    path: Option<String>,
    /// Columns of the page.
    pub(super) width: usize,
    /// How JSON is laid out.
    pub(super) json: Layout,
    /// Whether a person looks at it right now.
    pub(super) terminal: bool,
}

impl Output {
    /// Opens what `arguments` say. A file keeps what it holds until there is something to write; it may not be one of `inputs`.
    pub(super) fn open(arguments: &OutputArguments, inputs: &[PathBuf]) -> Result<Self, Fault> {
        let json = if arguments.compact { Layout::Compact } else { Layout::Pretty };
        let width = arguments.width.map(usize::from);
        let Some(file) = &arguments.file else {
            let stdout = io::stdout();
            let terminal = stdout.is_terminal();
            let measured = terminal_size::terminal_size().filter(|_| terminal).map(|(width, _)| usize::from(width.0));
            let choice = match arguments.color {
                Color::Auto => AutoStream::choice(&stdout),
                Color::Always => ColorChoice::AlwaysAnsi,
                Color::Never => ColorChoice::Never,
            };
            let writer = Box::new(BufWriter::new(AutoStream::new(stdout, choice)));
            return Ok(Self { writer, path: None, width: width.or(measured).unwrap_or(PIPED_WIDTH), json, terminal });
        };
        let path = file.to_string_lossy().into_owned();
        let same =
            |input: &PathBuf| file.canonicalize().is_ok_and(|own| input.canonicalize().is_ok_and(|it| it == own));
        if inputs.iter().any(same) {
            return Err(Fault::OverwritesInput { path });
        }
        let opened = OpenOptions::new().create(true).write(true).truncate(false).open(file);
        let opened = opened.map_err(|source| Fault::Write { path: Some(path.clone()), source })?;
        let target = Rewritten { file: opened, begun: false };
        let writer: Box<dyn Write> = if arguments.color == Color::Always {
            Box::new(BufWriter::new(target))
        } else {
            Box::new(BufWriter::new(StripStream::new(Box::new(target) as Box<dyn Write>)))
        };
        Ok(Self { writer, path: Some(path), width: width.unwrap_or(PIPED_WIDTH), json, terminal: false })
    }

    /// Runs `write` on the output.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Fault> {
        write(&mut self.writer).map_err(|source| Fault::Write { path: self.path.clone(), source })
    }

    /// Brings everything written so far to whoever reads it.
    pub(super) fn flush(&mut self) -> Result<(), Fault> {
        self.write(|out| out.flush())
    }
}

/// A file that loses its old content with the first byte that is written.
struct Rewritten {
    file: File,
    begun: bool,
}

impl Write for Rewritten {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.begun {
            self.begun = true;
            // A device has no length to cut.
            if self.file.metadata().is_ok_and(|metadata| metadata.is_file()) {
                self.file.set_len(0)?;
            }
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
