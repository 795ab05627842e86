//! Messages in a TCP stream: STUN and TURN as they are, and RFC 4571 frames.
//!
//! Both directions of a connection speak alike: what one shows is believed of the other. A stream joined in its middle is
//! found again at the next segment that starts with a message.

use std::collections::BTreeMap;

use super::shape;

/// How messages lie in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Framing {
    /// STUN messages and ChannelData one after another (RFC 8656, section 12.5; RFC 8489, section 6.2.2).
    Stun,
    /// Each with a length of two bytes before it (RFC 4571), as ICE over TCP has it (RFC 6544, section 10.1).
    Rfc4571,
    /// Bytes of the peer behind a ConnectionBind (RFC 6062, section 4.3): no framing any more.
    Raw,
}

/// Streams followed at once. Past it the one that was opened first is let go of; if it is alive it is found again at its next message.
const STREAMS: usize = 20_000;
/// Bytes that all streams together may hold back for messages that are not complete.
const WAITING: usize = 16 << 20;
/// Bytes that decide which framing a stream has: two of a length, and a STUN header up to its cookie.
const DECIDING: usize = 10;

#[derive(Debug, Default)]
struct Stream {
    framing: Option<Framing>,
    /// The start of a message that is not complete, by direction.
    waiting: [Vec<u8>; 2],
    /// Bytes were lost: the next message starts wherever a segment starts like one.
    lost: [bool; 2],
}

/// The TCP streams that carry messages.
#[derive(Debug, Default)]
pub struct Streams {
    /// By number, which is the order in which they were opened.
    streams: BTreeMap<u64, Stream>,
    /// Bytes held back by all of them.
    waiting: usize,
}

impl Streams {
    /// No stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of direction `way` (0 or 1) of stream `number` and hands each whole message to `message`. What it gives
    /// back is the framing that holds from the next byte on.
    pub fn observe(
        &mut self,
        number: u64,
        way: usize,
        bytes: &[u8],
        mut message: impl FnMut(Framing, &[u8]) -> Framing,
    ) {
        if !self.streams.contains_key(&number) {
            if decide(bytes).is_none() {
                return;
            }
            self.make_room();
        }
        let way = way.min(1);
        let stream = self.streams.entry(number).or_default();
        let mut waiting = stream.waiting.get_mut(way).map(std::mem::take).unwrap_or_default();
        self.waiting = self.waiting.saturating_sub(waiting.len());
        if waiting.is_empty() {
            let taken = stream.take(way, bytes, &mut message);
            waiting.extend_from_slice(bytes.get(taken..).unwrap_or_default());
        } else {
            waiting.extend_from_slice(bytes);
            let taken = stream.take(way, &waiting, &mut message);
            waiting.drain(..taken.min(waiting.len()));
        }
        if self.waiting + waiting.len() > WAITING {
            stream.lose(way);
            return;
        }
        self.waiting += waiting.len();
        if let Some(place) = stream.waiting.get_mut(way) {
            *place = waiting;
        }
    }

    /// Lets go of the stream that was opened first where there are too many.
    fn make_room(&mut self) {
        if self.streams.len() >= STREAMS
            && let Some(first) = self.streams.keys().next().copied()
        {
            self.close(first);
        }
    }

    /// Bytes of direction `way` of stream `number` are missing.
    pub fn gap(&mut self, number: u64, way: usize) {
        if let Some(stream) = self.streams.get_mut(&number) {
            let before = stream.held();
            stream.lose(way.min(1));
            self.waiting = self.waiting.saturating_sub(before - stream.held());
        }
    }

    /// Stream `number` is over.
    pub fn close(&mut self, number: u64) {
        if let Some(stream) = self.streams.remove(&number) {
            self.waiting = self.waiting.saturating_sub(stream.held());
        }
    }
}

impl Stream {
    /// Bytes held back.
    fn held(&self) -> usize {
        self.waiting.iter().map(Vec::len).sum()
    }

    /// Bytes of a direction are missing.
    fn lose(&mut self, way: usize) {
        if let (Some(waiting), Some(lost)) = (self.waiting.get_mut(way), self.lost.get_mut(way)) {
            *waiting = Vec::new();
            *lost = true;
        }
    }

