//! What the session level of an answer repeats, and what the two sides must not share.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{value_span, word_span};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::Pair;
use crate::lint::profile::Profile;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::LineType;
use crate::text::{Edit, Span};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-t-line",
            severity: Severity::Warning,
            summary: "The answer names other times than the offer",
            what: "The t= line of an answer equals that of the offer: times are not negotiated.",
            why: "Browsers do not look at it, but a strict reader may refuse the answer.",
            advice: "Repeat the t= line of the offer; for calls that is `t=0 0`.",
            source: "RFC 3264, section 6",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::IgnoresSilently),
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::session("t=«3000000000 0»").beside(Text::Offer, "t=0 0")],
        valid: &[Example::session("t=0 0").beside(Text::Offer, "t=0 0")],
        check: Check::Pair(times),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-c-family",
            severity: Severity::Warning,
            summary: "The answer gives an address of another IP version than the offer",
            what: "Without ICE the c= line is where media goes. An IPv6 address in answer to an IPv4 one, or the other way round, \
                needs both sides to have both.",
            why: "A side without the other IP version sends nothing, and the call is silent.",
            advice: "Answer with an address of the version that was offered, or use ICE, which tries both.",
            source: "RFC 6157 (IPv6 transition in SIP)",
        },
        profiles: &[Profile::Sip],
        verdicts: Verdicts::NOT_KNOWN,
        fix: None,
        invalid: &[
            Example::telephony("m=audio 49172 RTP/AVP 0\nc=IN «IP6» 2001:db8::1").beside(Text::Offer, "a=sendrecv")
        ],
        valid: &[Example::telephony("m=audio 49172 RTP/AVP 0\nc=IN IP4 192.0.2.7").beside(Text::Offer, "a=sendrecv")],
        check: Check::Pair(family),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-ssrc-collision",
            severity: Severity::Error,
            summary: "Both sides name the same SSRC",
            what: "Everybody in an RTP session sends with synchronization sources of their own.",
            why: "Chrome refuses the answer. Elsewhere each side takes the packets and reports of the other one for its own: a loop. One of the two has to leave and choose \
                another one.",
            advice: "Choose sources at random for each connection. An answer that is made from the text of the offer repeats them.",
            source: "RFC 3550, section 8.2; Chrome 156 (\"Failed to set up audio demuxing\")",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[Example::media("a=ssrc:«2231627014» cname:b").beside(Text::Offer, "a=ssrc:2231627014 cname:a")],
        valid: &[Example::media("a=ssrc:1184205551 cname:b").beside(Text::Offer, "a=ssrc:2231627014 cname:a")],
        check: Check::Pair(sources),
    },
];

fn times(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let [offered, answered] =
        [pair.offer, pair.answer].map(|context| context.session.section.lines_of(LineType::Timing).next());
    let (Some(offered), Some(answered)) = (offered, answered) else { return };
    if let (Ok(one), Ok(other)) = (offered.parse(), answered.parse())
        && one != other
    {
        let (own, other) = (value_span(answered), value_span(offered));
        found
            .at(own, format!("t={} answers t={}", answered.text(), offered.text()))
            .label(Text::Offer, other, "what was offered")
            .unsafe_fix("repeat the times of the offer", vec![Edit::replace(own, offered.value())]);
    }
}

fn family(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.agreed().filter(|both| both.answer.candidates.is_empty() || both.offer.candidates.is_empty()) {
        let (Some(offered), Some(answered)) = (both.offer.section.connection(), both.answer.section.connection())
        else {
            continue;
        };
        let hold = offered.is_unspecified() || answered.is_unspecified();
        if !hold && !offered.address_type.eq_ignore_ascii_case(answered.address_type) {
            let message =
                format!("{} answers {} in {}", answered.address_type, offered.address_type, both.answer.name());
            let other = pair.offer.span(offered.address_type);
            found.at(pair.answer.span(answered.address_type), message).label(Text::Offer, other, "what was offered");
        }
    }
}

/// Sources are told apart within a transport, so those of two transports may be the same.
fn sources(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    let mut offered: BTreeMap<(Option<usize>, u32), Span> = BTreeMap::new();
    for both in pair.agreed() {
        for source in &both.offer.sources {
            offered.entry((both.agreed.transport, source.value.id)).or_insert_with(|| word_span(source.line, 0));
        }
    }
    let mut told = BTreeSet::new();
    for both in pair.agreed() {
        for source in &both.answer.sources {
            let key = (both.agreed.transport, source.value.id);
            let Some(other) = offered.get(&key) else { continue };
            if told.insert(key) {
                let message = format!("both sides name the source {}", source.value.id);
                found.at(word_span(source.line, 0), message).label(Text::Offer, *other, "also here");
            }
        }
    }
}
