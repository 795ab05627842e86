//! The mapping behaviour of the NAT in front of a client (RFC 4787, section 4.1; RFC 5780, section 4.3).

use std::time::Duration;

use super::address::is_inside;
use super::behavior::MappingBehavior;
use super::routes::{Route, Told};
use crate::moment::{Moment, Timestamp};
use crate::path::Endpoint;
use crate::session::limits;

/// A local port as a remote end saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// The local port on the wire.
    pub local: Endpoint,
    /// Who saw it.
    pub remote: Endpoint,
    /// As what.
    pub mapped: Endpoint,
    /// When it was first told.
    pub first: Moment,
    /// When it was last told.
    pub last: Moment,
    /// When it was last kept alive: it was told, or a request was sent that way and nothing else was told since.
    pub kept: Moment,
}

impl Sighting {
    pub(super) fn new(route: &Route, told: &Told) -> Self {
        let Told { mapped, first, last } = *told;
        let sent = route.last_sent.filter(|_| route.told.last() == Some(told));
        Self {
            local: route.local,
            remote: route.remote,
            mapped,
            first,
            last,
            kept: sent.map_or(last, |sent| sent.max(last)),
        }
    }

    /// The time between the two in which the earlier one was not kept alive.
    fn apart(&self, other: &Self) -> Duration {
        self.first.time.max(other.first.time).since(self.kept.time.min(other.kept.time))
    }
}

/// Why the mapping behaviour is what it is said to be, or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MappingGround {
    /// Two IP addresses saw one local port as the same.
    SameForAddresses([Sighting; 2]),
    /// Two ports of one IP address saw one local port differently.
    DiffersForPorts([Sighting; 2]),
    /// Two ports of one IP address saw one local port as the same, and another IP address saw it differently.
    DiffersForAddresses([Sighting; 2]),
    /// Two IP addresses saw one local port differently, and no two ports of one were asked: it depends on the address at least.
    DiffersSomehow([Sighting; 2]),
    /// Both: some sightings agree, and others differ.
    Contradictory(Box<[[Sighting; 2]; 2]>),
    /// Each local port was seen by one IP address only.
    OneAddress,
    /// Nobody saw another address than the one on the wire, and no discovery was run.
    NotTranslated,
    /// A discovery run: two IP addresses saw the port as it is on the wire. Without a NAT the effective mapping is endpoint-independent.
    SameAsOnTheWire([Sighting; 2]),
}

impl MappingGround {
    /// The behaviour that it shows.
    #[must_use]
    pub const fn behavior(&self) -> Option<MappingBehavior> {
        match self {
            Self::SameForAddresses(_) | Self::SameAsOnTheWire(_) => Some(MappingBehavior::EndpointIndependent),
            Self::DiffersForPorts(_) => Some(MappingBehavior::AddressAndPortDependent),
            Self::DiffersForAddresses(_) => Some(MappingBehavior::AddressDependent),
            Self::DiffersSomehow(_) | Self::Contradictory(_) | Self::OneAddress | Self::NotTranslated => None,
        }
    }

    /// Whether the mapping depends on the destination, whichever way: what RFC 3489 called symmetric.
    #[must_use]
    pub const fn is_dependent(&self) -> bool {
        matches!(self, Self::DiffersForPorts(_) | Self::DiffersForAddresses(_) | Self::DiffersSomehow(_))
    }
}

/// What the ports of a client showed, an example of each.
#[derive(Debug, Default)]
pub(super) struct MappingEvidence {
    /// Two IP addresses agree.
    same: Option<[Sighting; 2]>,
    /// Two IP addresses differ.
    differs: Option<[Sighting; 2]>,
    /// Two IP addresses differ, and two ports of one agree.
    differs_by_address: Option<[Sighting; 2]>,
    /// Two ports of one IP address differ.
    differs_by_port: Option<[Sighting; 2]>,
    /// Two IP addresses see the port as it is on the wire.
    on_the_wire: Option<[Sighting; 2]>,
    translated: bool,
}

