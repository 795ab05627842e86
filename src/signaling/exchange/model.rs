//! What an exchange is.

use std::time::Duration;

use super::state::SignalingState;
use crate::moment::Moment;
use crate::path::Endpoint;
use crate::sdp::Difference;
use crate::signal::{Carrier, Channel, DescriptionType, IceServer, RoomEvent};

/// One of those who negotiate. Numbers of parties are places in [`Exchange::parties`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The name that the application has for it.
    pub name: Option<String>,
    /// The address it signals from, where its own connection is in the capture.
    pub address: Option<Endpoint>,
    /// The server that it signals through; `None` where it speaks with the other party itself (SIP, WHIP).
    pub server: Option<Endpoint>,
    /// Whether its own conversation was heard; else it is known by what was passed on of it.
    pub heard: bool,
    /// Its state at the end.
    pub state: SignalingState,
}

/// A description that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentDescription {
    /// When it was first seen.
    pub moment: Moment,
    /// Who made it.
    pub from: usize,
    /// Who it is for.
    pub to: usize,
    /// Its type.
    pub kind: DescriptionType,
    /// Whether the type follows from the order of things; else it was said.
    pub kind_inferred: bool,
    /// Its text, byte for byte; empty for a rollback.
    pub sdp: String,
    /// When it was seen again on its way: passed on by a server, or in a file. The first few.
    pub again: Vec<Moment>,
}

/// A candidate that was sent by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentCandidate {
    /// When it was first seen.
    pub moment: Moment,
    /// Whose it is.
    pub from: usize,
    /// Its text; empty at the end of candidates.
    pub candidate: String,
    /// The mid of its m-line.
    pub mid: Option<String>,
    /// The index of its m-line, from 0.
    pub m_line_index: Option<u64>,
    /// The user fragment of its generation: said beside it, in its text, or that of its owner's description in force.
    pub username_fragment: Option<String>,
    /// When it was seen again on its way. The first few.
    pub again: Vec<Moment>,
}

/// A party came to another state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateChange {
    /// When.
    pub moment: Moment,
    /// Who.
    pub party: usize,
    /// To which state.
    pub state: SignalingState,
}

/// Something that happened in an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub moment: Moment,
    /// To whom, or by whom.
    pub party: Option<usize>,
    /// What.
    pub incident: Incident,
}

/// What happens in exchanges. Numbers of descriptions and candidates are places in the lists of the exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Incident {
    /// An offer was answered.
    Answered {
        /// The offer.
        offer: usize,
        /// The answer.
        answer: usize,
        /// The time between the two.
        after: Duration,
    },
    /// A description differs from the last one of its author.
    Renegotiated {
        /// The description.
        description: usize,
        /// The one before it.
        previous: usize,
        /// By meaning; credentials and versions are not among them.
        differences: Vec<Difference>,
    },
    /// A description has other ICE credentials than the last one of its author (RFC 8445, section 9).
    IceRestart {
        /// The description.
        description: usize,
    },
    /// A fragment of a description (RFC 8840, section 9) brought other ICE credentials, and with them a restart (RFC 9725,
    /// section 4.3.3).
    NewCredentials {
        /// The new user fragment.
        username_fragment: String,
        /// The mid of the m-line that they are for; all of them without one.
        mid: Option<String>,
    },
    /// Both offered at once.
    Glare {
        /// The first offer.
        first: usize,
        /// The offer that crossed it.
        second: usize,
    },
    /// A description came in a state that does not allow it (RFC 9429, section 3.2).
    IllegalTransition {
        /// The description.
        description: usize,
        /// The state that its author, or the party it is for, was in.
        state: SignalingState,
    },
    /// The description came otherwise than it was sent: somebody on the way has changed it.
    Altered {
        /// The description, as it was seen first.
        description: usize,
        /// What became of it, by meaning.
        differences: Vec<Difference>,
    },
    /// A candidate came before the description that it belongs to.
    EarlyCandidate {
        /// The candidate.
        candidate: usize,
    },
    /// A candidate came after its author said that no more come.
    LateCandidate {
        /// The candidate.
        candidate: usize,
    },
    /// No more candidates come.
    EndOfCandidates {
        /// For the m-line of this mid; for all of them without one.
        mid: Option<String>,
    },
    /// Servers that a party is told to use.
    IceServers(Vec<IceServer>),
    /// Something happened to a room or to a member of it.
    Room(RoomEvent),
}

/// One negotiation: what two parties (more where a call forks) told each other about one connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// What carried it.
    pub carrier: Carrier,
    /// The conversations that it was heard in.
    pub channels: Vec<Channel>,
    /// The room that it goes on in, where the application names one.
    pub room: Option<String>,
    /// Who negotiates; who spoke first is the first.
    pub parties: Vec<Party>,
    /// The descriptions, in order.
    pub descriptions: Vec<SentDescription>,
    /// Descriptions past the bound.
    pub descriptions_omitted: u64,
    /// The candidates that trickled in, in order.
    pub candidates: Vec<SentCandidate>,
    /// Candidates past the bound.
    pub candidates_omitted: u64,
    /// The states of the parties, in order. All begin in *stable*.
    pub states: Vec<StateChange>,
    /// States past the bound.
    pub states_omitted: u64,
    /// What else happened, in order.
    pub happenings: Vec<Happening>,
    /// Happenings past the bound.
    pub happenings_omitted: u64,
    /// The first signal.
    pub first: Moment,
    /// The last signal.
    pub last: Moment,
    /// Whether only one direction of its conversations is in the capture.
    pub one_way: bool,
}
