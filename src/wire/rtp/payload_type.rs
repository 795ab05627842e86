//! Payload types (RFC 3551 section 6).

use std::fmt;

/// The payload type: seven bits that the session description gives a meaning, but for the static ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayloadType(pub u8);

/// What a payload type stands for where no description says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaticFormat {
    /// The encoding name of the registry: `PCMU`.
    pub encoding: &'static str,
    /// Ticks of the RTP timestamp in a second.
    pub clock_rate_hz: u32,
    /// Whether it is audio; H261 and its like are video, MP2T may hold both.
    pub audio: bool,
}

// payload type, encoding, clock rate in Hz, whether it is audio: RFC 3551 tables 4 and 5
const STATIC: &[(u8, &str, u32, bool)] = &[
    (0, "PCMU", 8000, true),
    (3, "GSM", 8000, true),
    (4, "G723", 8000, true),
    (5, "DVI4", 8000, true),
    (6, "DVI4", 16000, true),
    (7, "LPC", 8000, true),
    (8, "PCMA", 8000, true),
    // Samples at 16 kHz, but counted at 8 kHz: an error that RFC 3551 section 4.5.2 keeps.
    (9, "G722", 8000, true),
    (10, "L16", 44100, true),
    (11, "L16", 44100, true),
    (12, "QCELP", 8000, true),
    (13, "CN", 8000, true),
    (14, "MPA", 90000, true),
    (15, "G728", 8000, true),
    (16, "DVI4", 11025, true),
    (17, "DVI4", 22050, true),
    (18, "G729", 8000, true),
    (25, "CelB", 90000, false),
    (26, "JPEG", 90000, false),
    (28, "nv", 90000, false),
    (31, "H261", 90000, false),
    (32, "MPV", 90000, false),
    (33, "MP2T", 90000, false),
    (34, "H263", 90000, false),
];

impl PayloadType {
    /// What RFC 3551 assigns to the number; nothing where it is dynamic, reserved or unassigned.
    #[must_use]
    pub fn static_format(self) -> Option<StaticFormat> {
        let (_, encoding, clock_rate_hz, audio) = STATIC.iter().find(|(number, ..)| *number == self.0).copied()?;
        Some(StaticFormat { encoding, clock_rate_hz, audio })
    }

    /// Whether RTCP multiplexed on the same port could be taken for it, so that it must not be used there: 64 to 95
    /// (RFC 5761 section 4).
    #[must_use]
    pub fn collides_with_rtcp(self) -> bool {
        (64..=95).contains(&self.0)
    }
}

impl fmt::Display for PayloadType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g722_counts_at_8_khz() {
        assert_eq!(PayloadType(9).static_format().unwrap().clock_rate_hz, 8000);
        assert_eq!(PayloadType(96).static_format(), None);
    }

    #[test]
    fn rtcp_types_without_their_top_bit_collide() {
        assert!(PayloadType(72).collides_with_rtcp() && !PayloadType(96).collides_with_rtcp());
    }
}
