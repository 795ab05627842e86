//! A candidate pair and both agents' views of it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::agent::CandidateType;
use crate::moment::Moment;
use crate::path::{Endpoint, FlowId, Transport};

/// The state of a pair at one agent (RFC 8445, section 6.1.2.6), as far as the capture shows it. *Frozen* and *waiting* leave no
/// trace on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PairState {
    /// A check is under way.
    InProgress,
    /// A check was answered with success.
    Succeeded,
    /// Its checks were refused, or went unanswered for good.
    Failed,
}

impl PairState {
    /// The RFC's word in kebab case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for PairState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why a pair failed at an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failure {
    /// Its checks were never answered.
    Unanswered,
    /// Its checks were answered with this error.
    Error(u16),
    /// An ICMP error came back.
    Icmp,
    /// It had succeeded, and then its checks were no longer answered.
    ConsentLost,
    /// The answer came from another address than the request went to (RFC 8445, section 7.2.5.2.1).
    NonSymmetric,
}

impl Failure {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Error(_) => "error-response",
            Self::Icmp => "icmp-error",
            Self::ConsentLost => "consent-lost",
            Self::NonSymmetric => "non-symmetric",
        }
    }
}

/// One agent's end of a pair, and that agent's view of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The address on the wire at the capture; for a relayed candidate seen inside its relay, the relayed address.
    pub base: Endpoint,
    /// The address that the last answered check of this agent on the pair came back with.
    pub mapped: Option<Endpoint>,
    /// The candidate's type to its owner, where it is known.
    pub kind: Option<CandidateType>,
    /// The candidate's type to the other agent, where that is known.
    pub kind_as_learnt: Option<CandidateType>,
    /// The allocation that the address is relayed by, by place, where the capture saw it made.
    pub allocation: Option<usize>,
    /// The pair's state at this agent; `None` when it sent no check on it.
    pub state: Option<PairState>,
    /// Why it failed there.
    pub failure: Option<Failure>,
    /// Checks this agent sent on the pair, each transaction once.
    pub requests_sent: u64,
    /// Repeats of those with the same transaction ID.
    pub retransmissions_sent: u64,
    /// Success responses it got.
    pub responses_received: u64,
    /// Checks it sent after its first success: consent checks (RFC 7675).
    pub consent_requests_sent: u64,
    /// Binding indications it sent (RFC 8445, section 11).
    pub keepalives_sent: u64,
    /// Error responses it got, by code.
    pub errors: BTreeMap<u16, u64>,
    /// Sum of the round trips of its answered checks.
    pub total_round_trip: Duration,
    /// Round trip of the last of them.
    pub current_round_trip: Option<Duration>,
    /// Its first and its last check.
    pub first_request: Option<Moment>,
    /// Its last check.
    pub last_request: Option<Moment>,
    /// Time between its last two checks.
    pub last_gap: Duration,
    /// Its first success response.
    pub succeeded: Option<Moment>,
    /// Its last success response.
    pub last_response: Option<Moment>,
    /// Its first unanswered check since then.
    pub unanswered_since: Option<Moment>,
    /// How many of its checks since then went unanswered.
    pub unanswered: u32,
    /// The longest time between two success responses after the first: how long it went without renewed consent.
    pub longest_gap: Duration,
    /// Its first check with USE-CANDIDATE (or NOMINATION).
    pub use_candidate_sent: Option<Moment>,
    /// Its first success response to such a check: from here the pair is nominated.
    pub nominated: Option<Moment>,
    /// The last of those.
    pub last_nominated: Option<Moment>,
    /// The first DTLS, RTP, RTCP or other data that it sent on the pair.
    pub first_data: Option<Moment>,
    /// The first record of a DTLS handshake among it.
    pub first_handshake: Option<Moment>,
    /// The first ClientHello among those records: who sends one is the client.
    pub first_client_hello: Option<Moment>,
    /// The first RTP or RTCP among it.
    pub first_media: Option<Moment>,
    /// The last data that it sent on the pair.
    pub last_data: Option<Moment>,
    /// When its consent was lost: the time of expiry.
    pub consent_lost: Option<Moment>,
    /// The PRIORITY of its last check: the one its candidate would have as peer-reflexive.
    pub priority: Option<u32>,
    /// When its agent last left the pair for another one.
    pub(super) left: Option<Moment>,
}

impl End {
    pub(super) fn new(base: Endpoint) -> Self {
        Self {
            base,
            mapped: None,
            kind: None,
            kind_as_learnt: None,
            allocation: None,
            state: None,
            failure: None,
            requests_sent: 0,
            retransmissions_sent: 0,
            responses_received: 0,
            consent_requests_sent: 0,
            keepalives_sent: 0,
            errors: BTreeMap::new(),
            total_round_trip: Duration::ZERO,
            current_round_trip: None,
            first_request: None,
            last_request: None,
            last_gap: Duration::ZERO,
            succeeded: None,
            last_response: None,
            unanswered_since: None,
            unanswered: 0,
            longest_gap: Duration::ZERO,
            use_candidate_sent: None,
            nominated: None,
            last_nominated: None,
            first_data: None,
            first_handshake: None,
            first_client_hello: None,
            first_media: None,
            last_data: None,
            consent_lost: None,
            priority: None,
            left: None,
        }
    }

    /// The candidate's transport address: the relayed one for a relayed candidate, the mapped one where a check's answer told it,
    /// else the one on the wire.
    #[must_use]
    pub fn address(&self) -> Endpoint {
        if self.allocation.is_some() { self.base } else { self.mapped.unwrap_or(self.base) }
    }
}

/// A candidate pair. `ends` are in the order of the session's agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The component, 256 minus the low byte of PRIORITY (RFC 8445, section 5.1.2.1); 1 where no check said.
    pub component: u8,
    /// The transport between the two addresses.
    pub transport: Transport,
    /// Each agent's end of it.
    pub ends: [End; 2],
    /// When the pair was first seen.
    pub first: Moment,
    /// Its last check, answer or keepalive.
    pub last: Moment,
    /// The flows that carry its messages: one, or two where the capture sees both legs of a relay.
    pub(in crate::session) flows: Vec<FlowId>,
}

impl Pair {
    /// Whether a successful check with USE-CANDIDATE (or NOMINATION) nominated it.
    #[must_use]
    pub fn nominated(&self) -> Option<Moment> {
        self.ends.iter().filter_map(|end| end.nominated).min()
    }

    /// Whether either end is relayed, as far as the capture knows.
    #[must_use]
    pub fn relayed(&self) -> bool {
        self.ends.iter().any(|end| end.allocation.is_some() || end.kind == Some(CandidateType::Relayed))
    }
}
