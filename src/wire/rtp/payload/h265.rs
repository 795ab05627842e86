//! H.265 (RFC 7798 section 4.4): single NAL units, aggregates and fragments.

use super::h265_sequence;
use super::picture::Picture;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

const SPS: u8 = 33;
const AGGREGATE: u8 = 48;
const FRAGMENT: u8 = 49;
const PACI: u8 = 50;

/// What an H.265 payload holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct H265 {
    /// The type in the first bytes: of the NAL unit, or of the aggregate or fragment.
    pub kind: u8,
    /// How many NAL units begin in the payload.
    pub units: u16,
    /// Whether a part of a picture is in it that decoding may begin with: types 16 to 23.
    pub random_access: bool,
    /// Whether a sequence parameter set is in it.
    pub sequence_parameter_set: bool,
    /// Whether a picture begins: a parameter set, a delimiter, supplemental information, or a picture's first slice.
    pub begins_picture: bool,
    /// The temporal layer, 0 to 6.
    pub temporal_layer: u8,
    /// The layer of a scalable or multi-view stream, 0 for the base.
    pub layer: u8,
    /// For a fragment, whether it is the first and whether it is the last of its NAL unit.
    pub fragment: Option<(bool, bool)>,
    /// Width and height in pixels, from a sequence parameter set.
    pub resolution: Option<(u32, u32)>,
}

impl H265 {
    pub(super) fn picture(&self) -> Picture {
        Picture {
            begins: self.begins_picture,
            key_frame: self.random_access || self.sequence_parameter_set,
            temporal_layer: Some(self.temporal_layer),
            spatial_layer: Some(self.layer).filter(|layer| *layer > 0),
            resolution: self.resolution,
            ..Picture::default()
        }
    }

    fn unit(&mut self, kind: u8, data: &[u8]) {
        self.units = self.units.saturating_add(1);
        self.random_access |= (16..=23).contains(&kind);
        // The first bit of a slice says whether it is the first of its picture.
        let first_slice = kind < 32 && data.first().is_some_and(|byte| byte & 0x80 != 0);
        self.begins_picture |= first_slice || (32..=35).contains(&kind) || kind == 39;
        if kind == SPS {
            self.sequence_parameter_set = true;
            self.resolution = h265_sequence::resolution(data).or(self.resolution);
        }
    }
}

fn unit_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0..=15 => "slice",
        16..=18 => "slice of a BLA picture",
        19 | 20 => "slice of an IDR picture",
        21 => "slice of a CRA picture",
        22 | 23 => "slice of a random access picture, reserved",
        32 => "video parameter set",
        33 => "sequence parameter set",
        34 => "picture parameter set",
        35 => "access unit delimiter",
        39 | 40 => "supplemental enhancement information",
        AGGREGATE => "aggregation packet",
        FRAGMENT => "fragmentation unit",
        PACI => "PACI packet",
        _ => return None,
    })
}

/// Type, layer and temporal layer.
fn unit_header<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<(u8, u8, u8), Error> {
    cursor.flag("h265.nal_f", "F bit")?;
    let kind = cursor.number(6, "h265.nal_unit_type", "type")?;
    cursor.may_mean(unit_name(kind));
    let layer = cursor.number(6, "h265.nuh_layer_id", "layer id")?;
    let more: u8 = cursor.number(3, "h265.nuh_temporal_id_plus1", "temporal id, plus one")?;
    if more == 0 {
        return Err(cursor.wrong_value("temporal id, plus one", 1, 0));
    }
    Ok((kind, layer, more.saturating_sub(1)))
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: usize) -> Result<H265, Error> {
    let (kind, layer, temporal_layer) = unit_header(cursor)?;
    let mut read = H265 { kind, layer, temporal_layer, ..H265::default() };
    match kind {
        AGGREGATE => aggregate(cursor, &mut read)?,
        FRAGMENT => fragment(cursor, &mut read)?,
        // Its header changes what is inside, which nobody is known to send.
        PACI => drop(cursor.remainder("h265.paci", "PACI data")),
        _ => read.unit(kind, cursor.remainder("h265.nal_unit", "NAL unit data")),
    }
    Ok(read)
}

fn aggregate<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut H265) -> Result<(), Error> {
    while cursor.left() > 0 {
        let size: usize = cursor.number(16, "h265.nal_unit_size", "NAL unit size")?;
        let Some(behind) = size.checked_sub(2) else {
            return Err(cursor.wrong_value("NAL unit size", 2, size as u64));
        };
        let (kind, ..) = unit_header(cursor)?;
        let data = cursor.opaque(behind, "h265.nal_unit", "NAL unit data")?;
        read.unit(kind, data);
    }
    Ok(())
}

fn fragment<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut H265) -> Result<(), Error> {
    let first = cursor.flag("h265.start.bit", "start bit")?;
    let last = cursor.flag("h265.end.bit", "end bit")?;
    let kind = cursor.number(6, "h265.fu_type", "NAL unit type")?;
    cursor.may_mean(unit_name(kind));
    let data = cursor.remainder("h265.nal_unit", "NAL unit data");
    read.fragment = Some((first, last));
    if first {
        read.unit(kind, data);
    } else {
        read.random_access = (16..=23).contains(&kind);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    fn read(bytes: &[u8]) -> Result<H265, Error> {
        match Codec::H265.parse(bytes, 0)? {
            Header::H265(read) => Ok(read),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn random_access_pictures_are_key_frames() {
        for (kind, key) in [(1, false), (15, false), (16, true), (19, true), (21, true), (23, true), (24, false)] {
            assert_eq!(read(&[kind << 1, 2, 0x80]).unwrap().picture().key_frame, key, "{kind}");
        }
        assert_eq!(read(&[1 << 1, 2, 0x80]).unwrap().temporal_layer, 1);
    }

    #[test]
    fn only_the_first_fragment_begins_a_picture() {
        let first = read(&[49 << 1, 1, 0x80 | 19, 0x80]).unwrap();
        assert!(first.picture().begins && first.picture().key_frame);
        let next = read(&[49 << 1, 1, 19, 0x80]).unwrap();
        assert!(!next.picture().begins && next.picture().key_frame);
    }

    #[test]
    fn an_aggregate_is_cut_by_its_sizes() {
        let bytes = [48 << 1, 1, 0, 3, 32 << 1, 1, 9, 0, 3, 34 << 1, 1, 9];
        assert_eq!(read(&bytes).unwrap().units, 2);
        assert_eq!(read(&bytes[..11]).unwrap_err().field, "NAL unit data");
        assert!(read(&[48 << 1, 1, 0, 1, 9]).is_err());
    }

    #[test]
    fn a_key_frame_in_an_aggregate_is_seen() {
        let unit = |kind: u8| [48 << 1, 1, 0, 3, 32 << 1, 1, 9, 0, 3, kind << 1, 1, 0x80];
        assert!(read(&unit(20)).unwrap().picture().key_frame && read(&unit(33)).unwrap().picture().key_frame);
        assert!(!read(&unit(1)).unwrap().picture().key_frame);
    }
}
