//! Servers that do not answer.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, ALLOCATION, SERVER};
use crate::diagnose::wording::{count, was};
use crate::finding::{Finding, Rule, Severity};
use crate::path::Transport;
use crate::session::turn::{Allocation, AllocationState, Server};

pub(super) static RULES: &[Row] =
    &[(&TURN_SERVER_SILENT, turn_server_silent), (&STUN_SERVER_SILENT, stun_server_silent)];

/// How long a server is given: libwebrtc has sent a request four times by then, and a far relay answers within one second.
const PATIENCE: Duration = Duration::from_secs(3);

static TURN_SERVER_SILENT: Rule = Rule {
    name: "turn-server-silent",
    severity: Severity::Error,
    summary: "A TURN server does not answer",
    what: "Requests for an allocation went to a server and none was answered. The finding is a warning where another server, or the same \
        one over another transport, made a call possible all the same.",
    why: "Without an answer there is no relayed candidate. Where the peers cannot reach each other directly the call fails, and until \
        the requests time out (up to 40 seconds) gathering may not end.",
    advice: "Check address, port and transport of the TURN URL and that the server runs. If other servers answer over UDP the \
        network is fine; if nothing over UDP is answered it is blocked: offer the same server over TCP and over TLS on port 443.",
    source: "RFC 8489, section 6.2.1; RFC 8656, section 7",
};

fn turn_server_silent(case: &Case<'_>) -> Vec<Finding> {
    let servers = case.sessions().servers().iter().filter(|server| server.relays && silent(case, server));
    let whole = servers.map(|server| of_server(case, &TURN_SERVER_SILENT, server));
    whole.chain(case.allocations().filter_map(|(place, allocation)| of_client(case, place, allocation))).collect()
}

/// A client that gets no answer from a server that answers others.
fn of_client(case: &Case<'_>, place: usize, allocation: &Allocation) -> Option<Finding> {
    let waited = case.now().since(allocation.first.time);
    let unanswered = allocation.state == AllocationState::Allocating && allocation.answered.is_none();
    if !unanswered || waited < PATIENCE {
        return None;
    }
    let of = |server: &&Server| server.address == allocation.server && server.transport == allocation.transport;
    let server = case.sessions().servers().iter().find(of)?;
    if server.answered == 0 || hit(case, server) || astray(case, server) {
        return None;
    }
    let severity = if case.serves(allocation.client.address) { Severity::Warning } else { Severity::Error };
    let message = format!(
        "{} from {} to {} {} never answered, though the server answers others",
        count(allocation.requests, "Allocate request"),
        allocation.client,
        allocation.server,
        was(allocation.requests)
    );
    let finding = resting(Finding::new(&TURN_SERVER_SILENT, message), [Some(allocation.first), Some(allocation.last)]);
    Some(finding.with_severity(severity).about(ALLOCATION, name::allocation_id(place)))
}

static STUN_SERVER_SILENT: Rule = Rule {
    name: "stun-server-silent",
    severity: Severity::Warning,
    summary: "A STUN server does not answer",
    what: "Binding requests went to a server and none was answered, so that the client did not learn its mapped address there.",
    why: "Behind a NAT there is then no server-reflexive candidate, and calls that could go directly go through a relay or fail. \
        Gathering may wait for the server until its requests time out.",
    advice: "Check address and port of the STUN URL; try another server. If no server answers over UDP it is blocked, and TURN over TCP \
        or TLS is what remains.",
    source: "RFC 8489, section 6.2.1; RFC 8445, section 5.1.1.2",
};

fn stun_server_silent(case: &Case<'_>) -> Vec<Finding> {
    let servers = case.sessions().servers().iter().filter(|server| !server.relays && silent(case, server));
    let told = |server: &Server| {
        let finding = of_server(case, &STUN_SERVER_SILENT, server);
        if looks_like_a_server(server) { finding } else { finding.with_severity(Severity::Info) }
    };
    servers.map(told).collect()
}

/// Ports of STUN and TURN servers: those of the registry and of RFC 5780, 19302 and up of the best known public ones, and those that
/// firewalls let through.
const SERVER_PORTS: [std::ops::RangeInclusive<u16>; 6] =
    [3478..=3481, 5349..=5350, 19302..=19309, 443..=443, 80..=80, 53..=53];

/// Whether something that is sent Binding requests without a user name is a server: applications ping each other like that, too.
pub(super) fn looks_like_a_server(server: &Server) -> bool {
    server.relays || SERVER_PORTS.iter().any(|ports| ports.contains(&server.address.port))
}

fn of_server(case: &Case<'_>, rule: &'static Rule, server: &Server) -> Finding {
    let severity = if case.anything_works() { Severity::Warning } else { rule.severity };
    let over = if server.transport == Transport::Tcp { " over TCP" } else { "" };
    let answers = |other: &&Server| other.address == server.address && other.answered > 0;
    let otherwise = case.sessions().servers().iter().find(answers).map_or_else(String::new, |other| {
        format!("; over {} the same server answers", if other.transport == Transport::Tcp { "TCP" } else { "UDP" })
    });
    let message = format!(
        "{} to {}{over} {} never answered, the first from {} at {}{otherwise}",
        count(server.requests, "request"),
        server.address,
        was(server.requests),
        server.client,
        case.at(server.first)
    );
    resting(Finding::new(rule, message), [Some(server.first), Some(server.last)])
        .with_severity(severity)
        .about(SERVER, server.address.to_string())
}

/// Whether a server answered nothing, had the time to, and no other finding tells why.
fn silent(case: &Case<'_>, server: &Server) -> bool {
    server.requests > 0
        && server.answered == 0
        && case.now().since(server.first.time) >= PATIENCE
        && !hit(case, server)
        && !astray(case, server)
        && !evidently_answers(case, server)
}

/// Whether an ICMP error says why the server is silent.
fn hit(case: &Case<'_>, server: &Server) -> bool {
    case.sessions().icmp_errors().iter().any(|hit| hit.request.destination == server.address)
}

/// Whether the server answered from somewhere else.
fn astray(case: &Case<'_>, server: &Server) -> bool {
    case.sessions().stray_responses().iter().any(|stray| stray.request.destination == server.address)
}

/// Whether only the requests are in the capture: data through the server shows that it answers.
fn evidently_answers(case: &Case<'_>, server: &Server) -> bool {
    case.answers_without_requests()
        || case.allocations().any(|(_, allocation)| {
            allocation.server == server.address
                && allocation.transport == server.transport
                && (allocation.created.is_some() || allocation.carried() > 0)
        })
}
