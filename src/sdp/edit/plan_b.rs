//! Unified Plan to Plan B: one m-line for each kind of media.

use std::collections::BTreeSet;

use super::EditError;
use super::place::{append, delete, rewrite};
use crate::sdp::attribute::{Direction, Group, Key, Msid, Ssrc};
use crate::sdp::document::{Document, Section};
use crate::sdp::line::Line;
use crate::text::Edit;

/// Makes a Plan B description of a Unified Plan one: the tracks of all m-lines of a kind move to the first that
/// is not stopped, as `a=ssrc` lines that name their stream and track, and the other m-lines go, out of their
/// groups too. The first one's codecs and direction hold; it sends and receives if any of them does.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, unified_to_plan_b};
/// let text = b"m=audio 9 RTP/AVP 0\na=mid:0\na=msid:s t\na=ssrc:1 cname:x\nm=audio 9 RTP/AVP 0\n\
///     a=mid:1\na=msid:s u\na=ssrc:2 cname:x\n";
/// let edited = Editor::new(text).edit(|document| unified_to_plan_b(document))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\na=mid:0\na=ssrc:1 cname:x\n\
///     a=ssrc:1 msid:s t\na=ssrc:2 cname:x\na=ssrc:2 msid:s u\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::NoSources`] where an m-line sends a track without `a=ssrc` lines.
pub fn unified_to_plan_b(document: &Document<'_>) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    let mut heads: Vec<(String, Section<'_, '_>)> = Vec::new();
    let mut gone: BTreeSet<&str> = BTreeSet::new();
    let mut directions: Vec<Direction> = Vec::new();
    for section in document.media() {
        let Some(media) = section.media().filter(|media| media.is_rtp() && !section.is_rejected()) else { continue };
        let kind = format!("{} {}", media.media, media.protocol);
        let lines = source_lines(&section)?;
        match heads.iter().position(|(known, _)| *known == kind) {
            Some(at) => {
                let Some((_, head)) = heads.get(at) else { continue };
                edits.push(Edit::delete(section.span()));
                edits.extend(lines.iter().map(|line| append(head, line)));
                gone.extend(section.mid());
                if let Some(direction) = directions.get_mut(at) {
                    *direction = union(*direction, section.direction());
                }
            }
            None => {
                edits.extend(section.attribute_lines(Key::Msid).map(delete));
                let own: Vec<&str> = lines.iter().map(String::as_str).collect();
                let known: BTreeSet<&[u8]> = section.lines().iter().map(Line::content).collect();
                let new = own.iter().filter(|line| !known.contains(line.as_bytes()));
                edits.extend(new.map(|line| append(&section, line)));
                heads.push((kind, section));
                directions.push(section.direction());
            }
        }
    }
    for ((_, head), direction) in heads.iter().zip(directions) {
        if head.direction() != direction {
            edits.extend(super::set_direction(
                document,
                super::Scope::Index(head.index().unwrap_or_default()),
                direction,
            )?);
        }
    }
    for (line, group) in document.session().lines_with::<Group<'_>>() {
        if group.mids.iter().any(|mid| gone.contains(mid)) {
            let left: Vec<&str> = group.mids.iter().filter(|mid| !gone.contains(mid)).collect();
            edits.push(rewrite(line, format!("a=group:{} {}", group.semantics, left.join(" "))));
        }
    }
    Ok(edits)
}

fn union(one: Direction, other: Direction) -> Direction {
    match (one.sends() || other.sends(), one.receives() || other.receives()) {
        (true, true) => Direction::SendRecv,
        (true, false) => Direction::SendOnly,
        (false, true) => Direction::RecvOnly,
        (false, false) => Direction::Inactive,
    }
}

/// The `ssrc` and `ssrc-group` lines of a section, each source with its stream and track.
fn source_lines(section: &Section<'_, '_>) -> Result<Vec<String>, EditError> {
    let msid = section.value::<Msid<'_>>();
    let mut lines = Vec::new();
    let mut named: BTreeSet<u32> =
        section.values::<Ssrc<'_>>().filter(|ssrc| ssrc.attribute == "msid").map(|ssrc| ssrc.id).collect();
    for line in section.lines().iter().filter(|line| matches!(line.key(), Key::Ssrc | Key::SsrcGroup)) {
        lines.push(String::from_utf8_lossy(line.content()).into_owned());
        let Some(Ok(ssrc)) = line.typed::<Ssrc<'_>>() else { continue };
        if let Some(msid) = msid.filter(|_| !named.contains(&ssrc.id)) {
            named.insert(ssrc.id);
            let track = msid.track.unwrap_or(msid.stream);
            lines.push(format!("a=ssrc:{} msid:{} {track}", ssrc.id, msid.stream));
        }
    }
    if lines.is_empty() && msid.is_some() && section.direction().sends() {
        return Err(EditError::NoSources { media: section.index().unwrap_or_default() });
    }
    Ok(lines)
}
