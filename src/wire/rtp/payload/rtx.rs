//! Retransmission (RFC 4588 section 4): the original sequence number and the original payload.

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::SequenceNumber;

/// A packet sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rtx<'a> {
    /// The sequence number it had first.
    pub original_sequence_number: SequenceNumber,
    /// The payload it had first.
    pub payload: &'a [u8],
}

/// Nothing where the payload is empty: libwebrtc probes the bandwidth with padding on the stream of retransmissions.
pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>, _: usize) -> Result<Option<Rtx<'a>>, Error> {
    if cursor.left() == 0 {
        return Ok(None);
    }
    let number = SequenceNumber(cursor.number(16, "rtp.rtx.osn", "original sequence number")?);
    let payload = cursor.remainder("rtp.rtx.payload", "original payload");
    Ok(Some(Rtx { original_sequence_number: number, payload }))
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Header};
    use super::*;

    #[test]
    fn a_probe_of_padding_repeats_nothing() {
        assert_eq!(Codec::Rtx.parse(&[], 0).unwrap(), Header::Rtx(None));
        assert!(Codec::Rtx.parse(&[1], 0).is_err());
    }

    #[test]
    fn the_original_stands_behind_its_number() {
        let expected = Rtx { original_sequence_number: SequenceNumber(0x0102), payload: &[3] };
        assert_eq!(Codec::Rtx.parse(&[1, 2, 3], 0).unwrap(), Header::Rtx(Some(expected)));
    }

    #[test]
    fn the_last_number_before_the_wrap_is_one() {
        let expected = Rtx { original_sequence_number: SequenceNumber(65535), payload: &[] };
        assert_eq!(Codec::Rtx.parse(&[0xFF, 0xFF], 0).unwrap(), Header::Rtx(Some(expected)));
    }
}
