//! The transport of an answer beside that of its offer: RTCP and ICE.

use std::collections::BTreeSet;

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{without, word_span};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::{Pair, line_of};
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::negotiate::ContradictionKind;
use crate::sdp::{IcePwd, Key, Line};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-rtcp-mux-added",
            severity: Severity::Error,
            summary: "The answer multiplexes RTCP, and the offer does not",
            what: "An answer has a=rtcp-mux only where the offer has it.",
            why: "The offerer waits for RTCP on another port and takes the reports on the port of RTP for broken media.",
            advice: "Leave a=rtcp-mux out of the answer.",
            source: "RFC 5761, section 5.1.1",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::telephony("m=audio 49172 RTP/AVP 0\n«a=rtcp-mux»").beside(Text::Offer, "a=sendrecv")],
        valid: &[Example::telephony("m=audio 49172 RTP/AVP 0\na=rtcp-mux").beside(Text::Offer, "a=rtcp-mux")],
        check: Check::Pair(mux_added),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-rtcp-mux-refused",
            severity: Severity::Error,
            summary: "The offer multiplexes RTCP in any case, and the answer does not",
            what: "With a=rtcp-mux-only the offerer has no second port. The answer has a=rtcp-mux or refuses the m-line.",
            why: "RTCP goes to a port where nobody listens: no reports, no requests for lost packets or key frames.",
            advice: "Add a=rtcp-mux to the answer, or refuse the m-line with port 0.",
            source: "RFC 8858, section 4",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::telephony("«m=audio 49172 RTP/AVP 0»").beside(Text::Offer, "a=rtcp-mux\na=rtcp-mux-only")],
        valid: &[
            Example::telephony("m=audio 49172 RTP/AVP 0\na=rtcp-mux")
                .beside(Text::Offer, "a=rtcp-mux\na=rtcp-mux-only"),
            Example::telephony("m=audio 49172 RTP/AVP 0").beside(Text::Offer, "a=rtcp-mux"),
        ],
        check: Check::Pair(mux_refused),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-rsize-added",
            severity: Severity::Warning,
            summary: "The answer allows reduced-size RTCP, and the offer does not",
            what: "An answer has a=rtcp-rsize only where the offer has it.",
            why: "The offerer may drop RTCP packets that do not begin with a report.",
            advice: "Leave a=rtcp-rsize out of the answer.",
            source: "RFC 5506, section 5",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: Some(Applicability::Safe),
        invalid: &[Example::telephony("m=audio 49172 RTP/AVPF 0\n«a=rtcp-rsize»")
            .beside(Text::Offer, "m=audio 49170 RTP/AVPF 0")],
        valid: &[Example::telephony("m=audio 49172 RTP/AVPF 0\na=rtcp-rsize")
            .beside(Text::Offer, "m=audio 49170 RTP/AVPF 0\na=rtcp-rsize")],
        check: Check::Pair(reduced_size),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-ice-missing",
            severity: Severity::Error,
            summary: "The offer has ICE credentials and the answer has none",
            what: "The m-line that carries a transport has a=ice-ufrag and a=ice-pwd in the answer too.",
            why: "Without them no check can be answered, and nothing connects. Browsers refuse the answer.",
            advice: "Put the answerer's own a=ice-ufrag and a=ice-pwd into the section or the session level.",
            source: "RFC 9429, section 5.8.3; libwebrtc, sdp_offer_answer.cc (VerifyIceUfragPwdPresent); Firefox, SdpHelper",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 2 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n«m=audio 9 UDP/TLS/RTP/SAVPF 0»\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n\
                a=fingerprint:sha-256 \
                8C:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:09\r\n\
                a=setup:active\r\na=rtcp-mux\r\n",
        )
        .beside(
            Text::Offer,
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F\r\n\
                a=fingerprint:sha-256 \
                7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n\
                a=setup:actpass\r\na=rtcp-mux\r\n",
        )],
        valid: &[Example::media("a=ice-ufrag:k2Qp\na=ice-pwd:mPq0Wd7eTfRz3YbH5uJvKsLx").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(ice_missing),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-ice-echo",
            severity: Severity::Error,
            summary: "The answer repeats the ICE credentials of the offer",
            what: "Each side makes a=ice-ufrag and a=ice-pwd of its own.",
            why: "A check carries both user fragments and the password of who receives it; an echo means that the answer was copied from \
                the offer, and its checks are for nobody.",
            advice: "Take the credentials of the answerer's own agent. Look whether the offer came back as the answer.",
            source: "RFC 8445, section 5.3",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=ice-ufrag:«F7gI»\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F")
            .beside(Text::Offer, "a=ice-ufrag:F7gI\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F")],
        valid: &[Example::media("a=ice-ufrag:F7gI\na=ice-pwd:mPq0Wd7eTfRz3YbH5uJvKsLx")
            .beside(Text::Offer, "a=ice-ufrag:F7gI\na=ice-pwd:x9cml/YzichV2+XlhiMu8g3F")],
        check: Check::Pair(ice_echo),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-both-ice-lite",
            severity: Severity::Info,
            summary: "Both sides are ICE-lite",
            what: "A lite agent answers checks and sends none.",
            why: "Nobody checks anything: the two use each other's default addresses, which works between hosts that reach each other \
                directly, and nowhere else.",
            advice: "Let one of the two be a full agent where a NAT may lie between them.",
            source: "RFC 8445, section 2.5",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::session("«a=ice-lite»").beside(Text::Offer, "a=ice-lite")],
        valid: &[Example::session("a=ice-lite").beside(Text::Offer, "a=extmap-allow-mixed")],
        check: Check::Pair(both_lite),
    },
];

