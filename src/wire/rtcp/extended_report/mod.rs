//! Extended reports (RFC 3611) and libwebrtc's target bitrate: blocks behind one SSRC.
//!
//! To add a block, write its grammar in the file of its family and one row in `report.rs`.

mod reference_time;
mod report;
mod run_length;
mod statistics;
mod target_bitrate;
mod voip_metrics;

pub use reference_time::DelaySinceLastReport;
pub(super) use report::read;
pub use report::{Block, ExtendedReport, OtherBlock};
pub use run_length::{ReceiptTimes, RunLengthChunk, RunLengths};
pub use statistics::{StatisticsSummary, TimeToLive};
pub use target_bitrate::TargetBitrate;
pub use voip_metrics::VoipMetrics;
