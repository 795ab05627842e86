//! Connections made by hand.

use std::net::{IpAddr, Ipv4Addr};

use super::*;
use crate::flow::encrypted::Roles;
use crate::path::{Endpoint, Transport};
use crate::wire::tls::{CipherSuite, ProtocolVersion};

fn path() -> Path {
    let at = |host, port| Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), port);
    Path::direct(at(1, 50_000), at(2, 443), Transport::Tcp)
}

fn record(kind: u8, fragment: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, 3, 3];
    bytes.extend((fragment.len() as u16).to_be_bytes());
    bytes.extend(fragment);
    bytes
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, 0];
    bytes.extend((body.len() as u16).to_be_bytes());
    bytes.extend(body);
    bytes
}

fn extension(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_be_bytes().to_vec();
    bytes.extend((data.len() as u16).to_be_bytes());
    bytes.extend(data);
    bytes
}

/// A hello with a key share of `share` bytes.
fn client_hello(share: usize) -> Vec<u8> {
    let mut extensions = extension(0x3A3A, &[]);
    extensions.extend(extension(0, b"\0\x0E\0\0\x0Bexample.org"));
    extensions.extend(extension(51, &vec![9; share]));
    extensions.extend(extension(16, b"\0\x0C\x02h2\x08http/1.1"));
    extensions.extend(extension(43, b"\x06\x6A\x6A\x03\x04\x03\x03"));
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend(b"\0\0\x04\x0A\x0A\x13\x01\x01\0");
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    message(1, &body)
}

fn server_hello(random: &[u8; 32], suite: u16, extensions: &[u8]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend(random);
    body.push(0);
    body.extend(suite.to_be_bytes());
    body.push(0);
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    message(2, &body)
}

/// Feeds pieces: way, milliseconds, bytes.
fn follow(streams: &mut EncryptedStreams, pieces: &[(usize, i64, Vec<u8>)]) {
    for (frame, (way, time, bytes)) in pieces.iter().enumerate() {
        let there = if *way == 0 { path() } else { path().reversed() };
        streams.observe(Moment::new(frame as u64 + 1, time * 1_000_000), 1, &there, *way, bytes);
    }
}

fn only(streams: &EncryptedStreams) -> &EncryptedConnection {
    let all: Vec<_> = streams.connections().collect();
    assert_eq!(all.len(), 1);
    all[0].1
}

/// A call of TLS 1.3: hellos, the encrypted rest of the handshake, a request, an answer in two records, a late second answer.
fn modern() -> Vec<(usize, i64, Vec<u8>)> {
    let server = server_hello(&[8; 32], 0x1301, &extension(43, &[3, 4]));
    let flight: Vec<u8> = [record(22, &server), record(20, &[1]), record(23, &[0; 900]), record(23, &[0; 60])].concat();
    vec![
        (0, 0, record(22, &client_hello(1_200))),
        (1, 20, flight),
        (0, 25, [record(20, &[1]), record(23, &[0; 53]), record(23, &[0; 100])].concat()),
        (1, 50, [record(23, &[0; 700]), record(23, &[0; 300])].concat()),
        (1, 52, record(23, &[0; 10])),
        (1, 90, record(23, &[0; 40])),
    ]
}

fn sizes(connection: &EncryptedConnection) -> Vec<(usize, u64, u64, i64)> {
    let messages = connection.messages.iter();
    messages.map(|message| (message.end, message.bytes, message.records, message.moment.time.0 / 1_000_000)).collect()
}

#[test]
fn a_connection_is_named() {
    let mut streams = EncryptedStreams::new();
    follow(&mut streams, &modern());
    streams.close(Moment::new(9, 1), 1);
    let connection = only(&streams);
    assert_eq!((connection.client(), connection.roles(), connection.joined), (0, Roles::Hello, false));
    assert_eq!(connection.server_name.as_deref(), Some("example.org"));
    assert_eq!(connection.offered_protocols, ["h2", "http/1.1"]);
    assert_eq!(connection.chosen_protocol, None);
    assert_eq!(connection.offered_versions, [ProtocolVersion::TLS_1_3, ProtocolVersion::TLS_1_2]);
    assert_eq!(connection.version, Some(ProtocolVersion::TLS_1_3));
    assert_eq!(connection.cipher_suite, Some(CipherSuite::AES_128_GCM_SHA256));
    assert_eq!(connection.completed.unwrap().frame.0, 3);
    assert_eq!(sizes(connection), [(0, 100, 1, 25), (1, 1_010, 3, 50), (1, 40, 1, 90)]);
    assert_eq!(connection.bytes, [100, 1_050]);
    assert_eq!(connection.closed, Some(Moment::new(9, 1)));
}

