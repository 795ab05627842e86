//! A further offer or answer: ICE restarts, certificates and DTLS roles.

use crate::finding::{Rule, Severity};
use crate::lint::context::Role;
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::in_force::{InForce, TransportInForce};
use crate::lint::pair::Rounds;
use crate::lint::profile::Profile;
use crate::lint::rounds::Turn;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Line, Setup};
use crate::text::Span;

/// Another fingerprint than the good description's.
const OTHER_PRINT: &str = "a=fingerprint:sha-256 29:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2";

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-r-partial-ice-restart",
            severity: Severity::Error,
            summary: "A further offer restarts ICE for some m-lines only",
            what: "The offer has new ICE credentials in some of the m-lines that go on, and the old ones in others.",
            why: "Each m-line may restart by itself where each has a transport of its own, and Chrome does that. Firefox refuses the offer, \
                and in a bundle it makes no sense: there is one transport.",
            advice: "Restart all m-lines at once, as restartIce() does.",
            source: "RFC 8839, section 4.4.1; Firefox, JsepSessionImpl (\"Partial ICE restart is unsupported at this time\")",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects).rfc(Verdict::Accepts),
        fix: None,
        invalid: &[Example::whole(
            "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=ice-ufrag:«New1»\r\n\
                a=ice-pwd:0cml/YzichV2+XlhiMu8g3F9\r\nm=video 9 UDP/TLS/RTP/SAVPF 31\r\na=mid:1\r\na=ice-ufrag:Vid1\r\n\
                a=ice-pwd:vcml/YzichV2+XlhiMu8g3F9\r\n",
        )
        .beside(
            Text::PreviousOffer,
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=ice-ufrag:Aud1\r\n\
                a=ice-pwd:acml/YzichV2+XlhiMu8g3F9\r\nm=video 9 UDP/TLS/RTP/SAVPF 31\r\na=mid:1\r\na=ice-ufrag:Vid1\r\n\
                a=ice-pwd:vcml/YzichV2+XlhiMu8g3F9\r\n",
        )],
        valid: &[Example::media("a=ice-ufrag:New1\na=ice-pwd:0cml/YzichV2+XlhiMu8g3F9").beside(Text::PreviousOffer, "a=mid:0")],
        check: Check::Rounds(partial_restart),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-ice-restart-unasked",
            severity: Severity::Error,
            summary: "An answer restarts ICE where the offer did not",
            what: "The offer keeps its ICE credentials, the answer to it has other ones than the answerer had before.",
            why: "Only an offer may restart ICE. Firefox refuses such an answer; elsewhere checks go on with credentials that the \
                answerer has forgotten, and fail.",
            advice: "Keep the credentials of a transport until an offer changes its own. An answer with new ones often comes from a \
                connection that was made anew: then both sides need a new one.",
            source: "RFC 8839, section 4.4.1; Firefox, JsepSessionImpl (ValidateAnswer)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::NOT_KNOWN.firefox(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media("a=setup:active\na=ice-ufrag:«New1»\na=ice-pwd:0cml/YzichV2+XlhiMu8g3F9")
            .as_role(Role::Answer)
            .beside(Text::PreviousAnswer, "a=setup:active\na=ice-ufrag:Old1\na=ice-pwd:acml/YzichV2+XlhiMu8g3F9")],
        valid: &[Example::media("a=setup:active\na=ice-ufrag:Old1\na=ice-pwd:acml/YzichV2+XlhiMu8g3F9")
            .as_role(Role::Answer)
            .beside(Text::PreviousAnswer, "a=setup:active\na=ice-ufrag:Old1\na=ice-pwd:acml/YzichV2+XlhiMu8g3F9")],
        check: Check::Rounds(restart_unasked),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-fingerprint-without-restart",
            severity: Severity::Error,
            summary: "The certificate changes without an ICE restart",
            what: "A further description has another certificate, and the ICE credentials of the one before.",
            why: "Another certificate needs another DTLS association, and that needs a transport of its own, which an ICE restart makes. \
                Browsers apply the description and stay with the certificate that they have checked.",
            advice: "Change the ICE credentials together with the certificate; better, make a new connection.",
            source: "RFC 9429, section 5.11; web-platform-tests, fingerprint-change-requires-ice-restart",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::media(
            "«a=fingerprint:sha-256 29:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2»",
        )
        .beside(Text::PreviousOffer, "a=mid:0")],
        valid: &[
            Example::media("a=mid:0").beside(Text::PreviousOffer, "a=mid:0"),
            Example::media("a=ice-ufrag:New1\na=ice-pwd:0cml/YzichV2+XlhiMu8g3F9").beside(Text::PreviousOffer, OTHER_PRINT),
        ],
        check: Check::Rounds(certificate_changed),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-r-dtls-role-flip",
            severity: Severity::Error,
            summary: "A further description takes the other DTLS role",
            what: "The party was DTLS client and says setup:passive, or was server and says setup:active, while its association goes on: \
                same certificate, same ICE credentials.",
            why: "Roles belong to an association. Chrome takes such an offer and then fails to set its own answer.",
            advice: "Offer setup:actpass; where a role is said, say the one of the round before.",
            source: "RFC 8842, section 5.5; libwebrtc, jsep_transport.cc (NegotiateDtlsRole)",
        },
        profiles: &[Profile::Webrtc],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Accepts),
        fix: None,
        invalid: &[
            Example::media("a=setup:«active»").beside(Text::PreviousOffer, "a=setup:passive"),
            Example::media("a=setup:«passive»\na=ice-ufrag:Old1\na=ice-pwd:acml/YzichV2+XlhiMu8g3F9")
                .as_role(Role::Answer)
                .beside(Text::PreviousAnswer, "a=setup:active\na=ice-ufrag:Old1\na=ice-pwd:acml/YzichV2+XlhiMu8g3F9"),
        ],
        valid: &[
            Example::media("a=setup:actpass").beside(Text::PreviousOffer, "a=setup:passive"),
            Example::media("a=setup:active").beside(Text::PreviousOffer, "a=setup:active"),
        ],
        check: Check::Rounds(role_flip),
    },
];

