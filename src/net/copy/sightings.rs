//! What was seen lately, and whether it is seen again.

use std::collections::VecDeque;
use std::time::Duration;

use super::evidence::{Copies, Mark};
use super::fingerprint::{self, is_empty_tcp};
use super::habit::{Habit, Habits};
use super::held::Held;
use crate::capture::{Direction, Frame};
use crate::moment::Timestamp;
use crate::net::Limits;
use crate::net::ip::Packet;
use crate::net::link::Seen;

/// How many packets are remembered: those of 5 ms at 400 000 packets a second.
const SIGHTINGS: usize = 2048;
/// How many paths are told apart.
const PATHS: usize = 1024;
/// How many packets are held at once, and their bytes.
const HELD: usize = 32;
const HELD_BYTES: usize = 256 * 1024;
/// How long a packet is held, in capture time.
const HOLD: Duration = Duration::from_secs(1);

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::net) enum Verdict {
    /// One of its own, or a duplicate that the network or the sender made.
    Packet,
    /// A copy that the capture made.
    Copy,
    /// Not known yet: it is held.
    Held,
}

/// Where and how a packet was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Place {
    /// The interface of the capture and that of the machine.
    interface: (u32, u32),
    direction: (Option<Direction>, u16),
    addresses: u64,
    hop_limit: u8,
}

impl Place {
    #[inline]
    fn of(frame: &Frame<'_>, packet: &Packet<'_>, seen: Seen) -> Self {
        Self {
            interface: (frame.interface, seen.interface),
            direction: (frame.direction, seen.packet_type),
            addresses: seen.addresses,
            hop_limit: packet.hop_limit,
        }
    }

    /// In what it differs from `other`.
    fn differs_from(&self, other: &Self) -> Option<Mark> {
        if self.interface != other.interface {
            Some(Mark::OtherInterface)
        } else if self.direction != other.direction {
            Some(Mark::OtherDirection)
        } else if self.addresses != other.addresses {
            Some(Mark::OtherAddresses)
        } else if self.hop_limit != other.hop_limit {
            Some(Mark::OtherHopLimit)
        } else {
            None
        }
    }
}

/// A packet that was seen.
#[derive(Debug, Clone, Copy, Default)]
struct Sighting {
    /// 0 where there is none.
    fingerprint: u64,
    time: i64,
    place: Place,
    /// Its number on its path and in the capture; 0 where it is no evidence.
    ordinal: (u32, u32),
    repeated: bool,
}

/// What was seen lately.
#[derive(Debug)]
pub(in crate::net) struct Sightings {
    sightings: Box<[Sighting]>,
    paths: Box<[Habit]>,
    capture: Habit,
    window: Duration,
    held: VecDeque<Held>,
    held_bytes: usize,
    pub(in crate::net) copies: Copies,
}

impl Sightings {
    pub(in crate::net) fn new(limits: Limits) -> Self {
        Self {
            sightings: vec![Sighting::default(); SIGHTINGS].into_boxed_slice(),
            paths: vec![Habit::default(); PATHS].into_boxed_slice(),
            capture: Habit::default(),
            window: limits.copy_window,
            held: VecDeque::new(),
            held_bytes: 0,
            copies: Copies::default(),
        }
    }

    /// Says what this packet is.
    #[inline]
    pub(in crate::net) fn observe(&mut self, frame: &Frame<'_>, packet: &Packet<'_>, seen: Seen) -> Verdict {
        let path = fingerprint::of_path(packet);
        let fingerprint = fingerprint::of_packet(path, packet);
        let time = frame.moment.time.0;
        let place = Place::of(frame, packet, seen);
        let Some(earlier) = self.sightings.get_mut(fingerprint as usize % SIGHTINGS) else { return Verdict::Packet };
        if earlier.fingerprint == fingerprint && is_within(self.window, earlier.time, time) {
            return self.again(frame, packet, (path, fingerprint), place);
        }
        *earlier = Sighting { fingerprint, time, place, ordinal: (0, 0), repeated: false };
        if !is_empty_tcp(packet)
            && let Some(habit) = self.paths.get_mut(path as usize % PATHS)
        {
            if habit.key != key(path) {
                *habit = Habit::new(key(path));
            }
            earlier.ordinal = (habit.packet(), self.capture.packet());
        }
        Verdict::Packet
    }

