//! Candidates: their priority, and those that are one too many.

use std::collections::HashMap;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{At, Context, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{CandidateType, Key, Line};
use crate::text::Span;

/// The highest priority (RFC 8839, section 5.1).
const HIGHEST: u32 = 0x7fff_ffff;

/// The type preference that RFC 8445, section 5.1.2.2 recommends for own interfaces: the highest there is.
const HIGHEST_PREFERENCE: u32 = 126;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-cand-priority-range",
            severity: Severity::Error,
            summary: "The priority of a candidate is 0 or above 2^31 - 1",
            what: "A priority is a number from 1 to 2147483647.",
            why: "Agents that keep it in 31 bits drop the candidate or try it last. Chrome takes any number of 32 bits.",
            advice: "Compute it with the formula of RFC 8445, section 5.1.2.1.",
            source: "RFC 8839, section 5.1; RFC 8445, section 5.1.2.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("a=candidate:1 1 udp «0» 203.0.113.7 5000 typ host")],
        valid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host")],
        check: Check::Description(range),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-priority-vs-type",
            severity: Severity::Info,
            summary: "The priority of a candidate does not fit its type",
            what: "The upper 8 bits of the priority are the preference of the type: 126 for own interfaces, 0 for relays.",
            why: "The order of the checks follows it: a direct path is tried last, or a relay first and then kept.",
            advice: "Compute priorities with the formula; numbers counted from 1 have a preference of 0.",
            source: "RFC 8445, section 5.1.2.1 and section 5.1.2.2",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media("a=candidate:1 1 udp «1» 203.0.113.7 5000 typ host")],
        valid: &[Example::media("a=candidate:1 1 udp 16777215 203.0.113.7 5000 typ relay raddr 0.0.0.0 rport 9")],
        check: Check::Description(against_type),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-duplicate",
            severity: Severity::Warning,
            summary: "A candidate stands twice in an m-line",
            what: "An agent removes redundant candidates before it lists them.",
            why: "Each costs the other side a check with each of its own candidates, and agents limit the number of checks.",
            advice: "Remove one. Candidates that are trickled and then sent again in a whole description are added up by some programs.",
            source: "RFC 8445, section 5.1.3",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Safe),
        invalid: &[Example::media(
            "a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host\n«a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host»",
        )],
        valid: &[Example::media(
            "a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host\na=candidate:1 1 udp 2130706431 203.0.113.7 5001 typ host",
        )],
        check: Check::Description(twice),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-rtcp-component-mux-only",
            severity: Severity::Warning,
            summary: "A candidate for RTCP stands beside a=rtcp-mux-only",
            what: "Component 2 is RTCP of its own, which a=rtcp-mux-only excludes.",
            why: "The candidate is never used.",
            advice: "Leave out candidates of component 2.",
            source: "RFC 8858, section 3",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN,
        fix: Some(Applicability::Safe),
        invalid: &[Example::media(
            "a=rtcp-mux\na=rtcp-mux-only\na=candidate:1 «2» udp 2130706430 203.0.113.7 5001 typ host",
        )],
        valid: &[Example::media(
            "a=rtcp-mux\na=rtcp-mux-only\na=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host",
        )],
        check: Check::Description(rtcp_component),
    },
];

/// Where the field of this number, counted from 0, stands in a candidate.
fn field(line: &Line<'_>, number: usize) -> Span {
    line.words().nth(number).map_or(line.span(), |word| word.span)
}

fn range(context: &Context<'_, '_>, found: &mut Findings) {
    for At { line, value } in context.parts().flat_map(|part| &part.candidates) {
        if value.priority == 0 || value.priority > HIGHEST {
            found.at(field(line, 3), format!("priority {} is not between 1 and {HIGHEST}", value.priority));
        }
    }
}

fn against_type(context: &Context<'_, '_>, found: &mut Findings) {
    for At { line, value } in context.parts().flat_map(|part| &part.candidates) {
        // What is out of range has a rule of its own.
        if value.priority == 0 || value.priority > HIGHEST {
            continue;
        }
        let (preference, ..) = value.priority_parts();
        let odd = match value.candidate_type {
            CandidateType::Host => preference == 0,
            CandidateType::Relay => preference >= HIGHEST_PREFERENCE,
            CandidateType::Srflx | CandidateType::Prflx => false,
        };
        if odd {
            let message = format!(
                "priority {} gives a {} candidate preference {preference}",
                value.priority, value.candidate_type
            );
            found.at(field(line, 3), message);
        }
    }
}

fn twice(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let mut seen: HashMap<&[u8], Span> = HashMap::with_capacity(part.candidates.len());
        for At { line, value } in &part.candidates {
            match seen.entry(line.value().trim_ascii_end()) {
                std::collections::hash_map::Entry::Occupied(first) => {
                    let message =
                        format!("this candidate for {} port {} stands here a second time", value.address, value.port);
                    found
                        .at(line.span(), message)
                        .also(*first.get(), "the first one")
                        .fix("remove the second one", vec![without(line)]);
                }
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(line.span());
                }
            }
        }
    }
}

fn rtcp_component(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.candidates.is_empty()) {
        let Some(only) = part.section.attribute_lines(Key::RtcpMuxOnly).next() else { continue };
        for At { line, .. } in part.candidates.iter().filter(|at| at.value.component == 2) {
            found
                .at(field(line, 1), "component 2 is RTCP of its own, which is excluded here")
                .also(only.span(), "excluded here")
                .fix("remove the candidate", vec![without(line)]);
        }
    }
}
