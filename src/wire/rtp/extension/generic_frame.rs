//! generic-frame-descriptor-00 of libwebrtc: what the dependency descriptor replaced.

use super::value::Value;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// Most dependencies that are kept of a frame; libwebrtc sends at most eight.
const MOST_DEPENDENCIES: usize = 8;

/// Frame, layers and dependencies of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenericFrameDescriptor {
    /// Whether the packet is the first of its layer frame.
    pub begins: bool,
    /// Whether it is the last of its layer frame.
    pub ends: bool,
    /// The temporal layer, 0 to 7.
    pub temporal_layer: u8,
    /// What only the first packet of a layer frame says.
    pub frame: Option<GenericFrame>,
}

/// What the first packet says of its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenericFrame {
    /// A bit for each spatial layer it belongs to.
    pub spatial_layers: u8,
    /// Its number, which wraps at 65536.
    pub frame_id: u16,
    /// How many frames back those are that it needs; the first `dependency_count` count. None for a key frame.
    pub dependencies: [u16; MOST_DEPENDENCIES],
    /// How many of them there are.
    pub dependency_count: usize,
    /// Width and height, which a key frame may have.
    pub resolution: Option<(u16, u16)>,
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let begins = cursor.flag("rtp.ext.gfd.begin", "begin of sub-frame")?;
    let ends = cursor.flag("rtp.ext.gfd.end", "end of sub-frame")?;
    cursor.flag("rtp.ext.gfd.first", "first sub-frame")?;
    cursor.flag("rtp.ext.gfd.last", "last sub-frame")?;
    let dependent = cursor.flag("rtp.ext.gfd.dependencies", "has dependencies")?;
    let temporal_layer = cursor.number(3, "rtp.ext.gfd.temporal", "temporal layer")?;
    let frame = if begins { Some(frame(cursor, dependent)?) } else { None };
    Ok(Value::GenericFrameDescriptor(GenericFrameDescriptor { begins, ends, temporal_layer, frame }))
}

fn frame<R: Record>(cursor: &mut Cursor<'_, R>, dependent: bool) -> Result<GenericFrame, Error> {
    let mut frame = GenericFrame {
        spatial_layers: cursor.code(8, "rtp.ext.gfd.spatial", "spatial layers")?,
        frame_id: cursor.little(2, "rtp.ext.gfd.frame_id", "frame id")?,
        dependencies: [0; MOST_DEPENDENCIES],
        dependency_count: 0,
        resolution: None,
    };
    let mut more = dependent;
    while more {
        let low: u16 = cursor.number(6, "rtp.ext.gfd.fdiff", "frame difference")?;
        let extended = cursor.flag("rtp.ext.gfd.extended", "extended")?;
        more = cursor.flag("rtp.ext.gfd.more", "more dependencies")?;
        let high: u16 =
            if extended { cursor.number(8, "rtp.ext.gfd.fdiff_high", "frame difference, upper bits")? } else { 0 };
        let Some(place) = frame.dependencies.get_mut(frame.dependency_count) else {
            return Err(cursor.wrong_length(
                "dependencies",
                MOST_DEPENDENCIES,
                frame.dependency_count.saturating_add(1),
            ));
        };
        *place = high << 6 | low;
        frame.dependency_count = frame.dependency_count.saturating_add(1);
    }
    if !dependent && cursor.left() >= 4 {
        let width = cursor.number(16, "rtp.ext.gfd.width", "width")?;
        frame.resolution = Some((width, cursor.number(16, "rtp.ext.gfd.height", "height")?));
    }
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn read(bytes: &[u8]) -> GenericFrameDescriptor {
        match Kind::GenericFrameDescriptor.decode(bytes).unwrap() {
            Value::GenericFrameDescriptor(read) => read,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_key_frame_has_a_size() {
        let key = read(&[0x80, 1, 0x34, 0x12, 0x02, 0x80, 0x01, 0x68]).frame.unwrap();
        assert_eq!((key.frame_id, key.resolution), (0x1234, Some((640, 360))));
    }

    #[test]
    fn a_difference_may_take_two_bytes() {
        let frame = read(&[0x88, 1, 1, 0, 0x05, 0x0A, 0x01]).frame.unwrap();
        assert_eq!(frame.dependencies[..frame.dependency_count], [1, 66]);
    }

    #[test]
    fn a_later_packet_says_little() {
        assert_eq!(read(&[0x42]), GenericFrameDescriptor { begins: false, ends: true, temporal_layer: 2, frame: None });
    }
}
