//! Plan B to Unified Plan: an m-line for each track.

use std::collections::{BTreeMap, BTreeSet};

use super::EditError;
use super::place::{append, delete, rewrite};
use crate::sdp::attribute::{Group, Key, Msid, Ssrc, SsrcGroup};
use crate::sdp::document::{Document, Section};
use crate::sdp::line::{Ending, Line};
use crate::text::Edit;

/// The most tracks of a section that get an m-line each: every one is a copy of the section.
const MOST_TRACKS: usize = 1024;

/// The tracks that the `a=ssrc:… msid:…` lines of a section name, in order, and whose each source is.
struct Tracks<'a> {
    msids: Vec<Msid<'a>>,
    owners: BTreeMap<u32, usize>,
}

impl<'a> Tracks<'a> {
    fn of(section: &Section<'_, 'a>) -> Self {
        let mut tracks = Self { msids: Vec::new(), owners: BTreeMap::new() };
        let mut places: BTreeMap<&'a str, usize> = BTreeMap::new();
        let named = section.values::<Ssrc<'a>>().filter(|ssrc| ssrc.attribute == "msid");
        for (id, value) in named.filter_map(|ssrc| Some((ssrc.id, ssrc.value?))) {
            let Some(msid) = Msid::from_ssrc_value(value) else { continue };
            let place = *places.entry(value).or_insert_with(|| {
                tracks.msids.push(msid);
                tracks.msids.len() - 1
            });
            tracks.owners.entry(id).or_insert(place);
        }
        tracks
    }

    /// The track that the line is about: the owner of its source; `None` where it is about all.
    fn of_line(&self, line: &Line<'_>) -> Option<usize> {
        match line.key() {
            Key::Ssrc => self.owners.get(&line.typed::<Ssrc<'_>>()?.ok()?.id).copied(),
            Key::SsrcGroup => line.typed::<SsrcGroup<'_>>()?.ok()?.ids().find_map(|id| self.owners.get(&id).copied()),
            _ => None,
        }
    }
}

/// Makes a Unified Plan description of a Plan B one: each track but the first of its section moves to an m-line
/// of its own behind it, with the same codecs and transport and a mid of its own in the same bundle, and `a=msid`
/// says which it is. A section with one track or none gets its `a=msid` and stays.
///
/// ```
/// # use rtcscope::sdp::edit::{Editor, plan_b_to_unified};
/// let text = b"m=audio 9 RTP/AVP 0\na=mid:0\na=ssrc:1 msid:s t\na=ssrc:2 msid:s u\n";
/// let edited = Editor::new(text).edit(|document| plan_b_to_unified(document))?.finish();
/// assert_eq!(String::from_utf8_lossy(&edited), "m=audio 9 RTP/AVP 0\na=mid:0\na=ssrc:1 msid:s t\n\
///     a=msid:s t\nm=audio 9 RTP/AVP 0\na=mid:0-1\na=ssrc:2 msid:s u\na=msid:s u\n");
/// # Ok::<(), rtcscope::sdp::edit::EditError>(())
/// ```
///
/// # Errors
///
/// [`EditError::TooManyTracks`] above 1024 tracks in a section.
pub fn plan_b_to_unified(document: &Document<'_>) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    let mut taken: BTreeSet<String> = document.media().filter_map(|section| section.mid()).map(str::to_owned).collect();
    for section in document.media() {
        let tracks = Tracks::of(&section);
        let Some((first, others)) = tracks.msids.split_first() else { continue };
        if others.len() >= MOST_TRACKS {
            let media = section.index().unwrap_or_default();
            return Err(EditError::TooManyTracks { media, tracks: tracks.msids.len(), limit: MOST_TRACKS });
        }
        let owned: Vec<(&Line<'_>, Option<usize>)> =
            section.lines().iter().map(|line| (line, tracks.of_line(line))).collect();
        edits.extend(
            owned.iter().filter(|(_, owner)| owner.is_some_and(|owner| owner != 0)).map(|(line, _)| delete(line)),
        );
        if !section.has(Key::Msid) {
            edits.push(append(&section, &format!("a=msid:{first}")));
        }
        let mut mids = Vec::new();
        for (place, msid) in others.iter().enumerate() {
            let mid = free_mid(section.mid().unwrap_or("track"), place + 1, &taken);
            let lines = owned.iter().filter(|(_, owner)| owner.is_none_or(|owner| owner == place + 1));
            let open = place == 0 && section.lines().last().is_some_and(|line| line.ending() == Ending::None);
            if open {
                edits.push(Edit::insert(section.span().end, "\r\n"));
            }
            edits.push(Edit::insert(section.span().end, own_section(lines.map(|(line, _)| *line), msid, &mid)));
            taken.insert(mid.clone());
            mids.push(mid);
        }
        if let Some(own) = section.mid().filter(|_| !mids.is_empty()) {
            edits.extend(join_groups(document, own, &mids));
        }
    }
    Ok(edits)
}

fn free_mid(base: &str, from: usize, taken: &BTreeSet<String>) -> String {
    let mut names = (from..).map(|number| format!("{base}-{number}"));
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

fn own_section<'l>(lines: impl Iterator<Item = &'l Line<'l>>, msid: &Msid<'_>, mid: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut named = false;
    let mut ending: &[u8] = b"\r\n";
    for line in lines.filter(|line| line.key() != Key::Msid) {
        ending = if line.ending() == Ending::None { ending } else { line.ending().bytes() };
        if line.key() == Key::Mid {
            named = true;
            out.extend_from_slice(format!("a=mid:{mid}").as_bytes());
        } else {
            out.extend_from_slice(line.content());
        }
        out.extend_from_slice(ending);
    }
    if !named {
        out.extend_from_slice(format!("a=mid:{mid}").as_bytes());
        out.extend_from_slice(ending);
    }
    out.extend_from_slice(format!("a=msid:{msid}").as_bytes());
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
    fn a_last_line_without_a_line_break_gets_one_before_the_copy() {
        let text = PLAN_B.trim_end();
        let edits = plan_b_to_unified(&Document::parse(text.as_bytes())).unwrap();
        let unified = apply(text.as_bytes(), &edits).unwrap();
        let document = Document::parse(&unified);
        assert_eq!((document.media_count(), document.emit()), (2, unified.clone()));
        assert!(document.media().all(|section| section.media().is_some() && section.has(Key::Msid)));
    }

    #[test]
    fn too_many_tracks_are_refused() {
        let lines: String = (0..2000).map(|id| format!("a=ssrc:{id} msid:s t{id}\n")).collect();
        let text = format!("m=video 9 RTP/AVP 96\n{lines}");
        let refused = plan_b_to_unified(&Document::parse(text.as_bytes()));
        assert_eq!(refused, Err(EditError::TooManyTracks { media: 0, tracks: 2000, limit: 1024 }));
    }

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
