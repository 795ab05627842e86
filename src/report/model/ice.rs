//! The section `ice`: sessions, their agents, and what the agents did.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::{Clock, seconds};
use super::ice_pair::Pair;
use super::id::{pair_id, session_id};
use super::stun::IntegrityCount;
use super::word::Word;
use crate::path::{Endpoint, Transport};
use crate::session::SignaledAddress;
use crate::session::ice::{self, AgentState, CandidateSource, CandidateType, NominationStyle, Outcome, Role};

/// ICE sessions.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ice {
    /// Each pair of username fragments is one.
    pub sessions: Vec<Session>,
}

impl Ice {
    /// The section for `sessions`.
    #[must_use]
    pub fn new(sessions: &[ice::Session], clock: Clock) -> Self {
        let sessions = sessions.iter().enumerate().map(|(place, session)| Session::new(place, session, clock));
        Self { sessions: sessions.collect() }
    }
}

/// Everything between two agents with one pair of username fragments.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id.
    pub id: String,
    /// The fragments of the agent that was controlling at first, and of the other.
    pub ufrags: [String; 2],
    /// How far it got: its agents' states where they are alike, else that of the agent that got less far.
    pub state: Option<Word<AgentState>>,
    /// The two agents, in the order of `ufrags`.
    pub agents: [Agent; 2],
    /// Its candidate pairs.
    pub pairs: Vec<Pair>,
    /// Pairs that came when too many were described already.
    pub pairs_omitted: u64,
    /// Pairs that could have been made of what both agents signalled, and that nobody checked.
    pub untried_pairs: Vec<UntriedPair>,
    /// How many of those are left out.
    pub untried_pairs_omitted: u64,
    /// Its connectivity checks, consent checks included.
    pub checks: Vec<Check>,
    /// How many checks are left out between the first and the last ones.
    pub checks_omitted: u64,
    /// The pair in use.
    pub selected_pair: Option<String>,
    /// Every time an agent came to use another pair; the first one counts.
    pub selected_pair_changes: Vec<SelectedPairChange>,
    /// How many of those are left out between the first and the last ones.
    pub selected_pair_changes_omitted: u64,
    /// The first check.
    pub first_check_time: Option<f64>,
    /// Its frame.
    pub first_check_frame: Option<u64>,
    /// When both agents (or the only one that is seen to check) had a pair that succeeded.
    pub connected_time: Option<f64>,
    /// The frame that showed it.
    pub connected_frame: Option<u64>,
    /// The first nomination that succeeded.
    pub nominated_time: Option<f64>,
    /// How the controlling agent nominates.
    pub nomination_style: Option<Word<NominationStyle>>,
    /// Its frame.
    pub nominated_frame: Option<u64>,
    /// Consent on the pair in use (RFC 7675).
    pub consent: Consent,
    /// The role conflict, if there was one.
    pub role_conflict: Option<RoleConflict>,
    /// The session that this one restarted.
    pub restart_of: Option<String>,
    /// Whether a DTLS handshake began on one of its pairs.
    pub dtls_handshake: bool,
    /// Checks and answers whose MESSAGE-INTEGRITY did not verify with the passwords given or signalled.
    pub integrity_invalid: u64,
    /// What MESSAGE-INTEGRITY of all its checks and answers proves.
    pub integrity: IntegrityCount,
    /// Its last message.
    pub last_time: f64,
}

/// One of the two agents.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// Its username fragment.
    pub ufrag: String,
    /// The role that it claimed last, or that follows from the other's.
    pub role: Option<Word<Role>>,
    /// How often its claim changed.
    pub role_changes: u32,
    /// The tie-breaker of its last check, as 16 hexadecimal digits.
    pub tiebreaker: Option<String>,
    /// Whether it is a lite agent, where that shows.
    pub lite: Option<bool>,
    /// The implementation that its messages give away.
    pub stack: Option<String>,
    /// How far it got.
    pub state: Option<Word<AgentState>>,
    /// When it first had a pair that succeeded.
    pub connected_time: Option<f64>,
    /// The frame that showed it.
    pub connected_frame: Option<u64>,
    /// The pair that it uses for its lowest component.
    pub selected_pair: Option<String>,
    /// The pair that it uses for each component.
    pub selected_pairs: Vec<SelectedPair>,
    /// Its candidates as far as the capture shows them.
    pub candidates: Vec<Candidate>,
    /// Candidates past the bound.
    pub candidates_omitted: u64,
}

/// The pair that an agent uses for one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectedPair {
    /// The component.
    pub component: u8,
    /// The pair.
    pub pair: String,
}

/// A candidate of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its transport address.
    pub address: String,
    /// The address on the wire at the capture; `null` of one that was only signalled.
    pub base: Option<String>,
    /// The name that hides its address in the signalling (multicast DNS).
    pub name: Option<String>,
    /// Its type to its owner.
    pub r#type: Option<Word<CandidateType>>,
    /// Its transport.
    pub protocol: Word<Transport>,
    /// The PRIORITY that its owner's checks from it carried, which it would have as peer-reflexive; of one that was only signalled,
    /// its own.
    pub priority: Option<u32>,
    /// Its component.
    pub component: u8,
    /// How it became known.
    pub source: Word<CandidateSource>,
    /// When it was first signalled.
    pub signaled_time: Option<f64>,
}

