//! The document as JSON, whole.

use std::io::{self, Write};

use serde::Serialize;

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Indented by two spaces, for people.
    #[default]
    Pretty,
    /// On one line.
    Compact,
}

/// Writes `value`, a [`Document`](super::model::Document) or any other published value, and a line feed. Several values are written one
/// after another.
///
/// # Errors
///
/// Those of `out`.
pub fn render(value: &impl Serialize, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    match layout {
        Layout::Pretty => serde_json::to_writer_pretty(&mut *out, value)?,
        Layout::Compact => serde_json::to_writer(&mut *out, value)?,
    }
    out.write_all(b"\n")
}
