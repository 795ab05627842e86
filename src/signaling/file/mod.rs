//! Side files: what is known beside a capture, and how the clock of a file maps to the capture's.
//!
//! Takes the bytes of a file, gives a [`SideFile`]. What it is shows in its content, never in its name: a description, JSON
//! with descriptions and candidates, a dump of `chrome://webrtc-internals`, a dump of rtcstats or an HTTP archive; each may
//! be packed with gzip.
//!
//! - What one end set itself is spoken by [`Speaker::Client`](crate::signal::Speaker), what it was given by the other end by
//!   [`Speaker::Server`](crate::signal::Speaker). Frame numbers are 0.
//! - Times are those of the file's own clock. [`coincidences`] pairs what the file tells with what the capture shows, and
//!   [`offset`] says from that how far the two clocks are apart, and how surely.
//! - Memory is bounded by [`Limits`](super::Limits), whatever the bytes are; what goes past a bound is counted.

mod anchor;
mod archive;
mod budget;
mod clock;
mod coincidence;
mod error;
mod internals;
mod log;
mod model;
mod plain;
mod read;
mod rtcstats;
mod sections;
mod statistics;
mod text;
mod time;

pub use anchor::{Anchor, AnchorKind};
pub use clock::{ClockOffset, Coincidence, offset};
pub use coincidence::{
    CONNECTED_AFTER_SUCCESS, FIRST_CHECK_AFTER_CHECKING, FIRST_CHECK_AFTER_DESCRIPTIONS, ICE_CONNECTED_AFTER_SUCCESS,
    LOCAL_SIGNALLED, REMOTE_SIGNALLED, SignalledText, WireAgent, WireFacts, coincidences,
};
pub use error::FileError;
pub use model::{CandidateError, FileClock, FileKind, SideConnection, SideFile, StateEvent, Subject};
pub use statistics::{StatsSeries, StatsValues};
