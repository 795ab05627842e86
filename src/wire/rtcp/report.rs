//! Sender and receiver reports (RFC 3550 section 6.4).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{NtpMiddle, NtpTimestamp, RtpTimestamp, Ssrc};

/// What a sender has sent, and what it received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderReport<'a> {
    /// Who reports.
    pub ssrc: Ssrc,
    /// When; the same instant as the RTP timestamp.
    pub ntp_timestamp: NtpTimestamp,
    /// The same instant on the clock of the media.
    pub rtp_timestamp: RtpTimestamp,
    /// Packets sent since the beginning, wrapping.
    pub packet_count: u32,
    /// Bytes of payload sent since the beginning, wrapping.
    pub octet_count: u32,
    /// What it received from each source.
    pub reports: Vec<ReportBlock>,
    /// What a profile adds.
    pub extension: &'a [u8],
}

/// What a receiver received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiverReport<'a> {
    /// Who reports.
    pub ssrc: Ssrc,
    /// What it received from each source.
    pub reports: Vec<ReportBlock>,
    /// What a profile adds.
    pub extension: &'a [u8],
}

/// What was received from one source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportBlock {
    /// The source.
    pub ssrc: Ssrc,
    /// The part lost since the last report, in units of 1/256. libwebrtc counts 255 for all, the RFC cannot say more
    /// than 255/256 either.
    pub fraction_lost: u8,
    /// Packets lost since the beginning, −8388608 to 8388607; negative where duplicates outnumber what was lost. It
    /// stays at its ends, it does not wrap.
    pub cumulative_lost: i32,
    /// The highest sequence number received, with the count of its wraps in the upper half.
    pub extended_highest_sequence: u32,
    /// Interarrival jitter in ticks of the media's clock.
    pub jitter: u32,
    /// The middle of the NTP timestamp of the last sender report; zero where there was none.
    pub last_sender_report: NtpMiddle,
    /// How long ago that was, in units of 1/65536 s.
    pub delay_since_last: u32,
}

impl ReportBlock {
    /// The part lost since the last report, 0 to 1.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        f64::from(self.fraction_lost) / 256.0
    }

    /// The round trip between a receiver and the sender that hears from it at `now`, in units of 1/65536 s. Negative
    /// where the clocks disagree; nothing where the receiver has seen no sender report.
    #[must_use]
    pub fn round_trip(&self, now: NtpMiddle) -> Option<i32> {
        if self.last_sender_report.0 == 0 {
            return None;
        }
        Some(NtpMiddle(now.0.wrapping_sub(self.delay_since_last)).since(self.last_sender_report))
    }

    fn emit(&self, out: &mut Vec<u8>) {
        let [_, lost @ ..] = self.cumulative_lost.clamp(-0x80_0000, 0x7F_FFFF).to_be_bytes();
        out.extend(self.ssrc.0.to_be_bytes());
        out.push(self.fraction_lost);
        out.extend(lost);
        for word in [self.extended_highest_sequence, self.jitter, self.last_sender_report.0, self.delay_since_last] {
            out.extend(word.to_be_bytes());
        }
    }
}

fn block<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<ReportBlock, Error> {
    cursor.group("rtcp.report_block", "report block", |cursor| {
        let ssrc = Ssrc(cursor.code(32, "rtcp.ssrc.identifier", "identifier")?);
        let fraction_lost: u8 = cursor.number(8, "rtcp.ssrc.fraction", "fraction lost")?;
        cursor.means(|| format!("{:.2} %", f64::from(fraction_lost) / 2.56));
        let cumulative_lost = cursor.signed(24, "rtcp.ssrc.cum_nr", "cumulative number of packets lost")? as i32;
        let name = "extended highest sequence number received";
        let extended_highest_sequence: u32 = cursor.number(32, "rtcp.ssrc.ext_high", name)?;
        cursor.means(|| {
            format!("{} after {} wraps", extended_highest_sequence & 0xFFFF, extended_highest_sequence >> 16)
        });
        let jitter = cursor.number(32, "rtcp.ssrc.jitter", "interarrival jitter")?;
        let last_sender_report = NtpMiddle(cursor.code(32, "rtcp.ssrc.lsr", "last SR timestamp")?);
        let delay_since_last: u32 = cursor.number(32, "rtcp.ssrc.dlsr", "delay since last SR timestamp")?;
        cursor.means(|| format!("{:.3} s", f64::from(delay_since_last) / 65536.0));
        Ok(ReportBlock {
            ssrc,
            fraction_lost,
            cumulative_lost,
            extended_highest_sequence,
            jitter,
            last_sender_report,
            delay_since_last,
        })
    })
}

