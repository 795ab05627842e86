//! Which things belong to one call.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;
use std::time::Duration;

use super::describe::Described;
use super::model::{Call, Ground, GroundKind, Member};
use super::{milestone, outcome, participant, setup, streams, topology};
use crate::moment::{Moment, Timestamp};
use crate::path::Endpoint;
use crate::session::Sessions;
use crate::session::ice::CandidateType;
use crate::session::turn::Allocation;
use crate::signal::Channel;
use crate::signaling::exchange::{Exchange, Incident};

/// An agent asks for its allocations so long before it signals, at the most: libwebrtc pools candidates, and others gather before they
/// offer.
const GATHERED_BEFORE: Duration = Duration::from_secs(30);
/// Two things of one call are not further apart than this: an exchange without a goodbye, and the next one in the same conversation.
const APART: Duration = Duration::from_secs(30);

/// Exchanges that are looked at for one user fragment or one address, and allocations for one socket: more share it only by design.
const ALIKE: usize = 64;

/// What calls are made of.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The exchanges, in order.
    pub exchanges: &'a [Exchange],
    /// Everything that was reconstructed of the network.
    pub sessions: &'a Sessions,
}

/// The calls, in order of their first message.
#[must_use]
pub fn calls(material: Material<'_>) -> Vec<Call> {
    let described: Vec<Described> = material.exchanges.iter().map(Described::of).collect();
    let mut join = Join::new(material, &described);
    join.sessions_by_fragment();
    join.sessions_by_address();
    join.sessions_by_themselves();
    join.allocations();
    join.media_flows();
    join.exchanges_by_conversation();
    let mut calls = join.finish();
    streams::assign(&mut calls, material.sessions);
    calls
}

/// Sets that grow together.
#[derive(Debug)]
struct Forest {
    parents: Vec<usize>,
}

impl Forest {
    fn root(&mut self, mut place: usize) -> usize {
        while let Some(parent) = self.parents.get(place).copied()
            && parent != place
        {
            let above = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(entry) = self.parents.get_mut(place) {
                *entry = above;
            }
            place = parent;
        }
        place
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(entry) = self.parents.get_mut(one.max(other)) {
            *entry = one.min(other);
        }
    }
}

struct Join<'a> {
    material: Material<'a>,
    described: &'a [Described],
    forest: Forest,
    grounds: Vec<Ground>,
    /// The sessions that an exchange was found for.
    found: HashSet<usize>,
}

impl<'a> Join<'a> {
    fn new(material: Material<'a>, described: &'a [Described]) -> Self {
        let sessions = material.sessions;
        let members = material.exchanges.len()
            + sessions.ice().len()
            + sessions.allocations().len()
            + sessions.media_flows().len();
        let forest = Forest { parents: (0..members).collect() };
        Self { material, described, forest, grounds: Vec::new(), found: HashSet::new() }
    }

    /// The number of a member among all.
    fn number(&self, member: Member) -> usize {
        let sessions = self.material.sessions;
        let exchanges = self.material.exchanges.len();
        match member {
            Member::Exchange(place) => place,
            Member::Session(place) => exchanges + place,
            Member::Allocation(place) => exchanges + sessions.ice().len() + place,
            Member::MediaFlow(place) => exchanges + sessions.ice().len() + sessions.allocations().len() + place,
        }
    }

    fn unite(&mut self, kind: GroundKind, detail: String, one: Member, other: Member) {
        let (first, second) = (self.number(one), self.number(other));
        self.forest.unite(first, second);
        self.grounds.push(Ground { kind, detail, members: [one, other] });
    }

    fn are_joined(&mut self, one: Member, other: Member) -> bool {
        let (first, second) = (self.number(one), self.number(other));
        self.forest.root(first) == self.forest.root(second)
    }

