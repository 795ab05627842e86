//! What became of an ICE session, in a sentence.

use super::number::duration;
use super::paint::{Cell, Paint};
use crate::report::model::{Agent, Allocation, Document, Pair, Session};
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

fn way(pair: &Pair, document: &Document) -> &'static str {
    let relay = |kind: Option<crate::report::model::Word<CandidateType>>| {
        kind.is_some_and(|kind| *kind == CandidateType::Relayed)
    };
    if pair.allocation.is_some() || relay(pair.local.r#type) || relay(pair.remote.r#type) {
        " through TURN"
    } else if pair.protocol.to_string() == "tcp" {
        " directly over TCP"
    } else if [&pair.local, &pair.remote]
        .into_iter()
        .any(|end| of(&end.base).is_some_and(|host| relays(document, host)))
    {
        // A relay of an agent whose own side the capture does not see, or a peer that lives beside the server.
        " over an address of the TURN server"
    } else {
        " directly"
    }
}

/// The state as a person would say it.
pub(super) fn outcome(session: &Session, document: &Document) -> Cell {
    let Some(state) = session.state.map(|state| *state) else { return Cell::new("state unknown") };
    let paint = match state {
        AgentState::New => Paint::Plain,
        AgentState::Checking => Paint::Warning,
        AgentState::Connected | AgentState::Completed => Paint::Good,
        AgentState::Disconnected | AgentState::Failed => Paint::Bad,
    };
    let mut text = disagreement(session).unwrap_or_else(|| agreed(session, state, document));
    if is_connected(state) {
        text.push_str(&delays(session, document));
    }
    Cell::painted(text, paint)
}

const fn verb(state: AgentState) -> &'static str {
    match state {
        AgentState::New => "no check was sent",
        AgentState::Checking => "still checking",
        AgentState::Connected | AgentState::Completed => "connected",
        AgentState::Disconnected => "disconnected",
        AgentState::Failed => "failed",
    }
}

const fn is_connected(state: AgentState) -> bool {
    matches!(state, AgentState::Connected | AgentState::Completed)
}

fn agreed(session: &Session, state: AgentState, document: &Document) -> String {
    let was = session.agents.iter().any(|agent| agent.connected_time.is_some());
    let answered = session.pairs.iter().any(|pair| pair.responses_received + pair.responses_sent > 0);
    let more = match state {
        AgentState::Connected | AgentState::Completed => selected(session).map_or("", |pair| way(pair, document)),
        AgentState::Disconnected | AgentState::Failed if was => " after it was connected",
        AgentState::Disconnected | AgentState::Failed if !answered => ": no check succeeded",
        AgentState::Checking => " when the capture ended",
        AgentState::New | AgentState::Disconnected | AgentState::Failed => "",
    };
    format!("{}{more}", verb(state))
}

/// Both agents' states, where they differ by more than how far a working session got. An agent that was not seen to check has none.
fn disagreement(session: &Session) -> Option<String> {
    let [first, second] = &session.agents;
    let (one, other) = (*first.state?, *second.state?);
    let alike = one == other || (is_connected(one) && is_connected(other));
    if alike || one == AgentState::New || other == AgentState::New {
        return None;
    }
    let told = |agent: &Agent, state: AgentState| {
        let was = agent.connected_time.is_some() && !is_connected(state);
        format!("{} at {}{}", verb(state), agent.ufrag, if was { " after it was connected" } else { "" })
    };
    Some(format!("{}, {}", told(first, one), told(second, other)))
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

/// The host of an agent of `session`, by its place: the client of its allocation, or its address on the wire.
pub(super) fn host<'a>(session: &'a Session, place: usize, document: &'a Document) -> Option<&'a str> {
    let pair = selected(session).or_else(|| session.pairs.first())?;
    let end = if place == 0 { &pair.local } else { &pair.remote };
    if let Some(id) = &end.allocation {
        return allocation(document, id).and_then(|allocation| of(&allocation.client));
    }
    // An address on a TURN server is most likely a relayed one, and tells nothing of the agent behind it.
    of(&end.base).filter(|host| !relays(document, host))
}

/// Whether a TURN server lives at `host`.
fn relays(document: &Document, host: &str) -> bool {
    document.turn.servers.iter().any(|server| server.relays && of(&server.address) == Some(host))
}

/// The host of a transport address.
fn of(address: &str) -> Option<&str> {
    address.rsplit_once(':').map(|(host, _)| host)
}
