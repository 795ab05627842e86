//! Whether a session came about at all, and whether it took another one's place.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, SESSION};
use crate::diagnose::outcome::{Outcome, ends};
use crate::diagnose::wording::{count, duration, list};
use crate::finding::{Finding, Rule, Severity};
use crate::session::ice::{End, Failure, Session};
use crate::wire::stun::{Method, error_name};

pub(super) static RULES: &[Row] = &[(&CHECKS_UNANSWERED, checks_unanswered), (&FAILED, failed), (&RESTART, restart)];

/// Ways and reasons that a sentence can bear.
const LISTED: usize = 3;

static CHECKS_UNANSWERED: Rule = Rule {
    name: "ice-checks-unanswered",
    severity: Severity::Error,
    summary: "No connectivity check of the session was ever answered",
    what: "The agents sent connectivity checks (STUN Binding requests) and not one of them was answered, neither with success nor \
        with an error. libwebrtc gives up after 15 seconds and reports the connection as failed.",
    why: "Without an answered check no candidate pair becomes valid, so neither DTLS nor media can start: the call never connects. \
        Silence is what a firewall that drops UDP looks like, and also a wrong user fragment, because an agent that does not know \
        the fragment does not answer at all.",
    advice: "See whether the checks arrive: capture at the other peer too. If they do not arrive, allow UDP between the peers or \
        offer a TURN server, over TCP or TLS on port 443 where UDP is blocked. If they arrive and nothing answers, compare the \
        ice-ufrag in the signalling with the USERNAME of the checks, and see whether the other peer got the candidates and the \
        description in time.",
    source: "RFC 8445, sections 6.1.4 and 7.2.5.2.1; RFC 8489, section 6.2.1",
};

fn checks_unanswered(case: &Case<'_>) -> Vec<Finding> {
    let silent =
        case.ice().filter(|(_, session, outcome)| *outcome == Outcome::Silent && !refused_by_relay(case, session));
    silent
        .map(|(place, session, _)| {
            let asking = |agent| asked(session, agent);
            let (first, last) = span(session);
            let [controlling, other] = session.order();
            let time = duration(last.since(first));
            let unseen = |agent| format!(", and no check of {} was seen", name::fragment(session, agent));
            let message = match (asking(controlling), asking(other)) {
                (Some(one), Some(two)) => format!("{one} and {two} over {time}; none was answered"),
                (Some(one), None) => format!("{one} over {time}; none was answered{}", unseen(other)),
                (None, Some(one)) => format!("{one} over {time}; none was answered{}", unseen(controlling)),
                (None, None) => "none of the checks was answered".to_owned(),
            };
            let moments = ends(session).flat_map(|(_, _, end)| [end.first_request, end.last_request]);
            resting(Finding::new(&CHECKS_UNANSWERED, message), moments).about(SESSION, name::session_id(place))
        })
        .collect()
}

/// What an agent sent: `4XqC (controlling) sent 240 checks 10.77.0.11:5000 → 10.77.0.12:6000`.
fn asked(session: &Session, agent: usize) -> Option<String> {
    let tried: Vec<(usize, &End)> = ends(session)
        .filter(|(_, of, end)| *of == agent && end.requests_sent > 0)
        .map(|(pair, _, end)| (pair, end))
        .collect();
    let checks = count(tried.iter().map(|(_, end)| end.requests_sent).sum(), "check");
    let who = name::agent(session, agent);
    match tried.as_slice() {
        [] => None,
        [(pair, _)] => {
            let way = session.pairs.get(*pair).map_or_else(String::new, |pair| name::way(pair, agent));
            Some(format!("{who} sent {checks} {way}"))
        }
        several => Some(format!("{who} sent {checks} on {} pairs", several.len())),
    }
}

/// The first and the last check of a session.
fn span(session: &Session) -> (crate::moment::Timestamp, crate::moment::Timestamp) {
    let last = ends(session).filter_map(|(_, _, end)| end.last_request).map(|moment| moment.time).max();
    (session.first.time, last.unwrap_or(session.first.time))
}

/// Whether everything that was tried went through relays that refused the peer: then that is the finding.
fn refused_by_relay(case: &Case<'_>, session: &Session) -> bool {
    ends(session).filter(|(_, _, end)| end.requests_sent > 0).all(|(_, _, end)| {
        case.allocation_of(end).is_some_and(|allocation| {
            allocation.permissions.is_empty()
                && allocation.errors.iter().any(|error| {
                    error.code == 403 && matches!(error.method, Method::CREATE_PERMISSION | Method::CHANNEL_BIND)
                })
        })
    })
}

