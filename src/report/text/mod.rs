//! The document for people.
//!
//! Takes a [`Document`] and gives lines: a header, the calls with their ladders, the ICE sessions, the TURN servers with their
//! allocations, the media streams, the TLS connections, the NATs, the findings. Colours are always written, as ANSI sequences; who writes to something that does not understand them strips them on the
//! way (`anstream::StripStream`). Text from the wire is made [`plain`] first: it cannot move the cursor, change colours or turn the line
//! around.

mod allocations;
mod calls;
mod encrypted;
mod findings;
mod header;
mod line;
mod media;
mod nat;
mod number;
mod outcome;
mod paint;
mod sessions;
mod table;
mod timeline;

use std::io::{self, Write};

use crate::report::model::Document;

pub use line::{plain, wrap};
pub use number::{bytes, duration, grouped, offset};
pub use paint::{Cell, Paint};
pub use table::{Align, Column, Table};

/// How the text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Columns of the terminal or the page.
    pub width: usize,
    /// Show every session, pair, allocation and finding.
    pub all: bool,
    /// Show the whole sheet of each media stream.
    pub streams: bool,
}

impl Default for Layout {
    /// 160 columns, abbreviated.
    fn default() -> Self {
        Self { width: 160, all: false, streams: false }
    }
}

/// Writes `document`.
///
/// # Errors
///
/// Those of `out`.
pub fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    header::render(document, layout, out)?;
    calls::render(document, layout, out)?;
    sessions::render(document, layout, out)?;
    allocations::render(document, layout, out)?;
    media::render(document, layout, out)?;
    encrypted::render(document, layout, out)?;
    nat::render(document, layout, out)?;
    findings::render(document, layout, out)
}
