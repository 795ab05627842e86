//! The streams of the public captures, against what a second parser counted after RFC 3550, and tshark's jitter.
//!
//! The truth holds whatever looks like RTP, so that single packets and games are in it too. A stream is one if three of its numbers
//! were seen, or if the same addresses speak STUN or DTLS.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

#[path = "truth/ledger.rs"]
mod ledger;
#[path = "truth/report.rs"]
mod report;
#[path = "truth/streams.rs"]
mod streams;

use ledger::{Exception, Ledger};
use report::{count, list, text};
use serde_json::Value;
use streams::{Stream, streams};

const FAX: &str =
    "tshark takes the last packets of G.711 for T.38, which was agreed on for the same port a little earlier";
const DATA: &str =
    "one packet that tshark calls data fills the hole: the same source, the number and the size that fit";
const COPIES: &str = "the file holds each packet twice within 30 µs, with one IP identification: copies that the mirror port made, told in \
                      capture.duplicatePackets";
const JUMP: &str = "once the sender's timestamps jump by 9.5 s from one packet to the next: another clock, not jitter";
const REAL: &str = "G.711 beyond doubt: payload type 8, numbers +1, timestamps +160, one source a flow";

const EXCEPTIONS: &[Exception] = &[
    Exception {
        capture: "FAX-Call-t38-CA-TDM-SIP-FB-1.pcap",
        what: "246353583 10.35.60.100:15580 → 10.23.1.52:16756: numbers",
        reason: FAX,
    },
    Exception {
        capture: "hangout.pcap",
        what: "2756601595 10.89.61.13:48651 → 74.125.134.127:19305: numbers",
        reason: DATA,
    },
    Exception {
        capture: "stun_signal.pcapng",
        what: "2013 18.195.131.143:61498 → 192.168.12.169:47767*",
        reason: DATA,
    },
    Exception {
        capture: "skinny.pcap",
        what: "4139735004 192.168.195.58:32144 → 192.168.195.50:17718: numbers",
        reason: COPIES,
    },
    Exception {
        capture: "skinny.pcap",
        what: "2081452514 192.168.195.50:17718 → 192.168.195.58:32144: numbers",
        reason: COPIES,
    },
    Exception {
        capture: "audio-80-75-0f35c95f120.pcapng",
        what: "747709819 192.168.0.127:7078 → 192.168.0.226:7078: jitter",
        reason: JUMP,
    },
    Exception { capture: "false_positives.pcapng", what: "streams in a capture without any", reason: REAL },
];

/// A stream is believed after this many numbers.
const BELIEVED: u64 = 3;

/// One row of the truth, and the jitter that a static payload type allows.
struct Row<'a> {
    ssrc: u64,
    source: &'a str,
    destination: &'a str,
    entry: &'a Value,
}

impl<'a> Row<'a> {
    fn read(entry: &'a Value) -> Self {
        let ssrc = u64::from_str_radix(text(entry, "/ssrc").trim_start_matches("0x"), 16).expect("a source");
        Row { ssrc, source: text(entry, "/src"), destination: text(entry, "/dst"), entry }
    }

    fn is_of(&self, stream: &Stream) -> bool {
        let has = |ends: &[String], end: &str| ends.iter().any(|one| one == end);
        stream.ssrc == self.ssrc && has(&stream.sources, self.source) && has(&stream.destinations, self.destination)
    }

    /// Milliseconds at the end and at most, in the clock of the static payload type.
    fn jitter(&self) -> Option<(f64, f64)> {
        let clock = self.entry["clock"].as_f64()?;
        Some((self.entry["jitter_final_ms"].as_f64()?, self.entry["jitter_max_ticks"].as_f64()? / clock * 1000.0))
    }
}

fn near(found: Option<f64>, milliseconds: f64) -> bool {
    found.is_some_and(|found| (found * 1000.0 - milliseconds).abs() <= 0.01 + milliseconds * 0.01)
}

