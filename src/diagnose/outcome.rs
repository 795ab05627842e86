//! How a session ended, so that the rules agree about the cause and only one of them speaks.

use std::time::Duration;

use super::case::Case;
use crate::moment::Timestamp;
use crate::session::ice::{AgentState, End, Failure, Pair, Session};

/// Checks, repeats included, after which a session that never connected was seriously tried.
const TRIED_CHECKS: u64 = 5;
/// Time between the first and the last check after which it was.
const TRIED_OVER: Duration = Duration::from_secs(2);
/// Time after which a session whose agents still try is judged all the same.
const TRIED_FOR: Duration = Duration::from_secs(5);
/// Refusals in a row after which an agent that had connected counts as locked out.
const LOCKED_OUT: u64 = 3;
/// Checks of one agent on the pair that works for the other, none answered, before the two count as disagreeing.
const ONE_SIDED_CHECKS: u64 = 3;

/// How a session ended, as far as the capture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// At least one agent connected, and nothing that it uses was lost.
    Works,
    /// Nothing succeeded, and the capture is too short to say that it will not.
    Open,
    /// Only this agent's direction is in the capture.
    OneWay {
        /// The agent that is seen.
        agent: usize,
    },
    /// Data flows, and no request is seen on the same path as its answer.
    Apart,
    /// The other agent answers this one's checks with 401.
    WrongPassword {
        /// The agent whose checks are refused.
        agent: usize,
    },
    /// No check was answered at all.
    Silent,
    /// Nothing succeeded, for other reasons or several.
    Failed,
    /// One agent's checks succeed on a pair where those of the other are not answered.
    HalfOpen {
        /// The pair.
        pair: usize,
        /// The agent whose checks are not answered.
        agent: usize,
    },
    /// The pair in use was no longer answered, for good.
    Lost {
        /// The agent that lost it.
        agent: usize,
    },
    /// The pair in use is not answered at the end of the capture, not for long enough to call it lost.
    Disconnected {
        /// The agent that asks in vain.
        agent: usize,
    },
    /// Another session took its place before anything else happened to it.
    Replaced,
}

impl Outcome {
    /// The outcome of `session`, which another one restarted if `replaced`.
    pub(super) fn of(case: &Case<'_>, session: &Session, replaced: bool) -> Self {
        if let Some(agent) = refused(session) {
            return Self::WrongPassword { agent };
        }
        if session.connected.iter().any(Option::is_some) {
            return if replaced { Self::Replaced } else { Self::of_connected(session) };
        }
        if let Some(agent) = seen_alone(case, session) {
            return Self::OneWay { agent };
        }
        if ends(session).any(|(_, _, end)| end.first_data.is_some()) {
            return Self::Apart;
        }
        if replaced || !tried(session, case.now()) {
            return Self::Open;
        }
        if ends(session).all(|(_, _, end)| end.requests_sent == 0 || never_answered(end)) {
            Self::Silent
        } else {
            Self::Failed
        }
    }

    fn of_connected(session: &Session) -> Self {
        let in_use = |agent: usize| {
            let pair = session.pairs.get(session.agents.get(agent)?.selected_pair()?)?;
            pair.ends.get(agent)
        };
        for agent in [0, 1] {
            if in_use(agent).is_some_and(|end| end.consent_lost.is_some()) {
                return Self::Lost { agent };
            }
        }
        for agent in [0, 1] {
            let state = session.states.get(agent);
            if matches!(state, Some(AgentState::Disconnected | AgentState::Failed))
                && session.connected.get(agent).is_some_and(Option::is_some)
            {
                return Self::Disconnected { agent };
            }
        }
        one_sided(session).map_or(Self::Works, |(pair, agent)| Self::HalfOpen { pair, agent })
    }

    /// Whether media can flow, as far as the capture shows.
    pub(super) const fn works(self) -> bool {
        matches!(self, Self::Works | Self::OneWay { .. } | Self::Apart | Self::Replaced)
    }
}

