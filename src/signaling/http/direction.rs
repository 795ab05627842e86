//! One direction of a connection: heads, and the bodies behind them.

use super::body::{Framing, can_signal, decode};
use super::head::{Body, Head, Message};
use crate::moment::Moment;
use crate::signaling::Limits;

/// The line before a chunk: a length in hexadecimal and extensions that nobody uses.
const CHUNK_LINE: usize = 4096;

/// The longest start that tells a head from anything else: a method and a space.
const LONGEST_START: usize = 8;

/// Where a direction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Length(u64),
    ChunkLine,
    Chunk(u64),
    ChunkEnd,
    Trailer,
    Close,
    /// Bytes are missing, or are no HTTP: the next head starts wherever a segment starts like one, or a response is found in it.
    Lost,
}

/// One direction.
#[derive(Debug)]
pub(super) struct Direction {
    place: Place,
    /// The start of what is not complete: a head, the line of a chunk, a trailer.
    waiting: Vec<u8>,
    head: Option<Head>,
    body: Vec<u8>,
    kept: Keep,
    /// How often its place was lost.
    losses: u64,
}

/// Whether the body is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Yes,
    PassedOver,
    TooLong,
    Damaged,
}

/// What a step came to.
pub(super) enum Step {
    /// A head is complete: its body follows as soon as [`Direction::begin`] was told of it.
    Head(Head),
    /// A message is complete.
    Message(Message),
    /// More bytes are needed.
    More,
}

impl Direction {
    pub(super) fn new() -> Self {
        Self { place: Place::Head, waiting: Vec::new(), head: None, body: Vec::new(), kept: Keep::Yes, losses: 0 }
    }

    /// Bytes that are kept.
    pub(super) fn cost(&self) -> usize {
        self.waiting.capacity() + self.body.capacity() + self.head.as_ref().map_or(0, Head::cost)
    }

    /// How often its place was lost.
    pub(super) fn losses(&self) -> u64 {
        self.losses
    }

    /// Whether it does not know where it is.
    pub(super) fn is_lost(&self) -> bool {
        self.place == Place::Lost
    }

    /// Whether it is between two messages.
    pub(super) fn is_between(&self) -> bool {
        self.place == Place::Head && self.waiting.is_empty()
    }

    /// Bytes are missing.
    pub(super) fn gap(&mut self, length: u64) {
        match &mut self.place {
            Place::Length(left) if *left >= length => *left -= length,
            Place::Chunk(left) if *left >= length => *left -= length,
            Place::Close => {}
            place => {
                *place = Place::Lost;
                self.losses += 1;
            }
        }
        self.waiting = Vec::new();
        self.body = Vec::new();
        self.kept = Keep::Damaged;
        if self.place == Place::Lost {
            self.head = None;
        }
    }

    /// Takes what it can from the front of `bytes`.
    pub(super) fn step(&mut self, moment: Moment, bytes: &mut &[u8], limits: &Limits) -> Step {
        loop {
            let was = (self.place, bytes.len());
            if let Some(step) = self.advance(moment, bytes, limits) {
                return step;
            }
            if was == (self.place, bytes.len()) {
                return Step::More;
            }
        }
    }

    fn advance(&mut self, moment: Moment, bytes: &mut &[u8], limits: &Limits) -> Option<Step> {
        match self.place {
            Place::Lost => {
                let start = start_of_message(bytes);
                *bytes = start.and_then(|start| bytes.get(start..)).unwrap_or_default();
                if start.is_some() {
                    self.place = Place::Head;
                }
            }
            Place::Head => return self.read_head(bytes, limits).map(Step::Head),
            Place::Length(0) => return Some(Step::Message(self.end(moment, limits)?)),
            Place::Length(left) => self.place = Place::Length(left - self.keep(bytes, left, limits)),
            Place::Chunk(0) => self.place = Place::ChunkEnd,
            Place::Chunk(left) => self.place = Place::Chunk(left - self.keep(bytes, left, limits)),
            Place::ChunkEnd => {
                if self.line(bytes, 2).is_some() {
                    self.place = Place::ChunkLine;
                }
            }
            Place::ChunkLine => self.read_chunk_line(bytes),
            Place::Trailer => {
                if self.line(bytes, limits.head_bytes).is_some_and(|line| line.trim_ascii().is_empty()) {
                    return Some(Step::Message(self.end(moment, limits)?));
                }
            }
            Place::Close => {
                self.keep(bytes, u64::MAX, limits);
            }
        }
        None
    }

    /// The next head, when it is complete. Empty lines before it are passed over (RFC 9112, section 2.2).
    fn read_head(&mut self, bytes: &mut &[u8], limits: &Limits) -> Option<Head> {
        if self.waiting.is_empty() {
            let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            *bytes = bytes.get(blank..).unwrap_or_default();
        }
        if bytes.is_empty() {
            return None;
        }
        let seen = self.waiting.len();
        // A few bytes more of the start are all that can make it implausible.
        if seen == 0 && !plausible(bytes) {
            self.lose();
            return None;
        }
        let room = limits.head_bytes.saturating_sub(seen);
        let room = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        // Of many small messages in one piece none is copied.
        if seen == 0
            && let Some(end) = end_of_head(room, 0)
        {
            let (whole, rest) = bytes.split_at_checked(end)?;
            *bytes = rest;
            return self.parse(whole);
        }
        self.waiting.extend_from_slice(room);
        let Some(end) = end_of_head(&self.waiting, seen.saturating_sub(3)) else {
            if self.waiting.len() >= limits.head_bytes || (seen < LONGEST_START && !plausible(&self.waiting)) {
                self.lose();
            }
            *bytes = &[];
            return None;
        };
        *bytes = bytes.get(end.saturating_sub(seen)..).unwrap_or_default();
        self.waiting.truncate(end);
        let whole = std::mem::take(&mut self.waiting);
        self.parse(&whole)
    }

