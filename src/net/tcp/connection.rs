//! Both directions of a connection.

use super::direction::{Direction, Fit};
use super::segment::Segment;
use crate::moment::{Moment, Timestamp};
use crate::net::{Sink, StreamId, TcpEvent, TcpWhat};
use crate::path::{Flow, Side};

/// A connection between two endpoints.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: StreamId,
    pub(super) latest: Timestamp,
    first: Direction,
    second: Direction,
    reset: bool,
}

/// What a segment is to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    Here,
    /// It begins another connection between the same endpoints.
    ToTheNext,
}

impl Connection {
    pub(super) fn new(id: StreamId) -> Self {
        Self {
            id,
            latest: Timestamp::default(),
            first: Direction::default(),
            second: Direction::default(),
            reset: false,
        }
    }

    /// What its waiting bytes cost.
    pub(super) fn cost(&self) -> usize {
        self.first.cost().saturating_add(self.second.cost())
    }

    /// Since when bytes wait, in the direction where they wait longest.
    pub(super) fn waiting_since(&self) -> Option<Timestamp> {
        [self.first.waiting_since(), self.second.waiting_since()].into_iter().flatten().min()
    }

    fn direction(&mut self, side: Side) -> &mut Direction {
        match side {
            Side::First => &mut self.first,
            Side::Second => &mut self.second,
        }
    }

    fn is_over(&self) -> bool {
        self.reset || (self.first.closed && self.second.closed)
    }

    /// Whether the segment belongs to this connection or begins another one.
    pub(super) fn belongs(&mut self, segment: &Segment<'_>, side: Side) -> Belongs {
        // A SYN that answers nothing, towards a side that was seen without its own: the other connection is over.
        let answers = segment.acknowledgment.is_some() || !self.direction(side.other()).began_before_the_capture();
        let is_over = self.is_over();
        let direction = self.direction(side);
        if segment.syn {
            let again = direction.initial == Some(segment.sequence);
            // The answer to a SYN finds its direction new, and so does one that crosses another.
            let fits = again || (direction.is_new() && answers && !is_over);
            return if fits { Belongs::Here } else { Belongs::ToTheNext };
        }
        if segment.rst || segment.length == 0 || direction.reaches(segment.sequence) {
            return Belongs::Here;
        }
        if is_over || direction.stray == Some(segment.sequence) { Belongs::ToTheNext } else { Belongs::Here }
    }

    /// Takes in a segment that belongs here.
    pub(super) fn observe(
        &mut self,
        moment: Moment,
        flow: Flow,
        side: Side,
        segment: &Segment<'_>,
        sink: &mut impl Sink,
    ) {
        self.latest = self.latest.max(moment.time);
        let now = moment.time;
        let id = self.id;
        if segment.rst {
            self.reset(moment, flow, side, segment, sink);
            return;
        }
        if let Some(acknowledgment) = segment.acknowledgment {
            let emit = &mut teller(moment, id, flow, side.other(), sink);
            self.direction(side.other()).acknowledge(acknowledgment, now, emit);
        }
        let direction = self.direction(side);
        let emit = &mut teller(moment, id, flow, side, sink);
        let mut sequence = segment.sequence;
        if segment.syn {
            if direction.is_new() {
                direction.open(sequence);
                emit(TcpWhat::Opened);
            }
            // The SYN itself takes a number; data may come with it (RFC 7413).
            sequence = sequence.wrapping_add(1);
        }
        if direction.observe(sequence, segment.payload, segment.length, segment.fin, now, emit) == Fit::OutOfReach {
            direction.stray = Some(sequence.wrapping_add(segment.length as u32));
        }
    }

    fn reset(&mut self, moment: Moment, flow: Flow, side: Side, segment: &Segment<'_>, sink: &mut impl Sink) {
        // The answer to a SYN nobody listens for has the number 0; others far from the stream are forged or stale.
        if self.reset || !(segment.sequence == 0 || self.direction(side).reaches(segment.sequence)) {
            return;
        }
        self.reset = true;
        self.finish(moment, flow, sink);
        teller(moment, self.id, flow, side, sink)(TcpWhat::Reset);
    }

    /// Gives up all gaps in both directions.
    pub(super) fn finish(&mut self, moment: Moment, flow: Flow, sink: &mut impl Sink) {
        let id = self.id;
        self.first.finish(moment.time, &mut teller(moment, id, flow, Side::First, sink));
        self.second.finish(moment.time, &mut teller(moment, id, flow, Side::Second, sink));
    }

    /// Gives up the first gap of the direction from `side`.
    pub(super) fn give_up(&mut self, moment: Moment, flow: Flow, side: Side, sink: &mut impl Sink) {
        let emit = &mut teller(moment, self.id, flow, side, sink);
        self.direction(side).give_up(moment.time, emit);
    }

    /// What the waiting bytes from `side` cost.
    pub(super) fn cost_of(&mut self, side: Side) -> usize {
        self.direction(side).cost()
    }
}

/// Tells `sink` what happens in the direction from `side`.
fn teller<S: Sink>(moment: Moment, stream: StreamId, flow: Flow, side: Side, sink: &mut S) -> impl FnMut(TcpWhat<'_>) {
    let [first, second] = flow.ends;
    let (source, destination) = match side {
        Side::First => (first, second),
        Side::Second => (second, first),
    };
    move |what| sink.tcp(&TcpEvent { moment, stream, source, destination, what })
}
