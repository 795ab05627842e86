//! One direction: frames into messages.

use super::deflate::{Deflate, Window};
use super::frame::{Frame, Head, LONGEST, Opcode};
use super::join;
use crate::signal::Speaker;
use crate::signaling::Limits;

/// Segments in a row that are searched for a frame, before what follows is taken for something else.
const FRUITLESS: usize = 256;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Text in UTF-8.
    Text,
    /// Any bytes.
    Binary,
    /// The end (RFC 6455, section 5.5.1).
    Close,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is.
    pub kind: Kind,
    /// Its payload, unmasked and decompressed.
    pub payload: Vec<u8>,
}

/// A message whose frames are still coming.
#[derive(Debug)]
struct Open {
    kind: Kind,
    compressed: bool,
    payload: Vec<u8>,
    /// It is longer than what is kept.
    too_long: bool,
}

/// The payload of a frame that is being read.
#[derive(Debug)]
struct Payload {
    frame: Frame,
    left: u64,
    /// How many bytes of it were unmasked, for the place in the mask.
    done: u64,
    control: Vec<u8>,
}

/// One direction of a WebSocket.
#[derive(Debug)]
pub(crate) struct Direction {
    speaker: Speaker,
    head: Vec<u8>,
    payload: Option<Payload>,
    open: Option<Open>,
    window: Window,
    /// Bytes are missing, or are no frames: the next one is looked for in each segment.
    lost: bool,
    /// Segments in a row in which none was found.
    fruitless: usize,
    losses: u64,
}

impl Direction {
    pub(crate) fn new(speaker: Speaker) -> Self {
        Self {
            speaker,
            head: Vec::new(),
            payload: None,
            open: None,
            window: Window::default(),
            lost: false,
            fruitless: 0,
            losses: 0,
        }
    }

    /// Bytes that are kept.
    pub(crate) fn cost(&self) -> usize {
        self.head.capacity() + self.open.as_ref().map_or(0, |open| open.payload.capacity()) + self.window.cost()
    }

    /// How often its place was lost.
    pub(crate) fn losses(&self) -> u64 {
        self.losses
    }

    /// Bytes are missing.
    pub(crate) fn gap(&mut self, length: u64) {
        if let Some(payload) =
            self.payload.as_mut().filter(|payload| payload.left >= length && !payload.frame.opcode.is_control())
        {
            // The frame goes on behind the gap; what is missing of its message makes the rest unreadable.
            payload.left -= length;
            payload.done += length;
        } else {
            self.lost = true;
            self.losses += 1;
            self.head.clear();
            self.payload = None;
        }
        if self.open.take().is_none_or(|open| open.compressed) {
            self.window.lose();
        }
    }

    /// Takes the next bytes and hands on each whole message. Pings and pongs are passed over.
    pub(crate) fn observe(
        &mut self,
        bytes: &[u8],
        deflate: Deflate,
        limits: &Limits,
        mut message: impl FnMut(Message),
    ) {
        let mut rest = bytes;
        if self.lost {
            if self.fruitless >= FRUITLESS {
                return;
            }
            let Some(at) = join::resume(rest, self.speaker) else {
                self.fruitless += 1;
                return;
            };
            rest = rest.get(at..).unwrap_or_default();
            (self.lost, self.fruitless) = (false, 0);
        }
        loop {
            if self.payload.is_none() && !self.read_head(&mut rest) {
                return;
            }
            let Some(payload) = &mut self.payload else { return };
            let length = usize::try_from(payload.left).unwrap_or(usize::MAX).min(rest.len());
            let Some((taken, after)) = rest.split_at_checked(length) else { return };
            rest = after;
            payload.take(taken, self.open.as_mut(), limits);
            if payload.left > 0 {
                return;
            }
            if let Some(payload) = self.payload.take()
                && let Some(found) = self.end_frame(payload, deflate, limits)
            {
                message(found);
            }
        }
    }

