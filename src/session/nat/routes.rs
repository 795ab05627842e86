//! What passed between a local port and a remote one, as far as a NAT between them is concerned.

use crate::moment::Moment;
use crate::path::Endpoint;

/// A mapped address that a remote end told, and for how long it told the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) struct Told {
    pub(super) mapped: Endpoint,
    pub(super) first: Moment,
    pub(super) last: Moment,
}

/// The first packet from the remote end came before anything was sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unasked {
    pub(super) moment: Moment,
    /// Whether the local port had sent to another port of the same IP address.
    pub(super) address_known: bool,
}

/// One local port and one remote one, over UDP and not inside a relay.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) local: Endpoint,
    pub(super) remote: Endpoint,
    /// The first request sent.
    pub(super) sent: Option<Moment>,
    /// The last request sent: it kept the mapping alive (RFC 4787, section 4.3).
    pub(super) last_sent: Option<Moment>,
    pub(super) unasked: Option<Unasked>,
    /// Whether answers came whose requests the capture does not hold: what it holds of the route is not all.
    pub(super) gaps: bool,
    /// Whether the remote end was asked as a STUN or TURN server.
    pub(super) by_server: bool,
    /// The server's other address (OTHER-ADDRESS of RFC 5780, CHANGED-ADDRESS of RFC 3489).
    pub(super) other: Option<Endpoint>,
    /// The mapped addresses told, in order; one that comes back is told again.
    pub(super) told: Vec<Told>,
    /// Changes of the mapped address that came after the bound.
    pub(super) told_omitted: u64,
}

impl Route {
    pub(super) const fn new(local: Endpoint, remote: Endpoint) -> Self {
        Self {
            local,
            remote,
            sent: None,
            last_sent: None,
            unasked: None,
            gaps: false,
            by_server: false,
            other: None,
            told: Vec::new(),
            told_omitted: 0,
        }
    }

    /// The mapped addresses told that are not the one on the wire.
    pub(super) fn translated(&self) -> impl Iterator<Item = &Told> {
        self.told.iter().filter(|told| told.mapped != self.local)
    }
}
