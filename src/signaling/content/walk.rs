//! The way through a text: JSON, JSON in strings, base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::object::{candidate, description, is_candidate, is_description, names, said_kind};
use crate::signal::{Addressing, Candidate, Description, DescriptionType, Matter};
use crate::signaling::Limits;
use crate::signaling::json::Json;

/// What one text may hold; more is not looked for.
const MOST: usize = 4096;
/// Bytes of texts in one text (JSON in strings, base64) that are read: each level is held while the next one is. What is signalled is
/// a hundredth of it.
const NESTED: usize = 2 * 1024 * 1024;
/// A shorter text holds nothing in base64 worth looking at.
const SHORTEST_BASE64: usize = 24;

/// Something that was found, with the names around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::signaling) struct Found {
    pub(in crate::signaling) addressing: Addressing,
    pub(in crate::signaling) matter: Matter,
}

/// All descriptions and candidates in `text`, in order.
pub(in crate::signaling) fn recognise(text: &str, limits: &Limits) -> Vec<Found> {
    let mut walk = Walk::new(limits);
    walk.text(text, None, &Addressing::default(), limits.json_depth);
    walk.found
}

/// All descriptions and candidates in `value`, in order, with `around` for the names that it does not say itself, and `kind` for the type of a
/// description.
pub(in crate::signaling) fn recognise_json(
    value: &Json,
    kind: Option<DescriptionType>,
    around: &Addressing,
    limits: &Limits,
) -> Vec<Found> {
    let mut walk = Walk::new(limits);
    walk.value(value, kind, around, limits.json_depth);
    walk.found
}

/// All descriptions and candidates in `value`, which is all of a file and may hold `most` of them; and how many it holds beyond, and texts that
/// were not read.
pub(in crate::signaling) fn recognise_file(value: &Json, most: usize, limits: &Limits) -> (Vec<Found>, u64) {
    let mut walk = Walk { most, nested: limits.file_bytes, ..Walk::new(limits) };
    walk.value(value, None, &Addressing::default(), limits.json_depth);
    (walk.found, walk.omitted)
}

struct Walk<'l> {
    limits: &'l Limits,
    found: Vec<Found>,
    most: usize,
    /// Bytes of texts in texts that may still be read.
    nested: usize,
    /// What there was too much of.
    omitted: u64,
}

impl<'l> Walk<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self { limits, found: Vec::new(), most: MOST, nested: NESTED, omitted: 0 }
    }
}

impl Walk<'_> {
    fn push(&mut self, addressing: &Addressing, matter: Matter) {
        if self.found.len() < self.most {
            self.found.push(Found { addressing: addressing.clone(), matter });
        } else {
            self.omitted += 1;
        }
    }

    /// `kind` is the type of the description that is announced around this value.
    fn value(&mut self, value: &Json, kind: Option<DescriptionType>, around: &Addressing, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match value {
            Json::Object(members) => {
                let around = names(value, around);
                let kind = said_kind(value).or(kind);
                let (mut taken, matter) = match description(value, kind) {
                    Some(matter) => ("sdp", Some(matter)),
                    None => ("candidate", candidate(value)),
                };
                match matter {
                    Some(matter) => self.push(&around, matter),
                    None => taken = "",
                }
                for (name, member) in members.iter().filter(|(name, _)| name != taken) {
                    self.value(member, DescriptionType::from_name(name).or(kind), &around, depth);
                }
            }
            Json::List(items) => items.iter().for_each(|item| self.value(item, kind, around, depth)),
            Json::Text(text) => self.text(text, kind, around, depth),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str, kind: Option<DescriptionType>, around: &Addressing, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if is_description(text) {
            self.push(around, Matter::Description(Description { kind, sdp: text.to_owned() }));
        } else if is_candidate(text) {
            let candidate = Candidate { candidate: text.trim_end().to_owned(), ..Candidate::default() };
            self.push(around, Matter::Candidate(candidate));
        } else if text.trim_start().starts_with(['{', '[', '"']) {
            if can_hold(text)
                && self.may_read(text, depth)
                && let Some(value) = Json::parse(text, self.limits.json_values, depth.min(self.limits.json_depth))
            {
                self.value(&value, kind, around, depth);
            }
        } else if is_base64(text)
            && self.may_read(text, depth)
            && let Some(inner) = from_base64(text)
        {
            self.text(&inner, kind, around, depth);
        }
    }

    /// Whether a text may be read: the outermost one always, those inside it as long as they are not more than there may be.
    fn may_read(&mut self, text: &str, depth: usize) -> bool {
        if depth + 1 == self.limits.json_depth {
            return true;
        }
        match self.nested.checked_sub(text.len()) {
            Some(left) => self.nested = left,
            None => {
                self.omitted += 1;
                return false;
            }
        }
        true
    }
}

