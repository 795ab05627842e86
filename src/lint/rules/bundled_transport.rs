//! Transport attributes in m-lines that have no transport of their own.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, without};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::transport::{Transport, Transports};
use crate::sdp::{Key, Line};

/// An answer of which the second m-line is in the bundle of the first.
macro_rules! answer {
    ($($second:literal),*) => {
        concat!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\n",
            "a=setup:active\r\na=mid:0\r\na=rtcp-mux\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\na=setup:active\r\n",
            $($second),*
        )
    };
}

/// An offer of which the second m-line waits for the bundle.
macro_rules! waiting {
    ($($second:literal),*) => {
        concat!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n",
            "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\n",
            "a=setup:actpass\r\na=mid:0\r\na=rtcp-mux\r\n",
            "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=bundle-only\r\na=rtcp-mux\r\n",
            $($second),*
        )
    };
}

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-ice-cred-differ-in-bundle",
            severity: Severity::Error,
            summary: "M-lines on one transport have different ICE credentials",
            what: "M-lines that share a transport have the credentials of the first one of the bundle, or none. In a first offer, where \
                each m-line still has a transport of its own, they may differ.",
            why: "One transport has one user fragment and one password. Browsers use those of the first m-line and do not look at the \
                others; who looks at them never connects.",
            advice: "Leave the credentials out of all m-lines but the first of the bundle.",
            source: "RFC 9143, section 7.1.3 and section 7.3; RFC 9429, section 5.3.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(answer!("a=ice-ufrag:«other»\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\n"))],
        valid: &[
            Example::whole(answer!("a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\n")),
            Example::whole(answer!()),
        ],
        check: Check::Description(credentials_differ),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-ice-cred-in-bundle-only",
            severity: Severity::Warning,
            summary: "A bundle-only m-line has ICE credentials",
            what: "An m-line with port 0 and a=bundle-only has no transport of its own, so that it says nothing of one.",
            why: "The credentials are never used.",
            advice: "Leave them out.",
            source: "RFC 9429, section 5.2.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(waiting!("«a=ice-ufrag:F7gI»\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\n"))],
        valid: &[Example::whole(waiting!())],
        check: Check::Description(credentials_unused),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-in-bundled-section",
            severity: Severity::Warning,
            summary: "An m-line that shares the transport of another one has candidates",
            what: "Once m-lines share a transport its candidates stand in the first of them alone. In a first offer every m-line may \
                have its own.",
            why: "Browsers add up the candidates or pass over these: each that stands twice costs checks, and one that stands only here \
                may be lost.",
            advice: "List the candidates in the first m-line of the bundle.",
            source: "RFC 9429, section 5.2.2 and section 5.3.1",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(answer!("«a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host»\r\n"))],
        valid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host"), Example::whole(answer!())],
        check: Check::Description(candidates),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-eoc-in-bundled-section",
            severity: Severity::Warning,
            summary: "An m-line that shares the transport of another one has a=end-of-candidates",
            what: "Once m-lines share a transport the end of its candidates is said in the first of them alone.",
            why: "Chrome does not read it there.",
            advice: "Say it in the first m-line of the bundle.",
            source: "RFC 9429, section 5.2.2; RFC 8840, section 8.2",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::Accepts),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::whole(answer!("«a=end-of-candidates»\r\n"))],
        valid: &[Example::media("a=end-of-candidates"), Example::whole(answer!())],
        check: Check::Description(end_of_candidates),
    },
];

/// The m-lines that have no transport of their own for sure.
fn guests<'t, 'd, 'a>(
    transports: &'t Transports<'_, 'd, 'a>,
) -> impl Iterator<Item = Transport<'t, 'd, 'a>> + use<'t, 'd, 'a> {
    transports.each().filter(|transport| transport.is_settled() || transport.is_bundle_only() && transport.is_shared())
}

fn credentials_differ(context: &Context<'_, '_>, found: &mut Findings) {
    let transports = Transports::new(context);
    for transport in guests(&transports).filter(|transport| !transport.is_bundle_only()) {
        let differs = |key: Key| {
            let (own, first) = (transport.own(key)?, transport.of_owner(key)?);
            // What makes no sense has a rule of its own.
            let good = |line: &Line<'_>| line.attribute().is_some_and(|attribute| attribute.is_ok());
            (own.attribute_value() != first.attribute_value() && good(own) && good(first)).then_some((own, first))
        };
        let Some((own, first)) = differs(Key::IceUfrag).or_else(|| differs(Key::IcePwd)) else { continue };
        let what = if own.key() == Key::IceUfrag { "user fragment" } else { "password" };
        let span = crate::lint::transport::first_word(own);
        let message = format!(
            "{} shares the transport of {} and has another {what}",
            transport.part.name(),
            transport.owner_name()
        );
        let lines = [Key::IceUfrag, Key::IcePwd].into_iter().filter_map(|key| transport.own(key));
        found
            .at(span, message)
            .also(first.span(), "the transport's")
            .unsafe_fix("leave credentials to the first m-line", lines.map(without).collect());
    }
}

fn credentials_unused(context: &Context<'_, '_>, found: &mut Findings) {
    let transports = Transports::new(context);
    for transport in transports.each().filter(Transport::is_bundle_only) {
        let lines = [Key::IceUfrag, Key::IcePwd].into_iter().filter_map(|key| transport.own(key));
        let lines: Vec<&Line<'_>> = lines.collect();
        let Some(first) = lines.first() else { continue };
        let finding =
            found.at(first.span(), format!("{} is bundle-only and has credentials of ICE", transport.part.name()));
        if transport.is_shared() {
            finding.unsafe_fix("remove them", lines.into_iter().map(without).collect());
        }
    }
}

fn candidates(context: &Context<'_, '_>, found: &mut Findings) {
    let transports = Transports::new(context);
    for transport in guests(&transports) {
        let Some(first) = transport.own(Key::Candidate) else { continue };
        let lines: Vec<_> = transport.part.section.attribute_lines(Key::Candidate).collect();
        let (own, owner) = (transport.part.name(), transport.owner_name());
        let message = format!("{own} shares the transport of {owner} and has {} candidates", lines.len());
        found.at(first.span(), message).unsafe_fix("remove them", lines.into_iter().map(without).collect());
    }
}

fn end_of_candidates(context: &Context<'_, '_>, found: &mut Findings) {
    let transports = Transports::new(context);
    for transport in guests(&transports) {
        let Some(line) = transport.own(Key::EndOfCandidates) else { continue };
        let message =
            format!("{} shares the transport of {}, which says the end", transport.part.name(), transport.owner_name());
        found.at(line.span(), message).unsafe_fix("remove it", vec![without(line)]);
    }
}
