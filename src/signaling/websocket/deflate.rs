//! permessage-deflate (RFC 7692): what was agreed on, and the decompression of one direction.

use crate::signal::Speaker;
use crate::signaling::http::Head;
use crate::signaling::inflate::{Inflated, Inflater, WINDOW};

/// What was agreed on about compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deflate {
    /// Whether messages may be compressed.
    pub agreed: bool,
    /// Whether the client starts every message with an empty window.
    pub client_no_context_takeover: bool,
    /// Whether the server does.
    pub server_no_context_takeover: bool,
}

impl Deflate {
    /// What the field `Sec-WebSocket-Extensions` of a response agrees on, or that of a request offers (RFC 7692,
    /// section 7.1). Smaller windows do not matter to who reads.
    #[must_use]
    pub fn parse(head: &Head) -> Self {
        let mut found = Self::default();
        let offers = head.fields_of("sec-websocket-extensions").flat_map(|value| value.split(','));
        for offer in offers {
            let mut words = offer.split(';').map(str::trim);
            if !words.next().is_some_and(|name| name.eq_ignore_ascii_case("permessage-deflate")) {
                continue;
            }
            found.agreed = true;
            for word in words {
                match word.to_ascii_lowercase().as_str() {
                    "client_no_context_takeover" => found.client_no_context_takeover = true,
                    "server_no_context_takeover" => found.server_no_context_takeover = true,
                    _ => {}
                }
            }
            return found;
        }
        found
    }

    pub(super) fn keeps_context(self, speaker: Speaker) -> bool {
        match speaker {
            Speaker::Client => !self.client_no_context_takeover,
            Speaker::Server => !self.server_no_context_takeover,
        }
    }
}

/// The decompression of one direction.
///
/// Where messages are missing the next one is read with an empty window: one that refers to what is missing is found to be broken, and
/// one that does not is read, and is the window of those behind it.
#[derive(Debug, Default)]
pub(super) struct Window {
    inflater: Option<Inflater>,
}

impl Window {
    pub(super) fn cost(&self) -> usize {
        if self.inflater.is_some() { WINDOW } else { 0 }
    }

    /// Bytes are missing.
    pub(super) fn lose(&mut self) {
        self.inflater = None;
    }

    /// The message in `payload`; `None` when it cannot be read.
    pub(super) fn inflate(&mut self, payload: &[u8], keeps_context: bool, most: usize) -> Option<Vec<u8>> {
        let mut inflater = self.inflater.take().unwrap_or_else(Inflater::raw);
        let mut out = Vec::new();
        // The four bytes that the sender took away (RFC 7692, section 7.2.2).
        for part in [payload, &[0, 0, 0xFF, 0xFF]] {
            if inflater.inflate(part, &mut out, most) != Inflated::Whole {
                self.lose();
                return None;
            }
        }
        if keeps_context {
            self.inflater = Some(inflater);
        }
        Some(out)
    }
}
