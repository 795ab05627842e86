//! VP8 (RFC 7741 section 4.2): payload descriptor, and the payload header of a frame's first packet.

use super::picture::Picture;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// What the descriptor and the header of a VP8 payload say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Vp8 {
    /// Whether no other frame needs this one.
    pub non_reference: bool,
    /// Whether a partition begins with the payload.
    pub starts_partition: bool,
    /// Which partition, 0 for the first.
    pub partition: u8,
    /// Number of the picture, of seven or fifteen bits.
    pub picture_id: Option<u16>,
    /// Number of the last picture of the lowest temporal layer.
    pub tl0_picture_index: Option<u8>,
    /// Temporal layer, 0 to 3.
    pub temporal_layer: Option<u8>,
    /// Whether the picture needs only the lowest layer, so that one may switch up here.
    pub layer_sync: bool,
    /// Number of the key frame that the picture depends on, modulo 32.
    pub key_index: Option<u8>,
    /// Whether the frame needs no other; known from its first packet.
    pub key_frame: Option<bool>,
    /// Width and height of a key frame in pixels, before scaling.
    pub resolution: Option<(u32, u32)>,
}

impl Vp8 {
    /// Whether a frame begins with the payload.
    #[must_use]
    pub fn begins_frame(&self) -> bool {
        self.starts_partition && self.partition == 0
    }

    pub(super) fn picture(&self) -> Picture {
        Picture {
            begins: self.begins_frame(),
            ends: None,
            key_frame: self.key_frame == Some(true),
            picture_id: self.picture_id,
            temporal_layer: self.temporal_layer,
            spatial_layer: None,
            resolution: self.resolution,
        }
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: usize) -> Result<Vp8, Error> {
    let extended = cursor.flag("vp8.pld.x", "X bit")?;
    cursor.reserved(1, "vp8.pld.r")?;
    let mut read = Vp8 {
        non_reference: cursor.flag("vp8.pld.n", "N bit")?,
        starts_partition: cursor.flag("vp8.pld.s", "S bit")?,
        ..Vp8::default()
    };
    cursor.reserved(1, "vp8.pld.r")?;
    read.partition = cursor.number(3, "vp8.pld.partid", "partition index")?;
    if extended {
        extension(cursor, &mut read)?;
    }
    if read.begins_frame() {
        frame_header(cursor, &mut read)?;
    }
    cursor.remainder("vp8.payload", "VP8 payload");
    Ok(read)
}

fn extension<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut Vp8) -> Result<(), Error> {
    let has_picture_id = cursor.flag("vp8.pld.i", "I bit")?;
    let has_index = cursor.flag("vp8.pld.l", "L bit")?;
    let has_layer = cursor.flag("vp8.pld.t", "T bit")?;
    let has_key_index = cursor.flag("vp8.pld.k", "K bit")?;
    cursor.reserved(4, "vp8.pld.rsva")?;
    if has_picture_id {
        let long = cursor.flag("vp8.pld.m", "M bit")?;
        read.picture_id = Some(cursor.number(if long { 15 } else { 7 }, "vp8.pld.pictureid", "picture ID")?);
    }
    if has_index {
        read.tl0_picture_index = Some(cursor.number(8, "vp8.pld.tl0picidx", "TL0PICIDX")?);
    }
    if has_layer || has_key_index {
        let layer = cursor.number(2, "vp8.pld.tid", "temporal layer index")?;
        let sync = cursor.flag("vp8.pld.y", "layer sync")?;
        let key_index = cursor.number(5, "vp8.pld.keyidx", "temporal key frame index")?;
        read.temporal_layer = has_layer.then_some(layer);
        read.layer_sync = has_layer && sync;
        read.key_index = has_key_index.then_some(key_index);
    }
    Ok(())
}

fn frame_header<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut Vp8) -> Result<(), Error> {
    cursor.number::<u8>(3, "vp8.hdr.size0", "first partition size, low bits")?;
    cursor.flag("vp8.hdr.show", "show bit")?;
    cursor.number::<u8>(3, "vp8.hdr.version", "version")?;
    let inter = cursor.flag("vp8.hdr.frametype", "inter frame")?;
    read.key_frame = Some(!inter);
    cursor.little::<u16>(2, "vp8.hdr.partition_size", "first partition size, high bits")?;
    if inter {
        return Ok(());
    }
    let start: u32 = cursor.code(24, "vp8.keyframe.start_code", "start code")?;
    if start != 0x9D_01_2A {
        return Err(cursor.wrong_value("start code", 0x9D_01_2A, u64::from(start)));
    }
    let mut side = |name, label| -> Result<u32, Error> {
        let side: u32 = cursor.little(2, name, label)?;
        cursor.shows(u64::from(side & 0x3FFF));
        cursor.means(|| format!("scale {}", side >> 14));
        Ok(side & 0x3FFF)
    };
    let width = side("vp8.keyframe.width", "width")?;
    read.resolution = Some((width, side("vp8.keyframe.height", "height")?));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vp8, Error> {
        match Codec::Vp8.parse(bytes, 0)? {
            Header::Vp8(read) => Ok(read),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_key_frame_has_a_size() {
        let bytes = [0x10, 0x10, 2, 0, 0x9D, 1, 0x2A, 0x80, 0x42, 0x68, 0x01, 9];
        let picture = read(&bytes).unwrap().picture();
        assert!(picture.begins && picture.key_frame);
        assert_eq!(picture.resolution, Some((640, 360)));
        let mut wrong = bytes;
        wrong[4] = 0;
        assert_eq!(read(&wrong).unwrap_err().field, "start code");
    }

    #[test]
    fn picture_ids_take_one_byte_or_two() {
        assert_eq!(read(&[0x80, 0x80, 0x11]).unwrap().picture_id, Some(0x11));
        assert_eq!(read(&[0x80, 0x80, 0x91, 0x22]).unwrap().picture_id, Some(0x1122));
    }

    #[test]
    fn layers_are_told() {
        let read = read(&[0x90, 0xF0, 0x05, 7, 0b1010_0011, 0x11, 0, 0]).unwrap();
        assert_eq!((read.temporal_layer, read.layer_sync, read.key_index), (Some(2), true, Some(3)));
        assert_eq!((read.tl0_picture_index, read.key_frame), (Some(7), Some(false)));
    }

    #[test]
    fn another_partition_begins_no_frame() {
        assert!(!read(&[0x11, 0, 0]).unwrap().begins_frame());
        assert!(!read(&[0x00, 0, 0]).unwrap().begins_frame());
    }

    /// Another partition, or the middle of the first one, may begin with the bits of a key frame.
    #[test]
    fn only_the_first_packet_of_a_frame_tells_a_key_frame() {
        let key = [0x10, 2, 0, 0x9D, 1, 0x2A, 0x80, 0x42, 0x68, 0x01];
        for (descriptor, known) in [(0x10, Some(true)), (0x00, None), (0x11, None)] {
            assert_eq!(read(&[&[descriptor][..], &key].concat()).unwrap().key_frame, known, "{descriptor:#x}");
        }
        assert_eq!(read(&[0x10, 0x11, 2, 0]).unwrap().key_frame, Some(false));
    }
}
