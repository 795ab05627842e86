//! Which pair is in use, and whether both agents and common sense agree with it.

use std::time::Duration;

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, SESSION};
use crate::diagnose::outcome::Outcome;
use crate::diagnose::wording::{count, duration};
use crate::finding::{Finding, Rule, Severity};
use crate::session::ice::{End, Pair, SelectedChange, Session};

pub(super) static RULES: &[Row] = &[
    (&SELECTED_PAIR_CHANGED, selected_pair_changed),
    (&AGENTS_DISAGREE, agents_disagree),
    (&RELAYED_ALTHOUGH_DIRECT, relayed_although_direct),
];

/// Changes so soon after an agent connected belong to the search: aggressive nomination settles on the best pair of several.
const SETTLING: Duration = Duration::from_secs(5);
/// Unanswered checks that show that the pair left behind was broken, not just worse.
const BROKEN: u32 = 2;
/// Agents that use different pairs for less than this are only following each other.
const FOLLOWING: Duration = Duration::from_secs(3);

static SELECTED_PAIR_CHANGED: Rule = Rule {
    name: "ice-selected-pair-changed",
    severity: Severity::Info,
    summary: "The pair in use changed in the middle of the call",
    what: "An agent moved its traffic from one candidate pair to another, well after the session had connected.",
    why: "ICE does this to survive: a network goes away, a NAT gives out another port, a better path is found. Where the old pair had \
        stopped answering (then this is a warning) media was lost between the last answer there and the move.",
    advice: "Look at what ended the old pair: an interface that went down, a NAT binding that expired or was reset, packet loss. To \
        shorten the gap, keep a backup pair checked and let the controlling agent renominate early.",
    source: "RFC 8445, sections 8.1.1 and 12.1; draft-thatcher-ice-renomination",
};

fn selected_pair_changed(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, _)| {
            let moved: Vec<&SelectedChange> =
                session.selected_changes.iter().filter(|c| mid_call(session, c)).collect();
            let change = moved.first()?;
            let from = session.pairs.get(change.from?)?;
            let to = session.pairs.get(change.to)?;
            let silence = moved.iter().filter_map(|change| silence(session, change)).max();
            let broken = silence.map_or_else(String::new, |silence| {
                format!("; the old pair had not answered for {}", duration(silence))
            });
            let more = match moved.iter().skip(1).filter(|next| next.agent == change.agent).count() {
                0 => String::new(),
                more => format!(", and moved {} more", count(more as u64, "time")),
            };
            let message = format!(
                "{} moved from {} to {} at {}{more}{broken}",
                name::agent(session, change.agent),
                name::way(from, change.agent),
                name::way(to, change.agent),
                case.at(change.moment),
            );
            let moments = moved.iter().map(|change| Some(change.moment));
            let finding = resting(Finding::new(&SELECTED_PAIR_CHANGED, message), moments);
            let severity = if silence.is_some() { Severity::Warning } else { Severity::Info };
            Some(finding.with_severity(severity).about(SESSION, name::session_id(place)))
        })
        .collect()
}

fn mid_call(session: &Session, change: &SelectedChange) -> bool {
    let connected = session.connected.get(change.agent).copied().flatten();
    change.from.is_some() && connected.is_some_and(|at| change.moment.time.since(at.time) >= SETTLING)
}

/// How long the pair that was left had not answered; `None` where it still did.
fn silence(session: &Session, change: &SelectedChange) -> Option<Duration> {
    let end = session.pairs.get(change.from?)?.ends.get(change.agent)?;
    let last = end.last_response?;
    let broken = end.unanswered >= BROKEN && last.time < change.moment.time;
    broken.then(|| change.moment.time.since(last.time))
}

static AGENTS_DISAGREE: Rule = Rule {
    name: "ice-agents-disagree",
    severity: Severity::Warning,
    summary: "The two agents see the session differently",
    what: "Either the checks of one agent succeed on a pair while those of the other are not answered there, or both agents go on \
        sending their data over different pairs. Which pair is in use, and whether there is one, depends on whom you ask.",
    why: "One side shows a connected call while the other is still connecting, or the two directions take different ways with \
        different delays and NAT bindings: the classic one-way audio.",
    advice: "For unanswered checks: see whether the answers are sent and where they get lost (a firewall that lets only one \
        direction out). For different pairs: see whether the last check with USE-CANDIDATE reached the controlled agent.",
    source: "RFC 8445, sections 7.3 and 8.1.1",
};

fn agents_disagree(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, outcome)| {
            let finding = match outcome {
                Outcome::HalfOpen { pair, agent } => one_sided(session, pair, agent)?,
                Outcome::Works => two_ways(case, session)?,
                _ => return None,
            };
            Some(finding.about(SESSION, name::session_id(place)))
        })
        .collect()
}

