//! A summary of statistics (RFC 3611 section 4.6).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{SequenceNumber, Ssrc};

/// Loss, duplicates, jitter and hops of the packets of one source. A number that was not measured is zero, and its
/// flag is clear.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatisticsSummary {
    /// Whether loss was measured.
    pub has_loss: bool,
    /// Whether duplicates were counted.
    pub has_duplicates: bool,
    /// Whether jitter was measured.
    pub has_jitter: bool,
    /// What the hops are of.
    pub hops: TimeToLive,
    /// The source.
    pub ssrc: Ssrc,
    /// The first packet.
    pub begin: SequenceNumber,
    /// One behind the last packet.
    pub end: SequenceNumber,
    /// Packets lost.
    pub lost: u32,
    /// Packets that came more than once.
    pub duplicates: u32,
    /// Jitter between two packets: least, most, mean and standard deviation, in ticks of the media's clock.
    pub jitter: [u32; 4],
    /// Hops left: least, most, mean and standard deviation.
    pub hops_left: [u8; 4],
}

/// Where hops left were read: two bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeToLive(pub u8);

impl TimeToLive {
    /// 1 for the TTL of IPv4, 2 for the hop limit of IPv6.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self.0 {
            1 => Some("IPv4 TTL"),
            2 => Some("IPv6 hop limit"),
            _ => None,
        }
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, specific: u8) -> Result<StatisticsSummary, Error> {
    let mut read = StatisticsSummary {
        has_loss: specific & 0x80 != 0,
        has_duplicates: specific & 0x40 != 0,
        has_jitter: specific & 0x20 != 0,
        hops: TimeToLive(specific >> 3 & 3),
        ssrc: Ssrc(cursor.code(32, "rtcp.ssrc.identifier", "identifier")?),
        begin: SequenceNumber(cursor.number(16, "rtcp.xr.beginseq", "begin sequence number")?),
        end: SequenceNumber(cursor.number(16, "rtcp.xr.endseq", "end sequence number")?),
        ..StatisticsSummary::default()
    };
    read.lost = cursor.number(32, "rtcp.xr.stats.lost", "lost packets")?;
    read.duplicates = cursor.number(32, "rtcp.xr.stats.dups", "duplicate packets")?;
    read.jitter = [
        cursor.number(32, "rtcp.xr.stats.minjitter", "minimum jitter")?,
        cursor.number(32, "rtcp.xr.stats.maxjitter", "maximum jitter")?,
        cursor.number(32, "rtcp.xr.stats.meanjitter", "mean jitter")?,
        cursor.number(32, "rtcp.xr.stats.devjitter", "standard deviation of jitter")?,
    ];
    read.hops_left = [
        cursor.number(8, "rtcp.xr.stats.minttl", "minimum TTL or hop limit")?,
        cursor.number(8, "rtcp.xr.stats.maxttl", "maximum TTL or hop limit")?,
        cursor.number(8, "rtcp.xr.stats.meanttl", "mean TTL or hop limit")?,
        cursor.number(8, "rtcp.xr.stats.devttl", "standard deviation of TTL")?,
    ];
    Ok(read)
}

pub(super) fn emit(block: &StatisticsSummary, out: &mut Vec<u8>) -> u8 {
    out.extend(block.ssrc.0.to_be_bytes());
    out.extend(block.begin.0.to_be_bytes());
    out.extend(block.end.0.to_be_bytes());
    let words = [block.lost, block.duplicates].into_iter().chain(block.jitter);
    out.extend(words.flat_map(u32::to_be_bytes));
    out.extend(block.hops_left);
    u8::from(block.has_loss) << 7
        | u8::from(block.has_duplicates) << 6
        | u8::from(block.has_jitter) << 5
        | (block.hops.0 & 3) << 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_say_what_was_measured() {
        let read = read(&mut Cursor::silent(&[0; 36], 8), 0xA8).unwrap();
        assert!(read.has_loss && !read.has_duplicates && read.has_jitter);
        assert_eq!(read.hops.name(), Some("IPv4 TTL"));
        assert_eq!(emit(&read, &mut Vec::new()), 0xA8);
    }
}
