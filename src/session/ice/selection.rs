//! Which pair an agent uses: the one that carries its data, else its last nominated success.

use super::state::{SelectedChange, Session};
use super::table::{IceTable, PairRef};
use crate::moment::Moment;
use crate::path::FlowId;
use crate::session::event::{Event, What};
use crate::session::{Carried, limits};

/// What data of an agent on a pair means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Choice {
    /// It uses the pair, as it did before or for the first time.
    Stays,
    /// It uses the pair from now on, and no longer this one.
    Leaves(PairRef),
    /// It was on its way when the agent left the pair.
    Late,
}

impl IceTable {
    /// An agent's data was seen on a pair that is not known to be the one it uses.
    pub(in crate::session) fn data(
        &mut self,
        moment: Moment,
        at: PairRef,
        agent: usize,
        what: Carried,
        events: &mut Vec<Event>,
    ) -> Choice {
        let Some(entry) = self.sessions.get_mut(at.session) else { return Choice::Late };
        entry.handshake |= matches!(what, Carried::ClientHello | Carried::Handshake);
        let Some(end) = entry.pairs.get_mut(at.pair).and_then(|pair| pair.ends.get_mut(agent)) else {
            return Choice::Late;
        };
        end.first_data.get_or_insert(moment);
        let first = match what {
            Carried::ClientHello | Carried::Handshake => Some(&mut end.first_handshake),
            Carried::Media => Some(&mut end.first_media),
            Carried::Dtls => None,
        };
        if let Some(first) = first {
            first.get_or_insert(moment);
        }
        if what == Carried::ClientHello {
            end.first_client_hello.get_or_insert(moment);
        }
        end.last_data = end.last_data.max(Some(moment));
        if end.left.is_some_and(|left| moment.time.since(left.time) < limits::CHANGE_SETTLES) {
            return Choice::Late;
        }
        let from = select(entry, agent, at.pair, moment, true);
        self.note_selected_events(at.session, events);
        from.map_or(Choice::Stays, |pair| Choice::Leaves(PairRef { pair, ..at }))
    }

    /// The pair is nominated: agents that send no data yet use it.
    pub(super) fn select_nominated(&mut self, moment: Moment, at: PairRef) {
        let Some(entry) = self.sessions.get_mut(at.session) else { return };
        for agent in 0..2 {
            let Some(component) = entry.pairs.get(at.pair).map(|pair| pair.component) else { return };
            let chosen = entry
                .agents
                .get(agent)
                .and_then(|agent| agent.selected.iter().find(|(of, _)| *of == component))
                .map(|(_, pair)| *pair);
            let by_data = chosen
                .and_then(|pair| entry.pairs.get(pair))
                .and_then(|pair| pair.ends.get(agent))
                .is_some_and(|end| end.first_data.is_some());
            if !by_data {
                select(entry, agent, at.pair, moment, false);
            }
        }
    }

    /// Tells the changes of selected pairs that were noted since the last call.
    pub(super) fn note_selected_events(&mut self, session: usize, events: &mut Vec<Event>) {
        let Some(entry) = self.sessions.get_mut(session) else { return };
        while entry.selected_told < entry.selected_changes.total() {
            let place = entry.selected_told;
            entry.selected_told += 1;
            if let Some(change) = entry.selected_changes.at_mut(place).copied() {
                let SelectedChange { moment, agent, component, from, to, .. } = change;
                events.push(Event { moment, what: What::SelectedPairChanged { session, agent, component, from, to } });
            }
        }
    }

    /// The flows of a pair.
    pub(in crate::session) fn flows(&self, at: PairRef) -> Vec<FlowId> {
        self.sessions
            .get(at.session)
            .and_then(|session| session.pairs.get(at.pair))
            .map_or_else(Vec::new, |pair| pair.flows.clone())
    }

    /// The last data of an agent on a pair.
    pub(in crate::session) fn note_last_data(&mut self, at: PairRef, agent: usize, moment: Moment) {
        if let Some(end) = self.pair_mut(at).and_then(|pair| pair.ends.get_mut(agent))
            && end.first_data.is_some()
        {
            end.last_data = end.last_data.max(Some(moment));
        }
    }
}

/// An agent uses a pair from now on; gives the one it used before, if it was another.
pub(super) fn select(entry: &mut Session, agent: usize, pair: usize, moment: Moment, by_data: bool) -> Option<usize> {
    let component = entry.pairs.get(pair)?.component;
    let chooser = entry.agents.get_mut(agent)?;
    let from = match chooser.selected.iter_mut().find(|(of, _)| *of == component) {
        Some((_, chosen)) if *chosen == pair => return None,
        Some((_, chosen)) => Some(std::mem::replace(chosen, pair)),
        None => {
            chooser.selected.push((component, pair));
            None
        }
    };
    entry.selected_changes.push(SelectedChange { moment, agent, component, from, to: pair, by_data });
    if let Some(end) = from.and_then(|from| entry.pairs.get_mut(from)).and_then(|pair| pair.ends.get_mut(agent)) {
        end.left = Some(moment);
    }
    from
}
