//! The registry of versions.

use super::grease::is_grease;
use crate::wire::registry::{display, registry};

/// A version of the protocol, as it is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ProtocolVersion(pub u16);

registry! { ProtocolVersion:
    0x0300 SSL_3_0 "SSL 3.0", "RFC 6101";
    0x0301 TLS_1_0 "TLS 1.0", "RFC 2246";
    0x0302 TLS_1_1 "TLS 1.1", "RFC 4346";
    0x0303 TLS_1_2 "TLS 1.2", "RFC 5246";
    0x0304 TLS_1_3 "TLS 1.3", "RFC 8446";
}

display!(ProtocolVersion, "{:#06x}");

impl ProtocolVersion {
    /// Whether it only keeps the field open (RFC 8701).
    #[must_use]
    pub const fn is_grease(self) -> bool {
        is_grease(self.0)
    }
}
