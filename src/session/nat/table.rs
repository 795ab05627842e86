//! What is kept of each local port while the capture runs.

use std::collections::HashMap;
use std::net::IpAddr;

use super::discovery::Test;
use super::routes::{Route, Told, Unasked};
use crate::moment::Moment;
use crate::path::{Endpoint, Path, Transport};
use crate::session::limits;
use crate::wire::stun::ChangeRequest;

/// Routes and discovery tests, in order of appearance.
#[derive(Debug, Default)]
pub(in crate::session) struct NatTable {
    pub(super) routes: Vec<Route>,
    by_ends: HashMap<(Endpoint, Endpoint), usize, foldhash::fast::RandomState>,
    /// The IP addresses that each local port has sent to.
    contacted: HashMap<(Endpoint, IpAddr), Moment, foldhash::fast::RandomState>,
    /// Whether the first message of a local port was a request to a server: then its mapping began in the capture.
    gathered: HashMap<Endpoint, bool, foldhash::fast::RandomState>,
    pub(super) tests: Vec<Test>,
    /// Requests and answers between ports that came after the bound.
    pub(super) omitted: u64,
}

/// Whether a NAT on `path` would show in what is said over it.
fn counts(path: &Path) -> bool {
    path.relay.is_none() && path.transport == Transport::Udp
}

impl NatTable {
    /// The route, if anything was kept of it.
    pub(super) fn route(&self, local: Endpoint, remote: Endpoint) -> Option<&Route> {
        self.routes.get(*self.by_ends.get(&(local, remote))?)
    }

    /// Whether the first message of the local port was a request to a server.
    pub(super) fn began_with_a_server(&self, local: Endpoint) -> bool {
        self.gathered.get(&local) == Some(&true)
    }

    fn route_mut(&mut self, local: Endpoint, remote: Endpoint) -> Option<&mut Route> {
        if let Some(place) = self.by_ends.get(&(local, remote)) {
            return self.routes.get_mut(*place);
        }
        if self.routes.len() >= limits::NAT_ROUTES {
            self.omitted += 1;
            return None;
        }
        self.by_ends.insert((local, remote), self.routes.len());
        self.routes.push(Route::new(local, remote));
        self.routes.last_mut()
    }

    /// Whether the first message of the local port, this one at the latest, was a request to a server.
    fn gathers(&mut self, local: Endpoint, to_server: bool) -> bool {
        let room = self.gathered.len() < limits::NAT_ROUTES;
        match self.gathered.get(&local) {
            Some(gathers) => *gathers,
            None if room => *self.gathered.entry(local).or_insert(to_server),
            None => false,
        }
    }

    /// A new request went over `path`; `to_server` where it is one to a STUN or TURN server.
    ///
    /// Checks of a port that never asked a server are not kept: a busy conference server has very many, and nothing follows from them.
    pub(in crate::session) fn request(&mut self, moment: Moment, path: &Path, to_server: bool) {
        if !counts(path) {
            return;
        }
        let (from, to) = (path.source, path.destination);
        if (self.gathers(from, to_server) || to_server)
            && let Some(route) = self.route_mut(from, to)
        {
            route.sent.get_or_insert(moment);
            route.last_sent = route.last_sent.max(Some(moment));
            route.by_server |= to_server;
            self.contacted.entry((from, to.address)).or_insert(moment);
        }
        if !to_server && self.gathers(to, false) {
            let address_known = self.contacted.contains_key(&(to, from.address));
            if let Some(route) = self.route_mut(to, from)
                && route.sent.is_none()
                && route.unasked.is_none()
            {
                route.unasked = Some(Unasked { moment, address_known });
            }
        }
    }

    /// A response came over `path` whose request the capture does not hold.
    pub(in crate::session) fn lone_response(&mut self, path: &Path) {
        if counts(path)
            && self.gathers(path.destination, false)
            && let Some(route) = self.route_mut(path.destination, path.source)
        {
            route.gaps = true;
        }
    }

    /// The answer to a request over `request` told its sender's mapped address.
    pub(in crate::session) fn told(&mut self, moment: Moment, request: &Path, mapped: Endpoint) {
        if !counts(request) {
            return;
        }
        let (local, remote) = (request.source, request.destination);
        if mapped == local && !self.by_ends.contains_key(&(local, remote)) {
            return;
        }
        let Some(route) = self.route_mut(local, remote) else { return };
        let full = route.told.len() >= limits::MAPPINGS_PER_ROUTE;
        match route.told.last_mut() {
            Some(last) if last.mapped == mapped => last.last = last.last.max(moment),
            _ if full => route.told_omitted += 1,
            _ => route.told.push(Told { mapped, first: moment, last: moment }),
        }
    }

