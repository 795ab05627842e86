//! `a=group`: which m-lines belong together; `BUNDLE` has a file of its own.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, known_mids, without_word};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::Group;

/// The semantics that are registered for `a=group`.
const SEMANTICS: &[&str] = &["BUNDLE", "LS", "FID", "SRF", "ANAT", "FEC", "FEC-FR", "DDP", "CS", "DUP", "CLUE"];

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-group-unknown-mid",
            severity: Severity::Error,
            summary: "An a=group names a mid that no m-line has",
            what: "A group lists the mids of m-lines of the same description.",
            why: "Who reads it cannot tell which m-lines belong together; libwebrtc passes over groups other than BUNDLE.",
            advice: "Name the m-lines that are there, and take those out that were removed.",
            source: "RFC 5888, section 5",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::session("a=group:BUNDLE 0\na=group:LS 0 «7»")],
        valid: &[Example::session("a=group:BUNDLE 0\na=group:LS 0")],
        check: Check::Description(unknown_mid),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-group-unknown-semantics",
            severity: Severity::Info,
            summary: "The semantics of an a=group is not registered",
            what: "The first word of a group says what the m-lines have in common, such as BUNDLE or LS; it is case-sensitive.",
            why: "A group that nobody knows has no effect, which is a fault only where another one was meant.",
            advice: "Check its spelling against the registered ones: BUNDLE, LS, FID, SRF, ANAT, FEC-FR, DDP, DUP.",
            source: "IANA, Session Description Protocol parameters (semantics for the group attribute)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently)
            .firefox(Verdict::IgnoresSilently)
            .rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::session("a=group:BUNDLE 0\na=group:«FOO» 0")],
        valid: &[Example::session("a=group:BUNDLE 0\na=group:LS 0")],
        check: Check::Description(unknown_semantics),
    },
];

fn unknown_mid(context: &Context<'_, '_>, found: &mut Findings) {
    let groups = || context.session.section.lines_with::<Group<'_>>().filter(|(_, group)| group.semantics != "BUNDLE");
    if groups().next().is_none() {
        return;
    }
    let Some(known) = known_mids(context) else { return };
    for (_, group) in groups() {
        for mid in group.mids.iter().filter(|mid| !known.contains(mid.as_bytes())) {
            found
                .at(context.span(mid), format!("the {} group names mid {mid}, which no m-line has", group.semantics))
                .unsafe_fix(format!("take {mid} out of the group"), vec![without_word(context, mid)]);
        }
    }
}

fn unknown_semantics(context: &Context<'_, '_>, found: &mut Findings) {
    for group in context.session.section.values::<Group<'_>>() {
        if !SEMANTICS.contains(&group.semantics) {
            let near = SEMANTICS.iter().find(|known| known.eq_ignore_ascii_case(group.semantics));
            let hint = near.map_or(String::new(), |near| format!("; {near} is written in capitals"));
            let message = format!("{} is no registered semantics of a group{hint}", group.semantics);
            found.at(context.span(group.semantics), message);
        }
    }
}
