//! All streams of a capture: each found by the number of its flow and its SSRC.

use std::collections::HashMap;
use std::sync::Arc;

use super::described::{Described, Descriptions};
use super::early::EarlyReports;
use super::extensions::Told;
use super::flows::MediaFlows;
use super::locator::{Locator, Nature, share_an_index};
use super::reports::{FeedbackLog, ReferenceTimes, ReportLegs, Sent};
use super::stream::Tracked;
use crate::moment::Moment;
use crate::path::{Endpoint, FlowId, Path, Side, Transport};
use crate::session::limits;
use crate::wire::rtcp::Compound;
use crate::wire::rtp::{Packet, PayloadType, RtpTimestamp, Ssrc};

/// The stream of an SSRC on one leg.
#[derive(Debug, Clone, Copy)]
struct Seat {
    ssrc: Ssrc,
    stream: u32,
    leg: u32,
}

/// The last two sources of each side of a flow, audio and video most often: all that most packets need, in one line of the cache.
#[derive(Debug, Clone, Copy, Default)]
struct Recent {
    sides: [[Option<Seat>; 2]; 2],
}

impl Recent {
    #[inline]
    fn find(&self, side: Side, ssrc: Ssrc) -> Option<Seat> {
        self.sides.get(side.index())?.iter().flatten().find(|seat| seat.ssrc == ssrc).copied()
    }

    fn note(&mut self, side: Side, seat: Seat) {
        if let Some([newer, older]) = self.sides.get_mut(side.index()) {
            (*newer, *older) = (Some(seat), *newer);
        }
    }
}

/// What one direction of a flow carries.
#[derive(Debug, Default)]
pub(super) struct Direction {
    seats: Vec<Seat>,
    /// The trailers of RTCP, by sender.
    locators: Vec<(Ssrc, Locator)>,
    /// Streams of which packets were asked for again.
    pub(super) nacked: Vec<usize>,
    /// Its packets for transport-wide feedback, by their place.
    pub(super) log: Option<usize>,
    pub(super) reference_times: ReferenceTimes,
}

/// What one flow carries.
#[derive(Debug, Default)]
pub(super) struct FlowMedia {
    pub(super) directions: [Direction; 2],
    /// Whether its packets are SRTP and SRTCP, as far as is known.
    pub(super) secure: Option<bool>,
}

/// What makes a stream: its source, from where, to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    ssrc: Ssrc,
    source: Endpoint,
    destination: Endpoint,
    transport: Transport,
}

impl Key {
    const fn new(ssrc: Ssrc, path: &Path) -> Self {
        Self { ssrc, source: path.source, destination: path.destination, transport: path.transport }
    }
}

/// A packet and where it was seen.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    /// When.
    pub moment: Moment,
    /// The path, inside of a relay where it was in one.
    pub path: &'a Path,
    /// The number of its flow.
    pub flow: FlowId,
    /// The side of the flow that sent it.
    pub side: Side,
    /// Its bytes, as far as they were captured.
    pub bytes: &'a [u8],
    /// How many there were on the wire.
    pub length: usize,
    /// Whether it came in IP fragments.
    pub reassembled: bool,
}

/// Who sends and who receives on a flow, where an ICE session tells: their user fragments.
#[derive(Debug, Clone, Default)]
pub(in crate::session) struct Parties {
    pub(in crate::session) session: Option<usize>,
    pub(in crate::session) sender: Option<(usize, String)>,
    pub(in crate::session) receiver: Option<String>,
    /// Whether DTLS was seen on the flow.
    pub(in crate::session) dtls: bool,
}

/// All streams of a capture.
#[derive(Debug, Default)]
pub(in crate::session) struct MediaTable {
    pub(super) streams: Vec<Tracked>,
    places: HashMap<Key, usize, foldhash::fast::RandomState>,
    pub(super) by_ssrc: HashMap<Ssrc, Vec<usize>, foldhash::fast::RandomState>,
    flows: Vec<Option<Box<FlowMedia>>>,
    /// By number of the flow too.
    recent: Vec<Recent>,
    pub(super) descriptions: Descriptions,
    /// Flows that carry media without ICE.
    pub(in crate::session) plain: MediaFlows,
    /// Packets of streams past the bound.
    pub(super) omitted: u64,
    pub(super) with_series: bool,
    report_legs: ReportLegs,
    pub(super) early: EarlyReports,
    /// Packets that transport-wide feedback may be about, one for each direction that has their numbers.
    pub(super) logs: Vec<FeedbackLog>,
    /// Those of them that remember packets now.
    pub(super) open_logs: usize,
    /// Streams whose packets are remembered for feedback of RFC 8888.
    pub(super) congestion_logs: usize,
    /// Streams whose retransmissions are waited for.
    pub(super) nacked: usize,
}

