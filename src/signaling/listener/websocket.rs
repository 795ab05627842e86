//! What the messages of a WebSocket say.

use super::connection::Dialect;
use crate::signal::{Addressing, Matter, RoomEvent, RoomWord, Speaker};
use crate::signaling::Limits;
use crate::signaling::content::{Arguments, Found, recognise, recognise_json, room_of_arguments, room_of_object};
use crate::signaling::json::Json;
use crate::signaling::sip;
use crate::signaling::socketio::{Packet, looks_like_a_packet};

/// A longer message is not about rooms.
const ROOM_MESSAGE: usize = 4096;

/// What `text` is, where nothing has said it before.
pub(in crate::signaling) fn dialect(known: Dialect, text: &str) -> Dialect {
    if known != Dialect::Plain {
        return known;
    }
    if looks_like_a_packet(text) {
        return Dialect::SocketIo;
    }
    if sip::looks_like_sip(text.as_bytes()) { Dialect::Sip } else { Dialect::Plain }
}

/// What a message of an unknown application says.
pub(in crate::signaling) fn plain(text: &str, limits: &Limits) -> Vec<Found> {
    let found = recognise(text, limits);
    if !found.is_empty() || text.len() > ROOM_MESSAGE || !text.trim_start().starts_with('{') {
        return found;
    }
    let Some(value) = Json::parse(text, limits.json_values, limits.json_depth) else { return found };
    room_of_object(&value)
        .into_iter()
        .map(|(event, addressing)| Found { addressing, matter: Matter::Room(event) })
        .collect()
}

/// What a packet of Engine.IO says.
pub(in crate::signaling) fn packet(speaker: Speaker, text: &str, limits: &Limits) -> Vec<Found> {
    match Packet::parse(text, limits) {
        Some(Packet::Connected { sid }) if speaker == Speaker::Server => {
            let event = RoomEvent { word: RoomWord::Connected, said: "connect".to_owned(), member: Some(sid) };
            vec![Found { addressing: Addressing::default(), matter: Matter::Room(event) }]
        }
        Some(Packet::Event { name, arguments }) => event(speaker, &name, &arguments, limits),
        Some(Packet::Acknowledged { arguments }) => {
            arguments.iter().flat_map(|argument| recognise_json(argument, &Addressing::default(), limits)).collect()
        }
        Some(Packet::Connected { .. } | Packet::Disconnected) | None => Vec::new(),
    }
}

/// What an event says. In front of a description the server names the room and who it is from, a client the room alone.
fn event(speaker: Speaker, name: &str, arguments: &[Json], limits: &Limits) -> Vec<Found> {
    let said = Arguments::of(arguments);
    let around = Addressing {
        from: said.member.filter(|_| speaker == Speaker::Server).map(str::to_owned),
        room: said.room.map(str::to_owned),
        ..Addressing::default()
    };
    let found: Vec<Found> = arguments.iter().flat_map(|argument| recognise_json(argument, &around, limits)).collect();
    if !found.is_empty() {
        return found;
    }
    let room = room_of_arguments(name, arguments);
    room.into_iter().map(|(event, addressing)| Found { addressing, matter: Matter::Room(event) }).collect()
}
