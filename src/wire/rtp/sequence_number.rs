//! Sequence numbers (RFC 3550 section 5.1): sixteen bits that wrap every 65536 packets.

use std::fmt;

/// The sequence number of a packet.
///
/// It has no order of its own, since it wraps: [`since`](Self::since) tells which of two is later, and
/// [`extended`](Self::extended) puts it on a line that does not wrap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SequenceNumber(pub u16);

impl SequenceNumber {
    /// The number `packets` further.
    #[must_use]
    pub fn plus(self, packets: u16) -> Self {
        Self(self.0.wrapping_add(packets))
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// How many packets this is after `earlier`, −32768 to 32767: the shorter way round.
    #[must_use]
    pub fn since(self, earlier: Self) -> i16 {
        self.0.wrapping_sub(earlier.0).cast_signed()
    }

    /// Whether this is after `other` on the shorter way round.
    #[must_use]
    pub fn is_after(self, other: Self) -> bool {
        self.since(other) > 0
    }

    /// The place on a line without wraps that has this number and is nearest to `reference`. Negative where the stream
    /// began shortly after a wrap and packets from before it came late.
    #[must_use]
    pub fn extended(self, reference: i64) -> i64 {
        reference.saturating_add(i64::from(self.since(Self(reference as u16))))
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_way_round_counts() {
        assert_eq!(SequenceNumber(3).since(SequenceNumber(65534)), 5);
        assert_eq!(SequenceNumber(65534).since(SequenceNumber(3)), -5);
        assert!(SequenceNumber(0).is_after(SequenceNumber(65535)));
        assert_eq!(SequenceNumber(65535).next(), SequenceNumber(0));
    }

    #[test]
    fn a_line_without_wraps() {
        assert_eq!(SequenceNumber(1).extended(65535), 65537);
        assert_eq!(SequenceNumber(65535).extended(65537), 65535);
        assert_eq!(SequenceNumber(65535).extended(0), -1);
        assert_eq!(SequenceNumber(65535).extended(-1), -1);
    }
}
