//! Fewer simulcast layers, or none.

use std::collections::BTreeSet;

use super::place::{delete, rewrite};
use super::{EditError, Scope};
use crate::sdp::attribute::{Key, Rid, RidDirection, Simulcast, Ssrc, SsrcGroup};
use crate::sdp::document::{Document, Section};
use crate::text::Edit;

/// The first `layers` of the streams that are sent stay, of `a=simulcast` and its rids as of `ssrc-group:SIM`
/// and its sources. With one layer left nothing is simulcast any more, and those lines go.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, limit_simulcast};
/// let text = b"m=video 9 RTP/AVP 96\na=rid:h send\na=rid:m send\na=rid:l send\na=simulcast:send h;m;l\n";
/// let edited = Editor::new(text).edit(|document| limit_simulcast(document, Scope::All, 2))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVP 96\na=rid:h send\na=rid:m send\n\
///     a=simulcast:send h;m\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn limit_simulcast(document: &Document<'_>, scope: Scope<'_>, layers: usize) -> Result<Vec<Edit>, EditError> {
    let layers = layers.max(1);
    let mut edits = Vec::new();
    for section in scope.sections(document)? {
        limit_rids(&section, layers, &mut edits);
        limit_sources(&section, layers, &mut edits);
    }
    Ok(edits)
}

/// No simulcast: one stream a section.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, Scope, drop_simulcast};
/// let text = b"m=video 9 RTP/AVP 96\na=rid:h send\na=rid:m send\na=rid:l send\na=simulcast:send h;m;l\n";
/// let edited = Editor::new(text).edit(|document| drop_simulcast(document, Scope::All))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=video 9 RTP/AVP 96\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSuchSection`].
pub fn drop_simulcast(document: &Document<'_>, scope: Scope<'_>) -> Result<Vec<Edit>, EditError> {
    let mut edits = limit_simulcast(document, scope, 1)?;
    for section in scope.sections(document)? {
        let receives = section.value::<Simulcast<'_>>().filter(|simulcast| simulcast.send.is_none());
        if receives.is_some() {
            edits.extend(
                section.lines().iter().filter(|line| matches!(line.key(), Key::Simulcast | Key::Rid)).map(delete),
            );
        }
        let flags =
            section.attribute_lines(Key::XGoogleFlag).filter(|line| line.attribute_value() == Some(b"conference"));
        edits.extend(flags.map(delete));
    }
    Ok(edits)
}

fn limit_rids(section: &Section<'_, '_>, layers: usize, edits: &mut Vec<Edit>) {
    let Some((line, simulcast)) = section.lines_with::<Simulcast<'_>>().find(|(_, simulcast)| simulcast.send.is_some())
    else {
        return;
    };
    let Some(list) = simulcast.send.filter(|list| list.split(';').count() > layers || layers == 1) else { return };
    if layers == 1 {
        let all = section.lines().iter().filter(|line| matches!(line.key(), Key::Simulcast | Key::Rid));
        edits.extend(all.map(delete));
        return;
    }
    let kept: Vec<&str> = list.split(';').take(layers).collect();
    let short = kept.join(";");
    let names: BTreeSet<&str> =
        kept.iter().flat_map(|stream| stream.split(',')).map(|id| id.trim_start_matches('~')).collect();
    edits.push(rewrite(line, format!("a=simulcast:{}", Simulcast { send: Some(&short), ..simulcast })));
    let gone = section
        .lines_with::<Rid<'_>>()
        .filter(|(_, rid)| rid.direction == RidDirection::Send && !names.contains(rid.id));
    edits.extend(gone.map(|(line, _)| delete(line)));
}

fn limit_sources(section: &Section<'_, '_>, layers: usize, edits: &mut Vec<Edit>) {
    let mut gone: BTreeSet<u32> = BTreeSet::new();
    for (line, group) in section.lines_with::<SsrcGroup<'_>>().filter(|(_, group)| group.semantics == "SIM") {
        if group.ids().count() <= layers && layers > 1 {
            continue;
        }
        gone.extend(group.ids().skip(layers));
        let kept: Vec<String> = group.ids().take(layers).map(|id| id.to_string()).collect();
        edits.push(if layers == 1 {
            delete(line)
        } else {
            rewrite(line, format!("a=ssrc-group:SIM {}", kept.join(" ")))
        });
    }
    for (line, group) in section.lines_with::<SsrcGroup<'_>>().filter(|(_, group)| group.semantics != "SIM") {
        if group.ids().next().is_some_and(|first| gone.contains(&first)) {
            gone.extend(group.ids().skip(1));
            edits.push(delete(line));
        }
    }
    let sources = section.lines_with::<Ssrc<'_>>().filter(|(_, source)| gone.contains(&source.id));
    edits.extend(sources.map(|(line, _)| delete(line)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    const TEXT: &[u8] = b"m=video 9 RTP/AVP 96\na=rid:h send\na=rid:m send\na=rid:l send\na=simulcast:send h;m;~l\n\
        a=ssrc-group:SIM 1 2 3\na=ssrc-group:FID 1 11\na=ssrc-group:FID 3 13\na=ssrc:1 cname:x\na=ssrc:3 cname:x\na=ssrc:13 cname:x\n";

    #[test]
    fn layers_go_from_the_end_with_all_that_is_theirs() {
        let edits = limit_simulcast(&Document::parse(TEXT), Scope::All, 2).unwrap();
        assert_eq!(
            String::from_utf8(apply(TEXT, &edits).unwrap()).unwrap(),
            "m=video 9 RTP/AVP 96\na=rid:h send\na=rid:m send\na=simulcast:send h;m\na=ssrc-group:SIM 1 2\n\
             a=ssrc-group:FID 1 11\na=ssrc:1 cname:x\n"
        );
        let edits = drop_simulcast(&Document::parse(TEXT), Scope::All).unwrap();
        assert_eq!(apply(TEXT, &edits).unwrap(), b"m=video 9 RTP/AVP 96\na=ssrc-group:FID 1 11\na=ssrc:1 cname:x\n");
    }
}
