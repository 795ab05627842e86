//! The passwords of ICE.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, SESSION};
use crate::diagnose::outcome::{Outcome, ends};
use crate::diagnose::wording::{count, was};
use crate::finding::{Finding, Rule, Severity};
use crate::session::Generation;
use crate::session::ice::{Outcome as Answer, Session};

pub(super) static RULES: &[Row] = &[(&WRONG_PASSWORD, wrong_password), (&INTEGRITY_INVALID, integrity_invalid)];

static WRONG_PASSWORD: Rule = Rule {
    name: "ice-wrong-password",
    severity: Severity::Error,
    summary: "Checks were refused with 401: their sender uses a wrong ice-pwd",
    what: "One agent answers the other's checks with 401 (Unauthenticated). A check is signed with the password of the agent that \
        receives it; 401 means that this agent knows the user fragment and could not verify the signature.",
    why: "The agent whose checks are refused never gets a valid pair. The other one may well report that it is connected, since \
        its own checks are signed with the other password: one side shows a connected call, the other fails.",
    advice: "Compare the ice-pwd that the refusing agent put into its description with the one that arrived at the other side. \
        Usual causes: the description was changed or mixed up on its way, an old description was used after an ICE restart, or the \
        attribute stands at the session in one and at the m-line in another.",
    source: "RFC 8445, sections 7.2.2 and 7.3.1; RFC 8489, section 9.1.3",
};

fn wrong_password(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, outcome)| {
            let Outcome::WrongPassword { agent } = outcome else { return None };
            let other = 1 - agent;
            let mine = || ends(session).filter(|(_, of, _)| *of == agent).map(|(_, _, end)| end);
            let sent: u64 = mine().map(|end| end.requests_sent).sum();
            let refused: u64 = mine().filter_map(|end| end.errors.get(&401)).sum();
            let believes = if session.connected.get(other).is_some_and(Option::is_some) {
                format!("; {} has a pair that works and may call itself connected", name::fragment(session, other))
            } else {
                String::new()
            };
            let altered = altered(case, session, other);
            let message = format!(
                "{} sent {} and {} answered {refused} of them with 401: what {} takes for the ice-pwd of {} is not it{altered}{believes}",
                name::agent(session, agent),
                count(sent, "check"),
                name::fragment(session, other),
                name::fragment(session, agent),
                name::fragment(session, other),
            );
            let finding = resting(Finding::new(&WRONG_PASSWORD, message), refusals(session, agent));
            Some(finding.about(SESSION, name::session_id(place)))
        })
        .collect()
}

/// What the signalling tells of the password of `agent`.
fn altered(case: &Case<'_>, session: &Session, agent: usize) -> &'static str {
    let generation = session.agents.get(agent).and_then(|agent| case.sessions().signaled().generation(&agent.ufrag));
    match generation.map(Generation::passwords) {
        Some(2..) => "; several were signalled for it: the description was changed on its way",
        _ => "",
    }
}

/// The first checks that were refused and their answers.
fn refusals(session: &Session, agent: usize) -> impl Iterator<Item = Option<crate::moment::Moment>> {
    let refused = session.checks.iter().filter(move |check| check.from == agent && check.outcome == Answer::Error(401));
    refused.take(2).flat_map(|check| [Some(check.moment), check.response])
}

static INTEGRITY_INVALID: Rule = Rule {
    name: "ice-integrity-invalid",
    severity: Severity::Warning,
    summary: "Checks or answers do not verify with the ICE password that was signalled or given",
    what: "MESSAGE-INTEGRITY of checks or of their answers was verified with the passwords that were signalled for the user fragment or \
        given by the user (--ice-pwd or --credentials), and none fits, although the agents do not refuse each other's messages.",
    why: "The credentials of the checks are not those of the description: the password given is not the one of this user fragment, the \
        description that was captured is not the one that was applied, or messages were changed between sender and capture.",
    advice: "Take the password from the description that announced this user fragment (a=ice-pwd beside a=ice-ufrag); after a \
        restart both are new. Where it was signalled see whether the agents used another description than the capture holds.",
    source: "RFC 8489, section 14.5; RFC 8445, section 7.2.2",
};

fn integrity_invalid(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter(|(_, session, outcome)| {
            session.integrity.invalid > 0 && !matches!(outcome, Outcome::WrongPassword { .. })
        })
        .map(|(place, session, _)| {
            let invalid = session.integrity.invalid;
            let message = format!(
                "{} of {} {} not signed with the password {}",
                count(invalid, "message"),
                name::agents(session),
                was(invalid),
                if signaled(case, session) { "signalled or given" } else { "given" }
            );
            resting(Finding::new(&INTEGRITY_INVALID, message), [Some(session.first)])
                .about(SESSION, name::session_id(place))
        })
        .collect()
}

/// Whether a password was signalled for either agent.
fn signaled(case: &Case<'_>, session: &Session) -> bool {
    let generations = session.agents.iter().filter_map(|agent| case.sessions().signaled().generation(&agent.ufrag));
    generations.into_iter().any(|generation| generation.passwords() > 0)
}
