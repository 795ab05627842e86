//! A further offer or answer: bundles, streams and layers.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Rule, Severity};
use crate::lint::context::{Context, Part, Role};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::Rounds;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Direction, Key, Line, Msid, RidDirection, Simulcast};

const SIMULCAST: &str = "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=rid:h send\na=rid:m send\na=rid:l send\na=simulcast:send h;m;l";

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-r-bundle-group-moved",
            severity: Severity::Error,
            summary: "A further offer moves a mid from one bundle to another",
            what: "Bundles that were agreed on are split, merged or mixed in one step: a mid that was in one is in another one now.",
            why: "A stream cannot change its transport while both are in use. Chrome refuses the offer.",
            advice: "Take the mid out of its bundle in one round, and put it into the other one in the next.",
            source: "RFC 9143, section 7.5; libwebrtc, jsep_transport_controller.cc (\"MID … in the offer has changed group\")",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::session("a=group:BUNDLE 0\na=group:BUNDLE «1» 2").beside(Text::PreviousOffer, "a=group:BUNDLE 0 1 2")],
        valid: &[
            Example::session("a=group:BUNDLE 0 1").beside(Text::PreviousOffer, "a=group:BUNDLE 0 1 2"),
            Example::session("a=group:BUNDLE 0 1 2").beside(Text::PreviousOffer, "a=group:BUNDLE 0 1"),
        ],
        check: Check::Rounds(group_moved),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-bundle-removed-in-answer",
            severity: Severity::Error,
            summary: "A further answer takes a m-line out of its bundle",
            what: "The m-line was in a bundle that both had agreed on; the answer accepts it and has it in none.",
            why: "An answer may take a m-line out of an agreed bundle only by refusing it. Chrome refuses the answer.",
            advice: "Keep the mid in a=group:BUNDLE, or refuse the m-line with port 0.",
            source: "RFC 9143, section 7.5; libwebrtc, jsep_transport_controller.cc (\"Answer cannot remove m= section … from \
                already-established BUNDLE group\")",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:«a»\r\n",
        )
        .as_role(Role::Answer)
        .beside(
            Text::PreviousAnswer,
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE a\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:a\r\n",
        )],
        valid: &[Example::media("a=mid:0\na=setup:active")
            .as_role(Role::Answer)
            .beside(Text::PreviousAnswer, "a=mid:0\na=setup:active")],
        check: Check::Rounds(removed_in_answer),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-msid-changed",
            severity: Severity::Warning,
            summary: "A m-line that sends has another a=msid than before",
            what: "The stream or track of a m-line in use has another name in a further description of the party that sends it.",
            why: "The receiver sees the track leave its stream and join another one; what was bound to the old names stays empty.",
            advice: "Keep the a=msid lines for as long as the m-line sends the same thing. Only setStreams() changes them with intent.",
            source: "RFC 9429, section 5.2.2",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("«a=msid:- other»").beside(Text::PreviousOffer, "a=msid:- first")],
        valid: &[
            Example::media("a=msid:- first").beside(Text::PreviousOffer, "a=msid:- first"),
            Example::media("a=sendrecv\na=msid:- first").beside(Text::PreviousOffer, "a=recvonly"),
        ],
        check: Check::Rounds(msid_changed),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-rid-simulcast-changed",
            severity: Severity::Warning,
            summary: "A m-line has other simulcast layers than before",
            what: "The layers that a party has offered and the other one has not refused are gone, have other names or are more in a \
                further description of the party.",
            why: "Layers are made once, with the m-line. Browsers take the description and stay with the layers that they have; Firefox \
                drops them all where a=simulcast is gone.",
            advice: "Keep a=rid and a=simulcast as they were, and switch layers off with setParameters() or `~`.",
            source: "RFC 9429, section 5.2.2",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[
            Example::media(
                "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=rid:h send\na=rid:m send\n«a=simulcast:send h;m»",
            )
            .beside(Text::PreviousOffer, SIMULCAST),
            Example::media("«m=video 9 UDP/TLS/RTP/SAVPF 96»\na=rtpmap:96 VP8/90000").beside(Text::PreviousOffer, SIMULCAST),
        ],
        valid: &[Example::media(SIMULCAST).beside(Text::PreviousOffer, SIMULCAST)],
        check: Check::Rounds(layers_changed),
    },
];

/// The mids of each bundle, as far as they make sense.
fn bundles<'a>(context: &Context<'_, 'a>) -> Vec<Vec<&'a str>> {
    context.document.groups("BUNDLE").map(|group| group.mids.iter().collect()).collect()
}