/// A pair that could have been made of what both agents signalled, and that nobody checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UntriedPair {
    /// The fragment of the agent that could have checked it.
    pub agent: String,
    /// The component.
    pub component: u8,
    /// The transport.
    pub protocol: Word<Transport>,
    /// Its own candidate.
    pub local: String,
    /// The type of that.
    pub local_type: Word<CandidateType>,
    /// The other agent's candidate; its name where that was not resolved.
    pub remote: String,
    /// The type of that.
    pub remote_type: Word<CandidateType>,
}

/// One connectivity check.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Its frame.
    pub frame: u64,
    /// When it was first sent.
    pub time: f64,
    /// Its pair.
    pub pair: String,
    /// The fragment of the agent that sent it.
    pub from: String,
    /// The role that it claims.
    pub controlling: Option<bool>,
    /// Whether it carries USE-CANDIDATE.
    pub use_candidate: bool,
    /// The value of NOMINATION.
    pub nomination: Option<u32>,
    /// The value of PRIORITY.
    pub priority: Option<u32>,
    /// Whether a check from the other agent on the same pair brought it about.
    pub triggered: bool,
    /// Its transaction, as 24 hexadecimal digits.
    pub transaction_id: String,
    /// What became of it.
    pub outcome: Word<Outcome>,
    /// The code of the error response.
    pub error_code: Option<u16>,
    /// The frame of the answer.
    pub response_frame: Option<u64>,
    /// Seconds from its last transmission before the answer to the answer.
    pub round_trip_time: Option<f64>,
}

/// The pair that an agent uses became another.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectedPairChange {
    /// When.
    pub time: f64,
    /// The frame that showed it.
    pub frame: u64,
    /// The fragment of the agent.
    pub agent: String,
    /// The component.
    pub component: u8,
    /// The pair it uses now.
    pub pair: String,
    /// The pair it used before.
    pub previous: Option<String>,
    /// Whether data showed it; else a nomination did.
    pub by_data: bool,
}

/// Consent on the pair in use (RFC 7675).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    /// The longest time in seconds between two success responses, at either agent.
    pub longest_gap: Option<f64>,
    /// When an agent's consent was first lost, on any pair.
    pub lost_time: Option<f64>,
    /// The frame that showed it.
    pub lost_frame: Option<u64>,
    /// The fragment of that agent.
    pub lost_by: Option<String>,
    /// The pair.
    pub lost_pair: Option<String>,
}

/// A role conflict (RFC 8445, section 7.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleConflict {
    /// When the first 487 came.
    pub time: f64,
    /// Its frame.
    pub frame: u64,
    /// How many came.
    pub count: u64,
    /// When an agent claimed the other role after it; `null` while the conflict stands.
    pub healed_time: Option<f64>,
}

/// A session of the state with what its parts need to be published.
struct View<'a> {
    place: usize,
    session: &'a ice::Session,
    clock: Clock,
}

impl Session {
    /// The published form of the session at `place`.
    #[must_use]
    pub fn new(place: usize, session: &ice::Session, clock: Clock) -> Self {
        let view = View { place, session, clock };
        let first_check = session
            .pairs
            .iter()
            .flat_map(|pair| pair.ends.iter().filter_map(|end| end.first_request))
            .min_by_key(|moment| (moment.time, moment.frame));
        let order = session.order();
        Self {
            id: session_id(place),
            ufrags: order.map(|agent| view.ufrag(agent)),
            state: Some(Word(session.state())),
            agents: order.map(|agent| view.agent(agent)),
            pairs: (0..).zip(&session.pairs).map(|(at, pair)| Pair::new(place, at, pair, session, clock)).collect(),
            pairs_omitted: session.pairs_omitted,
            untried_pairs: session.untried.iter().map(|pair| view.untried(pair)).collect(),
            untried_pairs_omitted: session.untried_omitted,
            checks: session.checks.iter().map(|check| view.check(check)).collect(),
            checks_omitted: session.checks.omitted(),
            selected_pair: session.selected_pair().map(|pair| pair_id(place, pair)),
            selected_pair_changes: session.selected_changes.iter().map(|change| view.change(change)).collect(),
            selected_pair_changes_omitted: session.selected_changes.omitted(),
            first_check_time: first_check.map(|moment| clock.time(moment)),
            first_check_frame: first_check.map(|moment| moment.frame.0),
            connected_time: session.connected_at().map(|moment| clock.time(moment)),
            connected_frame: session.connected_at().map(|moment| moment.frame.0),
            nominated_time: session.nominated.map(|moment| clock.time(moment)),
            nomination_style: session.nomination_style.map(Word),
            nominated_frame: session.nominated.map(|moment| moment.frame.0),
            consent: view.consent(),
            role_conflict: session.role_conflict.map(|conflict| RoleConflict {
                time: clock.time(conflict.moment),
                frame: conflict.moment.frame.0,
                count: conflict.count,
                healed_time: conflict.healed.map(|moment| clock.time(moment)),
            }),
            restart_of: session.restart_of.map(session_id),
            dtls_handshake: session.handshake,
            integrity_invalid: session.integrity.invalid,
            integrity: session.integrity.into(),
            last_time: clock.time(session.last),
        }
    }
}

