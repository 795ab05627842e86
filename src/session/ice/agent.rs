//! One of the two agents of a session, and its candidates.

use std::fmt;

use crate::moment::Moment;
use crate::path::{Endpoint, Transport};

/// Who decides which pair is used (RFC 8445, section 6.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Nominates.
    Controlling,
    /// Follows.
    Controlled,
}

impl Role {
    /// The role of the agent across.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Controlling => Self::Controlled,
            Self::Controlled => Self::Controlling,
        }
    }

    /// The RFC's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Controlling => "controlling",
            Self::Controlled => "controlled",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where a candidate's address comes from (RFC 8445, section 5.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CandidateType {
    /// An address of the agent's own.
    Host,
    /// As a STUN or TURN server sees it.
    ServerReflexive,
    /// As the other agent sees it, met in a check.
    PeerReflexive,
    /// An address on a TURN server.
    Relayed,
}

impl CandidateType {
    /// The short form that SDP and the W3C statistics use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::ServerReflexive => "srflx",
            Self::PeerReflexive => "prflx",
            Self::Relayed => "relay",
        }
    }
}

impl fmt::Display for CandidateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a candidate became known to the capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CandidateSource {
    /// It sent or received a check.
    Check,
    /// A STUN or TURN server told its owner.
    Gathering,
    /// A TURN server allocated it.
    Allocation,
    /// Its owner signalled it, and it was not seen otherwise.
    Signaling,
}

impl CandidateSource {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Gathering => "gathering",
            Self::Allocation => "allocation",
            Self::Signaling => "signaling",
        }
    }
}

/// A candidate of an agent, as far as the capture shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its transport address.
    pub address: Endpoint,
    /// The address on the wire at the capture; `None` of one that was only signalled.
    pub base: Option<Endpoint>,
    /// The name that hides its address in the signalling (multicast DNS).
    pub name: Option<String>,
    /// Its type to its owner, where that is known.
    pub kind: Option<CandidateType>,
    /// Its transport.
    pub transport: Transport,
    /// The PRIORITY that its owner's checks from it carried, the one it would have as peer-reflexive; of one that was only signalled, its own.
    pub priority: Option<u32>,
    /// Its component.
    pub component: u8,
    /// How it became known.
    pub source: CandidateSource,
    /// When it was first signalled; `None` where that was not seen.
    pub signaled: Option<Moment>,
}

/// One of the two agents of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Its username fragment; bytes that are not UTF-8 are replaced.
    pub ufrag: String,
    /// The role that it claimed last, or that follows from the other's.
    pub role: Option<Role>,
    /// Whether it claimed the role itself.
    pub role_claimed: bool,
    /// How often its claim changed.
    pub role_changes: u32,
    /// The tie-breaker of its last check.
    pub tiebreaker: Option<u64>,
    /// Whether it is a lite agent: `Some(false)` once it sent a check; `Some(true)` when it answered at least three and never sent
    /// any; else unknown.
    pub lite: Option<bool>,
    /// The implementation that its messages give away: a SOFTWARE value, or `libwebrtc` by the attributes only it sends.
    pub stack: Option<String>,
    /// Requests it sent, without retransmissions.
    pub requests: u64,
    /// Success responses it sent.
    pub responses: u64,
    /// Role conflicts (487) that it reported to the other.
    pub conflicts_reported: u64,
    /// When it was last heard of.
    pub last: Option<Moment>,
    /// The pair it uses, by place in the session, for each component: the pair that carries its DTLS or media, else its last
    /// nominated success.
    pub selected: Vec<(u8, usize)>,
    /// Candidates it has, in order of appearance.
    pub candidates: Vec<Candidate>,
    /// Candidates past the bound.
    pub candidates_omitted: u64,
}

impl Agent {
    pub(super) fn new(ufrag: String) -> Self {
        Self {
            ufrag,
            role: None,
            role_claimed: false,
            role_changes: 0,
            tiebreaker: None,
            lite: None,
            stack: None,
            requests: 0,
            responses: 0,
            conflicts_reported: 0,
            last: None,
            selected: Vec::new(),
            candidates: Vec::new(),
            candidates_omitted: 0,
        }
    }

    /// The pair it uses for its lowest component.
    #[must_use]
    pub fn selected_pair(&self) -> Option<usize> {
        self.selected.iter().min_by_key(|(component, _)| *component).map(|(_, pair)| *pair)
    }
}
