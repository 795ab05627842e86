//! The packet and the table of its blocks (RFC 3611 sections 2 and 3).

use super::reference_time::{self, DelaySinceLastReport};
use super::run_length::{self, ReceiptTimes, RunLengths};
use super::statistics::{self, StatisticsSummary};
use super::target_bitrate::{self, TargetBitrate};
use super::voip_metrics::{self, VoipMetrics};
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{NtpTimestamp, Ssrc};
use crate::wire::{Error, Reason};

/// Extended reports of one participant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtendedReport<'a> {
    /// Who reports.
    pub ssrc: Ssrc,
    /// The blocks, in wire order.
    pub blocks: Vec<Block<'a>>,
}

/// A block of another type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OtherBlock<'a> {
    /// Its type.
    pub kind: u8,
    /// Eight bits of its own.
    pub specific: u8,
    /// What it holds.
    pub data: &'a [u8],
}

macro_rules! blocks {
    ($($number:literal $variant:ident($type:ty) $read:path, $emit:path, $doc:literal;)*) => {
        /// A block of an extended report.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Block<'a> {
            $(
                #[doc = $doc]
                $variant($type),
            )*
            /// A block of another type.
            Other(OtherBlock<'a>),
        }

        fn body<'a, R: Record>(cursor: &mut Cursor<'a, R>, kind: u8, specific: u8) -> Result<Block<'a>, Error> {
            match kind {
                $($number => $read(cursor, specific).map(Block::$variant),)*
                _ => {
                    let data = cursor.remainder("rtcp.xr.data", "block data");
                    Ok(Block::Other(OtherBlock { kind, specific, data }))
                }
            }
        }

        impl Block<'_> {
            /// Its type and the eight bits behind it; what it holds is appended.
            fn emit(&self, out: &mut Vec<u8>) -> (u8, u8) {
                match self {
                    $(Self::$variant(block) => ($number, $emit(block, out)),)*
                    Self::Other(block) => {
                        out.extend(block.data);
                        (block.kind, block.specific)
                    }
                }
            }
        }

        fn name(kind: u8) -> Option<&'static str> {
            match kind {
                $($number => Some(stringify!($variant)),)*
                _ => None,
            }
        }
    };
}

// type, variant, grammar, emitter, doc
blocks! {
    1 LossRunLengths(RunLengths) run_length::read, run_length::emit, "Which packets arrived (section 4.1).";
    2 DuplicateRunLengths(RunLengths) run_length::read, run_length::emit, "Which packets arrived once; a clear bit is for one that arrived more often or not (section 4.2).";
    3 ReceiptTimes(ReceiptTimes) run_length::read_times, run_length::emit_times, "When packets arrived (section 4.3).";
    4 ReceiverReferenceTime(NtpTimestamp) reference_time::read, reference_time::emit, "The receiver's clock (section 4.4).";
    5 DelaySinceLastReceiverReport(Vec<DelaySinceLastReport>) reference_time::read_delays, reference_time::emit_delays, "How long ago the receivers' clocks were heard (section 4.5).";
    6 StatisticsSummary(StatisticsSummary) statistics::read, statistics::emit, "Loss, duplicates, jitter and hops (section 4.6).";
    7 VoipMetrics(VoipMetrics) voip_metrics::read, voip_metrics::emit, "How a call sounds (section 4.7).";
    42 TargetBitrate(Vec<TargetBitrate>) target_bitrate::read, target_bitrate::emit, "What each layer is meant to take, of libwebrtc.";
}

pub(in crate::wire::rtcp) fn read<'a, R: Record>(
    cursor: &mut Cursor<'a, R>,
    _: u8,
) -> Result<ExtendedReport<'a>, Error> {
    let ssrc = Ssrc(cursor.code(32, "rtcp.senderssrc", "sender SSRC")?);
    let mut report = ExtendedReport { ssrc, blocks: Vec::new() };
    while cursor.left() > 0 {
        let read = cursor.group("rtcp.xr.block", "block", |cursor| block(cursor, &mut report.blocks));
        if let Err(fault) = read {
            cursor.keep(fault);
            break;
        }
    }
    Ok(report)
}

fn block<'a, R: Record>(cursor: &mut Cursor<'a, R>, blocks: &mut Vec<Block<'a>>) -> Result<(), Error> {
    let kind = cursor.number(8, "rtcp.xr.bt", "block type")?;
    cursor.may_mean(name(kind));
    let specific = cursor.code(8, "rtcp.xr.bs", "type specific")?;
    let words: usize = cursor.number(16, "rtcp.xr.bl", "block length")?;
    let needed = words.saturating_mul(4);
    let found = cursor.left();
    // A block that breaks does not break those behind it.
    blocks.extend(cursor.within(needed, "rtcp.xr.undecoded", |cursor| body(cursor, kind, specific)));
    if found < needed {
        let reason = Reason::TooShort { needed, found };
        return Err(Error { offset: cursor.offset(), field: "block data", reason });
    }
    Ok(())
}

impl ExtendedReport<'_> {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        out.extend(self.ssrc.0.to_be_bytes());
        for block in &self.blocks {
            let mut data = Vec::new();
            let (kind, specific) = block.emit(&mut data);
            data.resize(data.len().next_multiple_of(4), 0);
            out.extend([kind, specific]);
            // The packet would be too long before this is.
            out.extend(u16::try_from(data.len() / 4).unwrap_or(u16::MAX).to_be_bytes());
            out.extend(data);
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_breaks_does_not_break_the_next() {
        let bytes = [0, 0, 0, 1, 4, 0, 0, 1, 9, 9, 9, 9, 99, 5, 0, 1, 1, 2, 3, 4];
        let mut cursor = Cursor::silent(&bytes, 4);
        let report = read(&mut cursor, 0).unwrap();
        assert_eq!(report.blocks, [Block::Other(OtherBlock { kind: 99, specific: 5, data: &[1, 2, 3, 4] })]);
        assert_eq!(cursor.fault().unwrap().field, "NTP timestamp");
    }

    #[test]
    fn a_block_longer_than_the_packet_is_a_fault() {
        let mut cursor = Cursor::silent(&[0, 0, 0, 1, 99, 0, 0, 9, 1, 2, 3, 4], 4);
        assert_eq!(read(&mut cursor, 0).unwrap().blocks.len(), 1);
        assert_eq!(cursor.fault().unwrap().reason, Reason::TooShort { needed: 36, found: 4 });
    }

    #[test]
    fn every_kind_of_block_is_known_by_its_number() {
        let known = [1, 2, 3, 4, 5, 6, 7, 42].map(name);
        assert!(known.iter().all(Option::is_some), "{known:?}");
        assert_eq!([0, 8, 12, 41, 43].map(name), [None; 5]);
    }
}
