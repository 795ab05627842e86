//! Frames of a video stream, as its timestamps and markers cut it: packets of one timestamp are one frame.

use crate::moment::Moment;
use crate::wire::rtp::RtpTimestamp;

/// Frames that may still get late packets.
const OPEN: usize = 16;
/// Frames whose intervals make the average that a freeze is measured by (`kFrameRateWindow` of libwebrtc's `VideoQualityObserver`).
const AVERAGED: usize = 30;
/// Intervals before a freeze can be told.
const LEAST: usize = 5;
/// A freeze lasts that much longer than the average at least, in seconds.
const LONGER: f64 = 0.150;

/// A frame whose packets are coming.
#[derive(Debug, Clone, Copy)]
struct Open {
    timestamp: RtpTimestamp,
    last: Moment,
    packets: u32,
    bytes: u32,
}

/// A stretch without a new picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Freeze {
    /// The end of the frame before it.
    pub begin: Moment,
    /// The end of the frame behind it.
    pub end: Moment,
    /// Whether the timestamps of the two frames are as far apart: the sender made no frame, and nothing was held up on the way.
    pub sender: bool,
}

impl Freeze {
    /// How long it took, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.end.time.seconds_from(self.begin.time)
    }
}

/// The frames of a stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Frames {
    open: [Option<Open>; OPEN],
    /// Where the frame of the last packet stands.
    current: usize,
    /// The newest timestamp.
    newest: Option<RtpTimestamp>,
    previous: Option<Open>,
    intervals: [f32; AVERAGED],
    intervals_seen: usize,
    interval_sum: f64,
    /// Different timestamps.
    pub(super) received: u64,
    pub(super) largest_bytes: u32,
    pub(super) freezes: u64,
    pub(super) freezes_of_sender: u64,
    pub(super) frozen_seconds: f64,
    pub(super) longest_freeze: Option<Freeze>,
    /// The ends of the first and the last frame.
    pub(super) span: Option<(Moment, Moment)>,
}

impl Frames {
    /// Takes a packet that was not there before; gives whether it begins a frame.
    #[inline]
    pub(super) fn observe(&mut self, moment: Moment, timestamp: RtpTimestamp, bytes: u32, rate: Option<u32>) -> bool {
        if let Some(Some(open)) = self.open.get_mut(self.current)
            && open.timestamp == timestamp
        {
            open.take(moment, bytes);
            return false;
        }
        self.other(moment, timestamp, bytes, rate)
    }

    /// A packet of another frame than the last one.
    fn other(&mut self, moment: Moment, timestamp: RtpTimestamp, bytes: u32, rate: Option<u32>) -> bool {
        let same = |open: &Option<Open>| open.is_some_and(|open| open.timestamp == timestamp);
        if let Some(place) = self.open.iter().position(same) {
            // A late packet: the next one belongs to the newest frame again, most likely.
            if let Some(Some(open)) = self.open.get_mut(place) {
                open.take(moment, bytes);
            }
            return false;
        }
        self.received += 1;
        let free = self.open.iter().position(Option::is_none).or_else(|| self.oldest());
        let Some(place) = free else { return true };
        if let Some(done) = self.open.get_mut(place).and_then(Option::take) {
            self.close(done, rate);
        }
        if let Some(slot) = self.open.get_mut(place) {
            *slot = Some(Open { timestamp, last: moment, packets: 1, bytes });
        }
        if self.newest.is_none_or(|newest| timestamp.since(newest) > 0) {
            self.newest = Some(timestamp);
            self.current = place;
        }
        true
    }

    /// Whether a frame of this timestamp is among the last ones.
    pub(super) fn has(&self, timestamp: RtpTimestamp) -> bool {
        self.open.iter().flatten().any(|open| open.timestamp == timestamp)
    }

    fn oldest(&self) -> Option<usize> {
        let newest = self.newest?;
        let age = |open: &Option<Open>| open.map_or(i32::MIN, |open| newest.since(open.timestamp));
        (0..OPEN).max_by_key(|place| self.open.get(*place).map_or(i32::MIN, age))
    }

