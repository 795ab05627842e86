//! `a=simulcast`: which layers are sent and received.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Direction, Expected, Key, Line, Rid, RidDirection, Simulcast, SsrcGroup};
use crate::text::{Edit, Span};

use super::extmap::RID;
use super::rid::known_rids;

/// Up to how many lines of an m-line are searched for each fault of it, so that many faults in a long one cost no square of it.
const SEARCHED: usize = 1024;

const REJECTED: Verdicts = Verdicts::REJECTED;
const LAYER_IGNORED: Verdicts =
    Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects).rfc(Verdict::Rejects);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-multiple",
            severity: Severity::Error,
            summary: "An m-line has two a=simulcast",
            what: "One line says both what is sent and what is received.",
            why: "libwebrtc refuses the description, Firefox passes over the second line.",
            advice: "Write one line: a=simulcast:send 1;2 recv 3.",
            source: "RFC 8853, section 5.1; libwebrtc, webrtc_sdp.cc (Multiple Simulcast attributes specified)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=rid:1 send\na=rid:2 recv\na=simulcast:send 1\n«a=simulcast:recv 2»")],
        valid: &[Example::media(
            "a=rid:1 send\na=rid:2 recv\na=simulcast:send 1 recv 2\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Misread(multiple),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-empty",
            severity: Severity::Error,
            summary: "An a=simulcast names no layers",
            what: "Behind send or recv stands a list of rids.",
            why: "libwebrtc refuses the description; Firefox does or passes over the line.",
            advice: "Leave the line out where there is no simulcast.",
            source: "RFC 8853, section 5.1; libwebrtc, webrtc_sdp.cc (Simulcast attribute is empty)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=simulcast:«»"), Example::media("a=simulcast:recv«»")],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Misread(empty),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-direction",
            severity: Severity::Error,
            summary: "A direction of an a=simulcast is neither send nor recv, or stands twice",
            what: "The line has a list behind send, a list behind recv, or both.",
            why: "Chrome, Safari and Firefox refuse the description.",
            advice: "Write a=simulcast:send 1;2, or a=simulcast:send 1;2 recv 3.",
            source: "RFC 8853, section 5.1; libwebrtc, webrtc_sdp.cc (Malformed simulcast line)",
        },
        profiles: &[],
        verdicts: REJECTED,
        fix: None,
        invalid: &[Example::media("a=rid:1 send\na=simulcast:«both» 1")],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Misread(direction),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-syntax",
            severity: Severity::Error,
            summary: "The list of an a=simulcast does not consist of rids",
            what: "Layers are split by semicolons, alternatives of a layer by commas; a ~ before a rid means that it starts paused.",
            why: "Layers cannot be told apart: libwebrtc passes over them without a word, Firefox refuses the description.",
            advice: "Use rids of letters, digits, - and _, without spaces between them.",
            source: "RFC 8853, section 5.1",
        },
        profiles: &[],
        verdicts: LAYER_IGNORED,
        fix: None,
        invalid: &[Example::media("a=rid:1 send\na=simulcast:send «1;;2»")],
        valid: &[Example::media(
            "a=rid:1 send\na=rid:2 send\na=simulcast:send 1;~2\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-rid-undefined",
            severity: Severity::Error,
            summary: "An a=simulcast names a rid that no a=rid declares",
            what: "Each layer of a=simulcast has an a=rid line in the same m-line.",
            why: "libwebrtc leaves the layer out without a word, Firefox refuses the description.",
            advice: "Add the a=rid line, or take the layer out.",
            source: "RFC 9429, section 5.8.3; libwebrtc, webrtc_sdp.cc (RemoveInvalidRidsFromSimulcast)",
        },
        profiles: &[],
        verdicts: LAYER_IGNORED,
        fix: None,
        invalid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1;«2»\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(undefined),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-rid-direction",
            severity: Severity::Error,
            summary: "An a=simulcast sends a rid that is received, or the other way round",
            what: "A rid goes one way, and a=simulcast names it in the list of that way.",
            why: "libwebrtc leaves the layer out without a word, Firefox refuses the description.",
            advice: "Write the same direction in both lines. It happens where an offer is turned into an answer by hand.",
            source: "RFC 8853, section 5.1; libwebrtc, webrtc_sdp.cc (RemoveInvalidRidsFromSimulcast)",
        },
        profiles: &[],
        verdicts: LAYER_IGNORED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "a=rid:1 recv\na=simulcast:send «1»\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(rid_direction),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-rid-twice",
            severity: Severity::Error,
            summary: "An a=simulcast names a rid twice",
            what: "A rid is one layer or one alternative of one.",
            why: "libwebrtc leaves layers out without a word.",
            advice: "Give each layer a rid of its own.",
            source: "RFC 8853, section 5.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1;«1»\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(rid_twice),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-draft-syntax",
            severity: Severity::Warning,
            summary: "An a=simulcast is written as the drafts before RFC 8853 had it",
            what: "The drafts wrote a space behind the colon, and rid= or pt= before the list.",
            why: "libwebrtc passes over the line without a word and sends one layer; Firefox refuses the description.",
            advice: "Write a=simulcast:send 1;2.",
            source: "draft-ietf-mmusic-sdp-simulcast-03",
        },
        profiles: &[],
        verdicts: LAYER_IGNORED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "a=rid:1 send\n«a=simulcast: send rid=1»\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(draft),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-vs-direction",
            severity: Severity::Warning,
            summary: "An a=simulcast sends on an m-line that does not send, or receives on one that does not receive",
            what: "The direction of an m-line holds for its layers too.",
            why: "The list can have no effect. Browsers accept the description.",
            advice: "Write the direction that was meant, or turn send and recv round in a=rid and a=simulcast.",
            source: "RFC 8853, section 5",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "a=recvonly\na=rid:1 send\na=simulcast:«send» 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(against_direction),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-sim-group-and-rid",
            severity: Severity::Warning,
            summary: "An m-line announces layers by SSRC and by rid",
            what: "a=ssrc-group:SIM is the older form of simulcast, a=simulcast that of RFC 8853.",
            why: "Which of the two a receiver takes is undecided; libwebrtc passes over one of them without a word.",
            advice: "Keep a=simulcast for browsers, a=ssrc-group:SIM for servers that know nothing else.",
            source: "libwebrtc and Firefox, as tried",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "a=ssrc:1 cname:x\na=ssrc:2 cname:x\n«a=ssrc-group:SIM 1 2»\na=rid:1 send\na=rid:2 send\n\
            a=simulcast:send 1;2\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(both_forms),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-simulcast-no-rid-extmap",
            severity: Severity::Error,
            summary: "An m-line with simulcast does not negotiate the rid header extension",
            what: "By urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id a packet says which layer it is of.",
            why: "Layers without announced SSRCs cannot be told apart. libwebrtc refuses the description.",
            advice: "Add the a=extmap, or take a=simulcast out.",
            source: "RFC 8852; libwebrtc, sdp_offer_answer.cc (ValidateRtpHeaderExtensionsForSpecSimulcast)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=rid:1 send\na=rid:2 send\n«a=simulcast:send 1;2»")],
        valid: &[Example::media(
            "a=rid:1 send\na=rid:2 send\na=simulcast:send 1;2\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(no_extension),
    },
];

