//! The fields of `m=` lines.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, LineType};
use crate::text::{Edit, Span};

/// The types of media that IANA registers (RFC 8866, section 8.2.2).
const MEDIA: &[&str] = &["audio", "video", "text", "application", "message", "image"];

/// Those that browsers know.
const OF_BROWSERS: &[&str] = &["audio", "video", "application"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-m-rejected-no-fmt",
            severity: Severity::Error,
            summary: "A refused m= line names no format",
            what: "An m= line has at least one format, with port 0 too, where the format does not matter.",
            why: "Chrome refuses the whole description because of the m-line that was meant to be refused.",
            advice: "Keep the formats of the offer in a refused m-line, or write 0.",
            source: "RFC 8866, section 9 (media-field); moq-dev/moq issue 1964",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("m=audio 0 UDP/TLS/RTP/SAVPF«»")],
        valid: &[Example::media("m=audio 0 UDP/TLS/RTP/SAVPF 0")],
        check: Check::Misread(rejected_no_format),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-port-range",
            severity: Severity::Error,
            summary: "The port of an m= line is not a number from 0 to 65535",
            what: "The second field of an m= line is a port, with a number of ports behind a slash where there are several.",
            why: "Readers refuse the description or the m-line.",
            advice: "Write the port, 9 where ICE finds the address, or 0 to refuse the m-line.",
            source: "RFC 8866, section 5.14; libwebrtc, webrtc_sdp.cc (ParseMediaDescription)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::media("m=audio «65536» UDP/TLS/RTP/SAVPF 0"), Example::media("m=audio «x» RTP/AVP 0")],
        valid: &[Example::media("m=audio 65535 UDP/TLS/RTP/SAVPF 0")],
        check: Check::Misread(port_range),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-fmt-not-numeric",
            severity: Severity::Error,
            summary: "A format of an RTP m= line is not a number",
            what: "With RTP the formats of an m= line are payload types: numbers from 0 to 127.",
            why: "Chrome refuses the description, Firefox leaves the format out.",
            advice: "Write the payload type that a=rtpmap explains. The names of codecs stand in a=rtpmap only.",
            source: "RFC 8866, section 5.14; libwebrtc, webrtc_sdp.cc (ParseMediaDescription)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 «badvalue»\na=rtpmap:111 opus/48000/2")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 0\na=rtpmap:111 opus/48000/2")],
        check: Check::Misread(not_numeric),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-field-count",
            severity: Severity::Error,
            summary: "An m= line lacks a field",
            what: "An m= line has four fields: media, port, protocol and at least one format.",
            why: "Chrome and most others refuse the description; Firefox takes an m-line without formats.",
            advice: "Write all four, as in `m=audio 9 UDP/TLS/RTP/SAVPF 111`.",
            source: "RFC 8866, section 5.14; libwebrtc, webrtc_sdp.cc (ParseMediaDescription)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF«»"), Example::media("m=audio 9«»")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0")],
        check: Check::Misread(field_count),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-syntax",
            severity: Severity::Error,
            summary: "An m= line makes no sense",
            what: "The fields of an m= line are tokens, and one space stands between two of them.",
            why: "Without its m= line nobody knows what the lines below it are about.",
            advice: "Write it as in `m=audio 9 UDP/TLS/RTP/SAVPF 111`.",
            source: "RFC 8866, section 9 (media-field)",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("m=«au(dio» 9 UDP/TLS/RTP/SAVPF 0")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-port-count-in-webrtc",
            severity: Severity::Warning,
            summary: "An m= line asks for several ports, which browsers do not understand",
            what: "A slash and a number behind the port ask for several ports in a row; it is meant for layered streams.",
            why: "Chrome refuses the description: the port is not a number to it. Firefox ignores the number.",
            advice: "Leave it out: ICE and rtcp-mux take the place of ports in a row.",
            source: "RFC 8866, section 5.14; libwebrtc, webrtc_sdp.cc (ParseMediaDescription)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=audio «9/2» UDP/TLS/RTP/SAVPF 0")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 0")],
        check: Check::Description(port_count),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-media-unknown",
            severity: Severity::Warning,
            summary: "The media of an m= line is of a kind that the reader does not know",
            what: "Audio, video, text, application, message and image are registered; browsers know audio, video and application.",
            why: "Chrome refuses the m-line without a word, Firefox refuses the whole description.",
            advice: "Use a registered type, and with browsers audio, video or application.",
            source: "RFC 8866, section 5.14; libwebrtc, webrtc_sdp_unittest.cc (unsupported content)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::media("m=«foobar» 9 UDP/TLS/RTP/SAVPF 0"),
            Example::media("m=«text» 9 UDP/TLS/RTP/SAVPF 98\na=rtpmap:98 t140/1000"),
        ],
        valid: &[
            Example::media("m=video 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000"),
            Example::media("m=text 9 RTP/AVP 98\na=rtpmap:98 t140/1000").in_profile(Profile::Sip),
        ],
        check: Check::Description(media_unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-fmt-duplicate",
            severity: Severity::Warning,
            summary: "An m= line names a payload type twice",
            what: "The formats stand in order of preference, so that each has one place.",
            why: "Browsers take the first place; others may count two codecs.",
            advice: "Name it once.",
            source: "Sense: the order of the formats is the order of preference (RFC 8866, section 5.14)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 «111»\na=rtpmap:111 opus/48000/2")],
        valid: &[Example::media("m=audio 9 UDP/TLS/RTP/SAVPF 111 0\na=rtpmap:111 opus/48000/2")],
        check: Check::Description(format_duplicate),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-m-no-sections",
            severity: Severity::Info,
            summary: "The description has no m= line",
            what: "A description without media may stand as an offer, but nothing can be agreed on with it.",
            why: "It opens no transport and sends nothing; telephony often refuses it.",
            advice: "Add what is to be sent before the offer is made: a track, a transceiver or a data channel.",
            source: "RFC 3264, section 5; RFC 9429, section 5.2.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole("«v=0»\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")],
        valid: &[Example::media("a=mid:0")],
        check: Check::Description(no_sections),
    },
];

