//! TLS and DNS field by field: whatever the bytes, the fields cover each of them.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;

use proptest::prelude::*;
use rtcscope::wire::field::{Field, Value};
use rtcscope::wire::{dns, tls};

fn leaves(fields: &[Field], found: &mut Vec<std::ops::Range<usize>>) {
    for field in fields {
        if field.children.is_empty() {
            found.push(field.range.clone());
        } else {
            leaves(&field.children, found);
        }
    }
}

/// The leaves stand in wire order and leave no byte out.
fn assert_covered(fields: &[Field], length: usize) {
    let mut ranges = Vec::new();
    leaves(fields, &mut ranges);
    let mut covered = 0;
    for range in ranges {
        assert!(range.start <= covered, "a hole at byte {covered}");
        assert!(range.end <= length);
        covered = covered.max(range.end);
    }
    assert_eq!(covered, length);
}

fn print(fields: &[Field], depth: usize, out: &mut String) {
    for field in fields {
        let value = match &field.value {
            Value::None => String::new(),
            Value::Bytes(bytes) => format!(" {} bytes", bytes.len()),
            Value::Hex(number, digits) => format!(" {number:#0width$x}", width = digits + 2),
            Value::Text(text) => format!(" {text}"),
            Value::Unsigned(number) => format!(" {number}"),
            other => format!(" {other:?}"),
        };
        let meaning = field.meaning.as_deref().map(|meaning| format!(" = {meaning}")).unwrap_or_default();
        writeln!(out, "{}{} [{}]{value}{meaning}", "  ".repeat(depth), field.label, field.name).unwrap();
        for note in &field.notes {
            writeln!(out, "{}! {note}", "  ".repeat(depth + 1)).unwrap();
        }
        print(&field.children, depth + 1, out);
    }
}

fn extension(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &(data.len() as u16).to_be_bytes(), data].concat()
}

fn record(kind: u8, fragment: &[u8]) -> Vec<u8> {
    [&[kind, 3, 3][..], &(fragment.len() as u16).to_be_bytes(), fragment].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &(body.len() as u16).to_be_bytes(), body].concat()
}

fn client_hello() -> Vec<u8> {
    let extensions = [
        extension(0x0A0A, &[]),
        extension(0, b"\0\x0E\0\0\x0Bexample.org"),
        extension(16, b"\0\x0C\x02h2\x08http/1.1"),
        extension(43, b"\x06\x6A\x6A\x03\x04\x03\x03"),
        extension(51, &[9; 40]),
    ]
    .concat();
    let body = [
        &[3, 3][..],
        &[7; 32],
        b"\x01\x05\0\x06\x0A\x0A\x13\x01\xC0\x2F\x01\0",
        &(extensions.len() as u16).to_be_bytes(),
    ]
    .concat();
    message(1, &[body, extensions].concat())
}

fn server_hello() -> Vec<u8> {
    let extensions = [extension(0, &[]), extension(16, b"\0\x03\x02h2")].concat();
    let body = [&[3, 3][..], &[8; 32], b"\0\xC0\x2F\0", &(extensions.len() as u16).to_be_bytes()].concat();
    message(2, &[body, extensions].concat())
}

fn handshake() -> Vec<u8> {
    [
        record(22, &client_hello()),
        record(22, &[server_hello(), message(14, &[])].concat()),
        record(21, &[2, 40]),
        record(20, &[1]),
        record(22, &[0x99; 40]),
        record(23, &[0; 30]),
    ]
    .concat()
}

/// A service that answers: PTR, SRV, TXT, AAAA and NSEC, names compressed.
fn announcement() -> Vec<u8> {
    let mut bytes = b"\0\0\x84\0\0\x01\0\x02\0\0\0\x03".to_vec();
    bytes.extend(b"\x04_ipp\x04_tcp\x05local\0\0\x0C\x80\x01");
    bytes.extend(b"\xC0\x0C\0\x0C\0\x01\0\0\x11\x94\0\x0A\x07printer\xC0\x0C");
    bytes.extend(b"\xC0\x2D\0\x21\x80\x01\0\0\0\x78\0\x0B\0\0\0\0\x02\x77\x02p1\xC0\x16");
    bytes.extend(b"\xC0\x2D\0\x10\x80\x01\0\0\x11\x94\0\x08\x03a=b\x03c=d");
    let host = b"\xC0\x49";
    bytes.extend([&host[..], b"\0\x1C\x80\x01\0\0\0\x78\0\x10\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x09"].concat());
    bytes.extend([&host[..], b"\0\x2F\x80\x01\0\0\0\x78\0\x08\xC0\x49\0\x04\x40\0\0\x08"].concat());
    bytes
}