    /// Reads the head of the next frame; `false` when it is not complete.
    fn read_head(&mut self, rest: &mut &[u8]) -> bool {
        let seen = self.head.len();
        self.head.extend_from_slice(rest.get(..(LONGEST - seen.min(LONGEST)).min(rest.len())).unwrap_or_default());
        match Frame::parse(&self.head) {
            Head::Incomplete => {
                *rest = &[];
                false
            }
            Head::NotAFrame => {
                *self = Self { lost: true, losses: self.losses + 1, ..Self::new(self.speaker) };
                false
            }
            Head::Frame(frame, length) => {
                *rest = rest.get(length.saturating_sub(seen)..).unwrap_or_default();
                self.head.clear();
                self.begin(frame);
                true
            }
        }
    }

    fn begin(&mut self, frame: Frame) {
        let kind = match frame.opcode {
            Opcode::Text => Some(Kind::Text),
            Opcode::Binary => Some(Kind::Binary),
            _ => None,
        };
        if let Some(kind) = kind {
            self.open = Some(Open { kind, compressed: frame.compressed, payload: Vec::new(), too_long: false });
        }
        self.payload = Some(Payload { frame, left: frame.length, done: 0, control: Vec::new() });
    }

    fn end_frame(&mut self, payload: Payload, deflate: Deflate, limits: &Limits) -> Option<Message> {
        match payload.frame.opcode {
            Opcode::Close => return Some(Message { kind: Kind::Close, payload: payload.control }),
            Opcode::Ping | Opcode::Pong => return None,
            Opcode::Continuation | Opcode::Text | Opcode::Binary if !payload.frame.fin => return None,
            Opcode::Continuation | Opcode::Text | Opcode::Binary => {}
        }
        let open = self.open.take()?;
        let keeps_context = deflate.keeps_context(self.speaker);
        if open.too_long {
            if open.compressed && keeps_context {
                self.window.lose();
            }
            return None;
        }
        let payload = if open.compressed {
            self.window.inflate(&open.payload, keeps_context, limits.inflated_bytes)?
        } else {
            open.payload
        };
        Some(Message { kind: open.kind, payload })
    }
}

impl Payload {
    /// Takes bytes of the payload, without their mask, for the message that is open or for a control frame.
    fn take(&mut self, bytes: &[u8], open: Option<&mut Open>, limits: &Limits) {
        let place = self.done;
        self.done += bytes.len() as u64;
        self.left -= bytes.len() as u64;
        let out = if self.frame.opcode.is_control() {
            &mut self.control
        } else {
            let Some(open) = open else { return };
            if open.too_long || open.payload.len() + bytes.len() > limits.body_bytes {
                open.too_long = true;
                open.payload = Vec::new();
                return;
            }
            &mut open.payload
        };
        let start = out.len();
        out.extend_from_slice(bytes);
        self.frame.unmask(out.get_mut(start..).unwrap_or_default(), place);
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};
    use proptest::prelude::*;

    use super::*;

    fn frame(first: u8, mask: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
        let bit = if mask.is_some() { 0x80 } else { 0 };
        let mut out = vec![first];
        match payload.len() {
            length @ 0..126 => out.push(bit | length as u8),
            length => {
                out.push(bit | 126);
                out.extend((length as u16).to_be_bytes());
            }
        }
        out.extend(mask.unwrap_or_default().iter().take(if mask.is_some() { 4 } else { 0 }));
        let key = mask.unwrap_or_default();
        out.extend(payload.iter().enumerate().map(|(at, byte)| byte ^ key[at % 4]));
        out
    }

    fn told(direction: &mut Direction, deflate: Deflate, pieces: &[&[u8]]) -> Vec<String> {
        let mut found = Vec::new();
        for piece in pieces {
            direction.observe(piece, deflate, &Limits::default(), |message| {
                found.push(String::from_utf8_lossy(&message.payload).into_owned());
            });
        }
        found
    }

