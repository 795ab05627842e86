//! Messages into the trackers: what each request is for, and what each response means to it.

use crate::crypto::Verdict;
use crate::moment::Moment;
use crate::path::{Endpoint, Path, Transport};
use crate::wire::stun::{self, Class, Fingerprint, Message, Method};

use super::carry::microsoft_data;
use super::deadlines::Reminder;
use super::ice::{CheckRef, PairRef};
use super::transaction::{Answer, Owner, Sent};
use super::{Event, IcmpHit, Relayed, Seat, Sessions, StrayResponse, What, integrity};

impl Sessions {
    /// Takes a STUN message; gives what is inside of it, where it is a relay's.
    pub fn observe<'a>(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'a>) -> Option<Relayed<'a>> {
        self.count(moment, seat.path, message);
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

    pub(super) fn count(&mut self, moment: Moment, path: &Path, message: &Message<'_>) {
        if message.is_classic() {
            let (method, class) = match microsoft_data(message) {
                Some(false) if message.is_microsoft() => (Method::DATA, Class::Indication),
                _ => (message.method, message.class),
            };
            self.statistics.count_classic(moment, method, class);
            return;
        }
        let statistics = &mut self.statistics;
        statistics.count(message.method, message.class, path.relay.is_some());
        if message.fault.is_some() && !message.truncated {
            statistics.malformed += 1;
            statistics.first_malformed.get_or_insert((moment, *path));
        }
        let verdict = match stun::fingerprint(message) {
            Fingerprint::Valid => &mut statistics.fingerprint.valid,
            Fingerprint::Invalid { .. } => {
                statistics.first_bad_fingerprint.get_or_insert((moment, *path));
                &mut statistics.fingerprint.invalid
            }
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

    pub(super) fn request(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) {
        let sent = self.transactions.request(moment, seat.path, message.method, message.transaction_id);
        match sent {
            Sent::New => self.statistics.transactions += 1,
            Sent::Again => self.statistics.retransmissions += 1,
            Sent::OtherLeg => {}
        }
        if sent == Sent::New {
            let owner = self.owner(moment, seat, message);
            self.nat.request(moment, seat.path, matches!(owner, Owner::Server { .. } | Owner::Turn(_)));
            if let Some(known) = self.transactions.find(seat.path, message.method, message.transaction_id) {
                known.owner = owner;
            }
        }
        let Some(known) = self.transactions.find(seat.path, message.method, message.transaction_id) else { return };
        let owner = known.owner.clone();
        self.verify(message, &owner);
        match owner {
            Owner::Check(check) => {
                match sent {
                    Sent::New => self.ice.update(moment, check.pair.session, &mut self.events),
                    Sent::Again => self.ice.check_again(moment, check),
                    Sent::OtherLeg => {}
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
            Owner::Server { test: Some(test), .. } if sent == Sent::Again => self.nat.test_again(moment, test),
            Owner::Server { .. } | Owner::None => {}
        }
    }

    /// What a new request is for.
    pub(super) fn owner(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) -> Owner {
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
                self.turn.asked(moment, seat.path);
                self.turn
                    .request(moment, seat.path, message, current, &mut self.events)
                    .map_or(Owner::None, Owner::Turn)
            }
            _ => Owner::None,
        }
    }

    pub(super) fn response(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) {
        let Some((known, answer)) =
            self.transactions.response(moment, seat.path, message.method, message.transaction_id)
        else {
            self.statistics.responses_without_request += 1;
            self.verify(message, &Owner::None);
            self.nat.lone_response(seat.path);
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
            Answer::AfterElsewhere => {}
            Answer::OtherLeg => return,
        }
        let success = message.class == Class::SuccessResponse;
        match owner {
            Owner::Check(check) if success => {
                self.ice.success(moment, check, message, round_trip, &mut self.events);
                self.told(moment, seat, message, &request);
                self.link_success(seat, check);
                self.ice.update(moment, check.pair.session, &mut self.events);
            }
            Owner::Check(check) => {
                self.ice.error(moment, check, message, &mut self.events);
                self.ice.update(moment, check.pair.session, &mut self.events);
            }
            Owner::Turn(asked) => {
                self.note_server(moment, seat.path, message);
                if success {
                    self.note_mapping(moment, seat.path, message);
                    self.told(moment, seat, message, &request);
                    if let Some(connection) = self.turn.success(moment, seat.path, message, &asked, &mut self.events)
                        && let Some(link) = self.links.of(seat.flow)
                    {
                        link.connection = Some((asked.allocation, connection));
                    }
                    self.remind_of(asked.allocation);
                } else {
                    self.turn.error(moment, message, &asked, &mut self.events);
                }
            }
            Owner::Server { server, elsewhere, test } => {
                self.answered_by_server(moment, seat, message, server);
                self.learn_of_nat(moment, seat, message, &request, (elsewhere, test));
            }
            Owner::None => {}
        }
    }

    /// The capture saw the answer only: it began in between, or sees one direction.
    pub(super) fn response_without_request(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) {
        if message.class == Class::SuccessResponse && message.method == Method::ALLOCATE {
            let linked = self.links.known(seat.flow).and_then(|link| link.allocation);
            let current = linked.filter(|place| !self.turn.has_ended(*place));
            if let Some(place) = self.turn.standing(moment, &seat.path.reversed(), current, &mut self.events) {
                self.turn.granted(moment, message, place, &mut self.events);
                self.link_client(seat.flow, seat.side.other(), place);
                self.remind_of(place);
            }
        }
    }

    pub(super) fn stray(
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

    pub(super) fn indication<'a>(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        message: &Message<'a>,
    ) -> Option<Relayed<'a>> {
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

    /// An ICMP error quotes a datagram from `path.source` to `path.destination` that starts with `quoted`.
    pub fn icmp_error(&mut self, moment: Moment, path: &Path, quoted: &[u8], code: (u8, u8), meaning: &'static str) {
        let Ok(message) = Message::parse(quoted) else { return };
        let Some(known) = self.transactions.quoted(
            path.source,
            path.destination,
            Transport::Udp,
            message.method,
            message.transaction_id,
        ) else {
            return;
        };
        let (owner, request, method) = (known.owner.clone(), known.path(), known.method);
        let answered = known.is_answered();
        let (mut pair, mut allocation) = (None, None);
        match owner {
            Owner::Check(check) => {
                pair = Some((check.pair.session, check.pair.pair));
                if !answered {
                    self.ice.icmp(moment, check, &mut self.events);
                    self.ice.update(moment, check.pair.session, &mut self.events);
                }
            }
            Owner::Turn(request) => allocation = Some(request.allocation),
            Owner::Server { .. } | Owner::None => {}
        }
        self.icmp.push(IcmpHit { moment, request, method, code, meaning, pair, allocation });
        self.events.push(Event { moment, what: What::IcmpError { request } });
    }

    pub(super) fn verify(&mut self, message: &Message<'_>, owner: &Owner) {
        let verdict = self.verifier.verify(message, owner, &self.ice, &self.turn, &self.signaled);
        integrity::count(verdict, &mut self.statistics.integrity);
        if let Owner::Check(check) = owner
            && let Some(session) = self.ice.session_mut(check.pair.session)
        {
            integrity::count(verdict, &mut session.integrity);
        }
        if verdict == Verdict::Invalid {
            match owner {
                Owner::Turn(request) => {
                    if let Some(allocation) = self.turn.allocation_mut(request.allocation) {
                        allocation.integrity_invalid += 1;
                    }
                }
                Owner::Check(_) | Owner::Server { .. } | Owner::None => {}
            }
        }
    }

    /// Ends of a pair that are relayed addresses of allocations seen.
    pub(super) fn recognise_relays(&mut self, at: PairRef) {
        let turn = &self.turn;
        if let Some(pair) = self.ice.pair_mut(at) {
            for end in &mut pair.ends {
                if end.allocation.is_none() {
                    end.allocation = turn.relaying(end.base);
                }
            }
        }
    }

    pub(super) fn watch(&mut self, check: CheckRef) {
        let CheckRef { pair: PairRef { session, pair }, agent, .. } = check;
        if let Some(when) = self.ice.schedule(session, pair, agent) {
            // One that has been waiting for long is looked at as things stand now, not as they stood then.
            self.deadlines.set(when.max(self.now.time), Reminder::Checks { session, pair, agent });
        }
    }

    pub(super) fn remind_of(&mut self, place: usize) {
        if let Some(when) = self.turn.allocation_due(place) {
            self.deadlines.set(when, Reminder::Allocation(place));
        }
        if let Some(when) = self.turn.permissions_due(place) {
            self.deadlines.set(when, Reminder::Permissions(place));
        }
    }
}
