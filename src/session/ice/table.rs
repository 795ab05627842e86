//! All ICE sessions: checks in, pairs out.

use std::collections::HashMap;
use std::time::Duration;

use super::agent::{Agent, Role};
use super::check::{Check, Outcome};
use super::pair::{End, Failure, Pair, PairState};
use super::state::{AgentState, RoleConflict, SelectedChange, Session};
use crate::moment::Moment;
use crate::path::{FlowId, Path};
use crate::session::event::{Event, What};
use crate::session::printable::printable;
use crate::session::{Abbreviated, limits};
use crate::wire::stun::{AttributeType, Message};

/// A pair, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::session) struct PairRef {
    pub(in crate::session) session: usize,
    pub(in crate::session) pair: usize,
}

/// A check, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) struct CheckRef {
    pub(in crate::session) pair: PairRef,
    /// The agent that sent it.
    pub(in crate::session) agent: usize,
    /// Its place in the list of checks.
    place: u64,
    /// Whether it nominates: USE-CANDIDATE, or the value of NOMINATION.
    nominates: bool,
    nomination: Option<u32>,
}

/// The fragments of a USERNAME in a check: `receiver:sender` (RFC 8445, section 7.2.2).
pub(in crate::session) fn fragments(username: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = username.iter().position(|byte| *byte == b':')?;
    let (receiver, sender) = username.split_at(colon);
    let sender = sender.get(1..)?;
    (!receiver.is_empty() && !sender.is_empty()).then_some((receiver, sender))
}

/// All ICE sessions of a capture.
#[derive(Debug, Default)]
pub(in crate::session) struct IceTable {
    sessions: Vec<Session>,
    by_fragments: HashMap<(Vec<u8>, Vec<u8>), usize, foldhash::fast::RandomState>,
    omitted: u64,
    keep_all: bool,
}

impl IceTable {
    pub(in crate::session) fn new(keep_all: bool) -> Self {
        Self { keep_all, ..Self::default() }
    }

    pub(in crate::session) fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    pub(in crate::session) const fn omitted(&self) -> u64 {
        self.omitted
    }

    pub(in crate::session) fn session_mut(&mut self, place: usize) -> Option<&mut Session> {
        self.sessions.get_mut(place)
    }

    pub(in crate::session) fn pair_mut(&mut self, at: PairRef) -> Option<&mut Pair> {
        self.sessions.get_mut(at.session)?.pairs.get_mut(at.pair)
    }

    /// Takes a new check: its session, its pair and its agent become known, and what it claims.
    pub(in crate::session) fn check(
        &mut self,
        moment: Moment,
        path: &Path,
        message: &Message<'_>,
        events: &mut Vec<Event>,
    ) -> Option<CheckRef> {
        let (receiver, sender) = fragments(message.username()?)?;
        let (session, agent) = self.session_of(moment, receiver, sender, message, events)?;
        let entry = self.sessions.get_mut(session)?;
        entry.last = entry.last.max(moment);
        note_claims(entry, session, agent, moment, message, events);
        let pair = pair_of(entry, session, agent, moment, path, message, events)?;
        let place = note_request(entry, agent, pair, moment, message);
        Some(CheckRef {
            pair: PairRef { session, pair },
            agent,
            place,
            nominates: message.use_candidate() || message.nomination().is_some(),
            nomination: message.nomination(),
        })
    }

    /// The session of two fragments and the agent that has `sender`.
    fn session_of(
        &mut self,
        moment: Moment,
        receiver: &[u8],
        sender: &[u8],
        message: &Message<'_>,
        events: &mut Vec<Event>,
    ) -> Option<(usize, usize)> {
        if let Some(place) = self.by_fragments.get(&(sender.to_vec(), receiver.to_vec())) {
            return Some((*place, 0));
        }
        if let Some(place) = self.by_fragments.get(&(receiver.to_vec(), sender.to_vec())) {
            return Some((*place, 1));
        }
        if self.sessions.len() >= limits::ICE_SESSIONS {
            self.omitted += 1;
            return None;
        }
        let text = printable;
        let kept = |keep: usize| if self.keep_all { usize::MAX } else { keep };
        let place = self.sessions.len();
        self.sessions.push(Session {
            agents: [Agent::new(text(sender)), Agent::new(text(receiver))],
            controlling_first: usize::from(message.ice_controlled().is_some()),
            pairs: Vec::new(),
            pairs_omitted: 0,
            checks: Abbreviated::new(kept(limits::CHECKS_KEPT)),
            selected_changes: Abbreviated::new(kept(limits::CHANGES_KEPT)),
            role_conflict: None,
            first: moment,
            last: moment,
            connected: [None; 2],
            nominated: None,
            states: [AgentState::New; 2],
            restart_of: None,
            handshake: false,
            integrity_invalid: 0,
            selected_told: 0,
        });
        self.by_fragments.insert((sender.to_vec(), receiver.to_vec()), place);
        events.push(Event { moment, what: What::SessionStarted { session: place } });
        Some((place, 0))
    }

