//! `rtcscope explain`: a rule's page, or the list of all rules.

use super::args::Explain;
use super::exit::Exit;
use super::fault::Fault;
use super::output::Output;
use super::spelling::nearest;
use crate::diagnose::{rule, rules};
use crate::report::explain;

/// Shows the rule asked for, or all of them.
pub(super) fn run(command: &Explain) -> Result<Exit, Fault> {
    let found = match &command.rule {
        Some(name) => Some(rule(name).ok_or_else(|| unknown(name))?),
        None => None,
    };
    let mut output = Output::open(&command.output, &[])?;
    let width = output.width;
    output.write(|out| match found {
        Some(rule) => explain::render(rule, width, out),
        None => explain::list(rules(), width, out),
    })?;
    output.flush()?;
    Ok(Exit::Done)
}

fn unknown(name: &str) -> Fault {
    let names: Vec<&'static str> = rules().map(|rule| rule.name).collect();
    Fault::Rule { found: name.to_owned(), nearest: nearest(name, &names).first().copied() }
}
