//! Packets one by one: which arrived and when (RFC 3611 sections 4.1 to 4.3).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{SequenceNumber, Ssrc};

/// A bit for each packet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunLengths {
    /// Only every 2ᵗʰ packet is told, those whose number is a multiple of it; four bits.
    pub thinning: u8,
    /// The source.
    pub ssrc: Ssrc,
    /// The first packet.
    pub begin: SequenceNumber,
    /// One behind the last packet.
    pub end: SequenceNumber,
    /// The bits, in chunks; a null chunk at the end fills the block up.
    pub chunks: Vec<RunLengthChunk>,
}

/// Bits of several packets in two bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunLengthChunk(pub u16);

/// The time of arrival for each packet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptTimes {
    /// Only every 2ᵗʰ packet is told, those whose number is a multiple of it; four bits.
    pub thinning: u8,
    /// The source.
    pub ssrc: Ssrc,
    /// The first packet.
    pub begin: SequenceNumber,
    /// One behind the last packet.
    pub end: SequenceNumber,
    /// The times, in ticks of the media's clock.
    pub times: Vec<u32>,
}

impl RunLengthChunk {
    /// Its bits; none in a null chunk.
    pub fn bits(self) -> impl Iterator<Item = bool> {
        let chunk = self.0;
        let run = chunk & 0x8000 == 0;
        let length = if run { chunk & 0x3FFF } else { 15 };
        (0..length).map(move |place| {
            let bit = if run { 14 } else { 14_u16.saturating_sub(place) };
            chunk >> bit & 1 == 1
        })
    }
}

/// The packets that are told, from the first to before the last; a wrap may lie between.
fn told(begin: SequenceNumber, end: SequenceNumber, thinning: u8) -> impl Iterator<Item = SequenceNumber> {
    let step = (1_u16 << (thinning & 0x0F)).wrapping_sub(1);
    let count = end.0.wrapping_sub(begin.0);
    (0..count).map(move |place| begin.plus(place)).filter(move |number| number.0 & step == 0)
}

impl RunLengths {
    /// The packets and their bits.
    pub fn packets(&self) -> impl Iterator<Item = (SequenceNumber, bool)> {
        told(self.begin, self.end, self.thinning).zip(self.chunks.iter().flat_map(|chunk| chunk.bits()))
    }
}

impl ReceiptTimes {
    /// The packets and their times.
    pub fn packets(&self) -> impl Iterator<Item = (SequenceNumber, u32)> {
        told(self.begin, self.end, self.thinning).zip(self.times.iter().copied())
    }
}

fn range<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<(Ssrc, SequenceNumber, SequenceNumber), Error> {
    Ok((
        Ssrc(cursor.code(32, "rtcp.ssrc.identifier", "identifier")?),
        SequenceNumber(cursor.number(16, "rtcp.xr.beginseq", "begin sequence number")?),
        SequenceNumber(cursor.number(16, "rtcp.xr.endseq", "end sequence number")?),
    ))
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, specific: u8) -> Result<RunLengths, Error> {
    let (ssrc, begin, end) = range(cursor)?;
    let mut chunks = Vec::new();
    cursor.list(&mut chunks, None, |cursor| {
        let chunk = RunLengthChunk(cursor.code(16, "rtcp.xr.chunk", "chunk")?);
        cursor.means(|| match chunk.0 {
            0 => "end".to_owned(),
            run if run & 0x8000 == 0 => format!("run of {} {}", run & 0x3FFF, run >> 14 & 1),
            vector => format!("{:015b}", vector & 0x7FFF),
        });
        Ok(chunk)
    });
    Ok(RunLengths { thinning: specific & 0x0F, ssrc, begin, end, chunks })
}

pub(super) fn read_times<R: Record>(cursor: &mut Cursor<'_, R>, specific: u8) -> Result<ReceiptTimes, Error> {
    let (ssrc, begin, end) = range(cursor)?;
    let mut times = Vec::new();
    cursor.list(&mut times, None, |cursor| cursor.number(32, "rtcp.xr.receipt_time_seq", "receipt time"));
    Ok(ReceiptTimes { thinning: specific & 0x0F, ssrc, begin, end, times })
}

fn emit_range(ssrc: Ssrc, begin: SequenceNumber, end: SequenceNumber, out: &mut Vec<u8>) {
    out.extend(ssrc.0.to_be_bytes());
    out.extend(begin.0.to_be_bytes());
    out.extend(end.0.to_be_bytes());
}

pub(super) fn emit(block: &RunLengths, out: &mut Vec<u8>) -> u8 {
    emit_range(block.ssrc, block.begin, block.end, out);
    out.extend(block.chunks.iter().flat_map(|chunk| chunk.0.to_be_bytes()));
    block.thinning & 0x0F
}

pub(super) fn emit_times(block: &ReceiptTimes, out: &mut Vec<u8>) -> u8 {
    emit_range(block.ssrc, block.begin, block.end, out);
    out.extend(block.times.iter().flat_map(|time| time.to_be_bytes()));
    block.thinning & 0x0F
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_vectors_go_over_the_wrap() {
        let block = RunLengths {
            begin: SequenceNumber(65534),
            end: SequenceNumber(4),
            chunks: vec![RunLengthChunk(0x4003), RunLengthChunk(0x8000 | 0b101 << 12), RunLengthChunk(0)],
            ..RunLengths::default()
        };
        let packets: Vec<_> = block.packets().map(|(number, bit)| (number.0, bit)).collect();
        assert_eq!(packets, [(65534, true), (65535, true), (0, true), (1, true), (2, false), (3, true)]);
    }

    #[test]
    fn thinning_tells_multiples_only() {
        let block = ReceiptTimes {
            thinning: 3,
            begin: SequenceNumber(15432),
            end: SequenceNumber(15457),
            times: vec![1, 2, 3, 4, 5],
            ..ReceiptTimes::default()
        };
        assert_eq!(block.packets().map(|(number, _)| number.0).collect::<Vec<_>>(), [15432, 15440, 15448, 15456]);
    }
}
