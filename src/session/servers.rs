//! What STUN and TURN servers are asked and what they tell of their clients' addresses, in RFC 8489, RFC 5780 and RFC 3489.

use crate::moment::Moment;
use crate::path::{Endpoint, Path};
use crate::wire::stun::{Class, Message};

use super::printable::printable;
use super::transaction::{Answer, Owner, Sent};
use super::turn::Server;
use super::{Event, Mapping, Seat, Sessions, What, limits};

impl Sessions {
    /// RFC 3489: counted, and its transactions timed.
    pub(super) fn classic(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>) {
        match message.class {
            Class::Request => {
                let sent = self.transactions.request(moment, seat.path, message.method, message.transaction_id);
                let owner = (sent == Sent::New).then(|| self.binding_to_server(moment, seat.path, message));
                self.nat.request(moment, seat.path, true);
                if let Some(known) = self.transactions.find(seat.path, message.method, message.transaction_id) {
                    match (owner, &known.owner) {
                        (Some(owner), _) => known.owner = owner,
                        (None, Owner::Server { test: Some(test), .. }) if sent == Sent::Again => {
                            self.nat.test_again(moment, *test);
                        }
                        _ => {}
                    }
                }
            }
            Class::SuccessResponse | Class::ErrorResponse => {
                if let Some((known, Answer::First | Answer::Elsewhere | Answer::AfterElsewhere)) =
                    self.transactions.response(moment, seat.path, message.method, message.transaction_id)
                    && let Owner::Server { server, elsewhere, test } = known.owner
                {
                    let request = known.path();
                    self.answered_by_server(moment, seat, message, server);
                    self.learn_of_nat(moment, seat, message, &request, (elsewhere, test));
                }
            }
            Class::Indication => {}
        }
    }

    pub(super) fn binding_to_server(&mut self, moment: Moment, path: &Path, message: &Message<'_>) -> Owner {
        let Some(server) = self.turn.asked(moment, path) else { return Owner::None };
        let change = message.change_request().filter(|change| change.ip || change.port);
        let to_another_port = message.response_port().is_some();
        let test = change.filter(|_| !to_another_port).and_then(|change| self.nat.test(moment, path, change));
        Owner::Server { server, elsewhere: change.is_some() || to_another_port, test }
    }

    pub(super) fn answered_by_server(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>, server: usize) {
        if let Some(known) = self.turn.server_mut(server) {
            known.answered += 1;
            note_software(known, message);
        }
        self.note_mapping(moment, seat.path, message);
    }

    pub(super) fn note_server(&mut self, moment: Moment, path: &Path, message: &Message<'_>) {
        if let Some(place) = self.turn.server(moment, &path.reversed())
            && let Some(known) = self.turn.server_mut(place)
        {
            known.answered += 1;
            note_software(known, message);
        }
    }

    /// A server answered a plain request, or a test of what the NAT in between lets in (RFC 5780).
    pub(super) fn learn_of_nat(
        &mut self,
        moment: Moment,
        seat: Seat<'_>,
        message: &Message<'_>,
        request: &Path,
        (elsewhere, test): (bool, Option<usize>),
    ) {
        if message.class != Class::SuccessResponse {
            return;
        }
        if let Some(test) = test {
            self.nat.test_answered(moment, test, seat.path.source);
        }
        if elsewhere {
            return;
        }
        self.told(moment, seat, message, request);
        if let Some(other) = message.other_address() {
            self.nat.other_address(request, other.into());
        }
    }

    /// The answer to the request that went over `request` tells its sender's address.
    pub(super) fn told(&mut self, moment: Moment, seat: Seat<'_>, message: &Message<'_>, request: &Path) {
        if seat.path.relay.is_none()
            && let Some(mapped) = message.mapped_address()
        {
            self.nat.told(moment, request, mapped.into());
        }
    }

    /// A server tells its client's address.
    pub(super) fn note_mapping(&mut self, moment: Moment, path: &Path, message: &Message<'_>) {
        let Some(mapped) = message.mapped_address().map(Endpoint::from) else { return };
        let (client, server) = (path.destination, path.source);
        if self.mappings.len() >= limits::MAPPINGS || !self.known_mappings.insert((client, server, mapped)) {
            return;
        }
        self.mappings.push(Mapping { client, server, mapped, transport: path.transport, first: moment });
        self.events.push(Event { moment, what: What::Mapped { client, server, mapped } });
    }
}

fn note_software(server: &mut Server, message: &Message<'_>) {
    if server.software.is_none() {
        server.software = message.software().map(|software| printable(software.trim_ascii_end()));
    }
}