    /// A text in two fragments with a ping between, another one, both with masks.
    fn stream() -> Vec<u8> {
        let mask = Some([1, 2, 3, 4]);
        let mut bytes = frame(0x01, mask, b"hello ");
        bytes.extend(frame(0x89, mask, b"ping"));
        bytes.extend(frame(0x80, mask, b"world"));
        bytes.extend(frame(0x81, mask, &[b'x'; 300]));
        bytes
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_give_the_same(size in 1_usize..400) {
            let bytes = stream();
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            let found = told(&mut Direction::new(Speaker::Client), Deflate::default(), &pieces);
            prop_assert_eq!(found, ["hello world".to_owned(), "x".repeat(300)]);
        }

        #[test]
        fn any_bytes_are_taken(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..20)) {
            let mut direction = Direction::new(Speaker::Server);
            for piece in &pieces {
                told(&mut direction, Deflate { agreed: true, ..Deflate::default() }, &[piece]);
                direction.gap(piece.len() as u64 / 2);
            }
        }
    }

    fn packed(compress: &mut Compress, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(1000);
        compress.compress_vec(text, &mut out, FlushCompress::Sync).unwrap();
        out.truncate(out.len() - 4);
        out
    }

    #[test]
    fn compressed_messages_share_a_window_or_do_not() {
        for keeps in [true, false] {
            let mut compress = Compress::new(Compression::default(), false);
            let deflate = Deflate { agreed: true, server_no_context_takeover: !keeps, ..Deflate::default() };
            let mut bytes = Vec::new();
            for _ in 0..3 {
                bytes.extend(frame(0xC1, None, &packed(&mut compress, b"the same text again and again")));
                if !keeps {
                    compress.reset();
                }
            }
            bytes.extend(frame(0x81, None, b"plain"));
            let found = told(&mut Direction::new(Speaker::Server), deflate, &[&bytes]);
            assert_eq!(found.len(), 4);
            assert!(found[..3].iter().all(|text| text == "the same text again and again"));
        }
    }

    #[test]
    fn behind_a_gap_only_what_needs_no_window_is_read() {
        let mut compress = Compress::new(Compression::default(), false);
        let mut direction = Direction::new(Speaker::Server);
        let deflate = Deflate { agreed: true, ..Deflate::default() };
        let first = frame(0xC1, None, &packed(&mut compress, b"one that is repeated"));
        assert_eq!(told(&mut direction, deflate, &[&first]), ["one that is repeated"]);
        direction.gap(10);
        let second = frame(0xC1, None, &packed(&mut compress, b"one that is repeated"));
        let plain = frame(0x81, None, b"plain");
        assert_eq!(told(&mut direction, deflate, &[b"rest of a frame", &second, &plain]), ["plain"]);
    }

    #[test]
    fn a_compressed_stream_joined_in_its_middle_is_read_from_the_first_message_that_stands_alone() {
        let mut compress = Compress::new(Compression::default(), false);
        let texts = [
            "{\"n\":1,\"text\":\"something\"}",
            "{\"n\":2,\"text\":\"something\"}",
            "quite zyx other",
            "quite zyx other too",
        ];
        let frames: Vec<Vec<u8>> =
            texts.iter().map(|text| frame(0xC1, None, &packed(&mut compress, text.as_bytes()))).collect();
        let deflate = Deflate { agreed: true, ..Deflate::default() };
        let pieces: Vec<&[u8]> = frames[1..].iter().map(Vec::as_slice).collect();
        // The second refers to the first, which is missing; the third to nothing, the fourth to the third.
        assert_eq!(told(&mut Direction::new(Speaker::Server), deflate, &pieces), texts[2..]);
    }

    #[test]
    fn a_message_too_long_is_passed_over_without_being_kept() {
        let limits = Limits { body_bytes: 100, ..Limits::default() };
        let mut direction = Direction::new(Speaker::Server);
        let mut found = Vec::new();
        let mut take = |message: Message| found.push(message.payload);
        for _ in 0..1000 {
            direction.observe(&frame(0x01, None, &[b'x'; 50]), Deflate::default(), &limits, &mut take);
            direction.observe(&frame(0x00, None, &[b'x'; 50]), Deflate::default(), &limits, &mut take);
            assert!(direction.cost() < 400);
        }
        direction.observe(&frame(0x01, None, &[b'x'; 70]), Deflate::default(), &limits, &mut take);
        direction.observe(&frame(0x80, None, &[b'x'; 70]), Deflate::default(), &limits, &mut take);
        direction.observe(&frame(0x81, None, b"short"), Deflate::default(), &limits, &mut take);
        assert_eq!(found, [b"short"]);
    }
}
