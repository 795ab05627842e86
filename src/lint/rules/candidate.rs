//! `a=candidate` lines that make no sense.

use crate::finding::{Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Key};

/// libwebrtc refuses the whole description; Firefox drops the candidate, which its log tells.
const DROPPED: Verdicts =
    Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::IgnoresSilently);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-cand-foundation-empty",
            severity: Severity::Error,
            summary: "A candidate has no foundation",
            what: "The first word of a candidate is its foundation: 1 to 32 letters, digits, `+` or `/`.",
            why: "Readers that split at spaces take the component for the foundation, and every field after it for another. Chrome \
                takes an empty foundation.",
            advice: "Write any short number, the same for candidates of one kind, base and server.",
            source: "RFC 8839, section 5.1; aiortc, issue 589",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("a=candidate:«» 1 udp 2130706431 203.0.113.7 5000 typ host")],
        valid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host")],
        check: Check::Misread(no_foundation),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-component-range",
            severity: Severity::Error,
            summary: "The component of a candidate is no number from 1 to 256",
            what: "The component is 1 for RTP and everything that is multiplexed, 2 for RTCP of its own, 256 at most.",
            why: "Chrome refuses a description whose component is no number, and leaves unused a candidate of a component that it does \
                not know.",
            advice: "Write 1, or 2 for RTCP.",
            source: "RFC 8839, section 5.1; libwebrtc, webrtc_sdp.cc (ParseCandidate)",
        },
        profiles: &[],
        verdicts: DROPPED,
        fix: None,
        invalid: &[Example::media("a=candidate:1 «0» udp 2130706431 203.0.113.7 5000 typ host")],
        valid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host")],
        check: Check::Misread(component),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-port-range",
            severity: Severity::Error,
            summary: "The port of a candidate is no number from 0 to 65535",
            what: "A port has 16 bits.",
            why: "Chrome refuses the description, and a trickled candidate alike.",
            advice: "Write the port of the socket.",
            source: "RFC 8839, section 5.1; libwebrtc, webrtc_sdp_unittest.cc (DeserializeInvalidPortInCandidateAttribute)",
        },
        profiles: &[],
        verdicts: DROPPED,
        fix: None,
        invalid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 «12345678» typ host")],
        valid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host")],
        check: Check::Misread(port),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-type-unknown",
            severity: Severity::Error,
            summary: "A candidate is neither host, srflx, prflx nor relay",
            what: "The word behind `typ` says how the address was found: `host`, `srflx`, `prflx` or `relay`. A later document may add \
                another, which nobody has done.",
            why: "Chrome refuses the description; Firefox drops the candidate.",
            advice: "Write one of the four. Names such as `local` or `stun` belong to other protocols or to early drafts.",
            source: "RFC 8839, section 5.1; libwebrtc, webrtc_sdp.cc (ParseCandidate)",
        },
        profiles: &[],
        verdicts: DROPPED,
        fix: None,
        invalid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ «unknown»")],
        valid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host")],
        check: Check::Misread(kind),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-syntax",
            severity: Severity::Error,
            summary: "An a=candidate line makes no sense",
            what: "A candidate is foundation, component, transport, priority, address, port, `typ` and its type, and then names and \
                values in turn.",
            why: "Chrome refuses a description in which one has fewer than eight fields, and a trickled one alike; Firefox drops the \
                candidate.",
            advice: "Pass candidates on as the browser gave them. Code that builds them from parts must write all eight.",
            source: "RFC 8839, section 5.1; libwebrtc, webrtc_sdp.cc (ParseCandidate)",
        },
        profiles: &[],
        verdicts: DROPPED,
        fix: None,
        invalid: &[
            Example::media("a=candidate:1 1 udp«»"),
            Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 «host»"),
            Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host generation «x»"),
        ],
        valid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host generation 0 x-new 7")],
        check: Check::Misread(syntax),
    },
];

fn no_foundation(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let absent = matches!(fault.error.expected, Expected::Value { field: "foundation" });
    let followed = fault.line.is_some_and(|line| line.words().next().is_some());
    if !fault.is_of(Key::Candidate) || !absent || !followed {
        return false;
    }
    found.at(fault.error.span, "this candidate has no foundation before its component");
    true
}

fn component(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Candidate) || !matches!(fault.error.expected, Expected::Number { field: "component", .. }) {
        return false;
    }
    let said = &fault.error.found;
    let finding = found.at(fault.error.span, format!("component `{said}` is no number from 1 to 256"));
    if said.bytes().all(|byte| byte.is_ascii_digit()) {
        finding.verdicts(DROPPED.chrome(Verdict::IgnoresSilently).safari(Verdict::IgnoresSilently));
    }
    true
}

fn port(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Candidate) || !matches!(fault.error.expected, Expected::Number { field: "port", .. }) {
        return false;
    }
    found.at(fault.error.span, format!("port `{}` is no number from 0 to 65535", fault.error.found));
    true
}

fn kind(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Candidate) || !matches!(fault.error.expected, Expected::Word { field: "candidate type", .. }) {
        return false;
    }
    let message = format!("`{}` is no type of a candidate; those are host, srflx, prflx and relay", fault.error.found);
    found.at(fault.error.span, message);
    true
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    let level =
        matches!(fault.error.expected, Expected::MediaLevel | Expected::Utf8 | Expected::NoControl | Expected::NoSpace);
    let nothing = fault.line.is_some_and(|line| line.words().next().is_none());
    if !fault.is_of(Key::Candidate) || level || nothing {
        return false;
    }
    let finding = found.at(fault.error.span, fault.error.to_string());
    match fault.error.expected {
        // libwebrtc takes what is no address for a name.
        Expected::Address { .. } => {
            finding.verdicts(Verdicts::libwebrtc(Verdict::Accepts).rfc(Verdict::IgnoresSilently));
        }
        // Nobody looks at the characters of a foundation.
        Expected::Characters { .. } => {
            finding
                .severity(Severity::Warning)
                .verdicts(Verdicts::libwebrtc(Verdict::Accepts).rfc(Verdict::IgnoresSilently));
        }
        _ => {}
    }
    true
}
