//! Simulcast and rids of an answer beside those of its offer (RFC 8853, RFC 8851).

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{without, word_span};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::{Both, Pair};
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::negotiate::{ContradictionKind, Side};
use crate::sdp::{Line, Rid, RidDirection, Simulcast};
use crate::text::{Edit, Span};

/// The header extension that says which stream a packet is of.
const STREAM_ID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

/// Streams of an a=simulcast that are compared: real ones have up to four.
const STREAMS: usize = 64;

/// Restrictions of a rid that are limits.
const LIMITS: &[&str] = &["max-width", "max-height", "max-fps", "max-fs", "max-br", "max-pps", "max-bpp"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-simulcast-direction",
            severity: Severity::Error,
            summary: "The answer does not turn the direction of simulcast around",
            what: "What is offered with `send` is answered with `recv`, in a=simulcast and in a=rid; what was not offered is not answered.",
            why: "Both sides say that they send the streams. No simulcast is agreed on, and one stream is sent, or none.",
            advice: "Write `recv` where the offer has `send`, and the other way round.",
            source: "RFC 8853, section 5.3; RFC 8851, section 6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts).rfc(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send\na=rid:l send\na=simulcast:«send» h;l",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send\na=rid:l send\na=simulcast:send h;l",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h recv\na=rid:l recv\na=simulcast:recv h;l",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send\na=rid:l send\na=simulcast:send h;l",
        )],
        check: Check::Pair(direction),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-simulcast-rid-added",
            severity: Severity::Error,
            summary: "The answer names a rid that was not offered",
            what: "An answer takes streams from those of the offer, and adds none.",
            why: "The offerer has no such stream to send, so that the answerer waits for it in vain.",
            advice: "Take only rids of the offer into a=rid and a=simulcast.",
            source: "RFC 8853, section 5.3; RFC 8851, section 6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h recv\na=rid:«4» recv\na=simulcast:recv h;4",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send\na=rid:l send\na=simulcast:send h;l",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h recv\na=simulcast:recv h",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send\na=rid:l send\na=simulcast:send h;l",
        )],
        check: Check::Pair(added),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-simulcast-order-alternatives",
            severity: Severity::Warning,
            summary: "The answer lists the streams of simulcast in another order",
            what: "Streams stand in the order of preference, and so do the alternatives of a stream; the answer keeps the order of the \
                offer or names less.",
            why: "Browsers tie the encodings of a sender to the order of the list, so that a parameter that was set for one may hold for \
                another one.",
            advice: "Keep the order of the offer.",
            source: "RFC 8853, section 5.3",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h recv\na=rid:l recv\na=simulcast:recv l;«h»",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send\na=rid:l send\na=simulcast:send h;l",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h recv\na=rid:l recv\na=simulcast:recv h;~l",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send\na=rid:l send\na=simulcast:send h;l",
        )],
        check: Check::Pair(order),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-rid-restriction-loosened",
            severity: Severity::Warning,
            summary: "The answer allows a stream more than the offer",
            what: "The restrictions of a rid hold from both sides; an answer may make them narrower.",
            why: "The wider value has no effect, and whoever reads it expects more than will come.",
            advice: "Repeat the value of the offer, or a smaller one.",
            source: "RFC 8851, section 6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h recv max-width=«1920»\na=simulcast:recv h",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send max-width=1280\na=simulcast:send h",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h recv max-width=640\na=simulcast:recv h",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send max-width=1280\na=simulcast:send h",
        )],
        check: Check::Pair(loosened),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-simulcast-no-rid-extmap",
            severity: Severity::Error,
            summary: "Simulcast is accepted without the header extension that tells its streams apart",
            what: "The offer has the rtp-stream-id header extension; the answer accepts simulcast and leaves the extension out.",
            why: "Packets do not say which stream they are of. Chrome refuses the answer.",
            advice: "Answer the a=extmap of rtp-stream-id too.",
            source: "RFC 8852; RFC 8853; libwebrtc, sdp_offer_answer.cc (ValidateRtpHeaderExtensionsForSpecSimulcast), \
                peer_connection_simulcast_unittest.cc (SimulcastAnswerWithNoRidsIsRejected)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=rid:h recv\na=rid:l recv\na=simulcast:«recv» h;l",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n\
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\na=rid:h send\na=rid:l send\na=simulcast:send h;l",
        )],
        valid: &[Example::media("a=mid:0").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(no_extension),
    },
];

const fn reversed(direction: RidDirection) -> RidDirection {
    match direction {
        RidDirection::Send => RidDirection::Recv,
        RidDirection::Recv => RidDirection::Send,
    }
}