    /// The same for a packet that is equal to one seen within the window.
    #[cold]
    fn again(
        &mut self,
        frame: &Frame<'_>,
        packet: &Packet<'_>,
        (path, fingerprint): (u64, u64),
        place: Place,
    ) -> Verdict {
        let Some(earlier) = self.sightings.get_mut(fingerprint as usize % SIGHTINGS) else { return Verdict::Packet };
        if let Some(mark) = place.differs_from(&earlier.place) {
            self.copies.add(frame.moment.frame, mark);
            return Verdict::Copy;
        }
        // Some senders give all their fragments the same identification.
        if packet.fragment.is_some_and(|fragment| fragment.identification == 0) {
            return Verdict::Packet;
        }
        let ordinal = earlier.ordinal;
        let is_evidence = ordinal.0 != 0;
        if is_evidence
            && !earlier.repeated
            && let Some(habit) = self.paths.get_mut(path as usize % PATHS).filter(|habit| habit.key == key(path))
        {
            habit.doubled();
            self.capture.doubled();
        }
        earlier.repeated = true;
        let habits = self.habits(path);
        let judged = if is_evidence { habits.judge(ordinal) } else { habits.judge_by_all() };
        match judged {
            Some(true) => {
                self.copies.add(frame.moment.frame, Mark::Systematic);
                Verdict::Copy
            }
            None if is_evidence && frame.data.len() <= HELD_BYTES => {
                self.held_bytes += frame.data.len();
                self.held.push_back(Held::new(frame, path));
                Verdict::Held
            }
            Some(false) | None => Verdict::Packet,
        }
    }

    fn habits(&self, path: u64) -> Habits {
        let habit = self.paths.get(path as usize % PATHS).filter(|habit| habit.key == key(path));
        Habits { path: habit.copied().unwrap_or_default(), capture: self.capture }
    }

    /// Whether packets are held.
    #[inline]
    pub(in crate::net) fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes a held packet that turned out to be no copy; `now` is `None` at the end of the capture. Those that turned out to be
    /// copies are counted.
    #[cold]
    pub(in crate::net) fn release(&mut self, now: Option<Timestamp>) -> Option<Held> {
        let mut place = 0;
        while let Some(held) = self.held.get(place) {
            let waited = now.map(|now| now.since(held.frame().moment.time));
            let habits = self.habits(held.path);
            let crowded = self.held.len() > HELD || self.held_bytes > HELD_BYTES;
            let is_copy = if crowded || waited.is_none_or(|waited| waited > HOLD) {
                Some(habits.judge_finally())
            } else if waited.is_some_and(|waited| waited > self.window) {
                habits.judge_by_all()
            } else {
                None
            };
            let Some(is_copy) = is_copy else {
                place += 1;
                continue;
            };
            let held = self.held.remove(place)?;
            self.held_bytes = self.held_bytes.saturating_sub(held.frame().data.len());
            if !is_copy {
                return Some(held);
            }
            self.copies.add(held.frame().moment.frame, Mark::Systematic);
        }
        None
    }
}

/// What tells paths apart that fall into the same place of the table.
#[inline]
fn key(path: u64) -> u32 {
    (path >> 32) as u32
}

#[inline]
fn is_within(window: Duration, earlier: i64, now: i64) -> bool {
    u128::from(now.abs_diff(earlier)) <= window.as_nanos()
}

#[cfg(test)]
mod tests {
    use crate::capture::LinkType;
    use crate::net::Copies;
    use crate::net::crafted::{ACK, Bench, ethernet, from_client, ipv4, ipv6, udp};

    fn rtp(sequence: u16) -> Vec<u8> {
        let mut packet = vec![0x80, 96];
        packet.extend(sequence.to_be_bytes());
        packet.extend([0; 100]);
        packet
    }

    /// An IPv4 packet with a hop limit of its own.
    fn with_hop_limit(mut packet: Vec<u8>, hop_limit: u8) -> Vec<u8> {
        packet[8] = hop_limit;
        packet
    }

