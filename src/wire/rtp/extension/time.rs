//! Times: abs-send-time, abs-capture-time, toffset.

use super::value::Value;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::NtpTimestamp;

/// When a packet was sent: seconds as a fixed point number of 6 and 18 bits, which wraps every 64 seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct AbsoluteSendTime(pub u32);

impl AbsoluteSendTime {
    /// The time that an NTP timestamp would be sent as.
    #[must_use]
    pub fn of(time: NtpTimestamp) -> Self {
        Self(((time.0 >> 14) & 0x00FF_FFFF) as u32)
    }

    /// Nanoseconds since the last wrap, less than 64 s.
    #[must_use]
    pub fn nanoseconds(self) -> u64 {
        (u64::from(self.0 & 0x00FF_FFFF) * 1_000_000_000) >> 18
    }

    /// Nanoseconds from `earlier` to this, the shorter way round: −32 s to 32 s.
    #[must_use]
    pub fn nanoseconds_since(self, earlier: Self) -> i64 {
        let units = (self.0.wrapping_sub(earlier.0) << 8).cast_signed() >> 8;
        (i64::from(units) * 1_000_000_000) >> 18
    }
}

/// When a frame was captured, on the clock of the machine that captured it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbsoluteCaptureTime {
    /// The time of capture.
    pub timestamp: NtpTimestamp,
    /// What must be added to it for the sender's clock, in units of 2⁻³² s.
    pub clock_offset: Option<i64>,
}

impl AbsoluteCaptureTime {
    /// The offset in nanoseconds.
    #[must_use]
    pub fn clock_offset_nanoseconds(&self) -> Option<i64> {
        self.clock_offset.map(|offset| ((i128::from(offset) * 1_000_000_000) >> 32) as i64)
    }
}

pub(super) fn send_time<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let time = AbsoluteSendTime(cursor.number(24, "rtp.ext.abs_send_time", "absolute send time")?);
    cursor.means(|| format!("{:.6} s of 64 s", time.nanoseconds() as f64 / 1e9));
    Ok(Value::AbsoluteSendTime(time))
}

pub(super) fn capture_time<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let timestamp =
        NtpTimestamp(cursor.code(64, "rtp.ext.abs_capture_time.timestamp", "absolute capture timestamp")?);
    cursor.means(|| format!("{timestamp} s since 1900"));
    let mut time = AbsoluteCaptureTime { timestamp, clock_offset: None };
    if cursor.left() > 0 {
        let offset = cursor.signed(64, "rtp.ext.abs_capture_time.offset", "estimated capture clock offset")?;
        time.clock_offset = Some(offset);
        cursor.means(|| format!("{:.6} s", offset as f64 / 4_294_967_296.0));
    }
    Ok(Value::AbsoluteCaptureTime(time))
}

pub(super) fn transmission_offset<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let offset = cursor.signed(24, "rtp.ext.toffset", "transmission offset")?;
    cursor.means(|| format!("{offset} ticks"));
    Ok(Value::TransmissionOffset(offset as i32))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn send_time_goes_on_over_its_wrap() {
        let (late, early) = (AbsoluteSendTime(0x00FF_FFFF), AbsoluteSendTime(0x0003_FFFF));
        assert_eq!(early.nanoseconds_since(late), 1_000_000_000);
        assert_eq!(late.nanoseconds_since(early), -1_000_000_000);
        assert_eq!(AbsoluteSendTime(1 << 18).nanoseconds(), 1_000_000_000);
        assert_eq!(AbsoluteSendTime::of(NtpTimestamp(65 << 32)), AbsoluteSendTime(1 << 18));
    }

    #[test]
    fn an_offset_may_be_negative() {
        let value = Kind::TransmissionOffset.decode(&[0xFF, 0xFF, 0xFE]).unwrap();
        assert_eq!(value, Value::TransmissionOffset(-2));
        let bytes = [0, 0, 0, 1, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0];
        let Value::AbsoluteCaptureTime(time) = Kind::AbsoluteCaptureTime.decode(&bytes).unwrap() else {
            panic!("another value")
        };
        assert_eq!(time.clock_offset_nanoseconds(), Some(-500_000_000));
        assert!(Kind::AbsoluteCaptureTime.decode(&bytes[..10]).is_err());
    }
}
