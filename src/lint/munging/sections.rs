//! Changes of sections other than of their codecs.

use std::collections::BTreeMap;

use super::Munging;
use super::changes::Changes;
use super::lines::Lines;
use crate::lint::context::{Context, Part};
use crate::lint::target::Verdict;
use crate::sdp::{Direction, Extmap, Key, Line, LineType, Msid, SsrcGroup};

/// Another number of m-lines: shown at the first that has no counterpart, else at the last.
pub(super) fn count<'d, 'a>(created: &Context<'d, 'a>, changed: &Context<'d, 'a>, changes: &mut Changes) {
    let (old, new) = (created.media.len(), changed.media.len());
    let part = changed.media.get(old).or(changed.media.last()).unwrap_or(&changed.session);
    let before = created.media.get(new).or(created.media.last()).unwrap_or(&created.session);
    let message = format!("{old} m-lines were created and there are {new}, seen");
    // What would have to come back is whole sections: no edit does that.
    let lines = Lines::new(Vec::new(), Vec::new());
    changes.add_at(Munging::NumberOfContents, (part.head(), before.head()), (before, part), &lines, &message);
}

/// The session level.
pub(super) fn session<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, changes: &mut Changes) {
    transport(created, changed, changes);
    let lines = of_key(created, changed, Key::IceLite);
    if lines.differ() {
        changes.add(Munging::IceMode, (created, changed), &lines, "a=ice-lite is changed");
    }
    let bundle =
        |line: &Line<'_>| line.key() == Key::Group && line.words().next().is_some_and(|word| word.value == b"BUNDLE");
    let lines = Lines::of(created, changed, bundle);
    if lines.differ() {
        changes.add(Munging::Bundle, (created, changed), &lines, "a=group:BUNDLE is changed");
    }
    directions(created, changed, changes);
    extensions(created, changed, changes);
    others(created, changed, false, changes);
}

/// A m-line and what is below it.
pub(super) fn media<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, changes: &mut Changes) {
    let parts = (created, changed);
    if created.section.mid() != changed.section.mid() {
        changes.add(Munging::Mid, parts, &of_key(created, changed, Key::Mid), "the mid is changed");
    }
    // The port itself comes with gathering; that it is 0 or not says something.
    let opened = |part: &Part<'d, 'a>| part.media.map(|media| (media.media, media.protocol, media.port == 0));
    if opened(created) != opened(changed) {
        let lines = Lines::of(created, changed, |line| line.line_type() == LineType::Media);
        changes.add(Munging::UnknownModification, parts, &lines, "the m= line is changed");
    }
    transport(created, changed, changes);
    let lines = of_key(created, changed, Key::Candidate);
    let (old, new) = lines.counts();
    if old != new {
        changes.add(
            Munging::IceCandidateCount,
            parts,
            &lines,
            &format!("{old} candidates were created, there are {new}"),
        );
        if new < old {
            // Only candidates of one's own are refused.
            changes.judge(Munging::IceCandidateCount, Munging::UnknownModification.verdicts());
        }
    }
    directions(created, changed, changes);
    extensions(created, changed, changes);
    let flags = [
        (Key::RtcpMux, Munging::RtcpMux, "a=rtcp-mux"),
        (Key::SctpInit, Munging::DataChannelSctpInit, "a=sctp-init"),
        (Key::MaxMessageSize, Munging::DataChannelMaxMessageSize, "a=max-message-size"),
        (Key::SctpPort, Munging::DataChannelSctpPort, "a=sctp-port"),
    ];
    let size = if changed.kind() == "audio" {
        Munging::AudioCodecsRtcpReducedSize
    } else {
        Munging::VideoCodecsRtcpReducedSize
    };
    for (key, kind, name) in flags.into_iter().chain([(Key::RtcpRsize, size, "a=rtcp-rsize")]) {
        let lines = of_key(created, changed, key);
        if lines.differ() {
            changes.add(kind, parts, &lines, &format!("{name} is changed"));
        }
    }
    let lines = Lines::of(created, changed, |line| line.line_type() == LineType::Bandwidth);
    if lines.differ() {
        changes.add(Munging::Bandwidth, parts, &lines, "b= is changed");
    }
    let told = streams(created, changed, changes);
    others(created, changed, told, changes);
}

