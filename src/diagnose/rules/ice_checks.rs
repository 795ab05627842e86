//! Pairs that did not work beside others that did.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, PAIR, SESSION};
use crate::diagnose::outcome::{Outcome, ends, never_answered};
use crate::diagnose::wording::{count, list, was};
use crate::finding::{Finding, Rule, Severity};
use crate::session::ice::{End, PairState, Session};

pub(super) static RULES: &[Row] = &[(&PAIR_UNANSWERED, pair_unanswered)];

/// Pairs that a sentence can bear.
const LISTED: usize = 3;
/// Checks on a pair that still goes on, after which silence is worth a word.
const MANY_CHECKS: u64 = 4;

static PAIR_UNANSWERED: Rule = Rule {
    name: "ice-pair-unanswered",
    severity: Severity::Info,
    summary: "Checks on a candidate pair were never answered while another pair works",
    what: "An agent sent checks over a pair of candidates and none was answered, while another pair of the same session succeeded.",
    why: "This is how ICE finds its way: it tries every pair, and private addresses, blocked ports and unused interfaces stay \
        silent. It does no harm to the call; it costs a few packets and, where the unanswered pair is the better one, tells why the \
        call took a detour.",
    advice: "Nothing, if the pair in use is the one you expect. If a direct pair is silent and the call goes through a relay, see \
        what filters UDP between the two addresses.",
    source: "RFC 8445, section 6.1.4.2",
};

fn pair_unanswered(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter(|(_, session, outcome)| {
            session.connected.iter().any(Option::is_some)
                && !matches!(outcome, Outcome::HalfOpen { .. } | Outcome::WrongPassword { .. })
        })
        .filter_map(|(place, session, _)| told(place, session))
        .collect()
}

/// One finding for all silent pairs of a session.
fn told(place: usize, session: &Session) -> Option<Finding> {
    let silent: Vec<(usize, usize, &End)> = ends(session)
        .filter(|(pair, agent, end)| {
            let across = session.pairs.get(*pair).and_then(|pair| pair.ends.get(1 - agent));
            never_answered(end)
                && across.is_none_or(|across| across.succeeded.is_none())
                && (end.state == Some(PairState::Failed) || end.requests_sent >= MANY_CHECKS)
        })
        .collect();
    let ways: Vec<String> =
        silent.iter().filter_map(|(pair, agent, _)| Some(name::way(session.pairs.get(*pair)?, *agent))).collect();
    let checks: u64 = silent.iter().map(|(_, _, end)| end.requests_sent + end.retransmissions_sent).sum();
    let moments = silent.iter().flat_map(|(_, _, end)| [end.first_request, end.last_request]);
    let sent = format!("{} {}", count(checks, "check"), list(&ways, LISTED));
    let message = format!("{sent} {} never answered; another pair of the session works", was(checks));
    let finding = resting(Finding::new(&PAIR_UNANSWERED, message), moments);
    match silent.as_slice() {
        [] => None,
        [(pair, _, _)] => Some(finding.about(PAIR, name::pair_id(place, *pair))),
        _ => Some(finding.about(SESSION, name::session_id(place))),
    }
}