/// Every end of every pair: the place of the pair, the agent, and its end.
pub(super) fn ends(session: &Session) -> impl Iterator<Item = (usize, usize, &End)> + Clone {
    session
        .pairs
        .iter()
        .enumerate()
        .flat_map(|(place, pair)| pair.ends.iter().enumerate().map(move |(agent, end)| (place, agent, end)))
}

/// Whether checks went out from an end and nothing whatsoever came back.
pub(super) fn never_answered(end: &End) -> bool {
    end.requests_sent > 0
        && end.responses_received == 0
        && end.errors.is_empty()
        && !matches!(end.failure, Some(Failure::Icmp | Failure::NonSymmetric | Failure::Error(_)))
}

/// The agent whose checks the other one answers with 401, where nothing else happened to them since.
fn refused(session: &Session) -> Option<usize> {
    [0, 1].into_iter().find(|agent| {
        let mine = || ends(session).filter(|(_, of, _)| of == agent).map(|(_, _, end)| end);
        let refusals: u64 = mine().filter_map(|end| end.errors.get(&401)).sum();
        let connected = session.connected.get(*agent).is_some_and(Option::is_some);
        let last_request = mine().filter_map(|end| end.last_request).max();
        let last_success = mine().filter_map(|end| end.last_response).max();
        let since = match (last_request, last_success) {
            (Some(request), Some(success)) => request.time.since(success.time),
            _ => Duration::ZERO,
        };
        refusals > 0 && (!connected || (refusals >= LOCKED_OUT && since >= TRIED_FOR))
    })
}

/// The only agent that the capture hears, where it evidently gets answers: its data goes out on a pair, or it answers requests that
/// the capture does not hold.
fn seen_alone(case: &Case<'_>, session: &Session) -> Option<usize> {
    let heard = |agent: usize| {
        let sends = session.agents.get(agent).is_some_and(|agent| agent.requests > 0 || agent.responses > 0);
        sends || ends(session).any(|(_, of, end)| of == agent && end.first_data.is_some())
    };
    let alone = match [heard(0), heard(1)] {
        [true, false] => 0,
        [false, true] => 1,
        _ => return None,
    };
    let data = ends(session).any(|(_, of, end)| of == alone && end.first_data.is_some());
    (data || case.answers_without_requests()).then_some(alone)
}

/// Whether a session that never connected was tried in earnest and given enough time. One that is dropped after a few checks gave
/// way to something else.
fn tried(session: &Session, now: Timestamp) -> bool {
    let mut judged = session.states.iter().filter(|state| **state != AgentState::New);
    let given_up = judged.all(|state| *state == AgentState::Failed);
    let checks: u64 = ends(session).map(|(_, _, end)| end.requests_sent + end.retransmissions_sent).sum();
    let last = session.pairs.iter().map(|pair| pair.last.time).max().unwrap_or(session.first.time);
    let earnest = checks >= TRIED_CHECKS || last.since(session.first.time) >= TRIED_OVER;
    earnest && (given_up || now.since(session.first.time) >= TRIED_FOR)
}

/// A pair that works for one agent, on which the other's checks are not answered, where that agent has no other pair either.
fn one_sided(session: &Session) -> Option<(usize, usize)> {
    let stuck = |pair: &Pair, agent: usize| {
        let [mine, theirs] = if agent == 0 { [&pair.ends[0], &pair.ends[1]] } else { [&pair.ends[1], &pair.ends[0]] };
        theirs.succeeded.is_some()
            && never_answered(mine)
            && mine.requests_sent >= ONE_SIDED_CHECKS
            && mine.last_request.zip(mine.first_request).is_some_and(|(l, f)| l.time.since(f.time) >= TRIED_FOR)
            && session.connected.get(agent).is_some_and(Option::is_none)
    };
    session
        .pairs
        .iter()
        .enumerate()
        .find_map(|(place, pair)| [0, 1].into_iter().find(|agent| stuck(pair, *agent)).map(|agent| (place, agent)))
}
