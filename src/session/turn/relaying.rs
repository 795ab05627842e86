//! What goes through an allocation: indications, ChannelData, and bytes of TCP connections.

use std::net::IpAddr;

use super::allocation::{Allocation, AllocationState, Channel};
use super::table::{Room, TurnRef, TurnTable};
use super::traffic::Peer;
use crate::moment::Moment;
use crate::path::{Endpoint, Path, Relay, Transport};
use crate::session::event::Event;
use crate::session::limits;

/// A message through an allocation, as seen on its client's connection.
#[derive(Debug, Clone, Copy)]
pub(in crate::session) struct Passing {
    pub(in crate::session) moment: Moment,
    /// Whether it goes from the client; else to it.
    pub(in crate::session) sent: bool,
    /// Bytes inside, on the wire.
    pub(in crate::session) length: usize,
}

impl TurnTable {
    /// The allocation of a client that is first met in the middle of its life, by data.
    pub(in crate::session) fn standing(
        &mut self,
        moment: Moment,
        path: &Path,
        current: Option<TurnRef>,
        events: &mut Vec<Event>,
    ) -> Option<TurnRef> {
        match current {
            Some(place)
                if self
                    .allocations
                    .get(place)
                    .is_some_and(|allocation| allocation.state != AllocationState::Refused) =>
            {
                Some(place)
            }
            _ => self.begin(moment, path, AllocationState::Active, events),
        }
    }

    /// A Send or Data indication; gives the path of what is inside.
    pub(in crate::session) fn indication(&mut self, place: TurnRef, peer: Endpoint, passing: Passing) -> Option<Path> {
        let allocation = self.allocations.get_mut(place)?;
        let allowed = allocation.lets_through(peer, passing.moment);
        if let Some(known) = traffic(allocation, &mut self.room, Some(peer), None, passing.moment) {
            if passing.sent {
                known.send_indications += 1;
            } else {
                known.data_indications += 1;
            }
            count(known, passing, allowed);
        }
        allocation.last = passing.moment;
        Some(inner_path(allocation, Some(peer), passing.sent))
    }

    /// ChannelData; gives the path of what is inside. On the path of every relayed packet.
    pub(in crate::session) fn channel_data(&mut self, place: TurnRef, number: u16, passing: Passing) -> Option<Path> {
        let allocation = self.allocations.get_mut(place)?;
        let (peer, standing) = match allocation.channel(number) {
            Some(channel) => (channel.peer, channel.expired.is_none()),
            None => {
                if self.room.take(allocation.channels.len()) {
                    let renewed = passing.moment;
                    let unknown = Channel { number, peer: None, bound: None, refreshes: 0, renewed, expired: None };
                    allocation.channels.push(unknown);
                }
                // Bound before the capture began, as far as anyone can tell.
                (None, allocation.created.is_none())
            }
        };
        let asked = peer.is_some_and(|peer| allocation.asks(peer.address, passing.moment));
        let allowed = asked || (standing && allocation.state != AllocationState::Ended);
        if let Some(known) = traffic(allocation, &mut self.room, peer, Some(number), passing.moment) {
            if passing.sent {
                known.channel_data_sent += 1;
                known.channel_bytes_sent += passing.length as u64;
            } else {
                known.channel_data_received += 1;
                known.channel_bytes_received += passing.length as u64;
            }
            count(known, passing, allowed);
        }
        allocation.last = passing.moment;
        Some(inner_path(allocation, peer, passing.sent))
    }

    /// Bytes of a TCP connection to a peer.
    pub(in crate::session) fn bytes(&mut self, place: TurnRef, connection: usize, passing: Passing) {
        let Some(allocation) = self.allocations.get_mut(place) else { return };
        allocation.last = passing.moment;
        if let Some(known) = allocation.connections.get_mut(connection) {
            if passing.sent {
                known.bytes_sent += passing.length as u64;
            } else {
                known.bytes_received += passing.length as u64;
            }
        }
    }
}

