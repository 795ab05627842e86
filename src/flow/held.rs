//! Packets of flows that are not believed to carry media yet, so that the first ones count when they are.

use std::collections::HashMap;

use super::demultiplex::Data;
use crate::moment::Moment;
use crate::path::{FlowId, Side};

/// Flows that packets are held of at once. Past it their packets are counted when they are believed, but no more than that.
const FLOWS: usize = 1_024;
/// Packets held of one flow: three of each of two sources make it believed.
const PACKETS: usize = 8;
/// Bytes held of one packet: more than an RTP header with its extensions takes, and a compound of some reports.
const BYTES: usize = 256;

/// A packet from before its flow was believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// When.
    pub moment: Moment,
    /// The side of the flow that sent it.
    pub side: Side,
    /// RTP or RTCP.
    pub data: Data,
    /// Its first bytes.
    pub bytes: Vec<u8>,
    /// How many there were on the wire.
    pub length: usize,
}

/// Packets of flows that are not believed yet.
#[derive(Debug, Default)]
pub(super) struct Held {
    flows: HashMap<FlowId, Vec<Earlier>, foldhash::fast::RandomState>,
}

impl Held {
    /// Keeps the start of a packet.
    pub(super) fn keep(&mut self, flow: FlowId, moment: Moment, side: Side, data: Data, bytes: &[u8], length: usize) {
        let known = self.flows.len();
        let packets = match self.flows.entry(flow) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(_) if known >= FLOWS => return,
            std::collections::hash_map::Entry::Vacant(entry) => entry.insert(Vec::new()),
        };
        if packets.len() >= PACKETS {
            packets.remove(0);
        }
        let bytes = bytes.get(..bytes.len().min(BYTES)).unwrap_or_default().to_vec();
        packets.push(Earlier { moment, side, data, bytes, length });
    }

    /// The flow is believed now: what was held of it.
    pub(super) fn release(&mut self, flow: FlowId) -> Vec<Earlier> {
        self.flows.remove(&flow).unwrap_or_default()
    }

    /// The flow's number stands for another flow from now on.
    pub(super) fn forget(&mut self, flow: FlowId) {
        self.flows.remove(&flow);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_that_is_never_believed_holds_few() {
        let mut held = Held::default();
        for number in 0..1000 {
            held.keep(FlowId(1), Moment::new(number, 0), Side::First, Data::Rtp, &[0; 2000], 2000);
        }
        for flow in 0..10_000 {
            held.keep(FlowId(flow), Moment::default(), Side::First, Data::Rtp, &[], 0);
        }
        assert_eq!(held.flows.len(), FLOWS);
        let packets = held.release(FlowId(1));
        assert_eq!((packets.len(), packets[0].bytes.len(), packets[0].length), (PACKETS, BYTES, 2000));
        assert!(held.release(FlowId(1)).is_empty());
    }
}
