//! The description of a message: a tree of fields, each with a name, a value, a meaning and the bytes it stands in.
//!
//! The file that parses a message also describes it, and everything that shows a message (`decode`, a packet tree, a
//! filter) works from that one description. Nothing of it runs on the path of media packets.

use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::Range;

/// One field of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name a filter knows it by: Wireshark's where Wireshark has one (`stun.type`), else our own.
    pub name: &'static str,
    /// The words of its RFC: `Message Length`.
    pub label: Cow<'static, str>,
    /// What it holds.
    pub value: Value,
    /// What that means, where a value alone does not say: the name of a code point, a unit, a verdict.
    pub meaning: Option<String>,
    /// The bytes it stands in, from the start of the message.
    pub range: Range<usize>,
    /// The fields inside it, in wire order.
    pub children: Vec<Field>,
    /// What a reader should be told in place: a bad length, an ignored attribute, reserved bits that are set.
    pub notes: Vec<String>,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// Only a heading for its children, or bytes without a value (padding).
    None,
    /// A flag.
    Boolean(bool),
    /// A number, shown in decimal.
    Unsigned(u64),
    /// A number that may be negative.
    Signed(i64),
    /// A code point, shown in hexadecimal with this many digits.
    Hex(u64, usize),
    /// Text; bytes that are not UTF-8 are replaced.
    Text(String),
    /// Opaque bytes.
    Bytes(Vec<u8>),
    /// An IP address.
    Address(IpAddr),
}

impl Field {
    /// A field without meaning, children and notes.
    #[must_use]
    pub fn new(name: &'static str, label: impl Into<Cow<'static, str>>, value: Value, range: Range<usize>) -> Self {
        Self { name, label: label.into(), value, meaning: None, range, children: Vec::new(), notes: Vec::new() }
    }

    /// The same with a meaning.
    #[must_use]
    pub fn means(mut self, meaning: impl Into<String>) -> Self {
        self.meaning = Some(meaning.into());
        self
    }

    /// The same with `children` inside.
    #[must_use]
    pub fn with(mut self, children: Vec<Field>) -> Self {
        self.children = children;
        self
    }

    /// The same with a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}
