//! SRTCP without keys (RFC 3711 section 3.4, RFC 7714 section 9): the eight bytes in front and the trailer are in the clear.

use super::compound::{Compound, HEADER_LENGTH};
use super::describe::header;
use crate::wire::cursor::{Cursor, Recorder};
use crate::wire::field::Field;
use crate::wire::{Error, Reason};

/// Bytes in front that are in the clear: the header of the first packet and the SSRC of its sender.
const CLEAR: usize = HEADER_LENGTH + 4;
/// Bytes of the E flag and the index.
const INDEX: usize = 4;
/// An index that chance makes of a tag once in 256 times, and that a sender of ten packets a second reaches after ninety days.
const LIKELY_INDEX: u32 = 0x7F_FFFF;

/// Where the trailer stands. The profile says it, which DTLS 1.3 encrypts; the length of what follows is that without an
/// MKI, which WebRTC does not use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecureLayout {
    /// E flag and index, then a tag of ten bytes (RFC 3711; also for the profile whose RTP has four).
    Hmac,
    /// A tag of sixteen bytes, then E flag and index (RFC 7714).
    Gcm,
}

/// What the end of an SRTCP packet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecureTrailer {
    /// Where it was read.
    pub layout: SecureLayout,
    /// The E flag: whether what stands between is encrypted.
    pub encrypted: bool,
    /// The index, 31 bits, which counts the packets of a sender one by one.
    pub index: u32,
    /// Where flag and index begin, from the start of the datagram.
    pub offset: usize,
}

impl SecureLayout {
    /// Both.
    pub const ALL: &[Self] = &[Self::Hmac, Self::Gcm];

    /// `hmac` or `gcm`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hmac => "hmac",
            Self::Gcm => "gcm",
        }
    }

    /// Bytes of the authentication tag.
    #[must_use]
    pub const fn tag_length(self) -> usize {
        match self {
            Self::Hmac => 10,
            Self::Gcm => 16,
        }
    }

    const fn trailer_length(self) -> usize {
        self.tag_length() + INDEX
    }

    /// How far before the end flag and index begin.
    const fn index_from_end(self) -> usize {
        match self {
            Self::Hmac => self.trailer_length(),
            Self::Gcm => INDEX,
        }
    }

    /// Whether a datagram of `length` bytes is whole words of RTCP and this trailer without an MKI.
    #[must_use]
    pub const fn fits(self, length: usize) -> bool {
        length >= CLEAR + self.trailer_length() && (length - self.trailer_length()).is_multiple_of(4)
    }
}

impl SecureTrailer {
    /// Reads the end of a datagram that is known to have this layout.
    ///
    /// # Errors
    ///
    /// Where the datagram is too short for it.
    pub fn parse(datagram: &[u8], layout: SecureLayout) -> Result<Self, Error> {
        let needed = CLEAR + layout.trailer_length();
        let offset = datagram.len().saturating_sub(layout.index_from_end());
        let word = datagram.get(offset..).and_then(<[u8]>::first_chunk::<INDEX>).filter(|_| datagram.len() >= needed);
        let Some(word) = word else {
            let reason = Reason::TooShort { needed, found: datagram.len() };
            return Err(Error { offset: 0, field: "SRTCP packet", reason });
        };
        let word = u32::from_be_bytes(*word);
        Ok(Self { layout, encrypted: word >> 31 == 1, index: word & 0x7FFF_FFFF, offset })
    }

    /// The trailer that a datagram seems to have: its E flag is set, and its index is small, since it counts from zero, or at
    /// least the length is that of whole words with the trailer, which it is not for every sender. Of two the one with the
    /// smaller index: the other is part of a tag. Plain RTCP may look like it by chance.
    #[must_use]
    pub fn infer(datagram: &[u8]) -> Option<Self> {
        let trailers = SecureLayout::ALL.iter().filter_map(|layout| Self::parse(datagram, *layout).ok());
        let likely = |it: &Self| it.encrypted && (it.index <= LIKELY_INDEX || it.layout.fits(datagram.len()));
        trailers.filter(likely).min_by_key(|trailer| trailer.index)
    }
}

/// The fields of an SRTCP packet; the leaves stand in wire order and cover every byte of it. What is encrypted is not
/// guessed at. Without a trailer all behind the clear bytes is one field.
///
/// # Errors
///
/// Where the datagram does not begin with four bytes of version 2.
pub fn describe_secure(datagram: &[u8], trailer: Option<&SecureTrailer>) -> Result<Vec<Field>, Error> {
    let compound = Compound::parse(datagram)?;
    let mut fields: Vec<Field> = compound.packets.first().map(header).unwrap_or_default();
    let rest = datagram.get(HEADER_LENGTH..).unwrap_or_default();
    let mut cursor = Cursor::recording(rest, HEADER_LENGTH);
    cursor.within(rest.len(), "rtcp.undecoded", |cursor| {
        cursor.code::<u32>(32, "rtcp.senderssrc", "sender SSRC")?;
        match trailer {
            Some(trailer) => behind(cursor, trailer),
            None => {
                cursor.remainder("srtcp.enc_payload", "encrypted payload and trailer");
                Ok(())
            }
        }
    });
    fields.extend(cursor.fields());
    Ok(fields)
}

