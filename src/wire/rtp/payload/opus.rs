//! The first bytes of an Opus packet (RFC 6716 section 3.1): mode, bandwidth, duration.

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// How a frame is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpusMode {
    /// Linear prediction, for speech.
    Silk,
    /// Both.
    Hybrid,
    /// Transform, for music and low delay.
    Celt,
}

/// How much of the spectrum is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpusBandwidth {
    /// 4 kHz.
    Narrow,
    /// 6 kHz.
    Medium,
    /// 8 kHz.
    Wide,
    /// 12 kHz.
    SuperWide,
    /// 20 kHz.
    Full,
}

/// What the first bytes of a packet say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opus {
    /// How its frames are coded.
    pub mode: OpusMode,
    /// How much of the spectrum they have.
    pub bandwidth: OpusBandwidth,
    /// Whether they have two channels.
    pub stereo: bool,
    /// How long one is, in microseconds: 2500 to 60000.
    pub frame_duration_us: u32,
    /// How many there are, 1 to 48.
    pub frame_count: u8,
    /// Bytes of the packet.
    pub length: usize,
}

impl Opus {
    /// How long the packet is, in microseconds; at most 120000.
    #[must_use]
    pub fn duration_us(&self) -> u32 {
        self.frame_duration_us.saturating_mul(u32::from(self.frame_count))
    }

    /// Whether the packet is so short that nothing is in it: an encoder with discontinuous transmission sends one of
    /// these now and then through silence.
    #[must_use]
    pub fn is_discontinuous(&self) -> bool {
        self.length <= 2
    }
}

/// Mode, bandwidth and duration of a configuration (RFC 6716 table 2).
fn configuration(number: u8) -> (OpusMode, OpusBandwidth, u32) {
    use OpusBandwidth::{Full, Medium, Narrow, SuperWide, Wide};
    let place = number % 4;
    let silk = if place == 3 { 60_000 } else { 10_000 << place };
    let celt = 2_500 << place;
    let hybrid = 10_000 << (number % 2);
    match number {
        0..=3 => (OpusMode::Silk, Narrow, silk),
        4..=7 => (OpusMode::Silk, Medium, silk),
        8..=11 => (OpusMode::Silk, Wide, silk),
        12..=13 => (OpusMode::Hybrid, SuperWide, hybrid),
        14..=15 => (OpusMode::Hybrid, Full, hybrid),
        16..=19 => (OpusMode::Celt, Narrow, celt),
        20..=23 => (OpusMode::Celt, Wide, celt),
        24..=27 => (OpusMode::Celt, SuperWide, celt),
        _ => (OpusMode::Celt, Full, celt),
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: usize) -> Result<Opus, Error> {
    let length = cursor.left();
    let number = cursor.number(5, "opus.toc.config", "configuration")?;
    let (mode, bandwidth, frame_duration_us) = configuration(number);
    cursor.means(|| format!("{mode:?}, {bandwidth:?} band, {} ms", f64::from(frame_duration_us) / 1000.0));
    let stereo = cursor.flag("opus.toc.s", "stereo")?;
    let code: u8 = cursor.number(2, "opus.toc.c", "frame count code")?;
    let frame_count = match code {
        0 => 1,
        1 | 2 => 2,
        _ => {
            cursor.flag("opus.fc.vbr", "variable bitrate")?;
            cursor.flag("opus.fc.padding", "padding")?;
            let count: u8 = cursor.number(6, "opus.fc.count", "frame count")?;
            let most = 120_000_u32.checked_div(frame_duration_us).unwrap_or(1);
            if count == 0 || u32::from(count) > most {
                return Err(cursor.wrong_value("frame count", u64::from(most), u64::from(count)));
            }
            count
        }
    };
    cursor.remainder("opus.frames", "frames");
    Ok(Opus { mode, bandwidth, stereo, frame_duration_us, frame_count, length })
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    fn read(bytes: &[u8]) -> Result<Opus, Error> {
        match Codec::Opus.parse(bytes, 0)? {
            Header::Opus(read) => Ok(read),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn configurations_are_those_of_the_table() {
        let at = |number: u8| read(&[number << 3, 0, 0]).unwrap();
        assert_eq!((at(3).mode, at(3).duration_us()), (OpusMode::Silk, 60_000));
        assert_eq!((at(9).bandwidth, at(9).duration_us()), (OpusBandwidth::Wide, 20_000));
        assert_eq!((at(13).mode, at(13).duration_us()), (OpusMode::Hybrid, 20_000));
        assert_eq!((at(31).bandwidth, at(31).duration_us()), (OpusBandwidth::Full, 20_000));
        assert_eq!(at(16).duration_us(), 2_500);
    }

    #[test]
    fn a_packet_is_at_most_120_ms() {
        assert_eq!(read(&[31 << 3 | 3, 6, 1]).unwrap().duration_us(), 120_000);
        assert!(read(&[31 << 3 | 3, 7, 1]).is_err());
        assert!(read(&[31 << 3 | 3, 0, 1]).is_err());
        assert!(read(&[]).is_err());
    }

    #[test]
    fn silence_is_short() {
        assert!(read(&[0xF8]).unwrap().is_discontinuous());
        assert!(!read(&[0xF8, 1, 2]).unwrap().is_discontinuous());
    }
}