const DIRECTIONS: [RidDirection; 2] = [RidDirection::Send, RidDirection::Recv];

const fn has(simulcast: &Simulcast<'_>, direction: RidDirection) -> bool {
    match direction {
        RidDirection::Send => simulcast.send.is_some(),
        RidDirection::Recv => simulcast.recv.is_some(),
    }
}

/// The a=simulcast of a section with its line.
fn simulcast<'d, 'a>(part: &crate::lint::context::Part<'d, 'a>) -> Option<(&'d Line<'a>, Simulcast<'a>)> {
    part.section.lines_with::<Simulcast<'a>>().next()
}

/// Where a direction stands in a line, as a word of its own.
fn direction_span(line: &Line<'_>, direction: RidDirection) -> Span {
    let mut words = line.words();
    words.find(|word| word.value == direction.name().as_bytes()).map_or(line.span(), |word| word.span)
}

/// The rids of a section by id and direction, each with its line.
fn rids<'d, 'a>(
    part: &crate::lint::context::Part<'d, 'a>,
) -> BTreeMap<(&'a str, &'static str), (&'d Line<'a>, Rid<'a>)> {
    let mut found = BTreeMap::new();
    for (line, rid) in part.section.lines_with::<Rid<'a>>() {
        found.entry((rid.id, rid.direction.name())).or_insert((line, rid));
    }
    found
}