    #[test]
    fn another_interface_makes_a_copy_at_once() {
        let frame = ethernet(0x0800, &ipv4(7, 17, &udp(&rtp(1))));
        let mut bench = Bench::default();
        bench.frame_on(0, LinkType::ETHERNET, &frame, frame.len());
        bench.frame_on(1, LinkType::ETHERNET, &frame, frame.len());
        assert_eq!(bench.frames_of_datagrams(), [1]);
        let copies = bench.stack.copy_evidence();
        assert_eq!((copies.packets, copies.other_interface, copies.first.map(|frame| frame.0)), (1, 1, Some(2)));
        assert_eq!(copies.last, copies.first);
    }

    #[test]
    fn forwarding_makes_a_copy_at_once() {
        let packet = ipv4(7, 17, &udp(&rtp(1)));
        let mut routed = ethernet(0x0800, &with_hop_limit(packet.clone(), 63));
        routed[0] = 4;
        let mut bench = Bench::default();
        bench.frame(LinkType::ETHERNET, &ethernet(0x0800, &packet)).frame(LinkType::ETHERNET, &routed);
        bench.ip(&ipv4(8, 17, &udp(&rtp(2)))).ip(&with_hop_limit(ipv4(8, 17, &udp(&rtp(2))), 63));
        assert_eq!(bench.frames_of_datagrams(), [1, 3]);
        let copies = bench.stack.copy_evidence();
        assert_eq!((copies.other_addresses, copies.other_hop_limit), (1, 1));
    }

    #[test]
    fn a_vlan_tag_and_a_checksum_make_no_other_packet() {
        let packet = ipv4(7, 17, &udp(&rtp(1)));
        let mut tagged = ethernet(0x8100, &[&[0, 9, 8, 0], packet.as_slice()].concat());
        // The UDP checksum, behind 14 + 4 + 20 + 6 bytes.
        tagged[44] = 0xab;
        let mut bench = Bench::default();
        bench.frame(LinkType::ETHERNET, &ethernet(0x0800, &packet)).frame(LinkType::ETHERNET, &tagged);
        assert_eq!(bench.frames_of_datagrams(), [1]);
    }

    #[test]
    fn a_cooked_capture_tells_interfaces_and_directions_apart() {
        let packet = ipv4(7, 17, &udp(&rtp(1)));
        let sll2 = |interface: u8, kind: u8| {
            [&[8, 0, 0, 0, 0, 0, 0, interface, 0, 1, kind, 6, 2, 0, 0, 0, 0, 1, 0, 0], packet.as_slice()].concat()
        };
        let mut bench = Bench::default();
        for (interface, kind) in [(3, 0), (3, 4), (4, 0)] {
            bench.frame(LinkType::LINUX_SLL2, &sll2(interface, kind));
        }
        assert_eq!(bench.frames_of_datagrams(), [1]);
        let copies = bench.stack.copy_evidence();
        assert_eq!((copies.other_direction, copies.other_interface), (1, 1));
    }

    #[test]
    fn a_single_repetition_at_one_place_is_a_duplicate() {
        let mut bench = Bench::default();
        for sequence in 0..20 {
            let packet = ipv4(sequence, 17, &udp(&rtp(sequence)));
            bench.ip(&packet);
            if sequence == 1 || sequence == 11 {
                bench.ip(&packet);
            }
            bench.wait(19);
        }
        bench.finish();
        assert_eq!(bench.payloads().len(), 22);
        assert_eq!(bench.stack.copies(), 0);
    }

    #[test]
    fn two_packets_are_too_few_to_know() {
        let packet = ipv4(7, 17, &udp(&rtp(1)));
        let mut bench = Bench::default();
        bench.ip(&packet).ip(&packet).finish();
        assert_eq!((bench.frames_of_datagrams(), bench.stack.copies()), (vec![1, 2], 0));
    }

    #[test]
    fn what_is_held_is_given_within_a_second() {
        let packet = ipv4(7, 17, &udp(&rtp(1)));
        let mut bench = Bench::default();
        bench.ip(&packet).ip(&packet).wait(1001).ip(&ipv4(8, 17, &udp(&rtp(2))));
        assert_eq!(bench.frames_of_datagrams(), [1, 2, 3]);
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut bench = Bench::default();
        for sequence in 0..200_u16 {
            // Paths of one packet each, among others that are not doubled.
            let mut datagram = udp(&rtp(sequence));
            datagram[0..2].copy_from_slice(&sequence.to_be_bytes());
            let packet = ipv4(sequence, 17, &datagram);
            bench.ip(&packet);
            if sequence % 2 == 1 {
                bench.ip(&packet);
            }
            bench.now = 0;
        }
        assert!((300 - 40..300).contains(&bench.payloads().len()), "{}", bench.payloads().len());
        bench.finish();
        assert_eq!((bench.payloads().len(), bench.stack.copies()), (300, 0));
    }

