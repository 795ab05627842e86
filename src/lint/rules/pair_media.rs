//! The m-lines of an answer beside those of its offer: as many, of the same kind, over the same protocol, no further than asked.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{Context, Part, word_span};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::pair::{Both, Pair};
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::negotiate::{ContradictionKind, Refusal};
use crate::sdp::{Direction, Line};
use crate::text::{Edit, Span};

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-p-mline-count",
            severity: Severity::Error,
            summary: "The answer has another number of m-lines than the offer",
            what: "An answer has one m-line for each of the offer, in the same order; one that is not wanted gets port 0.",
            why: "M-lines belong together by their place: with another number nobody can tell which answers which, and browsers \
                refuse the answer.",
            advice: "Answer every m-line of the offer, and those only. It often comes from answering an older offer.",
            source: "RFC 3264, section 6; RFC 9429, section 5.8.3; libwebrtc, sdp_offer_answer.cc (kMlineMismatchInAnswer); \
                Firefox, JsepSessionImpl (ValidateAnswer)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[
            Example::telephony("«m=audio 49172 RTP/AVP 0»\n")
                .beside(Text::Offer, "m=audio 49170 RTP/AVP 0\nm=video 49172 RTP/AVP 31"),
            Example::telephony("m=audio 49172 RTP/AVP 0\n«m=video 49174 RTP/AVP 31»")
                .beside(Text::Offer, "m=audio 49170 RTP/AVP 0"),
        ],
        valid: &[Example::telephony("m=audio 49172 RTP/AVP 0\nm=video 0 RTP/AVP 31")
            .beside(Text::Offer, "m=audio 49170 RTP/AVP 0\nm=video 49172 RTP/AVP 31")],
        check: Check::Pair(count),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-mline-type-order",
            severity: Severity::Error,
            summary: "An m-line of the answer is of another kind than that of the offer",
            what: "The m-lines of an answer stand in the order of the offer, so that each has the kind of media of the one it answers.",
            why: "An audio section that answers a video section agrees on nothing, and browsers refuse the answer.",
            advice: "Keep the order of the offer. An answer that is put together by kind instead of by place does this.",
            source: "RFC 3264, section 6; RFC 9429, section 5.8.3; libwebrtc, sdp_offer_answer.cc (kMlineMismatchInAnswer); \
                Firefox, JsepSessionImpl (ValidateAnswer)",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: None,
        invalid: &[
            Example::media("m=«video» 9 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000").beside(Text::Offer, "a=mid:0")
        ],
        valid: &[Example::media("a=mid:0").beside(Text::Offer, "a=mid:0")],
        check: Check::Pair(kind),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-proto-changed",
            severity: Severity::Error,
            summary: "The answer names another transport protocol than the offer",
            what: "The protocol of an m-line in the answer is exactly that of the offer.",
            why: "It says how packets are secured and what feedback there is; both sides must hold the same. Many stacks do not \
                compare it, which is why it goes unseen until one does.",
            advice: "Repeat the protocol of the offer, or refuse the m-line with port 0.",
            source: "RFC 3264, section 6.1; RFC 9429, section 5.1.2",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: Some(Applicability::Unsafe),
        invalid: &[
            Example::media("m=audio 9 «RTP/SAVPF» 111\na=rtpmap:111 opus/48000/2").beside(Text::Offer, "a=mid:0"),
            Example::telephony("m=audio 49172 «RTP/AVP» 0").beside(Text::Offer, "m=audio 49170 RTP/AVPF 0"),
        ],
        valid: &[Example::telephony("m=audio 49172 RTP/AVPF 0").beside(Text::Offer, "m=audio 49170 RTP/AVPF 0")],
        check: Check::Pair(protocol),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-data-proto",
            severity: Severity::Error,
            summary: "The answer names another protocol for data channels than the offer",
            what: "The protocol of the m-line of data channels in the answer is exactly that of the offer.",
            why: "Browsers refuse the answer. `DTLS/SCTP` is how drafts wrote it, `UDP/DTLS/SCTP` is RFC 8841; they say the port in different places, so that a \
                mixture of both can go wrong.",
            advice: "Repeat the protocol of the offer, with the format that belongs to it.",
            source: "RFC 8841 (offer and answer); RFC 9429, section 5.1.2",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Unsafe),
        invalid: &[Example::media("m=application 9 «DTLS/SCTP» webrtc-datachannel\na=sctp-port:5000")
            .beside(Text::Offer, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        valid: &[Example::media("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")
            .beside(Text::Offer, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=sctp-port:5000")],
        check: Check::Pair(data_protocol),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-reenabled-section",
            severity: Severity::Error,
            summary: "The answer accepts an m-line that the offer has stopped",
            what: "An m-line that is offered with port 0 is stopped, and its answer has port 0 too.",
            why: "The offerer does not listen there; Firefox refuses the answer.",
            advice: "Answer with port 0. Only the offerer can bring a stopped m-line back, with a new offer.",
            source: "RFC 3264, section 6 and section 8.2; Firefox, JsepSessionImpl (ValidateAnswer)",
        },
        profiles: &[],
        verdicts: Verdicts::NOT_KNOWN.firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::telephony("m=audio «49172» RTP/AVP 0").beside(Text::Offer, "m=audio 0 RTP/AVP 0")],
        valid: &[Example::telephony("m=audio 0 RTP/AVP 0").beside(Text::Offer, "m=audio 0 RTP/AVP 0")],
        check: Check::Pair(reenabled),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-p-direction",
            severity: Severity::Error,
            summary: "The answer sends what is not wanted, or wants what is not sent",
            what: "To `sendonly` an answer says `recvonly` or `inactive`, to `recvonly` it says `sendonly` or `inactive`, and to \
                `inactive` only `inactive`.",
            why: "Browsers refuse the answer. Others take away what was not offered, and media flows one way only.",
            advice: "Answer with what both want. Where the answer has no direction, it means `sendrecv`.",
            source: "RFC 3264, section 6.1; RFC 9429, section 5.3.1; Firefox, JsepSessionImpl (ValidateAnswer); Chrome 156 and Firefox 153, tried",
        },
        profiles: &[],
        verdicts: Verdicts::REJECTED,
        fix: Some(Applicability::Safe),
        invalid: &[
            Example::telephony("a=«sendrecv»").beside(Text::Offer, "a=sendonly"),
            Example::telephony("«m=audio 49172 RTP/AVP 0»").beside(Text::Offer, "a=inactive"),
        ],
        valid: &[
            Example::telephony("a=recvonly").beside(Text::Offer, "a=sendonly"),
            Example::telephony("a=inactive").beside(Text::Offer, "a=sendrecv"),
        ],
        check: Check::Pair(direction),
    },
];

