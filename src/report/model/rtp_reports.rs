//! What RTCP says of a stream.

use schemars::JsonSchema;
use serde::Serialize;

use super::clock::Clock;
use crate::session::media;

/// What RTCP says of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StreamRtcp {
    /// RTCP datagrams that the stream's source sent.
    pub packets: u64,
    /// Datagrams of SRTCP missing from its source, as their indices show.
    pub packets_lost: Option<u64>,
    /// The first of them.
    pub first_time: Option<f64>,
    /// The last of them.
    pub last_time: Option<f64>,
}

impl StreamRtcp {
    pub(super) fn new(reports: &media::Reports, clock: Clock) -> Self {
        Self {
            packets: reports.packets,
            packets_lost: reports.packets_missing,
            first_time: reports.first.map(|moment| clock.time(moment)),
            last_time: reports.last.map(|moment| clock.time(moment)),
        }
    }
}
