//! The trackers behind one door: messages in, sessions and events out.

use super::ice::{IceTable, Session};
use super::stun::StunStatistics;
use super::transaction::{IcmpHit, StrayResponse};
use super::turn::{Allocation, Server, TurnTable};
use super::{Abbreviated, Mapping};

/// Everything known about the sessions of a capture.
#[derive(Debug)]
pub struct Sessions {
    ice: IceTable,
    turn: TurnTable,
    statistics: StunStatistics,
    mappings: Vec<Mapping>,
    strays: Abbreviated<StrayResponse>,
    icmp: Abbreviated<IcmpHit>,
}

impl Sessions {
    /// ICE sessions in order of appearance.
    #[must_use]
    pub fn ice(&self) -> &[Session] {
        self.ice.sessions()
    }

    /// TURN allocations in order of appearance.
    #[must_use]
    pub fn allocations(&self) -> &[Allocation] {
        self.turn.allocations()
    }

    /// TURN servers in order of appearance.
    #[must_use]
    pub fn servers(&self) -> &[Server] {
        self.turn.servers()
    }

    /// Counts over all STUN messages.
    #[must_use]
    pub const fn stun(&self) -> &StunStatistics {
        &self.statistics
    }

    /// What servers told clients about their addresses, in order of appearance, each client, server and address once.
    #[must_use]
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// Responses that came from another address than their request went to.
    #[must_use]
    pub const fn stray_responses(&self) -> &Abbreviated<StrayResponse> {
        &self.strays
    }

    /// ICMP errors that quoted STUN requests.
    #[must_use]
    pub const fn icmp_errors(&self) -> &Abbreviated<IcmpHit> {
        &self.icmp
    }
}
