//! Flexible parity over packets of one or more streams (RFC 8627 section 4.2.2, and draft 03, which libwebrtc sends).
//!
//! The draft names the streams in the header itself, with a count and 24 reserved bits; the RFC takes them from the
//! CSRCs of the packet, and its first mask stands where the draft's reserved bits are. A mask is never empty, so that
//! the two can be told apart.

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{SequenceNumber, Ssrc};

/// Which header it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlexfecLayout {
    /// That of RFC 8627, with masks.
    Flexible,
    /// That of RFC 8627, with rows and columns.
    Fixed {
        /// Packets in a row.
        columns: u8,
        /// Rows; 0 and 1 have meanings of their own.
        rows: u8,
    },
    /// A packet sent again whole.
    Retransmission,
    /// That of draft 03.
    Draft,
}

/// The header of a parity packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flexfec {
    /// Which header it is.
    pub layout: FlexfecLayout,
    /// Parity of the payload types.
    pub payload_type_recovery: u8,
    /// Parity of the lengths.
    pub length_recovery: u16,
    /// Parity of the timestamps.
    pub timestamp_recovery: u32,
    /// How many streams it protects.
    pub streams: usize,
    /// The first of them, where the header names it.
    pub ssrc: Option<Ssrc>,
    /// Where the mask of the first stream counts from.
    pub base: SequenceNumber,
    /// Which packets of the first stream it protects, the first one in the top bit.
    mask: u128,
}

impl Flexfec {
    /// The packets of the first stream that it protects, by its mask; none where there is no mask.
    pub fn protected(&self) -> impl Iterator<Item = SequenceNumber> {
        let (base, mask) = (self.base, self.mask);
        (0..110_u16).filter(move |place| mask << place >> 127 == 1).map(move |place| base.plus(place))
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, sources: usize) -> Result<Flexfec, Error> {
    let draft = matches!(cursor.rest(), [_, _, _, _, _, _, _, _, count, 0, 0, 0, ..] if *count > 0);
    let retransmission = cursor.flag("rtp.flexfec.r", "retransmission")?;
    let fixed = cursor.flag("rtp.flexfec.f", "fixed mask")?;
    cursor.flag("rtp.flexfec.p", "P recovery")?;
    cursor.flag("rtp.flexfec.x", "X recovery")?;
    cursor.number::<u8>(4, "rtp.flexfec.cc", "CC recovery")?;
    cursor.flag("rtp.flexfec.m", "M recovery")?;
    let payload_type_recovery = cursor.number(7, "rtp.flexfec.pt", "PT recovery")?;
    let length_recovery = cursor.number(16, "rtp.flexfec.length", "length recovery")?;
    let mut read = Flexfec {
        layout: FlexfecLayout::Flexible,
        payload_type_recovery,
        length_recovery,
        timestamp_recovery: cursor.number(32, "rtp.flexfec.ts", "TS recovery")?,
        streams: sources.max(1),
        ssrc: None,
        base: SequenceNumber(0),
        mask: 0,
    };
    if retransmission {
        read.layout = FlexfecLayout::Retransmission;
    } else if fixed {
        rows_and_columns(cursor, &mut read)?;
    } else {
        streams(cursor, &mut read, draft)?;
    }
    cursor.remainder("rtp.flexfec.payload", "parity");
    Ok(read)
}

fn rows_and_columns<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut Flexfec) -> Result<(), Error> {
    read.base = SequenceNumber(cursor.number(16, "rtp.flexfec.sn_base", "SN base")?);
    let columns = cursor.number(8, "rtp.flexfec.columns", "columns")?;
    let rows = cursor.number(8, "rtp.flexfec.rows", "rows")?;
    read.layout = FlexfecLayout::Fixed { columns, rows };
    Ok(())
}

fn streams<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut Flexfec, draft: bool) -> Result<(), Error> {
    if draft {
        read.layout = FlexfecLayout::Draft;
        read.streams = cursor.number(8, "rtp.flexfec.ssrc_count", "SSRC count")?;
        cursor.reserved(24, "rtp.flexfec.reserved")?;
    }
    for stream in 0..read.streams {
        let ssrc = if draft { Some(Ssrc(cursor.code(32, "rtp.flexfec.ssrc", "SSRC")?)) } else { None };
        let base = SequenceNumber(cursor.number(16, "rtp.flexfec.sn_base", "SN base")?);
        let mask = mask(cursor, draft)?;
        if stream == 0 {
            (read.ssrc, read.base, read.mask) = (ssrc, base, mask);
        }
    }
    Ok(())
}

