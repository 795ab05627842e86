//! Bytes written in hexadecimal, as people and tools write them.

/// Bytes of a line that the tools with offsets write.
const DUMP_LINE: usize = 16;

/// The bytes of `text`: digits with any of spaces, colons, commas, `0x`, `\x` between them, or a dump with offsets by xxd,
/// hexdump -C, od -A x -t x1, tcpdump -x or Wireshark. `None` where there is anything else, or a lone digit.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for line in text.lines() {
        let line = line.split('|').next().unwrap_or_default().trim();
        match dumped(line, bytes.len()) {
            Some(found) => bytes.extend(found),
            None => bytes.extend(plain(line)?),
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// The bytes of a line that begins with the offset `expected`.
fn dumped(line: &str, expected: usize) -> Option<Vec<u8>> {
    let (offset, rest) = line.split_once(|letter: char| letter.is_whitespace()).unwrap_or((line, ""));
    let digits = offset.strip_suffix(':').unwrap_or(offset);
    let marked = digits.len() < offset.len();
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    let is_offset = digits.len() >= 4 && usize::from_str_radix(digits, 16).ok()? == expected;
    if !is_offset || (rest.is_empty() && expected == 0) {
        return None;
    }
    let rest = rest.trim_start();
    // The tools that mark the offset set two spaces between digits and letters, the others three.
    let digits = rest.split_once(if marked { "  " } else { "   " }).map_or(rest, |(digits, _)| digits);
    let mut found = Vec::new();
    for word in digits.split_whitespace() {
        match pairs(word) {
            Some(word) if found.len() + word.len() <= DUMP_LINE => found.extend(word),
            _ => break,
        }
    }
    let whole = !found.is_empty() || rest.is_empty();
    whole.then_some(found)
}

fn plain(line: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let between = |letter: char| letter.is_whitespace() || matches!(letter, ':' | ',' | ';' | '{' | '}' | '\\' | '"');
    for word in line.split(between).filter(|word| !word.is_empty()) {
        let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word);
        let digits = digits.strip_prefix('x').unwrap_or(digits);
        bytes.extend(pairs(digits)?);
    }
    Some(bytes)
}

/// The bytes of digits without anything between them.
fn pairs(word: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = word.chars().map(|letter| letter.to_digit(16)).collect::<Option<_>>()?;
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let byte = |pair: &[u32]| pair.iter().try_fold(0_u8, |byte, digit| Some(byte << 4 | u8::try_from(*digit).ok()?));
    digits.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::bytes;

    const MESSAGE: [u8; 20] =
        [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 1, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae];

    #[test]
    fn digits_are_read_whatever_stands_between_them() {
        for text in [
            "000100002112a442b7e7a701bc34d686fa87dfae",
            "00 01 00 00 21 12 A4 42 B7 E7 A7 01 BC 34 D6 86 FA 87 DF AE",
            "00:01:00:00:21:12:a4:42:b7:e7:a7:01:bc:34:d6:86:fa:87:df:ae",
            "0x00010000 0x2112a442 0xb7e7a701 0xbc34d686 0xfa87dfae",
            "{0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87,\n0xdf, 0xae}",
            "\"\\x00\\x01\\x00\\x00\\x21\\x12\\xa4\\x42\\xb7\\xe7\\xa7\\x01\\xbc\\x34\\xd6\\x86\\xfa\\x87\\xdf\\xae\"",
        ] {
            assert_eq!(bytes(text).as_deref(), Some(&MESSAGE[..]), "{text}");
        }
    }

    #[test]
    fn dumps_lose_their_offsets_and_letters() {
        for text in [
            "00000000: 0001 0000 2112 a442 b7e7 a701 bc34 d686  ....!..B.....4..\n00000010: fa87 dfae                                ....\n",
            "00000000  00 01 00 00 21 12 a4 42  b7 e7 a7 01 bc 34 d6 86  |....!..B.....4..|\n00000010  fa 87 df ae                                       |....|\n00000014\n",
            "000000 00 01 00 00 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86\n000010 fa 87 df ae\n000014\n",
            "\t0x0000:  0001 0000 2112 a442 b7e7 a701 bc34 d686\n\t0x0010:  fa87 dfae\n",
            "0000   00 01 00 00 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86   ....!..B.....4..\n0010   fa 87 df ae                                       ba be\n",
        ] {
            assert_eq!(bytes(text).as_deref(), Some(&MESSAGE[..]), "{text}");
        }
    }

    #[test]
    fn what_is_no_hex_is_refused() {
        for text in ["", "  \n", "000", "hello", "AAEAACESpEI="] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,80}") {
            let _ = bytes(&text);
        }

        #[test]
        fn what_was_written_is_read(message in proptest::collection::vec(any::<u8>(), 1..64)) {
            let text: String = message.iter().map(|byte| format!("{byte:02x} ")).collect();
            prop_assert_eq!(bytes(&text), Some(message));
        }
    }
}
