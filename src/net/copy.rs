//! Packets that a capture holds more than once because of the way it was made.
//!
//! `-i any` sees a packet on every interface that it passes, a mirror port both when it comes and when it goes, a
//! bridge on each of its ports. Such a copy is the same packet but for hop limit, link-layer addresses, VLAN tag and checksums,
//! and comes within a few milliseconds. A sender's repetition and a network's duplicate look the same and are not copies;
//! they happen on their own, and at one place.
//!
//! # The rule
//!
//! A packet is a copy of one seen at most [`Limits::copy_window`] before if all that a router leaves alone is equal and
//!
//! 1. it was seen elsewhere: on another interface, in another direction, between other link-layer addresses or under
//!    another VLAN tag, or with another hop limit; or
//! 2. it was seen at the same place, and nine in ten packets of its path were seen twice. Of a path with fewer than four
//!    packets so far, those of the whole capture count; and where the capture has fewer than eight, only packets
//!    with an IPv4 identification are copies, which a sender does not repeat.
//!
//! Only packets that were followed by their repetition or had the time to be count for the share in 2, and only the last
//! 32 to 64 of them. TCP segments without payload repeat each other and are no evidence for it.
//!
//! The copy that comes first stands for the packet. State is two tables of fixed size in which a newer entry replaces an
//! older one; a replaced entry can at worst leave a copy undetected.

use std::hash::{BuildHasher, Hasher};
use std::net::IpAddr;

use etherparse::IpNumber;
use foldhash::fast::{FixedState, FoldHasher};

use super::Limits;
use super::ip::Packet;
use super::link::Seen;
use crate::capture::{Direction, Frame};
use crate::moment::FrameNumber;

/// How many packets are remembered: those of 5 ms at 400 000 packets a second.
const SIGHTINGS: usize = 2048;
/// How many paths are told apart.
const PATHS: usize = 1024;
/// The share of packets seen twice that makes doubling systematic, in tenths.
const TENTHS: u32 = 9;
/// How many packets of a path, and of a capture, are enough to know.
const ENOUGH_OF_PATH: u32 = 4;
const ENOUGH_OF_CAPTURE: u32 = 8;
/// When the older half of what is known about a path is forgotten.
const FORGET_AT: u32 = 64;

/// The copies that a capture holds, and by what they were recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copies {
    /// How many there are.
    pub packets: u64,
    /// The first one.
    pub first: Option<FrameNumber>,
    /// The last one.
    pub last: Option<FrameNumber>,
    /// Those seen on another interface.
    pub other_interface: u64,
    /// Those seen on the same interface in another direction.
    pub other_direction: u64,
    /// Those seen between other link-layer addresses or under another VLAN tag.
    pub other_addresses: u64,
    /// Those that differ in the hop limit alone.
    pub other_hop_limit: u64,
    /// Those that differ in nothing, on paths where packets are doubled throughout.
    pub systematic: u64,
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

/// A packet that was seen.
#[derive(Debug, Clone, Copy, Default)]
struct Sighting {
    /// 0 where there is none.
    fingerprint: u64,
    time: i64,
    place: Place,
    /// Its number on its path and in the capture.
    ordinal: (u32, u32),
    repeated: bool,
}

/// How often packets of one kind were seen twice.
#[derive(Debug, Clone, Copy, Default)]
struct Habit {
    key: u32,
    /// The packets so far, each counted once.
    packets: u32,
    /// The number after which they count.
    since: u32,
    doubled: u32,
}

impl Habit {
    fn packet(&mut self) -> u32 {
        self.packets = self.packets.wrapping_add(1);
        if self.packets.wrapping_sub(self.since) >= FORGET_AT {
            self.since = self.since.wrapping_add(FORGET_AT / 2);
            self.doubled /= 2;
        }
        self.packets
    }

    /// How many packets up to the one with this number count.
    fn settled(&self, ordinal: u32) -> u32 {
        let settled = ordinal.wrapping_sub(self.since);
        // A number from before what was forgotten.
        if settled > FORGET_AT { 0 } else { settled }
    }

    fn is_systematic(&self, settled: u32) -> bool {
        self.doubled.saturating_mul(10) >= settled.saturating_mul(TENTHS)
    }
}

/// What was seen lately.
#[derive(Debug)]
pub(super) struct Sightings {
    sightings: Box<[Sighting]>,
    paths: Box<[Habit]>,
    capture: Habit,
    window: i64,
    pub(super) copies: Copies,
}

