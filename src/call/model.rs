//! What a call is.

use std::net::IpAddr;

use super::setup::Setup;
use crate::moment::Moment;

/// A thing that belongs to a call, by its place in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// An exchange of the room `signaling`.
    Exchange(usize),
    /// An ICE session.
    Session(usize),
    /// A TURN allocation.
    Allocation(usize),
    /// A flow of media without ICE.
    MediaFlow(usize),
}

/// What a join rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroundKind {
    /// The checks carry the user fragments of the descriptions (RFC 8445, section 7.2.2).
    Ufrag,
    /// Checks go between the addresses of signalled candidates.
    CandidateAddress,
    /// The relayed address of an allocation is a candidate.
    RelayedAddress,
    /// The client of an allocation is the base of a candidate: both use one socket.
    ClientAddress,
    /// The client of an allocation is the host of the only party that negotiated then.
    ClientHost,
    /// An ICE session restarts another one.
    Restart,
    /// Two ICE sessions have an agent with the same tie-breaker, which an agent draws once.
    Tiebreaker,
    /// Media goes to an address of an `m=` line.
    MediaAddress,
    /// Exchanges went over one conversation with a server at the same time.
    Conversation,
    /// Exchanges went on in one room at the same time.
    Room,
}

impl GroundKind {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ufrag => "ufrag",
            Self::CandidateAddress => "candidate-address",
            Self::RelayedAddress => "relayed-address",
            Self::ClientAddress => "client-address",
            Self::ClientHost => "client-host",
            Self::Restart => "restart",
            Self::Tiebreaker => "tiebreaker",
            Self::MediaAddress => "media-address",
            Self::Conversation => "conversation",
            Self::Room => "room",
        }
    }
}

/// Why two things belong to one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// What kind of reason.
    pub kind: GroundKind,
    /// What they have in common, as it is on the wire.
    pub detail: String,
    /// The two things.
    pub members: [Member; 2],
}

/// How the participants of a call are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topology {
    /// Two, with nothing between them.
    Direct,
    /// Two, through a TURN server.
    Relayed,
    /// One address that everybody is connected to: an SFU, an MCU, a gateway.
    Star {
        /// The host in the middle.
        center: IpAddr,
    },
    /// Three or more, each with the others.
    Mesh,
}

impl Topology {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Relayed => "relayed",
            Self::Star { .. } => "star",
            Self::Mesh => "mesh",
        }
    }
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It got a connection, and kept it as long as the capture or the call lasted.
    Connected,
    /// It got a connection and lost it.
    Lost,
    /// No connection came about.
    Failed,
    /// Its agents were still trying when the capture ended.
    Connecting,
    /// It was refused.
    Refused,
    /// It was given up before it was answered.
    Cancelled,
    /// Its offer was not answered.
    Unanswered,
    /// It was negotiated; whether it was connected is not in the capture.
    Negotiated,
}

impl Outcome {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Lost => "lost",
            Self::Failed => "failed",
            Self::Connecting => "connecting",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Unanswered => "unanswered",
            Self::Negotiated => "negotiated",
        }
    }
}

/// One of those in a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Participant {
    /// The name that the application has for it.
    pub name: Option<String>,
    /// The party of each exchange of the call that it is: places of the exchange and of the party in it.
    pub parties: Vec<(usize, usize)>,
    /// The agent of each ICE session of the call that it is: places of the session and of the agent in it.
    pub agents: Vec<(usize, usize)>,
    /// The hosts that it was seen at, in order of appearance.
    pub addresses: Vec<IpAddr>,
    /// The media streams that it announced (`a=msid`, RFC 8830).
    pub msids: Vec<String>,
    /// The implementation that its messages give away.
    pub stack: Option<String>,
}

/// A call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its exchanges, by place, in order.
    pub exchanges: Vec<usize>,
    /// Its ICE sessions.
    pub sessions: Vec<usize>,
    /// Its allocations.
    pub allocations: Vec<usize>,
    /// Its flows of media without ICE.
    pub media_flows: Vec<usize>,
    /// Its media streams.
    pub streams: Vec<usize>,
    /// Why these belong together.
    pub grounds: Vec<Ground>,
    /// How its participants are connected, where that is visible.
    pub topology: Option<Topology>,
    /// Who is in it.
    pub participants: Vec<Participant>,
    /// What became of it.
    pub outcome: Outcome,
    /// How it was set up.
    pub setup: Setup,
    /// Its first message.
    pub first: Moment,
    /// Its last message.
    pub last: Moment,
}
