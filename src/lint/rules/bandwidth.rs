//! `b=`: limits on rates.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, Part, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Bandwidth, Line, LineType, Value};

const GOOD: &[Example] = &[Example::media("b=AS:64"), Example::media("b=TIAS:64000")];

/// What is registered: CT and AS (RFC 8866), TIAS (RFC 3890), RS and RR (RFC 3556).
const KNOWN: &[&str] = &["CT", "AS", "TIAS", "RS", "RR"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-b-negative",
            severity: Severity::Error,
            summary: "A bandwidth is negative",
            what: "The value of b= is a number of digits, without a sign.",
            why: "Chrome and Firefox refuse the description.",
            advice: "Take the line away: without b= there is no limit.",
            source: "RFC 8866, section 9; Chromium and Firefox, seen",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("b=AS:«-1000»")],
        valid: GOOD,
        check: Check::Misread(negative),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-b-syntax",
            severity: Severity::Error,
            summary: "b= is not a type, a colon and a number",
            what: "b= has the form <type>:<number>.",
            why: "Chrome refuses the description. Firefox drops the line, or refuses the description where the value is no number.",
            advice: "Write b=AS: with kilobits per second, or b=TIAS: with bits per second.",
            source: "RFC 8866, section 5.8; libwebrtc, webrtc_sdp.cc (ParseContent)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("b=AS«»"), Example::media("b=AS:«12:34»"), Example::media("b=AS:«fast»")],
        valid: GOOD,
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-b-unknown-type",
            severity: Severity::Info,
            summary: "A bandwidth is of a type that is not registered",
            what: "CT, AS, TIAS, RS and RR are registered; names that begin with X- are free.",
            why: "A reader ignores the line silently, so that there is no limit.",
            advice: "Use AS or TIAS.",
            source: "RFC 8866, section 5.8 and section 8.2.5",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently)
            .firefox(Verdict::IgnoresSilently)
            .rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("b=«FOO»:1")],
        valid: &[Example::media("b=AS:64"), Example::media("b=X-YZ:128")],
        check: Check::Description(unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-b-as-tias-disagree",
            severity: Severity::Warning,
            summary: "TIAS allows more than AS does",
            what: "AS counts kilobits per second with the headers of IP and UDP, TIAS bits per second without them: TIAS is the smaller one.",
            why: "One reader limits itself to one of them and another to the other, so that the two sides disagree. A TIAS that was meant in \
                kilobits, or an AS in bits, looks so.",
            advice: "Give TIAS in bits per second and AS in kilobits per second, with room for the headers.",
            source: "RFC 3890; RFC 8866, section 5.8",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("b=AS:64\r\n«b=TIAS:5000000»")],
        valid: &[Example::media("b=AS:80\r\nb=TIAS:64000")],
        check: Check::Description(disagree),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-b-rr-rs-zero",
            severity: Severity::Warning,
            summary: "Senders and receivers of RTCP have no bandwidth",
            what: "RR:0 with RS:0 leaves nothing for RTCP: no reports, no loss, no round trip, no feedback.",
            why: "Who respects it cannot tell that the other side is gone, and cannot adapt. Chrome and Firefox ignore the lines silently.",
            advice: "Take the lines away. Where reports from receivers shall stop, set RR to 0 and leave RS.",
            source: "RFC 3556, section 2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("b=RR:0\r\n«b=RS:0»")],
        valid: &[Example::media("b=RR:0\r\nb=RS:600")],
        check: Check::Description(no_reports),
    },
];

fn negative(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.is_value_of(LineType::Bandwidth)) else { return false };
    let digits = fault.error.found.strip_prefix('-').filter(|_| fault.field() == "bandwidth");
    if !digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())) {
        return false;
    }
    found
        .at(fault.error.span, format!("a bandwidth cannot be {}", fault.error.found))
        .unsafe_fix("take the line away", vec![without(line)]);
    true
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_value_of(LineType::Bandwidth) {
        return false;
    }
    let word = fault.error.found.starts_with(|letter: char| !letter.is_ascii_digit());
    let firefox = if word && fault.field() == "bandwidth" { Verdict::Rejects } else { Verdict::IgnoresSilently };
    found
        .at(fault.error.span, fault.error.to_string())
        .verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(firefox).rfc(Verdict::Rejects));
    true
}

/// The bandwidths of a section that make sense.
fn bandwidths<'d, 'a>(part: &Part<'d, 'a>) -> impl Iterator<Item = (&'d Line<'a>, Bandwidth<'a>)> + use<'d, 'a> {
    part.section.lines_of(LineType::Bandwidth).filter_map(|line| match line.parse() {
        Ok(Value::Bandwidth(bandwidth)) => Some((line, bandwidth)),
        _ => None,
    })
}

fn unknown(context: &Context<'_, '_>, found: &mut Findings) {
    for (_, bandwidth) in context.parts().flat_map(bandwidths) {
        let kind = bandwidth.kind;
        if !KNOWN.contains(&kind) && !kind.starts_with("X-") {
            found.at(context.span(kind), format!("`{kind}` is no registered type of a bandwidth"));
        }
    }
}

/// The first bandwidths of two kinds in a section.
fn both<'d, 'a>(part: &Part<'d, 'a>, kinds: [&str; 2]) -> Option<[(&'d Line<'a>, Bandwidth<'a>); 2]> {
    let mut firsts = [None, None];
    for (line, bandwidth) in bandwidths(part) {
        for (first, kind) in firsts.iter_mut().zip(kinds) {
            if first.is_none() && bandwidth.kind == kind {
                *first = Some((line, bandwidth));
            }
        }
    }
    let [one, other] = firsts;
    Some([one?, other?])
}

/// AS is in whole kilobits, so that it may be one less than TIAS by rounding.
fn disagree(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.parts() {
        let Some([(known, with_headers), (line, bare)]) = both(part, ["AS", "TIAS"]) else { continue };
        if bare.limit >= with_headers.limit.saturating_add(1).saturating_mul(1000) {
            let message = format!("TIAS:{} bit/s is more than AS:{} kbit/s", bare.limit, with_headers.limit);
            let finding = found.at(line.span(), message);
            let text = finding.place.text;
            finding.label(text, known.span(), "the smaller one is here");
        }
    }
}

fn no_reports(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.parts() {
        let Some([one, other]) = both(part, ["RR", "RS"]) else { continue };
        if (one.1.limit, other.1.limit) != (0, 0) {
            continue;
        }
        let [first, second] = if one.0.span() < other.0.span() { [one.0, other.0] } else { [other.0, one.0] };
        let finding = found.at(second.span(), "RTCP has no bandwidth at all");
        let text = finding.place.text;
        finding.label(text, first.span(), "together with this line");
    }
}
