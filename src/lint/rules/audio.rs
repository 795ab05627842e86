//! Opus, G.722, G.729 and telephone events.

use std::collections::BTreeSet;

use super::fmtp::{Limits, check_limits, each};
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::Context;
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::text::Edit;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-opus-not-48000-2",
            severity: Severity::Error,
            summary: "Opus is offered otherwise than as opus/48000/2",
            what: "Whatever is sent, the clock of Opus is 48000 and its channels are 2; stereo and bandwidth are parameters.",
            why: "Browsers leave the codec out of the answer without a word.",
            advice: "Write opus/48000/2, and say mono with stereo=0 in a=fmtp.",
            source: "RFC 7587, section 7",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 «opus/48000»"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 «opus/16000/2»"),
        ],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 OPUS/48000/2")],
        check: Check::Description(opus),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-opus-fmtp-range",
            severity: Severity::Error,
            summary: "A parameter of Opus is out of range",
            what: "Rates are 8000 to 48000, the average bit rate is 6000 to 510000, packet times up to 120; switches are 0 or 1.",
            why: "The parameter is ignored or cut to the limit, so that the stream is not what was asked for.",
            advice: "Use a value inside the range.",
            source: "RFC 7587, section 6.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("a=fmtp:111 maxplaybackrate=«96000»"), Example::media("a=fmtp:111 stereo=«yes»")],
        valid: &[Example::media("a=fmtp:111 minptime=10;useinbandfec=1;maxplaybackrate=48000")],
        check: Check::Description(opus_limits),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-opus-stereo-asymmetry",
            severity: Severity::Info,
            summary: "Opus says that it sends stereo, but not that it wants it",
            what: "`stereo=1` asks for stereo, `sprop-stereo=1` announces it: each is about one way.",
            why: "With the second alone the other side keeps sending mono.",
            advice: "Add stereo=1 where stereo is wanted too.",
            source: "RFC 7587, section 6.1",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media("a=fmtp:111 «sprop-stereo»=1")],
        valid: &[Example::media("a=fmtp:111 sprop-stereo=1;stereo=1"), Example::media("a=fmtp:111 stereo=1")],
        check: Check::Description(stereo),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-telephone-event-rate",
            severity: Severity::Warning,
            summary: "Telephone events have a clock that no audio codec of the m-line has",
            what: "Events share the stream of the audio, so that there is one format of them for each clock rate in use.",
            why: "With another clock the length of a key press cannot be told, and some stacks send none at all.",
            advice: "Add a telephone-event with the clock of the codec that will be used, as telephone-event/48000 for Opus.",
            source: "RFC 4733, section 2.1: events and audio of a stream use the same clock",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 101\na=rtpmap:111 opus/48000/2\na=rtpmap:101 «telephone-event/8000»",
        )],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 101\na=rtpmap:101 telephone-event/8000")],
        check: Check::Description(event_rate),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-telephone-event-fmtp",
            severity: Severity::Warning,
            summary: "The list of telephone events makes no sense",
            what: "It is numbers and ranges from 0 to 255 with commas between, as in 0-15,32.",
            why: "Who cannot read it takes no events, or the default of 0 to 15.",
            advice: "Write 0-15 for the keys of a telephone.",
            source: "RFC 4733, section 2.4.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 «0-15,»"),
            Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 «15-0»"),
        ],
        valid: &[Example::media(
            "m=audio 9 UDP/TLS/RTP/SAVPF 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15, 32",
        )],
        check: Check::Description(events),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-g722-clock",
            severity: Severity::Error,
            summary: "G.722 is offered with another clock than 8000",
            what: "G.722 samples at 16000, but by an old mistake that was kept its RTP clock is 8000.",
            why: "The other side does not know G722/16000, or plays at the wrong speed.",
            advice: "Write G722/8000.",
            source: "RFC 3551, section 4.5.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 9\na=rtpmap:9 «G722/16000»")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 9\na=rtpmap:9 G722/8000")],
        check: Check::Description(g722),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-g729-annexb-default",
            severity: Severity::Info,
            summary: "G.729 does not say whether it uses annex B",
            what: "Without the parameter annexb silence compression is on.",
            why: "A side that cannot do it hears noise or nothing in pauses; carriers often refuse it.",
            advice: "Add annexb=no to a=fmtp where annex B is not meant.",
            source: "RFC 4856, section 2.1.9",
        },
        profiles: &[Profile::Sip],
        verdicts: Verdicts::NOT_KNOWN,
        fix: None,
        invalid: &[Example::media("m=audio 5000 RTP/AVP «18»").in_profile(Profile::Sip)],
        valid: &[Example::media("m=audio 5000 RTP/AVP 18\na=fmtp:18 annexb=no").in_profile(Profile::Sip)],
        check: Check::Description(annex_b),
    },
];

