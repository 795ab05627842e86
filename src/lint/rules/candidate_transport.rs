//! Candidates: the transport, and how a TCP connection is opened.

use crate::finding::{Applicability, Rule, Severity};
use crate::lint::context::{At, Context};
use crate::lint::example::Example;
use crate::lint::finding::Findings;
use crate::lint::rule::{Check, SdpRule};
use crate::lint::target::{Verdict, Verdicts};
use crate::sdp::{Candidate, TcpType};
use crate::text::{Edit, Span};

/// The port of a candidate that only opens connections (RFC 6544, section 4.5): the discard service.
const DISCARD: u16 = 9;

pub(super) static RULES: &[SdpRule] = &[
    SdpRule {
        rule: Rule {
            name: "sdp-cand-transport-unknown",
            severity: Severity::Error,
            summary: "The transport of a candidate is neither UDP nor TCP",
            what: "ICE runs over UDP and, by RFC 6544, over TCP. `ssltcp` is TCP behind a greeting that looks like TLS, of libwebrtc \
                alone.",
            why: "libwebrtc refuses a description that names another transport; `tls` it takes only with extensions of its own.",
            advice: "Leave the candidate out.",
            source: "RFC 8839, section 5.1; RFC 6544, section 4.5; libwebrtc, webrtc_sdp.cc (ParseCandidate)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).firefox(Verdict::IgnoresSilently).rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("a=candidate:1 1 «sctp» 2130706431 203.0.113.7 5000 typ host")],
        valid: &[Example::media("a=candidate:1 1 UDP 2130706431 203.0.113.7 5000 typ host")],
        check: Check::Description(unknown),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-tcptype-missing",
            severity: Severity::Warning,
            summary: "A TCP candidate does not say who opens the connection",
            what: "A candidate over TCP says `tcptype active`, `passive` or `so`.",
            why: "Chrome takes it for a passive one and says nothing; an agent that takes it for an active one never connects.",
            advice: "Add the tcptype. Servers that listen are `passive`.",
            source: "RFC 6544, section 4.5; libwebrtc, webrtc_sdp.cc (ParseCandidate)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[Example::media("«a=candidate:1 1 tcp 1518280447 203.0.113.7 443 typ host»")],
        valid: &[Example::media("a=candidate:1 1 tcp 1518280447 203.0.113.7 443 typ host tcptype passive")],
        check: Check::Description(no_tcptype),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-tcptype-invalid",
            severity: Severity::Error,
            summary: "A candidate has a tcptype that it cannot have",
            what: "A candidate over TCP is `active`, `passive` or `so`; one over UDP has no tcptype.",
            why: "Chrome refuses the description.",
            advice: "Write one of the three words, in lower case, and only with TCP.",
            source: "RFC 6544, section 4.5; libwebrtc, webrtc_sdp.cc (ParseCandidate)",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::Rejects).rfc(Verdict::IgnoresSilently),
        fix: None,
        invalid: &[
            Example::media("a=candidate:1 1 tcp 1518280447 203.0.113.7 443 typ host tcptype «foo»"),
            Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host tcptype «passive»"),
        ],
        valid: &[Example::media("a=candidate:1 1 tcp 1518280447 203.0.113.7 443 typ host tcptype so")],
        check: Check::Description(bad_tcptype),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-tcp-active-port",
            severity: Severity::Warning,
            summary: "An active TCP candidate names a port",
            what: "An active candidate only opens connections, from a port that nobody can know before. It says port 9.",
            why: "Readers must not use the port, so that it only misleads people.",
            advice: "Write 9.",
            source: "RFC 6544, section 4.5",
        },
        profiles: &[],
        verdicts: Verdicts::ACCEPTED,
        fix: Some(Applicability::Safe),
        invalid: &[Example::media("a=candidate:1 1 tcp 1518280447 203.0.113.7 «5000» typ host tcptype active")],
        valid: &[Example::media("a=candidate:1 1 tcp 1518280447 203.0.113.7 9 typ host tcptype active")],
        check: Check::Description(active_port),
    },
    SdpRule {
        rule: Rule {
            name: "sdp-cand-port-zero",
            severity: Severity::Warning,
            summary: "The port of a candidate is 0",
            what: "A candidate is reached at its port, and nothing is at port 0.",
            why: "Chrome keeps the line and nobody can use it; no browser says anything.",
            advice: "Write the port of the socket; of an active TCP candidate, 9.",
            source: "RFC 8839, section 5.1",
        },
        profiles: &[],
        verdicts: Verdicts::libwebrtc(Verdict::IgnoresSilently).firefox(Verdict::NotKnown),
        fix: None,
        invalid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 «0» typ host")],
        valid: &[Example::media("a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host")],
        check: Check::Description(no_port),
    },
];

