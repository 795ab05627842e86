//! One direction of a connection: bytes as they come in, bytes in order out.

use std::collections::BTreeMap;

use crate::moment::Timestamp;
use crate::net::TcpWhat;

/// How far from the next byte a segment may lie. The greatest window is 1 GiB (RFC 7323, section 2.2), but no sender of what is
/// read here fills one; what lies further away belongs to another connection on the same ports.
const REACH: u32 = 64 * 1024 * 1024;

/// What a waiting piece costs besides its bytes: so that many small ones are bounded too.
const PIECE: usize = 96;

/// Bytes that wait for those before them.
#[derive(Debug)]
enum Piece {
    Bytes(Box<[u8]>),
    /// So many bytes that the snaplen cut off.
    Cut(u64),
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Cut(length) => *length,
        }
    }

    fn cost(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len().saturating_add(PIECE),
            Self::Cut(_) => PIECE,
        }
    }
}

/// Whether a segment lies where it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Fits,
    /// Its place is too far from where the direction is.
    OutOfReach,
}

/// One direction of a connection.
///
/// Positions count the bytes of the direction from the first one seen, so that sequence numbers may wrap.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// The sequence number of its SYN.
    pub(super) initial: Option<u32>,
    /// The sequence number of the byte at `position`; `None` while nothing was seen.
    next: Option<u32>,
    position: u64,
    waiting: BTreeMap<u64, Piece>,
    /// What the waiting pieces cost.
    cost: usize,
    /// Since when pieces wait behind the same gap.
    since: Timestamp,
    /// What the receiver has acknowledged last.
    acknowledged: Option<u32>,
    /// Where the FIN is.
    end: Option<u64>,
    pub(super) closed: bool,
    /// Where a segment out of reach would go on.
    pub(super) stray: Option<u32>,
}

impl Direction {
    pub(super) fn is_new(&self) -> bool {
        self.next.is_none()
    }

    /// Whether bytes of it were seen and its SYN was not.
    pub(super) fn began_before_the_capture(&self) -> bool {
        self.next.is_some() && self.initial.is_none()
    }

    /// What its waiting pieces cost.
    pub(super) fn cost(&self) -> usize {
        self.cost
    }

    /// Since when pieces wait, `None` where none do.
    pub(super) fn waiting_since(&self) -> Option<Timestamp> {
        (!self.waiting.is_empty()).then_some(self.since)
    }

    /// Begins at its SYN.
    pub(super) fn open(&mut self, initial: u32) {
        self.initial = Some(initial);
        self.next = Some(initial.wrapping_add(1));
    }

    /// Whether something at `sequence` can belong to this direction.
    pub(super) fn reaches(&self, sequence: u32) -> bool {
        self.next.is_none_or(|next| sequence.wrapping_sub(next).cast_signed().unsigned_abs() <= REACH)
    }

