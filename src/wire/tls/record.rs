//! The record layer (RFC 8446, section 5.1).

use super::version::ProtocolVersion;
use crate::wire::Error;
use crate::wire::cursor::{Cursor, Record as Recording};
use crate::wire::registry::{display, registry};

/// Bytes of a record before its fragment.
pub const HEADER_LENGTH: usize = 5;
/// The largest fragment that any version allows: 2^14 bytes and 2048 of encryption (RFC 5246, section 6.2.3).
pub const FRAGMENT_LENGTH: usize = 16_384 + 2_048;

/// What a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ContentType(pub u8);

registry! { ContentType:
    20 CHANGE_CIPHER_SPEC "change_cipher_spec", "RFC 8446";
    21 ALERT "alert", "RFC 8446";
    22 HANDSHAKE "handshake", "RFC 8446";
    23 APPLICATION_DATA "application_data", "RFC 8446";
    24 HEARTBEAT "heartbeat", "RFC 6520";
}

display!(ContentType, "{}");

/// The header of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordHeader {
    /// What the record holds.
    pub kind: ContentType,
    /// A version that no longer says anything: 1.2 in all records of 1.3.
    pub version: ProtocolVersion,
    /// Bytes of its fragment.
    pub length: u16,
}

impl RecordHeader {
    /// Reads the header of a record, whatever it says.
    ///
    /// # Errors
    ///
    /// Where the bytes end inside of it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        header(&mut Cursor::silent(bytes, 0))
    }

    /// Whether a record may say so: a known content type, a version from SSL 3.0 to TLS 1.3, and a length that the content allows.
    #[must_use]
    pub const fn is_plausible(self) -> bool {
        let length = self.length as usize;
        let fits = match self.kind {
            ContentType::CHANGE_CIPHER_SPEC => length == 1,
            ContentType::ALERT => length >= super::Alert::LENGTH && length <= 256,
            ContentType::HANDSHAKE | ContentType::HEARTBEAT => length > 0 && length <= FRAGMENT_LENGTH,
            // Even an empty content has its type and a tag of eight bytes at least (RFC 6655, section 6.1).
            ContentType::APPLICATION_DATA => length >= 9 && length <= FRAGMENT_LENGTH,
            _ => false,
        };
        fits && self.version.0 >= ProtocolVersion::SSL_3_0.0 && self.version.0 <= ProtocolVersion::TLS_1_3.0
    }
}

/// A record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its header.
    pub header: RecordHeader,
    /// Its fragment as far as it is there.
    pub fragment: &'a [u8],
}

impl<'a> Record<'a> {
    /// Reads the record at the start of `bytes`; gives what stands behind it too.
    ///
    /// # Errors
    ///
    /// Where the bytes end inside of its header. A fragment that is not all there is no error.
    pub fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let mut cursor = Cursor::silent(bytes, 0);
        let header = header(&mut cursor)?;
        let rest = cursor.rest();
        let (fragment, behind) = rest.split_at_checked(usize::from(header.length)).unwrap_or((rest, &[]));
        Ok((Self { header, fragment }, behind))
    }
}

pub(super) fn header<R: Recording>(cursor: &mut Cursor<'_, R>) -> Result<RecordHeader, Error> {
    let kind = ContentType(cursor.number(8, "tls.record.content_type", "content type")?);
    cursor.may_mean(kind.name());
    let version = ProtocolVersion(cursor.code(16, "tls.record.version", "legacy record version")?);
    cursor.may_mean(version.name());
    let length = cursor.number(16, "tls.record.length", "length")?;
    Ok(RecordHeader { kind, version, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_ends_where_its_length_says() {
        let (record, rest) = Record::parse(b"\x15\x03\x03\0\x02\x01\0\x17").unwrap();
        assert_eq!((record.header.kind, record.fragment, rest), (ContentType::ALERT, &[1, 0][..], &[0x17][..]));
        assert!(record.header.is_plausible());
        assert_eq!(
            Record::parse(&[22, 3, 1, 0]).unwrap_err().to_string(),
            "length at byte 3: needs 2 bytes, 1 are left"
        );
    }

    #[test]
    fn other_protocols_are_no_records() {
        for bytes in [b"GET /", b"\0\x01\0\0\x21", b"\x17\x03\x03\xFF\xFF", b"\x17\x03\x03\0\0", b"\x14\x03\x03\0\x02"]
        {
            assert!(!RecordHeader::parse(bytes).unwrap().is_plausible(), "{bytes:?}");
        }
    }
}
