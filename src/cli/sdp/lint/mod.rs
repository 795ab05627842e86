//! `rtcscope sdp lint`: every fault of descriptions, and what mends it.

mod args;
mod check;
mod config;
mod files;
mod mend;
mod show;

pub(in crate::cli::sdp) use args::Lint;
pub(in crate::cli::sdp) use check::{Check, run as check};
pub(in crate::cli::sdp) use config::{Configurations, Settings};
pub(in crate::cli::sdp) use show::{Shown, list};

use std::io::{self, IsTerminal};

use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::lint::{self, Role};
use crate::sdp::Document;

use files::{Asked, File, Found};
use show::Looked;

/// Looks at each file; one that cannot be read does not keep the others from it.
pub(super) fn run(command: &Lint) -> Result<Exit, Fault> {
    let mut configurations = Configurations::new(&command.rules)?;
    if command.list {
        return list(command, &mut configurations);
    }
    let is_input = |path: &std::path::PathBuf| path.as_os_str() == "-";
    match command.files.iter().filter(|path| is_input(path)).count() {
        0 => {}
        1 if io::stdin().is_terminal() => return Err(Fault::Terminal),
        1 => {}
        _ => return Err(Fault::InputTwice),
    }
    let asked = files::files(&command.files)?;
    let mut exit = Exit::Done;
    let mut shown = Shown::new(command.rules.format, Output::open(&command.output, &command.files)?);
    for Asked { path, met } in asked {
        let settings = configurations.of(&path)?;
        let file = match File::read(&path) {
            Ok(file) => file,
            Err(fault) if met && files::is_other(&fault) => continue,
            Err(fault) => {
                exit = exit.max(Exit::failed(&fault));
                continue;
            }
        };
        let ended = if command.fix {
            mend::file(command, &settings, file, &mut shown)
        } else {
            look(command, &settings, &file, &mut shown)
        };
        match ended {
            Ok(ended) => exit = exit.max(ended),
            Err(fault @ Fault::Write { path: None, .. }) => return Err(fault),
            Err(fault) => exit = exit.max(Exit::failed(&fault)),
        }
    }
    if shown.is_empty() {
        // Why is said already where something failed; that nothing was found would be no answer.
        if exit != Exit::Done {
            return Ok(exit);
        }
        let names: Vec<_> = command.files.iter().map(|path| path.to_string_lossy()).collect();
        return Err(Fault::NoDescription { path: names.join(", ") });
    }
    shown.finish()?;
    Ok(exit)
}

/// What is held of one description of a file.
fn options(command: &Lint, settings: &Settings, found: &Found) -> lint::Options {
    let said = found.kind.as_deref().and_then(Role::from_type);
    let role = said.or_else(|| command.kind.map(Into::into));
    lint::Options { role, ..settings.options.clone() }
}

fn look(command: &Lint, settings: &Settings, file: &File, shown: &mut Shown) -> Result<Exit, Fault> {
    let mut exit = Exit::Done;
    let path = file.path.to_string_lossy();
    for found in &file.found {
        let report = lint::lint(&Document::parse(&found.text), &options(command, settings, found));
        let looked = Looked {
            path: &path,
            title: found.title.as_deref(),
            text: &found.text,
            report: &report,
            settings,
            reasons_only: command.why_rejected,
        };
        exit = exit.max(shown.look(&looked)?);
    }
    Ok(exit)
}
