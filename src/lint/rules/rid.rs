//! `a=rid`: the layers of an m-line.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, Part};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Key, Rid, RidDirection, Simulcast};
use crate::text::{Edit, Span};

/// The longest rid that fits a one-byte header extension element.
const LONGEST: usize = 16;

/// The longest rid that fits an SDES item of RTCP.
const LONGEST_OF_ALL: usize = 255;

const LINE_IGNORED: Verdicts =
    Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects).rfc(Verdict::Rejects);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-rid-syntax",
            severity: Severity::Error,
            summary: "An a=rid is not a name and a direction",
            what: "The line is a=rid:, a name of letters, digits, - and _, one space and send or recv.",
            why: "libwebrtc passes over the line without a word, so that the layer is not sent; Firefox refuses the description.",
            advice: "Correct the line; what starts paused is marked by ~ in a=simulcast only.",
            source: "RFC 8851, section 10; libwebrtc, webrtc_sdp.cc (ParseContent)",
        },
        profiles: &[],
        verdicts: LINE_IGNORED,
        fix: None,
        invalid: &[Example::media("a=rid:1 «sned»"), Example::media("a=rid:«~1» send")],
        valid: &[Example::media("a=rid:1 send")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rid-duplicate",
            severity: Severity::Error,
            summary: "Two a=rid of one m-line have the same name",
            what: "A rid names one layer of an m-line.",
            why: "libwebrtc takes both out without a word, so that the layer is not sent.",
            advice: "Give each layer a name of its own.",
            source: "RFC 8851, section 4; libwebrtc, webrtc_sdp.cc (RemoveDuplicateRidDescriptions)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media(
            "a=rid:1 send\na=rid:«1» send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        valid: &[Example::media(
            "a=rid:1 send\na=rid:2 send\na=simulcast:send 1;2\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(duplicate),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rid-pt-unknown",
            severity: Severity::Error,
            summary: "An a=rid names a payload type that the m-line does not have",
            what: "The payload types behind pt= are those of the m= line that the layer may use.",
            why: "libwebrtc passes over the payload type or the line without a word.",
            advice: "Name payload types of the m= line. It happens where codecs are filtered.",
            source: "RFC 8851, section 5; webrtc-sdp (Firefox)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=rid:1 send pt=«99»")],
        valid: &[Example::media("a=rid:1 send pt=111")],
        check: Check::Description(unknown_payload_type),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rid-pt-not-first",
            severity: Severity::Error,
            summary: "The pt= of an a=rid is not its first restriction",
            what: "Where a rid is held to payload types, these come before its other restrictions.",
            why: "Browsers pass over the line without a word, so that the layer is not sent.",
            advice: "Write pt= first.",
            source: "RFC 8851, section 10; libwebrtc, sdp_serializer.cc (DeserializeRidDescription)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("a=rid:1 send max-width=1280;«pt=111»")],
        valid: &[Example::media("a=rid:1 send pt=111;max-width=1280")],
        check: Check::Description(payload_type_late),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rid-unused",
            severity: Severity::Warning,
            summary: "An a=rid is not in the a=simulcast of its m-line",
            what: "a=simulcast says which rids are sent or received together.",
            why: "Browsers pass over rids that it does not name; without a=simulcast over all, and send one layer.",
            advice: "Name the rid in a=simulcast, or leave it out.",
            source: "libwebrtc, webrtc_sdp.cc (ParseContent)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[
            Example::media("a=rid:«1» send"),
            Example::media(
                "a=rid:1 send\na=rid:«2» send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
            ),
        ],
        valid: &[Example::media(
            "a=rid:1 send\na=simulcast:send 1\na=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        )],
        check: Check::Description(unused),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rid-too-long",
            severity: Severity::Warning,
            summary: "A rid is longer than 16 characters",
            what: "The rid travels in an RTP header extension, whose one-byte form holds 16 bytes; 3 should be enough.",
            why: "libwebrtc passes over the layer, or over the whole a=simulcast, without a word.",
            advice: "Use short names, such as h, m and l.",
            source: "RFC 8852, section 3.3; RFC 9429, section 5.2.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=rid:«01234567890123456» send")],
        valid: &[Example::media("a=rid:0123456789012345 send")],
        check: Check::Description(too_long),
    },
];

