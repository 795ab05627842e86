//! The codecs of an answer beside those of its offer (RFC 3264, section 6.1).

use std::collections::BTreeMap;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{value_span, without};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::{Both, Pair};
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::edit::{CodecPattern, Scope, remove_codecs, renumber_payload_type};
use crate::sdp::negotiate::{CodecRefusal, Refusal, RefusedCodec, Side};

use super::pair_parameter;

/// Fixes that walk the whole description are made for this many findings of a rule: more than any real one has.
const FIXES: usize = 64;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-no-common-format",
            severity: Severity::Error,
            summary: "An accepted m-line has no codec that was offered",
            what: "An answer that accepts an m-line names at least one of the offered formats; one that has none refuses it with port 0.",
            why: "Neither can send anything that the other one understands. Firefox refuses the answer, Chrome takes it and stays silent.",
            advice: "Answer with a codec of the offer, or with port 0.",
            source: "RFC 3264, section 6.1; RFC 9429, section 5.3.1; werift-webrtc issue 705",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects),
        fix: None,
        invalid: &[Example::telephony("m=audio 49172 RTP/AVP «8 18»").beside(Text::Offer, "m=audio 49170 RTP/AVP 0 3")],
        valid: &[
            Example::telephony("m=audio 49172 RTP/AVP 0").beside(Text::Offer, "m=audio 49170 RTP/AVP 0 3"),
            Example::telephony("m=audio 0 RTP/AVP 8").beside(Text::Offer, "m=audio 49170 RTP/AVP 0 3"),
        ],
        check: Check::Pair(no_common),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-pt-remapped",
            severity: Severity::Warning,
            summary: "The answer gives a codec another payload type than the offer",
            what: "An answer should use the number of the offer for the same codec; each side may choose the number that it receives.",
            why: "It is allowed, and often not understood: many stacks send and receive with one number only.",
            advice: "Use the payload type of the offer.",
            source: "RFC 3264, section 6.1",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF «109»\na=rtpmap:109 opus/48000/2\na=fmtp:109 minptime=10",
        )
        .beside(Text::Offer, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2")],
        valid: &[Example::media("a=mid:0").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(remapped),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-codec-not-offered",
            severity: Severity::Warning,
            summary: "The answer names a codec that was not offered",
            what: "An answer may add codecs, but only what both name can be used from this answer on.",
            why: "Nobody will send it. Where its payload type means something else in the offer, packets are taken for the wrong codec.",
            advice: "Leave it out; to use it, make an offer that has it.",
            source: "RFC 3264, section 6.1",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[
            Example::telephony("m=audio 49172 RTP/AVP 0 «8»").beside(Text::Offer, "m=audio 49170 RTP/AVP 0"),
            Example::telephony("m=audio 49172 RTP/AVP 0 «97»\na=rtpmap:97 G726-32/8000")
                .beside(Text::Offer, "m=audio 49170 RTP/AVP 0 97\na=rtpmap:97 speex/8000"),
        ],
        valid: &[Example::telephony("m=audio 49172 RTP/AVP 0").beside(Text::Offer, "m=audio 49170 RTP/AVP 0 8")],
        check: Check::Pair(not_offered),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-fmt-order",
            severity: Severity::Info,
            summary: "The answer lists the codecs in another order than the offer",
            what: "The first format is the one that a side likes best; without a reason an answer keeps the order of the offer.",
            why: "The two sides may send different codecs. That is allowed, and surprises who wanted the first one of the offer.",
            advice: "Keep the order of the offer unless the answerer means its own.",
            source: "RFC 3264, section 6.1",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::telephony("m=audio 49172 RTP/AVP 8 «0»").beside(Text::Offer, "m=audio 49170 RTP/AVP 0 8")],
        valid: &[Example::telephony("m=audio 49172 RTP/AVP 0 8").beside(Text::Offer, "m=audio 49170 RTP/AVP 0 3 8")],
        check: Check::Pair(order),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-rtx-not-offered",
            severity: Severity::Error,
            summary: "The answer adds retransmission that was not offered",
            what: "An answer names an rtx format only where the offer has one for the same codec.",
            why: "The offerer does not know what the packets of that payload type are; repairs are lost.",
            advice: "Leave rtx out of the answer, with its a=rtpmap and a=fmtp.",
            source: "RFC 4588, section 8 (offer and answer as in RFC 3264, section 6.1)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 «97»\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96",
        )
        .beside(Text::Offer, "m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000")],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96",
        )
        .beside(
            Text::Offer,
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96",
        )],
        check: Check::Pair(rtx),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-telephone-event",
            severity: Severity::Warning,
            summary: "Keys were offered as telephone-event and the answer has none",
            what: "The offerer can send the keys that a caller presses as events; the answer accepts the codec without them.",
            why: "Keys go as tones in the audio, if at all, and compressing codecs spoil tones: menus do not react.",
            advice: "Answer telephone-event where it was offered, with the clock rate of the codec in use.",
            source: "RFC 4733; RFC 3264, section 6.1",
        },
        profiles: &[Profile::Sip],
        verdicts: Verdicts::NOT_KNOWN,
        fix: None,
        invalid: &[Example::telephony("m=audio 49172 RTP/AVP «0»")
            .beside(Text::Offer, "m=audio 49170 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15")],
        valid: &[Example::telephony("m=audio 49172 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15")
            .beside(Text::Offer, "m=audio 49170 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15")],
        check: Check::Pair(keys),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-leftover-attrs-of-dropped-pt",
            severity: Severity::Error,
            summary: "The answer drops an offered payload type and keeps lines about it",
            what: "Where an answer leaves a format out of its m= line, a=rtpmap, a=fmtp and a=rtcp-fb of it go too.",
            why: "Chrome refuses the whole answer for a=fmtp or a=rtcp-fb of a payload type that the m= line does not name; an a=rtpmap \
                alone it passes over.",
            advice: "Take all lines of the payload type away with it. Filters that edit the m= line only leave them behind.",
            source: "RFC 3264, section 6.1; libwebrtc, webrtc_sdp.cc (ParseContent); Chrome 156, tried; janus-gateway issue 1813; rtpengine \
                issue 1128",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::telephony("m=audio 49172 RTP/AVP 0\n«a=fmtp:101 0-15»")
                .beside(Text::Offer, "m=audio 49170 RTP/AVP 0 101\na=rtpmap:101 speex/8000\na=fmtp:101 0-15"),
            Example::telephony("m=audio 49172 RTP/AVP 0\n«a=rtpmap:101 speex/8000»")
                .beside(Text::Offer, "m=audio 49170 RTP/AVP 0 101\na=rtpmap:101 speex/8000"),
        ],
        valid: &[Example::telephony("m=audio 49172 RTP/AVP 0")
            .beside(Text::Offer, "m=audio 49170 RTP/AVP 0 101\na=rtpmap:101 speex/8000\na=fmtp:101 0-15")],
        check: Check::Pair(leftover),
    },
];

