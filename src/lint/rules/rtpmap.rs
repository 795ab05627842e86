//! `a=rtpmap`: every payload type has one meaning.

use std::collections::BTreeMap;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Key, Line, Rtpmap};
use crate::text::Edit;

/// The most channels that libwebrtc takes.
const OF_BROWSERS: u32 = 16;

/// More channels than this no payload format in use carries: ST 2110-30 goes up to 64.
const OF_ANYBODY: u32 = 255;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-rtpmap-missing-dynamic",
            severity: Severity::Error,
            summary: "A dynamic payload type has no a=rtpmap",
            what: "A payload type from 96 on, or any other without a static meaning, says nothing by itself: a=rtpmap gives its codec.",
            why: "Nobody can tell what the packets hold, so the codec cannot be used; where it is the only one the m-line is refused.",
            advice: "Add the a=rtpmap, or take the payload type out of the m= line. Where a description is filtered, take both or none.",
            source: "RFC 8866, section 8.2.3 and section 6.6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 «112»\na=rtpmap:111 opus/48000/2")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 0\na=rtpmap:111 opus/48000/2")],
        check: Check::Description(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtpmap-orphan",
            severity: Severity::Warning,
            summary: "An a=rtpmap is for a payload type that the m= line does not name",
            what: "The m= line lists what is offered; an a=rtpmap beside it means nothing.",
            why: "Browsers ignore the line without a word: a codec that was meant to be offered is not.",
            advice: "Name the payload type in the m= line, or take the line away with its a=fmtp and a=rtcp-fb.",
            source: "RFC 8866, section 6.6; libwebrtc, webrtc_sdp.cc (ParseRtpmapAttribute)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtpmap:«111» opus/48000/2")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 111\na=rtpmap:111 opus/48000/2")],
        check: Check::Description(orphan),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtpmap-syntax",
            severity: Severity::Error,
            summary: "An a=rtpmap makes no sense",
            what: "It is a payload type, a space, and the codec's name and clock rate with a slash between; audio may add its channels.",
            why: "Chrome refuses the whole description, Firefox leaves the codec out.",
            advice: "Write it as in `a=rtpmap:111 opus/48000/2`.",
            source: "RFC 8866, section 6.6; libwebrtc, webrtc_sdp.cc (ParseRtpmapAttribute)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtpmap:0 PCMU«»"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtpmap:«x» PCMU/8000"),
        ],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtpmap:0 PCMU/8000")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtpmap-conflict",
            severity: Severity::Error,
            summary: "Two a=rtpmap give one payload type two meanings",
            what: "Inside an m-line a payload type stands for one codec with one clock rate.",
            why: "Chrome refuses the description; others take the first or the last.",
            advice: "Give the second codec a payload type of its own.",
            source: "RFC 8866, section 6.6; libwebrtc, webrtc_sdp_unittest.cc (DuplicateAudioRtpmapWithConflict)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 108\na=rtpmap:108 ISAC/16000\na=rtpmap:108 «G711»/16000",
        )],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 108\na=rtpmap:108 ISAC/16000\na=rtpmap:108 ISAC/16000")],
        check: Check::Description(conflict),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtpmap-static-mismatch",
            severity: Severity::Error,
            summary: "An a=rtpmap gives a static payload type another meaning",
            what: "Payload types below 35 have meanings that are assigned once for all, as 0 for PCMU.",
            why: "Chrome refuses the description; another reader may go by the assignment and play noise.",
            advice: "Use a payload type from 96 on for another codec, or name the assigned one.",
            source: "RFC 3551, section 6; libwebrtc, webrtc_sdp.cc (statically assigned payload type)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=rtpmap:0 «PCMA»/8000")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 8\na=rtpmap:8 pcma/8000/1")],
        check: Check::Description(static_mismatch),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtpmap-channels-limit",
            severity: Severity::Error,
            summary: "An a=rtpmap has more channels than a browser takes",
            what: "libwebrtc takes up to 16 channels; no payload format in use carries more than 255.",
            why: "Chrome refuses the whole description.",
            advice: "Offer fewer channels.",
            source: "libwebrtc, webrtc_sdp_unittest.cc (MaxChannels); Chromium 156, its message",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 105\na=rtpmap:105 «ISAC/16000/512»")],
        valid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 105\na=rtpmap:105 L16/48000/16"),
            Example::media("m=audio 5000 RTP/AVP 105\na=rtpmap:105 L24/48000/64").in_profile(Profile::Generic),
        ],
        check: Check::Description(channels),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-codec-duplicate-config",
            severity: Severity::Warning,
            summary: "Two payload types of an m-line mean the same codec with the same parameters",
            what: "Each payload type of an m-line stands for one configuration; a second one for the same adds nothing.",
            why: "Numbers are wasted, and one of the two is left out of the answer.",
            advice: "Take one of them away, or say in its a=fmtp how it differs.",
            source: "Chromium 156 and Firefox 153, which answer with one of the two",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 112\na=rtpmap:111 opus/48000/2\na=rtpmap:«112» opus/48000/2",
        )],
        valid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 112\na=rtpmap:111 opus/48000/2\na=fmtp:111 stereo=1\na=rtpmap:112 opus/48000/2",
        )],
        check: Check::Description(duplicate),
    },
];

