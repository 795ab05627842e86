//! Packets that wait for the habit of their path to be known.

use crate::capture::{Direction, Frame, LinkType};
use crate::moment::Moment;

/// A frame that waits.
#[derive(Debug)]
pub(in crate::net) struct Held {
    moment: Moment,
    link_type: LinkType,
    interface: u32,
    direction: Option<Direction>,
    original_length: u32,
    data: Vec<u8>,
    /// The path it is of.
    pub(super) path: u64,
}

impl Held {
    pub(super) fn new(frame: &Frame<'_>, path: u64) -> Self {
        Self {
            moment: frame.moment,
            link_type: frame.link_type,
            interface: frame.interface,
            direction: frame.direction,
            original_length: frame.original_length,
            data: frame.data.to_vec(),
            path,
        }
    }

    /// The frame.
    pub(in crate::net) fn frame(&self) -> Frame<'_> {
        Frame {
            moment: self.moment,
            link_type: self.link_type,
            interface: self.interface,
            direction: self.direction,
            original_length: self.original_length,
            data: &self.data,
        }
    }
}
