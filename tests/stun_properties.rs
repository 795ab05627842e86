//! What must hold for every message, also for the ones nobody would send.

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
use std::hint::black_box;
use std::net::SocketAddr;
use std::path::PathBuf;

use proptest::collection::vec;
use proptest::prelude::*;
use rtcscope::crypto::{Algorithm, Key, Verdict, seal, verify};
use rtcscope::wire::field::Field;
use rtcscope::wire::stun::{
    self, AddressFamily, AttributeType as Kind, BandwidthAmount, Builder, ChangeRequest, Class, EcnCheck, ErrorCode,
    Fingerprint, Icmp, LocationProfile, Message, Method, NetworkInfo, PasswordAlgorithm, SequenceNumber,
    ServiceQuality, SiteResponse, TransactionId, TransmitCounter, Value,
};
use rtcscope::wire::{ChannelData, Error};

/// What the values are made of.
#[derive(Debug, Clone)]
struct Stuff {
    address: SocketAddr,
    number: u64,
    text: String,
    bytes: Vec<u8>,
}

fn addresses() -> impl Strategy<Value = SocketAddr> {
    prop_oneof![
        any::<([u8; 4], u16)>().prop_map(|(ip, port)| SocketAddr::from((ip, port))),
        any::<([u8; 16], u16)>().prop_map(|(ip, port)| SocketAddr::from((ip, port))),
    ]
}

fn stuff() -> impl Strategy<Value = Stuff> {
    (addresses(), any::<u64>(), ".{0,20}", vec(any::<u8>(), 0..40)).prop_map(|(address, number, text, bytes)| Stuff {
        address,
        number,
        text,
        bytes,
    })
}

fn classes() -> impl Strategy<Value = Class> {
    prop_oneof![Just(Class::Request), Just(Class::Indication), Just(Class::SuccessResponse), Just(Class::ErrorResponse)]
}

