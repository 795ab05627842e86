//! All flows of a capture: each known by a small number for as long as it is remembered.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::demultiplex::{Content, Data, Memory, RTCP, RTP};
use super::held::{Earlier, Held};
use super::protocol::{Protocol, Protocols};
use super::recent::Recent;
use crate::moment::{Moment, Timestamp};
use crate::path::{Endpoint, Flow, FlowId, Path, Side};
use crate::wire::dns;

/// Flows remembered at once. One costs about 250 bytes; a busy server shows a few ten thousand in an hour.
const FLOWS: usize = 60_000;
/// A flow that was silent for so long is forgotten when room is needed.
const IDLE: Duration = Duration::from_secs(60);
/// Addresses announced as those of media that are remembered; one costs about 40 bytes.
const ANNOUNCED: usize = 20_000;
/// The port of multicast DNS (RFC 6762, section 3), which is defined by it.
const MDNS_PORT: u16 = 5353;
/// The port of DNS.
const DNS_PORT: u16 = 53;

#[derive(Debug)]
struct Entry {
    flow: Flow,
    last: Timestamp,
    memory: Memory,
}

/// A datagram and the flow it belongs to.
#[derive(Debug)]
pub struct Seen<'a> {
    /// Its flow.
    pub flow: FlowId,
    /// Which end of the flow sent it.
    pub side: Side,
    /// Whether the number stands for a flow that was not known before: what was kept under it is void.
    pub fresh: bool,
    /// What it holds.
    pub content: Content<'a>,
    /// What stands behind the message in the same datagram: further messages, glued together by segmentation offload.
    pub rest: &'a [u8],
    /// Packets of media from before the flow was believed to carry any, in order. They are not told of otherwise.
    pub earlier: Vec<Earlier>,
}

/// All flows of a capture.
#[derive(Debug, Default)]
pub struct Flows {
    numbers: HashMap<Flow, FlowId, foldhash::fast::RandomState>,
    entries: Vec<Entry>,
    free: Vec<FlowId>,
    last: Option<(Flow, FlowId)>,
    recent: Recent,
    protocols: Protocols,
    held: Held,
    announced: HashSet<Endpoint, foldhash::fast::RandomState>,
    forgotten: u64,
}

impl Flows {
    /// No flow.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many messages of each protocol there were so far. Datagrams that are not believed yet count as unknown.
    #[must_use]
    pub fn protocols(&self) -> Protocols {
        let mut protocols = self.protocols;
        for entry in &self.entries {
            protocols.add(Protocol::UnknownUdp, entry.flow.relay.is_some(), u64::from(entry.memory.never_believed()));
        }
        protocols
    }

    /// How many flows were forgotten to make room.
    #[must_use]
    pub const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// A session description announced media at `endpoint`: what looks like RTP there is believed from its first packet on.
    pub fn announce(&mut self, endpoint: Endpoint) {
        if self.announced.len() < ANNOUNCED {
            self.announced.insert(endpoint);
        }
    }

