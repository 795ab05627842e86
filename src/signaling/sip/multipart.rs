//! Bodies of several parts (RFC 2046, section 5.1; RFC 5621).

/// Parts of one body; more are not read.
const PARTS: usize = 64;
/// Bytes of a content type that are looked at.
const LONGEST: usize = 4096;

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its media type without parameters; empty where it is not said, which means text/plain.
    pub media_type: &'a str,
    /// The same with its parameters, up to the end of its line; those on folded lines are found too.
    pub content_type: &'a str,
    /// Its bytes.
    pub body: &'a [u8],
}

impl Part<'_> {
    /// Whether it has parts itself.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        is_multipart(self.media_type)
    }
}

fn is_multipart(media_type: &str) -> bool {
    media_type.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"))
}

/// The parts of `body`, whose type is `content_type`; of a plain body, itself. Parts do not nest here: a multipart in a
/// part is given as a part, and asked for its own.
#[must_use]
pub fn parts<'a>(content_type: &'a str, body: &'a [u8]) -> Vec<Part<'a>> {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let boundary = if is_multipart(media_type) { boundary(content_type) } else { None };
    let Some(boundary) = boundary else { return vec![Part { media_type, content_type, body }] };
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    for (at, after, last) in delimiters(body, boundary.as_bytes()) {
        if let Some(part) = start.and_then(|start| body.get(start..at)) {
            found.push(split(part));
        }
        start = (!last).then_some(after);
        if last || found.len() >= PARTS {
            return found;
        }
    }
    // The last delimiter was not captured.
    found.extend(start.and_then(|start| body.get(start..)).map(split));
    found
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut rest = content_type.get(..LONGEST).unwrap_or(content_type);
    while let Some((_, after)) = rest.split_once(';') {
        rest = after;
        let Some(end) = rest.find(['=', ';']) else { break };
        let Some((name, value)) = rest.split_at_checked(end) else { break };
        let Some(value) = value.strip_prefix('=').filter(|_| name.trim().eq_ignore_ascii_case("boundary")) else {
            continue;
        };
        // In quotes it may hold what parts parameters (RFC 2046, section 5.1.1).
        let value = value.trim_start();
        return match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => value.split(';').next().map(str::trim_end),
        };
    }
    None
}

/// The delimiter lines: where the line break before each begins, what follows it, and whether it is the last one.
fn delimiters<'a>(body: &'a [u8], boundary: &'a [u8]) -> impl Iterator<Item = (usize, usize, bool)> + 'a {
    let mut at = 0;
    body.split_inclusive(|byte| *byte == b'\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?.trim_ascii_end();
        let last = rest == b"--";
        let before = body.get(..start).unwrap_or_default();
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        let before = before.strip_suffix(b"\r").unwrap_or(before);
        (last || rest.is_empty()).then_some((before.len(), at, last))
    })
}

/// A part into its own head and its body.
fn split(part: &[u8]) -> Part<'_> {
    let blank = [&b"\r\n"[..], b"\n"].iter().find(|blank| part.starts_with(blank)).map(|blank| (0, blank.len()));
    let (head_end, body_start) = blank.or_else(|| super::head::end(part, 0)).unwrap_or((part.len(), part.len()));
    let head = part.get(..head_end).and_then(|head| str::from_utf8(head).ok()).unwrap_or_default();
    let content_type = content_type_of(head).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    Part { media_type, content_type, body: part.get(body_start..).unwrap_or_default() }
}

/// The value of the content type, folded lines and all (RFC 822, section 3.1.1).
fn content_type_of(head: &str) -> Option<&str> {
    let mut at = 0;
    for line in head.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((name, _)) = line.split_once(':') else { continue };
        let is_named = ["content-type", "c"].iter().any(|wanted| name.trim().eq_ignore_ascii_case(wanted));
        if !is_named || line.starts_with([' ', '\t']) {
            continue;
        }
        let rest = head.get(at..).unwrap_or_default();
        let folded: usize =
            rest.split_inclusive('\n').take_while(|line| line.starts_with([' ', '\t'])).map(str::len).sum();
        return head.get(start + name.len() + 1..at + folded).map(str::trim);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_at_their_boundary() {
        let body = b"preamble\r\n--x y\r\nContent-Type: application/sdp;v=1\r\n\r\nv=0\r\n\r\n--x y\r\n\r\nplain\r\n--x y--\r\nepilogue";
        let found = parts("multipart/mixed; boundary=\"x y\"", body);
        assert_eq!(
            found,
            [
                Part { media_type: "application/sdp", content_type: "application/sdp;v=1", body: b"v=0\r\n" },
                Part { media_type: "", content_type: "", body: b"plain" }
            ]
        );
    }

    #[test]
    fn a_plain_body_is_its_only_part() {
        for media_type in ["application/sdp", "multipart/mixed"] {
            assert_eq!(parts(media_type, b"v=0"), [Part { media_type, content_type: media_type, body: b"v=0" }]);
        }
    }

    #[test]
    fn a_boundary_is_found_among_parameters_with_and_without_values() {
        assert_eq!(boundary("multipart/mixed; a; b=\"x\"; Boundary = \"y;z\""), Some("y;z"));
        assert_eq!(boundary("multipart/mixed;boundary=y ; c=d"), Some("y"));
        assert_eq!(boundary("multipart/mixed; a; boundary"), None);
        assert_eq!(boundary(&";".repeat(1 << 20)), None);
    }
}
