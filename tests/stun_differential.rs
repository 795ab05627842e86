//! The same bytes read here and by the crate `stun-types`, which was written by others.

#![cfg(feature = "crypto")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs
)]

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use proptest::collection::vec;
use proptest::prelude::*;
use rtcscope::crypto::{Algorithm, Key, Verdict, seal, verify};
use rtcscope::wire::stun::{
    AttributeType as Kind, Builder, Class, ErrorCode, Fingerprint, Message, Method, TransactionId, Value, fingerprint,
};
use stun_types::attribute as theirs;
use stun_types::attribute::Attribute as _;
use stun_types::message as their;
use stun_types::message::{MessageWrite as _, MessageWriteExt as _};

const fn their_class(class: Class) -> their::MessageClass {
    match class {
        Class::Request => their::MessageClass::Request,
        Class::Indication => their::MessageClass::Indication,
        Class::SuccessResponse => their::MessageClass::Success,
        Class::ErrorResponse => their::MessageClass::Error,
    }
}

/// The same message seen by both: what the other crate takes must be read here with the same result, what it refuses
/// must be marked here.
fn both_see_the_same(bytes: &[u8]) {
    let ours = Message::parse(bytes);
    let theirs = match their::Message::from_bytes(bytes) {
        Ok(theirs) => theirs,
        Err(refusal) => {
            let marked = match &ours {
                Err(_) => true,
                // Its own decoder of FINGERPRINT refuses another length; here the check does.
                Ok(message) => {
                    !message.is_well_formed()
                        || message.is_classic()
                        || matches!(fingerprint(message), Fingerprint::Invalid { .. })
                }
            };
            assert!(marked, "refused for {refusal}, but here {ours:?}");
            return;
        }
    };
    let ours = ours.expect("a message that is taken elsewhere");
    assert_eq!(their_class(ours.class), theirs.class());
    assert_eq!(ours.method.0, theirs.method().value());
    assert_eq!(u128::from_be_bytes([&[0; 4][..], &ours.transaction_id.0].concat().try_into().unwrap()), {
        theirs.transaction_id().into()
    });
    if !ours.trailing.is_empty() {
        // Over there attributes are looked for behind the stated length too.
        return;
    }
    // Over there the list ends with FINGERPRINT, and before the first attribute that is ignored.
    let last = ours.attributes.iter().position(|attribute| attribute.kind == Kind::FINGERPRINT);
    let counted: Vec<_> = ours
        .attributes
        .iter()
        .take(last.map_or(usize::MAX, |last| last + 1))
        .take_while(|attribute| !attribute.after_integrity)
        .map(|attribute| (attribute.offset, attribute.kind.0, attribute.value.to_vec()))
        .collect();
    let listed: Vec<_> =
        theirs.iter_attributes().map(|(offset, raw)| (offset, raw.get_type().value(), raw.value.to_vec())).collect();
    assert_eq!(counted, listed);
    values_are_the_same(&ours, &theirs);
}

fn values_are_the_same(ours: &Message<'_>, theirs: &their::Message<'_>) {
    if let Ok(mapped) = theirs.attribute::<theirs::XorMappedAddress>() {
        assert_eq!(ours.mapped_address(), Some(mapped.addr(theirs.transaction_id())));
    }
    if let Ok(error) = theirs.attribute::<theirs::ErrorCode>() {
        let found = ours.error_code().expect("an error code");
        assert_eq!((found.code, found.phrase), (error.code(), error.reason().as_bytes()));
    }
    if let Ok(username) = theirs.attribute::<theirs::Username>() {
        assert_eq!(ours.username(), Some(username.username().as_bytes()));
    }
    if let Ok(software) = theirs.attribute::<theirs::Software>() {
        assert_eq!(ours.software(), Some(software.software().as_bytes()));
    }
    if let Ok(realm) = theirs.attribute::<theirs::Realm>() {
        assert_eq!(ours.realm(), Some(realm.realm().as_bytes()));
    }
    if let Ok(nonce) = theirs.attribute::<theirs::Nonce>() {
        assert_eq!(ours.nonce(), Some(nonce.nonce().as_bytes()));
    }
    if let Ok(crc) = theirs.attribute::<theirs::Fingerprint>() {
        // Over there the CRC is kept without the mask; a message that is taken has the right one.
        assert_eq!(fingerprint(ours), Fingerprint::Valid, "{crc:?}");
    }
}

