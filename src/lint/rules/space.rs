//! White space that is too much, where the decoder forgives it and others do not.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Key, Line, LineType};
use crate::text::{Edit, Span};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-trailing-whitespace",
            severity: Severity::Warning,
            summary: "A line ends with white space",
            what: "The white space belongs to the value as it is written, and no value but free text has any at its end.",
            why: "Some readers forgive it and some take it for a part of the last word: Chrome refuses an m=, an a=mid and an a=msid \
                that ends so.",
            advice: "Trim the lines where they are written.",
            source: "RFC 8866, section 9; Chromium, seen",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("a=mid:0« »")],
        valid: &[Example::media("a=mid:0"), Example::session("s= ")],
        check: Check::Description(trailing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-attr-trailing-whitespace",
            severity: Severity::Warning,
            summary: "An attribute makes no sense for the white space at its end alone",
            what: "Behind the name of an attribute without a value, white space makes another name of it; behind the last word of a value \
                it begins a word that is empty.",
            why: "A strict reader does not know the attribute or refuses its value. Chrome and Firefox forgive it behind a name.",
            advice: "Trim the lines where they are written.",
            source: "RFC 8866, section 9; Chromium and Firefox, seen",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::media("a=rtcp-mux« »"),
            Example::media("a=msid:- 7c3a4a51« »"),
            Example::media("a=msid:7c3a4a51« »"),
        ],
        valid: &[Example::media("a=rtcp-mux"), Example::media("a=msid:- 7c3a4a51")],
        check: Check::Misread(attribute_end),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-extra-space-in-fields",
            severity: Severity::Warning,
            summary: "Two fields have more than one space between them",
            what: "The grammar has exactly one space between the fields of a line.",
            why: "A reader that cuts at single spaces sees an empty field: Chrome refuses an o=, an m= and an a=rtpmap with two spaces.",
            advice: "Write one space. It often comes from a field that was empty when the line was put together.",
            source: "RFC 8866, section 9; Chromium, seen",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::session("o=-«  »1 1 IN IP4 0.0.0.0"), Example::media("m=audio«  »9 UDP/TLS/RTP/SAVPF 0")],
        valid: &[Example::session("o=- 1 1 IN IP4 0.0.0.0"), Example::session("s=two  spaces")],
        check: Check::Description(extra),
    },
];

/// Whether the value is text that a person reads, in which spaces mean what they look like.
const fn is_text(line: &Line<'_>) -> bool {
    match line.line_type() {
        LineType::SessionName | LineType::Information | LineType::Uri | LineType::Email | LineType::Phone => true,
        LineType::EncryptionKey | LineType::Unknown | LineType::Malformed => true,
        LineType::Attribute => matches!(line.key(), Key::Other),
        _ => false,
    }
}

/// Attributes that are words with one space between them.
const WORDS: &[Key] = &[
    Key::Rtpmap,
    Key::RtcpFb,
    Key::Extmap,
    Key::Candidate,
    Key::SsrcGroup,
    Key::Group,
    Key::Msid,
    Key::Fingerprint,
    Key::Crypto,
    Key::Rid,
    Key::Simulcast,
    Key::IceOptions,
    Key::Rtcp,
    Key::SctpMap,
    Key::SourceFilter,
];

fn is_words(line: &Line<'_>) -> bool {
    match line.line_type() {
        LineType::Attribute => WORDS.contains(&line.key()),
        LineType::Origin
        | LineType::Connection
        | LineType::Timing
        | LineType::Repeat
        | LineType::TimeZones
        | LineType::Media => true,
        _ => false,
    }
}

/// What Chrome does with white space at the end of this line.
fn of_trailing(line: &Line<'_>) -> Verdict {
    match (line.line_type(), line.key()) {
        (LineType::Media, _) | (LineType::Attribute, Key::Mid | Key::Msid) => Verdict::Rejects,
        _ => Verdict::NotKnown,
    }
}

