//! ICE credentials, fingerprints and DTLS roles.

use super::place::{append, delete, rewrite};
use super::{EditError, Scope};
use crate::sdp::attribute::{Candidate, Fingerprint, IcePwd, IceUfrag, Key, Setup, Typed};
use crate::sdp::document::{Document, Section};
use crate::sdp::line::Line;
use crate::text::Edit;

/// `value` must be one that the attribute's grammar takes.
fn checked<'v, T: Typed<'v>>(value: &'v str) -> Result<(), EditError> {
    T::parse_value(value).map(|_| ()).map_err(|fault| {
        let error = crate::sdp::Error {
            span: crate::text::Span::new(0, value.len()),
            expected: fault.expected,
            found: if T::KEY == Key::IcePwd { "(not shown)".into() } else { crate::sdp::error::excerpt(value) },
        };
        EditError::Value { error }
    })
}

/// The sections in scope that say it themselves, or where none does, all in scope and the session level if it
/// says it: a value set there would otherwise have no effect or stand twice.
fn set(document: &Document<'_>, scope: Scope<'_>, key: Key, content: &str) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    let mut sections = scope.sections(document)?;
    if scope == Scope::All {
        sections.push(document.session());
    }
    let said = sections.iter().any(|section| section.has(key));
    let first: Vec<Section<'_, '_>> = sections.iter().filter(|section| section.has(key)).copied().collect();
    let chosen = if said { first } else { sections.into_iter().filter(|section| section.index().is_some()).collect() };
    for section in chosen {
        let mut old = section.attribute_lines(key);
        match old.next() {
            Some(line) if line.content() == content.as_bytes() => {}
            Some(line) => edits.push(rewrite(line, content)),
            None => edits.push(append(&section, content)),
        }
        edits.extend(old.map(delete));
    }
    Ok(edits)
}

/// Replaces the ICE credentials of the sections in scope; candidates that name their user fragment follow.
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::Value`] where one is too short or has other characters.
pub fn set_ice_credentials(
    document: &Document<'_>,
    scope: Scope<'_>,
    ufrag: &str,
    pwd: &str,
) -> Result<Vec<Edit>, EditError> {
    checked::<IceUfrag<'_>>(ufrag)?;
    checked::<IcePwd<'_>>(pwd)?;
    let mut edits = set(document, scope, Key::IceUfrag, &format!("a=ice-ufrag:{ufrag}"))?;
    edits.extend(set(document, scope, Key::IcePwd, &format!("a=ice-pwd:{pwd}"))?);
    for section in scope.sections(document)? {
        edits.extend(section.lines_with::<Candidate<'_>>().filter_map(|(line, _)| rename(line, ufrag)));
    }
    Ok(edits)
}

fn rename(line: &Line<'_>, ufrag: &str) -> Option<Edit> {
    let mut words = line.words().skip(8).skip_while(|word| word.value != b"ufrag");
    words.next()?;
    words.next().map(|word| Edit::replace(word.span, ufrag))
}

/// Replaces the fingerprints of the sections in scope by one.
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::Value`] where it is not one.
pub fn set_fingerprint(
    document: &Document<'_>,
    scope: Scope<'_>,
    hash_function: &str,
    hash: &str,
) -> Result<Vec<Edit>, EditError> {
    let value = format!("{hash_function} {hash}");
    checked::<Fingerprint<'_>>(&value)?;
    set(document, scope, Key::Fingerprint, &format!("a=fingerprint:{value}"))
}

/// Sets the DTLS role of the sections in scope.
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn set_setup(document: &Document<'_>, scope: Scope<'_>, setup: Setup) -> Result<Vec<Edit>, EditError> {
    set(document, scope, Key::Setup, &format!("a=setup:{setup}"))
}