    /// The server at the end of `request` says that it has another address.
    pub(in crate::session) fn other_address(&mut self, request: &Path, other: Endpoint) {
        if counts(request)
            && let Some(route) = self.route_mut(request.source, request.destination)
        {
            route.other.get_or_insert(other);
        }
    }

    /// A request that asks for its answer from elsewhere; gives its place.
    pub(in crate::session) fn test(&mut self, moment: Moment, path: &Path, change: ChangeRequest) -> Option<usize> {
        if !counts(path) || self.tests.len() >= limits::NAT_TESTS {
            return None;
        }
        self.tests.push(Test::new(moment, path, change));
        Some(self.tests.len() - 1)
    }

    /// The request was sent once more.
    pub(in crate::session) fn test_again(&mut self, moment: Moment, place: usize) {
        let Some(test) = self.tests.get_mut(place) else { return };
        test.transmissions = test.transmissions.saturating_add(1);
        test.last = moment;
        let ends = (test.local, test.server);
        if let Some(route) = self.by_ends.get(&ends).and_then(|place| self.routes.get_mut(*place)) {
            route.last_sent = route.last_sent.max(Some(moment));
        }
    }

    /// The request was answered with success from `from`.
    pub(in crate::session) fn test_answered(&mut self, moment: Moment, place: usize, from: Endpoint) {
        // Past the bound nobody knows whom the port has sent to: the answer then proves nothing.
        let full = self.routes.len() >= limits::NAT_ROUTES;
        let Some(test) = self.tests.get_mut(place) else { return };
        let before = |contact: &Moment| contact.time <= moment.time;
        test.answer.get_or_insert(super::discovery::Answer {
            moment,
            from,
            address_known: self.contacted.get(&(test.local, from.address)).is_some_and(before),
            known: full
                || self
                    .by_ends
                    .get(&(test.local, from))
                    .and_then(|place| self.routes.get(*place)?.sent)
                    .is_some_and(|contact| before(&contact)),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn end(number: u32) -> Endpoint {
        Endpoint::new(IpAddr::V4(Ipv4Addr::from(0x0a00_0000 + number)), 5000)
    }

    #[test]
    fn a_capture_of_many_addresses_stays_within_the_bounds() {
        let mut table = NatTable::default();
        let change = ChangeRequest { ip: true, port: true };
        for number in 0..u32::try_from(limits::NAT_ROUTES).unwrap() + 50 {
            let path = Path::direct(end(1), end(number + 2), Transport::Udp);
            table.request(Moment::new(1, 0), &path, true);
            table.request(Moment::new(1, 0), &path.reversed(), false);
            table.test(Moment::new(1, 0), &path, change);
        }
        assert_eq!(table.routes.len(), limits::NAT_ROUTES);
        assert_eq!(table.by_ends.len(), limits::NAT_ROUTES);
        assert!(table.contacted.len() <= limits::NAT_ROUTES && table.gathered.len() <= limits::NAT_ROUTES);
        assert!(table.omitted >= 50);
        assert_eq!(table.tests.len(), limits::NAT_TESTS);
        let path = Path::direct(end(1), end(2), Transport::Udp);
        for number in 0..1_000 {
            table.told(Moment::new(1, 0), &path, end(number));
        }
        assert_eq!(table.route(end(1), end(2)).unwrap().told.len(), limits::MAPPINGS_PER_ROUTE);
        assert_eq!(table.route(end(1), end(2)).unwrap().told_omitted, 1_000 - limits::MAPPINGS_PER_ROUTE as u64);
    }

    #[test]
    fn a_conference_server_that_asks_nobody_costs_nothing() {
        let mut table = NatTable::default();
        for number in 2..1_000 {
            let path = Path::direct(end(number), end(1), Transport::Udp);
            table.request(Moment::new(1, 0), &path, false);
            table.request(Moment::new(1, 0), &path.reversed(), false);
            table.told(Moment::new(1, 0), &path, end(number));
        }
        assert!(table.routes.is_empty() && table.contacted.is_empty());
    }

    #[test]
    fn what_goes_through_a_relay_or_over_tcp_shows_no_nat() {
        let mut table = NatTable::default();
        let tcp = Path::direct(end(1), end(2), Transport::Tcp);
        let relay = crate::path::Relay { client: end(1), server: end(9), transport: Transport::Udp };
        for path in [tcp, Path { relay: Some(relay), transport: Transport::Udp, ..tcp }] {
            table.request(Moment::new(1, 0), &path, true);
            table.told(Moment::new(1, 0), &path, end(3));
        }
        assert!(table.routes.is_empty());
    }
}
