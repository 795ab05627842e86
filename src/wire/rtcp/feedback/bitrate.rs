//! Temporary limits of the bitrate (RFC 5104 sections 4.2.1 and 4.2.2).

use super::other::{emit_sources, sources};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::Ssrc;

/// TMMBR, a request for limits, or TMMBN, the limits that now hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemporaryBitrate {
    /// Who sends it.
    pub sender: Ssrc,
    /// Zero: the sources stand in the entries.
    pub media: Ssrc,
    /// The limits. A notification without any says that none holds.
    pub entries: Vec<BitrateEntry>,
}

/// One limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BitrateEntry {
    /// In a request who is limited, in a notification who asked for it.
    pub ssrc: Ssrc,
    /// Exponent of the bitrate, six bits.
    pub exponent: u8,
    /// Mantissa of the bitrate, seventeen bits.
    pub mantissa: u32,
    /// Bytes of headers a packet that count, measured by the receiver; nine bits.
    pub overhead_bytes: u16,
}

impl BitrateEntry {
    /// A limit of at most `bps` bits per second, rounded down to what can be said.
    #[must_use]
    pub fn of(ssrc: Ssrc, bps: u64, overhead_bytes: u16) -> Self {
        let exponent = 64_u32.saturating_sub(bps.leading_zeros()).saturating_sub(17);
        let mantissa = (bps >> exponent) as u32;
        Self { ssrc, exponent: exponent as u8, mantissa, overhead_bytes }
    }

    /// The limit in bits per second, headers included.
    #[must_use]
    pub fn bitrate_bps(&self) -> u128 {
        u128::from(self.mantissa & 0x1_FFFF) << (self.exponent & 0x3F)
    }
}

fn entry<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<BitrateEntry, Error> {
    let entry = BitrateEntry {
        ssrc: Ssrc(cursor.code(32, "rtcp.rtpfb.tmmbr.fci.ssrc", "SSRC")?),
        exponent: cursor.number(6, "rtcp.rtpfb.tmmbr.fci.exp", "MxTBR exponent")?,
        mantissa: cursor.number(17, "rtcp.rtpfb.tmmbr.fci.mantissa", "MxTBR mantissa")?,
        overhead_bytes: 0,
    };
    cursor.means(|| format!("{} bit/s", entry.bitrate_bps()));
    let overhead_bytes = cursor.number(9, "rtcp.rtpfb.tmmbr.fci.measuredoverhead", "measured overhead")?;
    Ok(BitrateEntry { overhead_bytes, ..entry })
}

pub(in crate::wire::rtcp) fn read_notification<R: Record>(
    cursor: &mut Cursor<'_, R>,
    _: u8,
) -> Result<TemporaryBitrate, Error> {
    let (sender, media) = sources(cursor)?;
    let mut entries = Vec::new();
    cursor.list(&mut entries, None, entry);
    Ok(TemporaryBitrate { sender, media, entries })
}

pub(in crate::wire::rtcp) fn read_request<R: Record>(
    cursor: &mut Cursor<'_, R>,
    _: u8,
) -> Result<TemporaryBitrate, Error> {
    let (sender, media) = sources(cursor)?;
    let mut entries = vec![entry(cursor)?];
    cursor.list(&mut entries, None, entry);
    Ok(TemporaryBitrate { sender, media, entries })
}

impl TemporaryBitrate {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        for entry in &self.entries {
            let limit = u32::from(entry.exponent & 0x3F) << 26
                | (entry.mantissa & 0x1_FFFF) << 9
                | u32::from(entry.overhead_bytes & 0x1FF);
            out.extend(entry.ssrc.0.to_be_bytes());
            out.extend(limit.to_be_bytes());
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_rounded_down() {
        assert_eq!(BitrateEntry::of(Ssrc(1), 131_071, 40).bitrate_bps(), 131_071);
        assert_eq!(BitrateEntry::of(Ssrc(1), 10_000_001, 40).bitrate_bps(), 10_000_000);
        assert_eq!(BitrateEntry::of(Ssrc(1), 0, 40).bitrate_bps(), 0);
        assert!(BitrateEntry::of(Ssrc(1), u64::MAX, 40).bitrate_bps() <= u128::from(u64::MAX));
    }

    #[test]
    fn no_limit_is_a_notification_and_no_request() {
        assert!(read_notification(&mut Cursor::silent(&[0; 8], 4), 4).unwrap().entries.is_empty());
        assert!(read_request(&mut Cursor::silent(&[0; 8], 4), 3).is_err());
    }

    #[test]
    fn exponent_mantissa_and_overhead_share_a_word() {
        let bytes = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0x0B, 0xD0, 0x90, 40];
        let entries = read_request(&mut Cursor::silent(&bytes, 4), 3).unwrap().entries;
        let entry = BitrateEntry { ssrc: Ssrc(2), exponent: 2, mantissa: 0x1_E848, overhead_bytes: 40 };
        assert_eq!((entries[0].bitrate_bps(), &entries), (500_000, &vec![entry]));
    }
}
