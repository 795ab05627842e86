//! VP9 (RFC 9628 section 4.2): the payload descriptor.

use super::picture::Picture;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// Spatial layers there are at most.
const MOST_LAYERS: usize = 8;

/// What the descriptor of a VP9 payload says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Vp9 {
    /// Number of the picture, of seven or fifteen bits.
    pub picture_id: Option<u16>,
    /// Whether the frame needs earlier pictures.
    pub inter_picture: bool,
    /// Whether references are told by the descriptor (flexible mode).
    pub flexible: bool,
    /// Whether a layer frame begins with the payload.
    pub begins_frame: bool,
    /// Whether one ends with it.
    pub ends_frame: bool,
    /// Whether no upper spatial layer needs this one.
    pub non_reference: bool,
    /// Temporal layer, 0 to 7.
    pub temporal_layer: Option<u8>,
    /// Whether one may switch up to its temporal layer here.
    pub switching_up: bool,
    /// Spatial layer, 0 to 7.
    pub spatial_layer: Option<u8>,
    /// Whether the frame needs the spatial layer below.
    pub inter_layer: bool,
    /// Number of the last picture of the lowest temporal layer.
    pub tl0_picture_index: Option<u8>,
    /// How many pictures back those are that it needs, in flexible mode; 0 for none.
    pub differences: [u8; 3],
    /// How many spatial layers the scalability structure has; nothing where there is no structure.
    pub spatial_layers: Option<u8>,
    /// Width and height of the spatial layers in pixels, where the structure says them.
    pub resolutions: [Option<(u16, u16)>; MOST_LAYERS],
}

impl Vp9 {
    /// Whether the frame needs neither earlier pictures nor a lower layer.
    #[must_use]
    pub fn is_key_frame(&self) -> bool {
        !self.inter_picture && !self.inter_layer
    }

    pub(super) fn picture(&self) -> Picture {
        let largest = self.resolutions.iter().rev().flatten().next();
        Picture {
            begins: self.begins_frame,
            ends: Some(self.ends_frame),
            key_frame: self.is_key_frame(),
            picture_id: self.picture_id,
            temporal_layer: self.temporal_layer,
            spatial_layer: self.spatial_layer,
            resolution: largest.map(|(width, height)| (u32::from(*width), u32::from(*height))),
        }
    }
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: usize) -> Result<Vp9, Error> {
    let has_picture_id = cursor.flag("vp9.pld.i", "picture ID present")?;
    let inter_picture = cursor.flag("vp9.pld.p", "inter-picture predicted")?;
    let has_layers = cursor.flag("vp9.pld.l", "layer indices present")?;
    let flexible = cursor.flag("vp9.pld.f", "flexible mode")?;
    let mut read = Vp9 { inter_picture, flexible, ..Vp9::default() };
    read.begins_frame = cursor.flag("vp9.pld.b", "start of frame")?;
    read.ends_frame = cursor.flag("vp9.pld.e", "end of frame")?;
    let has_structure = cursor.flag("vp9.pld.v", "scalability structure present")?;
    read.non_reference = cursor.flag("vp9.pld.z", "not a reference for upper layers")?;
    if has_picture_id {
        let long = cursor.flag("vp9.pld.m", "extended picture ID")?;
        read.picture_id = Some(cursor.number(if long { 15 } else { 7 }, "vp9.pld.picture_id", "picture ID")?);
    }
    if has_layers {
        layers(cursor, &mut read)?;
    }
    if flexible && inter_picture {
        references(cursor, &mut read)?;
    }
    if has_structure {
        structure(cursor, &mut read)?;
    }
    cursor.remainder("vp9.payload", "VP9 payload");
    Ok(read)
}

fn layers<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut Vp9) -> Result<(), Error> {
    read.temporal_layer = Some(cursor.number(3, "vp9.pld.tid", "temporal layer")?);
    read.switching_up = cursor.flag("vp9.pld.u", "switching up point")?;
    read.spatial_layer = Some(cursor.number(3, "vp9.pld.sid", "spatial layer")?);
    read.inter_layer = cursor.flag("vp9.pld.d", "inter-layer dependency")?;
    if !read.flexible {
        read.tl0_picture_index = Some(cursor.number(8, "vp9.pld.tl0picidx", "TL0PICIDX")?);
    }
    Ok(())
}

