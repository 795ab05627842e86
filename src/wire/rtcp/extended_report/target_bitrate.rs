//! What each layer is meant to take: block 42 of libwebrtc.

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// The target of one layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TargetBitrate {
    /// The spatial layer, four bits.
    pub spatial_layer: u8,
    /// The temporal layer, four bits.
    pub temporal_layer: u8,
    /// The target in kilobits per second, 24 bits.
    pub kbps: u32,
}

pub(super) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: u8) -> Result<Vec<TargetBitrate>, Error> {
    let mut targets = Vec::new();
    cursor.list(&mut targets, None, |cursor| {
        Ok(TargetBitrate {
            spatial_layer: cursor.number(4, "rtcp.xr.target.spatial", "spatial layer")?,
            temporal_layer: cursor.number(4, "rtcp.xr.target.temporal", "temporal layer")?,
            kbps: cursor.number(24, "rtcp.xr.target.bitrate", "target bitrate in kbit/s")?,
        })
    });
    Ok(targets)
}

pub(super) fn emit(targets: &[TargetBitrate], out: &mut Vec<u8>) -> u8 {
    for target in targets {
        let layers = u32::from(target.spatial_layer & 0x0F) << 28 | u32::from(target.temporal_layer & 0x0F) << 24;
        out.extend((layers | target.kbps & 0x00FF_FFFF).to_be_bytes());
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_and_kilobits_share_a_word() {
        let read = read(&mut Cursor::silent(&[0x12, 0x01, 0x00, 0x02], 8), 0).unwrap();
        assert_eq!(read, [TargetBitrate { spatial_layer: 1, temporal_layer: 2, kbps: 0x1_0002 }]);
    }
}
