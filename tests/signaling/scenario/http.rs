//! JSON in bodies, codings, long polling, connections joined in their middle.

use std::io::Write;

use crate::wire::{SDP, Scene, request, response, way};
use rtcscope::moment::Moment;
use rtcscope::signal::Speaker;

fn json(kind: &str) -> String {
    serde_json::json!({ "type": kind, "sdp": SDP }).to_string()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

fn chunked(head: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for chunk in body.chunks(7) {
        out.extend(format!("{:X};extension=\"x\"\r\n", chunk.len()).bytes());
        out.extend(chunk);
        out.extend(b"\r\n");
    }
    out.extend(b"0\r\nTrailer: x\r\n\r\n");
    out
}

#[test]
fn json_is_read_in_both_directions_chunked_and_compressed() {
    let mut scene = Scene::new();
    scene.client(&request("POST /offer", "Content-Type: application/json\r\n", &json("offer")));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    scene.server(&chunked(&format!("{head}Content-Encoding: gzip\r\n"), &gzip(&json("answer"))));
    scene.client(&request("POST /offer", "", &json("offer")));
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(json("answer").as_bytes()).unwrap();
    scene.server(&chunked(&format!("{head}Content-Encoding: deflate\r\n"), &zlib.finish().unwrap()));
    scene.client(&request("POST /offer", "", &json("offer")));
    let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    raw.write_all(json("answer").as_bytes()).unwrap();
    scene.server(&chunked(&format!("{head}Content-Encoding: deflate\r\n"), &raw.finish().unwrap()));
    scene.client(&request("POST /offer", "", &json("offer")));
    scene.server(&[head.as_bytes(), b"Transfer-Encoding: gzip, chunked\r\n\r\n"].concat());
    let body = gzip(&json("answer"));
    scene.server(&[format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat());
    assert_eq!(scene.told(), ["client offer", "server answer"].repeat(4));
    assert_eq!(scene.listener.lost(), 0);
}

#[test]
fn a_coding_that_is_not_read_says_nothing_and_the_next_message_is_read() {
    let mut scene = Scene::new();
    scene.server(&response("200 OK", "Content-Encoding: br\r\n", "\x0b\x02not brotli, whatever"));
    scene.server(&response("200 OK", "", &json("answer")));
    assert_eq!(scene.told(), ["server answer"]);
}

#[test]
fn a_body_that_ends_with_the_connection_is_read() {
    let mut scene = Scene::new();
    scene.server(format!("HTTP/1.0 200 OK\r\n\r\n{}", json("answer")).as_bytes());
    assert!(scene.signals.is_empty());
    scene.listener.closed(Moment::default(), &way(1, Speaker::Server));
    scene.signals.extend(scene.listener.take_signals());
    assert_eq!(scene.told(), ["server answer"]);
}

#[test]
fn values_of_a_form_are_read() {
    let mut scene = Scene::new();
    let body = format!("suuid=x&data={}", SDP.replace('\r', "%0D").replace('\n', "%0A").replace(' ', "+"));
    scene.client(&request("POST /stream", "Content-Type: application/x-www-form-urlencoded\r\n", &body));
    assert_eq!(scene.told(), ["client ?"]);
}

#[test]
fn the_example_server_of_libwebrtc_is_followed() {
    let mut scene = Scene::new();
    scene.client(b"GET /sign_in?alice@host HTTP/1.0\r\n\r\n");
    scene.server(&response("200 Added", "Pragma: 2\r\n", "alice@host,2,1\nbob@host,1,1\n"));
    // The hanging request has a connection of its own.
    scene.say(2, Speaker::Client, b"GET /wait?peer_id=2 HTTP/1.0\r\n\r\n");
    scene.client(&request("POST /message?peer_id=2&to=1", "Content-Type: text/plain\r\n", &json("offer")));
    scene.server(&response("200 OK", "", ""));
    scene.say(2, Speaker::Server, &response("200 OK", "Pragma: 1\r\n", &json("answer")));
    scene.say(2, Speaker::Client, b"GET /wait?peer_id=2 HTTP/1.0\r\n\r\n");
    scene.say(2, Speaker::Server, &response("200 OK", "Pragma: 2\r\n", "carol@host,3,1\n"));
    scene.say(2, Speaker::Client, b"GET /wait?peer_id=2 HTTP/1.0\r\n\r\n");
    scene.say(2, Speaker::Server, &response("200 OK", "Pragma: 2\r\n", "carol@host,3,0\n"));
    scene.client(&request("POST /message?peer_id=2&to=1", "Content-Type: text/plain\r\n", "BYE"));
    scene.server(&response("200 OK", "", ""));
    scene.client(b"GET /sign_out?peer_id=2 HTTP/1.0\r\n\r\n");
    assert_eq!(
        scene.told(),
        [
            "client register alice@host",
            "server connected 2",
            "server other-joined 1",
            "client offer 2>1",
            "server answer 1>2",
            "server other-joined 3",
            "server other-left 3",
            "client bye - 2>1",
            "client leave 2",
        ]
    );
    let of_peer: Vec<u64> = scene.signals[1..].iter().map(|signal| signal.channel.0).collect();
    assert!(of_peer.iter().all(|channel| *channel == of_peer[0]));
}

#[test]
fn a_connection_is_joined_at_its_next_message() {
    let mut scene = Scene::new();
    scene.server(b"the rest of a picture \xFF\xD8 and more of it");
    scene.client(b"rest of a body");
    scene.client(&request("POST /offer", "", &json("offer")));
    scene.server(b"more of the picture");
    scene.server(&[b"end of the picture".to_vec(), response("200 OK", "", &json("answer"))].concat());
    assert_eq!(scene.told(), ["client offer", "server answer"]);
}

#[test]
fn behind_a_gap_the_next_message_is_found() {
    let mut scene = Scene::new();
    scene.client(&request("POST /a", "", &json("offer")));
    scene.server(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\nstart");
    scene.listener.gap(&way(1, Speaker::Server), 5000);
    scene.server(&[b"end of it\r\n0\r\n\r\n".to_vec(), response("200 OK", "", &json("answer"))].concat());
    assert_eq!(scene.told(), ["client offer", "server answer"]);
    assert_eq!(scene.listener.lost(), 1);
    // Inside a body whose length is known nothing is lost but the body.
    let mut scene = Scene::new();
    scene.client(b"POST /a HTTP/1.1\r\nContent-Length: 100\r\n\r\nstart");
    scene.listener.gap(&way(1, Speaker::Client), 90);
    scene.client(&[b"/last".to_vec(), request("POST /a", "", &json("offer"))].concat());
    scene.server(&response("200 OK", "", &json("answer")));
    assert_eq!(scene.told(), ["client offer", "server answer"]);
    assert_eq!(scene.listener.lost(), 0);
}

#[test]
fn what_is_inside_a_tunnel_is_a_connection_of_its_own() {
    let mut scene = Scene::new();
    scene.client(b"CONNECT sfu.example:80 HTTP/1.1\r\nHost: sfu.example\r\n\r\n");
    scene.server(b"HTTP/1.1 200 Connection established\r\n\r\n");
    scene.client(&request("POST /offer", "", &json("offer")));
    scene.server(&response("200 OK", "", &json("answer")));
    assert_eq!(scene.told(), ["client offer", "server answer"]);
    let mut scene = Scene::new();
    scene.client(b"CONNECT sfu.example:443 HTTP/1.1\r\n\r\n");
    scene.server(b"HTTP/1.1 200 OK\r\n\r\n");
    scene.client(b"\x16\x03\x01\x02\x00\x01\x00\x01\xFC");
    assert_eq!(scene.listener.cost(), 0);
}

#[test]
fn what_is_encrypted_costs_nothing() {
    let mut scene = Scene::new();
    scene.client(b"\x16\x03\x01\x02\x00\x01\x00\x01\xFC");
    scene.client(&request("POST /offer", "", &json("offer")));
    assert!(scene.signals.is_empty());
    assert_eq!(scene.listener.cost(), 0);
}

#[test]
fn responses_that_outrun_the_memory_of_requests_say_no_wrong_request() {
    let mut scene = Scene::new();
    for number in 0..300 {
        scene.client(&request(&format!("GET /socket.io/?EIO=4&sid=s{number}"), "", ""));
    }
    for number in 0..300 {
        let body = format!("42[\"join\",\"r{number}\"]");
        scene.server(&response("200 OK", "", &body));
    }
    // The first 256 are known by their sessions; of the others the request is not known, and so is no session.
    assert_eq!(scene.told().len(), 256);
    assert_eq!(scene.channels(), 256);
}