fn references<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut Vp9) -> Result<(), Error> {
    for difference in &mut read.differences {
        *difference = cursor.number(7, "vp9.pld.p_diff", "reference index")?;
        if !cursor.flag("vp9.pld.n", "another reference follows")? {
            return Ok(());
        }
    }
    Err(cursor.wrong_length("reference indices", 3, 4))
}

fn structure<R: Record>(cursor: &mut Cursor<'_, R>, read: &mut Vp9) -> Result<(), Error> {
    let less: usize = cursor.number(3, "vp9.pld.n_s", "spatial layers, minus one")?;
    let sizes = cursor.flag("vp9.pld.y", "sizes present")?;
    let groups = cursor.flag("vp9.pld.g", "picture group present")?;
    cursor.reserved(3, "vp9.pld.reserved")?;
    let layers = less.saturating_add(1);
    read.spatial_layers = Some(layers as u8);
    if sizes {
        for resolution in read.resolutions.iter_mut().take(layers) {
            let width = cursor.number(16, "vp9.pld.width", "width")?;
            *resolution = Some((width, cursor.number(16, "vp9.pld.height", "height")?));
        }
    }
    if groups {
        let pictures: u8 = cursor.number(8, "vp9.pld.n_g", "pictures in the group")?;
        for _ in 0..pictures {
            group_picture(cursor)?;
        }
    }
    Ok(())
}

fn group_picture<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<(), Error> {
    cursor.number::<u8>(3, "vp9.pld.tid", "temporal layer")?;
    cursor.flag("vp9.pld.u", "switching up point")?;
    let references: u8 = cursor.number(2, "vp9.pld.r", "reference indices")?;
    cursor.reserved(2, "vp9.pld.reserved")?;
    for _ in 0..references {
        cursor.number::<u8>(8, "vp9.pld.p_diff", "reference index")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vp9, Error> {
        match Codec::Vp9.parse(bytes, 0)? {
            Header::Vp9(read) => Ok(read),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_structure_tells_the_sizes() {
        let bytes = [0xAA, 0x81, 0x02, 0x10, 7, 0x38, 1, 0x40, 0, 0xB4, 2, 0x80, 1, 0x68, 1, 0x14, 1, 9];
        let read = read(&bytes).unwrap();
        assert_eq!((read.picture_id, read.tl0_picture_index, read.spatial_layers), (Some(0x102), Some(7), Some(2)));
        assert!(read.is_key_frame() && read.switching_up);
        assert_eq!(read.resolutions[..2], [Some((320, 180)), Some((640, 360))]);
        assert_eq!(read.picture().resolution, Some((640, 360)));
    }

    #[test]
    fn an_upper_layer_of_a_key_picture_is_no_key_frame() {
        let read = read(&[0x2C, 0b0000_0011, 7, 9]).unwrap();
        assert_eq!((read.spatial_layer, read.is_key_frame()), (Some(1), false));
        assert_eq!(read.picture().ends, Some(true));
    }

    #[test]
    fn three_references_are_the_most() {
        assert_eq!(read(&[0x50, 3, 5, 6, 9]).unwrap().differences, [1, 2, 3]);
        assert_eq!(read(&[0x50, 3, 5, 7, 9]).unwrap_err().field, "reference indices");
    }

    #[test]
    fn a_key_frame_needs_neither_earlier_pictures_nor_a_lower_layer() {
        // P, then D in the layer indices; B and E are the ends of a layer frame.
        assert!(read(&[0x08, 9]).unwrap().is_key_frame());
        assert!(!read(&[0x48, 9]).unwrap().is_key_frame());
        assert!(read(&[0x28, 0b0000_0000, 7, 9]).unwrap().is_key_frame());
        assert!(!read(&[0x28, 0b0000_0001, 7, 9]).unwrap().is_key_frame());
        let ends = |byte| read(&[byte, 9]).map(|read| (read.begins_frame, read.ends_frame)).unwrap();
        assert_eq!((ends(0x08), ends(0x04), ends(0x0C)), ((true, false), (false, true), (true, true)));
    }
}
