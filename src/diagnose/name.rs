//! What things are called: ids as the report gives them, agents and ways as a sentence names them.

use crate::path::Transport;
use crate::session::ice::{Pair, Session};
use crate::signaling::exchange::Exchange;

/// Characters of a user fragment or user name that a sentence can bear.
const LONGEST_NAME: usize = 40;

/// The subject kind of an ICE session.
pub(super) const SESSION: &str = "ice-session";
/// The subject kind of a pair.
pub(super) const PAIR: &str = "pair";
/// The subject kind of an allocation.
pub(super) const ALLOCATION: &str = "allocation";
/// The subject kind of a server; its id is its address.
pub(super) const SERVER: &str = "server";
/// The subject kind of a client behind a NAT; its id is its IP address.
pub(super) const CLIENT: &str = "client";
/// The subject kind of an exchange.
pub(super) const EXCHANGE: &str = "exchange";
/// The subject kind of a call.
pub(super) const CALL: &str = "call";
/// The subject kind of a media stream.
pub(super) const STREAM: &str = "stream";
/// The subject kind, and the id, of the capture as a whole.
pub(super) const CAPTURE: &str = "capture";

/// The id of the session at `place`.
pub(super) fn session_id(place: usize) -> String {
    format!("ice-{}", place.saturating_add(1))
}

/// The id of the pair at `pair` of the session at `place`.
pub(super) fn pair_id(place: usize, pair: usize) -> String {
    format!("ice-{}-pair-{}", place.saturating_add(1), pair.saturating_add(1))
}

/// The id of the allocation at `place`.
pub(super) fn allocation_id(place: usize) -> String {
    format!("turn-{}", place.saturating_add(1))
}

/// The id of the exchange at `place`.
pub(super) fn exchange_id(place: usize) -> String {
    format!("exchange-{}", place.saturating_add(1))
}

/// The id of the call at `place`.
pub(super) fn call_id(place: usize) -> String {
    format!("call-{}", place.saturating_add(1))
}

/// The id of the media stream at `place`.
pub(super) fn stream_id(place: usize) -> String {
    format!("rtp-{}", place.saturating_add(1))
}

/// A party of an exchange: its name, else where it signals from, else its number.
pub(super) fn party(exchange: &Exchange, place: usize) -> String {
    let known = exchange.parties.get(place);
    let name = known.and_then(|party| party.name.as_deref()).map(short);
    let address = || Some(known?.address?.to_string());
    name.or_else(address).unwrap_or_else(|| format!("party {}", place.saturating_add(1)))
}

/// A name from the wire, cut where it is very long, on one line whatever is in it.
pub(super) fn short(name: &str) -> String {
    cut(name, LONGEST_NAME)
}

/// A text from the wire, cut after so many characters, on one line whatever is in it.
pub(super) fn cut(text: &str, longest: usize) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let head: String = letters.by_ref().take(longest).collect();
    if letters.next().is_some() { head + "…" } else { head }
}

/// The user fragment of an agent.
pub(super) fn fragment(session: &Session, agent: usize) -> String {
    session.agents.get(agent).map_or_else(String::new, |agent| short(&agent.ufrag))
}

/// An agent with its role: `4XqC (controlling)`.
pub(super) fn agent(session: &Session, place: usize) -> String {
    match session.role(place) {
        Some(role) => format!("{} ({role})", fragment(session, place)),
        None => fragment(session, place),
    }
}

/// Both agents, the one that was controlling at first in front: `4XqC ⇄ uuAj`.
pub(super) fn agents(session: &Session) -> String {
    let [first, second] = session.order();
    format!("{} ⇄ {}", fragment(session, first), fragment(session, second))
}

/// The way of an agent's messages over a pair: `10.77.0.11:5000 → 10.77.0.12:6000`.
pub(super) fn way(pair: &Pair, agent: usize) -> String {
    let [first, second] = &pair.ends;
    let (from, to) = if agent == 0 { (first.base, second.base) } else { (second.base, first.base) };
    let over = if pair.transport == Transport::Tcp { " over TCP" } else { "" };
    format!("{from} → {to}{over}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_fragment_cannot_flood_a_sentence() {
        assert_eq!(short("4XqC"), "4XqC");
        assert_eq!(short(&"é".repeat(300)).chars().count(), LONGEST_NAME + 1);
    }
}