    fn parse(&mut self, whole: &[u8]) -> Option<Head> {
        let head = Head::parse(whole);
        if head.is_none() {
            self.lose();
        }
        head
    }

    /// Begins the body behind `head`.
    pub(super) fn begin(&mut self, head: Head, limits: &Limits) {
        self.place = match Framing::of(&head) {
            Framing::Length(length) => Place::Length(length),
            Framing::Chunked => Place::ChunkLine,
            Framing::Close => Place::Close,
        };
        self.kept = match self.place {
            _ if !can_signal(&head) => Keep::PassedOver,
            Place::Length(length) if length > limits.body_bytes as u64 => Keep::TooLong,
            _ => Keep::Yes,
        };
        self.head = Some(head);
    }

    /// Takes up to `left` bytes of the body.
    fn keep(&mut self, bytes: &mut &[u8], left: u64, limits: &Limits) -> u64 {
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let (taken, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
        *bytes = rest;
        if self.kept == Keep::Yes {
            if self.body.len() + taken.len() > limits.body_bytes {
                self.kept = Keep::TooLong;
                self.body = Vec::new();
            } else {
                self.body.extend_from_slice(taken);
            }
        }
        taken.len() as u64
    }

    fn read_chunk_line(&mut self, bytes: &mut &[u8]) {
        let Some(line) = self.line(bytes, CHUNK_LINE) else { return };
        let text = String::from_utf8_lossy(&line);
        let digits = text.split(';').next().unwrap_or_default().trim();
        match u64::from_str_radix(digits, 16) {
            Ok(0) => self.place = Place::Trailer,
            Ok(length) => self.place = Place::Chunk(length),
            Err(_) => self.lose(),
        }
    }

    /// The next line, when it is complete; a line longer than `most` loses the place.
    fn line(&mut self, bytes: &mut &[u8], most: usize) -> Option<Vec<u8>> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(bytes.len(), |end| end + 1);
        let (taken, rest) = bytes.split_at_checked(length)?;
        if self.waiting.len() + taken.len() > most {
            self.lose();
            *bytes = &[];
            return None;
        }
        self.waiting.extend_from_slice(taken);
        *bytes = rest;
        end.map(|_| std::mem::take(&mut self.waiting))
    }

    /// Loses its place.
    pub(super) fn lose(&mut self) {
        *self = Self { place: Place::Lost, losses: self.losses + 1, ..Self::new() };
    }

    fn end(&mut self, moment: Moment, limits: &Limits) -> Option<Message> {
        self.place = Place::Head;
        let bytes = std::mem::take(&mut self.body);
        let kept = std::mem::replace(&mut self.kept, Keep::Yes);
        let head = self.head.take()?;
        let exchange = None;
        let body = match kept {
            Keep::Yes => decode(&head, bytes, limits),
            Keep::PassedOver => Body::PassedOver,
            Keep::TooLong => Body::TooLong,
            Keep::Damaged => Body::Damaged,
        };
        Some(Message { moment, exchange, head, body })
    }

    /// The message that ends with the connection.
    pub(super) fn close(&mut self, moment: Moment, limits: &Limits) -> Option<Message> {
        if self.place != Place::Close {
            // Between two messages is where it ends as it should.
            let in_order = self.is_between() || self.is_lost();
            *self = Self { place: Place::Lost, losses: self.losses + u64::from(!in_order), ..Self::new() };
            return None;
        }
        self.end(moment, limits)
    }
}

/// Where the head ends: behind the first empty line, looked for from `from`.
fn end_of_head(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let newline = |at: &usize| rest.get(*at) == Some(&b'\n');
    let ends = |at: &usize| match rest.get(at + 1) {
        Some(b'\n') => Some(from + at + 2),
        Some(b'\r') if rest.get(at + 2) == Some(&b'\n') => Some(from + at + 3),
        _ => None,
    };
    (0..rest.len()).filter(newline).find_map(|at| ends(&at))
}

/// Whether what waits can still become a head.
fn plausible(bytes: &[u8]) -> bool {
    super::head::has_method(bytes) || super::is_response(bytes)
}

/// Where the next message may start in a segment behind a loss: at its start, or at a status line in it, which has a shape that
/// nothing else has.
fn start_of_message(bytes: &[u8]) -> Option<usize> {
    if bytes.is_empty() {
        return None;
    }
    if super::is_response(bytes) || super::is_request(bytes) {
        return Some(0);
    }
    let is_status_line = |at: &[u8]| match at.first_chunk::<13>() {
        Some([b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0' | b'1', b' ', status @ .., b' ' | b'\r']) => {
            status.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    bytes.windows(13).position(is_status_line)
}