fn one_sided(session: &Session, pair: usize, agent: usize) -> Option<Finding> {
    let pair = session.pairs.get(pair)?;
    let mine = pair.ends.get(agent)?;
    let theirs = pair.ends.get(1 - agent)?;
    let message = format!(
        "{} {} were not answered ({}), while the checks of {} on the same pair succeed",
        count(mine.requests_sent, "check"),
        name::way(pair, agent),
        name::agent(session, agent),
        name::agent(session, 1 - agent)
    );
    let moments = [mine.first_request, theirs.succeeded, mine.last_request];
    Some(resting(Finding::new(&AGENTS_DISAGREE, message).with_severity(Severity::Error), moments))
}

/// Both agents go on sending over different pairs of one component.
fn two_ways(case: &Case<'_>, session: &Session) -> Option<Finding> {
    let [first, second] = &session.agents;
    let mut apart = first.selected.iter().filter_map(|(component, pair)| {
        let other = second.selected.iter().find(|(of, _)| of == component)?.1;
        (other != *pair).then_some((*component, *pair, other))
    });
    let (component, one, two) = apart.find(|(component, one, two)| {
        let since =
            session.selected_changes.iter().filter(|change| change.component == *component).map(|c| c.moment.time);
        let goes_on = |pair: usize, agent: usize| {
            let last = session.pairs.get(pair).and_then(|pair| pair.ends.get(agent)?.last_data);
            last.zip(since.clone().max()).is_some_and(|(last, since)| last.time.since(since) >= FOLLOWING)
        };
        goes_on(*one, 0) && goes_on(*two, 1)
    })?;
    let change = session.selected_changes.iter().rfind(|change| change.component == component)?;
    let message = format!(
        "{} sends {} and {} sends {}, since {}",
        name::agent(session, 0),
        name::way(session.pairs.get(one)?, 0),
        name::agent(session, 1),
        name::way(session.pairs.get(two)?, 1),
        case.at(change.moment)
    );
    Some(resting(Finding::new(&AGENTS_DISAGREE, message), [Some(change.moment)]))
}

static RELAYED_ALTHOUGH_DIRECT: Rule = Rule {
    name: "ice-relayed-although-direct",
    severity: Severity::Warning,
    summary: "The call goes through a TURN relay although a direct pair had succeeded",
    what: "The pair in use has a relayed candidate at one end at least, and a pair of the same component without any relay had \
        succeeded before that one was chosen and was not lost since.",
    why: "The relay adds delay and a point of failure, and its traffic is paid for by whoever runs it.",
    advice: "See why the controlling agent preferred the relay: a candidate priority that ranks relayed above host (RFC 8445 asks \
        for 0 as their type preference), an iceTransportPolicy of relay, a network cost for the direct interface, or a nomination on \
        the first pair that answered without a second look.",
    source: "RFC 8445, sections 5.1.2.2 and 6.1.2.3",
};

fn relayed_although_direct(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter(|(_, _, outcome)| outcome.works())
        .filter_map(|(place, session, _)| {
            let agent = session
                .order()
                .into_iter()
                .find(|of| session.agents.get(*of).is_some_and(|a| a.selected_pair().is_some()))?;
            let chosen = session.agents.get(agent)?.selected_pair()?;
            let relayed = session.pairs.get(chosen).filter(|pair| case.relayed(pair))?;
            let change =
                session.selected_changes.iter().rfind(|c| c.agent == agent && c.component == relayed.component)?;
            let better = |pair: &&Pair| {
                pair.component == relayed.component
                    && !case.relayed(pair)
                    && pair.ends.get(agent).is_some_and(|end| had_succeeded(end, change))
            };
            let direct = session.pairs.iter().find(better)?;
            let end = direct.ends.get(agent)?;
            let message = format!(
                "{} uses {} through a relay, although its checks {} had succeeded {} before",
                name::agent(session, agent),
                name::way(relayed, agent),
                name::way(direct, agent),
                duration(change.moment.time.since(end.succeeded?.time))
            );
            let moments = [Some(change.moment), end.succeeded];
            let finding = resting(Finding::new(&RELAYED_ALTHOUGH_DIRECT, message), moments);
            Some(finding.about(SESSION, name::session_id(place)))
        })
        .collect()
}

fn had_succeeded(end: &End, change: &SelectedChange) -> bool {
    end.succeeded.is_some_and(|at| at.time < change.moment.time)
        && end.unanswered < BROKEN
        && end.consent_lost.is_none()
}
