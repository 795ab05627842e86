//! Lines: what they begin with, and how they end.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Ending, Expected, Line, LineType};
use crate::text::{Edit, Span};

const GOOD: &[Example] = &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-eol-missing-final",
            severity: Severity::Error,
            summary: "The last line has no line break",
            what: "Every line of a description ends with a line break, the last one too.",
            why: "Browsers read line by line up to the next line break: without one the last line is not a line. Chrome refuses the \
                whole description, Firefox drops the line.",
            advice: "Add the line break. It is often lost where a description is trimmed, joined from lines, or pasted.",
            source: "RFC 8866, section 9; libwebrtc, webrtc_sdp_unittest.cc (WithoutEndLineBreak)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0«»")],
        valid: GOOD,
        check: Check::Misread(no_final_break),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-eol-not-crlf",
            severity: Severity::Warning,
            summary: "Lines end otherwise than with CRLF",
            what: "A line of a description ends with CR and LF. Readers should accept LF alone, and most do; CR alone nobody does.",
            why: "Browsers accept LF, some SIP stacks and hardware do not. With CR alone there is no line break at all for them.",
            advice: "Write CRLF. Files that were saved by an editor or went through git often lose it.",
            source: "RFC 8866, section 5",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::whole("v=0«\n»o=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\n"),
            Example::whole("v=0«\r»o=- 1 1 IN IP4 0.0.0.0\rs=-\rt=0 0\r"),
        ],
        valid: GOOD,
        check: Check::Description(not_crlf),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-blank-line",
            severity: Severity::Error,
            summary: "A line is blank",
            what: "A description has no blank lines, neither between its parts nor at its end.",
            why: "Chrome refuses the description. Firefox silently drops all that follows in the same section.",
            advice: "Take the line away. It often comes from joining parts that end with a line break already.",
            source: "RFC 8866, section 9; Chromium and Firefox, seen",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::media("«»\r\na=sendrecv"),
            Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«\r\n»\r\n"),
        ],
        valid: GOOD,
        check: Check::Misread(blank),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-line-indented",
            severity: Severity::Error,
            summary: "A line begins with white space",
            what: "The type of a line is its first character; white space before it makes another line of it, or none.",
            why: "Chrome refuses the description.",
            advice: "Take the indentation away. It comes from descriptions that were written into the source of a program.",
            source: "RFC 8866, section 5; libwebrtc, webrtc_sdp.cc (GetLine)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("«  »a=x-note:1")],
        valid: &[Example::media("a=x-note:1")],
        check: Check::Misread(indented),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-space-around-equals",
            severity: Severity::Error,
            summary: "White space stands next to the = of a line",
            what: "Neither side of the = may have white space; only the value of s= may be a space.",
            why: "Chrome refuses the description. Firefox silently drops the line, and with white space before the = all that follows in \
                the same section.",
            advice: "Take the white space away.",
            source: "RFC 8866, section 5; libwebrtc, webrtc_sdp.cc (GetLine)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("a=« »x-note:1"), Example::media("a« »=x-note:1")],
        valid: &[Example::media("a=x-note:1"), Example::session("s= ")],
        check: Check::Misread(spaced),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-line-type-not-lowercase",
            severity: Severity::Error,
            summary: "The type of a line is a capital letter",
            what: "Types of lines are lower-case letters; a capital one is a type that nobody knows.",
            why: "Chrome and Firefox refuse the description.",
            advice: "Write the letter in lower case.",
            source: "RFC 8866, section 5; libwebrtc, webrtc_sdp.cc (GetLine)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("«A»=x-note:1")],
        valid: &[Example::media("a=x-note:1")],
        check: Check::Misread(upper_case),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-line-type-unknown",
            severity: Severity::Warning,
            summary: "A line has a type that RFC 8866 does not know",
            what: "The types of lines are a fixed set, and extensions are made with attributes: a reader ignores or refuses a \
                description that has a type it does not know, all of it.",
            why: "Firefox refuses such a description, and Chrome does so where the line is at session level; in a media section Chrome \
                drops the line silently.",
            advice: "Take the line away, or make an attribute of it: a=x-name:value.",
            source: "RFC 8866, section 5; Chromium and Firefox, seen",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("«f»=v/a/1"), Example::session("«f»=v/a/1").in_profile(crate::lint::Profile::Sip)],
        valid: &[Example::media("a=x-f:v/a/1")],
        check: Check::Misread(unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-line-empty-value",
            severity: Severity::Error,
            summary: "Nothing stands behind the = of a line",
            what: "Every line has a value; a session without a name has s=- or one space.",
            why: "Chrome refuses the description at any line shorter than three characters, and Firefox at an a= without a name.",
            advice: "Take the line away, or give it its value. A template whose variable was empty is where it usually comes from.",
            source: "RFC 8866, section 9; libwebrtc, webrtc_sdp.cc (GetLine)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("«a=»"), Example::session("«t=»")],
        valid: &[Example::session("i=a call")],
        check: Check::Misread(empty),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-line-no-equals",
            severity: Severity::Error,
            summary: "A line is not a letter, an equals sign and a value",
            what: "Every line of a description is <letter>=<value>.",
            why: "Chrome refuses the description. Firefox silently drops the line and all that follows in the same section, and refuses the \
                description where that lacks something then.",
            advice: "Look for a line that was wrapped, a log prefix that was pasted along, or text that is no description at all.",
            source: "RFC 8866, section 5; libwebrtc, webrtc_sdp.cc (GetLine)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("«foo»")],
        valid: &[Example::media("a=foo")],
        check: Check::Misread(no_equals),
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
    let place = |line: &Line<'_>| Span::new(line.span().end, line.full_span().end);
    let edits = lines.iter().map(|line| Edit::replace(place(line), "\r\n")).collect();
    let (word, severity, verdicts) = match first.ending() {
        Ending::Cr => ("CR", Severity::Error, Verdicts::REJECTED),
        _ => ("LF", Severity::Warning, Verdicts::ACCEPTED),
    };
    found
        .at(place(first), format!("{} of {} lines end with {word} alone", lines.len(), context.document.lines().len()))
        .severity(severity)
        .verdicts(verdicts)
        .fix("end every line with CRLF", edits);
}