    /// Sessions whose user fragments were described.
    fn sessions_by_fragment(&mut self) {
        let mut by_ufrag: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, described) in self.described.iter().enumerate() {
            for (_, ufrag) in &described.ufrags {
                let places = by_ufrag.entry(ufrag.as_str()).or_default();
                if places.last() != Some(&place) && places.len() < ALIKE {
                    places.push(place);
                }
            }
        }
        for (session, known) in self.material.sessions.ice().iter().enumerate() {
            let of = |agent: usize| {
                known
                    .agents
                    .get(agent)
                    .and_then(|agent| by_ufrag.get(agent.ufrag.as_str()))
                    .map_or(&[][..], Vec::as_slice)
            };
            let (first, second) = (of(0), of(1));
            let both: Vec<usize> = first.iter().copied().filter(|place| second.contains(place)).collect();
            let [one, other] = known.agents.each_ref().map(|agent| agent.ufrag.as_str());
            // A fragment of four characters may come twice in a large capture: the exchange that is nearest before the checks is meant.
            let (places, detail) = match (nearest(self.material.exchanges, &both, known.first), first, second) {
                (Some(place), ..) => (vec![place], format!("{one}:{other}")),
                (None, [], []) => continue,
                (None, [], others) => {
                    (nearest(self.material.exchanges, others, known.first).into_iter().collect(), other.to_owned())
                }
                (None, others, []) => {
                    (nearest(self.material.exchanges, others, known.first).into_iter().collect(), one.to_owned())
                }
                // Each side negotiated on its own: with a server between the two that changed what it passed on.
                (None, mine, theirs) => (
                    [mine, theirs].iter().filter_map(|of| nearest(self.material.exchanges, of, known.first)).collect(),
                    format!("{one}:{other}"),
                ),
            };
            for place in places {
                self.found.insert(session);
                self.unite(GroundKind::Ufrag, detail.clone(), Member::Exchange(place), Member::Session(session));
            }
        }
    }

    /// Sessions whose pairs lie between signalled addresses.
    fn sessions_by_address(&mut self) {
        let mut by_address: HashMap<Endpoint, Vec<(usize, usize)>> = HashMap::new();
        for (place, described) in self.described.iter().enumerate() {
            for (party, address) in described.candidates.iter().filter(|(_, address)| address.port != 9) {
                let known = by_address.entry(*address).or_default();
                if known.len() < ALIKE {
                    known.push((place, *party));
                }
            }
        }
        for (session, known) in self.material.sessions.ice().iter().enumerate() {
            if self.found.contains(&session) {
                continue;
            }
            let fits = known.pairs.iter().find_map(|pair| {
                let [one, other] = pair.ends.each_ref().map(|end| by_address.get(&end.address()));
                one?.iter().find_map(|(place, party)| {
                    let across = other?.iter().any(|(of, by)| of == place && by != party);
                    let began =
                        self.material.exchanges.get(*place).is_some_and(|exchange| exchange.first <= known.first);
                    (across && began).then(|| (*place, pair.ends.each_ref().map(|end| end.address())))
                })
            });
            if let Some((place, [one, other])) = fits {
                self.found.insert(session);
                let detail = format!("{one} and {other}");
                self.unite(GroundKind::CandidateAddress, detail, Member::Exchange(place), Member::Session(session));
            }
        }
    }

    /// Sessions that belong together whatever was signalled.
    fn sessions_by_themselves(&mut self) {
        let sessions = self.material.sessions.ice();
        let mut by_tiebreaker: HashMap<u64, usize> = HashMap::new();
        for (place, session) in sessions.iter().enumerate() {
            if let Some(of) = session.restart_of {
                let detail = session.agents.each_ref().map(|agent| agent.ufrag.as_str()).join(":");
                self.unite(GroundKind::Restart, detail, Member::Session(of), Member::Session(place));
            }
            for tiebreaker in session.agents.iter().filter_map(|agent| agent.tiebreaker).filter(|value| *value != 0) {
                if let Some(of) = by_tiebreaker.insert(tiebreaker, place)
                    && of != place
                    && session.restart_of != Some(of)
                {
                    let detail = format!("{tiebreaker:016x}");
                    self.unite(GroundKind::Tiebreaker, detail, Member::Session(of), Member::Session(place));
                }
            }
        }
    }

    fn allocations(&mut self) {
        let allocations = self.material.sessions.allocations();
        let mut joined: HashSet<usize> = HashSet::new();
        let index = Allocations::new(allocations);
        for (place, session) in self.material.sessions.ice().iter().enumerate() {
            let mut wanted: BTreeMap<usize, (GroundKind, String)> = BTreeMap::new();
            for end in session.pairs.iter().flat_map(|pair| &pair.ends) {
                if let Some(allocation) = end.allocation {
                    wanted.entry(allocation).or_insert_with(|| (GroundKind::RelayedAddress, end.base.to_string()));
                } else {
                    for allocation in index.of_client(end.base, session.first) {
                        wanted.entry(allocation).or_insert_with(|| (GroundKind::ClientAddress, end.base.to_string()));
                    }
                }
            }
            let relayed = session
                .agents
                .iter()
                .flat_map(|agent| &agent.candidates)
                .filter(|candidate| candidate.kind == Some(CandidateType::Relayed));
            for candidate in relayed {
                if let Some(allocation) = index.relaying(candidate.address, session.last) {
                    let ground = || (GroundKind::RelayedAddress, candidate.address.to_string());
                    wanted.entry(allocation).or_insert_with(ground);
                }
            }
            for (allocation, (kind, detail)) in wanted {
                let (one, other) = (Member::Session(place), Member::Allocation(allocation));
                // One socket may serve many sessions and many allocations: each is told why it is in the call once.
                if joined.insert(allocation) || kind != GroundKind::ClientAddress || !self.are_joined(one, other) {
                    self.unite(kind, detail, one, other);
                }
            }
        }
        self.allocations_of_exchanges(&index, &mut joined);
    }

    /// Allocations whose relayed address was signalled, or that were asked for by who negotiated then.
    fn allocations_of_exchanges(&mut self, index: &Allocations<'_>, joined: &mut HashSet<usize>) {
        for (place, described) in self.described.iter().enumerate() {
            let Some(last) = self.material.exchanges.get(place).map(|exchange| exchange.last) else { continue };
            for (_, address) in &described.relayed {
                if let Some(allocation) = index.relaying(*address, last)
                    && joined.insert(allocation)
                {
                    let detail = address.to_string();
                    self.unite(
                        GroundKind::RelayedAddress,
                        detail,
                        Member::Exchange(place),
                        Member::Allocation(allocation),
                    );
                }
            }
        }
        let mut by_host: HashMap<IpAddr, Vec<usize>> = HashMap::new();
        for (place, exchange) in self.material.exchanges.iter().enumerate() {
            for address in exchange.parties.iter().filter_map(|party| party.address) {
                let places = by_host.entry(address.address).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        for (allocation, known) in self.material.sessions.allocations().iter().enumerate() {
            if joined.contains(&allocation) {
                continue;
            }
            let host = known.client.address;
            let during = |place: &&usize| {
                self.material.exchanges.get(**place).is_some_and(|exchange| {
                    known.first.time.after(GATHERED_BEFORE) >= exchange.first.time
                        && known.first.time <= exchange.last.time.after(APART)
                })
            };
            let mut fits = by_host.get(&host).into_iter().flatten().filter(during);
            if let (Some(place), None) = (fits.next().copied(), fits.next()) {
                self.unite(
                    GroundKind::ClientHost,
                    host.to_string(),
                    Member::Exchange(place),
                    Member::Allocation(allocation),
                );
            }
        }
    }

    /// Media that goes to an address of an `m=` line.
    fn media_flows(&mut self) {
        let mut by_address: HashMap<Endpoint, Vec<usize>> = HashMap::new();
        for (place, described) in self.described.iter().enumerate() {
            for (_, address) in &described.media {
                by_address.entry(*address).or_default().push(place);
                // RTCP goes to the next port unless something else is said (RFC 3550, section 11).
                let next = Endpoint::new(address.address, address.port.saturating_add(1));
                by_address.entry(next).or_default().push(place);
            }
        }
        for (flow, known) in self.material.sessions.media_flows().iter().enumerate() {
            let first = known.first.iter().flatten().min().copied().unwrap_or_default();
            let found = known.flow.ends.iter().find_map(|end| {
                let standing = |place: &&usize| {
                    let exchange = self.material.exchanges.get(**place);
                    exchange.is_some_and(|exchange| !ended_before(exchange, first))
                };
                let places: Vec<usize> = by_address.get(end)?.iter().filter(standing).copied().collect();
                Some((nearest(self.material.exchanges, &places, first)?, end.to_string()))
            });
            if let Some((place, detail)) = found {
                self.unite(GroundKind::MediaAddress, detail, Member::Exchange(place), Member::MediaFlow(flow));
            }
        }
    }

    /// When a member of the call that an exchange is in was last heard of.
    fn spans(&mut self) -> HashMap<usize, Timestamp> {
        let mut ends: HashMap<usize, Timestamp> = HashMap::new();
        let mut note = |root: usize, last: Timestamp| {
            let end = ends.entry(root).or_insert(last);
            *end = (*end).max(last);
        };
        for (place, exchange) in self.material.exchanges.iter().enumerate() {
            let root = self.forest.root(place);
            note(root, exchange.last.time);
        }
        for (place, session) in self.material.sessions.ice().iter().enumerate() {
            let number = self.number(Member::Session(place));
            note(self.forest.root(number), session.last.time);
        }
        ends
    }

    /// Exchanges of one conversation or one room that overlap: the connections of a client of an SFU, the legs of a mesh.
    fn exchanges_by_conversation(&mut self) {
        let mut ends = self.spans();
        let mut last_of_channel: HashMap<Channel, usize> = HashMap::new();
        let mut last_of_room: HashMap<(Option<Endpoint>, String), usize> = HashMap::new();
        for (place, exchange) in self.material.exchanges.iter().enumerate() {
            let overlaps = |join: &mut Self, ends: &HashMap<usize, Timestamp>, before: usize| {
                let root = join.forest.root(before);
                ends.get(&root).is_some_and(|end| exchange.first.time <= *end)
                    && !join.material.exchanges.get(before).is_some_and(|before| ended_before(before, exchange.first))
            };
            for channel in &exchange.channels {
                if let Some(before) = last_of_channel.insert(*channel, place)
                    && before != place
                    && overlaps(self, &ends, before)
                {
                    let detail = format!("conversation {}", channel.0);
                    self.unite_lasting(&mut ends, GroundKind::Conversation, detail, before, place);
                }
            }
            let server = exchange.parties.iter().find_map(|party| party.server);
            if let Some(room) = &exchange.room
                && let Some(before) = last_of_room.insert((server, room.clone()), place)
                && before != place
                && overlaps(self, &ends, before)
            {
                self.unite_lasting(&mut ends, GroundKind::Room, room.clone(), before, place);
            }
        }
    }

    /// Unites two exchanges whose call lasts as long as the longer of both from here on.
    fn unite_lasting(
        &mut self,
        ends: &mut HashMap<usize, Timestamp>,
        kind: GroundKind,
        detail: String,
        before: usize,
        place: usize,
    ) {
        let last = [before, place].map(|of| ends.get(&self.forest.root(of)).copied()).into_iter().flatten().max();
        self.unite(kind, detail, Member::Exchange(before), Member::Exchange(place));
        if let Some(last) = last {
            ends.insert(self.forest.root(place), last);
        }
    }

    fn finish(mut self) -> Vec<Call> {
        let sessions = self.material.sessions;
        let exchanges = (0..self.material.exchanges.len()).map(Member::Exchange);
        let members = exchanges
            .chain((0..sessions.ice().len()).map(Member::Session))
            .chain((0..sessions.allocations().len()).map(Member::Allocation))
            .chain((0..sessions.media_flows().len()).map(Member::MediaFlow));
        let mut groups: BTreeMap<usize, Members> = BTreeMap::new();
        for member in members.collect::<Vec<_>>() {
            let number = self.number(member);
            groups.entry(self.forest.root(number)).or_default().add(member);
        }
        for ground in std::mem::take(&mut self.grounds) {
            let [first, _] = ground.members;
            let number = self.number(first);
            let root = self.forest.root(number);
            if let Some(group) = groups.get_mut(&root) {
                group.grounds.push(ground);
            }
        }
        // What carries no call by itself: allocations and flows of media that nobody negotiated.
        let groups = groups.into_values().filter(|group| !group.exchanges.is_empty() || !group.sessions.is_empty());
        let mut calls: Vec<Call> = groups.map(|group| self.call(group)).collect();
        calls.sort_by_key(|call| call.first);
        topology::resolve(&mut calls, self.material);
        calls
    }

    fn call(&self, group: Members) -> Call {
        let Members { exchanges, sessions, allocations, media_flows, grounds } = group;
        let material = self.material;
        let moments = milestone::span(material, &exchanges, &sessions, &allocations, &media_flows);
        let mut call = Call {
            exchanges,
            sessions,
            allocations,
            media_flows,
            streams: Vec::new(),
            grounds,
            topology: None,
            participants: Vec::new(),
            outcome: super::Outcome::Negotiated,
            setup: super::Setup::default(),
            first: moments.0,
            last: moments.1,
        };
        call.participants = participant::of(&call, material, self.described);
        call.outcome = outcome::of(&call, material, self.described);
        call.setup = setup::of(&call, material);
        call
    }
}

/// What one call is made of.
#[derive(Debug, Default)]
struct Members {
    exchanges: Vec<usize>,
    sessions: Vec<usize>,
    allocations: Vec<usize>,
    media_flows: Vec<usize>,
    grounds: Vec<Ground>,
}

impl Members {
    fn add(&mut self, member: Member) {
        match member {
            Member::Exchange(place) => self.exchanges.push(place),
            Member::Session(place) => self.sessions.push(place),
            Member::Allocation(place) => self.allocations.push(place),
            Member::MediaFlow(place) => self.media_flows.push(place),
        }
    }
}

/// The exchange of `places` that began last before `moment`; else the first that began after it.
fn nearest(exchanges: &[Exchange], places: &[usize], moment: Moment) -> Option<usize> {
    let began = |place: &usize| exchanges.get(*place).map(|exchange| exchange.first);
    let before = places.iter().copied().filter(|place| began(place) <= Some(moment)).max_by_key(began);
    before.or_else(|| places.iter().copied().min_by_key(began))
}

/// Whether an exchange had said goodbye before `moment`.
fn ended_before(exchange: &Exchange, moment: Moment) -> bool {
    exchange.happenings.iter().any(|happening| {
        happening.moment < moment && matches!(&happening.incident, Incident::Room(event) if event.word.ends_a_call())
    })
}

/// The allocations by their addresses.
struct Allocations<'a> {
    all: &'a [Allocation],
    by_relayed: HashMap<Endpoint, Vec<usize>>,
    by_client: HashMap<Endpoint, Vec<usize>>,
}

