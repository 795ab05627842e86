//! A packet of Socket.IO inside a message of Engine.IO.

use crate::signaling::Limits;
use crate::signaling::json::Json;

/// A packet that says something.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::signaling) enum Packet {
    /// The server has given the client a name.
    Connected { sid: String },
    /// An event, with its name and its arguments.
    Event { name: String, arguments: Vec<Json> },
    /// The answer to an event.
    Acknowledged { arguments: Vec<Json> },
    /// The client goes, or has to.
    Disconnected,
}

impl Packet {
    /// The packet in a message of Engine.IO, whose type is still in front; `None` for what is none: pings, probes, upgrades.
    pub(in crate::signaling) fn parse(text: &str, limits: &Limits) -> Option<Self> {
        let rest = text.strip_prefix('4')?;
        let kind = rest.chars().next().filter(char::is_ascii_digit)?;
        let rest = rest.get(1..)?;
        // The number of binary attachments stands before a hyphen.
        let rest = match (kind, rest.split_once('-')) {
            ('5' | '6', Some((count, rest))) if count.bytes().all(|byte| byte.is_ascii_digit()) => rest,
            _ => rest,
        };
        let rest = match rest.strip_prefix('/') {
            Some(named) => named.split_once(',').map_or("", |(_, rest)| rest),
            None => rest,
        };
        let data = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let value = Json::parse(data, limits.json_values, limits.json_depth);
        match kind {
            '0' => Some(Self::Connected { sid: value?.text_of("sid")?.to_owned() }),
            '1' => Some(Self::Disconnected),
            '2' | '5' => {
                let value = value?;
                let (name, arguments) = value.items().split_first()?;
                Some(Self::Event { name: name.text()?.to_owned(), arguments: arguments.to_vec() })
            }
            '3' | '6' => Some(Self::Acknowledged { arguments: value?.items().to_vec() }),
            _ => None,
        }
    }
}

/// Whether a message of a WebSocket that was joined late is one of Socket.IO.
pub(in crate::signaling) fn looks_like_a_packet(text: &str) -> bool {
    let after =
        |kind: &str| text.strip_prefix(kind).is_some_and(|rest| rest.starts_with(['[', '/', '{']) || rest.is_empty());
    ["40", "42", "43"].iter().any(|kind| after(kind))
        || text == "2probe"
        || text == "3probe"
        || text.starts_with("0{\"sid\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, arguments: &[&str]) -> Option<Packet> {
        let arguments = arguments.iter().map(|text| Json::Text((*text).to_owned())).collect();
        Some(Packet::Event { name: name.to_owned(), arguments })
    }

    #[test]
    fn packets_with_namespace_number_and_attachments_are_read() {
        let parse = |text| Packet::parse(text, &Limits::default());
        assert_eq!(parse(r#"42["join","lobby"]"#), event("join", &["lobby"]));
        assert_eq!(parse(r#"42/call,17["join","lobby"]"#), event("join", &["lobby"]));
        assert_eq!(parse(r#"451-["x","y"]"#), event("x", &["y"]));
        assert_eq!(parse(r#"40{"sid":"S"}"#), Some(Packet::Connected { sid: "S".to_owned() }));
        assert_eq!(parse("41"), Some(Packet::Disconnected));
        for text in ["2probe", "5", "4", "", "42", "4x[]", "42[1]"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
