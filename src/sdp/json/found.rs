//! Descriptions and candidates inside other JSON: signalling messages, webrtc-internals dumps, HAR files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// How deep JSON inside JSON strings is followed.
const DEPTH: usize = 24;

/// A description that was found.
///
/// Beside the text it says where it was, because a dump holds many. See [`find_descriptions`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// `offer`, `answer`, `pranswer` or `rollback`, where it is said.
    pub kind: Option<String>,
    /// Its text.
    pub sdp: String,
    /// The way to it through the JSON, such as `PeerConnections.1-1.updateLog[3].value`.
    pub path: String,
}

/// An `RTCIceCandidateInit` that was found.
///
/// It is owned and in the browser's terms; [`parse_candidate`](crate::sdp::parse_candidate) reads its `candidate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IceCandidateInit {
    /// The candidate; empty is the end of candidates.
    pub candidate: String,
    /// `sdpMid`
    pub sdp_mid: Option<String>,
    /// `sdpMLineIndex`
    pub sdp_m_line_index: Option<u64>,
    /// `usernameFragment`
    pub username_fragment: Option<String>,
    /// The way to it through the JSON.
    pub path: String,
}

/// All descriptions in `value`, in order: members `sdp` with the `type` beside them, and any other string that is
/// one, JSON in strings and the bodies that a HAR file keeps in base64 included.
///
/// ```
/// use rtcscope::sdp::json::find_descriptions;
///
/// let message = serde_json::json!({"jsep": {"type": "offer", "sdp": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n"}});
/// let found = find_descriptions(&message);
/// assert_eq!((found[0].kind.as_deref(), found[0].path.as_str()), (Some("offer"), "jsep.sdp"));
/// ```
#[must_use]
pub fn find_descriptions(value: &Value) -> Vec<Description> {
    let mut found = Vec::new();
    walk(value, "", DEPTH, &mut |value, path, beside| {
        let text = value.as_str().filter(|text| starts_a_description(text))?;
        let beside = beside.and_then(|beside| beside.get("type")).and_then(Value::as_str);
        let (kind, sdp) = framed(text).map_or((beside, text), |(kind, sdp)| (Some(kind), sdp));
        found.push(Description {
            kind: kind.filter(|kind| ["offer", "answer", "pranswer", "rollback"].contains(kind)).map(str::to_owned),
            sdp: sdp.to_owned(),
            path: path.to_owned(),
        });
        Some(())
    });
    found
}

/// All candidates in `value`, in order: objects with a member `candidate` as `RTCIceCandidateInit` has it. They are
/// looked for in all that [`find_descriptions`] looks into.
///
/// ```
/// use rtcscope::sdp::json::find_candidates;
///
/// let message = serde_json::json!({"ice": {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0"}});
/// let found = find_candidates(&message);
/// assert_eq!((found[0].sdp_mid.as_deref(), found[0].path.as_str()), (Some("0"), "ice"));
/// ```
#[must_use]
pub fn find_candidates(value: &Value) -> Vec<IceCandidateInit> {
    let mut found = Vec::new();
    walk(value, "", DEPTH, &mut |value, path, _| {
        let candidate = value.get("candidate").and_then(Value::as_str)?;
        let known = ["candidate:", "a=candidate:"].iter().any(|start| candidate.starts_with(start));
        if !(known || candidate.is_empty() && value.get("sdpMid").is_some()) {
            return None;
        }
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        found.push(IceCandidateInit {
            candidate: candidate.to_owned(),
            sdp_mid: text("sdpMid"),
            sdp_m_line_index: value.get("sdpMLineIndex").and_then(Value::as_u64),
            username_fragment: text("usernameFragment"),
            path: path.to_owned(),
        });
        Some(())
    });
    found
}

fn starts_a_description(text: &str) -> bool {
    text.starts_with("v=0\r") || text.starts_with("v=0\n") || framed(text).is_some()
}

/// Type and text of `type: offer, sdp: v=0…`, as webrtc-internals writes the parameters of its calls.
fn framed(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("type: ")?;
    let (kind, sdp) = rest.split_once(", sdp: ")?;
    (kind.len() < 12 && sdp.starts_with("v=0")).then_some((kind, sdp))
}