/// Whether JSON can hold something that is looked for: a cheap question before it is parsed. All of it stands behind a quotation mark, also in
/// strings in strings.
fn can_hold(text: &str) -> bool {
    const WORDS: [&[u8]; 6] = [b"candidate", b"a=candidate", b"sdp", b"v=0", b"rollback", b"completed"];
    let found = |rest: &[u8]| match rest.first() {
        Some(b'c' | b'a' | b's' | b'v' | b'r') => WORDS.iter().any(|word| rest.starts_with(word)),
        Some(b'd' | b'e' | b'W') => BASE64.iter().any(|start| rest.starts_with(start.as_bytes())),
        _ => false,
    };
    let bytes = text.as_bytes();
    let mut marks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'"');
    marks.any(|(at, _)| bytes.get(at + 1..).is_some_and(found))
}

/// How a description, an object and a list start in base64: `v=0\r`, `v=0\n`, `{"` with or without white space behind the bracket, `["`, `[{`.
const BASE64: [&str; 7] = ["dj0wD", "dj0wC", "eyJ", "eyAi", "ewog", "Wyi", "W3s"];

/// Whether `text` is in base64, of either alphabet, and starts as what is looked for does there.
fn is_base64(text: &str) -> bool {
    let text = text.trim();
    let starts = BASE64.iter().any(|start| text.starts_with(start));
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_\r\n".contains(&byte);
    text.len() >= SHORTEST_BASE64 && starts && text.bytes().all(fits)
}