fn no_common(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let none = |both: &Both<'_, '_, '_>| both.agreed.refusal() == Some(Refusal::NoCommonFormat);
    for both in pair.lines().filter(none).filter(|both| !pair_parameter::explains(both)) {
        let message = format!("{} is accepted, but none of its formats was offered", both.answer.name());
        found.at(both.answer.formats(), message).label(Text::Offer, both.offer.formats(), "what was offered");
    }
}

fn remapped(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut fixes = 0;
    for both in pair.agreed() {
        for codec in &both.agreed.codecs {
            let (offered, answered) = (codec.payload_types.offerer, codec.payload_types.answerer);
            if offered == answered {
                continue;
            }
            let name = if codec.name.is_empty() { "a codec" } else { codec.name };
            let mut message = format!("{name} is {answered} here, but {offered} in the offer");
            if let Some(other) = both.offer.rtpmap(answered).filter(|_| both.offer.names(answered)) {
                message.push_str(&format!(", where {answered} is {}", other.encoding));
            }
            let finding = found.at(both.answer.format_span(answered), message);
            finding.label(Text::Offer, both.offer.format_span(offered), "what was offered");
            fixes += 1;
            if fixes > FIXES {
                continue;
            }
            let scope = Scope::Index(both.agreed.index);
            if let Ok(edits) = renumber_payload_type(pair.answer.document, scope, answered, offered) {
                finding.unsafe_fix(format!("renumber {answered} to {offered}"), edits);
            }
        }
    }
}

/// Those that only the answer names, with a name that a reader can know.
fn added<'p, 'a>(both: &Both<'p, '_, 'a>) -> impl Iterator<Item = &'p RefusedCodec<'a>> {
    both.agreed.refused_codecs.iter().filter(|codec| codec.named_by == Side::Answerer && !codec.name.is_empty())
}

fn not_offered(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed() {
        for codec in added(&both).filter(|codec| codec.reason != CodecRefusal::RepairsOther) {
            if codec.name.eq_ignore_ascii_case("rtx") || pair_parameter::takes(&both, codec) {
                continue;
            }
            let number = codec.payload_type;
            let mut message = match codec.reason {
                CodecRefusal::ParametersDiffer => format!("{} was offered with other parameters only", codec.name),
                _ => format!("{} was not offered", codec.name),
            };
            let mut other = both.offer.formats();
            if both.offer.names(number) {
                other = both.offer.format_span(number);
                if let Some(rtpmap) = both.offer.rtpmap(number) {
                    message.push_str(&format!("; in the offer {number} is {}", rtpmap.encoding));
                }
            }
            found.at(both.answer.format_span(number), message).label(Text::Offer, other, "what was offered");
        }
    }
}

