//! What an integrity attribute covers: the message up to it, with a length that ends behind it (RFC 8489 section 14.5).

use super::attribute::Attribute;
use super::message::{HEADER_LENGTH, Message};

/// The bytes that an integrity attribute proves, in three pieces that make one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<'a> {
    header: [u8; HEADER_LENGTH],
    body: &'a [u8],
    zeros: usize,
}

const ZEROS: [u8; 64] = [0; 64];

impl<'a> Signed<'a> {
    /// Of a message up to the attribute, its length right already. RFC 3489 (section 11.2.8) fills up with zeros to a
    /// multiple of 64 bytes.
    pub(super) fn of(covered: &'a [u8], classic: bool) -> Self {
        let (header, body) = covered.split_at_checked(HEADER_LENGTH).unwrap_or((covered, &[]));
        let zeros = if classic { covered.len().wrapping_neg() % 64 } else { 0 };
        Self { header: header.try_into().unwrap_or([0; HEADER_LENGTH]), body, zeros }
    }

    /// The pieces, to be fed to the HMAC one after another.
    #[must_use]
    pub fn pieces(&self) -> [&[u8]; 3] {
        [&self.header, self.body, ZEROS.get(..self.zeros).unwrap_or(&[])]
    }
}

impl<'a> Message<'a> {
    /// The bytes that `attribute` proves if it is one of the integrity attributes of this message.
    ///
    /// The length in the header is made to end behind the attribute; in a classic message it stays as it is, since
    /// there MESSAGE-INTEGRITY is the last.
    #[must_use]
    pub fn signed_by(&self, attribute: &Attribute<'_>) -> Option<Signed<'a>> {
        let covered = self.bytes.get(..attribute.offset)?;
        let mut signed = Signed::of(covered, self.is_classic());
        if !self.is_classic() {
            let padded = usize::from(attribute.stated_length).next_multiple_of(4);
            let end = attribute.value_offset().saturating_add(padded).saturating_sub(HEADER_LENGTH);
            let stated = u16::try_from(end).ok()?.to_be_bytes();
            for (place, byte) in signed.header.iter_mut().skip(2).zip(stated) {
                *place = byte;
            }
        }
        Some(signed)
    }

    /// The integrity attributes that count, in wire order: MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and
    /// GOOG-MESSAGE-INTEGRITY-32.
    pub fn proofs(&self) -> impl Iterator<Item = &Attribute<'a>> {
        self.attributes.iter().filter(|attribute| attribute.kind.is_integrity() && !attribute.after_integrity)
    }

    /// Whether an integrity attribute that counts is there.
    #[must_use]
    pub fn has_integrity(&self) -> bool {
        self.proofs().next().is_some()
    }
}
