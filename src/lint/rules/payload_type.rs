//! The numbers of payload types.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, Part};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::edit::{Scope, renumber_payload_type};
use crate::sdp::{Key, LineType};
use crate::text::Edit;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-pt-out-of-range",
            severity: Severity::Error,
            summary: "A payload type is greater than 127",
            what: "A payload type has seven bits in an RTP packet.",
            why: "Browsers refuse the description.",
            advice: "Use a number from 96 to 127, or from 35 to 63 where those are used up.",
            source: "RFC 3550, section 5.1; Firefox, JsepSessionImpl (ParseSdp)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 «200»\na=rtpmap:111 opus/48000/2\na=rtpmap:200 G722/8000"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=fmtp:0 x=1\na=rtcp-fb:«128» nack"),
        ],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 127\na=rtpmap:127 opus/48000/2")],
        check: Check::Misread(out_of_range),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-pt-rtcp-conflict",
            severity: Severity::Error,
            summary: "A payload type looks like RTCP where RTP and RTCP share a port",
            what: "With a=rtcp-mux the payload types from 64 to 95 must not be used: with the marker bit they read as types of RTCP.",
            why: "Browsers refuse the description; without the check RTP packets would be taken for RTCP.",
            advice: "Use a number from 96 to 127, or from 35 to 63 where those are used up.",
            source: "RFC 5761, section 4; libwebrtc, payload_type.h; Firefox, JsepSessionImpl (ParseSdp)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF «72»\na=rtpmap:72 opus/48000/2")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 63\na=rtpmap:63 opus/48000/2")],
        check: Check::Description(rtcp_conflict),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-pt-reserved",
            severity: Severity::Warning,
            summary: "A payload type is reserved",
            what: "The numbers 1, 2, 19 and 72 to 76 are reserved: some had a meaning once, the others look like RTCP.",
            why: "Firefox refuses the description, and Chrome refuses 1 and 2 with a codec of another name.",
            advice: "Use a number from 96 to 127.",
            source: "RFC 3551, section 6, tables 4 and 5; Firefox, JsepSessionImpl (ParseSdp)",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.firefox(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 «19»\na=rtpmap:19 G722/8000")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 3")],
        check: Check::Description(reserved),
    },
];

fn out_of_range(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let text = &*fault.error.found;
    let number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let in_place = fault.is_in(LineType::Media)
        || [Key::Rtpmap, Key::RtcpFb, Key::ImageAttributes, Key::Framesize].into_iter().any(|key| fault.is_of(key));
    if !in_place || fault.field() != "payload type" || !number {
        return false;
    }
    // Where the m= line is at fault itself, the lines below it only repeat its number.
    let part = fault.media.and_then(|index| context.media.get(index));
    let repeats = !fault.is_in(LineType::Media) && part.is_some_and(|part| part.media.is_none());
    if !repeats {
        found.at(fault.error.span, format!("{text} does not fit: a payload type goes up to 127"));
    }
    true
}

/// Whether RTP and RTCP share a port.
fn is_muxed(part: &Part<'_, '_>) -> bool {
    part.section.has(Key::RtcpMux) || part.section.has(Key::RtcpMuxOnly)
}

fn rtcp_conflict(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let clashes = |payload_type: u8| (64..96).contains(&payload_type);
        let mut tokens = part.payload_type_tokens().filter(|(payload_type, _)| clashes(*payload_type)).peekable();
        // Browsers share the port always, whatever a description says.
        if tokens.peek().is_none() || !(is_muxed(part) || context.is_webrtc()) {
            continue;
        }
        let mut taken = 0_u128;
        for (number, token) in tokens {
            let free = (96..128).chain(35..64).find(|new| !part.names(*new) && taken & (1_u128 << *new) == 0);
            let finding = found.at(
                context.span(token),
                format!("payload type {number} looks like RTCP type {} when the marker bit is set", 128 + number),
            );
            if let Some((to, edits)) = free.and_then(|to| Some((to, renumbered(context, part, number, to)?))) {
                taken |= 1 << to;
                finding.unsafe_fix(format!("renumber it to {to}"), edits);
            }
        }
    }
}

/// The edits that give a payload type of one section another number.
fn renumbered(context: &Context<'_, '_>, part: &Part<'_, '_>, from: u8, to: u8) -> Option<Vec<Edit>> {
    // Other sections of the bundle may use the number: with several m-lines a person has to choose.
    if context.media.len() > 1 {
        return None;
    }
    part.index()?;
    renumber_payload_type(context.document, Scope::All, from, to).ok()
}

fn reserved(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        for (payload_type, token) in part.payload_type_tokens() {
            let as_rtcp = (72..=76).contains(&payload_type);
            if !matches!(payload_type, 1 | 2 | 19) && (!as_rtcp || is_muxed(part) || context.is_webrtc()) {
                continue;
            }
            let finding = found.at(context.span(token), format!("payload type {payload_type} is reserved"));
            // Measured: to Chrome 1 and 2 have the meanings that they had in RFC 1890, and 19 is free.
            finding.verdicts(match payload_type {
                1 | 2 => Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects),
                19 => Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects),
                _ => Verdicts::REJECTED.rfc(Verdict::NotKnown),
            });
        }
    }
}
