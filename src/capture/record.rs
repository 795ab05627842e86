//! What the two formats have in common: one packet in the window.

use std::ops::Range;

use super::{Direction, LinkType};
use crate::moment::Timestamp;

/// A packet at the front of the window's rest.
pub(super) struct Record {
    pub(super) time: Timestamp,
    pub(super) link_type: LinkType,
    pub(super) interface: u32,
    pub(super) direction: Option<Direction>,
    pub(super) original_length: u32,
    /// Where the packet's bytes are, from the front of the rest.
    pub(super) data: Range<usize>,
    /// How many bytes of the rest the record takes.
    pub(super) length: usize,
}
