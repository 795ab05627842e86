//! Streams of a report against what the captured peers counted.
//!
//! A peer's statistics are of a moment, so the capture is cut off at that moment: what it holds then are the very packets
//! that the peer had sent to or taken from the network. Chromium counts packets of the retransmission source with
//! those of the media; browsers count padding as part of the headers, and nothing of what SRTP adds.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::claims::{Claim, claims};
use super::cut::Cut;
use super::ledger::Ledger;
use super::media_point::{Call, Point};
use super::report::{analyze, list};
use super::streams::{Stream, streams};

/// Payload types that carry other media inside, so that the codec of the statistics is not the one on the wire.
const WRAPPERS: &[&str] = &["red", "ulpfec", "flexfec-03"];

/// The streams of a capture up to each moment that was asked for.
struct Moments<'a> {
    capture: &'a Path,
    known: BTreeMap<u64, Vec<Stream>>,
}

impl Moments<'_> {
    fn at(&mut self, time: f64) -> &[Stream] {
        self.known
            .entry(time.to_bits())
            .or_insert_with(|| streams(&analyze(Cut::until(self.capture, time).path(), &[])))
    }
}

/// Packets and bytes of all streams of a claim's sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sum {
    packets: u64,
    bytes: u64,
}

impl Sum {
    fn of(streams: &[Stream], claim: &Claim) -> Self {
        let repeats = claim.rtx.filter(|_| claim.counts_rtx);
        let mine = streams.iter().filter(|stream| stream.ssrc == claim.ssrc || Some(stream.ssrc) == repeats);
        let tag = claim.tag.unwrap_or(0);
        mine.fold(Sum { packets: 0, bytes: 0 }, |sum, stream| Sum {
            packets: sum.packets + stream.packets,
            bytes: (sum.bytes + stream.bytes + stream.header_bytes).saturating_sub(tag * stream.packets),
        })
    }
}

/// Holds the report of `point` against every claim that it can show.
pub(crate) fn judge(ledger: &mut Ledger, folder: &Path, call: &Call, point: &Point, report: &Value) {
    let all = claims(&call.truth);
    let whole = streams(report);
    let capture = folder.join(&point.file);
    let mut moments = Moments { capture: &capture, known: BTreeMap::new() };
    for claim in call.claims_at(point, &all) {
        let way = if claim.outbound { "from" } else { "to" };
        let who = format!("{} {} {} {}", claim.kind, way, claim.peer, claim.ssrc);
        let mine: Vec<&Stream> = whole.iter().filter(|stream| stream.ssrc == claim.ssrc).collect();
        ledger.holds(&point.file, &format!("{who}: is there"), !mine.is_empty(), || "it is not".to_owned());
        if mine.is_empty() {
            continue;
        }
        count(ledger, &mut moments, point, claim, &who);
        for stream in &mine {
            describe(ledger, call, point, report, claim, stream, &who);
        }
        for (before, after) in mine.iter().zip(mine.iter().skip(1)) {
            ledger.equal(&point.file, &format!("{who}: goes on with"), &before.id, &after.continues);
        }
        let legs: usize = mine.iter().map(|stream| stream.legs.len()).sum();
        ledger.holds(&point.file, &format!("{who}: legs"), legs >= call.legs_at(point), || format!("{legs}"));
        retransmissions(ledger, point, claim, &whole, &mine, &who);
    }
}

/// What is counted, at the moment of the statistics.
fn count(ledger: &mut Ledger, moments: &mut Moments<'_>, point: &Point, claim: &Claim, who: &str) {
    let sum = Sum::of(moments.at(claim.time), claim);
    ledger.equal(&point.file, &format!("{who}: packets"), &claim.packets, &sum.packets);
    if let Some(bytes) = claim.bytes.filter(|_| claim.tag.is_some()) {
        ledger.equal(&point.file, &format!("{who}: bytes"), &bytes, &sum.bytes);
    }
    let exact = sum.packets == claim.packets;
    let mine: Vec<&Stream> = moments.at(claim.time).iter().filter(|stream| stream.ssrc == claim.ssrc).collect();
    let [stream] = mine.as_slice() else { return };
    if let Some(lost) = claim.lost {
        ledger.equal(&point.file, &format!("{who}: lost"), &lost, &stream.lost_rfc3550);
    } else {
        // nothing is lost before the capture where the sender is
        ledger.equal(&point.file, &format!("{who}: lost at the sender"), &0, &stream.lost);
    }
    if let Some(frames) = claim.frames.filter(|_| exact) {
        ledger.equal(&point.file, &format!("{who}: frames"), &Some(frames), &stream.frames);
    }
    // a build that does not tell reports yet leaves the key out of every stream
    if let Some((reports, told)) = claim.reports.filter(|_| exact).zip(stream.sender_reports) {
        ledger.equal(&point.file, &format!("{who}: sender reports"), &reports, &told);
    }
}

/// What a stream is called: kind, media identification, codec, and which way it goes.
fn describe(
    ledger: &mut Ledger,
    call: &Call,
    point: &Point,
    report: &Value,
    claim: &Claim,
    stream: &Stream,
    who: &str,
) {
    let file = point.file.as_str();
    let signaled = list(report, "/signaling/exchanges").iter().any(|one| !list(one, "/descriptions").is_empty());
    let known = |found: &str, right: bool| if found.is_empty() { !signaled } else { right };
    ledger.holds(file, &format!("{who}: kind"), known(&stream.kind, stream.kind == claim.kind), || stream.kind.clone());
    if let Some(mid) = &claim.mid {
        ledger.holds(file, &format!("{who}: mid"), known(&stream.mid, stream.mid == *mid), || {
            format!("{:?} where the peer says {mid:?}", stream.mid)
        });
    }
    // of redundant data either its own name or, as the peer has it, that of what is inside
    let encodings = call.encodings(stream.payload_type);
    let wrapped = encodings.iter().any(|name| WRAPPERS.contains(&name.as_str()));
    let same = claim.codec.as_ref().is_none_or(|codec| stream.codec == *codec);
    let right = if wrapped {
        encodings.contains(&stream.codec) || (same && claim.codec.is_some() && encodings.contains(&stream.wrapped_in))
    } else {
        encodings.contains(&stream.codec) && same
    };
    ledger.holds(file, &format!("{who}: codec"), known(&stream.codec, right), || {
        format!("{:?} where type {} is {encodings:?}, the peer's {:?}", stream.codec, stream.payload_type, claim.codec)
    });
    let hosts = call.hosts(&claim.node);
    let way = if claim.outbound { stream.comes_from(&hosts) } else { stream.goes_to(&hosts) };
    ledger.holds(file, &format!("{who}: direction"), way, || {
        format!("{:?} to {:?} where the peer is at {hosts:?}", stream.sources, stream.destinations)
    });
}

/// The stream of the retransmission source says what it repeats.
fn retransmissions(ledger: &mut Ledger, point: &Point, claim: &Claim, whole: &[Stream], mine: &[&Stream], who: &str) {
    let repeats = whole.iter().filter(|stream| Some(stream.ssrc) == claim.rtx);
    for stream in repeats {
        let named = mine.iter().any(|one| one.id == stream.retransmission_of);
        ledger.holds(&point.file, &format!("{who}: retransmissions of {}", stream.ssrc), named, || {
            format!("{:?} where the stream is {:?}", stream.retransmission_of, mine.first().map(|one| &one.id))
        });
        let codec = stream.codec.as_str();
        ledger.holds(&point.file, &format!("{who}: codec of {}", stream.ssrc), matches!(codec, "rtx" | ""), || {
            codec.to_owned()
        });
    }
}
