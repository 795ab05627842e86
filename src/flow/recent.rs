//! The flows that packets belonged to lately, found without ordering the ends of a path and hashing them.
//!
//! A cache in front of the table: media packets of one call come by the thousand, and of many calls in turn.

use crate::path::{FlowId, Path, Side, Transport};

/// Slots; 400 flows in turn, as 200 calls at once have them, mostly find their own.
const SLOTS: usize = 2048;

#[derive(Debug, Clone, Copy)]
struct Slot {
    source: u64,
    destination: u64,
    transport: Transport,
    seat: Option<(FlowId, Side)>,
}

/// The flows of recent packets, IPv4 and outside relays.
#[derive(Debug)]
pub(super) struct Recent {
    slots: Vec<Slot>,
}

impl Default for Recent {
    fn default() -> Self {
        Self { slots: vec![Slot { source: 0, destination: 0, transport: Transport::Udp, seat: None }; SLOTS] }
    }
}

/// The two ends of a path as numbers, and the slot of their pair.
#[inline]
fn place(path: &Path) -> Option<(u64, u64, usize)> {
    if path.relay.is_some() {
        return None;
    }
    let (source, destination) = (path.source.as_number()?, path.destination.as_number()?);
    // Odd constants spread neighbouring addresses and ports over the upper bits.
    let mixed = source.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ destination.wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    Some((source, destination, (mixed >> 40) as usize % SLOTS))
}

impl Recent {
    /// The flow of `path` and the side that sends on it, if a packet on it came lately.
    #[inline]
    pub(super) fn find(&self, path: &Path) -> Option<(FlowId, Side)> {
        let (source, destination, slot) = place(path)?;
        let slot = self.slots.get(slot)?;
        if slot.source == source && slot.destination == destination && slot.transport == path.transport {
            slot.seat
        } else {
            None
        }
    }

    /// Remembers the flow of `path`.
    pub(super) fn note(&mut self, path: &Path, seat: (FlowId, Side)) {
        if let Some((source, destination, slot)) = place(path)
            && let Some(slot) = self.slots.get_mut(slot)
        {
            *slot = Slot { source, destination, transport: path.transport, seat: Some(seat) };
        }
    }

    /// Forgets everything: numbers of flows stand for others now.
    pub(super) fn clear(&mut self) {
        for slot in &mut self.slots {
            slot.seat = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Endpoint;
    use std::net::{IpAddr, Ipv4Addr};

    fn path(from: u16, to: u16) -> Path {
        let at = |port| Endpoint::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        Path::direct(at(from), at(to), Transport::Udp)
    }

    #[test]
    fn each_direction_and_transport_is_found_by_itself() {
        let mut recent = Recent::default();
        recent.note(&path(1, 2), (FlowId(7), Side::First));
        assert_eq!(recent.find(&path(1, 2)), Some((FlowId(7), Side::First)));
        assert_eq!(recent.find(&path(2, 1)), None);
        assert_eq!(recent.find(&Path { transport: Transport::Tcp, ..path(1, 2) }), None);
        recent.clear();
        assert_eq!(recent.find(&path(1, 2)), None);
    }
}