    /// Hands over the whole messages at the start of `bytes`; gives how many bytes are done with.
    fn take(&mut self, way: usize, bytes: &[u8], message: &mut impl FnMut(Framing, &[u8]) -> Framing) -> usize {
        let mut rest = bytes;
        while !rest.is_empty() {
            let framing = match self.framing {
                Some(framing) => framing,
                None => match decide(rest) {
                    Some(Some(framing)) => *self.framing.insert(framing),
                    Some(None) => break,
                    None => return bytes.len(),
                },
            };
            if framing == Framing::Raw {
                message(Framing::Raw, rest);
                return bytes.len();
            }
            if self.lost.get(way).copied().unwrap_or(false) && !starts_message(framing, rest) {
                return bytes.len();
            }
            if let Some(lost) = self.lost.get_mut(way) {
                *lost = false;
            }
            match cut(framing, rest) {
                Cut::Message { body, next } => {
                    self.framing = Some(message(framing, body));
                    rest = next;
                }
                Cut::Incomplete => break,
                Cut::NotAMessage => {
                    self.lose(way);
                    return bytes.len();
                }
            }
        }
        bytes.len() - rest.len()
    }
}

/// The framing that `bytes` show: `None` when they are no message's start, `Some(None)` when there are too few to tell.
fn decide(bytes: &[u8]) -> Option<Option<Framing>> {
    if shape::stun(bytes).is_some() {
        return Some(Some(Framing::Stun));
    }
    if framed_stun(bytes) {
        return Some(Some(Framing::Rfc4571));
    }
    if relayed_stun(bytes) {
        return Some(Some(Framing::Stun));
    }
    (bytes.len() < DECIDING && bytes.first().is_some_and(|first| *first <= 3)).then_some(None)
}

/// Whether `bytes` start with a STUN message in an RFC 4571 frame of just its length.
fn framed_stun(bytes: &[u8]) -> bool {
    let Some((head, inside)) = bytes.split_first_chunk::<2>() else { return false };
    shape::stun(inside) == Some(usize::from(u16::from_be_bytes(*head)))
}

/// Whether `bytes` start with ChannelData that holds just a STUN message: a TURN connection joined mid-call.
fn relayed_stun(bytes: &[u8]) -> bool {
    let Some(([0x40..=0x7F, _, high, low], inside)) = bytes.split_first_chunk::<4>() else { return false };
    shape::stun(inside) == Some(usize::from(u16::from_be_bytes([*high, *low])))
}

/// Whether a message of this framing may start here, in a stream that lost bytes before.
fn starts_message(framing: Framing, bytes: &[u8]) -> bool {
    match framing {
        Framing::Stun => shape::stun(bytes).is_some() || matches!(bytes.first(), Some(0x40..=0x4F)),
        Framing::Rfc4571 => framed_stun(bytes),
        Framing::Raw => true,
    }
}

enum Cut<'a> {
    Message { body: &'a [u8], next: &'a [u8] },
    Incomplete,
    NotAMessage,
}

