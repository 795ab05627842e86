//! From what was kept to what is told.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::address::{is_inside, is_somebody};
use super::client::{Client, observations, second_nat};
use super::filtering::FilteringEvidence;
use super::hairpin::{Hairpin, hairpin};
use super::mapping::MappingEvidence;
use super::rebinding::{Rebinding, inside, outside};
use super::routes::Route;
use super::table::NatTable;
use super::traversal::{Traversal, traversal};
use crate::moment::Moment;
use crate::path::{Endpoint, Transport};
use crate::session::ice::Session;
use crate::session::limits;
use crate::session::turn::Server;

/// What the capture shows of NATs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nat {
    /// Clients that a server told their address, or that a peer saw at another one, in order of appearance.
    pub clients: Vec<Client>,
    /// Sessions with an agent that is known to be behind a NAT.
    pub traversal: Vec<Traversal>,
    /// Mappings that changed while they were in use.
    pub rebindings: Vec<Rebinding>,
    /// Sessions in which a client checked an address of its own NAT.
    pub hairpins: Vec<Hairpin>,
    /// Requests and answers that came after too many ports were known; nothing is told of them.
    pub omitted: u64,
    places: HashMap<IpAddr, usize>,
}

impl Nat {
    /// The client at `host`.
    #[must_use]
    pub fn client(&self, host: IpAddr) -> Option<&Client> {
        self.clients.get(*self.places.get(&host)?)
    }
}

/// The routes of one host, by local port in order of appearance.
#[derive(Debug, Default)]
struct Host<'a> {
    routes: Vec<&'a Route>,
    ports: Vec<Vec<&'a Route>>,
    places: HashMap<Endpoint, usize>,
    /// Since when each port is known to be mapped to another address by what a server told.
    mapped_since: HashMap<Endpoint, Moment>,
}

impl<'a> Host<'a> {
    fn add(&mut self, route: &'a Route) {
        self.routes.push(route);
        if route.by_server
            && let Some(first) = route.translated().map(|told| told.first).min()
        {
            let since = self.mapped_since.entry(route.local).or_insert(first);
            *since = first.min(*since);
        }
        let place = *self.places.entry(route.local).or_insert(self.ports.len());
        match self.ports.get_mut(place) {
            Some(port) => port.push(route),
            None => self.ports.push(vec![route]),
        }
    }

    /// Whether somebody told something of a NAT: a server anything, a peer another address than that on the wire.
    fn is_client(&self) -> bool {
        self.routes.iter().any(|route| (route.by_server && !route.told.is_empty()) || is_translated(route))
    }

    /// Whether it asked a server and then that server's other address, as a discovery of mapping behaviour does.
    fn asked_both(&self) -> bool {
        let asked: HashSet<(Endpoint, IpAddr)> = self
            .routes
            .iter()
            .filter(|route| route.by_server)
            .map(|route| (route.local, route.remote.address))
            .collect();
        self.routes.iter().any(|route| {
            route.other.is_some_and(|other| {
                other.address != route.remote.address && asked.contains(&(route.local, other.address))
            })
        })
    }
}

fn is_translated(route: &Route) -> bool {
    route.translated().next().is_some()
}

/// Puts everything together. `relaying` tells the relayed addresses of allocations.
pub(in crate::session) fn resolve(
    table: &NatTable,
    sessions: &[Session],
    servers: &[Server],
    relaying: impl Fn(Endpoint) -> bool,
) -> Nat {
    let relays: HashSet<IpAddr> =
        servers.iter().filter(|server| server.relays).map(|server| server.address.address).collect();
    let (order, hosts) = hosts(table, |local| !relays.contains(&local.address) && !relaying(local));
    let mut filters = filters(table, &hosts);
    came_unasked(table, sessions, &hosts, &mut filters);
    let mut nat = Nat { omitted: table.omitted, ..Nat::default() };
    for address in order {
        let Some(host) = hosts.get(&address) else { continue };
        let (tested, filter) = filters.remove(&address).unwrap_or_default();
        nat.places.insert(address, nat.clients.len());
        nat.clients.push(client(address, host, tested, &filter));
    }
    meetings(&mut nat, table, sessions, &relays, &hosts);
    nat
}

/// The hosts that are clients, in order of appearance.
fn hosts(table: &NatTable, counts: impl Fn(Endpoint) -> bool) -> (Vec<IpAddr>, HashMap<IpAddr, Host<'_>>) {
    let mut hosts: HashMap<IpAddr, Host<'_>> = HashMap::new();
    let mut order = Vec::new();
    for route in table.routes.iter().filter(|route| is_somebody(route.local) && counts(route.local)) {
        let host = hosts.entry(route.local.address).or_default();
        if host.routes.is_empty() {
            order.push(route.local.address);
        }
        host.add(route);
    }
    hosts.retain(|_, host| host.is_client());
    order.retain(|address| hosts.contains_key(address));
    (order, hosts)
}

