//! How fast TCP is listened to: what carries no signalling should cost next to nothing.
//!
//!     cargo bench --bench tcp                          # the listener and the streams of STUN, without files
//!     cargo bench --bench tcp -- --write FILE MEGABYTES   # a capture of such connections, for `rtcscope analyze`
//!
//! Prints megabytes a second, the best of several rounds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs
)]

use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufWriter, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use rtcscope::flow::Streams;
use rtcscope::moment::Moment;
use rtcscope::path::Endpoint;
use rtcscope::signaling::{Limits, Listener, Way};

/// The payload of a full segment.
const SEGMENT: usize = 1448;
/// Bytes of one kind in one round.
const ROUND: usize = 32 << 20;
/// Rounds of each kind.
const ROUNDS: usize = 5;

/// Pieces of one connection: whether the client sends them, and their bytes.
type Pieces = Vec<(bool, Vec<u8>)>;

/// Numbers that look like what is encrypted.
struct Noise(u64);

impl Noise {
    fn fill(&mut self, out: &mut Vec<u8>, length: usize) {
        for _ in 0..length {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            out.push((self.0 >> 56) as u8);
        }
    }
}

fn in_segments(pieces: &mut Pieces, client: bool, bytes: &[u8]) {
    pieces.extend(bytes.chunks(SEGMENT).map(|segment| (client, segment.to_vec())));
}

/// A TLS connection: a hello of each side, then records of 16 KiB.
fn tls(length: usize) -> Pieces {
    let (mut pieces, mut noise) = (Pieces::new(), Noise(1));
    pieces.push((true, b"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03".to_vec()));
    let mut bytes = Vec::new();
    while bytes.len() < length {
        bytes.extend([0x17, 3, 3, 0x40, 0x11]);
        noise.fill(&mut bytes, 0x4011);
    }
    in_segments(&mut pieces, false, &bytes);
    pieces
}

/// Bytes of no known protocol.
fn opaque(length: usize) -> Pieces {
    let (mut pieces, mut bytes) = (Pieces::new(), Vec::new());
    Noise(2).fill(&mut bytes, length);
    in_segments(&mut pieces, false, &bytes);
    pieces
}

/// Downloads of 8 MiB each of a media type.
fn downloads(length: usize, media_type: &str) -> Pieces {
    let (mut pieces, mut noise) = (Pieces::new(), Noise(3));
    let mut sent = 0;
    while sent < length {
        pieces.push((true, b"GET /movie/segment HTTP/1.1\r\nHost: cdn.example\r\nAccept: */*\r\n\r\n".to_vec()));
        let size = 8 << 20;
        let mut bytes =
            format!("HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {size}\r\n\r\n").into_bytes();
        noise.fill(&mut bytes, size);
        sent += size;
        in_segments(&mut pieces, false, &bytes);
    }
    pieces
}

