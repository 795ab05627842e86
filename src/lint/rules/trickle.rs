//! Trickled candidates against the description that they are for.

use std::collections::BTreeSet;

use crate::finding::{Rule, Severity};
use crate::lint::example::Example;
use crate::lint::finding::{Findings, Text};
use crate::lint::in_force::InForce;
use crate::lint::pair::{Trickle, Trickled};
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::lint::trickle::{Aim, places};
use crate::sdp::TrickledCandidate;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-t-candidate-syntax",
            severity: Severity::Error,
            summary: "A trickled candidate makes no sense",
            what: "The line is not a candidate: a field is missing, or is not what belongs in its place.",
            why: "addIceCandidate() fails in Chrome; Firefox says nothing. The address is never tried.",
            advice: "Pass on the `candidate` member as the browser gave it. It often breaks where it is cut, joined or rewritten.",
            source: "RFC 8839, section 5.1; libwebrtc, webrtc_sdp.cc (ParseCandidate)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::whole("candidate:1 1 udp 2130706431 192.0.2.1 «port» typ host\r\n")
                .beside(Text::Description, "a=mid:0"),
            Example::whole("«candidate:1 1 sctp 2130706431 192.0.2.1 5000 typ host»\r\n")
                .beside(Text::Description, "a=mid:0"),
        ],
        valid: &[Example::whole("candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host\r\na=end-of-candidates\r\n")
            .beside(Text::Description, "a=mid:0")],
        check: Check::Trickle(syntax),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-t-candidate-unknown-mid",
            severity: Severity::Error,
            summary: "A trickled candidate is for a m-line that the description does not have",
            what: "The mid that the candidate came with, or without a mid its index, is that of no m-line. Where it has both the mid \
                counts.",
            why: "addIceCandidate() fails in Chrome and Firefox, and the address is never tried.",
            advice: "Send the `sdpMid` of the candidate unchanged, and only to the party that got the description which it was gathered \
                for.",
            source: "RFC 8840 (a=mid names the m-line of a candidate); libwebrtc, sdp_offer_answer.cc (FindContentInfo)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::Rejects).rfc(Verdict::Rejects),
        fix: None,
        invalid: &[Example::whole("a=mid:9\r\n«a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host»\r\n")
            .beside(Text::Description, "a=mid:0")],
        valid: &[Example::whole("a=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host\r\n")
            .beside(Text::Description, "a=mid:0")],
        check: Check::Trickle(unknown_mid),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-t-candidate-ufrag",
            severity: Severity::Warning,
            summary: "A trickled candidate is of another ICE session than the description",
            what: "The user fragment that the candidate came with, or that stands in its line, is not the one in force for its m-line.",
            why: "It was gathered before an ICE restart, or for another description. Firefox refuses it where it came as \
                `usernameFragment`; Chrome takes it without a word, and it does not help.",
            advice: "Let no candidate overtake its description, and drop late ones of the session before.",
            source: "W3C WebRTC, RTCPeerConnection.addIceCandidate; Firefox (\"Unknown ufrag\")",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Rejects),
        fix: None,
        invalid: &[
            Example::whole("«a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host generation 0 ufrag nope»\r\n")
                .beside(Text::Description, "a=ice-ufrag:F7gI"),
            Example::whole(
                "a=ice-ufrag:nope\r\na=mid:0\r\n«a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host»\r\n",
            )
            .beside(Text::Description, "a=ice-ufrag:F7gI"),
        ],
        valid: &[Example::whole("a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host generation 0 ufrag F7gI\r\n")
            .beside(Text::Description, "a=ice-ufrag:F7gI")],
        check: Check::Trickle(other_ufrag),
    },
];

fn syntax(trickle: &Trickle<'_, '_, '_>, found: &mut Findings) {
    for trickled in trickle.candidates {
        match &trickled.candidate {
            Err(error) => {
                found.at(error.span, error.to_string());
            }
            Ok(TrickledCandidate::Candidate(candidate)) if !is_transport(candidate.transport) => {
                let message = format!("no ICE agent knows the transport {}", candidate.transport);
                found.at(trickled.span, message);
            }
            Ok(_) => {}
        }
    }
}

/// Transports that candidates are made for: UDP and TCP, and the TCP with a false TLS handshake of old libwebrtc.
fn is_transport(name: &str) -> bool {
    ["udp", "tcp", "ssltcp"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn unknown_mid(trickle: &Trickle<'_, '_, '_>, found: &mut Findings) {
    let count = trickle.description.media.len();
    let places = places(trickle.description);
    for trickled in trickle.candidates {
        if trickled.aim(&places, count) != Aim::Unknown {
            continue;
        }
        let message = match (trickled.mid.filter(|mid| !mid.is_empty()), trickled.index) {
            (None, Some(index)) => format!("the description has {count} m-lines, none with index {index}"),
            (mid, _) => format!("no m-line of the description has the mid {}", mid.unwrap_or_default()),
        };
        found.at(trickled.span, message);
    }
}

fn other_ufrag(trickle: &Trickle<'_, '_, '_>, found: &mut Findings) {
    let context = trickle.description;
    let places = places(context);
    let transports = InForce::new(context);
    let known: Vec<Option<&str>> =
        (0..context.media.len()).map(|index| transports.of(index).ufrag().map(|(_, ufrag)| ufrag)).collect();
    let all: BTreeSet<&str> = known.iter().copied().flatten().collect();
    for trickled in trickle.candidates {
        let Some(own) = ufrag(trickled) else { continue };
        let (fits, current) = match trickled.aim(&places, known.len()) {
            Aim::At(index) => {
                let Some(current) = known.get(index).copied().flatten() else { continue };
                (current == own, Some(current))
            }
            Aim::Nowhere => (all.is_empty() || all.contains(own), None),
            // That there is no such m-line says it all.
            Aim::Unknown => continue,
        };
        if fits {
            continue;
        }
        let message = match current {
            Some(current) => format!("the candidate is of the ICE session {own}, its m-line of {current}"),
            None => format!("the candidate is of the ICE session {own}, no m-line is"),
        };
        let finding = found.at(trickled.span, message);
        if trickled.username_fragment.is_none() {
            // Firefox looks at the member only.
            finding.verdicts(Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::Accepts));
        }
    }
}

/// The user fragment that a candidate came with, else the one in its line.
fn ufrag<'t>(trickled: &Trickled<'t>) -> Option<&'t str> {
    let line = || match trickled.candidate {
        Ok(TrickledCandidate::Candidate(candidate)) => candidate.ufrag(),
        _ => None,
    };
    trickled.username_fragment.or_else(line)
}
