//! Names as they can be shown: on the wire they are bytes.

use super::limits;

/// Text as it is, up to the bound; bytes that are not text, or that would play tricks on a terminal, escaped.
pub(super) fn printable(bytes: &[u8]) -> String {
    let bytes = bytes.get(..limits::TEXT_LENGTH).unwrap_or(bytes);
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

    #[test]
    fn a_name_takes_no_more_memory_than_the_rfc_allows() {
        assert_eq!(printable(&[b'a'; 60_000]).len(), limits::TEXT_LENGTH);
    }
}
