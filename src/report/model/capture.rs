//! The section `capture`: the file and its packets.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::clock::{Clock, rfc3339};
use super::word::Word;
use crate::analyze::Summary;
use crate::capture::Format;
use crate::flow::{self, Protocol};

/// The capture as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    /// The path as it was given; `-` for standard input.
    pub path: String,
    /// The file format.
    pub format: Word<Format>,
    /// The link types of the interfaces, each once, by the names of tcpdump.
    pub link_types: Vec<String>,
    /// Packets read.
    pub packets: u64,
    /// Bytes of those packets on the wire.
    pub bytes: u64,
    /// The time of the first packet.
    pub first_timestamp: Option<String>,
    /// The greatest time of any packet.
    pub last_timestamp: Option<String>,
    /// Seconds between the two.
    pub duration: Option<f64>,
    /// Packets that the capture cut (snaplen).
    pub truncated_packets: u64,
    /// Copies that the capture itself made, left out of every other count.
    pub duplicate_packets: u64,
    /// Packets that the capturing machine dropped, where the capture says.
    pub dropped_by_kernel: Option<u64>,
    /// Packets that were passed over, by reason.
    pub skipped: Vec<Skipped>,
    /// Messages by protocol, those inside relays too; `tcp` counts segments.
    pub protocols: Protocols,
    /// Those of them that were inside relays.
    pub nested: Protocols,
    /// Where the capture's clock went back.
    pub clock_went_back: Option<ClockStep>,
    /// What ended the reading before the end of the capture.
    pub fault: Option<String>,
}

/// Packets that were passed over for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// Why.
    pub reason: Cow<'static, str>,
    /// How many.
    pub packets: u64,
}

/// The capture's clock went back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClockStep {
    /// How often.
    pub count: u64,
    /// The first packet that is earlier than the one before.
    pub frame: u64,
    /// Its time.
    pub time: f64,
    /// The largest step back, in seconds.
    pub largest: f64,
}

/// How many messages there were of each protocol, in the order of [`Protocol::ALL`], and TCP segments where they are counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Protocols(Vec<(&'static str, u64)>);

impl Protocols {
    const TCP: &'static str = "tcp";

    /// All messages and all TCP segments.
    #[must_use]
    pub fn all(protocols: &flow::Protocols, tcp_segments: u64) -> Self {
        let mut counts: Vec<_> =
            Protocol::ALL.iter().map(|protocol| (protocol.name(), protocols.of(*protocol).messages)).collect();
        counts.push((Self::TCP, tcp_segments));
        Self(counts)
    }

    /// Those inside relays; a protocol that no relay carried is left out.
    #[must_use]
    pub fn nested(protocols: &flow::Protocols) -> Self {
        let counts = Protocol::ALL.iter().map(|protocol| (protocol.name(), protocols.of(*protocol).nested));
        Self(counts.filter(|(_, count)| *count > 0).collect())
    }

    /// The counts of a map; names that are no protocol's are dropped.
    #[must_use]
    pub fn of(counts: &BTreeMap<&str, u64>) -> Self {
        let names = Protocol::ALL.iter().map(|protocol| protocol.name()).chain([Self::TCP]);
        Self(names.filter_map(|name| counts.get(name).map(|count| (name, *count))).collect())
    }

    /// The count of `name`, 0 where there is none.
    #[must_use]
    pub fn count(&self, name: &str) -> u64 {
        self.iter().find(|(key, _)| *key == name).map_or(0, |(_, count)| count)
    }

    /// Names and counts in the order of the report.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().copied()
    }
}

impl Serialize for Protocols {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, count) in &self.0 {
            map.serialize_entry(name, count)?;
        }
        map.end()
    }
}

impl JsonSchema for Protocols {
    fn schema_name() -> Cow<'static, str> {
        "Protocols".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names = Protocol::ALL.iter().map(|protocol| protocol.name()).chain([Self::TCP]);
        let properties: serde_json::Map<_, _> =
            names.map(|name| (name.to_owned(), serde_json::json!({ "type": "integer", "minimum": 0 }))).collect();
        json_schema!({
            "description": "How many messages there were of each protocol; `tcp` counts segments.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        })
    }
}

impl Capture {
    pub(super) fn new(path: String, summary: &Summary, clock: Clock) -> Self {
        Self {
            path,
            format: Word(summary.format),
            link_types: summary.link_types.iter().map(ToString::to_string).collect(),
            packets: summary.packets,
            bytes: summary.bytes,
            first_timestamp: summary.first.and_then(rfc3339),
            last_timestamp: summary.last.and_then(rfc3339),
            duration: summary.last.map(|last| clock.at(last)),
            truncated_packets: summary.truncated_packets,
            duplicate_packets: summary.duplicate_packets,
            dropped_by_kernel: summary.dropped_by_kernel,
            skipped: summary
                .skipped
                .iter()
                .map(|(reason, packets)| Skipped { reason: Cow::Borrowed(*reason), packets: *packets })
                .collect(),
            protocols: Protocols::all(&summary.protocols, summary.tcp_segments),
            nested: Protocols::nested(&summary.protocols),
            clock_went_back: summary.clock_went_back.map(|step| ClockStep {
                count: step.count,
                frame: step.first.frame.0,
                time: clock.time(step.first),
                largest: crate::moment::Timestamp(step.largest_ns).seconds_from(crate::moment::Timestamp(0)),
            }),
            fault: summary.fault.as_ref().map(ToString::to_string),
        }
    }
}
