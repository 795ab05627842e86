//! Data channels: SCTP over DTLS.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, Part, Role, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Key, Line, LineType, MaxMessageSize, SctpMap, SctpPort};
use crate::text::{Edit, Span};

/// The only use of SCTP that is registered for a `m=` line.
const DATA_CHANNEL: &str = "webrtc-datachannel";

/// The greatest size of a message that libwebrtc reads.
const GREATEST: u64 = 2_147_483_647;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-sctp-port-invalid",
            severity: Severity::Error,
            summary: "An a=sctp-port is not a port",
            what: "The SCTP port is a number from 0 to 65535; it has nothing to do with the port of UDP.",
            why: "libwebrtc refuses the description, Firefox passes over the line.",
            advice: "Write a=sctp-port:5000, which is what browsers use.",
            source: "RFC 8841, section 5; libwebrtc, webrtc_sdp.cc (Invalid sctp port value)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:«x»"),
            Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:«70000»"),
        ],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Misread(port_invalid),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-max-message-size-syntax",
            severity: Severity::Error,
            summary: "An a=max-message-size is not a number of bytes",
            what: "The greatest message that can be received is a number of bytes; 0 stands for any size.",
            why: "libwebrtc refuses the description, Firefox passes over the line and sends messages of 64 KiB at most.",
            advice: "Write a decimal number such as 262144.",
            source: "RFC 8841, section 6; libwebrtc, webrtc_sdp.cc (Invalid SCTP max message size)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media(
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000\na=max-message-size:«x»",
        )],
        valid: &[Example::media(
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000\na=max-message-size:262144",
        )],
        check: Check::Misread(size_invalid),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-sctp-port-space",
            severity: Severity::Warning,
            summary: "An a=sctp-port has a space for its colon",
            what: "A colon stands between the name of an attribute and its value.",
            why: "The line is an attribute that nobody knows: browsers pass over it without a word.",
            advice: "Write a=sctp-port:5000.",
            source: "RFC 8841, section 5; libwebrtc, webrtc_sdp_unittest.cc (a=sctp-port needs a colon)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently)
            .firefox(Verdict::IgnoresSilently)
            .rfc(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n«a=sctp-port 5000»")],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Misread(port_space),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-sctp-port-missing",
            severity: Severity::Error,
            summary: "An m-line of data channels has no a=sctp-port",
            what: "An m-line of UDP/DTLS/SCTP or TCP/DTLS/SCTP says its SCTP port.",
            why: "Browsers take 5000 for it; Firefox does not take such an answer, and others do not find the port.",
            advice: "Add a=sctp-port:5000.",
            source: "RFC 8841, section 5; RFC 9429, section 5.8.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("«m=application 9 UDP/DTLS/SCTP webrtc-datachannel»")],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Description(port_missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-sctpmap-legacy",
            severity: Severity::Warning,
            summary: "An a=sctpmap stands for the a=sctp-port",
            what: "The drafts before RFC 8841 gave the SCTP port by a=sctpmap; with UDP/DTLS/SCTP it is a=sctp-port.",
            why: "libwebrtc passes over the line without a word and takes 5000.",
            advice: "Write a=sctp-port with the port.",
            source: "RFC 8841, section 5; libwebrtc, webrtc_sdp.cc",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n«a=sctpmap:5000 webrtc-datachannel 1024»",
        )],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Description(map_alone),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-sctp-port-and-sctpmap",
            severity: Severity::Error,
            summary: "An m-line has a=sctp-port and a=sctpmap",
            what: "a=sctpmap is of the drafts before RFC 8841, a=sctp-port took its place.",
            why: "Where the two say different ports it is undecided which one is used.",
            advice: "Keep a=sctp-port.",
            source: "RFC 8841, section 5; libwebrtc, webrtc_sdp.cc (sctp-port attribute can't be used with sctpmap)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media(
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000\n«a=sctpmap:5000 webrtc-datachannel 1024»",
        )],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Description(both),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-sctp-proto-legacy",
            severity: Severity::Warning,
            summary: "An m-line of data channels is DTLS/SCTP",
            what: "The drafts before RFC 8841 wrote DTLS/SCTP and the SCTP port; it is UDP/DTLS/SCTP webrtc-datachannel.",
            why: "Browsers accept it with a=sctpmap; libwebrtc refuses it with a=sctp-port.",
            advice: "Write the newer form in offers; an answer has the form of its offer.",
            source: "RFC 9429, section 5.1.2; RFC 8841, section 4",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=application 9 «DTLS/SCTP» 5000\na=sctpmap:5000 webrtc-datachannel 1024")],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Description(legacy),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-sctp-fmt",
            severity: Severity::Error,
            summary: "The format of an m-line of SCTP over DTLS is not webrtc-datachannel",
            what: "The format says what the SCTP association is used for, and webrtc-datachannel is all that is registered.",
            why: "Chrome, Safari and Firefox refuse the description.",
            advice: "Write webrtc-datachannel; the SCTP port stands in a=sctp-port.",
            source: "RFC 8841, section 4.3; libwebrtc, webrtc_sdp.cc",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::media("m=application 9 UDP/DTLS/SCTP «5000»\na=sctp-port:5000")],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Description(format),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-max-message-size-over-int",
            severity: Severity::Warning,
            summary: "An a=max-message-size does not fit 31 bits",
            what: "RFC 8841 sets no limit, implementations read the number into 32 bits.",
            why: "libwebrtc refuses the description, Firefox passes over the line.",
            advice: "Write 2147483647 at most, or 0 for any size.",
            source: "RFC 8841, section 6; libwebrtc, webrtc_sdp.cc (Invalid SCTP max message size)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000\na=max-message-size:«4294967296»",
        )],
        valid: &[Example::media(
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000\na=max-message-size:2147483647",
        )],
        check: Check::Description(size_great),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-data-section-twice",
            severity: Severity::Warning,
            summary: "Two m-lines are of data channels",
            what: "All data channels of a connection share one SCTP association, and so one m-line.",
            why: "Browsers use the first one; Firefox cannot answer such an offer.",
            advice: "Leave the second one out.",
            source: "Firefox, as tried (No transceiver for level 2)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=ice-ufrag:F7gI\r\n\
            a=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\na=setup:actpass\r\n\
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\na=sctp-port:5000\r\n\
            «m=application 9 UDP/DTLS/SCTP webrtc-datachannel»\r\na=mid:1\r\na=sctp-port:5000\r\n",
        )],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Description(twice),
    },
];

