//! How fast descriptions are read and written, beside the crates that do the same.
//!
//! Reads real offers of 5 to 9 kB from the corpus that `RTCSCOPE_CORPUS` points at, and prints megabytes a second:
//! the best of several rounds, all in one run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "../tests/corpus/mod.rs"]
mod corpus;

use std::hint::black_box;
use std::time::{Duration, Instant};

use rtcscope::sdp::edit::{CodecPattern, EditError, Scope, prefer_codecs, set_bandwidth, set_direction};
use rtcscope::sdp::{Direction, Document};
use rtcscope::text::{Edit, apply};

/// Rounds of a comparison; everybody runs once in each, so that a busy moment of the machine hits all alike.
const ROUNDS: usize = 24;

/// The best of all rounds for each, in bytes a second.
fn speeds<const N: usize>(texts: &[Vec<u8>], works: [(&str, Work); N]) -> [f64; N] {
    let bytes: usize = texts.iter().map(Vec::len).sum();
    let mut best = [0_f64; N];
    for _ in 0..ROUNDS {
        for (best, (_, work)) in best.iter_mut().zip(&works) {
            let start = Instant::now();
            let mut rounds = 0_u32;
            while start.elapsed() < Duration::from_millis(15) {
                texts.iter().for_each(|text| work(black_box(text)));
                rounds += 1;
            }
            *best = best.max(bytes as f64 * f64::from(rounds) / start.elapsed().as_secs_f64());
        }
    }
    for (best, (name, _)) in best.iter().zip(&works) {
        println!("{name:<58} {:>8.0} MB/s", best / 1e6);
    }
    best
}

