//! The lines above and below the tree of a message.

use std::io::{self, Write};

use crate::report::text::{Cell, Paint};

/// Writes what a message is, and more of it behind.
pub(super) fn heading(title: &str, rest: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    Cell::painted(title, Paint::Title).append_to(&mut line);
    Cell::new(rest).append_to(&mut line);
    writeln!(out, "{line}")
}

/// Writes a line of one colour.
pub(super) fn painted(words: &str, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    Cell::painted(words, paint).append_to(&mut line);
    writeln!(out, "{line}")
}
