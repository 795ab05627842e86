//! What STUN and TURN servers told clients about their addresses.

use crate::moment::Moment;
use crate::path::{Endpoint, Transport};

/// A client's address as a server sees it (XOR-MAPPED-ADDRESS).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mapping {
    /// The client on the wire at the capture.
    pub client: Endpoint,
    /// The server.
    pub server: Endpoint,
    /// The address the server sees.
    pub mapped: Endpoint,
    /// The transport between the two.
    pub transport: Transport,
    /// When the server first said so.
    pub first: Moment,
}
