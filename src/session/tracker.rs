//! The trackers behind one door: messages in, sessions and events out.

use std::collections::HashSet;

use crate::moment::{Moment, Timestamp};
use crate::path::{Endpoint, FlowId, Path, Side};
use crate::signal::{Matter, Signal};
use crate::wire::dns;

use super::deadlines::{Deadlines, Reminder};
use super::ice::{IceTable, Knowledge, Session};
use super::integrity::{self, Verifier};
use super::links::{Link, Links};
use super::media::{Arrived, MediaFlow, MediaTable, Parties, Stream};
use super::nat::{self, Nat, NatTable};
use super::signaled::Signaled;
use super::transaction::Transactions;
use super::turn::{Allocation, Server, TurnTable};
use super::{Abbreviated, Credentials, Event, IcmpHit, Mapping, Names, StrayResponse, StunStatistics, What, limits};

/// Data of a session that was carried by a flow: neither STUN nor ChannelData.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// A ClientHello of DTLS in the clear.
    ClientHello,
    /// Another record of a DTLS handshake in the clear.
    Handshake,
    /// Another DTLS record.
    Dtls,
    /// RTP, SRTP, RTCP or SRTCP.
    Media,
}

/// Where a message was seen: its path, and the number and side of its flow.
#[derive(Debug, Clone, Copy)]
pub struct Seat<'a> {
    /// The path.
    pub path: &'a Path,
    /// The number of its flow.
    pub flow: FlowId,
    /// The side of the flow that sent it.
    pub side: Side,
}

/// Everything known about the sessions of a capture.
#[derive(Debug)]
pub struct Sessions {
    pub(super) ice: IceTable,
    pub(super) turn: TurnTable,
    pub(super) statistics: StunStatistics,
    pub(super) mappings: Vec<Mapping>,
    pub(super) nat: NatTable,
    resolved_nat: Nat,
    pub(super) names: Names,
    pub(super) strays: Abbreviated<StrayResponse>,
    pub(super) icmp: Abbreviated<IcmpHit>,
    pub(super) transactions: Transactions,
    pub(super) links: Links,
    pub(super) media: MediaTable,
    streams: Vec<Stream>,
    pub(super) signaled: Signaled,
    pub(super) deadlines: Deadlines,
    pub(super) verifier: Verifier,
    pub(super) known_mappings: HashSet<(Endpoint, Endpoint, Endpoint), foldhash::fast::RandomState>,
    pub(super) events: Vec<Event>,
    pub(super) start: Option<Timestamp>,
    pub(super) now: Moment,
}

impl Sessions {
    /// No session. `credentials` verify MESSAGE-INTEGRITY; `keep_all` keeps lists whole that are abbreviated otherwise.
    #[must_use]
    pub fn new(credentials: Credentials, keep_all: bool) -> Self {
        Self {
            ice: IceTable::new(keep_all),
            turn: TurnTable::new(keep_all),
            statistics: StunStatistics::default(),
            mappings: Vec::new(),
            nat: NatTable::default(),
            resolved_nat: Nat::default(),
            names: Names::new(),
            strays: Abbreviated::new(limits::STRAYS_KEPT),
            icmp: Abbreviated::new(limits::STRAYS_KEPT),
            transactions: Transactions::default(),
            links: Links::default(),
            media: MediaTable::new(false),
            streams: Vec::new(),
            signaled: Signaled::default(),
            deadlines: Deadlines::default(),
            verifier: Verifier::new(credentials),
            known_mappings: HashSet::default(),
            events: Vec::new(),
            start: None,
            now: Moment::default(),
        }
    }

    /// ICE sessions in order of appearance.
    #[must_use]
    pub fn ice(&self) -> &[Session] {
        self.ice.sessions()
    }

    /// Checks of ICE sessions past the bound.
    #[must_use]
    pub const fn ice_omitted(&self) -> u64 {
        self.ice.omitted()
    }

    /// TURN allocations in order of appearance.
    #[must_use]
    pub fn allocations(&self) -> &[Allocation] {
        self.turn.allocations()
    }

    /// Requests for allocations past the bound.
    #[must_use]
    pub const fn allocations_omitted(&self) -> u64 {
        self.turn.omitted()
    }

    /// STUN and TURN servers in order of appearance.
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

    /// What the capture shows of NATs. Empty before [`Sessions::finish`].
    #[must_use]
    pub const fn nat(&self) -> &Nat {
        &self.resolved_nat
    }

    /// What multicast DNS said about the names of hosts.
    #[must_use]
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// Takes a message of multicast DNS that `source` sent.
    pub fn name(&mut self, moment: Moment, source: Endpoint, message: &dns::Message<'_>) {
        self.names.observe(moment, source, message);
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

    /// What was signalled of each agent.
    #[must_use]
    pub const fn signaled(&self) -> &Signaled {
        &self.signaled
    }

    /// Flows that carried media without ICE, in order of appearance.
    #[must_use]
    pub fn media_flows(&self) -> &[MediaFlow] {
        self.media.plain.flows()
    }

    /// RTP streams in order of appearance. Empty before [`Sessions::finish`].
    #[must_use]
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// Packets of RTP streams past the bound.
    #[must_use]
    pub const fn streams_omitted(&self) -> u64 {
        self.media.omitted()
    }

    /// The same, keeping for each stream what came in each second.
    #[must_use]
    pub fn with_series(mut self, series: bool) -> Self {
        self.media = MediaTable::new(series);
        self
    }

    /// Takes a packet of RTP or SRTP. On the path of every media packet.
    #[inline]
    pub fn rtp(&mut self, arrived: &Arrived<'_>) {
        let (links, ice) = (&self.links, &self.ice);
        let begun = self.media.rtp(arrived, || parties(links, ice, arrived.flow, arrived.side));
        if let Some(stream) = begun {
            self.stream_began(arrived.moment, stream);
        }
    }

    #[cold]
    fn stream_began(&mut self, moment: Moment, stream: usize) {
        if let Some((ssrc, path, payload_type)) = self.media.identity(stream) {
            self.events.push(Event { moment, what: What::StreamStarted { ssrc, path, payload_type } });
        }
    }

    /// Takes a datagram of RTCP or SRTCP.
    pub fn rtcp(&mut self, arrived: &Arrived<'_>) {
        self.media.rtcp(arrived);
    }

    /// What happened since the last call, in order.
    pub fn take_events(&mut self) -> std::vec::Drain<'_, Event> {
        self.events.drain(..)
    }