fn of_key<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, key: Key) -> Lines<'d, 'a> {
    Lines::of(created, changed, |line| line.key() == key && line.line_type() == LineType::Attribute)
}

/// Credentials, options, certificate and DTLS role; what they are is not shown.
fn transport<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, changes: &mut Changes) {
    let parts = (created, changed);
    let simple = [
        (Key::IceUfrag, Munging::IceUfrag, "the ICE user fragment is changed"),
        (Key::IcePwd, Munging::IcePwd, "the ICE password is changed"),
        (Key::Fingerprint, Munging::Fingerprint, "the fingerprint is changed"),
        (Key::Setup, Munging::DtlsSetup, "a=setup is changed"),
    ];
    for (key, kind, message) in simple {
        let lines = of_key(created, changed, key);
        if !lines.differ() {
            continue;
        }
        changes.add(kind, parts, &lines, message);
        if kind == Munging::DtlsSetup && lines.counts().1 == 0 {
            changes.judge(kind, kind.verdicts().firefox(Verdict::Rejects));
        }
    }
    let lines = of_key(created, changed, Key::IceOptions);
    if lines.differ() {
        let has = |part: &Part<'_, '_>, option: &[u8]| {
            let mut words = part.section.attribute_lines(Key::IceOptions).flat_map(Line::words);
            words.any(|word| word.value == option)
        };
        let kind = if !has(created, b"renomination") && has(changed, b"renomination") {
            Munging::IceOptionsRenomination
        } else if has(created, b"trickle") && !has(changed, b"trickle") {
            Munging::IceOptionsTrickle
        } else {
            Munging::IceOptions
        };
        changes.add(kind, parts, &lines, "a=ice-options is changed");
    }
}

fn directions<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, changes: &mut Changes) {
    let lines = Lines::of(created, changed, |line| Direction::from_key(line.key()).is_some());
    if lines.differ() {
        changes.add(Munging::Direction, (created, changed), &lines, "the direction is changed");
    }
}

fn extensions<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, changes: &mut Changes) {
    let listed = |part: &Part<'_, '_>| {
        let mut found: BTreeMap<String, Vec<(u32, Option<Direction>, String)>> = BTreeMap::new();
        for Extmap { id, direction, uri, attributes } in part.extmaps.iter().map(|at| at.value) {
            found.entry(uri.to_owned()).or_default().push((id, direction, attributes.to_owned()));
        }
        found
    };
    let (old, new) = (listed(created), listed(changed));
    if old == new {
        return;
    }
    let lines = of_key(created, changed, Key::Extmap);
    let place = |part: &Part<'_, '_>, uri: &str| {
        part.extmaps.iter().find(|at| at.value.uri == uri).map_or(part.head(), |at| at.line.span())
    };
    let mut report = |kind, uri: &str, message: &str| {
        let places = (place(changed, uri), place(created, uri));
        changes.add_at(kind, places, (created, changed), &lines, &format!("the header extension {uri} is {message}"));
    };
    if let Some(uri) = old.keys().find(|uri| !new.contains_key(*uri)) {
        report(Munging::RtpHeaderExtensionRemoved, uri, "taken away");
    }
    if let Some(uri) = new.keys().find(|uri| !old.contains_key(*uri)) {
        report(Munging::RtpHeaderExtensionAdded, uri, "added");
    }
    let other = old.iter().find(|(uri, before)| new.get(*uri).is_some_and(|now| now != *before));
    if let Some((uri, _)) = other {
        report(Munging::RtpHeaderExtensionModified, uri, "changed");
    }
}