    /// Tells what a datagram on `path` holds, `length` bytes of it on the wire.
    pub fn observe<'a>(&mut self, moment: Moment, path: &Path, bytes: &'a [u8], length: usize) -> Seen<'a> {
        let (number, side, fresh) = self.seat(moment, path);
        let nested = path.relay.is_some();
        let Some(entry) = self.entries.get_mut(number.index()) else {
            return Seen { flow: number, side, fresh, content: Content::Other, rest: &[], earlier: Vec::new() };
        };
        entry.last = entry.last.max(moment.time);
        if let Some(data) = entry.memory.media(bytes, length) {
            self.protocols.add(if data == Data::Rtp { Protocol::Rtp } else { Protocol::Rtcp }, nested, 1);
            return Seen { flow: number, side, fresh, content: Content::Data(data), rest: &[], earlier: Vec::new() };
        }
        let mut verdict = entry.memory.tell(side, bytes, length);
        if let Some(mut protocol) = verdict.protocol {
            if protocol == Protocol::UnknownUdp {
                protocol = by_port(path);
                if protocol == Protocol::Mdns
                    && let Some(message) = multicast_dns(bytes)
                {
                    verdict.content = Content::Dns(message);
                }
            }
            self.protocols.add(protocol, nested, 1);
            for (protocol, count) in verdict.known_now() {
                self.protocols.add(protocol, nested, u64::from(count));
            }
        }
        if let Some(data) = verdict.held {
            self.held.keep(number, moment, side, data, bytes, length);
        }
        let believed = [RTP, RTCP].iter().any(|place| verdict.retroactive.get(*place).is_some_and(|count| *count > 0));
        let earlier = if believed { self.held.release(number) } else { Vec::new() };
        Seen { flow: number, side, fresh, content: verdict.content, rest: verdict.rest, earlier }
    }

    /// The flow of `path`, the side that sends on it, and whether it is new.
    #[inline]
    fn seat(&mut self, moment: Moment, path: &Path) -> (FlowId, Side, bool) {
        if let Some((number, side)) = self.recent.find(path) {
            return (number, side, false);
        }
        let (flow, side) = path.flow();
        let (number, fresh) = self.number(flow, moment.time);
        self.recent.note(path, (number, side));
        (number, side, fresh)
    }

    /// The number of `flow`, if it is remembered; it counts as busy at `now`.
    pub fn known(&mut self, flow: Flow, now: Timestamp) -> Option<FlowId> {
        let number = *self.numbers.get(&flow)?;
        if let Some(entry) = self.entries.get_mut(number.index()) {
            entry.last = entry.last.max(now);
        }
        Some(number)
    }

    /// The number of `flow`, and whether it is new.
    pub(super) fn number(&mut self, flow: Flow, now: Timestamp) -> (FlowId, bool) {
        if let Some((last, number)) = self.last
            && last == flow
        {
            return (number, false);
        }
        let (number, fresh) = match self.numbers.get(&flow) {
            Some(number) => (*number, false),
            None => (self.remember(flow, now), true),
        };
        self.last = Some((flow, number));
        (number, fresh)
    }

    fn remember(&mut self, flow: Flow, now: Timestamp) -> FlowId {
        if self.numbers.len() >= FLOWS {
            self.forget(now);
        }
        let mut memory = Memory::default();
        if flow.relay.is_none() && flow.ends.iter().any(|end| self.announced.contains(end)) {
            memory.expect_media();
        }
        let entry = Entry { flow, last: now, memory };
        let number = match self.free.pop() {
            Some(number) => {
                if let Some(place) = self.entries.get_mut(number.index()) {
                    *place = entry;
                }
                number
            }
            None => {
                let number = FlowId(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
                self.entries.push(entry);
                number
            }
        };
        self.numbers.insert(flow, number);
        number
    }

    /// Makes room: flows that are silent go first, and where all are busy the half that was silent longest.
    fn forget(&mut self, now: Timestamp) {
        let mut times: Vec<Timestamp> = self
            .numbers
            .values()
            .filter_map(|number| self.entries.get(number.index()))
            .map(|entry| entry.last)
            .collect();
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or(now);
        let entries = &mut self.entries;
        let (free, protocols, forgotten) = (&mut self.free, &mut self.protocols, &mut self.forgotten);
        let held = &mut self.held;
        self.numbers.retain(|flow, number| {
            let Some(entry) = entries.get_mut(number.index()) else { return false };
            let keep = now.since(entry.last) < IDLE && entry.last > median;
            if !keep {
                protocols.add(Protocol::UnknownUdp, flow.relay.is_some(), u64::from(entry.memory.never_believed()));
                entry.memory = Memory::default();
                held.forget(*number);
                free.push(*number);
                *forgotten += 1;
            }
            keep
        });
        self.recent.clear();
        self.last = None;
        // Numbers are given out again in the same order whatever the order of the map.
        free.sort_unstable_by(|one, other| other.cmp(one));
    }
}

