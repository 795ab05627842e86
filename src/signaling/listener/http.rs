//! What the messages of HTTP say: WHIP and WHEP (RFC 9725), polling, and JSON in bodies.

use super::channels::{Channels, Key};
use crate::path::Endpoint;
use crate::signal::{
    Addressing, Carrier, Channel, Description, DescriptionType, IceServer, Matter, RoomEvent, RoomWord, Speaker,
};
use crate::signaling::Limits;
use crate::signaling::content::{Found, fragment, recognise};
use crate::signaling::http::{Head, Message};
use crate::signaling::socketio;

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

/// What `message` says.
pub(in crate::signaling) fn hear(
    speaker: Speaker,
    message: &Message,
    ends: Ends,
    channels: &mut Channels,
    limits: &Limits,
) -> Option<Heard> {
    let target = message.head.target().unwrap_or_default();
    if let Some(sid) = socketio::sid_of(target) {
        return poll(speaker, message, ends, sid, channels, limits);
    }
    let media_type = message.head.media_type().unwrap_or_default();
    let method = message.head.method().unwrap_or_default();
    let text = str::from_utf8(message.body.bytes()).unwrap_or_default();
    let resource = Key::Resource { server: ends.server, path: path_of(target).to_owned() };
    if media_type == "application/sdp" && !text.trim().is_empty() {
        let kind = kind_of(speaker, method, text);
        let mut found = vec![plain(Matter::Description(Description { kind: Some(kind), sdp: text.to_owned() }))];
        found.extend(ice_servers(&message.head).map(plain));
        let channel = channels.find(&resource).unwrap_or_else(|| host(ends, None, channels));
        if let Some(location) = message.head.field("location").filter(|_| speaker == Speaker::Server) {
            // The resource stands for this one exchange from here on, and the next POST for another.
            channels.name(Key::Resource { server: ends.server, path: path_of(location).to_owned() }, channel);
            let next = channels.fresh();
            channels.name(Key::Host { server: ends.server, client: ends.client.address, peer: None }, next);
        }
        return Some(Heard { channel, carrier: Carrier::Http, found });
    }
    if media_type == "application/trickle-ice-sdpfrag" {
        let channel = channels.channel(resource);
        return Some(Heard { channel, carrier: Carrier::Http, found: fragment(text).into_iter().map(plain).collect() });
    }
    if method == "DELETE" && speaker == Speaker::Client {
        let channel = channels.find(&resource)?;
        let event = RoomEvent { word: RoomWord::Bye, said: "DELETE".to_owned(), member: None };
        return Some(Heard { channel, carrier: Carrier::Http, found: vec![plain(Matter::Room(event))] });
    }
    json(speaker, message, ends, text, channels, limits)
}

fn plain(matter: Matter) -> Found {
    Found { addressing: Addressing::default(), matter }
}

fn host(ends: Ends, peer: Option<String>, channels: &mut Channels) -> Channel {
    channels.channel(Key::Host { server: ends.server, client: ends.client.address, peer })
}

/// The path of a target: without scheme and authority, query and fragment, and without a slash at its end.
fn path_of(target: &str) -> &str {
    let rest = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => target,
    };
    rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/')
}

/// What a description of WHIP or WHEP is: posted by a client it offers, patched it answers; a server that speaks first
/// (RFC 9725 calls it a counter-offer) wants the other end to choose the DTLS role.
fn kind_of(speaker: Speaker, method: &str, sdp: &str) -> DescriptionType {
    let offers = sdp.lines().any(|line| line.trim_end() == "a=setup:actpass");
    match (speaker, method) {
        (Speaker::Client, "PATCH") => DescriptionType::Answer,
        (Speaker::Client, _) => DescriptionType::Offer,
        (Speaker::Server, _) if offers => DescriptionType::Offer,
        (Speaker::Server, _) => DescriptionType::Answer,
    }
}

/// `Link: <stun:…>; rel="ice-server"; username="…"` (RFC 9725, section 4.6).
fn ice_servers(head: &Head) -> Option<Matter> {
    let servers: Vec<IceServer> =
        head.fields_of("link").flat_map(|value| value.split(",<")).filter_map(ice_server).take(64).collect();
    (!servers.is_empty()).then_some(Matter::IceServers(servers))
}

fn ice_server(value: &str) -> Option<IceServer> {
    let (uri, parameters) = value.trim().trim_start_matches('<').split_once('>')?;
    let value = |wanted: &str| {
        let named = parameters
            .split(';')
            .find_map(|part| part.trim().split_once('=').filter(|(name, _)| name.trim() == wanted));
        named.map(|(_, value)| value.trim().trim_matches('"').to_owned())
    };
    (value("rel")? == "ice-server").then(|| IceServer { uri: uri.to_owned(), username: value("username") })
}

/// A poll of Socket.IO.
fn poll(
    speaker: Speaker,
    message: &Message,
    ends: Ends,
    sid: &str,
    channels: &mut Channels,
    limits: &Limits,
) -> Option<Heard> {
    if sid.is_empty() {
        return None;
    }
    let channel = channels.channel(Key::Session { server: ends.server, sid: sid.to_owned() });
    let packets = socketio::payload(message.body.bytes());
    let found = packets.into_iter().flat_map(|packet| super::websocket::packet(speaker, packet, limits)).collect();
    Some(Heard { channel, carrier: Carrier::SocketIo, found })
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
    let query = |wanted: &str| {
        let (_, query) = target.split_once('?')?;
        query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(name, _)| *name == wanted))
            .map(|(_, value)| value.to_owned())
    };
    let peer = query("peer_id");
    let mut found = recognise(text.trim(), limits);
    if found.is_empty() {
        return None;
    }
    for found in &mut found {
        let addressing = &mut found.addressing;
        let (from, to) = match speaker {
            Speaker::Client => (peer.clone(), query("to")),
            Speaker::Server => {
                (message.head.field("pragma").map(str::to_owned).filter(|_| peer.is_some()), peer.clone())
            }
        };
        addressing.from = addressing.from.take().or(from);
        addressing.to = addressing.to.take().or(to);
    }
    Some(Heard { channel: host(ends, peer, channels), carrier: Carrier::Http, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_locations_and_targets_are_the_same() {
        assert_eq!(path_of("https://sfu.example:8443/whip/1/?x=y"), "/whip/1");
        assert_eq!(path_of("/whip/1"), "/whip/1");
    }

    #[test]
    fn ice_servers_are_read_without_their_credentials() {
        let value =
            "<turn:turn.example:3478?transport=udp>; rel=\"ice-server\"; username=\"user\"; credential=\"secret\"";
        let server = ice_server(value).unwrap();
        assert_eq!(
            (server.uri.as_str(), server.username.as_deref()),
            ("turn:turn.example:3478?transport=udp", Some("user"))
        );
        assert_eq!(ice_server("<https://x>; rel=\"next\""), None);
    }
}
