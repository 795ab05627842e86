//! `rtcscope sdp diff`.

use super::args::{Diff, Format};
use super::input::Input;
use super::write;
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::report::text::plain;
use crate::sdp::{Document, differences};

pub(super) fn run(command: &Diff) -> Result<Exit, Fault> {
    if command.old == command.new && command.old.as_os_str() == "-" {
        return Err(Fault::InputTwice);
    }
    let (old, new) = (Input::read(&command.old)?, Input::read(&command.new)?);
    let (old, new) = (&old.pick(None)?.text, &new.pick(None)?.text);
    let found = differences(&Document::parse(old), &Document::parse(new));
    let mut output = Output::open(&command.output, &[command.old.clone(), command.new.clone()])?;
    output.write(|out| match command.format {
        Format::Text => found.iter().try_for_each(|difference| {
            let line = difference.to_string();
            writeln!(out, "{}", plain(&line))
        }),
        Format::Json => {
            let value = serde_json::to_value(&found)?;
            out.write_all(&write::json(&value, command.output.compact))
        }
    })?;
    output.flush()?;
    Ok(if command.exit_code && !found.is_empty() { Exit::Found } else { Exit::Done })
}
