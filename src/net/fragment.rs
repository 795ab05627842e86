//! Fragments back into datagrams (RFC 791, section 3.2; RFC 8200, section 4.5).

use std::collections::HashMap;
use std::net::IpAddr;

use etherparse::IpNumber;
use foldhash::fast::RandomState;

use super::ip::{Fragment, Packet};
use super::{Limits, SkipReason};
use crate::moment::{Moment, Timestamp};

/// The greatest length of a datagram: the fields that state it have 16 bits.
const DATAGRAM: usize = 65_535;

/// What fragments of one datagram have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    source: IpAddr,
    destination: IpAddr,
    /// IPv4 counts identifications for each protocol, IPv6 in all.
    protocol: Option<IpNumber>,
    identification: u32,
}

/// A datagram that became whole.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) protocol: IpNumber,
    /// Its bytes up to the first that was not captured.
    pub(super) bytes: Vec<u8>,
    /// Its length on the wire.
    pub(super) length: usize,
}

/// The fragments of one datagram.
#[derive(Debug)]
struct Partial {
    begun: Moment,
    fragments: u64,
    protocol: IpNumber,
    bytes: Vec<u8>,
    /// The parts that have arrived, sorted, none touching another.
    parts: Vec<(usize, usize)>,
    /// The first byte that was on the wire and not in the capture.
    cut: usize,
    /// The datagram's length, known from its last fragment.
    length: Option<usize>,
}

/// The datagrams that wait for fragments.
#[derive(Debug)]
pub(super) struct Fragments {
    partials: HashMap<Key, Partial, RandomState>,
    /// What they cost together.
    bytes: usize,
    limits: Limits,
    /// Fragments of datagrams that were given up since they were last asked for.
    given_up: u64,
}

impl Fragments {
    pub(super) fn new(limits: Limits) -> Self {
        Self { partials: HashMap::default(), bytes: 0, limits, given_up: 0 }
    }

    /// How many fragments were given up since this was last asked.
    pub(super) fn take_given_up(&mut self) -> u64 {
        std::mem::take(&mut self.given_up)
    }

    /// Adds `packet`, which is `fragment`, and gives the datagram when it is whole.
    pub(super) fn observe(
        &mut self,
        moment: Moment,
        packet: &Packet<'_>,
        fragment: Fragment,
    ) -> Result<Option<Whole>, SkipReason> {
        self.expire(moment.time);
        let end = fragment.offset.saturating_add(packet.length);
        // All but the last end on a multiple of 8, and none ends behind the greatest datagram.
        if packet.length == 0 || end > DATAGRAM || (fragment.more && !packet.length.is_multiple_of(8)) {
            return Err(SkipReason::IpFragmentRefused);
        }
        let key = Key {
            source: packet.source,
            destination: packet.destination,
            protocol: packet.source.is_ipv4().then_some(packet.protocol),
            identification: fragment.identification,
        };
        if !self.partials.contains_key(&key) && self.partials.len() >= self.limits.fragmented_datagrams {
            self.give_up_oldest();
        }
        let partial = self.partials.entry(key).or_insert_with(|| Partial::new(moment, packet.protocol));
        let before = partial.cost();
        let added = partial.add(packet, fragment, end);
        self.bytes = (self.bytes - before).saturating_add(partial.cost());
        added?;
        if partial.is_whole() {
            return Ok(self.remove(&key).map(Partial::into_whole));
        }
        while self.bytes > self.limits.fragment_bytes {
            self.give_up_oldest();
        }
        Ok(None)
    }

    /// Gives up all that still wait.
    pub(super) fn finish(&mut self) {
        for partial in self.partials.drain().map(|(_, partial)| partial) {
            self.given_up = self.given_up.saturating_add(partial.fragments);
        }
        self.bytes = 0;
    }

    fn remove(&mut self, key: &Key) -> Option<Partial> {
        let partial = self.partials.remove(key)?;
        self.bytes = self.bytes.saturating_sub(partial.cost());
        Some(partial)
    }

