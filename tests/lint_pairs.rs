//! Offers and answers that real parties made: an error between the two is a fault of theirs, each looked at and listed here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs, unreachable_pub)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rtcscope::finding::Severity;
use rtcscope::lint::{Options, Pairing, Subject, Text, check};
use rtcscope::sdp::Document;
use serde_json::Value;

/// The folder of public data; `None`, with a line that says so, where it is not there.
fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("RTCSCOPE_CORPUS");
    if root.is_none() {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
    }
    root.map(Into::into)
}

/// The rules about pairs that find something, with their severity.
fn found(offer: &[u8], answer: &[u8]) -> BTreeSet<(Severity, &'static str)> {
    let (offer, answer) = (Document::parse(offer), Document::parse(answer));
    let report = check(&Pairing::new(&offer, &answer), &Options::default());
    let pairs = report.findings.iter().filter(|finding| finding.rule.subject() == Subject::Pair);
    pairs.map(|finding| (finding.severity, finding.rule.rule.name)).collect()
}

fn errors(offer: &[u8], answer: &[u8]) -> Vec<&'static str> {
    let all = found(offer, answer).into_iter();
    all.filter(|(severity, _)| *severity == Severity::Error).map(|(_, name)| name).collect()
}

fn file(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<u8> {
    let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let path = files.find(|path| wanted(&path.file_name().unwrap().to_string_lossy()));
    std::fs::read(path.expect("a file of this name")).unwrap()
}

#[test]
fn the_examples_of_rfc_9429_have_no_error() {
    let Some(root) = corpus() else { return };
    let folder = root.join("sdp/jsep-rfc9429");
    for name in ["A1", "B1", "B2", "C1", "C2"] {
        let read = |kind: &str| file(&folder, |file| file.ends_with(&format!("{kind}-{name}.sdp")));
        assert_eq!(errors(&read("offer"), &read("answer")), Vec::<&str>::new(), "{name}");
    }
}

/// Offers and answers of `sdp_neg_test` of pjsip by the numbers of their files, and the errors between them: two answers were
/// written to be wrong, one with a line too few and one with another kind of media.
const PJSIP: &[(usize, usize, &[&str])] = &[
    (1, 2, &[]),
    (8, 9, &[]),
    (10, 11, &[]),
    (13, 14, &[]),
    (18, 19, &[]),
    (22, 23, &[]),
    (25, 26, &[]),
    (30, 31, &[]),
    (34, 35, &[]),
    (39, 40, &["sdp-p-mline-count"]),
    (42, 43, &["sdp-p-mline-type-order"]),
    (45, 46, &[]),
    (49, 48, &[]),
    (50, 51, &[]),
    (54, 53, &[]),
    (55, 56, &[]),
    (59, 58, &[]),
    (4, 5, &[]),
    (1, 7, &[]),
    (10, 16, &[]),
    (13, 17, &[]),
    (25, 29, &[]),
    (34, 38, &[]),
    (60, 62, &[]),
    (65, 63, &[]),
    (67, 69, &[]),
    (70, 71, &[]),
    (73, 74, &[]),
];

#[test]
fn errors_in_the_series_of_pjsip_are_those_that_it_was_written_for() {
    let Some(root) = corpus() else { return };
    let folder = root.join("sdp/pjsip-neg");
    let read = |number: usize| file(&folder, |file| file.starts_with(&format!("{number:04}-")));
    for (offer, answer, expected) in PJSIP {
        assert_eq!(errors(&read(*offer), &read(*answer)), *expected, "{offer} {answer}");
    }
}

/// Each offer of a capture with its answer, as one peer saw them.
fn exchanges(root: &Path) -> Vec<(String, String, String)> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root.join("captures")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".truth.json"));
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let truth: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let scenario = path.file_name().unwrap().to_string_lossy().replace(".truth.json", "");
        for (peer, value) in truth["peers"].as_object().into_iter().flatten() {
            let mut open: Option<String> = None;
            for sent in value["sdp"].as_array().into_iter().flatten() {
                let text = sent["sdp"].as_str().unwrap_or_default().to_owned();
                match sent["type"].as_str() {
                    Some("offer") => open = Some(text),
                    Some("answer") => {
                        found.extend(open.take().map(|offer| (format!("{scenario} {peer}"), offer, text)));
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

#[test]
fn answers_of_browsers_and_other_stacks_have_no_error() {
    let Some(root) = corpus() else { return };
    let (mut pairs, mut faults) = (0, Vec::new());
    let mut told: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for (label, offer, answer) in exchanges(&root) {
        pairs += 1;
        for (severity, name) in found(offer.as_bytes(), answer.as_bytes()) {
            *told.entry((severity, name)).or_default() += 1;
            if severity == Severity::Error {
                faults.push(format!("{label}: {name}"));
            }
        }
    }
    eprintln!("{pairs} pairs looked at: {told:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whatever is found has its place in the text that it names.
fn places(offer: &[u8], answer: &[u8]) -> usize {
    let documents = (Document::parse(offer), Document::parse(answer));
    let report = check(&Pairing::new(&documents.0, &documents.1), &Options::default());
    for finding in &report.findings {
        for place in finding.labels.iter().map(|label| label.place).chain([finding.place]) {
            let text = if place.text == Text::Offer { offer } else { answer };
            assert!(place.span.start <= place.span.end && place.span.end <= text.len(), "{finding:?}");
        }
    }
    report.findings.len()
}

const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

/// Descriptions of a megabyte in which every rule finds much: the time is that of a pass, not of one for each finding.
#[test]
fn hostile_pairs_take_linear_time() {
    let repeated = |line: &dyn Fn(usize) -> String, count: usize| (0..count).map(line).collect::<String>();
    let mids = repeated(&|at| format!(" {at}"), 20_000);
    let sections = |direction: &str| {
        repeated(&|at| format!("m=audio 9 RTP/AVP 0 8 96\r\na=mid:{at}\r\na={direction}\r\na=rtcp-rsize\r\n"), 20_000)
    };
    let section = |line: &dyn Fn(usize) -> String| {
        let media =
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\na=mid:0\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:98 H264/90000\r\n";
        format!("{HEAD}a=group:BUNDLE 0\r\n{media}{}", repeated(line, 40_000))
    };
    let cases = [
        (
            format!("{HEAD}a=group:BUNDLE{mids}\r\n{}", sections("inactive")),
            format!("{HEAD}a=group:BUNDLE{mids}\r\n{}", sections("sendrecv")),
        ),
        (section(&|at| format!("a=rid:{at} send\r\n")), section(&|at| format!("a=rid:{} send\r\n", at + 1))),
        (section(&|_| "a=rtcp-fb:96 nack\r\n".into()), section(&|at| format!("a=rtcp-fb:96 x{at}\r\n"))),
        (
            section(&|at| format!("a=extmap:{at} urn:x:{at}\r\n")),
            section(&|at| format!("a=extmap:{at} urn:y:{at}\r\n")),
        ),
        (section(&|at| format!("a=ssrc:{at} cname:a\r\n")), section(&|at| format!("a=ssrc:{at} cname:a\r\n"))),
        (
            section(&|at| format!("a=fmtp:98 x={at}\r\n")),
            section(&|at| format!("a=fmtp:97 x={at}\r\n")).replace("96 97 98", "96 98"),
        ),
        (
            format!("{HEAD}{}", repeated(&|at| format!("a=extmap:{at} urn:x:{at}\r\n"), 20_000))
                + &sections("inactive"),
            format!("{HEAD}{}", repeated(&|at| format!("a=extmap:{at} urn:y:{at}\r\n"), 20_000))
                + &sections("inactive"),
        ),
    ];
    for (number, (offer, answer)) in cases.iter().enumerate() {
        let begin = Instant::now();
        let count = places(offer.as_bytes(), answer.as_bytes());
        let took = begin.elapsed();
        eprintln!("case {number}: {count} findings in {took:?}");
        assert!(took < Duration::from_secs(20), "case {number} took {took:?}");
    }
}

#[test]
fn mutated_pairs_are_survived() {
    let offer = format!(
        "{HEAD}a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 97\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n\
         a=rtpmap:97 rtx/48000\r\na=fmtp:97 apt=111\r\na=extmap:3/sendonly urn:x\r\na=setup:actpass\r\na=rtcp-mux\r\n\
         m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=bundle-only\r\na=rtpmap:96 H264/90000\r\n\
         a=fmtp:96 profile-level-id=42e01f\r\na=rid:h send max-width=1280\r\na=simulcast:send h\r\na=crypto:1 A inline:b\r\n"
    );
    let bytes = offer.as_bytes();
    for at in 0..bytes.len() {
        places(bytes, &bytes[..at]);
        for byte in [b' ', b'0', b'\n', 0xff] {
            let mut other = bytes.to_vec();
            other[at] = byte;
            places(bytes, &other);
            places(&other, bytes);
        }
    }
}
