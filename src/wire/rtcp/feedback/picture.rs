//! Indications about pictures (RFC 4585 section 6.3), and the request for a report, which looks the same (RFC 6051
//! section 3.2).

use super::other::{emit_sources, sources};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{PayloadType, Ssrc};

/// Pictures are lost; the sender answers with a key frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PictureLossIndication {
    /// Who misses them.
    pub sender: Ssrc,
    /// Whose pictures they are.
    pub media: Ssrc,
}

/// A request for a sender report at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SenderReportRequest {
    /// Who asks.
    pub sender: Ssrc,
    /// Who shall report.
    pub media: Ssrc,
}

/// Parts of a picture are lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SliceLossIndication {
    /// Who misses them.
    pub sender: Ssrc,
    /// Whose picture it is.
    pub media: Ssrc,
    /// The parts.
    pub entries: Vec<SliceLoss>,
}

/// A run of macroblocks that is lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SliceLoss {
    /// The first one, thirteen bits.
    pub first: u16,
    /// How many, thirteen bits.
    pub number: u16,
    /// The lower six bits of the picture's id.
    pub picture_id: u8,
}

/// Which picture to predict from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReferencePictureSelection<'a> {
    /// Who asks.
    pub sender: Ssrc,
    /// Whose picture it is.
    pub media: Ssrc,
    /// Bits at the end of the string that do not count.
    pub padding_bits: u8,
    /// The format that gives the string its meaning.
    pub payload_type: PayloadType,
    /// The string, padding included.
    pub bits: &'a [u8],
}

pub(in crate::wire::rtcp) fn read_loss<R: Record>(
    cursor: &mut Cursor<'_, R>,
    _: u8,
) -> Result<PictureLossIndication, Error> {
    sources(cursor).map(|(sender, media)| PictureLossIndication { sender, media })
}

pub(in crate::wire::rtcp) fn read_request<R: Record>(
    cursor: &mut Cursor<'_, R>,
    _: u8,
) -> Result<SenderReportRequest, Error> {
    sources(cursor).map(|(sender, media)| SenderReportRequest { sender, media })
}

fn slice<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<SliceLoss, Error> {
    Ok(SliceLoss {
        first: cursor.number(13, "rtcp.psfb.fir.sli.first", "first macroblock")?,
        number: cursor.number(13, "rtcp.psfb.fir.sli.number", "number of macroblocks")?,
        picture_id: cursor.number(6, "rtcp.psfb.fir.sli.picture_id", "picture id")?,
    })
}

pub(in crate::wire::rtcp) fn read_slice<R: Record>(
    cursor: &mut Cursor<'_, R>,
    _: u8,
) -> Result<SliceLossIndication, Error> {
    let (sender, media) = sources(cursor)?;
    let mut entries = vec![slice(cursor)?];
    cursor.list(&mut entries, None, slice);
    Ok(SliceLossIndication { sender, media, entries })
}

pub(in crate::wire::rtcp) fn read_reference<'a, R: Record>(
    cursor: &mut Cursor<'a, R>,
    _: u8,
) -> Result<ReferencePictureSelection<'a>, Error> {
    let (sender, media) = sources(cursor)?;
    let padding_bits = cursor.number(8, "rtcp.psfb.rpsi.padding_bits", "padding bits")?;
    cursor.reserved(1, "rtcp.psfb.rpsi.reserved")?;
    let payload_type = PayloadType(cursor.number(7, "rtcp.psfb.rpsi.payload_type", "payload type")?);
    let bits = cursor.remainder("rtcp.psfb.rpsi.bits", "native RPSI bit string");
    if usize::from(padding_bits) > bits.len().saturating_mul(8) {
        let fault = cursor.wrong_length("padding bits", bits.len().saturating_mul(8), usize::from(padding_bits));
        cursor.keep(fault);
    }
    Ok(ReferencePictureSelection { sender, media, padding_bits, payload_type, bits })
}

impl PictureLossIndication {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        0
    }
}

impl SenderReportRequest {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        0
    }
}

impl SliceLossIndication {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        for entry in &self.entries {
            let word = u32::from(entry.first & 0x1FFF) << 19
                | u32::from(entry.number & 0x1FFF) << 6
                | u32::from(entry.picture_id & 0x3F);
            out.extend(word.to_be_bytes());
        }
        0
    }
}

impl ReferencePictureSelection<'_> {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        out.extend([self.padding_bits, self.payload_type.0 & 0x7F]);
        out.extend(self.bits);
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_runs_of_macroblocks() {
        let read = read_slice(&mut Cursor::silent(&[0, 0, 0, 1, 0, 0, 0, 2, 0x55, 0x50, 0x00, 0x2C], 4), 2).unwrap();
        assert_eq!(read.entries, [SliceLoss { first: 0xAAA, number: 0, picture_id: 0x2C }]);
    }

    #[test]
    fn padding_within_a_selection_is_counted_in_bits() {
        let bytes = [0, 0, 0, 1, 0, 0, 0, 2, 8, 0x63, 7, 0];
        let mut cursor = Cursor::silent(&bytes, 4);
        let read = read_reference(&mut cursor, 3).unwrap();
        assert_eq!((read.padding_bits, read.payload_type, read.bits), (8, PayloadType(99), &[7, 0][..]));
        assert!(cursor.fault().is_none());
    }
}
