//! Round trips for receivers: their clock and its echo (RFC 3611 sections 4.4 and 4.5).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{NtpMiddle, NtpTimestamp, Ssrc};

/// How long ago a receiver's clock was heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DelaySinceLastReport {
    /// The receiver.
    pub ssrc: Ssrc,
    /// The middle of its last timestamp; zero where there was none.
    pub last_report: NtpMiddle,
    /// How long ago that was, in units of 1/65536 s.
    pub delay: u32,
}

impl DelaySinceLastReport {
    /// The round trip of the receiver that hears this at `now`, in units of 1/65536 s; nothing where its clock was not
    /// heard.
    #[must_use]
    pub fn round_trip(&self, now: NtpMiddle) -> Option<i32> {
        if self.last_report.0 == 0 {
            return None;
        }
        Some(NtpMiddle(now.0.wrapping_sub(self.delay)).since(self.last_report))
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: u8) -> Result<NtpTimestamp, Error> {
    let time = NtpTimestamp(cursor.code(64, "rtcp.xr.timestamp", "NTP timestamp")?);
    cursor.means(|| format!("{time} s since 1900"));
    Ok(time)
}

pub(super) fn read_delays<R: Record>(cursor: &mut Cursor<'_, R>, _: u8) -> Result<Vec<DelaySinceLastReport>, Error> {
    let mut delays = Vec::new();
    cursor.list(&mut delays, None, |cursor| {
        let delay = DelaySinceLastReport {
            ssrc: Ssrc(cursor.code(32, "rtcp.ssrc.identifier", "identifier")?),
            last_report: NtpMiddle(cursor.code(32, "rtcp.xr.lrr", "last RR timestamp")?),
            delay: cursor.number(32, "rtcp.xr.dlrr", "delay since last RR timestamp")?,
        };
        cursor.means(|| format!("{:.3} s", f64::from(delay.delay) / 65536.0));
        Ok(delay)
    });
    Ok(delays)
}

pub(super) fn emit(time: &NtpTimestamp, out: &mut Vec<u8>) -> u8 {
    out.extend(time.0.to_be_bytes());
    0
}

pub(super) fn emit_delays(delays: &[DelaySinceLastReport], out: &mut Vec<u8>) -> u8 {
    for delay in delays {
        for word in [delay.ssrc.0, delay.last_report.0, delay.delay] {
            out.extend(word.to_be_bytes());
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_not_heard_gives_no_round_trip() {
        assert_eq!(DelaySinceLastReport::default().round_trip(NtpMiddle(9)), None);
        let heard = DelaySinceLastReport { last_report: NtpMiddle(0xFFFF_FFFF), delay: 1, ssrc: Ssrc(1) };
        assert_eq!(heard.round_trip(NtpMiddle(2)), Some(2));
    }
}
