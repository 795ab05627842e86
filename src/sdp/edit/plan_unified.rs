//! Plan B to Unified Plan: an m-line for each track.

use super::EditError;
use super::place::{append, delete, rewrite};
use crate::sdp::attribute::{Group, Key, Msid, Ssrc, SsrcGroup};
use crate::sdp::document::{Document, Section};
use crate::sdp::line::Line;
use crate::text::Edit;

/// A track and its sources.
pub(super) struct Track<'a> {
    pub(super) msid: Msid<'a>,
    pub(super) sources: Vec<u32>,
}

/// The tracks that the `a=ssrc:… msid:…` lines of a section name, in order, each with its sources.
pub(super) fn tracks<'a>(section: &Section<'_, 'a>) -> Vec<Track<'a>> {
    let mut tracks: Vec<Track<'a>> = Vec::new();
    let named = section.values::<Ssrc<'a>>().filter(|ssrc| ssrc.attribute == "msid");
    for (ssrc, msid) in named.filter_map(|ssrc| Some((ssrc, Msid::from_ssrc_value(ssrc.value?)?))) {
        match tracks.iter_mut().find(|track| track.msid == msid) {
            Some(track) => track.sources.push(ssrc.id),
            None => tracks.push(Track { msid, sources: vec![ssrc.id] }),
        }
    }
    tracks
}

/// Makes a Unified Plan description of a Plan B one: each track but the first of its section moves to an m-line
/// of its own behind it, with the same codecs and transport and a mid of its own in the same bundle, and `a=msid`
/// says which it is. A section with one track or none gets its `a=msid` and stays.
///
/// # Errors
///
/// None now; the signature is that of all operations.
pub fn plan_b_to_unified(document: &Document<'_>) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    let mut taken: Vec<String> = document.media().filter_map(|section| section.mid()).map(str::to_owned).collect();
    for section in document.media() {
        let tracks = tracks(&section);
        let Some((first, others)) = tracks.split_first() else { continue };
        edits.extend(section.lines().iter().filter(|line| is_foreign(line, first, &tracks)).map(delete));
        if !section.has(Key::Msid) {
            edits.push(append(&section, &format!("a=msid:{}", first.msid)));
        }
        let mut mids = Vec::new();
        for track in others {
            let mid = free_mid(section.mid().unwrap_or("track"), &taken);
            edits.push(Edit::insert(section.span().end, own_section(&section, track, &tracks, &mid)));
            taken.push(mid.clone());
            mids.push(mid);
        }
        if let Some(own) = section.mid().filter(|_| !mids.is_empty()) {
            edits.extend(join_groups(document, own, &mids));
        }
    }
    Ok(edits)
}

/// Whether the line is about a source of another track than `track`.
fn is_foreign(line: &Line<'_>, track: &Track<'_>, tracks: &[Track<'_>]) -> bool {
    let others = || tracks.iter().filter(|other| other.msid != track.msid);
    let foreign = |id: u32| !track.sources.contains(&id) && others().any(|other| other.sources.contains(&id));
    match line.key() {
        Key::Ssrc => line.typed::<Ssrc<'_>>().and_then(Result::ok).is_some_and(|ssrc| foreign(ssrc.id)),
        Key::SsrcGroup => {
            line.typed::<SsrcGroup<'_>>().and_then(Result::ok).is_some_and(|group| group.ids().any(foreign))
        }
        _ => false,
    }
}

fn free_mid(base: &str, taken: &[String]) -> String {
    let names = (1..).map(|number: u32| format!("{base}-{number}"));
    names.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}

fn own_section(section: &Section<'_, '_>, track: &Track<'_>, tracks: &[Track<'_>], mid: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut named = false;
    if section.lines().last().is_some_and(|line| line.ending() == crate::sdp::Ending::None) {
        out.extend_from_slice(b"\r\n");
    }
    for line in section.lines().iter().filter(|line| !is_foreign(line, track, tracks) && line.key() != Key::Msid) {
        let content = match line.key() {
            Key::Mid => {
                named = true;
                format!("a=mid:{mid}").into_bytes()
            }
            _ => line.content().to_vec(),
        };
        out.extend_from_slice(&content);
        out.extend_from_slice(if line.ending().bytes().is_empty() { b"\r\n" } else { line.ending().bytes() });
    }
    let ending = section.lines().first().map_or(&b"\r\n"[..], |line| line.ending().bytes());
    if !named {
        out.extend_from_slice(format!("a=mid:{mid}").as_bytes());
        out.extend_from_slice(ending);
    }
    out.extend_from_slice(format!("a=msid:{}", track.msid).as_bytes());
    out.extend_from_slice(ending);
    out
}

fn join_groups(document: &Document<'_>, own: &str, mids: &[String]) -> Vec<Edit> {
    let session = document.session();
    let groups = session
        .lines_with::<Group<'_>>()
        .filter(|(_, group)| group.semantics == "BUNDLE" && group.mids.iter().any(|mid| mid == own));
    groups.map(|(line, group)| rewrite_group(line, &group, own, mids)).collect()
}

fn rewrite_group(line: &Line<'_>, group: &Group<'_>, own: &str, mids: &[String]) -> Edit {
    let at = line.words().skip(1).find(|word| word.value == own.as_bytes()).map(|word| word.span.end);
    match at {
        Some(at) => Edit::insert(at, format!(" {}", mids.join(" "))),
        None => rewrite(line, format!("a=group:{group} {}", mids.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::edit::unified_to_plan_b;
    use crate::text::apply;

    const PLAN_B: &str = "v=0\r\na=group:BUNDLE video\r\nm=video 9 RTP/AVP 96\r\na=mid:video\r\na=sendrecv\r\n\
        a=ssrc:1 cname:c\r\na=ssrc:1 msid:s1 t1\r\na=ssrc-group:FID 1 2\r\na=ssrc:2 cname:c\r\na=ssrc:2 msid:s1 t1\r\n\
        a=ssrc:3 cname:c\r\na=ssrc:3 msid:s2 t2\r\n";

    #[test]
    fn each_track_gets_its_m_line_and_they_come_together_again() {
        let edits = plan_b_to_unified(&Document::parse(PLAN_B.as_bytes())).unwrap();
        let unified = String::from_utf8(apply(PLAN_B.as_bytes(), &edits).unwrap()).unwrap();
        assert_eq!(
            unified,
            "v=0\r\na=group:BUNDLE video video-1\r\nm=video 9 RTP/AVP 96\r\na=mid:video\r\na=sendrecv\r\n\
             a=ssrc:1 cname:c\r\na=ssrc:1 msid:s1 t1\r\na=ssrc-group:FID 1 2\r\na=ssrc:2 cname:c\r\na=ssrc:2 msid:s1 t1\r\n\
             a=msid:s1 t1\r\nm=video 9 RTP/AVP 96\r\na=mid:video-1\r\na=sendrecv\r\na=ssrc:3 cname:c\r\na=ssrc:3 msid:s2 t2\r\n\
             a=msid:s2 t2\r\n"
        );
        let edits = unified_to_plan_b(&Document::parse(unified.as_bytes())).unwrap();
        assert_eq!(String::from_utf8(apply(unified.as_bytes(), &edits).unwrap()).unwrap(), PLAN_B);
    }
}
