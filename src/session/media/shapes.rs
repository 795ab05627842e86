//! What the values of header extensions look like over a stream, to tell what their ids stand for where no description does.

use super::extensions::IDS;
use crate::moment::Timestamp;
use crate::wire::rtp::extension::{AbsoluteSendTime, Kind};

/// Values that must have been seen, and how many of them in a hundred must fit.
const LEAST: u32 = 12;
const FIT_PERCENT: u32 = 90;
/// How far abs-send-time may be from the capture's clock between two packets: a queue empties in a burst.
const SEND_TIME_OFF: i64 = 60_000_000;
/// How far a transport-wide count may go on from one packet of a stream to the next: other streams have their share.
const COUNT_STEP: u16 = 200;

/// The values of one id.
#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    values: u32,
    least: u8,
    greatest: u8,
    last: u64,
    time: Timestamp,
    /// Steps that fit abs-send-time, a count, a frame number.
    clock: u32,
    count: u32,
    frame: u32,
    /// Whether all were the same text.
    text: bool,
    different: u32,
}

/// The values of all ids.
#[derive(Debug, Clone, Default)]
pub(super) struct Shapes {
    shapes: [Shape; IDS],
}

fn number(value: &[u8]) -> u64 {
    value.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The start bit and the frame number of what may be a dependency descriptor.
const fn frame(number: u64) -> (bool, u16) {
    (number >> 23 & 1 == 1, (number & 0xFFFF) as u16)
}

impl Shapes {
    pub(super) fn observe(&mut self, time: Timestamp, id: u8, value: &[u8]) {
        let Some(shape) = self.shapes.get_mut(usize::from(id)) else { return };
        let length = u8::try_from(value.len()).unwrap_or(u8::MAX);
        // Of a descriptor the first three bytes are what every one has.
        let now = if length == 2 { number(value) } else { number(value.get(..3).unwrap_or(value)) };
        if shape.values == 0 {
            let text = value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            *shape = Shape { values: 1, least: length, greatest: length, last: now, time, text, ..Shape::default() };
            return;
        }
        let (before, elapsed) = (shape.last, time.0.saturating_sub(shape.time.0));
        let sent = AbsoluteSendTime(now as u32).nanoseconds_since(AbsoluteSendTime(before as u32));
        shape.clock += u32::from((sent - elapsed).abs() < SEND_TIME_OFF);
        shape.count += u32::from((1..=COUNT_STEP).contains(&(now as u16).wrapping_sub(before as u16)));
        let ((starts, this), (_, last)) = (frame(now), frame(before));
        shape.frame += u32::from(this.wrapping_sub(last) == u16::from(starts));
        shape.text &= now == before;
        shape.different += u32::from(now != before);
        shape.least = shape.least.min(length);
        shape.greatest = shape.greatest.max(length);
        (shape.last, shape.time) = (now, time);
        shape.values += 1;
    }

    /// What the ids stand for, as far as their values show it.
    pub(super) fn infer(&self) -> Vec<(u8, Kind)> {
        let mut texts = [Kind::Mid, Kind::RtpStreamId].into_iter();
        let rows = (0_u8..).zip(&self.shapes);
        rows.filter_map(|(id, shape)| Some((id, shape.kind(&mut texts)?))).collect()
    }
}

impl Shape {
    fn kind(&self, texts: &mut impl Iterator<Item = Kind>) -> Option<Kind> {
        let steps = self.values.saturating_sub(1);
        let fits = |count: u32| steps >= LEAST && count * 100 >= steps * FIT_PERCENT;
        match (self.least, self.greatest) {
            (1, 1) if fits(self.different + steps / 2) && self.different * 5 > steps => Some(Kind::SsrcAudioLevel),
            (2, 2) if fits(self.count) => Some(Kind::TransportSequence),
            // Packets that leave in one burst may tell one time; one that never changes is no clock.
            (3, 3) if fits(self.clock) && self.different * 5 > steps => Some(Kind::AbsoluteSendTime),
            (3, _) if self.greatest > 3 && fits(self.frame) => Some(Kind::DependencyDescriptor),
            (13, 13) => Some(Kind::VideoTiming),
            (least, greatest) if least == greatest && greatest <= 16 && self.text && self.values >= 3 => texts.next(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_a_count_a_level_and_a_mid_are_told_apart() {
        let mut shapes = Shapes::default();
        for number in 0..60_u32 {
            let time = Timestamp(i64::from(number) * 20_000_000);
            let sent = (((u64::from(number) * 20) << 18) / 1000 + 0xFF_F000) as u32 & 0xFF_FFFF;
            shapes.observe(time, 2, &sent.to_be_bytes()[1..]);
            shapes.observe(time, 3, &((number * 3 + 65_500) as u16).to_be_bytes());
            shapes.observe(time, 4, b"0");
            shapes.observe(time, 5, &[0x80 | (number * 37 % 60) as u8]);
        }
        let kinds =
            [(2, Kind::AbsoluteSendTime), (3, Kind::TransportSequence), (4, Kind::Mid), (5, Kind::SsrcAudioLevel)];
        assert_eq!(shapes.infer(), kinds);
    }

    #[test]
    fn a_descriptor_counts_frames_where_they_start() {
        let mut shapes = Shapes::default();
        for packet in 0..90_u16 {
            let (frame, starts) = ((packet / 3).wrapping_add(65_530), packet % 3 == 0);
            let mut value = vec![if starts { 0x80 } else { 0 } | 5, (frame >> 8) as u8, frame as u8];
            if packet == 0 {
                value.extend([0x80, 0, 0]);
            }
            shapes.observe(Timestamp(i64::from(packet)), 7, &value);
        }
        assert_eq!(shapes.infer(), [(7, Kind::DependencyDescriptor)]);
    }

    #[test]
    fn what_has_no_shape_stays_unknown() {
        let mut shapes = Shapes::default();
        for number in 0..60_u32 {
            let noise = number.wrapping_mul(2_654_435_761).to_be_bytes();
            shapes.observe(Timestamp(i64::from(number)), 1, &noise[..2]);
            shapes.observe(Timestamp(i64::from(number)), 2, &noise[..3]);
            shapes.observe(Timestamp(i64::from(number)), 3, &noise);
        }
        assert!(shapes.infer().is_empty());
    }
}
