//! Bytes that no line may hold, and those that some readers do not take.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::Expected;
use crate::text::{Edit, Span};

/// The byte order mark of UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-bom-at-start",
            severity: Severity::Error,
            summary: "A byte order mark stands before the first line",
            what: "Three bytes that editors put in front of a UTF-8 file stand before v=, so that the first line is no v= line.",
            why: "Chrome and Firefox refuse the description.",
            advice: "Save the file as UTF-8 without a byte order mark, or strip the mark when the file is read.",
            source: "RFC 8866, section 5.1; Chromium and Firefox, seen",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::whole("«\u{feff}»v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")],
        valid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")],
        check: Check::Misread(byte_order_mark),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-nul-byte",
            severity: Severity::Error,
            summary: "A line holds a NUL byte",
            what: "No value of a description may hold NUL.",
            why: "What is written in C takes it for the end of the text: Firefox refuses the description, or drops the line where it is \
                an attribute.",
            advice: "Look for a buffer that was sent with its padding, or a text that was encoded as UTF-16.",
            source: "RFC 8866, section 9 (byte-string)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::session("s=a«\0»b")],
        valid: &[Example::session("s=ab")],
        check: Check::Misread(nul),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-eol-bare-cr",
            severity: Severity::Error,
            summary: "A line holds a CR that is not part of its ending",
            what: "CR may stand in a description only together with LF, at the end of a line.",
            why: "One reader takes it for the end of the line and the next for a part of the value: browsers drop the line.",
            advice: "End lines with CRLF, once. CR CR LF comes from converting line endings twice.",
            source: "RFC 8866, section 9 (byte-string)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::session("a=x-one«\r»a=x-two"),
            Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-«\r»\r\nt=0 0\r\n"),
        ],
        valid: &[Example::session("a=x-one\r\na=x-two")],
        check: Check::Misread(bare_return),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-not-utf8",
            severity: Severity::Warning,
            summary: "A line is not UTF-8",
            what: "The text of a description is UTF-8 where a=charset does not say otherwise; these bytes are not.",
            why: "Readers replace the bytes, drop the line or refuse the description, each as it likes.",
            advice: "Write UTF-8. A name in s= or i= that came from a form or a database is where it usually gets in.",
            source: "RFC 8866, section 4.1 and section 6.10",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN,
        fix: None,
        // An example is UTF-8 itself; the bytes that break this rule are in its test.
        invalid: &[],
        valid: &[Example::session("s=Gespräch").in_profile(Profile::Sip)],
        check: Check::Misread(not_utf8),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-not-ascii",
            severity: Severity::Warning,
            summary: "A description for a browser has characters outside ASCII",
            what: "UTF-8 is allowed in free text such as s=, but Firefox takes no character outside ASCII anywhere.",
            why: "Firefox refuses the description; Chrome accepts it.",
            advice: "Write s=-, and put names that people read into your signalling rather than into the description.",
            source: "Firefox 153, seen: SDP contains non ASCII characters",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED.firefox(Verdict::Rejects).safari(Verdict::NotKnown),
        fix: None,
        invalid: &[Example::session("s=Gespr«ä»ch")],
        valid: &[Example::session("s=call"), Example::session("s=Gespräch").in_profile(Profile::Sip)],
        check: Check::Description(not_ascii),
    },
];

/// The mark itself, and nothing else about the line behind it.
fn byte_order_mark(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let first = fault.error.span.start == 0 && fault.error.expected == Expected::Line;
    if !first || !context.document.text().starts_with(MARK) {
        return false;
    }
    let span = Span::new(0, MARK.len());
    found
        .at(span, "a byte order mark stands before the first line")
        .fix("take the byte order mark away", vec![Edit::delete(span)]);
    true
}

fn nul(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line else { return false };
    // A value that such a byte cuts in two makes no sense for this reason alone.
    if fault.is_of_value() && line.content().iter().any(|byte| matches!(byte, 0 | b'\r')) {
        return true;
    }
    if fault.error.expected != Expected::NoControl || &*fault.error.found != "\0" {
        return false;
    }
    let count = line.content().iter().filter(|byte| **byte == 0).count();
    let firefox = if fault.media.is_some() { Verdict::IgnoresSilently } else { Verdict::Rejects };
    let verdicts = Verdicts::libwebrtc(Verdict::IgnoresSilently).rfc(Verdict::Rejects).firefox(firefox);
    found.at(fault.error.span, format!("this line holds NUL, {count} in all")).verdicts(verdicts);
    true
}

fn bare_return(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.error.expected == Expected::NoControl) else { return false };
    let content = line.content();
    let kept = content.trim_ascii_end().len();
    let returns = content.iter().enumerate().filter(|(_, byte)| **byte == b'\r').map(|(at, _)| at);
    let edits = returns.map(|at| {
        let start = line.span().start + at;
        let span = Span::new(start, start + 1);
        match content.get(at + 1..) {
            _ if at >= kept => Edit::delete(span),
            Some([letter, b'=', ..]) if letter.is_ascii_lowercase() => Edit::replace(span, context.ending()),
            _ => Edit::replace(span, " "),
        }
    });
    let edits: Vec<Edit> = edits.collect();
    let at_end = edits.iter().all(|edit| edit.replacement.is_empty());
    let finding = found.at(fault.error.span, "a CR stands alone in this line");
    if at_end {
        finding.fix("end the line with one line break", edits);
    } else {
        finding.unsafe_fix("make a line break of it where a line begins behind it, and a space where none does", edits);
    }
    true
}

fn not_utf8(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if fault.error.expected != Expected::Utf8 {
        return false;
    }
    found.at(fault.error.span, "these bytes are not UTF-8");
    true
}

/// Said once, at the first character.
fn not_ascii(context: &Context<'_, '_>, found: &mut Findings) {
    let Ok(text) = str::from_utf8(context.document.text()) else { return };
    if text.is_ascii() || text.as_bytes().starts_with(MARK) {
        return;
    }
    let count = text.chars().filter(|letter| !letter.is_ascii()).count();
    if let Some((start, letter)) = text.char_indices().find(|(_, letter)| !letter.is_ascii()) {
        let message = format!("`{}` is not ASCII, one of {count} such characters", letter.escape_debug());
        found.at(Span::new(start, start + letter.len_utf8()), message);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::{Options, lint};
    use crate::sdp::Document;

    fn names(text: &[u8]) -> Vec<&'static str> {
        let report = lint(&Document::parse(text), &Options::default());
        report.findings.iter().map(|finding| finding.rule.rule.name).collect()
    }

    #[test]
    fn bytes_that_are_not_utf8_are_found_once() {
        let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=Gespr\xe4ch\r\nt=0 0\r\n";
        assert_eq!(names(text), ["sdp-not-utf8"]);
    }

    #[test]
    fn a_control_byte_is_the_only_fault_of_its_line() {
        assert_eq!(names(b"v=0\r\no=  0  =\0\r\ns=-\r\nt=0 0\r\n"), ["sdp-nul-byte"]);
        let text = b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 a\rb\r\nt=0 0\r\n";
        assert_eq!(names(text), ["sdp-eol-bare-cr"]);
    }
}