#[test]
fn vectors_are_read_alike() {
    let Some(corpus) = std::env::var_os("RTCSCOPE_CORPUS") else {
        println!("skipped: RTCSCOPE_CORPUS is not set");
        return;
    };
    let mut count = 0;
    for file in fs::read_dir(PathBuf::from(corpus).join("vectors/stun")).unwrap() {
        let hex = fs::read_to_string(file.unwrap().path()).unwrap();
        let digits: Vec<_> = hex.chars().filter_map(|letter| letter.to_digit(16)).collect();
        let bytes: Vec<_> = digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect();
        both_see_the_same(&bytes);
        count += 1;
    }
    assert!(count >= 20);
}

fn attribute() -> impl Strategy<Value = (u16, Vec<u8>)> {
    let kind = prop_oneof![
        prop::sample::select(vec![
            0x0001, 0x0006, 0x0008, 0x0009, 0x000A, 0x0014, 0x0015, 0x001C, 0x0020, 0x8022, 0x8028
        ]),
        any::<u16>().prop_filter("not of libwebrtc", |kind| *kind != 0xC060),
    ];
    (kind, vec(any::<u8>(), 0..36))
}

proptest! {
    #[test]
    fn messages_of_raw_attributes_are_read_alike(id: [u8; 12], attributes in vec(attribute(), 0..8)) {
        let empty = Builder::new(Class::Request, Method::BINDING, TransactionId(id));
        let bytes = attributes.iter().fold(empty, |made, (kind, value)| made.raw(Kind(*kind), value)).emit().unwrap();
        both_see_the_same(&bytes);
    }

    #[test]
    fn damaged_messages_are_refused_by_both(
        id: [u8; 12],
        attributes in vec(attribute(), 1..5),
        place: prop::sample::Index,
        byte: u8,
    ) {
        let empty = Builder::new(Class::Request, Method::BINDING, TransactionId(id));
        let made = attributes.iter().fold(empty, |made, (kind, value)| made.raw(Kind(*kind), value));
        let mut bytes = made.fingerprint().emit().unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        both_see_the_same(&bytes);
    }

    #[test]
    fn what_is_made_here_is_verified_there(
        id: [u8; 12],
        username in "[a-zA-Z0-9+/:]{1,40}",
        password in "[a-zA-Z0-9+/]{22,40}",
        address: ([u8; 16], u16),
        code in 300..700_u16,
        sha256: bool,
    ) {
        let phrase = ErrorCode { code, phrase: b"why" };
        let made = Builder::new(Class::ErrorResponse, Method::BINDING, TransactionId(id))
            .attribute(Kind::USERNAME, &Value::Text(&username))
            .attribute(Kind::XOR_MAPPED_ADDRESS, &Value::XorAddress(SocketAddr::from(address)))
            .attribute(Kind::ERROR_CODE, &Value::ErrorCode(phrase));
        let algorithm = if sha256 { Algorithm::Sha256 { width: 32 } } else { Algorithm::Sha1 };
        let bytes = seal(made, &Key::short_term(password.as_bytes()), algorithm).fingerprint().emit().unwrap();
        both_see_the_same(&bytes);
        let theirs = their::Message::from_bytes(&bytes).unwrap();
        let credentials = their::ShortTermCredentials::new(password).into();
        prop_assert!(theirs.validate_integrity(&credentials).is_ok());
    }

    #[test]
    fn what_is_made_there_is_verified_here(
        user in "[a-z]{1,9}",
        realm in "[a-z.]{1,9}",
        password in "[ -~]{1,30}",
        sha256: bool,
    ) {
        let mut made = their::Message::builder_request(their::BINDING, their::MessageWriteVec::new());
        made.add_attribute(&theirs::Software::new("another").unwrap()).unwrap();
        let credentials = their::LongTermKeyCredentials::new(user.clone(), password.clone(), realm.clone()).into();
        let (algorithm, number) =
            if sha256 { (their::IntegrityAlgorithm::Sha256, 2) } else { (their::IntegrityAlgorithm::Sha1, 1) };
        made.add_message_integrity(&credentials, algorithm).unwrap();
        made.add_fingerprint().unwrap();
        let bytes = made.finish();
        both_see_the_same(&bytes);
        let key = Key::long_term_by(number, user.as_bytes(), realm.as_bytes(), password.as_bytes()).unwrap();
        prop_assert_eq!(verify(&Message::parse(&bytes).unwrap(), &key), Verdict::Valid);
    }
}
