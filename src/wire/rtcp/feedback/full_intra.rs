//! Full intra request (RFC 5104 section 4.3.1).

use super::other::{emit_sources, sources};
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::Ssrc;

/// A request for key frames.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FullIntraRequest {
    /// Who asks.
    pub sender: Ssrc,
    /// Zero by the RFC: the sources stand in the entries.
    pub media: Ssrc,
    /// Who shall send one.
    pub entries: Vec<FullIntraEntry>,
}

/// One source that shall send a key frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FullIntraEntry {
    /// The source.
    pub ssrc: Ssrc,
    /// Counts requests; the same number again is the same request repeated.
    pub sequence_number: u8,
}

impl FullIntraRequest {
    pub(in crate::wire::rtcp) fn emit(&self, out: &mut Vec<u8>) -> usize {
        emit_sources(self.sender, self.media, out);
        for entry in &self.entries {
            out.extend(entry.ssrc.0.to_be_bytes());
            out.extend([entry.sequence_number, 0, 0, 0]);
        }
        0
    }
}

fn entry<R: Record>(cursor: &mut Cursor<'_, R>) -> Result<FullIntraEntry, Error> {
    let ssrc = Ssrc(cursor.code(32, "rtcp.psfb.fir.fci.ssrc", "SSRC")?);
    let sequence_number = cursor.number(8, "rtcp.psfb.fir.fci.csn", "command sequence number")?;
    cursor.reserved(24, "rtcp.psfb.fir.fci.reserved")?;
    Ok(FullIntraEntry { ssrc, sequence_number })
}

pub(in crate::wire::rtcp) fn read<R: Record>(cursor: &mut Cursor<'_, R>, _: u8) -> Result<FullIntraRequest, Error> {
    let (sender, media) = sources(cursor)?;
    let mut entries = vec![entry(cursor)?];
    cursor.list(&mut entries, None, entry);
    Ok(FullIntraRequest { sender, media, entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_before_a_fault_stay() {
        let bytes = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 7, 0, 0, 0, 0, 0, 0, 3];
        let mut cursor = Cursor::silent(&bytes, 4);
        let read = read(&mut cursor, 4).unwrap();
        assert_eq!(read.entries, [FullIntraEntry { ssrc: Ssrc(2), sequence_number: 7 }]);
        assert_eq!(cursor.fault().unwrap().field, "command sequence number");
    }
}
