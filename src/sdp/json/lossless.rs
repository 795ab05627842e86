//! The document of this project as JSON: every line with its value typed, and enough to get the bytes back.

use serde_json::{Map, Value, json};

use super::JsonError;
use crate::sdp::document::Document;
use crate::sdp::line::{Ending, Line, LineType};

/// The document as JSON: `lines`, each with its `content` (or, where it is not UTF-8, `contentHex`), its `ending`
/// unless that is CRLF, and its typed `value` where it makes sense. [`from_json`] gives the bytes back.
///
/// ```
/// # use rtcscope::sdp::Document;
/// # use rtcscope::sdp::json::to_json;
/// let json = to_json(&Document::parse(b"m=audio 9 RTP/AVP 0\r\na=mid:a\r\n"));
/// assert_eq!(json.pointer("/media/0/lines/1/content").and_then(|content| content.as_str()), Some("a=mid:a"));
/// ```
#[must_use]
pub fn to_json(document: &Document<'_>) -> Value {
    let session: Vec<Value> = document.session().lines().iter().map(of_line).collect();
    let media: Vec<Value> = document
        .media()
        .map(|section| json!({ "lines": section.lines().iter().map(of_line).collect::<Vec<_>>() }))
        .collect();
    json!({ "lines": session, "media": media })
}

fn of_line(line: &Line<'_>) -> Value {
    let mut members = Map::new();
    match str::from_utf8(line.content()) {
        Ok(content) => members.insert("content".to_owned(), content.into()),
        Err(_) => {
            let hex: String = line.content().iter().map(|byte| format!("{byte:02x}")).collect();
            members.insert("contentHex".to_owned(), hex.into())
        }
    };
    if line.ending() != Ending::CrLf {
        members.insert("ending".to_owned(), String::from_utf8_lossy(line.ending().bytes()).into());
    }
    let typed = match line.line_type() {
        LineType::Unknown | LineType::Malformed => None,
        _ => line.parse().ok().and_then(|value| serde_json::to_value(value).ok()),
    };
    typed.map(|typed| members.insert("value".to_owned(), typed));
    Value::Object(members)
}

/// The bytes of the document that [`to_json`] made. Only `content`, `contentHex` and `ending` count.
///
/// ```
/// # use rtcscope::sdp::Document;
/// # use rtcscope::sdp::json::{from_json, to_json};
/// let text = b"v=0\r\ns=\xff\n";
/// assert_eq!(from_json(&to_json(&Document::parse(text))).as_deref(), Ok(&text[..]));
/// ```
///
/// # Errors
///
/// [`JsonError`] where it is not of that form.
pub fn from_json(value: &Value) -> Result<Vec<u8>, JsonError> {
    let mut out = Vec::new();
    lines(value, &mut out)?;
    let media = value.get("media").map_or(Some(&[][..]), |media| media.as_array().map(Vec::as_slice));
    for section in media.ok_or(JsonError::Kind { member: "media", expected: "an array" })? {
        lines(section, &mut out)?;
    }
    Ok(out)
}

fn lines(section: &Value, out: &mut Vec<u8>) -> Result<(), JsonError> {
    let lines = section.get("lines").and_then(Value::as_array);
    for line in lines.ok_or(JsonError::Kind { member: "lines", expected: "an array" })? {
        match (line.get("content").and_then(Value::as_str), line.get("contentHex").and_then(Value::as_str)) {
            (Some(content), _) => out.extend_from_slice(content.as_bytes()),
            (None, Some(hex)) => {
                let bytes = from_hex(hex).ok_or(JsonError::Kind { member: "contentHex", expected: "hexadecimal" })?;
                out.extend_from_slice(&bytes);
            }
            (None, None) => return Err(JsonError::Kind { member: "content", expected: "a string" }),
        }
        match line.get("ending") {
            None => out.extend_from_slice(b"\r\n"),
            Some(ending) => {
                let ending = ending.as_str().ok_or(JsonError::Kind { member: "ending", expected: "a string" })?;
                out.extend_from_slice(ending.as_bytes());
            }
        }
    }
    Ok(())
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    let pairs = hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_whatever_they_are() {
        for text in [&b"v=0\r\na=x:\xff\nm=audio 9 RTP/AVP 0\r\na=mid:0"[..], b"", b"\r\n\n", b"v=0\rs=-\r"] {
            let json = to_json(&Document::parse(text)).to_string();
            assert_eq!(from_json(&serde_json::from_str(&json).unwrap()).unwrap(), text);
        }
    }

    #[test]
    fn values_are_typed() {
        let json = to_json(&Document::parse(b"m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"));
        let line = &json["media"][0]["lines"][1]["value"]["attribute"]["rtpmap"];
        assert_eq!(line["clockRate"], 8000);
    }
}