fn port_invalid(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_of(Key::SctpPort) && fault.field() == "SCTP port";
    if own {
        let message = match &*fault.error.found {
            "" => "this a=sctp-port has no port".to_owned(),
            text => format!("`{}` is not a number from 0 to 65535", text.escape_debug()),
        };
        let finding = found.at(fault.error.span, message);
        if !fault.error.found.is_empty() && fault.error.found.bytes().all(|byte| byte.is_ascii_digit()) {
            // Firefox cuts a greater number down to 16 bits.
            finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects));
        }
    }
    own
}

fn size_invalid(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_of(Key::MaxMessageSize) && fault.field() == "message size";
    if own {
        let message = match &*fault.error.found {
            "" => "this a=max-message-size has no size".to_owned(),
            text => format!("`{}` is not a number of bytes", text.escape_debug()),
        };
        found.at(fault.error.span, message);
    }
    own
}

/// Whether a line is an a=sctp-port whose colon is a space.
fn is_spaced(line: &Line<'_>) -> bool {
    line.line_type() == LineType::Attribute && line.content().starts_with(b"a=sctp-port ")
}

fn port_space(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|line| is_spaced(line)) else { return false };
    let at = line.span().start + "a=sctp-port".len();
    let edit = Edit::replace(Span::new(at, at + 1), ":");
    found
        .at(line.span(), "without a colon this is an attribute that nobody knows")
        .unsafe_fix("write a colon", vec![edit]);
    true
}

/// The media sections of data channels that are not refused; those of the form of the drafts where `legacy`.
fn sections<'c, 'd, 'a>(context: &'c Context<'d, 'a>, legacy: bool) -> impl Iterator<Item = &'c Part<'d, 'a>> {
    context.media.iter().filter(move |part| {
        let old = part.media.is_some_and(|media| media.protocol.eq_ignore_ascii_case("DTLS/SCTP"));
        // Another kind of media with this protocol is a fault of the m= line.
        let data = part.is_sctp() && part.is_dtls() && part.kind() == "application";
        data && old == legacy && !part.section.is_rejected()
    })
}