/// 15, 46 or 110 bits. A set bit before a part says that another part follows in the RFC, and that none does in the
/// draft.
fn mask<R: Record>(cursor: &mut Cursor<'_, R>, draft: bool) -> Result<u128, Error> {
    let flag = cursor.flag("rtp.flexfec.k", "k")?;
    let first: u64 = cursor.code(15, "rtp.flexfec.mask", "mask 0-14")?;
    let mut mask = u128::from(first) << 113;
    if flag != draft {
        let flag = cursor.flag("rtp.flexfec.k", "k")?;
        let second: u64 = cursor.code(31, "rtp.flexfec.mask", "mask 15-45")?;
        mask |= u128::from(second) << 82;
        if flag != draft {
            let third: u64 = cursor.code(64, "rtp.flexfec.mask", "mask 46-109")?;
            mask |= u128::from(third) << 18;
        }
    }
    Ok(mask)
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    fn read(bytes: &[u8]) -> Flexfec {
        let Header::Flexfec(read) = Codec::Flexfec.parse(bytes, 1).unwrap() else { panic!("another header") };
        read
    }

    fn protected(bytes: &[u8]) -> Vec<u16> {
        read(bytes).protected().map(|number| number.0).collect()
    }

    #[test]
    fn a_clear_k_ends_the_mask_of_the_rfc() {
        let short = [0, 96, 0, 9, 0, 0, 0, 1, 0, 10, 0x40, 0x01, 0xAA];
        assert_eq!(protected(&short), [10, 24]);
        let long = [0, 96, 0, 9, 0, 0, 0, 1, 0, 10, 0xC0, 0x01, 0x40, 0, 0, 1, 0xAA];
        assert_eq!(protected(&long), [10, 24, 25, 55]);
        assert_eq!(read(&long).layout, FlexfecLayout::Flexible);
    }

    #[test]
    fn a_set_k_ends_the_mask_of_the_draft() {
        let bytes = [0, 96, 0, 9, 0, 0, 0, 1, 1, 0, 0, 0, 1, 2, 3, 4, 0, 10, 0xC0, 0x01, 0xAA];
        assert_eq!(protected(&bytes), [10, 24]);
        assert_eq!((read(&bytes).layout, read(&bytes).ssrc), (FlexfecLayout::Draft, Some(Ssrc(0x0102_0304))));
    }

    #[test]
    fn rows_and_columns_have_no_mask() {
        let bytes = [0x40, 96, 0, 9, 0, 0, 0, 1, 0, 10, 5, 3, 0xAA];
        assert_eq!(read(&bytes).layout, FlexfecLayout::Fixed { columns: 5, rows: 3 });
        assert!(protected(&bytes).is_empty());
    }

    #[test]
    fn three_parts_of_a_mask_reach_110_packets_over_the_wrap() {
        let third = [0x80, 0, 0, 0, 0, 0, 0, 1];
        let rfc = [&[0, 96, 0, 9, 0, 0, 0, 1, 0xFF, 0xFF, 0xC0, 0, 0x80, 0, 0, 0][..], &third, &[0xAA]].concat();
        assert_eq!(protected(&rfc), [65535, 45, 108]);
        let draft = [0, 96, 0, 9, 0, 0, 0, 1, 1, 0, 0, 0, 1, 2, 3, 4, 0xFF, 0xFF, 0x40, 0, 0x00, 0, 0, 0];
        assert_eq!(protected(&[&draft[..], &third, &[0xAA]].concat()), [65535, 45, 108]);
    }

    #[test]
    fn each_stream_has_a_mask_of_its_own() {
        let bytes = [0, 96, 0, 9, 0, 0, 0, 1, 0, 10, 0x40, 0, 0, 20, 0x20, 0, 0xAA];
        let Header::Flexfec(read) = Codec::Flexfec.parse(&bytes, 2).unwrap() else { panic!("another header") };
        assert_eq!((read.streams, read.base, read.protected().count()), (2, SequenceNumber(10), 1));
        assert!(Codec::Flexfec.parse(&bytes[..14], 2).is_err());
    }

    #[test]
    fn a_packet_sent_again_protects_by_no_mask() {
        let bytes = [0x80, 96, 0, 9, 0, 0, 0, 1, 0xAA];
        assert_eq!(read(&bytes).layout, FlexfecLayout::Retransmission);
        assert!(protected(&bytes).is_empty());
    }
}