fn compare(ledger: &mut Ledger, name: &str, row: &Row<'_>, stream: &Stream) {
    let who = format!("{} {} → {}", row.ssrc, row.source, row.destination);
    let number = |key: &str| count(row.entry, key);
    if stream.legs.len() > 1 {
        let any = stream.legs.contains(&number("/unique"));
        ledger.holds(name, &format!("{who}: packets of a leg"), any, || {
            format!("{:?}, not {}", stream.legs, number("/unique"))
        });
        return;
    }
    let wanted = (
        number("/unique"),
        number("/missing"),
        number("/duplicates"),
        number("/reordered"),
        row.entry["lost_rfc3550"].as_i64().expect("a number"),
        number("/expected"),
    );
    let found =
        (stream.packets, stream.lost, stream.duplicated, stream.reordered, stream.lost_rfc3550, stream.expected);
    ledger.equal(name, &format!("{who}: numbers"), &wanted, &found);
    if let Some((last, most)) = row.jitter().filter(|_| number("/unique") > 1) {
        let (jitter, top) = stream.jitter;
        ledger.holds(name, &format!("{who}: jitter"), near(jitter, last) && near(top, most), || {
            format!("{jitter:?} and at most {top:?} seconds, not {last} and {most} ms")
        });
    }
}

/// The greatest jitter that tshark has for the same stream; both truths say the same wherever both say something.
fn truths_agree(ledger: &mut Ledger, name: &str, row: &Row<'_>, truth: &Value) {
    let mut rows = list(truth, "/rtp/streams_tshark").iter();
    let tshark = rows.find(|one| {
        one["src"] == row.entry["src"] && one["dst"] == row.entry["dst"] && one["ssrc"] == row.entry["ssrc"]
    });
    let (Some(tshark), Some((_, most))) = (tshark, row.jitter()) else { return };
    let theirs = tshark["max_jitter_ms"].as_f64().expect("a jitter");
    ledger.holds(name, &format!("{}: the two truths", row.ssrc), (theirs - most).abs() < 0.01, || {
        format!("tshark has {theirs} ms, the second parser {most}")
    });
}

#[test]
fn streams_agree_with_a_second_parser_and_tshark() {
    let Some(folder) = report::corpus("corpus") else { return };
    let manifest = report::document(&folder.join("manifest.json"));
    let mut ledger = Ledger::default();
    let (mut captures, mut held, mut doubtful) = (0_usize, 0_usize, 0_usize);
    for entry in manifest.as_array().expect("a list of captures") {
        let name = text(entry, "/name");
        if !report::wanted(name) {
            continue;
        }
        captures += 1;
        let truth = report::document(&folder.join("truth").join(format!("{name}.json")));
        let rows: Vec<Row<'_>> = list(&truth, "/rtp/streams_rfc3550").iter().map(Row::read).collect();
        let report = report::analyze(&folder.join("pcaps").join(name), &[]);
        let mut found = streams(&report);
        if text(entry, "/group") == "negative" {
            ledger.equal(name, "streams in a capture without any", &0, &found.len());
            let named: Vec<&str> = found.iter().map(|stream| stream.codec.as_str()).collect();
            ledger.holds(name, "only G.711 in it", named.iter().all(|codec| *codec == "pcma"), || format!("{named:?}"));
            continue;
        }
        for row in &rows {
            truths_agree(&mut ledger, name, row, &truth);
            let mine = found.iter().position(|stream| row.is_of(stream));
            if count(row.entry, "/unique") < BELIEVED {
                doubtful += 1;
            } else {
                let what = format!("{} {} → {}: is there", row.ssrc, row.source, row.destination);
                ledger.holds(name, &what, mine.is_some(), || "it is not".to_owned());
            }
            if let Some(place) = mine {
                compare(&mut ledger, name, row, &found[place]);
                held += 1;
            }
        }
        found.retain(|stream| !rows.iter().any(|row| row.is_of(stream)));
        let more: Vec<String> =
            found.iter().map(|one| format!("{} {:?} {}", one.ssrc, one.sources, one.packets)).collect();
        ledger.equal(name, "streams that nobody else sees", &Vec::<String>::new(), &more);
    }
    println!("{held} streams of {captures} captures, {doubtful} rows of one or two packets");
    if std::env::var_os("RTCSCOPE_ONLY").is_none() {
        assert!(held >= 110, "{held} streams");
    }
    ledger.settle(EXCEPTIONS);
}
