//! Requests and the responses that answer them (RFC 8489, section 6).
//!
//! A request and its response share a transaction ID and a path. Where the capture sees both legs of a relay it sees one
//! message twice: once inside the relay's message and once in the open. That is no retransmission, so transmissions are counted by
//! leg, and the leg that saw most tells how often the request was sent.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::moment::{Moment, Timestamp};
use crate::path::{Endpoint, Path, Relay, Transport};
use crate::wire::stun::{Method, TransactionId};

use super::ice::CheckRef;
use super::limits;
use super::turn::TurnRequest;

/// A response that came from another address than its request went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StrayResponse {
    /// When.
    pub moment: Moment,
    /// The path of the request.
    pub request: Path,
    /// When the request was first sent.
    pub request_moment: Moment,
    /// Where the response came from.
    pub from: Endpoint,
    /// Where it went.
    pub to: Endpoint,
    /// The method.
    pub method: Method,
    /// The session and pair of the check that it answers, by place.
    pub pair: Option<(usize, usize)>,
}

/// An ICMP error that quoted a STUN request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IcmpHit {
    /// When.
    pub moment: Moment,
    /// The path of the request.
    pub request: Path,
    /// The method of the request.
    pub method: Method,
    /// ICMP type and code.
    pub code: (u8, u8),
    /// What it says, in the words of a report: `port unreachable`.
    pub meaning: &'static str,
    /// The session and pair of the check that it ended, by place.
    pub pair: Option<(usize, usize)>,
    /// The allocation whose request it ended, by place.
    pub allocation: Option<usize>,
}

/// What a request was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// A connectivity check.
    Check(CheckRef),
    /// A request of a TURN client.
    Turn(TurnRequest),
    /// A Binding request to a STUN server.
    Server {
        /// The server, by place.
        server: usize,
        /// Whether it asked for the answer to come from another address (CHANGE-REQUEST, RFC 5780).
        elsewhere: bool,
        /// The test of a NAT's filter that it is, by place.
        test: Option<usize>,
    },
    /// Something else.
    None,
}

/// A request and what is known of its answer.
#[derive(Debug, Clone)]
pub(super) struct Transaction {
    pub(super) method: Method,
    /// The path of the request, without the relay that it may be inside of.
    path: Path,
    /// Transmissions by leg.
    legs: Vec<(Option<Relay>, u32)>,
    transmissions: u32,
    pub(super) first: Moment,
    /// The last transmission.
    pub(super) last: Moment,
    /// When the first answer came.
    answered: Option<Moment>,
    /// Whether the only answers so far came from elsewhere.
    from_elsewhere: bool,
    answers: Vec<(Option<Relay>, u32)>,
    pub(super) owner: Owner,
}

impl Transaction {
    /// The path of the request, in the open.
    pub(super) const fn path(&self) -> Path {
        self.path
    }

    /// Whether an answer came from where the request went to.
    pub(super) const fn is_answered(&self) -> bool {
        self.answered.is_some() && !self.from_elsewhere
    }

    /// The round trips to an answer at `moment`: from the last and from the first transmission.
    pub(super) fn round_trips(&self, moment: Moment) -> (Duration, Duration) {
        (moment.time.since(self.last.time), moment.time.since(self.first.time))
    }
}

/// What a request turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// A new transaction.
    New,
    /// Sent again.
    Again,
    /// The other leg of a relay.
    OtherLeg,
}

/// What a response turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The first answer.
    First,
    /// Another answer.
    Duplicate,
    /// The other leg of a relay.
    OtherLeg,
    /// The first answer, from elsewhere.
    Elsewhere,
    /// The first answer from where the request went to, behind one from elsewhere.
    AfterElsewhere,
}

/// The transactions that can still be answered.
#[derive(Debug, Default)]
pub(super) struct Transactions {
    open: HashMap<TransactionId, Vec<Transaction>, foldhash::fast::RandomState>,
    order: VecDeque<(Timestamp, TransactionId)>,
}

/// A path without the relay it was seen inside of: both legs of a relay have the same.
const fn in_the_open(path: Path) -> Path {
    Path { relay: None, ..path }
}

/// Counts one more on `leg`; gives the count.
fn count_leg(legs: &mut Vec<(Option<Relay>, u32)>, leg: Option<Relay>) -> u32 {
    match legs.iter_mut().find(|(known, _)| *known == leg) {
        Some((_, count)) => {
            *count = count.saturating_add(1);
            *count
        }
        None => {
            if legs.len() < limits::LEGS {
                legs.push((leg, 1));
            }
            1
        }
    }
}

impl Transactions {
    /// Takes a request. A new one is to get its owner through [`Transactions::find`].
    pub(super) fn request(&mut self, moment: Moment, path: &Path, method: Method, id: TransactionId) -> Sent {
        self.forget(moment.time);
        let open = in_the_open(*path);
        let same = self.open.entry(id).or_default();
        if let Some(known) = same.iter_mut().find(|known| known.path == open && known.method == method) {
            let count = count_leg(&mut known.legs, path.relay);
            if count <= known.transmissions {
                return Sent::OtherLeg;
            }
            known.transmissions = count;
            known.last = moment;
            return Sent::Again;
        }
        if same.len() >= limits::TRANSACTIONS_OF_ONE_ID {
            same.remove(0);
        }
        self.order.push_back((moment.time, id));
        same.push(Transaction {
            method,
            path: open,
            legs: vec![(path.relay, 1)],
            transmissions: 1,
            first: moment,
            last: moment,
            answered: None,
            from_elsewhere: false,
            answers: Vec::new(),
            owner: Owner::None,
        });
        Sent::New
    }

