//! SIP over UDP, TCP and WebSocket.

use crate::wire::{SDP, Scene, carriers, client, frame, line, server, text, upgrade, upgraded};
use rtcscope::moment::Moment;
use rtcscope::signal::{Carrier, Speaker};

fn message(first: &str, tags: (&str, &str), cseq: &str, more: &str, body: &str) -> String {
    let to = if tags.1.is_empty() { String::new() } else { format!(";tag={}", tags.1) };
    format!(
        "{first}\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: \"A\" <sip:a@x>;tag={}\r\nTo: <sip:b@x>{to}\r\nCall-ID: call@x\r\n\
         CSeq: {cseq}\r\n{more}Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
        tags.0,
        body.len()
    )
}

/// Each message of a call with early media, PRACK, UPDATE, a re-INVITE that is refused, and its end; and what it says.
fn call() -> Vec<(Speaker, String, &'static [&'static str])> {
    use Speaker::{Client, Server};
    let uri = "sip:b@x SIP/2.0";
    vec![
        (Client, message(&format!("INVITE {uri}"), ("1", ""), "1 INVITE", "", SDP), &["client offer a>b"]),
        (Server, message("SIP/2.0 100 Trying", ("1", ""), "1 INVITE", "", ""), &[]),
        (
            Server,
            message("SIP/2.0 183 Session Progress", ("1", "2"), "1 INVITE", "Require: 100rel\r\nRSeq: 1\r\n", SDP),
            &["server answer b>a #2"],
        ),
        (Client, message(&format!("PRACK {uri}"), ("1", "2"), "2 PRACK", "RAck: 1 1 INVITE\r\n", ""), &[]),
        (Server, message("SIP/2.0 200 OK", ("1", "2"), "2 PRACK", "", ""), &[]),
        (Client, message(&format!("UPDATE {uri}"), ("1", "2"), "3 UPDATE", "", SDP), &["client offer a>b #2"]),
        (Server, message("SIP/2.0 200 OK", ("1", "2"), "3 UPDATE", "", SDP), &["server answer b>a #2"]),
        (Server, message("SIP/2.0 200 OK", ("1", "2"), "1 INVITE", "", ""), &[]),
        (Client, message(&format!("ACK {uri}"), ("1", "2"), "1 ACK", "", ""), &[]),
        (Client, message(&format!("INVITE {uri}"), ("1", "2"), "4 INVITE", "", SDP), &["client offer a>b #2"]),
        (
            Server,
            message("SIP/2.0 488 Not Acceptable Here", ("1", "2"), "4 INVITE", "", ""),
            &["server rollback b>a #2"],
        ),
        (Client, message(&format!("BYE {uri}"), ("1", "2"), "5 BYE", "", ""), &["client bye - a>b #2"]),
    ]
}

fn short(signals: &[rtcscope::signal::Signal]) -> Vec<String> {
    signals.iter().map(|signal| line(signal).replace("sip:a@x", "a").replace("sip:b@x", "b")).collect()
}

fn wanted() -> Vec<String> {
    call().iter().flat_map(|(_, _, told)| told.iter().map(|line| (*line).to_owned())).collect()
}

#[test]
fn a_call_is_followed_over_datagrams() {
    let mut scene = Scene::new();
    for (speaker, message, _) in call() {
        let (from, to) = if speaker == Speaker::Client { (client(), server()) } else { (server(), client()) };
        // Everything is repeated, as datagrams are.
        for _ in 0..2 {
            scene.listener.datagram(Moment::default(), from, to, message.as_bytes());
        }
    }
    scene.signals.extend(scene.listener.take_signals());
    assert_eq!(short(&scene.signals), wanted());
    assert_eq!((scene.channels(), carriers(&scene.signals)[0]), (1, Carrier::Sip));
}

#[test]
fn a_call_is_followed_over_a_stream_and_over_a_socket() {
    let mut stream = Scene::new();
    stream.client(b"\r\n\r\n");
    let mut socket = Scene::new();
    socket
        .client(&upgrade("/", "Sec-WebSocket-Protocol: sip\r\n"))
        .server(&upgraded("Sec-WebSocket-Protocol: sip\r\n"));
    let mut late = Scene::new();
    for (speaker, message, _) in call() {
        for piece in message.as_bytes().chunks(11) {
            stream.say(1, speaker, piece);
        }
        socket.say(1, speaker, &frame(speaker, 0x82, message.as_bytes()));
        late.say(1, speaker, &text(speaker, &message));
    }
    for scene in [stream, socket, late] {
        assert_eq!(short(&scene.signals), wanted());
        assert_eq!((scene.channels(), carriers(&scene.signals)[0]), (1, Carrier::Sip));
        assert_eq!(scene.listener.lost(), 0);
    }
}

#[test]
fn compact_folded_and_of_several_parts() {
    let mut scene = Scene::new();
    let body =
        format!("--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nc: application/sdp\r\n\r\n{SDP}\r\n--b--\r\n");
    let message = format!(
        "INVITE sip:b@x SIP/2.0\r\nv: SIP/2.0/UDP a\r\nf: <sip:a@x>\r\n ;tag=1\r\nt: sip:b@x\r\ni: 7\r\nCSeq: 1\r\n\tINVITE\r\n\
         c: multipart/mixed;\r\n boundary=b\r\nl: {}\r\n\r\n{body}",
        body.len()
    );
    scene.listener.datagram(Moment::default(), client(), server(), message.as_bytes());
    scene.signals.extend(scene.listener.take_signals());
    assert_eq!(short(&scene.signals), ["client offer a>b"]);
}

#[test]
fn forks_early_media_and_a_call_given_up() {
    let mut scene = Scene::new();
    let mut say = |message: String| scene.listener.datagram(Moment::default(), client(), server(), message.as_bytes());
    say(message("INVITE sip:b@x SIP/2.0", ("1", ""), "1 INVITE", "", SDP));
    say(message("SIP/2.0 183 Progress", ("1", "2"), "1 INVITE", "", SDP));
    say(message("SIP/2.0 183 Progress", ("1", "3"), "1 INVITE", "", SDP));
    say(message("CANCEL sip:b@x SIP/2.0", ("1", ""), "1 CANCEL", "", ""));
    say(message("SIP/2.0 487 Request Terminated", ("1", "2"), "1 INVITE", "", ""));
    scene.signals.extend(scene.listener.take_signals());
    assert_eq!(
        short(&scene.signals),
        [
            "client offer a>b",
            "server pranswer b>a #2",
            "server pranswer b>a #3",
            "client cancelled - a>b",
            "server rollback b>a #2"
        ]
    );
}

#[test]
fn behind_a_gap_a_stream_goes_on_at_its_next_message() {
    let mut scene = Scene::new();
    let said = call();
    scene.client(&said[0].1.as_bytes()[..100]);
    scene.listener.gap(&crate::wire::way(1, Speaker::Client), 50);
    scene.client(&said[0].1.as_bytes()[150..]);
    scene.client(said[5].1.as_bytes());
    assert_eq!(short(&scene.signals), ["client offer a>b #2"]);
}
