//! Who sends.

use super::place::{append, delete, rewrite};
use super::{EditError, Scope};
use crate::sdp::attribute::Direction;
use crate::sdp::document::Document;
use crate::text::Edit;

/// Sets the direction of each section in scope.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, set_direction};
/// # use rtcscope::sdp::Direction;
/// let text = b"m=audio 9 RTP/AVP 0\na=sendrecv\n";
/// let edited = Editor::new(text).edit(|document| set_direction(document, Scope::All, Direction::Inactive))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\na=inactive\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn set_direction(document: &Document<'_>, scope: Scope<'_>, direction: Direction) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    for section in scope.sections(document)? {
        let content = format!("a={direction}");
        let mut old = section.lines().iter().filter(|line| Direction::from_key(line.key()).is_some());
        match old.next() {
            Some(line) if Direction::from_key(line.key()) == Some(direction) => {}
            Some(line) => edits.push(rewrite(line, content)),
            None => edits.push(append(&section, &content)),
        }
        edits.extend(old.map(delete));
    }
    Ok(edits)
}
