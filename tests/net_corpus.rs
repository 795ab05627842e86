//! Every capture of the public corpus, read and taken apart, against what tshark says of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs)]
#![cfg(feature = "capture")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rtcscope::capture::{Error, Reader};
use rtcscope::net::{Datagram, IcmpError, Limits, Sink, Stack, TcpEvent, TcpWhat};
use serde_json::Value;

#[derive(Default)]
struct Counts {
    datagrams: u64,
    errors: u64,
    bytes: BTreeMap<(u64, String), u64>,
}

impl Sink for Counts {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        assert!(datagram.payload.len() <= datagram.length);
        self.datagrams += 1;
    }

    fn icmp_error(&mut self, _: &IcmpError<'_>) {
        self.errors += 1;
    }

    fn tcp(&mut self, event: &TcpEvent<'_>) {
        if let TcpWhat::Bytes(bytes) = event.what {
            assert!(!bytes.is_empty());
            *self.bytes.entry((event.stream.0, event.source.to_string())).or_default() += bytes.len() as u64;
        }
    }
}

struct Outcome {
    reader: Reader,
    stack: Stack,
    counts: Counts,
    earliest: Option<i64>,
    latest: Option<i64>,
    error: Option<Error>,
}

fn run(path: &Path) -> Outcome {
    let mut reader = Reader::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut stack = Stack::new(Limits::default());
    let mut counts = Counts::default();
    let (mut earliest, mut latest, mut error) = (None, None, None);
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => {
                let time = frame.moment.time.0;
                earliest = Some(earliest.map_or(time, |earliest: i64| earliest.min(time)));
                latest = latest.max(Some(time));
                stack.observe(&frame, &mut counts);
            }
            Ok(None) => break,
            Err(found) => {
                error = Some(found);
                break;
            }
        }
    }
    stack.finish(&mut counts);
    Outcome { reader, stack, counts, earliest, latest, error }
}

/// Where this project and tshark differ, and why: file, what is compared, what is found here.
const DIFFERENCES: &[(&str, &str, u64)] = &[
    // Tunnels and link types that are not read here are counted as skipped.
    ("LINKTYPE_PKTAP.pcap", "datagrams", 0),
    ("dlt_ppp.pcap", "datagrams", 0),
    ("nflog.pcap", "datagrams", 0),
    ("radiotap.pcap", "datagrams", 0),
    ("wlanmon.pcap", "datagrams", 0),
    // tshark numbers custom blocks as if they were packets.
    ("be_basic_test017.pcapng", "packets", 0),
    ("le_basic_test017.pcapng", "packets", 0),
    ("be_difficult_test202.pcapng", "packets", 8),
    ("le_difficult_test202.pcapng", "packets", 8),
    // Two interfaces were given the same packets at the same time.
    ("be_difficult_test202.pcapng", "datagrams", 5),
    ("le_difficult_test202.pcapng", "datagrams", 5),
    // One frame goes back from a packet, another from a simple packet, to which tshark gives no time.
    ("be_difficult_test202.pcapng", "clock went back", 2),
    ("le_difficult_test202.pcapng", "clock went back", 2),
    // Two first fragments and one in the middle; tshark takes the second one apart, though others should follow.
    ("fragmented-1.pcap", "datagrams", 0),
    // A header of which four bytes were captured.
    ("udp-length-heapoverflow.pcap", "datagrams", 0),
    // The calls between some of the telephones were captured twice.
    ("skinny.pcap", "datagrams", 101),
    ("FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", "datagrams", 1534),
];

/// Captures of simple packets alone, or at the beginning: they have no time, and count as of 1970.
const TIMELESS: &[&str] = &[
    "be_advanced_test100.pcapng",
    "be_basic_test010.pcapng",
    "be_basic_test011.pcapng",
    "le_advanced_test100.pcapng",
    "le_basic_test010.pcapng",
    "le_basic_test011.pcapng",
];

/// The corpus, where it is.
fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("RTCSCOPE_CORPUS").map(PathBuf::from);
    if root.is_none() {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
    }
    root
}

fn captures(folder: &Path) -> Vec<PathBuf> {
    let mut captures: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng"))
        .collect();
    captures.sort();
    captures
}

fn nanoseconds(seconds: &Value) -> Option<f64> {
    seconds.as_f64().map(|seconds| seconds * 1e9)
}

/// How many frames hold a UDP datagram by their protocol strings: `udp` outside of an ICMP error and not in a tunnel.
fn datagrams_expected(truth: &Value) -> u64 {
    let frames = truth["frame_protocols"].as_object().unwrap();
    frames.iter().filter(|(protocols, _)| is_plain_udp(protocols)).map(|(_, frames)| frames.as_u64().unwrap()).sum()
}

fn is_plain_udp(protocols: &str) -> bool {
    let mut network = protocols
        .split(':')
        .skip_while(|name| !matches!(*name, "ip" | "ipv6"))
        .skip(1)
        .skip_while(|name| name.starts_with("ipv6.") || *name == "ah");
    network.next() == Some("udp") && !protocols.contains("pppoes") && !protocols.contains("mpls")
}

