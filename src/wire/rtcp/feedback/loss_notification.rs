//! `LNTF`: which frame a receiver decoded last, of libwebrtc.

use super::other::{emit_sources, sources};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::{SequenceNumber, Ssrc};

const NAME: &[u8; 4] = b"LNTF";

/// A loss, and whether it matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LossNotification {
    /// Who tells.
    pub sender: Ssrc,
    /// Whose frames they are.
    pub media: Ssrc,
    /// The first packet of the last frame that was decoded.
    pub last_decoded: SequenceNumber,
    /// How many packets behind it the last one received is, fifteen bits.
    pub received_behind: u16,
    /// Whether the frame of the last packet received can be decoded as far as is known.
    pub decodable: bool,
}

impl LossNotification {
    /// The last packet received.
    #[must_use]
    pub fn last_received(&self) -> SequenceNumber {
        self.last_decoded.plus(self.received_behind)
    }

    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        out.extend(NAME);
        out.extend(self.last_decoded.0.to_be_bytes());
        out.extend((self.received_behind << 1 | u16::from(self.decodable)).to_be_bytes());
        0
    }
}

/// Whether the body of an application layer feedback is such a notification.
pub(in crate::wire::rtcp) fn is_here(body: &[u8]) -> bool {
    body.get(8..12) == Some(NAME)
}

pub(in crate::wire::rtcp) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: u8) -> Result<LossNotification, Error> {
    let (sender, media) = sources(cursor)?;
    cursor.text(4, "rtcp.psfb.lntf.identifier", "unique identifier")?;
    let last_decoded = SequenceNumber(cursor.number(16, "rtcp.psfb.lntf.last_decoded", "last decoded")?);
    let received_behind = cursor.number(15, "rtcp.psfb.lntf.last_received_delta", "last received, behind it")?;
    let decodable = cursor.flag("rtcp.psfb.lntf.decodability", "decodability flag")?;
    Ok(LossNotification { sender, media, last_decoded, received_behind, decodable })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_received_goes_over_the_wrap() {
        let told = LossNotification { last_decoded: SequenceNumber(65535), received_behind: 2, ..Default::default() };
        assert_eq!(told.last_received(), SequenceNumber(1));
    }

    #[test]
    fn whether_it_can_be_decoded_is_the_last_bit() {
        let bytes = |last| [0, 0, 0, 1, 0, 0, 0, 2, b'L', b'N', b'T', b'F', 0xFF, 0xFF, 0x00, last];
        let told = |last| read(&mut Cursor::silent(&bytes(last), 4), 15).unwrap();
        assert_eq!((told(5).received_behind, told(5).decodable, told(5).last_received()), (2, true, SequenceNumber(1)));
        assert_eq!((told(4).received_behind, told(4).decodable), (2, false));
    }
}