fn candidates<'c, 'd, 'a>(
    context: &'c Context<'d, 'a>,
) -> impl Iterator<Item = &'c At<'d, 'a, Candidate<'a>>> + use<'c, 'd, 'a> {
    context.parts().flat_map(|part| &part.candidates)
}

fn is(candidate: &Candidate<'_>, transport: &str) -> bool {
    candidate.transport.eq_ignore_ascii_case(transport)
}

fn unknown(context: &Context<'_, '_>, found: &mut Findings) {
    for At { value: candidate, .. } in candidates(context).filter(|at| !is(&at.value, "udp") && !is(&at.value, "tcp")) {
        let transport = candidate.transport;
        let finding =
            found.at(context.span(transport), format!("`{transport}` is no transport of ICE; those are UDP and TCP"));
        if is(candidate, "ssltcp") {
            let verdicts = Verdicts::libwebrtc(Verdict::Accepts).firefox(Verdict::IgnoresSilently);
            finding.severity(Severity::Warning).verdicts(verdicts.rfc(Verdict::IgnoresSilently));
        }
    }
}

fn no_tcptype(context: &Context<'_, '_>, found: &mut Findings) {
    for At { line, value } in candidates(context).filter(|at| is(&at.value, "tcp")) {
        if value.extensions.value("tcptype").is_none() {
            found.at(line.span(), format!("this candidate for {} over TCP has no `tcptype`", value.address));
        }
    }
}

fn bad_tcptype(context: &Context<'_, '_>, found: &mut Findings) {
    for At { value: candidate, .. } in candidates(context) {
        let Some(tcptype) = candidate.extensions.value("tcptype") else { continue };
        if is(candidate, "udp") {
            found.at(context.span(tcptype), "a candidate over UDP has no `tcptype`");
        } else if TcpType::from_name(tcptype).is_none() {
            let message = format!("`{tcptype}` is no tcptype; those are active, passive and so");
            found.at(context.span(tcptype), message);
        }
    }
}

fn active_port(context: &Context<'_, '_>, found: &mut Findings) {
    for At { line, value } in candidates(context) {
        if !is(value, "tcp") || value.tcp_type() != Some(TcpType::Active) || value.port == DISCARD {
            continue;
        }
        let span = line.words().nth(5).map_or(line.span(), |word| word.span);
        let message = format!("an active candidate has port {DISCARD}, not {}", value.port);
        replace_port(found, span, message);
    }
}

fn no_port(context: &Context<'_, '_>, found: &mut Findings) {
    for At { line, value } in candidates(context).filter(|at| at.value.port == 0) {
        // Of an active one the port means nothing, which is said by another rule.
        if value.tcp_type() != Some(TcpType::Active) {
            let span = line.words().nth(5).map_or(line.span(), |word| word.span);
            found.at(span, format!("{} port 0 cannot be reached", value.address));
        }
    }
}

fn replace_port(found: &mut Findings, span: Span, message: String) {
    let edit = Edit::replace(span, DISCARD.to_string());
    found.at(span, message).fix(format!("write port {DISCARD}"), vec![edit]);
}