#[test]
fn every_capture_agrees_with_tshark() {
    let Some(root) = corpus() else { return };
    let paths = captures(&root.join("corpus/pcaps"));
    assert!(paths.len() > 200, "{} captures", paths.len());
    let faults = RefCell::new(Vec::new());
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let truth = fs::read_to_string(root.join(format!("corpus/truth/{name}.json"))).unwrap();
        let truth: Value = serde_json::from_str(&truth).unwrap();
        let outcome = run(path);
        let check = |what: &str, found: u64, expected: u64| {
            let here = DIFFERENCES.iter().find(|(file, which, _)| *file == name && *which == what);
            let expected = here.map_or(expected, |(_, _, here)| *here);
            if found != expected {
                faults.borrow_mut().push(format!("{name}: {what} {found}, expected {expected}"));
            }
        };
        let told = &truth["capture"];
        let number = |key: &str| told[key].as_u64().unwrap();
        check("errors", u64::from(outcome.error.is_some()), 0);
        check("packets", outcome.reader.frames(), number("packets"));
        check("truncated packets", outcome.stack.truncated_packets(), number("truncated_packets"));
        check("clock went back", outcome.stack.clock_went_back().times, number("timestamp_goes_back"));
        for (what, found, expected) in
            [("first", outcome.earliest, &told["first_epoch"]), ("last", outcome.latest, &told["last_epoch"])]
        {
            // Seconds as a number of 53 bits are good for a microsecond.
            let agree = match (found, nanoseconds(expected)) {
                (Some(found), Some(expected)) => (found as f64 - expected).abs() < 1000.0,
                (found, expected) => found.is_none() == expected.is_none(),
            };
            if !agree && !TIMELESS.contains(&name.as_str()) {
                faults.borrow_mut().push(format!("{name}: {what} {found:?}, expected {expected}"));
            }
        }
        check("datagrams", outcome.counts.datagrams, datagrams_expected(&truth));
        let faulty = faults.borrow().last().is_some_and(|fault: &String| fault.starts_with(&format!("{name}:")));
        if faulty {
            let skipped: Vec<_> =
                outcome.stack.skipped().map(|(reason, packets)| format!("{reason} {packets}")).collect();
            faults.borrow_mut().push(format!("    skipped {skipped:?}, {:?}", outcome.stack.copy_evidence()));
        }
    }
    let faults = faults.into_inner();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The captures that were made for this project, with what is special about each.
#[test]
fn captures_of_every_kind_are_read_to_their_end() {
    let Some(root) = corpus() else { return };
    let paths = captures(&root.join("captures"));
    assert!(paths.len() > 80, "{} captures", paths.len());
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy();
        let outcome = run(path);
        match outcome.error {
            Some(Error::Cut { expected, found, .. }) if name == "x-cut-file.pcap" => {
                assert_eq!((expected, found), (70, 6))
            }
            error => assert!(error.is_none(), "{name}: {error:?}"),
        }
        assert!(outcome.reader.frames() > 0);
        assert!(outcome.counts.datagrams > 0 || !outcome.counts.bytes.is_empty(), "{name}");
        assert_eq!(outcome.stack.truncated_packets() > 0, name == "x-snaplen96.pcap", "{name}");
        // dumpcap does not put what two processors captured into order.
        assert!(outcome.stack.clock_went_back().largest < std::time::Duration::from_secs(1), "{name}");
        assert_eq!(outcome.stack.copies(), 0, "{name}");
        assert_eq!(outcome.reader.secrets().len(), usize::from(name == "x-dsb.pcapng"));
    }
}

/// A mirror port gives each packet twice; what is in them stays the same.
#[test]
fn a_mirrored_capture_gives_what_the_plain_one_gives() {
    let Some(root) = corpus() else { return };
    for path in captures(&root.join("captures")) {
        let plain = run(&path);
        let mut reader = Reader::open(&path).unwrap();
        let mut stack = Stack::new(Limits::default());
        let mut counts = Counts::default();
        while let Ok(Some(mut frame)) = reader.next_frame() {
            for later in [0, 20_000] {
                frame.moment.time.0 += later;
                stack.observe(&frame, &mut counts);
            }
        }
        stack.finish(&mut counts);
        let name = path.file_name().unwrap().to_string_lossy();
        assert_eq!(counts.datagrams, plain.counts.datagrams, "{name}");
        assert_eq!(counts.errors, plain.counts.errors, "{name}");
        assert_eq!(counts.bytes, plain.counts.bytes, "{name}");
        let not_ip = |stack: &Stack| {
            stack.skipped().filter(|(reason, _)| reason.name() == "arp").map(|(_, packets)| packets).sum::<u64>()
        };
        // Empty segments before the habit of the capture is known are passed on, and later on those that repeat each other may
        // be left out: they give nothing.
        let difference = (reader.frames() - not_ip(&plain.stack)).abs_diff(stack.copies());
        assert!(difference <= 12, "{name}: {difference} of {} frames", reader.frames());
    }
}