/// The time for one text, the best of several runs.
fn time(text: &[u8], mut work: impl FnMut(&[u8])) -> f64 {
    (0..9)
        .map(|_| {
            let start = Instant::now();
            work(black_box(text));
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

/// `text` with its media sections `times` times.
fn repeated(text: &[u8], times: usize) -> Vec<u8> {
    let document = Document::parse(text);
    let start = document.session().span().end;
    let mut out = text[..start].to_vec();
    for _ in 0..times {
        out.extend_from_slice(&text[start..]);
    }
    out
}

/// All attributes that `sdp-types` has types for, each read once.
fn sdp_types_typed(session: &sdp_types::Session) {
    let levels = std::iter::once(&session.attributes).chain(session.medias.iter().map(|media| &media.attributes));
    for attribute in levels.flatten() {
        let value = attribute.value.as_deref().unwrap_or_default();
        macro_rules! each {
            ($($name:literal $type:ty),*) => {
                match attribute.attribute.as_str() {
                    $($name => { let _ = black_box(value.parse::<$type>()); })*
                    _ => {}
                }
            };
        }
        each!(
            "rtpmap" sdp_types::RtpMap, "fmtp" sdp_types::Fmtp, "rtcp" sdp_types::Rtcp, "rtcp-fb" sdp_types::RtcpFb,
            "extmap" sdp_types::ExtMap, "fingerprint" sdp_types::Fingerprint, "group" sdp_types::Group,
            "setup" sdp_types::Setup, "ssrc" sdp_types::Ssrc, "ssrc-group" sdp_types::SsrcGroup,
            "crypto" sdp_types::Crypto, "candidate" sdp_types::Candidate, "rid" sdp_types::Rid,
            "remote-candidates" sdp_types::RemoteCandidates, "source-filter" sdp_types::SourceFilter
        );
    }
}

fn main() {
    let texts: Vec<Vec<u8>> = corpus::entries()
        .into_iter()
        .filter(|entry| entry.verdict == "valid" && (5_000..=9_000).contains(&entry.text.len()) && entry.is_webrtc())
        .map(|entry| entry.text)
        .filter(|text| {
            sdp_types::Session::parse(text).is_ok()
                && str::from_utf8(text).is_ok_and(|text| webrtc_sdp::parse_sdp(text, false).is_ok())
        })
        .collect();
    if texts.is_empty() {
        return;
    }
    println!("{} descriptions, {} bytes\n", texts.len(), texts.iter().map(Vec::len).sum::<usize>());

    let [_, theirs, ours] = speeds(
        &texts,
        [("bare line scan", line_scan), ("sdp-types: parse", sdp_types_parse), ("rtcscope: document", document)],
    );
    println!("    {:.1} times sdp-types\n", ours / theirs);

    let [theirs, webrtc_sdp, ours] = speeds(
        &texts,
        [
            ("sdp-types: parse, all typed attributes", |text| {
                sdp_types_typed(&sdp_types::Session::parse(text).unwrap());
            }),
            ("webrtc-sdp: parse", webrtc_sdp_parse),
            ("rtcscope: every attribute typed, every fault collected", everything),
        ],
    );
    println!("    {:.1} times sdp-types, {:.1} times webrtc-sdp\n", ours / theirs, ours / webrtc_sdp);

    let [theirs, webrtc_sdp, direction, bandwidth, codec] = speeds(
        &texts,
        [
            ("sdp-types: parse and write", |text| {
                let mut out = Vec::new();
                sdp_types::Session::parse(text).unwrap().write(&mut out).unwrap();
                black_box(out.len());
            }),
            ("webrtc-sdp: parse and write", |text| {
                let session = webrtc_sdp::parse_sdp(str::from_utf8(text).unwrap(), false).unwrap();
                black_box(session.to_string().len());
            }),
            ("rtcscope: parse, set a direction, write", |text| {
                edited(text, |document| set_direction(document, Scope::Index(0), Direction::RecvOnly));
            }),
            ("rtcscope: parse, set a bandwidth, write", |text| {
                edited(text, |document| set_bandwidth(document, Scope::All, "AS", 500));
            }),
            ("rtcscope: parse, prefer a codec, write", |text| edited(text, prefer_the_last)),
        ],
    );
    let best = theirs.max(webrtc_sdp);
    println!("    {:.1}, {:.1} and {:.1} times the best of them", direction / best, bandwidth / best, codec / best);

    println!("\nOne text and 64 times its media:");
    let small = texts.iter().max_by_key(|text| text.len()).unwrap();
    let large = repeated(small, 64);
    let grown = large.len() as f64 / small.len() as f64;
    for (name, work) in GROWTH {
        let factor = time(&large, work) / time(small, work);
        println!("{name:<58} {factor:>8.0} times the time for {grown:.0} times the bytes");
    }
    println!("\nsdp-transform under node: node tests/sdp_transform/run.mjs --speed \"$RTCSCOPE_CORPUS/sdp\"");
}

type Work = fn(&[u8]);

fn line_scan(text: &[u8]) {
    black_box(text.split(|byte| *byte == b'\n').count());
}

fn document(text: &[u8]) {
    black_box(Document::parse(text).lines().len());
}

fn everything(text: &[u8]) {
    black_box(Document::parse(text).visit(|_, value| {
        black_box(value);
    }));
}

fn sdp_types_parse(text: &[u8]) {
    black_box(sdp_types::Session::parse(text).is_ok());
}

fn webrtc_sdp_parse(text: &[u8]) {
    black_box(webrtc_sdp::parse_sdp(str::from_utf8(text).unwrap(), false).is_ok());
}

fn edited(text: &[u8], operation: impl Fn(&Document<'_>) -> Result<Vec<Edit>, EditError>) {
    let edits = operation(&Document::parse(text)).unwrap();
    black_box(apply(text, &edits).unwrap().len());
}

fn prefer_the_last(document: &Document<'_>) -> Result<Vec<Edit>, EditError> {
    let last = document.media().find_map(|section| Some(section.media()?.payload_types().last()?.to_string()));
    prefer_codecs(document, Scope::All, &[CodecPattern::new(&last.unwrap_or_default())])
}

const GROWTH: &[(&str, Work)] = &[
    ("rtcscope: document", document),
    ("rtcscope: every attribute typed, every fault collected", everything),
    ("sdp-types: parse", sdp_types_parse),
    ("webrtc-sdp: parse", webrtc_sdp_parse),
];
