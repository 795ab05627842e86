//! Candidates: where they come from and what they give away.

use std::net::IpAddr;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{At, Context};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Candidate, CandidateType};
use crate::text::Edit;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-cand-raddr-missing",
            severity: Severity::Warning,
            summary: "A candidate that is not of an own interface does not say where it was found from",
            what: "A candidate of type srflx, prflx or relay has `raddr` and `rport`; an agent that wants to hide the address writes \
                0.0.0.0 and port 9.",
            why: "Browsers do without; agents that keep to the grammar drop the candidate.",
            advice: "Add `raddr 0.0.0.0 rport 9` where the address is to stay private.",
            source: "RFC 8839, section 5.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("«a=candidate:1 1 udp 1694498815 203.0.113.7 5000 typ srflx»")],
        valid: &[Example::media("a=candidate:1 1 udp 1694498815 203.0.113.7 5000 typ srflx raddr 0.0.0.0 rport 9")],
        check: Check::Description(no_related),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-raddr-after-ext",
            severity: Severity::Warning,
            summary: "raddr and rport do not follow the type of the candidate",
            what: "`raddr` and `rport` stand right behind the type, before all extensions.",
            why: "Chrome reads them nowhere else, and says nothing about it.",
            advice: "Move them behind the type.",
            source: "RFC 8839, section 5.1; libwebrtc, webrtc_sdp.cc (ParseCandidate)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::media(
            "a=candidate:1 1 udp 1694498815 203.0.113.7 5000 typ srflx «generation 2 raddr 198.51.100.1 rport 5001»",
        )],
        valid: &[Example::media(
            "a=candidate:1 1 udp 1694498815 203.0.113.7 5000 typ srflx raddr 198.51.100.1 rport 5001 generation 2",
        )],
        check: Check::Description(late_related),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-host-ip-leak",
            severity: Severity::Info,
            summary: "A candidate gives away an address inside a private network",
            what: "The address is one that means something inside one network only. Browsers write a name of multicast DNS instead, \
                until the page may use camera or microphone.",
            why: "Whoever sees the description learns how the network inside is numbered, and can tell its users apart.",
            advice: "Nothing is wrong where both ends are in that network. A server on the Internet does better to leave such candidates \
                out: they cost checks that cannot succeed.",
            source: "RFC 8828, section 3",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::ACCEPTED,
        fix: None,
        invalid: &[Example::media("a=candidate:1 1 udp 2130706431 «192.168.1.5» 5000 typ host")],
        valid: &[Example::media(
            "a=candidate:1 1 udp 2130706431 8a5b7c01-93bc-4d5e-9f10-0123456789ab.local 5000 typ host",
        )],
        check: Check::Description(private),
    },
];

fn is_derived(candidate: &Candidate<'_>) -> bool {
    candidate.candidate_type != CandidateType::Host
}

fn no_related(context: &Context<'_, '_>, found: &mut Findings) {
    for At { line, value } in context.parts().flat_map(|part| &part.candidates).filter(|at| is_derived(&at.value)) {
        let address = value.related_address.or_else(|| value.extensions.value("raddr"));
        let port = value.related_port.map(|_| "").or_else(|| value.extensions.value("rport"));
        let lacks = match (address, port) {
            (Some(_), Some(_)) => continue,
            (None, None) => "no `raddr` and no `rport`",
            (None, Some(_)) => "no `raddr`",
            (Some(_), None) => "no `rport`",
        };
        found.at(line.span(), format!("this candidate of type {} has {lacks}", value.candidate_type));
    }
}

fn late_related(context: &Context<'_, '_>, found: &mut Findings) {
    for At { value, .. } in context.parts().flat_map(|part| &part.candidates) {
        let extensions = value.extensions;
        if value.related_address.is_some() || extensions.value("raddr").is_none() {
            continue;
        }
        let is_related = |name: &str| matches!(name, "raddr" | "rport");
        let ordered = ["raddr", "rport"].into_iter().filter_map(|name| Some((name, extensions.value(name)?)));
        let ordered = ordered.chain(extensions.iter().filter(|(name, _)| !is_related(name)));
        let text: Vec<String> = ordered.map(|(name, value)| format!("{name} {value}")).collect();
        let span = context.span(extensions.0);
        found
            .at(span, "`raddr` and `rport` stand behind an extension")
            .fix("put `raddr` and `rport` first", vec![Edit::replace(span, text.join(" "))]);
    }
}

/// Said once, at the first: it is one habit of one agent.
fn private(context: &Context<'_, '_>, found: &mut Findings) {
    let candidates = context.media.iter().flat_map(|part| &part.candidates).map(|at| at.value);
    let mut leaks = candidates.filter(|candidate| {
        candidate.candidate_type == CandidateType::Host && candidate.address.parse().is_ok_and(is_private)
    });
    let Some(first) = leaks.next() else { return };
    let message = match leaks.count() {
        0 => format!("{} is an address inside a private network", first.address),
        more => format!("{} and those of {more} more candidates are addresses inside a private network", first.address),
    };
    found.at(context.span(first.address), message);
}

/// Whether the address is from RFC 1918 or RFC 4193, or of one link.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}
