//! `REMB`: the bitrate a receiver believes the link carries (draft-alvestrand-rmcat-remb-03 section 2.2).

use super::other::{emit_sources, sources};
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::Ssrc;
use crate::wire::{Error, Reason};

const NAME: &[u8; 4] = b"REMB";

/// What a receiver believes that the link carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiverEstimatedBitrate {
    /// Who believes it.
    pub sender: Ssrc,
    /// Zero: the sources stand in a list.
    pub media: Ssrc,
    /// Exponent of the bitrate, six bits.
    pub exponent: u8,
    /// Mantissa of the bitrate, eighteen bits.
    pub mantissa: u32,
    /// The sources that share it.
    pub sources: Vec<Ssrc>,
}

impl ReceiverEstimatedBitrate {
    /// An estimate of at most `bps` bits per second, rounded down to what can be said.
    #[must_use]
    pub fn of(sender: Ssrc, bps: u64, sources: Vec<Ssrc>) -> Self {
        let exponent = 64_u32.saturating_sub(bps.leading_zeros()).saturating_sub(18);
        let mantissa = (bps >> exponent) as u32;
        Self { sender, media: Ssrc(0), exponent: exponent as u8, mantissa, sources }
    }

    /// The estimate in bits per second. It may be more than 64 bits hold.
    #[must_use]
    pub fn bitrate_bps(&self) -> u128 {
        u128::from(self.mantissa & 0x3_FFFF) << (self.exponent & 0x3F)
    }

    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        out.extend(NAME);
        // One byte counts the sources: what is more cannot be said.
        let sources = self.sources.get(..usize::from(u8::MAX)).unwrap_or(&self.sources);
        let rate = u32::from(self.exponent & 0x3F) << 18 | self.mantissa & 0x3_FFFF;
        out.extend((rate | (sources.len() as u32) << 24).to_be_bytes());
        out.extend(sources.iter().flat_map(|source| source.0.to_be_bytes()));
        0
    }
}

/// Whether the body of an application layer feedback is an estimate.
pub(in crate::wire::rtcp) fn is_here(body: &[u8]) -> bool {
    body.get(8..12) == Some(NAME)
}

pub(in crate::wire::rtcp) fn read<R: Record>(
    cursor: &mut Cursor<'_, R>,
    _: u8,
) -> Result<ReceiverEstimatedBitrate, Error> {
    let (sender, media) = sources(cursor)?;
    cursor.text(4, "rtcp.psfb.remb.identifier", "unique identifier")?;
    let count: usize = cursor.number(8, "rtcp.psfb.remb.fci.number_ssrcs", "number of SSRCs")?;
    let exponent = cursor.number(6, "rtcp.psfb.remb.fci.br_exp", "bitrate exponent")?;
    let mantissa = cursor.number(18, "rtcp.psfb.remb.fci.br_mantissa", "bitrate mantissa")?;
    let mut estimate = ReceiverEstimatedBitrate { sender, media, exponent, mantissa, sources: Vec::new() };
    cursor.means(|| format!("{} bit/s", estimate.bitrate_bps()));
    let found = cursor.left() / 4;
    let source = |cursor: &mut Cursor<'_, R>| cursor.code(32, "rtcp.psfb.remb.fci.ssrc", "SSRC").map(Ssrc);
    cursor.list(&mut estimate.sources, Some(count.min(found)), source);
    if count != found {
        let reason = Reason::WrongLength { needed: count.saturating_mul(4), found: found.saturating_mul(4) };
        cursor.keep(Error { offset: cursor.offset(), field: "SSRCs", reason });
    }
    Ok(estimate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponent_without_mantissa_is_nothing() {
        let estimate = ReceiverEstimatedBitrate { exponent: 47, ..ReceiverEstimatedBitrate::default() };
        assert_eq!(estimate.bitrate_bps(), 0);
    }

    #[test]
    fn an_estimate_may_pass_64_bits() {
        let estimate = ReceiverEstimatedBitrate { exponent: 63, mantissa: 0x3_FFFF, ..Default::default() };
        assert_eq!(estimate.bitrate_bps(), 2_417_842_415_857_221_494_636_544);
        assert_eq!(ReceiverEstimatedBitrate::of(Ssrc(1), 4_160_000, vec![]).bitrate_bps(), 4_160_000);
    }

    #[test]
    fn exponent_and_mantissa_share_three_bytes() {
        let bytes = [0, 0, 0, 1, 0, 0, 0, 0, b'R', b'E', b'M', b'B', 1, 0x0B, 0xD0, 0x90, 0, 0, 0, 2];
        let mut cursor = Cursor::silent(&bytes, 4);
        let estimate = read(&mut cursor, 15).unwrap();
        assert_eq!((estimate.exponent, estimate.mantissa, estimate.bitrate_bps()), (2, 250_000, 1_000_000));
        assert_eq!((estimate.sources, cursor.fault()), (vec![Ssrc(2)], None));
    }

    #[test]
    fn a_count_of_sources_that_lies_is_a_fault() {
        let bytes = [0, 0, 0, 1, 0, 0, 0, 0, b'R', b'E', b'M', b'B', 9, 0, 0, 1, 0, 0, 0, 2];
        let mut cursor = Cursor::silent(&bytes, 4);
        assert_eq!(read(&mut cursor, 15).unwrap().sources, [Ssrc(2)]);
        assert_eq!(cursor.fault().unwrap().field, "SSRCs");
    }
}
