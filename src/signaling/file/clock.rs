//! How far the clock of a file and the clock of a capture are apart.

use std::ops::RangeInclusive;

use crate::moment::Timestamp;

/// One event that both the file and the capture have seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coincidence {
    /// When, by the file's clock.
    pub file: Timestamp,
    /// When, by the capture's clock.
    pub capture: Timestamp,
    /// What `capture − file` can be in nanoseconds where both clocks show the same: causes come before their effects.
    pub slack: RangeInclusive<i64>,
}

/// How far two clocks are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockOffset {
    /// What is added to a time of the file to get a time of the capture, in nanoseconds.
    pub offset_ns: i64,
    /// How far it may be off in either direction, in nanoseconds.
    pub uncertainty_ns: i64,
    /// The events that agree on it.
    pub events: usize,
}

/// The offset that most of `events` agree on; `None` where not even more than half of them agree, or there are none.
///
/// Each event allows offsets from `capture − file − latest` to `capture − file − earliest`. The offset lies where the most
/// of these ranges meet, so that a few events that were mistaken for others change nothing.
#[must_use]
pub fn offset(events: &[Coincidence]) -> Option<ClockOffset> {
    let mut edges = Vec::with_capacity(events.len() * 2);
    let mut ranges = 0_usize;
    for event in events {
        let apart = event.capture.0.saturating_sub(event.file.0);
        let (low, high) = (apart.saturating_sub(*event.slack.end()), apart.saturating_sub(*event.slack.start()));
        if low <= high {
            ranges += 1;
            // At the same place a range that begins comes before one that ends: they touch.
            edges.push((low, 0_u8));
            edges.push((high, 1));
        }
    }
    edges.sort_unstable();
    let (mut open, mut most) = (0_usize, 0_usize);
    let mut best: Option<(i64, i64)> = None;
    let mut begun = i64::MIN;
    for (place, edge) in edges {
        if edge == 0 {
            open += 1;
            begun = place;
            continue;
        }
        if open > most {
            (most, best) = (open, Some((begun, place)));
        } else if open == most && begun > i64::MIN {
            // As many meet in a second place: the offset is in one of them, and not known better than that.
            best = best.map(|(low, high)| (low.min(begun), high.max(place)));
        }
        open -= 1;
        begun = i64::MIN;
    }
    let (low, high) = best.filter(|_| most * 2 > ranges)?;
    let width = high.saturating_sub(low);
    Some(ClockOffset { offset_ns: low.saturating_add(width / 2), uncertainty_ns: width / 2 + width % 2, events: most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(apart: i64, slack: RangeInclusive<i64>) -> Coincidence {
        Coincidence { file: Timestamp(1_000), capture: Timestamp(1_000 + apart), slack }
    }

    fn found(events: &[Coincidence]) -> Option<(i64, i64, usize)> {
        offset(events).map(|found| (found.offset_ns, found.uncertainty_ns, found.events))
    }

    #[test]
    fn ranges_are_intersected() {
        assert_eq!(found(&[event(10, 0..=100), event(-10, -100..=0)]), Some((0, 10, 2)));
        assert_eq!(found(&[event(500, 0..=4)]), Some((498, 2, 1)));
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn an_outlier_spoils_nothing() {
        let events = [event(10, 0..=100), event(-10, -100..=0), event(5, 0..=100), event(90_000, 0..=100)];
        assert_eq!(found(&events), Some((-3, 8, 3)));
    }

    #[test]
    fn where_events_disagree_nothing_is_known() {
        assert_eq!(found(&[event(0, 0..=10), event(1_000, 0..=10)]), None);
        let twice = [event(0, 0..=10), event(0, 0..=10), event(1_000, 0..=10), event(1_000, 0..=10)];
        assert_eq!(found(&twice), None);
    }

    #[test]
    fn two_places_that_are_as_good_widen_the_uncertainty() {
        let events = [event(0, 0..=1_000), event(0, 0..=10), event(-900, 0..=10)];
        assert_eq!(found(&events), Some((-455, 455, 2)));
    }

    #[test]
    fn extreme_times_are_held_at_the_end_of_the_range() {
        let far = Coincidence { file: Timestamp(i64::MIN), capture: Timestamp(i64::MAX), slack: i64::MIN..=i64::MAX };
        assert!(offset(&[far.clone(), far]).is_some());
        assert_eq!(offset(&[event(0, RangeInclusive::new(5, 1))]), None);
    }
}