/// What Chrome does with two spaces between fields of this line.
fn of_extra(line: &Line<'_>) -> Verdict {
    match (line.line_type(), line.key()) {
        (LineType::Origin | LineType::Media, _) | (LineType::Attribute, Key::Rtpmap) => Verdict::Rejects,
        _ => Verdict::NotKnown,
    }
}

fn trailing(context: &Context<'_, '_>, found: &mut Findings) {
    let misread = context.misread_lines();
    for line in context.document.lines() {
        let content = line.content();
        let kept = content.trim_ascii_end().len();
        let start = line.span().start;
        if kept == content.len() || kept == 0 || is_text(line) || misread.contains(&start) {
            continue;
        }
        let span = Span::new(start + kept, line.span().end);
        let chrome = of_trailing(line);
        let finding = found.at(span, "white space at the end of the line");
        if chrome == Verdict::Rejects && context.is_webrtc() {
            finding.severity(Severity::Error);
        }
        finding
            .verdicts(Verdicts::libwebrtc(chrome).firefox(Verdict::Accepts))
            .fix("take the white space away", vec![Edit::delete(span)]);
    }
}

fn attribute_end(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let Some(line) = fault.line.filter(|_| fault.is_value_of(LineType::Attribute)) else { return false };
    let kept = line.content().trim_ascii_end();
    if kept.len() == line.content().len() {
        return false;
    }
    let is_name = |name: &[u8]| {
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let end = line.span().start + kept.len();
    let (message, chrome) = match line.attribute_value() {
        None if kept.get(2..).is_some_and(is_name) => ("white space stands behind the name", Verdict::Accepts),
        Some(_) if fault.error.expected == Expected::End && fault.error.span.start >= end => {
            ("white space stands behind the value", Verdict::NotKnown)
        }
        // A stream without a track is complete; the white space alone promises one.
        Some(value) if line.key() == Key::Msid && fault.error.span.start >= end && !value.trim_ascii().is_empty() => {
            ("white space stands behind the value, where a track could", Verdict::Rejects)
        }
        _ => return false,
    };
    let span = Span::new(end, line.span().end);
    let finding = found.at(span, message);
    if chrome == Verdict::Rejects && context.is_webrtc() {
        finding.severity(Severity::Error);
    }
    finding
        .verdicts(Verdicts::libwebrtc(chrome).firefox(Verdict::Accepts))
        .fix("take the white space away", vec![Edit::delete(span)]);
    true
}

fn extra(context: &Context<'_, '_>, found: &mut Findings) {
    let misread = context.misread_lines();
    for line in context.document.lines().iter().filter(|line| is_words(line)) {
        let start = line.span().start;
        let runs = runs(line.content());
        let Some(first) = runs.first().filter(|_| !misread.contains(&start)) else { continue };
        let place = |run: &Span| Span::new(start + run.start, start + run.end);
        let edits = runs.iter().map(|run| Edit::replace(place(run), " ")).collect();
        let chrome = of_extra(line);
        let finding = found.at(place(first), format!("{} spaces between two fields", first.len()));
        if chrome == Verdict::Rejects && context.is_webrtc() {
            finding.severity(Severity::Error);
        }
        finding.verdicts(Verdicts::libwebrtc(chrome).firefox(Verdict::Accepts)).fix("write one space", edits);
    }
}

/// Where two or more spaces stand in a row, but for the end of the line.
fn runs(content: &[u8]) -> Vec<Span> {
    let content = content.trim_ascii_end();
    let mut runs = Vec::new();
    let mut start = None;
    for (at, byte) in content.iter().enumerate() {
        match (byte, start) {
            (b' ', None) => start = Some(at),
            (b' ', Some(_)) | (_, None) => {}
            (_, Some(from)) => {
                start = None;
                if at - from > 1 {
                    runs.push(Span::new(from, at));
                }
            }
        }
    }
    runs
}