impl MappingEvidence {
    /// Takes the routes of one local port, in order of appearance.
    pub(super) fn add(&mut self, routes: &[&Route]) {
        self.add_untranslated(routes);
        let seen = comparable(routes);
        self.translated |= routes.iter().any(|route| route.translated().next().is_some());
        let mut same_port = false;
        let mut differs = None;
        for (place, one) in seen.iter().enumerate() {
            for other in seen.iter().skip(place + 1) {
                let pair = [*one, *other];
                let (one_host, one_mapping) = (one.remote.address == other.remote.address, one.mapped == other.mapped);
                let held = one.apart(other) <= limits::MAPPING_HOLDS;
                match (one_host, one_mapping) {
                    (true, _) if one.remote == other.remote => {}
                    (false, true) => _ = self.same.get_or_insert(pair),
                    (true, true) => same_port = true,
                    (false, false) if held => _ = differs.get_or_insert(pair),
                    (true, false) if held => _ = self.differs_by_port.get_or_insert(pair),
                    (_, false) => {}
                }
            }
        }
        if same_port {
            self.differs_by_address = self.differs_by_address.or(differs);
        }
        self.differs = self.differs.or(differs);
    }

    fn add_untranslated(&mut self, routes: &[&Route]) {
        if self.on_the_wire.is_some() {
            return;
        }
        let mut seen = routes.iter().flat_map(|route| route.told.iter().map(|told| Sighting::new(route, told)));
        let Some(first) = seen.clone().find(|seen| seen.mapped == seen.local) else { return };
        let other = seen.find(|seen| seen.mapped == seen.local && seen.remote.address != first.remote.address);
        self.on_the_wire = other.map(|other| [first, other]);
    }

    /// The verdict; `discovery` where the client ran one.
    pub(super) fn ground(&self, discovery: bool) -> MappingGround {
        let differs = self.differs_by_port.or(self.differs_by_address).or(self.differs);
        match (self.same, differs) {
            (Some(same), Some(differs)) => MappingGround::Contradictory(Box::new([same, differs])),
            (Some(same), None) => MappingGround::SameForAddresses(same),
            (None, Some(_)) => match (self.differs_by_port, self.differs_by_address, self.differs) {
                (Some(pair), _, _) => MappingGround::DiffersForPorts(pair),
                (None, Some(pair), _) => MappingGround::DiffersForAddresses(pair),
                (None, None, Some(pair)) => MappingGround::DiffersSomehow(pair),
                (None, None, None) => MappingGround::OneAddress,
            },
            (None, None) => match self.on_the_wire {
                _ if self.translated => MappingGround::OneAddress,
                Some(pair) if discovery => MappingGround::SameAsOnTheWire(pair),
                _ => MappingGround::NotTranslated,
            },
        }
    }
}

