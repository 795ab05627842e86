//! Joins feedback to the packets that it is about: requests to their answers, arrivals to what passed.

use super::FeedbackLog;
use super::feedback::{STATUSES, Sent};
use crate::moment::Moment;
use crate::path::{FlowId, Path, Side};
use crate::session::limits;
use crate::session::media::table::{Arrived, MediaTable};
use crate::wire::rtcp::feedback::{ArrivalOffset, CongestionControlFeedback, TransportWideFeedback};
use crate::wire::rtp::{Packet, SequenceNumber, Ssrc};

/// Nanoseconds in the units of transport-wide reference times and of arrivals.
const REFERENCE_NS: i64 = 64_000_000;
const MICROSECOND_NS: i64 = 1_000;

impl MediaTable {
    /// Numbers that a receiver asks for again.
    pub(super) fn missed(
        &mut self,
        moment: Moment,
        path: &Path,
        media: Ssrc,
        lost: impl Iterator<Item = SequenceNumber>,
    ) {
        let Some(place) = self.sent_by(media, &path.reversed()) else { return };
        let may_follow = self.nacked < limits::NACK_STREAMS;
        let Some(stream) = self.streams.get_mut(place) else { return };
        let home = stream.home;
        let requests = &mut stream.journal.open().nacks;
        requests.counts.packets += 1;
        if !requests.follows() && may_follow {
            requests.follow();
            self.nacked += 1;
        }
        lost.for_each(|number| requests.ask(moment.time, number));
        if let Some((flow, side)) = home
            && let Some(direction) = self.direction(flow, side)
            && direction.nacked.len() < limits::NACKED_PER_DIRECTION
            && !direction.nacked.contains(&place)
        {
            direction.nacked.push(place);
        }
    }

    /// A packet of another stream on a direction where numbers were asked for: a retransmission begins with the number that it repeats
    /// (RFC 4588, section 4), and has the timestamp of its original. Where the original is not known, as the capture missed it too, the
    /// stream must be one of retransmissions, by its description or as most of its packets name a number that is asked for, and the number
    /// asked for of one stream only.
    pub(in crate::session::media) fn note_retransmission(
        &mut self,
        arrived: &Arrived<'_>,
        place: usize,
        packet: &Packet<'_>,
    ) {
        let [high, low, ..] = packet.payload() else { return };
        let number = SequenceNumber(u16::from_be_bytes([*high, *low]));
        let Some(direction) = self.directions_of(arrived.flow, arrived.side) else { return };
        let mut waiting = direction.nacked.iter().copied().filter(|other| *other != place).filter(|other| {
            let pages = self.streams.get(*other).and_then(|stream| stream.journal.pages.as_ref());
            pages.is_some_and(|pages| pages.nacks.waits_for(number))
        });
        let of_frame =
            |other: &usize| self.streams.get(*other).is_some_and(|stream| stream.has_timestamp(packet.timestamp));
        let by_frame = waiting.clone().find(of_frame);
        let (first, second) = (waiting.next(), waiting.next());
        let Some(first) = first else { return };
        let Some(stream) = self.streams.get_mut(place) else { return };
        stream.repeats += 1;
        let found = by_frame.or_else(|| (stream.retransmits() && second.is_none()).then_some(first));
        let stream = found.and_then(|found| self.streams.get_mut(found));
        if let Some(pages) = stream.and_then(|stream| stream.journal.pages.as_mut()) {
            pages.nacks.answer(arrived.moment.time, number);
        }
    }

