//! A rate over time as a row of bars.

use crate::report::model::{Traffic, TrafficEntry};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// What stands for a stretch in which nothing came.
const NOTHING: char = '·';

/// Bytes of `entries`, each `interval` seconds long, until `end` as at most `cells` bars; the highest is full.
pub(super) fn sparkline(entries: &[TrafficEntry], interval: f64, end: f64, cells: usize) -> String {
    let rates = resampled(&rates(entries, interval, end), cells);
    let most = rates.iter().copied().fold(0.0, f64::max);
    rates.iter().map(|rate| bar(*rate, most)).collect()
}

/// The same of a stream's own entries.
pub(super) fn of_traffic(traffic: &Traffic, end: f64, cells: usize) -> String {
    sparkline(&traffic.entries, traffic.interval, end, cells)
}

/// Bytes a second of each entry. The last one may have begun just before the end: it counts by what it covers, and where that is less
/// than half of it says too little to be shown.
fn rates(entries: &[TrafficEntry], interval: f64, end: f64) -> Vec<f64> {
    let mut rates: Vec<f64> = entries.iter().map(|entry| entry.bytes as f64 / interval).collect();
    if let ([.., _, entry], Some(last)) = (entries, rates.last_mut()) {
        let covered = end - entry.time;
        if covered * 2.0 < interval {
            rates.pop();
        } else if covered < interval {
            *last = entry.bytes as f64 / covered;
        }
    }
    rates
}

/// `rates` as at most `cells` means of as many neighbours each, where they do not fit.
fn resampled(rates: &[f64], cells: usize) -> Vec<f64> {
    let each = rates.len().div_ceil(cells.max(1)).max(1);
    rates.chunks(each).map(|chunk| chunk.iter().sum::<f64>() / chunk.len() as f64).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 8")]
fn bar(rate: f64, most: f64) -> char {
    if rate <= 0.0 || most <= 0.0 {
        return NOTHING;
    }
    let eighths = (rate / most * BARS.len() as f64).ceil() as usize;
    BARS.get(eighths.saturating_sub(1)).copied().unwrap_or('█')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(bytes: &[u64], end: f64, cells: usize) -> String {
        let entries: Vec<_> = (0..)
            .zip(bytes)
            .map(|(place, bytes)| TrafficEntry {
                time: f64::from(place),
                packets: 1,
                bytes: *bytes,
                frames: 0,
                missing: 0,
            })
            .collect();
        sparkline(&entries, 1.0, end, cells)
    }

    #[test]
    fn bars_are_a_share_of_the_highest() {
        assert_eq!(drawn(&[100, 50, 0, 1, 100], 5.0, 20), "█▄·▁█");
        assert_eq!(drawn(&[], 0.0, 20), "");
        assert_eq!(drawn(&[0, 0], 2.0, 20), "··");
    }

    #[test]
    fn neighbours_share_a_bar_where_they_are_many() {
        assert_eq!(drawn(&[8, 8, 4, 4, 2, 2], 6.0, 3), "█▄▂");
        assert_eq!(drawn(&[8; 60], 60.0, 20).chars().count(), 20);
        assert_eq!(drawn(&[8; 41], 41.0, 20).chars().count(), 14);
    }

    #[test]
    fn the_last_stretch_counts_by_what_it_covers() {
        assert_eq!(drawn(&[100, 60], 1.6, 20), "██");
        assert_eq!(drawn(&[100, 1], 1.1, 20), "█");
        assert_eq!(drawn(&[100], 0.0, 20), "█");
    }
}
