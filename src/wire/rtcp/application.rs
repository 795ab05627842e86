//! What applications define (RFC 3550 section 6.7), and libwebrtc's estimate of the bandwidth among it.

use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record};
use crate::wire::rtp::Ssrc;

/// The subtype of an estimate under the name `goog`.
const REMOTE_ESTIMATE: u8 = 13;
/// The value that stands for no limit.
const UNLIMITED: u32 = 0x00FF_FFFF;

/// A packet of an application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApplicationDefined<'a> {
    /// Five bits of its own.
    pub subtype: u8,
    /// Who sends it.
    pub ssrc: Ssrc,
    /// The name it has chosen, four letters.
    pub name: [u8; 4],
    /// The rest.
    pub data: &'a [u8],
}

/// What the other side believes that the link carries, in libwebrtc.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemoteEstimate {
    /// The least, in kilobits per second; nothing where it is unlimited or not said.
    pub lower_kbps: Option<u32>,
    /// The most, in kilobits per second; nothing where it is unlimited or not said.
    pub upper_kbps: Option<u32>,
}

impl ApplicationDefined<'_> {
    /// The estimate, if it is one: name `goog`, subtype 13.
    #[must_use]
    pub fn remote_estimate(&self) -> Option<RemoteEstimate> {
        if &self.name != b"goog" || self.subtype != REMOTE_ESTIMATE {
            return None;
        }
        let mut estimate = RemoteEstimate::default();
        for field in self.data.chunks_exact(4) {
            let [id, value @ ..] = field else { continue };
            let kbps = value.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
            let kbps = Some(kbps).filter(|kbps| *kbps != UNLIMITED);
            match id {
                1 => estimate.lower_kbps = kbps,
                2 => estimate.upper_kbps = kbps,
                _ => {}
            }
        }
        Some(estimate)
    }

    pub(super) fn emit(&self, out: &mut Vec<u8>) -> usize {
        out.extend(self.ssrc.0.to_be_bytes());
        out.extend(self.name);
        out.extend(self.data);
        usize::from(self.subtype)
    }
}

pub(super) fn read<'a, R: Record>(cursor: &mut Cursor<'a, R>, count: u8) -> Result<ApplicationDefined<'a>, Error> {
    let ssrc = Ssrc(cursor.code(32, "rtcp.senderssrc", "sender SSRC")?);
    let name = cursor.text(4, "rtcp.app.name", "name")?;
    let mut application = ApplicationDefined { subtype: count, ssrc, ..ApplicationDefined::default() };
    application.name = name.try_into().unwrap_or_default();
    application.data = cursor.remainder("rtcp.app.data", "application specific data");
    if let Some(estimate) = application.remote_estimate() {
        cursor.means(|| format!("{estimate:?}"));
    }
    Ok(application)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_of_kilobits() {
        let bytes = [0, 0, 0, 1, b'g', b'o', b'o', b'g', 1, 0, 1, 0, 2, 0xFF, 0xFF, 0xFF, 9, 0, 0, 1];
        let read = |subtype| read(&mut Cursor::silent(&bytes, 4), subtype).unwrap().remote_estimate();
        assert_eq!(read(13), Some(RemoteEstimate { lower_kbps: Some(256), upper_kbps: None }));
        assert_eq!(read(12), None);
    }
}