fn missing(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let mut unknown = part.payload_type_tokens().filter(|(number, _)| part.format(*number).is_none()).peekable();
        if unknown.peek().is_none() {
            continue;
        }
        // Where the line is there but makes no sense, that is the fault.
        let misread = bits(part.section.attribute_lines(Key::Rtpmap).filter_map(payload_type));
        let about = part.fmtps.iter().map(|at| at.line).chain(part.feedback.iter().map(|at| at.line));
        let about = bits(about.filter_map(payload_type));
        let unknown: Vec<(u8, &str)> = unknown.filter(|(number, _)| misread & bit(*number) == 0).collect();
        // Where a whole list lost its lines that is one fault, told at the first of them.
        let Some((first, token)) = unknown.first() else { continue };
        let others = match unknown.len() {
            1 => String::new(),
            2 => " and one more".to_owned(),
            count => format!(" and {} more", count - 1),
        };
        let verb = if unknown.len() == 1 { "has" } else { "have" };
        let message = format!("payload type {first}{others} {verb} no a=rtpmap in {}", part.name());
        let finding = found.at(context.span(token), message);
        if unknown.iter().any(|(number, _)| about & bit(*number) != 0) {
            // Measured: parameters of a codec without a name are too much for Chrome.
            finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently));
        }
    }
}

/// The payload type that a line begins with.
fn payload_type(line: &Line<'_>) -> Option<u8> {
    str::from_utf8(line.words().next()?.value).ok()?.parse().ok()
}

fn bit(payload_type: u8) -> u128 {
    1_u128.checked_shl(u32::from(payload_type)).unwrap_or(0)
}

fn bits(payload_types: impl Iterator<Item = u8>) -> u128 {
    payload_types.fold(0, |bits, payload_type| bits | bit(payload_type))
}

fn orphan(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.has_payload_types()) {
        for at in part.rtpmaps.iter().filter(|at| !part.names(at.value.payload_type)) {
            let Rtpmap { payload_type, encoding, .. } = at.value;
            let Some(word) = at.line.words().next() else { continue };
            found
                .at(word.span, format!("the m= line does not name payload type {payload_type} ({encoding})"))
                .fix("take the line away", vec![Edit::delete(at.line.full_span())]);
        }
    }
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Rtpmap) || is_about_level(fault) {
        return false;
    }
    let message = match &*fault.error.found {
        "" => format!("expected {} here", fault.error.expected),
        text => format!("expected {}, found `{text}`", fault.error.expected),
    };
    found.at(fault.error.span, message);
    true
}

/// Whether the fault is where the line stands, not what it says.
pub(super) fn is_about_level(fault: &Misread<'_, '_>) -> bool {
    use crate::sdp::Expected;
    matches!(
        fault.error.expected,
        Expected::MediaLevel
            | Expected::SessionLevel
            | Expected::OnceAttribute { .. }
            | Expected::NoSpace
            | Expected::NoControl
            | Expected::Utf8
    )
}

