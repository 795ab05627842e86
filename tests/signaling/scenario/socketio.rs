//! Socket.IO 2 to 4 over Engine.IO 3 and 4: polling, upgrade, attachments, the words of rooms.

use crate::wire::{SDP, Scene, carriers, frame, request, response, text, upgrade, upgraded};
use rtcscope::signal::{Carrier, Speaker};

const POLL: &str = "/socket.io/?EIO=4&transport=polling";

fn message(kind: &str) -> String {
    format!("42{}", serde_json::json!(["message", "lobby", { "type": kind, "sdp": SDP }]))
}

#[test]
fn a_session_begins_by_polling_and_is_upgraded() {
    let mut scene = Scene::new();
    scene.client(&request(&format!("GET {POLL}"), "", ""));
    let open = "0{\"sid\":\"eio\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000}";
    scene.server(&response("200 OK", "Content-Type: text/plain\r\n", open));
    scene.client(&request(&format!("POST {POLL}&sid=eio"), "", "40"));
    scene.server(&response("200 OK", "", "ok"));
    scene.client(&request(&format!("GET {POLL}&sid=eio"), "", ""));
    scene.server(&response("200 OK", "", "40{\"sid\":\"name\"}\u{1e}42[\"joined\",\"lobby\",\"name\"]"));
    scene.client(&request(&format!("POST {POLL}&sid=eio"), "", &message("offer")));
    let socket = |scene: &mut Scene, speaker, what: &str| {
        scene.say(2, speaker, &text(speaker, what));
    };
    scene.say(2, Speaker::Client, &upgrade("/socket.io/?EIO=4&transport=websocket&sid=eio", ""));
    scene.say(2, Speaker::Server, &upgraded(""));
    socket(&mut scene, Speaker::Client, "2probe");
    socket(&mut scene, Speaker::Server, "3probe");
    socket(&mut scene, Speaker::Client, "5");
    socket(&mut scene, Speaker::Server, "2");
    socket(&mut scene, Speaker::Client, "3");
    socket(&mut scene, Speaker::Server, &message("answer"));
    assert_eq!(
        scene.told(),
        ["server connected name", "server joined name @lobby", "client offer @lobby", "server answer @lobby"]
    );
    assert_eq!((scene.channels(), carriers(&scene.signals)), (1, vec![Carrier::SocketIo; 4]));
}

#[test]
fn protocol_three_has_lengths_and_the_name_of_the_session() {
    let mut scene = Scene::new();
    let poll = "/socket.io/?EIO=3&transport=polling";
    scene.client(&request(&format!("GET {poll}"), "", ""));
    let open = "0{\"sid\":\"eio\",\"upgrades\":[]}";
    scene.server(&response("200 OK", "", &format!("{}:{open}2:40", open.len())));
    let said = message("offer");
    scene.client(&request(&format!("POST {poll}&sid=eio"), "", &format!("{}:{said}", said.len())));
    scene.client(&request(
        &format!("POST {poll}&sid=eio&j=0"),
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "d=21%3A42%5B%22bye%22%2C%22lobby%22%2C%22x%22%5D",
    ));
    assert_eq!(scene.told(), ["server connected eio", "client offer @lobby", "client bye x @lobby"]);
    assert_eq!(scene.channels(), 1);
    let mut body = vec![0];
    body.extend(said.len().to_string().bytes().map(|digit| digit - b'0'));
    body.push(255);
    body.extend(said.bytes());
    body.extend([1, 4, 255, 4, 1, 2, 3, 0, 1, 255, b'2']);
    let mut post = format!("POST {poll}&sid=eio HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    post.extend(body);
    scene.client(&post);
    assert_eq!(scene.told().last().unwrap(), "client offer @lobby");
    assert_eq!(scene.channels(), 1);
}

#[test]
fn the_words_of_the_classic_room_are_known() {
    let mut scene = Scene::new();
    scene.client(&upgrade("/socket.io/?EIO=4&transport=websocket", "")).server(&upgraded(""));
    let said = [
        (Speaker::Client, r#"42["join","lobby"]"#, "client join - @lobby"),
        (Speaker::Server, r#"42["joined","lobby","me"]"#, "server joined me @lobby"),
        (Speaker::Server, r#"42["otherjoin","lobby","other"]"#, "server other-joined other @lobby"),
        (Speaker::Server, r#"42/call,12["full","lobby","me"]"#, "server full me @lobby"),
        (Speaker::Client, r#"42["leave","lobby"]"#, "client leave - @lobby"),
        (Speaker::Server, r#"42["leaved","lobby","me"]"#, "server left me @lobby"),
        (Speaker::Server, r#"42["bye","lobby","other"]"#, "server bye other @lobby"),
    ];
    for (speaker, packet, _) in said {
        scene.say(1, speaker, &text(speaker, packet));
    }
    assert_eq!(scene.told(), said.map(|(_, _, told)| told));
}

#[test]
fn attachments_are_passed_over_or_read_where_they_are_text() {
    let mut scene = Scene::new();
    scene.client(&upgrade("/socket.io/?EIO=4&transport=websocket", "")).server(&upgraded(""));
    let placeholder = r#"451-["message","lobby",{"_placeholder":true,"num":0}]"#;
    scene.client(&text(Speaker::Client, placeholder));
    scene.client(&frame(Speaker::Client, 0x82, b"42[\"join\",\"not a packet\"]\xFF"));
    scene.client(&text(Speaker::Client, placeholder));
    let inside = serde_json::json!({ "type": "offer", "sdp": SDP }).to_string();
    scene.client(&frame(Speaker::Client, 0x82, inside.as_bytes()));
    scene.client(&text(Speaker::Client, r#"43/call,7[{"type":"rollback"}]"#));
    assert_eq!(scene.told(), ["client offer", "client rollback"]);
}

#[test]
fn an_event_named_for_what_it_brings_says_the_type() {
    let mut scene = Scene::new();
    scene.client(&upgrade("/socket.io/?EIO=4&transport=websocket", "")).server(&upgraded(""));
    scene.client(&text(Speaker::Client, &format!("42{}", serde_json::json!(["offer", { "sdp": SDP, "to": "b" }]))));
    scene.server(&text(Speaker::Server, &format!("42{}", serde_json::json!(["answer", "lobby", SDP]))));
    assert_eq!(scene.told(), ["client offer >b", "server answer @lobby"]);
}
