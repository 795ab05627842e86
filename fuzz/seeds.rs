//! Fills `fuzz/corpus/TARGET` from the fixtures: small captures and the files beside captures whole, and the datagrams in
//! all captures one by one. Descriptions come from the examples of the rules about them.
//!
//!     cargo run --manifest-path fuzz/Cargo.toml --example seeds

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

use rtcscope::capture::Reader;
use rtcscope::lint::{Example, rules};
use rtcscope::net::{Datagram, IcmpError, Limits, Sink, Stack, TcpEvent, TcpWhat};
use rtcscope::path::Endpoint;

#[allow(dead_code)]
mod signaling;
use signaling::TURN;

/// Captures above this size are slow seeds.
const LARGEST_CAPTURE: u64 = 64 * 1024;
/// Datagrams kept for a target.
const MOST: usize = 400;
/// Longer conversations are slow seeds.
const LONGEST_TALK: usize = 16 * 1024;
/// What the fixtures have none of.
const SEEDS: &[(&str, &[u8])] = &[
    ("sip", b"INVITE sip:b SIP/2.0\r\nf: <sip:a>;tag=1\r\nt: <sip:b>\r\ni: 1\r\nCSeq: 1 INVITE\r\nc: multipart/mixed;boundary=b\r\nl: 47\r\n\r\n--b\r\nc: application/sdp\r\n\r\nv=0\r\no=-\r\n--b--\r\n\xFESIP/2.0 200 OK\r\nf: <sip:a>;tag=1\r\nt: <sip:b>;tag=2\r\ni: 1\r\nCSeq: 1 INVITE\r\nc: application/sdp\r\nl: 5\r\n\r\nv=0\r\n"),
    ("http", b"POST /whip HTTP/1.1\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n\xFEHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\nHTTP/1.1 201 Created\r\nLocation: r/1\r\nContent-Type: application/sdp\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nv=0\r\n\r\n0\r\n\r\n\xFEPATCH /r/1 HTTP/1.1\r\nIf-Match: *\r\nContent-Type: application/trickle-ice-sdpfrag\r\nContent-Length: 26\r\n\r\na=ice-ufrag:a\r\na=ice-pwd:b\r\n"),
    ("websocket", b"\x00\xFEHTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n\x81\x18{\"candidate\":null,\"a\":1}\xFE\x01\x83\0\0\0\0\"v=\x80\x86\0\0\0\x000\\r\\n\""),
];

#[derive(Default)]
struct Datagrams {
    /// By target and by type and size, so that thousands of alike ones count once.
    kept: BTreeMap<(&'static str, [u8; 2], usize), Vec<u8>>,
    /// By number of the connection, of one capture.
    talks: BTreeMap<u64, Talk>,
}

struct Talk {
    client: Endpoint,
    by_client: bool,
    bytes: Vec<u8>,
}

impl Datagrams {
    fn keep(&mut self, bytes: &[u8]) {
        let [first, second, ..] = bytes else { return };
        if bytes.ends_with(b"SIP/2.0") || bytes.windows(9).take(200).any(|at| at == b" SIP/2.0\r" || at == b"SIP/2.0 1")
        {
            self.put("sip", bytes);
            return;
        }
        let target = match first {
            0..=3 => "stun",
            64..=79 => "channel_data",
            128..=191 if (192..=223).contains(second) => "rtcp",
            128..=191 => "rtp",
            _ => return,
        };
        self.put(target, bytes);
    }

