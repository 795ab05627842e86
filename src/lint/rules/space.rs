//! White space that is too much, where the decoder forgives it and others do not.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Key, Line, LineType};
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
            name: "sdp-attr-name-trailing-whitespace",
            severity: Severity::Warning,
            summary: "An attribute without a value ends with white space",
            what: "The white space stands behind the name, so that it is the name of another attribute.",
            why: "A reader that compares whole names does not know the attribute. Chrome and Firefox forgive it.",
            advice: "Trim the lines where they are written.",
            source: "RFC 8866, section 9; Chromium and Firefox, seen",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("a=rtcp-mux« »")],
        valid: &[Example::media("a=rtcp-mux")],
        check: Check::Misread(behind_name),
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

fn behind_name(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let flag = |line: &&Line<'_>| line.attribute_value().is_none();
    if !fault.is_value_of(LineType::Attribute) {
        return false;
    }
    let Some((line, name)) = fault.line.filter(flag).and_then(|line| Some((line, line.attribute_name()?))) else {
        return false;
    };
    let kept = name.trim_ascii_end();
    if kept.is_empty()
        || kept.len() == name.len()
        || !kept.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    {
        return false;
    }
    let span = Span::new(line.span().start + 2 + kept.len(), line.span().end);
    let message = format!("white space stands behind the name {}", String::from_utf8_lossy(kept));
    found.at(span, message).fix("take the white space away", vec![Edit::delete(span)]);
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
