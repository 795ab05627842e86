//! What the network did to STUN requests.

use super::Row;
use super::turn_server::looks_like_a_server;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::grouping::group;
use crate::diagnose::name::{self, PAIR, SERVER};
use crate::diagnose::outcome::Outcome;
use crate::diagnose::wording::{count, was};
use crate::finding::{Finding, Rule, Severity};
use crate::path::Endpoint;
use crate::session::{IcmpHit, StrayResponse};

pub(super) static RULES: &[Row] = &[(&RESPONSE_ELSEWHERE, response_elsewhere), (&ICMP_UNREACHABLE, icmp_unreachable)];

static RESPONSE_ELSEWHERE: Rule = Rule {
    name: "stun-response-elsewhere",
    severity: Severity::Warning,
    summary: "A response came from another address than its request went to",
    what: "The transaction ID of a response matches a request that went to another address or port. RFC 5780 servers do this on \
        request, which is not counted here.",
    why: "ICE must treat such a check as failed, because the path is not symmetric; clients drop such answers from a server. The pair \
        or the server then counts as silent although it answers.",
    advice: "Look for what rewrites the source: a server with several addresses that answers from the wrong one (bind it to one \
        address), asymmetric NAT or routing, a load balancer that is not transparent on the way back.",
    source: "RFC 8445, section 7.2.5.2.1; RFC 8489, section 6.3.1",
};

fn response_elsewhere(case: &Case<'_>) -> Vec<Finding> {
    let strays = case.sessions().stray_responses().iter();
    let strays = strays.map(|stray| ((stray.request.source.address, stray.request.destination, stray.from), stray));
    group(strays).iter().filter_map(|(_, group)| elsewhere(case, group)).collect()
}

fn elsewhere(case: &Case<'_>, group: &[&StrayResponse]) -> Option<Finding> {
    let first = group.first()?;
    let total = group.len() as u64;
    let message = format!(
        "{} from {} to {} {} answered from {} instead",
        count(total, &format!("{} request", first.method)),
        first.request.source,
        first.request.destination,
        was(total),
        first.from
    );
    let finding = resting(Finding::new(&RESPONSE_ELSEWHERE, message), group.iter().map(|stray| Some(stray.moment)));
    let failed = match first.pair.and_then(|(session, _)| case.outcome(session)) {
        // That requests and answers take different ways past the capture is told of the session.
        Some(Outcome::Apart) => return None,
        outcome => outcome == Some(Outcome::Failed),
    };
    let severity = if failed { Severity::Error } else { Severity::Warning };
    Some(about(finding.with_severity(severity), first.pair, first.request.destination))
}

/// About the pair where there is one, else about the server.
fn about(finding: Finding, pair: Option<(usize, usize)>, server: Endpoint) -> Finding {
    match pair {
        Some((session, pair)) => finding.about(PAIR, name::pair_id(session, pair)),
        None => finding.about(SERVER, server.to_string()),
    }
}

static ICMP_UNREACHABLE: Rule = Rule {
    name: "stun-icmp-unreachable",
    severity: Severity::Error,
    summary: "An ICMP error came back for STUN requests",
    what: "A host or router answered a STUN request with an ICMP error that quotes it: the port, host or network cannot be reached, or a \
        firewall says that it refuses.",
    why: "Port unreachable from a STUN or TURN server means that no server runs there: there will be no candidates from it. On a \
        candidate pair it ends that check at once; after a call it only means that the other side has closed its socket.",
    advice: "For a server: check its address, port and transport, and that it runs. Administratively prohibited: ask who runs the firewall, or \
        use TURN over TLS on port 443. For a pair: nothing, if another pair works.",
    source: "RFC 8489, section 6.2.1; RFC 8445, section 7.2.5.2.2; RFC 1122, section 3.2.2.1",
};

fn icmp_unreachable(case: &Case<'_>) -> Vec<Finding> {
    let hits = case.sessions().icmp_errors().iter().map(|hit| ((hit.request.destination, hit.meaning), hit));
    group(hits).iter().filter_map(|(_, group)| unreachable(case, group)).collect()
}

fn unreachable(case: &Case<'_>, group: &[&IcmpHit]) -> Option<Finding> {
    let first = group.first()?;
    let outcome = first.pair.and_then(|(session, _)| case.outcome(session));
    // Where the session failed or was lost, that finding tells of the ICMP error.
    if matches!(outcome, Some(Outcome::Failed | Outcome::Lost { .. } | Outcome::Disconnected { .. })) {
        return None;
    }
    let (severity, what) = match outcome {
        Some(_) => (Severity::Info, "check"),
        None => (of_server(case, first.request.destination), "request"),
    };
    let message = format!(
        "{}: {} from {} to {} came back with an ICMP error",
        first.meaning,
        count(group.len() as u64, what),
        first.request.source.address,
        first.request.destination
    );
    let moments = group.iter().map(|hit| Some(hit.moment));
    let finding = resting(Finding::new(&ICMP_UNREACHABLE, message), moments).with_severity(severity);
    Some(about(finding, first.pair, first.request.destination))
}

/// How much an unreachable server matters: less where another one makes the call possible, little where it did answer before or
/// is no server by its port.
fn of_server(case: &Case<'_>, address: Endpoint) -> Severity {
    let mut servers = case.sessions().servers().iter().filter(|server| server.address == address);
    let silent_server = servers.any(|server| server.answered == 0 && looks_like_a_server(server));
    match (silent_server, case.anything_works()) {
        (false, _) => Severity::Info,
        (true, true) => Severity::Warning,
        (true, false) => Severity::Error,
    }
}
