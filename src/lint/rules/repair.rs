//! Retransmission and redundancy: payload types that point at others.

use std::collections::{BTreeMap, BTreeSet};

use super::fmtp::each;
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::text::Edit;

/// How many formats have a fix at once, because each looks at all lines of its section; the next round fixes the next ones.
const FIXES: usize = 16;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-rtx-missing-apt",
            severity: Severity::Error,
            summary: "A retransmission format does not say what it retransmits",
            what: "The parameter apt of an rtx format names the payload type that it stands in for.",
            why: "Chrome refuses the description when it sets up the sender.",
            advice: "Add `a=fmtp` with apt, or take the format away.",
            source: "RFC 4588, section 8.1; Chromium 156, which refuses it",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:«97» rtx/90000")],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96",
        )],
        check: Check::Description(missing_apt),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtx-apt-dangling",
            severity: Severity::Error,
            summary: "A retransmission format points at a payload type that is not there",
            what: "apt names a payload type of the same m= line.",
            why: "Chrome refuses the description when it sets up the sender; others cannot use the format.",
            advice: "Take the rtx format away together with its codec: filters that drop a codec often forget it.",
            source: "RFC 4588, section 8.1; RFC 9429, section 5.2.1; Chromium 156, which refuses it",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=«120»",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96;rtx-time=3000",
        )],
        check: Check::Description(dangling),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtx-apt-to-rtx",
            severity: Severity::Error,
            summary: "A retransmission format points at a retransmission format",
            what: "apt names a format that carries media; retransmissions are not retransmitted.",
            why: "Chrome refuses the description when it sets up the sender.",
            advice: "Let apt name the codec.",
            source: "RFC 4588, section 8.1; Chromium 156, which refuses it",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=«97»",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96",
        )],
        check: Check::Description(to_rtx),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtx-clock-mismatch",
            severity: Severity::Error,
            summary: "A retransmission format has another clock than its codec",
            what: "An rtx format has the clock rate of the codec that it stands in for.",
            why: "Timestamps of retransmissions mean the same as those of the media; browsers take the codec's clock.",
            advice: "Write the clock rate of the codec.",
            source: "RFC 4588, section 8.1; RFC 9429, section 5.2.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 «rtx/8000»\na=fmtp:97 apt=96",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96",
        )],
        check: Check::Description(clock),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-rtx-apt-duplicate",
            severity: Severity::Warning,
            summary: "Two retransmission formats point at the same payload type",
            what: "One rtx format a codec is enough.",
            why: "Each reader takes one of them, and not every reader the same.",
            advice: "Take one away, or let it point at its own codec.",
            source: "Chromium 156 and Firefox 153, which keep one of the two",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=rtpmap:98 rtx/90000\na=fmtp:97 apt=96\na=fmtp:98 apt=«96»",
        )],
        valid: &[Example::media(
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96",
        )],
        check: Check::Description(twice),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-red-fmtp-dangling",
            severity: Severity::Error,
            summary: "A redundancy format holds a payload type that is not there",
            what: "The a=fmtp of red lists, with slashes between, payload types of the same m= line.",
            why: "What it would carry cannot be read, so that redundancy is not used.",
            advice: "Name the payload type of the codec twice, as in `a=fmtp:63 111/111`, or take red away.",
            source: "RFC 2198, section 5",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\na=rtpmap:111 opus/48000/2\na=rtpmap:63 red/48000/2\na=fmtp:63 «120»/120",
        )],
        valid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\na=rtpmap:111 opus/48000/2\na=rtpmap:63 red/48000/2\na=fmtp:63 111/111",
        )],
        check: Check::Description(red_dangling),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-red-clock-mismatch",
            severity: Severity::Warning,
            summary: "A redundancy format has another clock than what it carries",
            what: "red and the formats inside it share one timestamp, and with it the clock rate.",
            why: "The distance of the redundant part is read wrong, or red is not used.",
            advice: "Give red the clock rate of the codec, as red/48000/2 for Opus.",
            source: "RFC 9429, section 5.11; RFC 8854, section 3.2",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN,
        fix: None,
        invalid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\na=rtpmap:111 opus/48000/2\na=rtpmap:63 «red/8000»\na=fmtp:63 111/111",
        )],
        valid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\na=rtpmap:111 opus/48000/2\na=rtpmap:63 red/48000/2\na=fmtp:63 111/111",
        )],
        check: Check::Description(red_clock),
    },
];

fn missing_apt(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        for format in part.formats.iter().filter(|format| format.rtpmap.is("rtx")) {
            let apt = format.fmtp.and_then(|at| at.value.parameters.value("apt"));
            let word = format.line.and_then(|line| line.words().next());
            if let Some(word) = word.filter(|_| apt.is_none()) {
                let message = format!("rtx format {} has no apt that says what it retransmits", format.payload_type);
                let finding = found.at(word.span, message);
                if let Some(edits) = part.without_payload_type(context, format.payload_type) {
                    finding.unsafe_fix("take the format away", edits);
                }
            }
        }
    }
}

