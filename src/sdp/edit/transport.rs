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
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, set_ice_credentials};
/// let text = b"m=audio 9 RTP/AVP 0\na=ice-ufrag:old1\na=ice-pwd:0123456789abcdefghijkl\n";
/// let edited = Editor::new(text)
///     .edit(|document| set_ice_credentials(document, Scope::All, "new1", "lkjihgfedcba9876543210"))?
///     .finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\na=ice-ufrag:new1\n\
///     a=ice-pwd:lkjihgfedcba9876543210\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
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
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, set_fingerprint};
/// let hash = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
/// let text = b"m=audio 9 RTP/AVP 0\n";
/// let edited = Editor::new(text).edit(|document| set_fingerprint(document, Scope::All, "md5", hash))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\n\
///     a=fingerprint:md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
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
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, set_setup};
/// # use rtcscope::sdp::Setup;
/// let text = b"m=audio 9 RTP/AVP 0\na=setup:actpass\n";
/// let edited = Editor::new(text).edit(|document| set_setup(document, Scope::All, Setup::Passive))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\na=setup:passive\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn set_setup(document: &Document<'_>, scope: Scope<'_>, setup: Setup) -> Result<Vec<Edit>, EditError> {
    set(document, scope, Key::Setup, &format!("a=setup:{setup}"))
}
