//! Names as they can be shown: on the wire they are bytes.

/// Text as it is; bytes that are not text, or that would play tricks on a terminal, escaped.
pub(super) fn printable(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => bytes.escape_ascii().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(printable("Zoë".as_bytes()), "Zoë");
        assert_eq!(printable(b"\x1B[2Jalice"), "\\x1b[2Jalice");
        assert_eq!(printable(b"\xFF1"), "\\xff1");
    }
}