fn dangling(context: &Context<'_, '_>, found: &mut Findings) {
    let mut fixed = BTreeSet::new();
    each(context, "rtx", |part, format, name, value| {
        let there = value.parse().is_ok_and(|payload_type| part.names(payload_type));
        if !name.eq_ignore_ascii_case("apt") || there || part.section.is_rejected() {
            return;
        }
        let token = if value.is_empty() { name } else { value };
        let message =
            format!("rtx format {} points at `{value}`, which the m= line does not name", format.payload_type);
        let finding = found.at(context.span(token), message);
        // One fix for each format: to find its lines is slow.
        let first = fixed.insert((part.index(), format.payload_type)) && fixed.len() <= FIXES;
        if let Some(edits) = first.then(|| part.without_payload_type(context, format.payload_type)).flatten() {
            finding.unsafe_fix("take the rtx format away", edits);
        }
    });
}

fn to_rtx(context: &Context<'_, '_>, found: &mut Findings) {
    each(context, "rtx", |part, format, name, value| {
        let target = value.parse().ok().and_then(|payload_type| part.format(payload_type));
        if name.eq_ignore_ascii_case("apt") && target.is_some_and(|target| target.rtpmap.is("rtx")) {
            let message = format!("rtx format {} points at {value}, which is an rtx format too", format.payload_type);
            found.at(context.span(value), message);
        }
    });
}

fn clock(context: &Context<'_, '_>, found: &mut Findings) {
    each(context, "rtx", |part, format, name, value| {
        let target = value.parse().ok().and_then(|payload_type| part.format(payload_type));
        let Some(target) = target.filter(|target| name.eq_ignore_ascii_case("apt") && !target.rtpmap.is("rtx")) else {
            return;
        };
        let (own, right) = (format.rtpmap.clock_rate, target.rtpmap.clock_rate);
        let word = format.line.and_then(|line| line.words().nth(1));
        // Where the codec's own clock is wrong, that is the fault.
        let astray = part.kind() == "video" && right != 90_000;
        if let Some(word) = word.filter(|_| own != right && !astray) {
            let edit = Edit::replace(word.span, format!("{}/{right}", format.rtpmap.encoding));
            found
                .at(word.span, format!("the clock of {} is {right}, that of its rtx is {own}", target.name()))
                .unsafe_fix(format!("write {right}"), vec![edit]);
        }
    });
}

fn twice(context: &Context<'_, '_>, found: &mut Findings) {
    let mut seen: BTreeMap<(Option<usize>, u8), (u8, &str)> = BTreeMap::new();
    each(context, "rtx", |part, format, name, value| {
        let target = value.parse().ok().filter(|target| name.eq_ignore_ascii_case("apt") && part.names(*target));
        let Some(target) = target else { return };
        let (earlier, token) = *seen.entry((part.index(), target)).or_insert((format.payload_type, value));
        if earlier != format.payload_type {
            let message = format!("rtx formats {earlier} and {} both point at {target}", format.payload_type);
            found.at(context.span(value), message).also(context.span(token), "the other one");
        }
    });
}

fn red_dangling(context: &Context<'_, '_>, found: &mut Findings) {
    let mut fixed = BTreeSet::new();
    each(context, "red", |part, format, name, value| {
        let held = value.split('/').map(str::trim);
        let numbers = held.filter_map(|token| Some((token, token.parse::<u8>().ok()?)));
        let missing = numbers.into_iter().find(|(_, payload_type)| !part.names(*payload_type));
        let Some((token, payload_type)) = missing.filter(|_| name.is_empty() && !part.section.is_rejected()) else {
            return;
        };
        let message =
            format!("red format {} holds {payload_type}, which the m= line does not name", format.payload_type);
        let finding = found.at(context.span(token), message);
        // One fix for each format: to find its lines is slow.
        let first = fixed.insert((part.index(), format.payload_type)) && fixed.len() <= FIXES;
        if let Some(edits) = first.then(|| part.without_payload_type(context, format.payload_type)).flatten() {
            finding.unsafe_fix("take the red format away", edits);
        }
    });
}

fn red_clock(context: &Context<'_, '_>, found: &mut Findings) {
    each(context, "red", |part, format, name, value| {
        let held = value.split('/').filter_map(|token| token.trim().parse().ok());
        let other = held.filter_map(|payload_type| part.format(payload_type));
        let other = other.into_iter().find(|held| held.rtpmap.clock_rate != format.rtpmap.clock_rate);
        let word = format.line.and_then(|line| line.words().nth(1));
        if let (Some(other), Some(word), true) = (other, word, name.is_empty()) {
            let (own, right) = (format.rtpmap.clock_rate, other.rtpmap.clock_rate);
            found.at(word.span, format!("the clock of {} is {right}, that of red is {own}", other.name()));
        }
    });
}
