//! The transaction: what ties a response to its request, and what an XOR address is obscured with.

use std::fmt;

/// The magic cookie of RFC 8489, bytes 4 to 8 of a header.
pub const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];

/// The number of a transaction, drawn at random by the client (RFC 8489 section 5).
///
/// In a classic message (RFC 3489) the number has sixteen bytes; these are then its last twelve, and the first four
/// stand where the magic cookie is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(pub [u8; 12]);

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The sixteen bytes of a header that XOR addresses are obscured with: the cookie and the transaction ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mask(pub(super) [u8; 16]);

impl Mask {
    pub(super) fn new(cookie: [u8; 4], id: TransactionId) -> Self {
        let mut bytes = [0; 16];
        for (place, byte) in bytes.iter_mut().zip(cookie.iter().chain(&id.0)) {
            *place = *byte;
        }
        Self(bytes)
    }

    /// The port, obscured or in the clear again.
    pub(super) fn port(self, port: u16) -> u16 {
        let [high, low, ..] = self.0;
        port ^ u16::from_be_bytes([high, low])
    }

    /// The bytes of an address, obscured or in the clear again.
    pub(super) fn address<const N: usize>(self, mut bytes: [u8; N]) -> [u8; N] {
        for (byte, mask) in bytes.iter_mut().zip(&self.0) {
            *byte ^= mask;
        }
        bytes
    }
}
