//! Bytes out as they are: a description must not lose what a terminal would not show.

use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

use crate::cli::fault::Fault;

/// Writes `bytes` to a file, or to standard output.
pub(super) fn bytes(file: Option<&Path>, bytes: &[u8]) -> Result<(), Fault> {
    let Some(path) = file else {
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        return written.map_err(|source| Fault::Write { path: None, source });
    };
    let fault = |source| Fault::Write { path: Some(path.to_string_lossy().into_owned()), source };
    std::fs::write(path, bytes).map_err(fault)
}

/// JSON as text with a line break at its end.
pub(super) fn json(value: &Value, compact: bool) -> Vec<u8> {
    let text = if compact { value.to_string() } else { format!("{value:#}") };
    format!("{text}\n").into_bytes()
}
