//! What happened, told as it happens.

use std::time::Duration;

use crate::moment::Moment;
use crate::path::{Endpoint, Path};
use crate::wire::rtp::{PayloadType, Ssrc};
use crate::wire::stun::Method;

use super::ice::{AgentState, Failure, Role};
use super::turn::EndReason;

/// Something that happened. Numbers are places in the lists of [`Sessions`](super::Sessions): the session, the agent and the
/// pair within it, the allocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When it came to light; for what time alone brings about, the time it was due and the frame that showed it.
    pub moment: Moment,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// The first check between two username fragments.
    SessionStarted {
        /// The session.
        session: usize,
    },
    /// A session restarted another one: new fragments between the same agents.
    SessionRestarted {
        /// The new session.
        session: usize,
        /// The one it replaces.
        of: usize,
    },
    /// The first check on a pair.
    PairStarted {
        /// The session.
        session: usize,
        /// The pair.
        pair: usize,
        /// The agent that sent the check.
        agent: usize,
    },
    /// An agent's check on a pair was answered with success for the first time.
    PairSucceeded {
        /// The session.
        session: usize,
        /// The pair.
        pair: usize,
        /// The agent that had sent the check.
        agent: usize,
        /// The round trip of the check.
        round_trip: Option<Duration>,
    },
    /// A source sent three RTP packets in a row on a path for the first time.
    StreamStarted {
        /// The source.
        ssrc: Ssrc,
        /// The path.
        path: Path,
        /// The payload type of its first packet.
        payload_type: PayloadType,
    },
    /// A pair failed at an agent.
    PairFailed {
        /// The session.
        session: usize,
        /// The pair.
        pair: usize,
        /// The agent.
        agent: usize,
        /// Why.
        failure: Failure,
    },
    /// A check with USE-CANDIDATE (or NOMINATION) succeeded on a pair for the first time.
    PairNominated {
        /// The session.
        session: usize,
        /// The pair.
        pair: usize,
        /// The nominating agent.
        agent: usize,
        /// The value of NOMINATION.
        nomination: Option<u32>,
    },
    /// The pair that an agent uses became another.
    SelectedPairChanged {
        /// The session.
        session: usize,
        /// The agent.
        agent: usize,
        /// The component.
        component: u8,
        /// The pair before.
        from: Option<usize>,
        /// The pair now.
        to: usize,
    },
    /// An agent got to another state.
    AgentStateChanged {
        /// The session.
        session: usize,
        /// The agent.
        agent: usize,
        /// The state before.
        from: AgentState,
        /// The state now.
        to: AgentState,
    },
    /// An agent answered 487.
    RoleConflict {
        /// The session.
        session: usize,
        /// The agent that answered.
        agent: usize,
    },
    /// An agent claims another role than before.
    RoleChanged {
        /// The session.
        session: usize,
        /// The agent.
        agent: usize,
        /// The role now.
        role: Role,
    },
    /// Thirty seconds without a success response on the pair in use (RFC 7675).
    ConsentLost {
        /// The session.
        session: usize,
        /// The pair.
        pair: usize,
        /// The agent.
        agent: usize,
    },
    /// A STUN or TURN server told a client its mapped address.
    Mapped {
        /// The client on the wire.
        client: Endpoint,
        /// The server.
        server: Endpoint,
        /// The address it sees.
        mapped: Endpoint,
    },
    /// A client asks for an allocation.
    AllocationRequested {
        /// The allocation.
        allocation: usize,
    },
    /// A server granted an allocation.
    AllocationCreated {
        /// The allocation.
        allocation: usize,
    },
    /// A server renewed an allocation.
    AllocationRefreshed {
        /// The allocation.
        allocation: usize,
        /// Seconds granted.
        lifetime: u32,
    },
    /// An allocation ended.
    AllocationEnded {
        /// The allocation.
        allocation: usize,
        /// Why.
        reason: EndReason,
    },
    /// A TURN server answered with an error.
    TurnError {
        /// The allocation.
        allocation: usize,
        /// The method of the request.
        method: Method,
        /// The code.
        code: u16,
    },
    /// A server granted or renewed a permission.
    PermissionGranted {
        /// The allocation.
        allocation: usize,
        /// The peer.
        peer: Endpoint,
        /// Whether it stood already.
        renewed: bool,
    },
    /// A permission expired.
    PermissionExpired {
        /// The allocation.
        allocation: usize,
        /// The peer.
        peer: Endpoint,
    },
    /// A server bound or renewed a channel.
    ChannelBound {
        /// The allocation.
        allocation: usize,
        /// The channel number.
        number: u16,
        /// The peer.
        peer: Endpoint,
        /// Whether it stood already.
        renewed: bool,
    },
    /// A channel binding expired.
    ChannelExpired {
        /// The allocation.
        allocation: usize,
        /// The channel number.
        number: u16,
    },
    /// A response came from another address than its request went to.
    StrayResponse {
        /// The path of the request.
        request: Path,
        /// Where the response came from.
        from: Endpoint,
    },
    /// An ICMP error quoted a STUN request.
    IcmpError {
        /// The path of the request.
        request: Path,
    },
}

impl What {
    /// The name in the event stream: `ice.pairSucceeded`, `turn.allocationCreated`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SessionStarted { .. } => "ice.sessionStarted",
            Self::SessionRestarted { .. } => "ice.sessionRestarted",
            Self::StreamStarted { .. } => "rtp.streamStarted",
            Self::PairStarted { .. } => "ice.pairStarted",
            Self::PairSucceeded { .. } => "ice.pairSucceeded",
            Self::PairFailed { .. } => "ice.pairFailed",
            Self::PairNominated { .. } => "ice.pairNominated",
            Self::SelectedPairChanged { .. } => "ice.selectedPairChanged",
            Self::AgentStateChanged { .. } => "ice.agentStateChanged",
            Self::RoleConflict { .. } => "ice.roleConflict",
            Self::RoleChanged { .. } => "ice.roleChanged",
            Self::ConsentLost { .. } => "ice.consentLost",
            Self::Mapped { .. } => "stun.mapped",
            Self::AllocationRequested { .. } => "turn.allocationRequested",
            Self::AllocationCreated { .. } => "turn.allocationCreated",
            Self::AllocationRefreshed { .. } => "turn.allocationRefreshed",
            Self::AllocationEnded { .. } => "turn.allocationEnded",
            Self::TurnError { .. } => "turn.error",
            Self::PermissionGranted { .. } => "turn.permissionGranted",
            Self::PermissionExpired { .. } => "turn.permissionExpired",
            Self::ChannelBound { .. } => "turn.channelBound",
            Self::ChannelExpired { .. } => "turn.channelExpired",
            Self::StrayResponse { .. } => "stun.strayResponse",
            Self::IcmpError { .. } => "stun.icmpError",
        }
    }
}
