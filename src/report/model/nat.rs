//! The section `nat`: clients with their mappings, how their NATs behave, and whether they could meet.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::id::session_id;
use super::nat_evidence::evidence;
use super::word::Word;
use crate::session::ice;
use crate::session::nat::{self, ClassicType, FilteringBehavior, Happened, MappedBy, MappingBehavior, TraversalGround};

/// NATs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Nat {
    /// Clients that a server told their address, or that a peer saw at another one than the capture.
    pub clients: Vec<NatClient>,
    /// ICE sessions with an agent that is known to be behind a NAT.
    pub traversal: Vec<Traversal>,
}

/// A host on the wire, and the NAT between the capture and whom it spoke to.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NatClient {
    /// Its IP address on the wire at the capture.
    pub address: String,
    /// Its mapped addresses, in order of appearance: all that servers told, and those of peers that differ from the one on the wire.
    pub mappings: Vec<NatMapping>,
    /// Mapped addresses left out.
    pub mappings_omitted: u64,
    /// Whether somebody saw another address than the one on the wire. Where not, a NAT between the client and the capture would not show.
    pub translated: bool,
    /// Whether it ran a discovery of NAT behaviour (RFC 5780, RFC 3489).
    pub discovery: bool,
    /// RFC 4787, section 4.1.
    pub mapping_behavior: Option<Word<MappingBehavior>>,
    /// RFC 4787, section 5.
    pub filtering_behavior: Option<Word<FilteringBehavior>>,
    /// RFC 3489, section 5; unknown where no NAT was seen.
    pub classic_type: Option<Word<ClassicType>>,
    /// What that rests on, or why it is not known; a sentence each for the mapping, the filtering, and what else was seen.
    pub evidence: Vec<String>,
}

/// A mapped address.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NatMapping {
    /// The local transport address on the wire.
    pub local: String,
    /// Who told it: a STUN or TURN server, or a peer.
    pub server: String,
    /// Which of the two.
    pub by: Word<MappedBy>,
    /// The mapped transport address.
    pub mapped: String,
    /// When it was first told.
    pub time: f64,
    /// Its frame.
    pub frame: u64,
    /// When it was last told.
    pub last_time: f64,
}

/// How the two agents of a session could and did meet.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Traversal {
    /// The ICE session.
    pub session: String,
    /// The hosts of its agents on the wire, the initially controlling agent's first; unknown where only a relay of it is seen.
    pub clients: [Option<String>; 2],
    /// Whether a direct path is possible.
    pub possible: Option<bool>,
    /// Why, or why that is not known.
    pub reason: Word<TraversalGround>,
    /// What became of the session.
    pub outcome: Option<Word<Happened>>,
    /// Whether a check without a relay succeeded; unknown where none was sent.
    pub direct_succeeded: Option<bool>,
    /// Whether what happened agrees with what was to be expected.
    pub agrees: Option<bool>,
}

impl Nat {
    /// The section for what was seen of NATs in `sessions`.
    #[must_use]
    pub fn new(nat: &nat::Nat, sessions: &[ice::Session], clock: Clock) -> Self {
        let traversal = nat.traversal.iter();
        Self {
            clients: nat.clients.iter().map(|client| NatClient::new(client, clock)).collect(),
            traversal: traversal.map(|entry| Traversal::new(entry, sessions.get(entry.session))).collect(),
        }
    }
}

impl NatClient {
    fn new(client: &nat::Client, clock: Clock) -> Self {
        Self {
            address: client.address.to_string(),
            mappings: client.mappings.iter().map(|mapping| NatMapping::new(mapping, clock)).collect(),
            mappings_omitted: client.mappings_omitted,
            translated: client.translated,
            discovery: client.discovery,
            mapping_behavior: client.mapping_behavior().map(Word),
            filtering_behavior: client.filtering_behavior().map(Word),
            classic_type: client.classic_type().map(Word),
            evidence: evidence(client),
        }
    }
}

impl NatMapping {
    fn new(mapping: &nat::Observation, clock: Clock) -> Self {
        let seen = &mapping.seen;
        Self {
            local: seen.local.to_string(),
            server: seen.remote.to_string(),
            by: Word(mapping.by),
            mapped: seen.mapped.to_string(),
            time: clock.time(seen.first),
            frame: seen.first.frame.0,
            last_time: clock.time(seen.last),
        }
    }
}

impl Traversal {
    fn new(entry: &nat::Traversal, session: Option<&ice::Session>) -> Self {
        let order = session.map_or([0, 1], ice::Session::order);
        let host = |agent: usize| entry.hosts.get(agent).copied().flatten().map(|host| host.to_string());
        Self {
            session: session_id(entry.session),
            clients: order.map(host),
            possible: entry.ground.possible(),
            reason: Word(entry.ground),
            outcome: entry.happened.map(Word),
            direct_succeeded: entry.direct,
            agrees: entry.agrees(),
        }
    }
}
