//! Streams of a report against what the second reader found in the same capture.

use serde_json::Value;

use super::ledger::Ledger;
use super::second_reader::{Leg, Read};
use super::streams::{Stream, streams};

/// Holds every stream of `report` against `read`.
pub(crate) fn judge(ledger: &mut Ledger, capture: &str, report: &Value, read: &[Read]) {
    let mut left = streams(report);
    for one in read {
        let who = format!("{} from {}", one.ssrc, one.legs[0].source);
        let (mine, others): (Vec<Stream>, Vec<Stream>) = left.into_iter().partition(|stream| is_of(stream, one));
        left = others;
        if mine.is_empty() {
            ledger.holds(capture, &who, false, || "is not among the streams".to_owned());
            continue;
        }
        let reports: u64 = mine.iter().map(|stream| stream.rtcp_packets).sum();
        // media and control of plain RTP use different ports, so that the reader cannot say on which leg a report belongs
        if one.rtcp > 0 {
            ledger.equal(capture, &format!("{who}: datagrams of RTCP"), &one.rtcp, &reports);
        }
        let legs: usize = mine.iter().map(|stream| stream.legs.len()).sum();
        ledger.equal(capture, &format!("{who}: legs"), &one.legs.len(), &legs);
        match (mine.as_slice(), one.legs.as_slice()) {
            ([stream], [leg]) => {
                single(ledger, capture, &who, one, leg, stream);
                totals(ledger, capture, &who, one, stream);
            }
            ([stream], legs) => {
                totals(ledger, capture, &who, one, stream);
                let mut wanted: Vec<u64> = legs.iter().map(|leg| leg.packets).collect();
                let mut found = stream.legs.clone();
                wanted.sort_unstable();
                found.sort_unstable();
                ledger.equal(capture, &format!("{who}: packets of each leg"), &wanted, &found);
            }
            // a stream that moved to other addresses may be told in parts
            (parts, legs) => {
                let found: u64 = parts.iter().map(|stream| stream.packets).sum();
                let most: u64 = legs.iter().map(|leg| leg.packets).sum();
                let lost: u64 = parts.iter().map(|stream| stream.lost).sum();
                ledger.holds(
                    capture,
                    &format!("{who}: packets of all parts"),
                    (one.packets..=most).contains(&found),
                    || format!("{found} where {} are on {most} places", one.packets),
                );
                let most = one.lost.max(legs.iter().map(|leg| leg.lost).sum());
                ledger
                    .holds(capture, &format!("{who}: lost of all parts"), lost <= most, || format!("{lost} of {most}"));
            }
        }
    }
    for stream in left {
        let who = format!("{} from {}", stream.ssrc, stream.sources[0]);
        ledger.holds(capture, &who, false, || format!("is not in the capture: {stream:?}"));
    }
}

/// Whether `stream` is what `read` found: its source, and not the other way round.
fn is_of(stream: &Stream, read: &Read) -> bool {
    let reversed = |leg: &Leg| stream.sources.contains(&leg.destination) && stream.destinations.contains(&leg.source);
    stream.ssrc == read.ssrc && !read.legs.iter().all(reversed)
}

fn totals(ledger: &mut Ledger, capture: &str, who: &str, read: &Read, stream: &Stream) {
    ledger.equal(capture, &format!("{who}: packets"), &read.packets, &stream.packets);
    ledger.equal(capture, &format!("{who}: lost"), &read.lost, &stream.lost);
    ledger.equal(capture, &format!("{who}: bytes"), &read.bytes, &stream.bytes);
    ledger.equal(capture, &format!("{who}: header bytes"), &read.header_bytes, &stream.header_bytes);
}

fn single(ledger: &mut Ledger, capture: &str, who: &str, read: &Read, leg: &Leg, stream: &Stream) {
    ledger.equal(capture, &format!("{who}: duplicated"), &leg.duplicated, &stream.duplicated);
    ledger.equal(capture, &format!("{who}: reordered"), &leg.reordered, &stream.reordered);
    ledger.equal(capture, &format!("{who}: RFC 3550 lost"), &leg.lost_rfc3550, &stream.lost_rfc3550);
    let expected = i64::try_from(read.packets + leg.duplicated).expect("a count") + leg.lost_rfc3550;
    ledger.equal(capture, &format!("{who}: expected"), &u64::try_from(expected).unwrap_or(0), &stream.expected);
    if stream.kind == "video" && stream.retransmission_of.is_empty() {
        ledger.equal(capture, &format!("{who}: frames"), &Some(leg.timestamps), &stream.frames);
    }
}