/// Sources, and the streams that they are of; says whether there are other sources.
fn streams<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, changes: &mut Changes) -> bool {
    let parts = (created, changed);
    let ids = |part: &Part<'_, '_>| {
        let mut ids: Vec<u32> = part.sources.iter().map(|at| at.value.id).collect();
        ids.dedup();
        ids
    };
    let layered = |part: &Part<'_, '_>| part.section.values::<SsrcGroup<'_>>().any(|group| group.semantics == "SIM");
    let lines = Lines::of(created, changed, |line| matches!(line.key(), Key::Ssrc | Key::SsrcGroup));
    let others = ids(created) != ids(changed);
    let layers = changed.kind() == "video" && !layered(created) && layered(changed);
    if layers {
        changes.add(Munging::VideoCodecsLegacySimulcast, parts, &lines, "a=ssrc-group:SIM is added");
    } else if others {
        changes.add(Munging::Ssrcs, parts, &lines, "the sources are changed");
    }
    let lines = of_key(created, changed, Key::Msid);
    if lines.differ() {
        let streams = |part: &Part<'_, '_>| {
            part.section.values::<Msid<'_>>().map(|msid| msid.stream.to_owned()).collect::<Vec<_>>()
        };
        let kind = if streams(created) == streams(changed) { Munging::MsidTrack } else { Munging::MsidStream };
        changes.add(kind, parts, &lines, "a=msid is changed");
    }
    layers || others
}

/// Whether a line is compared by what it means, elsewhere. Addresses come with gathering and mean nothing in what is created.
fn is_known(line: &Line<'_>) -> bool {
    match line.line_type() {
        LineType::Media | LineType::Bandwidth | LineType::Connection => true,
        LineType::Attribute => {
            Direction::from_key(line.key()).is_some()
                || line.attribute_name() == Some(b"packetization")
                || matches!(
                    line.key(),
                    Key::IceUfrag
                        | Key::IcePwd
                        | Key::IceOptions
                        | Key::IceLite
                        | Key::Fingerprint
                        | Key::Setup
                        | Key::Mid
                        | Key::Candidate
                        | Key::EndOfCandidates
                        | Key::Rtcp
                        | Key::Extmap
                        | Key::Rtpmap
                        | Key::Fmtp
                        | Key::RtcpFb
                        | Key::RtcpMux
                        | Key::RtcpRsize
                        | Key::SctpInit
                        | Key::MaxMessageSize
                        | Key::SctpPort
                        | Key::Msid
                )
        }
        _ => false,
    }
}

/// Everything else: lines that were not there, are gone, or stand there more often. Lines of sources are left out where the sources
/// were told already.
fn others<'d, 'a>(created: &Part<'d, 'a>, changed: &Part<'d, 'a>, told: bool, changes: &mut Changes) {
    let bundled =
        |line: &Line<'_>| line.key() == Key::Group && line.words().next().is_some_and(|word| word.value == b"BUNDLE");
    let source = |line: &Line<'_>| matches!(line.key(), Key::Ssrc | Key::SsrcGroup);
    let rest = |line: &Line<'_>| !is_known(line) && !bundled(line) && (!told || !source(line));
    // What a browser does not know, and the name of the session, it drops.
    let dropped = |line: &Line<'_>| match line.line_type() {
        LineType::Attribute => line.key() == Key::Other,
        kind => !matches!(kind, LineType::Version | LineType::Origin | LineType::Timing),
    };
    for (kind, is_dropped) in [(Munging::Dropped, true), (Munging::UnknownModification, false)] {
        let takes = |line: &Line<'_>| rest(line) && dropped(line) == is_dropped;
        let mut counts: BTreeMap<&[u8], isize> = BTreeMap::new();
        let lines = created.section.lines().iter().filter(|line| takes(line));
        lines.for_each(|line| *counts.entry(line.content()).or_default() += 1);
        let mut new = None;
        for line in changed.section.lines().iter().filter(|line| takes(line)) {
            let count = counts.entry(line.content()).or_default();
            *count -= 1;
            if *count < 0 {
                new = new.or(Some(line));
            }
        }
        let missing = |line: &&Line<'_>| takes(line) && counts.get(line.content()).is_some_and(|count| *count > 0);
        let gone = created.section.lines().iter().find(missing);
        if new.is_none() && gone.is_none() {
            continue;
        }
        let places = (new.map_or(changed.head(), Line::span), gone.map_or(created.head(), Line::span));
        changes.add_at(kind, places, (created, changed), &Lines::of(created, changed, takes), "a line is changed");
    }
}