fn offers_rid<T>(offered: &BTreeMap<(&str, &'static str), T>, id: &str) -> bool {
    DIRECTIONS.iter().any(|direction| offered.contains_key(&(id, direction.name())))
}

fn direction(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed() {
        let (offered, answered) = (simulcast(both.offer), simulcast(both.answer));
        let wrong = answered.as_ref().and_then(|(line, answered)| {
            let too_much = |direction: &&RidDirection| {
                let wanted = offered.as_ref().is_some_and(|(_, offered)| has(offered, reversed(**direction)));
                has(answered, **direction) && !wanted
            };
            DIRECTIONS.iter().find(too_much).map(|direction| (*line, *direction))
        });
        if let Some((line, direction)) = wrong {
            let own = direction_span(line, direction);
            let message = match &offered {
                None => format!("simulcast is answered in {}, but was not offered", both.answer.name()),
                Some(_) => format!("{direction} is answered in {}, but {direction} was offered", both.answer.name()),
            };
            let finding = found.at(own, message);
            let Some((other, simulcast)) = &offered else {
                finding.label(Text::Offer, both.offer.head(), "offered without simulcast");
                continue;
            };
            finding.label(Text::Offer, direction_span(other, direction), "what was offered");
            let turned = reversed(direction);
            let free = answered.is_none_or(|(_, answered)| !has(&answered, turned));
            if has(simulcast, direction) && free {
                let rids = both.answer.section.lines_with::<Rid<'_>>().filter(|(_, rid)| rid.direction == direction);
                let spans = rids.map(|(line, _)| word_span(line, 1)).chain([own]);
                let edits = spans.map(|span| Edit::replace(span, turned.name())).collect();
                finding.unsafe_fix(format!("answer with {turned}"), edits);
            }
            continue;
        }
        let offered = rids(both.offer);
        for ((id, direction), (line, rid)) in rids(both.answer) {
            let turned = reversed(rid.direction);
            let Some((other, _)) = offered.get(&(id, direction)) else { continue };
            if !offered.contains_key(&(id, turned.name())) {
                let own = word_span(line, 1);
                found
                    .at(own, format!("rid {id} is {direction} on both sides in {}", both.answer.name()))
                    .label(Text::Offer, word_span(other, 1), "what was offered")
                    .unsafe_fix(format!("answer with {turned}"), vec![Edit::replace(own, turned.name())]);
            }
        }
    }
}

fn added(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.contradicted(ContradictionKind::RidNotOffered) {
        let offered = rids(both.offer);
        // Without any rid in the offer the direction of simulcast is what was not offered.
        let answered = simulcast(both.answer);
        if answered.is_some() && simulcast(both.offer).is_none() {
            continue;
        }
        for ((id, _), (line, _)) in rids(both.answer) {
            if offers_rid(&offered, id) {
                continue;
            }
            let message = format!("rid {id} was not offered in {}", both.answer.name());
            let other = offered.values().next().map_or(both.offer.head(), |(line, _)| line.span());
            let finding = found.at(pair.answer.span(id), message).label(Text::Offer, other, "what was offered");
            let mut edits = vec![without(line)];
            match &answered {
                None => {}
                Some((line, simulcast)) => match without_stream(pair, line, simulcast, id) {
                    Some(edit) => edits.extend(edit),
                    None => continue,
                },
            }
            finding.unsafe_fix("leave it out", edits);
        }
    }
}

/// An edit of a=simulcast that takes a rid away; no edit where it does not name it, `None` where nothing would be left.
fn without_stream(
    pair: &Pair<'_, '_, '_>,
    line: &Line<'_>,
    simulcast: &Simulcast<'_>,
    id: &str,
) -> Option<Option<Edit>> {
    let lists = [simulcast.send, simulcast.recv].into_iter().flatten();
    for list in lists {
        let names = |alternative: &&str| alternative.strip_prefix('~').unwrap_or(alternative) == id;
        if !list.split([';', ',']).any(|alternative| names(&alternative)) {
            continue;
        }
        let streams = list.split(';').map(|stream| {
            let kept: Vec<&str> = stream.split(',').filter(|alternative| !names(alternative)).collect();
            kept.join(",")
        });
        let kept: Vec<String> = streams.filter(|stream| !stream.is_empty()).collect();
        // Two edits of one list would overlap, so that the next round makes the second one.
        let span = pair.answer.span(list);
        let inside = line.span().start <= span.start && span.end <= line.span().end;
        return (inside && !kept.is_empty()).then(|| Some(Edit::replace(span, kept.join(";"))));
    }
    Some(None)
}

fn order(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed().filter(|both| both.agreed.simulcast.is_some()) {
        let (Some((other, offered)), Some((_, answered))) = (simulcast(both.offer), simulcast(both.answer)) else {
            continue;
        };
        for direction in DIRECTIONS {
            let mut places: BTreeMap<&str, usize> = BTreeMap::new();
            for stream in offered.streams(reversed(direction)).flatten().take(STREAMS) {
                let next = places.len();
                places.entry(stream.id).or_insert(next);
            }
            let streams = answered.streams(direction).flatten().take(STREAMS);
            let known = streams.filter_map(|stream| Some((stream.id, *places.get(stream.id)?)));
            let mut last: Option<(&str, usize)> = None;
            for (id, place) in known {
                if let Some((before, _)) = last.filter(|(_, last)| place < *last) {
                    let message = format!("rid {id} stands behind {before}, but the offer has it before that");
                    let other = direction_span(other, reversed(direction));
                    found.at(pair.answer.span(id), message).label(Text::Offer, other, "the order of the offer");
                    break;
                }
                last = Some((id, place));
            }
        }
    }
}

fn loosened(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed() {
        for rid in &both.agreed.rids {
            for name in LIMITS {
                let value = |side: Side| rid.restrictions.of(side).value(name);
                let (Some(offered), Some(answered)) = (value(Side::Offerer), value(Side::Answerer)) else { continue };
                let (Ok(most), Ok(own)) = (offered.parse::<f64>(), answered.parse::<f64>()) else { continue };
                if own > most {
                    let message = format!("{name} of rid {} is {answered}, but {offered} in the offer", rid.id);
                    let other = pair.offer.span(offered);
                    found.at(pair.answer.span(answered), message).label(Text::Offer, other, "what was offered");
                }
            }
        }
    }
}

fn no_extension(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let accepts = |both: &Both<'_, '_, '_>| both.agreed.simulcast.is_some();
    for both in pair.agreed().filter(accepts) {
        let offer = pair.offer.session.extmaps.iter().chain(&both.offer.extmaps);
        let Some(offered) = offer.into_iter().find(|at| at.value.uri == STREAM_ID) else { continue };
        let answered: Vec<_> = pair.answer.session.extmaps.iter().chain(&both.answer.extmaps).collect();
        if answered.iter().any(|at| at.value.uri == STREAM_ID) {
            continue;
        }
        let Some((line, _)) = simulcast(both.answer) else { continue };
        let message = format!("{} accepts simulcast without the rtp-stream-id extension", both.answer.name());
        let finding = found.at(word_span(line, 0), message).label(Text::Offer, offered.line.span(), "what was offered");
        let used: BTreeSet<u32> = answered.iter().map(|at| at.value.id).collect();
        let id = offered.value.id;
        if !used.contains(&id) && id < 4096 {
            let edit = both.answer.append(&format!("a=extmap:{id} {STREAM_ID}"));
            finding.unsafe_fix("answer the extension too", vec![edit]);
        }
    }
}
