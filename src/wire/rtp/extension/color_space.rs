//! How colours are meant: color-space of libwebrtc, 4 bytes or 28 with HDR metadata.

use super::value::Value;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// How the colours of a picture are meant; the code points are those of ITU-T H.273.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColorSpace {
    /// Colour primaries.
    pub primaries: u8,
    /// Transfer characteristics.
    pub transfer: u8,
    /// Matrix coefficients.
    pub matrix: u8,
    /// 0 unspecified, 1 limited, 2 full, 3 by the matrix and the transfer.
    pub range: u8,
    /// Where chroma is sampled horizontally: 0 unspecified, 1 left, 2 centre.
    pub chroma_siting_horizontal: u8,
    /// Where chroma is sampled vertically: 0 unspecified, 1 top, 2 centre.
    pub chroma_siting_vertical: u8,
    /// Only for high dynamic range.
    pub hdr: Option<HdrMetadata>,
}

/// What the picture was mastered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HdrMetadata {
    /// The brightest the mastering display gets, in cd/m².
    pub luminance_maximum: u16,
    /// The darkest, in 1/10000 cd/m².
    pub luminance_minimum: u16,
    /// Its primaries red, green and blue, and its white point.
    pub mastering: [Chromaticity; 4],
    /// The brightest pixel of the content, in cd/m².
    pub maximum_content_light_level: u16,
    /// The brightest average of a frame, in cd/m².
    pub maximum_frame_average_light_level: u16,
}

/// A colour in CIE 1931 coordinates, in units of 1/50000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chromaticity {
    /// The x coordinate.
    pub x: u16,
    /// The y coordinate.
    pub y: u16,
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let primaries = cursor.number(8, "rtp.ext.color_space.primaries", "primaries")?;
    let transfer = cursor.number(8, "rtp.ext.color_space.transfer", "transfer")?;
    let matrix = cursor.number(8, "rtp.ext.color_space.matrix", "matrix")?;
    cursor.reserved(2, "rtp.ext.color_space.reserved")?;
    let range = cursor.number(2, "rtp.ext.color_space.range", "range")?;
    let chroma_siting_horizontal = cursor.number(2, "rtp.ext.color_space.siting_h", "horizontal chroma siting")?;
    let chroma_siting_vertical = cursor.number(2, "rtp.ext.color_space.siting_v", "vertical chroma siting")?;
    let hdr = if cursor.left() > 0 { Some(hdr(cursor)?) } else { None };
    Ok(Value::ColorSpace(ColorSpace {
        primaries,
        transfer,
        matrix,
        range,
        chroma_siting_horizontal,
        chroma_siting_vertical,
        hdr,
    }))
}

fn hdr<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<HdrMetadata, Error> {
    let luminance_maximum = cursor.number(16, "rtp.ext.color_space.luminance_max", "maximum luminance")?;
    let luminance_minimum = cursor.number(16, "rtp.ext.color_space.luminance_min", "minimum luminance")?;
    let mut mastering = [Chromaticity::default(); 4];
    for colour in &mut mastering {
        colour.x = cursor.number(16, "rtp.ext.color_space.chromaticity_x", "chromaticity x")?;
        colour.y = cursor.number(16, "rtp.ext.color_space.chromaticity_y", "chromaticity y")?;
    }
    Ok(HdrMetadata {
        luminance_maximum,
        luminance_minimum,
        mastering,
        maximum_content_light_level: cursor.number(16, "rtp.ext.color_space.max_cll", "maximum content light level")?,
        maximum_frame_average_light_level: cursor.number(
            16,
            "rtp.ext.color_space.max_fall",
            "maximum frame-average light level",
        )?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn four_bytes_or_twenty_eight() {
        let bytes: Vec<u8> = (1..=28).collect();
        let Value::ColorSpace(plain) = Kind::ColorSpace.decode(&[1, 2, 3, 0b0010_0110]).unwrap() else {
            panic!("another value")
        };
        assert_eq!((plain.range, plain.chroma_siting_horizontal, plain.chroma_siting_vertical), (2, 1, 2));
        assert_eq!(plain.hdr, None);
        let Value::ColorSpace(high) = Kind::ColorSpace.decode(&bytes).unwrap() else { panic!("another value") };
        let hdr = high.hdr.unwrap();
        assert_eq!((hdr.luminance_maximum, hdr.mastering[3].y), (0x0506, 0x1718));
        assert_eq!(hdr.maximum_frame_average_light_level, 0x1B1C);
        assert!(Kind::ColorSpace.decode(&bytes[..27]).is_err());
    }
}
