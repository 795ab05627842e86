//! `t=`, `r=` and `z=`: when a session is active.

use super::order::place_in_session;
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, LineType, Timing, Value};
use crate::text::{Edit, Span};

const GOOD: &[Example] = &[Example::session("t=0 0")];

/// What browsers do with times: nothing at all.
const IGNORED: Verdicts = Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts);

/// A day in seconds.
const DAY: i64 = 86_400;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-t-missing",
            severity: Severity::Error,
            summary: "The description has no t=",
            what: "Every description has at least one t= line; t=0 0 stands for a session without fixed times.",
            why: "Chrome and Firefox refuse the description.",
            advice: "Add t=0 0 before the first a=.",
            source: "RFC 8866, section 5.9; RFC 9429, section 5.2.1",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Safe),
        invalid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\n«»a=tool:x\r\n")],
        valid: GOOD,
        check: Check::Misread(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-without-t",
            severity: Severity::Error,
            summary: "An r= line has no t= before it",
            what: "r= says how the t= before it repeats.",
            why: "Chrome, which expects t= there, refuses the description.",
            advice: "Put the r= behind its t=, or take it away.",
            source: "RFC 8866, section 5.10",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\n«r=7d 1h 0»\r\nt=0 0\r\n")],
        valid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nr=7d 1h 0\r\n")],
        check: Check::Misread(repeat_alone),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-t-syntax",
            severity: Severity::Error,
            summary: "t= is not two numbers",
            what: "t= has a start and a stop, in seconds since 1900, or 0 0.",
            why: "Firefox refuses the description; Chrome does not look.",
            advice: "Write t=0 0 where the session has no fixed times.",
            source: "RFC 8866, section 5.9",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::session("t=«now»"), Example::session("t=0«»")],
        valid: GOOD,
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-z-odd-or-overflow",
            severity: Severity::Error,
            summary: "z= is not pairs of a time and an offset",
            what: "z= lists adjustment times, each with an offset, as numbers with an optional unit.",
            why: "A reader that trusts the pairs reads past their end or overflows. Browsers do not read them.",
            advice: "Write pairs, such as z=2882844526 -1h 2898848070 0.",
            source: "RFC 8866, section 5.11",
        },
        profiles: &[],
        verdicts: IGNORED.rfc(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::session("t=0 0\r\nz=2844526«»").in_profile(Profile::Generic),
            Example::session("t=0 0\r\nz=2844526 «-9223372036854775808d»").in_profile(Profile::Generic),
        ],
        valid: &[Example::session("t=0 0\r\nz=2882844526 -1h 2898848070 0").in_profile(Profile::Generic)],
        check: Check::Misread(time_zones),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-z-offset-too-big",
            severity: Severity::Warning,
            summary: "A time zone adjustment is longer than a day",
            what: "The offsets of z= are by how much clocks change, an hour or some, as when summer time begins.",
            why: "It is an error of units, or meant to make a reader overflow that adds or negates it. Browsers do not read it.",
            advice: "Write the offset in seconds or with a unit: -1h.",
            source: "RFC 8866, section 5.11",
        },
        profiles: &[],
        verdicts: IGNORED,
        fix: None,
        invalid: &[Example::session("t=0 0\r\nz=2844526 «-9223372036854775808»").in_profile(Profile::Generic)],
        valid: &[Example::session("t=0 0\r\nz=2882844526 -1h 2898848070 0").in_profile(Profile::Generic)],
        check: Check::Description(offset_too_big),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-t-stop-before-start",
            severity: Severity::Warning,
            summary: "A session stops before it starts",
            what: "The stop of t= comes after its start, or is 0 for a session without an end.",
            why: "A reader that respects times takes the session for over. Browsers do not look.",
            advice: "Write t=0 0, or the two times in order.",
            source: "RFC 8866, section 5.9",
        },
        profiles: &[],
        verdicts: IGNORED,
        fix: None,
        invalid: &[Example::session("«t=20 10»")],
        valid: &[Example::session("t=0 0"), Example::session("t=20 0"), Example::session("t=10 20")],
        check: Check::Description(stop_before_start),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-t-nonzero-webrtc",
            severity: Severity::Info,
            summary: "A WebRTC session has fixed times",
            what: "The times of a session between browsers are 0 0, because its signalling starts and ends it.",
            why: "Browsers ignore the times.",
            advice: "Write t=0 0.",
            source: "RFC 9429, section 5.2.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: IGNORED,
        fix: Some(Applicability::Safe),
        invalid: &[Example::session("«t=2873397496 2873404696»")],
        valid: &[Example::session("t=0 0"), Example::session("t=2873397496 2873404696").in_profile(Profile::Sip)],
        check: Check::Description(nonzero),
    },
];

