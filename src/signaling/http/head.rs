//! The head of a message: its first line and its fields.

use crate::moment::Moment;

/// Fields of one head; more are not read.
const FIELDS: usize = 256;

/// A field of a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name as it was written.
    pub name: String,
    /// Its value without the white space around it; bytes that are no UTF-8 are replaced.
    pub value: String,
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// Of a request.
    Request {
        /// The method, `POST`.
        method: String,
        /// The target as it was written.
        target: String,
    },
    /// Of a response.
    Response {
        /// The status.
        status: u16,
        /// The method of the request that it answers; `None` where that was not seen.
        method: Option<String>,
        /// The target of the request that it answers.
        target: Option<String>,
    },
}

/// The head of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its first line.
    pub start: Start,
    /// Its fields in order.
    pub fields: Vec<Header>,
}

impl Head {
    /// The value of the first field of this name, whose case does not count.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value.as_str())
    }

    /// The values of all fields of this name.
    pub fn fields_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = move |field: &&Header| field.name.eq_ignore_ascii_case(name);
        self.fields.iter().filter(same).map(|field| field.value.as_str())
    }

    /// Whether a comma-separated field names `token`, whose case does not count.
    #[must_use]
    pub fn lists(&self, name: &str, token: &str) -> bool {
        self.fields_of(name).flat_map(|value| value.split(',')).any(|found| found.trim().eq_ignore_ascii_case(token))
    }

    /// The media type of the body in lower case, without its parameters.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let value = self.field("content-type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The target of a request, or of the request that a response answers.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        match &self.start {
            Start::Request { target, .. } => Some(target),
            Start::Response { target, .. } => target.as_deref(),
        }
    }

    /// The method of a request, or of the request that a response answers.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        match &self.start {
            Start::Request { method, .. } => Some(method),
            Start::Response { method, .. } => method.as_deref(),
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

    /// Bytes that it takes.
    pub(super) fn cost(&self) -> usize {
        let fields: usize = self.fields.iter().map(|field| field.name.len() + field.value.len()).sum();
        let start = self.method().map_or(0, str::len) + self.target().map_or(0, str::len);
        fields + start + self.fields.capacity() * size_of::<Header>()
    }

    /// Reads the head of a request or of a response that ends at the end of `bytes`.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = [httparse::EMPTY_HEADER; FIELDS];
        if is_response(bytes) {
            let mut response = httparse::Response::new(&mut fields);
            response.parse(bytes).ok().filter(httparse::Status::is_complete)?;
            let start = Start::Response { status: response.code?, method: None, target: None };
            return Some(Self { start, fields: owned(response.headers) });
        }
        let mut request = httparse::Request::new(&mut fields);
        request.parse(bytes).ok().filter(httparse::Status::is_complete)?;
        let start = Start::Request { method: request.method?.to_owned(), target: request.path?.to_owned() };
        Some(Self { start, fields: owned(request.headers) })
    }
}

fn owned(fields: &[httparse::Header<'_>]) -> Vec<Header> {
    let field = |field: &httparse::Header<'_>| Header {
        name: field.name.to_owned(),
        value: String::from_utf8_lossy(field.value).into_owned(),
    };
    fields.iter().map(field).collect()
}

/// Whether `bytes` start as a response does, as far as they go.
pub(crate) fn is_response(bytes: &[u8]) -> bool {
    starts(bytes, b"HTTP/1.")
}

/// Whether `bytes` start as a request does, as far as they go: the methods of RFC 9110, section 9, and PATCH (RFC 5789).
pub(crate) fn is_request(bytes: &[u8]) -> bool {
    has_method(bytes) && !line_names_sip(bytes)
}

/// Whether `bytes` start with a method, as far as they go.
pub(super) fn has_method(bytes: &[u8]) -> bool {
    const METHODS: [&[u8]; 9] =
        [b"GET ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"HEAD ", b"OPTIONS ", b"CONNECT ", b"TRACE "];
    matches!(bytes.first(), Some(b'C' | b'D' | b'G' | b'H' | b'O' | b'P' | b'T'))
        && METHODS.iter().any(|method| starts(bytes, method))
}

fn starts(bytes: &[u8], word: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().zip(word).all(|(found, wanted)| found == wanted)
}

/// SIP has a method `OPTIONS` too.
fn line_names_sip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"OPTIONS ") && first_line(bytes).trim_ascii_end().ends_with(b"SIP/2.0")
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == b'\n').next().unwrap_or_default()
}

/// What became of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Here it is, decoded; empty where there is none.
    Whole(Vec<u8>),
    /// Its type cannot hold signalling.
    PassedOver,
    /// It is longer than what is kept, before or after decompression.
    TooLong,
    /// Bytes of it are missing, or its coding is broken.
    Damaged,
    /// Its coding is none that is read here: `br`, `zstd`, `compress`.
    Unreadable,
}

impl Body {
    /// Its bytes; none where it was not kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::PassedOver | Self::TooLong | Self::Damaged | Self::Unreadable => &[],
        }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The frame that completed it.
    pub moment: Moment,
    /// The number of the request on its connection, the same for the response that answers it; `None` for a response whose
    /// request was not seen.
    pub exchange: Option<u64>,
    /// Its head.
    pub head: Head,
    /// Its body.
    pub body: Body,
}
