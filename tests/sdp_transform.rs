//! The JSON of `sdp convert --to sdp-transform` is the npm package's own, on every file of the corpus.
//!
//! `tests/sdp_transform/run.mjs` runs the package; `tests/sdp_transform/results.txt` keeps a hash of what it gave for
//! each file.

#![cfg(feature = "serde")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

mod corpus;

use std::collections::BTreeMap;

use rtcscope::sdp::Document;
use rtcscope::sdp::json::{from_json, from_sdp_transform, to_json, to_sdp_transform};
use serde_json::Value;

const RESULTS: &str = include_str!("sdp_transform/results.txt");

/// Files where the package and this project differ, and why.
const DIFFERENT: &[(&str, &str)] = &[];

/// JSON with sorted keys, whatever order the map keeps.
fn sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<&String, &Value> = members.iter().collect();
            out.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                sorted(member, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                sorted(item, out);
            }
            out.push(']');
        }
        value => out.push_str(&value.to_string()),
    }
}

fn hash(text: &str) -> String {
    let step = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

#[test]
fn the_json_is_the_packages_own() {
    let results: BTreeMap<&str, &str> = RESULTS.lines().filter_map(|line| line.rsplit_once(' ')).collect();
    let mut wrong = Vec::new();
    for entry in corpus::entries() {
        let json = to_sdp_transform(&String::from_utf8_lossy(&entry.text));
        let mut text = String::new();
        sorted(&json, &mut text);
        let same = results.get(entry.file.as_str()) == Some(&hash(&text).as_str());
        if same == DIFFERENT.iter().any(|(file, _)| *file == entry.file) {
            wrong.push(entry.file);
        }
    }
    assert!(wrong.is_empty(), "{} files: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
}

#[test]
fn the_json_comes_back_as_a_description_with_the_same_json() {
    for entry in corpus::entries() {
        let json = to_sdp_transform(&String::from_utf8_lossy(&entry.text));
        // Of an `m=` line that makes no sense the JSON keeps nothing, so nothing can come back.
        if json["media"].as_array().unwrap().iter().any(|media| media.get("type").is_none()) {
            continue;
        }
        // Lines of the session that stand in a media section are not written, by the package neither.
        let mut json = json;
        for media in json["media"].as_array_mut().unwrap() {
            let media = media.as_object_mut().unwrap();
            for name in ["version", "origin", "name", "uri", "email", "phone", "timing", "repeats", "timezones"] {
                media.remove(name);
            }
        }
        let text = from_sdp_transform(&json).unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        let mut again = to_sdp_transform(&text);
        // The package writes these two where they are missing.
        for (name, given) in [("version", Value::from(0)), ("name", Value::from(" "))] {
            if json.get(name).is_none() && again.get(name) == Some(&given) {
                again.as_object_mut().unwrap().remove(name);
            }
        }
        assert_eq!(again, json, "{}: {text}", entry.file);
    }
}

#[test]
fn the_lossless_form_gives_every_byte_back() {
    for entry in corpus::entries() {
        let json = to_json(&Document::parse(&entry.text)).to_string();
        assert_eq!(from_json(&serde_json::from_str(&json).unwrap()).unwrap(), entry.text, "{}", entry.file);
    }
}
