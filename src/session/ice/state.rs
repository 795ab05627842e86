//! A session: two agents, their pairs, and how far each agent got.

use std::fmt;
use std::time::Duration;

use super::agent::{Agent, Role};
use super::check::Check;
use super::pair::Pair;
use super::untried::UntriedPair;
use crate::moment::Moment;
use crate::session::{Abbreviated, VerdictCount};

/// How far an agent got; the words of the W3C's `RTCIceTransportState`, derived from what the capture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgentState {
    /// No check of its own was seen.
    New,
    /// It sends checks, and none has succeeded yet.
    Checking,
    /// A pair succeeded.
    Connected,
    /// A pair was nominated, and no check on another pair is under way.
    Completed,
    /// It was connected, and its checks are no longer answered.
    Disconnected,
    /// Every pair failed, or the pair in use was not answered for good.
    Failed,
}

impl AgentState {
    /// The W3C's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Checking => "checking",
            Self::Connected => "connected",
            Self::Completed => "completed",
            Self::Disconnected => "disconnected",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for AgentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How the controlling agent nominates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NominationStyle {
    /// USE-CANDIDATE on a pair that has succeeded (RFC 8445, section 8.1.1).
    Regular,
    /// USE-CANDIDATE on checks of pairs that may still fail (RFC 5245, section 8.1.1.2); libwebrtc does so.
    Aggressive,
    /// NOMINATION with a rising value, by which libwebrtc changes its mind.
    Renomination,
}

impl NominationStyle {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Aggressive => "aggressive",
            Self::Renomination => "renomination",
        }
    }
}

/// The pair that an agent uses became another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelectedChange {
    /// When.
    pub moment: Moment,
    /// Which agent, by place in the session.
    pub agent: usize,
    /// The component.
    pub component: u8,
    /// The pair that it used before, by place; `None` for its first.
    pub from: Option<usize>,
    /// The pair that it uses now.
    pub to: usize,
    /// Whether data showed it; else a nomination did.
    pub by_data: bool,
}

/// A role conflict: an agent answered 487 (RFC 8445, section 7.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleConflict {
    /// When the first 487 came.
    pub moment: Moment,
    /// How many came.
    pub count: u64,
    /// When an agent claimed the other role after it; `None` while the conflict stands.
    pub healed: Option<Moment>,
}

/// A time without answers on the pair that an agent uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// Which agent, by place in the session.
    pub agent: usize,
    /// Its pair, by place.
    pub pair: usize,
    /// The first check that was not answered.
    pub from: Moment,
    /// When an answer came again, on this pair or another; `None` while none has.
    pub until: Option<Moment>,
    /// How many checks went unanswered when the agent counted as disconnected.
    pub unanswered: u32,
}

/// An ICE session: everything between two agents with one pair of username fragments.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The two agents; the sender of the first check seen is the first.
    pub agents: [Agent; 2],
    /// Which of them was controlling at first, by place. Unknown roles: the sender of the first request seen.
    pub controlling_first: usize,
    /// Its pairs in order of appearance.
    pub pairs: Vec<Pair>,
    /// Pairs that came after the bound was reached.
    pub pairs_omitted: u64,
    /// Pairs that could have been made of what both agents signalled, and that nobody checked.
    pub untried: Vec<UntriedPair>,
    /// Those past the bound.
    pub untried_omitted: u64,
    /// Its checks.
    pub checks: Abbreviated<Check>,
    /// Every change of a selected pair.
    pub selected_changes: Abbreviated<SelectedChange>,
    /// Times without answers that lasted long enough to count as *disconnected*.
    pub outages: Abbreviated<Outage>,
    /// The role conflict, if there was one.
    pub role_conflict: Option<RoleConflict>,
    /// The first message of the session.
    pub first: Moment,
    /// The last message of the session.
    pub last: Moment,
    /// When each agent first had a pair that succeeded.
    pub connected: [Option<Moment>; 2],
    /// The first nomination that succeeded.
    pub nominated: Option<Moment>,
    /// How it was nominated; `None` before the first check with USE-CANDIDATE or NOMINATION.
    pub nomination_style: Option<NominationStyle>,
    /// How far each agent got.
    pub states: [AgentState; 2],
    /// The session that this one restarted, by place: new fragments between the same agents.
    pub restart_of: Option<usize>,
    /// Whether a DTLS handshake began on one of its pairs.
    pub handshake: bool,
    /// What the MESSAGE-INTEGRITY of its checks and their answers proves, with the passwords given or signalled.
    pub integrity: VerdictCount,
    /// Whether data was seen on one of its pairs.
    pub(super) carries_data: bool,
    /// Whether the capture is over.
    pub(super) ended: bool,
    /// Whether another session restarted it.
    pub(super) restarted: bool,
    /// The outage of each agent that has not ended, by place in `outages`.
    pub(super) open_outages: [Option<u64>; 2],
    /// Changes of selected pairs that were told as events.
    pub(super) selected_told: u64,
}

impl Session {
    /// The agent that was controlling at first, and the other, by place.
    #[must_use]
    pub const fn order(&self) -> [usize; 2] {
        if self.controlling_first == 0 { [0, 1] } else { [1, 0] }
    }

    /// The state of the session: its agents', where they are alike; else the one that got less far.
    ///
    /// An agent that never sent a check (lite, or not visible to the capture) does not hold the other back.
    #[must_use]
    pub fn state(&self) -> AgentState {
        let rank = |state: AgentState| match state {
            AgentState::Failed => 0,
            AgentState::Disconnected => 1,
            AgentState::Checking => 2,
            AgentState::Connected => 3,
            AgentState::Completed => 4,
            AgentState::New => 5,
        };
        let [first, second] = self.states;
        if rank(first) <= rank(second) { first } else { second }
    }

    /// The pair in use, by place: the one both agents use, or that of the agent that was controlling at first.
    #[must_use]
    pub fn selected_pair(&self) -> Option<usize> {
        self.order().iter().find_map(|agent| self.agents.get(*agent).and_then(Agent::selected_pair))
    }

    /// When both agents (or the only one that is seen to check) had a pair that succeeded.
    #[must_use]
    pub fn connected_at(&self) -> Option<Moment> {
        match (self.connected, self.agents.each_ref().map(|agent| agent.requests > 0)) {
            ([Some(first), Some(second)], _) => Some(first.max(second)),
            ([Some(one), None], [_, false]) | ([None, Some(one)], [false, _]) => Some(one),
            _ => None,
        }
    }

    /// The longest time between two success responses on the pair in use, at either agent.
    #[must_use]
    pub fn longest_consent_gap(&self) -> Option<Duration> {
        let pair = self.pairs.get(self.selected_pair()?)?;
        pair.ends.iter().filter(|end| end.succeeded.is_some()).map(|end| end.longest_gap).max()
    }

    /// The role of agent `place`: its own claim, or what follows from the other's.
    #[must_use]
    pub fn role(&self, place: usize) -> Option<Role> {
        let agent = self.agents.get(place)?;
        agent.role.or_else(|| self.agents.get(1 - place.min(1))?.role.map(Role::other))
    }
}
