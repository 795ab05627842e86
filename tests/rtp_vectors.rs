//! Every published RTP vector of the corpus, against the values written beside it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs
)]

use std::fs;
use std::path::PathBuf;

use rtcscope::wire::field::Field;
use rtcscope::wire::rtp::extension::{AbsoluteSendTime, AudioLevel, Kind, PlayoutDelay, Rotation, Value as Extension};
use rtcscope::wire::rtp::{Context, HeaderExtension, Packet, describe};
use serde_json::Value;

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().filter_map(|letter| letter.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn folder() -> Option<PathBuf> {
    let corpus = std::env::var_os("RTCSCOPE_CORPUS");
    if corpus.is_none() {
        println!("skipped: RTCSCOPE_CORPUS is not set");
    }
    Some(PathBuf::from(corpus?).join("vectors"))
}

/// Name, bytes and expectations of the vectors that are whole packets, or that are not.
fn vectors(packets: bool) -> Vec<(String, Vec<u8>, Value)> {
    let Some(folder) = folder() else { return Vec::new() };
    let list: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("rtp.json")).expect("a list")).expect("JSON");
    let all = list["vectors"].as_array().expect("an array");
    assert!(all.len() >= 15, "{} vectors", all.len());
    let read = |json: &Value| {
        let bytes = match json["hex_file"].as_str() {
            Some(file) => from_hex(&fs::read_to_string(folder.join(file)).expect("hex")),
            None => from_hex(json["ext_hex"].as_str().expect("bytes")),
        };
        (json["name"].as_str().expect("a name").to_owned(), bytes, json.clone())
    };
    all.iter().filter(|json| json["hex_file"].is_string() == packets).map(read).collect()
}

/// The extension that an expectation names after its id.
fn kind_of(name: &str) -> Kind {
    let name = match name {
        "transport-wide-cc" => "transport-wide-cc",
        "playout-delay raw" => "playout-delay",
        other => other,
    };
    Kind::ALL.iter().copied().find(|kind| kind.name() == name).expect(name)
}

fn check_extension(kind: Kind, value: &[u8], expected: &Value) {
    match kind.decode(value).unwrap() {
        Extension::AbsoluteSendTime(time) => {
            assert_eq!(time, AbsoluteSendTime(u32::try_from(expected.as_u64().unwrap()).unwrap()));
        }
        Extension::TransmissionOffset(offset) => assert_eq!(i64::from(offset), expected.as_i64().unwrap()),
        Extension::TransportSequence(sequence) => {
            assert_eq!(u64::from(sequence.sequence.0), expected.as_u64().unwrap());
        }
        Extension::Text(text) => assert_eq!(text, expected.as_str().unwrap()),
        Extension::AudioLevel(AudioLevel { voice, level }) => {
            assert_eq!(voice, expected["voice"].as_bool().unwrap());
            assert_eq!(u64::from(level), expected["level"].as_u64().unwrap());
        }
        Extension::VideoOrientation(orientation) => {
            assert_eq!((orientation.rotation, expected.as_u64()), (Rotation::Degrees270, Some(3)));
        }
        Extension::PlayoutDelay(delay) => {
            assert_eq!(value, from_hex(expected.as_str().unwrap()));
            assert_eq!(delay, PlayoutDelay { minimum_ms: 0x124 * 10, maximum_ms: 0x876 * 10 });
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn packets_are_as_written() {
    for (name, bytes, json) in vectors(true) {
        let expect = &json["expect"];
        let packet = Packet::parse(&bytes).expect(&name);
        assert_eq!(packet.fault(), None, "{name}");
        let number = |key: &str| expect[key].as_u64();
        assert_eq!(Some(u64::from(packet.payload_type.0)), number("pt"), "{name}");
        assert_eq!(u64::from(packet.marker), number("marker").unwrap_or(0), "{name}");
        assert_eq!(Some(u64::from(packet.sequence_number.0)), number("seq"), "{name}");
        assert_eq!(Some(u64::from(packet.timestamp.0)), number("ts"), "{name}");
        assert_eq!(Some(u64::from(packet.ssrc.0)), number("ssrc"), "{name}");
        if let Some(length) = number("payload_len") {
            assert_eq!(packet.payload().len() as u64, length, "{name}");
        }
        assert_eq!(packet.padding().len() as u64, number("padding").unwrap_or(0), "{name}");
        let sources: Vec<_> = packet.csrcs().map(|source| u64::from(source.0)).collect();
        let expected: Vec<_> = expect["csrc"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        assert_eq!(sources, expected, "{name}");
        for (key, expected) in expect["ext"].as_object().into_iter().flatten() {
            let (id, kind) = key.split_once(' ').expect("an id and a name");
            let value = packet.element(id.parse().unwrap()).expect(key);
            check_extension(kind_of(kind), value, expected);
        }
    }
}

#[test]
fn elements_are_as_written() {
    for (name, data, json) in vectors(false) {
        let profile = u16::from_str_radix(json["profile"].as_str().unwrap().trim_start_matches("0x"), 16).unwrap();
        let extension = HeaderExtension { profile, data: &data, offset: 0 };
        if json["error"].is_string() {
            assert!(extension.check().is_err(), "{name}");
            continue;
        }
        assert_eq!(extension.check(), Ok(()), "{name}");
        let found: Vec<_> = extension.elements().map(|element| (element.id, element.value.to_vec())).collect();
        let expected = json["expect"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (u8::try_from(pair[0].as_u64().unwrap()).unwrap(), from_hex(pair[1].as_str().unwrap())));
        assert_eq!(found, expected.collect::<Vec<_>>(), "{name}");
    }
}

fn mark(fields: &[Field], seen: &mut [bool]) {
    for field in fields {
        if field.children.is_empty() {
            seen[field.range.clone()].fill(true);
        } else {
            for child in &field.children {
                assert!(field.range.start <= child.range.start && child.range.end <= field.range.end, "{child:?}");
            }
            mark(&field.children, seen);
        }
    }
}

#[test]
fn the_leaves_cover_every_byte() {
    let kinds = |id: u8| Kind::ALL.get(usize::from(id)).copied();
    for (name, bytes, _) in vectors(true) {
        for extensions in [None, Some(&kinds as &dyn Fn(u8) -> Option<Kind>)] {
            let mut seen = vec![false; bytes.len()];
            let context = Context { extensions, ..Context::default() };
            mark(&describe(&Packet::parse(&bytes).unwrap(), &context), &mut seen);
            let missing: Vec<_> = seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(place, _)| place).collect();
            assert!(missing.is_empty(), "{name}: {missing:?}");
        }
    }
}

#[test]
fn seeds_that_broke_others_are_read() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for seeds in ["rtp_janus", "rtp_libwebrtc"] {
        for file in fs::read_dir(folder.join("fuzz_seeds").join(seeds)).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            if let Ok(packet) = Packet::parse(&bytes) {
                let mut seen = vec![false; bytes.len()];
                mark(&describe(&packet, &Context::default()), &mut seen);
                assert!(seen.iter().all(|seen| *seen));
            }
            count += 1;
        }
    }
    assert!(count >= 25, "{count} seeds");
}
