//! Limits on the rate: `b=` lines.

use super::place::{delete, insert_in_order};
use super::{EditError, Scope};
use crate::sdp::document::Document;
use crate::sdp::line::LineType;
use crate::sdp::value::{Bandwidth, Value};
use crate::text::Edit;

/// Sets the limit of this kind (`AS` in kbit/s, `TIAS` in bit/s) in each section in scope.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, set_bandwidth};
/// let text = b"m=audio 9 RTP/AVP 0\nb=AS:64\n";
/// let edited = Editor::new(text).edit(|document| set_bandwidth(document, Scope::Kind("audio"), "AS", 32))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\nb=AS:32\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn set_bandwidth(
    document: &Document<'_>,
    scope: Scope<'_>,
    kind: &str,
    limit: u64,
) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    for section in scope.sections(document)? {
        let content = format!("b={kind}:{limit}");
        let mut old = section.lines_of(LineType::Bandwidth).filter(|line| of_kind(line, Some(kind)).is_some());
        match old.next() {
            Some(line) if line.content() == content.as_bytes() => {}
            Some(line) => edits.push(Edit::replace(line.span(), content)),
            None => edits.push(insert_in_order(&section, LineType::Bandwidth, &content)),
        }
        edits.extend(old.map(delete));
    }
    Ok(edits)
}

/// Removes the limits of this kind, or of every kind, in each section in scope.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, remove_bandwidth};
/// let text = b"m=audio 9 RTP/AVP 0\nb=AS:64\nb=RR:0\n";
/// let edited = Editor::new(text).edit(|document| remove_bandwidth(document, Scope::All, Some("AS")))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\nb=RR:0\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn remove_bandwidth(document: &Document<'_>, scope: Scope<'_>, kind: Option<&str>) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    let lines = sections.iter().flat_map(|section| section.lines_of(LineType::Bandwidth));
    Ok(lines.filter(|line| of_kind(line, kind).is_some()).map(delete).collect())
}

fn of_kind<'a>(line: &crate::sdp::Line<'a>, kind: Option<&str>) -> Option<Bandwidth<'a>> {
    match line.parse() {
        Ok(Value::Bandwidth(bandwidth)) if kind.is_none_or(|kind| kind == bandwidth.kind) => Some(bandwidth),
        _ => None,
    }
}
