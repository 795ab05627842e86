//! What becomes of checks.

use std::time::Duration;

use super::check::Outcome;
use super::pair::{End, Failure, PairState};
use super::requests::note_stack;
use super::state::{RoleConflict, Session};
use super::table::{CheckRef, IceTable, PairRef};
use crate::moment::Moment;
use crate::session::event::{Event, What};
use crate::session::limits;
use crate::wire::stun::Message;

impl IceTable {
    /// Takes the success response to a check. Gives whether it is the pair's first at this agent.
    pub(in crate::session) fn success(
        &mut self,
        moment: Moment,
        check: CheckRef,
        message: &Message<'_>,
        round_trip: Duration,
        events: &mut Vec<Event>,
    ) {
        let CheckRef { pair: PairRef { session, pair }, agent, .. } = check;
        let Some(entry) = self.sessions.get_mut(session) else { return };
        entry.last = entry.last.max(moment);
        note_answer(entry, check, moment, Outcome::Succeeded, Some(round_trip));
        if let Some(responder) = entry.agents.get_mut(1 - agent) {
            responder.responses += 1;
            if responder.requests == 0 && responder.responses >= limits::LITE_RESPONSES {
                responder.lite = Some(true);
            }
            responder.last = Some(moment);
            note_stack(responder, message);
        }
        let Some(target) = entry.pairs.get_mut(pair) else { return };
        target.last = target.last.max(moment);
        let Some(end) = target.ends.get_mut(agent) else { return };
        let first = end.succeeded.is_none();
        end.responses_received += 1;
        end.total_round_trip += round_trip;
        end.current_round_trip = Some(round_trip);
        end.mapped = message.mapped_address().map(Into::into).or(end.mapped);
        if let Some(last) = end.last_response {
            end.longest_gap = end.longest_gap.max(moment.time.since(last.time));
        }
        end.succeeded.get_or_insert(moment);
        end.last_response = Some(moment);
        end.unanswered_since = None;
        end.unanswered = 0;
        end.state = Some(PairState::Succeeded);
        end.failure = None;
        end.consent_lost = None;
        let nominated_first = check.nominates && end.nominated.is_none();
        if check.nominates {
            end.nominated.get_or_insert(moment);
            end.last_nominated = Some(moment);
        }
        if first {
            events.push(Event {
                moment,
                what: What::PairSucceeded { session, pair, agent, round_trip: Some(round_trip) },
            });
        }
        if check.nominates {
            entry.nominated.get_or_insert(moment);
            if nominated_first {
                events.push(Event {
                    moment,
                    what: What::PairNominated { session, pair, agent, nomination: check.nomination },
                });
            }
            if nominated_first || check.nomination.is_some() {
                self.select_nominated(moment, check.pair);
            }
        }
        self.note_selected_events(session, events);
    }

    /// Takes an error response to a check.
    pub(in crate::session) fn error(&mut self, moment: Moment, check: CheckRef, code: u16, events: &mut Vec<Event>) {
        let CheckRef { pair: PairRef { session, pair }, agent, .. } = check;
        let Some(entry) = self.sessions.get_mut(session) else { return };
        entry.last = entry.last.max(moment);
        note_answer(entry, check, moment, Outcome::Error(code), None);
        if code == 487 {
            note_conflict(entry, session, 1 - agent, moment, events);
        }
        let Some(end) = entry.pairs.get_mut(pair).and_then(|pair| pair.ends.get_mut(agent)) else { return };
        *end.errors.entry(code).or_default() += 1;
        // A role conflict is repaired by a new check (RFC 8445, section 7.2.5.1); any other error ends the pair's check.
        if code != 487 && end.succeeded.is_none() {
            fail(end, session, pair, agent, moment, Failure::Error(code), events);
        }
        end.unanswered_since = None;
        end.unanswered = 0;
    }

    /// An ICMP error quotes a check.
    pub(in crate::session) fn icmp(&mut self, moment: Moment, check: CheckRef, events: &mut Vec<Event>) {
        let CheckRef { pair: PairRef { session, pair }, agent, .. } = check;
        let Some(entry) = self.sessions.get_mut(session) else { return };
        note_answer(entry, check, moment, Outcome::Icmp, None);
        if let Some(end) = entry.pairs.get_mut(pair).and_then(|pair| pair.ends.get_mut(agent))
            && end.succeeded.is_none()
        {
            fail(end, session, pair, agent, moment, Failure::Icmp, events);
        }
    }

    /// A success response to a check came from another address than the check went to.
    pub(in crate::session) fn elsewhere(&mut self, moment: Moment, check: CheckRef, events: &mut Vec<Event>) {
        let CheckRef { pair: PairRef { session, pair }, agent, .. } = check;
        let Some(entry) = self.sessions.get_mut(session) else { return };
        note_answer(entry, check, moment, Outcome::NonSymmetric, None);
        if let Some(end) = entry.pairs.get_mut(pair).and_then(|pair| pair.ends.get_mut(agent))
            && end.succeeded.is_none()
        {
            fail(end, session, pair, agent, moment, Failure::NonSymmetric, events);
        }
    }
}

fn note_answer(entry: &mut Session, check: CheckRef, moment: Moment, outcome: Outcome, round_trip: Option<Duration>) {
    if let Some(known) = entry.checks.at_mut(check.place) {
        known.outcome = outcome;
        known.response = Some(moment);
        known.round_trip = round_trip;
    }
}

/// An agent answered 487.
fn note_conflict(entry: &mut Session, session: usize, agent: usize, moment: Moment, events: &mut Vec<Event>) {
    if let Some(reporter) = entry.agents.get_mut(agent) {
        reporter.conflicts_reported += 1;
    }
    match &mut entry.role_conflict {
        Some(conflict) => conflict.count += 1,
        None => {
            entry.role_conflict = Some(RoleConflict { moment, count: 1, healed: None });
            events.push(Event { moment, what: What::RoleConflict { session, agent } });
        }
    }
}

/// A pair fails at an agent.
pub(super) fn fail(
    end: &mut End,
    session: usize,
    pair: usize,
    agent: usize,
    moment: Moment,
    failure: Failure,
    events: &mut Vec<Event>,
) {
    if end.state != Some(PairState::Failed) || end.failure != Some(failure) {
        events.push(Event { moment, what: What::PairFailed { session, pair, agent, failure } });
    }
    end.state = Some(PairState::Failed);
    end.failure = Some(failure);
}
