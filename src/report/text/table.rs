//! Aligned tables that break into several lines a row where the page is narrow.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::line::wrap;
use super::paint::{Cell, Paint};

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: &'static str,
    /// On which side its cells stand.
    pub align: Align,
    /// Whether a row that does not fit on one line is broken before it.
    pub breaks: bool,
}

impl Column {
    /// A column of text.
    #[must_use]
    pub const fn text(title: &'static str) -> Self {
        Self { title, align: Align::Left, breaks: false }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn number(title: &'static str) -> Self {
        Self { title, align: Align::Right, breaks: false }
    }

    /// The same, begun on a new line where the page is narrow.
    #[must_use]
    pub const fn breaking(self) -> Self {
        Self { breaks: true, ..self }
    }
}

/// Rows under titles. A column without a single text is left out.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Row>,
}

/// What stands on a line of a table.
#[derive(Debug, Clone)]
enum Row {
    /// A text for each column.
    Cells(Vec<Cell>),
    /// Texts that no column holds, so many columns further in.
    Across(usize, Vec<Cell>),
}

/// Columns between two cells.
const GAP: usize = 2;
/// How much further in the second and later lines of a row begin.
const HANG: usize = 4;
/// Columns between two texts that no column holds.
const PARTED: usize = 3;

impl Table {
    /// A table without rows.
    #[must_use]
    pub const fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Appends a row; missing cells are empty.
    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(Row::Cells(row));
    }

    /// Appends texts that stand across the columns, `further` in: a title of the rows below it, or a remark on the one above.
    pub fn across(&mut self, further: usize, parts: Vec<Cell>) {
        self.rows.push(Row::Across(further, parts));
    }

    /// Writes the table, its first column `indent` in, on lines of at most `width` columns as far as single cells allow.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(&self, indent: usize, width: usize, out: &mut dyn Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let widths = self.widths();
        let lines = self.lines(&widths, indent, width);
        let titles: Vec<Cell> = self.columns.iter().map(|column| Cell::painted(column.title, Paint::Quiet)).collect();
        if self.columns.iter().any(|column| !column.title.is_empty()) {
            self.row(&titles, &widths, &lines, indent, out)?;
        }
        self.rows.iter().try_for_each(|row| match row {
            Row::Cells(cells) => self.row(cells, &widths, &lines, indent, out),
            Row::Across(further, parts) => across(parts, indent + further, width, out),
        })
    }

    fn widths(&self) -> Vec<usize> {
        let widest = |place: usize, column: &Column| {
            let cells = self.rows.iter().filter_map(|row| match row {
                Row::Cells(cells) => cells.get(place),
                Row::Across(..) => None,
            });
            match cells.map(Cell::width).max() {
                None | Some(0) => 0,
                Some(cell) => cell.max(column.title.width()),
            }
        };
        self.columns.iter().enumerate().map(|(place, column)| widest(place, column)).collect()
    }

    /// Which columns stand on which line of a row.
    fn lines(&self, widths: &[usize], indent: usize, width: usize) -> Vec<Vec<usize>> {
        let shown = || widths.iter().enumerate().filter(|(_, column)| **column > 0);
        let gaps = shown().count().saturating_sub(1) * GAP;
        if indent + gaps + widths.iter().sum::<usize>() <= width {
            return vec![shown().map(|(place, _)| place).collect()];
        }
        let mut lines = Vec::new();
        let mut line = Vec::new();
        let mut used = indent;
        for (place, column) in shown() {
            let wanted = self.columns.get(place).is_some_and(|column| column.breaks);
            let gap = if line.is_empty() { 0 } else { GAP };
            if !line.is_empty() && (wanted || used + gap + column > width) {
                lines.push(std::mem::take(&mut line));
                used = indent + HANG + column;
            } else {
                used += gap + column;
            }
            line.push(place);
        }
        lines.push(line);
        lines
    }

    fn row(
        &self,
        row: &[Cell],
        widths: &[usize],
        lines: &[Vec<usize>],
        indent: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for (number, places) in lines.iter().enumerate() {
            let mut line = " ".repeat(indent + if number == 0 { 0 } else { HANG });
            let mut gap = 0;
            for place in places {
                let (Some(column), Some(width)) = (self.columns.get(*place), widths.get(*place)) else { continue };
                let cell = row.get(*place).cloned().unwrap_or_default();
                let room = width.saturating_sub(cell.width());
                let (before, after) = match column.align {
                    Align::Left => (0, room),
                    Align::Right => (room, 0),
                };
                line.push_str(&" ".repeat(gap + before));
                cell.append_to(&mut line);
                gap = after + GAP;
            }
            let line = line.trim_end();
            if !line.is_empty() {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }
}

/// Writes `parts` after one another on as few lines as they fit on; one that is wider than a line is broken at its spaces.
fn across(parts: &[Cell], indent: usize, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let room = width.saturating_sub(indent);
    let mut line = String::new();
    let mut used = 0;
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let pieces = if part.width() > room { wrap(part.text(), room) } else { vec![part.text().to_owned()] };
        for piece in pieces {
            let piece = part.like(piece);
            let gap = if used == 0 { 0 } else { PARTED };
            if used > 0 && used + gap + piece.width() > room {
                writeln!(out, "{}{line}", " ".repeat(indent))?;
                line.clear();
                used = 0;
            } else {
                line.push_str(&" ".repeat(gap));
                used += gap;
            }
            piece.append_to(&mut line);
            used += piece.width();
        }
    }
    if used > 0 { writeln!(out, "{}{line}", " ".repeat(indent)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(table: &Table, width: usize) -> String {
        let mut out = Vec::new();
        table.render(2, width, &mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    fn sample() -> Table {
        let mut table = Table::new(vec![Column::text("pair"), Column::text("empty"), Column::number("sent")]);
        table.push(vec![Cell::new("a → b"), Cell::default(), Cell::new("7")]);
        table.push(vec![Cell::new("日本 → c"), Cell::default(), Cell::new("12")]);
        table
    }

    #[test]
    fn columns_are_aligned_by_what_they_take_on_screen() {
        assert_eq!(shown(&sample(), 80), "  pair      sent\n  a → b        7\n  日本 → c    12\n");
    }

    #[test]
    fn a_narrow_page_breaks_rows_between_columns() {
        assert_eq!(shown(&sample(), 12), "  pair\n      sent\n  a → b\n         7\n  日本 → c\n        12\n");
    }

    #[test]
    fn what_no_column_holds_is_broken_between_its_parts() {
        let mut table = sample();
        table.across(2, vec![Cell::new("a remark"), Cell::default(), Cell::new("and one more of them")]);
        let text = shown(&table, 20);
        assert!(text.ends_with("  日本 → c    12\n    a remark\n    and one more of\n    them\n"), "{text}");
        assert!(shown(&table, 80).ends_with("    a remark   and one more of them\n"));
    }
}
