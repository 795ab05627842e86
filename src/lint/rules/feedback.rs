//! `a=rtcp-fb`: which RTCP feedback is understood.

use std::collections::{BTreeMap, BTreeSet};

use super::rtpmap::is_about_level;
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Feedback, Key, Line};
use crate::text::{Edit, Span};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-rtcpfb-orphan",
            severity: Severity::Error,
            summary: "An a=rtcp-fb is for a payload type that the m= line does not name",
            what: "Feedback belongs to a payload type of the m= line, or with `*` to all of them.",
            why: "Chrome refuses the whole description: failed to parse codecs correctly. Others ignore the line.",
            advice: "Take the line away together with its a=rtpmap. Filters that drop a codec often leave it behind.",
            source: "RFC 4585, section 4.2; libwebrtc, webrtc_sdp.cc (ParseContent); rtpengine issue 1128; janus issue 1813",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:«111» nack")],
        valid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:0 nack"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:* nack"),
        ],
        check: Check::Description(orphan),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcpfb-syntax",
            severity: Severity::Error,
            summary: "An a=rtcp-fb makes no sense",
            what: "It is a payload type or `*`, a space, a type of feedback and perhaps its parameters.",
            why: "Chrome refuses the whole description, Firefox ignores the line.",
            advice: "Write it as in `a=rtcp-fb:96 nack pli`.",
            source: "RFC 4585, section 4.2; libwebrtc, webrtc_sdp.cc (ParseRtcpFbAttribute)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:«badvalue» nack"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:0«»"),
        ],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:0 nack pli")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcpfb-unknown-type",
            severity: Severity::Info,
            summary: "An a=rtcp-fb names a type of feedback that is not registered",
            what: "Types are registered, as nack, ack, ccm, transport-cc and goog-remb, with their parameters.",
            why: "Who does not know it ignores it: the feedback is not sent.",
            advice: "Look for a slip in the name. A type of one's own needs both sides.",
            source: "RFC 4585, section 4.2; RFC 5104, section 7.1; Firefox 153, which drops the line",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:0 «foo»")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:0 ccm fir\na=rtcp-fb:0 transport-cc")],
        check: Check::Description(unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcpfb-needs-avpf",
            severity: Severity::Error,
            summary: "Feedback is offered under a profile of RTP that has none",
            what: "The early feedback of a=rtcp-fb is what the profiles AVPF and SAVPF add to AVP and SAVP.",
            why: "Who goes by the profile sends none of it, and lost pictures stay lost. Browsers go by the lines.",
            advice: "Write the profile with the F at its end, or take the lines away.",
            source: "RFC 4585, section 4.2 and section 9; RFC 9429, section 5.1.2, for what browsers tolerate",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio 9 «RTP/AVP» 0\na=rtcp-fb:0 nack").in_profile(Profile::Sip)],
        valid: &[Example::media("m=audio 9 RTP/AVPF 0\na=rtcp-fb:0 nack").in_profile(Profile::Sip)],
        check: Check::Description(needs_avpf),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcpfb-wildcard-redundant",
            severity: Severity::Info,
            summary: "An a=rtcp-fb repeats what another says for all payload types",
            what: "With `*` a line is for every payload type of the m-line.",
            why: "It does no harm, but one of the two is easily forgotten in a change.",
            advice: "Keep the line with `*`, or one for each payload type.",
            source: "RFC 4585, section 4.2",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:* nack\na=rtcp-fb:«0 nack»")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:* nack\na=rtcp-fb:0 nack pli")],
        check: Check::Description(redundant),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtcpfb-duplicate",
            severity: Severity::Warning,
            summary: "An a=rtcp-fb stands twice",
            what: "Each kind of feedback is said once for a payload type.",
            why: "It does no harm by itself; scripts that add lines on every round make descriptions grow without end.",
            advice: "Take the second line away.",
            source: "sipsorcery issue 1792, where it compounds",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:0 nack\na=rtcp-fb:«0 nack»")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtcp-fb:0 nack\na=rtcp-fb:0 nack pli")],
        check: Check::Description(duplicate),
    },
];

/// Where the value of a line stands.
fn value(line: &Line<'_>) -> Span {
    let length = line.attribute_value().map_or(0, <[u8]>::len);
    Span::new(line.span().end.saturating_sub(length), line.span().end)
}

fn orphan(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.has_payload_types()) {
        for at in &part.feedback {
            let Some(payload_type) = at.value.payload_type.filter(|own| !part.names(*own)) else { continue };
            let Some(word) = at.line.words().next() else { continue };
            found
                .at(word.span, format!("the m= line does not name payload type {payload_type}"))
                .fix("take the line away", vec![without(at.line)]);
        }
    }
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::RtcpFb) || is_about_level(fault) {
        return false;
    }
    let message = match &*fault.error.found {
        "" => format!("expected {} here", fault.error.expected),
        text => format!("expected {}, found `{text}`", fault.error.expected),
    };
    found.at(fault.error.span, message);
    true
}

/// Whether a kind that has no variant of its own is registered, or written by a browser.
fn is_known(kind: &str, parameters: &str) -> bool {
    let first = parameters.split(' ').next().unwrap_or_default();
    match kind {
        "nack" => matches!(first, "app" | "tllei" | "pslei"),
        "ack" => matches!(first, "" | "app"),
        "ccm" => matches!(first, "" | "pause"),
        "goog-lntf" => true,
        _ => false,
    }
}

fn unknown(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        for at in &part.feedback {
            let Feedback::Other { kind, parameters } = at.value.feedback else { continue };
            if is_known(kind, parameters) {
                continue;
            }
            let name = if matches!(kind, "nack" | "ack" | "ccm") { parameters } else { kind };
            let space = if parameters.is_empty() { "" } else { " " };
            found.at(context.span(name), format!("`{kind}{space}{parameters}` is no registered feedback"));
        }
    }
}

fn needs_avpf(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.feedback.is_empty() && !part.section.is_rejected()) {
        let Some(media) = part.media.filter(|media| media.is_rtp()) else { continue };
        if !media.protocol.ends_with("AVP") {
            continue;
        }
        let span = context.span(media.protocol);
        let lines = part.feedback.len();
        let finding =
            found.at(span, format!("{} has no early feedback, but {lines} a=rtcp-fb ask for it", media.protocol));
        finding.unsafe_fix("name the profile with feedback", vec![Edit::insert(span.end, "F")]);
        if let Some(first) = part.feedback.first() {
            finding.also(first.line.span(), "the first of them");
        }
        if context.is_webrtc() {
            finding.severity(Severity::Warning);
        }
    }
}

fn redundant(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let for_all = part.feedback.iter().filter(|at| at.value.payload_type.is_none());
        let for_all: BTreeMap<String, Span> =
            for_all.map(|at| (at.value.feedback.to_string(), at.line.span())).collect();
        if for_all.is_empty() {
            continue;
        }
        for at in part.feedback.iter().filter(|at| at.value.payload_type.is_some_and(|own| part.names(own))) {
            let feedback = at.value.feedback.to_string();
            let Some(other) = for_all.get(&feedback) else { continue };
            found
                .at(value(at.line), format!("`{feedback}` is said for all payload types already"))
                .also(*other, "here")
                .unsafe_fix("take the line away", vec![without(at.line)]);
        }
    }
}

fn duplicate(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.feedback.len() > 1) {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for at in &part.feedback {
            if !seen.insert(at.value.to_string()) {
                found
                    .at(value(at.line), format!("`a=rtcp-fb:{}` stands above already", at.value))
                    .fix("take the line away", vec![without(at.line)]);
            }
        }
    }
}
