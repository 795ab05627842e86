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
mod tests;