/// Whether two lines give a payload type the same codec; channels that are not given are one.
fn is_same(one: &Rtpmap<'_>, other: &Rtpmap<'_>) -> bool {
    one.is(other.encoding) && one.clock_rate == other.clock_rate
}

fn conflict(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.rtpmaps.len() > 1) {
        let mut first: BTreeMap<u8, Rtpmap<'_>> = BTreeMap::new();
        for at in part.rtpmaps.iter().filter(|at| part.names(at.value.payload_type)) {
            let own = at.value;
            let earlier = *first.entry(own.payload_type).or_insert(own);
            if is_same(&earlier, &own) {
                continue;
            }
            let message = format!("payload type {} is {} already", own.payload_type, codec(&earlier));
            found.at(context.span(own.encoding), message).also(context.span(earlier.encoding), "its first meaning");
        }
    }
}

/// `opus/48000`.
fn codec(rtpmap: &Rtpmap<'_>) -> String {
    format!("{}/{}", rtpmap.encoding, rtpmap.clock_rate)
}

fn static_mismatch(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.has_payload_types()) {
        for format in &part.formats {
            let (own, Some(line)) = (format.rtpmap, format.line) else { continue };
            let Some(assigned) = Rtpmap::from_static(own.payload_type) else { continue };
            // The clock of G722 has a rule of its own.
            if is_same(&own, &assigned) || (own.is("G722") && assigned.is("G722")) {
                continue;
            }
            let Some(word) = line.words().nth(1) else { continue };
            let span = context.span(own.encoding);
            let edit = Edit::replace(word.span, codec(&assigned));
            let message =
                format!("payload type {} is {} by assignment, not {}", own.payload_type, codec(&assigned), codec(&own));
            found.at(span, message).unsafe_fix("name the assigned codec", vec![edit]);
        }
    }
}

fn channels(context: &Context<'_, '_>, found: &mut Findings) {
    let (most, whose) = if context.is_webrtc() { (OF_BROWSERS, "Chrome takes") } else { (OF_ANYBODY, "formats carry") };
    for part in &context.media {
        for at in part.rtpmaps.iter().filter(|at| at.value.channels.is_some_and(|count| count > most)) {
            let count = at.value.channels.unwrap_or_default();
            let Some(word) = at.line.words().nth(1) else { continue };
            found.at(word.span, format!("{count} channels, where {whose} {most} at most"));
        }
    }
}

/// Codecs whose payload types differ by more than their own parameters, or that are often repeated with reason.
const REPEATED: &[&str] = &["rtx", "red", "ulpfec", "flexfec", "flexfec-03", "CN"];

fn duplicate(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let mut seen: BTreeMap<(String, u32, u32, Vec<String>), u8> = BTreeMap::new();
        for format in &part.formats {
            let rtpmap = format.rtpmap;
            if REPEATED.iter().any(|name| rtpmap.is(name)) {
                continue;
            }
            let parameters = format.fmtp.into_iter().flat_map(|at| at.value.parameters.iter());
            let mut parameters: Vec<String> =
                parameters.map(|(name, value)| format!("{}={}", name.to_ascii_lowercase(), value)).collect();
            parameters.sort_unstable();
            let key =
                (rtpmap.encoding.to_ascii_lowercase(), rtpmap.clock_rate, rtpmap.channels.unwrap_or(1), parameters);
            let earlier = *seen.entry(key).or_insert(format.payload_type);
            if earlier == format.payload_type {
                continue;
            }
            let word = format.line.and_then(|line| line.words().next()).map(|word| word.span);
            let span = word.unwrap_or_else(|| part.payload_type_span(context, format.payload_type));
            let message =
                format!("payload types {earlier} and {} mean the same: {}", format.payload_type, codec(&rtpmap));
            found.at(span, message).also(part.payload_type_span(context, earlier), "the other one");
        }
    }
}