#[test]
fn pieces_of_any_size_tell_the_same() {
    for size in [1, 2, 3, 5, 7, 100, 1_000] {
        let mut streams = EncryptedStreams::new();
        for (way, time, bytes) in modern() {
            let pieces: Vec<_> = bytes.chunks(size).map(|piece| (way, time, piece.to_vec())).collect();
            follow(&mut streams, &pieces);
        }
        let connection = only(&streams);
        assert_eq!(sizes(connection), [(0, 100, 1, 25), (1, 1_010, 3, 50), (1, 40, 1, 90)], "{size}");
        assert_eq!(connection.server_name.as_deref(), Some("example.org"));
        assert_eq!(streams.waiting, 0);
    }
}

#[test]
fn a_hello_may_lie_in_several_records() {
    let hello = client_hello(1_200);
    let bytes: Vec<u8> = hello.chunks(300).flat_map(|part| record(22, part)).collect();
    let mut streams = EncryptedStreams::new();
    follow(&mut streams, &[(0, 0, bytes)]);
    assert_eq!(only(&streams).server_name.as_deref(), Some("example.org"));
}

#[test]
fn the_second_finished_completes_tls_1_2() {
    let server = server_hello(&[8; 32], 0xC02F, &extension(16, b"\0\x03\x02h2"));
    let mut streams = EncryptedStreams::new();
    follow(
        &mut streams,
        &[
            (0, 0, record(22, &client_hello(0))),
            (1, 10, [record(22, &server), record(22, &message(11, &[0; 500])), record(22, &message(14, &[]))].concat()),
            (0, 20, [record(22, &message(16, &[0; 70])), record(20, &[1]), record(22, &[9; 40])].concat()),
            (1, 30, [record(20, &[1]), record(22, &[9; 40])].concat()),
            (0, 40, record(23, &[0; 64])),
            (1, 50, record(21, &[2, 40])),
            (1, 60, record(21, &[9; 26])),
        ],
    );
    let connection = only(&streams);
    assert_eq!(connection.version, Some(ProtocolVersion::TLS_1_2));
    assert_eq!(connection.chosen_protocol.as_deref(), Some("h2"));
    assert_eq!(connection.completed.unwrap().frame.0, 4);
    assert_eq!(sizes(connection), [(0, 64, 1, 40)]);
    let alerts: Vec<_> = connection.alerts.iter().map(|seen| seen.alert.map(|alert| alert.description.0)).collect();
    assert_eq!(alerts, [Some(40), None]);
}

#[test]
fn a_server_may_ask_for_another_hello() {
    let retry = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2,
        0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];
    let again = server_hello(&retry, 0x1302, &extension(43, &[3, 4]));
    let server = server_hello(&[8; 32], 0x1302, &extension(43, &[3, 4]));
    let mut streams = EncryptedStreams::new();
    follow(
        &mut streams,
        &[
            (0, 0, record(22, &client_hello(32))),
            (1, 10, [record(22, &again), record(20, &[1])].concat()),
            (0, 20, [record(20, &[1]), record(22, &client_hello(64))].concat()),
            (1, 30, [record(22, &server), record(23, &[0; 900])].concat()),
            (0, 40, [record(23, &[0; 53]), record(23, &[0; 20])].concat()),
        ],
    );
    let connection = only(&streams);
    assert!(connection.retried && !connection.joined);
    assert_eq!(connection.completed.unwrap().frame.0, 5);
    assert_eq!(sizes(connection), [(0, 20, 1, 40)]);
}

#[test]
fn early_data_hides_the_end_of_the_handshake() {
    let server = server_hello(&[8; 32], 0x1301, &extension(43, &[3, 4]));
    let mut streams = EncryptedStreams::new();
    follow(
        &mut streams,
        &[
            (0, 0, [record(22, &client_hello(32)), record(23, &[0; 200])].concat()),
            (1, 10, [record(22, &server), record(23, &[0; 900])].concat()),
            (0, 20, record(23, &[0; 53])),
        ],
    );
    let connection = only(&streams);
    assert!(connection.early_data && connection.completed.is_none());
    assert_eq!(sizes(connection), [(0, 200, 1, 0), (0, 53, 1, 20)]);
}

