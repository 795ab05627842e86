//! Interarrival jitter, in the two ways that are in use.
//!
//! *Per packet* is RFC 3550, section 6.4.1 and appendix A.8: every packet counts against the one that came before it. Video sends the packets
//! of one frame with one timestamp, so that the time a frame takes to be sent counts as jitter too. *Per frame* is what libwebrtc's
//! receivers report: only a packet that comes in order and begins a new timestamp counts, against the one before; differences of more than
//! five seconds of a video clock are left out; in sixteenths of a tick.

use super::rate::USUAL_RATES;
use crate::moment::Timestamp;
use crate::wire::rtp::RtpTimestamp;

const RATES: usize = USUAL_RATES.len();
/// Differences that libwebrtc takes for a jump of the timestamps: five seconds at 90 kHz, whatever the clock.
const FRAME_JUMP: i64 = 5 * 90_000;
/// Differences that count as a jump per packet, in seconds.
const PACKET_JUMP: f64 = 5.0;

/// Jitter of one stream, for each usual clock rate at once, or for one alone once that is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Jitter {
    /// The place of the only rate that counts.
    settled: Option<usize>,
    packet: Option<(Timestamp, RtpTimestamp)>,
    packets: u64,
    current: [f64; RATES],
    maximum: [f64; RATES],
    sum: [f64; RATES],
    frame: Option<(Timestamp, RtpTimestamp)>,
    frame_q4: [i64; RATES],
    frame_maximum_q4: [i64; RATES],
}

/// Jitter with one clock rate, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct JitterValues {
    /// Per packet (RFC 3550, appendix A.8), at the end of the stream.
    pub last: f64,
    /// Its mean over all packets.
    pub mean: f64,
    /// Its greatest value.
    pub maximum: f64,
    /// Per frame as libwebrtc computes it, at the end of the stream.
    pub frame_last: f64,
    /// Its greatest value.
    pub frame_maximum: f64,
}

impl Jitter {
    /// Takes a packet that was not there before; `in_order` says whether no later number came already.
    #[inline]
    pub(super) fn observe(&mut self, time: Timestamp, timestamp: RtpTimestamp, in_order: bool) {
        if let Some((before, stamp)) = self.packet {
            let elapsed = time.0.saturating_sub(before.0) as f64 / 1e9;
            let step = f64::from(timestamp.since(stamp));
            self.packets += 1;
            let (from, to) = self.rates();
            let rows = self.current.iter_mut().zip(&mut self.maximum).zip(&mut self.sum).zip(USUAL_RATES);
            for (((current, maximum), sum), rate) in rows.take(to).skip(from) {
                let difference = (elapsed - step / f64::from(rate)).abs();
                if difference < PACKET_JUMP {
                    *current += (difference - *current) / 16.0;
                    *maximum = maximum.max(*current);
                }
                *sum += *current;
            }
        }
        self.packet = Some((time, timestamp));
        if in_order {
            self.observe_frame(time, timestamp);
        }
    }

    #[inline]
    fn observe_frame(&mut self, time: Timestamp, timestamp: RtpTimestamp) {
        if let Some((before, stamp)) = self.frame
            && stamp != timestamp
        {
            let elapsed = time.0.saturating_sub(before.0) as f64 / 1e9;
            let step = i64::from(timestamp.since(stamp));
            let (from, to) = self.rates();
            let rows = self.frame_q4.iter_mut().zip(&mut self.frame_maximum_q4).zip(USUAL_RATES);
            for ((current, maximum), rate) in rows.take(to).skip(from) {
                let difference = ((elapsed * f64::from(rate)) as i64).saturating_sub(step).saturating_abs();
                if difference < FRAME_JUMP {
                    *current += ((difference << 4) - *current + 8) >> 4;
                    *maximum = (*maximum).max(*current);
                }
            }
        }
        self.frame = Some((time, timestamp));
    }

    #[inline]
    fn rates(&self) -> (usize, usize) {
        self.settled.map_or((0, RATES), |place| (place, place + 1))
    }

    /// The clock rate is `hz` from now on: the others need not be kept any more. All of them are, where it is none of the usual ones or not
    /// known.
    pub(super) fn settle(&mut self, hz: Option<u32>) {
        self.settled = hz.and_then(|hz| USUAL_RATES.iter().position(|rate| *rate == hz));
    }

    /// Whether all rates are kept.
    #[inline]
    pub(super) const fn is_open(&self) -> bool {
        self.settled.is_none()
    }

    /// Goes on behind a jump of the timestamps, or a pause, as if the next packet were the first.
    pub(super) fn resume(&mut self) {
        (self.packet, self.frame) = (None, None);
    }

    /// The jitter with the clock rate `hz`; `None` where it is none of the usual ones, or there were fewer than two packets.
    pub(super) fn at(&self, hz: u32) -> Option<JitterValues> {
        let place = USUAL_RATES.iter().position(|rate| *rate == hz)?;
        if self.settled.is_some_and(|settled| settled != place) {
            return None;
        }
        let ticks = |values: &[i64; RATES]| Some((*values.get(place)? >> 4) as f64 / f64::from(hz));
        let packets = (self.packets > 0).then_some(self.packets as f64)?;
        Some(JitterValues {
            last: *self.current.get(place)?,
            mean: self.sum.get(place)? / packets,
            maximum: *self.maximum.get(place)?,
            frame_last: ticks(&self.frame_q4)?,
            frame_maximum: ticks(&self.frame_maximum_q4)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_stream_at_44100_hz_has_none() {
        let mut jitter = Jitter::default();
        for number in 0..500_i64 {
            // 441 ticks are 10 ms to the nanosecond.
            jitter.observe(Timestamp(number * 10_000_000), RtpTimestamp(number as u32 * 441), true);
        }
        let values = jitter.at(44_100).unwrap();
        assert!(values.maximum < 1e-12 && values.frame_maximum < 1.0 / 44_100.0, "{values:?}");
        assert!(jitter.at(48_000).unwrap().last > 0.0005);
        assert_eq!(jitter.at(12_345), None);
    }

    #[test]
    fn a_frame_of_many_packets_is_one_sample_per_frame() {
        let mut jitter = Jitter::default();
        for frame in 0..100_i64 {
            for packet in 0..10 {
                let at = Timestamp(frame * 40_000_000 + packet * 1_000_000);
                jitter.observe(at, RtpTimestamp(frame as u32 * 3_600), true);
            }
        }
        let values = jitter.at(90_000).unwrap();
        assert!(values.last > 0.001, "sending takes time: {values:?}");
        assert!((values.frame_last - 0.009).abs() < 0.001, "libwebrtc counts from the last packet: {values:?}");
    }

    #[test]
    fn the_example_of_a_single_late_packet_decays_by_sixteenths() {
        let mut jitter = Jitter::default();
        for (time, stamp) in [(0, 0), (20, 160), (56, 320), (60, 480)] {
            jitter.observe(Timestamp(time * 1_000_000), RtpTimestamp(stamp), true);
        }
        // |D| is 0, 16 and 16 ms.
        let values = jitter.at(8_000).unwrap();
        assert!((values.last - (0.001 + (0.016 - 0.001) / 16.0)).abs() < 1e-9, "{values:?}");
    }
}
