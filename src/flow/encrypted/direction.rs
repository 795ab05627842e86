//! One direction of a connection, cut into records.

use crate::moment::Moment;
use crate::wire::tls::{ContentType, HANDSHAKE_HEADER_LENGTH, HEADER_LENGTH, Handshake, HandshakeType, RecordHeader};

/// Bytes of a hello that are waited for. With key shares of post-quantum schemes a hello takes two to five thousand; RFC 8446 would
/// allow 2^17.
pub(super) const HELLO_LENGTH: usize = 32 * 1024;
/// The shortest hello: version, random, an empty session, and a suite or the vectors around one.
const SHORTEST_HELLO: usize = 38;

/// A record that began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    /// When: the first byte of its header.
    pub(super) moment: Moment,
    /// The last byte of the fragment before it in its direction.
    pub(super) spoken: Moment,
    /// Its header.
    pub(super) header: RecordHeader,
}

/// What a direction shows.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// A record began.
    Record(Begun),
    /// The first message of the handshake, whole.
    Hello(&'a [u8]),
    /// A record of an alert, whole.
    Alert(&'a [u8]),
}

/// Whether the first message of the handshake is still to come.
#[derive(Debug, Default, PartialEq, Eq)]
enum Hello {
    #[default]
    Expected,
    Done,
}

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// The header of the record that is being read, and how much of it is there.
    header: [u8; HEADER_LENGTH],
    held: usize,
    /// When that header began.
    begun: Moment,
    /// When the last byte of a fragment was seen.
    spoken: Moment,
    /// The record whose fragment is being read.
    kind: ContentType,
    /// Bytes of it that are still to come.
    left: usize,
    /// Whether it is known where records begin.
    in_step: bool,
    /// A record that is one only if another one follows: nothing before proved where records begin.
    unproven: Option<Begun>,
    hello: Hello,
    /// The start of a hello or an alert.
    waiting: Vec<u8>,
    /// How often it was lost where records begin.
    losses: u64,
}

impl Direction {
    /// Whether nothing shows that these are records.
    pub(super) fn is_lost(&self) -> bool {
        !self.in_step && self.held == 0 && self.unproven.is_none()
    }

    /// How often it was lost where records begin.
    pub(super) const fn losses(&self) -> u64 {
        self.losses
    }

    /// Bytes held back.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.capacity()
    }

    /// No hello comes any more, or it is not waited for.
    pub(super) fn give_up_hello(&mut self) {
        self.hello = Hello::Done;
        self.waiting = Vec::new();
    }

    /// Takes the next bytes.
    pub(super) fn take(&mut self, moment: Moment, bytes: &[u8], mut step: impl FnMut(Step<'_>)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.left > 0 {
                let (fragment, behind) = rest.split_at_checked(self.left).unwrap_or((rest, &[]));
                self.left -= fragment.len();
                self.spoken = moment;
                rest = behind;
                match self.kind {
                    ContentType::HANDSHAKE if self.hello == Hello::Expected => self.await_hello(fragment, &mut step),
                    ContentType::ALERT if self.in_step => self.await_alert(fragment, &mut step),
                    _ => {}
                }
                continue;
            }
            if self.held == 0 {
                self.begun = moment;
            }
            let missing = HEADER_LENGTH - self.held;
            let (part, behind) = rest.split_at_checked(missing).unwrap_or((rest, &[]));
            for (place, byte) in self.header.iter_mut().skip(self.held).zip(part) {
                *place = *byte;
            }
            self.held += part.len();
            rest = behind;
            if self.held < HEADER_LENGTH {
                return;
            }
            self.held = 0;
            match RecordHeader::parse(&self.header) {
                Ok(header) if header.is_plausible() => self.begin(header, &mut step),
                _ => {
                    self.lose();
                    return;
                }
            }
        }
    }

    /// Whether it shows one whole record that nothing proves so far.
    pub(super) const fn has_unproven(&self) -> bool {
        self.unproven.is_some() && self.left == 0 && self.held == 0
    }

    /// Something else proved where records begin: gives the record that waited for it.
    pub(super) fn prove(&mut self) -> Option<Begun> {
        self.in_step |= self.unproven.is_some();
        self.unproven.take()
    }

    /// A record begins.
    fn begin(&mut self, header: RecordHeader, step: &mut impl FnMut(Step<'_>)) {
        self.kind = header.kind;
        self.left = usize::from(header.length);
        if self.kind != ContentType::HANDSHAKE && !self.waiting.is_empty() {
            self.waiting = Vec::new();
        }
        let begun = Begun { moment: self.begun, spoken: self.spoken, header };
        match self.prove() {
            Some(first) => step(Step::Record(first)),
            None if !self.in_step => {
                self.unproven = Some(begun);
                return;
            }
            None => {}
        }
        step(Step::Record(begun));
    }

    /// Part of a handshake record, while the hello is expected.
    fn await_hello(&mut self, fragment: &[u8], step: &mut impl FnMut(Step<'_>)) {
        self.waiting.extend_from_slice(fragment);
        // Messages before the hello (a request for one) are passed over; the bytes shrink with each.
        while let Some(length) = Handshake::stream_length(&self.waiting) {
            let kind = self.waiting.first().copied().map(HandshakeType);
            match kind {
                Some(HandshakeType::HELLO_REQUEST) if length == HANDSHAKE_HEADER_LENGTH => {
                    self.waiting.drain(..length.min(self.waiting.len()));
                    continue;
                }
                Some(HandshakeType::CLIENT_HELLO | HandshakeType::SERVER_HELLO)
                    if (SHORTEST_HELLO..=HELLO_LENGTH).contains(&length) => {}
                _ => {
                    self.give_up_hello();
                    return;
                }
            }
            // A hello proves by itself where records begin.
            if let Some(first) = self.prove() {
                step(Step::Record(first));
            }
            if self.waiting.len() >= length {
                let waiting = std::mem::take(&mut self.waiting);
                self.hello = Hello::Done;
                step(Step::Hello(waiting.get(..length).unwrap_or(&waiting)));
            }
            return;
        }
    }

    /// Another hello comes: the last one was a request to try again.
    pub(super) fn expect_hello(&mut self) {
        self.hello = Hello::Expected;
    }

    /// Part of an alert. It has two bytes in the clear, and else at most 256.
    fn await_alert(&mut self, fragment: &[u8], step: &mut impl FnMut(Step<'_>)) {
        self.waiting.extend_from_slice(fragment);
        if self.left == 0 {
            step(Step::Alert(&std::mem::take(&mut self.waiting)));
        }
    }

    /// So many bytes are missing. Where they are all inside of one record, the next one begins where its length says.
    pub(super) fn gap(&mut self, missing: u64) {
        let inside = usize::try_from(missing).ok().filter(|missing| *missing <= self.left && self.left > 0);
        match inside {
            Some(missing) => {
                self.left -= missing;
                // What is incomplete is not read.
                if self.kind == ContentType::HANDSHAKE {
                    self.give_up_hello();
                }
                if self.kind == ContentType::ALERT {
                    self.kind = ContentType::APPLICATION_DATA;
                }
                self.waiting = Vec::new();
            }
            None => {
                self.lose();
                self.give_up_hello();
            }
        }
    }

    /// Records begin nobody knows where; the start of a segment is tried next.
    fn lose(&mut self) {
        self.losses += u64::from(self.in_step);
        self.in_step = false;
        self.unproven = None;
        self.held = 0;
        self.left = 0;
        self.waiting = Vec::new();
    }
}
