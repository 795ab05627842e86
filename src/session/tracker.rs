//! The trackers behind one door: messages in, sessions and events out.

use std::collections::HashSet;

use crate::crypto::Verdict;
use crate::moment::{Moment, Timestamp};
use crate::path::{Endpoint, FlowId, Path, Side, Transport};
use crate::wire::channel_data::ChannelData;
use crate::wire::stun::{self, Class, Fingerprint, Message, Method};

use super::credentials::Credentials;
use super::deadlines::{Deadlines, Reminder};
use super::ice::{CheckRef, IceTable, PairRef, Session};
use super::integrity::{self, Verifier};
use super::links::Links;
use super::printable::printable;
use super::relay::Relayed;
use super::stun::StunStatistics;
use super::transaction::{Answer, IcmpHit, Owner, Sent, StrayResponse, Transactions};
use super::turn::{Allocation, Passing, Server, TurnTable};
use super::{Abbreviated, Event, Mapping, What, limits};

/// Data of a session that was carried by a flow: neither STUN nor ChannelData.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// The start of a DTLS handshake.
    Handshake,
    /// Other DTLS, RTP or RTCP.
    Data,
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
    statistics: StunStatistics,
    mappings: Vec<Mapping>,
    strays: Abbreviated<StrayResponse>,
    icmp: Abbreviated<IcmpHit>,
    transactions: Transactions,
    links: Links,
    deadlines: Deadlines,
    verifier: Verifier,
    known_mappings: HashSet<(Endpoint, Endpoint, Endpoint), foldhash::fast::RandomState>,
    events: Vec<Event>,
    start: Option<Timestamp>,
    now: Moment,
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
            strays: Abbreviated::new(limits::STRAYS_KEPT),
            icmp: Abbreviated::new(limits::STRAYS_KEPT),
            transactions: Transactions::default(),
            links: Links::default(),
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

    /// The time of the first packet: what the times of a report count from.
    #[must_use]
    pub const fn start(&self) -> Option<Timestamp> {
        self.start
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

    /// The flow's number stands for another flow from now on.
    pub fn forget(&mut self, flow: FlowId) {
        if let Some(link) = self.links.known(flow) {
            *link = super::links::Link::default();
        }
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

    fn remind(&mut self) {
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
    }

    /// Takes a STUN message; gives what is inside of it, where it is a relay's.
    pub fn observe<'a>(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'a>) -> Option<Relayed<'a>> {
        self.count(seat.path, message);
        if message.is_microsoft()
            && let Some(sent) = microsoft_data(message)
        {
            return self.microsoft_data(moment, seat, message, sent);
        }
        if message.is_classic() {
            self.classic(moment, seat, message);
            return None;
        }
        match message.class {
            Class::Request => self.request(moment, seat, message),
            Class::SuccessResponse | Class::ErrorResponse => self.response(moment, seat, message),
            Class::Indication => return self.indication(moment, seat, message),
        }
        None
    }

    fn count(&mut self, path: &Path, message: &Message<'_>) {
        if message.is_classic() {
            let (method, class) = match microsoft_data(message) {
                Some(false) if message.is_microsoft() => (Method::DATA, Class::Indication),
                _ => (message.method, message.class),
            };
            self.statistics.count_classic(method, class);
            return;
        }
        let statistics = &mut self.statistics;
        statistics.count(message.method, message.class, path.relay.is_some());
        statistics.malformed += u64::from(message.fault.is_some() && !message.truncated);
        let verdict = match stun::fingerprint(message) {
            Fingerprint::Valid => &mut statistics.fingerprint.valid,
            Fingerprint::Invalid { .. } => &mut statistics.fingerprint.invalid,
            Fingerprint::Absent => &mut statistics.fingerprint.absent,
            _ => &mut statistics.fingerprint.unknown,
        };
        *verdict += 1;
        if let Some(code) = message.error_code()
            && message.class == Class::ErrorResponse
        {
            *statistics.errors.entry(code.code).or_default() += 1;
        }
    }

    /// RFC 3489: counted, and its transactions timed.
    fn classic(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) {
        match message.class {
            Class::Request => {
                if self.transactions.request(moment, seat.path, message.method, message.transaction_id) == Sent::New {
                    let owner = self.binding_to_server(moment, seat.path, message);
                    if let Some(known) = self.transactions.find(seat.path, message.transaction_id) {
                        known.owner = owner;
                    }
                }
            }
            Class::SuccessResponse | Class::ErrorResponse => {
                if let Some((known, Answer::First | Answer::Elsewhere)) =
                    self.transactions.response(moment, seat.path, message.method, message.transaction_id)
                    && let Owner::Server { server, .. } = known.owner
                {
                    self.answered_by_server(moment, seat, message, server);
                }
            }
            Class::Indication => {}
        }
    }

    fn request(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) {
        let sent = self.transactions.request(moment, seat.path, message.method, message.transaction_id);
        match sent {
            Sent::New => self.statistics.transactions += 1,
            Sent::Again => self.statistics.retransmissions += 1,
            Sent::OtherLeg => {}
        }
        if sent == Sent::New {
            let owner = self.owner(moment, seat, message);
            if let Some(known) = self.transactions.find(seat.path, message.transaction_id) {
                known.owner = owner;
            }
        }
        let Some(known) = self.transactions.find(seat.path, message.transaction_id) else { return };
        let owner = known.owner.clone();
        self.verify(message, &owner);
        match owner {
            Owner::Check(check) => {
                if sent == Sent::Again {
                    self.ice.check_again(moment, check);
                }
                self.link_check(seat, check);
                self.watch(check);
            }
            Owner::Turn(request) => {
                if let Some(link) = self.links.of(seat.flow) {
                    link.allocation = Some(request.allocation);
                    link.client = Some(seat.side);
                }
            }
            Owner::Server { .. } | Owner::None => {}
        }
    }

    /// What a new request is for.
    fn owner(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) -> Owner {
        match message.method {
            Method::BINDING => match self.ice.check(moment, seat.path, message, &mut self.events) {
                Some(check) => {
                    self.recognise_relays(check.pair);
                    Owner::Check(check)
                }
                None if message.username().is_none() => self.binding_to_server(moment, seat.path, message),
                None => Owner::None,
            },
            Method::GOOG_PING => {
                let pair = self.links.peek(seat.flow).and_then(|link| link.checked);
                pair.and_then(|pair| self.ice.ping(moment, pair, seat.path, message)).map_or(Owner::None, Owner::Check)
            }
            Method::ALLOCATE
            | Method::REFRESH
            | Method::CREATE_PERMISSION
            | Method::CHANNEL_BIND
            | Method::CONNECT
            | Method::CONNECTION_BIND => {
                let current = self.links.known(seat.flow).and_then(|link| link.allocation);
                let server = self.turn.server(moment, seat.path.destination, seat.path.transport);
                if let Some(server) = server.and_then(|server| self.turn.server_mut(server)) {
                    server.requests += 1;
                }
                self.turn
                    .request(moment, seat.path, message, current, &mut self.events)
                    .map_or(Owner::None, Owner::Turn)
            }
            _ => Owner::None,
        }
    }

    fn binding_to_server(&mut self, moment: Moment, path: &Path, message: &Message<'_>) -> Owner {
        let Some(server) = self.turn.server(moment, path.destination, path.transport) else { return Owner::None };
        if let Some(known) = self.turn.server_mut(server) {
            known.requests += 1;
        }
        let elsewhere = message.change_request().is_some_and(|change| change.ip || change.port)
            || message.response_port().is_some();
        Owner::Server { server, elsewhere }
    }

    fn response(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) {
        let Some((known, answer)) =
            self.transactions.response(moment, seat.path, message.method, message.transaction_id)
        else {
            self.statistics.responses_without_request += 1;
            self.verify(message, &Owner::None);
            self.response_without_request(moment, seat, message);
            return;
        };
        let owner = known.owner.clone();
        let (request, request_moment) = (known.path(), known.first);
        let (round_trip, _) = known.round_trips(moment);
        self.verify(message, &owner);
        match answer {
            Answer::First => self.statistics.answered += 1,
            Answer::Elsewhere => {
                self.statistics.answered += 1;
                if !matches!(owner, Owner::Server { elsewhere: true, .. }) {
                    self.stray(moment, seat, message, request, request_moment, &owner);
                    return;
                }
            }
            Answer::Duplicate => {
                self.statistics.duplicate_responses += 1;
                return;
            }
            Answer::OtherLeg => return,
        }
        let success = message.class == Class::SuccessResponse;
        match owner {
            Owner::Check(check) if success => {
                self.ice.success(moment, check, message, round_trip, &mut self.events);
                self.link_success(seat, check);
                self.ice.update(moment, check.pair.session, &mut self.events);
            }
            Owner::Check(check) => {
                let code = message.error_code().map_or(0, |error| error.code);
                self.ice.error(moment, check, code, &mut self.events);
                self.ice.update(moment, check.pair.session, &mut self.events);
            }
            Owner::Turn(request) => {
                self.note_server(moment, seat.path, message);
                if success {
                    self.note_mapping(moment, seat.path, message);
                    if let Some(connection) = self.turn.success(moment, seat.path, message, &request, &mut self.events)
                        && let Some(link) = self.links.of(seat.flow)
                    {
                        link.connection = Some((request.allocation, connection));
                    }
                    self.remind_of(request.allocation);
                } else {
                    self.turn.error(moment, message, &request, &mut self.events);
                }
            }
            Owner::Server { server, .. } => self.answered_by_server(moment, seat, message, server),
            Owner::None => {}
        }
    }

    /// The capture saw the answer only: it began in between, or sees one direction.
    fn response_without_request(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) {
        if message.class == Class::SuccessResponse && message.method == Method::ALLOCATE {
            let current = self.links.known(seat.flow).and_then(|link| link.allocation);
            if let Some(place) = self.turn.standing(moment, &seat.path.reversed(), current, &mut self.events) {
                self.turn.granted(moment, message, place, &mut self.events);
                self.link_client(seat.flow, seat.side.other(), place);
                self.remind_of(place);
            }
        }
    }

    fn stray(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        message: &Message<'_>,
        request: Path,
        request_moment: Moment,
        owner: &Owner,
    ) {
        let pair = match owner {
            Owner::Check(check) => {
                if message.class == Class::SuccessResponse {
                    self.ice.elsewhere(moment, *check, &mut self.events);
                    self.ice.update(moment, check.pair.session, &mut self.events);
                }
                Some((check.pair.session, check.pair.pair))
            }
            _ => None,
        };
        let from = seat.path.source;
        self.strays.push(StrayResponse {
            moment,
            request,
            request_moment,
            from,
            to: seat.path.destination,
            method: message.method,
            pair,
        });
        self.events.push(Event { moment, what: What::StrayResponse { request, from } });
    }

    fn indication<'a>(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'a>) -> Option<Relayed<'a>> {
        self.verify(message, &Owner::None);
        match message.method {
            Method::SEND | Method::DATA => self.relayed_data(moment, seat, message),
            Method::CONNECTION_ATTEMPT => {
                let place = self.links.known(seat.flow).and_then(|link| link.allocation)?;
                let peer = message.xor_peer_addresses().next().map(Endpoint::from);
                self.turn.connection(moment, place, message.connection_id()?, peer, true);
                None
            }
            Method::BINDING => {
                let pair = self.links.known(seat.flow).and_then(|link| link.checked)?;
                self.ice.keepalive(moment, pair, seat.path);
                None
            }
            _ => None,
        }
    }

    /// The Send request and the Data indication of MS-TURN, which the numbers of RFC 8656 do not know. Nobody answers a Send request.
    fn microsoft_data<'a>(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        message: &Message<'a>,
        sent: bool,
    ) -> Option<Relayed<'a>> {
        if sent && self.transactions.request(moment, seat.path, message.method, message.transaction_id) == Sent::New {
            self.statistics.transactions += 1;
        }
        let peer = if sent { message.destination_address() } else { message.remote_address() }?;
        self.through_relay(moment, seat, message, Endpoint::from(peer), sent)
    }

    fn relayed_data<'a>(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'a>) -> Option<Relayed<'a>> {
        let peer = message.xor_peer_addresses().next().map(Endpoint::from)?;
        self.through_relay(moment, seat, message, peer, message.method == Method::SEND)
    }

    /// A message that carries the datagram of a peer in DATA, from the client (`sent`) or to it.
    fn through_relay<'a>(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        message: &Message<'a>,
        peer: Endpoint,
        sent: bool,
    ) -> Option<Relayed<'a>> {
        let current = self.links.known(seat.flow).and_then(|link| link.allocation);
        let (path, client) = if sent { (*seat.path, seat.side) } else { (seat.path.reversed(), seat.side.other()) };
        let place = self.turn.standing(moment, &path, current, &mut self.events)?;
        self.link_client(seat.flow, client, place);
        let attribute = message.attribute(stun::AttributeType::DATA)?;
        let length = usize::from(attribute.stated_length);
        let path = self.turn.indication(place, peer, Passing { moment, sent, length })?;
        Some(Relayed { path, data: attribute.value, length })
    }

    /// Takes ChannelData; gives what is inside. On the path of every relayed packet.
    pub fn channel_data<'a>(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        channel: &ChannelData<'a>,
    ) -> Option<Relayed<'a>> {
        let link = self.links.known(seat.flow);
        let (current, client) = link.map_or((None, None), |link| (link.allocation, link.client));
        // Joined mid-call, the end with the lower port is taken for the server.
        let client = client.unwrap_or(if seat.path.source.port >= seat.path.destination.port {
            seat.side
        } else {
            seat.side.other()
        });
        let sent = client == seat.side;
        let place = match current {
            Some(place) => place,
            None => {
                let path = if sent { *seat.path } else { seat.path.reversed() };
                let place = self.turn.standing(moment, &path, None, &mut self.events)?;
                self.link_client(seat.flow, client, place);
                place
            }
        };
        let length = usize::from(channel.length);
        let path = self.turn.channel_data(place, channel.number, Passing { moment, sent, length })?;
        Some(Relayed { path, data: channel.data, length })
    }

    /// Takes data that a flow carried. On the path of every media packet: all but the first on a pair is one look and two writes.
    #[inline]
    pub fn data(&mut self, moment: Moment, seat: Seat<'_>, what: Carried) {
        let Some(link) = self.links.known(seat.flow) else { return };
        let index = seat.side.index();
        if let Some(last) = link.data.get_mut(index) {
            *last = Some(moment);
        }
        if what == Carried::Data && link.in_use.get(index) == Some(&true) {
            return;
        }
        if link.pair.is_some() {
            self.first_data(moment, seat, what);
        }
    }

    #[cold]
    fn first_data(&mut self, moment: Moment, seat: Seat<'_>, what: Carried) {
        let index = seat.side.index();
        let Some(link) = self.links.known(seat.flow) else { return };
        let (Some(pair), Some(agent)) = (link.pair, link.agents.get(index).copied()) else { return };
        if let Some(in_use) = link.in_use.get_mut(index) {
            *in_use = true;
        }
        self.ice.data(moment, pair, agent, what == Carried::Handshake, &mut self.events);
        self.restarted(moment, pair);
        // The agent's data left its other pairs: the next packet on one of them is news again.
        let others = self.ice.other_flows(pair);
        for flow in others {
            if let Some(link) = self.links.known(flow) {
                for side in [Side::First, Side::Second] {
                    if link.agents.get(side.index()) == Some(&agent)
                        && link.pair.is_some_and(|of| of.session == pair.session)
                        && let Some(in_use) = link.in_use.get_mut(side.index())
                    {
                        *in_use = false;
                    }
                }
            }
        }
    }

    /// Takes bytes of a TCP connection to a peer (RFC 6062).
    pub fn bytes(&mut self, moment: Moment, seat: Seat<'_>, length: usize) {
        let Some(link) = self.links.known(seat.flow) else { return };
        let Some((place, connection)) = link.connection else { return };
        let sent = link.client == Some(seat.side);
        self.turn.bytes(place, connection, Passing { moment, sent, length });
    }

    /// Whether the flow carries bytes of a TCP connection to a peer from now on (RFC 6062, section 4.5).
    #[must_use]
    pub fn carries_connection(&self, flow: FlowId) -> bool {
        self.links.peek(flow).is_some_and(|link| link.connection.is_some())
    }

    /// The TCP connection of a client closed: an allocation on it is gone (RFC 8656, section 5).
    pub fn closed(&mut self, moment: Moment, flow: FlowId) {
        if let Some(link) = self.links.known(flow)
            && link.connection.is_none()
            && let Some(place) = link.allocation
        {
            self.turn.connection_closed(place, moment, &mut self.events);
        }
    }

    /// An ICMP error quotes a datagram from `path.source` to `path.destination` that starts with `quoted`.
    pub fn icmp_error(&mut self, moment: Moment, path: &Path, quoted: &[u8], code: (u8, u8), meaning: &'static str) {
        let Ok(message) = Message::parse(quoted) else { return };
        let Some(known) =
            self.transactions.quoted(path.source, path.destination, Transport::Udp, message.transaction_id)
        else {
            return;
        };
        let (owner, request, method) = (known.owner.clone(), known.path(), known.method);
        let (mut pair, mut allocation) = (None, None);
        match owner {
            Owner::Check(check) => {
                pair = Some((check.pair.session, check.pair.pair));
                self.ice.icmp(moment, check, &mut self.events);
                self.ice.update(moment, check.pair.session, &mut self.events);
            }
            Owner::Turn(request) => allocation = Some(request.allocation),
            Owner::Server { .. } | Owner::None => {}
        }
        self.icmp.push(IcmpHit { moment, request, method, code, meaning, pair, allocation });
        self.events.push(Event { moment, what: What::IcmpError { request } });
    }

    fn verify(&mut self, message: &Message<'_>, owner: &Owner) {
        let verdict = self.verifier.verify(message, owner, &self.ice, &self.turn);
        integrity::count(verdict, &mut self.statistics.integrity);
        if verdict == Verdict::Invalid {
            match owner {
                Owner::Check(check) => {
                    if let Some(session) = self.ice.session_mut(check.pair.session) {
                        session.integrity_invalid += 1;
                    }
                }
                Owner::Turn(request) => {
                    if let Some(allocation) = self.turn.allocation_mut(request.allocation) {
                        allocation.integrity_invalid += 1;
                    }
                }
                Owner::Server { .. } | Owner::None => {}
            }
        }
    }

    fn link_client(&mut self, flow: FlowId, client: Side, place: usize) {
        if let Some(link) = self.links.of(flow) {
            link.allocation = Some(place);
            link.client = Some(client);
        }
    }

    /// A check went over the flow.
    fn link_check(&mut self, seat: Seat<'_>, check: CheckRef) {
        self.ice.note_flow(check.pair, seat.flow);
        if let Some(link) = self.links.of(seat.flow) {
            link.checked = Some(check.pair);
            if link.pair.is_none() {
                link.pair = Some(check.pair);
                set_agents(&mut link.agents, seat.side, check.agent);
            }
        }
    }

    /// A check over the flow was answered with success: data on it belongs to that pair.
    fn link_success(&mut self, seat: Seat<'_>, check: CheckRef) {
        if let Some(link) = self.links.of(seat.flow) {
            if link.pair != Some(check.pair) {
                link.in_use = [false; 2];
            }
            link.pair = Some(check.pair);
            set_agents(&mut link.agents, seat.side.other(), check.agent);
        }
    }

    fn watch(&mut self, check: CheckRef) {
        let CheckRef { pair: PairRef { session, pair }, agent, .. } = check;
        if let Some(when) = self.ice.schedule(session, pair, agent) {
            self.deadlines.set(when, Reminder::Checks { session, pair, agent });
        }
    }

    fn remind_of(&mut self, place: usize) {
        if let Some(when) = self.turn.allocation_due(place) {
            self.deadlines.set(when, Reminder::Allocation(place));
        }
        if let Some(when) = self.turn.permissions_due(place) {
            self.deadlines.set(when, Reminder::Permissions(place));
        }
    }

    fn answered_by_server(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>, server: usize) {
        if let Some(known) = self.turn.server_mut(server) {
            known.answered += 1;
            note_software(known, message);
        }
        self.note_mapping(moment, seat.path, message);
    }

    fn note_server(&mut self, moment: Moment, path: &Path, message: &Message<'_>) {
        if let Some(place) = self.turn.server(moment, path.source, path.transport)
            && let Some(known) = self.turn.server_mut(place)
        {
            known.answered += 1;
            note_software(known, message);
        }
    }

    /// A server tells its client's address.
    fn note_mapping(&mut self, moment: Moment, path: &Path, message: &Message<'_>) {
        let Some(mapped) = message.mapped_address().map(Endpoint::from) else { return };
        let (client, server) = (path.destination, path.source);
        if self.mappings.len() >= limits::MAPPINGS || !self.known_mappings.insert((client, server, mapped)) {
            return;
        }
        self.mappings.push(Mapping { client, server, mapped, transport: path.transport, first: moment });
        self.events.push(Event { moment, what: What::Mapped { client, server, mapped } });
    }

    /// Ends of a pair that are relayed addresses of allocations seen.
    fn recognise_relays(&mut self, at: PairRef) {
        let turn = &self.turn;
        if let Some(pair) = self.ice.pair_mut(at) {
            for end in &mut pair.ends {
                if end.allocation.is_none() {
                    end.allocation = turn.relaying(end.base);
                }
            }
        }
    }

    /// Brings the last data of each flow into its pair.
    fn sync_data(&mut self) {
        for place in 0..self.ice.sessions().len() {
            for (pair, flows) in self.ice.flows_of(place) {
                let at = PairRef { session: place, pair };
                for flow in flows {
                    let Some(link) = self.links.known(flow).copied() else { continue };
                    if link.pair != Some(at) {
                        continue;
                    }
                    for side in [Side::First, Side::Second] {
                        let (Some(last), Some(agent)) =
                            (link.data.get(side.index()).copied().flatten(), link.agents.get(side.index()))
                        else {
                            continue;
                        };
                        self.ice.note_last_data(at, *agent, last);
                    }
                }
            }
        }
    }

    /// The session's data began: perhaps it goes on with what another one between the same hosts had.
    fn restarted(&mut self, moment: Moment, at: PairRef) {
        let Some(of) = self.ice.restarted_by(at, self.start.unwrap_or_default()) else { return };
        if let Some(session) = self.ice.session_mut(at.session) {
            session.restart_of = Some(of);
        }
        self.events.push(Event { moment, what: What::SessionRestarted { session: at.session, of } });
    }

    /// Candidates of each agent: what its checks, the servers and the allocations told.
    fn resolve_candidates(&mut self) {
        super::ice::resolve(&mut self.ice, &self.mappings, self.turn.allocations());
    }

    /// The greatest time seen.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now.time
    }
}

/// Whether a message of MS-TURN carries data, and then whether it comes from the client ([MS-TURN], section 2.2.1).
fn microsoft_data(message: &Message<'_>) -> Option<bool> {
    /// Send request: the number of Refresh.
    const SEND: (Method, Class) = (Method::REFRESH, Class::Request);
    /// Data indication, 0x0115.
    const DATA: (Method, Class) = (Method(5), Class::ErrorResponse);
    message.attribute(stun::AttributeType::DATA)?;
    match (message.method, message.class) {
        SEND => Some(true),
        DATA => Some(false),
        _ => None,
    }
}

const fn set_agents(agents: &mut [usize; 2], side: Side, agent: usize) {
    *agents = match (side, agent) {
        (Side::First, 0) | (Side::Second, 1) => [0, 1],
        _ => [1, 0],
    };
}

fn note_software(server: &mut Server, message: &Message<'_>) {
    if server.software.is_none() {
        server.software = message.software().map(|software| printable(software.trim_ascii_end()));
    }
}
