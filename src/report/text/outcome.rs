//! What became of an ICE session, in a sentence.

use super::number::duration;
use super::paint::{Cell, Paint};
use crate::report::model::{Allocation, Document, Pair, Session};
use crate::session::ice::{AgentState, CandidateType};

/// The pair in use.
pub(super) fn selected(session: &Session) -> Option<&Pair> {
    let id = session.selected_pair.as_ref()?;
    session.pairs.iter().find(|pair| pair.id == *id)
}

fn allocation<'a>(document: &'a Document, id: &str) -> Option<&'a Allocation> {
    // The number in an id is the place in the list, so that a capture of thousands need not be searched.
    let place = id.strip_prefix("turn-")?.parse::<usize>().ok()?.checked_sub(1)?;
    document.turn.allocations.get(place).filter(|allocation| allocation.id == *id)
}

fn way(pair: &Pair) -> &'static str {
    let relay = |kind: Option<crate::report::model::Word<CandidateType>>| {
        kind.is_some_and(|kind| *kind == CandidateType::Relayed)
    };
    if pair.allocation.is_some() || relay(pair.local.r#type) || relay(pair.remote.r#type) {
        " through TURN"
    } else if pair.protocol.to_string() == "tcp" {
        " directly over TCP"
    } else {
        " directly"
    }
}

/// The state as a person would say it.
pub(super) fn outcome(session: &Session, document: &Document) -> Cell {
    let Some(state) = session.state.map(|state| *state) else { return Cell::new("state unknown") };
    let (verb, paint) = match state {
        AgentState::New => ("no check was sent", Paint::Plain),
        AgentState::Checking => ("still checking when the capture ended", Paint::Warning),
        AgentState::Connected | AgentState::Completed => ("connected", Paint::Good),
        AgentState::Disconnected => ("disconnected", Paint::Bad),
        AgentState::Failed => ("failed", Paint::Bad),
    };
    let mut text = verb.to_owned();
    match state {
        AgentState::Connected | AgentState::Completed => {
            if let Some(pair) = selected(session) {
                text.push_str(way(pair));
            }
            text.push_str(&delays(session, document));
        }
        AgentState::Disconnected | AgentState::Failed => {
            if session.agents.iter().any(|agent| agent.connected_time.is_some()) {
                text.push_str(" after it was connected");
            } else if session.pairs.iter().all(|pair| pair.responses_received + pair.responses_sent == 0) {
                text.push_str(": no check succeeded");
            }
        }
        AgentState::New | AgentState::Checking => {}
    }
    text.push_str(&disagreement(session, state));
    Cell::painted(text, paint)
}

fn delays(session: &Session, document: &Document) -> String {
    let (Some(connected), Some(first)) = (session.connected_time, session.first_check_time) else {
        return String::new();
    };
    let mut text = format!(" {} after the first check", duration((connected - first).max(0.0)));
    let gathering = selected(session)
        .and_then(|pair| pair.allocation.as_ref())
        .and_then(|id| allocation(document, id))
        .map(|allocation| connected - allocation.first_time);
    if let Some(gathering) = gathering.filter(|time| *time > connected - first) {
        text.push_str(&format!(", {} after the first TURN request", duration(gathering)));
    }
    text
}

/// The agents' own states where they are not both the session's.
fn disagreement(session: &Session, state: AgentState) -> String {
    let alike = |own: AgentState| {
        let connected = |state| matches!(state, AgentState::Connected | AgentState::Completed);
        own == state || own == AgentState::New || (connected(own) && connected(state))
    };
    let others: Vec<_> = session
        .agents
        .iter()
        .filter_map(|agent| Some((agent, *agent.state?)))
        .filter(|(_, own)| !alike(*own))
        .map(|(agent, own)| format!(" (but {} at {})", own.name(), agent.ufrag))
        .collect();
    others.concat()
}

/// The host of an agent of `session`, by its place: the client of its allocation, or its address on the wire.
pub(super) fn host<'a>(session: &'a Session, place: usize, document: &'a Document) -> Option<&'a str> {
    let pair = selected(session).or_else(|| session.pairs.first())?;
    let end = if place == 0 { &pair.local } else { &pair.remote };
    if let Some(id) = &end.allocation {
        return allocation(document, id).and_then(|allocation| of(&allocation.client));
    }
    // An address on a TURN server is a relayed one, and tells nothing of the agent behind it.
    let server =
        |host: &str| document.turn.servers.iter().any(|server| server.relays && of(&server.address) == Some(host));
    of(&end.base).filter(|host| !server(host))
}

/// The host of a transport address.
fn of(address: &str) -> Option<&str> {
    address.rsplit_once(':').map(|(host, _)| host)
}
