//! Fragments, masks, compression, sockets joined in their middle, gaps.

use crate::wire::{SDP, Scene, carriers, frame, text, upgrade, upgraded, way};
use flate2::{Compress, Compression, FlushCompress};
use rtcscope::signal::{Carrier, Speaker};

fn json(kind: &str) -> String {
    serde_json::json!({ "type": kind, "sdp": SDP, "to": "B" }).to_string()
}

fn packed(compress: &mut Compress, text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(10_000);
    compress.compress_vec(text.as_bytes(), &mut out, FlushCompress::Sync).unwrap();
    out.truncate(out.len() - 4);
    out
}

#[test]
fn fragments_masks_and_control_frames_between_are_read() {
    let mut scene = Scene::new();
    scene.client(&upgrade("/ws", "")).server(&upgraded(""));
    let said = json("offer");
    let (first, rest) = said.split_at(40);
    let (second, third) = rest.split_at(1);
    for part in [
        frame(Speaker::Client, 0x01, first.as_bytes()),
        frame(Speaker::Client, 0x89, b"ping"),
        frame(Speaker::Client, 0x00, second.as_bytes()),
        frame(Speaker::Client, 0x80, third.as_bytes()),
    ] {
        part.chunks(3).for_each(|piece| {
            scene.client(piece);
        });
    }
    assert_eq!(scene.told(), ["client offer >B"]);
    assert_eq!(scene.listener.lost(), 0);
}

#[test]
fn both_kinds_of_context_and_smaller_windows_are_read() {
    for agreed in [
        "permessage-deflate",
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_max_window_bits=10; client_max_window_bits=9",
    ] {
        let mut scene = Scene::new();
        let field = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
        scene.client(&upgrade("/ws", field));
        scene.server(&upgraded(&format!("Sec-WebSocket-Extensions: {agreed}\r\n")));
        let (mut ours, mut theirs) = if agreed.contains("bits") {
            (
                Compress::new_with_window_bits(Compression::default(), false, 9),
                Compress::new_with_window_bits(Compression::default(), false, 10),
            )
        } else {
            (Compress::new(Compression::default(), false), Compress::new(Compression::default(), false))
        };
        for _ in 0..3 {
            let (offer, answer) = (packed(&mut ours, &json("offer")), packed(&mut theirs, &json("answer")));
            let (start, end) = offer.split_at(offer.len() / 2);
            scene.client(&frame(Speaker::Client, 0x41, start)).client(&frame(Speaker::Client, 0x80, end));
            scene.server(&frame(Speaker::Server, 0xC1, &answer));
            if agreed.contains("no_context") {
                ours.reset();
                theirs.reset();
            }
        }
        assert_eq!(scene.told(), ["client offer >B", "server answer >B"].repeat(3), "{agreed}");
    }
}

#[test]
fn a_socket_whose_upgrade_was_not_captured_is_joined() {
    for first in [Speaker::Client, Speaker::Server] {
        let mut scene = Scene::new();
        scene.say(1, first, &frame(first, 0x89, b"ping"));
        scene.say(1, first, b"tail of a frame that began before");
        scene.say(1, first, &text(first, r#"{"type":"join","room":"lobby"}"#));
        scene.say(1, first.other(), &text(first.other(), &json("offer")));
        let who = if first == Speaker::Client { ["client", "server"] } else { ["server", "client"] };
        let wanted = [format!("{} join - @lobby", who[0]), format!("{} offer >B", who[1])];
        assert_eq!(scene.told(), wanted);
        assert_eq!((scene.channels(), carriers(&scene.signals)), (1, vec![Carrier::WebSocket; 2]));
    }
}

#[test]
fn a_socket_of_socket_io_is_known_by_its_packets() {
    let mut scene = Scene::new();
    scene.server(&text(Speaker::Server, r#"42["joined","lobby","me"]"#));
    scene.client(&text(
        Speaker::Client,
        &format!("42{}", serde_json::json!(["message", "lobby", { "type": "offer", "sdp": SDP }])),
    ));
    assert_eq!(scene.told(), ["server joined me @lobby", "client offer @lobby"]);
    assert_eq!(carriers(&scene.signals), [Carrier::SocketIo; 2]);
}

#[test]
fn a_compressed_socket_joined_late_is_read_from_the_first_message_that_stands_alone() {
    let mut scene = Scene::new();
    let mut compress = Compress::new(Compression::default(), false);
    let offer = packed(&mut compress, &json("offer"));
    let again = packed(&mut compress, &json("offer"));
    // It refers to the one before it, which was not captured.
    scene.server(&frame(Speaker::Server, 0xC1, &again));
    assert!(scene.signals.is_empty());
    scene.server(&frame(Speaker::Server, 0xC1, &offer));
    scene.server(&frame(Speaker::Server, 0xC1, &again));
    assert_eq!(scene.told(), ["server offer >B"; 2]);
}

#[test]
fn behind_a_gap_the_next_frame_is_found_inside_a_segment() {
    for speaker in [Speaker::Client, Speaker::Server] {
        let mut scene = Scene::new();
        scene.client(&upgrade("/ws", "")).server(&upgraded(""));
        let whole = text(speaker, &json("offer"));
        scene.say(1, speaker, &whole[..50]);
        scene.listener.gap(&way(1, speaker), 5000);
        let segment = [b"\x81\x05rest of some frame".to_vec(), whole.clone(), whole.clone()].concat();
        scene.say(1, speaker, &segment);
        // A frame that goes on in the next segment is found at the start of its own.
        scene.listener.gap(&way(1, speaker), 1 << 20);
        scene.say(1, speaker, &whole[..80]).say(1, speaker, &whole[80..]);
        assert_eq!(scene.signals.len(), 3);
    }
}

#[test]
fn a_gap_inside_a_frame_costs_that_message_alone() {
    let mut scene = Scene::new();
    scene.client(&upgrade("/ws", "")).server(&upgraded(""));
    let whole = text(Speaker::Client, &json("offer"));
    scene.client(&whole[..50]);
    scene.listener.gap(&way(1, Speaker::Client), 20);
    scene.client(&whole[70..]).client(&whole);
    assert_eq!(scene.told(), ["client offer >B"]);
    assert_eq!(scene.listener.lost(), 0);
}

#[test]
fn frames_before_the_response_and_a_response_that_was_not_captured_do_not_matter() {
    let mut scene = Scene::new();
    scene.client(&upgrade("/ws", "")).client(&text(Speaker::Client, &json("offer")));
    scene.server(&upgraded("")).server(&text(Speaker::Server, &json("answer")));
    assert_eq!(scene.told(), ["client offer >B", "server answer >B"]);
    let mut scene = Scene::new();
    scene.client(&upgrade("/ws", "")).client(&text(Speaker::Client, &json("offer")));
    scene.server(&text(Speaker::Server, &json("answer")));
    assert_eq!(scene.told(), ["client offer >B", "server answer >B"]);
}
