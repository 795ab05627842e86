//! Lines: their form, their endings, their order.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Ending, Expected};
use crate::text::{Edit, Span};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-eol-missing-final",
            severity: Severity::Error,
            summary: "The last line has no line break",
            what: "Every line of a description ends with a line break, the last one too.",
            why: "A browser reads line by line up to the next line break: without one the last line is not a line, and the whole \
                description is refused.",
            advice: "Add the line break. It is often lost where a description is trimmed, joined from lines, or pasted.",
            source: "RFC 8866, section 9; libwebrtc, webrtc_sdp_unittest.cc (WithoutEndLineBreak)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0«»")],
        valid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")],
        check: Check::Misread(no_final_break),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-eol-not-crlf",
            severity: Severity::Warning,
            summary: "Lines end otherwise than with CRLF",
            what: "A line of a description ends with CR and LF. Readers should accept LF alone, and most do.",
            why: "Browsers accept it, some SIP stacks and hardware do not.",
            advice: "Write CRLF. Files that were saved by an editor or went through git often lose it.",
            source: "RFC 8866, section 5",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Safe),
        invalid: &[Example::whole("v=0«\n»o=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\n")],
        valid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")],
        check: Check::Description(not_crlf),
    },
];

fn no_final_break(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if fault.error.expected != Expected::LineBreak {
        return false;
    }
    let end = fault.error.span;
    found
        .at(end, "the last line does not end with a line break")
        .fix("add the line break", vec![Edit::insert(end.end, context.ending())]);
    true
}

/// Said once, at the first line: a file has one habit.
fn not_crlf(context: &Context<'_, '_>, found: &mut Findings) {
    let broken = |ending: Ending| matches!(ending, Ending::Lf | Ending::Cr);
    let lines: Vec<_> = context.document.lines().iter().filter(|line| broken(line.ending())).collect();
    let Some(first) = lines.first() else { return };
    let place = |line: &crate::sdp::Line<'_>| Span::new(line.span().end, line.full_span().end);
    let edits = lines.iter().map(|line| Edit::replace(place(line), "\r\n")).collect();
    let word = if first.ending() == Ending::Lf { "LF" } else { "CR" };
    found
        .at(place(first), format!("{} of {} lines end with {word} alone", lines.len(), context.document.lines().len()))
        .fix("end every line with CRLF", edits);
}
