//! Stop an m-line, or take it out.

use std::collections::BTreeSet;

use super::place::{append, delete, rewrite};
use super::{EditError, Scope};
use crate::sdp::attribute::{Group, Key};
use crate::sdp::document::{Document, Section};
use crate::text::Edit;

/// Others of the bundle need an m-line where it carries the transport and they have none of their own.
fn check_bundle(document: &Document<'_>, gone: &BTreeSet<usize>) -> Result<(), EditError> {
    for other in document.media().filter(|other| !is_gone(other, gone)) {
        let owner = other.transport();
        let depends = owner.has(Key::IceUfrag) && !other.has(Key::IceUfrag) && !other.is_rejected();
        if is_gone(&owner, gone) && depends {
            return Err(EditError::CarriesTheBundle { media: owner.index().unwrap_or_default() });
        }
    }
    Ok(())
}

fn is_gone(section: &Section<'_, '_>, gone: &BTreeSet<usize>) -> bool {
    section.index().is_some_and(|index| gone.contains(&index))
}

/// The groups without the mids of `sections`; a group without members goes.
fn ungroup(document: &Document<'_>, sections: &[Section<'_, '_>], only: Option<&str>, edits: &mut Vec<Edit>) {
    let gone: BTreeSet<&str> = sections.iter().filter_map(Section::mid).collect();
    for (line, group) in document.session().lines_with::<Group<'_>>() {
        let meant = only.is_none_or(|semantics| semantics == group.semantics);
        if !meant || !group.mids.iter().any(|mid| gone.contains(mid)) {
            continue;
        }
        let left: Vec<&str> = group.mids.iter().filter(|mid| !gone.contains(mid)).collect();
        edits.push(match left.as_slice() {
            [] => delete(line),
            left => rewrite(line, format!("a=group:{} {}", group.semantics, left.join(" "))),
        });
    }
}

/// The candidates of a bundle stand in its first m-line: where that goes, they move to the next one that stays.
fn move_candidates(document: &Document<'_>, gone: &BTreeSet<usize>, edits: &mut Vec<Edit>) {
    let mut moved: BTreeSet<usize> = BTreeSet::new();
    for heir in document.media().filter(|heir| !is_gone(heir, gone) && !heir.is_rejected()) {
        let owner = heir.transport();
        if !is_gone(&owner, gone) || !moved.insert(owner.index().unwrap_or_default()) || heir.has(Key::Candidate) {
            continue;
        }
        let ours = owner.lines().iter().filter(|line| matches!(line.key(), Key::Candidate | Key::EndOfCandidates));
        edits.extend(ours.map(|line| append(&heir, &String::from_utf8_lossy(line.content()))));
    }
}

fn indexes(sections: &[Section<'_, '_>]) -> BTreeSet<usize> {
    sections.iter().filter_map(Section::index).collect()
}

/// Stops the m-lines in scope: port 0, and out of their bundle (RFC 9143, section 7.4.3). The m-lines stay, as
/// later offers need them to; the candidates of a bundle move to its next m-line.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, stop_media};
/// let text = b"a=group:BUNDLE 0 1\nm=audio 9 RTP/AVP 0\na=mid:0\nm=video 9 RTP/AVP 96\na=mid:1\n";
/// let edited = Editor::new(text).edit(|document| stop_media(document, Scope::Kind("video")))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "a=group:BUNDLE 0\nm=audio 9 RTP/AVP 0\na=mid:0\n\
///     m=video 0 RTP/AVP 96\na=mid:1\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::CarriesTheBundle`].
pub fn stop_media(document: &Document<'_>, scope: Scope<'_>) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    let gone = indexes(&sections);
    check_bundle(document, &gone)?;
    let mut edits = Vec::new();
    for section in &sections {
        let port = section.lines().first().and_then(|line| line.words().nth(1)).filter(|word| word.value != b"0");
        edits.extend(port.map(|word| Edit::replace(word.span, "0")));
        edits.extend(section.attribute_lines(Key::BundleOnly).map(delete));
    }
    move_candidates(document, &gone, &mut edits);
    ungroup(document, &sections, Some("BUNDLE"), &mut edits);
    Ok(edits)
}

/// Takes the m-lines in scope out of the text and out of every group. Right for a first offer only: a later one
/// must keep its m-lines (RFC 3264, section 8), see [`stop_media`].
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, drop_media};
/// let text = b"a=group:BUNDLE 0 1\nm=audio 9 RTP/AVP 0\na=mid:0\nm=video 9 RTP/AVP 96\na=mid:1\n";
/// let edited = Editor::new(text).edit(|document| drop_media(document, Scope::Index(1)))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "a=group:BUNDLE 0\nm=audio 9 RTP/AVP 0\na=mid:0\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`]; [`EditError::CarriesTheBundle`].
pub fn drop_media(document: &Document<'_>, scope: Scope<'_>) -> Result<Vec<Edit>, EditError> {
    let sections = scope.sections(document)?;
    let gone = indexes(&sections);
    check_bundle(document, &gone)?;
    let mut edits: Vec<Edit> = sections.iter().map(|section| Edit::delete(section.span())).collect();
    move_candidates(document, &gone, &mut edits);
    ungroup(document, &sections, None, &mut edits);
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    const TEXT: &str = "v=0\na=group:BUNDLE a v\na=group:LS a v\nm=audio 9 RTP/AVP 0\na=mid:a\na=ice-ufrag:abcd\n\
        m=video 0 RTP/AVP 96\na=mid:v\na=bundle-only\n";

    fn run(edit: impl Fn(&Document<'_>) -> Result<Vec<Edit>, EditError>) -> Result<String, EditError> {
        let edits = edit(&Document::parse(TEXT.as_bytes()))?;
        Ok(String::from_utf8(apply(TEXT.as_bytes(), &edits)?).unwrap())
    }

    #[test]
    fn a_stopped_m_line_leaves_its_bundle_and_a_dropped_one_every_group() {
        let stopped = run(|document| stop_media(document, Scope::Mid("v"))).unwrap();
        assert!(
            stopped.contains("a=group:BUNDLE a\na=group:LS a v\n") && !stopped.contains("bundle-only"),
            "{stopped}"
        );
        let dropped = run(|document| drop_media(document, Scope::Kind("video"))).unwrap();
        assert_eq!(dropped, "v=0\na=group:BUNDLE a\na=group:LS a\nm=audio 9 RTP/AVP 0\na=mid:a\na=ice-ufrag:abcd\n");
    }

    #[test]
    fn the_transport_of_others_cannot_go() {
        let refused = run(|document| drop_media(document, Scope::Index(0)));
        assert_eq!(refused, Err(EditError::CarriesTheBundle { media: 0 }));
        assert_eq!(run(|document| drop_media(document, Scope::All)).unwrap(), "v=0\n");
    }
}
