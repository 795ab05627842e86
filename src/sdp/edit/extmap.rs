//! RTP header extensions.

use super::place::{append, delete, insert_after};
use super::{EditError, Scope};
use crate::sdp::attribute::{Extmap, Key};
use crate::sdp::document::Document;
use crate::text::Edit;

/// Adds a header extension to each section in scope that lacks it, under the id that its bundle has for it, or
/// the lowest one that is free there. Where extensions stand at session level it goes there, for they must not
/// stand at both (RFC 8285, section 6).
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, add_extmap};
/// let text = b"m=video 9 RTP/AVP 96\na=extmap:1 urn:a\n";
/// let edited = Editor::new(text).edit(|document| add_extmap(document, Scope::All, "urn:b"))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVP 96\na=extmap:1 urn:a\na=extmap:2 urn:b\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::NoExtensionIdLeft`].
pub fn add_extmap(document: &Document<'_>, scope: Scope<'_>, uri: &str) -> Result<Vec<Edit>, EditError> {
    let everywhere: Vec<Extmap<'_>> = document.sections().flat_map(|section| section.values()).collect();
    let known = everywhere.iter().find(|extension| extension.uri == uri).map(|extension| extension.id);
    let free = (1..=255).filter(|id| *id != 15).find(|id| everywhere.iter().all(|extension| extension.id != *id));
    let mut edits = Vec::new();
    let mut sections = scope.sections(document)?;
    if document.session().has(Key::Extmap) {
        sections = vec![document.session()];
    }
    for section in sections {
        if section.values::<Extmap<'_>>().any(|extension| extension.uri == uri) {
            continue;
        }
        let media = section.index().unwrap_or_default();
        // Another bundle may have the id that is known for something else.
        let taken = |id: &u32| section.values::<Extmap<'_>>().any(|extension| extension.id == *id);
        let id = known.filter(|id| !taken(id)).or(free).ok_or(EditError::NoExtensionIdLeft { media })?;
        let content = format!("a=extmap:{id} {uri}");
        let last = section.attribute_lines(Key::Extmap).last();
        edits.push(last.map_or_else(|| append(&section, &content), |line| insert_after(line, &content)));
    }
    Ok(edits)
}

/// Removes a header extension from each section in scope.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, remove_extmap};
/// let text = b"m=video 9 RTP/AVP 96\na=extmap:1 urn:a\n";
/// let edited = Editor::new(text).edit(|document| remove_extmap(document, Scope::All, "urn:a"))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVP 96\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn remove_extmap(document: &Document<'_>, scope: Scope<'_>, uri: &str) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    let lines = sections.iter().flat_map(|section| section.lines_with::<Extmap<'_>>());
    Ok(lines.filter(|(_, extension)| extension.uri == uri).map(|(line, _)| delete(line)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    #[test]
    fn an_id_that_the_section_uses_for_something_else_is_not_taken_again() {
        let text = b"m=audio 9 RTP/AVP 0\na=extmap:1 urn:a\nm=video 9 RTP/AVP 96\na=extmap:1 urn:b\n";
        let edits = add_extmap(&Document::parse(text), Scope::All, "urn:b").unwrap();
        let after = apply(text, &edits).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&after),
            "m=audio 9 RTP/AVP 0\na=extmap:1 urn:a\na=extmap:2 urn:b\nm=video 9 RTP/AVP 96\na=extmap:1 urn:b\n"
        );
    }
}
