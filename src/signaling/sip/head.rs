//! The first line and the fields of a message: compact names, folded lines.

use super::message::{Header, Start};

/// Fields of one message; more are not read.
const FIELDS: usize = 512;

/// A longer method is none.
const LONGEST_METHOD: usize = 32;

/// A longer first line is none.
pub(super) const LONGEST_LINE: usize = 4096;

/// The one-letter names (RFC 3261, section 7.3.3, and the registry of header fields).
const COMPACT: &[(&str, &str)] = &[
    ("a", "Accept-Contact"),
    ("b", "Referred-By"),
    ("c", "Content-Type"),
    ("d", "Request-Disposition"),
    ("e", "Content-Encoding"),
    ("f", "From"),
    ("i", "Call-ID"),
    ("j", "Reject-Contact"),
    ("k", "Supported"),
    ("l", "Content-Length"),
    ("m", "Contact"),
    ("n", "Identity-Info"),
    ("o", "Event"),
    ("r", "Refer-To"),
    ("s", "Subject"),
    ("t", "To"),
    ("u", "Allow-Events"),
    ("v", "Via"),
    ("x", "Session-Expires"),
    ("y", "Identity"),
];

/// The name in full.
fn full(name: &str) -> &str {
    COMPACT.iter().find(|(short, _)| short.eq_ignore_ascii_case(name)).map_or(name, |(_, full)| full)
}

/// Whether `bytes` start as a message does: a first line that names SIP/2.0.
pub(crate) fn looks_like_sip(bytes: &[u8]) -> bool {
    if !starts_with_word(bytes) {
        return false;
    }
    let bytes = bytes.get(..LONGEST_LINE).unwrap_or(bytes);
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    (line.starts_with(b"SIP/2.0 ") || line.ends_with(b" SIP/2.0")) && start(&String::from_utf8_lossy(line)).is_some()
}

/// Whether `bytes` can become the start of a message, as far as they go: what can, and what does, is decided alike.
pub(super) fn can_become_sip(bytes: &[u8]) -> bool {
    let first = bytes.get(..LONGEST_LINE).unwrap_or(bytes);
    if first.contains(&b'\n') {
        return looks_like_sip(bytes);
    }
    let short = first.len() <= LONGEST_METHOD && first.iter().all(u8::is_ascii_graphic);
    let is_word = short && first.first().is_some_and(u8::is_ascii_uppercase);
    bytes.len() < LONGEST_LINE && (is_word || starts_with_word(first))
}

/// Whether a word and a space come first, as they do in few things that start with a letter.
fn starts_with_word(bytes: &[u8]) -> bool {
    let end = bytes.iter().take(LONGEST_METHOD + 1).position(|byte| !byte.is_ascii_graphic());
    bytes.first().is_some_and(u8::is_ascii_uppercase) && end.is_some_and(|end| bytes.get(end) == Some(&b' '))
}

/// The first line.
fn start(line: &str) -> Option<Start> {
    let line = line.trim_end();
    if let Some(rest) = line.strip_prefix("SIP/2.0 ") {
        let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        let status = status.parse().ok().filter(|status| (100..700).contains(status))?;
        return Some(Start::Response { status, reason: reason.to_owned() });
    }
    let (method, rest) = line.split_once(' ')?;
    let uri = rest.strip_suffix(" SIP/2.0")?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte);
    let fits = method.starts_with(|first: char| first.is_ascii_uppercase())
        && method.len() <= LONGEST_METHOD
        && method.bytes().all(is_token);
    fits.then(|| Start::Request { method: method.to_owned(), uri: uri.trim().to_owned() })
}

/// The first line and the fields in `text`, which ends before the empty line.
pub(super) fn parse(text: &str) -> Option<(Start, Vec<Header>)> {
    let mut lines = text.lines();
    let start = start(lines.next().filter(|line| line.len() < LONGEST_LINE)?)?;
    let mut fields: Vec<Header> = Vec::new();
    for line in lines {
        if line.starts_with([' ', '\t']) {
            // A folded line (RFC 3261, section 7.3.1) goes on as after one space.
            if let Some(last) = fields.last_mut() {
                last.value.push(' ');
                last.value.push_str(line.trim());
            }
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        if fields.len() >= FIELDS {
            break;
        }
        fields.push(Header { name: full(name.trim()).to_owned(), value: value.trim().to_owned() });
    }
    Some((start, fields))
}

/// Where the head ends and the body begins: around the first empty line, looked for from `from`.
pub(super) fn end(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(from..)?;
    rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n').find_map(|(at, _)| match rest.get(at + 1) {
        Some(b'\n') => Some((from + at, from + at + 2)),
        Some(b'\r') if rest.get(at + 2) == Some(&b'\n') => Some((from + at, from + at + 3)),
        _ => None,
    })
}
