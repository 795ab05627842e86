//! What silence means: pairs that fail, agents that lose their connection, consent that expires.
//!
//! | fact | meaning | source |
//! |---|---|---|
//! | no answer yet, and no further check for 5 s (or 2.5 times the last gap) | pair *failed*, unanswered | libwebrtc's connect timeout; RFC 8489, section 6.2.1 for stacks that double |
//! | five or more checks over 15 s, none answered | pair *failed*, unanswered | libwebrtc's write timeout |
//! | three or more checks unanswered over 5 s on the pair in use | agent *disconnected* | libwebrtc |
//! | … over 15 s | pair *failed*, consent lost | libwebrtc's write timeout |
//! | no answer for 30 s while checks go on | consent lost | RFC 7675, section 5.1 |

use std::time::Duration;

use super::agent::Agent;
use super::answers::fail;
use super::pair::{End, Failure, Pair, PairState};
use super::state::{AgentState, Outage, Session};
use super::table::IceTable;
use crate::moment::{Moment, Timestamp};
use crate::session::event::{Event, What};
use crate::session::limits;

/// When the checks of an end are to be looked at again; `None` when nothing is outstanding.
fn next_look(end: &End) -> Option<Timestamp> {
    let since = end.unanswered_since?;
    if end.succeeded.is_none() {
        return lost_at(end);
    }
    Some(since.time.after(limits::DISCONNECTED_AFTER))
}

/// When the checks of an end that never succeeded count as lost.
fn lost_at(end: &End) -> Option<Timestamp> {
    let silent = end.last_request?.time.after(patience(end));
    let tried = end.unanswered_since?.time.after(limits::FAILED_AFTER);
    Some(if end.unanswered >= limits::TRIED_CHECKS { silent.min(tried) } else { silent })
}

/// How long an agent may be silent before its outstanding check counts as lost.
fn patience(end: &End) -> Duration {
    limits::CHECK_SILENCE.max(end.last_gap.mul_f64(limits::LAST_GAP_FACTOR))
}

/// Whether the agent is cut off on this pair at `now`.
fn cut_off(end: &End, now: Timestamp, after: Duration) -> bool {
    end.unanswered >= limits::DISCONNECTED_CHECKS
        && end.unanswered_since.is_some_and(|since| now.since(since.time) >= after)
}

impl IceTable {
    /// When the checks of an agent on a pair are to be looked at again, if nobody looks at them already.
    pub(in crate::session) fn schedule(&mut self, session: usize, pair: usize, agent: usize) -> Option<Timestamp> {
        let end = self.session_mut(session)?.pairs.get_mut(pair)?.ends.get_mut(agent)?;
        if end.watched {
            return None;
        }
        let when = next_look(end)?;
        end.watched = true;
        Some(when)
    }

    /// Looks at the checks of an agent on a pair at `now`; gives when to look again.
    pub(in crate::session) fn look(
        &mut self,
        now: Moment,
        session: usize,
        pair: usize,
        agent: usize,
        events: &mut Vec<Event>,
    ) -> Option<Timestamp> {
        let end = self.session_mut(session)?.pairs.get_mut(pair)?.ends.get_mut(agent)?;
        end.watched = false;
        let again = if end.succeeded.is_none() {
            look_before(end, now, (session, pair, agent), events)
        } else {
            look_after(end, now, (session, pair, agent), events)
        };
        end.watched = again.is_some();
        self.update(now, session, events);
        again
    }

    /// Looks at everything once more at the end of the capture.
    pub(in crate::session) fn look_at_all(&mut self, now: Moment, events: &mut Vec<Event>) {
        for session in 0..self.sessions().len() {
            self.give_up(now, session, events);
            let pairs = self.sessions().get(session).map_or(0, |session| session.pairs.len());
            for (pair, agent) in (0..pairs).flat_map(|pair| [(pair, 0), (pair, 1)]) {
                self.look(now, session, pair, agent, events);
            }
            self.update(now, session, events);
        }
    }

    /// At the end of the capture nobody will wait any longer: a pair that was tried as often as RFC 8489, section 6.2.1 has it (Rc = 7), for
    /// some seconds and without any answer, is not going to work, and one that its agent has stopped trying needs less patience.
    fn give_up(&mut self, now: Moment, session: usize, events: &mut Vec<Event>) {
        let pairs = self.session_mut(session).map(|session| session.pairs.iter_mut().enumerate());
        for (pair, known) in pairs.into_iter().flatten() {
            for (agent, end) in known.ends.iter_mut().enumerate() {
                let tried = end.unanswered >= limits::REQUEST_COUNT
                    && end.unanswered_since.is_some_and(|since| now.time.since(since.time) >= limits::LAST_PATIENCE);
                let stopped = end.last_request.is_some_and(|last| {
                    now.time.since(last.time) >= limits::LAST_SILENCE.max(end.last_gap.mul_f64(limits::LAST_GAP_FACTOR))
                });
                if (tried || stopped) && end.state == Some(PairState::InProgress) {
                    fail(end, session, pair, agent, now, Failure::Unanswered, events);
                }
            }
        }
    }