/// Chunked downloads of pictures of 100 kB.
fn pictures(length: usize) -> Pieces {
    let (mut pieces, mut noise) = (Pieces::new(), Noise(4));
    let mut sent = 0;
    while sent < length {
        pieces.push((true, b"GET /tile HTTP/1.1\r\nHost: cdn.example\r\n\r\n".to_vec()));
        let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Type: image/webp\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for _ in 0..12 {
            bytes.extend(b"2000\r\n");
            noise.fill(&mut bytes, 0x2000);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        sent += bytes.len();
        in_segments(&mut pieces, false, &bytes);
    }
    pieces
}

fn row(number: usize) -> String {
    format!(r#"{{"type":"price","id":{number},"name":"item {number}","values":[1.5,2.25,{number}],"open":true}}"#)
}

/// JSON in bodies of 20 kB that holds no signalling.
fn json(length: usize) -> Pieces {
    let (mut pieces, mut sent) = (Pieces::new(), 0);
    while sent < length {
        let rows: Vec<String> = (0..220).map(row).collect();
        let body = format!("[{}]", rows.join(","));
        pieces.push((true, b"GET /api/prices HTTP/1.1\r\nHost: api.example\r\n\r\n".to_vec()));
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        sent += body.len();
        in_segments(&mut pieces, false, format!("{head}{body}").as_bytes());
    }
    pieces
}

fn frame(client: bool, text: &str) -> Vec<u8> {
    let key = [0x37, 0xFA, 0x21, 0x3D];
    let mut out = vec![0x81];
    let bit = if client { 0x80 } else { 0 };
    match text.len() {
        length @ 0..126 => out.push(bit | length as u8),
        length => {
            out.push(bit | 126);
            out.extend((length as u16).to_be_bytes());
        }
    }
    if client {
        out.extend(key);
        out.extend(text.bytes().enumerate().map(|(at, byte)| byte ^ key[at % 4]));
    } else {
        out.extend(text.bytes());
    }
    out
}

fn upgrade(pieces: &mut Pieces) {
    pieces.push((true, b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".to_vec()));
    pieces.push((
        false,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".to_vec(),
    ));
}

/// A WebSocket that tells prices: ten messages of 100 bytes in a segment, and messages of 10 kB.
fn socket(length: usize) -> Pieces {
    let mut pieces = Pieces::new();
    upgrade(&mut pieces);
    let mut sent = 0;
    while sent < length {
        let small: Vec<u8> = (0..10).flat_map(|number| frame(false, &row(number))).collect();
        let rows: Vec<String> = (0..100).map(row).collect();
        let large = frame(sent % 3 == 0, &format!("{{\"rows\":[{}]}}", rows.join(",")));
        let client = sent % 3 == 0;
        sent += small.len() + large.len();
        pieces.push((false, small));
        in_segments(&mut pieces, client, &large);
    }
    pieces
}

/// Offers, answers and candidates without end.
fn signalling(length: usize) -> Pieces {
    let mut pieces = Pieces::new();
    upgrade(&mut pieces);
    let mut sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n".to_owned();
    for number in 0..150 {
        sdp.push_str(&format!("a=fmtp:{number} minptime=10;useinbandfec=1\r\n"));
    }
    let escaped = sdp.replace('\r', "\\r").replace('\n', "\\n");
    let mut sent = 0;
    while sent < length {
        for client in [true, false] {
            let kind = if client { "offer" } else { "answer" };
            let description = frame(client, &format!("{{\"type\":\"{kind}\",\"sdp\":\"{escaped}\",\"to\":\"b\"}}"));
            sent += description.len();
            in_segments(&mut pieces, client, &description);
            for _ in 0..5 {
                let text = r#"{"type":"candidate","candidate":{"candidate":"candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0 ufrag abcd","sdpMid":"0","sdpMLineIndex":0}}"#;
                let candidate = frame(client, text);
                sent += candidate.len();
                in_segments(&mut pieces, client, &candidate);
            }
        }
    }
    pieces
}

fn endpoint(last: u8, port: u16) -> Endpoint {
    Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)), port)
}

/// Megabytes a second of the best round, and what was told in the last.
fn speed(pieces: &Pieces, mut work: impl FnMut(u64, &Pieces) -> usize) -> (f64, usize) {
    let bytes: usize = pieces.iter().map(|(_, bytes)| bytes.len()).sum();
    let (mut best, mut told) = (0_f64, 0);
    for round in 0..ROUNDS {
        let start = Instant::now();
        told = black_box(work(round as u64 + 1, black_box(pieces)));
        best = best.max(bytes as f64 / start.elapsed().as_secs_f64());
    }
    (best / 1e6, told)
}

fn kinds() -> Vec<(&'static str, Pieces)> {
    vec![
        ("TLS", tls(ROUND)),
        ("opaque bytes", opaque(ROUND)),
        ("HTTP: video of a known length", downloads(ROUND, "video/mp4")),
        ("HTTP: octets of a known length", downloads(ROUND, "application/octet-stream")),
        ("HTTP: pictures in chunks", pictures(ROUND)),
        ("HTTP: JSON without signalling", json(ROUND)),
        ("WebSocket: JSON without signalling", socket(ROUND)),
        ("WebSocket: offers and candidates", signalling(ROUND)),
    ]
}

fn compare() {
    println!("{:<38} {:>10} {:>10} {:>9}", "MB/s", "listener", "streams", "signals");
    for (name, pieces) in kinds() {
        let (client, server) = (endpoint(1, 50_000), endpoint(2, 8080));
        let (heard, told) = speed(&pieces, |connection, pieces| {
            let mut listener = Listener::new(Limits::default());
            let mut told = 0;
            for (by_client, bytes) in pieces {
                let (source, destination) = if *by_client { (client, server) } else { (server, client) };
                listener.bytes(Moment::default(), &Way { connection, source, destination }, bytes);
                told += listener.take_signals().len();
            }
            told
        });
        let (streams, _) = speed(&pieces, |number, pieces| {
            let mut streams = Streams::new();
            for (by_client, bytes) in pieces {
                streams.observe(number, usize::from(!by_client), bytes, |framing, _| framing);
            }
            0
        });
        println!("{name:<38} {heard:>10.0} {streams:>10.0} {told:>9}");
    }
}

/// One segment in an Ethernet frame.
fn packet(
    out: &mut impl Write,
    time: u64,
    ports: (u16, u16),
    by_client: bool,
    sequence: [u32; 2],
    payload: &[u8],
) -> io::Result<()> {
    let (source, destination) = if by_client { (1_u8, 2_u8) } else { (2, 1) };
    let (from, to) = if by_client { ports } else { (ports.1, ports.0) };
    let length = 40 + payload.len();
    let mut head = Vec::with_capacity(70);
    head.extend(((time / 1_000_000) as u32).to_le_bytes());
    head.extend(((time % 1_000_000) as u32).to_le_bytes());
    head.extend(((length + 14) as u32).to_le_bytes());
    head.extend(((length + 14) as u32).to_le_bytes());
    head.extend([2, 0, 0, 0, 0, destination, 2, 0, 0, 0, 0, source, 8, 0]);
    head.extend([0x45, 0]);
    head.extend((length as u16).to_be_bytes());
    head.extend([0, 0, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, source, 192, 0, 2, destination]);
    head.extend(from.to_be_bytes());
    head.extend(to.to_be_bytes());
    head.extend(sequence[usize::from(!by_client)].to_be_bytes());
    head.extend(sequence[usize::from(by_client)].to_be_bytes());
    head.extend([0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0]);
    out.write_all(&head)?;
    out.write_all(payload)
}

/// Writes a capture of all kinds of connections, one behind the other.
fn write(path: &str, megabytes: usize) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(&[0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0])?;
    let (mut time, mut port) = (1_700_000_000_000_000_u64, 20_000_u16);
    let kinds = kinds();
    let mut left = megabytes << 20;
    while left > 0 {
        for (_, pieces) in &kinds {
            port += 1;
            let mut sequence = [1_u32, 1];
            for (by_client, bytes) in pieces {
                packet(&mut out, time, (port, 8080), *by_client, sequence, bytes)?;
                let place = usize::from(!by_client);
                sequence[place] = sequence[place].wrapping_add(bytes.len() as u32);
                time += 10;
                left = left.saturating_sub(bytes.len());
            }
            if left == 0 {
                break;
            }
        }
    }
    out.flush()
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [option, path, megabytes] if option == "--write" => write(path, megabytes.parse().expect("a number")),
        _ => {
            compare();
            Ok(())
        }
    }
}
