//! H.264 (RFC 6184 section 5): single NAL units, aggregates and fragments.

use super::h264_sequence;
use super::picture::Picture;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// Types of NAL units (ITU-T H.264 table 7-1) and of packets (RFC 6184 table 1).
const SLICE: u8 = 1;
const IDR: u8 = 5;
const SEI: u8 = 6;
const SPS: u8 = 7;
const DELIMITER: u8 = 9;
const STAP_A: u8 = 24;
const STAP_B: u8 = 25;
const MTAP16: u8 = 26;
const MTAP24: u8 = 27;
const FU_A: u8 = 28;
const FU_B: u8 = 29;

/// What an H.264 payload holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct H264 {
    /// The type in the first byte: of the NAL unit, or of the aggregate or fragment.
    pub kind: u8,
    /// How many NAL units begin in the payload.
    pub units: u16,
    /// Whether a part of an IDR picture is in it.
    pub idr: bool,
    /// Whether a sequence parameter set is in it.
    pub sequence_parameter_set: bool,
    /// Whether a picture begins: a delimiter, a parameter set, supplemental information, or a picture's first slice.
    pub begins_picture: bool,
    /// For a fragment, whether it is the first and whether it is the last of its NAL unit.
    pub fragment: Option<(bool, bool)>,
    /// Width and height in pixels, from a sequence parameter set.
    pub resolution: Option<(u32, u32)>,
}

impl H264 {
    pub(super) fn picture(&self) -> Picture {
        Picture {
            begins: self.begins_picture,
            key_frame: self.idr || self.sequence_parameter_set,
            resolution: self.resolution,
            ..Picture::default()
        }
    }

    /// Takes note of a NAL unit of this type; `data` is what stands behind its first byte.
    fn unit(&mut self, kind: u8, data: &[u8]) {
        self.units = self.units.saturating_add(1);
        self.idr |= kind == IDR;
        // The first code of a slice is the number of its first macroblock, and zero is one bit.
        let first_slice = matches!(kind, SLICE | 2 | IDR) && data.first().is_some_and(|byte| byte & 0x80 != 0);
        self.begins_picture |= first_slice || (SEI..=DELIMITER).contains(&kind);
        if kind == SPS {
            self.sequence_parameter_set = true;
            self.resolution = h264_sequence::resolution(data).or(self.resolution);
        }
    }
}

fn unit_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "slice",
        2 => "slice data partition A",
        3 => "slice data partition B",
        4 => "slice data partition C",
        5 => "slice of an IDR picture",
        6 => "supplemental enhancement information",
        7 => "sequence parameter set",
        8 => "picture parameter set",
        9 => "access unit delimiter",
        10 => "end of sequence",
        11 => "end of stream",
        12 => "filler data",
        STAP_A => "STAP-A",
        STAP_B => "STAP-B",
        MTAP16 => "MTAP16",
        MTAP24 => "MTAP24",
        FU_A => "FU-A",
        FU_B => "FU-B",
        _ => return None,
    })
}

fn unit_header<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<u8, Error> {
    cursor.flag("h264.f", "F bit")?;
    cursor.number::<u8>(2, "h264.nal_nri", "NRI")?;
    let kind = cursor.number(5, "h264.nal_unit_hdr", "type")?;
    cursor.may_mean(unit_name(kind));
    Ok(kind)
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: usize) -> Result<H264, Error> {
    let mut read = H264 { kind: unit_header(cursor)?, ..H264::default() };
    match read.kind {
        STAP_A => aggregate(cursor, &mut read, 0)?,
        STAP_B => aggregate_with_order(cursor, &mut read, 0)?,
        // Distance and timestamp offset stand before each NAL unit.
        MTAP16 => aggregate_with_order(cursor, &mut read, 24)?,
        MTAP24 => aggregate_with_order(cursor, &mut read, 32)?,
        FU_A => fragment(cursor, &mut read, 0)?,
        FU_B => fragment(cursor, &mut read, 16)?,
        kind => read.unit(kind, cursor.remainder("h264.nal_unit", "NAL unit data")),
    }
    Ok(read)
}

