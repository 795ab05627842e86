//! How much is remembered.

use std::time::Duration;

/// The bounds on what the [`Stack`](super::Stack) remembers. Together they bound its memory, whatever the capture holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Datagrams that wait for fragments. 256: more at once means a flood, not a call.
    pub fragmented_datagrams: usize,
    /// Bytes of fragments that wait, over all datagrams. 4 MiB: 64 datagrams of the greatest size.
    pub fragment_bytes: usize,
    /// How long a fragment waits for the others, in capture time. 30 s, as Linux does.
    pub fragment_age: Duration,
    /// TCP connections. 8192, some hundred bytes each; one more pushes out those that were silent the longest.
    pub connections: usize,
    /// Bytes of one direction of a TCP connection that wait behind a gap. 256 KiB: a fast path's worth of data between a loss
    /// and its repair.
    pub stream_bytes: usize,
    /// Bytes behind gaps in all connections together. 8 MiB.
    pub total_stream_bytes: usize,
    /// How long bytes wait behind a gap that nobody acknowledges, in capture time. 10 s: three retransmission
    /// timeouts of a connection in trouble.
    pub gap_age: Duration,
    /// How far apart two sightings of one packet are at most. 5 ms: through a bridge or a router of the capturing machine
    /// it is microseconds, and no sender repeats itself so soon.
    pub copy_window: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fragmented_datagrams: 256,
            fragment_bytes: 4 * 1024 * 1024,
            fragment_age: Duration::from_secs(30),
            connections: 8192,
            stream_bytes: 256 * 1024,
            total_stream_bytes: 8 * 1024 * 1024,
            gap_age: Duration::from_secs(10),
            copy_window: Duration::from_millis(5),
        }
    }
}
