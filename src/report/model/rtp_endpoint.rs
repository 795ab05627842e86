//! What an endpoint counted of a stream, from a file beside the capture, next to what the capture counted.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use super::word::Word;
use crate::analyze::{Beside, Bounds, EndpointReport, Meaning, Side, UsedFile};

/// What an endpoint counted of a stream (`getStats`). Names and units are those of the W3C WebRTC statistics.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointStatistics {
    /// Whose numbers they are.
    pub side: Word<Side>,
    /// The file that they come from.
    pub file: String,
    /// The connection in it, as it is called there.
    pub connection: String,
    /// When it counted so: its last value, on the capture's clock where the file's is known.
    pub time: f64,
    /// `packetsSent` or `packetsReceived`.
    pub packets: u64,
    /// `packetsLost`; of a sender, what the receiver has told it.
    pub packets_lost: Option<i64>,
    /// `bytesSent` or `bytesReceived`.
    pub bytes: Option<u64>,
    /// `headerBytesSent` or `headerBytesReceived`.
    pub header_bytes: Option<u64>,
    /// `retransmittedPacketsSent` or `retransmittedPacketsReceived`.
    pub retransmitted_packets: Option<u64>,
    /// The source of retransmissions (`rtxSsrc`), which are then among its packets.
    pub retransmission_ssrc: Option<u32>,
    /// `jitter` in seconds; of a sender, what the receiver has told it.
    pub jitter: Option<f64>,
    /// `roundTripTime` in seconds, of a sender.
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
    /// `totalFreezesDuration` in seconds.
    pub total_freezes_duration: Option<f64>,
    /// What the capture had counted by then; unknown where the clock of the file is.
    pub capture: Option<CapturedByThen>,
    /// What the difference means; null where that cannot be told.
    pub meaning: Option<Word<Meaning>>,
    /// How many packets the difference is.
    pub difference: Option<Between>,
}

/// What the capture had counted of a stream by some time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CapturedByThen {
    /// Packets; beside a sender, with the retransmissions that it counts.
    pub packets: Between,
    /// Numbers missing between them.
    pub packets_lost: Between,
    /// How much longer the capture saw the stream, in seconds; negative where the endpoint counted on.
    pub seconds_after: f64,
}

/// A number that is known to lie between two others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Between {
    /// At least so many.
    pub min: u64,
    /// What it is about.
    pub about: u64,
    /// At most so many.
    pub max: u64,
}

impl From<Bounds> for Between {
    fn from(bounds: Bounds) -> Self {
        Self { min: bounds.least, about: bounds.about, max: bounds.most }
    }
}

impl From<Beside> for CapturedByThen {
    fn from(beside: Beside) -> Self {
        Self { packets: beside.packets.into(), packets_lost: beside.lost.into(), seconds_after: beside.seconds_after }
    }
}

impl EndpointStatistics {
    pub(super) fn new(report: &EndpointReport, files: &[UsedFile], clock: Clock) -> Self {
        let counters = &report.counters;
        Self {
            side: Word(report.side),
            file: files.get(report.file).map(|used| used.file.name.clone()).unwrap_or_default(),
            connection: report.connection.clone(),
            time: clock.at(report.time),
            packets: counters.packets,
            packets_lost: counters.packets_lost,
            bytes: counters.bytes,
            header_bytes: counters.header_bytes,
            retransmitted_packets: counters.retransmitted_packets,
            retransmission_ssrc: report.with_retransmissions,
            jitter: counters.jitter,
            round_trip_time: counters.round_trip_time,
            nack_count: counters.nack_count,
            pli_count: counters.pli_count,
            fir_count: counters.fir_count,
            frames_per_second: counters.frames_per_second,
            freeze_count: counters.freeze_count,
            total_freezes_duration: counters.total_freezes_duration,
            capture: report.beside.map(CapturedByThen::from),
            meaning: report.verdict.map(|(meaning, _)| Word(meaning)),
            difference: report.verdict.map(|(_, by)| by.into()),
        }
    }
}