fn client(address: IpAddr, host: &Host<'_>, tested: bool, filter: &FilteringEvidence) -> Client {
    let discovery = tested || host.asked_both();
    let mut mapping = MappingEvidence::default();
    host.ports.iter().for_each(|routes| mapping.add(routes));
    let (mappings, mappings_omitted) = observations(&host.routes);
    Client {
        address,
        second_nat: second_nat(&mappings),
        mappings,
        mappings_omitted,
        translated: host.routes.iter().any(|route| is_translated(route)),
        discovery,
        mapping: mapping.ground(discovery),
        filtering: filter.ground(),
    }
}

/// What discovery tests say of each host's filter, and whether it ran any.
fn filters(table: &NatTable, hosts: &HashMap<IpAddr, Host<'_>>) -> HashMap<IpAddr, (bool, FilteringEvidence)> {
    let answering: HashSet<IpAddr> = table
        .routes
        .iter()
        .filter(|route| route.by_server && !route.told.is_empty())
        .map(|route| route.remote.address)
        .chain(table.tests.iter().filter_map(|test| test.answer).map(|answer| answer.from.address))
        .collect();
    let mut order = Vec::new();
    let mut runs: HashMap<(Endpoint, Endpoint), Vec<_>> = HashMap::new();
    for test in &table.tests {
        let run = runs.entry((test.local, test.server)).or_default();
        if run.is_empty() {
            order.push((test.local, test.server));
        }
        run.push(test);
    }
    let mut filters: HashMap<IpAddr, (bool, FilteringEvidence)> = HashMap::new();
    for (local, server) in order {
        let (Some(host), Some(run)) = (hosts.get(&local.address), runs.get(&(local, server))) else { continue };
        // Silence counts only where the same port got a plain answer from the server.
        let other = table.route(local, server).filter(|route| !route.told.is_empty()).and_then(|route| route.other);
        let works = other.is_some_and(|other| answering.contains(&other.address));
        let translated = host.routes.iter().any(|route| is_translated(route));
        let (tested, filter) = filters.entry(local.address).or_default();
        *tested = true;
        filter.add_tests(run, other, works, translated);
    }
    filters
}

/// Checks that came in before anything was sent to where they came from. They count only in a session that began in the capture (its
/// handshake is there), at a port whose mapping began in the capture too, from an address that the client saw through its NAT.
fn came_unasked(
    table: &NatTable,
    sessions: &[Session],
    hosts: &HashMap<IpAddr, Host<'_>>,
    filters: &mut HashMap<IpAddr, (bool, FilteringEvidence)>,
) {
    for session in sessions.iter().filter(|session| session.handshake && session.restart_of.is_none()) {
        for pair in session.pairs.iter().filter(|pair| pair.transport == Transport::Udp) {
            let [first, second] = &pair.ends;
            for (end, other) in [(first, second), (second, first)] {
                let Some(host) = hosts.get(&end.base.address) else { continue };
                let Some(route) = table.route(end.base, other.base).filter(|route| !route.gaps) else { continue };
                let Some(unasked) = route.unasked else { continue };
                let hairpin = route.translated().any(|told| told.mapped.address == route.remote.address);
                let since = host.mapped_since.get(&end.base);
                let mapped_before = since.is_some_and(|since| since.time <= unasked.moment.time);
                if end.allocation.is_none()
                    && is_translated(route)
                    && !hairpin
                    && mapped_before
                    && !is_inside(route.remote.address)
                    && table.began_with_a_server(end.base)
                {
                    let (_, filter) = filters.entry(end.base.address).or_default();
                    filter.came_in(end.base, other.base, unasked.moment, unasked.address_known, false);
                }
            }
        }
    }
}

/// What happened between clients.
fn meetings(
    nat: &mut Nat,
    table: &NatTable,
    sessions: &[Session],
    relays: &HashSet<IpAddr>,
    hosts: &HashMap<IpAddr, Host<'_>>,
) {
    let mut of_route: HashMap<(Endpoint, Endpoint), usize> = HashMap::new();
    for (place, session) in sessions.iter().enumerate() {
        for pair in session.pairs.iter().filter(|pair| pair.transport == Transport::Udp) {
            let [first, second] = &pair.ends;
            of_route.insert((first.base, second.base), place);
            of_route.insert((second.base, first.base), place);
        }
    }
    let told = table.routes.iter().filter(|route| route.told.len() > 1 && hosts.contains_key(&route.local.address));
    let seen_inside = told.flat_map(|route| inside(route, of_route.get(&(route.local, route.remote)).copied()));
    let seen_outside = sessions
        .iter()
        .enumerate()
        .flat_map(|(place, session)| outside(place, session))
        .filter(|rebinding| !relays.contains(&rebinding.from.address));
    nat.rebindings = seen_inside.chain(seen_outside).take(limits::NAT_EVENTS).collect();
    let met = sessions.iter().enumerate();
    let client = |host: IpAddr| nat.client(host);
    let relay = |host: IpAddr| relays.contains(&host);
    let traversal = met.clone().filter_map(|(place, session)| traversal(place, session, client, relay)).collect();
    let hairpins =
        met.filter_map(|(place, session)| hairpin(place, session, client)).take(limits::NAT_EVENTS).collect();
    nat.traversal = traversal;
    nat.hairpins = hairpins;
}
