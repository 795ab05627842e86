//! The datagram inside a relay's message.

use crate::path::Path;

/// What a relay carried: to be observed like any other datagram, on the path between the relayed address and the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relayed<'a> {
    /// From the relayed address to the peer or back, with the relay it was seen inside of.
    pub path: Path,
    /// The bytes inside, as far as they were captured.
    pub data: &'a [u8],
    /// How many there were on the wire.
    pub length: usize,
}
