//! What became of a call.

use std::time::Duration;

use super::describe::Described;
use super::join::Material;
use super::milestone::{exchanges, sessions};
use super::model::{Call, Outcome};
use crate::session::ice::{AgentState, Session};
use crate::signal::{DescriptionType, RoomWord};
use crate::signaling::exchange::Incident;

pub(super) fn of(call: &Call, material: Material<'_>, described: &[Described]) -> Outcome {
    if let Some(outcome) = of_sessions(call, material) {
        return outcome;
    }
    let words = || {
        exchanges(call, material).flat_map(|(_, exchange)| &exchange.happenings).filter_map(
            |happening| match &happening.incident {
                Incident::Room(event) => Some(event.word),
                _ => None,
            },
        )
    };
    let kinds = || exchanges(call, material).flat_map(|(_, exchange)| &exchange.descriptions).map(|one| one.kind);
    let answered = kinds().any(|kind| kind == DescriptionType::Answer);
    let one_way = exchanges(call, material).all(|(_, exchange)| exchange.one_way);
    let offered = kinds().any(|kind| kind == DescriptionType::Offer);
    if words().any(|word| word == RoomWord::Refused) && !answered {
        Outcome::Refused
    } else if words().any(|word| word == RoomWord::Cancelled) && !answered {
        Outcome::Cancelled
    } else if !call.media_flows.is_empty() && (answered || both_ways(call, material)) {
        // Early media comes before a refusal too, and while it rings.
        Outcome::Connected
    } else if offered && !answered && !one_way {
        Outcome::Unanswered
    } else if answered && checks_are_due(call, material, described) {
        // Both wanted ICE, and not one check was sent where checks would be seen.
        Outcome::Failed
    } else {
        Outcome::Negotiated
    }
}

/// Whether media without ICE went both ways.
fn both_ways(call: &Call, material: Material<'_>) -> bool {
    let flows = call.media_flows.iter().filter_map(|place| material.sessions.media_flows().get(*place));
    flows.into_iter().any(|flow| flow.first.iter().all(Option::is_some))
}

/// Checks begin within this time behind the answer, or not at all: agents gather while they negotiate.
const CHECKS_BEGIN: Duration = Duration::from_secs(5);

/// Whether both sides wanted ICE, some time has passed since, and the capture holds requests of one of them to a STUN or TURN server: its checks would be seen.
fn checks_are_due(call: &Call, material: Material<'_>, known: &[Described]) -> bool {
    let described = exchanges(call, material).flat_map(|(_, exchange)| &exchange.descriptions);
    let last = described.map(|description| description.moment.time).max().unwrap_or_default();
    if material.sessions.now().since(last) < CHECKS_BEGIN {
        return false;
    }
    let ice = call.exchanges.iter().filter_map(|place| known.get(*place)).any(|exchange| exchange.ice);
    ice && call.allocations.iter().any(|place| material.sessions.allocations().get(*place).is_some())
}

/// By its ICE sessions, those that another one has not replaced.
fn of_sessions(call: &Call, material: Material<'_>) -> Option<Outcome> {
    let replaced: Vec<usize> = sessions(call, material).filter_map(|(_, session)| session.restart_of).collect();
    let outcomes = sessions(call, material)
        .filter(|(place, _)| !replaced.contains(place))
        .map(|(_, session)| of_session(session))
        .collect::<Vec<_>>();
    // The worst that happened to any of them; those that never got anywhere count only where none did.
    [Outcome::Lost, Outcome::Connected, Outcome::Connecting, Outcome::Failed]
        .into_iter()
        .find(|outcome| outcomes.contains(outcome))
}

fn of_session(session: &Session) -> Outcome {
    let connected = session.connected.iter().any(Option::is_some);
    match session.state() {
        AgentState::Connected | AgentState::Completed => Outcome::Connected,
        AgentState::Disconnected | AgentState::Failed if connected && both_had(session) => Outcome::Lost,
        AgentState::Disconnected | AgentState::Failed => Outcome::Failed,
        AgentState::Checking | AgentState::New => Outcome::Connecting,
    }
}

/// Whether each agent that is seen to check had a connection.
fn both_had(session: &Session) -> bool {
    session.agents.iter().zip(&session.connected).all(|(agent, connected)| agent.requests == 0 || connected.is_some())
}