/// The rids of an m-line, as bytes; of a line that makes no sense its first word, so that one bad rid is one fault.
pub(super) fn known_rids<'a>(part: &Part<'_, 'a>) -> BTreeSet<&'a [u8]> {
    let values = part.section.attribute_lines(Key::Rid).filter_map(crate::sdp::Line::attribute_value);
    values.filter_map(|value| value.split(|byte| *byte == b' ').next()).collect()
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Rid) || !matches!(fault.field(), "rid" | "direction") {
        return false;
    }
    let message = match (&*fault.error.found, fault.field()) {
        ("", field) => format!("this a=rid has no {}", if field == "rid" { "name" } else { field }),
        (text, "direction") => format!("`{}` is neither send nor recv", text.escape_debug()),
        (text, _) => format!("`{}` cannot name a rid", text.escape_debug()),
    };
    found.at(fault.error.span, message);
    true
}

fn duplicate(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        for rid in part.section.values::<Rid<'_>>() {
            let span = context.span(rid.id);
            let place = *first.entry(rid.id).or_insert(span);
            if place != span {
                found.at(span, format!("rid {} stands twice in this m-line", rid.id)).also(place, "here");
            }
        }
    }
}

fn unknown_payload_type(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.is_rtp()) {
        for rid in part.section.values::<Rid<'_>>() {
            for word in rid.restrictions.value("pt").unwrap_or_default().split(',') {
                if word.parse::<u8>().is_ok_and(|payload_type| !part.names(payload_type)) {
                    let message = format!("payload type {word} of rid {} is not in the m= line", rid.id);
                    found.at(context.span(word), message);
                }
            }
        }
    }
}

fn payload_type_late(context: &Context<'_, '_>, found: &mut Findings) {
    for rid in context.media.iter().flat_map(|part| part.section.values::<Rid<'_>>()) {
        let parts: Vec<&str> = rid.restrictions.0.split(';').collect();
        let is_pt = |part: &&str| part.trim_start().starts_with("pt=");
        let Some(late) = parts.iter().skip(1).copied().find(is_pt) else { continue };
        if parts.first().is_some_and(is_pt) {
            continue;
        }
        let others = parts.iter().copied().filter(|part| !std::ptr::eq(*part, late));
        let reordered: Vec<&str> = std::iter::once(late.trim()).chain(others).collect();
        let edit = Edit::replace(context.span(rid.restrictions.0), reordered.join(";"));
        found
            .at(context.span(late.trim()), format!("the pt= of rid {} comes behind other restrictions", rid.id))
            .fix("write it first", vec![edit]);
    }
}

fn unused(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let Some(simulcast) = part.section.value::<Simulcast<'_>>() else {
            // A line that makes no sense is its own fault.
            let first = part.section.values::<Rid<'_>>().next().filter(|_| !part.section.has(Key::Simulcast));
            if let Some(rid) = first {
                let message = format!("{} has rids and no a=simulcast", part.name());
                found.at(context.span(rid.id), message);
            }
            continue;
        };
        let used: BTreeSet<&str> = [RidDirection::Send, RidDirection::Recv]
            .into_iter()
            .flat_map(|direction| simulcast.streams(direction).flatten())
            .map(|stream| stream.id)
            .collect();
        for rid in part.section.values::<Rid<'_>>().filter(|rid| !used.contains(rid.id)) {
            found
                .at(context.span(rid.id), format!("a=simulcast does not name rid {}", rid.id))
                .verdicts(Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts));
        }
    }
}

fn too_long(context: &Context<'_, '_>, found: &mut Findings) {
    for rid in context.media.iter().flat_map(|part| part.section.values::<Rid<'_>>()) {
        if rid.id.len() > LONGEST {
            let message = format!("this rid has {} characters; {LONGEST} fit a packet", rid.id.len());
            let finding = found.at(context.span(rid.id), message);
            if rid.id.len() > LONGEST_OF_ALL {
                finding.verdicts(Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects));
            }
        }
    }
}
