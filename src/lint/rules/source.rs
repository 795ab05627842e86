//! `a=ssrc`: the sources that an m-line announces.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Misread, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Expected, Key, Msid};
use crate::text::Span;

/// Source attributes that say nothing without a value (RFC 5576, RFC 8830 and the drafts before them).
const VALUED: &[&str] = &["cname", "msid", "mslabel", "label", "previous-ssrc", "fmtp"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-range",
            severity: Severity::Error,
            summary: "The SSRC of an a=ssrc is not a number of 32 bits",
            what: "An SSRC is written as a decimal number from 0 to 4294967295.",
            why: "libwebrtc refuses the description, Firefox passes over the line.",
            advice: "Write the number that the packets carry, without sign and in decimal.",
            source: "RFC 5576, section 4.1; libwebrtc, webrtc_sdp.cc (ParseSsrcAttribute)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=ssrc:«badvalue» cname:x"), Example::media("a=ssrc:«4294967296» cname:x")],
        valid: &[Example::media("a=ssrc:4294967295 cname:x")],
        check: Check::Misread(range),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-syntax",
            severity: Severity::Error,
            summary: "An a=ssrc is not an SSRC and an attribute of it",
            what: "The line is a=ssrc:, the SSRC, one space and an attribute, with a colon before its value.",
            why: "libwebrtc refuses the description, Firefox passes over the line.",
            advice: "Write a=ssrc:<SSRC> cname:<name>.",
            source: "RFC 5576, section 4.1; libwebrtc, webrtc_sdp.cc (ParseSsrcAttribute)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=ssrc:1«»")],
        valid: &[Example::media("a=ssrc:1 cname:x")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-value-missing",
            severity: Severity::Error,
            summary: "The attribute of an a=ssrc has no value",
            what: "The attributes cname and msid are a name, a colon and a value; others may be a name alone.",
            why: "The CNAME or the track is unknown. libwebrtc refuses every a=ssrc without a colon, whatever the attribute.",
            advice: "Write the value, or leave the line out.",
            source: "RFC 5576, section 6; libwebrtc, webrtc_sdp.cc (Expected format <attribute>:<value>)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:1 «cname»")],
        valid: &[Example::media("a=ssrc:1 cname:x")],
        check: Check::Description(value_missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-no-cname",
            severity: Severity::Warning,
            summary: "A source is announced without its cname",
            what: "Every SSRC that a description announces has an a=ssrc line with its CNAME.",
            why: "The CNAME says which sources share a clock, without which sound and picture wait for RTCP to be in step.",
            advice: "Add a=ssrc:<SSRC> cname:<name> with the CNAME that RTCP carries.",
            source: "RFC 5576, section 6.1; libwebrtc, webrtc_sdp.cc (it accepts the line)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("«a=ssrc:1 msid:- 7c3a4a51»")],
        valid: &[Example::media("a=ssrc:1 msid:- 7c3a4a51\na=ssrc:1 cname:x")],
        check: Check::Description(no_cname),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-cname-conflict",
            severity: Severity::Error,
            summary: "One SSRC has two CNAMEs",
            what: "A source has one CNAME.",
            why: "Which streams belong together is undecided; libwebrtc keeps one of them without a word.",
            advice: "Keep the line with the CNAME that RTCP carries.",
            source: "RFC 3550, section 6.5.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:1 cname:«y»")],
        valid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:2 cname:x")],
        check: Check::Description(cname_conflict),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cname-pii",
            severity: Severity::Info,
            summary: "A CNAME looks like the name of a user or a host",
            what: "The CNAME has the form user@host.",
            why: "It goes to everybody in the call in every RTCP report, and stays the same from call to call.",
            advice: "Use a random CNAME for each call, as RFC 7022 describes.",
            source: "RFC 7022, section 4; RFC 8834, section 4.9",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media("a=ssrc:1 cname:«joe@example.com»")],
        valid: &[Example::media("a=ssrc:1 cname:4TOk42mSjXCkVIa6")],
        check: Check::Description(personal_cname),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-mslabel-label-legacy",
            severity: Severity::Info,
            summary: "An a=ssrc has the attribute mslabel or label",
            what: "The two named the stream and the track in drafts before RFC 8830.",
            why: "Browsers pass over them.",
            advice: "Leave them out; a=msid says the same.",
            source: "drafts before RFC 8830; libwebrtc, webrtc_sdp.cc (ParseSsrcAttribute)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:1 «mslabel»:x\na=ssrc:1 label:y")],
        valid: &[Example::media("a=ssrc:1 cname:x")],
        check: Check::Description(legacy_labels),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-plan-b-detected",
            severity: Severity::Warning,
            summary: "An m-line announces several tracks by a=ssrc",
            what: "Plan B put all tracks of one kind into one m-line; RFC 9429 has an m-line for each.",
            why: "libwebrtc refuses the description, Firefox takes one track.",
            advice: "Give each track an m-line of its own (rtcscope sdp edit turns one form into the other).",
            source: "RFC 9429; libwebrtc, sdp_offer_answer.cc (more than one track specified with a=ssrc lines)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media(
            "a=ssrc:1 cname:x\na=ssrc:1 msid:- 7c3a4a51\na=ssrc:2 cname:x\na=ssrc:2 msid:«two b»",
        )],
        valid: &[Example::media(
            "a=ssrc:1 cname:x\na=ssrc:1 msid:- 7c3a4a51\na=ssrc:2 cname:x\na=ssrc:2 msid:- 7c3a4a51",
        )],
        check: Check::Description(plan_b),
    },
];