static FAILED: Rule = Rule {
    name: "ice-failed",
    severity: Severity::Error,
    summary: "No candidate pair of the session succeeded",
    what: "Checks were sent and something came back (an error response, an ICMP error, an answer from the wrong address), but no \
        check was answered with success, so the session has no valid pair.",
    why: "Without a valid pair there is no path for DTLS and media: the call never connects.",
    advice: "Read the reason given for each pair. Port unreachable: the other peer has no socket there any more. Administratively \
        prohibited: a firewall refuses on purpose, offer TURN. 400 or 420: the other peer does not understand the checks. \
        487 without end: see ice-role-conflict.",
    source: "RFC 8445, sections 7.2.5.2 and 8.1.2",
};

fn failed(case: &Case<'_>) -> Vec<Finding> {
    let failed = case.ice().filter(|(_, session, outcome)| *outcome == Outcome::Failed && !astray(session));
    failed
        .map(|(place, session, _)| {
            let tried = ends(session).filter(|(_, _, end)| end.requests_sent > 0);
            let reasons: Vec<String> = tried
                .clone()
                .filter_map(|(pair, agent, end)| {
                    let way = name::way(session.pairs.get(pair)?, agent);
                    Some(format!("{way}: {}", reason(case, (place, pair), end)))
                })
                .collect();
            let message = format!(
                "{}: no pair succeeded in {} ({})",
                name::agents(session),
                duration(session.last.time.since(session.first.time)),
                list(&reasons, LISTED)
            );
            let moments = tried.flat_map(|(_, _, end)| [end.first_request, end.last_request]);
            resting(Finding::new(&FAILED, message), moments).about(SESSION, name::session_id(place))
        })
        .collect()
}

/// Whether every check was answered, each from the wrong address: then that is the finding.
fn astray(session: &Session) -> bool {
    let mut tried = ends(session).filter(|(_, _, end)| end.requests_sent > 0);
    tried.all(|(_, _, end)| end.failure == Some(Failure::NonSymmetric))
}

/// Why an end got nowhere.
fn reason(case: &Case<'_>, at: (usize, usize), end: &End) -> String {
    if let Some((code, times)) = end.errors.iter().max_by_key(|(_, times)| **times) {
        let named = error_name(*code).map_or_else(String::new, |name| format!(" {name}"));
        return format!("{} answered with {code}{named}", count(*times, "check"));
    }
    match end.failure {
        Some(Failure::Icmp) => {
            let hit = case.sessions().icmp_errors().iter().find(|hit| hit.pair == Some(at));
            hit.map_or_else(|| "an ICMP error".to_owned(), |hit| format!("{} (ICMP)", hit.meaning))
        }
        Some(Failure::NonSymmetric) => "answered from another address".to_owned(),
        _ => format!("{} unanswered", count(end.requests_sent, "check")),
    }
}

static RESTART: Rule = Rule {
    name: "ice-restart",
    severity: Severity::Info,
    summary: "The session restarted an earlier one",
    what: "New user fragments and passwords appeared between the same two agents while their earlier session was in use: an ICE \
        restart. Candidates are gathered and checked anew; DTLS and media go on.",
    why: "Applications restart ICE when a network changes or a connection is lost. One restart is ordinary; several in a row mean \
        that something keeps breaking the path.",
    advice: "If the restart was not asked for, see what happened to the earlier session just before: lost consent, an interface \
        that went away, a NAT that forgot its binding.",
    source: "RFC 8445, section 9; RFC 8839, section 4.4.1.1.1",
};

fn restart(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, _)| {
            let old = session.restart_of?;
            let before = case.sessions().ice().get(old)?;
            let age = before.connected_at().map_or_else(String::new, |connected| {
                format!(", {} after that had connected", duration(session.first.time.since(connected.time)))
            });
            let message = format!(
                "{} took the place of {} ({}){age}",
                name::agents(session),
                name::session_id(old),
                name::agents(before)
            );
            let moments = [Some(session.first), session.connected_at()];
            Some(resting(Finding::new(&RESTART, message), moments).about(SESSION, name::session_id(place)))
        })
        .collect()
}