/// The first message of `bytes`.
fn cut(framing: Framing, bytes: &[u8]) -> Cut<'_> {
    let (skip, length, padded) = match framing {
        Framing::Rfc4571 => match bytes.first_chunk::<2>() {
            Some(head) => (2, usize::from(u16::from_be_bytes(*head)), 0),
            None => return Cut::Incomplete,
        },
        Framing::Stun | Framing::Raw => match bytes.first_chunk::<4>() {
            // The length stands in the same place; ChannelData counts neither its header of 4 bytes nor the padding that TCP needs
            // (RFC 8656, section 12.5), STUN not its header of 20.
            Some([0..=3, _, high, low]) => (0, usize::from(u16::from_be_bytes([*high, *low])) + 20, 0),
            Some([0x40..=0x7F, _, high, low]) => {
                let whole = usize::from(u16::from_be_bytes([*high, *low])) + 4;
                (0, whole, whole.next_multiple_of(4) - whole)
            }
            Some(_) => return Cut::NotAMessage,
            None => return Cut::Incomplete,
        },
    };
    match (bytes.get(skip..skip + length), bytes.get(skip + length + padded..)) {
        (Some(body), Some(next)) => Cut::Message { body, next },
        _ => Cut::Incomplete,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding(size: u8) -> Vec<u8> {
        let mut message = vec![0, 1, 0, size, 0x21, 0x12, 0xA4, 0x42];
        message.extend([7; 12]);
        message.extend(vec![0; usize::from(size)]);
        message
    }

    fn cut_into(streams: &mut Streams, way: usize, pieces: &[&[u8]]) -> Vec<(Framing, Vec<u8>)> {
        let mut found = Vec::new();
        for piece in pieces {
            streams.observe(1, way, piece, |framing, body| {
                found.push((framing, body.to_vec()));
                framing
            });
        }
        found
    }

    #[test]
    fn several_messages_in_one_segment_and_one_over_several() {
        let mut stream = binding(4);
        stream.extend(b"\x40\x01\0\x05hello\0\0\0");
        stream.extend(binding(0));
        for size in 1..stream.len() {
            let pieces: Vec<&[u8]> = stream.chunks(size).collect();
            let found = cut_into(&mut Streams::new(), 0, &pieces);
            assert_eq!(found.len(), 3, "in pieces of {size} bytes");
            assert_eq!(found[1], (Framing::Stun, b"\x40\x01\0\x05hello".to_vec()));
        }
    }

    #[test]
    fn ice_over_tcp_is_framed() {
        let mut stream = vec![0, 20];
        stream.extend(binding(0));
        stream.extend([0, 3, 0x80, 1, 2]);
        let found = cut_into(&mut Streams::new(), 0, &[&stream]);
        assert_eq!(found, [(Framing::Rfc4571, binding(0)), (Framing::Rfc4571, vec![0x80, 1, 2])]);
    }

    #[test]
    fn the_other_direction_speaks_alike() {
        let mut streams = Streams::new();
        let mut stream = vec![0, 20];
        stream.extend(binding(0));
        cut_into(&mut streams, 0, &[&stream]);
        assert_eq!(cut_into(&mut streams, 1, &[&[0, 2, 0x80, 9]]), [(Framing::Rfc4571, vec![0x80, 9])]);
    }

    #[test]
    fn a_stream_is_found_again_behind_a_gap() {
        let mut streams = Streams::new();
        cut_into(&mut streams, 0, &[&binding(8)[..20]]);
        streams.gap(1, 0);
        assert_eq!(
            cut_into(&mut streams, 0, &[b"\xFF\xFFrest of something", &binding(0)]),
            [(Framing::Stun, binding(0))]
        );
    }

    #[test]
    fn http_and_tls_are_not_followed() {
        let mut streams = Streams::new();
        assert!(
            cut_into(&mut streams, 0, &[b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0\x01\xFC\x03\x03"])
                .is_empty()
        );
        assert!(streams.streams.is_empty());
    }

    #[test]
    fn a_turn_connection_is_joined_by_the_check_inside_its_channel() {
        let mut stream = b"\x40\x01\0\x14".to_vec();
        stream.extend(binding(0));
        stream.extend(b"\x40\x01\0\x02hi\0\0");
        let found = cut_into(&mut Streams::new(), 0, &[&stream]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], (Framing::Stun, b"\x40\x01\0\x02hi".to_vec()));
    }

    #[test]
    fn what_streams_hold_back_is_bounded_in_total() {
        let mut streams = Streams::new();
        let mut start = binding(0);
        start[2..4].copy_from_slice(&[0xFF, 0xFC]);
        start.resize(60_000, 0);
        for number in 0..600 {
            streams.observe(number, 0, &start, |framing, _| framing);
        }
        let held: usize = streams.streams.values().map(Stream::held).sum();
        assert_eq!(held, streams.waiting);
        assert!(held <= WAITING);
        for number in 0..600 {
            streams.close(number);
        }
        assert_eq!(streams.waiting, 0);
    }

    #[test]
    fn a_stream_that_had_to_make_room_is_found_again() {
        let mut streams = Streams::new();
        for number in 0..=STREAMS as u64 {
            streams.observe(number, 0, &binding(0), |framing, _| framing);
        }
        assert_eq!(streams.streams.len(), STREAMS);
        let mut found = 0;
        streams.observe(0, 0, &binding(0), |framing, _| {
            found += 1;
            framing
        });
        assert_eq!((found, streams.streams.len()), (1, STREAMS));
    }
}
