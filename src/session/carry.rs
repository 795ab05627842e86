//! What flows carry: relayed datagrams, data of sessions, bytes of TCP connections; and which flow belongs to what.

use crate::moment::Moment;
use crate::path::{Endpoint, FlowId, Side};
use crate::wire::channel_data::ChannelData;
use crate::wire::stun::{self, Class, Message, Method};

use super::ice::{CheckRef, Choice, PairRef};
use super::transaction::Sent;
use super::turn::{Passing, undescribed_path};
use super::{Carried, Event, Relayed, Seat, Sessions, What, limits};

impl Sessions {
    /// The Send request and the Data indication of MS-TURN, which the numbers of RFC 8656 do not know. Nobody answers a Send request.
    pub(super) fn microsoft_data<'a>(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        message: &Message<'a>,
        sent: bool,
    ) -> Option<Relayed<'a>> {
        if sent && self.transactions.request(moment, seat.path, message.method, message.transaction_id) == Sent::New {
            self.statistics.transactions += 1;
        }
        let peer = if sent { message.destination_address() } else { message.remote_address() }?;
        self.through_relay(moment, seat, message, Endpoint::from(peer), sent)
    }

    pub(super) fn relayed_data<'a>(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        message: &Message<'a>,
    ) -> Option<Relayed<'a>> {
        let peer = message.xor_peer_addresses().next().map(Endpoint::from)?;
        self.through_relay(moment, seat, message, peer, message.method == Method::SEND)
    }

    /// A message that carries the datagram of a peer in DATA, from the client (`sent`) or to it.
    pub(super) fn through_relay<'a>(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        message: &Message<'a>,
        peer: Endpoint,
        sent: bool,
    ) -> Option<Relayed<'a>> {
        let current = self.links.known(seat.flow).and_then(|link| link.allocation);
        let (path, client) = if sent { (*seat.path, seat.side) } else { (seat.path.reversed(), seat.side.other()) };
        let attribute = message.attribute(stun::AttributeType::DATA)?;
        let length = usize::from(attribute.stated_length);
        let path = match self.turn.standing(moment, &path, current, &mut self.events) {
            Some(place) => {
                self.link_client(seat.flow, client, place);
                self.turn.indication(place, peer, Passing { moment, sent, length })?
            }
            None => undescribed_path(&path, Some(peer), sent),
        };
        Some(Relayed { path, data: attribute.value, length })
    }

    /// Takes ChannelData; gives what is inside. On the path of every relayed packet.
    pub fn channel_data<'a>(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        channel: &ChannelData<'a>,
    ) -> Option<Relayed<'a>> {
        let link = self.links.known(seat.flow);
        let (current, client) = link.map_or((None, None), |link| (link.allocation, link.client));
        // Joined mid-call, the end with the lower port is taken for the server.
        let client = client.unwrap_or(if seat.path.source.port >= seat.path.destination.port {
            seat.side
        } else {
            seat.side.other()
        });
        let sent = client == seat.side;
        let length = usize::from(channel.length);
        let outside = if sent { *seat.path } else { seat.path.reversed() };
        let place = current.or_else(|| {
            let place = self.turn.standing(moment, &outside, None, &mut self.events)?;
            self.link_client(seat.flow, client, place);
            Some(place)
        });
        let path = match place {
            Some(place) => self.turn.channel_data(place, channel.number, Passing { moment, sent, length })?,
            None => undescribed_path(&outside, None, sent),
        };
        Some(Relayed { path, data: channel.data, length })
    }

    /// Takes data that a flow carried. On the path of every media packet: all but the first on a pair is one look and two writes.
    #[inline]
    pub fn data(&mut self, moment: Moment, seat: Seat<'_>, what: Carried) {
        let index = seat.side.index();
        let Some(link) = self.links.known(seat.flow) else {
            if what == Carried::Media {
                self.first_plain_media(moment, seat);
            } else if let Some(link) = self.links.of(seat.flow) {
                link.dtls = true;
            }
            return;
        };
        if what != Carried::Media && !link.dtls {
            link.dtls = true;
            self.media.secured(seat.flow);
        }
        // Ports are used again: what comes after a long silence is other media.
        if what == Carried::Media
            && let Some(place) = link.plain
            && link.data.iter().flatten().max().is_some_and(|last| moment.time.since(last.time) > limits::MEDIA_PAUSE)
        {
            self.media.plain.note_last(place, link.data);
            (link.plain, link.media) = (None, [false; 2]);
        }
        if let Some(last) = link.data.get_mut(index) {
            *last = Some(moment);
        }
        let is_news = match what {
            Carried::ClientHello | Carried::Handshake => true,
            Carried::Dtls => link.in_use.get(index) != Some(&true),
            Carried::Media => link.media.get(index) != Some(&true) || link.in_use.get(index) != Some(&true),
        };
        if is_news && link.pair.is_some() {
            self.first_data(moment, seat, what);
        } else if what == Carried::Media && link.pair.is_none() && link.media.get(index) != Some(&true) {
            self.first_plain_media(moment, seat);
        }
    }

    /// The first media from one end of a flow that no check was seen on.
    #[cold]
    fn first_plain_media(&mut self, moment: Moment, seat: Seat<'_>) {
        let Some(link) = self.links.of(seat.flow) else { return };
        if let Some(known) = link.media.get_mut(seat.side.index()) {
            *known = true;
        }
        if let Some(last) = link.data.get_mut(seat.side.index()) {
            *last = Some(moment);
        }
        let known = link.plain;
        let place = self.media.plain.begin(moment, seat.path, seat.side, known);
        if let Some(link) = self.links.of(seat.flow) {
            link.plain = place;
        }
    }

    #[cold]
    pub(super) fn first_data(&mut self, moment: Moment, seat: Seat<'_>, what: Carried) {
        let index = seat.side.index();
        let Some(link) = self.links.known(seat.flow) else { return };
        let (Some(pair), Some(agent)) = (link.pair, link.agents.get(index).copied()) else { return };
        let choice = self.ice.data(moment, pair, agent, what, &mut self.events);
        if choice == Choice::Late {
            return;
        }
        if let Some(link) = self.links.known(seat.flow)
            && let (Some(in_use), Some(media)) = (link.in_use.get_mut(index), link.media.get_mut(index))
        {
            *in_use = true;
            *media |= what == Carried::Media;
        }
        if let Choice::Leaves(left) = choice {
            self.data_left(left, agent);
        }
        self.restarted(moment, pair);
    }

    /// The agent's data left a pair: the next packet there is news again.
    fn data_left(&mut self, left: PairRef, agent: usize) {
        for flow in self.ice.flows(left) {
            let Some(link) = self.links.known(flow).filter(|link| link.pair == Some(left)) else { continue };
            for side in [Side::First, Side::Second] {
                if link.agents.get(side.index()) == Some(&agent)
                    && let Some(in_use) = link.in_use.get_mut(side.index())
                {
                    *in_use = false;
                }
            }
        }
    }

    /// Takes bytes of a TCP connection to a peer (RFC 6062).
    pub fn bytes(&mut self, moment: Moment, seat: Seat<'_>, length: usize) {
        let Some(link) = self.links.known(seat.flow) else { return };
        let Some((place, connection)) = link.connection else { return };
        let sent = link.client == Some(seat.side);
        self.turn.bytes(place, connection, Passing { moment, sent, length });
    }

    /// Whether the flow carries bytes of a TCP connection to a peer from now on (RFC 6062, section 4.5).
    #[must_use]
    pub fn carries_connection(&self, flow: FlowId) -> bool {
        self.links.peek(flow).is_some_and(|link| link.connection.is_some())
    }

    /// The TCP connection of a client closed: an allocation on it is gone (RFC 8656, section 5).
    pub fn closed(&mut self, moment: Moment, flow: FlowId) {
        if let Some(link) = self.links.known(flow)
            && link.connection.is_none()
            && let Some(place) = link.allocation
        {
            self.turn.connection_closed(place, moment, &mut self.events);
        }
    }

    pub(super) fn link_client(&mut self, flow: FlowId, client: Side, place: usize) {
        if let Some(link) = self.links.of(flow) {
            link.allocation = Some(place);
            link.client = Some(client);
        }
    }

    /// A check went over the flow.
    pub(super) fn link_check(&mut self, seat: Seat<'_>, check: CheckRef) {
        self.ice.note_flow(check.pair, seat.flow);
        if let Some(link) = self.links.of(seat.flow) {
            link.checked = Some(check.pair);
            if link.pair.is_none() {
                link.pair = Some(check.pair);
                link.media = [false; 2];
                set_agents(&mut link.agents, seat.side, check.agent);
            }
        }
    }

    /// A check over the flow was answered with success: data on it belongs to that pair.
    pub(super) fn link_success(&mut self, seat: Seat<'_>, check: CheckRef) {
        if let Some(link) = self.links.of(seat.flow) {
            if link.pair != Some(check.pair) {
                link.in_use = [false; 2];
                link.media = [false; 2];
            }
            link.pair = Some(check.pair);
            set_agents(&mut link.agents, seat.side.other(), check.agent);
        }
    }

    /// Brings the last data of each flow into its pair, or its entry among those with media alone.
    pub(super) fn sync_data(&mut self) {
        for link in self.links.iter() {
            if let Some(place) = link.plain {
                self.media.plain.note_last(place, link.data);
            }
        }
        for place in 0..self.ice.sessions().len() {
            for (pair, flows) in self.ice.flows_of(place) {
                let at = PairRef { session: place, pair };
                for flow in flows {
                    let Some(link) = self.links.known(flow).copied() else { continue };
                    if link.pair != Some(at) {
                        continue;
                    }
                    for side in [Side::First, Side::Second] {
                        let (Some(last), Some(agent)) =
                            (link.data.get(side.index()).copied().flatten(), link.agents.get(side.index()))
                        else {
                            continue;
                        };
                        self.ice.note_last_data(at, *agent, last);
                    }
                }
            }
        }
    }

    /// The session's data began: perhaps it goes on with what another one between the same hosts had.
    pub(super) fn restarted(&mut self, moment: Moment, at: PairRef) {
        if let Some(of) = self.ice.restarted_by(at.session, self.start.unwrap_or_default()) {
            self.events.push(Event { moment, what: What::SessionRestarted { session: at.session, of } });
        }
    }
}

/// Whether a message of MS-TURN carries data, and then whether it comes from the client ([MS-TURN], section 2.2.1).
pub(super) fn microsoft_data(message: &Message<'_>) -> Option<bool> {
    /// Send request: the number of Refresh.
    const SEND: (Method, Class) = (Method::REFRESH, Class::Request);
    /// Data indication, 0x0115.
    const DATA: (Method, Class) = (Method(5), Class::ErrorResponse);
    message.attribute(stun::AttributeType::DATA)?;
    match (message.method, message.class) {
        SEND => Some(true),
        DATA => Some(false),
        _ => None,
    }
}

const fn set_agents(agents: &mut [usize; 2], side: Side, agent: usize) {
    *agents = match (side, agent) {
        (Side::First, 0) | (Side::Second, 1) => [0, 1],
        _ => [1, 0],
    };
}
