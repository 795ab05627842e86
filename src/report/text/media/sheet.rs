//! The whole sheet of each stream.

use std::collections::HashMap;
use std::io::{self, Write};

use super::row::what;
use super::{course, endpoint, identity, loss, reported, series, voice};
use crate::report::model::{Document, Stream};
use crate::report::text::Layout;
use crate::report::text::line::{plain, wrap};
use crate::report::text::number::counted;
use crate::report::text::paint::{Cell, Paint};

/// Sheets shown.
const SHEETS: usize = 100;
/// Columns of what stands in front of a line.
const LABEL: usize = 13;
/// How far in the lines stand.
const INDENT: usize = 4;

/// A line of a sheet: what it is about, and what is to be said.
pub(super) type Fact = (&'static str, String);

/// Writes a sheet for each stream.
pub(super) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let calls: HashMap<&str, &str> = document
        .calls
        .iter()
        .flat_map(|call| call.streams.iter().map(|stream| (stream.as_str(), call.id.as_str())))
        .collect();
    let streams = &document.rtp.streams;
    let shown = if layout.all { streams.len() } else { SHEETS };
    for stream in streams.iter().take(shown) {
        sheet(stream, calls.get(stream.id.as_str()).copied(), layout, out)?;
    }
    let left = streams.len().saturating_sub(shown) as u64;
    if left > 0 {
        writeln!(out, "\nSTREAM {}; --all shows every one", counted(left, "more sheet", "more sheets"))?;
    }
    Ok(())
}

fn sheet(stream: &Stream, call: Option<&str>, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::from("\n");
    Cell::painted(format!("STREAM {}", stream.id), Paint::Title).append_to(&mut line);
    let what = what(stream);
    let codec = stream.codec.as_deref().filter(|codec| !codec.eq_ignore_ascii_case(what));
    let codec = codec.map(|codec| format!(" {codec}")).unwrap_or_default();
    Cell::new(format!("   {what}{codec}, SSRC {} ({:#010x})", stream.ssrc, stream.ssrc)).append_to(&mut line);
    writeln!(out, "{line}")?;
    let mut facts = identity::facts(stream, call);
    facts.extend(course::facts(stream, layout.width.saturating_sub(INDENT + LABEL)));
    facts.extend(loss::facts(stream));
    facts.extend(course::events(stream, layout.all));
    facts.extend(reported::facts(stream));
    facts.extend(voice::facts(stream));
    facts.extend(stream.endpoint_statistics.iter().map(|counted| ("getStats", endpoint::details(counted))));
    for (label, text) in &facts {
        fact(label, text, layout, out)?;
    }
    series::render(stream, layout, INDENT, out)
}

fn fact(label: &str, text: &str, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let room = layout.width.saturating_sub(INDENT + LABEL);
    for (place, piece) in wrap(&plain(text), room).iter().enumerate() {
        let mut line = " ".repeat(INDENT);
        Cell::painted(format!("{:LABEL$}", if place == 0 { label } else { "" }), Paint::Quiet).append_to(&mut line);
        line.push_str(piece);
        writeln!(out, "{line}")?;
    }
    Ok(())
}
