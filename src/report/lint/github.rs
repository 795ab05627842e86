//! Workflow commands of GitHub Actions: annotations on the lines of a change.

use std::io::{self, Write};

use super::row::Row;

/// Writes one command a row: `::error file=…,line=…,…::message`.
///
/// # Errors
///
/// Those of `out`.
pub fn github(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    for row in rows {
        let command = match row.severity {
            "error" => "error",
            "warning" => "warning",
            _ => "notice",
        };
        // Annotations find their file by its path in the repository.
        write!(out, "::{command} file={}", property(row.file.strip_prefix("./").unwrap_or(&row.file)))?;
        // A column range must stay on one line; lines of a description in another file are none of that file.
        if row.description.is_none() {
            write!(out, ",line={}", row.line)?;
            if row.end_line == row.line {
                write!(out, ",col={},endColumn={}", row.column, row.end_column)?;
            } else {
                write!(out, ",endLine={}", row.end_line)?;
            }
        }
        writeln!(out, ",title={}::{}", property(row.rule), data(&row.told()))?;
    }
    Ok(())
}

/// Text behind the `::`, as the runner unescapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which may hold neither `:` nor `,` besides.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
        assert_eq!(data("one\ntwo: 100%"), "one%0Atwo: 100%25");
    }
}
