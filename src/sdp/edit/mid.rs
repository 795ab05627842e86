//! Another name for an m-line.

use super::place::{append, rewrite};
use super::{EditError, Scope};
use crate::sdp::attribute::{Group, Key, Mid, Typed};
use crate::sdp::document::Document;
use crate::text::Edit;

/// Names the m-line in scope `mid`, in its own line and in every group.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, set_mid};
/// let text = b"a=group:BUNDLE 0\nm=audio 9 RTP/AVP 0\na=mid:0\n";
/// let edited = Editor::new(text).edit(|document| set_mid(document, Scope::Mid("0"), "a"))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "a=group:BUNDLE a\nm=audio 9 RTP/AVP 0\na=mid:a\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`] where the scope is not one m-line; [`EditError::MidTaken`];
/// [`EditError::Value`] where `mid` is no token.
pub fn set_mid(document: &Document<'_>, scope: Scope<'_>, mid: &str) -> Result<Vec<Edit>, EditError> {
    if let Err(fault) = Mid::parse_value(mid) {
        let span = crate::text::Span::new(0, mid.len());
        let error = crate::sdp::Error { span, expected: fault.expected, found: crate::sdp::error::excerpt(mid) };
        return Err(EditError::Value { error });
    }
    let sections = scope.sections(document)?;
    let [section] = sections.as_slice() else {
        return Err(EditError::NoSuchSection { scope: scope.to_string().into() });
    };
    if section.mid() == Some(mid) {
        return Ok(Vec::new());
    }
    if document.media_by_mid(mid).is_some() {
        return Err(EditError::MidTaken { mid: mid.into() });
    }
    let content = format!("a=mid:{mid}");
    let Some(line) = section.attribute_lines(Key::Mid).next() else { return Ok(vec![append(section, &content)]) };
    let mut edits = vec![rewrite(line, content)];
    let Some(old) = section.mid() else { return Ok(edits) };
    for (line, _) in document.session().lines_with::<Group<'_>>() {
        let members = line.words().skip(1).filter(|word| word.value == old.as_bytes());
        edits.extend(members.map(|word| Edit::replace(word.span, mid)));
    }
    Ok(edits)
}
