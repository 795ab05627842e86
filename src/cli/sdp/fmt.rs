//! `rtcscope sdp fmt`.

use super::args::Fmt;
use super::input::Input;
use super::write;
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::sdp::Document;
use crate::sdp::edit::normalise;
use crate::text::apply;

pub(super) fn run(command: &Fmt) -> Result<Exit, Fault> {
    let mut out = Vec::new();
    let mut different = false;
    for path in &command.files {
        let input = Input::read(path)?;
        for found in &input.found {
            let edits = normalise(&Document::parse(&found.text));
            let text = apply(&found.text, &edits).unwrap_or_else(|_| found.text.clone());
            let changed = text != found.text;
            different |= changed;
            match (command.check, changed) {
                (true, true) => {
                    let title = [input.path.as_str(), found.title.as_str()].join(" ");
                    out.extend_from_slice(format!("{}\n", title.trim_end()).as_bytes());
                }
                (true, false) => {}
                (false, _) => out.extend_from_slice(&text),
            }
        }
    }
    write::bytes(command.file.as_deref(), &out)?;
    Ok(if command.check && different { Exit::Found } else { Exit::Done })
}
