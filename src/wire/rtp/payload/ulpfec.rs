//! Uneven level protection (RFC 5109 section 7): parity over packets of the same stream.

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::SequenceNumber;

/// The header of a parity packet and of its first level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ulpfec {
    /// The first sequence number that the mask counts from.
    pub base: SequenceNumber,
    /// Parity of the payload types.
    pub payload_type_recovery: u8,
    /// Parity of the timestamps.
    pub timestamp_recovery: u32,
    /// Parity of the lengths.
    pub length_recovery: u16,
    /// How many bytes of each packet level 0 protects.
    pub protection_length: u16,
    /// Which packets level 0 protects, the first one in the top bit.
    mask: u64,
}

impl Ulpfec {
    /// The packets that level 0 protects.
    pub fn protected(&self) -> impl Iterator<Item = SequenceNumber> {
        let (base, mask) = (self.base, self.mask);
        (0..48_u16).filter(move |place| mask << place >> 63 == 1).map(move |place| base.plus(place))
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: usize) -> Result<Ulpfec, Error> {
    cursor.flag("rtp.fec.e", "extension flag")?;
    let long = cursor.flag("rtp.fec.l", "long mask flag")?;
    cursor.flag("rtp.fec.p", "P recovery")?;
    cursor.flag("rtp.fec.x", "X recovery")?;
    cursor.number::<u8>(4, "rtp.fec.cc", "CC recovery")?;
    cursor.flag("rtp.fec.m", "M recovery")?;
    let payload_type_recovery = cursor.number(7, "rtp.fec.pt", "PT recovery")?;
    let base = SequenceNumber(cursor.number(16, "rtp.fec.sn_base", "SN base")?);
    let timestamp_recovery = cursor.number(32, "rtp.fec.ts", "TS recovery")?;
    let length_recovery = cursor.number(16, "rtp.fec.length", "length recovery")?;
    let protection_length = cursor.number(16, "rtp.fec.protection_length", "protection length")?;
    let width = if long { 48 } else { 16 };
    let mask: u64 = cursor.code(width, "rtp.fec.mask", "mask")?;
    cursor.remainder("rtp.fec.payload", "parity");
    Ok(Ulpfec {
        base,
        payload_type_recovery,
        timestamp_recovery,
        length_recovery,
        protection_length,
        mask: mask << (64_usize.saturating_sub(width)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};

    fn protected(bytes: &[u8]) -> Vec<u16> {
        let Header::Ulpfec(read) = Codec::Ulpfec.parse(bytes, 0).unwrap() else { panic!("another header") };
        read.protected().map(|number| number.0).collect()
    }

    #[test]
    fn masks_are_short_or_long_and_wrap() {
        let short = [0, 96, 0xFF, 0xFF, 0, 0, 0, 1, 0, 9, 0, 3, 0b1100_0000, 1, 1, 2, 3];
        assert_eq!(protected(&short), [65535, 0, 14]);
        let long = [0x40, 96, 0, 10, 0, 0, 0, 1, 0, 9, 0, 3, 0x80, 0, 0, 0, 0, 1, 9];
        assert_eq!(protected(&long), [10, 57]);
    }

    #[test]
    fn a_mask_that_ends_early_is_an_error() {
        let long = [0x40, 96, 0, 10, 0, 0, 0, 1, 0, 9, 0, 3, 0x80, 0, 0, 0, 0];
        assert_eq!(Codec::Ulpfec.parse(&long, 0).unwrap_err().field, "mask");
        let short = [&[0][..], &long[1..]].concat();
        assert_eq!(protected(&short), [10]);
    }
}
