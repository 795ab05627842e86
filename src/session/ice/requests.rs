//! Checks: the session, the pair and the agent of each, and what its sender claims.

use super::agent::{Agent, Role};
use super::check::{Check, Outcome};
use super::pair::{End, Failure, Pair, PairState};
use super::state::{AgentState, NominationStyle, Session};
use super::table::{CheckRef, IceTable, PairRef};
use super::watch::patience;
use crate::moment::Moment;
use crate::path::Path;
use crate::session::event::{Event, What};
use crate::session::printable::printable;
use crate::session::{Abbreviated, VerdictCount, limits};
use crate::wire::stun::{AttributeType, Message};

/// The content type of a DTLS handshake record (RFC 6347, section 4.1).
const DTLS_HANDSHAKE: u8 = 22;

/// The fragments of a USERNAME in a check: `receiver:sender` (RFC 8445, section 7.2.2).
pub(in crate::session) fn fragments(username: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = username.iter().position(|byte| *byte == b':')?;
    let (receiver, sender) = username.split_at(colon);
    let sender = sender.get(1..)?;
    let fits = |fragment: &[u8]| (1..=limits::FRAGMENT_LENGTH).contains(&fragment.len());
    (fits(receiver) && fits(sender)).then_some((receiver, sender))
}

impl IceTable {
    /// Takes a new check: its session, its pair and its agent become known, and what it claims.
    pub(in crate::session) fn check(
        &mut self,
        moment: Moment,
        path: &Path,
        message: &Message<'_>,
        events: &mut Vec<Event>,
    ) -> Option<CheckRef> {
        // A name that was cut off names nobody.
        message.attribute(AttributeType::USERNAME).filter(|name| name.is_whole())?;
        let (receiver, sender) = fragments(message.username()?)?;
        let (session, agent) = self.session_of(moment, receiver, sender, message, events)?;
        let entry = self.sessions.get_mut(session)?;
        entry.last = entry.last.max(moment);
        note_claims(entry, session, agent, moment, message, events);
        let room = self.pairs < limits::PAIRS;
        let known = entry.pairs.len();
        let pair = pair_of(entry, room, (session, agent), moment, path, message, events)?;
        if let Some(new) = entry.pairs.get(known) {
            self.pairs += 1;
            if entry.carries_data {
                self.standing.add_pair(session, new);
            }
        }
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
    pub(super) fn session_of(
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
        let place = self.sessions.len();
        let kept = |keep: usize| match (self.keep_all, place < limits::SESSIONS_IN_FULL) {
            (true, _) => usize::MAX,
            (false, true) => keep,
            (false, false) => limits::CHECKS_KEPT_LATER,
        };
        self.sessions.push(Session {
            agents: [Agent::new(text(sender)), Agent::new(text(receiver))],
            controlling_first: usize::from(claim(message) == Some(Role::Controlled)),
            pairs: Vec::new(),
            pairs_omitted: 0,
            untried: Vec::new(),
            untried_omitted: 0,
            checks: Abbreviated::new(kept(limits::CHECKS_KEPT)),
            selected_changes: Abbreviated::new(kept(limits::CHANGES_KEPT)),
            outages: Abbreviated::new(kept(limits::CHANGES_KEPT)),
            role_conflict: None,
            first: moment,
            last: moment,
            connected: [None; 2],
            nominated: None,
            nomination_style: None,
            states: [AgentState::New; 2],
            restart_of: None,
            handshake: false,
            integrity: VerdictCount::default(),
            carries_data: false,
            ended: false,
            restarted: false,
            open_outages: [None; 2],
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

    /// Takes a Binding indication on a pair: a keepalive.
    pub(in crate::session) fn keepalive(&mut self, moment: Moment, at: PairRef, path: &Path) {
        if let Some(pair) = self.pair_mut(at) {
            pair.last = pair.last.max(moment);
            if let Some(end) = pair.ends.iter_mut().find(|end| end.base == path.source) {
                end.keepalives_sent += 1;
            }
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
    let Some(role) = claim(message) else { return };
    if entry.agents.iter().all(|agent| !agent.role_claimed) {
        entry.controlling_first = if role == Role::Controlling { place } else { 1 - place.min(1) };
    }
    let Some(agent) = entry.agents.get_mut(place) else { return };
    agent.tiebreaker = message.ice_controlling().or(message.ice_controlled()).or(agent.tiebreaker);
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

/// The role that a check claims, by the type of the attribute alone: a snaplen may have cut its value.
fn claim(message: &Message<'_>) -> Option<Role> {
    let has = |kind| message.attribute(kind).is_some();
    if has(AttributeType::ICE_CONTROLLING) {
        Some(Role::Controlling)
    } else {
        has(AttributeType::ICE_CONTROLLED).then_some(Role::Controlled)
    }
}

/// Reads what a message gives away of its sender's implementation.
pub(super) fn note_stack(agent: &mut Agent, message: &Message<'_>) {
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
    room: bool,
    (session, agent): (usize, usize),
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
    if !room || entry.pairs.len() >= limits::PAIRS_PER_SESSION {
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

/// How a check with USE-CANDIDATE or NOMINATION nominates, sent from `end`.
fn style(message: &Message<'_>, end: &End) -> NominationStyle {
    match (message.nomination(), end.succeeded) {
        (Some(_), _) => NominationStyle::Renomination,
        (None, None) => NominationStyle::Aggressive,
        (None, Some(_)) => NominationStyle::Regular,
    }
}

/// Counts a new check; gives its place in the list of checks.
fn note_request(entry: &mut Session, agent: usize, pair: usize, moment: Moment, message: &Message<'_>) -> u64 {
    if let Some(sender) = entry.agents.get_mut(agent) {
        sender.requests += 1;
    }
    let mut triggered = false;
    if let Some(target) = entry.pairs.get_mut(pair) {
        target.last = target.last.max(moment);
        let asked = target.ends.get(1 - agent.min(1)).and_then(|other| other.last_request);
        if let Some(end) = target.ends.get_mut(agent) {
            triggered = end.succeeded.is_none() && asked > end.last_request;
            if message.use_candidate() || message.nomination().is_some() {
                let style = style(message, end);
                entry.nomination_style = entry.nomination_style.max(Some(style));
            }
            end.requests_sent += 1;
            end.consent_requests_sent += u64::from(end.succeeded.is_some());
            end.priority = message.priority().or(end.priority);
            let paused = end.last_request.is_some_and(|last| moment.time.since(last.time) > patience(end));
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
            if end.state.is_none() || (end.failure == Some(Failure::Unanswered) && paused && end.succeeded.is_none()) {
                end.state = Some(PairState::InProgress);
                end.failure = None;
                end.unanswered_since = Some(moment);
                end.unanswered = 1;
            }
        }
    }
    // The handshake may travel inside of checks (draft-hancke-webrtc-sped).
    entry.handshake |= message.embedded_dtls().is_some_and(|record| record.first() == Some(&DTLS_HANDSHAKE));
    entry.checks.push(Check {
        moment,
        pair,
        from: agent,
        controlling: claim(message).map(|role| role == Role::Controlling),
        use_candidate: message.use_candidate(),
        nomination: message.nomination(),
        priority: message.priority(),
        triggered,
        transaction: message.transaction_id,
        outcome: Outcome::Pending,
        response: None,
        round_trip: None,
    })
}
