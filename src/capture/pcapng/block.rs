//! The frame of a block: type, length, and the length again at its end (draft-ietf-opsawg-pcapng, section 3.1).

use super::option::Order;
use crate::capture::window::Window;
use crate::capture::{Damage, Error, Part};

pub(super) const SECTION_HEADER: u32 = 0x0a0d_0d0a;
pub(super) const INTERFACE_DESCRIPTION: u32 = 1;
/// The packet block of before 2009.
pub(super) const OBSOLETE_PACKET: u32 = 2;
pub(super) const SIMPLE_PACKET: u32 = 3;
pub(super) const INTERFACE_STATISTICS: u32 = 5;
pub(super) const ENHANCED_PACKET: u32 = 6;
pub(super) const DECRYPTION_SECRETS: u32 = 10;
pub(super) const SYSTEMD_JOURNAL: u32 = 9;
pub(super) const CUSTOM: u32 = 0x0000_0bad;
pub(super) const CUSTOM_NOT_COPIED: u32 = 0x4000_0bad;

/// The greatest block length that is believed. The largest packet that any tool captures has 256 KiB; secrets may be
/// longer; a length of gigabytes is a damaged one, and must not make anybody wait or allocate for it.
pub(super) const LENGTH: u32 = 16 * 1024 * 1024;

/// A whole block at the front of the window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) kind: u32,
    /// Its length with everything, in bytes.
    pub(super) length: usize,
}

/// The least length of each type of block, in bytes.
fn minimum(kind: u32) -> u32 {
    match kind {
        SECTION_HEADER => 28,
        INTERFACE_DESCRIPTION | DECRYPTION_SECRETS => 20,
        ENHANCED_PACKET | OBSOLETE_PACKET => 32,
        SIMPLE_PACKET => 16,
        INTERFACE_STATISTICS => 24,
        _ => 12,
    }
}

/// The 32-bit number at `at` bytes from the front of the window.
pub(super) fn word(window: &Window, at: usize, order: Order) -> u32 {
    window.rest().get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| order.u32(*bytes))
}

pub(super) fn damaged(window: &Window, at: u64, damage: Damage) -> Error {
    Error::Damaged { offset: window.offset().saturating_add(at), damage, compression: window.compression() }
}

/// Brings the next block into the window, whole; `None` where the file ends between two blocks.
///
/// A section header sets `order`, in which all that follows is read.
#[inline]
pub(super) fn next(window: &mut Window, order: &mut Order) -> Result<Option<Block>, Error> {
    if window.rest().len() < 12 && !begin(window, 8)? {
        return Ok(None);
    }
    let kind = word(window, 0, *order);
    if kind == SECTION_HEADER {
        *order = byte_order(window)?;
    }
    let length = word(window, 4, *order);
    let minimum = minimum(kind);
    if length < minimum || length > LENGTH || !length.is_multiple_of(4) {
        return Err(damaged(window, 4, Damage::BlockLength { found: length, minimum, maximum: LENGTH }));
    }
    let whole = length as usize;
    if window.rest().len() < whole {
        let found = window.require(whole)?;
        if found < whole {
            return Err(cut(window, Part::Block, whole, found));
        }
    }
    let trailing = word(window, whole - 4, *order);
    if trailing != length {
        let damage = Damage::TrailingLength { expected: length, found: trailing };
        return Err(damaged(window, u64::from(length - 4), damage));
    }
    Ok(Some(Block { kind, length: whole }))
}

/// Brings the first `length` bytes of a block into the window; false where there is no further block.
#[cold]
fn begin(window: &mut Window, length: usize) -> Result<bool, Error> {
    match window.require(length)? {
        0 => Ok(false),
        found if found < length => Err(cut(window, Part::BlockHeader, length, found)),
        _ => Ok(true),
    }
}

/// The byte order that a section header states.
#[cold]
fn byte_order(window: &mut Window) -> Result<Order, Error> {
    begin(window, 12)?;
    match word(window, 8, Order::Little) {
        0x1a2b_3c4d => Ok(Order::Little),
        0x4d3c_2b1a => Ok(Order::Big),
        found => Err(damaged(window, 8, Damage::ByteOrder { found })),
    }
}

#[cold]
fn cut(window: &Window, part: Part, expected: usize, found: usize) -> Error {
    Error::Cut {
        offset: window.offset(),
        part,
        expected: expected as u64,
        found: found as u64,
        compression: window.compression(),
    }
}