impl MediaTable {
    pub(in crate::session) fn new(with_series: bool) -> Self {
        Self { with_series, ..Self::default() }
    }

    /// Learns what a description says of streams.
    pub(in crate::session) fn learn(&mut self, moment: Moment, text: &str) {
        self.descriptions.learn(moment, text);
    }

    /// Addresses of media that descriptions announced since the last call.
    pub(in crate::session) fn take_announced(&mut self) -> impl Iterator<Item = Endpoint> {
        self.descriptions.take_announced()
    }

    /// The flow's number stands for another flow from now on.
    pub(in crate::session) fn forget(&mut self, flow: FlowId) {
        self.close_logs(flow);
        if let Some(known) = self.flows.get_mut(flow.index()) {
            *known = None;
        }
        if let Some(recent) = self.recent.get_mut(flow.index()) {
            *recent = Recent::default();
        }
    }

    pub(super) fn flow(&mut self, flow: FlowId) -> Option<&mut FlowMedia> {
        let index = flow.index();
        if index >= self.flows.len() {
            self.flows.resize_with(index + 1, || None);
        }
        Some(self.flows.get_mut(index)?.get_or_insert_default())
    }

    pub(super) fn direction(&mut self, flow: FlowId, side: Side) -> Option<&mut Direction> {
        self.flow(flow)?.directions.get_mut(side.index())
    }

    pub(super) fn directions_of(&self, flow: FlowId, side: Side) -> Option<&Direction> {
        self.flows.get(flow.index())?.as_deref()?.directions.get(side.index())
    }

    #[inline]
    pub(in crate::session) fn rtp(
        &mut self,
        arrived: &Arrived<'_>,
        parties: impl FnOnce() -> Parties,
    ) -> Option<usize> {
        let Ok(packet) = Packet::parse_captured(arrived.bytes, arrived.length) else { return None };
        let recent = self.recent.get(arrived.flow.index());
        let known = recent.and_then(|recent| recent.find(arrived.side, packet.ssrc));
        let mut parties = Some(parties);
        let seat = match known {
            Some(seat) => seat,
            None => self.seat(arrived, packet.ssrc, &mut parties)?,
        };
        let place = seat.stream as usize;
        let stream = self.streams.get_mut(place)?;
        let believed = stream.believed;
        let told = stream.observe(arrived.moment, &packet, seat.leg as usize, arrived.reassembled);
        if stream.wants_description()
            && let Some(parties) = parties.take()
        {
            let parties = parties();
            let path = *arrived.path;
            self.describe(place, &path, &parties);
        }
        self.after(arrived, place, &packet, told);
        (!believed && self.streams.get(place).is_some_and(|stream| stream.believed)).then_some(place)
    }

    /// What else a packet means: its place among those of its transport, a retransmission that was asked for.
    #[inline]
    fn after(&mut self, arrived: &Arrived<'_>, place: usize, packet: &Packet<'_>, told: Told) {
        let Some(stream) = self.streams.get_mut(place) else { return };
        if let Some(pages) = &mut stream.journal.pages {
            if told.again {
                pages.nacks.answer(arrived.moment.time, packet.sequence_number);
            }
            if let Some(log) = pages.congestion.as_mut().filter(|_| told.fresh) {
                let (time, number) = (arrived.moment.time, packet.sequence_number);
                log.note(Sent { number, time, size: packet.wire_length as u32, stream: place as u32 });
            }
        }
        let (may_echo, in_clear) = (stream.may_echo(), stream.secure != Some(true));
        if may_echo {
            self.note_echo(arrived, place, packet.timestamp);
        }
        if let Some(number) = told.transport.filter(|_| in_clear) {
            self.note_sent(arrived, place, number, packet.wire_length);
        }
        if self.nacked > 0
            && told.fresh
            && self.directions_of(arrived.flow, arrived.side).is_some_and(|way| !way.nacked.is_empty())
        {
            self.note_retransmission(arrived, place, packet);
        }
    }

    /// A retransmission has the timestamp of its original (RFC 4588, section 4).
    fn note_echo(&mut self, arrived: &Arrived<'_>, place: usize, timestamp: RtpTimestamp) {
        let original = self
            .streams_on(arrived.flow, arrived.side)
            .map(|(_, other)| other)
            .filter(|other| *other != place)
            .find(|other| self.streams.get(*other).is_some_and(|other| other.has_timestamp(timestamp)));
        if let (Some(original), Some(stream)) = (original, self.streams.get_mut(place)) {
            stream.echoed(original);
        }
    }