    /// Works out how far each agent got.
    pub(in crate::session) fn update(&mut self, now: Moment, session: usize, events: &mut Vec<Event>) {
        let Some(entry) = self.session_mut(session) else { return };
        // An agent that checks itself before one that only answers and follows.
        let checks = |entry: &Session, agent: usize| entry.agents.get(agent).is_some_and(|agent| agent.requests > 0);
        let order = if checks(entry, 0) { [0, 1] } else { [1, 0] };
        for agent in order {
            let to = agent_state(entry, agent, now.time);
            let Some(state) = entry.states.get_mut(agent) else { continue };
            if *state == to {
                continue;
            }
            let from = std::mem::replace(state, to);
            if matches!(to, AgentState::Connected | AgentState::Completed)
                && let Some(connected) = entry.connected.get_mut(agent)
            {
                connected.get_or_insert(now);
            }
            note_outage(entry, agent, now, to);
            events.push(Event { moment: now, what: What::AgentStateChanged { session, agent, from, to } });
        }
    }
}

/// An agent got to another state: an outage begins or ends.
fn note_outage(entry: &mut Session, agent: usize, now: Moment, to: AgentState) {
    let open = entry
        .outages
        .total()
        .checked_sub(1)
        .filter(|_| entry.outages.last().is_some_and(|last| last.agent == agent && last.until.is_none()));
    match (to, open) {
        (AgentState::Connected | AgentState::Completed, Some(place)) => {
            if let Some(outage) = entry.outages.at_mut(place) {
                outage.until = Some(now);
            }
        }
        (AgentState::Disconnected | AgentState::Failed, None) => {
            let pair = entry.agents.get(agent).and_then(Agent::selected_pair);
            let end = pair.and_then(|pair| entry.pairs.get(pair)).and_then(|pair| pair.ends.get(agent));
            if let (Some(pair), Some(end)) = (pair, end)
                && let Some(from) = end.unanswered_since
            {
                let unanswered = end.unanswered;
                entry.outages.push(Outage { agent, pair, from, until: None, unanswered });
            }
        }
        _ => {}
    }
}

/// A pair that has not succeeded at its agent so far.
fn look_before(end: &mut End, now: Moment, at: (usize, usize, usize), events: &mut Vec<Event>) -> Option<Timestamp> {
    if end.state != Some(PairState::InProgress) {
        return None;
    }
    let due = lost_at(end)?;
    if now.time < due {
        return Some(due);
    }
    fail(end, at.0, at.1, at.2, Moment { time: due, ..now }, Failure::Unanswered, events);
    None
}

/// A pair that has succeeded at its agent.
fn look_after(
    end: &mut End,
    now: Moment,
    (session, pair, agent): (usize, usize, usize),
    events: &mut Vec<Event>,
) -> Option<Timestamp> {
    let since = end.unanswered_since?;
    let lost = end.last_response.is_some_and(|last| now.time.since(last.time) >= limits::CONSENT_EXPIRY)
        || cut_off(end, now.time, limits::FAILED_AFTER);
    if lost && end.unanswered >= limits::DISCONNECTED_CHECKS {
        if end.consent_lost.is_none() {
            end.consent_lost = Some(now);
            events.push(Event { moment: now, what: What::ConsentLost { session, pair, agent } });
            fail(end, session, pair, agent, now, Failure::ConsentLost, events);
        }
        return None;
    }
    let marks = [limits::DISCONNECTED_AFTER, limits::FAILED_AFTER, limits::CONSENT_EXPIRY];
    marks.into_iter().map(|mark| since.time.after(mark)).find(|when| *when > now.time)
}

/// How far an agent got, as the capture shows it at `now`.
fn agent_state(session: &Session, place: usize, now: Timestamp) -> AgentState {
    let Some(agent) = session.agents.get(place) else { return AgentState::New };
    if agent.requests == 0 {
        // A lite agent sends no checks (RFC 8445, section 2.5): it got as far as the one it answers.
        let follows = agent.lite == Some(true) && session.nominated.is_some();
        return if follows {
            session.states.get(1 - place.min(1)).copied().unwrap_or(AgentState::New)
        } else {
            AgentState::New
        };
    }
    let ends = || session.pairs.iter().filter_map(|pair| pair.ends.get(place));
    let succeeded = ends().any(|end| end.state == Some(PairState::Succeeded));
    let checking = ends().any(|end| end.state == Some(PairState::InProgress));
    if !succeeded {
        return if checking { AgentState::Checking } else { AgentState::Failed };
    }
    let used = |pair: &Pair| pair.ends.get(place).map(|end| (end.state, cut_off(end, now, limits::DISCONNECTED_AFTER)));
    match in_use(session, agent).and_then(used) {
        Some((Some(PairState::Failed), _)) if !checking && !other_alive(session, place, agent) => AgentState::Failed,
        Some((Some(PairState::Failed), _) | (_, true)) if !other_alive(session, place, agent) => {
            AgentState::Disconnected
        }
        _ if session.nominated.is_some() && !checking => AgentState::Completed,
        _ => AgentState::Connected,
    }
}

fn in_use<'a>(session: &'a Session, agent: &Agent) -> Option<&'a Pair> {
    session.pairs.get(agent.selected_pair()?)
}

/// Whether another pair than the one in use still gets answers.
fn other_alive(session: &Session, place: usize, agent: &Agent) -> bool {
    let used = agent.selected_pair();
    session.pairs.iter().enumerate().any(|(index, pair)| {
        Some(index) != used
            && pair.ends.get(place).is_some_and(|end| {
                end.state == Some(PairState::Succeeded)
                    && end.unanswered < limits::DISCONNECTED_CHECKS
                    && end.last_response > used.and_then(|used| session.pairs.get(used)?.ends.get(place)?.last_response)
            })
    })
}
