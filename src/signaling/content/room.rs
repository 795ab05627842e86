//! Words about rooms, as applications say them.

use crate::signal::{Addressing, RoomEvent, RoomWord};
use crate::signaling::json::Json;

/// What applications say, in lower case and without hyphens, underscores and spaces.
const WORDS: &[(&str, RoomWord)] = &[
    ("register", RoomWord::Register),
    ("registered", RoomWord::Register),
    ("login", RoomWord::Register),
    ("signin", RoomWord::Register),
    ("join", RoomWord::Join),
    ("joinroom", RoomWord::Join),
    ("enter", RoomWord::Join),
    ("createorjoin", RoomWord::Join),
    ("joined", RoomWord::Joined),
    ("roomjoined", RoomWord::Joined),
    ("created", RoomWord::Joined),
    ("otherjoin", RoomWord::OtherJoined),
    ("peerjoined", RoomWord::OtherJoined),
    ("userjoined", RoomWord::OtherJoined),
    ("newpeer", RoomWord::OtherJoined),
    ("userconnected", RoomWord::OtherJoined),
    ("full", RoomWord::Full),
    ("roomfull", RoomWord::Full),
    ("leave", RoomWord::Leave),
    ("leaveroom", RoomWord::Leave),
    ("signout", RoomWord::Leave),
    ("leaved", RoomWord::Left),
    ("left", RoomWord::Left),
    ("peerleft", RoomWord::OtherLeft),
    ("userleft", RoomWord::OtherLeft),
    ("userdisconnected", RoomWord::OtherLeft),
    ("peerdisconnected", RoomWord::OtherLeft),
    ("bye", RoomWord::Bye),
    ("hangup", RoomWord::Bye),
];

/// The word that `said` is.
fn word(said: &str) -> Option<RoomWord> {
    if said.len() > 40 {
        return None;
    }
    let plain = || said.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    WORDS.iter().find(|(known, _)| plain().eq(known.bytes())).map(|(_, word)| *word)
}

/// The members that say what a message is.
const SAYING: [&str; 6] = ["type", "event", "cmd", "action", "method", "command"];

/// Whether `text` can be an object that [`room_of_object`] knows: a cheap question before it is parsed.
pub(in crate::signaling) fn names_a_room_word(text: &str) -> bool {
    let says = |rest: &str| {
        let name = SAYING.iter().find(|name| rest.starts_with(**name))?;
        let value = rest.get(name.len()..)?.strip_prefix('"')?.trim_start().strip_prefix(':')?;
        word(value.trim_start().strip_prefix('"')?.split('"').next()?)
    };
    let bytes = text.as_bytes();
    let mut marks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'"');
    marks.any(|(at, _)| {
        let first = bytes.get(at + 1);
        matches!(first, Some(b't' | b'e' | b'c' | b'a' | b'm')) && text.get(at + 1..).and_then(says).is_some()
    })
}

/// What an object says about a room, and the room.
pub(in crate::signaling) fn room_of_object(value: &Json) -> Option<(RoomEvent, Addressing)> {
    let said = SAYING.iter().find_map(|name| {
        let said = value.text_of(name)?;
        Some((word(said)?, said))
    });
    let (word, said) = said?;
    let member =
        ["id", "peer", "peerId", "userId", "user", "name", "from"].iter().find_map(|name| value.member(name)?.word());
    let event = RoomEvent { word, said: said.to_owned(), member: member.map(str::to_owned) };
    Some((event, super::object::names(value, &Addressing::default())))
}

/// The texts among the arguments of an event: the room first, then a member of it.
#[derive(Debug, Clone, Default)]
pub(in crate::signaling) struct Arguments<'a> {
    pub(in crate::signaling) room: Option<&'a str>,
    pub(in crate::signaling) member: Option<&'a str>,
}

/// Whether a text can be the name of something: what is signalled has several lines, or is JSON or a candidate.
fn is_name(word: &str) -> bool {
    word.len() <= 256 && !word.contains(['\n', '{', '[']) && !super::object::is_candidate(word)
}

impl<'a> Arguments<'a> {
    /// The texts before the first argument that is none.
    pub(in crate::signaling) fn of(arguments: &'a [Json]) -> Self {
        let mut texts = arguments.iter().map_while(Json::word).filter(|word| is_name(word));
        Self { room: texts.next(), member: texts.next() }
    }
}

/// What an event and its arguments say about a room.
pub(in crate::signaling) fn room_of_arguments(name: &str, arguments: &[Json]) -> Option<(RoomEvent, Addressing)> {
    let said = Arguments::of(arguments);
    // The simplest of applications send `message` with the word as its text.
    let (word, name) = match (word(name), arguments.last()) {
        (Some(word), _) => (word, name),
        (None, Some(Json::Text(last))) if name == "message" => (self::word(last)?, last.as_str()),
        _ => return None,
    };
    let event = RoomEvent { word, said: name.to_owned(), member: said.member.map(str::to_owned) };
    Some((event, Addressing { room: said.room.map(str::to_owned), ..Addressing::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_however_they_are_written() {
        for said in ["peer-joined", "peerJoined", "PEER_JOINED"] {
            assert_eq!(word(said), Some(RoomWord::OtherJoined));
        }
        assert_eq!(word("message"), None);
    }

    #[test]
    fn room_and_member_stand_in_this_order() {
        let arguments = [Json::Text("lobby".to_owned()), Json::Text("id".to_owned())];
        let (event, addressing) = room_of_arguments("otherjoin", &arguments).unwrap();
        assert_eq!((event.word, event.member.as_deref()), (RoomWord::OtherJoined, Some("id")));
        assert_eq!(addressing.room.as_deref(), Some("lobby"));
    }
}
