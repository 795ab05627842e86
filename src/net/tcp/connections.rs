//! All connections, within their bounds.

use std::collections::HashMap;
use std::time::Duration;

use foldhash::fast::RandomState;

use super::connection::{Belongs, Connection};
use super::segment::Segment;
use crate::moment::{Moment, Timestamp};
use crate::net::{Limits, Sink, StreamId};
use crate::path::{Flow, Path, Transport};

/// How often gaps are looked over for those that waited too long.
const LOOK: Duration = Duration::from_secs(1);
/// When there is no room for a connection, one in so many makes room, so that the search for them seldom runs.
const MAKE_ROOM: usize = 16;

/// The connections that are remembered.
#[derive(Debug)]
pub(in crate::net) struct Connections {
    connections: HashMap<Flow, Connection, RandomState>,
    begun: u64,
    /// What the waiting bytes of all connections cost.
    cost: usize,
    looked: Timestamp,
    latest: Moment,
    limits: Limits,
}

impl Connections {
    pub(in crate::net) fn new(limits: Limits) -> Self {
        Self {
            connections: HashMap::default(),
            begun: 0,
            cost: 0,
            looked: Timestamp(i64::MIN),
            latest: Moment::default(),
            limits,
        }
    }

    /// Takes in a segment.
    pub(in crate::net) fn observe(&mut self, moment: Moment, segment: &Segment<'_>, sink: &mut impl Sink) {
        self.latest = moment;
        if self.cost > 0 && moment.time.since(self.looked) > LOOK {
            self.give_up_old(moment, sink);
        }
        let (flow, side) = Path::direct(segment.source, segment.destination, Transport::Tcp).flow();
        if !self.connections.contains_key(&flow) {
            // Nobody's acknowledgment or reset: it says nothing worth a connection.
            if segment.length == 0 && !segment.syn && !segment.fin {
                return;
            }
            if self.connections.len() >= self.limits.connections {
                self.make_room(moment, sink);
            }
        }
        let begun = &mut self.begun;
        let mut begin = || {
            *begun = begun.saturating_add(1);
            Connection::new(StreamId(*begun))
        };
        let connection = self.connections.entry(flow).or_insert_with(&mut begin);
        if connection.belongs(segment, side) == Belongs::ToTheNext {
            self.cost = self.cost.saturating_sub(connection.cost());
            connection.finish(moment, flow, sink);
            *connection = begin();
        }
        let before = connection.cost();
        connection.observe(moment, flow, side, segment, sink);
        while connection.cost_of(side) > self.limits.stream_bytes
            || (connection.cost_of(side) > 0
                && (self.cost - before).saturating_add(connection.cost()) > self.limits.total_stream_bytes)
        {
            connection.give_up(moment, flow, side, sink);
        }
        self.cost = (self.cost - before).saturating_add(connection.cost());
    }

    /// Gives up all gaps, at the end of the capture.
    pub(in crate::net) fn finish(&mut self, sink: &mut impl Sink) {
        let moment = self.latest;
        self.forget(self.connections.len(), moment, sink);
    }

    /// Gives up gaps that nothing has filled for too long.
    fn give_up_old(&mut self, moment: Moment, sink: &mut impl Sink) {
        self.looked = moment.time;
        let age = self.limits.gap_age;
        let mut old: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, connection)| connection.waiting_since().is_some_and(|since| moment.time.since(since) > age))
            .map(|(flow, connection)| (connection.id, *flow))
            .collect();
        old.sort_unstable_by_key(|(id, _)| *id);
        for (_, flow) in old {
            if let Some(connection) = self.connections.get_mut(&flow) {
                self.cost = self.cost.saturating_sub(connection.cost());
                connection.finish(moment, flow, sink);
            }
        }
    }

    /// Forgets some of the connections that were silent the longest.
    fn make_room(&mut self, moment: Moment, sink: &mut impl Sink) {
        self.forget(self.connections.len().div_ceil(MAKE_ROOM), moment, sink);
    }

    /// Forgets so many connections, those first that were silent the longest, and gives what waited in them.
    fn forget(&mut self, many: usize, moment: Moment, sink: &mut impl Sink) {
        let mut all: Vec<_> =
            self.connections.iter().map(|(flow, connection)| (connection.latest, connection.id, *flow)).collect();
        all.sort_unstable_by_key(|(latest, id, _)| (*latest, *id));
        for (_, _, flow) in all.into_iter().take(many) {
            if let Some(mut connection) = self.connections.remove(&flow) {
                self.cost = self.cost.saturating_sub(connection.cost());
                connection.finish(moment, flow, sink);
            }
        }
    }
}

#[cfg(test)]
mod tests;
