//! How long a body is, whether it is kept, and its content codings (RFC 9110, section 8.4; RFC 9112, section 6).

use super::head::{Body, Head, Start};
use crate::signaling::Limits;
use crate::signaling::inflate::{Inflated, Inflater, gunzip};

/// Codings of one body; a body with more is not read.
const CODINGS: usize = 4;

/// Where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    /// At the end of the connection.
    Close,
}

impl Framing {
    /// The framing of the body behind `head` (RFC 9112, section 6.3).
    pub(super) fn of(head: &Head) -> Self {
        if let Start::Response { status, method, .. } = &head.start {
            let none = matches!(status, 100..=199 | 204 | 304);
            let tunnel = method.as_deref() == Some("CONNECT") && matches!(status, 200..=299);
            if none || tunnel || method.as_deref() == Some("HEAD") {
                return Self::Length(0);
            }
        }
        if head.lists("transfer-encoding", "chunked") {
            return Self::Chunked;
        }
        let length = head.field("content-length").and_then(|value| value.split(',').next()?.trim().parse().ok());
        match (length, &head.start) {
            (Some(length), _) => Self::Length(length),
            (None, Start::Request { .. }) => Self::Length(0),
            (None, Start::Response { .. }) => Self::Close,
        }
    }
}

/// Whether a body of this head can hold signalling. Where the type is not said it can.
pub(super) fn can_signal(head: &Head) -> bool {
    const NEVER: [&str; 5] = ["image/", "video/", "audio/", "font/", "multipart/byteranges"];
    const NOT: [&str; 6] = [
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/x-javascript",
        "application/wasm",
    ];
    head.media_type()
        .is_none_or(|found| !NEVER.iter().any(|never| found.starts_with(never)) && !NOT.contains(&found.as_str()))
}

/// Takes the content codings off `bytes`, the last one first, and before them the codings of the transfer (RFC 9112, section 7).
pub(super) fn decode(head: &Head, bytes: Vec<u8>, limits: &Limits) -> Body {
    let fields = head.fields_of("content-encoding").chain(head.fields_of("transfer-encoding"));
    let codings: Vec<&str> = fields.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut body = bytes;
    // More than a few codings are an attack, not a habit.
    if codings.len() > CODINGS {
        return Body::Unreadable;
    }
    for coding in codings.iter().rev() {
        let mut out = Vec::new();
        let ended = match coding.to_ascii_lowercase().as_str() {
            "" | "identity" | "chunked" => continue,
            "gzip" | "x-gzip" => gunzip(&body, &mut out, limits.inflated_bytes),
            "deflate" => inflate(&body, &mut out, limits.inflated_bytes),
            _ => return Body::Unreadable,
        };
        match ended {
            Inflated::Whole => body = out,
            Inflated::TooMuch => return Body::TooLong,
            Inflated::Broken => return Body::Damaged,
        }
    }
    Body::Whole(body)
}

/// `deflate` is zlib (RFC 9110, section 8.4.1.2), but some senders leave its frame away.
fn inflate(bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Inflated {
    match Inflater::zlib().inflate(bytes, out, most) {
        Inflated::Broken => {
            out.clear();
            Inflater::raw().inflate(bytes, out, most)
        }
        ended => ended,
    }
}