impl<'a> Allocations<'a> {
    fn new(all: &'a [Allocation]) -> Self {
        let mut index = Self { all, by_relayed: HashMap::new(), by_client: HashMap::new() };
        for (place, allocation) in all.iter().enumerate() {
            for relayed in &allocation.relayed {
                index.by_relayed.entry(*relayed).or_default().push(place);
            }
            index.by_client.entry(allocation.client).or_default().push(place);
        }
        index
    }

    /// The allocation that relayed at this address when `until` was: addresses are given out again.
    fn relaying(&self, address: Endpoint, until: Moment) -> Option<usize> {
        let places = self.by_relayed.get(&address)?;
        places.iter().rev().copied().find(|place| self.all.get(*place).is_some_and(|known| known.first <= until))
    }

    /// The allocations of this client that were asked for shortly before `moment` or later.
    fn of_client(&self, client: Endpoint, moment: Moment) -> impl Iterator<Item = usize> + '_ {
        let places = self.by_client.get(&client).map_or(&[][..], Vec::as_slice);
        let newest = places.get(places.len().saturating_sub(ALIKE)..).unwrap_or_default();
        newest.iter().copied().filter(move |place| {
            self.all.get(*place).is_some_and(|known| known.last.time.after(GATHERED_BEFORE) >= moment.time)
        })
    }
}
