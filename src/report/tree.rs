//! One message for people: its fields as a tree with the bytes they stand in, and the same as JSON.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use super::text::{Cell, Paint};
use crate::wire::field::{Field, Value};

/// Bytes shown beside a field; more are cut, and the cut is shown.
const BYTES: usize = 8;
/// Characters of the column of offsets and bytes.
const BYTES_COLUMN: usize = 2 * BYTES + 3;

/// Writes `fields` of the message `bytes`, a line each: where it begins, its bytes, its words.
///
/// # Errors
///
/// Those of `out`.
pub fn render(fields: &[Field], bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
    fields.iter().try_for_each(|field| lines(field, bytes, 0, out))
}

fn lines(field: &Field, bytes: &[u8], depth: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    let part = bytes.get(field.range.clone()).unwrap_or_default();
    let beside = if field.children.is_empty() { hex(part) } else { String::new() };
    Cell::painted(format!("{:>5}  {beside:<BYTES_COLUMN$}", field.range.start), Paint::Quiet).append_to(&mut line);
    line.push_str(&"  ".repeat(depth));
    let label = if field.children.is_empty() { Paint::Plain } else { Paint::Title };
    Cell::painted(&field.label, label).append_to(&mut line);
    let shown = shown(&field.value);
    if !shown.is_empty() {
        line.push_str(": ");
        Cell::new(&shown).append_to(&mut line);
    }
    if let Some(meaning) = &field.meaning {
        Cell::painted(if shown.is_empty() { format!(": {meaning}") } else { format!(" ({meaning})") }, Paint::Notice)
            .append_to(&mut line);
    }
    writeln!(out, "{}", line.trim_end())?;
    for note in &field.notes {
        let mut line = " ".repeat(7 + BYTES_COLUMN + 2 * depth + 2);
        Cell::painted(format!("! {note}"), Paint::Warning).append_to(&mut line);
        writeln!(out, "{line}")?;
    }
    field.children.iter().try_for_each(|child| lines(child, bytes, depth + 1, out))
}

fn hex(bytes: &[u8]) -> String {
    let mut text: String = bytes.iter().take(BYTES).fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    if bytes.len() > BYTES {
        text.push('…');
    }
    text
}

fn whole_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Opaque bytes shown in full up to this length.
const OPAQUE: usize = 32;

fn shown(value: &Value) -> String {
    match value {
        Value::None => String::new(),
        Value::Boolean(set) => if *set { "yes" } else { "no" }.to_owned(),
        Value::Unsigned(number) => number.to_string(),
        Value::Signed(number) => number.to_string(),
        Value::Hex(number, digits) => format!("0x{number:0digits$x}"),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) if bytes.len() > OPAQUE => {
            format!("{}… ({} bytes)", whole_hex(bytes.get(..OPAQUE).unwrap_or_default()), bytes.len())
        }
        Value::Bytes(bytes) => whole_hex(bytes),
        Value::Address(address) => address.to_string(),
    }
}

/// A field as it is published.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// The name a filter knows it by.
    pub name: &'static str,
    /// The words of its RFC.
    pub label: String,
    /// Its value: a number, a text, a truth value; bytes as hexadecimal digits.
    pub value: Json,
    /// What that means.
    pub meaning: Option<String>,
    /// Where its bytes begin.
    pub offset: usize,
    /// How many they are.
    pub length: usize,
    /// What a reader should be told in place.
    pub notes: Vec<String>,
    /// The fields inside it.
    pub fields: Vec<Node>,
}

impl From<&Field> for Node {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name,
            label: field.label.clone().into_owned(),
            value: match &field.value {
                Value::None => Json::Null,
                Value::Boolean(set) => (*set).into(),
                Value::Unsigned(number) | Value::Hex(number, _) => (*number).into(),
                Value::Signed(number) => (*number).into(),
                Value::Text(text) => text.clone().into(),
                Value::Bytes(bytes) => whole_hex(bytes).into(),
                Value::Address(address) => address.to_string().into(),
            },
            meaning: field.meaning.clone(),
            offset: field.range.start,
            length: field.range.len(),
            notes: field.notes.clone(),
            fields: field.children.iter().map(Self::from).collect(),
        }
    }
}
