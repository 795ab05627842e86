//! One message.

use super::head;

/// A header field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name in full, also where it was written as one letter.
    pub name: String,
    /// Its value, folded lines joined.
    pub value: String,
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// Of a request.
    Request {
        /// The method, `INVITE`.
        method: String,
        /// The Request-URI.
        uri: String,
    },
    /// Of a response.
    Response {
        /// The status, 100 to 699.
        status: u16,
        /// The reason phrase.
        reason: String,
    },
}

/// A SIP message (RFC 3261, section 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its first line.
    pub start: Start,
    /// Its fields in order.
    pub fields: Vec<Header>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Message {
    /// The message in a datagram or in a message of a WebSocket: what follows its Content-Length is not part of it
    /// (RFC 3261, section 18.3). `None` where it is no SIP.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        // Keepalives stand before a message now and then (RFC 5626, section 3.5.1).
        let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let bytes = bytes.get(blank..)?;
        if !head::looks_like_sip(bytes) {
            return None;
        }
        let (head_end, body_start) = head::end(bytes, 0).unwrap_or((bytes.len(), bytes.len()));
        let mut message = Self::from_head(bytes.get(..head_end)?)?;
        let body = bytes.get(body_start..).unwrap_or_default();
        let length = message.content_length().unwrap_or(body.len());
        message.body = body.get(..length).unwrap_or(body).to_vec();
        Some(message)
    }

    pub(super) fn from_head(bytes: &[u8]) -> Option<Self> {
        let (start, fields) = head::parse(&String::from_utf8_lossy(bytes))?;
        Some(Self { start, fields, body: Vec::new() })
    }

    /// The value of the first field of this name, whose case does not count.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value.as_str())
    }

    pub(super) fn content_length(&self) -> Option<usize> {
        self.field("content-length")?.parse().ok()
    }

    /// `Call-ID`
    #[must_use]
    pub fn call_id(&self) -> Option<&str> {
        self.field("call-id")
    }

    /// The number of `CSeq`.
    #[must_use]
    pub fn cseq(&self) -> Option<u32> {
        self.field("cseq")?.split_ascii_whitespace().next()?.parse().ok()
    }

    /// The method: of a response, that of `CSeq`.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        match &self.start {
            Start::Request { method, .. } => Some(method),
            Start::Response { .. } => self.field("cseq")?.split_ascii_whitespace().nth(1),
        }
    }

    /// The status of a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.start {
            Start::Request { .. } => None,
            Start::Response { status, .. } => Some(*status),
        }
    }

    /// The tag of `From`.
    #[must_use]
    pub fn from_tag(&self) -> Option<&str> {
        tag(self.field("from")?)
    }

    /// The tag of `To`; a request that begins a dialog has none.
    #[must_use]
    pub fn to_tag(&self) -> Option<&str> {
        tag(self.field("to")?)
    }

    /// The address of `From` or `To`, without its display name and parameters.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<&str> {
        let value = self.field(name)?;
        match value.split_once('<') {
            Some((_, rest)) => rest.split('>').next(),
            None => value.split(';').next().map(str::trim),
        }
    }
}

/// The parameter `tag` behind an address: what stands in `<…>` are parameters of the URI.
fn tag(value: &str) -> Option<&str> {
    let outside = value.rsplit_once('>').map_or(value, |(_, rest)| rest);
    let found = outside.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.trim().eq_ignore_ascii_case("tag").then_some(value.trim())
    });
    // Without brackets the first part is the URI, with them it is empty: `skip(1)` fits both.
    found.filter(|tag| !tag.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &[u8] = b"INVITE sip:bob@b.example SIP/2.0\r\nv: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n\
        f: \"A <>;tag=no\" <sip:alice@a.example;tag=uri>;tag=abc\r\nt: sip:bob@b.example\r\ni: call-1\r\nCSeq: 7 INVITE\r\n\
        Subject: one\r\n\t two\r\nc: application/sdp\r\nl: 4\r\n\r\nv=0\nrest";

    #[test]
    fn compact_names_and_folded_lines_are_read() {
        let message = Message::parse(INVITE).unwrap();
        assert_eq!(message.call_id(), Some("call-1"));
        assert_eq!(message.field("subject"), Some("one two"));
        assert_eq!(message.field("Content-Type"), Some("application/sdp"));
        assert_eq!((message.from_tag(), message.to_tag()), (Some("abc"), None));
        assert_eq!((message.cseq(), message.method()), (Some(7), Some("INVITE")));
        assert_eq!(message.address("to"), Some("sip:bob@b.example"));
        assert_eq!(message.body, b"v=0\n");
    }

    #[test]
    fn what_is_not_sip_is_refused() {
        for bytes in [
            &b"M-SEARCH * HTTP/1.1\r\n\r\n"[..],
            b"INVITE sip:x SIP/1.0\r\n\r\n",
            b"",
            b"\r\n\r\n",
            b"SIP/2.0 99 x\r\n",
        ] {
            assert_eq!(Message::parse(bytes), None);
        }
    }
}