fn count(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    if !pair.agreement.contradictions.iter().any(|found| found.kind == ContradictionKind::MediaCount) {
        return;
    }
    let (offered, answered) = (&pair.offer.media, &pair.answer.media);
    let message = format!("the answer has {} m-lines, the offer {}", answered.len(), offered.len());
    let last = |context: &Context<'_, '_>| context.parts().last().map_or(Span::new(0, 0), Part::head);
    let (place, other, label) = match answered.get(offered.len()) {
        Some(extra) => (extra.head(), last(pair.offer), "the last m-line of the offer"),
        None => (last(pair.answer), offered.get(answered.len()).map_or(last(pair.offer), Part::head), "not answered"),
    };
    found.at(place, message).label(Text::Offer, other, label);
}

fn kind(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.lines().filter(differs_in_kind) {
        let (Some(offered), Some(answered)) = (both.offer.media, both.answer.media) else { continue };
        let message = format!("m-line {} is {}, but {} was offered", both.agreed.index, answered.media, offered.media);
        let other = pair.offer.span(offered.media);
        found.at(pair.answer.span(answered.media), message).label(Text::Offer, other, "what was offered");
    }
}

/// Whether the two lines are not of the same kind: everything else that differs between them follows from that.
pub(super) fn differs_in_kind(both: &Both<'_, '_, '_>) -> bool {
    let kinds = both.offer.media.zip(both.answer.media);
    kinds.is_some_and(|(offered, answered)| !offered.media.eq_ignore_ascii_case(answered.media))
}