fn multiple(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_of(Key::Simulcast) && matches!(fault.error.expected, Expected::OnceAttribute { .. });
    if own {
        found.at(fault.error.span, "a second a=simulcast in one m-line");
    }
    own
}

fn empty(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = matches!(fault.field(), "direction" | "simulcast stream") && fault.error.found.is_empty();
    let Some(line) = fault.line.filter(|_| own && fault.is_of(Key::Simulcast)) else { return false };
    let list = fault.field() == "simulcast stream";
    let message = if list { "no rids behind the direction" } else { "this a=simulcast says nothing" };
    let finding = found.at(fault.error.span, message);
    finding.unsafe_fix("take the line out", vec![without(line)]);
    if list {
        finding.verdicts(REJECTED);
    }
    true
}

fn direction(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let twice = fault.error.expected == Expected::End;
    if !fault.is_of(Key::Simulcast) || !(twice || fault.field() == "direction") {
        return false;
    }
    let text = fault.error.found.escape_debug();
    let message =
        if twice { format!("`{text}`: this direction is there") } else { format!("`{text}` is neither send nor recv") };
    found.at(fault.error.span, message);
    true
}

fn syntax(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Simulcast) || !matches!(fault.field(), "simulcast stream" | "paused stream") {
        return false;
    }
    // A name that is bad in its a=rid too is one fault.
    let part = fault.media.and_then(|index| context.media.get(index));
    let part = part.filter(|part| part.section.lines().len() <= SEARCHED);
    let known = part.map(known_rids).unwrap_or_default();
    let mut words = fault.error.found.split([';', ',']).map(|word| word.strip_prefix('~').unwrap_or(word));
    if !words.all(|word| known.contains(word.as_bytes())) {
        found.at(fault.error.span, format!("`{}` is not a list of rids", fault.error.found.escape_debug()));
    }
    true
}

const DIRECTIONS: [RidDirection; 2] = [RidDirection::Send, RidDirection::Recv];

/// Every rid that an a=simulcast names, with its direction; nothing of the form that names payload types.
fn layers<'a>(simulcast: Simulcast<'a>) -> impl Iterator<Item = (RidDirection, &'a str)> {
    let rids = simulcast.draft != Some("pt");
    DIRECTIONS
        .into_iter()
        .filter(move |_| rids)
        .flat_map(move |direction| simulcast.streams(direction).flatten().map(move |stream| (direction, stream.id)))
}