    /// Whether [`Sessions::take_events`] has something to give.
    #[must_use]
    pub const fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Takes what was signalled: passwords, which verify the messages kept for them too, and candidates. `timed` says whether the
    /// time of the signal is the capture's; that of a file beside it is not before its clock is known. The same may be learnt again.
    pub fn learn(&mut self, signal: &Signal, timed: bool) {
        if let Matter::Description(description) = &signal.matter {
            self.media.learn(signal.moment, &description.sdp);
        }
        for ufrag in self.signaled.learn(signal, timed) {
            for (session, verdict) in self.verifier.learned(&ufrag, &self.signaled) {
                integrity::recount(verdict, &mut self.statistics.integrity);
                if let Some(session) = self.ice.session_mut(session) {
                    integrity::recount(verdict, &mut session.integrity);
                }
            }
        }
    }

    /// Addresses for which descriptions announced media since the last call.
    pub fn take_announced(&mut self) -> impl Iterator<Item = Endpoint> {
        self.media.take_announced()
    }

    /// The flow's number stands for another flow from now on.
    pub fn forget(&mut self, flow: FlowId) {
        if let Some(link) = self.links.known(flow) {
            if let Some(place) = link.plain {
                self.media.plain.note_last(place, link.data);
            }
            *link = Link::default();
        }
        self.media.forget(flow);
    }

    /// Brings about what time alone brings about, up to `moment`. Time never runs back.
    #[inline]
    pub fn advance(&mut self, moment: Moment) {
        if moment.time > self.now.time || self.start.is_none() {
            self.start.get_or_insert(moment.time);
            self.now = moment;
        }
        if self.deadlines.due(self.now.time) {
            self.remind();
        }
    }

    pub(super) fn remind(&mut self) {
        let now = self.now;
        while let Some((when, what)) = self.deadlines.next(now.time) {
            // What was due is told at the time it was due, with the frame that showed it.
            let moment = Moment { time: when, frame: now.frame };
            let again = match what {
                Reminder::Checks { session, pair, agent } => {
                    self.ice.look(moment, session, pair, agent, &mut self.events)
                }
                Reminder::Allocation(place) => self.turn.look_at_allocation(place, moment, &mut self.events),
                Reminder::Permissions(place) => self.turn.look_at_permissions(place, moment, &mut self.events),
            };
            // A reminder that asks for its own moment again would never end.
            if let Some(again) = again.filter(|again| *again > when) {
                self.deadlines.set(again, what);
            }
        }
    }

    /// Ends the capture: what is outstanding is judged at the greatest time seen.
    pub fn finish(&mut self) {
        self.remind();
        self.sync_data();
        self.ice.look_at_all(self.now, &mut self.events);
        self.resolve_candidates();
        let turn = &self.turn;
        let relaying = |address| turn.relaying(address).is_some();
        let (links, ice) = (&self.links, &self.ice);
        let client_sends = |path: &Path| {
            let relay = path.relay.map(|relay| relay.client);
            // Joined mid-call, the client's own address stands in for the relayed one.
            if relay == Some(path.source) {
                return true;
            }
            let allocation = turn.relaying(path.source).and_then(|place| turn.allocations().get(place));
            allocation.map(|allocation| allocation.client) == relay
        };
        self.streams = self.media.finish(|flow, side| parties(links, ice, flow, side), client_sends);
        self.resolved_nat = nat::resolve(&self.nat, self.ice.sessions(), turn.servers(), relaying);
    }

    /// Candidates of each agent: what its checks, the servers, the allocations and the signalling told.
    pub(super) fn resolve_candidates(&mut self) {
        let knowledge = Knowledge::new(&self.mappings, self.turn.allocations(), &self.signaled, &self.names);
        super::ice::resolve(&mut self.ice, &knowledge);
    }

    /// The time of the first packet: what the times of a report count from.
    #[must_use]
    pub const fn start(&self) -> Option<Timestamp> {
        self.start
    }

    /// The greatest time seen.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now.time
    }
}

/// Who sends and who receives on a side of a flow, as far as an ICE session tells.
fn parties(links: &Links, ice: &IceTable, flow: FlowId, side: Side) -> Parties {
    let Some(link) = links.peek(flow) else { return Parties::default() };
    let mut parties = Parties { dtls: link.dtls, ..Parties::default() };
    let Some(pair) = link.pair else { return parties };
    let Some(session) = ice.sessions().get(pair.session) else { return parties };
    let agent = |side: Side| {
        let place = link.agents.get(side.index()).copied()?;
        Some((place, session.agents.get(place)?.ufrag.clone()))
    };
    parties.session = Some(pair.session);
    parties.sender = agent(side);
    parties.receiver = agent(side.other()).map(|(_, ufrag)| ufrag);
    parties
}
