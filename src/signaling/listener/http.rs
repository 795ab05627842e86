//! What the messages of HTTP say: WHIP and WHEP, polling, and JSON in bodies.

use std::borrow::Cow;

use super::channels::{Channels, Key};
use super::{peers, websocket, whip};
use crate::path::Endpoint;
use crate::signal::{Addressing, Carrier, Channel, Matter, Speaker};
use crate::signaling::Limits;
use crate::signaling::content::{Found, recognise};
use crate::signaling::http::Message;
use crate::signaling::socketio::{self, Session};

/// A longer name of a session or of a peer is none.
const NAME: usize = 256;
/// What may stand before a text; what stands behind it belongs to it.
const BLANK: [char; 5] = [' ', '\t', '\r', '\n', '\u{feff}'];
/// Values of one form; more are not read.
const FORM: usize = 64;

/// What a message says, and in which conversation.
pub(in crate::signaling) struct Heard {
    pub(in crate::signaling) channel: Channel,
    pub(in crate::signaling) carrier: Carrier,
    pub(in crate::signaling) found: Vec<Found>,
}

/// The two ends of the connection.
#[derive(Clone, Copy)]
pub(in crate::signaling) struct Ends {
    pub(in crate::signaling) client: Endpoint,
    pub(in crate::signaling) server: Endpoint,
}

/// What `message` says, on connection number `connection`.
pub(in crate::signaling) fn hear(
    speaker: Speaker,
    message: &Message,
    connection: u64,
    ends: Ends,
    channels: &mut Channels,
    limits: &Limits,
) -> Option<Heard> {
    let target = message.head.target().unwrap_or_default();
    if let Some(session) = Session::of(target) {
        return poll(speaker, message, ends, session, channels, limits);
    }
    let text = str::from_utf8(message.body.bytes()).unwrap_or_default();
    if let Some(heard) = whip::hear(speaker, message, text, connection, ends, channels) {
        return Some(heard);
    }
    if let Some((peer, found)) = peers::hear(speaker, message, text) {
        return Some(Heard { channel: host(ends, peer, channels), carrier: Carrier::Http, found });
    }
    json(speaker, message, ends, text, channels, limits)
}

pub(super) fn plain(matter: Matter) -> Found {
    Found { addressing: Addressing::default(), matter }
}

pub(super) fn host(ends: Ends, peer: Option<String>, channels: &mut Channels) -> Channel {
    channels.channel(Key::Host { server: ends.server, client: ends.client.address, peer })
}

/// The value of a query's parameter.
pub(super) fn query(target: &str, wanted: &str) -> Option<String> {
    let (_, query) = target.split_once('?')?;
    let found = query.split('&').find_map(|pair| pair.split_once('=').filter(|(name, _)| *name == wanted));
    found.map(|(_, value)| value.to_owned()).filter(|value| value.len() <= NAME)
}

/// A poll of Socket.IO.
fn poll(
    speaker: Speaker,
    message: &Message,
    ends: Ends,
    session: Session<'_>,
    channels: &mut Channels,
    limits: &Limits,
) -> Option<Heard> {
    let body = match message.head.media_type().as_deref() {
        // Where pages could not post otherwise: `d=` and the payload, as forms have it.
        Some("application/x-www-form-urlencoded") => Cow::Owned(form(message.body.bytes())),
        _ => Cow::Borrowed(message.body.bytes()),
    };
    let packets = socketio::payload(&body);
    // The first response names the session.
    let opened = packets.iter().find_map(|packet| socketio::opens(packet)).filter(|_| speaker == Speaker::Server);
    let sid = opened.as_deref().unwrap_or(session.sid);
    if sid.is_empty() || sid.len() > NAME {
        return None;
    }
    let channel = channels.channel(Key::Session { server: ends.server, sid: sid.to_owned() });
    let found =
        packets.into_iter().flat_map(|packet| websocket::packet(speaker, packet, session.is_old, limits)).collect();
    Some(Heard { channel, carrier: Carrier::SocketIo, found })
}

/// The value of the first parameter of a form, decoded.
fn form(bytes: &[u8]) -> Vec<u8> {
    let first = bytes.split(|byte| *byte == b'&').next().unwrap_or_default();
    let value = first.iter().position(|byte| *byte == b'=').and_then(|at| first.get(at + 1..)).unwrap_or_default();
    unescaped(value)
}

/// `application/x-www-form-urlencoded`, decoded: `+` for a space, `%` and two digits for a byte.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = after.get(..2).and_then(|digits| str::from_utf8(digits).ok());
                match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    Some(byte) => {
                        out.push(byte);
                        rest = after.get(2..).unwrap_or_default();
                    }
                    None => out.push(b'%'),
                }
            }
            other => out.push(*other),
        }
    }
    out
}

/// A body that is JSON, a description or a candidate, whatever its type says. The query may name the peers, and the field
/// `Pragma` the sender of what a hanging request brings, as the example server of libwebrtc has it.
fn json(
    speaker: Speaker,
    message: &Message,
    ends: Ends,
    text: &str,
    channels: &mut Channels,
    limits: &Limits,
) -> Option<Heard> {
    let target = message.head.target().unwrap_or_default();
    let peer = query(target, "peer_id");
    let mut found = match message.head.media_type().as_deref() {
        Some("application/x-www-form-urlencoded") => in_form(text, limits),
        _ => recognise(text.trim_start_matches(BLANK), limits),
    };
    if found.is_empty() {
        return None;
    }
    let (from, to) = match speaker {
        Speaker::Client => (peer.clone(), query(target, "to")),
        Speaker::Server => {
            let pragma = message.head.field("pragma").filter(|number| peer.is_some() && peers::is_number(number));
            (pragma.map(str::to_owned), peer.clone())
        }
    };
    for found in &mut found {
        let addressing = &mut found.addressing;
        addressing.from = addressing.from.take().or_else(|| from.clone());
        addressing.to = addressing.to.take().or_else(|| to.clone());
    }
    Some(Heard { channel: host(ends, peer, channels), carrier: Carrier::Http, found })
}

/// What the values of a form hold.
fn in_form(text: &str, limits: &Limits) -> Vec<Found> {
    let values = text.split('&').filter_map(|pair| pair.split_once('=')).take(FORM);
    let decoded = values.map(|(_, value)| String::from_utf8(unescaped(value.as_bytes())).unwrap_or_default());
    decoded.flat_map(|value| recognise(value.trim_start_matches(BLANK), limits)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded() {
        assert_eq!(unescaped(b"a+b%3D%zz%4"), b"a b=%zz%4");
        assert_eq!(form(b"d=2%3A40&x=1"), b"2:40");
    }
}