/// Said once for an m-line, at the first codec that stands behind one that the offer has later.
fn order(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed() {
        let offered = both.offer.media.into_iter().flat_map(|media| media.payload_types());
        let mut places: BTreeMap<u8, usize> = BTreeMap::new();
        offered.enumerate().for_each(|(place, number)| {
            places.entry(number).or_insert(place);
        });
        let mut last: Option<(usize, u8)> = None;
        for codec in &both.agreed.codecs {
            let numbers = codec.payload_types;
            let Some(place) = places.get(&numbers.offerer).copied() else { continue };
            if let Some((_, before)) = last.filter(|(last, _)| place < *last) {
                let message = format!(
                    "payload type {} stands behind {before}, but the offer has it before that",
                    numbers.answerer
                );
                let other = both.offer.format_span(numbers.offerer);
                found.at(both.answer.format_span(numbers.answerer), message).label(
                    Text::Offer,
                    other,
                    "its place in the offer",
                );
                break;
            }
            last = Some((place, numbers.answerer));
        }
    }
}

fn rtx(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut fixes = 0;
    for both in pair.agreed() {
        for codec in added(&both).filter(|codec| codec.name.eq_ignore_ascii_case("rtx")) {
            let number = codec.payload_type;
            let repaired = both.answer.fmtp(number).and_then(|fmtp| fmtp.parameters.number::<u8>("apt"));
            // What repairs a codec that was not agreed on is told with that codec.
            let Some(repaired) = repaired else { continue };
            let Some(primary) = both.agreed.codecs.iter().find(|codec| codec.payload_types.answerer == repaired) else {
                continue;
            };
            let message = format!("rtx {number} for {} {repaired} was not offered", primary.name);
            let other = both.offer.format_span(primary.payload_types.offerer);
            let finding =
                found.at(both.answer.format_span(number), message).label(Text::Offer, other, "offered without rtx");
            fixes += 1;
            let name = number.to_string();
            let scope = Scope::Index(both.agreed.index);
            if fixes <= FIXES
                && let Ok(edits) = remove_codecs(pair.answer.document, scope, &[CodecPattern::new(&name)])
            {
                finding.fix("leave rtx out", edits);
            }
        }
    }
}

fn keys(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed() {
        let keys = both.offer.rtpmaps.iter().find(|at| at.value.is("telephone-event"));
        let Some(offered) = keys.filter(|at| both.offer.names(at.value.payload_type)) else { continue };
        if !both.agreed.codecs.iter().any(|codec| codec.is("telephone-event")) {
            let message = format!("{} has no telephone-event, which was offered", both.answer.name());
            found.at(both.answer.formats(), message).label(Text::Offer, value_span(offered.line), "what was offered");
        }
    }
}

fn leftover(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed().filter(|both| both.offer.is_rtp()) {
        let answer = both.answer;
        let rtpmaps = answer.rtpmaps.iter().map(|at| (at.line, Some(at.value.payload_type), true));
        let fmtps = answer.fmtps.iter().map(|at| (at.line, at.value.payload_type(), false));
        let feedback = answer.feedback.iter().map(|at| (at.line, at.value.payload_type, false));
        let mut left: BTreeMap<u8, (Vec<_>, bool)> = BTreeMap::new();
        for (line, number, explains) in rtpmaps.chain(fmtps).chain(feedback) {
            let Some(number) = number.filter(|number| !answer.names(*number) && both.offer.names(*number)) else {
                continue;
            };
            let (lines, orphaned) = left.entry(number).or_default();
            lines.push(line);
            *orphaned |= !explains;
        }
        for (number, (mut lines, orphaned)) in left {
            lines.sort_by_key(|line| line.span().start);
            let Some(first) = lines.first() else { continue };
            let message =
                format!("payload type {number} was dropped from the m= line, and {} lines of it stay", lines.len());
            let finding = found.at(first.span(), message);
            finding.label(Text::Offer, both.offer.format_span(number), "what was offered");
            finding.fix("take its lines away too", lines.iter().map(|line| without(line)).collect());
            // An a=rtpmap alone does nothing.
            if !orphaned {
                let ignored = Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts);
                finding.severity(Severity::Warning).verdicts(ignored);
            }
        }
    }
}
