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

/// `content` as a line of this type where the order of RFC 8866 wants it: before the first line that comes later.
pub(super) fn insert_in_order(section: &Section<'_, '_>, line_type: LineType, content: &str) -> Edit {
    let rank = |line_type: LineType| line_type.rank().map_or(0, |(rank, _)| rank);
    let later = section.lines().iter().position(|line| rank(line.line_type()) > rank(line_type));
    match later.map(|later| (later.checked_sub(1), section.lines().get(later))) {
        Some((Some(before), _)) => {
            section.lines().get(before).map_or_else(|| append(section, content), |line| insert_after(line, content))
        }
        Some((None, Some(first))) => {
            Edit::insert(first.span().start, [content.as_bytes(), first.ending().bytes()].concat())
        }
        _ => append(section, content),
    }
}
