//! HTTP archives (HAR 1.2): requests and responses, and what Chromium adds for WebSockets, read as on the wire.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::budget::Budget;
use super::model::{FileClock, SideConnection};
use super::time::{MILLISECONDS, of_text, scaled};
use crate::moment::{Moment, Timestamp};
use crate::path::Endpoint;
use crate::signal::{Carrier, Channel, Description, Matter, RoomEvent, Signal, Speaker};
use crate::signaling::Limits;
use crate::signaling::content::Found;
use crate::signaling::http::{Body, Head, Header, Message, Start};
use crate::signaling::json::Json;
use crate::signaling::listener::{Channels, Dialect, Ends, Key, dialect, hear_http, packet, plain};
use crate::signaling::sip::{self, Dialogs, Exchanged};
use crate::signaling::socketio::Session;

/// Fields of one head; more are not read.
const FIELDS: usize = 256;

/// The conversations of an archive; `None` where `archive` is none.
pub(super) fn read(archive: &Json, limits: &Limits, budget: &mut Budget) -> Option<Vec<SideConnection>> {
    let Json::List(entries) = archive.member("log")?.member("entries")? else { return None };
    let mut reading = Reading {
        limits,
        channels: Channels::new(limits.channels),
        dialogs: Dialogs::new(limits.channels),
        servers: HashMap::new(),
        places: HashMap::new(),
        found: Vec::new(),
    };
    for (number, entry) in (0..).zip(entries) {
        reading.entry(number, entry, budget);
    }
    for connection in &mut reading.found {
        connection.signals.sort_by_key(|signal| signal.moment.time);
    }
    Some(reading.found)
}

struct Reading<'l> {
    limits: &'l Limits,
    channels: Channels,
    dialogs: Dialogs,
    /// The servers that were asked, each with an address that stands for its name: an archive need not tell the real one.
    servers: HashMap<String, Endpoint>,
    /// The place of each conversation.
    places: HashMap<Channel, usize>,
    found: Vec<SideConnection>,
}

