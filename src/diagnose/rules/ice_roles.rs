//! Who is controlling.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, SESSION};
use crate::diagnose::wording::{count, duration};
use crate::finding::{Finding, Rule, Severity};
use crate::session::ice::{Outcome, RoleConflict, Session};

pub(super) static RULES: &[Row] = &[(&ROLE_CONFLICT, role_conflict)];

/// Time that the agents need to repair a conflict: before it is over nothing is wrong.
const REPAIR: Duration = Duration::from_secs(2);

static ROLE_CONFLICT: Rule = Rule {
    name: "ice-role-conflict",
    severity: Severity::Error,
    summary: "Both agents claimed the same role",
    what: "Both agents took themselves for controlling, or both for controlled, and one reported it with 487 (Role Conflict). The \
        tie-breakers decide who changes; as soon as one agent claims the other role the conflict is healed.",
    why: "A conflict that heals costs one round trip. One that stays keeps the agents from agreeing on a pair: both nominate, or \
        nobody does.",
    advice: "Healed: look into the signalling only if it happens in every call (both sides made an offer at once, or a=ice-lite \
        stands where it should not). Not healed: one of the agents does not act on 487, or does not see it; see whether the 487 \
        responses reach it and whether its tie-breaker stays the same.",
    source: "RFC 8445, sections 7.3.1.1 and 7.2.5.1",
};

fn role_conflict(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, outcome)| {
            let conflict = session.role_conflict?;
            let young = case.now().since(conflict.moment.time) < REPAIR;
            let severity = match conflict.healed {
                Some(_) => Severity::Info,
                None if young => Severity::Info,
                None if outcome.works() => Severity::Warning,
                None => Severity::Error,
            };
            let message = format!(
                "{} and {} both claimed to be {}; {}",
                name::fragment(session, 0),
                name::fragment(session, 1),
                contested(session),
                ending(session, conflict, young)
            );
            let moments = [Some(conflict.moment), conflict.healed];
            let finding = resting(Finding::new(&ROLE_CONFLICT, message), moments);
            Some(finding.with_severity(severity).about(SESSION, name::session_id(place)))
        })
        .collect()
}

/// The role that both claimed: that of a check answered with 487.
fn contested(session: &Session) -> &'static str {
    let refused = session.checks.iter().find(|check| check.outcome == Outcome::Error(487));
    match refused.and_then(|check| check.controlling) {
        Some(true) => "controlling",
        Some(false) => "controlled",
        None => "in the same role",
    }
}

fn ending(session: &Session, conflict: RoleConflict, young: bool) -> String {
    match conflict.healed {
        Some(healed) => format!(
            "healed {} after the first 487: {} is controlling",
            duration(healed.time.since(conflict.moment.time)),
            name::fragment(session, controlling(session)),
        ),
        None if young => "the capture ends before it could be healed".to_owned(),
        None => format!("{} with 487 and neither changed", count(conflict.count, "answer")),
    }
}

/// The agent that is controlling now.
fn controlling(session: &Session) -> usize {
    usize::from(session.role(0) != Some(crate::session::ice::Role::Controlling))
}