fn undefined(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let Some(simulcast) = part.section.value::<Simulcast<'_>>() else { continue };
        let known = known_rids(part);
        for (_, rid) in layers(simulcast).filter(|(_, rid)| !known.contains(rid.as_bytes())) {
            found.at(context.span(rid), format!("no a=rid of this m-line declares {rid}"));
        }
    }
}

fn rid_direction(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let Some(simulcast) = part.section.value::<Simulcast<'_>>() else { continue };
        let mut known: BTreeMap<&str, (Rid<'_>, &Line<'_>)> = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for (line, rid) in part.section.lines_with::<Rid<'_>>() {
            if known.insert(rid.id, (rid, line)).is_some() {
                twice.insert(rid.id);
            }
        }
        for (direction, id) in layers(simulcast).filter(|(_, id)| !twice.contains(id)) {
            let Some((rid, line)) = known.get(id).filter(|(rid, _)| rid.direction != direction) else { continue };
            let message = format!("a=simulcast has rid {id} behind {direction}, its a=rid says {}", rid.direction);
            let finding = found.at(context.span(id), message);
            finding.also(line.span(), "the a=rid");
            let start = context.span(rid.id).end;
            let behind = line.content().get(start - line.span().start..).unwrap_or_default();
            let spaces = behind.iter().take_while(|byte| **byte == b' ').count();
            let span = Span::new(start + spaces, start + spaces + rid.direction.name().len());
            finding.unsafe_fix(format!("write {direction} in the a=rid"), vec![Edit::replace(span, direction.name())]);
        }
    }
}

fn rid_twice(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let Some(simulcast) = part.section.value::<Simulcast<'_>>() else { continue };
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        for (_, rid) in layers(simulcast) {
            let span = context.span(rid);
            let place = *first.entry(rid).or_insert(span);
            if place != span {
                found.at(span, format!("rid {rid} stands twice in this a=simulcast")).also(place, "here");
            }
        }
    }
}

fn draft(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        for (line, simulcast) in part.section.lines_with::<Simulcast<'_>>() {
            let spaced = line.attribute_value().is_some_and(|value| value.starts_with(b" "));
            if simulcast.draft.is_none() && !spaced {
                continue;
            }
            let message = match simulcast.draft {
                Some(kind) => format!("{kind}= is of the drafts before RFC 8853"),
                None => "a space behind the colon".to_owned(),
            };
            let finding = found.at(line.span(), message);
            if simulcast.draft.is_none() {
                finding.verdicts(Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently));
            }
            // A list of payload types has no form any more, and what is paused stands at each rid.
            let paused = simulcast.send_paused.is_some() || simulcast.recv_paused.is_some();
            if simulcast.draft != Some("pt") && !paused {
                let plain = Simulcast { draft: None, ..simulcast };
                let edit = Edit::replace(line.span(), format!("a=simulcast:{plain}"));
                finding.unsafe_fix("write it as RFC 8853 does", vec![edit]);
            }
        }
    }
}

fn against_direction(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let Some((line, simulcast)) = part.section.lines_with::<Simulcast<'_>>().next() else { continue };
        let (list, word, direction) = match part.section.direction() {
            Direction::RecvOnly => (simulcast.send, "send", "recvonly"),
            Direction::SendOnly => (simulcast.recv, "recv", "sendonly"),
            // On hold nothing is sent for now, which is no fault of the layers.
            _ => continue,
        };
        if list.is_some() {
            let offset = line.text().find(word).unwrap_or_default();
            let start = line.span().start + "a=".len() + offset;
            let message = format!("{} is {direction}", part.name());
            found.at(Span::new(start, start + word.len()), message);
        }
    }
}

fn both_forms(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.section.has(Key::Simulcast)) {
        let mut groups = part.section.lines_with::<SsrcGroup<'_>>();
        if let Some((line, _)) = groups.find(|(_, group)| group.semantics == "SIM") {
            found.at(line.span(), format!("{} has a=simulcast too", part.name()));
        }
    }
}

fn no_extension(context: &Context<'_, '_>, found: &mut Findings) {
    if context.session.has_extension(RID) {
        return;
    }
    let free = context.free_extension_ids().get(1).copied();
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let Some((line, simulcast)) = part.section.lines_with::<Simulcast<'_>>().next() else { continue };
        // Without rids, or in the form of the drafts, there is no simulcast in the first place.
        if simulcast.draft.is_some() || !part.section.has(Key::Rid) || part.has_extension(RID) {
            continue;
        }
        let finding = found.at(line.span(), format!("{} does not have the rid header extension", part.name()));
        if let Some(id) = free {
            finding.unsafe_fix("add it", vec![part.append(&format!("a=extmap:{id} {RID}"))]);
        }
    }
}
