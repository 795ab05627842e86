//! `sdp lint --fix`: files that are mended in place, or the difference that mending would make.

use std::fs;
use std::io::Write;

use similar::TextDiff;

use super::args::Lint;
use super::config::Settings;
use super::files::File;
use super::options;
use super::show::{Looked, Shown};
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::finding::Applicability;
use crate::lint::{self, Text};
use crate::report::text::plain;
use crate::sdp::Document;

/// Mends every description of a file, writes it, and shows what is left.
pub(super) fn file(command: &Lint, settings: &Settings, mut file: File, shown: &mut Shown) -> Result<Exit, Fault> {
    let least = if command.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let path = file.path.to_string_lossy().into_owned();
    let Some(mut whole) = file.whole.take() else { return Err(Fault::Unfixable { path }) };
    let before = whole.bytes.clone();
    let mut applied = 0;
    for found in &mut file.found {
        let options = options(command, settings, found);
        let find = |text: &[u8]| lint::lint(&Document::parse(text), &options).findings;
        let fixed = lint::fix(&found.text, Text::Description, least, find);
        if fixed.text != found.text {
            applied += fixed.applied;
            let with = whole.with(&found.text, &fixed.text);
            whole.bytes = with.ok_or_else(|| Fault::Unfixable { path: path.clone() })?;
            found.text = fixed.text;
        }
    }
    if command.diff {
        let changed = whole.bytes != before;
        shown.raw(|out| difference(&path, &before, &whole.bytes, out))?;
        return Ok(if changed { Exit::Found } else { Exit::Done });
    }
    let input = path == "-";
    if input {
        shown.raw(|out| out.write_all(&whole.bytes))?;
    } else if whole.bytes != before {
        fs::write(&file.path, &whole.bytes).map_err(|source| Fault::Write { path: Some(path.clone()), source })?;
    }
    shown.mended(applied);
    let mut exit = Exit::Done;
    for found in &file.found {
        let report = lint::lint(&Document::parse(&found.text), &options(command, settings, found));
        let title = found.title.as_deref();
        let looked = Looked { path: &path, title, text: &found.text, report: &report, settings, reasons_only: false };
        // The mended text of standard input is all that standard output gets.
        exit = exit.max(if input { looked.judged() } else { shown.look(&looked)? });
    }
    Ok(exit)
}

/// The difference between two texts, unified; carriage returns are shown, because they are often what differs.
fn difference(path: &str, before: &[u8], after: &[u8], out: &mut dyn Write) -> std::io::Result<()> {
    let visible = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let lines = text.split_inclusive('\n').map(|line| {
            let (content, ending) = line.strip_suffix('\n').map_or((line, ""), |content| (content, "\n"));
            let (content, carriage) = content.strip_suffix('\r').map_or((content, ""), |content| (content, "\r"));
            format!("{}{carriage}{ending}", plain(content))
        });
        lines.collect::<String>()
    };
    let (before, after) = (visible(before), visible(after));
    let difference = TextDiff::from_lines(&before, &after);
    let path = plain(path.trim_start_matches('/'));
    let (old, new) = (format!("a/{path}"), format!("b/{path}"));
    write!(out, "{}", difference.unified_diff().context_radius(2).header(&old, &new))
}