fn aggregate_with_order<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut H264, before: usize) -> Result<(), Error> {
    cursor.number::<u16>(16, "h264.don", "decoding order number")?;
    aggregate(cursor, read, before)
}

fn aggregate<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut H264, before: usize) -> Result<(), Error> {
    while cursor.left() > 0 {
        let size: usize = cursor.number(16, "h264.nal_unit_size", "NAL unit size")?;
        if before > 0 {
            cursor.number::<u32>(before, "h264.mtap_offset", "order and timestamp offset")?;
        }
        if size == 0 {
            return Err(cursor.wrong_value("NAL unit size", 1, 0));
        }
        let kind = unit_header(cursor)?;
        let data = cursor.opaque(size.saturating_sub(1), "h264.nal_unit", "NAL unit data")?;
        read.unit(kind, data);
    }
    Ok(())
}

fn fragment<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut H264, order: usize) -> Result<(), Error> {
    let first = cursor.flag("h264.start.bit", "start bit")?;
    let last = cursor.flag("h264.end.bit", "end bit")?;
    cursor.reserved(1, "h264.forbidden.bit")?;
    let kind = cursor.number(5, "h264.nal_unit_type", "NAL unit type")?;
    cursor.may_mean(unit_name(kind));
    if order > 0 {
        cursor.number::<u16>(order, "h264.don", "decoding order number")?;
    }
    let data = cursor.remainder("h264.nal_unit", "NAL unit data");
    read.fragment = Some((first, last));
    if first {
        read.unit(kind, data);
    } else {
        read.idr = kind == IDR;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    fn read(bytes: &[u8]) -> Result<H264, Error> {
        match Codec::H264.parse(bytes, 0)? {
            Header::H264(read) => Ok(read),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_aggregate_of_parameter_sets_begins_a_key_frame() {
        let bytes = [24, 0, 2, 0x67, 66, 0, 2, 0x68, 1, 0, 2, 0x65, 0x88];
        let read = read(&bytes).unwrap();
        assert_eq!((read.units, read.idr, read.sequence_parameter_set), (3, true, true));
        assert!(read.picture().key_frame && read.picture().begins);
        assert_eq!(super::tests::read(&bytes[..12]).unwrap_err().field, "NAL unit data");
    }

    #[test]
    fn only_the_first_fragment_begins_a_unit() {
        let first = read(&[0x7C, 0x85, 0x88, 1]).unwrap();
        assert_eq!((first.units, first.fragment, first.picture().begins), (1, Some((true, false)), true));
        let last = read(&[0x7C, 0x45, 0x88, 1]).unwrap();
        assert_eq!((last.units, last.fragment, last.picture().begins), (0, Some((false, true)), false));
        assert!(last.picture().key_frame);
    }

    #[test]
    fn a_later_slice_begins_no_picture() {
        assert!(read(&[0x41, 0x9A]).unwrap().picture().begins);
        assert!(!read(&[0x41, 0x5A]).unwrap().picture().begins);
    }

    #[test]
    fn single_units_and_those_in_every_aggregate_and_fragment_tell_a_key_frame() {
        for (name, bytes, key) in [
            ("slice", &[0x41, 0x9A][..], false),
            ("IDR", &[0x65, 0x88], true),
            ("SPS", &[0x67, 66, 0], true),
            ("PPS", &[0x68, 1], false),
            ("STAP-A", &[24, 0, 2, 0x09, 0x10, 0, 2, 0x65, 0x88], true),
            ("STAP-B", &[25, 0, 1, 0, 2, 0x65, 0x88], true),
            ("MTAP16", &[26, 0, 1, 0, 2, 0, 0, 9, 0x65, 0x88], true),
            ("MTAP24", &[27, 0, 1, 0, 2, 0, 0, 0, 9, 0x41, 0x9A], false),
            ("FU-A of a slice", &[0x7C, 0x81, 0x9A], false),
            ("FU-B", &[0x7D, 0x85, 0, 1, 0x88], true),
        ] {
            assert_eq!(read(bytes).unwrap().picture().key_frame, key, "{name}");
        }
        assert_eq!(read(&[24, 0, 0, 0x65]).unwrap_err().field, "NAL unit size");
    }
}
