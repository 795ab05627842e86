//! Making a message: attributes in the order they are given, padded, and the length kept right.

use super::attribute::AttributeType;
use super::fingerprint::FINGERPRINT_MASK;
use super::integrity::Signed;
use super::message::HEADER_LENGTH;
use super::message_type::{Class, Method, put_together};
use super::transaction::{MAGIC_COOKIE, Mask, TransactionId};
use super::value::Value;
use crate::wire::{Error, Reason, crc32};

/// A message in the making.
///
/// Every attribute is appended behind the ones before it, also where the RFC wants another order: a test must be able
/// to send what should not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Builder {
    bytes: Vec<u8>,
    mask: Mask,
    pads: bool,
    fault: Option<Error>,
}

impl Builder {
    /// A message of RFC 8489 without attributes.
    #[must_use]
    pub fn new(class: Class, method: Method, transaction_id: TransactionId) -> Self {
        Self::with_header(class, method, Mask::new(MAGIC_COOKIE, transaction_id), true)
    }

    /// A message of RFC 3489, with a transaction ID of sixteen bytes and attributes that are not padded.
    #[must_use]
    pub fn classic(class: Class, method: Method, transaction_id: [u8; 16]) -> Self {
        Self::with_header(class, method, Mask(transaction_id), false)
    }

    fn with_header(class: Class, method: Method, mask: Mask, pads: bool) -> Self {
        let mut bytes = Vec::with_capacity(128);
        bytes.extend(put_together(class, method).to_be_bytes());
        bytes.extend([0, 0]);
        bytes.extend(mask.0);
        Self { bytes, mask, pads, fault: None }
    }

    /// The same message with attributes that are not padded, as in Microsoft's dialect.
    #[must_use]
    pub fn unpadded(mut self) -> Self {
        self.pads = false;
        self
    }

    /// Appends an attribute with this value.
    #[must_use]
    pub fn attribute(self, kind: AttributeType, value: &Value<'_>) -> Self {
        let mut bytes = Vec::new();
        value.emit(self.mask, &mut bytes);
        self.raw(kind, &bytes)
    }

    /// Appends an attribute with these bytes as its value.
    #[must_use]
    pub fn raw(mut self, kind: AttributeType, value: &[u8]) -> Self {
        let offset = self.bytes.len();
        let Ok(length) = u16::try_from(value.len()) else {
            return self.refuse("attribute length", offset.saturating_add(2), value.len());
        };
        let after = self.length_after(value.len());
        if after > usize::from(u16::MAX) {
            return self.refuse("message length", 2, after);
        }
        self.state_length(after);
        self.bytes.extend(kind.0.to_be_bytes());
        self.bytes.extend(length.to_be_bytes());
        self.bytes.extend(value);
        self.bytes.resize(HEADER_LENGTH.saturating_add(after), 0);
        self
    }

    /// Appends an integrity attribute of `width` bytes; `prove` makes it of the bytes it has to cover.
    #[must_use]
    pub fn proof(mut self, kind: AttributeType, width: usize, prove: impl FnOnce(&Signed<'_>) -> Vec<u8>) -> Self {
        self.state_length(self.length_after(width));
        let digest = prove(&Signed::of(&self.bytes, !self.mask.0.starts_with(&MAGIC_COOKIE)));
        self.raw(kind, digest.get(..width).unwrap_or(&digest))
    }

    /// Appends FINGERPRINT (RFC 8489 section 14.7), which has to be the last.
    #[must_use]
    pub fn fingerprint(mut self) -> Self {
        self.state_length(self.length_after(4));
        let checksum = crc32(&[&self.bytes]) ^ FINGERPRINT_MASK;
        self.raw(AttributeType::FINGERPRINT, &checksum.to_be_bytes())
    }

    /// The bytes of the message.
    ///
    /// # Errors
    ///
    /// Where an attribute, or all of them together, were longer than 65535 bytes.
    pub fn emit(self) -> Result<Vec<u8>, Error> {
        match self.fault {
            None => Ok(self.bytes),
            Some(fault) => Err(fault),
        }
    }

    fn length_after(&self, value: usize) -> usize {
        let length = self.bytes.len().saturating_sub(HEADER_LENGTH).saturating_add(4).saturating_add(value);
        if self.pads { length.next_multiple_of(4) } else { length }
    }

    fn state_length(&mut self, length: usize) {
        let stated = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
        for (place, byte) in self.bytes.iter_mut().skip(2).zip(stated) {
            *place = byte;
        }
    }

    fn refuse(mut self, field: &'static str, offset: usize, found: usize) -> Self {
        let reason = Reason::WrongLength { needed: usize::from(u16::MAX), found };
        self.fault = self.fault.or(Some(Error { offset, field, reason }));
        self
    }
}
