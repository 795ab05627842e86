//! Connections that stood and broke.

use super::Row;
use crate::diagnose::case::{Case, resting};
use crate::diagnose::name::{self, SESSION};
use crate::diagnose::outcome::Outcome;
use crate::diagnose::wording::{count, duration};
use crate::finding::{Finding, Rule, Severity};
use crate::moment::{Moment, Timestamp};
use crate::session::ice::{End, Session};

pub(super) static RULES: &[Row] = &[(&CONSENT_LOST, consent_lost), (&DISCONNECTED, disconnected)];

static CONSENT_LOST: Rule = Rule {
    name: "ice-consent-lost",
    severity: Severity::Error,
    summary: "The connection broke: checks on the pair in use were no longer answered",
    what: "The session had connected, and then an agent's checks on the pair in use stayed unanswered for good: for 30 seconds, after \
        which consent expires, or for the 15 seconds after which libwebrtc gives a pair up.",
    why: "Without consent an agent must stop sending. The call shows as disconnected after some five seconds and as failed after \
        that; without an ICE restart it does not come back.",
    advice: "See what happened at the last answer: did the other agent vanish (crash, sleep, a closed page), was the path cut (a change of \
        network, a firewall or NAT that dropped its state), or did a relay stop forwarding (permission, channel or allocation run \
        out)? The data after that moment tells in which direction packets still flow. An application should restart ICE when it \
        sees the state disconnected.",
    source: "RFC 7675, section 5.1; libwebrtc's CONNECTION_WRITE_TIMEOUT",
};

fn consent_lost(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, outcome)| {
            let Outcome::Lost { agent } = outcome else { return None };
            let (_, end) = in_use(session, agent)?;
            let lost = end.consent_lost?;
            let silence = end.last_response.map_or_else(String::new, |last| {
                format!(" for {}, since {}", duration(lost.time.since(last.time)), case.at(last))
            });
            let message =
                format!("{} got no answer{silence}: {}", name::agent(session, agent), broken(case, session, agent)?);
            let moments = [end.unanswered_since, end.last_response, Some(lost)];
            Some(resting(Finding::new(&CONSENT_LOST, message), moments).about(SESSION, name::session_id(place)))
        })
        .collect()
}

/// What went unanswered, and what became of the other agent and of the relay.
fn broken(case: &Case<'_>, session: &Session, agent: usize) -> Option<String> {
    let (pair, end) = in_use(session, agent)?;
    let checks = count(u64::from(end.unanswered), "check");
    let mut text = format!("{checks} {} went unanswered", name::way(session.pairs.get(pair)?, agent));
    let icmp = case.sessions().icmp_errors().iter().rfind(|hit| Some(hit.request.source) == Some(end.base));
    if let Some(hit) = icmp.filter(|hit| end.unanswered_since.is_some_and(|since| hit.moment.time >= since.time)) {
        text.push_str(&format!(" ({})", hit.meaning));
    }
    if let Some(last) = session.agents.get(1 - agent).and_then(|other| other.last) {
        text.push_str(&format!("; {} was last heard of at {}", name::fragment(session, 1 - agent), case.at(last)));
    }
    if let Some(place) = end.allocation
        && let Some(allocation) = case.allocation_of(end)
    {
        let renewed = allocation.permissions.iter().map(|known| known.renewed).max();
        let permission = renewed
            .map_or_else(String::new, |renewed| format!(", whose permission was last renewed at {}", case.at(renewed)));
        text.push_str(&format!("; the pair runs through {}{permission}", name::allocation_id(place)));
    }
    Some(text)
}

/// The pair that an agent uses, and its end of it.
fn in_use(session: &Session, agent: usize) -> Option<(usize, &End)> {
    let pair = session.agents.get(agent)?.selected_pair()?;
    Some((pair, session.pairs.get(pair)?.ends.get(agent)?))
}

static DISCONNECTED: Rule = Rule {
    name: "ice-disconnected",
    severity: Severity::Warning,
    summary: "Checks on the pair in use went unanswered for seconds",
    what: "For five seconds or more no check on the pair in use was answered; then answers came again, or the capture ends. Browsers \
        show this as the state disconnected.",
    why: "While checks are lost media is usually lost as well: the other side freezes or falls silent.",
    advice: "Look for loss and delay on the path at that time: a change of network, Wi-Fi roaming, an overloaded link. If it comes back by \
        itself no restart is needed; if the capture ends in it, look at what the application did next.",
    source: "RFC 7675, section 5.1; W3C webrtc, RTCIceTransportState; libwebrtc",
};

fn disconnected(case: &Case<'_>) -> Vec<Finding> {
    case.ice()
        .filter_map(|(place, session, outcome)| {
            let (message, moments) = match outcome {
                Outcome::Disconnected { agent } => {
                    let (_, end) = in_use(session, agent)?;
                    let since = end.unanswered_since.or(end.last_response)?;
                    let message = format!(
                        "{} has had no answer for {} when the capture ends: {}",
                        name::agent(session, agent),
                        duration(case.now().since(since.time)),
                        broken(case, session, agent)?
                    );
                    (message, vec![Some(since), end.last_response, end.last_request])
                }
                Outcome::Works | Outcome::HalfOpen { .. } => outages(case, session)?,
                _ => return None,
            };
            Some(resting(Finding::new(&DISCONNECTED, message), moments).about(SESSION, name::session_id(place)))
        })
        .collect()
}

/// Outages that are over, but for those that a move to another pair ended: the move is told instead.
fn outages(case: &Case<'_>, session: &Session) -> Option<(String, Vec<Option<Moment>>)> {
    let moved = |agent: usize, from: Timestamp, until: Timestamp| {
        let during = |at: Timestamp| from <= at && at <= until;
        session.selected_changes.iter().any(|change| change.agent == agent && during(change.moment.time))
    };
    let over = session.outages.iter().filter_map(|outage| {
        let until = outage.until?;
        (!moved(outage.agent, outage.from.time, until.time)).then_some((outage, until))
    });
    let (worst, until) = over.clone().max_by_key(|(outage, until)| until.time.since(outage.from.time))?;
    let total = over.clone().count();
    let often = if total > 1 { format!("{total} times, the longest time") } else { "once".to_owned() };
    let message = format!(
        "{} got no answers, {often} for {} from {} on ({}), and then again",
        name::agent(session, worst.agent),
        duration(until.time.since(worst.from.time)),
        case.at(worst.from),
        name::way(session.pairs.get(worst.pair)?, worst.agent)
    );
    Some((message, over.flat_map(|(outage, until)| [Some(outage.from), Some(until)]).collect()))
}