/// The sightings of one local port that can be compared: translated ones, of the outermost network that saw it, not through a hairpin,
/// and from before the mapping of any route changed.
fn comparable(routes: &[&Route]) -> Vec<Sighting> {
    let changed: Option<Timestamp> =
        routes.iter().filter_map(|route| route.translated().nth(1)).map(|told| told.first.time).min();
    let all = || {
        routes
            .iter()
            .flat_map(|route| route.translated().map(|told| Sighting::new(route, told)))
            .filter(|seen| seen.remote.address != seen.mapped.address)
            // A public server that sees a private address has a NAT of its own in front of it.
            .filter(|seen| !is_inside(seen.mapped.address) || is_inside(seen.remote.address))
            .filter(|seen| changed.is_none_or(|changed| seen.first.time < changed))
    };
    let outside = all().any(|seen| !is_inside(seen.mapped.address));
    all().filter(|seen| is_inside(seen.mapped.address) != outside).take(limits::MAPPINGS_COMPARED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;

    fn end(text: &str) -> Endpoint {
        text.parse::<SocketAddr>().unwrap().into()
    }

    fn route(remote: &str, told: &[(&str, i64)]) -> Route {
        let told = told.iter().map(|(mapped, at)| {
            let moment = Moment::new(1, at * 1_000_000_000);
            Told { mapped: end(mapped), first: moment, last: moment }
        });
        Route { told: told.collect(), ..Route::new(end("192.168.1.2:5000"), end(remote)) }
    }

    fn ground(routes: &[Route]) -> MappingGround {
        let mut evidence = MappingEvidence::default();
        evidence.add(&routes.iter().collect::<Vec<_>>());
        evidence.ground(false)
    }

    #[test]
    fn one_address_cannot_tell_however_many_ports_it_has() {
        let routes =
            [route("198.51.100.1:1", &[("203.0.113.1:7", 0)]), route("198.51.100.1:2", &[("203.0.113.1:7", 1)])];
        assert_eq!(ground(&routes), MappingGround::OneAddress);
        assert_eq!(ground(&routes[..1]), MappingGround::OneAddress);
    }

    #[test]
    fn two_addresses_that_agree_show_endpoint_independent_mapping() {
        let routes =
            [route("198.51.100.1:1", &[("203.0.113.1:7", 0)]), route("198.51.100.2:1", &[("203.0.113.1:7", 90)])];
        assert_eq!(ground(&routes).behavior(), Some(MappingBehavior::EndpointIndependent));
    }

    #[test]
    fn two_ports_of_one_address_tell_the_two_kinds_of_dependence_apart() {
        let first = route("198.51.100.1:1", &[("203.0.113.1:7", 0)]);
        let other = route("198.51.100.2:1", &[("203.0.113.1:8", 1)]);
        let unknown = ground(&[first.clone(), other.clone()]);
        assert!(unknown.is_dependent() && unknown.behavior().is_none());
        let alike = route("198.51.100.2:2", &[("203.0.113.1:8", 2)]);
        let by_address = ground(&[first.clone(), other.clone(), alike]);
        assert_eq!(by_address.behavior(), Some(MappingBehavior::AddressDependent));
        let unlike = route("198.51.100.2:2", &[("203.0.113.1:9", 2)]);
        assert_eq!(ground(&[first, other, unlike]).behavior(), Some(MappingBehavior::AddressAndPortDependent));
    }

    #[test]
    fn a_mapping_that_had_time_to_expire_is_not_compared() {
        let routes =
            [route("198.51.100.1:1", &[("203.0.113.1:7", 0)]), route("198.51.100.2:1", &[("203.0.113.1:8", 60)])];
        assert_eq!(ground(&routes), MappingGround::OneAddress);
    }

    #[test]
    fn a_mapping_that_requests_kept_alive_is_compared() {
        // The answer to a test is awaited for 39.5 s, in which the test is sent again and again.
        let mut first = route("198.51.100.1:1", &[("203.0.113.1:7", 0)]);
        first.last_sent = Some(Moment::new(1, 32_000_000_000));
        let routes = [first, route("198.51.100.2:1", &[("203.0.113.1:8", 40)])];
        assert!(ground(&routes).is_dependent());
    }

    #[test]
    fn what_came_after_a_rebinding_is_not_compared_with_what_came_before() {
        let routes = [
            route("198.51.100.1:1", &[("203.0.113.1:7", 0)]),
            route("198.51.100.2:1", &[("203.0.113.1:7", 1), ("203.0.113.1:8", 6)]),
        ];
        assert_eq!(ground(&routes).behavior(), Some(MappingBehavior::EndpointIndependent));
    }

    #[test]
    fn a_peer_inside_the_carrier_is_no_second_opinion() {
        // The peer sees the mapping of the first of two NATs, the server that of the second.
        let routes = [route("198.51.100.1:1", &[("203.0.113.1:7", 0)]), route("100.64.0.9:1", &[("100.64.0.2:8", 1)])];
        assert_eq!(ground(&routes), MappingGround::OneAddress);
    }

    #[test]
    fn the_nat_in_front_of_a_server_is_not_the_clients() {
        let routes = [route("198.51.100.1:1", &[("10.0.20.8:7", 0)]), route("198.51.100.2:1", &[("10.0.30.9:8", 1)])];
        assert_eq!(ground(&routes), MappingGround::OneAddress);
    }

    #[test]
    fn a_peer_on_the_same_network_shows_no_dependence() {
        let local = [("192.168.1.2:5000", 1)];
        let routes = [route("198.51.100.1:1", &[("203.0.113.1:7", 0)]), route("192.168.1.3:1", &local)];
        assert_eq!(ground(&routes), MappingGround::OneAddress);
    }
}
