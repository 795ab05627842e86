//! The streams of a report, `rtp.streams[]`, as the judges read them.

// each judge reads what it compares
#![allow(dead_code)]

use serde_json::Value;

use super::report::{count, list, text};

/// One stream of a report.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    /// The synchronization source.
    pub(crate) ssrc: u64,
    /// `audio` or `video`, empty where it is not known.
    pub(crate) kind: String,
    /// The encoding name, in lower case; empty where it is not known.
    pub(crate) codec: String,
    /// The encoding that the codec is wrapped in, in lower case; empty where it is not.
    pub(crate) wrapped_in: String,
    /// The media identification, empty where it is not known.
    pub(crate) mid: String,
    /// The payload type.
    pub(crate) payload_type: u64,
    /// The endpoints that it comes from: its source, and that of each leg.
    pub(crate) sources: Vec<String>,
    /// The endpoints that it goes to.
    pub(crate) destinations: Vec<String>,
    /// The packets of each leg.
    pub(crate) legs: Vec<u64>,
    /// Sequence numbers seen.
    pub(crate) packets: u64,
    /// Sequence numbers missing.
    pub(crate) lost: u64,
    /// Further copies of numbers seen.
    pub(crate) duplicated: u64,
    /// First arrivals after a later number.
    pub(crate) reordered: u64,
    /// RFC 3550's number, which duplicates make smaller.
    pub(crate) lost_rfc3550: i64,
    /// RFC 3550's number of packets expected.
    pub(crate) expected: u64,
    /// Bytes after the RTP headers.
    pub(crate) bytes: u64,
    /// Bytes of RTP headers, contributing sources and extensions.
    pub(crate) header_bytes: u64,
    /// Frames of video, where they can be told.
    pub(crate) frames: Option<u64>,
    /// Interarrival jitter at the end and at most, in seconds.
    pub(crate) jitter: (Option<f64>, Option<f64>),
    /// Sender reports about it; `None` in a report that does not tell them.
    pub(crate) sender_reports: Option<u64>,
    /// Datagrams of RTCP that its source sent.
    pub(crate) rtcp_packets: u64,
    /// Those missing, by the indices of SRTCP.
    pub(crate) rtcp_lost: Option<u64>,
    /// The stream that it goes on with on other addresses, an id.
    pub(crate) continues: String,
    /// The stream that it repeats, an id.
    pub(crate) retransmission_of: String,
    /// Its id in the report.
    pub(crate) id: String,
}

impl Stream {
    fn read(entry: &Value) -> Self {
        let ends = |name: &str| -> Vec<String> {
            let legs = list(entry, "/legs").iter().map(|leg| text(leg, &format!("/{name}")).to_owned());
            std::iter::once(text(entry, &format!("/{name}")).to_owned()).chain(legs).collect()
        };
        Stream {
            ssrc: count(entry, "/ssrc"),
            kind: text(entry, "/kind").to_owned(),
            codec: text(entry, "/codec").to_ascii_lowercase(),
            wrapped_in: text(entry, "/wrappedIn").to_ascii_lowercase(),
            mid: text(entry, "/mid").to_owned(),
            payload_type: count(entry, "/payloadType"),
            sources: ends("source"),
            destinations: ends("destination"),
            legs: list(entry, "/legs").iter().map(|leg| count(leg, "/packets")).collect(),
            packets: count(entry, "/packetsReceived"),
            lost: count(entry, "/packetsLost"),
            duplicated: count(entry, "/packetsDuplicated"),
            reordered: count(entry, "/packetsReordered"),
            lost_rfc3550: entry.pointer("/packetsLostRfc3550").and_then(Value::as_i64).unwrap_or(0),
            expected: count(entry, "/packetsExpected"),
            bytes: count(entry, "/bytesReceived"),
            header_bytes: count(entry, "/headerBytesReceived"),
            frames: entry.pointer("/framesReceived").and_then(Value::as_u64),
            jitter: (
                entry.pointer("/jitter").and_then(Value::as_f64),
                entry.pointer("/maxJitter").and_then(Value::as_f64),
            ),
            sender_reports: entry.pointer("/rtcp/senderReports").and_then(Value::as_u64),
            rtcp_packets: count(entry, "/rtcp/packets"),
            rtcp_lost: entry.pointer("/rtcp/packetsMissing").and_then(Value::as_u64),
            continues: text(entry, "/continues").to_owned(),
            retransmission_of: text(entry, "/retransmissionOf").to_owned(),
            id: text(entry, "/id").to_owned(),
        }
    }

    /// Whether any of its sources is at one of `hosts`.
    pub(crate) fn comes_from(&self, hosts: &[String]) -> bool {
        at_one_of(&self.sources, hosts)
    }

    /// Whether any of its destinations is at one of `hosts`.
    pub(crate) fn goes_to(&self, hosts: &[String]) -> bool {
        at_one_of(&self.destinations, hosts)
    }
}

fn at_one_of(ends: &[String], hosts: &[String]) -> bool {
    ends.iter().filter_map(|end| end.rsplit_once(':')).any(|(host, _)| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        hosts.iter().any(|one| one == host)
    })
}

/// The streams of `report`, in its order. A report without the section is a fault: every capture has one, if empty.
pub(crate) fn streams(report: &Value) -> Vec<Stream> {
    let streams = report.pointer("/rtp/streams").and_then(Value::as_array);
    streams.expect("the report has rtp.streams").iter().map(Stream::read).collect()
}
