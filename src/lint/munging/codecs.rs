//! Changes of codecs, of their parameters and of their feedback.

use std::collections::{BTreeMap, BTreeSet};

use super::Munging;
use super::changes::Changes;
use super::lines::{Lines, Parts};
use crate::lint::context::Part;
use crate::sdp::codec::Codec;
use crate::sdp::{Key, Line, LineType, Rtpmap};
use crate::text::Span;

/// The kinds that audio and video have a number of their own for.
struct Kinds {
    removed: Munging,
    added: Munging,
    reordered: Munging,
    parameters: Munging,
    feedback: Munging,
}

const AUDIO: Kinds = Kinds {
    removed: Munging::AudioCodecsRemoved,
    added: Munging::AudioCodecsAdded,
    reordered: Munging::AudioCodecsReordered,
    parameters: Munging::AudioCodecsFmtp,
    feedback: Munging::AudioCodecsRtcpFb,
};

const VIDEO: Kinds = Kinds {
    removed: Munging::VideoCodecsRemoved,
    added: Munging::VideoCodecsAdded,
    reordered: Munging::VideoCodecsReordered,
    parameters: Munging::VideoCodecsFmtp,
    feedback: Munging::VideoCodecsRtcpFb,
};

/// The changes of one m-line, the first of each kind.
struct Found<'p, 'd, 'a> {
    parts: Parts<'p, 'd, 'a>,
    kinds: BTreeMap<Munging, Change<'d, 'a>>,
}

struct Change<'d, 'a> {
    places: (Span, Span),
    message: String,
    /// The lines that make it, before and now; all that make codecs where there are none.
    lines: Option<[Vec<&'d Line<'a>>; 2]>,
}

impl<'p, 'd, 'a> Found<'p, 'd, 'a> {
    /// A change that all lines of codecs have part in.
    fn whole(&mut self, kind: Munging, places: (Span, Span), message: impl FnOnce() -> String) {
        self.kinds.entry(kind).or_insert_with(|| Change { places, message: message(), lines: None });
    }

    /// A change of lines of one payload type.
    fn lines(&mut self, kind: Munging, [old, new]: [&[&'d Line<'a>]; 2], message: impl FnOnce() -> String) {
        let place = |lines: &[&Line<'_>], part: &Part<'_, '_>| lines.first().map_or(part.head(), |line| line.span());
        let places = (place(new, self.parts.1), place(old, self.parts.0));
        let change = self.kinds.entry(kind).or_insert_with(|| Change { places, message: message(), lines: None });
        let [before, now] = change.lines.get_or_insert_default();
        before.extend_from_slice(old);
        now.extend_from_slice(new);
    }

    fn tell(self, changes: &mut Changes) {
        let all = Lines::of(self.parts.0, self.parts.1, is_of_codec);
        for (kind, Change { places, message, lines }) in self.kinds {
            match lines {
                Some([old, new]) => changes.add_at(kind, places, self.parts, &Lines::new(old, new), &message),
                None => changes.add_at(kind, places, self.parts, &all, &message),
            }
        }
    }
}

/// A m-line of RTP.
pub(super) fn media<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, changes: &mut Changes) {
    let kinds = match changed.kind() {
        "audio" => AUDIO,
        "video" => VIDEO,
        _ => return,
    };
    let mut found = Found { parts: (created, changed), kinds: BTreeMap::new() };
    let raws = [raw(created), raw(changed)];
    let (old, new) = (created.section.codecs(), changed.section.codecs());
    let (kept, mut fresh): (Vec<&Codec<'_, '_>>, Vec<_>) =
        new.iter().partition(|one| old.iter().any(|other| is_same(one, other)));
    let renumbered = exchanged(&old, &new, &mut fresh, &kinds, &mut found);
    for codec in fresh {
        let kind = added(codec, &raws, &kinds);
        let places = (format(changed, codec.payload_type), created.head());
        found.whole(kind, places, || format!("{} ({}) is added", codec.name(), codec.payload_type));
    }
    let order = |codecs: &[Codec<'_, '_>], others: &[Codec<'_, '_>]| -> Vec<u8> {
        let kept = codecs.iter().filter(|one| others.iter().any(|other| is_same(one, other)));
        kept.map(|codec| codec.payload_type).collect()
    };
    let (before, now) = (order(&old, &new), order(&new, &old));
    if let Some((before, now)) = before.iter().zip(&now).find(|(before, now)| before != now) {
        let places = (format(changed, *now), format(created, *before));
        found.whole(kinds.reordered, places, || "the order of the codecs is changed".to_owned());
    }
    for codec in &kept {
        let [before, now] = [0, 1].map(|side| raws.get(side).and_then(|raw| raw.get(&codec.payload_type)).copied());
        if before.is_some() != now.is_some() {
            let lines = [before.as_slice(), now.as_slice()];
            let message = || format!("how {} ({}) is put into packets is changed", codec.name(), codec.payload_type);
            found.lines(Munging::VideoCodecsModifiedWithRawPacketization, lines, message);
        }
    }
    parameters(&kept, renumbered, &kinds, &mut found);
    feedback(&kept, &kinds, &mut found);
    found.tell(changes);
}

