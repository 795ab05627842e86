//! A WebRTC protocol toolkit and packet analyzer.
//!
//! Data goes in at the bottom and leaves at the top, one room an arrow:
//!
//! ```text
//! capture → frames → datagrams → messages → sessions → findings → reports
//! ```
//!
//! Each room knows the rooms under it and never the ones above; `docs/architecture.md` says which may use
//! which and `tests/architecture.rs` holds the code to it. Without any feature the rooms that need neither
//! files nor keys remain ([`wire`], [`text`], [`finding`]), on nom alone.

pub mod finding;
pub mod lint;
pub mod moment;
pub mod path;
pub mod sdp;
pub mod text;
pub mod wire;

#[cfg(feature = "crypto")]
pub mod crypto;

#[cfg(feature = "capture")]
mod abbreviated;
#[cfg(feature = "capture")]
pub mod analyze;
#[cfg(feature = "capture")]
pub mod call;
#[cfg(feature = "capture")]
pub mod capture;
#[cfg(feature = "capture")]
pub mod diagnose;
#[cfg(feature = "capture")]
pub mod flow;
#[cfg(feature = "capture")]
pub mod net;
#[cfg(all(feature = "capture", feature = "serde"))]
pub mod report;
#[cfg(feature = "capture")]
pub mod session;
#[cfg(feature = "signaling")]
pub mod signal;
#[cfg(feature = "signaling")]
pub mod signaling;

#[cfg(feature = "cli")]
pub mod cli;

/// The examples of the README are compiled and run with the tests.
#[cfg(all(doctest, feature = "capture"))]
#[doc = include_str!("../README.md")]
struct Readme;
