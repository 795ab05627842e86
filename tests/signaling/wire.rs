//! Bytes as applications send them, made by hand, and a listener that gets them.

use rtcscope::moment::Moment;
use rtcscope::path::Endpoint;
use rtcscope::signal::{Carrier, DescriptionType, Matter, Signal, Speaker};
use rtcscope::signaling::{Limits, Listener, Way};

pub const SDP: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
const KEY: [u8; 4] = [0xA1, 0x17, 0x80, 0x3C];

pub fn client() -> Endpoint {
    endpoint("192.0.2.1:50000")
}

pub fn server() -> Endpoint {
    endpoint("198.51.100.1:4433")
}

pub fn endpoint(text: &str) -> Endpoint {
    let address: std::net::SocketAddr = text.parse().unwrap();
    Endpoint { address: address.ip(), port: address.port() }
}

/// A way of connection `number`.
pub fn way(number: u64, speaker: Speaker) -> Way {
    match speaker {
        Speaker::Client => Way { connection: number, source: client(), destination: server() },
        Speaker::Server => Way { connection: number, source: server(), destination: client() },
    }
}

/// A frame of a WebSocket, masked where the client sends it.
pub fn frame(speaker: Speaker, first: u8, payload: &[u8]) -> Vec<u8> {
    let bit = if speaker == Speaker::Client { 0x80 } else { 0 };
    let mut out = vec![first];
    match payload.len() {
        length @ 0..126 => out.push(bit | length as u8),
        length @ 126..0x1_0000 => {
            out.push(bit | 126);
            out.extend((length as u16).to_be_bytes());
        }
        length => {
            out.push(bit | 127);
            out.extend((length as u64).to_be_bytes());
        }
    }
    if speaker == Speaker::Client {
        out.extend(KEY);
        out.extend(payload.iter().enumerate().map(|(at, byte)| byte ^ KEY[at % 4]));
    } else {
        out.extend(payload);
    }
    out
}

pub fn text(speaker: Speaker, payload: &str) -> Vec<u8> {
    frame(speaker, 0x81, payload.as_bytes())
}

pub fn upgrade(target: &str, more: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{more}\r\n").into_bytes()
}

pub fn upgraded(more: &str) -> Vec<u8> {
    format!("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{more}\r\n").into_bytes()
}

pub fn request(line: &str, fields: &str, body: &str) -> Vec<u8> {
    format!("{line} HTTP/1.1\r\nHost: sfu.example\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

pub fn response(line: &str, fields: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {line}\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A listener, and what it has told.
pub struct Scene {
    pub listener: Listener,
    pub signals: Vec<Signal>,
}

impl Scene {
    pub fn new() -> Self {
        Self::with(Limits::default())
    }

    pub fn with(limits: Limits) -> Self {
        Self { listener: Listener::new(limits), signals: Vec::new() }
    }

    pub fn say(&mut self, connection: u64, speaker: Speaker, bytes: &[u8]) -> &mut Self {
        self.listener.bytes(Moment::default(), &way(connection, speaker), bytes);
        self.signals.extend(self.listener.take_signals());
        self
    }

    pub fn client(&mut self, bytes: &[u8]) -> &mut Self {
        self.say(1, Speaker::Client, bytes)
    }

    pub fn server(&mut self, bytes: &[u8]) -> &mut Self {
        self.say(1, Speaker::Server, bytes)
    }

    /// All that was told so far, a line each.
    pub fn told(&self) -> Vec<String> {
        self.signals.iter().map(line).collect()
    }

    /// How many conversations there were.
    pub fn channels(&self) -> usize {
        self.signals.iter().map(|signal| signal.channel).collect::<std::collections::BTreeSet<_>>().len()
    }
}

/// `client offer from>to @room #thread`: what says it, whose text is that of `SDP`.
pub fn line(signal: &Signal) -> String {
    let what = match &signal.matter {
        Matter::Description(found) => {
            let same = if found.sdp.is_empty() || found.sdp == SDP { "" } else { " of other text" };
            format!("{}{same}", found.kind.map_or("?", DescriptionType::name))
        }
        Matter::Candidate(found) => format!(
            "{} mid={} ufrag={}",
            found.candidate,
            found.mid.as_deref().unwrap_or("-"),
            found.username_fragment.as_deref().unwrap_or("-")
        ),
        Matter::EndOfCandidates { mid } => format!("end mid={}", mid.as_deref().unwrap_or("-")),
        Matter::Room(event) => format!("{} {}", event.word.name(), event.member.as_deref().unwrap_or("-")),
        Matter::IceServers(servers) => {
            servers.iter().map(|server| format!("ice-server {}", server.uri)).collect::<Vec<_>>().join(" ")
        }
        Matter::IceCredentials(found) => format!(
            "credentials {}:{}{}",
            found.username_fragment,
            found.password,
            if found.restarts { " restart" } else { "" }
        ),
        other => format!("{other:?}"),
    };
    let names = &signal.addressing;
    let mut out = format!("{} {what}", if signal.speaker == Speaker::Client { "client" } else { "server" });
    if names.from.is_some() || names.to.is_some() {
        out.push_str(&format!(
            " {}>{}",
            names.from.as_deref().unwrap_or_default(),
            names.to.as_deref().unwrap_or_default()
        ));
    }
    for (sign, name) in [('@', &names.room), ('#', &names.thread)] {
        if let Some(name) = name {
            out.push_str(&format!(" {sign}{name}"));
        }
    }
    out
}

pub fn carriers(signals: &[Signal]) -> Vec<Carrier> {
    signals.iter().map(|signal| signal.carrier).collect()
}
