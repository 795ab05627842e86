//! Bits of a parameter set, in which a byte 3 behind two zeros is no part of the data (ITU-T H.264 section 7.3.1).

/// The bits of some bytes, most significant first.
#[derive(Debug, Clone)]
pub(super) struct RawBits<'a> {
    rest: &'a [u8],
    /// Bits of the first byte that were read.
    bit: u32,
    zeros: u32,
    escaped: bool,
}

impl<'a> RawBits<'a> {
    /// Of bytes as they are.
    pub(super) fn plain(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, bit: 0, zeros: 0, escaped: false }
    }

    /// Of a NAL unit, without the bytes that keep start codes out of it.
    pub(super) fn escaped(bytes: &'a [u8]) -> Self {
        Self { escaped: true, ..Self::plain(bytes) }
    }

    fn step(&mut self) {
        self.bit = 0;
        if let Some((byte, rest)) = self.rest.split_first() {
            self.zeros = if *byte == 0 { self.zeros.saturating_add(1) } else { 0 };
            self.rest = rest;
            if self.escaped && self.zeros >= 2 && rest.first() == Some(&3) {
                self.rest = rest.get(1..).unwrap_or_default();
                self.zeros = 0;
            }
        }
    }

    /// One bit; nothing behind the end.
    pub(super) fn bit(&mut self) -> Option<bool> {
        let byte = *self.rest.first()?;
        let bit = byte << self.bit & 0x80 != 0;
        self.bit = self.bit.saturating_add(1);
        if self.bit == 8 {
            self.step();
        }
        Some(bit)
    }

    /// A number of `width` bits, at most 64.
    pub(super) fn number(&mut self, width: u32) -> Option<u64> {
        let mut value = 0;
        for _ in 0..width {
            value = value << 1 | u64::from(self.bit()?);
        }
        Some(value)
    }

    /// The same as 32 bits.
    pub(super) fn small(&mut self, width: u32) -> Option<u32> {
        self.number(width).map(|value| value as u32)
    }

    /// Passes over `width` bits.
    pub(super) fn skip(&mut self, width: u32) -> Option<()> {
        (0..width).try_for_each(|_| self.bit().map(drop))
    }

    /// An Exp-Golomb code without a sign: `ue(v)`.
    pub(super) fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.bit()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        let rest = self.small(zeros)?;
        Some((1_u32 << zeros).wrapping_sub(1).wrapping_add(rest))
    }

    /// An Exp-Golomb code with a sign: `se(v)`.
    pub(super) fn signed_exp_golomb(&mut self) -> Option<i32> {
        let code = self.exp_golomb()?;
        let half = (code.wrapping_add(1) >> 1).cast_signed();
        Some(if code & 1 == 1 { half } else { half.wrapping_neg() })
    }
}

#[cfg(test)]
#[expect(clippy::unusual_byte_groupings, reason = "an Exp-Golomb code is grouped by its prefix, its one and its rest")]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb_codes() {
        let mut bits = RawBits::plain(&[0b1_010_011_0, 0b0100_0000]);
        let read: Vec<_> = (0..4).map(|_| bits.exp_golomb().unwrap()).collect();
        assert_eq!(read, [0, 1, 2, 3]);
        let mut bits = RawBits::plain(&[0b1_010_011_0, 0b0100_0010, 0b1000_0000]);
        let read: Vec<_> = (0..5).map(|_| bits.signed_exp_golomb().unwrap()).collect();
        assert_eq!(read, [0, 1, -1, 2, -2]);
        assert_eq!(RawBits::plain(&[0; 9]).exp_golomb(), None);
    }

    #[test]
    fn an_escape_is_no_data() {
        let mut bits = RawBits::escaped(&[0, 0, 3, 1, 9]);
        assert_eq!(bits.number(32), Some(0x0000_0109));
        assert_eq!(bits.bit(), None);
    }
}