    /// A packet passes that transport-wide feedback may be about.
    #[inline]
    pub(in crate::session::media) fn note_sent(
        &mut self,
        arrived: &Arrived<'_>,
        place: usize,
        number: SequenceNumber,
        size: usize,
    ) {
        let Some(flow) = self.flow(arrived.flow) else { return };
        // Feedback about SRTP is SRTCP, which is not read.
        if flow.secure == Some(true) {
            return;
        }
        let log = match flow.directions.get(arrived.side.index()).and_then(|direction| direction.log) {
            Some(log) => log,
            None if self.open_logs >= limits::FEEDBACK_LOGS || self.logs.len() >= limits::STREAMS => return,
            None => {
                self.logs.push(FeedbackLog::new());
                self.open_logs += 1;
                let log = self.logs.len() - 1;
                if let Some(direction) = self.direction(arrived.flow, arrived.side) {
                    direction.log = Some(log);
                }
                log
            }
        };
        if let Some(stream) = self.streams.get_mut(place) {
            stream.log.get_or_insert(log);
        }
        let (size, stream) = (u32::try_from(size).unwrap_or(u32::MAX), u32::try_from(place).unwrap_or(u32::MAX));
        if let Some(log) = self.logs.get_mut(log) {
            log.note(Sent { number, time: arrived.moment.time, size, stream });
        }
    }

    pub(super) fn transport_wide(&mut self, arrived: &Arrived<'_>, feedback: &TransportWideFeedback) {
        let moment = arrived.moment;
        // RTCP may have a port of its own; then the source that it names leads to the packets.
        let own = self.directions_of(arrived.flow, arrived.side.other()).and_then(|direction| direction.log);
        let named = self.sent_by(feedback.media, &arrived.path.reversed());
        let log = own.or_else(|| self.streams.get(named?)?.log);
        let Some(log) = log.and_then(|log| self.logs.get_mut(log)) else {
            if let Some(stream) = named.and_then(|named| self.streams.get_mut(named)) {
                stream.journal.open().unjoined += 1;
            }
            return;
        };
        log.feedback(moment, Some(feedback.feedback_count));
        let reference = log.unwrap(feedback.reference_time.cast_unsigned() & 0xFF_FFFF, 24);
        let origin = reference.saturating_mul(REFERENCE_NS);
        for status in feedback.packets().take(STATUSES) {
            let received = status.symbol.delta_width() > 0;
            let since = |arrival: i64| arrival.saturating_sub(feedback.reference_us()).saturating_mul(MICROSECOND_NS);
            let arrival = status.arrival_us.map(|arrival| origin.saturating_add(since(arrival)));
            log.status(moment, status.sequence, received, arrival, false);
        }
        log.pass_over(u64::from(feedback.status_count).saturating_sub(STATUSES as u64));
    }

    pub(super) fn congestion(&mut self, moment: Moment, path: &Path, feedback: &CongestionControlFeedback) {
        for report in &feedback.reports {
            let may_follow = self.congestion_logs < limits::FEEDBACK_LOGS;
            let Some(stream) = self.sender(report.ssrc, &path.reversed()) else { continue };
            let logs = &mut stream.journal.open().congestion;
            let fresh = logs.is_none();
            if fresh && !may_follow {
                continue;
            }
            let log = logs.get_or_insert_with(|| Box::new(FeedbackLog::new()));
            log.feedback(moment, None);
            // Units of 1/65536 s in nanoseconds: 15258.789…
            let now = (log.unwrap(feedback.report_timestamp.0, 32) as f64 * (1e9 / 65_536.0)) as i64;
            for (number, metric) in report.packets().take(STATUSES) {
                let arrival = match metric.arrival_offset() {
                    Some(ArrivalOffset::Units(units)) => {
                        Some(now.saturating_sub(i64::from(units) * 1_000_000_000 / 1_024))
                    }
                    _ => None,
                };
                log.status(moment, number, metric.is_received(), arrival, metric.ecn() == Some(3));
            }
            log.pass_over(report.metrics.len().saturating_sub(STATUSES) as u64);
            self.congestion_logs += usize::from(fresh);
        }
    }

    /// A flow is over: the packets that are remembered of it are not needed any more.
    pub(in crate::session::media) fn close_logs(&mut self, flow: FlowId) {
        for side in [Side::First, Side::Second] {
            let log = self.directions_of(flow, side).and_then(|direction| direction.log);
            if let Some(log) = log.and_then(|log| self.logs.get_mut(log)) {
                self.open_logs -= usize::from(log.close());
            }
        }
    }
}
