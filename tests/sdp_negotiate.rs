//! Negotiation against what others made of the same descriptions: the results that pjsip expects of its negotiator, and what
//! browsers say in getStats, of their transceivers and in their packets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]
#![allow(missing_docs, unreachable_pub)]

#[cfg(feature = "cli")]
mod cli_program;

#[path = "sdp_negotiate/call_flows.rs"]
mod call_flows;
#[path = "sdp_negotiate/calls.rs"]
mod calls;
#[path = "sdp_negotiate/properties.rs"]
mod properties;
#[path = "sdp_negotiate/series.rs"]
mod series;
#[path = "sdp_negotiate/speed.rs"]
mod speed;

/// The folder of public data; `None`, with a line that says so, where it is not there.
fn corpus() -> Option<std::path::PathBuf> {
    let root = std::env::var_os("RTCSCOPE_CORPUS");
    if root.is_none() {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
    }
    root.map(Into::into)
}
