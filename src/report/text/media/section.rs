//! The section: streams by call and direction.

use std::io::{self, Write};

use super::amount::Amount;
use super::block::{Block, Direction, blocks};
use super::note::notes;
use super::row::{row, table};
use super::sheet;
use crate::report::model::{Document, Stream};
use crate::report::text::Layout;
use crate::report::text::line::wrap;
use crate::report::text::number::{counted, grouped};
use crate::report::text::paint::{Cell, Paint};
use crate::report::text::table::Table;
use crate::session::media::Role;

/// Calls whose streams are shown.
const CALLS: usize = 40;
/// Streams of one call that are shown, without those that repair them.
const STREAMS: usize = 24;
/// Streams that repair another one, shown below it.
const REPAIRS: usize = 4;
/// How far in a remark stands.
const REMARK: usize = 6;

/// Writes the section; nothing where the capture has no media.
pub(in crate::report::text) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let blocks = blocks(document);
    let shown = if layout.all { blocks.len() } else { CALLS };
    for block in blocks.iter().take(shown) {
        show(block, layout, out)?;
    }
    let left = blocks.len().saturating_sub(shown) as u64;
    if left > 0 {
        writeln!(out, "\nMEDIA of {}; --all shows every one", counted(left, "more call", "more calls"))?;
    }
    if layout.streams {
        sheet::render(document, layout, out)?;
    }
    let omitted = document.rtp.packets_omitted;
    if omitted > 0 {
        let packets = counted(omitted, "packet", "packets");
        let mut line = String::new();
        Cell::painted(format!("{packets} of more streams than are kept"), Paint::Warning).append_to(&mut line);
        writeln!(out, "\n{line}")?;
    }
    Ok(())
}

fn show(block: &Block<'_>, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let streams = || block.directions.iter().flat_map(|direction| direction.streams.iter().copied());
    let mut line = String::from("\n");
    let title = match block.call {
        Some(place) => format!("MEDIA of call {}", place + 1),
        None => "MEDIA of no call".to_owned(),
    };
    let title = Cell::painted(title, Paint::Title);
    title.append_to(&mut line);
    let contents = contents(streams());
    let room = layout.width.saturating_sub(title.width() + 3);
    for (number, piece) in wrap(&contents, room).iter().enumerate() {
        let lead = if number == 0 { 3 } else { title.width() + 3 };
        writeln!(out, "{line}{}{piece}", " ".repeat(lead))?;
        line.clear();
    }
    let mut table = table();
    let mut left = if layout.all { usize::MAX } else { STREAMS };
    let mut hidden = 0;
    for direction in &block.directions {
        if left == 0 {
            hidden += direction.lines.len();
            continue;
        }
        table.across(0, heading(direction));
        for (place, line) in direction.lines.iter().enumerate() {
            if left == 0 {
                hidden += direction.lines.len() - place;
                break;
            }
            left -= 1;
            push(line.stream, false, layout, &mut table);
            let repairs = if layout.all { line.repairs.len() } else { REPAIRS };
            for stream in line.repairs.iter().take(repairs) {
                push(stream, true, layout, &mut table);
            }
            let more = line.repairs.len().saturating_sub(repairs) as u64;
            if more > 0 {
                let text = format!("{} that repair it", counted(more, "more stream", "more streams"));
                table.across(REMARK, vec![Cell::painted(text, Paint::Quiet)]);
            }
        }
    }
    table.render(4, layout.width, out)?;
    if hidden > 0 {
        let more = counted(hidden as u64, "more stream", "more streams");
        writeln!(out, "    {more}; --all shows every one")?;
    }
    Ok(())
}

fn push(stream: &Stream, repairs: bool, layout: Layout, table: &mut Table) {
    table.push(row(stream, repairs, layout.width));
    table.across(REMARK, notes(stream));
}

/// `4 streams: 2 audio, 2 video, 2 that repair them`.
fn contents<'a>(streams: impl Iterator<Item = &'a Stream>) -> String {
    let (mut all, mut repairs, mut unknown) = (0, 0, 0);
    let mut kinds: Vec<(&str, u64)> = vec![("audio", 0), ("video", 0)];
    for stream in streams {
        all += 1;
        match (*stream.role, stream.kind) {
            (Role::Media, Some(kind)) => {
                kinds.iter_mut().filter(|(name, _)| *name == kind.name()).for_each(|(_, count)| *count += 1);
            }
            (Role::Media, None) => unknown += 1,
            _ => repairs += 1,
        }
    }
    kinds.extend([("of unknown kind", unknown), ("that repair others", repairs)]);
    let parts: Vec<String> = kinds
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{} {name}", grouped(*count)))
        .collect();
    format!("{}: {}", counted(all, "stream", "streams"), parts.join(", "))
}

/// Who sends to whom, on which path, and how much.
fn heading(direction: &Direction<'_>) -> Vec<Cell> {
    let mut parts = Vec::new();
    if let Some([sender, receiver]) = &direction.who {
        parts.push(Cell::painted(format!("{sender} ▸ {receiver}"), Paint::Notice));
    }
    if let Some(stream) = direction.streams.first() {
        let (arrow, paint) = if parts.is_empty() { ('▸', Paint::Notice) } else { ('→', Paint::Plain) };
        let mut path = format!("{} {arrow} {}", stream.source, stream.destination);
        let mut servers: Vec<&str> = stream.legs.iter().filter_map(|leg| leg.via.as_deref()).collect();
        servers.dedup();
        if !servers.is_empty() {
            path.push_str(&format!(" through TURN {}", servers.join(" and ")));
        }
        parts.push(Cell::painted(path, paint));
    }
    let amount = Amount::of(direction.streams.iter().copied());
    parts.push(Cell::painted(amount.told(), Paint::Quiet));
    parts.push(amount.lost());
    parts
}
