//! What is told about copies.

use crate::moment::FrameNumber;

/// The copies that a capture holds, and by what they were recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copies {
    /// How many there are.
    pub packets: u64,
    /// The first one.
    pub first: Option<FrameNumber>,
    /// The last one.
    pub last: Option<FrameNumber>,
    /// Those seen on another interface.
    pub other_interface: u64,
    /// Those seen on the same interface in another direction.
    pub other_direction: u64,
    /// Those seen between other link-layer addresses or under another VLAN tag.
    pub other_addresses: u64,
    /// Those that differ in the hop limit alone.
    pub other_hop_limit: u64,
    /// Those that differ in nothing, on paths where packets are doubled throughout.
    pub systematic: u64,
}

/// By what a copy was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    OtherInterface,
    OtherDirection,
    OtherAddresses,
    OtherHopLimit,
    Systematic,
}

impl Copies {
    pub(super) fn add(&mut self, frame: FrameNumber, mark: Mark) {
        let count = match mark {
            Mark::OtherInterface => &mut self.other_interface,
            Mark::OtherDirection => &mut self.other_direction,
            Mark::OtherAddresses => &mut self.other_addresses,
            Mark::OtherHopLimit => &mut self.other_hop_limit,
            Mark::Systematic => &mut self.systematic,
        };
        *count = count.saturating_add(1);
        self.packets = self.packets.saturating_add(1);
        // What was held is told later than what came after it.
        self.first = Some(self.first.map_or(frame, |first| first.min(frame)));
        self.last = self.last.max(Some(frame));
    }
}
