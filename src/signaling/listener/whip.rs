//! WHIP and WHEP (RFC 9725): resources, entity tags, servers that are named.

use super::channels::{Channels, Key};
use super::http::{Ends, Heard, host, plain};
use crate::path::Endpoint;
use crate::signal::{Carrier, Channel, Description, DescriptionType, IceServer, Matter, RoomEvent, RoomWord, Speaker};
use crate::signaling::content::fragment;
use crate::signaling::http::{Head, Message};

/// A longer name of a resource is not remembered.
const NAME: usize = 512;
/// Servers of one message; more are not read.
const SERVERS: usize = 64;

/// What a message says that carries a description or a fragment of one, or ends a resource.
pub(super) fn hear(
    speaker: Speaker,
    message: &Message,
    text: &str,
    connection: u64,
    ends: Ends,
    channels: &mut Channels,
) -> Option<Heard> {
    let head = &message.head;
    let target = head.target().unwrap_or_default();
    let method = head.method().unwrap_or_default();
    let request = message.exchange.map(|number| Key::Request { connection, number });
    let heard = |channel, found| Some(Heard { channel, carrier: Carrier::Http, found });
    match head.media_type().unwrap_or_default().as_str() {
        "application/sdp" if !text.trim().is_empty() => {
            let kind = kind_of(speaker, method, text);
            let mut found = vec![plain(Matter::Description(Description { kind: Some(kind), sdp: text.to_owned() }))];
            found.extend(ice_servers(head).map(plain));
            let known = find_resource(head, target, ends, channels);
            let channel = match (known, request) {
                (Some(known), _) => known,
                (None, Some(request)) => channels.channel(request),
                (None, None) => host(ends, None, channels),
            };
            if let Some(location) = head.field("location").filter(|_| speaker == Speaker::Server) {
                name_resource(target, location, ends, channel, channels);
            }
            heard(channel, found)
        }
        "application/trickle-ice-sdpfrag" => {
            let channel = find_resource(head, target, ends, channels)
                .or_else(|| resource(ends.server, target).map(|key| channels.channel(key)))?;
            // Whoever restarts does so whatever the tag is by now (RFC 9725, section 4.3.3), and only then there is an answer with
            // a fragment in it.
            let restarts = match speaker {
                Speaker::Client => head.field("if-match").is_some_and(|tag| tag.trim().trim_matches('"') == "*"),
                Speaker::Server => head.status() == Some(200),
            };
            heard(channel, fragment(text, restarts).into_iter().map(plain).collect())
        }
        // Servers are named in answers to OPTIONS too.
        _ if speaker == Speaker::Server && method == "OPTIONS" => {
            let servers = ice_servers(head)?;
            heard(host(ends, None, channels), vec![plain(servers)])
        }
        _ if method == "DELETE" && speaker == Speaker::Client => {
            let channel = find_resource(head, target, ends, channels)?;
            let event = RoomEvent { word: RoomWord::Bye, said: "DELETE".to_owned(), member: None };
            heard(channel, vec![plain(Matter::Room(event))])
        }
        _ => None,
    }
}

/// The key of a resource, by its path and its query: some servers tell resources apart by the query alone.
fn resource(server: Endpoint, target: &str) -> Option<Key> {
    let name = name_of(target);
    (name.len() <= NAME).then(|| Key::Resource { server, path: name.to_owned() })
}

/// The same by the name of the host, as requests to another of its addresses have it.
fn hosted(authority: &str, target: &str) -> Option<Key> {
    let (authority, path) = (authority.to_ascii_lowercase(), name_of(target).to_owned());
    (authority.len() + path.len() <= NAME).then_some(Key::Hosted { authority, path })
}

fn find_resource(head: &Head, target: &str, ends: Ends, channels: &Channels) -> Option<Channel> {
    let by_host = || channels.find(&hosted(head.field("host")?, target)?);
    channels.find(&resource(ends.server, target)?).or_else(by_host)
}

/// Lets what a POST has made stand for this one exchange.
fn name_resource(target: &str, location: &str, ends: Ends, channel: Channel, channels: &mut Channels) {
    let resolved = match (location.contains("://"), location.starts_with('/')) {
        (true, _) | (_, true) => location.to_owned(),
        // Relative to the folder of the target (RFC 3986, section 5.2.3).
        _ if location.starts_with('?') => format!("{}{location}", target.split('?').next().unwrap_or_default()),
        _ => {
            let path = target.split('?').next().unwrap_or_default();
            let folder = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("/");
            format!("{folder}{location}")
        }
    };
    if let Some(key) = resource(ends.server, &resolved) {
        channels.name(key, channel);
    }
    let authority = location.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    if let Some(key) = authority.and_then(|authority| hosted(authority, &resolved)) {
        channels.name(key, channel);
    }
}

/// A target without scheme, authority and fragment, and without a slash at its end.
fn name_of(target: &str) -> &str {
    let rest = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => target,
    };
    rest.split('#').next().unwrap_or_default().trim_end_matches('/')
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
    let servers: Vec<IceServer> = head.fields_of("link").flat_map(links).filter_map(ice_server).take(SERVERS).collect();
    (!servers.is_empty()).then_some(Matter::IceServers(servers))
}

/// The links of a field (RFC 8288, section 3), which commas part: those before a `<`, whatever white space there is.
fn links(value: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in value.match_indices(',') {
        if value.get(at + 1..).is_some_and(|rest| rest.trim_start().starts_with('<')) {
            found.extend(value.get(start..at));
            start = at + 1;
        }
    }
    found.extend(value.get(start..));
    found
}

fn ice_server(value: &str) -> Option<IceServer> {
    let (uri, parameters) = value.trim().trim_start_matches('<').split_once('>')?;
    let value = |wanted: &str| {
        let named = parameters
            .split(';')
            .find_map(|part| part.trim().split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)));
        named.map(|(_, value)| value.trim().trim_matches('"').to_owned())
    };
    let relates = value("rel")?.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("ice-server"));
    relates.then(|| IceServer { uri: uri.to_owned(), username: value("username") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_locations_and_targets_are_the_same() {
        assert_eq!(name_of("https://sfu.example:8443/whip/1/#x"), "/whip/1");
        assert_eq!(name_of("/whip/1"), "/whip/1");
        assert_eq!(name_of("/whip?session=1"), "/whip?session=1");
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
        let both = "<stun:a>; rel=\"ice-server\", <turn:b>; rel=ice-server; username=\"u\"";
        let uris: Vec<String> = links(both).into_iter().filter_map(ice_server).map(|server| server.uri).collect();
        assert_eq!(uris, ["stun:a", "turn:b"]);
    }
}