/// Codecs that are gone, and those that have another payload type: these leave `fresh`. Says whether there are such.
fn exchanged(
    old: &[Codec<'_, '_>],
    new: &[Codec<'_, '_>],
    fresh: &mut Vec<&Codec<'_, '_>>,
    kinds: &Kinds,
    found: &mut Found<'_, '_, '_>,
) -> bool {
    let (created, changed) = found.parts;
    let mut renumbered = false;
    for codec in old.iter().filter(|one| !new.iter().any(|other| is_same(one, other))) {
        let payload_type = codec.payload_type;
        let before = format(created, payload_type);
        if let Some(place) = counterpart(codec, fresh) {
            let now = fresh.remove(place).payload_type;
            let message = || format!("{} has payload type {now} instead of {payload_type}", codec.name());
            found.whole(Munging::PayloadTypes, (format(changed, now), before), message);
            renumbered = true;
        } else {
            let message = || format!("{} ({payload_type}) is taken away", codec.name());
            found.whole(kinds.removed, (changed.head(), before), message);
        }
    }
    renumbered
}

/// Which kind it is when a codec comes.
fn added(codec: &Codec<'_, '_>, [before, now]: &[BTreeMap<u8, &Line<'_>>; 2], kinds: &Kinds) -> Munging {
    if codec.is("multiopus") {
        Munging::AudioCodecsAddedMultiOpus
    } else if codec.is("L16") {
        Munging::AudioCodecsAddedL16
    } else if before.is_empty() && now.contains_key(&codec.payload_type) {
        Munging::VideoCodecsAddedWithRawPacketization
    } else {
        kinds.added
    }
}

/// Whether it is one codec under one payload type.
fn is_same(one: &Codec<'_, '_>, other: &Codec<'_, '_>) -> bool {
    one.payload_type == other.payload_type && is_alike(one, other)
}

/// Whether it is one codec, under whichever payload types.
fn is_alike(one: &Codec<'_, '_>, other: &Codec<'_, '_>) -> bool {
    let rest = |rtpmap: Rtpmap<'_>| (rtpmap.clock_rate, rtpmap.channels.unwrap_or(1));
    one.is(other.name()) && one.rtpmap.map(rest) == other.rtpmap.map(rest)
}

/// The codec that one became under another payload type: rather with the same parameters.
fn counterpart(codec: &Codec<'_, '_>, fresh: &[&Codec<'_, '_>]) -> Option<usize> {
    let said = |codec: &Codec<'_, '_>| codec.fmtp.map(|fmtp| fmtp.parameters.0.to_owned());
    let alike = |other: &&Codec<'_, '_>| is_alike(codec, other);
    let exact = fresh.iter().position(|other| alike(other) && said(codec) == said(other));
    exact.or_else(|| fresh.iter().position(alike))
}

/// The lines that make the codecs of a section.
fn is_of_codec(line: &Line<'_>) -> bool {
    line.line_type() == LineType::Media
        || matches!(line.key(), Key::Rtpmap | Key::Fmtp | Key::RtcpFb)
        || line.attribute_name() == Some(b"packetization")
}

/// Where a payload type stands in the `m=` line.
fn format(part: &Part<'_, '_>, payload_type: u8) -> Span {
    let number = |word: &[u8]| std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
    let mut words = part.first_line().into_iter().flat_map(|line| line.words().skip(3));
    words.find(|word| number(word.value) == Some(payload_type)).map_or(part.head(), |word| word.span)
}

/// The payload types whose packets hold the codec's data as it is, each with its line.
fn raw<'d, 'a>(part: &Part<'d, 'a>) -> BTreeMap<u8, &'d Line<'a>> {
    let lines = part.section.lines().iter().filter(|line| line.attribute_name() == Some(b"packetization"));
    let read = |line: &'d Line<'a>| {
        let first = line.words().next()?;
        Some((std::str::from_utf8(first.value).ok()?.parse().ok()?, line))
    };
    lines.filter_map(read).collect()
}

/// The parameters of each payload type, all its lines together.
fn all_parameters<'a>(part: &Part<'_, 'a>) -> BTreeMap<u8, BTreeMap<&'a str, &'a str>> {
    let mut found: BTreeMap<u8, BTreeMap<&str, &str>> = BTreeMap::new();
    for fmtp in part.fmtps.iter().map(|at| at.value) {
        if let Some(payload_type) = fmtp.payload_type() {
            found.entry(payload_type).or_default().extend(fmtp.parameters.iter());
        }
    }
    found
}