/// The message of a datagram on the port of multicast DNS: receivers must ignore other kinds of queries (RFC 6762, section 18.3).
fn multicast_dns(bytes: &[u8]) -> Option<dns::Message<'_>> {
    dns::Message::parse(bytes).ok().filter(|message| message.flags.opcode == dns::Opcode::QUERY)
}

fn by_port(path: &Path) -> Protocol {
    let on = |port| path.source.port == port || path.destination.port == port;
    if on(MDNS_PORT) {
        Protocol::Mdns
    } else if on(DNS_PORT) {
        Protocol::Dns
    } else {
        Protocol::UnknownUdp
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Transport;
    use std::net::{IpAddr, Ipv4Addr};

    fn path(port: u16) -> Path {
        let at = |host, port| Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), port);
        Path::direct(at(1, port), at(2, 5000), Transport::Udp)
    }

    fn rtp(sequence: u16) -> Vec<u8> {
        let mut packet = vec![0x80, 0];
        packet.extend(sequence.to_be_bytes());
        packet.extend([0, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4]);
        packet
    }

    #[test]
    fn packets_before_the_belief_are_counted_retroactively() {
        let mut flows = Flows::new();
        for sequence in 0..3 {
            assert_eq!(flows.protocols().of(Protocol::UnknownUdp).messages, u64::from(sequence));
            flows.observe(Moment::new(1, 0), &path(4000), &rtp(sequence), 16);
        }
        assert_eq!(flows.protocols().of(Protocol::Rtp).messages, 3);
        assert_eq!(flows.protocols().of(Protocol::UnknownUdp).messages, 0);
    }

    #[test]
    fn rtp_is_believed_at_once_where_a_description_announced_it() {
        let mut flows = Flows::new();
        flows.announce(path(4000).destination);
        let packet = rtp(9);
        let seen = flows.observe(Moment::new(2, 0), &path(4000), &packet, 16);
        assert!(matches!(seen.content, Content::Data(Data::Rtp)));
    }

    #[test]
    fn rtp_is_believed_at_once_where_a_handshake_was_seen() {
        let mut flows = Flows::new();
        flows.observe(Moment::new(1, 0), &path(4000), b"\x16\xFE\xFD\0\0\0\0\0\0\0\0\0\x01\x01", 14);
        let packet = rtp(9);
        let seen = flows.observe(Moment::new(2, 0), &path(4000).reversed(), &packet, 16);
        assert!(matches!(seen.content, Content::Data(Data::Rtp)));
    }

    #[test]
    fn channel_data_joined_mid_call_is_believed_by_its_inside() {
        let mut flows = Flows::new();
        let mut inside = vec![0x40, 0x01, 0, 16];
        inside.extend(rtp(1));
        for number in 0..4 {
            let seen = flows.observe(Moment::new(1, 0), &path(3478), &inside, 20);
            assert_eq!(matches!(seen.content, Content::ChannelData(_)), number == 3);
        }
        assert_eq!(flows.protocols().of(Protocol::TurnChannelData).messages, 4);
    }

    #[test]
    fn a_port_scan_does_not_grow_memory() {
        let mut flows = Flows::new();
        for number in 0..3 * FLOWS as u64 {
            let mut there = path((number % 60_000) as u16);
            there.destination.port = (number / 60_000) as u16;
            flows.observe(Moment::new(number, i64::try_from(number).unwrap()), &there, b"x", 1);
        }
        assert!(flows.entries.len() <= FLOWS);
        let counted: u64 = Protocol::ALL.iter().map(|protocol| flows.protocols().of(*protocol).messages).sum();
        assert_eq!(counted, 3 * FLOWS as u64);
        assert!(flows.forgotten() > 0);
    }
}