fn range(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Ssrc) || !matches!(fault.error.expected, Expected::Number { field: "SSRC", .. }) {
        return false;
    }
    let message = match &*fault.error.found {
        "" => "this a=ssrc has no SSRC".to_owned(),
        text => format!("`{}` is not a number from 0 to {}", text.escape_debug(), u32::MAX),
    };
    found.at(fault.error.span, message);
    true
}

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::Ssrc) || fault.field() != "source attribute" {
        return false;
    }
    let message = match &*fault.error.found {
        "" => "this a=ssrc has no attribute behind the SSRC".to_owned(),
        text => format!("`{}` is not an attribute of a source", text.escape_debug()),
    };
    found.at(fault.error.span, message);
    true
}

fn value_missing(context: &Context<'_, '_>, found: &mut Findings) {
    for at in context.media.iter().flat_map(|part| &part.sources) {
        let empty = at.value.value.is_none_or(|value| value.trim().is_empty());
        if !empty {
            continue;
        }
        let known = VALUED.contains(&at.value.attribute);
        if known || at.value.value.is_none() {
            let message = format!("{} of SSRC {} has no value", at.value.attribute, at.value.id);
            let finding = found.at(context.span(at.value.attribute), message);
            if !known {
                finding.severity(Severity::Warning);
                finding.verdicts(Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Accepts));
            }
            if at.value.value.is_some() {
                finding.verdicts(Verdicts::NOT_KNOWN);
            }
        }
    }
}

fn no_cname(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let cnames = part.sources.iter().filter(|at| at.value.attribute == "cname");
        let mut named: BTreeSet<u32> = cnames.map(|at| at.value.id).collect();
        for at in &part.sources {
            if named.insert(at.value.id) {
                found.at(at.line.span(), format!("SSRC {} has no cname", at.value.id));
            }
        }
    }
}

fn cname_conflict(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let mut first: BTreeMap<u32, &str> = BTreeMap::new();
        for at in part.sources.iter().filter(|at| at.value.attribute == "cname") {
            let Some(cname) = at.value.value else { continue };
            let other = *first.entry(at.value.id).or_insert(cname);
            if other != cname {
                found
                    .at(context.span(cname), format!("SSRC {} has another CNAME already", at.value.id))
                    .also(context.span(other), "the other CNAME");
            }
        }
    }
}

/// Said once for each name.
fn personal_cname(context: &Context<'_, '_>, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for at in context.media.iter().flat_map(|part| &part.sources).filter(|at| at.value.attribute == "cname") {
        let Some(cname) = at.value.value.map(str::trim) else { continue };
        let personal = cname.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
        if personal && seen.insert(cname) {
            found.at(context.span(cname), "this CNAME has the form user@host");
        }
    }
}

/// Said once an m-line, at the first.
fn legacy_labels(context: &Context<'_, '_>, found: &mut Findings) {
    let is_legacy = |attribute: &str| matches!(attribute, "mslabel" | "label");
    for part in &context.media {
        let legacy: Vec<_> = part.sources.iter().filter(|at| is_legacy(at.value.attribute)).collect();
        let Some(first) = legacy.first() else { continue };
        let message = format!("{} has {} lines of mslabel or label", part.name(), legacy.len());
        let finding = found.at(context.span(first.value.attribute), message);
        // A source that nothing else announces would be gone with its label.
        let others: BTreeSet<u32> =
            part.sources.iter().filter(|at| !is_legacy(at.value.attribute)).map(|at| at.value.id).collect();
        if legacy.iter().all(|at| others.contains(&at.value.id)) {
            finding.unsafe_fix("take them out", legacy.iter().map(|at| without(at.line)).collect());
        }
    }
}

/// Said once an m-line, at the second track.
fn plan_b(context: &Context<'_, '_>, found: &mut Findings) {
    for part in context.media.iter().filter(|part| !part.section.is_rejected()) {
        let mut first: Option<(Msid<'_>, Span)> = None;
        for at in part.sources.iter().filter(|at| at.value.attribute == "msid") {
            let Some(value) = at.value.value else { continue };
            let Some(msid) = Msid::from_ssrc_value(value) else { continue };
            match first {
                None => first = Some((msid, context.span(value))),
                Some((known, span)) if known.track != msid.track => {
                    let message = format!("SSRC {} is of a second track in {}", at.value.id, part.name());
                    found.at(context.span(value), message).also(span, "the first track");
                    break;
                }
                Some(_) => {}
            }
        }
    }
}