/// Shows `visit` every value with its path and the object it is a member of, strings that are JSON unpacked;
/// below a value that `visit` takes nothing is looked for.
fn walk(value: &Value, path: &str, depth: usize, visit: &mut impl FnMut(&Value, &str, Option<&Value>) -> Option<()>) {
    below(value, path, None, depth, visit);
}

fn below(
    value: &Value,
    path: &str,
    beside: Option<&Value>,
    depth: usize,
    visit: &mut impl FnMut(&Value, &str, Option<&Value>) -> Option<()>,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if visit(value, path, beside).is_some() {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let dot = if path.is_empty() { "" } else { "." };
                let body = if name == "text" { unpacked(members) } else { None };
                below(body.as_ref().unwrap_or(member), &format!("{path}{dot}{name}"), Some(value), depth, visit);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(item, &format!("{path}[{index}]"), None, depth, visit);
            }
        }
        Value::String(text) if text.contains("candidate") || text.contains("v=0") => {
            let start = text.find(['{', '[']).and_then(|at| text.get(at..));
            if let Some(inner) = start.and_then(|text| serde_json::from_str::<Value>(text).ok()) {
                below(&inner, path, None, depth, visit);
            }
        }
        _ => {}
    }
}

/// The body that an object of a HAR file holds in its `text`, where its `encoding` says base64; bytes that are not
/// UTF-8 are no description.
fn unpacked(members: &Map<String, Value>) -> Option<Value> {
    let encoding = members.get("encoding").and_then(Value::as_str)?;
    if !encoding.eq_ignore_ascii_case("base64") {
        return None;
    }
    let bytes = STANDARD.decode(members.get("text").and_then(Value::as_str)?.trim()).ok()?;
    String::from_utf8(bytes).ok().map(Value::String)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_strings_is_followed() {
        let inner = serde_json::json!({"type": "answer", "sdp": "v=0\r\ns=-\r\n"}).to_string();
        let dump = serde_json::json!({"PeerConnections": {"1": {"updateLog": [
            {"type": "setLocalDescription", "value": "type: offer, sdp: v=0\r\ns=a\r\n"},
            {"type": "message", "value": format!("42{inner}")},
            {"type": "addIceCandidate", "value": {"candidate": "candidate:1 1 udp 1 ::1 9 typ host", "sdpMid": "0"}}
        ]}}});
        let found = find_descriptions(&dump);
        let seen: Vec<_> = found.iter().map(|found| (found.kind.as_deref(), found.sdp.as_str())).collect();
        assert_eq!(seen, [(Some("offer"), "v=0\r\ns=a\r\n"), (Some("answer"), "v=0\r\ns=-\r\n")]);
        assert_eq!(find_candidates(&dump)[0].sdp_mid.as_deref(), Some("0"));
    }

    #[test]
    fn bodies_in_base64_are_unpacked() {
        let body = |bytes: &str, encoding: &str| {
            serde_json::json!({"log": {"entries": [{"response": {"content": {
                "mimeType": "application/sdp", "text": STANDARD.encode(bytes), "encoding": encoding
            }}}]}})
        };
        let found = find_descriptions(&body("v=0\r\ns=-\r\n", "base64"));
        assert_eq!(found[0].sdp, "v=0\r\ns=-\r\n");
        assert_eq!(found[0].path, "log.entries[0].response.content.text");
        let answer = serde_json::json!({"type": "answer", "sdp": "v=0\r\n", "ice": {"candidate": "", "sdpMid": "0"}});
        let inside = body(&answer.to_string(), "base64");
        assert_eq!(find_descriptions(&inside)[0].kind.as_deref(), Some("answer"));
        assert_eq!(find_candidates(&inside).len(), 1);
        assert_eq!(find_descriptions(&body("v=0\r\ns=-\r\n", "gzip")), []);
        let broken = serde_json::json!({"text": "v=0", "encoding": "base64"});
        assert_eq!(find_descriptions(&broken), []);
    }

    #[test]
    fn depth_is_bounded() {
        let mut value = Value::String("v=0\n".into());
        for _ in 0..100 {
            value = Value::Array(vec![value]);
        }
        assert!(find_descriptions(&value).is_empty());
    }
}
