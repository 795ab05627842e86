//! What the trackers know of a flow, kept in a plain list by the flow's number, so that a media packet costs one look.

use crate::moment::Moment;
use crate::path::{FlowId, Side};

use super::ice::PairRef;
use super::turn::TurnRef;

/// What the trackers know of a flow.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Link {
    /// The pair that data on this flow belongs to: the last one on it that succeeded, else the last one that was checked.
    pub(super) pair: Option<PairRef>,
    /// The pair that was checked last.
    pub(super) checked: Option<PairRef>,
    /// The agent, by place in its session, at each side of the flow.
    pub(super) agents: [usize; 2],
    /// Whether the pair is known to be the one that the agent at this side uses.
    pub(super) in_use: [bool; 2],
    /// Whether media of this side is known to the pair, or among the flows with media alone.
    pub(super) media: [bool; 2],
    /// Its place among the flows with media and without ICE.
    pub(super) plain: Option<usize>,
    /// Whether DTLS was seen.
    pub(super) dtls: bool,
    /// The last data from each side.
    pub(super) data: [Option<Moment>; 2],
    /// The allocation of the client on this flow.
    pub(super) allocation: Option<TurnRef>,
    /// The side of the client.
    pub(super) client: Option<Side>,
    /// The peer connection whose data this flow carries (RFC 6062).
    pub(super) connection: Option<(TurnRef, usize)>,
}

/// The links of all flows.
#[derive(Debug, Default)]
pub(super) struct Links {
    links: Vec<Link>,
}

impl Links {
    /// The link of a flow, made where there was none; `None` only past the range of indices.
    pub(super) fn of(&mut self, flow: FlowId) -> Option<&mut Link> {
        let index = flow.index();
        if index >= self.links.len() {
            self.links.resize(index + 1, Link::default());
        }
        self.links.get_mut(index)
    }

    /// The link of a flow, if anything was kept of it.
    pub(super) fn known(&mut self, flow: FlowId) -> Option<&mut Link> {
        self.links.get_mut(flow.index())
    }

    /// The links of all flows.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Link> {
        self.links.iter()
    }

    /// The same, only to look at.
    pub(super) fn peek(&self, flow: FlowId) -> Option<&Link> {
        self.links.get(flow.index())
    }
}
