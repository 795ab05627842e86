use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::signaling::http::Body;

const REQUESTS: &[u8] =
    b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello\
    HEAD /c HTTP/1.1\r\n\r\n";
const RESPONSES: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n\
    4;x=y\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\nTrailer: t\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok\
    HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n";

fn told(pieces: &[(Speaker, &[u8])]) -> Vec<(Speaker, String, String)> {
    let mut connection = HttpConnection::new();
    let mut found = Vec::new();
    for (speaker, bytes) in pieces {
        connection.observe(Moment::default(), *speaker, bytes, &Limits::default(), |event| {
            if let Event::Message(speaker, message) = event {
                let status = message.head.status().map(|status| status.to_string()).unwrap_or_default();
                let line = format!("{status} {}", message.head.target().unwrap_or("-"));
                found.push((speaker, line, String::from_utf8_lossy(message.body.bytes()).into_owned()));
            }
        });
    }
    found
}

fn expected() -> Vec<(Speaker, String, String)> {
    let row = |speaker, line: &str, body: &str| (speaker, line.to_owned(), body.to_owned());
    vec![
        row(Speaker::Client, " /a", ""),
        row(Speaker::Client, " /b", "hello"),
        row(Speaker::Client, " /c", ""),
        row(Speaker::Server, "200 /a", "{\"a\":1}"),
        row(Speaker::Server, "100 /b", ""),
        row(Speaker::Server, "201 /b", "ok"),
        row(Speaker::Server, "200 /c", ""),
    ]
}

#[test]
fn responses_name_the_requests_they_answer() {
    assert_eq!(told(&[(Speaker::Client, REQUESTS), (Speaker::Server, RESPONSES)]), expected());
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same(cuts in prop::collection::vec(1_usize..40, 1..30)) {
        let mut pieces: Vec<(Speaker, &[u8])> = Vec::new();
        for (speaker, text) in [(Speaker::Client, REQUESTS), (Speaker::Server, RESPONSES)] {
            let mut rest = text;
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break }
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                pieces.push((speaker, piece));
                rest = after;
            }
        }
        prop_assert_eq!(told(&pieces), expected());
    }

    #[test]
    fn any_bytes_are_taken(pieces in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..60)), 0..20)) {
        let mut connection = HttpConnection::new();
        connection.observe(Moment::default(), Speaker::Client, b"GET / HTTP/1.1\r\nContent-Length: 99\r\n\r\n", &Limits::default(), |_| {});
        for (client, bytes) in &pieces {
            let speaker = if *client { Speaker::Client } else { Speaker::Server };
            connection.observe(Moment::default(), speaker, bytes, &Limits::default(), |_| {});
            connection.gap(speaker, bytes.len() as u64);
        }
    }
}

#[test]
fn responses_alone_are_read() {
    let found = told(&[(Speaker::Server, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")]);
    assert_eq!(found, [(Speaker::Server, "200 -".to_owned(), "abc".to_owned())]);
}

#[test]
fn an_endless_head_is_given_up() {
    let mut connection = HttpConnection::new();
    let limits = Limits { head_bytes: 1000, ..Limits::default() };
    connection.observe(Moment::default(), Speaker::Client, b"GET / HTTP/1.1\r\n", &limits, |_| {});
    for _ in 0..10_000 {
        connection.observe(Moment::default(), Speaker::Client, b"X-More: and more\r\n", &limits, |_| {});
        assert!(connection.cost() < 4000);
    }
}

#[test]
fn long_bodies_and_bombs_are_not_kept() {
    let mut zeros = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    zeros.write_all(&vec![0; 1 << 20]).unwrap();
    let bomb = zeros.finish().unwrap();
    let limits = Limits { body_bytes: 10_000, inflated_bytes: 100_000, ..Limits::default() };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len());
    let long = [b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n".to_vec(), vec![b'x'; 20_000]].concat();
    let mut connection = HttpConnection::new();
    let mut bodies = Vec::new();
    for bytes in [head.as_bytes(), &bomb, &long] {
        connection.observe(Moment::default(), Speaker::Server, bytes, &limits, |event| {
            if let Event::Message(_, message) = event {
                bodies.push(message.body);
            }
        });
    }
    assert_eq!(bodies, [Body::TooLong, Body::TooLong]);
}

#[test]
fn a_connection_is_read_on_behind_a_gap() {
    let mut connection = HttpConnection::new();
    let mut found = 0;
    let limits = Limits::default();
    let mut feed = |connection: &mut HttpConnection, bytes: &[u8]| {
        connection.observe(Moment::default(), Speaker::Server, bytes, &limits, |event| {
            found += u32::from(matches!(event, Event::Message(..)));
        });
    };
    feed(&mut connection, b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc");
    connection.gap(Speaker::Server, 100);
    feed(&mut connection, b"the middle of something\r\n");
    feed(&mut connection, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(found, 1);
}

#[test]
fn frames_may_come_before_the_response_that_allows_them() {
    let mut connection = HttpConnection::new();
    let limits = Limits::default();
    let mut upgrades = Vec::new();
    let ask = b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    let mut take = |event| {
        if let Event::Upgraded { response, .. } = event {
            upgrades.push(response.is_some());
        }
    };
    assert_eq!(connection.observe(Moment::default(), Speaker::Client, ask, &limits, &mut take), None);
    let rest = connection.observe(Moment::default(), Speaker::Client, b"\x81\x80\0\0\0\0", &limits, &mut take);
    assert_eq!(rest, Some(&b"\x81\x80\0\0\0\0"[..]));
    let answer = b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n\x81\x00";
    let rest = connection.observe(Moment::default(), Speaker::Server, answer, &limits, &mut take);
    assert_eq!(rest, Some(&b"\x81\x00"[..]));
    assert_eq!(upgrades, [false, true]);
}
