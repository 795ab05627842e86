//! Code points that mean nothing.

/// Whether a code point is one of those that clients send to keep the field open (GREASE, RFC 8701): both bytes alike, each `0x?a`.
pub(super) const fn is_grease(number: u16) -> bool {
    number & 0x0F0F == 0x0A0A && number >> 8 == number & 0xFF
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grease_is_told() {
        assert!(is_grease(0x0A0A) && is_grease(0xFAFA));
        assert!(!is_grease(0x0A1A) && !is_grease(0x0304) && !is_grease(0x1301));
    }
}
