//! What one receiver reports of a stream (RFC 3550, section 6.4.2), beside the capture's own count at that number.

use super::model::{LossSplit, ReceiverView};
use super::round_trip::RoundTrip;
use crate::moment::Moment;
use crate::session::media::sequence::Standing;
use crate::wire::rtcp::ReportBlock;
use crate::wire::rtp::Ssrc;

/// Losses by the receiver's and by the capture's count.
#[derive(Debug, Clone, Copy)]
struct Count {
    moment: Moment,
    lost: i32,
    standing: Standing,
}

/// The reports of one receiver about one stream.
#[derive(Debug, Clone)]
pub(super) struct ReceiverTrack {
    pub(super) reporter: Ssrc,
    pub(super) reports: u64,
    first: Moment,
    last: Moment,
    block: ReportBlock,
    worst: u8,
    jitter: u32,
    pub(super) trip: RoundTrip,
    baseline: Option<Count>,
    current: Option<Count>,
}

impl ReceiverTrack {
    pub(super) fn new(moment: Moment, reporter: Ssrc) -> Self {
        Self {
            reporter,
            reports: 0,
            first: moment,
            last: moment,
            block: ReportBlock::default(),
            worst: 0,
            jitter: 0,
            trip: RoundTrip::default(),
            baseline: None,
            current: None,
        }
    }

    /// Takes a block; `standing` is the capture's count at its highest number.
    pub(super) fn note(&mut self, moment: Moment, block: &ReportBlock, standing: Option<Standing>) {
        self.reports += 1;
        self.last = moment;
        self.block = *block;
        self.worst = self.worst.max(block.fraction_lost);
        self.jitter = self.jitter.max(block.jitter);
        let Some(standing) = standing else { return };
        let count = Count { moment, lost: block.cumulative_lost, standing };
        if self.baseline.is_none_or(|baseline| baseline.standing.restarts != standing.restarts) {
            self.baseline = Some(count);
        }
        self.current = Some(count);
    }

    /// Where losses happened: since the beginning where the capture has it, else since the first report.
    fn losses(&self, from_start: bool) -> Option<LossSplit> {
        let (baseline, current) = (self.baseline?, self.current?);
        let split = |since: Option<Moment>, lost: i64, before: i64| LossSplit {
            since,
            until: current.moment,
            lost,
            before,
            behind: lost - before,
        };
        let missing = |count: Count| i64::try_from(count.standing.missing).unwrap_or(i64::MAX);
        if from_start && current.standing.restarts == 0 {
            return Some(split(None, i64::from(current.lost), missing(current)));
        }
        (current.moment > baseline.moment).then(|| {
            let lost = i64::from(current.lost) - i64::from(baseline.lost);
            split(Some(baseline.moment), lost, missing(current).saturating_sub(missing(baseline)))
        })
    }

    pub(super) fn view(&self, rate: Option<u32>, from_start: bool) -> ReceiverView {
        let seconds = |ticks: u32| rate.filter(|rate| *rate > 0).map(|rate| f64::from(ticks) / f64::from(rate));
        ReceiverView {
            reporter: self.reporter,
            reports: self.reports,
            first: self.first,
            last: self.last,
            fraction_lost: self.block.fraction(),
            worst_fraction_lost: f64::from(self.worst) / 256.0,
            packets_lost: self.block.cumulative_lost,
            extended_highest: self.block.extended_highest_sequence,
            jitter: seconds(self.block.jitter),
            max_jitter: seconds(self.jitter),
            round_trip: self.trip.measured(),
            losses: self.losses(from_start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(counts: [(i32, u64); 2], restarts: [u64; 2]) -> ReceiverTrack {
        let mut track = ReceiverTrack::new(Moment::new(1, 1), Ssrc(1));
        for (place, ((lost, missing), restarts)) in counts.into_iter().zip(restarts).enumerate() {
            let moment = Moment::new(place as u64 + 1, place as i64 + 1);
            let block = ReportBlock { cumulative_lost: lost, jitter: 90, ..ReportBlock::default() };
            track.note(moment, &block, Some(Standing { restarts, missing }));
        }
        track
    }

    #[test]
    fn losses_are_split_at_the_capture_point() {
        let split = track([(10, 4), (25, 9)], [0, 0]).view(Some(90_000), false).losses.unwrap();
        assert_eq!((split.lost, split.before, split.behind), (15, 5, 10));
        let view = track([(10, 4), (25, 9)], [0, 0]).view(Some(90_000), true);
        let split = view.losses.unwrap();
        assert_eq!((split.since, split.lost, split.before, split.behind), (None, 25, 9, 16));
        assert_eq!((view.packets_lost, view.jitter), (25, Some(0.001)));
    }

    #[test]
    fn numbers_that_began_anew_are_not_compared_with_those_before() {
        assert_eq!(track([(10, 4), (25, 9)], [0, 1]).view(None, true).losses, None);
    }
}
