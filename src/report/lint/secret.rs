//! Where the secret of a line stands, so that no output repeats it.
//!
//! A line at fault is shown, and so the words are looked for wherever they stand: behind a space too many, in capitals, or amid a
//! description whose line breaks are lost.

/// Words that a secret stands behind, in lower case.
const BEFORE: &[&[u8]] = &[b"ice-pwd", b"inline:", b"key-mgmt", b"k=clear", b"k=base64", b"k=uri"];

/// Where the secret of a line begins, if it holds one. What stands behind it is taken for a part of it.
pub(super) fn begins(line: &[u8]) -> Option<usize> {
    let lower = line.to_ascii_lowercase();
    let behind = |word: &&[u8]| lower.windows(word.len()).position(|part| part == *word).map(|at| at + word.len());
    let found = BEFORE.iter().filter_map(behind).chain(key(&lower)).min()?;
    let between = |byte: &u8| matches!(byte, b':' | b'=' | b' ' | b'\t');
    let skipped = line.get(found..).unwrap_or_default().iter().take_while(|byte| between(byte)).count();
    Some(found + skipped)
}

/// Behind the `=` of a line `k=`.
fn key(lower: &[u8]) -> Option<usize> {
    let blank = |bytes: &[u8]| bytes.len() - bytes.trim_ascii_start().len();
    let start = blank(lower);
    let rest = lower.get(start..)?.strip_prefix(b"k")?;
    let gap = blank(rest);
    rest.get(gap..)?.starts_with(b"=").then_some(start + gap + 2)
}

/// Whether a text of several lines holds a secret.
pub(super) fn is_in(text: &[u8]) -> bool {
    text.split(|byte| matches!(byte, b'\n' | b'\r')).any(|line| begins(line).is_some_and(|at| at < line.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_however_a_line_is_broken() {
        for line in [
            "a=ice-pwd:hunter2",
            "  a=ice-pwd:hunter2",
            "A = ICE-PWD : hunter2",
            "a=ice-pwd=hunter2",
            "v=0\\r\\na=ice-pwd:hunter2",
            "k=hunter2",
            " K =hunter2",
            "v=0\\r\\nk=clear:hunter2",
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 INLINE:hunter2",
            "a=key-mgmt:hunter2",
        ] {
            let at = begins(line.as_bytes()).unwrap();
            assert_eq!(line.get(at..), Some("hunter2"), "{line}");
            assert!(is_in(format!("v=0\r\n{line}\r\n").as_bytes()));
        }
        for line in ["a=mid:0", "a=fmtp:97 apt=96", "", "k", "s=k=v"] {
            assert_eq!(begins(line.as_bytes()), None, "{line}");
        }
        assert!(!is_in(b"a=ice-pwd:\r\na=mid:0\r\n"));
    }
}
