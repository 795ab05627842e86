//! The vectors of RFC 5769 and of RFC 8489 appendix B, byte for byte as printed there.

#![cfg(feature = "crypto")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unwrap_used, missing_docs)]

use rtcscope::crypto::{Algorithm, Key, Verdict, seal, userhash, verify};
use rtcscope::wire::stun::{AttributeType, Builder, Class, Fingerprint, Message, Method, Value, fingerprint};

const PASSWORD: &[u8] = b"VOkJxbRl1RmTxUk/WvJxBt";
const USERNAME: &str = "\u{30DE}\u{30C8}\u{30EA}\u{30C3}\u{30AF}\u{30B9}";
const REALM: &str = "example.org";

const RFC5769_2_1: &str = "\
    00010058 2112a442 b7e7a701 bc34d686 fa87dfae 80220010 5354554e 20746573 \
    7420636c 69656e74 00240004 6e0001ff 80290008 932ff9b1 51263b36 00060009 \
    6576746a 3a683676 59202020 00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 \
    c1b571a2 80280004 e57a3bcf";

const RFC5769_2_2: &str = "\
    0101003c 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 \
    746f7220 00200008 0001a147 e112a643 00080014 2b91f599 fd9e90c3 8c7489f9 \
    2af9ba53 f06be7d7 80280004 c07d4c96";

const RFC5769_2_3: &str = "\
    01010048 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 \
    746f7220 00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9 00080014 \
    a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41 80280004 c8fb0b4c";

const RFC5769_2_4: &str = "\
    00010060 2112a442 78ad3433 c6ad72c0 29da412e 00060012 e3839ee3 8388e383 \
    aae38383 e382afe3 82b90000 0015001c 662f2f34 39396b39 35346436 4f4c3334 \
    6f4c3946 53547679 36347341 0014000b 6578616d 706c652e 6f726700 00080014 \
    f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666";

