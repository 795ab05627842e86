//! The registries of record types and classes.

use crate::wire::registry::{display, registry};

/// The type of a record, or of what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordType(pub u16);

registry! { RecordType:
    1 A "A", "RFC 1035";
    2 NS "NS", "RFC 1035";
    5 CNAME "CNAME", "RFC 1035";
    6 SOA "SOA", "RFC 1035";
    12 PTR "PTR", "RFC 1035";
    13 HINFO "HINFO", "RFC 1035";
    15 MX "MX", "RFC 1035";
    16 TXT "TXT", "RFC 1035";
    28 AAAA "AAAA", "RFC 3596";
    33 SRV "SRV", "RFC 2782";
    35 NAPTR "NAPTR", "RFC 3403";
    41 OPT "OPT", "RFC 6891";
    43 DS "DS", "RFC 4034";
    46 RRSIG "RRSIG", "RFC 4034";
    47 NSEC "NSEC", "RFC 4034";
    64 SVCB "SVCB", "RFC 9460";
    65 HTTPS "HTTPS", "RFC 9460";
    255 ANY "ANY", "RFC 1035";
}

// RFC 3597, section 5.
display!(RecordType, "TYPE{}");

/// The class of a record, without the bit that multicast DNS puts on top of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub u16);

impl Class {
    /// The Internet.
    pub const INTERNET: Self = Self(1);

    /// Its name in the registry; nothing where it is not known.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self.0 {
            1 => Some("IN"),
            3 => Some("CH"),
            4 => Some("HS"),
            254 => Some("NONE"),
            255 => Some("ANY"),
            _ => None,
        }
    }
}
