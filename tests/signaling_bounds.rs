//! Hostile streams stay inside the stated bounds, in memory and in time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs, unreachable_pub)]
#![cfg(feature = "signaling")]

#[path = "signaling/wire.rs"]
#[allow(dead_code)]
mod wire;

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};
use rtcscope::moment::Moment;
use rtcscope::signal::Speaker;
use rtcscope::signaling::{Limits, Listener};
use wire::{SDP, Scene, client, frame, request, response, server, text, upgrade, upgraded, way};

const MIB: u64 = 1 << 20;

/// The most that was allocated at once by a listener that got what `work` gives it, and what is still allocated.
fn memory(limits: Limits, work: impl FnOnce(&mut Listener)) -> (u64, u64) {
    let mut kept = 0;
    let info = allocation_counter::measure(|| {
        let mut listener = Listener::new(limits);
        let inside = allocation_counter::measure(|| work(&mut listener));
        kept = u64::try_from(inside.bytes_current.max(0)).unwrap();
        assert!(listener.cost() <= limits.connection_bytes);
    });
    (info.bytes_max, kept)
}

fn say(listener: &mut Listener, connection: u64, speaker: Speaker, bytes: &[u8]) -> usize {
    listener.bytes(Moment::default(), &way(connection, speaker), bytes);
    listener.take_signals().len()
}

/// Asserts that four times as much takes not much more than four times as long; the best of some runs, and what is too fast to be measured
/// is fast enough.
fn grows_linearly(size: usize, mut work: impl FnMut(usize)) {
    let mut time = |size: usize| {
        (0..3)
            .map(|_| {
                let start = Instant::now();
                work(size);
                start.elapsed()
            })
            .min()
            .unwrap()
    };
    // A busy machine can spoil a run, but not all of them.
    let fits = |(small, large): &(Duration, Duration)| *large < *small * 9 || *large < Duration::from_millis(30);
    let mut runs = (0..4).map(|_| (time(size), time(4 * size)));
    let first = runs.next().unwrap();
    assert!(fits(&first) || runs.any(|run| fits(&run)), "{first:?} for one and for four");
}

