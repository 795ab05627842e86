//! Attributes that are one number, some text, opaque bytes, or nothing at all.

use nom::number::streaming::{be_u32, be_u64};

use super::body::Body;
use super::value::Value;
use crate::wire::field::{Field, Value as Shown};
use crate::wire::leaves::Leaves;
use crate::wire::read::field;
use crate::wire::{Error, Reason};

/// What a describing leaf is called: the filter's name and the label.
#[derive(Debug, Clone)]
pub(super) struct Called {
    pub(super) name: &'static str,
    pub(super) label: String,
}

impl Called {
    /// The same leaf under a word of its own.
    pub(super) fn labelled(self, label: &str) -> Self {
        Self { label: label.to_owned(), ..self }
    }
}

pub(super) fn number(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("number", field("number", be_u32)).map(Value::Number)
}

pub(super) fn number64(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("number", field("number", be_u64)).map(Value::Number64)
}

pub(super) fn seconds(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("seconds", field("seconds", be_u32)).map(Value::Seconds)
}

pub(super) fn code_point(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("code point", field("code point", be_u32)).map(Value::CodePoint)
}

/// Text; Microsoft's dialect puts opaque bytes where others have text.
pub(super) fn text(body: Body<'_>) -> Result<Value<'_>, Error> {
    match body.text("text") {
        Err(_) if body.microsoft => opaque(body),
        text => text.map(Value::Text),
    }
}

/// Opaque bytes, as many as are there.
#[expect(clippy::unnecessary_wraps, reason = "a row of the registry: all decoders have this shape")]
pub(super) fn opaque(body: Body<'_>) -> Result<Value<'_>, Error> {
    Ok(Value::Opaque(body.value))
}

pub(super) fn flag(body: Body<'_>) -> Result<Value<'_>, Error> {
    match body.stated {
        0 => Ok(Value::Flag),
        _ => Err(body.wrong_length("flag", 0)),
    }
}

pub(super) fn describe<'a>(called: Called, shown: Shown, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset).leaf(body.value.len(), called.name, called.label, shown)
}

pub(super) fn describe_opaque<'a>(called: Called, body: &Body<'a>) -> Leaves<'a> {
    Leaves::of(body.value, body.offset).rest(called.name, called.label)
}

/// The leaf of a value whose decoder gave up.
pub(super) fn describe_broken(called: Called, body: &Body<'_>, fault: Error) -> Vec<Field> {
    let shown = match fault.reason {
        Reason::NotUtf8 { .. } => Shown::Text(String::from_utf8_lossy(body.value).into_owned()),
        _ => Shown::Bytes(body.value.to_vec()),
    };
    let range = body.offset..body.offset.saturating_add(body.value.len());
    vec![Field::new(called.name, called.label, shown, range).note(fault.to_string())]
}
