//! Whether RTCP is in the clear: the trailer of SRTCP gives itself away.
//!
//! SRTCP ends in a flag that it is encrypted and an index that goes up by one for each packet of a sender (RFC 3711, section 3.4). With the
//! profiles of HMAC-SHA1 it stands 14 bytes before the end, before a tag of ten; with those of AES-GCM (RFC 7714, section 9.3) it is the last
//! four bytes. A packet in the clear is cut into packets to its last byte by their lengths, which ciphertext is not.

use crate::wire::rtcp::{HEADER_LENGTH, SecureLayout, SecureTrailer};

/// How far the index may go on from one packet to the next: what is missing was lost.
const STEP: u32 = 64;
/// Both families, in the order in which their indices are kept.
const FAMILIES: [ProfileFamily; 2] = [ProfileFamily::HmacSha1, ProfileFamily::AesGcm];
/// Bytes of an SRTCP packet: a header with its sender, and the trailer.
const LEAST: usize = 12;

/// A family of SRTP protection profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfileFamily {
    /// AES in counter mode with HMAC-SHA1 (RFC 3711): tags of ten or four bytes.
    HmacSha1,
    /// AES-GCM (RFC 7714): tags of sixteen bytes.
    AesGcm,
}

impl ProfileFamily {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "hmac-sha1",
            Self::AesGcm => "aes-gcm",
        }
    }

    /// Bytes of the tag of an SRTCP packet.
    #[must_use]
    pub const fn rtcp_tag_length(self) -> usize {
        self.layout().tag_length()
    }

    const fn layout(self) -> SecureLayout {
        match self {
            Self::HmacSha1 => SecureLayout::Hmac,
            Self::AesGcm => SecureLayout::Gcm,
        }
    }
}

/// What an RTCP datagram is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// In the clear.
    Plain,
    /// Encrypted; the family and the index where the trailer shows them.
    Secure(Option<(ProfileFamily, u32)>),
    /// Cut by the capture, so that neither can be told.
    Unknown,
}

/// The indices of one sender of a direction, under each layout.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Locator {
    last: [Option<u32>; 2],
    fits: [u32; 2],
    packets: u32,
    family: Option<ProfileFamily>,
    first_index: Option<u32>,
    highest: Option<u32>,
    seen: u64,
}

/// Whether the lengths of `bytes` cut it into packets to the last byte.
pub(super) fn is_compound(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(([first, kind, high, low], behind)) = rest.split_first_chunk::<HEADER_LENGTH>() {
        if first >> 6 != 2 || !(192..=223).contains(kind) {
            return false;
        }
        let length = usize::from(u16::from_be_bytes([*high, *low])) * 4;
        match behind.get(length..) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    rest.is_empty() && !bytes.is_empty()
}

impl Locator {
    /// Takes a datagram of `length` bytes on the wire.
    pub(super) fn observe(&mut self, bytes: &[u8], length: usize) -> Nature {
        if bytes.len() < length {
            return Nature::Unknown;
        }
        if is_compound(bytes) {
            return Nature::Plain;
        }
        if bytes.len() < LEAST {
            return Nature::Unknown;
        }
        self.packets += 1;
        let mut found = None;
        let rows = self.last.iter_mut().zip(&mut self.fits).zip(FAMILIES);
        for ((last, fits), family) in rows {
            let Ok(trailer) = SecureTrailer::parse(bytes, family.layout()) else { continue };
            let (encrypted, index) = (trailer.encrypted, trailer.index);
            let goes_on = last.is_none_or(|last| (1..=STEP).contains(&index.wrapping_sub(last)));
            // The first one has no predecessor: a count that has only begun is small.
            if encrypted && goes_on && (last.is_some() || index < 1 << 20) {
                *fits += 1;
                if self.family.is_none_or(|known| known == family) {
                    found = Some((family, index));
                }
            }
            *last = Some(index);
        }
        if self.family.is_none() && self.packets >= 2 {
            self.decide();
        }
        if let Some((_, index)) = found {
            self.first_index = Some(self.first_index.map_or(index, |first| first.min(index)));
            self.highest = self.highest.max(Some(index));
            self.seen += 1;
        }
        Nature::Secure(found)
    }

    fn decide(&mut self) {
        let [hmac, gcm] = self.fits;
        self.family = match (hmac * 2 > self.packets, gcm * 2 > self.packets) {
            (true, false) => Some(ProfileFamily::HmacSha1),
            (false, true) => Some(ProfileFamily::AesGcm),
            _ => None,
        };
    }

    /// The family, once two packets showed it.
    pub(super) const fn family(&self) -> Option<ProfileFamily> {
        self.family
    }

    /// Indices that are missing between the first and the greatest.
    pub(super) fn missing(&self) -> Option<u64> {
        let (first, last) = (self.first_index?, self.highest?);
        self.family?;
        Some((u64::from(last - first) + 1).saturating_sub(self.seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secure(index: u32, tag: usize, gcm: bool) -> Vec<u8> {
        let mut bytes = vec![0x80, 200, 0, 6, 0, 0, 0, 7];
        let noise = |place: u32| (place.wrapping_add(index * 31).wrapping_mul(2_654_435_761) >> 17) as u8;
        bytes.extend((0..20).map(noise));
        if gcm {
            bytes.extend((20..20 + tag as u32).map(noise));
        }
        bytes.extend((1 << 31 | index).to_be_bytes());
        if !gcm {
            bytes.extend((50..50 + tag as u32).map(noise));
        }
        bytes
    }

    #[test]
    fn the_index_of_either_family_is_located() {
        for (family, tag) in [(ProfileFamily::HmacSha1, 10), (ProfileFamily::AesGcm, 16)] {
            let mut locator = Locator::default();
            for index in [1, 2, 3, 5, 6] {
                let bytes = secure(index, tag, family == ProfileFamily::AesGcm);
                assert!(matches!(locator.observe(&bytes, bytes.len()), Nature::Secure(_)));
            }
            assert_eq!((locator.family(), locator.missing()), (Some(family), Some(1)));
        }
    }

    #[test]
    fn a_compound_in_the_clear_is_cut_to_its_last_byte() {
        let report = b"\x80\xC9\0\x01\0\0\0\x01\x81\xCA\0\x01\0\0\0\x01";
        let mut locator = Locator::default();
        assert_eq!(locator.observe(report, report.len()), Nature::Plain);
        assert_eq!(locator.observe(&report[..12], 16), Nature::Unknown, "the capture cut it");
        assert_eq!(locator.family(), None);
    }
}
