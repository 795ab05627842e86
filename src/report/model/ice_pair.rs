//! A candidate pair as the model shows it: one agent's counters, both agents' views.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::{Clock, seconds};
use super::count::{ErrorCount, error_counts};
use super::id::{allocation_id, pair_id};
use super::word::Word;
use crate::path::Transport;
use crate::session::ice::{self, CandidateType, Failure, PairState};

/// A candidate pair. `local` is the end of the agent that was controlling at first, whose counters these are.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// Its id.
    pub id: String,
    /// Its component.
    pub component: u8,
    /// The transport between the two addresses.
    pub protocol: Word<Transport>,
    /// The end of the agent that was controlling at first.
    pub local: End,
    /// The other agent's end.
    pub remote: End,
    /// Whether a successful check with USE-CANDIDATE or NOMINATION nominated it.
    pub nominated: bool,
    /// When that check succeeded.
    pub nominated_time: Option<f64>,
    /// The frame of its answer.
    pub nominated_frame: Option<u64>,
    /// Whether it is the pair in use for its component.
    pub selected: bool,
    /// The allocation that relays its local end, or else its remote one.
    pub allocation: Option<String>,
    /// Checks that the local agent sent, each transaction once.
    pub requests_sent: u64,
    /// Success responses that it got.
    pub responses_received: u64,
    /// Checks that it got: those that the remote agent sent.
    pub requests_received: u64,
    /// Success responses that it sent: those that the remote agent got.
    pub responses_sent: u64,
    /// Repeats of its checks with the same transaction ID.
    pub retransmissions_sent: u64,
    /// Sum of the round trips of its answered checks, in seconds.
    pub total_round_trip_time: f64,
    /// Round trip of the last of them, in seconds.
    pub current_round_trip_time: Option<f64>,
    /// When the pair was first seen.
    pub first_time: f64,
    /// Its frame.
    pub first_frame: u64,
    /// The last check, answer or keepalive.
    pub last_time: f64,
    /// Checks that the local agent sent after its first success (RFC 7675).
    pub consent_requests_sent: u64,
    /// Error responses that it got.
    pub errors: Vec<ErrorCount>,
    /// Why the pair failed at the local agent, or at the remote one where the local one sent no check.
    pub failure: Option<Word<Failure>>,
}

/// One agent's end of a pair, and that agent's view of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// The candidate's transport address.
    pub address: String,
    /// The address on the wire at the capture.
    pub base: String,
    /// The candidate's type to its owner, where that is known.
    pub r#type: Option<Word<CandidateType>>,
    /// The candidate's type to the other agent. Only signalling tells whether it was met first in a check, so that this is
    /// `null` where none was read.
    pub type_as_learnt: Option<Word<CandidateType>>,
    /// The state of the pair at this agent; `null` where it sent no check.
    pub state: Option<Word<PairState>>,
    /// Why the pair failed there.
    pub failure: Option<Word<Failure>>,
    /// When this agent's first check was answered.
    pub succeeded_time: Option<f64>,
    /// Its Binding indications (RFC 8445, section 11).
    pub keepalives_sent: u64,
    /// Error responses that this agent got.
    pub errors: Vec<ErrorCount>,
    /// The first DTLS, media or other data that it sent on the pair.
    pub first_data_time: Option<f64>,
    /// The first record of a DTLS handshake that it sent on the pair.
    pub first_handshake_time: Option<f64>,
    /// The first RTP or RTCP that it sent on the pair.
    pub first_media_time: Option<f64>,
    /// The last of those.
    pub last_data_time: Option<f64>,
    /// When its consent was lost.
    pub consent_lost_time: Option<f64>,
    /// The allocation that relays the address, where the capture saw it made.
    pub allocation: Option<String>,
}

impl Pair {
    /// The published form of the pair at `place` of the session at `session_place`.
    #[must_use]
    pub fn new(session_place: usize, place: usize, pair: &ice::Pair, session: &ice::Session, clock: Clock) -> Self {
        let [first, second] = &pair.ends;
        let (local, remote) = if session.controlling_first == 0 { (first, second) } else { (second, first) };
        let nominated = pair.nominated();
        let allocation = local.allocation.or(remote.allocation);
        let failure = if local.state.is_some() { local.failure } else { remote.failure };
        Self {
            id: pair_id(session_place, place),
            component: pair.component,
            protocol: Word(pair.transport),
            local: End::new(local, clock),
            remote: End::new(remote, clock),
            nominated: nominated.is_some(),
            nominated_time: nominated.map(|moment| clock.time(moment)),
            nominated_frame: nominated.map(|moment| moment.frame.0),
            selected: selected(session, pair.component) == Some(place),
            allocation: allocation.map(allocation_id),
            requests_sent: local.requests_sent,
            responses_received: local.responses_received,
            requests_received: remote.requests_sent,
            responses_sent: remote.responses_received,
            retransmissions_sent: local.retransmissions_sent,
            total_round_trip_time: seconds(local.total_round_trip),
            current_round_trip_time: local.current_round_trip.map(seconds),
            first_time: clock.time(pair.first),
            first_frame: pair.first.frame.0,
            last_time: clock.time(pair.last),
            consent_requests_sent: local.consent_requests_sent,
            errors: error_counts(&local.errors),
            failure: failure.map(Word),
        }
    }
}

/// The pair in use for `component`: that of the agent that was controlling at first, else the other's.
fn selected(session: &ice::Session, component: u8) -> Option<usize> {
    session.order().iter().find_map(|agent| {
        let selected = &session.agents.get(*agent)?.selected;
        selected.iter().find(|(own, _)| *own == component).map(|(_, pair)| *pair)
    })
}

impl End {
    fn new(end: &ice::End, clock: Clock) -> Self {
        Self {
            address: end.address().to_string(),
            base: end.base.to_string(),
            r#type: end.kind.map(Word),
            type_as_learnt: end.kind_as_learnt.map(Word),
            state: end.state.map(Word),
            failure: end.failure.map(Word),
            succeeded_time: end.succeeded.map(|moment| clock.time(moment)),
            keepalives_sent: end.keepalives_sent,
            errors: error_counts(&end.errors),
            first_data_time: end.first_data.map(|moment| clock.time(moment)),
            first_handshake_time: end.first_handshake.map(|moment| clock.time(moment)),
            first_media_time: end.first_media.map(|moment| clock.time(moment)),
            last_data_time: end.last_data.map(|moment| clock.time(moment)),
            consent_lost_time: end.consent_lost.map(|moment| clock.time(moment)),
            allocation: end.allocation.map(allocation_id),
        }
    }
}
