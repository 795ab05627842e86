//! The JSON of `sdp-transform` as a description.

use serde_json::{Map, Value};

use super::JsonError;
use super::transform_grammar::{Row, Shape, rows};
use super::transform_pattern::write;

/// Writes the JSON of `sdp-transform` as a description, its lines in that package's order. Where the package
/// writes `undefined` for a member that is missing, the text is left out.
///
/// ```
/// # use rtcscope::sdp::json::from_sdp_transform;
/// let json = serde_json::json!({"version": 0, "name": "call", "media": []});
/// assert_eq!(from_sdp_transform(&json).as_deref(), Ok("v=0\r\ns=call\r\n"));
/// ```
///
/// # Errors
///
/// [`JsonError`] where `media` is no array of objects, or a text holds a line break.
pub fn from_sdp_transform(value: &Value) -> Result<String, JsonError> {
    let rows = rows();
    let session = value.as_object().ok_or(JsonError::Kind { member: "session", expected: "an object" })?;
    let mut session = session.clone();
    session.entry("version").or_insert_with(|| 0.into());
    session.entry("name").or_insert_with(|| " ".into());
    let mut out = String::new();
    for letter in "vosiuepcbtrza".chars() {
        section(&rows, letter, &session, &mut out)?;
    }
    let media = session.get("media").and_then(Value::as_array);
    for media in media.ok_or(JsonError::Kind { member: "media", expected: "an array" })? {
        let media = media.as_object().ok_or(JsonError::Kind { member: "media", expected: "objects" })?;
        if let Some(row) = rows.iter().find(|row| row.letter == 'm') {
            line(row, media, &mut out)?;
        }
        for letter in "icba".chars() {
            section(&rows, letter, media, &mut out)?;
        }
    }
    Ok(out)
}

fn section(rows: &[Row], letter: char, members: &Map<String, Value>, out: &mut String) -> Result<(), JsonError> {
    for row in rows.iter().filter(|row| row.letter == letter) {
        match (row.shape, members.get(row.name)) {
            (_, None | Some(Value::Null)) => {}
            (Shape::Single, Some(value)) => {
                let single = Map::from_iter([(String::new(), value.clone())]);
                line(row, &single, out)?;
            }
            (Shape::Object, Some(Value::Object(object))) => line(row, object, out)?,
            (Shape::Push, Some(Value::Array(list))) => {
                for entry in list.iter().filter_map(Value::as_object) {
                    line(row, entry, out)?;
                }
            }
            _ => return Err(JsonError::Kind { member: row.name, expected: "an object or an array" }),
        }
    }
    Ok(())
}

fn line(row: &Row, members: &Map<String, Value>, out: &mut String) -> Result<(), JsonError> {
    let text = |name: &str| match members.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let mut content = String::new();
    write(&row.pattern, &text, &mut content);
    if content.contains(['\r', '\n']) {
        return Err(JsonError::LineBreak { member: row.name });
    }
    out.push(row.letter);
    out.push('=');
    out.push_str(&content);
    out.push_str("\r\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::json::to_sdp_transform;

    #[test]
    fn what_was_read_from_json_gives_the_same_json() {
        let text = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS *\r\n\
            m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\nb=AS:500\r\na=rtpmap:96 VP8/90000\r\n\
            a=rtcp:9 IN IP4 0.0.0.0\r\na=rtcp-fb:96 nack pli\r\na=sendrecv\r\n\
            a=candidate:1 1 udp 1 192.0.2.1 9 typ srflx raddr 0.0.0.0 rport 0 generation 0\r\n\
            a=ssrc:1 cname:x\r\na=rid:1 send pt=96;max-width=1280\r\na=simulcast:send 1;2\r\na=x:y\r\n";
        let json = to_sdp_transform(text);
        let again = from_sdp_transform(&json).unwrap();
        assert_eq!(to_sdp_transform(&again), json, "{again}");
    }

    #[test]
    fn a_line_break_cannot_be_smuggled_in() {
        let json = serde_json::json!({"name": "x\r\na=evil", "media": []});
        assert_eq!(from_sdp_transform(&json), Err(JsonError::LineBreak { member: "name" }));
    }
}