    fn expire(&mut self, now: Timestamp) {
        let age = self.limits.fragment_age;
        // The oldest is looked for only where there is one too old, and there are few at any time.
        while self.partials.values().any(|partial| now.since(partial.begun.time) > age) {
            self.give_up_oldest();
        }
    }

    fn give_up_oldest(&mut self) {
        let oldest = self.partials.iter().min_by_key(|(_, partial)| partial.begun).map(|(key, _)| *key);
        match oldest.and_then(|key| self.remove(&key)) {
            Some(partial) => self.given_up = self.given_up.saturating_add(partial.fragments),
            None => self.bytes = 0,
        }
    }
}

impl Partial {
    fn new(begun: Moment, protocol: IpNumber) -> Self {
        Self { begun, fragments: 0, protocol, bytes: Vec::new(), parts: Vec::new(), cut: usize::MAX, length: None }
    }

    /// The bytes of memory that it takes, many small parts included.
    fn cost(&self) -> usize {
        self.bytes.len().saturating_add(self.parts.len() * size_of::<(usize, usize)>())
    }

    /// Adds a fragment that ends at `end`. Where it overlaps others, what came first stays.
    fn add(&mut self, packet: &Packet<'_>, fragment: Fragment, end: usize) -> Result<(), SkipReason> {
        let furthest = self.parts.last().map_or(0, |(_, end)| *end);
        let contradicts = match self.length {
            Some(length) => end > length || (!fragment.more && end != length),
            None => !fragment.more && furthest > end,
        };
        if contradicts {
            return Err(SkipReason::IpFragmentRefused);
        }
        self.fragments = self.fragments.saturating_add(1);
        if !fragment.more {
            self.length = Some(end);
        }
        if fragment.offset == 0 {
            self.protocol = packet.protocol;
        }
        for (from, to) in self.missing(fragment.offset, end) {
            self.fill(packet.payload, fragment.offset, from, to);
        }
        self.merge(fragment.offset, end);
        Ok(())
    }

    /// The parts of `start..end` that have not arrived.
    fn missing(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let mut missing = Vec::new();
        let mut from = start;
        for &(part_start, part_end) in self.parts.iter().filter(|(_, part_end)| *part_end > start) {
            if part_start >= end {
                break;
            }
            if from < part_start {
                missing.push((from, part_start));
            }
            from = from.max(part_end);
        }
        if from < end {
            missing.push((from, end));
        }
        missing
    }

    /// Copies what `payload`, which begins at `offset`, has for `from..to`.
    fn fill(&mut self, payload: &[u8], offset: usize, from: usize, to: usize) {
        let captured = to.min(offset + payload.len()).max(from);
        if captured < to {
            self.cut = self.cut.min(captured);
        }
        if self.bytes.len() < captured {
            self.bytes.resize(captured, 0);
        }
        if let (Some(target), Some(source)) =
            (self.bytes.get_mut(from..captured), payload.get(from - offset..captured - offset))
        {
            target.copy_from_slice(source);
        }
    }

    /// Notes that `start..end` has arrived.
    fn merge(&mut self, start: usize, end: usize) {
        let first = self.parts.partition_point(|(_, part_end)| *part_end < start);
        let behind = self.parts.partition_point(|(part_start, _)| *part_start <= end);
        let joined = self.parts.get(first..behind).unwrap_or_default();
        let start = joined.first().map_or(start, |(part_start, _)| start.min(*part_start));
        let end = joined.last().map_or(end, |(_, part_end)| end.max(*part_end));
        self.parts.splice(first..behind.max(first), [(start, end)]);
    }

    fn is_whole(&self) -> bool {
        matches!((self.parts.as_slice(), self.length), ([(0, end)], Some(length)) if *end == length)
    }

    fn into_whole(mut self) -> Whole {
        let length = self.length.unwrap_or(self.bytes.len());
        self.bytes.truncate(self.cut.min(length));
        Whole { protocol: self.protocol, bytes: self.bytes, length }
    }
}

#[cfg(test)]
mod tests;
