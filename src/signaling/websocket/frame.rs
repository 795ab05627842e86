//! The head of a frame (RFC 6455, section 5.2).

/// The head of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Whether it is the last of its message.
    pub(super) fin: bool,
    /// Whether its message is compressed (RFC 7692, section 6).
    pub(super) compressed: bool,
    pub(super) opcode: Opcode,
    pub(super) mask: Option<[u8; 4]>,
    /// The length of its payload.
    pub(super) length: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// How far the reading of a head came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// The head, and how many bytes it takes.
    Frame(Frame, usize),
    /// More bytes are needed.
    Incomplete,
    /// No frame starts like this.
    NotAFrame,
}

/// The longest head: two bytes, eight of a length, four of a mask.
pub(super) const LONGEST: usize = 14;

impl Frame {
    /// The head at the start of `bytes`.
    pub(super) fn parse(bytes: &[u8]) -> Head {
        let Some(([first, second], rest)) = bytes.split_first_chunk::<2>() else { return Head::Incomplete };
        let Some(opcode) = Opcode::from_bits(first & 0x0F) else { return Head::NotAFrame };
        let short = second & 0x7F;
        let fin = first & 0x80 != 0;
        if first & 0x30 != 0 || (opcode.is_control() && (short > 125 || !fin || first & 0x40 != 0)) {
            return Head::NotAFrame;
        }
        let (length, rest) = match short {
            126 => match rest.split_first_chunk::<2>() {
                Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest),
                None => return Head::Incomplete,
            },
            127 => match rest.split_first_chunk::<8>() {
                Some((length, rest)) => (u64::from_be_bytes(*length), rest),
                None => return Head::Incomplete,
            },
            short => (u64::from(short), rest),
        };
        if length > i64::MAX as u64 {
            return Head::NotAFrame;
        }
        let (mask, rest) = match (second & 0x80 != 0, rest.split_first_chunk::<4>()) {
            (false, _) => (None, rest),
            (true, Some((mask, rest))) => (Some(*mask), rest),
            (true, None) => return Head::Incomplete,
        };
        let frame = Self { fin, compressed: first & 0x40 != 0, opcode, mask, length };
        Head::Frame(frame, bytes.len() - rest.len())
    }

    /// Whether its length is written in as few bytes as can be (RFC 6455, section 5.2), in a head of `head` bytes.
    pub(super) fn is_shortest(&self, head: usize) -> bool {
        match head - if self.mask.is_some() { 4 } else { 0 } {
            2 => true,
            4 => self.length > 125,
            _ => self.length > 0xFFFF,
        }
    }

    /// Takes the mask off `bytes`, which start at byte `place` of the payload (RFC 6455, section 5.3).
    pub(super) fn unmask(&self, bytes: &mut [u8], place: u64) {
        let Some([a, b, c, d]) = self.mask else { return };
        let key = match place % 4 {
            0 => [a, b, c, d],
            1 => [b, c, d, a],
            2 => [c, d, a, b],
            _ => [d, a, b, c],
        };
        let wide = u32::from_ne_bytes(key);
        let (fours, rest) = bytes.as_chunks_mut::<4>();
        for four in fours {
            *four = (u32::from_ne_bytes(*four) ^ wide).to_ne_bytes();
        }
        rest.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc() {
        // RFC 6455, section 5.7.
        let frame = |fin, opcode, mask, length| Frame { fin, compressed: false, opcode, mask, length };
        let parse = Frame::parse;
        assert_eq!(parse(b"\x81\x05Hello"), Head::Frame(frame(true, Opcode::Text, None, 5), 2));
        let mask = Some([0x37, 0xfa, 0x21, 0x3d]);
        assert_eq!(parse(b"\x81\x85\x37\xfa\x21\x3d"), Head::Frame(frame(true, Opcode::Text, mask, 5), 6));
        assert_eq!(parse(b"\x82\x7E\x01\x00"), Head::Frame(frame(true, Opcode::Binary, None, 256), 4));
        assert_eq!(parse(b"\x82\x7F\0\0\0\0\0\x01\0\0"), Head::Frame(frame(true, Opcode::Binary, None, 65_536), 10));
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for bytes in [&b"\x83\x00"[..], b"\x91\x00", b"\x89\x7E\x00\xFF", b"\x09\x00", b"\x82\x7F\xFF\0\0\0\0\0\0\0"] {
            assert_eq!(Frame::parse(bytes), Head::NotAFrame, "{bytes:x?}");
        }
    }
}
