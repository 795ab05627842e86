//! One RTP object of `getStats`, and its last values.

use std::collections::HashMap;

use crate::moment::Timestamp;
use crate::signaling::file::{SideConnection, StatsSeries};

/// Objects of one connection; a conference of a hundred has some six hundred.
const OBJECTS: usize = 4096;

/// What an endpoint counted of one stream, as far as it says so: the members of the W3C statistics of the same names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counters {
    /// `packetsSent` or `packetsReceived`.
    pub packets: u64,
    /// `packetsLost`, of a receiver; of a sender what the receiver has told it (`remote-inbound-rtp`). Duplicates make it negative.
    pub packets_lost: Option<i64>,
    /// `bytesSent` or `bytesReceived`.
    pub bytes: Option<u64>,
    /// `headerBytesSent` or `headerBytesReceived`.
    pub header_bytes: Option<u64>,
    /// `retransmittedPacketsSent` or `retransmittedPacketsReceived`.
    pub retransmitted_packets: Option<u64>,
    /// `jitter`, in seconds; of a sender what the receiver has told it.
    pub jitter: Option<f64>,
    /// `roundTripTime` of what the receiver has told the sender, in seconds.
    pub round_trip_time: Option<f64>,
    /// `nackCount`
    pub nack_count: Option<u64>,
    /// `pliCount`
    pub pli_count: Option<u64>,
    /// `firCount`
    pub fir_count: Option<u64>,
    /// `framesPerSecond`
    pub frames_per_second: Option<f64>,
    /// `freezeCount`
    pub freeze_count: Option<u64>,
    /// `totalFreezesDuration`, in seconds.
    pub total_freezes_duration: Option<f64>,
}

/// One object.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Object {
    pub(super) ssrc: u32,
    /// The SSRC of retransmissions, which are then among its packets.
    pub(super) rtx: Option<u32>,
    pub(super) outbound: bool,
    /// The first value.
    pub(super) start: Timestamp,
    /// The last value.
    pub(super) end: Timestamp,
    pub(super) counters: Counters,
}

/// The series of one object by name.
type Members<'a> = HashMap<&'a str, &'a StatsSeries>;

/// The objects of `connection` that count RTP, in the order of the file.
pub(super) fn objects(connection: &SideConnection) -> Vec<Object> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut found: Vec<(&str, Members<'_>)> = Vec::new();
    let kinds = ["outbound-rtp", "inbound-rtp", "remote-inbound-rtp"];
    for series in connection.stats.iter().filter(|series| kinds.contains(&&*series.kind)) {
        let id = (&*series.kind, &*series.id);
        if !places.contains_key(&id) && found.len() >= OBJECTS {
            continue;
        }
        let place = *places.entry(id).or_insert(found.len());
        if place == found.len() {
            found.push((&series.kind, HashMap::new()));
        }
        if let Some((_, members)) = found.get_mut(place) {
            members.insert(&series.name, series);
        }
    }
    let told: HashMap<u32, &Members<'_>> = found
        .iter()
        .filter(|(kind, _)| *kind == "remote-inbound-rtp")
        .filter_map(|(_, members)| Some((ssrc(members, "ssrc")?, members)))
        .collect();
    found.iter().filter_map(|(kind, members)| object(kind, members, &told)).collect()
}