impl Reading<'_> {
    fn entry(&mut self, number: u64, entry: &Json, budget: &mut Budget) {
        let (Some(request), Some(time)) = (entry.member("request"), start(entry)) else {
            budget.skipped += 1;
            return;
        };
        let url = request.text_of("url").unwrap_or_default();
        if let Some(messages) = entry.member("_webSocketMessages") {
            return self.websocket(number, url, messages.items(), budget);
        }
        let ends = self.ends(url);
        let method = request.text_of("method").unwrap_or_default();
        let took = entry.member("time").and_then(|took| took.word()?.parse::<f64>().ok()).filter(|took| *took > 0.0);
        let done = took.and_then(|took| scaled(took, 1e6)).unwrap_or_default();
        let asked = Head {
            start: Start::Request { method: method.to_owned(), target: target(url).to_owned() },
            fields: fields(request),
        };
        self.message(Speaker::Client, time, asked, body(request.member("postData")), (number, ends), url, budget);
        if let Some(response) = entry.member("response") {
            let status = response.member("status").and_then(|status| status.word()?.parse().ok()).unwrap_or(0);
            let (method, target) = (Some(method.to_owned()), Some(target(url).to_owned()));
            let head = Head { start: Start::Response { status, method, target }, fields: fields(response) };
            let time = Timestamp(time.0.saturating_add(done.0));
            self.message(Speaker::Server, time, head, body(response.member("content")), (number, ends), url, budget);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one message")]
    fn message(
        &mut self,
        speaker: Speaker,
        time: Timestamp,
        mut head: Head,
        (media_type, bytes): (Option<String>, Vec<u8>),
        (number, ends): (u64, Ends),
        url: &str,
        budget: &mut Budget,
    ) {
        if let Some(value) = media_type.filter(|_| head.field("content-type").is_none()) {
            head.fields.push(Header { name: "content-type".to_owned(), value });
        }
        // What a browser loads to show a page is no signalling.
        let shown = ["text/html", "text/css", "text/javascript", "application/javascript", "image/", "font/", "video/"];
        let named = head.media_type().unwrap_or_default();
        if bytes.len() > self.limits.inflated_bytes || shown.iter().any(|shown| named.starts_with(shown)) {
            return;
        }
        let moment = Moment { time, ..Moment::default() };
        // An entry is one request with its response: as if each had a connection of its own.
        let message = Message { moment, exchange: Some(0), head, body: Body::Whole(bytes) };
        if let Some(heard) = hear_http(speaker, &message, number, ends, &mut self.channels, self.limits)
            && !heard.found.is_empty()
        {
            self.push(heard.channel, time, speaker, url, heard.found, budget);
        }
    }

    fn websocket(&mut self, number: u64, url: &str, messages: &[Json], budget: &mut Budget) {
        let session = Session::of(target(url));
        let channel = match session.as_ref().filter(|session| !session.sid.is_empty()) {
            Some(session) => {
                let server = self.ends(url).server;
                self.channels.channel(Key::Session { server, sid: session.sid.to_owned() })
            }
            None => self.channels.channel(Key::Connection(number)),
        };
        let mut known = match &session {
            Some(session) => Dialect::SocketIo { is_old: session.is_old },
            None => Dialect::Unknown,
        };
        for message in messages {
            let seconds = message.member("time").and_then(|time| time.word()?.parse::<f64>().ok());
            let speaker = match message.text_of("type") {
                Some("send") => Speaker::Client,
                Some("receive") => Speaker::Server,
                _ => {
                    budget.skipped += 1;
                    continue;
                }
            };
            let (Some(time), Some(data)) = (seconds.and_then(|time| scaled(time, 1e9)), message.text_of("data")) else {
                budget.skipped += 1;
                continue;
            };
            known = dialect(known, data);
            let found = match known {
                Dialect::SocketIo { is_old } => packet(speaker, data, is_old, self.limits),
                Dialect::Unknown | Dialect::Plain => plain(data, self.limits),
                Dialect::Sip => {
                    self.sip(time, speaker, url, data, budget);
                    continue;
                }
            };
            if !found.is_empty() {
                self.push(channel, time, speaker, url, found, budget);
            }
        }
    }

    fn sip(&mut self, time: Timestamp, speaker: Speaker, url: &str, data: &str, budget: &mut Budget) {
        let Some(message) = sip::Message::parse(data.as_bytes()) else { return };
        for said in self.dialogs.observe(&message) {
            let matter = match said.what {
                Exchanged::Description(kind, sdp) => Matter::Description(Description { kind, sdp }),
                Exchanged::Word(word, said) => Matter::Room(RoomEvent { word, said, member: None }),
            };
            let channel = self.channels.channel(Key::Call(said.call));
            let found = vec![Found { addressing: said.addressing, matter }];
            self.push(channel, time, speaker, url, found, budget);
        }
    }

    fn push(
        &mut self,
        channel: Channel,
        time: Timestamp,
        speaker: Speaker,
        url: &str,
        found: Vec<Found>,
        budget: &mut Budget,
    ) {
        let place = match self.places.get(&channel) {
            Some(place) => *place,
            None if budget.connection() => {
                self.found.push(connection(self.found.len(), url));
                self.places.insert(channel, self.found.len() - 1);
                self.found.len() - 1
            }
            None => return,
        };
        let Some(connection) = self.found.get_mut(place) else { return };
        for Found { addressing, matter } in found {
            if budget.entry() {
                connection.signals.push(Signal {
                    moment: Moment { time, ..Moment::default() },
                    carrier: Carrier::File,
                    channel: connection.channel,
                    speaker,
                    source: None,
                    destination: None,
                    addressing,
                    matter,
                });
            }
        }
    }

    fn ends(&mut self, url: &str) -> Ends {
        let client = Endpoint::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        let next = u32::try_from(self.servers.len()).unwrap_or(u32::MAX).saturating_add(1);
        let server = *self
            .servers
            .entry(origin(url).to_owned())
            .or_insert_with(|| Endpoint::new(IpAddr::V4(Ipv4Addr::from(next)), 0));
        Ends { client, server }
    }
}

/// A conversation of which nothing was heard yet.
fn connection(before: usize, url: &str) -> SideConnection {
    SideConnection {
        id: super::text::short(url.split(['?', '#']).next().unwrap_or_default()),
        page: Some(super::text::short(origin(url))),
        channel: Channel(u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1)),
        clock: Some(FileClock { ..MILLISECONDS }),
        signals: Vec::new(),
        events: Vec::new(),
        stats: Vec::new(),
    }
}

/// When an entry began.
fn start(entry: &Json) -> Option<Timestamp> {
    of_text(entry.text_of("startedDateTime")?).map(|(time, _)| time)
}

/// The fields of a request or of a response.
fn fields(message: &Json) -> Vec<Header> {
    let field = |field: &Json| {
        let (name, value) = (field.text_of("name")?, field.text_of("value")?);
        Some(Header { name: name.to_owned(), value: value.to_owned() })
    };
    message.member("headers").map(Json::items).unwrap_or_default().iter().filter_map(field).take(FIELDS).collect()
}

/// The type and the bytes of a body, which is decoded but for base64.
fn body(content: Option<&Json>) -> (Option<String>, Vec<u8>) {
    let Some(content) = content else { return (None, Vec::new()) };
    let text = content.text_of("text").unwrap_or_default();
    let packed = content.text_of("encoding").is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"));
    let bytes = if packed { STANDARD.decode(text).unwrap_or_default() } else { text.as_bytes().to_vec() };
    (content.text_of("mimeType").filter(|named| !named.is_empty()).map(str::to_owned), bytes)
}

/// Scheme and authority of a URL.
fn origin(url: &str) -> &str {
    let path = url.find("://").and_then(|at| Some(at + 3 + url.get(at + 3..)?.find(['/', '?', '#'])?));
    path.and_then(|path| url.get(..path)).unwrap_or(url)
}

/// Path and query of a URL.
fn target(url: &str) -> &str {
    let path = url.get(origin(url).len()..).unwrap_or_default();
    path.split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        assert_eq!(origin("https://sfu.example:8443/whip?x=/y#z"), "https://sfu.example:8443");
        assert_eq!(target("https://sfu.example:8443/whip?x=/y#z"), "/whip?x=/y");
        assert_eq!((origin("wss://x"), target("wss://x")), ("wss://x", ""));
        assert_eq!((origin("x"), target("x")), ("x", ""));
    }
}
