//! Where new lines go, and how old ones go away.

use crate::sdp::document::Section;
use crate::sdp::line::{Ending, Line, LineType};
use crate::text::{Edit, Span};

/// The line goes, its ending too.
pub(super) fn delete(line: &Line<'_>) -> Edit {
    Edit::delete(line.full_span())
}

/// The line's content gives way; its ending stays.
pub(super) fn rewrite(line: &Line<'_>, content: impl Into<Vec<u8>>) -> Edit {
    Edit::replace(line.span(), content)
}

/// The first byte of a line is the first one of its value at `offset` in it.
pub(super) fn part(line: &Line<'_>, start: usize, end: usize) -> Span {
    Span::new(line.span().start + start, line.span().start + end)
}

/// `content` as a line behind `line`, with the same ending.
pub(super) fn insert_after(line: &Line<'_>, content: &str) -> Edit {
    let at = line.full_span().end;
    match line.ending() {
        Ending::None => Edit::insert(at, format!("\r\n{content}")),
        ending => Edit::insert(at, [content.as_bytes(), ending.bytes()].concat()),
    }
}

/// `content` as the last line of the section; as the first of the text where the section has no line.
pub(super) fn append(section: &Section<'_, '_>, content: &str) -> Edit {
    match section.lines().last() {
        Some(line) => insert_after(line, content),
        None => Edit::insert(section.span().start, format!("{content}\r\n")),
    }
}

/// `content` behind the last line of the section that is of one of `types`, else behind its first line.
pub(super) fn insert_behind(section: &Section<'_, '_>, types: &[LineType], content: &str) -> Edit {
    let lines = section.lines();
    let last = lines.iter().rev().find(|line| types.contains(&line.line_type()));
    match last.or_else(|| lines.first()) {
        Some(line) => insert_after(line, content),
        None => append(section, content),
    }
}
