//! The rooms and the direction of the arrows between them, as `docs/architecture.md` draws them.
//!
//! Reads every `crate::…` path of the sources and fails when a room looks at one outside its row.

#![allow(clippy::expect_used, clippy::panic, clippy::string_slice, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Each room and the rooms it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("abbreviated", &[]),
    ("moment", &[]),
    ("path", &[]),
    ("finding", &["text", "moment"]),
    ("wire", &[]),
    ("sdp", &["text"]),
    ("crypto", &["wire"]),
    ("capture", &["moment"]),
    ("net", &["moment", "path", "capture"]),
    ("flow", &["moment", "path", "abbreviated", "wire"]),
    ("signal", &["moment", "path", "sdp"]),
    ("signaling", &["text", "moment", "path", "sdp", "signal"]),
    ("session", &["moment", "path", "abbreviated", "wire", "crypto", "sdp", "signal"]),
    ("call", &["moment", "path", "sdp", "signal", "signaling", "session"]),
    ("dissect", &["moment", "path", "text", "wire", "sdp", "net", "flow", "session", "call"]),
    ("filter", &["text"]),
    ("lint", &["text", "finding", "sdp"]),
    ("diagnose", &["moment", "path", "finding", "wire", "sdp", "signal", "signaling", "session", "call"]),
];

/// The rooms above all rows, lowest first: each may use every row and the ones before it.
const UPPER: &[&str] = &["analyze", "report", "cli"];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("a source folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            found.push((path.to_string_lossy().into_owned(), text));
        }
    }
}

/// The rooms named after `crate::` in `text`, groups in braces included; comments do not count.
fn rooms_used(text: &str) -> Vec<String> {
    let code: String = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let mut rooms = Vec::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0_usize;
            let mut first = String::new();
            for letter in group.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => rooms.push(std::mem::take(&mut first)),
                    _ if depth == 0 => first.push(letter),
                    _ => {}
                }
            }
            rooms.push(first);
        } else {
            rooms.push(rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect());
        }
    }
    rooms
        .iter()
        .map(|room| room.trim().split("::").next().unwrap_or("").to_owned())
        .filter(|room| !room.is_empty())
        .collect()
}

#[test]
fn every_room_uses_only_the_rooms_of_its_row() {
    let rows: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&source, &mut files);
    assert!(files.len() > 10, "the sources are not where this test looks for them");
    let mut faults = Vec::new();
    for (path, text) in &files {
        let inside = Path::new(path).strip_prefix(&source).expect("a path inside src");
        let room = inside.components().next().expect("a component").as_os_str().to_string_lossy().replace(".rs", "");
        if room == "lib" || room == "main" {
            continue;
        }
        let upper = UPPER.iter().position(|name| *name == room);
        assert!(
            upper.is_some() || rows.contains_key(room.as_str()),
            "{path}: no room of this name in tests/architecture.rs"
        );
        for used in rooms_used(text) {
            let allowed = used == room
                || match upper {
                    Some(place) => {
                        rows.contains_key(used.as_str()) || UPPER.iter().take(place).any(|name| *name == used)
                    }
                    None => rows.get(room.as_str()).is_some_and(|row| row.contains(&used.as_str())),
                };
            if !allowed {
                faults.push(format!("{path}: {room} looks at {used}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Outside crates have one room each.
#[test]
fn outside_crates_stay_in_their_rooms() {
    let homes: &[(&str, &[&str])] = &[
        ("pcap_parser", &["capture"]),
        ("flate2", &["capture", "signaling"]),
        ("httparse", &["signaling"]),
        ("ruzstd", &["capture"]),
        ("etherparse", &["net"]),
        ("nom", &["wire", "net", "sdp", "filter"]),
        ("sdp_types", &["sdp"]),
        ("hmac", &["crypto"]),
        ("sha1", &["crypto"]),
        ("sha2", &["crypto"]),
        ("md5", &["crypto"]),
        ("clap", &["cli"]),
        ("serde_json", &["report", "signaling", "cli", "sdp"]),
    ];
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&source, &mut files);
    let mut faults = Vec::new();
    for (path, text) in &files {
        let inside = Path::new(path).strip_prefix(&source).expect("a path inside src");
        let room = inside.components().next().expect("a component").as_os_str().to_string_lossy().replace(".rs", "");
        for (name, rooms) in homes {
            let used = text.lines().any(|line| {
                let code = line.split("//").next().unwrap_or("");
                code.match_indices(&format!("{name}::")).any(|(at, _)| {
                    !code[..at]
                        .chars()
                        .next_back()
                        .is_some_and(|before| before.is_alphanumeric() || before == '_' || before == ':')
                })
            });
            if used && !rooms.contains(&room.as_str()) {
                faults.push(format!("{path}: {name} outside {rooms:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn groups_in_braces_are_read() {
    assert_eq!(rooms_used("use crate::{moment::{Moment, Timestamp}, path};"), ["moment", "path"]);
    assert_eq!(rooms_used("// crate::cli\nlet x = crate::wire::stun::parse;"), ["wire"]);
}