fn socket(listener: &mut Listener) {
    say(listener, 1, Speaker::Client, &upgrade("/ws", "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    say(listener, 1, Speaker::Server, &upgraded("Sec-WebSocket-Extensions: permessage-deflate\r\n"));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn heads_without_end_are_given_up() {
    let starts = ["GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n", "INVITE sip:b@x SIP/2.0\r\n", "GET /", "INVITE sip:"];
    for start in starts {
        let (peak, _) = memory(Limits::default(), |listener| {
            say(listener, 1, Speaker::Client, start.as_bytes());
            for _ in 0..20_000 {
                say(listener, 1, Speaker::Client, b"X-Something: a value that goes on and on, without end\r\n");
            }
        });
        assert!(peak < MIB, "{peak} for {start}");
    }
}

#[test]
fn a_head_byte_by_byte_takes_linear_time() {
    for start in ["GET / HTTP/1.1\r\n", "GET /", "INVITE sip:b@x SIP/2.0\r\n", "INVITE sip:"] {
        for filler in ["x", "A: b\r\n"] {
            grows_linearly(14_000, |size| {
                let mut listener = Listener::new(Limits::default());
                let head = start.bytes().chain(filler.bytes().cycle()).take(size);
                for byte in head {
                    say(&mut listener, 1, Speaker::Client, &[byte]);
                }
            });
        }
    }
}

#[test]
fn a_body_byte_by_byte_takes_linear_time_and_is_kept_up_to_its_bound() {
    grows_linearly(50_000, |size| {
        let mut listener = Listener::new(Limits::default());
        say(&mut listener, 1, Speaker::Client, format!("POST / HTTP/1.1\r\nContent-Length: {size}\r\n\r\n").as_bytes());
        (0..size).for_each(|_| {
            say(&mut listener, 1, Speaker::Client, b" ");
        });
    });
    for head in ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
        let (peak, kept) = memory(Limits::default(), |listener| {
            say(listener, 1, Speaker::Client, head.as_bytes());
            for _ in 0..1000 {
                say(listener, 1, Speaker::Client, &[&b"4000\r\n"[..], &[b' '; 0x4000], b"\r\n"].concat());
            }
        });
        assert!(peak < 7 * MIB, "{peak} for {head}");
        assert!(kept < MIB / 4, "{kept} for {head}");
    }
}

#[test]
fn a_body_whose_length_is_beyond_the_bound_is_never_kept() {
    let (peak, _) = memory(Limits::default(), |listener| {
        say(listener, 1, Speaker::Client, b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n");
        for _ in 0..1000 {
            say(listener, 1, Speaker::Client, &[b' '; 1000]);
        }
    });
    assert!(peak < MIB / 2, "{peak}");
}

#[test]
fn bombs_come_out_no_larger_than_they_may() {
    let bomb = gzip(&vec![b' '; 128 << 20]);
    let (peak, _) = memory(Limits::default(), |listener| {
        for coding in ["gzip", "gzip, gzip", "deflate", "gzip, gzip, gzip, gzip, gzip, gzip"] {
            let head =
                format!("POST / HTTP/1.1\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", bomb.len());
            say(listener, 1, Speaker::Client, head.as_bytes());
            say(listener, 1, Speaker::Client, &bomb);
        }
    });
    // The bomb, what may come out, twice as it grows.
    assert!(peak < bomb.len() as u64 + 3 * 8 * MIB, "{peak}");
}

#[test]
fn many_bombs_in_one_piece_are_held_one_at_a_time_and_do_not_come_out_whole() {
    let mut compress = Compress::new(Compression::best(), false);
    let zeros = vec![b' '; 32 << 20];
    let mut packed = Vec::with_capacity(1 << 20);
    compress.compress_vec(&zeros, &mut packed, FlushCompress::Sync).unwrap();
    let bombs = frame(Speaker::Server, 0xC1, &packed).repeat(20);
    let start = Instant::now();
    let (peak, kept) = memory(Limits::default(), |listener| {
        socket(listener);
        say(listener, 1, Speaker::Server, &bombs);
    });
    assert!(peak < 16 * MIB, "{peak}");
    assert!(kept < MIB, "{kept}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_message_in_tiny_fragments_takes_linear_time_and_is_kept_up_to_its_bound() {
    let fragments = |size: usize| {
        let mut bytes = frame(Speaker::Client, 0x01, b"x");
        bytes.extend(frame(Speaker::Client, 0x00, b"xy").repeat(size));
        bytes
    };
    grows_linearly(30_000, |size| {
        let mut listener = Listener::new(Limits::default());
        socket(&mut listener);
        for piece in fragments(size).chunks(3) {
            say(&mut listener, 1, Speaker::Client, piece);
        }
    });
    let (peak, kept) = memory(Limits::default(), |listener| {
        socket(listener);
        let piece = frame(Speaker::Client, 0x00, &[b'x'; 1000]).repeat(10);
        say(listener, 1, Speaker::Client, &frame(Speaker::Client, 0x01, b"x"));
        (0..1000).for_each(|_| {
            say(listener, 1, Speaker::Client, &piece);
        });
    });
    assert!(peak < 7 * MIB && kept < MIB / 4, "{peak} {kept}");
}

#[test]
fn small_requests_in_a_row_take_linear_time_and_few_are_remembered() {
    for small in ["GET / HTTP/1.1\r\n\r\n", "OPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n"] {
        grows_linearly(5000, |size| {
            let mut listener = Listener::new(Limits::default());
            say(&mut listener, 1, Speaker::Client, small.repeat(size).as_bytes());
        });
        let many = small.repeat(50_000);
        let (peak, kept) = memory(Limits::default(), |listener| {
            say(listener, 1, Speaker::Client, many.as_bytes());
        });
        assert!(peak < MIB && kept < MIB / 2, "{peak} {kept}");
    }
    let cost = |pending_requests| {
        let mut listener = Listener::new(Limits { pending_requests, ..Limits::default() });
        let many = format!("GET /{} HTTP/1.1\r\nA: b\r\n\r\n", "x".repeat(2000)).repeat(300);
        say(&mut listener, 1, Speaker::Client, many.as_bytes());
        listener.cost()
    };
    assert!(cost(10) < 60_000 && cost(200) > 200_000, "{} {}", cost(10), cost(200));
}

#[test]
fn connections_are_bounded_in_number_and_in_bytes() {
    let limits = Limits { connection_bytes: 8 << 20, ..Limits::default() };
    for open in ["GET / HTTP/1.1\r\nA: ", "INVITE sip:b@x SIP/2.0\r\nA: ", "HTTP/1.1 200 OK\r\n\r\n"] {
        let mut given_up = 0;
        let (peak, kept) = memory(limits, |listener| {
            for number in 0..10_000 {
                say(listener, number, Speaker::Client, format!("{open}{}", "x".repeat(5000)).as_bytes());
            }
            given_up = listener.given_up();
        });
        assert!(given_up > 8000, "{given_up}");
        assert!(peak < 10 * MIB && kept < 10 * MIB, "{peak} {kept}");
    }
    let mut listener = Listener::new(Limits { connections: 100, ..Limits::default() });
    for number in 0..10_000 {
        say(&mut listener, number, Speaker::Client, b"GET / HTTP/1.1\r\n");
    }
    assert_eq!(listener.given_up(), 9900);
    // Undecided ones count too.
    let (_, kept) = memory(Limits::default(), |listener| {
        for number in 0..100_000 {
            say(listener, number, Speaker::Client, b"INVITE sip:and-so-on");
        }
    });
    assert!(kept < 8 * MIB, "{kept}");
}

#[test]
fn windows_of_compression_count() {
    let mut compress = Compress::new(Compression::default(), false);
    let mut packed = Vec::with_capacity(1000);
    compress.compress_vec(b"{\"type\":\"x\"}", &mut packed, FlushCompress::Sync).unwrap();
    packed.truncate(packed.len() - 4);
    let limits = Limits { connection_bytes: 16 << 20, ..Limits::default() };
    let (_, kept) = memory(limits, |listener| {
        for number in 0..4000 {
            for (speaker, bytes) in [
                (Speaker::Client, upgrade("/ws", "")),
                (Speaker::Server, upgraded("Sec-WebSocket-Extensions: permessage-deflate\r\n")),
                (Speaker::Server, frame(Speaker::Server, 0xC1, &packed)),
                (Speaker::Client, frame(Speaker::Client, 0xC1, &packed)),
            ] {
                say(listener, number, speaker, &bytes);
            }
        }
    });
    assert!(kept < 24 * MIB, "{kept}");
}

#[test]
fn conversations_are_bounded_however_long_their_names() {
    let limits = Limits { channels: 1000, ..Limits::default() };
    let (_, kept) = memory(limits, |listener| {
        for number in 0..20_000 {
            let sid = format!("{number}{}", "x".repeat(240));
            say(listener, 1, Speaker::Client, &request(&format!("POST /?EIO=4&sid={sid}"), "", "42[\"join\",\"a\"]"));
            say(listener, 1, Speaker::Server, &response("200 OK", "", ""));
            let fields = "Content-Type: application/trickle-ice-sdpfrag\r\n";
            let path = format!("PATCH /{number}{}", "y".repeat(20_000 * (number % 20 / 19)));
            say(listener, 1, Speaker::Client, &request(&path, fields, "a=end-of-candidates\r\n"));
            say(listener, 1, Speaker::Server, &response("204 OK", "", ""));
        }
    });
    assert!(kept < 2 * MIB, "{kept}");
}

#[test]
fn calls_are_bounded_however_long_their_names() {
    let invite = |id: &str, tag: &str, cseq: usize| {
        format!(
            "INVITE sip:b@x SIP/2.0\r\nFrom: <sip:a>;tag={tag}\r\nTo: <sip:b>\r\nCall-ID: {id}\r\nCSeq: {cseq} INVITE\r\n\
             Content-Type: application/sdp\r\n\r\n{SDP}"
        )
    };
    let long = "x".repeat(10_000);
    let limits = Limits { channels: 1000, ..Limits::default() };
    let (_, kept) = memory(limits, |listener| {
        for number in 0..10_000 {
            let message = invite(&format!("{number}{long}"), &long, 1);
            listener.datagram(Moment::default(), client(), server(), message.as_bytes());
            listener.take_signals();
        }
    });
    assert!(kept < 2 * MIB, "{kept}");
    let (_, kept) = memory(Limits::default(), |listener| {
        for number in 0..20_000 {
            let answer = invite("one", "1", number % 50).replace("INVITE sip:b@x SIP/2.0", "SIP/2.0 200 OK");
            let answer = answer.replace("To: <sip:b>", &format!("To: <sip:b>;tag={number}{long}"));
            for message in [invite("one", "1", number), answer] {
                listener.datagram(Moment::default(), client(), server(), message.as_bytes());
            }
            listener.take_signals();
        }
    });
    assert!(kept < MIB / 8, "{kept}");
}

#[test]
fn values_depth_and_texts_in_texts_are_bounded() {
    let say_text = |listener: &mut Listener, text: &str| {
        say(listener, 1, Speaker::Client, &request("POST /", "", text));
        say(listener, 1, Speaker::Server, &response("200 OK", "", ""))
    };
    let mut in_strings = format!("{SDP}{}", "x".repeat(100_000));
    for _ in 0..5 {
        in_strings = serde_json::json!([in_strings]).to_string();
    }
    let mut in_base64 = format!("{{\"sdp\":\"{}\"}}", "x".repeat(200_000));
    for _ in 0..8 {
        in_base64 = base64(&in_base64);
    }
    let cases = [
        "[".repeat(2_000_000),
        format!("{{\"sdp\":[{}1]}}", "1,".repeat(900_000)),
        format!("{{\"sdp\":[{}1]}}", "[],".repeat(600_000)),
        format!("{{\"sdp\":{}", "{\"a\":".repeat(300_000)),
        format!("[{}1]", "\"[1,\\\"sdp\\\"]\",".repeat(100_000)),
        format!("[{}1]", "\"{\\\"sdp\\\":\\\"\\\\\\\"\\\"}\",".repeat(60_000)),
        in_strings,
        in_base64,
        format!("{{\"sdp\":\"{}\"}}", "\\\\\\\"".repeat(400_000)),
    ];
    let start = Instant::now();
    for (number, case) in cases.iter().enumerate() {
        assert!(case.len() <= 2 << 20, "{number} is passed over");
        let (peak, kept) = memory(Limits::default(), |listener| {
            say_text(listener, case);
        });
        assert!(peak < 48 * MIB && kept < MIB / 2, "{number}: {peak} {kept}");
    }
    assert!(start.elapsed() < Duration::from_secs(60));
    let told = |limits: Limits, text: &str| {
        let mut scene = Scene::with(limits);
        scene.client(&request("POST /", "", text));
        scene.signals.len()
    };
    let nested = serde_json::json!({ "a": [1, 2, { "type": "offer", "sdp": SDP }] }).to_string();
    let limits = Limits::default();
    assert_eq!(told(limits, &nested), 1);
    assert_eq!(told(Limits { json_values: 7, ..limits }, &nested), 1);
    assert_eq!(told(Limits { json_values: 6, ..limits }, &nested), 0);
    assert_eq!(told(Limits { json_depth: 3, ..limits }, &nested), 0);
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            out.push(char::from(LETTERS[(number >> (18 - 6 * place) & 63) as usize]));
        }
    }
    out
}

#[test]
fn what_one_message_tells_is_bounded() {
    let many = format!("[{}0]", "\"candidate:1\",".repeat(20_000));
    let mut scene = Scene::new();
    scene.client(&request("POST /", "", &many));
    assert_eq!(scene.signals.len(), 4096);
    let fields = "Content-Type: application/trickle-ice-sdpfrag\r\n";
    scene.signals.clear();
    scene.client(&request("PATCH /r", fields, &"a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n".repeat(20_000)));
    assert_eq!(scene.signals.len(), 4096);
    scene.signals.clear();
    scene.client(&request("POST /?EIO=4&sid=x", "", &"42[\"join\",\"a\"]\u{1e}".repeat(20_000)));
    assert_eq!(scene.signals.len(), 4096);
}

#[test]
fn gaps_everywhere_keep_nothing() {
    let pieces = [
        request("POST /", "", &"x".repeat(3000)),
        text(Speaker::Client, &"y".repeat(3000)),
        b"INVITE sip:b@x SIP/2.0\r\nl: 3000\r\n\r\n".to_vec(),
    ];
    let (peak, kept) = memory(Limits::default(), |listener| {
        socket(listener);
        for number in 0..30_000_u64 {
            let piece = &pieces[(number % 3) as usize];
            let cut = (number as usize * 31) % piece.len();
            say(listener, number % 7, Speaker::Client, &piece[..cut]);
            listener.gap(&way(number % 7, Speaker::Client), number);
        }
    });
    assert!(peak < MIB && kept < MIB, "{peak} {kept}");
}

#[test]
fn a_segment_in_which_a_frame_is_looked_for_takes_linear_time() {
    for filler in [&b"\x81\x01a"[..], b"\x81\x7e\x00\x90", b"\xC1\x7a", b"\x81\x81\x00\x00\x00\x00a"] {
        grows_linearly(16_000, |size| {
            let mut listener = Listener::new(Limits::default());
            socket(&mut listener);
            let noise: Vec<u8> = filler.iter().copied().cycle().take(size).collect();
            for _ in 0..3 {
                listener.gap(&way(1, Speaker::Server), 100);
                say(&mut listener, 1, Speaker::Server, &noise);
            }
        });
    }
}
