//! After each operation every WebRTC description of the corpus has no new fault, the parsers that took it before
//! still take it, and what is undone is the original, byte for byte.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

mod corpus;
mod operations;

use std::collections::BTreeMap;

use operations::OPERATIONS;
use rtcscope::sdp::edit::{normalise, redact};
use rtcscope::sdp::{Document, Key};
use rtcscope::text::{apply, invert};

/// Faults by what they are, without where.
fn faults(text: &[u8]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for error in Document::parse(text).errors() {
        *counts.entry(format!("{} {}", error.expected.code(), error.expected)).or_insert(0) += 1;
    }
    counts
}

fn sdp_types_takes(text: &[u8]) -> bool {
    sdp_types::Session::parse(text).is_ok()
}

fn webrtc_sdp_takes(text: &[u8]) -> bool {
    str::from_utf8(text).is_ok_and(|text| webrtc_sdp::parse_sdp(text, false).is_ok())
}

/// Lines about payload types that the `m=` line does not have, and groups of mids that no section has.
fn orphans(text: &[u8]) -> usize {
    let document = Document::parse(text);
    let mut count = 0;
    for section in document.media() {
        let known: Vec<u8> = section.media().map(|media| media.payload_types().collect()).unwrap_or_default();
        let has = |payload_type: Option<u8>| payload_type.is_none_or(|payload_type| known.contains(&payload_type));
        count += section.values::<rtcscope::sdp::Rtpmap<'_>>().filter(|map| !has(Some(map.payload_type))).count();
        count += section.values::<rtcscope::sdp::Fmtp<'_>>().filter(|fmtp| !has(fmtp.payload_type())).count();
        count += section.values::<rtcscope::sdp::RtcpFb<'_>>().filter(|feedback| !has(feedback.payload_type)).count();
        count += section.codecs().iter().filter(|codec| !has(codec.retransmits())).count();
    }
    for group in document.session().values::<rtcscope::sdp::Group<'_>>() {
        count += group.mids.iter().filter(|mid| document.media_by_mid(mid).is_none()).count();
    }
    count
}

#[test]
fn no_operation_harms_a_description() {
    let mut bad = Vec::new();
    let mut done: BTreeMap<&str, usize> = BTreeMap::new();
    let entries = corpus::entries();
    for entry in entries.iter().filter(|entry| entry.is_webrtc()) {
        let before = faults(&entry.text);
        let taken = (sdp_types_takes(&entry.text), webrtc_sdp_takes(&entry.text));
        let document = Document::parse(&entry.text);
        for (name, operation) in OPERATIONS {
            let Ok(edits) = operation(&document) else { continue };
            let after = match apply(&entry.text, &edits) {
                Ok(after) => after,
                Err(error) => {
                    bad.push(format!("{name}: {}: {error}", entry.file));
                    continue;
                }
            };
            if after != entry.text {
                *done.entry(name).or_insert(0) += 1;
            }
            let undo = invert(&entry.text, &edits).unwrap();
            assert_eq!(apply(&after, &undo).unwrap(), entry.text, "{name}: {}: undone", entry.file);
            for (fault, count) in faults(&after) {
                // A copied section has its faults twice; what redaction and sorting leave wrong may be wrong otherwise.
                let copied = *name == "to Unified Plan" && before.contains_key(&fault);
                let otherwise = matches!(*name, "redact" | "normalise")
                    && faults(&after).values().sum::<usize>() <= before.values().sum();
                if count > before.get(&fault).copied().unwrap_or(0) && !copied && !otherwise {
                    bad.push(format!("{name}: {}: new fault: {fault}", entry.file));
                }
            }
            if taken.0 && !sdp_types_takes(&after) {
                bad.push(format!("{name}: {}: sdp-types: {:?}", entry.file, sdp_types::Session::parse(&after).err()));
            }
            // It wants five lines at least, so no description without an m-line.
            let empty = Document::parse(&after).media_count() == 0;
            if taken.1 && !empty && !webrtc_sdp_takes(&after) {
                let error = webrtc_sdp::parse_sdp(str::from_utf8(&after).unwrap(), false).err();
                bad.push(format!("{name}: {}: webrtc-sdp: {error:?}", entry.file));
            }
            if orphans(&after) > orphans(&entry.text) {
                bad.push(format!("{name}: {}: an orphan line", entry.file));
            }
        }
    }
    assert!(bad.is_empty(), "{} in all\n{}", bad.len(), bad.iter().take(60).cloned().collect::<Vec<_>>().join("\n"));
    if !entries.is_empty() {
        for (name, _) in OPERATIONS {
            assert!(done.get(name).is_some_and(|count| *count > 0), "{name} changed nothing in the whole corpus");
        }
        eprintln!("{done:#?}");
    }
}

#[test]
fn the_usual_form_is_stable_and_means_the_same() {
    for entry in corpus::entries() {
        let once = apply(&entry.text, &normalise(&Document::parse(&entry.text))).unwrap();
        let twice = apply(&once, &normalise(&Document::parse(&once))).unwrap();
        assert_eq!(String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice), "{}", entry.file);
        let count = |text: &[u8]| Document::parse(text).lines().iter().filter(|line| line.key() != Key::Other).count();
        assert_eq!(count(&entry.text), count(&once), "{}", entry.file);
    }
}

#[test]
fn no_address_survives_redaction() {
    for entry in corpus::entries() {
        let document = Document::parse(&entry.text);
        let out = apply(&entry.text, &redact(&document)).unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        let after = Document::parse(&out);
        for (old, new) in document.media().zip(after.media()) {
            for (old, new) in
                old.values::<rtcscope::sdp::Candidate<'_>>().zip(new.values::<rtcscope::sdp::Candidate<'_>>())
            {
                let address = old.address.parse::<std::net::IpAddr>();
                let open = address.is_ok_and(|address| address.is_unspecified() || address.is_loopback());
                assert!(open || old.address != new.address, "{}: {}", entry.file, old.address);
            }
        }
    }
}
