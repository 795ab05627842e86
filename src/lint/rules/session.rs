//! `s=`, `k=` and the lines of the session level that WebRTC has no use for.

use super::order::place_in_session;
use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, LineType};
use crate::text::{Edit, Span};

const GOOD: &[Example] = &[Example::session("s=-"), Example::session("s= ")];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-s-missing",
            severity: Severity::Error,
            summary: "The description has no s=",
            what: "Every description has one s= line, the name of the session.",
            why: "Chrome refuses the description; Firefox does without.",
            advice: "Add s=- behind o=.",
            source: "RFC 8866, section 5.3",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Safe),
        invalid: &[Example::whole("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n«»t=0 0\r\n")],
        valid: GOOD,
        check: Check::Misread(missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-s-empty",
            severity: Severity::Error,
            summary: "The name of the session is empty",
            what: "The value of s= may not be empty; a session without a name has s=- or one space.",
            why: "Chrome refuses the description, whose lines have three characters at least; others forgive it.",
            advice: "Write s=-. Code that trims lines makes s= of a space.",
            source: "RFC 8866, section 5.3; libwebrtc, webrtc_sdp.cc (GetLine)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::session("s=«»")],
        valid: GOOD,
        check: Check::Misread(empty),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-k-present",
            severity: Severity::Warning,
            summary: "A k= line carries a key",
            what: "k= is obsolete: its key travels in the clear, and WebRTC forbids it.",
            why: "Whoever sees the description can read the media that the key protects; browsers drop the line silently.",
            advice: "Take the line away and use DTLS-SRTP, or a=crypto where the signalling is protected.",
            source: "RFC 8866, section 5.12; RFC 9429, section 5.2.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[Example::session("«k=»clear:1234"), Example::session("«k=»prompt").in_profile(Profile::Sip)],
        valid: GOOD,
        check: Check::Description(key),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-webrtc-useless-line",
            severity: Severity::Info,
            summary: "A line of the session level has no use in WebRTC",
            what: "i=, u=, e=, p=, r= and z= describe announced sessions. A call between browsers needs none of them.",
            why: "Browsers drop the line silently, and it makes the description larger.",
            advice: "Take the line away.",
            source: "RFC 9429, section 5.2.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Safe),
        invalid: &[Example::session("«e=a@example.org»")],
        valid: &[Example::session("s=-"), Example::session("e=a@example.org").in_profile(Profile::Sip)],
        check: Check::Description(useless),
    },
];

fn missing(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !matches!(fault.error.expected, Expected::Present { letter: 's' }) {
        return false;
    }
    if !context.has_nearly(b's') {
        let start = place_in_session(context, LineType::SessionName);
        found
            .at(Span::new(start, start), "no line s= names the session")
            .fix("add s=-", vec![context.insert_line(start, "s=-")]);
    }
    true
}

fn empty(context: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_value_of(LineType::SessionName) || fault.field() != "session name" {
        return false;
    }
    let span = fault.error.span;
    let finding = found.at(span, "the session name is empty");
    if !context.is_webrtc() {
        finding.severity(Severity::Warning);
    }
    finding.fix("write -", vec![Edit::insert(span.end, "-")]);
    true
}

/// The place is the type of the line alone, so that no output shows the key.
fn key(context: &Context<'_, '_>, found: &mut Findings) {
    for line in context.document.lines().iter().filter(|line| line.line_type() == LineType::EncryptionKey) {
        if line.value().is_empty() {
            continue;
        }
        let start = line.span().start;
        let finding = found.at(Span::new(start, start + 2), "k= is obsolete and protects nothing");
        let edits = vec![without(line)];
        // Elsewhere somebody may still read it.
        if context.is_webrtc() {
            finding.fix("take the line away", edits);
        } else {
            finding.unsafe_fix("take the line away", edits);
        }
    }
}

fn useless(context: &Context<'_, '_>, found: &mut Findings) {
    let misread = context.misread_lines();
    for line in context.session.section.lines() {
        let name = match line.line_type() {
            LineType::Information => "i=",
            LineType::Uri => "u=",
            LineType::Email => "e=",
            LineType::Phone => "p=",
            LineType::Repeat => "r=",
            LineType::TimeZones => "z=",
            _ => continue,
        };
        if !misread.contains(&line.span().start) {
            found
                .at(line.span(), format!("{name} has no use in WebRTC"))
                .fix("take the line away", vec![without(line)]);
        }
    }
}
