//! Any attribute, by its name.

use super::place::{append, delete};
use super::{EditError, Scope};
use crate::sdp::attribute::Key;
use crate::sdp::document::Document;
use crate::text::Edit;

/// Adds a line `a=<attribute>` at the end of each section in scope.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, add_attribute};
/// let text = b"m=audio 9 RTP/AVP 0\n";
/// let edited = Editor::new(text).edit(|document| add_attribute(document, Scope::All, "rtcp-rsize"))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\na=rtcp-rsize\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::Value`] where the attribute is known and its value makes no
/// sense, or where it holds a line break.
pub fn add_attribute(document: &Document<'_>, scope: Scope<'_>, attribute: &str) -> Result<Vec<Edit>, EditError> {
    let content = format!("a={attribute}");
    let check = Document::parse(content.as_bytes());
    match check.lines() {
        [line] => line.parse().map_err(|error| EditError::Value { error })?,
        lines => {
            let end = lines.first().map_or(0, |line| line.span().end);
            let expected = crate::sdp::Expected::NoControl;
            let span = crate::text::Span::new(end, end + 1);
            return Err(EditError::Value { error: crate::sdp::Error { span, expected, found: "\n".into() } });
        }
    };
    Ok(scope.sections(document)?.iter().map(|section| append(section, &content)).collect())
}

/// Removes the attribute lines of this name from each section in scope.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, remove_attributes};
/// let text = b"m=audio 9 RTP/AVP 0\na=rtcp-rsize\na=mid:0\n";
/// let edited = Editor::new(text).edit(|document| remove_attributes(document, Scope::All, "rtcp-rsize"))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\na=mid:0\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn remove_attributes(document: &Document<'_>, scope: Scope<'_>, name: &str) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    let lines = sections.iter().flat_map(|section| section.lines());
    Ok(lines.filter(|line| line.attribute_name() == Some(name.as_bytes())).map(delete).collect())
}

/// Removes all `a=ssrc` and `a=ssrc-group` lines, as a receiver that goes by mid and rid allows.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, strip_sources};
/// let text = b"m=audio 9 RTP/AVP 0\na=ssrc-group:FID 1 2\na=ssrc:1 cname:x\na=ssrc:2 cname:x\n";
/// let edited = Editor::new(text).edit(|document| strip_sources(document, Scope::All))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn strip_sources(document: &Document<'_>, scope: Scope<'_>) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    let lines = sections.iter().flat_map(|section| section.lines());
    Ok(lines.filter(|line| matches!(line.key(), Key::Ssrc | Key::SsrcGroup)).map(delete).collect())
}