    #[test]
    fn a_repetition_on_another_path_of_a_router_that_duplicates_is_no_copy() {
        // The network doubled the packet before the capturing machine, which sees both on their way in and out.
        let packet = ipv4(7, 17, &udp(&rtp(1)));
        let incoming = ethernet(0x0800, &packet);
        let mut outgoing = incoming.clone();
        outgoing[0] = 4;
        let mut bench = Bench::default();
        for frame in [&incoming, &incoming, &outgoing, &outgoing] {
            bench.frame(LinkType::ETHERNET, frame);
        }
        for sequence in 2..10 {
            bench.wait(20).frame(LinkType::ETHERNET, &ethernet(0x0800, &ipv4(8, 17, &udp(&rtp(sequence)))));
        }
        bench.finish();
        assert_eq!((bench.payloads().len(), bench.stack.copies()), (10, 2));
    }

    #[test]
    fn doubling_throughout_is_the_capture_from_the_first_packet_on() {
        for burst in [1, 3] {
            let mut bench = Bench::default();
            for start in (0..60).step_by(burst) {
                for _ in 0..2 {
                    for sequence in start..start + burst as u16 {
                        bench.now -= 900_000;
                        bench.ip(&ipv6(17, &udp(&rtp(sequence))));
                    }
                }
                bench.wait(20);
            }
            bench.finish();
            assert_eq!((bench.payloads().len(), bench.stack.copies()), (60, 60), "bursts of {burst}");
            assert_eq!(bench.stack.copy_evidence().first.map(|frame| frame.0), Some(burst as u64 + 1));
        }
    }

    #[test]
    fn a_doubled_path_among_others_is_recognised() {
        let mut bench = Bench::default();
        for sequence in 0..200_u16 {
            let mut other = udp(&rtp(sequence));
            other[1] = 7;
            bench.ip(&ipv4(sequence, 17, &other));
            if sequence > 50 {
                let packet = ipv4(sequence, 17, &udp(&rtp(sequence)));
                bench.ip(&packet).ip(&packet);
            }
            bench.wait(10);
        }
        bench.finish();
        assert_eq!((bench.payloads().len(), bench.stack.copies()), (349, 149));
    }

    #[test]
    fn doubling_that_stops_is_noticed() {
        let mut bench = Bench::default();
        for sequence in 0..400_u16 {
            let packet = ipv4(sequence, 17, &udp(&rtp(sequence)));
            bench.ip(&packet);
            if sequence < 200 || sequence % 50 == 0 {
                bench.ip(&packet);
            }
            bench.wait(20);
        }
        bench.finish();
        // 200, the first after the doubling, still falls under the habit.
        assert_eq!((bench.payloads().len(), bench.stack.copies()), (403, 201));
    }

    #[test]
    fn empty_segments_are_no_evidence() {
        let mut bench = Bench::default();
        for _ in 0..50 {
            bench.ip(&from_client(ACK, 1, 1, &[]));
        }
        bench.finish();
        assert_eq!(bench.stack.copy_evidence(), Copies::default());
    }

    #[test]
    fn what_comes_later_than_a_few_milliseconds_is_no_copy() {
        let packet = ipv4(7, 17, &udp(&rtp(1)));
        let mut bench = Bench::default();
        bench.ip(&packet).wait(10).ip(&with_hop_limit(packet, 63));
        assert_eq!(bench.payloads().len(), 2);
    }

    #[test]
    fn another_identification_or_length_makes_another_packet() {
        let mut bench = Bench::default();
        for identification in 0..20 {
            bench.ip(&ipv4(identification, 17, &udp(&rtp(1))));
        }
        bench.ip(&ipv4(19, 17, &udp(&rtp(1)[..103])));
        assert_eq!(bench.payloads().len(), 21);
    }
}