    /// Takes a GOOG-PING: the last check of its sender on the pair once more, in short.
    pub(in crate::session) fn ping(
        &mut self,
        moment: Moment,
        at: PairRef,
        path: &Path,
        message: &Message<'_>,
    ) -> Option<CheckRef> {
        let entry = self.sessions.get_mut(at.session)?;
        let agent = entry.pairs.get(at.pair)?.ends.iter().position(|end| end.base == path.source)?;
        entry.last = entry.last.max(moment);
        let place = note_request(entry, agent, at.pair, moment, message);
        Some(CheckRef { pair: at, agent, place, nominates: false, nomination: None })
    }

    /// Takes a repeat of a check.
    pub(in crate::session) fn check_again(&mut self, moment: Moment, check: CheckRef) {
        if let Some(pair) = self.pair_mut(check.pair) {
            pair.last = pair.last.max(moment);
            if let Some(end) = pair.ends.get_mut(check.agent) {
                end.retransmissions_sent += 1;
            }
        }
    }

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

    /// Takes a Binding indication on a pair: a keepalive.
    pub(in crate::session) fn keepalive(&mut self, moment: Moment, at: PairRef, path: &Path) {
        if let Some(pair) = self.pair_mut(at) {
            pair.last = pair.last.max(moment);
            if let Some(end) = pair.ends.iter_mut().find(|end| end.base == path.source) {
                end.keepalives_sent += 1;
            }
        }
    }

    /// An agent's data was seen on a pair that is not known to be the one it uses.
    pub(in crate::session) fn data(
        &mut self,
        moment: Moment,
        at: PairRef,
        agent: usize,
        handshake: bool,
        events: &mut Vec<Event>,
    ) {
        let Some(entry) = self.sessions.get_mut(at.session) else { return };
        entry.handshake |= handshake;
        let Some(pair) = entry.pairs.get_mut(at.pair) else { return };
        if let Some(end) = pair.ends.get_mut(agent) {
            end.first_data.get_or_insert(moment);
            end.last_data = Some(moment);
        }
        select(entry, agent, at.pair, moment, true);
        self.note_selected_events(at.session, events);
    }

