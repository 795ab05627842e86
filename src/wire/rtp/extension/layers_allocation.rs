//! The layers a sender sends and their rates: video-layers-allocation00 of libwebrtc.

use super::value::Value;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// Streams, spatial layers and temporal layers there are at most.
const MOST: u8 = 4;

/// What is sent, layer by layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LayersAllocation {
    /// Which of the streams the packet belongs to, 0 to 3.
    pub stream: u8,
    /// The active layers, by stream and then by spatial layer; none where nothing is sent.
    pub layers: Vec<SpatialLayer>,
}

/// A spatial layer that is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpatialLayer {
    /// The stream it belongs to, 0 to 3.
    pub stream: u8,
    /// Its number within the stream, 0 to 3.
    pub spatial_layer: u8,
    /// How many temporal layers it has, 1 to 4.
    pub temporal_layers: u8,
    /// Target rates in kilobits per second, each with the ones below it; the first `temporal_layers` count.
    pub rates_kbps: [u64; 4],
    /// Width and height in pixels and frames per second, where they are sent.
    pub resolution: Option<(u32, u32, u8)>,
}

impl SpatialLayer {
    /// The target rate with all its temporal layers, in kilobits per second.
    #[must_use]
    pub fn rate_kbps(&self) -> u64 {
        let last = usize::from(self.temporal_layers).checked_sub(1);
        last.and_then(|last| self.rates_kbps.get(last)).copied().unwrap_or(0)
    }
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    if cursor.rest() == [0] {
        cursor.reserved(8, "rtp.ext.vla.empty")?;
        cursor.means(|| "nothing is sent".to_owned());
        return Ok(Value::LayersAllocation(LayersAllocation::default()));
    }
    let stream = cursor.number(2, "rtp.ext.vla.rid", "RTP stream index")?;
    let streams: u8 = cursor.number(2, "rtp.ext.vla.streams", "RTP streams, minus one")?;
    let streams = streams.saturating_add(1);
    let shared: u8 = cursor.code(4, "rtp.ext.vla.bitmask", "spatial layers of every stream")?;
    let mut layers = layers(cursor, streams, shared)?;
    for layer in &mut layers {
        let less: u8 = cursor.number(2, "rtp.ext.vla.temporal_layers", "temporal layers, minus one")?;
        layer.temporal_layers = less.saturating_add(1);
    }
    fill(cursor, layers.len().saturating_mul(2))?;
    for layer in &mut layers {
        for rate in layer.rates_kbps.iter_mut().take(usize::from(layer.temporal_layers)) {
            *rate = leb128(cursor)?;
        }
    }
    if cursor.left() > 0 {
        for layer in &mut layers {
            layer.resolution = Some(resolution(cursor)?);
        }
    }
    Ok(Value::LayersAllocation(LayersAllocation { stream, layers }))
}

fn layers<R: Record>(cursor: &mut Cursor<'_, R>, streams: u8, shared: u8) -> Result<Vec<SpatialLayer>, Error> {
    let mut layers = Vec::new();
    for stream in 0..streams {
        let mask = if shared == 0 { cursor.code(4, "rtp.ext.vla.bitmask", "spatial layers")? } else { shared };
        let active = (0..MOST).filter(|layer| mask >> layer & 1 == 1);
        layers.extend(active.map(|spatial_layer| SpatialLayer { stream, spatial_layer, ..SpatialLayer::default() }));
    }
    if shared == 0 {
        fill(cursor, usize::from(streams).saturating_mul(4))?;
    }
    Ok(layers)
}

/// The bits that fill up the last byte of a run of them.
fn fill<R: Record>(cursor: &mut Cursor<'_, R>, bits: usize) -> Result<(), Error> {
    match bits % 8 {
        0 => Ok(()),
        over => cursor.reserved(8_usize.saturating_sub(over), "rtp.ext.vla.padding"),
    }
}

fn leb128<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<u64, Error> {
    let mut value = 0_u64;
    for place in 0..8 {
        let byte: u64 = cursor.number(8, "rtp.ext.vla.rate", "target rate")?;
        value |= (byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            cursor.means(|| format!("{value} kbit/s"));
            return Ok(value);
        }
    }
    Err(cursor.wrong_length("target rate", 8, 9))
}

fn resolution<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<(u32, u32, u8), Error> {
    let width: u32 = cursor.number(16, "rtp.ext.vla.width", "width, minus one")?;
    let height: u32 = cursor.number(16, "rtp.ext.vla.height", "height, minus one")?;
    Ok((width.saturating_add(1), height.saturating_add(1), cursor.number(8, "rtp.ext.vla.fps", "frame rate")?))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn read(bytes: &[u8]) -> Result<LayersAllocation, Error> {
        match Kind::LayersAllocation.decode(bytes)? {
            Value::LayersAllocation(read) => Ok(read),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_zero_byte_is_nothing_sent() {
        assert_eq!(read(&[0]).unwrap(), LayersAllocation::default());
    }

    #[test]
    fn streams_with_one_mask() {
        // Stream 1 of 2, one spatial layer each; 2 and 1 temporal layers; 50, 200 and 500 kbit/s.
        let read = read(&[0b0101_0001, 0b0100_0000, 50, 0xC8, 1, 0xF4, 3]).unwrap();
        assert_eq!((read.stream, read.layers.len()), (1, 2));
        assert_eq!(read.layers[0].rates_kbps[..2], [50, 200]);
        assert_eq!((read.layers[1].stream, read.layers[1].rate_kbps()), (1, 500));
        assert_eq!(read.layers[0].resolution, None);
    }

    #[test]
    fn streams_with_their_own_masks_and_sizes() {
        let bytes = [0b0001_0000, 0b0011_0001, 0, 1, 2, 3, 1, 63, 0, 239, 30, 2, 127, 1, 223, 30, 1, 63, 0, 239, 15];
        let read = read(&bytes).unwrap();
        let places: Vec<_> = read.layers.iter().map(|layer| (layer.stream, layer.spatial_layer)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 0)]);
        assert_eq!(read.layers[1].resolution, Some((640, 480, 30)));
        assert!(super::tests::read(&bytes[..bytes.len() - 1]).is_err());
    }

    #[test]
    fn a_rate_has_an_end() {
        assert!(read(&[0b0000_0001, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]).is_err());
    }
}