fn blocks<'a, R: Record>(cursor: &mut Cursor<'a, R>, count: u8) -> (Vec<ReportBlock>, &'a [u8]) {
    let mut reports = Vec::new();
    if !cursor.list(&mut reports, Some(usize::from(count)), block) {
        return (reports, &[]);
    }
    (reports, cursor.remainder("rtcp.profile-specific-extension", "profile-specific extension"))
}

pub(super) fn sender<'a, R: Record>(cursor: &mut Cursor<'a, R>, count: u8) -> Result<SenderReport<'a>, Error> {
    let ssrc = Ssrc(cursor.code(32, "rtcp.senderssrc", "sender SSRC")?);
    let ntp_timestamp = NtpTimestamp(cursor.code(64, "rtcp.timestamp.ntp", "NTP timestamp")?);
    cursor.means(|| format!("{ntp_timestamp} s since 1900"));
    let rtp_timestamp = RtpTimestamp(cursor.number(32, "rtcp.timestamp.rtp", "RTP timestamp")?);
    let packet_count = cursor.number(32, "rtcp.sender.packetcount", "sender's packet count")?;
    let octet_count = cursor.number(32, "rtcp.sender.octetcount", "sender's octet count")?;
    let (reports, extension) = blocks(cursor, count);
    Ok(SenderReport { ssrc, ntp_timestamp, rtp_timestamp, packet_count, octet_count, reports, extension })
}

pub(super) fn receiver<'a, R: Record>(cursor: &mut Cursor<'a, R>, count: u8) -> Result<ReceiverReport<'a>, Error> {
    let ssrc = Ssrc(cursor.code(32, "rtcp.senderssrc", "sender SSRC")?);
    let (reports, extension) = blocks(cursor, count);
    Ok(ReceiverReport { ssrc, reports, extension })
}

impl SenderReport<'_> {
    pub(super) fn emit(&self, out: &mut Vec<u8>) -> usize {
        out.extend(self.ssrc.0.to_be_bytes());
        out.extend(self.ntp_timestamp.0.to_be_bytes());
        for word in [self.rtp_timestamp.0, self.packet_count, self.octet_count] {
            out.extend(word.to_be_bytes());
        }
        self.reports.iter().for_each(|report| report.emit(out));
        out.extend(self.extension);
        self.reports.len()
    }
}

impl ReceiverReport<'_> {
    pub(super) fn emit(&self, out: &mut Vec<u8>) -> usize {
        out.extend(self.ssrc.0.to_be_bytes());
        self.reports.iter().for_each(|report| report.emit(out));
        out.extend(self.extension);
        self.reports.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(bytes: [u8; 3]) -> i32 {
        let mut whole = [0; 24];
        whole[5..8].copy_from_slice(&bytes);
        block(&mut Cursor::silent(&whole, 0)).unwrap().cumulative_lost
    }

    #[test]
    fn cumulative_loss_may_be_negative() {
        assert_eq!(lost([0xFF, 0xFF, 0xFF]), -1);
        assert_eq!(lost([0x80, 0, 0]), -8_388_608);
        assert_eq!(lost([0x7F, 0xFF, 0xFF]), 8_388_607);
    }

    #[test]
    fn loss_beyond_24_bits_stays_at_the_end() {
        let mut out = Vec::new();
        ReportBlock { cumulative_lost: 9_000_000, ..ReportBlock::default() }.emit(&mut out);
        assert_eq!(out[5..8], [0x7F, 0xFF, 0xFF]);
    }

    #[test]
    fn a_round_trip_goes_over_the_wrap() {
        let block = ReportBlock {
            last_sender_report: NtpMiddle(0xFFFF_F000),
            delay_since_last: 0x1800,
            ..ReportBlock::default()
        };
        assert_eq!(block.round_trip(NtpMiddle(0x1000)), Some(0x800));
        assert_eq!(block.round_trip(NtpMiddle(0x700)), Some(-0x100));
        assert_eq!(ReportBlock::default().round_trip(NtpMiddle(5)), None);
    }

    #[test]
    fn blocks_before_a_fault_stay() {
        let bytes = [0; 4 + 24 + 10];
        let mut cursor = Cursor::silent(&bytes, 4);
        let report = receiver(&mut cursor, 2).unwrap();
        assert_eq!((report.reports.len(), report.extension.len()), (1, 0));
        assert_eq!(cursor.fault().unwrap().field, "extended highest sequence number received");
    }

    #[test]
    fn fraction_lost_is_of_256() {
        let fraction = |fraction_lost| ReportBlock { fraction_lost, ..ReportBlock::default() }.fraction();
        assert_eq!([0, 64, 128, 255].map(fraction), [0.0, 0.25, 0.5, 0.996_093_75]);
    }
}
