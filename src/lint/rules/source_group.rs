//! `a=ssrc-group`: which sources belong together.

use std::collections::BTreeSet;

use crate::finding::{Rule, Severity};
use crate::lint::context::{Context, Misread};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Key, SsrcGroup};

/// How many layers libwebrtc takes in a SIM group.
const LAYERS: usize = 3;

const REJECTED_BY_LIBWEBRTC: Verdicts =
    Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts).rfc(Verdict::Rejects);

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-group-syntax",
            severity: Severity::Error,
            summary: "An a=ssrc-group is not a semantics and SSRCs",
            what: "The line is a=ssrc-group:, what the sources are to each other, such as FID, and their SSRCs in decimal.",
            why: "libwebrtc refuses the description.",
            advice: "Write the numbers of the a=ssrc lines.",
            source: "RFC 5576, section 4.2; libwebrtc, webrtc_sdp_unittest.cc (a=ssrc-group:FEC badvalue 3)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=ssrc-group:FEC «badvalue» 3"), Example::media("a=ssrc-group:FID«»")],
        valid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:2 cname:x\na=ssrc-group:FID 1 2")],
        check: Check::Misread(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-group-unknown",
            severity: Severity::Error,
            summary: "An a=ssrc-group names an SSRC that no a=ssrc announces",
            what: "The sources of a group are announced by a=ssrc lines of the same m-line.",
            why: "libwebrtc refuses the description, or passes over the group where it knows none of its sources: retransmissions \
                and layers are then not recognised.",
            advice: "Add the a=ssrc lines, or take the group out with them. It happens where lines are filtered.",
            source: "RFC 5576, section 4.2; libwebrtc, peer_connection_media_unittest.cc (ExpectAllSsrcsSpecifiedInSsrcGroupFid)",
        },
        profiles: &[],
        verdicts: REJECTED_BY_LIBWEBRTC,
        fix: None,
        invalid: &[Example::media("a=ssrc:1 cname:x\na=ssrc-group:FID 1 «2»")],
        valid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:2 cname:x\na=ssrc-group:FID 1 2")],
        check: Check::Description(unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-group-count",
            severity: Severity::Error,
            summary: "An a=ssrc-group has too few or too many SSRCs",
            what: "FID joins a source and its retransmission, FEC-FR a source and its repair: two SSRCs each. libwebrtc takes 3 \
                layers in a SIM group.",
            why: "libwebrtc refuses the description.",
            advice: "Write one group for each pair.",
            source: "RFC 5576, section 4.2; libwebrtc, sdp_offer_answer.cc (ValidateSsrcGroups)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:2 cname:x\na=ssrc:3 cname:x\na=ssrc-group:FID «1 2 3»")],
        valid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:2 cname:x\na=ssrc-group:FID 1 2")],
        check: Check::Description(count),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ssrc-group-duplicate",
            severity: Severity::Error,
            summary: "An a=ssrc-group names one SSRC twice",
            what: "The sources of a group are different ones.",
            why: "libwebrtc refuses the description.",
            advice: "Give the retransmission or the layer an SSRC of its own.",
            source: "libwebrtc, webrtc_sdp_unittest.cc (RejectDuplicateSsrcInSsrcGroup)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=ssrc:1 cname:x\na=ssrc-group:FID 1 «1»")],
        valid: &[Example::media("a=ssrc:1 cname:x\na=ssrc:2 cname:x\na=ssrc-group:FID 1 2")],
        check: Check::Description(duplicate),
    },
];

fn syntax(_: &Context<'_, '_>, fault: &Misread<'_, '_>, found: &mut Findings) -> bool {
    if !fault.is_of(Key::SsrcGroup) || !matches!(fault.field(), "SSRC" | "group semantics") {
        return false;
    }
    let message = match &*fault.error.found {
        "" => format!("this group has no {}", fault.field()),
        text if fault.field() == "SSRC" => format!("`{}` is not a number from 0 to {}", text.escape_debug(), u32::MAX),
        text => format!("`{}` is not the semantics of a group", text.escape_debug()),
    };
    found.at(fault.error.span, message);
    true
}

fn unknown(context: &Context<'_, '_>, found: &mut Findings) {
    for part in &context.media {
        let mut groups = part.section.values::<SsrcGroup<'_>>().peekable();
        if groups.peek().is_none() {
            continue;
        }
        let announced: BTreeSet<u32> = part.sources.iter().map(|at| at.value.id).collect();
        for group in groups {
            let none = !group.ids().any(|id| announced.contains(&id));
            for word in group.sources.iter() {
                if word.parse().is_ok_and(|id| announced.contains(&id)) {
                    continue;
                }
                let message = format!("no a=ssrc announces SSRC {word} of this {} group", group.semantics);
                let finding = found.at(context.span(word), message);
                if none {
                    let verdicts = Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts);
                    finding.verdicts(verdicts.rfc(Verdict::Rejects));
                    // The others of it are the same fault.
                    break;
                }
            }
        }
    }
}

fn count(context: &Context<'_, '_>, found: &mut Findings) {
    for group in context.media.iter().flat_map(|part| part.section.values::<SsrcGroup<'_>>()) {
        let count = group.sources.iter().count();
        let limit = match group.semantics {
            "FID" | "FEC-FR" if count != 2 => "2",
            "SIM" if count > LAYERS => "3 at most",
            _ => continue,
        };
        let message = format!("this {} group has {count} SSRCs; it takes {limit}", group.semantics);
        found.at(context.span(group.sources.0), message);
    }
}

fn duplicate(context: &Context<'_, '_>, found: &mut Findings) {
    for group in context.media.iter().flat_map(|part| part.section.values::<SsrcGroup<'_>>()) {
        let mut seen = BTreeSet::new();
        for word in group.sources.iter() {
            let repeated = word.parse::<u32>().is_ok_and(|id| !seen.insert(id));
            if repeated {
                let message = format!("SSRC {word} stands twice in this {} group", group.semantics);
                found.at(context.span(word), message);
            }
        }
    }
}
