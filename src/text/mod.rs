//! Places in a text: spans of bytes, edits as a span and a replacement, and lines and columns for showing.
//!
//! Everything that reads or changes text works in byte offsets; a line and a column are computed only when
//! something is shown to a person.

mod edit;
mod line_index;
mod span;

pub use edit::{ApplyError, Edit, apply, invert};
pub use line_index::{LineIndex, Position};
pub use span::{Span, Spanned};
