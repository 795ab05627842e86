//! Dumps of rtcstats: an entry a line, `["method", connection, value, …, time]`.
//!
//! Three layouts are read: version 3, which begins with the line `RTCStatsDump`, counts its times from entry to entry and has
//! numbers for names; the one before, with milliseconds since the epoch, after a line about the page or without one; and that
//! one as a JSON list. Statistics stand in all of them as what differs from the time before.

mod dump;
mod names;
mod reports;

pub(super) use dump::{is_entry, read_lines, read_list};

/// The first line of version 3.
pub(super) const MAGIC: &str = "RTCStatsDump\n";
