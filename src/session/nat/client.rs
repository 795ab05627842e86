//! A client, and the NAT between the capture and whom it spoke to.

use std::net::IpAddr;

use super::address::{is_inside, is_shared};
use super::behavior::{ClassicType, FilteringBehavior, MappingBehavior};
use super::filtering::FilteringGround;
use super::mapping::{MappingGround, Sighting};
use super::routes::Route;
use crate::session::limits;

/// Who told a mapped address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MappedBy {
    /// A STUN or TURN server.
    Server,
    /// The other agent of an ICE session, in the answer to a check.
    Peer,
}

impl MappedBy {
    /// The word used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Peer => "peer",
        }
    }
}

/// A mapped address, and who told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// Who told it.
    pub by: MappedBy,
    /// The local port, the remote one, and the mapped address.
    pub seen: Sighting,
}

/// What shows that there is another NAT behind the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondNat {
    /// Another customer of the carrier sees an address of the space between its NAT and those of its customers (RFC 6598).
    Shared(Sighting),
    /// A remote end in a private network sees an address of that network, and another one outside a public address.
    TwoMappings([Sighting; 2]),
}

/// A host on the wire, and the NAT between the capture and whom it spoke to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its IP address on the wire at the capture.
    pub address: IpAddr,
    /// Its mapped addresses, in order of appearance: all that servers told, and those of peers that differ from the one on the wire.
    pub mappings: Vec<Observation>,
    /// Mapped addresses that came after the bound.
    pub mappings_omitted: u64,
    /// Whether somebody saw another address than the one on the wire: a NAT lies in between. Where not, one between the client and the
    /// capture would not show.
    pub translated: bool,
    /// Whether it ran a discovery of NAT behaviour (RFC 5780, RFC 3489).
    pub discovery: bool,
    /// What is known of the mapping behaviour.
    pub mapping: MappingGround,
    /// What is known of the filtering behaviour.
    pub filtering: FilteringGround,
    /// What shows another NAT behind the first one.
    pub second_nat: Option<SecondNat>,
}

impl Client {
    /// The mapping behaviour, where it is known.
    #[must_use]
    pub const fn mapping_behavior(&self) -> Option<MappingBehavior> {
        self.mapping.behavior()
    }

    /// The filtering behaviour, where it is known.
    #[must_use]
    pub const fn filtering_behavior(&self) -> Option<FilteringBehavior> {
        self.filtering.behavior()
    }

    /// The kind of its NAT in the names of RFC 3489; `None` where that is unknown, and where no NAT was seen.
    #[must_use]
    pub const fn classic_type(&self) -> Option<ClassicType> {
        if !self.translated {
            return None;
        }
        if self.mapping.is_dependent() {
            return Some(ClassicType::Symmetric);
        }
        match (self.mapping_behavior(), self.filtering_behavior()) {
            (Some(MappingBehavior::EndpointIndependent), Some(filtering)) => Some(match filtering {
                FilteringBehavior::EndpointIndependent => ClassicType::FullCone,
                FilteringBehavior::AddressDependent => ClassicType::AddressRestricted,
                FilteringBehavior::AddressAndPortDependent => ClassicType::PortRestricted,
            }),
            _ => None,
        }
    }

    /// Whether one of its mapped addresses is on `host`.
    #[must_use]
    pub fn is_mapped_to(&self, host: IpAddr) -> bool {
        self.mappings.iter().any(|known| known.seen.mapped.address == host && known.seen.mapped != known.seen.local)
    }

    /// Whether some mapped address is shared with `other`: both are behind the same NAT.
    #[must_use]
    pub fn shares_nat_with(&self, other: &Self) -> bool {
        let mut outside = self.mappings.iter().filter(|known| known.seen.mapped != known.seen.local);
        outside.any(|known| !is_inside(known.seen.mapped.address) && other.is_mapped_to(known.seen.mapped.address))
    }
}

/// The mapped addresses of a client, and how many are left out.
pub(super) fn observations(routes: &[&Route]) -> (Vec<Observation>, u64) {
    let mut kept = Vec::new();
    let mut omitted = routes.iter().map(|route| route.told_omitted).fold(0, u64::saturating_add);
    for route in routes {
        let by = if route.by_server { MappedBy::Server } else { MappedBy::Peer };
        for told in route.told.iter().filter(|told| route.by_server || told.mapped != route.local) {
            if kept.len() < limits::MAPPINGS_PER_CLIENT {
                kept.push(Observation { by, seen: Sighting::new(route, told) });
            } else {
                omitted += 1;
            }
        }
    }
    kept.sort_by_key(|known| known.seen.first);
    (kept, omitted)
}

/// Whether what was told shows another NAT behind the first one. A private address that a *public* server sees is the work of a NAT in
/// front of that server, and says nothing.
pub(super) fn second_nat(mappings: &[Observation]) -> Option<SecondNat> {
    let outside = || mappings.iter().map(|known| known.seen).filter(|seen| seen.mapped != seen.local);
    let inner = || outside().filter(|seen| is_inside(seen.mapped.address) && is_inside(seen.remote.address));
    let public = |inner: Sighting| {
        let outer = outside().find(|seen| seen.local == inner.local && !is_inside(seen.mapped.address))?;
        Some(SecondNat::TwoMappings([inner, outer]))
    };
    inner().find_map(public).or_else(|| inner().find(|seen| is_shared(seen.mapped.address)).map(SecondNat::Shared))
}