fn group_moved(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    let (settled, text) = rounds.settled();
    let mut places: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (number, mids) in bundles(settled).into_iter().enumerate() {
        for mid in mids {
            places.entry(mid).or_insert((number, mid));
        }
    }
    // Old and new bundles must go together one to one.
    let mut forth: BTreeMap<usize, usize> = BTreeMap::new();
    let mut back: BTreeMap<usize, usize> = BTreeMap::new();
    for (new, mids) in bundles(rounds.offer).into_iter().enumerate() {
        for mid in mids {
            let Some((old, before)) = places.get(mid).copied() else { continue };
            let fits = *forth.entry(old).or_insert(new) == new;
            if fits && *back.entry(new).or_insert(old) == old {
                continue;
            }
            found.at(rounds.offer.span(mid), format!("mid {mid} was in another bundle")).label(
                text,
                settled.span(before),
                "before",
            );
            return;
        }
    }
}

fn removed_in_answer(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    let (Some(answer), Some(previous)) = (rounds.answer, rounds.previous_answer) else { return };
    let known: BTreeSet<&str> = bundles(previous).into_iter().flatten().collect();
    let now: BTreeSet<&str> = bundles(answer).into_iter().flatten().collect();
    for part in &answer.media {
        let Some(mid) = part.section.mid() else { continue };
        let Some(before) = known.get(mid).filter(|_| !now.contains(mid) && !part.section.is_rejected()) else {
            continue;
        };
        found.at_text(Text::Answer, answer.span(mid), format!("mid {mid} is in use and in no bundle any more")).label(
            Text::PreviousAnswer,
            previous.span(before),
            "in this bundle before",
        );
    }
}

fn msids(part: &Part<'_, '_>) -> BTreeSet<String> {
    part.section.values::<Msid<'_>>().map(|msid| msid.to_string()).collect()
}

/// The direction that a section itself says.
fn said(part: &Part<'_, '_>) -> Option<Direction> {
    part.section.lines().iter().rev().find_map(|line| Direction::from_key(line.key()))
}

fn msid_changed(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for turn in rounds.turns() {
        let sends = |context: &Context<'_, '_>| said(&context.session).is_none_or(Direction::sends);
        let (sent, sending) = (sends(turn.before), sends(turn.now));
        for kept in turn.kept() {
            let (before, now) = (msids(kept.before), msids(kept.now));
            let both =
                said(kept.before).map_or(sent, Direction::sends) && said(kept.now).map_or(sending, Direction::sends);
            if !both || before.is_empty() || now.is_empty() || before == now {
                continue;
            }
            let line = |part: &Part<'_, '_>, known: &BTreeSet<String>| {
                let mut lines = part.section.lines_with::<Msid<'_>>();
                let new = lines.find(|(_, msid)| !known.contains(&msid.to_string()));
                new.map(|(line, _)| line.span())
            };
            // Where lines are only gone, those that are left stand for them.
            let first =
                |part: &Part<'_, '_>| part.section.attribute_lines(Key::Msid).next().map_or(part.head(), Line::span);
            let place = line(kept.now, &before).unwrap_or_else(|| first(kept.now));
            let old = line(kept.before, &now).unwrap_or_else(|| first(kept.before));
            let message = format!("{} sends under another a=msid than before", kept.now.name());
            found.at_text(turn.now_text, place, message).label(turn.before_text, old, "before");
        }
    }
}

/// The rids of the layers of a section, and the line that names them.
fn layers<'d, 'a>(part: &Part<'d, 'a>) -> (Option<&'d Line<'a>>, BTreeSet<&'a str>) {
    let Some((line, simulcast)) = part.section.lines_with::<Simulcast<'a>>().next() else {
        return (None, BTreeSet::new());
    };
    let directions = [RidDirection::Send, RidDirection::Recv];
    let streams = directions.into_iter().flat_map(|direction| simulcast.streams(direction)).flatten();
    (Some(line), streams.map(|stream| stream.id).collect())
}

fn layers_changed(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for turn in rounds.turns() {
        for kept in turn.kept() {
            let (before_line, before) = layers(kept.before);
            let Some(before_line) = before_line else { continue };
            let (line, now) = layers(kept.now);
            let agreed = kept.partner.map(|partner| layers(partner).1);
            let wanted = |rid: &&&str| agreed.as_ref().is_none_or(|agreed| agreed.contains(**rid));
            let gone: Vec<&str> = before.difference(&now).filter(wanted).copied().collect();
            let new: Vec<&str> = now.difference(&before).copied().collect();
            let message = match (gone.first(), new.first()) {
                (None, None) => continue,
                (Some(gone), None) => format!("layer {gone} is gone from {}", kept.now.name()),
                (None, Some(new)) => format!("layer {new} is new in {}", kept.now.name()),
                (Some(gone), Some(new)) => format!("layer {gone} is gone from {}, and {new} is new", kept.now.name()),
            };
            let place = line.map_or(kept.now.head(), Line::span);
            let finding = found.at_text(turn.now_text, place, message);
            finding.label(turn.before_text, before_line.span(), "before");
            if line.is_none() {
                finding.verdicts(Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently));
            }
        }
    }
}
