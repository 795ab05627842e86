//! Whether and when the controlling agent chose a pair.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, SESSION};
use crate::diagnose::outcome::ends;
use crate::diagnose::wording::{count, duration};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::Moment;
use crate::session::ice::{End, Role, Session};

pub(super) static RULES: &[Row] = &[(&NOMINATION_LATE, nomination_late), (&NOMINATION_MISSING, nomination_missing)];

/// A nomination later than this after the first success is late: aggressive agents need none, regular ones a round trip or two.
const LATE: Duration = Duration::from_secs(5);
/// Without a nomination for so long after the first success, none is to be expected any more.
const MISSING: Duration = Duration::from_secs(20);
/// Consent checks come at least this often (RFC 7675, section 5.1): a session first seen later than this began in the capture.
const CONSENT_INTERVAL: Duration = Duration::from_secs(6);

static NOMINATION_LATE: Rule = Rule {
    name: "ice-nomination-late",
    severity: Severity::Warning,
    summary: "The controlling agent nominated a pair long after one had succeeded",
    what: "A check of the controlling agent had succeeded, and only seconds later did one with USE-CANDIDATE succeed. With regular \
        nomination the agent waits for better pairs before it nominates; that should take a second or two.",
    why: "Many stacks send media only over a nominated pair, so callers sit in silence until then, and some give up before.",
    advice: "See what the controlling agent waited for: checks on better pairs that never succeed, gathering that does not end \
        (an unreachable STUN server), or answers with USE-CANDIDATE that were lost and retransmitted slowly.",
    source: "RFC 8445, section 8.1.1",
};

fn nomination_late(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, _)| {
            let agent = controlling(session)?;
            let succeeded = first(session, agent, |end| end.succeeded)?;
            let nominated = first(session, agent, |end| end.nominated)?;
            let waited = nominated.time.since(succeeded.time);
            if waited < LATE {
                return None;
            }
            let message = format!(
                "{} nominated a pair {} after its first check had succeeded",
                name::agent(session, agent),
                duration(waited)
            );
            let moments = [Some(nominated), Some(succeeded)];
            Some(resting(Finding::new(&NOMINATION_LATE, message), moments).about(SESSION, name::session_id(place)))
        })
        .collect()
}

static NOMINATION_MISSING: Rule = Rule {
    name: "ice-nomination-missing",
    severity: Severity::Error,
    summary: "Pairs succeeded and the controlling agent never nominated one",
    what: "Checks of the controlling agent succeed, and none of them ever carried USE-CANDIDATE (or NOMINATION). The controlled \
        agent is not told which pair to use.",
    why: "ICE does not complete. Agents that wait for the nomination send no media; others send on whatever pair they like, \
        and the two directions may take different ways.",
    advice: "Look at the controlling agent: is it really meant to be controlling (a=ice-lite at the other side, roles after a \
        restart), and does it get the answers to its checks? A middlebox that rewrites STUN can also drop the attribute.",
    source: "RFC 8445, section 8.1.1; section 7.2.2",
};

fn nomination_missing(case: &Case<'_>) -> Vec<Finding> {
    if case.messages_cut() {
        return Vec::new();
    }
    case.ice()
        .filter_map(|(place, session, _)| {
            let agent = controlling(session).filter(|agent| claimed(session, *agent))?;
            let succeeded = first(session, agent, |end| end.succeeded)?;
            let nominating = first(session, agent, |end| end.use_candidate_sent).or(session.nominated);
            let watched = session.last.time.since(succeeded.time);
            let in_use = ends(session).any(|(_, _, end)| end.first_data.is_some());
            if nominating.is_some() || watched < MISSING || (in_use && !began_here(case, session)) {
                return None;
            }
            let checks = ends(session).filter(|(_, of, _)| *of == agent).map(|(_, _, end)| end.requests_sent).sum();
            let message = format!(
                "none of the {} that {} sent in {} nominates a pair, though its checks succeed",
                count(checks, "check"),
                name::agent(session, agent),
                duration(watched)
            );
            let severity = if in_use { Severity::Warning } else { Severity::Error };
            let finding = resting(Finding::new(&NOMINATION_MISSING, message), [Some(succeeded), Some(session.last)]);
            Some(finding.with_severity(severity).about(SESSION, name::session_id(place)))
        })
        .collect()
}

/// Whether the session began in the capture: of one that stood before, the nomination may have been before as well.
fn began_here(case: &Case<'_>, session: &Session) -> bool {
    session.handshake || case.facts().first.is_some_and(|start| session.first.time.since(start) > CONSENT_INTERVAL)
}

/// The agent that is controlling, as far as the roles are known.
fn controlling(session: &Session) -> Option<usize> {
    [0, 1].into_iter().find(|agent| session.role(*agent) == Some(Role::Controlling))
}

fn claimed(session: &Session, agent: usize) -> bool {
    session.agents.get(agent).is_some_and(|agent| agent.role_claimed)
}

/// The earliest moment of its kind over all pairs of an agent.
fn first(session: &Session, agent: usize, of: impl Fn(&End) -> Option<Moment>) -> Option<Moment> {
    ends(session).filter(|(_, place, _)| *place == agent).filter_map(|(_, _, end)| of(end)).min()
}