fn value(line: &Line<'_>) -> Span {
    line.words().next().map_or(line.span(), |word| word.span)
}

fn partial_restart(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    let Some(turn) = rounds.offerer() else { return };
    let (before, now) = (InForce::new(turn.before), InForce::new(turn.now));
    let mut restarted = None;
    let mut kept = None;
    for line in turn.kept() {
        let Some(index) = line.now.index() else { continue };
        match now.of(index).restarts(&before.of(index)) {
            Some(true) => restarted = restarted.or(Some(line.now)),
            Some(false) => kept = kept.or(Some(line.now)),
            None => {}
        }
    }
    let (Some(restarted), Some(kept)) = (restarted, kept) else { return };
    let ufrag = restarted.index().and_then(|index| now.of(index).ufrag());
    let Some((line, _)) = ufrag else { return };
    let message = format!("{} has new ICE credentials, {} has those of before", restarted.name(), kept.name());
    found.at_text(turn.now_text, value(line), message).label(turn.now_text, kept.head(), "this one does not restart");
}

fn restart_unasked(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    let (Some(offerer), Some(answerer)) = (rounds.offerer(), rounds.answerer()) else { return };
    let all = [offerer.before, offerer.now, answerer.before, answerer.now].map(InForce::new);
    let [offered_before, offered, answered_before, answered] = &all;
    for kept in answerer.kept() {
        let Some(index) = kept.now.index() else { continue };
        let asked = offered.of(index).restarts(&offered_before.of(index));
        let done = answered.of(index).restarts(&answered_before.of(index));
        let Some((line, _)) = answered.of(index).ufrag().filter(|_| asked == Some(false) && done == Some(true)) else {
            continue;
        };
        let message = format!("{} has new ICE credentials, and its offer has those of before", kept.now.name());
        let finding = found.at_text(answerer.now_text, value(line), message);
        if let Some((old, _)) = answered_before.of(index).ufrag() {
            finding.label(answerer.before_text, value(old), "before");
        }
        // One cause, told once: m-lines restart together.
        return;
    }
}

/// The first m-line that goes on of which `is_fault` says so, with its transport before and now.
fn first<'t, 'd, 'a>(
    turn: &Turn<'_, 'd, 'a>,
    before: &'t InForce<'d, 'a>,
    now: &'t InForce<'d, 'a>,
    mut is_fault: impl FnMut(&TransportInForce<'t, 'd, 'a>, &TransportInForce<'t, 'd, 'a>, usize) -> bool,
) -> Option<(TransportInForce<'t, 'd, 'a>, TransportInForce<'t, 'd, 'a>)> {
    turn.kept().filter_map(|kept| kept.now.index()).find_map(|index| {
        let (old, new) = (before.of(index), now.of(index));
        is_fault(&old, &new, index).then_some((old, new))
    })
}

fn certificate_changed(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for turn in rounds.turns() {
        let (before, now) = (InForce::new(turn.before), InForce::new(turn.now));
        let changed = first(&turn, &before, &now, |old, new, _| {
            new.has_new_certificate(old) == Some(true) && new.restarts(old) == Some(false)
        });
        let Some((old, new)) = changed else { continue };
        let (Some(old), Some(new)) = (old.fingerprint_line(), new.fingerprint_line()) else { continue };
        found
            .at_text(
                turn.now_text,
                new.span(),
                "the certificate is another one, the ICE credentials are those of before",
            )
            .label(turn.before_text, old.span(), "before");
    }
}

/// The role that a party had: what it said, else the opposite of what the other one said.
fn role(own: &TransportInForce<'_, '_, '_>, partner: Option<&TransportInForce<'_, '_, '_>>) -> Option<Setup> {
    let said = |transport: &TransportInForce<'_, '_, '_>| transport.setup().map(|(_, setup)| setup);
    match said(own)? {
        setup @ (Setup::Active | Setup::Passive) => Some(setup),
        _ => match said(partner?)? {
            Setup::Active => Some(Setup::Passive),
            Setup::Passive => Some(Setup::Active),
            _ => None,
        },
    }
}

fn role_flip(rounds: &Rounds<'_, '_, '_>, found: &mut Findings) {
    for turn in rounds.turns() {
        let (before, now) = (InForce::new(turn.before), InForce::new(turn.now));
        let partner = turn.partner.map(InForce::new);
        let flips = |old: &TransportInForce<'_, '_, '_>, new: &TransportInForce<'_, '_, '_>, index: usize| {
            let was = role(old, partner.as_ref().map(|partner| partner.of(index)).as_ref());
            let is = new.setup().map(|(_, setup)| setup);
            let other = matches!(
                (was, is),
                (Some(Setup::Active), Some(Setup::Passive)) | (Some(Setup::Passive), Some(Setup::Active))
            );
            other && new.keeps_association(old)
        };
        let Some((old, new)) = first(&turn, &before, &now, flips) else { continue };
        let Some((line, setup)) = new.setup() else { continue };
        let was = if setup == Setup::Active { "server" } else { "client" };
        let finding = found.at_text(
            turn.now_text,
            value(line),
            format!("setup:{} from a party that is DTLS {was}", setup.name()),
        );
        if let Some((line, _)) = old.setup() {
            finding.label(turn.before_text, value(line), "what it said before");
        }
    }
}