fn rejected_no_format(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|line| line.line_type() == LineType::Media) else { return false };
    let refused = line.words().nth(1).is_some_and(|port| port.value == b"0");
    if !refused || fault.error.expected != (Expected::Value { field: "format" }) {
        return false;
    }
    let end = line.span().end;
    let format = if line.content().ends_with(b" ") { "0" } else { " 0" };
    found
        .at(fault.error.span, "this m-line is refused, but it must name a format all the same")
        .fix("name a format", vec![Edit::insert(end, format)]);
    true
}

fn port_range(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_in(LineType::Media) || !matches!(fault.error.expected, Expected::Number { .. }) {
        return false;
    }
    let what = match fault.field() {
        "port" => "a port is a number from 0 to 65535",
        "number of ports" => "the number of ports is a number from 1",
        _ => return false,
    };
    found.at(fault.error.span, format!("{what}, not `{}`", fault.error.found));
    true
}

fn not_numeric(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let number = fault.error.found.bytes().all(|byte| byte.is_ascii_digit());
    if !fault.is_in(LineType::Media) || fault.field() != "payload type" || number {
        return false;
    }
    let message = match &*fault.error.found {
        "webrtc-datachannel" => "data channels travel over UDP/DTLS/SCTP, not over RTP".to_owned(),
        other => format!("a format of RTP is a payload type, a number, not `{other}`"),
    };
    found.at(fault.error.span, message);
    true
}

fn field_count(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Expected::Value { field } = fault.error.expected else { return false };
    if !fault.is_in(LineType::Media) {
        return false;
    }
    let firefox = if field == "format" { Verdict::Accepts } else { Verdict::Rejects };
    let verdicts = Verdicts::libwebrtc(Verdict::Rejects).firefox(firefox).rfc(Verdict::Rejects);
    found.at(fault.error.span, format!("this m= line has no {field}")).verdicts(verdicts);
    true
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let of_form = matches!(
        fault.error.expected,
        Expected::Number { .. } | Expected::Token { .. } | Expected::Text { .. } | Expected::End
    );
    if !fault.is_in(LineType::Media) || !of_form {
        return false;
    }
    found.at(fault.error.span, format!("expected {}, found `{}`", fault.error.expected, fault.error.found));
    true
}

fn port_count(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let Some((media, count)) = part.media.and_then(|media| Some((media, media.port_count?))) else { continue };
        let word = part.first_line().and_then(|line| line.words().nth(1));
        let Some(span) = word.map(|word| word.span) else { continue };
        let slash = span.start + media.port.to_string().len();
        found
            .at(span, format!("{} asks for {count} ports in a row, which Chrome cannot read", part.name()))
            .unsafe_fix("ask for one port", vec![Edit::delete(Span::new(slash.min(span.end), span.end))]);
    }
}

fn media_unknown(context: &Context<'_, '_>, found: &mut Findings) {
    let known = if context.is_webrtc() { OF_BROWSERS } else { MEDIA };
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let Some(media) = part.media.filter(|media| !known.contains(&media.media)) else { continue };
        let message = if MEDIA.contains(&media.media) {
            format!("browsers know no media of the kind `{}`", media.media)
        } else {
            format!("`{}` is no registered kind of media", media.media)
        };
        found.at(context.span(media.media), message);
    }
}

fn format_duplicate(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| part.has_payload_types()) {
        let mut first: [Option<&str>; 128] = [None; 128];
        for token in part.media.into_iter().flat_map(|media| media.formats.iter()) {
            let slot = token.parse::<u8>().ok().and_then(|number| first.get_mut(usize::from(number)));
            match slot {
                Some(slot @ None) => *slot = Some(token),
                Some(Some(earlier)) => {
                    let (span, earlier) = (context.span(token), context.span(earlier));
                    let with_space = Span::new(span.start.saturating_sub(1), span.end);
                    found
                        .at(span, format!("payload type {token} stands in this m= line already"))
                        .also(earlier, "its first place")
                        .fix("name it once", vec![Edit::delete(with_space)]);
                }
                None => {}
            }
        }
    }
}

fn no_sections(context: &Context<'_, '_>, found: &mut Findings) {
    if context.media.is_empty() && !context.document.lines().is_empty() {
        found.at(context.session.head(), "there is no m= line, so that nothing can be agreed on");
    }
}
