//! Whether two clients can reach each other directly through their NATs, and whether what happened agrees.

use std::net::IpAddr;

use super::behavior::{ClassicType, FilteringBehavior};
use super::client::Client;
use crate::path::Transport;
use crate::session::ice::{AgentState, Pair, Session};

/// Why a prediction is what it is, or there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TraversalGround {
    /// Both mappings are endpoint-independent: checks from both sides open both filters.
    BothEndpointIndependent,
    /// A mapping depends on the destination, and the other NAT lets in any port of an address that was sent to; or that one lets in all.
    OtherFilterOpen,
    /// Both mappings depend on the destination: each side sends to a port that the other's NAT did not open for it.
    BothSymmetric,
    /// One mapping depends on the destination, and the other NAT lets in only the ports that were sent to.
    SymmetricAndPortRestricted,
    /// One mapping depends on the destination, and how the other NAT filters is not known.
    FilteringUnknown,
    /// The mapping behaviour of one NAT is not known.
    MappingUnknown,
    /// One side does not show in the capture as it is behind its NAT, if there is one.
    FarSideUnknown,
    /// Both are behind the same NAT: they can meet inside, or through a hairpin.
    SameNat,
}

impl TraversalGround {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BothEndpointIndependent => "both-endpoint-independent",
            Self::OtherFilterOpen => "other-filter-open",
            Self::BothSymmetric => "both-symmetric",
            Self::SymmetricAndPortRestricted => "symmetric-and-port-restricted",
            Self::FilteringUnknown => "filtering-unknown",
            Self::MappingUnknown => "mapping-unknown",
            Self::FarSideUnknown => "far-side-unknown",
            Self::SameNat => "same-nat",
        }
    }

    /// Whether a direct path is possible; `None` where that is not known.
    #[must_use]
    pub const fn possible(self) -> Option<bool> {
        match self {
            Self::BothEndpointIndependent | Self::OtherFilterOpen => Some(true),
            Self::BothSymmetric | Self::SymmetricAndPortRestricted => Some(false),
            Self::FilteringUnknown | Self::MappingUnknown | Self::FarSideUnknown | Self::SameNat => None,
        }
    }
}

/// What became of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Happened {
    /// It connected without a relay.
    Direct,
    /// It connected through a relay.
    Relayed,
    /// It failed.
    Failed,
}

impl Happened {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Relayed => "relayed",
            Self::Failed => "failed",
        }
    }
}

/// Two clients of one session, and how they could and did meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traversal {
    /// The session, by place.
    pub session: usize,
    /// Each agent's host on the wire, in the order of the session's agents; `None` where only a relay of it is seen.
    pub hosts: [Option<IpAddr>; 2],
    /// Whether and why a direct path is possible.
    pub ground: TraversalGround,
    /// What became of the session.
    pub happened: Option<Happened>,
    /// Whether any check between the two NATs without a relay succeeded; `None` where none was sent.
    pub direct: Option<bool>,
}

impl Traversal {
    /// Whether what happened agrees with what was to be expected.
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        let possible = self.ground.possible()?;
        match self.direct? {
            true => Some(possible),
            false => self.happened.map(|_| !possible),
        }
    }
}

/// Whether clients behind the NATs of `one` and `other` can reach each other directly. The two need not have met.
#[must_use]
pub fn predict(one: &Client, other: &Client) -> TraversalGround {
    if !one.translated || !other.translated {
        // Whether there is none or it lies between the client and the capture: not known.
        return TraversalGround::FarSideUnknown;
    }
    if one.shares_nat_with(other) {
        return TraversalGround::SameNat;
    }
    let symmetric = |client: &Client| client.classic_type() == Some(ClassicType::Symmetric);
    let cone = |client: &Client| client.mapping_behavior().is_some() && !symmetric(client);
    let against = |client: &Client| match client.filtering_behavior() {
        Some(FilteringBehavior::AddressAndPortDependent) => TraversalGround::SymmetricAndPortRestricted,
        Some(_) => TraversalGround::OtherFilterOpen,
        None => TraversalGround::FilteringUnknown,
    };
    // What filters by nothing is reached at the address that a STUN server saw, whatever the other side is behind.
    let open = |client: &Client| {
        symmetric(client) && client.filtering_behavior() == Some(FilteringBehavior::EndpointIndependent)
    };
    match (symmetric(one), symmetric(other)) {
        _ if open(one) || open(other) => TraversalGround::OtherFilterOpen,
        (true, true) => TraversalGround::BothSymmetric,
        (true, false) if cone(other) => against(other),
        (false, true) if cone(one) => against(one),
        (false, false) if cone(one) && cone(other) => TraversalGround::BothEndpointIndependent,
        _ => TraversalGround::MappingUnknown,
    }
}

/// How the two agents of `session` could and did meet; `None` where neither is known to be behind a NAT. `relay` tells the hosts of TURN servers.
pub(super) fn traversal<'a>(
    place: usize,
    session: &Session,
    client: impl Fn(IpAddr) -> Option<&'a Client>,
    relay: impl Fn(IpAddr) -> bool,
) -> Option<Traversal> {
    let relayed = |pair: &Pair| pair.relayed() || pair.ends.iter().any(|end| relay(end.base.address));
    let behind = |host: IpAddr| client(host).filter(|client| client.translated);
    let hosts = [0, 1].map(|agent| host_of(session, agent, &relay, &|host| behind(host).is_some()));
    let known = hosts.map(|host| host.and_then(behind));
    let ground = match known {
        [None, None] => return None,
        [Some(one), Some(other)] => predict(one, other),
        _ => TraversalGround::FarSideUnknown,
    };
    let tried = || {
        let direct = session.pairs.iter().filter(|pair| pair.transport == Transport::Udp && !relayed(pair));
        direct.filter(|pair| pair.ends.iter().any(|end| end.requests_sent > 0))
    };
    let succeeded = |pair: &Pair| pair.ends.iter().any(|end| end.succeeded.is_some());
    let direct = tried().next().is_some().then(|| tried().any(succeeded));
    let selected = session.selected_pair().and_then(|pair| session.pairs.get(pair));
    let connected = session.connected.iter().any(Option::is_some);
    let happened = match (connected, selected) {
        (true, Some(pair)) if relayed(pair) => Some(Happened::Relayed),
        (true, Some(_)) => Some(Happened::Direct),
        (false, _) if session.states.contains(&AgentState::Failed) => Some(Happened::Failed),
        _ => None,
    };
    Some(Traversal { session: place, hosts, ground, happened, direct })
}

/// The host of an agent, as far as it was heard of: one that is known to be behind a NAT, else that of the pair in use, else the first one that is no relay.
fn host_of(
    session: &Session,
    agent: usize,
    relay: &impl Fn(IpAddr) -> bool,
    behind: &impl Fn(IpAddr) -> bool,
) -> Option<IpAddr> {
    let own = |pair: &Pair| {
        let end = pair.ends.get(agent)?;
        let host = end.base.address;
        // An address that was only ever asked is a candidate from signalling; nobody may live there.
        let asked_only = end.requests_sent == 0 && pair.ends.iter().all(|end| end.succeeded.is_none());
        (!asked_only && end.allocation.is_none() && !host.is_unspecified() && !relay(host)).then_some(host)
    };
    let hosts = || session.pairs.iter().filter_map(own);
    let selected = session.selected_pair().and_then(|pair| session.pairs.get(pair)).and_then(own);
    hosts().find(|host| behind(*host)).or(selected).or_else(|| hosts().next())
}