    /// A frame is over: its packets have had their time.
    fn close(&mut self, frame: Open, rate: Option<u32>) {
        self.largest_bytes = self.largest_bytes.max(frame.bytes);
        let (_, last) = self.span.get_or_insert((frame.last, frame.last));
        *last = (*last).max(frame.last);
        if let Some(before) = self.previous {
            if frame.timestamp.since(before.timestamp) < 0 {
                return;
            }
            self.interval(before, frame, rate);
        }
        self.previous = Some(frame);
    }

    fn interval(&mut self, before: Open, frame: Open, rate: Option<u32>) {
        let seconds = frame.last.time.seconds_from(before.last.time).max(0.0);
        if let Some(slot) = self.intervals.get_mut(self.intervals_seen % AVERAGED) {
            self.interval_sum += seconds - f64::from(*slot);
            *slot = seconds as f32;
        }
        self.intervals_seen += 1;
        let samples = self.intervals_seen.min(AVERAGED);
        let average = self.interval_sum / samples as f64;
        if samples < LEAST || seconds < (3.0 * average).max(average + LONGER) {
            return;
        }
        let stamps = f64::from(frame.timestamp.since(before.timestamp)) / f64::from(rate.unwrap_or(90_000));
        let freeze = Freeze { begin: before.last, end: frame.last, sender: stamps >= 0.8 * seconds };
        self.freezes += 1;
        self.freezes_of_sender += u64::from(freeze.sender);
        self.frozen_seconds += seconds;
        if self.longest_freeze.is_none_or(|longest| longest.seconds() < seconds) {
            self.longest_freeze = Some(freeze);
        }
    }

    /// The stream is over, or begins anew.
    pub(super) fn finish(&mut self, rate: Option<u32>) {
        while let Some(done) = self.oldest().and_then(|place| self.open.get_mut(place).and_then(Option::take)) {
            self.close(done, rate);
        }
        (self.newest, self.previous) = (None, None);
    }
}

impl Open {
    fn take(&mut self, moment: Moment, bytes: u32) {
        self.last = self.last.max(moment);
        self.packets += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(frames: &mut Frames, milliseconds: i64, stamp_ms: u32) {
        for packet in 0..3 {
            let at = Moment::new(1, (milliseconds + packet) * 1_000_000);
            frames.observe(at, RtpTimestamp(stamp_ms.wrapping_mul(90)), 1000, Some(90_000));
        }
    }

    #[test]
    fn packets_of_one_timestamp_are_one_frame_however_late() {
        let mut frames = Frames::default();
        for stamp in [1, 1, 2, 1, 2, 3] {
            frames.observe(Moment::new(1, 0), RtpTimestamp(stamp), 100, None);
        }
        frames.finish(None);
        assert_eq!((frames.received, frames.largest_bytes), (3, 300));
    }

    #[test]
    fn a_hole_of_three_intervals_and_150_ms_is_a_freeze() {
        let mut frames = Frames::default();
        for number in 0..20 {
            frame(&mut frames, number * 40, number as u32 * 40);
        }
        frame(&mut frames, 19 * 40 + 400, 20 * 40);
        for number in 1..20 {
            frame(&mut frames, 19 * 40 + 400 + number * 40, (20 + number as u32) * 40);
        }
        frames.finish(Some(90_000));
        assert_eq!((frames.freezes, frames.freezes_of_sender), (1, 0));
        assert!((frames.frozen_seconds - 0.4).abs() < 0.01);
    }

    #[test]
    fn a_sender_that_makes_no_frame_freezes_the_picture_too_and_it_is_said() {
        let mut frames = Frames::default();
        for number in 0..40_i64 {
            let at = if number < 20 { number * 40 } else { number * 40 + 2000 };
            frame(&mut frames, at, at as u32);
        }
        frames.finish(Some(90_000));
        assert_eq!((frames.freezes, frames.freezes_of_sender), (1, 1));
    }

    #[test]
    fn an_even_stream_has_no_freeze_across_the_wrap_of_its_timestamps() {
        let mut frames = Frames::default();
        for number in 0..200_u32 {
            let at = Moment::new(1, i64::from(number) * 33_000_000);
            frames.observe(at, RtpTimestamp((u32::MAX - 5000).wrapping_add(number * 2970)), 100, Some(90_000));
        }
        frames.finish(Some(90_000));
        assert_eq!((frames.received, frames.freezes), (200, 0));
    }
}