fn missing(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !matches!(fault.error.expected, Expected::Present { letter: 't' }) || fault.is_in(LineType::Repeat) {
        return false;
    }
    if !context.has_nearly(b't') {
        let start = place_in_session(context, LineType::Timing);
        found
            .at(Span::new(start, start), "no line t= gives the times of the session")
            .fix("add t=0 0", vec![context.insert_line(start, "t=0 0")]);
    }
    true
}

fn repeat_alone(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let alone = matches!(fault.error.expected, Expected::Present { letter: 't' }) && fault.is_in(LineType::Repeat);
    if let Some(line) = fault.line.filter(|_| alone) {
        found.at(line.span(), "no t= stands before this r=");
    }
    alone
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let own = fault.is_value_of(LineType::Timing);
    if own {
        found.at(fault.error.span, fault.error.to_string());
    }
    own
}

fn time_zones(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_value_of(LineType::TimeZones) {
        return false;
    }
    let message = match fault.error.expected {
        Expected::Value { .. } => "the last adjustment time has no offset".to_owned(),
        _ => format!("`{}` is not a time that fits 64 bits", fault.error.found.escape_debug()),
    };
    found.at(fault.error.span, message);
    true
}

/// A time with an optional unit, in seconds.
fn seconds(word: &str) -> Option<i64> {
    let (digits, factor) = match word.as_bytes().last()? {
        b'd' => (word.strip_suffix('d')?, DAY),
        b'h' => (word.strip_suffix('h')?, 3_600),
        b'm' => (word.strip_suffix('m')?, 60),
        b's' => (word.strip_suffix('s')?, 1),
        _ => (word, 1),
    };
    digits.parse::<i64>().ok()?.checked_mul(factor)
}

fn offset_too_big(context: &Context<'_, '_>, found: &mut Findings) {
    for line in context.session.section.lines_of(LineType::TimeZones) {
        let Ok(Value::TimeZones(zones)) = line.parse() else { continue };
        let offsets = zones.iter().skip(1).step_by(2);
        for word in
            offsets.filter(|word| seconds(word).is_some_and(|offset| offset.unsigned_abs() > DAY.unsigned_abs()))
        {
            found.at(context.span(word), format!("an adjustment by {word} is longer than a day"));
        }
    }
}

/// The times of the session, each with the place of its line.
fn times(context: &Context<'_, '_>) -> impl Iterator<Item = (Span, Timing)> {
    context.session.section.lines_of(LineType::Timing).filter_map(|line| match line.parse() {
        Ok(Value::Timing(timing)) => Some((line.span(), timing)),
        _ => None,
    })
}

const fn is_backwards(timing: Timing) -> bool {
    timing.stop != 0 && timing.stop < timing.start
}

fn stop_before_start(context: &Context<'_, '_>, found: &mut Findings) {
    for (span, timing) in times(context).filter(|(_, timing)| is_backwards(*timing)) {
        found.at(span, format!("the session stops at {} and starts at {}", timing.stop, timing.start));
    }
}

fn nonzero(context: &Context<'_, '_>, found: &mut Findings) {
    for (span, timing) in times(context) {
        if (timing.start, timing.stop) != (0, 0) && !is_backwards(timing) {
            found
                .at(span, "a WebRTC session has no fixed times")
                .fix("write t=0 0", vec![Edit::replace(span, "t=0 0")]);
        }
    }
}