    fn put(&mut self, target: &'static str, bytes: &[u8]) {
        let [first, second, ..] = bytes else { return };
        let alike = self.kept.range((target, [0; 2], 0)..=(target, [255; 2], usize::MAX)).count();
        if alike < MOST {
            self.kept.entry((target, [*first, *second], bytes.len())).or_insert_with(|| bytes.to_vec());
        }
    }
}

impl Datagrams {
    /// Joins what a connection says until it is long enough, each turn behind the byte that marks it.
    fn talk(&mut self, event: &TcpEvent<'_>, bytes: &[u8]) {
        let talk = self.talks.entry(event.stream.0).or_insert_with(|| Talk {
            client: event.source,
            by_client: true,
            bytes: Vec::new(),
        });
        let by_client = event.source == talk.client;
        if talk.bytes.len() + bytes.len() > LONGEST_TALK {
            return;
        }
        if by_client != talk.by_client {
            talk.bytes.push(TURN);
        }
        talk.by_client = by_client;
        talk.bytes.extend(bytes.iter().map(|byte| if *byte == TURN { 0 } else { *byte }));
    }

    /// What connections said, for the targets that follow them.
    fn plant_talks(&self) -> io::Result<usize> {
        let mut planted = 0;
        for talk in self.talks.values() {
            if !talk.bytes.first().is_some_and(u8::is_ascii_uppercase) {
                continue;
            }
            plant("http", &talk.bytes)?;
            // Behind the upgrade, which the target brings itself; its response is the server's first turn.
            if let Some(turn) = talk.bytes.iter().position(|byte| *byte == TURN)
                && talk.bytes.windows(18).any(|at| at.eq_ignore_ascii_case(b"upgrade: websocket"))
            {
                plant("websocket", &[&[0], talk.bytes.get(turn..).unwrap_or_default()].concat())?;
            }
            planted += 1;
        }
        Ok(planted)
    }
}

impl Sink for Datagrams {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.keep(datagram.payload);
    }

    fn icmp_error(&mut self, error: &IcmpError<'_>) {
        self.keep(error.payload);
    }

    fn tcp(&mut self, event: &TcpEvent<'_>) {
        if let TcpWhat::Bytes(bytes) = event.what {
            self.keep(bytes);
            self.talk(event, bytes);
        }
    }
}

fn plant(target: &str, bytes: &[u8]) -> io::Result<()> {
    let mut hash = DefaultHasher::new();
    bytes.hash(&mut hash);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{:016x}", hash.finish())), bytes)
}

/// A description that breaks or keeps a rule, behind the one that it stands beside where there is one.
fn plant_example(example: &Example) -> io::Result<()> {
    let text = example.marked().replace(['«', '»'], "");
    plant("lint", text.as_bytes())?;
    match example.offer().or_else(|| example.beside_whole().map(|(_, other)| other)) {
        Some(other) => plant("lint", format!("{}\0{text}", other.replace(['«', '»'], "")).as_bytes()),
        None => plant("sdp", text.as_bytes()),
    }
}

fn main() -> io::Result<()> {
    for rule in rules() {
        for example in rule.invalid.iter().chain(rule.valid) {
            plant_example(example)?;
        }
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    for entry in fs::read_dir(fixtures.join("files"))? {
        plant("side_file", &fs::read(entry?.path())?)?;
    }
    let mut datagrams = Datagrams::default();
    let mut talks = 0;
    for seed in SEEDS {
        plant(seed.0, seed.1)?;
    }
    for entry in fs::read_dir(fixtures)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "pcap" && ending != "pcapng") {
            continue;
        }
        if fs::metadata(&path)?.len() <= LARGEST_CAPTURE {
            let bytes = fs::read(&path)?;
            plant("capture", &bytes)?;
            plant("analyze", &bytes)?;
        }
        let Ok(mut reader) = Reader::open(&path) else { continue };
        let mut stack = Stack::new(Limits::default());
        while let Ok(Some(frame)) = reader.next_frame() {
            stack.observe(&frame, &mut datagrams);
        }
        stack.finish(&mut datagrams);
        talks += datagrams.plant_talks()?;
        datagrams.talks.clear();
    }
    for ((target, ..), bytes) in &datagrams.kept {
        plant(target, bytes)?;
    }
    println!("{} datagrams, {talks} connections", datagrams.kept.len());
    Ok(())
}