    /// The seat of an SSRC that the packet before did not have.
    fn seat(
        &mut self,
        arrived: &Arrived<'_>,
        ssrc: Ssrc,
        parties: &mut Option<impl FnOnce() -> Parties>,
    ) -> Option<Seat> {
        let side = arrived.side.index();
        let direction = self.flow(arrived.flow)?.directions.get_mut(side)?;
        if let Some(seat) = direction.seats.iter().find(|seat| seat.ssrc == ssrc).copied() {
            self.note_recent(arrived, seat);
            return Some(seat);
        }
        if direction.seats.len() >= limits::STREAMS_PER_DIRECTION {
            self.omitted += 1;
            return None;
        }
        let key = Key::new(ssrc, arrived.path);
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None if self.streams.len() >= limits::STREAMS => {
                self.omitted += 1;
                return None;
            }
            None => self.begin(arrived, key, parties.take().map(|parties| parties())),
        };
        let stream = self.streams.get_mut(place)?;
        let leg = match stream.paths.iter().position(|path| path.relay == arrived.path.relay) {
            Some(leg) => leg,
            None if stream.paths.len() >= limits::LEGS => {
                self.omitted += 1;
                return None;
            }
            None => stream.add_leg(*arrived.path),
        };
        stream.home = Some((arrived.flow, arrived.side));
        let seat = Seat { ssrc, stream: u32::try_from(place).ok()?, leg: u32::try_from(leg).ok()? };
        self.flow(arrived.flow)?.directions.get_mut(side)?.seats.push(seat);
        self.note_recent(arrived, seat);
        Some(seat)
    }

    fn note_recent(&mut self, arrived: &Arrived<'_>, seat: Seat) {
        let index = arrived.flow.index();
        if index >= self.recent.len() {
            self.recent.resize(index + 1, Recent::default());
        }
        if let Some(recent) = self.recent.get_mut(index) {
            recent.note(arrived.side, seat);
        }
    }

    /// A stream begins.
    fn begin(&mut self, arrived: &Arrived<'_>, key: Key, parties: Option<Parties>) -> usize {
        let place = self.streams.len();
        let mut stream = Tracked::new(arrived.moment, key.ssrc, self.with_series);
        stream.secure = self.flow(arrived.flow).and_then(|flow| flow.secure);
        self.streams.push(stream);
        self.places.insert(key, place);
        self.by_ssrc.entry(key.ssrc).or_default().push(place);
        if let Some(parties) = parties {
            self.describe(place, arrived.path, &parties);
        }
        place
    }

    /// Tells a stream what its two ends describe.
    fn describe(&mut self, place: usize, path: &Path, parties: &Parties) {
        let described = self.described(path, parties);
        let Some(stream) = self.streams.get_mut(place) else { return };
        if parties.dtls {
            (stream.secure, stream.dtls) = (Some(true), true);
        }
        if let (Some(session), Some((agent, _))) = (parties.session, &parties.sender) {
            stream.agent = Some((session, *agent));
        }
        stream.describe(described);
    }

    /// The newest descriptions of the receiver and of the sender.
    pub(super) fn described(&self, path: &Path, parties: &Parties) -> [Option<Arc<Described>>; 2] {
        let of = |ufrag: Option<&str>, endpoint: Endpoint| {
            let of_agent = ufrag.and_then(|ufrag| self.descriptions.of_agent(ufrag).last());
            of_agent.or_else(|| self.descriptions.of_endpoint(endpoint).last()).cloned()
        };
        let sender = parties.sender.as_ref().map(|(_, ufrag)| ufrag.as_str());
        [of(parties.receiver.as_deref(), path.destination), of(sender, path.source)]
    }

    /// DTLS was seen on a flow: what it carries is SRTP.
    pub(in crate::session) fn secured(&mut self, flow: FlowId) {
        self.set_secure(flow, true);
    }

    fn set_secure(&mut self, flow: FlowId, secure: bool) {
        let Some(known) = self.flow(flow) else { return };
        if known.secure == Some(secure) {
            return;
        }
        known.secure = Some(secure);
        if secure {
            // Feedback about SRTP is SRTCP, which is not read.
            self.close_logs(flow);
        }
        let Some(known) = self.flow(flow) else { return };
        let streams: Vec<usize> =
            known.directions.iter().flat_map(|direction| &direction.seats).map(|seat| seat.stream as usize).collect();
        for place in streams {
            if let Some(stream) = self.streams.get_mut(place) {
                stream.secure = Some(secure);
            }
        }
    }

    /// Takes a datagram of RTCP.
    pub(in crate::session) fn rtcp(&mut self, arrived: &Arrived<'_>) {
        let Some(sender) = arrived.bytes.get(4..8).and_then(|bytes| bytes.try_into().ok()) else { return };
        let sender = Ssrc(u32::from_be_bytes(sender));
        let Some(flow) = self.flow(arrived.flow) else { return };
        let Some(direction) = flow.directions.get_mut(arrived.side.index()) else { return };
        let place = direction.locators.iter().position(|(known, _)| *known == sender);
        let nature = match place.and_then(|place| direction.locators.get_mut(place)) {
            Some((_, locator)) => locator.observe(arrived.bytes, arrived.length),
            None => {
                let mut locator = Locator::default();
                let nature = locator.observe(arrived.bytes, arrived.length);
                if direction.locators.len() < limits::STREAMS_PER_DIRECTION {
                    direction.locators.push((sender, locator));
                }
                nature
            }
        };
        match nature {
            // A lone packet without a trailer that fits is no proof against DTLS on the flow.
            Nature::Plain if flow.secure != Some(true) => self.set_secure(arrived.flow, false),
            Nature::Secure(Some(_)) => self.set_secure(arrived.flow, true),
            Nature::Plain | Nature::Secure(None) | Nature::Unknown => {}
        }
        let clear = nature == Nature::Plain && self.flow(arrived.flow).is_some_and(|flow| flow.secure != Some(true));
        if !self.report_legs.admits(arrived.path, arrived.moment.time) {
            return;
        }
        match self.places.get(&Key::new(sender, arrived.path)).and_then(|place| self.streams.get_mut(*place)) {
            Some(stream) => stream.journal.datagram(arrived.moment),
            None => self.early.note(arrived.moment, sender, arrived.path),
        }
        if nature == Nature::Plain
            && let Some(place) = self.sent_by(sender, arrived.path)
            && let Some(stream) = self.streams.get_mut(place)
        {
            // RTCP on a port of its own tells of RTP beside it.
            stream.secure.get_or_insert(false);
        }
        if clear && let Ok(compound) = Compound::parse(arrived.bytes) {
            self.reported(arrived, &compound);
        }
    }

    /// The stream of `ssrc` that goes the way of `path`: on its ports, else between its hosts (RTCP may have a port of its own).
    pub(super) fn sent_by(&self, ssrc: Ssrc, path: &Path) -> Option<usize> {
        if let Some(place) = self.places.get(&Key::new(ssrc, path)) {
            return Some(*place);
        }
        let hosts = |one: &Path| (one.source.address, one.destination.address);
        let goes = |place: &&usize| {
            self.streams.get(**place).is_some_and(|stream| stream.paths.iter().any(|one| hosts(one) == hosts(path)))
        };
        self.by_ssrc.get(&ssrc)?.iter().rev().take(limits::SAME_SOURCES).find(goes).copied()
    }

    /// The trailers of each sender, by direction, and whether the senders of the direction share an index.
    pub(super) fn locators(&self) -> impl Iterator<Item = (FlowId, Side, Ssrc, &Locator, bool)> {
        let flows = (0_u32..).zip(&self.flows);
        flows.filter_map(|(number, flow)| Some((FlowId(number), flow.as_deref()?))).flat_map(|(number, flow)| {
            let sides = [Side::First, Side::Second].into_iter().zip(&flow.directions);
            sides.flat_map(move |(side, direction)| {
                let shared = share_an_index(direction.locators.iter().map(|(_, locator)| locator));
                direction.locators.iter().map(move |(ssrc, locator)| (number, side, *ssrc, locator, shared))
            })
        })
    }

    /// How many numbers of flows were given out.
    pub(super) fn flow_count(&self) -> u32 {
        u32::try_from(self.flows.len()).unwrap_or(u32::MAX)
    }

    /// Streams on a direction of a flow.
    pub(super) fn streams_on(&self, flow: FlowId, side: Side) -> impl Iterator<Item = (Ssrc, usize)> {
        let flow = self.flows.get(flow.index()).and_then(Option::as_deref);
        let direction = flow.and_then(|flow| flow.directions.get(side.index()));
        direction.into_iter().flat_map(|direction| &direction.seats).map(|seat| (seat.ssrc, seat.stream as usize))
    }

    /// The source, the path and the first payload type of a stream.
    pub(in crate::session) fn identity(&self, place: usize) -> Option<(Ssrc, Path, PayloadType)> {
        let stream = self.streams.get(place)?;
        Some((stream.ssrc, *stream.paths.first()?, stream.uses.first()?.payload_type))
    }

    /// Packets of streams past the bound.
    pub(in crate::session) const fn omitted(&self) -> u64 {
        self.omitted
    }
}
