//! Messages in a TCP stream (RFC 3261, section 18.3): each with a Content-Length.

use super::head::{LONGEST_LINE, can_become_sip, end, looks_like_sip};
use super::message::Message;
use crate::signaling::Limits;

/// One direction of a connection.
#[derive(Debug, Default)]
pub(crate) struct Direction {
    /// The start of a message that is not complete.
    waiting: Vec<u8>,
    /// The message whose body is not complete, and how many bytes that still needs.
    open: Option<(Message, usize)>,
    /// Bytes of a body that is not kept.
    passing: usize,
    lost: bool,
    losses: u64,
}

impl Direction {
    /// Bytes that are kept.
    pub(crate) fn cost(&self) -> usize {
        let open = self.open.as_ref().map_or(0, |(message, _)| message.body.capacity() + message.fields.len() * 96);
        self.waiting.capacity() + open
    }

    /// How often its place was lost.
    pub(crate) fn losses(&self) -> u64 {
        self.losses
    }

    /// Bytes are missing: the next message starts wherever a segment starts like one.
    pub(crate) fn gap(&mut self) {
        *self = Self { lost: true, losses: self.losses + 1, ..Self::default() };
    }

    /// Takes the next bytes and hands on each whole message.
    pub(crate) fn observe(&mut self, bytes: &[u8], limits: &Limits, mut message: impl FnMut(Message)) {
        let mut rest = bytes;
        if self.lost {
            if !looks_like_sip(rest) {
                return;
            }
            self.lost = false;
        }
        while !rest.is_empty() {
            let passed = self.passing.min(rest.len());
            self.passing -= passed;
            rest = rest.get(passed..).unwrap_or_default();
            if self.open.is_none() && !self.read_head(&mut rest, limits) {
                return;
            }
            if let Some((open, left)) = &mut self.open {
                let (taken, after) = rest.split_at_checked((*left).min(rest.len())).unwrap_or((rest, &[]));
                open.body.extend_from_slice(taken);
                *left -= taken.len();
                rest = after;
            }
            if let Some((found, _)) = self.open.take_if(|(_, left)| *left == 0) {
                message(found);
            }
        }
    }

    /// Reads the next head; `false` when it is not complete.
    fn read_head(&mut self, rest: &mut &[u8], limits: &Limits) -> bool {
        if self.waiting.is_empty() {
            let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            *rest = rest.get(blank..).unwrap_or_default();
        }
        let seen = self.waiting.len();
        let room = limits.head_bytes.saturating_sub(seen).min(rest.len());
        let room = rest.get(..room).unwrap_or_default();
        // Of many small messages in one piece none is copied.
        let found = if seen == 0
            && let Some((head_end, body_start)) = end(room, 0)
        {
            *rest = rest.get(body_start..).unwrap_or_default();
            room.get(..head_end).and_then(Message::from_head)
        } else {
            self.waiting.extend_from_slice(room);
            let Some((head_end, body_start)) = end(&self.waiting, seen.saturating_sub(3)) else {
                let may = seen > LONGEST_LINE || self.waiting.is_empty() || can_become_sip(&self.waiting);
                if self.waiting.len() >= limits.head_bytes || !may {
                    self.gap();
                }
                return false;
            };
            *rest = rest.get(body_start.saturating_sub(seen)..).unwrap_or_default();
            let found = self.waiting.get(..head_end).and_then(Message::from_head);
            self.waiting.clear();
            found
        };
        let Some(found) = found else {
            self.gap();
            return false;
        };
        // A stream whose messages do not say where they end is read as if they had no body.
        let length = found.content_length().unwrap_or(0);
        if length > limits.body_bytes {
            self.passing = length;
            self.open = Some((found, 0));
        } else {
            self.open = Some((found, length));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(pieces: &[&[u8]]) -> Vec<(Option<u32>, Vec<u8>)> {
        let mut direction = Direction::default();
        let mut found = Vec::new();
        for piece in pieces {
            direction.observe(piece, &Limits::default(), |message| found.push((message.cseq(), message.body)));
        }
        found
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_give_the_same(size in 1_usize..200) {
            let stream = b"\r\n\r\nINVITE sip:b SIP/2.0\r\nCSeq: 1 INVITE\r\nl: 5\r\n\r\nhello\r\n\r\nACK sip:b SIP/2.0\nCSeq: 2 ACK\nContent-Length: 0\n\n\
                SIP/2.0 200 OK\r\nCSeq: 3 BYE\r\n\r\n";
            let pieces: Vec<&[u8]> = stream.chunks(size).collect();
            prop_assert_eq!(told(&pieces), [(Some(1), b"hello".to_vec()), (Some(2), vec![]), (Some(3), vec![])]);
        }

        #[test]
        fn any_bytes_are_taken(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..20)) {
            let mut direction = Direction::default();
            direction.observe(b"OPTIONS sip:a SIP/2.0\r\n", &Limits::default(), |_| {});
            for piece in &pieces {
                direction.observe(piece, &Limits::default(), |_| {});
            }
        }
    }

    #[test]
    fn an_endless_head_is_given_up() {
        let limits = Limits { head_bytes: 1000, ..Limits::default() };
        let mut direction = Direction::default();
        direction.observe(b"INVITE sip:b SIP/2.0\r\n", &limits, |_| {});
        for _ in 0..10_000 {
            direction.observe(b"X-More: and more\r\n", &limits, |_| {});
            assert!(direction.cost() < 4000);
        }
    }

    #[test]
    fn a_long_body_is_passed_over_without_being_kept() {
        let limits = Limits { body_bytes: 100, ..Limits::default() };
        let mut direction = Direction::default();
        let mut found = Vec::new();
        direction.observe(b"INVITE sip:b SIP/2.0\r\nCSeq: 1 INVITE\r\nl: 5000\r\n\r\n", &limits, |message| {
            found.push(message.body.len())
        });
        direction.observe(&[b'x'; 5000], &limits, |message| found.push(message.body.len()));
        direction.observe(b"ACK sip:b SIP/2.0\r\nl: 2\r\n\r\nok", &limits, |message| found.push(message.body.len()));
        assert_eq!(found, [0, 2]);
        assert!(direction.cost() < 4000);
    }
}