/// Replaces the codec of an a=rtpmap of one name, unless it is right.
fn codec_is(context: &Context<'_, '_>, encoding: &str, clock_rate: u32, channels: Option<u32>, found: &mut Findings) {
    for format in context.media.iter().flat_map(|part| &part.formats) {
        let own = format.rtpmap;
        let wrong = own.clock_rate != clock_rate || channels.is_some_and(|channels| own.channels != Some(channels));
        let Some(line) = format.line.filter(|_| own.is(encoding) && wrong) else { continue };
        let Some(word) = line.words().nth(1) else { continue };
        let behind = channels.map_or(String::new(), |channels| format!("/{channels}"));
        let right = format!("{}/{clock_rate}{behind}", own.encoding);
        found
            .at(word.span, format!("this codec is {right}, whatever it sends"))
            .unsafe_fix(format!("write {right}"), vec![Edit::replace(word.span, right.as_str())]);
    }
}

fn opus(context: &Context<'_, '_>, found: &mut Findings) {
    codec_is(context, "opus", 48_000, Some(2), found);
}

fn g722(context: &Context<'_, '_>, found: &mut Findings) {
    codec_is(context, "G722", 8000, None, found);
}

fn opus_limits(context: &Context<'_, '_>, found: &mut Findings) {
    const LIMITS: &[Limits] = &[
        Limits { name: "maxplaybackrate", range: 8000..=48_000 },
        Limits { name: "sprop-maxcapturerate", range: 8000..=48_000 },
        Limits { name: "maxaveragebitrate", range: 6000..=510_000 },
        Limits { name: "maxptime", range: 3..=120 },
        Limits { name: "ptime", range: 3..=120 },
        Limits { name: "minptime", range: 3..=120 },
        Limits { name: "stereo", range: 0..=1 },
        Limits { name: "sprop-stereo", range: 0..=1 },
        Limits { name: "cbr", range: 0..=1 },
        Limits { name: "useinbandfec", range: 0..=1 },
        Limits { name: "usedtx", range: 0..=1 },
    ];
    check_limits(context, "opus", LIMITS, found);
}

fn stereo(context: &Context<'_, '_>, found: &mut Findings) {
    let mut announced = BTreeSet::new();
    each(context, "opus", |_, format, name, value| {
        if !name.eq_ignore_ascii_case("sprop-stereo") || value != "1" {
            return;
        }
        // Once for each: the look at all parameters is slow.
        let own = format.fmtp.filter(|at| announced.insert(at.line.span().start));
        if own.is_some_and(|at| at.value.parameters.value("stereo").is_none()) {
            found.at(context.span(name), "stereo is announced, but not asked for: add stereo=1 to get it");
        }
    });
}

fn event_rate(context: &Context<'_, '_>, found: &mut Findings) {
    const BESIDE: &[&str] = &["telephone-event", "CN", "red", "rtx", "ulpfec", "tone"];
    for part in context.media.iter().filter(|part| part.kind() == "audio" && !part.section.is_rejected()) {
        // A payload type without a meaning may be the codec with this clock.
        if part.payload_type_tokens().count() != part.formats.len() {
            continue;
        }
        let is_codec = |name: &str| !BESIDE.iter().any(|beside| beside.eq_ignore_ascii_case(name));
        let codecs = part.formats.iter().filter(|format| is_codec(format.rtpmap.encoding));
        let rates: Vec<u32> = codecs.map(|format| format.rtpmap.clock_rate).collect();
        if rates.is_empty() {
            continue;
        }
        for format in part.formats.iter().filter(|format| format.rtpmap.is("telephone-event")) {
            let rate = format.rtpmap.clock_rate;
            let word = format.line.and_then(|line| line.words().nth(1));
            if let Some(word) = word.filter(|_| !rates.contains(&rate)) {
                found.at(word.span, format!("no audio codec of {} has the clock rate {rate}", part.name()));
            }
        }
    }
}

/// Whether a part of the list is a number or a range.
fn is_event(text: &str) -> bool {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.trim().parse::<u8>().ok();
    matches!((number(first), number(last)), (Some(first), Some(last)) if first <= last)
}

fn events(context: &Context<'_, '_>, found: &mut Findings) {
    each(context, "telephone-event", |_, _, name, list| {
        let is_list = name.is_empty() || name.eq_ignore_ascii_case("events");
        if !is_list || list.split(',').all(is_event) {
            return;
        }
        let span = context.span(list);
        let finding = found.at(span, format!("`{list}` is no list of events"));
        let kept: Vec<&str> = list.split(',').map(str::trim).filter(|event| !event.is_empty()).collect();
        if !kept.is_empty() && kept.iter().all(|event| is_event(event)) {
            finding.fix("leave out what is empty", vec![Edit::replace(span, kept.join(","))]);
        }
    });
}

fn annex_b(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        for format in part.formats.iter().filter(|format| format.rtpmap.is("G729")) {
            let parameters = format.fmtp.map(|at| at.value.parameters);
            if parameters.and_then(|parameters| parameters.value("annexb")).is_none() {
                let span = part.payload_type_span(context, format.payload_type);
                found.at(span, "G.729 without annexb means that annex B is used");
            }
        }
    }
}
