//! Every published STUN vector of the corpus, against the values written beside it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs
)]

use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;

use rtcscope::wire::field::Field;
use rtcscope::wire::stun::{self, AttributeType, Fingerprint, Message};
use serde_json::Value;

struct Vector {
    name: String,
    bytes: Vec<u8>,
    json: Value,
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().filter_map(|letter| letter.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn vectors() -> Vec<Vector> {
    let Some(corpus) = std::env::var_os("RTCSCOPE_CORPUS") else {
        println!("skipped: RTCSCOPE_CORPUS is not set");
        return Vec::new();
    };
    let folder = PathBuf::from(corpus).join("vectors");
    let text = fs::read_to_string(folder.join("stun.json")).expect("the list of vectors");
    let list: Value = serde_json::from_str(&text).expect("JSON");
    let vectors: Vec<_> = list["vectors"]
        .as_array()
        .expect("an array")
        .iter()
        .map(|json| Vector {
            name: json["name"].as_str().expect("a name").to_owned(),
            bytes: from_hex(&fs::read_to_string(folder.join(json["hex_file"].as_str().expect("a file"))).expect("hex")),
            json: json.clone(),
        })
        .collect();
    assert!(vectors.len() >= 20, "{} vectors", vectors.len());
    vectors
}

fn number(json: &Value) -> u16 {
    u16::from_str_radix(json.as_str().expect("a number").trim_start_matches("0x"), 16).expect("hexadecimal")
}

#[test]
fn headers_and_attributes_are_as_written() {
    for vector in vectors() {
        let expect = &vector.json["expect"];
        if expect.is_null() {
            continue;
        }
        let message = Message::parse(&vector.bytes).expect(&vector.name);
        assert!(message.is_well_formed(), "{}", vector.name);
        assert_eq!(u64::from(message.length), expect["length"].as_u64().unwrap(), "{}", vector.name);
        assert_eq!(message.cookie.to_vec(), from_hex(expect["cookie"].as_str().unwrap()), "{}", vector.name);
        assert_eq!(message.transaction_id.to_string(), expect["transaction_id"].as_str().unwrap(), "{}", vector.name);
        assert_eq!(u16::from_be_bytes([vector.bytes[0], vector.bytes[1]]), number(&expect["type"]), "{}", vector.name);
        let attributes = expect["attrs"].as_array().unwrap();
        assert_eq!(message.attributes.len(), attributes.len(), "{}", vector.name);
        for (found, expected) in message.attributes.iter().zip(attributes) {
            assert_eq!(found.kind, AttributeType(number(&expected["type"])), "{}", vector.name);
            assert_eq!(u64::from(found.stated_length), expected["len"].as_u64().unwrap(), "{}", vector.name);
            assert_eq!(found.value, from_hex(expected["value"].as_str().unwrap()), "{}", vector.name);
            assert_eq!(found.offset as u64, expected["offset"].as_u64().unwrap(), "{}", vector.name);
            if let Some(address) = expected["address"].as_str() {
                let ip: IpAddr = address.parse().unwrap();
                let port = u16::try_from(expected["port"].as_u64().unwrap()).unwrap();
                assert_eq!(message.mapped_address(), Some((ip, port).into()), "{}", vector.name);
            }
        }
    }
}

#[test]
fn named_values_are_as_written() {
    for vector in vectors() {
        let Ok(message) = Message::parse(&vector.bytes) else { continue };
        let json = &vector.json;
        // A vector with a USERHASH names the user that it stands for, who is not in it.
        if let Some(username) = json["username"].as_str().filter(|_| json["userhash"].is_null()) {
            assert_eq!(message.username(), Some(username.as_bytes()), "{}", vector.name);
        }
        if let Some(userhash) = json["userhash"].as_str() {
            assert_eq!(message.userhash(), Some(from_hex(userhash).as_slice()), "{}", vector.name);
        }
        if let Some(realm) = json["realm"].as_str() {
            assert_eq!(message.realm(), Some(realm.as_bytes()), "{}", vector.name);
        }
        if let Some(nonce) = json["nonce"].as_str() {
            assert_eq!(message.nonce(), Some(nonce.as_bytes()), "{}", vector.name);
        }
        if let Some(software) = json["software"].as_str() {
            assert_eq!(message.software(), Some(software.as_bytes()), "{}", vector.name);
        }
        if let Some(priority) = json["priority"].as_u64() {
            assert_eq!(message.priority().map(u64::from), Some(priority), "{}", vector.name);
        }
        if let Some(tie_breaker) = json["ice_controlled_tie_breaker"].as_str() {
            let expected = u64::from_str_radix(tie_breaker, 16).unwrap();
            assert_eq!(message.ice_controlled(), Some(expected), "{}", vector.name);
        }
        if let Some(mapped) = json["mapped"].as_str() {
            assert_eq!(message.mapped_address(), Some(mapped.parse().unwrap()), "{}", vector.name);
        }
        if let Some(code) = json["error_code"].as_u64() {
            let error = message.error_code().expect(&vector.name);
            assert_eq!(u64::from(error.code), code);
            assert_eq!(error.reason(), json["reason"].as_str().unwrap());
        }
        if let Some(types) = json["unknown_attributes"].as_array() {
            let expected: Vec<_> = types.iter().map(|kind| AttributeType(number(kind))).collect();
            assert_eq!(message.unknown_attributes(), expected, "{}", vector.name);
        }
    }
}

#[test]
fn fingerprints_are_judged_as_written() {
    for vector in vectors() {
        let Some(ok) = vector.json["fingerprint"]["ok"].as_bool() else { continue };
        let message = Message::parse(&vector.bytes).expect(&vector.name);
        let computed = from_hex(vector.json["fingerprint"]["computed"].as_str().unwrap());
        match stun::fingerprint(&message) {
            Fingerprint::Valid => assert!(ok, "{}", vector.name),
            Fingerprint::Invalid { expected, .. } => {
                assert!(!ok, "{}", vector.name);
                assert_eq!(expected.to_be_bytes().to_vec(), computed, "{}", vector.name);
            }
            other => panic!("{}: {other:?}", vector.name),
        }
    }
}

#[test]
fn messages_that_must_be_refused_are_not_well_formed() {
    for vector in vectors() {
        if vector.json["valid"] == false {
            let refused = Message::parse(&vector.bytes).map_or(true, |message| !message.is_well_formed());
            assert!(refused, "{}", vector.name);
        }
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
    for vector in vectors() {
        let Ok(message) = Message::parse(&vector.bytes) else { continue };
        let mut seen = vec![false; vector.bytes.len()];
        mark(&stun::describe(&message), &mut seen);
        let missing: Vec<_> = seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(place, _)| place).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", vector.name);
    }
}

#[cfg(feature = "crypto")]
#[test]
fn integrity_is_judged_as_written() {
    use rtcscope::crypto::{Key, Verdict, verify};

    let mut judged = 0;
    for vector in vectors() {
        let integrity = &vector.json["integrity"];
        let Some(ok) = integrity["ok"].as_bool() else { continue };
        let message = Message::parse(&vector.bytes).expect(&vector.name);
        let kinds: Vec<_> = message.proofs().map(|proof| proof.kind).collect();
        assert_eq!(kinds, [AttributeType(number(&integrity["attribute"]))], "{}", vector.name);
        let key = Key::short_term(&from_hex(integrity["key_hex"].as_str().unwrap()));
        assert_eq!(verify(&message, &key), if ok { Verdict::Valid } else { Verdict::Invalid }, "{}", vector.name);
        judged += 1;
    }
    println!("{judged} messages judged");
}