const RFC8489_B_1: &str = "\
    00010088 2112a442 78ad3433 c6ad72c0 29da412e 001e0020 4a3cf38f ef6992bd \
    a952c678 0417da0f 24819415 569e60b2 05c46e41 407f1704 00150029 6f624d61 \
    744a6f73 32414141 43662f2f 3439396b 39353464 364f4c33 346f4c39 46535476 \
    79363473 41000000 0014000b 6578616d 706c652e 6f726700 001c0020 fd8c2738 \
    60d2e18e bca4c89b 6973befa 7ee8ecc6 9e9642db 326fab65 a0b955ba";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().filter_map(|letter| letter.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn short_term_verdicts(message: &Message<'_>) {
    assert!(message.is_well_formed());
    assert_eq!(fingerprint(message), Fingerprint::Valid);
    assert_eq!(verify(message, &Key::short_term(PASSWORD)), Verdict::Valid);
    assert_eq!(verify(message, &Key::short_term(b"another password")), Verdict::Invalid);
}

#[test]
fn rfc5769_2_1_request() {
    let bytes = bytes(RFC5769_2_1);
    let message = Message::parse(&bytes).unwrap();
    assert_eq!((message.class, message.method), (Class::Request, Method::BINDING));
    assert_eq!(message.transaction_id.to_string(), "b7e7a701bc34d686fa87dfae");
    assert_eq!(message.software(), Some(&b"STUN test client"[..]));
    assert_eq!(message.priority(), Some(0x6e00_01ff));
    assert_eq!(message.ice_controlled(), Some(0x932f_f9b1_5126_3b36));
    assert_eq!(message.username(), Some(&b"evtj:h6vY"[..]));
    short_term_verdicts(&message);
}

#[test]
fn rfc5769_2_2_response_over_ipv4() {
    let bytes = bytes(RFC5769_2_2);
    let message = Message::parse(&bytes).unwrap();
    assert_eq!((message.class, message.method), (Class::SuccessResponse, Method::BINDING));
    assert_eq!(message.mapped_address(), Some("192.0.2.1:32853".parse().unwrap()));
    assert_eq!(message.software(), Some(&b"test vector"[..]));
    short_term_verdicts(&message);
}

#[test]
fn rfc5769_2_3_response_over_ipv6() {
    let bytes = bytes(RFC5769_2_3);
    let message = Message::parse(&bytes).unwrap();
    assert_eq!(message.mapped_address(), Some("[2001:db8:1234:5678:11:2233:4455:6677]:32853".parse().unwrap()));
    short_term_verdicts(&message);
}

#[test]
fn rfc5769_2_4_request_with_long_term_credential() {
    let bytes = bytes(RFC5769_2_4);
    let message = Message::parse(&bytes).unwrap();
    assert_eq!(message.username(), Some(USERNAME.as_bytes()));
    assert_eq!(message.nonce(), Some(&b"f//499k954d6OL34oL9FSTvy64sA"[..]));
    assert_eq!(message.realm(), Some(REALM.as_bytes()));
    let key = Key::long_term(USERNAME.as_bytes(), REALM.as_bytes(), b"TheMatrIX");
    assert_eq!(verify(&message, &key), Verdict::Valid);
    assert_eq!(fingerprint(&message), Fingerprint::Absent);
}

#[test]
fn rfc8489_b_1_request_with_sha256() {
    let bytes = bytes(RFC8489_B_1);
    let message = Message::parse(&bytes).unwrap();
    assert_eq!(message.userhash(), Some(&userhash(USERNAME.as_bytes(), REALM.as_bytes())[..]));
    let key = Key::long_term_for(&message, USERNAME.as_bytes(), REALM.as_bytes(), b"TheMatrIX").unwrap();
    assert_eq!(verify(&message, &key), Verdict::Valid);
    let other = Key::long_term_by(2, USERNAME.as_bytes(), REALM.as_bytes(), b"TheMatrIX").unwrap();
    assert_eq!(verify(&message, &other), Verdict::Invalid);
}

/// RFC 5769 section 2.2 fills SOFTWARE up with a space; all else is what the builder makes.
#[test]
fn the_response_of_rfc5769_2_3_can_be_made_again() {
    let expected = bytes(RFC5769_2_3);
    let message = Message::parse(&expected).unwrap();
    let key = Key::short_term(PASSWORD);
    let ours = Builder::new(message.class, message.method, message.transaction_id)
        .attribute(AttributeType::SOFTWARE, &Value::Text("test vector"))
        .attribute(AttributeType::XOR_MAPPED_ADDRESS, &Value::XorAddress(message.mapped_address().unwrap()));
    let ours = seal(ours, &key, Algorithm::Sha1).fingerprint().emit().unwrap();
    assert_eq!(ours.len(), expected.len());
    assert_eq!(expected[35], b' ');
    assert_eq!(ours[35], 0);
    assert_eq!(ours[..35], expected[..35]);
    assert_eq!(ours[36..60], expected[36..60]);
    let ours = Message::parse(&ours).unwrap();
    short_term_verdicts(&ours);
}

#[test]
fn a_changed_bit_is_seen_wherever_it_is() {
    let original = bytes(RFC5769_2_1);
    let key = Key::short_term(PASSWORD);
    for place in 0..original.len() * 8 {
        let mut bytes = original.clone();
        bytes[place / 8] ^= 1 << (place % 8);
        let Ok(message) = Message::parse(&bytes) else { continue };
        assert_ne!(fingerprint(&message), Fingerprint::Valid, "bit {place}");
        let inside = (4 * 8..96 * 8).contains(&place);
        assert!(!inside || verify(&message, &key) != Verdict::Valid, "bit {place}");
    }
}

#[test]
fn a_message_cut_off_is_unknown_not_invalid() {
    let bytes = bytes(RFC5769_2_1);
    let key = Key::short_term(PASSWORD);
    for end in 20..bytes.len() {
        let message = Message::parse(&bytes[..end]).unwrap();
        assert!(message.truncated);
        assert_eq!(fingerprint(&message), Fingerprint::Unknown, "{end} bytes");
        let whole = end >= 100;
        assert_eq!(verify(&message, &key), if whole { Verdict::Valid } else { Verdict::Unknown }, "{end} bytes");
    }
}
