//! AV1 (RTP Payload Format For AV1, section 4): aggregation header and OBU elements.

use super::av1_sequence;
use super::picture::Picture;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

const SEQUENCE_HEADER: u8 = 1;

/// What an AV1 payload holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Av1 {
    /// Whether the first OBU element goes on from the packet before.
    pub continues: bool,
    /// Whether the last OBU element goes on in the packet behind.
    pub goes_on: bool,
    /// How many elements the header says there are; 0 where each has a length of its own.
    pub element_count: u8,
    /// Whether a coded video sequence begins: a key frame.
    pub new_sequence: bool,
    /// How many OBU elements are in the payload.
    pub elements: u16,
    /// The temporal layer of the first OBU that tells it.
    pub temporal_layer: Option<u8>,
    /// The spatial layer of the first OBU that tells it.
    pub spatial_layer: Option<u8>,
    /// Width and height in pixels, from a sequence header.
    pub resolution: Option<(u32, u32)>,
}

impl Av1 {
    pub(super) fn picture(&self) -> Picture {
        Picture {
            begins: !self.continues,
            ends: None,
            key_frame: self.new_sequence,
            picture_id: None,
            temporal_layer: self.temporal_layer,
            spatial_layer: self.spatial_layer,
            resolution: self.resolution,
        }
    }
}

fn obu_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "sequence header",
        2 => "temporal delimiter",
        3 => "frame header",
        4 => "tile group",
        5 => "metadata",
        6 => "frame",
        7 => "redundant frame header",
        8 => "tile list",
        15 => "padding",
        _ => return None,
    })
}

fn leb128<R: Record>(cursor: &mut Cursor<'_, R>, name: &'static str, label: &'static str) -> Result<usize, Error> {
    let mut value = 0_u64;
    for place in 0..8 {
        let byte: u64 = cursor.number(8, name, label)?;
        value |= (byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            cursor.means(|| format!("{value} bytes"));
            return Ok(usize::try_from(value).unwrap_or(usize::MAX));
        }
    }
    Err(cursor.wrong_length(label, 8, 9))
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: usize) -> Result<Av1, Error> {
    let mut read = Av1 {
        continues: cursor.flag("av1.aggr.z", "first element is a continuation")?,
        goes_on: cursor.flag("av1.aggr.y", "last element goes on")?,
        element_count: cursor.number(2, "av1.aggr.w", "element count")?,
        new_sequence: cursor.flag("av1.aggr.n", "new coded video sequence")?,
        ..Av1::default()
    };
    cursor.reserved(3, "av1.aggr.reserved")?;
    if read.continues && read.new_sequence {
        return Err(cursor.wrong_value("new coded video sequence", 0, 1));
    }
    while cursor.left() > 0 {
        let number = read.elements.saturating_add(1);
        // The last of a counted number of elements has no length: it takes what is left.
        let last = number == u16::from(read.element_count);
        let length = if last { cursor.left() } else { leb128(cursor, "av1.obu.length", "OBU element length")? };
        read.elements = number;
        if number == 1 && read.continues {
            cursor.opaque(length, "av1.obu.data", "OBU data")?;
        } else {
            element(cursor, &mut read, length)?;
        }
    }
    Ok(read)
}

fn element<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut Av1, length: usize) -> Result<(), Error> {
    if length > cursor.left() {
        cursor.opaque(length, "av1.obu.data", "OBU data")?;
    }
    let Some(behind) = cursor.left().checked_sub(length).filter(|_| length > 0) else { return Ok(()) };
    cursor.reserved(1, "av1.obu.forbidden")?;
    let kind = cursor.number(4, "av1.obu.type", "OBU type")?;
    cursor.may_mean(obu_name(kind));
    let extended = cursor.flag("av1.obu.extension_flag", "extension")?;
    let sized = cursor.flag("av1.obu.has_size_field", "has size field")?;
    cursor.reserved(1, "av1.obu.reserved")?;
    if extended {
        let temporal_layer = cursor.number(3, "av1.obu.temporal_id", "temporal id")?;
        let spatial_layer = cursor.number(2, "av1.obu.spatial_id", "spatial id")?;
        cursor.reserved(3, "av1.obu.reserved")?;
        read.temporal_layer = read.temporal_layer.or(Some(temporal_layer));
        read.spatial_layer = read.spatial_layer.or(Some(spatial_layer));
    }
    if sized {
        leb128(cursor, "av1.obu.size", "OBU size")?;
    }
    let Some(width) = cursor.left().checked_sub(behind) else {
        return Err(cursor.wrong_length("OBU element length", length.saturating_add(1), length));
    };
    let data = cursor.opaque(width, "av1.obu.data", "OBU data")?;
    if kind == SEQUENCE_HEADER {
        read.resolution = av1_sequence::resolution(data).or(read.resolution);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    fn read(bytes: &[u8]) -> Result<Av1, Error> {
        match Codec::Av1.parse(bytes, 0)? {
            Header::Av1(read) => Ok(read),
            other => panic!("{other:?}"),
        }
    }

    /// A sequence header between the aggregation header and a frame.
    #[test]
    fn a_new_sequence_is_a_key_frame_with_a_size() {
        let bytes = [0x28, 11, 0x08, 0x00, 0x00, 0x00, 0x4A, 0xAB, 0xBF, 0xC3, 0x77, 0x2B, 0xE6, 0x30, 1, 2];
        let read = read(&bytes).unwrap();
        assert_eq!((read.elements, read.element_count), (2, 2));
        assert!(read.picture().key_frame && read.picture().begins);
    }

    #[test]
    fn elements_have_lengths_but_the_last_counted_one() {
        assert_eq!(read(&[0x00, 2, 0x30, 1, 1, 0x30]).unwrap().elements, 2);
        assert_eq!(read(&[0x10, 0x30, 1, 1]).unwrap().elements, 1);
        assert_eq!(read(&[0x00, 9, 0x30]).unwrap_err().field, "OBU data");
    }

    #[test]
    fn a_continuation_begins_nothing() {
        let read = read(&[0x90, 0x0A, 1, 1]).unwrap();
        assert!(!read.picture().begins);
        assert!(super::tests::read(&[0x98, 0x0A, 1, 1]).is_err());
    }

    #[test]
    fn layers_stand_in_the_obu_extension() {
        let read = read(&[0x10, 0x34, 0b0101_0000, 1]).unwrap();
        assert_eq!((read.temporal_layer, read.spatial_layer), (Some(2), Some(2)));
    }

    #[test]
    fn an_element_ends_with_its_length() {
        assert_eq!(read(&[0x00, 1, 0x34, 5]).unwrap_err().field, "OBU element length");
        assert_eq!(read(&[0x00, 0, 0, 0]).unwrap().elements, 3);
    }

    #[test]
    fn only_the_new_sequence_flag_makes_a_key_frame() {
        assert!(read(&[0x18, 0x30, 1]).unwrap().picture().key_frame);
        assert!(!read(&[0x10, 0x30, 1]).unwrap().picture().key_frame);
        let both = read(&[0x50, 0x30, 1]).unwrap();
        assert!(both.goes_on && !both.continues && both.picture().begins);
    }
}
