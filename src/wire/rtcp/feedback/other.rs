//! The part that all feedback has (RFC 4585 section 6.1), and feedback that is kept as it is.

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::Ssrc;

/// A feedback of another format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OtherFeedback<'a> {
    /// Its format, five bits.
    pub format: u8,
    /// Who sends it.
    pub sender: Ssrc,
    /// Whose media it is about.
    pub media: Ssrc,
    /// What it says.
    pub information: &'a [u8],
}

/// Sender and source of the media.
pub(super) fn sources<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<(Ssrc, Ssrc), Error> {
    let sender = Ssrc(cursor.code(32, "rtcp.senderssrc", "sender SSRC")?);
    Ok((sender, Ssrc(cursor.code(32, "rtcp.mediassrc", "media source SSRC")?)))
}

pub(super) fn emit_sources(sender: Ssrc, media: Ssrc, out: &mut Vec<u8>) {
    out.extend(sender.0.to_be_bytes());
    out.extend(media.0.to_be_bytes());
}

pub(in crate::wire::rtcp) fn read<'a, R: Record>(
    cursor: &mut Cursor<'a, R>,
    format: u8,
) -> Result<OtherFeedback<'a>, Error> {
    let (sender, media) = sources(cursor)?;
    let information = cursor.remainder("rtcp.fci", "feedback control information");
    Ok(OtherFeedback { format, sender, media, information })
}

impl OtherFeedback<'_> {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        out.extend(self.information);
        usize::from(self.format)
    }
}