fn object(kind: &str, members: &Members<'_>, told: &HashMap<u32, &Members<'_>>) -> Option<Object> {
    let outbound = match kind {
        "outbound-rtp" => true,
        "inbound-rtp" => false,
        _ => return None,
    };
    let own = ssrc(members, "ssrc")?;
    // What a receiver says of itself stands in its own object; of a sender in what it was told.
    let hearsay = if outbound { told.get(&own).copied() } else { Some(members) };
    let name = |sent: &'static str, received: &'static str| if outbound { sent } else { received };
    let packets = members.get(name("packetsSent", "packetsReceived"))?;
    let place = packets.values.numbers().iter().rposition(Option::is_some)?;
    let lost = hearsay.and_then(|told| last(told, "packetsLost")).filter(|lost| lost.abs() < 1e15);
    #[expect(clippy::cast_possible_truncation, reason = "held before")]
    let packets_lost = lost.map(|lost| lost as i64);
    Some(Object {
        ssrc: own,
        rtx: ssrc(members, "rtxSsrc"),
        outbound,
        start: packets.time(0)?,
        end: packets.time(place)?,
        counters: Counters {
            packets: count(members, name("packetsSent", "packetsReceived"))?,
            packets_lost,
            bytes: count(members, name("bytesSent", "bytesReceived")),
            header_bytes: count(members, name("headerBytesSent", "headerBytesReceived")),
            retransmitted_packets: count(members, name("retransmittedPacketsSent", "retransmittedPacketsReceived")),
            jitter: hearsay.and_then(|told| last(told, "jitter")),
            round_trip_time: told.get(&own).filter(|_| outbound).and_then(|told| last(told, "roundTripTime")),
            nack_count: count(members, "nackCount"),
            pli_count: count(members, "pliCount"),
            fir_count: count(members, "firCount"),
            frames_per_second: last(members, "framesPerSecond"),
            freeze_count: count(members, "freezeCount"),
            total_freezes_duration: last(members, "totalFreezesDuration"),
        },
    })
}

/// The last value that there is.
fn last(members: &Members<'_>, name: &str) -> Option<f64> {
    members.get(name)?.values.numbers().iter().rev().find_map(|value| *value).filter(|value| value.is_finite())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held before")]
fn count(members: &Members<'_>, name: &str) -> Option<u64> {
    last(members, name).filter(|value| (0.0..1e15).contains(value)).map(|value| value as u64)
}

fn ssrc(members: &Members<'_>, name: &str) -> Option<u32> {
    u32::try_from(count(members, name)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Channel;
    use crate::signaling::file::StatsValues;

    fn series(kind: &str, id: &str, name: &str, values: &[Option<f64>]) -> StatsSeries {
        StatsSeries {
            id: id.into(),
            kind: kind.into(),
            name: name.to_owned(),
            start: Timestamp(0),
            end: Timestamp(1_000_000_000 * (values.len() as i64 - 1)),
            times: None,
            values: StatsValues::Numbers(values.to_vec()),
        }
    }

    fn connection(stats: Vec<StatsSeries>) -> SideConnection {
        SideConnection {
            id: "6-1".to_owned(),
            page: None,
            channel: Channel(1),
            clock: None,
            signals: Vec::new(),
            events: Vec::new(),
            stats,
        }
    }

    #[test]
    fn a_sender_has_what_its_receiver_told_it() {
        let found = objects(&connection(vec![
            series("outbound-rtp", "O", "ssrc", &[Some(7.0)]),
            series("outbound-rtp", "O", "packetsSent", &[Some(5.0), Some(9.0), None]),
            series("remote-inbound-rtp", "R", "ssrc", &[Some(7.0)]),
            series("remote-inbound-rtp", "R", "packetsLost", &[Some(-2.0)]),
            series("remote-inbound-rtp", "R", "roundTripTime", &[Some(0.04)]),
            series("candidate-pair", "P", "packetsSent", &[Some(99.0)]),
        ]));
        let [object] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((object.ssrc, object.outbound, object.end), (7, true, Timestamp(1_000_000_000)));
        let counters = &object.counters;
        assert_eq!((counters.packets, counters.packets_lost, counters.round_trip_time), (9, Some(-2), Some(0.04)));
    }

    #[test]
    fn what_is_no_count_counts_nothing() {
        for (ssrc, packets) in [(-1.0, 5.0), (5e9, 5.0), (7.0, -5.0), (7.0, f64::NAN), (7.0, 1e300)] {
            let stats = vec![
                series("inbound-rtp", "I", "ssrc", &[Some(ssrc)]),
                series("inbound-rtp", "I", "packetsReceived", &[Some(packets)]),
            ];
            assert_eq!(objects(&connection(stats)), []);
        }
    }

    #[test]
    fn objects_have_a_bound() {
        let one = |place: usize| {
            let id = format!("I{place}");
            let packets = series("inbound-rtp", &id, "packetsReceived", &[Some(1.0)]);
            [series("inbound-rtp", &id, "ssrc", &[Some(place as f64)]), packets]
        };
        let stats = (0..OBJECTS + 10).flat_map(one).collect();
        assert_eq!(objects(&connection(stats)).len(), OBJECTS);
    }
}
