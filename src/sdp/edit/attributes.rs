//! Any attribute, by its name.

use super::place::{append, delete};
use super::{EditError, Scope};
use crate::sdp::attribute::Key;
use crate::sdp::document::Document;
use crate::text::Edit;

/// Adds a line `a=<attribute>` at the end of each section in scope.
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
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn strip_sources(document: &Document<'_>, scope: Scope<'_>) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    let lines = sections.iter().flat_map(|section| section.lines());
    Ok(lines.filter(|line| matches!(line.key(), Key::Ssrc | Key::SsrcGroup)).map(delete).collect())
}