fn protocol(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    protocols(pair, found, false);
}

fn data_protocol(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    protocols(pair, found, true);
}

fn protocols(pair: &Pair<'_, '_, '_>, found: &mut Findings, data: bool) {
    let near = pair.contradicted(ContradictionKind::ProtocolDiffers).map(|both| (both, true));
    let far = pair.lines().filter(|both| both.agreed.refusal() == Some(Refusal::ProtocolDiffers));
    for (both, near) in near.chain(far.map(|both| (both, false))).filter(|(both, _)| both.offer.is_sctp() == data) {
        let (Some(offered), Some(answered)) = (both.offer.media, both.answer.media) else { continue };
        let (own, other) = (pair.answer.span(answered.protocol), pair.offer.span(offered.protocol));
        let message = format!("{} answers {} in {}", answered.protocol, offered.protocol, both.answer.name());
        let finding = found.at(own, message).label(Text::Offer, other, "what was offered");
        // Firefox looks whether there is encryption.
        if !data && pair.offer.is_webrtc() && !answered.protocol.contains("SAVP") {
            finding.verdicts(Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Rejects));
        }
        // Data channels name their port in the format or beside it, as the protocol says.
        if near && (!data || offered.formats == answered.formats) {
            finding.unsafe_fix("answer with the protocol of the offer", vec![Edit::replace(own, offered.protocol)]);
        }
    }
}

fn reenabled(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.contradicted(ContradictionKind::StoppedAccepted) {
        let message = format!("{} is accepted, but the offer has stopped it", both.answer.name());
        found.at(both.answer.port(), message).label(Text::Offer, both.offer.port(), "stopped here");
    }
}

/// The line that says the direction of a section, its own or the session's.
fn said<'d, 'a>(context: &Context<'d, 'a>, part: &Part<'d, 'a>) -> Option<&'d Line<'a>> {
    let last =
        |part: &Part<'d, 'a>| part.section.lines().iter().rev().find(|line| Direction::from_key(line.key()).is_some());
    last(part).or_else(|| last(&context.session))
}

fn direction(pair: &Pair<'_, '_, '_>, found: &mut Findings) {
    for both in pair.contradicted(ContradictionKind::DirectionBeyondOffer) {
        let Some(agreed) = both.agreed.directions else { continue };
        let (own, other) = (said(pair.answer, both.answer), said(pair.offer, both.offer));
        let name = |line: Option<&Line<'_>>| {
            line.and_then(|line| Direction::from_key(line.key())).unwrap_or(Direction::SendRecv)
        };
        let (answered, offered) = (name(own), name(other));
        let message =
            format!("{answered} answers {offered} in {}; it can be {} at most", both.answer.name(), agreed.answerer);
        let place = |line: Option<&Line<'_>>, part: &Part<'_, '_>| line.map_or(part.head(), |line| word_span(line, 0));
        let (place, other) = (place(own, both.answer), place(other, both.offer));
        // A direction of the session level holds for other m-lines too.
        let own = own.filter(|line| both.answer.section.span().start <= line.span().start);
        let edit = match own {
            Some(_) => Edit::replace(place, agreed.answerer.name()),
            None => both.answer.append(&format!("a={}", agreed.answerer)),
        };
        let finding = found.at(place, message).label(Text::Offer, other, "what was offered");
        finding.fix("answer with what both want", vec![edit]);
    }
}
