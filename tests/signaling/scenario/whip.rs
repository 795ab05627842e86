//! WHIP and WHEP (RFC 9725).

use crate::wire::{SDP, Scene, client, request, response};
use rtcscope::moment::Moment;
use rtcscope::path::Endpoint;
use rtcscope::signal::Speaker;
use rtcscope::signaling::Way;

const FRAGMENT: &str = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n\
    a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n";
const TOLD: [&str; 3] = [
    "client credentials EsAw:P2uYro0UCOQ4zxjKXaWCBui1",
    "client candidate:1 1 UDP 1 192.0.2.1 9 typ host mid=0 ufrag=EsAw",
    "client end mid=0",
];

fn post(scene: &mut Scene, location: &str) {
    scene.client(&request("POST /whip/endpoint", "Content-Type: application/sdp\r\n", SDP));
    let fields = format!(
        "Content-Type: application/sdp\r\nETag: \"xyz\"\r\nLocation: {location}\r\n\
         Link: <stun:stun.example.net>; rel=\"ice-server\", <turn:turn.example.net?transport=udp>; rel=\"ice-server\"; username=\"u\"; credential=\"c\"\r\n"
    );
    scene.server(&response("201 Created", &fields, SDP));
}

#[test]
fn a_session_is_made_trickled_into_and_deleted() {
    for location in ["https://sfu.example/whip/resource/7", "/whip/resource/7", "resource/7", "/whip/resource/7/"] {
        let mut scene = Scene::new();
        post(&mut scene, location);
        let fields = "Content-Type: application/trickle-ice-sdpfrag\r\nIf-Match: \"xyz\"\r\n";
        scene.client(&request("PATCH /whip/resource/7", fields, FRAGMENT));
        scene.server(b"HTTP/1.1 204 No Content\r\nETag: \"xyz\"\r\n\r\n");
        scene.client(b"DELETE /whip/resource/7 HTTP/1.1\r\nHost: sfu.example\r\n\r\n");
        scene.server(&response("200 OK", "", ""));
        let mut wanted = vec![
            "client offer",
            "server answer",
            "server ice-server stun:stun.example.net ice-server turn:turn.example.net?transport=udp",
        ];
        wanted.extend(TOLD);
        wanted.push("client bye -");
        assert_eq!(scene.told(), wanted, "{location}");
        assert_eq!(scene.channels(), 1, "{location}");
    }
}

#[test]
fn ice_is_restarted_by_a_fragment_that_is_answered_by_one() {
    let mut scene = Scene::new();
    post(&mut scene, "/whip/resource/7");
    let fields = "Content-Type: application/trickle-ice-sdpfrag\r\n";
    scene.client(&request("PATCH /whip/resource/7", &format!("{fields}If-Match: \"*\"\r\n"), FRAGMENT));
    let answer = "a=ice-lite\r\na=ice-options:trickle ice2\r\na=ice-ufrag:289b\r\na=ice-pwd:1xEZhIX0zyNvqSmm9M8ZwA\r\n";
    scene.server(&response("200 OK", &format!("{fields}ETag: \"new\"\r\n"), answer));
    let told = scene.told();
    assert_eq!(told[3], format!("{} restart", TOLD[0]));
    assert_eq!(told.last().unwrap(), "server credentials 289b:1xEZhIX0zyNvqSmm9M8ZwA restart");
    assert_eq!(scene.channels(), 1);
}

#[test]
fn resources_that_only_a_query_tells_apart_are_two() {
    let mut scene = Scene::new();
    for session in ["1", "2"] {
        post(&mut scene, &format!("/rtc/whip/?session={session}"));
    }
    scene.client(b"DELETE /rtc/whip/?session=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(scene.channels(), 2);
    assert_eq!(scene.signals.last().unwrap().channel, scene.signals[0].channel);
}

#[test]
fn two_sessions_of_one_host_at_once_are_two() {
    let mut scene = Scene::new();
    let post = request("POST /whip", "Content-Type: application/sdp\r\n", SDP);
    scene.say(1, Speaker::Client, &post).say(2, Speaker::Client, &post);
    let answer =
        |number| response("201 Created", &format!("Content-Type: application/sdp\r\nLocation: /r/{number}\r\n"), SDP);
    scene.say(2, Speaker::Server, &answer(2)).say(1, Speaker::Server, &answer(1));
    let channels: Vec<u64> = scene.signals.iter().map(|signal| signal.channel.0).collect();
    assert_eq!(channels.len(), 4);
    assert_eq!((channels[0], channels[1]), (channels[3], channels[2]));
    assert_ne!(channels[0], channels[1]);
}

#[test]
fn a_server_that_offers_to_a_viewer_is_answered_by_patch() {
    let mut scene = Scene::new();
    let offer = SDP.replace("t=0 0\r\n", "t=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\n");
    let fields = "Content-Type: application/sdp\r\nLocation: /whep/1\r\n";
    scene.client(&request("POST /whep", "Content-Type: application/sdp\r\n", SDP));
    scene.server(&response("201 Created", fields, &offer));
    scene.client(&request("PATCH /whep/1", "Content-Type: application/sdp\r\n", SDP));
    assert_eq!(scene.told(), ["client offer", "server offer of other text", "client answer"]);
    assert_eq!(scene.channels(), 1);
}

#[test]
fn a_resource_at_another_address_is_known_by_its_host() {
    let mut scene = Scene::new();
    post(&mut scene, "https://edge.example/r/7");
    let other = Endpoint { address: "198.51.100.9".parse().unwrap(), port: 4433 };
    let way = Way { connection: 9, source: client(), destination: other };
    scene.listener.bytes(Moment::default(), &way, b"DELETE /r/7 HTTP/1.1\r\nHost: Edge.example\r\n\r\n");
    scene.signals.extend(scene.listener.take_signals());
    assert_eq!(scene.told().last().unwrap(), "client bye -");
    assert_eq!(scene.channels(), 1);
}

#[test]
fn servers_are_named_in_the_answer_to_options_too() {
    let mut scene = Scene::new();
    scene.client(b"OPTIONS /whip HTTP/1.1\r\nHost: x\r\n\r\n");
    scene.server(&response("204 No Content", "Link: <stun:a.example>; rel=ice-server\r\n", ""));
    assert_eq!(scene.told(), ["server ice-server stun:a.example"]);
}
