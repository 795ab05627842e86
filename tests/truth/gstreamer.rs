//! The RTP packets that a GStreamer peer wrote down one by one, and what its session made of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::report::{count, list};

/// What the rows of one source add up to, in the words of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    /// The source.
    pub(crate) ssrc: u64,
    /// The payload type.
    pub(crate) payload_type: u64,
    /// Sequence numbers.
    pub(crate) packets: u64,
    /// Numbers missing between the lowest and the highest.
    pub(crate) lost: u64,
    /// Further copies.
    pub(crate) duplicated: u64,
    /// First arrivals after a later number.
    pub(crate) reordered: u64,
    /// Bytes after the headers.
    pub(crate) bytes: u64,
    /// Bytes of headers.
    pub(crate) header_bytes: u64,
}

/// The sources of a peer, in order of first appearance. Columns of a row: time, session, direction, payload type,
/// marker, sequence number, timestamp, source, length of the packet, length of its payload.
pub(crate) fn rows(peer: &Value) -> Vec<Rows> {
    let mut all: Vec<(Rows, BTreeSet<i64>)> = Vec::new();
    for row in list(peer, "/rtp") {
        let (ssrc, sequence) = (count(row, "/7"), row[5].as_i64().expect("a sequence number"));
        let place = all.iter().position(|(rows, _)| rows.ssrc == ssrc).unwrap_or_else(|| {
            all.push((Rows { ssrc, payload_type: count(row, "/3"), ..Rows::default() }, BTreeSet::new()));
            all.len() - 1
        });
        let (rows, seen) = &mut all[place];
        let top = seen.last().copied().unwrap_or(sequence);
        let number = top + (sequence - top + 0x8000).rem_euclid(0x1_0000) - 0x8000;
        if !seen.insert(number) {
            rows.duplicated += 1;
            continue;
        }
        rows.packets += 1;
        rows.reordered += u64::from(number < top);
        rows.bytes += count(row, "/9");
        rows.header_bytes += count(row, "/8") - count(row, "/9");
    }
    let finish = |(mut rows, seen): (Rows, BTreeSet<i64>)| {
        let span = seen.last().zip(seen.first()).map_or(0, |(last, first)| last - first + 1);
        rows.lost = u64::try_from(span).expect("a span") - rows.packets;
        rows
    };
    all.into_iter().map(finish).collect()
}

/// What the session of `ssrc` said last: jitter in seconds at a receiver, round trip in seconds at a sender.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    /// Interarrival jitter.
    pub(crate) jitter: Option<f64>,
    /// Round trip by the last report block.
    pub(crate) round_trip: Option<f64>,
}

/// The session that `ssrc` belongs to.
pub(crate) fn session(peer: &Value, ssrc: u64) -> Option<Session> {
    let sessions = list(peer, "/finalStats");
    let sources = sessions.iter().map(|one| list(one, "/sources"));
    let sources = sources.into_iter().find(|sources| sources.iter().any(|source| count(source, "/ssrc") == ssrc))?;
    let mine = sources.iter().find(|source| count(source, "/ssrc") == ssrc)?;
    let rate = mine["clock-rate"].as_f64().filter(|rate| *rate > 0.0);
    let jitter = mine["jitter"].as_f64().filter(|jitter| *jitter > 0.0).zip(rate).map(|(jitter, rate)| jitter / rate);
    let others = sources.iter().filter(|source| source["have-rb"].as_bool() == Some(true));
    let round_trip = others.filter_map(|source| source["rb-round-trip"].as_f64()).find(|trip| *trip > 0.0);
    Some(Session { jitter, round_trip: round_trip.map(|trip| trip / 65_536.0) })
}