    /// Takes in `length` bytes at `sequence`, of which `bytes` were captured, and the FIN behind them.
    pub(super) fn observe(
        &mut self,
        sequence: u32,
        bytes: &[u8],
        length: usize,
        fin: bool,
        now: Timestamp,
        emit: &mut impl FnMut(TcpWhat<'_>),
    ) -> Fit {
        if length == 0 && !fin {
            return Fit::Fits;
        }
        if !self.reaches(sequence) {
            return Fit::OutOfReach;
        }
        self.stray = None;
        let next = *self.next.get_or_insert(sequence);
        let distance = i64::from(sequence.wrapping_sub(next).cast_signed());
        let length = length as u64;
        // A start before the first byte seen is cut off like one before the position.
        let old = if distance < 0 { distance.unsigned_abs() } else { 0 };
        let start = self.position.saturating_add_signed(distance.max(0));
        let end = start.saturating_add(length.saturating_sub(old));
        if fin && old <= length {
            self.end.get_or_insert(end);
        }
        let fresh = usize::try_from(old).ok().and_then(|old| bytes.get(old..)).unwrap_or_default();
        if start == self.position && self.waiting.is_empty() {
            self.give(fresh, end, emit);
        } else if end > start {
            self.keep(start, fresh, end, now);
            self.drain(now, emit);
            self.skip_acknowledged(now, emit);
        }
        self.close(emit);
        Fit::Fits
    }

    /// Gives what stands at the position: `bytes`, and a gap from their end to `end`.
    #[inline]
    fn give(&mut self, bytes: &[u8], end: u64, emit: &mut impl FnMut(TcpWhat<'_>)) {
        if !bytes.is_empty() {
            emit(TcpWhat::Bytes(bytes));
            self.advance(bytes.len() as u64);
        }
        if let Some(cut) = end.checked_sub(self.position).filter(|cut| *cut > 0) {
            emit(TcpWhat::Gap(cut));
            self.advance(cut);
        }
    }

    fn advance(&mut self, length: u64) {
        self.position = self.position.saturating_add(length);
        self.next = self.next.map(|next| next.wrapping_add(length as u32));
    }

    /// Puts the parts of `start..end` that do not wait yet among those that wait.
    fn keep(&mut self, start: u64, bytes: &[u8], end: u64, now: Timestamp) {
        if self.waiting.is_empty() {
            self.since = now;
        }
        let mut from = start;
        if let Some((place, piece)) = self.waiting.range(..=start).next_back() {
            from = from.max(place.saturating_add(piece.length()));
        }
        let mut free = Vec::new();
        for (place, piece) in self.waiting.range(start..end) {
            if from < *place {
                free.push((from, *place));
            }
            from = from.max(place.saturating_add(piece.length()));
        }
        if from < end {
            free.push((from, end));
        }
        for (from, to) in free {
            self.keep_part(start, bytes, from, to);
        }
    }

    /// Puts `from..to` of a segment that begins at `start` among those that wait.
    fn keep_part(&mut self, start: u64, bytes: &[u8], from: u64, to: u64) {
        let captured = start.saturating_add(bytes.len() as u64).clamp(from, to);
        let place = |position: u64| usize::try_from(position - start).unwrap_or(usize::MAX);
        if let Some(part) = bytes.get(place(from)..place(captured)).filter(|part| !part.is_empty()) {
            self.insert(from, Piece::Bytes(part.into()));
        }
        if captured < to {
            self.insert(captured, Piece::Cut(to - captured));
        }
    }

    fn insert(&mut self, place: u64, piece: Piece) {
        self.cost = self.cost.saturating_add(piece.cost());
        self.waiting.insert(place, piece);
    }

    /// Gives what no longer waits.
    fn drain(&mut self, now: Timestamp, emit: &mut impl FnMut(TcpWhat<'_>)) {
        while let Some(entry) = self.waiting.first_entry().filter(|entry| *entry.key() <= self.position) {
            let piece = entry.remove();
            self.cost = self.cost.saturating_sub(piece.cost());
            self.since = now;
            match piece {
                Piece::Bytes(bytes) => self.give(&bytes, self.position, emit),
                Piece::Cut(length) => self.give(&[], self.position.saturating_add(length), emit),
            }
        }
    }

    /// Gives up the first gap, and gives what waited behind it.
    pub(super) fn give_up(&mut self, now: Timestamp, emit: &mut impl FnMut(TcpWhat<'_>)) {
        if let Some(place) = self.waiting.first_key_value().map(|(place, _)| *place) {
            self.give(&[], place, emit);
            self.drain(now, emit);
        }
        self.close(emit);
    }

    /// Gives up all gaps.
    pub(super) fn finish(&mut self, now: Timestamp, emit: &mut impl FnMut(TcpWhat<'_>)) {
        while !self.waiting.is_empty() {
            self.give_up(now, emit);
        }
    }

    /// Takes note of an acknowledgment by the other side.
    pub(super) fn acknowledge(&mut self, sequence: u32, now: Timestamp, emit: &mut impl FnMut(TcpWhat<'_>)) {
        if self.acknowledged.is_none_or(|known| sequence.wrapping_sub(known).cast_signed() > 0) {
            self.acknowledged = Some(sequence);
        }
        if !self.waiting.is_empty() {
            self.skip_acknowledged(now, emit);
            self.close(emit);
        }
    }

    /// Gives up the gaps that the receiver has acknowledged: it has the bytes and the capture never will.
    fn skip_acknowledged(&mut self, now: Timestamp, emit: &mut impl FnMut(TcpWhat<'_>)) {
        while let (Some(acknowledged), Some(next), Some((place, _))) =
            (self.acknowledged, self.next, self.waiting.first_key_value())
        {
            let distance = u64::try_from(acknowledged.wrapping_sub(next).cast_signed()).unwrap_or(0);
            if distance > u64::from(REACH) || self.position.saturating_add(distance) < *place {
                return;
            }
            self.give_up(now, emit);
        }
    }

    /// Tells the end when all before it is told.
    fn close(&mut self, emit: &mut impl FnMut(TcpWhat<'_>)) {
        if !self.closed && self.end.is_some_and(|end| end <= self.position) {
            self.closed = true;
            emit(TcpWhat::Closed);
        }
    }
}
