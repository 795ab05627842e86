//! How much is remembered.

/// The bounds on what the readers of signalling remember. Together they bound memory, whatever the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// TCP connections that speak HTTP, WebSocket or SIP. 4096; one more pushes out the one that was silent the longest.
    pub connections: usize,
    /// Bytes kept for all connections together, in buffers and in windows of decompression. 64 MiB; more push out
    /// the connections that were silent the longest.
    pub connection_bytes: usize,
    /// The head of an HTTP or SIP message. 64 KiB: what servers accept is 8 to 16 KiB.
    pub head_bytes: usize,
    /// A body as it is sent. 2 MiB: descriptions are some 10 KiB, and dumps are not signalled.
    pub body_bytes: usize,
    /// A body or a WebSocket message after decompression. 8 MiB, a four-hundredth of what 2 MiB of deflate can become at most.
    pub inflated_bytes: usize,
    /// Requests of a connection that wait for their responses. 256: browsers pipeline none at all.
    pub pending_requests: usize,
    /// Values in one JSON text. 200,000: each takes some 30 bytes.
    pub json_values: usize,
    /// How deep values lie in each other, JSON in strings counted through. 64.
    pub json_depth: usize,
    /// Conversations and dialogs that have a number. 16,384.
    pub channels: usize,
    /// Candidates of one exchange, and as many other events, and happenings. 4096: a call has some 20.
    pub exchange_signals: usize,
    /// Descriptions of one exchange. 1024: a day of renegotiation every other minute.
    pub exchange_descriptions: usize,
    /// Bytes of all exchanges together. 64 MiB: 5000 descriptions of 12 KiB.
    pub exchange_bytes: usize,
    /// Candidates and words about rooms that wait for the description they belong to. 4096, the newest.
    pub held_signals: usize,
    /// Exchanges. 4096.
    pub exchanges: usize,
    /// The largest file beside a capture. 256 MiB: dumps of long calls reach some 50 MiB.
    pub file_bytes: usize,
    /// JSON values in one file. 2,000,000: a dump keeps its statistics in strings, an HTTP archive of 50 MiB has a million.
    pub file_values: usize,
    /// Connections of one file. 4096.
    pub file_connections: usize,
    /// Signals and events of one file. 100,000: each takes some 300 bytes and its text, which is no longer than the file.
    pub file_entries: usize,
    /// Series of statistics of one file. 100,000: a connection with some streams has 500.
    pub file_series: usize,
    /// Values in all series of one file. 8,000,000: each takes 16 bytes.
    pub file_samples: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connection_bytes: 64 * 1024 * 1024,
            head_bytes: 64 * 1024,
            body_bytes: 2 * 1024 * 1024,
            inflated_bytes: 8 * 1024 * 1024,
            pending_requests: 256,
            json_values: 200_000,
            json_depth: 64,
            channels: 16_384,
            exchange_signals: 4096,
            exchange_descriptions: 1024,
            exchange_bytes: 64 * 1024 * 1024,
            held_signals: 4096,
            exchanges: 4096,
            file_bytes: 256 * 1024 * 1024,
            file_values: 2_000_000,
            file_connections: 4096,
            file_entries: 100_000,
            file_series: 100_000,
            file_samples: 8_000_000,
        }
    }
}