fn behind(cursor: &mut Cursor<'_, Recorder>, trailer: &SecureTrailer) -> Result<(), Error> {
    let layout = trailer.layout;
    let payload = cursor.left().saturating_sub(layout.trailer_length());
    let label = if trailer.encrypted { "encrypted payload" } else { "payload" };
    cursor.opaque(payload, "srtcp.enc_payload", label)?;
    if !payload.is_multiple_of(4) {
        cursor.note(|| "not whole words of RTCP: an MKI stands in the trailer, or it has another layout".to_owned());
    }
    if layout == SecureLayout::Gcm {
        cursor.opaque(layout.tag_length(), "srtcp.auth_tag", "authentication tag")?;
    }
    if !cursor.flag("srtcp.e", "E flag")? {
        cursor.note(|| "clear: the payload is not encrypted, or the trailer has another layout".to_owned());
    }
    cursor.number::<u32>(31, "srtcp.index", "SRTCP index")?;
    if layout == SecureLayout::Hmac {
        cursor.opaque(layout.tag_length(), "srtcp.auth_tag", "authentication tag")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A receiver report without blocks: eight clear bytes and nothing between them and the trailer.
    fn packet(behind: &[u8]) -> Vec<u8> {
        [&[0x80, 201, 0, 1, 0, 0, 0, 7][..], behind].concat()
    }

    #[test]
    fn the_index_stands_14_or_4_bytes_before_the_end() {
        let hmac = packet(&[&[0x80, 0, 0, 5][..], &[0xAA; 10]].concat());
        let gcm = packet(&[&[0xAA; 16][..], &[0x80, 0, 1, 0]].concat());
        let read = |bytes: &[u8]| SecureTrailer::infer(bytes).map(|it| (it.layout, it.encrypted, it.index, it.offset));
        assert_eq!(read(&hmac), Some((SecureLayout::Hmac, true, 5, 8)));
        assert_eq!(read(&gcm), Some((SecureLayout::Gcm, true, 256, 24)));
    }

    #[test]
    fn a_clear_flag_is_inferred_from_nothing_but_read_where_asked() {
        let bytes = packet(&[&[0, 0, 0, 5][..], &[0xAA; 10]].concat());
        assert_eq!(SecureTrailer::infer(&bytes), None);
        let told = SecureTrailer::parse(&bytes, SecureLayout::Hmac).unwrap();
        assert_eq!((told.encrypted, told.index), (false, 5));
    }

    /// As werift sends it: transport-wide feedback that is not filled up to a word.
    #[test]
    fn a_small_index_counts_for_more_than_the_length() {
        let odd = packet(&[&[9; 5][..], &[0x80, 0, 0, 5], &[0xAA; 10]].concat());
        let gcm_by_length = packet(&[&[9; 6][..], &[0x80, 0, 0, 5], &[0xAA; 10]].concat());
        for bytes in [odd, gcm_by_length] {
            assert_eq!(SecureTrailer::infer(&bytes).map(|it| (it.layout, it.index)), Some((SecureLayout::Hmac, 5)));
        }
        assert_eq!(SecureTrailer::infer(&packet(&[0xAA; 19])), None);
    }

    #[test]
    fn the_length_tells_the_layouts_apart() {
        assert!(SecureLayout::Hmac.fits(22) && !SecureLayout::Hmac.fits(24) && !SecureLayout::Hmac.fits(18));
        assert!(SecureLayout::Gcm.fits(28) && !SecureLayout::Gcm.fits(30) && !SecureLayout::Gcm.fits(24));
        let short = SecureTrailer::parse(&packet(&[0x80; 16]), SecureLayout::Gcm).unwrap_err();
        assert_eq!(short.to_string(), "SRTCP packet at byte 0: needs 28 bytes, 24 are left");
    }

    #[test]
    fn the_fields_cover_every_byte_whatever_the_bytes() {
        for length in 0..80 {
            for layout in [None, Some(SecureLayout::Hmac), Some(SecureLayout::Gcm)] {
                let bytes: Vec<u8> = [0x80, 201, 0, 1].into_iter().chain(0..length).collect();
                let trailer = layout.and_then(|layout| SecureTrailer::parse(&bytes, layout).ok());
                let fields = describe_secure(&bytes, trailer.as_ref()).unwrap();
                let end = fields.iter().fold(0, |end, field| {
                    assert!(field.range.start <= end, "{fields:?}");
                    end.max(field.range.end)
                });
                assert_eq!(end, bytes.len());
            }
        }
        assert!(describe_secure(&[0x40, 201, 0, 0], None).is_err());
    }
}