/// A value of every variant, each under a type that has it.
fn one_of_each(stuff: &Stuff) -> Vec<(Kind, Value<'_>)> {
    let Stuff { address, number, text, bytes } = stuff;
    let long = *number;
    let [a, b, c, d, ..] = long.to_be_bytes();
    let word = u32::from_be_bytes([a, b, c, d]);
    let half = u16::from_be_bytes([a, b]);
    let error = ErrorCode { code: half % 800, phrase: text.as_bytes() };
    let algorithm = PasswordAlgorithm { number: half, parameters: bytes };
    vec![
        (Kind::OTHER_ADDRESS, Value::Address(*address)),
        (Kind::XOR_PEER_ADDRESS, Value::XorAddress(*address)),
        (Kind::REQUESTED_ADDRESS_FAMILY, Value::AddressFamily(AddressFamily(a))),
        (Kind::USERNAME, Value::Text(text)),
        (Kind::DATA, Value::Opaque(bytes)),
        (Kind::USE_CANDIDATE, Value::Flag),
        (Kind::RETRANSMIT_COUNT, Value::Number(word)),
        (Kind::GOOG_DELTA_ACK, Value::Number64(long)),
        (Kind::GOOG_MISC_INFO, Value::Numbers16(vec![half; usize::from(c % 5)])),
        (Kind::CONNECTION_ID, Value::CodePoint(word)),
        (Kind::LIFETIME, Value::Seconds(word)),
        (Kind::ERROR_CODE, Value::ErrorCode(error)),
        (Kind::ADDRESS_ERROR_CODE, Value::AddressErrorCode { family: AddressFamily(b), error }),
        (Kind::UNKNOWN_ATTRIBUTES, Value::AttributeTypes(vec![Kind(half); usize::from(d % 5)])),
        (Kind::PASSWORD_ALGORITHM, Value::PasswordAlgorithm(algorithm)),
        (Kind::PASSWORD_ALGORITHMS, Value::PasswordAlgorithms(vec![algorithm; usize::from(d % 3)])),
        (Kind::PRIORITY, Value::Priority(word)),
        (Kind::ICE_CONTROLLING, Value::TieBreaker(long)),
        (Kind::NOMINATION, Value::Nomination(word)),
        (Kind::GOOG_NETWORK_INFO, Value::NetworkInfo(NetworkInfo { id: half, cost: u16::from(d) })),
        (Kind::META_DTLS_IN_STUN_ACKNOWLEDGEMENT, Value::Checksums(vec![word; usize::from(a % 5)])),
        (Kind::CHANNEL_NUMBER, Value::ChannelNumber(half)),
        (Kind::REQUESTED_TRANSPORT, Value::RequestedTransport(a)),
        (Kind::EVEN_PORT, Value::EvenPort { reserve_next: a & 1 == 1 }),
        (Kind::ICMP, Value::Icmp(Icmp { kind: a, code: b, data: word })),
        (Kind::LEGACY_ICMP, Value::LegacyIcmp { kind: a, code: b }),
        (Kind::CHANGE_REQUEST, Value::ChangeRequest(ChangeRequest { ip: a & 1 == 1, port: b & 1 == 1 })),
        (Kind::RESPONSE_PORT, Value::ResponsePort(half)),
        (Kind::TRANSACTION_TRANSMIT_COUNTER, Value::TransmitCounter(TransmitCounter { requests: a, responses: b })),
        (Kind::ECN_CHECK, Value::EcnCheck(EcnCheck { echo: a & 3, valid: b & 1 == 1 })),
        (Kind::MS_VERSION, Value::MicrosoftVersion(word)),
        (Kind::MS_IMPLEMENTATION_VERSION, Value::MicrosoftImplementation(word)),
        (
            Kind::MS_SEQUENCE_NUMBER,
            Value::SequenceNumber(SequenceNumber { connection_id: b"twenty bytes of them", number: word }),
        ),
        (Kind::MS_SERVICE_QUALITY, Value::ServiceQuality(ServiceQuality { stream: half, quality: u16::from(c) })),
        (Kind::MS_BANDWIDTH_ADMISSION, Value::BandwidthAdmission(half)),
        (
            Kind::MS_BANDWIDTH_RESERVATION_AMOUNT,
            Value::BandwidthAmount(BandwidthAmount {
                maximum_send: word,
                minimum_send: 1,
                maximum_receive: 2,
                minimum_receive: word,
            }),
        ),
        (
            Kind::MS_LOCAL_SITE_RESPONSE,
            Value::SiteResponse(SiteResponse { flags: word, maximum_send: 1, maximum_receive: word }),
        ),
        (Kind::MS_LOCATION_PROFILE, Value::LocationProfile(LocationProfile { peer: a, own: b, federation: c })),
        (Kind(0x7FFE), Value::Unknown(bytes)),
        (Kind::MESSAGE_INTEGRITY, Value::Digest(b"twenty bytes of them")),
        (Kind::FINGERPRINT, Value::Fingerprint(word)),
    ]
}