fn mux_added(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut told = BTreeSet::new();
    let bundled = pair.answer.document.groups("BUNDLE").next().is_some();
    for both in pair.contradicted(ContradictionKind::RtcpMuxNotOffered) {
        let owner = both.agreed.transport.and_then(|owner| pair.answer.media.get(owner));
        let own = |key: Key| both.answer.section.attribute_lines(key).next();
        let of_owner = || line_of(pair.answer, owner.unwrap_or(both.answer), Key::RtcpMux);
        let Some(line) = own(Key::RtcpMux).or_else(|| own(Key::RtcpMuxOnly)).or_else(of_owner) else { continue };
        if !told.insert(line.span().start) {
            continue;
        }
        let message = format!("RTCP is multiplexed in {}, but not in the offer", both.answer.name());
        let finding =
            found.at(line.span(), message).label(Text::Offer, both.offer.head(), "offered without a=rtcp-mux");
        // A bundle needs it.
        if !bundled {
            let lines = [Key::RtcpMux, Key::RtcpMuxOnly].into_iter().filter_map(own);
            finding.unsafe_fix("leave it out", lines.map(without).collect());
        }
    }
}

fn mux_refused(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.contradicted(ContradictionKind::RtcpMuxRefused) {
        let other = line_of(pair.offer, both.offer, Key::RtcpMuxOnly).map_or(both.offer.head(), Line::span);
        let message = format!("{} is accepted without a=rtcp-mux", both.answer.name());
        found.at(both.answer.head(), message).label(Text::Offer, other, "RTCP has no port of its own");
    }
}

fn reduced_size(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed().filter(|both| both.offer.is_rtp() && !both.offer.section.has(Key::RtcpRsize)) {
        let Some(line) = both.answer.section.attribute_lines(Key::RtcpRsize).next() else { continue };
        let message = format!("reduced-size RTCP is allowed in {}, but not in the offer", both.answer.name());
        found
            .at(line.span(), message)
            .label(Text::Offer, both.offer.head(), "offered without a=rtcp-rsize")
            .fix("leave it out", vec![without(line)]);
    }
}

fn ice_missing(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.contradicted(ContradictionKind::IceCredentialsMissing) {
        // One that stands there and makes no sense is a fault of its own.
        if line_of(pair.answer, both.answer, Key::IceUfrag).is_some() {
            continue;
        }
        let Some(other) = line_of(pair.offer, both.offer, Key::IceUfrag) else { continue };
        let message = format!("{} has no a=ice-ufrag, but the offer has one", both.answer.name());
        found.at(both.answer.head(), message).label(Text::Offer, other.span(), "what was offered");
    }
}

fn ice_echo(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for transport in &pair.agreement.transports {
        let Some(ice) = transport.ice.as_ref() else { continue };
        let fragments = ice.username_fragments;
        if fragments.offerer.is_none() || fragments.offerer != fragments.answerer {
            continue;
        }
        let Some(both) = pair.line(transport.owner) else { continue };
        let password = |line: Option<&Line<'_>>| {
            line.and_then(|line| line.typed::<IcePwd<'_>>()?.ok().map(|pwd| pwd.0.to_owned()))
        };
        let [offered, answered] = [(pair.offer, both.offer), (pair.answer, both.answer)]
            .map(|(context, part)| password(line_of(context, part, Key::IcePwd)));
        let lines = (line_of(pair.offer, both.offer, Key::IceUfrag), line_of(pair.answer, both.answer, Key::IceUfrag));
        if let (Some(other), Some(own)) = lines
            && offered.is_some()
            && offered == answered
        {
            let message = format!("the credentials of {} are those of the offer", both.answer.name());
            found.at(word_span(own, 0), message).label(Text::Offer, word_span(other, 0), "the same here");
        }
    }
}

fn both_lite(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let line = |session: &crate::sdp::Section<'_, '_>| session.attribute_lines(Key::IceLite).next().map(Line::span);
    if let (Some(other), Some(own)) = (line(&pair.offer.session.section), line(&pair.answer.session.section)) {
        found.at(own, "both sides are ICE-lite, so nobody checks").label(Text::Offer, other, "also here");
    }
}
