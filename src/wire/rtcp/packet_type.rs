//! The registry of packet types.

use std::fmt;

/// The type of a packet: eight bits, 192 to 223 where RTP shares the port (RFC 5761 section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketType(pub u8);

macro_rules! registry {
    ($($number:literal $constant:ident $name:literal, $source:literal;)*) => {
        impl PacketType {
            $(
                #[doc = concat!("`", $name, "` (", $source, ").")]
                pub const $constant: Self = Self($number);
            )*

            /// Its abbreviation in the registry; nothing where it is not known.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some($name),)*
                    _ => None,
                }
            }
        }
    };
}

registry! {
    192 FULL_INTRA_REQUEST "FIR", "RFC 2032 section 5.2.1, replaced by PSFB";
    193 NEGATIVE_ACKNOWLEDGEMENT "NACK", "RFC 2032 section 5.2.2, replaced by RTPFB";
    194 SMPTE_TIME_CODE "SMPTETC", "RFC 5484";
    195 INTERARRIVAL_JITTER "IJ", "RFC 5450";
    200 SENDER_REPORT "SR", "RFC 3550 section 6.4.1";
    201 RECEIVER_REPORT "RR", "RFC 3550 section 6.4.2";
    202 SOURCE_DESCRIPTION "SDES", "RFC 3550 section 6.5";
    203 GOODBYE "BYE", "RFC 3550 section 6.6";
    204 APPLICATION_DEFINED "APP", "RFC 3550 section 6.7";
    205 TRANSPORT_FEEDBACK "RTPFB", "RFC 4585 section 6.2";
    206 PAYLOAD_FEEDBACK "PSFB", "RFC 4585 section 6.3";
    207 EXTENDED_REPORT "XR", "RFC 3611";
    208 AVB "AVB", "IEEE 1733";
    209 RECEIVER_SUMMARY "RSI", "RFC 5760";
    210 TOKEN "TOKEN", "RFC 6284";
    211 SYNCHRONIZATION_SETTINGS "IDMS", "RFC 7272";
    212 REPORTING_GROUP "RGRS", "RFC 8861";
    213 SPLICING_NOTIFICATION "SNM", "RFC 8286";
}

impl fmt::Display for PacketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_types_are_numbers() {
        assert_eq!(PacketType(205).to_string(), "RTPFB");
        assert_eq!(PacketType(220).to_string(), "220");
    }
}
