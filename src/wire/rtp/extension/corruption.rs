//! Samples of a picture, by which a receiver sees whether it was decoded right: corruption-detection of libwebrtc.

use super::value::Value;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};

/// The most samples a value holds.
const MOST_SAMPLES: usize = 13;

/// Samples of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorruptionDetection<'a> {
    /// Whether the index is of the upper seven bits of the sequence of places, the lower ones being zero.
    pub index_is_upper: bool,
    /// Where in the sequence of places the samples begin, seven bits.
    pub sequence_index: u8,
    /// Width of the filter on the samples, in units of 40/255; nothing where no samples are sent.
    pub standard_deviation: Option<u8>,
    /// Error to allow for luma, 0 to 15.
    pub luma_error: u8,
    /// Error to allow for chroma, 0 to 15.
    pub chroma_error: u8,
    /// The filtered samples, at most thirteen.
    pub samples: &'a [u8],
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>) -> Result<Value<'a>, Error> {
    let index_is_upper = cursor.flag("rtp.ext.corruption.upper", "upper bits of the sequence index")?;
    let sequence_index = cursor.number(7, "rtp.ext.corruption.index", "sequence index")?;
    let mut read = CorruptionDetection {
        index_is_upper,
        sequence_index,
        standard_deviation: None,
        luma_error: 0,
        chroma_error: 0,
        samples: &[],
    };
    if cursor.left() > 0 {
        read.standard_deviation = Some(cursor.number(8, "rtp.ext.corruption.deviation", "standard deviation")?);
        read.luma_error = cursor.number(4, "rtp.ext.corruption.luma_error", "luma error threshold")?;
        read.chroma_error = cursor.number(4, "rtp.ext.corruption.chroma_error", "chroma error threshold")?;
        if cursor.left() > MOST_SAMPLES {
            return Err(cursor.wrong_length("samples", MOST_SAMPLES, cursor.left()));
        }
        read.samples = cursor.remainder("rtp.ext.corruption.samples", "samples");
    }
    Ok(Value::CorruptionDetection(read))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn samples_are_optional_and_few() {
        let Value::CorruptionDetection(bare) = Kind::CorruptionDetection.decode(&[0x85]).unwrap() else {
            panic!("another value")
        };
        assert_eq!((bare.index_is_upper, bare.sequence_index, bare.standard_deviation), (true, 5, None));
        let Value::CorruptionDetection(full) = Kind::CorruptionDetection.decode(&[5, 255, 0x21, 7, 8]).unwrap() else {
            panic!("another value")
        };
        assert_eq!((full.luma_error, full.chroma_error, full.samples), (2, 1, &[7, 8][..]));
        assert!(Kind::CorruptionDetection.decode(&[0; 17]).is_err());
    }
}