    /// The pair is nominated: agents that send no data yet use it.
    fn select_nominated(&mut self, moment: Moment, at: PairRef) {
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
    fn note_selected_events(&mut self, session: usize, events: &mut Vec<Event>) {
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

    /// The flow carries messages of the pair.
    pub(in crate::session) fn note_flow(&mut self, at: PairRef, flow: FlowId) {
        if let Some(pair) = self.pair_mut(at)
            && !pair.flows.contains(&flow)
        {
            pair.flows.push(flow);
        }
    }
}

/// Reads the claims of a check: role, tie-breaker, implementation.
fn note_claims(
    entry: &mut Session,
    session: usize,
    place: usize,
    moment: Moment,
    message: &Message<'_>,
    events: &mut Vec<Event>,
) {
    let Some(agent) = entry.agents.get_mut(place) else { return };
    agent.last = Some(moment);
    agent.lite = Some(false);
    note_stack(agent, message);
    let claim = match (message.ice_controlling(), message.ice_controlled()) {
        (Some(tiebreaker), _) => Some((Role::Controlling, tiebreaker)),
        (None, Some(tiebreaker)) => Some((Role::Controlled, tiebreaker)),
        (None, None) => None,
    };
    let Some((role, tiebreaker)) = claim else { return };
    agent.tiebreaker = Some(tiebreaker);
    if agent.role_claimed && agent.role != Some(role) {
        agent.role_changes += 1;
        events.push(Event { moment, what: What::RoleChanged { session, agent: place, role } });
    }
    agent.role = Some(role);
    agent.role_claimed = true;
    let roles = entry.agents.each_ref().map(|agent| agent.role);
    if let Some(conflict) = &mut entry.role_conflict
        && roles.iter().all(Option::is_some)
        && roles.first() != roles.last()
    {
        conflict.healed.get_or_insert(moment);
    }
}

/// Reads what a message gives away of its sender's implementation.
fn note_stack(agent: &mut Agent, message: &Message<'_>) {
    if agent.stack.is_some() {
        return;
    }
    agent.stack = match message.software() {
        Some(software) => Some(printable(software.trim_ascii_end())),
        None if message.attribute(AttributeType::GOOG_NETWORK_INFO).is_some() => Some("libwebrtc".to_owned()),
        None => None,
    };
}

/// The pair of a check, made where it is new.
fn pair_of(
    entry: &mut Session,
    session: usize,
    agent: usize,
    moment: Moment,
    path: &Path,
    message: &Message<'_>,
    events: &mut Vec<Event>,
) -> Option<usize> {
    let known = entry.pairs.iter().position(|pair| {
        pair.transport == path.transport
            && pair.ends.get(agent).is_some_and(|end| end.base == path.source)
            && pair.ends.get(1 - agent).is_some_and(|end| end.base == path.destination)
    });
    if let Some(place) = known {
        return Some(place);
    }
    if entry.pairs.len() >= limits::PAIRS_PER_SESSION {
        entry.pairs_omitted += 1;
        return None;
    }
    // component ID = 256 - (priority & 255), RFC 8445, section 5.1.2.1.
    let component = message.priority().map_or(1, |priority| u8::try_from(256 - (priority & 0xFF)).unwrap_or(0)).max(1);
    let mine = End::new(path.source);
    let theirs = End::new(path.destination);
    let ends = if agent == 0 { [mine, theirs] } else { [theirs, mine] };
    entry.pairs.push(Pair {
        component,
        transport: path.transport,
        ends,
        first: moment,
        last: moment,
        flows: Vec::new(),
    });
    let pair = entry.pairs.len() - 1;
    events.push(Event { moment, what: What::PairStarted { session, pair, agent } });
    Some(pair)
}

/// Counts a new check; gives its place in the list of checks.
fn note_request(entry: &mut Session, agent: usize, pair: usize, moment: Moment, message: &Message<'_>) -> u64 {
    if let Some(sender) = entry.agents.get_mut(agent) {
        sender.requests += 1;
    }
    if let Some(target) = entry.pairs.get_mut(pair) {
        target.last = target.last.max(moment);
        if let Some(end) = target.ends.get_mut(agent) {
            end.requests_sent += 1;
            end.consent_requests_sent += u64::from(end.succeeded.is_some());
            end.priority = message.priority().or(end.priority);
            if let Some(last) = end.last_request {
                end.last_gap = moment.time.since(last.time);
            }
            end.first_request.get_or_insert(moment);
            end.last_request = Some(moment);
            end.unanswered_since.get_or_insert(moment);
            end.unanswered = end.unanswered.saturating_add(1);
            if message.use_candidate() || message.nomination().is_some() {
                end.use_candidate_sent.get_or_insert(moment);
            }
            // A pair that was refused, or that nobody answered, stays failed while its agent goes on trying; a check after a pause is a
            // new attempt.
            if end.state.is_none()
                || (end.failure == Some(Failure::Unanswered)
                    && end.last_gap > limits::CHECK_SILENCE
                    && end.succeeded.is_none())
            {
                end.state = Some(PairState::InProgress);
                end.failure = None;
                end.unanswered_since = Some(moment);
            }
        }
    }
    entry.checks.push(Check {
        moment,
        pair,
        from: agent,
        controlling: match (message.ice_controlling(), message.ice_controlled()) {
            (Some(_), _) => Some(true),
            (None, Some(_)) => Some(false),
            (None, None) => None,
        },
        use_candidate: message.use_candidate(),
        nomination: message.nomination(),
        priority: message.priority(),
        transaction: message.transaction_id,
        outcome: Outcome::Pending,
        response: None,
        round_trip: None,
    })
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

/// An agent uses a pair from now on.
fn select(entry: &mut Session, agent: usize, pair: usize, moment: Moment, by_data: bool) {
    let Some(component) = entry.pairs.get(pair).map(|pair| pair.component) else { return };
    let Some(chooser) = entry.agents.get_mut(agent) else { return };
    let from = match chooser.selected.iter_mut().find(|(of, _)| *of == component) {
        Some((_, chosen)) if *chosen == pair => return,
        Some((_, chosen)) => Some(std::mem::replace(chosen, pair)),
        None => {
            chooser.selected.push((component, pair));
            None
        }
    };
    entry.selected_changes.push(SelectedChange { moment, agent, component, from, to: pair, by_data });
}

impl IceTable {
    /// The flows of the other pairs of the same session and component.
    pub(in crate::session) fn other_flows(&self, at: PairRef) -> Vec<FlowId> {
        let Some(session) = self.sessions.get(at.session) else { return Vec::new() };
        let component = session.pairs.get(at.pair).map(|pair| pair.component);
        let others = session
            .pairs
            .iter()
            .enumerate()
            .filter(|(place, pair)| *place != at.pair && Some(pair.component) == component);
        others.flat_map(|(_, pair)| pair.flows.iter().copied()).collect()
    }

    /// The flows of each pair of a session.
    pub(in crate::session) fn flows_of(&self, session: usize) -> Vec<(usize, Vec<FlowId>)> {
        let pairs = self.sessions.get(session).map_or(&[] as &[Pair], |session| &session.pairs);
        pairs.iter().enumerate().map(|(place, pair)| (place, pair.flows.clone())).collect()
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
