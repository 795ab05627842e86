//! Messages in a TCP stream: STUN and TURN as they are, and RFC 4571 frames.
//!
//! Both directions of a connection speak alike: what one shows is believed of the other. A stream joined in its middle is
//! found again at the next segment that starts with a message.

use std::collections::HashMap;

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

/// Streams followed at once.
const STREAMS: usize = 20_000;
/// The largest message: a STUN header and 65,535 bytes, with the two bytes of RFC 4571.
const LARGEST: usize = 65_535 + 22;
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
    streams: HashMap<u64, Stream, foldhash::fast::RandomState>,
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
        if !self.streams.contains_key(&number) && (self.streams.len() >= STREAMS || decide(bytes).is_none()) {
            return;
        }
        let stream = self.streams.entry(number).or_default();
        let way = way.min(1);
        let joined;
        let mut rest = bytes;
        if let Some(waiting) = stream.waiting.get_mut(way)
            && !waiting.is_empty()
        {
            let mut whole = std::mem::take(waiting);
            whole.extend_from_slice(bytes);
            joined = whole;
            rest = &joined;
        }
        while !rest.is_empty() {
            let framing = match stream.framing {
                Some(framing) => framing,
                None => match decide(rest) {
                    Some(Some(framing)) => *stream.framing.insert(framing),
                    Some(None) => break,
                    None => return,
                },
            };
            if framing == Framing::Raw {
                message(Framing::Raw, rest);
                return;
            }
            if stream.lost.get(way).copied().unwrap_or(false) && !starts_message(framing, rest) {
                return;
            }
            if let Some(lost) = stream.lost.get_mut(way) {
                *lost = false;
            }
            match cut(framing, rest) {
                Cut::Message { body, next } => {
                    stream.framing = Some(message(framing, body));
                    rest = next;
                }
                Cut::Incomplete => break,
                Cut::NotAMessage => {
                    if let Some(lost) = stream.lost.get_mut(way) {
                        *lost = true;
                    }
                    return;
                }
            }
        }
        if let Some(waiting) = stream.waiting.get_mut(way)
            && rest.len() <= LARGEST
        {
            *waiting = rest.to_vec();
        }
    }

    /// Bytes of direction `way` of stream `number` are missing.
    pub fn gap(&mut self, number: u64, way: usize) {
        if let Some(stream) = self.streams.get_mut(&number)
            && let (Some(waiting), Some(lost)) = (stream.waiting.get_mut(way.min(1)), stream.lost.get_mut(way.min(1)))
        {
            *waiting = Vec::new();
            *lost = true;
        }
    }

    /// Stream `number` is over.
    pub fn close(&mut self, number: u64) {
        self.streams.remove(&number);
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
    (bytes.len() < DECIDING && bytes.first().is_some_and(|first| *first <= 3)).then_some(None)
}

/// Whether `bytes` start with a STUN message in an RFC 4571 frame of just its length.
fn framed_stun(bytes: &[u8]) -> bool {
    let Some((head, inside)) = bytes.split_first_chunk::<2>() else { return false };
    shape::stun(inside) == Some(usize::from(u16::from_be_bytes(*head)))
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
}
