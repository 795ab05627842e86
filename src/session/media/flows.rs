//! Flows that carry media without ICE: plain RTP between the addresses of an `m=` line.
//!
//! Only when each began and ended is kept here. What ICE sessions carry belongs to their pairs.

use crate::moment::Moment;
use crate::path::{Flow, Path, Side};
use crate::session::limits;

/// A flow that carried media without ICE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaFlow {
    /// Its two ends.
    pub flow: Flow,
    /// The first packet from each of them.
    pub first: [Option<Moment>; 2],
    /// The last packet from each of them.
    pub last: [Option<Moment>; 2],
}

/// The flows that carried media without ICE.
#[derive(Debug, Default)]
pub(in crate::session) struct MediaFlows {
    flows: Vec<MediaFlow>,
}

impl MediaFlows {
    pub(in crate::session) fn flows(&self) -> &[MediaFlow] {
        &self.flows
    }

    /// The first media of a flow, or of its other end where `known` is its place; gives its place.
    pub(in crate::session) fn begin(
        &mut self,
        moment: Moment,
        path: &Path,
        side: Side,
        known: Option<usize>,
    ) -> Option<usize> {
        let place = match known {
            Some(place) => place,
            None if self.flows.len() >= limits::MEDIA_FLOWS => return None,
            None => {
                self.flows.push(MediaFlow { flow: path.flow().0, first: [None; 2], last: [None; 2] });
                self.flows.len() - 1
            }
        };
        let first = self.flows.get_mut(place)?.first.get_mut(side.index())?;
        first.get_or_insert(moment);
        Some(place)
    }

    /// The last data of a flow.
    pub(in crate::session) fn note_last(&mut self, place: usize, last: [Option<Moment>; 2]) {
        if let Some(flow) = self.flows.get_mut(place) {
            for (known, new) in flow.last.iter_mut().zip(last) {
                *known = (*known).max(new);
            }
        }
    }
}
