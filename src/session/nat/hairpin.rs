//! Two clients behind one NAT that check each other's mapped address (RFC 4787, section 6).

use std::net::IpAddr;

use super::client::Client;
use crate::moment::Moment;
use crate::path::{Endpoint, Transport};
use crate::session::ice::{PairState, Session};

/// Checks of a client to an address of the NAT in front of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hairpin {
    /// The session, by place.
    pub session: usize,
    /// The pair, by place.
    pub pair: usize,
    /// The agent that sent the checks, by place.
    pub agent: usize,
    /// The client.
    pub client: IpAddr,
    /// The address of the NAT that it checked.
    pub target: Endpoint,
    /// The first check.
    pub first: Moment,
    /// Whether the NAT let them through: `None` where the capture ended before that was clear.
    pub works: Option<bool>,
}

/// The hairpinned checks of `session`: one that worked, else the first one.
pub(super) fn hairpin<'a>(
    place: usize,
    session: &Session,
    client: impl Fn(IpAddr) -> Option<&'a Client>,
) -> Option<Hairpin> {
    let mut found: Option<Hairpin> = None;
    for (pair, known) in session.pairs.iter().enumerate().filter(|(_, pair)| pair.transport == Transport::Udp) {
        for agent in [0, 1] {
            let (Some(end), Some(other)) = (known.ends.get(agent), known.ends.get(1 - agent)) else { continue };
            let Some(first) = end.first_request.filter(|_| end.allocation.is_none() && other.allocation.is_none())
            else {
                continue;
            };
            let through =
                |client: &&Client| client.is_mapped_to(other.base.address) && other.base.address != end.base.address;
            if client(end.base.address).filter(through).is_none() {
                continue;
            }
            let works = match end.state {
                _ if end.succeeded.is_some() => Some(true),
                Some(PairState::Failed) => Some(false),
                _ => None,
            };
            let entry =
                Hairpin { session: place, pair, agent, client: end.base.address, target: other.base, first, works };
            if found.is_none_or(|known| known.works != Some(true) && works > known.works) {
                found = Some(entry);
            }
        }
    }
    found
}