impl View<'_> {
    fn ufrag(&self, agent: usize) -> String {
        self.session.agents.get(agent).map(|agent| agent.ufrag.clone()).unwrap_or_default()
    }

    fn agent(&self, place: usize) -> Agent {
        let [first, second] = &self.session.agents;
        let agent = if place == 0 { first } else { second };
        let connected = self.session.connected.get(place).copied().flatten();
        Agent {
            ufrag: agent.ufrag.clone(),
            role: self.session.role(place).map(Word),
            role_changes: agent.role_changes,
            tiebreaker: agent.tiebreaker.map(|value| format!("{value:016x}")),
            lite: agent.lite,
            stack: agent.stack.clone(),
            state: self.session.states.get(place).copied().map(Word),
            connected_time: connected.map(|moment| self.clock.time(moment)),
            connected_frame: connected.map(|moment| moment.frame.0),
            selected_pair: agent.selected_pair().map(|pair| pair_id(self.place, pair)),
            selected_pairs: agent
                .selected
                .iter()
                .map(|(component, pair)| SelectedPair { component: *component, pair: pair_id(self.place, *pair) })
                .collect(),
            candidates: agent.candidates.iter().map(|candidate| self.candidate(candidate)).collect(),
            candidates_omitted: agent.candidates_omitted,
        }
    }

    fn candidate(&self, candidate: &ice::Candidate) -> Candidate {
        Candidate {
            address: candidate.address.to_string(),
            base: candidate.base.map(|base| base.to_string()),
            name: candidate.name.clone(),
            r#type: candidate.kind.map(Word),
            protocol: Word(candidate.transport),
            priority: candidate.priority,
            component: candidate.component,
            source: Word(candidate.source),
            signaled_time: candidate.signaled.map(|moment| self.clock.time(moment)),
        }
    }

    fn untried(&self, pair: &ice::UntriedPair) -> UntriedPair {
        let remote = match &pair.remote {
            SignaledAddress::Ip(address) => Endpoint::new(*address, pair.remote_port).to_string(),
            SignaledAddress::Name(name) => format!("{name}:{}", pair.remote_port),
        };
        UntriedPair {
            agent: self.ufrag(pair.agent),
            component: pair.component,
            protocol: Word(pair.transport),
            local: pair.local.to_string(),
            local_type: Word(pair.local_kind),
            remote,
            remote_type: Word(pair.remote_kind),
        }
    }

    fn check(&self, check: &ice::Check) -> Check {
        Check {
            frame: check.moment.frame.0,
            time: self.clock.time(check.moment),
            pair: pair_id(self.place, check.pair),
            from: self.ufrag(check.from),
            controlling: check.controlling,
            use_candidate: check.use_candidate,
            nomination: check.nomination,
            priority: check.priority,
            triggered: check.triggered,
            transaction_id: check.transaction.to_string(),
            outcome: Word(check.outcome),
            error_code: match check.outcome {
                Outcome::Error(code) => Some(code),
                Outcome::Pending | Outcome::Succeeded | Outcome::Icmp | Outcome::NonSymmetric => None,
            },
            response_frame: check.response.map(|moment| moment.frame.0),
            round_trip_time: check.round_trip.map(seconds),
        }
    }

    fn change(&self, change: &ice::SelectedChange) -> SelectedPairChange {
        SelectedPairChange {
            time: self.clock.time(change.moment),
            frame: change.moment.frame.0,
            agent: self.ufrag(change.agent),
            component: change.component,
            pair: pair_id(self.place, change.to),
            previous: change.from.map(|pair| pair_id(self.place, pair)),
            by_data: change.by_data,
        }
    }

    fn consent(&self) -> Consent {
        let lost = (0..)
            .zip(&self.session.pairs)
            .flat_map(|(place, pair)| {
                let ends = (0..).zip(&pair.ends);
                ends.filter_map(move |(agent, end)| Some((end.consent_lost?, place, agent)))
            })
            .min_by_key(|(moment, ..)| (moment.time, moment.frame));
        Consent {
            longest_gap: self.session.longest_consent_gap().map(seconds),
            lost_time: lost.map(|(moment, ..)| self.clock.time(moment)),
            lost_frame: lost.map(|(moment, ..)| moment.frame.0),
            lost_by: lost.map(|(_, _, agent)| self.ufrag(agent)),
            lost_pair: lost.map(|(_, pair, _)| pair_id(self.place, pair)),
        }
    }
}
