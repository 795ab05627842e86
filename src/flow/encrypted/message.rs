//! One message of a connection, as far as it shows behind encryption.

use crate::moment::Moment;

/// Messages kept of one connection at each end of the list: a dialogue of signalling is whole, a download is abbreviated.
pub(super) const KEPT: usize = 32;

/// Records of application data that follow one another in one direction without a pause: what most likely was written at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncryptedMessage {
    /// When its first record began.
    pub moment: Moment,
    /// Which end sent it: the place in [`EncryptedConnection::ends`](super::EncryptedConnection::ends).
    pub end: usize,
    /// Bytes of its records without their headers. Encryption adds some to each: what was written is shorter.
    pub bytes: u64,
    /// How many records it takes.
    pub records: u64,
}
