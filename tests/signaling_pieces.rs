//! The same bytes in other pieces tell the same; and broken at random they cost no more than they may, by the measure of the fuzz targets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs, unreachable_pub)]
#![cfg(feature = "signaling")]

#[path = "../fuzz/signaling.rs"]
#[allow(clippy::match_bool)]
mod conversation;
#[path = "signaling/wire.rs"]
#[allow(dead_code)]
mod wire;

use conversation::{TURN, converse, run};
use proptest::prelude::*;
use rtcscope::signal::Speaker;
use rtcscope::signaling::Limits;
use wire::{SDP, frame, request, response, text, upgrade, upgraded};

/// Conversations: what begins each, and its turns.
fn conversations() -> Vec<(Vec<u8>, Vec<u8>)> {
    let json = |kind: &str| serde_json::json!({ "type": kind, "sdp": SDP }).to_string();
    let post = request("POST /whip", "Content-Type: application/sdp\r\n", SDP);
    let created = response("201 Created", "Content-Type: application/sdp\r\nLocation: /r\r\n", SDP);
    let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n".to_vec();
    let http = [&post[..], &[TURN], &created, &[TURN], &request("GET /x", "", ""), &[TURN], &chunks].concat();
    let (offer, answer) = (text(Speaker::Client, &json("offer")), text(Speaker::Server, &json("answer")));
    let part = [frame(Speaker::Client, 0x01, b"{\"candidate\":"), frame(Speaker::Client, 0x80, b"null}")].concat();
    let socket = [&[TURN][..], &upgraded(""), &answer, &[TURN], &offer, &part, &[TURN], &answer].concat();
    let invite = format!(
        "INVITE sip:b SIP/2.0\r\nf: <sip:a>;tag=1\r\nt: <sip:b>\r\ni: 1\r\nCSeq: 1 INVITE\r\nc: application/sdp\r\nl: {}\r\n\r\n{SDP}",
        SDP.len()
    );
    let ok = invite.replace("INVITE sip:b SIP/2.0", "SIP/2.0 200 OK").replace("t: <sip:b>", "t: <sip:b>;tag=2");
    let sip = [invite.as_bytes(), &[TURN], ok.as_bytes(), &[TURN], b"\r\n\r\n", invite.as_bytes()].concat();
    vec![
        (
            b"GET /first HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
            [&[TURN][..], &response("200 OK", "", ""), &[TURN], &http].concat(),
        ),
        (upgrade("/ws", ""), socket),
        (b"OPTIONS sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n".to_vec(), sip),
    ]
}

#[test]
fn whole_conversations_tell_the_same_in_any_pieces() {
    for (start, turns) in conversations() {
        let told = |size| run(Limits::default(), &start, &turns, size);
        let (whole, lost) = told(usize::MAX);
        assert!(!whole.is_empty() && lost == 0, "lost {lost} times: {start:?} {whole:?}");
        for size in [1, 2, 3, 7, 64] {
            assert_eq!(told(size), (whole.clone(), 0), "pieces of {size} bytes");
        }
        converse(&start, &turns);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn broken_conversations_too_where_no_place_is_lost(
        which in 0_usize..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..6),
    ) {
        let (start, mut turns) = conversations().swap_remove(which);
        for (place, byte, what) in changes {
            let at = place.index(turns.len());
            match what {
                0 => turns[at] = byte,
                1 => turns.insert(at, byte),
                2 => {
                    turns.remove(at);
                }
                _ => turns[at] ^= 1 << (byte % 8),
            }
        }
        let told = |size| run(Limits::default(), &start, &turns, size);
        let (whole, lost) = told(usize::MAX);
        for size in [1, 3, 64] {
            let (pieces, lost_in_pieces) = told(size);
            if lost == 0 && lost_in_pieces == 0 {
                prop_assert_eq!(&whole, &pieces, "pieces of {} bytes", size);
            }
        }
        converse(&start, &turns);
    }
}