#[test]
fn a_chain_of_records_is_joined_and_said_to_be() {
    let mut streams = EncryptedStreams::new();
    follow(&mut streams, &[(1, 0, vec![0x55; 1_000]), (1, 1, record(23, &[0; 500]))]);
    assert_eq!(streams.connections().count(), 0);
    follow(&mut streams, &[(1, 3, record(23, &[0; 100]))]);
    let connection = only(&streams);
    assert!(connection.joined);
    assert_eq!((connection.client(), connection.roles()), (1, Roles::Port));
    assert_eq!(connection.bytes, [600, 0]);
    assert_eq!(connection.ends[connection.client()].port, 50_000);
}

#[test]
fn one_whole_record_each_way_is_a_connection() {
    let mut streams = EncryptedStreams::new();
    follow(&mut streams, &[(1, 0, record(23, &[0; 36]))]);
    assert_eq!(streams.connections().count(), 0);
    follow(&mut streams, &[(0, 20, record(23, &[0; 40]))]);
    assert_eq!(sizes(only(&streams)), [(0, 36, 1, 0), (1, 40, 1, 20)]);
    assert!(only(&streams).joined);
}

#[test]
fn other_protocols_are_not_followed() {
    let mut streams = EncryptedStreams::new();
    for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"\x16\x03\x01\xFF\xFF\0", b"\x17\x03\x03\0\x10tooshort", b"\0\x01"] {
        let pieces: Vec<_> = (0..4).map(|time| (0, time, bytes.to_vec())).collect();
        follow(&mut streams, &pieces);
        assert_eq!(streams.connections().count(), 0, "{bytes:?}");
    }
}

#[test]
fn a_gap_inside_a_record_loses_nothing_and_another_one_is_said() {
    let mut streams = EncryptedStreams::new();
    follow(&mut streams, &modern());
    let large = record(23, &[0; 3_000]);
    follow(&mut streams, &[(1, 200, large[..1_000].to_vec())]);
    streams.gap(1, 1, 1_000);
    follow(&mut streams, &[(1, 201, large[2_000..].to_vec()), (1, 300, record(23, &[0; 33]))]);
    assert_eq!(only(&streams).bytes, [100, 4_083]);
    assert_eq!((only(&streams).missing, only(&streams).losses()), ([0, 1_000], 0));
    streams.gap(1, 1, 7_000);
    follow(&mut streams, &[(1, 400, vec![0x99; 700])]);
    follow(&mut streams, &[(1, 500, [record(23, &[0; 50]), record(23, &[0; 60])].concat())]);
    assert_eq!(only(&streams).bytes, [100, 4_193]);
    assert_eq!((only(&streams).missing, only(&streams).losses()), ([0, 8_000], 1));
}

#[test]
fn connections_past_the_bound_are_counted_once() {
    let mut streams = EncryptedStreams::new();
    let hello = record(22, &client_hello(32));
    for number in 0..CONNECTIONS as u64 + 10 {
        for _ in 0..2 {
            streams.observe(Moment::default(), number, &path(), 0, &hello);
        }
    }
    assert_eq!(streams.connections().count(), CONNECTIONS);
    assert_eq!(streams.omitted(), 10);
}

#[test]
fn what_is_held_back_is_bounded() {
    let mut streams = EncryptedStreams::new();
    let mut start = vec![22, 3, 1, 0x40, 0];
    start.extend([1, 0, 0x3F, 0xFC]);
    start.resize(14_000, 0);
    for number in 0..2_000 {
        streams.observe(Moment::default(), number, &path(), 0, &start);
    }
    let held: usize = streams.connections.values().map(EncryptedConnection::waiting).sum();
    assert_eq!(held, streams.waiting);
    assert!(held <= WAITING && held > WAITING / 2);
    for number in 0..2 * CANDIDATES as u64 {
        streams.observe(Moment::default(), 10_000 + number, &path(), 0, &[22, 3]);
    }
    assert!(streams.candidates.len() <= CANDIDATES);
}

#[test]
fn bulk_is_skipped_and_not_kept() {
    let mut streams = EncryptedStreams::new();
    follow(&mut streams, &modern());
    let segment = record(23, &[0; 16_000]);
    for number in 0..10_000 {
        streams.observe(Moment::new(number, 1_000_000_000), 1, &path(), 0, &segment);
    }
    let connection = only(&streams);
    assert_eq!(connection.bytes[0], 100 + 160_000_000);
    assert_eq!((connection.messages.total(), streams.waiting), (4, 0));
}