fn is_blank(line: &Line<'_>) -> bool {
    line.content().trim_ascii().is_empty()
}

/// Blank lines in a row are said once, at the first of them.
fn blank(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|line| fault.is_of_value() && is_blank(line)) else { return false };
    let lines = context.document.lines();
    let index = lines.partition_point(|other| other.span().start < line.span().start);
    if index.checked_sub(1).and_then(|before| lines.get(before)).is_some_and(is_blank) {
        return true;
    }
    let run = lines.get(index..).unwrap_or_default().iter().take_while(|line| is_blank(line)).count();
    let Some(last) = lines.get(index + run.saturating_sub(1)) else { return true };
    let message = if run > 1 { format!("{run} blank lines") } else { "a blank line".to_owned() };
    let edits = vec![Edit::delete(Span::new(line.span().start, last.full_span().end))];
    let finding = found.at(Span::new(line.span().start, last.span().end), message);
    if index + run == lines.len() {
        finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts));
    }
    finding.fix("take it away", edits);
    true
}

/// The type of a line that looks like one but for white space, and the length of that white space.
fn behind_space(content: &[u8]) -> Option<(u8, usize)> {
    let text = content.trim_ascii_start();
    match text {
        [letter, b'=', ..] if letter.is_ascii_lowercase() && text.len() < content.len() => {
            Some((*letter, content.len() - text.len()))
        }
        _ => None,
    }
}