/// The `fmtp` lines of each payload type.
fn lines_of_parameters<'d, 'a>(part: &Part<'d, 'a>) -> BTreeMap<u8, Vec<&'d Line<'a>>> {
    let mut found: BTreeMap<u8, Vec<&Line<'_>>> = BTreeMap::new();
    for at in &part.fmtps {
        if let Some(payload_type) = at.value.payload_type() {
            found.entry(payload_type).or_default().push(at.line);
        }
    }
    found
}

fn parameters(kept: &[&Codec<'_, '_>], renumbered: bool, kinds: &Kinds, found: &mut Found<'_, '_, '_>) {
    let (created, changed) = found.parts;
    let (old, new) = (all_parameters(created), all_parameters(changed));
    let (old_lines, new_lines) = (lines_of_parameters(created), lines_of_parameters(changed));
    let none = BTreeMap::new();
    for codec in kept {
        let payload_type = codec.payload_type;
        let (before, now) = (old.get(&payload_type).unwrap_or(&none), new.get(&payload_type).unwrap_or(&none));
        let names: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
        let mut told = BTreeSet::new();
        for name in names {
            let (was, is) = (before.get(name).copied(), now.get(name).copied());
            // Where payload types were renumbered, what refers to them must follow.
            if was == is || (renumbered && name.eq_ignore_ascii_case("apt")) {
                continue;
            }
            let kind = parameter_kind(codec, name, was, is, kinds);
            if !told.insert(kind) {
                continue;
            }
            let lines = |found: &BTreeMap<u8, Vec<_>>| found.get(&payload_type).cloned().unwrap_or_default();
            let (before, now) = (lines(&old_lines), lines(&new_lines));
            let shown =
                |value: Option<&str>| value.map_or_else(|| "not there".to_owned(), |value| format!("`{value}`"));
            let message =
                || format!("{name} of {} ({payload_type}) was {} and is {}", codec.name(), shown(was), shown(is));
            found.lines(kind, [&before, &now], message);
        }
    }
}

/// Which kind it is when a parameter changes.
fn parameter_kind(codec: &Codec<'_, '_>, name: &str, was: Option<&str>, is: Option<&str>, kinds: &Kinds) -> Munging {
    let on = |value: Option<&str>| value == Some("1");
    let (turned_on, turned_off) = (!on(was) && on(is), on(was) && !on(is));
    if codec.is("opus") {
        match name {
            "stereo" if turned_on => return Munging::AudioCodecsFmtpOpusStereo,
            "useinbandfec" if turned_off => return Munging::AudioCodecsFmtpOpusFec,
            "usedtx" if turned_on => return Munging::AudioCodecsFmtpOpusDtx,
            "cbr" if turned_on => return Munging::AudioCodecsFmtpOpusCbr,
            _ => {}
        }
    }
    if codec.is("H264") && name == "sps-pps-idr-in-keyframe" && turned_on {
        return Munging::VideoCodecsFmtpH264SpsPpsIdrInKeyframe;
    }
    kinds.parameters
}

/// The feedback of each payload type, of all where there is none, with its line.
fn listed<'d, 'a>(part: &Part<'d, 'a>) -> BTreeMap<Option<u8>, BTreeMap<String, &'d Line<'a>>> {
    let mut found: BTreeMap<Option<u8>, BTreeMap<String, &Line<'_>>> = BTreeMap::new();
    for at in &part.feedback {
        found.entry(at.value.payload_type).or_default().entry(at.value.feedback.to_string()).or_insert(at.line);
    }
    found
}

fn feedback(kept: &[&Codec<'_, '_>], kinds: &Kinds, found: &mut Found<'_, '_, '_>) {
    let (created, changed) = found.parts;
    let audio = changed.kind() == "audio";
    let (old, new) = (listed(created), listed(changed));
    let none = BTreeMap::new();
    let targets = kept.iter().map(|codec| Some(codec.payload_type)).chain([None]);
    for target in targets {
        let (before, now) = (old.get(&target).unwrap_or(&none), new.get(&target).unwrap_or(&none));
        let which = || target.map_or_else(|| "all".to_owned(), |payload_type| payload_type.to_string());
        for (kind, line) in now.iter().filter(|(kind, _)| !before.contains_key(*kind)) {
            let change = match kind.as_str() {
                "nack" if audio => Munging::AudioCodecsRtcpFbAudioNack,
                "rrtr" if audio => Munging::AudioCodecsRtcpFbRrtr,
                _ => kinds.feedback,
            };
            found.lines(change, [&[], &[*line]], || format!("feedback `{kind}` for {} is added", which()));
        }
        for (kind, line) in before.iter().filter(|(kind, _)| !now.contains_key(*kind)) {
            found.lines(kinds.feedback, [&[*line], &[]], || format!("feedback `{kind}` for {} is taken away", which()));
        }
    }
}
