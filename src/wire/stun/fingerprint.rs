//! FINGERPRINT: is this STUN at all, and did it arrive as it was sent? (RFC 8489 section 14.7)

use super::attribute::AttributeType;
use super::message::Message;
use crate::wire::crc32;

/// What the CRC-32 is combined with, so that it is not mistaken for the checksum of a protocol inside.
pub(super) const FINGERPRINT_MASK: u32 = 0x5354_554E;

/// What FINGERPRINT says about its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fingerprint {
    /// It is the checksum of the message.
    Valid,
    /// It is not.
    Invalid {
        /// What the attribute should hold.
        expected: u32,
        /// What it holds; nothing where its length is not four.
        found: Option<u32>,
    },
    /// The message has none.
    Absent,
    /// The bytes end before it, or inside it.
    Unknown,
}

/// Checks the FINGERPRINT of a message over its bytes as they are, the stated length included.
#[must_use]
pub fn fingerprint(message: &Message<'_>) -> Fingerprint {
    let Some(attribute) = message.attribute(AttributeType::FINGERPRINT) else {
        return if message.truncated { Fingerprint::Unknown } else { Fingerprint::Absent };
    };
    if message.truncated && !attribute.is_whole() {
        return Fingerprint::Unknown;
    }
    let Some(before) = message.bytes.get(..attribute.offset) else {
        return Fingerprint::Unknown;
    };
    let expected = crc32(&[before]) ^ FINGERPRINT_MASK;
    let found = if attribute.is_whole() { attribute.value.try_into().ok().map(u32::from_be_bytes) } else { None };
    if found == Some(expected) { Fingerprint::Valid } else { Fingerprint::Invalid { expected, found } }
}