impl Sightings {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            sightings: vec![Sighting::default(); SIGHTINGS].into_boxed_slice(),
            paths: vec![Habit::default(); PATHS].into_boxed_slice(),
            capture: Habit::default(),
            window: i64::try_from(limits.copy_window.as_nanos()).unwrap_or(i64::MAX),
            copies: Copies::default(),
        }
    }

    /// Whether this packet is a copy of one seen before.
    #[inline]
    pub(super) fn is_copy(&mut self, frame: &Frame<'_>, packet: &Packet<'_>, seen: Seen) -> bool {
        let path = path_hash(packet);
        let fingerprint = fingerprint(path, packet);
        let place = Place {
            interface: (frame.interface, seen.interface),
            direction: (frame.direction, seen.packet_type),
            addresses: seen.addresses,
            hop_limit: packet.hop_limit,
        };
        let time = frame.moment.time.0;
        let Some(earlier) = self.sightings.get_mut(fingerprint as usize % SIGHTINGS) else { return false };
        if earlier.fingerprint == fingerprint && time.saturating_sub(earlier.time).saturating_abs() <= self.window {
            return self.is_copy_again(frame.moment.frame, packet, path, fingerprint, place);
        }
        *earlier = Sighting { fingerprint, time, place, ordinal: (0, 0), repeated: false };
        if !is_empty_tcp(packet)
            && let Some(habit) = self.paths.get_mut(path as usize % PATHS)
        {
            let key = (path >> 32) as u32;
            if habit.key != key {
                *habit = Habit { key, ..Habit::default() };
            }
            earlier.ordinal = (habit.packet(), self.capture.packet());
        }
        false
    }

    /// The same for a packet that is equal to one seen within the window.
    #[cold]
    fn is_copy_again(
        &mut self,
        frame: FrameNumber,
        packet: &Packet<'_>,
        path: u64,
        fingerprint: u64,
        place: Place,
    ) -> bool {
        let Some(earlier) = self.sightings.get_mut(fingerprint as usize % SIGHTINGS) else { return false };
        let copies = &mut self.copies;
        let kind = if earlier.place.interface != place.interface {
            &mut copies.other_interface
        } else if earlier.place.direction != place.direction {
            &mut copies.other_direction
        } else if earlier.place.addresses != place.addresses {
            &mut copies.other_addresses
        } else if earlier.place.hop_limit != place.hop_limit {
            &mut copies.other_hop_limit
        } else {
            let Some(habit) = self.paths.get_mut(path as usize % PATHS) else { return false };
            if habit.key != (path >> 32) as u32 {
                *habit = Habit::default();
            }
            let is_evidence = earlier.ordinal.0 != 0 && !earlier.repeated;
            if is_evidence {
                habit.doubled = habit.doubled.saturating_add(1);
                self.capture.doubled = self.capture.doubled.saturating_add(1);
            }
            earlier.repeated = true;
            let (habit, capture) = (*habit, self.capture);
            if !is_systematic(habit, capture, earlier.ordinal, packet) {
                return false;
            }
            &mut copies.systematic
        };
        *kind = kind.saturating_add(1);
        copies.packets = copies.packets.saturating_add(1);
        copies.first.get_or_insert(frame);
        copies.last = Some(frame);
        true
    }
}

/// Rule 2.
fn is_systematic(path: Habit, capture: Habit, ordinal: (u32, u32), packet: &Packet<'_>) -> bool {
    // A packet that is no evidence has no number: for it all that was seen so far counts.
    let of_path = path.settled(if ordinal.0 == 0 { path.packets } else { ordinal.0 });
    if of_path >= ENOUGH_OF_PATH {
        return path.is_systematic(of_path);
    }
    let of_capture = capture.settled(if ordinal.1 == 0 { capture.packets } else { ordinal.1 });
    let is_known = of_capture >= ENOUGH_OF_CAPTURE || (of_capture > 0 && packet.identification != 0);
    is_known && capture.is_systematic(of_capture)
}

/// Whether the packet is a TCP segment that carries nothing.
#[inline]
fn is_empty_tcp(packet: &Packet<'_>) -> bool {
    // The upper half of byte 12 counts the header's 32-bit words (RFC 9293, section 3.1).
    packet.protocol == IpNumber::TCP
        && packet.fragment.is_none()
        && packet.payload.get(12).is_some_and(|offset| usize::from(offset >> 4) * 4 >= packet.length)
}

fn hasher() -> FoldHasher<'static> {
    FixedState::with_seed(0).build_hasher()
}

/// Addresses, ports and protocol in one number.
#[inline]
fn path_hash(packet: &Packet<'_>) -> u64 {
    let mut hasher = hasher();
    match (packet.source, packet.destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            hasher.write_u64(u64::from(u32::from(source)) << 32 | u64::from(u32::from(destination)));
        }
        (source, destination) => {
            for address in [source, destination] {
                if let IpAddr::V6(address) = address {
                    hasher.write_u128(address.into());
                }
            }
        }
    }
    let begins = packet.fragment.is_none_or(|fragment| fragment.offset == 0);
    let ports = packet.payload.first_chunk::<4>().filter(|_| begins).map_or(0, |ports| u32::from_le_bytes(*ports));
    hasher.write_u64(u64::from(ports) << 8 | u64::from(packet.protocol.0));
    hasher.finish()
}

/// How much of the payload's beginning and end tells one packet from another: the beginning holds the transport header and the
/// sequence numbers of RTP, DTLS and STUN, the end what encryption or a checksum makes of the rest.
const HEAD: usize = 48;
const TAIL: usize = 16;

/// All that a router leaves alone, in one number that is not 0.
#[inline]
fn fingerprint(path: u64, packet: &Packet<'_>) -> u64 {
    let mut hasher = hasher();
    let fragment = packet.fragment.map_or(0, |fragment| {
        u64::from(fragment.identification) << 16 | fragment.offset as u64 | u64::from(fragment.more)
    });
    hasher.write_u64(path);
    hasher.write_u64(u64::from(packet.identification) << 48 ^ fragment << 17 ^ packet.length as u64);
    // A checksum may still be left to the network card where the packet is seen on its way out.
    let (before, after) = match packet.protocol {
        IpNumber::UDP => (4, 8),
        IpNumber::TCP => (16, 18),
        _ => (0, 0),
    };
    let payload = packet.payload;
    hasher.write(payload.get(..before).unwrap_or(payload));
    let rest = payload.get(after..).unwrap_or_default();
    hasher.write(rest.get(..HEAD).unwrap_or(rest));
    hasher.write(rest.get(rest.len().saturating_sub(TAIL)..).unwrap_or_default());
    hasher.finish().max(1)
}
