//! What flows speak, as the room `flow` tells it.

#![cfg(feature = "capture")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod scene;

use rtcscope::flow::{Content, Data, Flows, Framing, Protocol, Streams};
use rtcscope::moment::Moment;
use rtcscope::path::{Path, Transport};
use scene::{HANDSHAKE, channel, controlling, endpoint, rtp, success};

const A: &str = "192.0.2.1:5000";
const B: &str = "192.0.2.2:6000";

fn path(from: &str, to: &str) -> Path {
    Path::direct(endpoint(from), endpoint(to), Transport::Udp)
}

fn told(flows: &mut Flows, bytes: &[u8]) -> &'static str {
    match flows.observe(Moment::new(1, 0), &path(A, B), bytes, bytes.len()).content {
        Content::Stun(_) => "stun",
        Content::ChannelData(_) => "channel data",
        Content::Data(Data::Rtp) => "rtp",
        Content::Data(Data::Rtcp) => "rtcp",
        Content::Data(_) => "dtls",
        Content::Multiplexed(_) => "multiplexed",
        _ => "other",
    }
}

#[test]
fn stun_is_known_on_any_port_and_makes_media_believed() {
    let mut flows = Flows::new();
    assert_eq!(told(&mut flows, &rtp(1)), "other");
    assert_eq!(told(&mut flows, &controlling("b:a").bytes(1)), "stun");
    assert_eq!(told(&mut flows, &rtp(2)), "rtp");
    assert_eq!(told(&mut flows, HANDSHAKE), "dtls");
    assert_eq!(flows.protocols().of(Protocol::Rtp).messages, 2, "the first one is counted when it is believed");
}

#[test]
fn channel_data_is_believed_by_the_check_inside() {
    let mut flows = Flows::new();
    assert_eq!(told(&mut flows, &channel(0x4000, &rtp(1))), "other");
    assert_eq!(told(&mut flows, &channel(0x4000, &success(1, A))), "channel data");
    assert_eq!(told(&mut flows, &channel(0x4000, &rtp(2))), "channel data");
    assert_eq!(flows.protocols().of(Protocol::TurnChannelData).messages, 3);
}

#[test]
fn messages_glued_by_segmentation_offload_are_told_one_by_one() {
    let mut flows = Flows::new();
    let mut glued = controlling("b:a").bytes(1);
    let length = glued.len();
    glued.extend(controlling("b:a").bytes(2));
    let seen = flows.observe(Moment::new(1, 0), &path(A, B), &glued, glued.len());
    assert!(matches!(seen.content, Content::Stun(_)));
    assert_eq!(seen.rest.len(), length);
}

#[test]
fn what_only_looks_like_ours_is_not() {
    for bytes in [
        &b"INVITE sip:bob@example.org SIP/2.0\r\n\r\n"[..],
        b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n",
        b"\x16\x03\x01\0\x05hello",
        b"\0\x01\0\x40\x21\x12\xA4\x42short",
        b"\x40\x00\0\x04four",
        b"\x20 too few",
        b"",
    ] {
        let mut flows = Flows::new();
        for _ in 0..10 {
            assert_eq!(told(&mut flows, bytes), "other", "{bytes:?}");
        }
    }
}

#[test]
fn a_flow_that_was_not_seen_has_no_number() {
    let mut flows = Flows::new();
    assert!(flows.known(path(A, B).flow().0, Moment::new(1, 0).time).is_none());
    let seen = flows.observe(Moment::new(1, 0), &path(A, B), b"x", 1);
    assert_eq!(flows.known(path(B, A).flow().0, Moment::new(2, 0).time), Some(seen.flow));
}

#[test]
fn a_large_message_in_small_segments_is_put_together() {
    let mut message = b"\x00\x17\xEA\x60\x21\x12\xA4\x42".to_vec();
    message.resize(60_020, 7);
    let mut streams = Streams::new();
    let mut found = Vec::new();
    for piece in message.chunks(3) {
        streams.observe(1, 0, piece, |framing, body| {
            found.push((framing, body.len()));
            framing
        });
    }
    assert_eq!(found, [(Framing::Stun, 60_020)]);
}

#[test]
fn a_stream_that_goes_wrong_is_found_again_at_a_message() {
    let mut streams = Streams::new();
    let mut found = 0;
    let check = controlling("b:a").bytes(1);
    for bytes in [&check[..], b"\xFF\xFF\xFF\xFF", b"more of it", &check] {
        streams.observe(1, 0, bytes, |framing, _| {
            found += 1;
            framing
        });
    }
    assert_eq!(found, 2);
}