/// What `text` holds in base64, where that is text.
fn from_base64(text: &str) -> Option<String> {
    let plain = |letter: char| match letter {
        '-' => '+',
        '_' => '/',
        other => other,
    };
    // Lines may be broken (RFC 2045, section 6.8), the padding may be left away, and URLs have an alphabet of their own.
    let text: String = text.chars().filter(|letter| !matches!(letter, '=' | '\r' | '\n' | ' ')).map(plain).collect();
    String::from_utf8(STANDARD_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    const SDP: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n";

    fn told(text: &str) -> Vec<String> {
        let tell = |found: Found| {
            let Addressing { from, to, thread, .. } = found.addressing;
            let what = match found.matter {
                Matter::Description(found) => {
                    format!("{} {}", found.kind.map_or("?", DescriptionType::name), found.sdp == SDP)
                }
                Matter::Candidate(found) => format!("{} {:?} {:?}", found.candidate, found.mid, found.m_line_index),
                Matter::EndOfCandidates { mid } => format!("end {mid:?}"),
                other => format!("{other:?}"),
            };
            format!("{what} {}>{} {}", from.unwrap_or_default(), to.unwrap_or_default(), thread.unwrap_or_default())
        };
        recognise(text, &Limits::default()).into_iter().map(tell).collect()
    }

    #[test]
    fn names_too_long_to_be_any_are_left_out() {
        let long = "m".repeat(300);
        let candidate = "candidate:1 1 udp 1 10.0.0.1 9 typ host";
        let text = serde_json::json!({
            "janus": "trickle", "sender": long, "from": long,
            "candidate": {"candidate": candidate, "sdpMid": long, "sdpMLineIndex": 0, "usernameFragment": long},
        });
        assert_eq!(told(&text.to_string()), [format!("{candidate} None Some(0) > ")]);
    }

    #[test]
    fn what_a_file_holds_too_much_of_is_counted() {
        let candidate = |at: usize| serde_json::json!(format!("candidate:{at} 1 udp 1 10.0.0.1 9 typ host"));
        let text = serde_json::Value::Array((0..10).map(candidate).collect()).to_string();
        let value = Json::parse(&text, 99, 9).unwrap();
        let (found, omitted) = recognise_file(&value, 4, &Limits::default());
        assert_eq!((found.len(), omitted), (4, 6));
    }

    #[test]
    fn shapes_of_many_applications_are_known() {
        let inner = serde_json::json!({"type": "answer", "sdp": SDP}).to_string();
        let cases = [
            (serde_json::json!({"type": "offer", "sdp": SDP, "to": "B"}), "offer true >B "),
            (serde_json::json!({"from": 7, "data": {"jsep": {"type": "answer", "sdp": SDP}}}), "answer true 7> "),
            (serde_json::json!({"payload": inner.clone()}), "answer true > "),
            (serde_json::json!([[serde_json::json!(inner).to_string()]]), "answer true > "),
            (serde_json::json!({"x": STANDARD.encode(&inner)}), "answer true > "),
            (serde_json::json!({"x": STANDARD.encode(SDP)}), "? true > "),
            (
                serde_json::json!({"janus": "event", "sender": 42, "jsep": {"type": "answer", "sdp": SDP}}),
                "answer true > 42",
            ),
            (
                serde_json::json!({"type": "candidate", "candidate": {"candidate": "", "sdpMid": "0"}}),
                "end Some(\"0\") > ",
            ),
            (serde_json::json!({"candidate": {"completed": true}}), "end None > "),
            (
                serde_json::json!({"type": "candidate", "label": 1, "id": "v", "candidate": "candidate:1 x"}),
                "candidate:1 x Some(\"v\") Some(1) > ",
            ),
            (serde_json::json!({"candidates": ["a=candidate:1 x"]}), "a=candidate:1 x None None > "),
        ];
        for (value, wanted) in cases {
            assert_eq!(told(&value.to_string()), [wanted], "{value}");
        }
        let announced = [
            serde_json::json!({"type": "offer", "data": SDP}),
            serde_json::json!({"kind": "offer", "x": {"y": {"sdp": SDP}}}),
            serde_json::json!({"offer": {"sdp": SDP}}),
            serde_json::json!({"offer": SDP}),
            serde_json::json!({"event": "offer", "data": STANDARD.encode(SDP)}),
            serde_json::json!({"type": "offer", "sdp": URL_SAFE_NO_PAD.encode(SDP)}),
        ];
        for value in announced {
            assert_eq!(told(&value.to_string()), ["offer true > "], "{value}");
        }
        assert_eq!(told(SDP), ["? true > "]);
        assert_eq!(told(&STANDARD.encode(&inner)), ["answer true > "]);
    }

    #[test]
    fn what_is_signalled_together_is_told_in_order() {
        let text = r#"{"sdp":{"type":"offer","sdp":"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n"},"candidates":[{"candidate":"candidate:1","sdpMid":"0"},{"candidate":"candidate:2","sdpMid":"0"}]}"#;
        assert_eq!(told(text).len(), 3);
        assert!(told(text)[0].starts_with("offer true"));
    }

    #[test]
    fn depth_is_bounded_through_strings_too() {
        let mut text = SDP.to_owned();
        for _ in 0..12 {
            text = serde_json::json!([text]).to_string();
        }
        assert_eq!(told(&text).len(), 1);
        let nested = STANDARD.encode(&text);
        assert_eq!(recognise(&nested, &Limits { json_depth: 8, ..Limits::default() }), []);
        assert_eq!(told(&"[".repeat(100_000)), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "[\\[\\]{}\":,a-z0-9 \\\\]{0,80}candidate") {
            recognise(&text, &Limits::default());
        }
    }
}
