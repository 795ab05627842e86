//! A description as the JSON that `sdp-transform` 3.0 parses it into.

use serde_json::{Map, Number, Value};

use super::transform_grammar::{Row, Shape, rows};
use super::transform_pattern::read;

/// The JSON that the npm package `sdp-transform` gives for the same text. It keeps less than the text has:
/// line endings, lines that are not `<letter>=`, `k=`, a second `c=` of a section, the order between lines of
/// different kinds.
///
/// ```
/// use rtcscope::sdp::json::to_sdp_transform;
///
/// let json = to_sdp_transform("v=0\r\nm=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n");
/// assert_eq!(json["media"][0]["rtp"][0]["codec"], "PCMU");
/// ```
#[must_use]
pub fn to_sdp_transform(text: &str) -> Value {
    let rows = rows();
    let mut session = Map::new();
    let mut media: Vec<Map<String, Value>> = Vec::new();
    for line in text.split(['\r', '\n']) {
        let mut characters = line.chars();
        let Some(letter) = characters.next().filter(char::is_ascii_lowercase) else { continue };
        let Some(content) = characters.as_str().strip_prefix('=') else { continue };
        if letter == 'm' {
            let mut section = Map::new();
            section.insert("rtp".to_owned(), Value::Array(Vec::new()));
            section.insert("fmtp".to_owned(), Value::Array(Vec::new()));
            media.push(section);
        }
        take(&rows, letter, content, media.last_mut().unwrap_or(&mut session));
    }
    session.insert("media".to_owned(), media.into_iter().map(Value::Object).collect());
    Value::Object(session)
}

fn take(rows: &[Row], letter: char, content: &str, section: &mut Map<String, Value>) {
    let fitting = rows.iter().filter(|row| row.letter == letter);
    let Some((row, found)) = fitting.filter_map(|row| Some((row, read(&row.pattern, content)?))).next() else { return };
    let named = found.iter().filter(|(name, _)| !name.is_empty());
    let members = named.map(|(name, value)| ((*name).to_owned(), number_if_whole(value)));
    match row.shape {
        Shape::Single => {
            let value = found.first().map_or("", |(_, value)| value);
            section.insert(row.name.to_owned(), number_if_whole(value));
        }
        Shape::Push => {
            let entry = Value::Object(members.collect());
            if let Value::Array(list) = section.entry(row.name).or_insert_with(|| Value::Array(Vec::new())) {
                list.push(entry);
            }
        }
        Shape::Object if row.name.is_empty() => section.extend(members),
        Shape::Object => {
            if let Value::Object(object) = section.entry(row.name).or_insert_with(|| Value::Object(Map::new())) {
                object.extend(members);
            }
        }
    }
}

/// A text that JavaScript prints back the same as a number becomes one.
fn number_if_whole(text: &str) -> Value {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    match (text, text.parse::<f64>()) {
        ("Infinity" | "-Infinity" | "NaN", _) => Value::Null,
        (_, Ok(number)) if plain && text != "-0" && number.abs() < 1e21 && number.to_string() == text => {
            let whole =
                text.parse::<i64>().map(Number::from).ok().or_else(|| text.parse::<u64>().map(Number::from).ok());
            whole.or_else(|| Number::from_f64(number)).map_or_else(|| text.into(), Value::Number)
        }
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_that_javascript_prints_back() {
        for (text, json) in [
            ("8000", "8000"),
            ("29.97", "29.97"),
            ("15.000", "\"15.000\""),
            ("007", "\"007\""),
            ("", "\"\""),
            ("9007199254740993", "\"9007199254740993\""),
            ("18446744069414584320", "\"18446744069414584320\""),
            ("-5", "-5"),
            ("1e3", "\"1e3\""),
        ] {
            assert_eq!(number_if_whole(text).to_string(), json);
        }
    }
}
