//! How messages look field by field.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;

use rtcscope::wire::field::{Field, Value as Shown};
use rtcscope::wire::stun::{
    AttributeType as Kind, Builder, Class, ErrorCode, Message, Method, NetworkInfo, PasswordAlgorithm, TransactionId,
    Value, describe,
};

fn print(fields: &[Field], depth: usize, out: &mut String) {
    for field in fields {
        let value = match &field.value {
            Shown::None => String::new(),
            Shown::Hex(number, digits) => format!(" {number:#0width$x}", width = digits + 2),
            Shown::Bytes(bytes) => bytes.iter().fold(" ".to_owned(), |text, byte| text + &format!("{byte:02x}")),
            other => format!(" {other:?}"),
        };
        let meaning = field.meaning.as_deref().map(|meaning| format!(" = {meaning}")).unwrap_or_default();
        let indent = "  ".repeat(depth);
        let (start, end) = (field.range.start, field.range.end);
        writeln!(out, "{start:3}..{end:<3} {indent}{} [{}]{value}{meaning}", field.label, field.name).unwrap();
        for note in &field.notes {
            writeln!(out, "         {indent}! {note}").unwrap();
        }
        print(&field.children, depth + 1, out);
    }
}

fn shown(bytes: &[u8]) -> String {
    let mut out = String::new();
    print(&describe(&Message::parse(bytes).unwrap()), 0, &mut out);
    out
}

const ID: TransactionId = TransactionId(*b"abcdefghijkl");

#[test]
fn a_connectivity_check() {
    let bytes = Builder::new(Class::Request, Method::BINDING, ID)
        .attribute(Kind::USERNAME, &Value::Text("evtj:h6vY"))
        .attribute(Kind::GOOG_NETWORK_INFO, &Value::NetworkInfo(NetworkInfo { id: 1, cost: 10 }))
        .attribute(Kind::ICE_CONTROLLING, &Value::TieBreaker(0x932f_f9b1_5126_3b36))
        .attribute(Kind::USE_CANDIDATE, &Value::Flag)
        .attribute(Kind::PRIORITY, &Value::Priority(1_845_501_695))
        .attribute(Kind::NOMINATION, &Value::Nomination(1))
        .raw(Kind::META_DTLS_IN_STUN_ACKNOWLEDGEMENT, &[0xde, 0xad, 0xbe, 0xef])
        .raw(Kind::MESSAGE_INTEGRITY, &[0x11; 20])
        .fingerprint()
        .emit()
        .unwrap();
    insta::assert_snapshot!(shown(&bytes));
}

#[test]
fn an_allocation_refused() {
    let refusal = ErrorCode { code: 401, phrase: b"Unauthorized\0\0\0\0" };
    let algorithms = vec![
        PasswordAlgorithm { number: PasswordAlgorithm::SHA_256, parameters: &[] },
        PasswordAlgorithm { number: PasswordAlgorithm::MD5, parameters: &[] },
    ];
    let bytes = Builder::new(Class::ErrorResponse, Method::ALLOCATE, ID)
        .attribute(Kind::ERROR_CODE, &Value::ErrorCode(refusal))
        .attribute(Kind::REALM, &Value::Text("example.org"))
        .attribute(Kind::NONCE, &Value::Text("obMatJos2AAAC"))
        .attribute(Kind::PASSWORD_ALGORITHMS, &Value::PasswordAlgorithms(algorithms))
        .attribute(Kind::UNKNOWN_ATTRIBUTES, &Value::AttributeTypes(vec![Kind::DONT_FRAGMENT, Kind(0x7f01)]))
        .attribute(Kind::OTHER_ADDRESS, &Value::Address("[2001:db8::1]:3479".parse().unwrap()))
        .attribute(Kind::XOR_MAPPED_ADDRESS, &Value::XorAddress("192.0.2.1:32853".parse().unwrap()))
        .emit()
        .unwrap();
    insta::assert_snapshot!(shown(&bytes));
}

/// Everything a reader should be told in place.
#[test]
fn a_message_full_of_faults() {
    let mut bytes = Builder::new(Class::Request, Method::CHANNEL_BIND, ID)
        .raw(Kind::CHANNEL_NUMBER, &[0x50, 0x00, 0x00, 0x01])
        .raw(Kind::LIFETIME, &[0, 0])
        .raw(Kind::SOFTWARE, b"caf\xe9")
        .raw(Kind(0x7f01), &[1, 2, 3])
        .raw(Kind::FINGERPRINT, &[0; 4])
        .raw(Kind::MESSAGE_INTEGRITY, &[0; 20])
        .attribute(Kind::USE_CANDIDATE, &Value::Flag)
        .raw(Kind::DATA, &[1, 2, 3, 4])
        .emit()
        .unwrap();
    bytes[3] -= 3;
    insta::assert_snapshot!(shown(&bytes));
}

#[test]
fn a_classic_message() {
    let bytes = Builder::classic(Class::Request, Method::BINDING, *b"sixteen bytes ID")
        .raw(Kind::ZOOM_0101, b"12345678901234567890")
        .emit()
        .unwrap();
    insta::assert_snapshot!(shown(&bytes));
}
