//! Synchronisation sources (RFC 3550 section 3).

use std::fmt;

/// A synchronisation source: who sends a stream, a random number of 32 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ssrc(pub u32);

impl fmt::Display for Ssrc {
    /// In hexadecimal, as captures are read: `0x1234abcd`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.0)
    }
}

impl From<u32> for Ssrc {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_with_all_digits() {
        assert_eq!(Ssrc(0xAB).to_string(), "0x000000ab");
    }
}
