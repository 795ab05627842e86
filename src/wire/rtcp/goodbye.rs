//! Goodbye (RFC 3550 section 6.6).

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::Ssrc;

/// Sources that leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Goodbye<'a> {
    /// Who leaves.
    pub sources: Vec<Ssrc>,
    /// Why, as text.
    pub reason: Option<&'a [u8]>,
}

impl Goodbye<'_> {
    pub(super) fn emit(&self, out: &mut Vec<u8>) -> usize {
        out.extend(self.sources.iter().flat_map(|source| source.0.to_be_bytes()));
        if let Some(reason) = self.reason {
            let reason = reason.get(..usize::from(u8::MAX)).unwrap_or(reason);
            out.push(reason.len() as u8);
            out.extend(reason);
            out.resize(out.len().next_multiple_of(4), 0);
        }
        self.sources.len()
    }
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>, count: u8) -> Result<Goodbye<'a>, Error> {
    let mut goodbye = Goodbye::default();
    let source = |cursor: &mut Cursor<'a, R>| cursor.code(32, "rtcp.ssrc.identifier", "identifier").map(Ssrc);
    if cursor.list(&mut goodbye.sources, Some(usize::from(count)), source) && cursor.left() > 0 {
        let length = cursor.number(8, "rtcp.bye.length", "length")?;
        match cursor.text(length, "rtcp.bye.reason", "reason for leaving") {
            Ok(reason) => {
                goodbye.reason = Some(reason);
                cursor.remainder("rtcp.bye.padding", "padding");
            }
            Err(fault) => cursor.keep(fault),
        }
    }
    Ok(goodbye)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_optional() {
        let bytes = [0, 0, 0, 1, 3, b'b', b'y', b'e'];
        assert_eq!(read(&mut Cursor::silent(&bytes, 4), 1).unwrap().reason, Some(&b"bye"[..]));
        assert_eq!(read(&mut Cursor::silent(&bytes[..4], 4), 1).unwrap().reason, None);
    }

    #[test]
    fn sources_before_a_fault_stay() {
        let mut cursor = Cursor::silent(&[0, 0, 0, 1, 200, 1], 4);
        assert_eq!(read(&mut cursor, 1).unwrap().sources, [Ssrc(1)]);
        assert_eq!(cursor.fault().unwrap().field, "reason for leaving");
    }
}
