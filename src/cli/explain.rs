//! `rtcscope explain`: a rule's page, or the list of all rules.

use super::args::Explain;
use super::exit::Exit;
use super::fault::Fault;
use super::output::Output;
use super::spelling::nearest;
use crate::diagnose;
use crate::finding::Rule;
use crate::lint::{self, SdpRule};
use crate::report::explain;

/// Shows the rule asked for, or all of them.
pub(super) fn run(command: &Explain) -> Result<Exit, Fault> {
    let found = match &command.rule {
        Some(name) => Some(named(name).ok_or_else(|| unknown(name))?),
        None => None,
    };
    let mut output = Output::open(&command.output, &[])?;
    let width = output.width;
    output.write(|out| match found {
        Some(Page::Capture(rule)) => explain::render(rule, width, out),
        Some(Page::Description(rule)) => explain::render_sdp(rule, width, out),
        None => explain::list(all(), width, out),
    })?;
    output.flush()?;
    Ok(Exit::Done)
}

/// A rule of captures or one of descriptions.
enum Page {
    Capture(&'static Rule),
    Description(&'static SdpRule),
}

fn named(name: &str) -> Option<Page> {
    diagnose::rule(name).map(Page::Capture).or_else(|| lint::rule(name).map(Page::Description))
}

/// The rules of captures, and then those of descriptions.
fn all() -> impl Iterator<Item = &'static Rule> {
    diagnose::rules().chain(lint::rules().map(|rule| &rule.rule))
}

fn unknown(name: &str) -> Fault {
    let names: Vec<&'static str> = all().map(|rule| rule.name).collect();
    Fault::Rule { found: name.to_owned(), nearest: nearest(name, &names).first().copied() }
}