    /// The open transaction of a request on `path`.
    pub(super) fn find(&mut self, path: &Path, method: Method, id: TransactionId) -> Option<&mut Transaction> {
        let open = in_the_open(*path);
        self.open.get_mut(&id)?.iter_mut().find(|known| known.path == open && known.method == method)
    }

    /// Takes a response on `path`: the transaction that it answers, and what it is to it.
    pub(super) fn response(
        &mut self,
        moment: Moment,
        path: &Path,
        method: Method,
        id: TransactionId,
    ) -> Option<(&mut Transaction, Answer)> {
        let back = in_the_open(path.reversed());
        let same = self.open.get_mut(&id)?;
        let exact = same.iter().position(|known| known.path == back && known.method == method);
        // From elsewhere: to the asker at least, or through the same server.
        let place = exact
            .or_else(|| same.iter().position(|known| known.method == method && known.path.source == back.source))?;
        let known = same.get_mut(place)?;
        let before = known.answers.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let count = count_leg(&mut known.answers, path.relay);
        let answer = if known.answered.is_none() {
            known.answered = Some(moment);
            known.from_elsewhere = exact.is_none();
            if exact.is_some() { Answer::First } else { Answer::Elsewhere }
        } else if exact.is_some() && std::mem::take(&mut known.from_elsewhere) {
            Answer::AfterElsewhere
        } else if count <= before {
            Answer::OtherLeg
        } else {
            Answer::Duplicate
        };
        Some((known, answer))
    }

    /// The open request that an ICMP error quotes.
    pub(super) fn quoted(
        &mut self,
        source: Endpoint,
        destination: Endpoint,
        transport: Transport,
        method: Method,
        id: TransactionId,
    ) -> Option<&mut Transaction> {
        self.find(&Path::direct(source, destination, transport), method, id)
    }

    /// Lets go of what can no longer be answered, and of the oldest where there are too many.
    fn forget(&mut self, now: Timestamp) {
        while let Some((first, id)) = self.order.front().copied() {
            let late = now.since(first) > limits::TRANSACTION_LIFE;
            if !late && self.order.len() < limits::TRANSACTIONS {
                break;
            }
            self.order.pop_front();
            if let Some(same) = self.open.get_mut(&id) {
                if same.first().is_some_and(|oldest| oldest.first.time <= first) {
                    same.remove(0);
                }
                if same.is_empty() {
                    self.open.remove(&id);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    const ID: TransactionId = TransactionId([7; 12]);

    fn at(milliseconds: i64) -> Moment {
        Moment::new(1, milliseconds * 1_000_000)
    }

    fn end(host: u8) -> Endpoint {
        Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), 5000)
    }

    fn path(from: u8, to: u8) -> Path {
        Path::direct(end(from), end(to), Transport::Udp)
    }

    #[test]
    fn a_request_sent_again_is_timed_from_both_ends() {
        let mut open = Transactions::default();
        assert_eq!(open.request(at(0), &path(1, 2), Method::BINDING, ID), Sent::New);
        assert_eq!(open.request(at(500), &path(1, 2), Method::BINDING, ID), Sent::Again);
        let (known, answer) = open.response(at(530), &path(2, 1), Method::BINDING, ID).unwrap();
        assert_eq!(answer, Answer::First);
        assert_eq!(known.round_trips(at(530)), (Duration::from_millis(30), Duration::from_millis(530)));
        assert_eq!(open.response(at(531), &path(2, 1), Method::BINDING, ID).unwrap().1, Answer::Duplicate);
    }

    #[test]
    fn the_other_leg_of_a_relay_is_no_retransmission() {
        let mut open = Transactions::default();
        let inside =
            Path { relay: Some(Relay { client: end(9), server: end(8), transport: Transport::Udp }), ..path(1, 2) };
        assert_eq!(open.request(at(0), &inside, Method::BINDING, ID), Sent::New);
        assert_eq!(open.request(at(1), &path(1, 2), Method::BINDING, ID), Sent::OtherLeg);
        assert_eq!(open.request(at(500), &inside, Method::BINDING, ID), Sent::Again);
        assert_eq!(open.request(at(501), &path(1, 2), Method::BINDING, ID), Sent::OtherLeg);
        assert_eq!(open.response(at(510), &path(2, 1), Method::BINDING, ID).unwrap().1, Answer::First);
        assert_eq!(open.response(at(511), &inside.reversed(), Method::BINDING, ID).unwrap().1, Answer::OtherLeg);
    }

    #[test]
    fn an_answer_from_another_address_is_seen_as_such() {
        let mut open = Transactions::default();
        open.request(at(0), &path(1, 2), Method::BINDING, ID);
        assert_eq!(open.response(at(5), &path(3, 1), Method::BINDING, ID).unwrap().1, Answer::Elsewhere);
    }

    #[test]
    fn an_answer_after_its_time_has_no_request() {
        let mut open = Transactions::default();
        open.request(at(0), &path(1, 2), Method::BINDING, ID);
        open.request(at(60_000), &path(1, 4), Method::BINDING, TransactionId([8; 12]));
        assert!(open.response(at(60_001), &path(2, 1), Method::BINDING, ID).is_none());
        assert_eq!(open.open.len(), 1);
    }
}
