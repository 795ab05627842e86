//! The bodies of polling: several packets in one.

use crate::signaling::json::Json;

/// Values in the packet that opens a session; it has about ten.
const VALUES: usize = 100;
/// Packets of one body; more are not read.
const PACKETS: usize = 4096;

/// The packets in the body of a poll: parted by record separators (protocol 4), with their lengths before them (protocol 3),
/// or with binary lengths (protocol 3 where it may send bytes). Binary packets are left out.
pub(in crate::signaling) fn payload(body: &[u8]) -> Vec<&str> {
    if matches!(body.first(), Some(0 | 1)) {
        return with_binary_lengths(body);
    }
    let Ok(text) = str::from_utf8(body) else { return Vec::new() };
    if text.starts_with(|first: char| first.is_ascii_digit())
        && let Some(found) = with_lengths(text)
    {
        return found;
    }
    text.split('\u{1e}').take(PACKETS).collect()
}

/// `length:packet`, one after another; a length counts the units of UTF-16.
fn with_lengths(text: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && found.len() < PACKETS {
        let (length, after) = rest.split_once(':')?;
        let length: usize = length.parse().ok().filter(|_| length.len() <= 9)?;
        let mut units = 0;
        let end = after.char_indices().find_map(|(at, letter)| {
            let before = units;
            units += letter.len_utf16();
            (before >= length).then_some(at)
        });
        if end.is_none() && units < length {
            return None;
        }
        let (packet, next) = after.split_at_checked(end.unwrap_or(after.len()))?;
        found.push(packet);
        rest = next;
    }
    Some(found)
}

/// A byte 0 for text or 1 for binary, the decimal digits of the length as bytes 0 to 9, 255, and the packet.
fn with_binary_lengths(body: &[u8]) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some((kind, after)) = rest.split_first()
        && found.len() < PACKETS
    {
        let digits = after.iter().take_while(|byte| **byte < 10).count();
        let Some((digits, after)) = after.split_at_checked(digits.min(9)) else { break };
        let length = digits.iter().fold(0_usize, |length, digit| length * 10 + usize::from(*digit));
        let Some([255, after @ ..]) = Some(after) else { break };
        let Some((packet, next)) = after.split_at_checked(length) else { break };
        if *kind == 0 {
            found.extend(str::from_utf8(packet));
        }
        rest = next;
    }
    found
}

/// The session that the target of a request names, where it is one of Engine.IO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::signaling) struct Session<'a> {
    /// Its name; empty before the server has given one.
    pub(in crate::signaling) sid: &'a str,
    /// Whether the protocol is 3 or older: Socket.IO 2 and before, whose clients are connected, by the same name, as soon as the session
    /// is open.
    pub(in crate::signaling) is_old: bool,
}

impl<'a> Session<'a> {
    /// The session in a target: its query names the protocol.
    pub(in crate::signaling) fn of(target: &'a str) -> Option<Self> {
        let (_, query) = target.split_once('?')?;
        let value = |name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
        };
        let is_old = matches!(value("EIO")?, "1" | "2" | "3");
        Some(Self { sid: value("sid").unwrap_or_default(), is_old })
    }
}

/// The name of the session that a packet opens.
pub(in crate::signaling) fn opens(packet: &str) -> Option<String> {
    let data = packet.strip_prefix('0').filter(|data| data.starts_with('{'))?;
    Some(Json::parse(data, VALUES, 4)?.text_of("sid")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_kinds_of_bodies_are_taken_apart() {
        assert_eq!(payload("2\u{1e}42[\"a\"]".as_bytes()), ["2", "42[\"a\"]"]);
        assert_eq!(payload("1:26:42[\"\u{1F600}\"]".as_bytes()), Vec::<&str>::from(["1:26:42[\"\u{1F600}\"]"]));
        assert_eq!(payload("1:28:42[\"\u{1F600}\"]".as_bytes()), ["2", "42[\"\u{1F600}\"]"]);
        assert_eq!(payload(b"\x00\x03\xff42x\x01\x01\xffb\x00\x01\xff2"), ["42x", "2"]);
    }

    #[test]
    fn sessions_stand_in_the_query() {
        let session = |sid, is_old| Some(Session { sid, is_old });
        assert_eq!(Session::of("/socket.io/?EIO=4&transport=polling&sid=Xy"), session("Xy", false));
        assert_eq!(Session::of("/socket.io/?EIO=3&transport=polling"), session("", true));
        assert_eq!(Session::of("/other?sid=1"), None);
        assert_eq!(opens("0{\"sid\":\"Xy\",\"upgrades\":[\"websocket\"]}").as_deref(), Some("Xy"));
    }
}