#[test]
fn a_handshake_reads_well() {
    let mut out = String::new();
    print(&tls::describe(&handshake()), 0, &mut out);
    insta::assert_snapshot!(out);
}

#[test]
fn an_announcement_reads_well() {
    let mut out = String::new();
    print(&dns::describe(&announcement()), 0, &mut out);
    insta::assert_snapshot!(out);
}

#[test]
fn hellos_say_what_is_spoken() {
    let bytes = client_hello();
    let tls::Handshake { body: tls::Body::ClientHello(hello), fault: None, .. } =
        tls::Handshake::parse(&bytes).unwrap()
    else {
        panic!("no client's hello");
    };
    assert_eq!(hello.server_name, Some(&b"example.org"[..]));
    assert_eq!(hello.protocols().collect::<Vec<_>>(), [&b"h2"[..], b"http/1.1"]);
    assert_eq!(hello.versions().map(|version| version.to_string()).collect::<Vec<_>>(), ["TLS 1.3", "TLS 1.2"]);
    assert_eq!(hello.cipher_suites.iter().filter(|suite| suite.is_grease()).count(), 1);
    let bytes = server_hello();
    let tls::Handshake { body: tls::Body::ServerHello(hello), fault: None, .. } =
        tls::Handshake::parse(&bytes).unwrap()
    else {
        panic!("no server's hello");
    };
    assert_eq!(hello.application_protocol, Some(&b"h2"[..]));
    assert_eq!((hello.version(), hello.is_retry_request()), (tls::ProtocolVersion::TLS_1_2, false));
}

#[test]
fn a_hello_that_ends_early_keeps_what_was_read() {
    let bytes = client_hello();
    let cut = &bytes[..90];
    let handshake = tls::Handshake::parse(cut).unwrap();
    let tls::Body::ClientHello(hello) = handshake.body else { panic!("no client's hello") };
    assert_eq!(hello.server_name, Some(&b"example.org"[..]));
    assert!(hello.application_protocols.is_empty());
    let fault = handshake.fault.unwrap();
    assert_eq!((fault.field, fault.offset), ("extension data", 80));
}

#[test]
fn an_announcement_is_read() {
    let bytes = announcement();
    let message = dns::Message::parse(&bytes).unwrap();
    assert_eq!((message.fault, message.trailing), (None, &[][..]));
    assert!(message.questions[0].unicast_response && message.flags.response);
    let dns::Data::Name(instance) = &message.answers[0].data else { panic!("no PTR") };
    assert_eq!(instance.as_str(), "printer._ipp._tcp.local");
    let dns::Data::Service(service) = &message.answers[1].data else { panic!("no SRV") };
    assert_eq!((service.port, service.target.as_str()), (631, "p1.local"));
    assert!(message.answers[1].cache_flush && !message.answers[0].cache_flush);
    assert_eq!(message.additionals[0].data, dns::Data::Texts(vec![b"a=b", b"c=d"]));
    assert_eq!(message.additionals[1].data, dns::Data::Address("2001:db8::9".parse().unwrap()));
    let dns::Data::Existing { next, types } = &message.additionals[2].data else { panic!("no NSEC") };
    assert_eq!(next.as_str(), "p1.local");
    assert_eq!(types, &[dns::RecordType::A, dns::RecordType::AAAA]);
}

#[test]
fn every_prefix_is_covered() {
    for (bytes, describe) in [
        (handshake(), tls::describe as fn(&[u8]) -> Vec<Field>),
        (announcement(), dns::describe as fn(&[u8]) -> Vec<Field>),
    ] {
        for length in 0..=bytes.len() {
            assert_covered(&describe(&bytes[..length]), length);
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_changed_is_covered(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        for (bytes, describe) in [
            (handshake(), tls::describe as fn(&[u8]) -> Vec<Field>),
            (announcement(), dns::describe as fn(&[u8]) -> Vec<Field>),
        ] {
            let mut bytes = bytes;
            for (place, byte) in &changes {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            assert_covered(&describe(&bytes), bytes.len());
            let _ = (dns::Message::parse(&bytes), tls::Handshake::parse(&bytes));
        }
    }

    #[test]
    fn any_bytes_are_covered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        assert_covered(&tls::describe(&bytes), bytes.len());
        assert_covered(&dns::describe(&bytes), bytes.len());
    }
}
