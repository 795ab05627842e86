//! From a byte offset to what an editor shows: line and column.

/// A place as a person counts: both from 1.
///
/// It exists beside [`Span`](super::Span) because editors and compilers count so; nothing in here computes with it.
///
/// ```
/// # use rtcscope::text::{LineIndex, Position};
/// assert_eq!(LineIndex::new(b"v=0\no=-\n").position(4), Position { line: 2, column: 1 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters; bytes that are not UTF-8 count one each.
    pub column: usize,
}

/// Where the lines of a text start. A line ends with CRLF, LF or a CR that stands alone.
///
/// Made once for a text, so that many places can be shown without counting its lines again for each.
///
/// ```
/// # use rtcscope::text::LineIndex;
/// let index = LineIndex::new(b"v=0\r\no=-\r\n");
/// assert_eq!([0, 5, 7].map(|offset| index.position(offset).line), [1, 2, 2]);
/// ```
#[derive(Debug, Clone)]
pub struct LineIndex<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
    /// How many characters stand before some offsets, each of which begins a character; none where every byte is one.
    counted: Vec<(usize, usize)>,
}

/// Bytes between two places that characters are counted at: a line may be a megabyte, and have thousands of places to show.
const STEP: usize = 1_024;

/// The number of characters; a byte that is part of none counts as one.
fn characters(text: &[u8]) -> usize {
    text.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

/// How many characters stand before every [`STEP`] bytes or so.
fn counted(text: &[u8]) -> Vec<(usize, usize)> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut counted = vec![(0, 0)];
    let (mut offset, mut count, mut next) = (0_usize, 0_usize, STEP);
    for chunk in text.utf8_chunks() {
        let broken = chunk.invalid().iter().map(|_| 1);
        for length in chunk.valid().chars().map(char::len_utf8).chain(broken) {
            if offset >= next {
                counted.push((offset, count));
                next = offset.saturating_add(STEP);
            }
            offset += length;
            count += 1;
        }
    }
    counted
}

impl<'a> LineIndex<'a> {
    /// Reads `text` once.
    ///
    /// ```
    /// # use rtcscope::text::{LineIndex, Position};
    /// assert_eq!(LineIndex::new(b"").position(0), Position { line: 1, column: 1 });
    /// ```
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        let mut starts = vec![0];
        let mut bytes = text.iter().enumerate().peekable();
        while let Some((offset, byte)) = bytes.next() {
            let followed_by_lf = bytes.peek().is_some_and(|(_, next)| **next == b'\n');
            if *byte == b'\n' || (*byte == b'\r' && !followed_by_lf) {
                starts.push(offset + 1);
            }
        }
        Self { text, starts, counted: counted(text) }
    }

    /// Line and column of the byte at `offset`; an offset behind the end is taken as the end.
    ///
    /// ```
    /// use rtcscope::text::{LineIndex, Position};
    ///
    /// let index = LineIndex::new("v=0\r\ns=é!\r\n".as_bytes());
    /// assert_eq!(index.position(9), Position { line: 2, column: 4 });
    /// ```
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or(0);
        let column = self.before(offset).saturating_sub(self.before(start));
        Position { line, column: column.saturating_add(1) }
    }

    /// The offset at which the line of `offset` starts.
    ///
    /// ```
    /// # use rtcscope::text::LineIndex;
    /// assert_eq!(LineIndex::new(b"v=0\r\ns=-\r\n").line_start(7), 5);
    /// ```
    #[must_use]
    pub fn line_start(&self, offset: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= offset);
        line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or(0)
    }

    /// How many characters stand before `offset`.
    fn before(&self, offset: usize) -> usize {
        let place = self.counted.partition_point(|(at, _)| *at <= offset);
        let Some((at, count)) = place.checked_sub(1).and_then(|place| self.counted.get(place)) else { return offset };
        count.saturating_add(characters(self.text.get(*at..offset).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_ending_counts_once() {
        let index = LineIndex::new(b"a\r\nb\nc\rd");
        let lines: Vec<usize> = (0..=8).map(|offset| index.position(offset).line).collect();
        assert_eq!(lines, [1, 1, 1, 2, 2, 3, 3, 4, 4]);
    }

    #[test]
    fn bytes_that_are_not_utf8_count_one_each() {
        let index = LineIndex::new(b"s=\xff\xfeab");
        assert_eq!(index.position(4).column, 5);
    }

    #[test]
    fn columns_of_a_long_line_are_those_of_its_characters() {
        let text = "ä€x\u{10348}".repeat(2_000);
        let text = [b"s=-\n".as_slice(), text.as_bytes(), b"\xff\xfe", "é".repeat(900).as_bytes()].concat();
        let index = LineIndex::new(&text);
        for offset in (4..text.len()).step_by(37) {
            let expected = characters(&text[4..offset]) + 1;
            assert_eq!(index.position(offset), Position { line: 2, column: expected }, "{offset}");
        }
    }

    #[test]
    fn an_offset_behind_the_end_is_the_end() {
        assert_eq!(LineIndex::new(b"ab").position(99), Position { line: 1, column: 3 });
    }
}