fn indented(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !matches!(fault.error.expected, Expected::Line | Expected::KnownType) {
        return false;
    }
    let Some((line, (letter, length))) = fault.line.and_then(|line| Some((line, behind_space(line.content())?))) else {
        return false;
    };
    let start = line.span().start;
    let span = Span::new(start, start + length);
    found
        .at(span, format!("white space stands before {}=", char::from(letter)))
        .fix("take the white space away", vec![Edit::delete(span)]);
    true
}

/// Where white space stands beside the `=`, in a line that is one without it.
fn beside_equals(line: &Line<'_>) -> Option<Span> {
    let content = line.content();
    let letter = content.first().filter(|letter| letter.is_ascii_lowercase())?;
    let white = |rest: &[u8]| rest.len() - rest.trim_ascii_start().len();
    let before = white(content.get(1..)?);
    let at = 1 + before;
    let equals = *letter != b' ' && content.get(at) == Some(&b'=');
    let after = if equals { white(content.get(at + 1..)?) } else { 0 };
    let start = line.span().start;
    match (equals, before, after) {
        (false, ..) | (_, 0, 0) => None,
        (_, 0, _) => Some(Span::new(start + 2, start + 2 + after)),
        _ => Some(Span::new(start + 1, start + at)),
    }
}

fn spaced(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !matches!(fault.error.expected, Expected::Line | Expected::NoSpace) {
        return false;
    }
    let Some(span) = fault.line.and_then(beside_equals) else { return false };
    found.at(span, "white space stands next to the =").fix("take the white space away", vec![Edit::delete(span)]);
    true
}

fn upper_case(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if fault.error.expected != Expected::LowerCaseType {
        return false;
    }
    let span = fault.error.span;
    let Some(letter) = context.document.text().get(span.start).copied().map(char::from) else { return true };
    let lower = letter.to_ascii_lowercase();
    found
        .at(span, format!("`{letter}` is no type of a line, `{lower}` is one"))
        .unsafe_fix(format!("write {lower}="), vec![Edit::replace(span, lower.to_string())]);
    true
}

fn unknown(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.error.expected == Expected::KnownType) else { return false };
    let letter = line.content().first().copied().unwrap_or_default();
    let message = format!("`{}` is no type of a line", letter.escape_ascii());
    let finding = found.at(fault.error.span, message);
    if context.is_webrtc() || !letter.is_ascii_lowercase() {
        finding.severity(Severity::Error);
    }
    if letter.is_ascii_lowercase() && fault.media.is_some() {
        let verdicts = Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Rejects);
        finding.verdicts(verdicts.rfc(Verdict::Rejects));
    }
    // What stands behind another character may be a line that matters.
    if letter.is_ascii_lowercase() {
        finding.fix("take the line away", vec![without(line)]);
    }
    true
}

/// Where `s=` is empty, the rule about session names says more.
fn empty(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.is_of_value()) else { return false };
    let named = matches!(line.line_type(), LineType::SessionName | LineType::Malformed | LineType::Unknown);
    if line.content().len() != 2 || named {
        return false;
    }
    let letter = line.content().first().copied().map_or(' ', char::from);
    let finding = found.at(line.span(), format!("nothing stands behind {letter}="));
    if line.line_type() == LineType::Attribute {
        finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects));
    }
    // Without the others the description lacks a line that it must have.
    let needed = matches!(letter, 'v' | 'o' | 't' | 'm' | 'c');
    if !needed {
        finding.fix("take the line away", vec![without(line)]);
    }
    true
}

fn no_equals(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.error.expected == Expected::Line) else { return false };
    let firefox = if fault.media.is_some() { Verdict::IgnoresSilently } else { Verdict::Rejects };
    let message = match line.content().get(1) {
        None => "this line is one character, not a letter, an = and a value",
        Some(_) => "no = stands behind the first character of this line",
    };
    let verdicts = Verdicts::libwebrtc(Verdict::Rejects).firefox(firefox).rfc(Verdict::Rejects);
    found.at(line.span(), message).verdicts(verdicts);
    true
}
