//! `v=`: the version of the protocol, with which a description begins.

use super::order::place_in_session;
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, LineType};
use crate::text::{Edit, Span};

const GOOD: &[Example] = &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-v-missing-or-not-first",
            severity: Severity::Error,
            summary: "The description does not begin with v=",
            what: "The first line of a description is v=0.",
            why: "Chrome and Firefox refuse the description.",
            advice: "Begin with v=0. Where the rest is missing too, the text is a part of a description: a candidate, or a body of trickle \
                ICE.",
            source: "RFC 8866, section 5.1; RFC 9429, section 5.8.1",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::whole("«»o=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"),
            Example::whole("o=- 1 1 IN IP4 0.0.0.0\r\n«v=0»\r\ns=-\r\nt=0 0\r\n"),
        ],
        valid: GOOD,
        check: Check::Misread(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-v-not-zero",
            severity: Severity::Error,
            summary: "The version is not 0",
            what: "There is one version of the protocol, and its number is 0.",
            why: "Firefox refuses the description; Chrome does not look.",
            advice: "Write v=0. The version of the session is another number, the third field of o=.",
            source: "RFC 8866, section 5.1; RFC 9429, section 5.8.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::session("v=«1»"), Example::session("v=«x»")],
        valid: GOOD,
        check: Check::Misread(not_zero),
    },
];

fn missing(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    match (fault.error.expected, fault.line) {
        (Expected::Present { letter: 'v' }, _) => {
            if !context.has_nearly(b'v') {
                let start = place_in_session(context, LineType::Version);
                found
                    .at(Span::new(start, start), "no line v=0 stands at the start")
                    .fix("add v=0", vec![context.insert_line(0, "v=0")]);
            }
            true
        }
        (Expected::Before { letter }, Some(line)) if fault.media.is_none() && fault.is_in(LineType::Version) => {
            found
                .at(line.span(), format!("v= stands behind {letter}= and not first"))
                .fix("move it to the start", vec![context.insert_line(0, &line_text(line.value())), without(line)]);
            true
        }
        _ => false,
    }
}

/// The version line that is moved: what it says, whatever that is.
fn line_text(value: &[u8]) -> String {
    format!("v={}", String::from_utf8_lossy(value))
}

fn not_zero(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.is_value_of(LineType::Version)) else { return false };
    let span = Span::new(line.span().start + 2, line.span().end);
    found.at(span, "the version of the protocol is always 0").fix("write 0", vec![Edit::replace(span, "0")]);
    true
}
