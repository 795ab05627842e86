//! Redundant data (RFC 2198 section 3): older blocks and the new one, each with a header in front.

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record, Silent};
use crate::wire::rtp::PayloadType;

/// A payload of several blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Red<'a> {
    /// The format of the last block, the new one.
    pub primary: PayloadType,
    /// How many blocks stand before it.
    pub redundant: usize,
    headers: &'a [u8],
    data: &'a [u8],
}

/// One block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedBlock<'a> {
    /// The format of its data.
    pub payload_type: PayloadType,
    /// By how many ticks it is older than the packet's timestamp, 0 for the new one.
    pub timestamp_offset: u16,
    /// Its data.
    pub data: &'a [u8],
}

/// The blocks of a payload, oldest first, the new one last.
#[derive(Debug, Clone)]
pub struct RedBlocks<'a> {
    headers: &'a [u8],
    data: &'a [u8],
}

struct BlockHeader {
    payload_type: PayloadType,
    /// Timestamp offset and block length; the last block has none.
    older: Option<(u16, usize)>,
}

fn block_header<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<BlockHeader, Error> {
    let follows = cursor.flag("rtp.red.follow", "follow")?;
    let payload_type = PayloadType(cursor.number(7, "rtp.red.p_type", "block payload type")?);
    let older = if follows {
        let offset = cursor.number(14, "rtp.timestamp-offset", "timestamp offset")?;
        Some((offset, cursor.number(10, "rtp.block-length", "block length")?))
    } else {
        None
    };
    Ok(BlockHeader { payload_type, older })
}

impl<'a> Red<'a> {
    /// The blocks, oldest first.
    #[must_use]
    pub fn blocks(&self) -> RedBlocks<'a> {
        RedBlocks { headers: self.headers, data: self.data }
    }
}

impl<'a> Iterator for RedBlocks<'a> {
    type Item = RedBlock<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut cursor: Cursor<'a, Silent> = Cursor::silent(self.headers, 0);
        let header = block_header(&mut cursor).ok()?;
        self.headers = cursor.rest();
        let (timestamp_offset, length) = header.older.unwrap_or((0, self.data.len()));
        let (data, rest) = self.data.split_at_checked(length)?;
        self.data = rest;
        Some(RedBlock { payload_type: header.payload_type, timestamp_offset, data })
    }
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>, _: usize) -> Result<Red<'a>, Error> {
    let whole = cursor.rest();
    let mut redundant = 0_usize;
    let mut older = 0_usize;
    let primary = loop {
        let header = block_header(cursor)?;
        let Some((_, length)) = header.older else { break header.payload_type };
        redundant = redundant.saturating_add(1);
        older = older.saturating_add(length);
    };
    let headers = whole.get(..whole.len().saturating_sub(cursor.left())).unwrap_or_default();
    let data = cursor.rest();
    cursor.opaque(older, "rtp.red.redundant", "redundant blocks")?;
    cursor.remainder("rtp.red.primary", "primary block");
    Ok(Red { primary, redundant, headers, data })
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    #[test]
    fn blocks_are_cut_by_their_lengths() {
        let bytes = [0x80 | 111, 0x0F, 0x00, 2, 111, 1, 2, 3, 4, 5];
        let Header::Red(red) = Codec::Red.parse(&bytes, 0).unwrap() else { panic!("another header") };
        assert_eq!((red.primary, red.redundant), (PayloadType(111), 1));
        let blocks: Vec<_> = red.blocks().map(|block| (block.timestamp_offset, block.data)).collect();
        assert_eq!(blocks, [(960, &[1, 2][..]), (0, &[3, 4, 5])]);
    }

    #[test]
    fn error_points_at_the_block() {
        let fault = Codec::Red.parse(&[0x80 | 111, 0, 0, 9, 111, 1], 0).unwrap_err();
        assert_eq!(fault.to_string(), "redundant blocks at byte 5: needs 9 bytes, 1 are left");
        assert!(Codec::Red.parse(&[0x80 | 111, 0, 0, 9], 0).is_err());
    }

    #[test]
    fn offsets_and_lengths_share_three_bytes() {
        let bytes =
            [&[0x80 | 111, 0xFF, 0xFF, 0xFF, 0x80 | 96, 0, 0x04, 0x01, 111][..], &[7; 1023], &[8], &[9]].concat();
        let Header::Red(red) = Codec::Red.parse(&bytes, 0).unwrap() else { panic!("another header") };
        let blocks: Vec<_> =
            red.blocks().map(|block| (block.payload_type.0, block.timestamp_offset, block.data.len())).collect();
        assert_eq!(blocks, [(111, 0x3FFF, 1023), (96, 1, 1), (111, 0, 1)]);
    }

    #[test]
    fn one_block_alone_has_a_header_of_one_byte() {
        let Header::Red(red) = Codec::Red.parse(&[96, 1, 2], 0).unwrap() else { panic!("another header") };
        let blocks: Vec<_> = red.blocks().map(|block| (block.payload_type.0, block.data)).collect();
        assert_eq!((red.redundant, blocks), (0, vec![(96, &[1, 2][..])]));
    }
}