impl Allocation {
    /// A permission is asked for.
    pub(super) fn ask(&mut self, peer: IpAddr, moment: Moment) {
        let held = self.asked.len();
        match self.asked.iter_mut().find(|(known, _)| *known == peer) {
            Some((_, last)) => *last = moment,
            None if held < limits::PEERS_PER_ALLOCATION => self.asked.push((peer, moment)),
            None => {}
        }
    }

    /// The server answered about a permission.
    pub(super) fn answered_about(&mut self, peer: IpAddr) {
        self.asked.retain(|(known, _)| *known != peer);
    }

    /// Whether a permission is being asked for at `moment`.
    fn asks(&self, peer: IpAddr, moment: Moment) -> bool {
        let outstanding = |since: &Moment| moment.time.since(since.time) <= limits::TRANSACTION_LIFE;
        self.asked.iter().any(|(known, since)| *known == peer && outstanding(since))
    }

    /// What a channel number stands for: its binding that was renewed last.
    fn channel(&self, number: u16) -> Option<&Channel> {
        self.channels.iter().filter(|known| known.number == number).max_by_key(|known| known.renewed)
    }

    /// Whether the server lets messages to `peer` through, as far as the capture can tell.
    fn lets_through(&self, peer: Endpoint, moment: Moment) -> bool {
        if self.created.is_none() || self.asks(peer.address, moment) {
            // Joined mid-call, or the permission is being asked for: nothing to hold against it.
            return true;
        }
        self.state == AllocationState::Active
            && self.permissions.iter().any(|known| known.peer.address == peer.address && known.expired.is_none())
    }
}

/// The traffic with a peer; `None` past the bound.
fn traffic<'a>(
    allocation: &'a mut Allocation,
    room: &mut Room,
    peer: Option<Endpoint>,
    channel: Option<u16>,
    moment: Moment,
) -> Option<&'a mut Peer> {
    let place = allocation.peers.iter().position(|known| match peer {
        Some(peer) => known.peer == Some(peer),
        None => known.peer.is_none() && known.channel == channel,
    });
    let place = match place {
        Some(place) => place,
        None if !room.take(allocation.peers.len()) => {
            allocation.omitted += 1;
            return None;
        }
        None => {
            allocation.peers.push(Peer::new(peer, moment));
            allocation.peers.len() - 1
        }
    };
    let known = allocation.peers.get_mut(place)?;
    if channel.is_some() {
        known.channel = channel;
    }
    Some(known)
}

fn count(known: &mut Peer, passing: Passing, allowed: bool) {
    known.last = passing.moment;
    if passing.sent {
        known.bytes_sent += passing.length as u64;
        if !allowed {
            known.sent_without_permission += 1;
            known.first_without_permission.get_or_insert(passing.moment);
        }
    } else {
        known.bytes_received += passing.length as u64;
    }
}

/// The path of what is inside: between the relayed address and the peer. Where the capture began too late to know one of the two, the
/// client's connection stands in for it.
fn inner_path(allocation: &Allocation, peer: Option<Endpoint>, sent: bool) -> Path {
    let same_family = |address: &&Endpoint| peer.is_none_or(|peer| peer.address.is_ipv4() == address.address.is_ipv4());
    let relayed = allocation.relayed.iter().find(same_family).copied().unwrap_or(allocation.client);
    let peer = peer.unwrap_or(allocation.server);
    let relay = Some(Relay { client: allocation.client, server: allocation.server, transport: allocation.transport });
    let (source, destination) = if sent { (relayed, peer) } else { (peer, relayed) };
    Path { source, destination, transport: Transport::Udp, relay }
}

/// The path of what is inside where the allocation itself is past the bound: `path` goes from the client to the server.
pub(in crate::session) fn undescribed_path(path: &Path, peer: Option<Endpoint>, sent: bool) -> Path {
    let (client, server) = (path.source, path.destination);
    let relay = Some(Relay { client, server, transport: path.transport });
    let peer = peer.unwrap_or(server);
    let (source, destination) = if sent { (client, peer) } else { (peer, client) };
    Path { source, destination, transport: Transport::Udp, relay }
}
