//! A stream second by second.

use std::io::{self, Write};

use crate::report::model::Stream;
use crate::report::text::Layout;
use crate::report::text::number::{bits_per_second, counted, grouped, offset};
use crate::report::text::paint::{Cell, Paint};
use crate::report::text::table::{Column, Table};

/// Seconds shown: five minutes.
const SECONDS: usize = 300;

/// Writes a line for each second, where they are kept.
pub(super) fn render(stream: &Stream, layout: Layout, indent: usize, out: &mut dyn Write) -> io::Result<()> {
    let Some(series) = &stream.traffic.series else { return Ok(()) };
    let mut table = Table::new(vec![
        Column::number("second"),
        Column::number("packets"),
        Column::number("bitrate"),
        Column::number("frames"),
        Column::number("missing"),
        Column::text(""),
    ]);
    let most = series.iter().map(|entry| entry.bytes).max().unwrap_or(0).max(1);
    let shown = if layout.all { series.len() } else { SECONDS };
    for entry in series.iter().take(shown) {
        let frames = if stream.frames_received.is_some() { grouped(entry.frames.into()) } else { String::new() };
        let missing = match entry.missing {
            0 => Cell::new("-"),
            missing => Cell::painted(grouped(missing.into()), Paint::Warning),
        };
        table.push(vec![
            Cell::painted(offset(entry.time), Paint::Quiet),
            Cell::new(grouped(entry.packets.into())),
            Cell::new(bits_per_second(entry.bytes as f64 * 8.0)),
            Cell::new(frames),
            missing,
            Cell::painted(bar(entry.bytes, most), Paint::Quiet),
        ]);
    }
    table.render(indent, layout.width, out)?;
    let left = series.len().saturating_sub(shown) as u64;
    if left > 0 {
        let more = counted(left, "more second", "more seconds");
        writeln!(out, "{}{more}; --all shows every one", " ".repeat(indent))?;
    }
    Ok(())
}

/// A bar of at most twenty cells.
fn bar(bytes: u64, most: u64) -> String {
    let cells = (u128::from(bytes) * 20).div_ceil(u128::from(most));
    "█".repeat(usize::try_from(cells).unwrap_or(20).min(20))
}
