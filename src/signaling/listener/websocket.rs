//! What the messages of a WebSocket say.

use super::connection::Dialect;
use crate::signal::{Addressing, DescriptionType, Matter, RoomEvent, RoomWord, Speaker};
use crate::signaling::Limits;
use crate::signaling::content::{
    Arguments, Found, names_a_room_word, recognise, recognise_json, room_of_arguments, room_of_object,
};
use crate::signaling::json::Json;
use crate::signaling::sip;
use crate::signaling::socketio::{Packet, looks_like_a_packet, opens};

/// A longer message is not about rooms.
const ROOM_MESSAGE: usize = 4096;

/// What `text` is, where nothing has said it before.
pub(in crate::signaling) fn dialect(known: Dialect, text: &str) -> Dialect {
    match known {
        Dialect::Unknown if looks_like_a_packet(text) => Dialect::SocketIo { is_old: false },
        Dialect::Unknown | Dialect::Plain if sip::looks_like_sip(text.as_bytes()) => Dialect::Sip,
        known => known,
    }
}

/// What a message of bytes says, where those are text after all: an attachment of an event, or how an application sends text.
pub(super) fn binary(payload: &[u8], limits: &Limits) -> Vec<Found> {
    // Engine.IO 3 has the type of the packet in front.
    let payload = payload.strip_prefix(&[4]).unwrap_or(payload);
    str::from_utf8(payload).map(|text| recognise(text, limits)).unwrap_or_default()
}

/// What a message of an unknown application says.
pub(in crate::signaling) fn plain(text: &str, limits: &Limits) -> Vec<Found> {
    let found = recognise(text, limits);
    if !found.is_empty() || text.len() > ROOM_MESSAGE || !text.trim_start().starts_with('{') || !names_a_room_word(text)
    {
        return found;
    }
    let Some(value) = Json::parse(text, limits.json_values, limits.json_depth) else { return found };
    room_of_object(&value)
        .into_iter()
        .map(|(event, addressing)| Found { addressing, matter: Matter::Room(event) })
        .collect()
}

/// What a packet of Engine.IO says.
pub(in crate::signaling) fn packet(speaker: Speaker, text: &str, is_old: bool, limits: &Limits) -> Vec<Found> {
    if let Some(attachment) = text.strip_prefix('b') {
        // In base64, where bytes cannot be sent; protocol 3 has the type of the packet in front.
        return recognise(if is_old { attachment.get(1..).unwrap_or_default() } else { attachment }, limits);
    }
    if is_old && let Some(sid) = opens(text).filter(|_| speaker == Speaker::Server) {
        return vec![connected(sid)];
    }
    match Packet::parse(text, limits) {
        Some(Packet::Connected { sid }) if speaker == Speaker::Server => vec![connected(sid)],
        Some(Packet::Event { name, arguments }) => event(speaker, &name, &arguments, limits),
        Some(Packet::Acknowledged { arguments }) => arguments
            .iter()
            .flat_map(|argument| recognise_json(argument, None, &Addressing::default(), limits))
            .collect(),
        Some(Packet::Connected { .. } | Packet::Disconnected) | None => Vec::new(),
    }
}

fn connected(sid: String) -> Found {
    let event = RoomEvent { word: RoomWord::Connected, said: "connect".to_owned(), member: Some(sid) };
    Found { addressing: Addressing::default(), matter: Matter::Room(event) }
}

/// What an event says. In front of a description the server names the room and who it is from, a client the room alone.
fn event(speaker: Speaker, name: &str, arguments: &[Json], limits: &Limits) -> Vec<Found> {
    let said = Arguments::of(arguments);
    let around = Addressing {
        from: said.member.filter(|_| speaker == Speaker::Server).map(str::to_owned),
        room: said.room.map(str::to_owned),
        ..Addressing::default()
    };
    // An event that is called an offer brings one.
    let kind = DescriptionType::from_name(name);
    let found: Vec<Found> =
        arguments.iter().flat_map(|argument| recognise_json(argument, kind, &around, limits)).collect();
    if !found.is_empty() {
        return found;
    }
    let room = room_of_arguments(name, arguments);
    room.into_iter().map(|(event, addressing)| Found { addressing, matter: Matter::Room(event) }).collect()
}