fn port_missing(context: &Context<'_, '_>, found: &mut Findings) {
    for part in sections(context, false) {
        let said = part.section.has(Key::SctpPort) || part.section.has(Key::SctpMap);
        if said || part.section.lines().iter().any(is_spaced) {
            continue;
        }
        let finding = found.at(part.head(), format!("{} does not say its SCTP port", part.name()));
        finding.unsafe_fix("add a=sctp-port:5000", vec![part.append("a=sctp-port:5000")]);
        if context.role == Some(Role::Answer) {
            finding.verdicts(Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects));
        }
    }
}

fn map_alone(context: &Context<'_, '_>, found: &mut Findings) {
    for part in sections(context, false).filter(|part| !part.section.has(Key::SctpPort)) {
        if let Some((line, map)) = part.section.lines_with::<SctpMap<'_>>().next() {
            let edit = Edit::replace(line.span(), format!("a=sctp-port:{}", map.port));
            found
                .at(line.span(), format!("{} says its SCTP port by a=sctpmap", part.name()))
                .unsafe_fix("write a=sctp-port", vec![edit]);
        }
    }
}

fn both(context: &Context<'_, '_>, found: &mut Findings) {
    for part in sections(context, false) {
        let port = part.section.lines_with::<SctpPort>().next();
        let map = part.section.lines_with::<SctpMap<'_>>().next();
        if let (Some((other, port)), Some((line, map))) = (port, map) {
            found
                .at(line.span(), format!("a=sctp-port says {}, this a=sctpmap {}", port.0, map.port))
                .unsafe_fix("keep a=sctp-port", vec![without(line)])
                .also(other.span(), "the a=sctp-port");
        }
    }
}

fn legacy(context: &Context<'_, '_>, found: &mut Findings) {
    for part in sections(context, true) {
        let Some(media) = part.media else { continue };
        let maps: Vec<(&Line<'_>, SctpMap<'_>)> = part.section.lines_with().collect();
        let port = maps.first().map(|(_, map)| map.port).or_else(|| media.formats.0.trim().parse().ok());
        let finding =
            found.at(context.span(media.protocol), format!("{} is of the drafts before RFC 8841", part.name()));
        let ported = part.section.has(Key::SctpPort);
        if ported {
            finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts));
        }
        let mut edits = vec![
            Edit::replace(context.span(media.protocol), "UDP/DTLS/SCTP"),
            Edit::replace(context.span(media.formats.0), DATA_CHANNEL),
        ];
        match (maps.split_first(), ported) {
            (Some(((line, map), more)), false) => {
                edits.push(Edit::replace(line.span(), format!("a=sctp-port:{}", map.port)));
                edits.extend(more.iter().map(|(line, _)| without(line)));
            }
            (_, true) => edits.extend(maps.iter().map(|(line, _)| without(line))),
            (None, false) => edits.push(part.append(&format!("a=sctp-port:{}", port.unwrap_or(5000)))),
        }
        finding.unsafe_fix("write it as RFC 8841 does", edits);
    }
}

fn format(context: &Context<'_, '_>, found: &mut Findings) {
    for part in sections(context, false) {
        let formats = part.media.into_iter().flat_map(|media| media.formats.iter());
        if let Some(format) = formats.into_iter().find(|format| *format != DATA_CHANNEL) {
            found.at(context.span(format), format!("`{}` is no use of SCTP; {DATA_CHANNEL} is", format.escape_debug()));
        }
    }
}

fn size_great(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let size = part.section.lines_with::<MaxMessageSize>().find(|(_, size)| size.0 > GREATEST);
        if let Some((line, size)) = size {
            let start = line.span().end - line.attribute_value().map_or(0, <[u8]>::len);
            let message = format!("{} is more than {GREATEST}, the most that browsers read", size.0);
            found.at(Span::new(start, start + size.0.to_string().len()), message);
        }
    }
}

fn twice(context: &Context<'_, '_>, found: &mut Findings) {
    let mut data = context.media.iter().filter(|part| part.is_sctp() && !part.section.is_rejected());
    let Some(first) = data.next() else { return };
    for part in data {
        found.at(part.head(), format!("{} is of data channels too", part.name())).also(first.head(), "the first one");
    }
}