fn message_of(class: Class, method: u16, id: [u8; 12], attributes: &[(Kind, Value<'_>)]) -> Builder {
    let empty = Builder::new(class, Method(method), TransactionId(id));
    attributes.iter().fold(empty, |message, (kind, value)| message.attribute(*kind, value))
}

fn leaves(fields: &[Field], seen: &mut [bool]) {
    for field in fields {
        if field.children.is_empty() {
            seen[field.range.clone()].fill(true);
        } else {
            leaves(&field.children, seen);
        }
    }
}

/// Everything that can be asked of bytes.
fn ask_everything(bytes: &[u8]) {
    if let Ok(channel_data) = ChannelData::parse(bytes) {
        let mut seen = vec![false; bytes.len()];
        leaves(&channel_data.describe(), &mut seen);
        assert!(seen.iter().all(|seen| *seen));
    }
    black_box(ChannelData::stream_length(bytes));
    let message = match Message::parse(bytes) {
        Ok(message) => message,
        Err(error) => return error_is_inside(error, bytes),
    };
    assert_eq!(message.bytes.len() + message.trailing.len(), bytes.len());
    let mut seen = vec![false; bytes.len()];
    leaves(&stun::describe(&message), &mut seen);
    assert!(seen.iter().all(|seen| *seen), "{message:?}");
    for attribute in &message.attributes {
        if let Err(error) = attribute.decode(&message) {
            error_is_inside(error, bytes);
        }
        black_box(message.signed_by(attribute));
    }
    black_box(stun::fingerprint(&message));
    black_box(verify(&message, &Key::short_term(b"password")));
    black_box(message.mapped_address());
    black_box(message.xor_peer_addresses().count());
    black_box(message.unknown_attributes());
    black_box(message.error_code().map(|error| error.reason().len()));
    black_box(message.nomination());
}

fn error_is_inside(error: Error, bytes: &[u8]) {
    assert!(error.offset <= bytes.len(), "{error}");
    assert!(!error.field.is_empty());
}

proptest! {
    #[test]
    fn every_value_comes_back(stuff in stuff(), class in classes(), method in 0..0x1000_u16, id: [u8; 12]) {
        let attributes = one_of_each(&stuff);
        let bytes = message_of(class, method, id, &attributes).emit().unwrap();
        let message = Message::parse(&bytes).unwrap();
        prop_assert!(message.is_well_formed(), "{:?}", message.fault);
        prop_assert_eq!((message.class, message.method), (class, Method(method)));
        prop_assert_eq!(message.transaction_id, TransactionId(id));
        prop_assert_eq!(message.attributes.len(), attributes.len());
        for (attribute, (kind, value)) in message.attributes.iter().zip(&attributes) {
            prop_assert_eq!(attribute.kind, *kind);
            prop_assert_eq!(&attribute.decode(&message), &Ok(value.clone()));
        }
    }

    #[test]
    fn what_is_parsed_can_be_emitted_again(
        class in classes(),
        method in 0..0x1000_u16,
        id: [u8; 12],
        attributes in vec((any::<u16>(), vec(any::<u8>(), 0..30)), 0..8),
    ) {
        let empty = Builder::new(class, Method(method), TransactionId(id));
        let bytes = attributes.iter().fold(empty, |made, (kind, value)| made.raw(Kind(*kind), value)).emit().unwrap();
        let message = Message::parse(&bytes).unwrap();
        prop_assert!(message.is_well_formed());
        let empty = Builder::new(message.class, message.method, message.transaction_id);
        let again = message.attributes.iter().fold(empty, |made, attribute| made.raw(attribute.kind, attribute.value));
        prop_assert_eq!(again.emit().unwrap(), bytes);
    }

    #[test]
    fn classic_messages_are_not_padded(
        id in any::<[u8; 16]>().prop_filter("no cookie", |id| id[..4] != stun::MAGIC_COOKIE),
        attributes in vec((any::<u16>(), vec(any::<u8>(), 0..30)), 0..8),
    ) {
        let empty = Builder::classic(Class::Request, Method::BINDING, id);
        let bytes = attributes.iter().fold(empty, |made, (kind, value)| made.raw(Kind(*kind), value)).emit().unwrap();
        let length: usize = attributes.iter().map(|(_, value)| value.len() + 4).sum();
        prop_assert_eq!(bytes.len(), 20 + length);
        let message = Message::parse(&bytes).unwrap();
        prop_assert!(message.is_classic() && message.fault.is_none());
        for (found, (kind, value)) in message.attributes.iter().zip(&attributes) {
            prop_assert_eq!((found.kind, found.value), (Kind(*kind), value.as_slice()));
        }
    }

    #[test]
    fn a_seal_holds_with_its_key_alone(
        stuff in stuff(),
        id: [u8; 12],
        password in vec(any::<u8>(), 1..80),
        algorithm in prop_oneof![
            Just(Algorithm::Sha1),
            (0..40_usize).prop_map(|width| Algorithm::Sha256 { width }),
            Just(Algorithm::Sha1Cut32),
        ],
    ) {
        let made = message_of(Class::Request, 1, id, &[(Kind::USERNAME, Value::Text(&stuff.text))]);
        let key = Key::short_term(&password);
        let bytes = seal(made, &key, algorithm).fingerprint().emit().unwrap();
        let message = Message::parse(&bytes).unwrap();
        prop_assert_eq!(verify(&message, &key), Verdict::Valid);
        prop_assert_eq!(stun::fingerprint(&message), Fingerprint::Valid);
        let other = Key::short_term(&[password.as_slice(), b"!"].concat());
        prop_assert_eq!(verify(&message, &other), Verdict::Invalid);
    }

    #[test]
    fn classic_seals_hold(id: [u8; 16], text in ".{0,40}") {
        let key = Key::long_term(b"user", b"realm", b"password");
        let made = Builder::classic(Class::Request, Method::ALLOCATE, id).attribute(Kind::USERNAME, &Value::Text(&text));
        let bytes = seal(made, &key, Algorithm::Sha1).emit().unwrap();
        prop_assert_eq!(verify(&Message::parse(&bytes).unwrap(), &key), Verdict::Valid);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in vec(any::<u8>(), 0..300)) {
        ask_everything(&bytes);
    }

    #[test]
    fn no_attributes_are_too_strange(
        id: [u8; 12],
        kinds in vec((0..0x0031_u16, vec(any::<u8>(), 0..40)), 0..6),
        optional in vec((0x8000..0x8096_u16, vec(any::<u8>(), 0..40)), 0..6),
        private in vec((0xC000..0xC072_u16, vec(any::<u8>(), 0..40)), 0..6),
    ) {
        let empty = Builder::new(Class::Request, Method::BINDING, TransactionId(id));
        let all = kinds.iter().chain(&optional).chain(&private);
        ask_everything(&all.fold(empty, |made, (kind, value)| made.raw(Kind(*kind), value)).emit().unwrap());
    }

    #[test]
    fn no_damage_is_too_much(
        stuff in stuff(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        end: prop::sample::Index,
    ) {
        let mut bytes = message_of(Class::Request, 1, [7; 12], &one_of_each(&stuff)).emit().unwrap();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        ask_everything(&bytes);
        bytes.truncate(end.index(bytes.len()));
        ask_everything(&bytes);
    }

    #[test]
    fn channel_data_comes_back(number in 0x4000..0x8000_u16, data in vec(any::<u8>(), 0..50)) {
        let padded = ChannelData::emit(number, &data).unwrap();
        prop_assert_eq!(ChannelData::stream_length(&padded), Some(padded.len()));
        for end in [data.len() + 4, padded.len()] {
            let parsed = ChannelData::parse(&padded[..end]).unwrap();
            prop_assert_eq!((parsed.number, usize::from(parsed.length), parsed.data), (number, data.len(), &data[..]));
            prop_assert_eq!(parsed.padding.len(), end - data.len() - 4);
        }
        prop_assert!(ChannelData::parse(&[&padded[..], b"!"].concat()).is_err());
    }
}

#[test]
fn the_seeds_of_other_fuzzers_are_survived() {
    let Some(corpus) = std::env::var_os("RTCSCOPE_CORPUS") else {
        println!("skipped: RTCSCOPE_CORPUS is not set");
        return;
    };
    let mut waiting = vec![PathBuf::from(corpus).join("vectors/fuzz_seeds")];
    let mut count = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            ask_everything(&fs::read(path).unwrap());
            count += 1;
        }
    }
    assert!(count > 100, "{count} seeds");
}

/// The longest message of the shortest attributes: what is asked must not cost the square of their number.
#[test]
fn a_message_of_sixteen_thousand_attributes_is_no_burden() {
    let empty = Builder::new(Class::Request, Method::BINDING, TransactionId([0; 12]));
    for kind in [Kind::USE_CANDIDATE, Kind::MESSAGE_INTEGRITY, Kind::FINGERPRINT, Kind(0x7F01)] {
        let made = (0..16_383).fold(empty.clone(), |made, _| made.raw(kind, &[]));
        let start = std::time::Instant::now();
        ask_everything(&made.emit().unwrap());
        assert!(start.elapsed().as_secs() < 5, "{kind}: {:?}", start.elapsed());
    }
}
