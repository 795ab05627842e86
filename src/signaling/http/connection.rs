//! Both directions of a connection: which request a response answers, and where HTTP ends.

use std::collections::VecDeque;

use super::direction::{Direction, Step};
use super::head::{Head, Message, Start, has_method, is_request, is_response};
use crate::moment::Moment;
use crate::signal::Speaker;
use crate::signaling::Limits;

/// What came out of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A message, and who sent it.
    Message(Speaker, Message),
    /// The connection speaks something else from here on: the head of the request that asked for it and that of the response.
    /// Without a response only the request was captured.
    Upgraded {
        /// The request.
        request: Option<Head>,
        /// The response, `101`.
        response: Option<Head>,
    },
    /// The connection is a tunnel from here on (RFC 9110, section 9.3.6), and what is inside is a connection of its own.
    Tunnelled,
}

/// What a step came to.
#[derive(Debug)]
pub(crate) enum Next {
    /// Something is complete.
    Event(Event),
    /// More bytes are needed.
    More,
    /// What is left is no HTTP any more.
    Past,
}

/// A request that waits for its response.
#[derive(Debug)]
struct Pending {
    head: Head,
    upgrade: bool,
    number: u64,
    /// Bytes that it takes.
    cost: usize,
}

/// A TCP connection that speaks HTTP/1.1.
///
/// Its bytes may come in any pieces. Pipelining, interim responses, chunked bodies and content codings are followed; each
/// response names the request that it answers.
#[derive(Debug)]
pub struct HttpConnection {
    requests: Direction,
    responses: Direction,
    pending: VecDeque<Pending>,
    /// Bytes that they take.
    pending_cost: usize,
    /// Requests that were not remembered: their responses come behind the ones that are.
    forgotten: u64,
    /// The numbers of the last request and of the one that the last response answers.
    numbers: (u64, Option<u64>),
    /// Which directions speak something else by now: the client's and the server's.
    upgraded: (bool, bool),
}

impl Default for HttpConnection {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpConnection {
    /// A connection of which nothing was seen.
    #[must_use]
    pub fn new() -> Self {
        Self {
            requests: Direction::new(),
            responses: Direction::new(),
            pending: VecDeque::new(),
            pending_cost: 0,
            forgotten: 0,
            numbers: (0, None),
            upgraded: (false, false),
        }
    }

    /// Who sends what starts with `bytes`; `None` when it is not HTTP.
    #[must_use]
    pub fn recognise(bytes: &[u8]) -> Option<Speaker> {
        // A few bytes could be the start of anything.
        if bytes.len() < 4 {
            return None;
        }
        if is_response(bytes) {
            return Some(Speaker::Server);
        }
        is_request(bytes).then_some(Speaker::Client)
    }

    /// Bytes that are kept.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.requests.cost() + self.responses.cost() + self.pending_cost
    }

    /// How often the place in one of its directions was lost.
    pub(crate) fn losses(&self) -> u64 {
        self.requests.losses() + self.responses.losses()
    }

    fn direction(&mut self, speaker: Speaker) -> &mut Direction {
        match speaker {
            Speaker::Client => &mut self.requests,
            Speaker::Server => &mut self.responses,
        }
    }

    /// Takes the next bytes of one direction and hands on what is complete. Gives back what follows an upgrade.
    pub fn observe<'a>(
        &mut self,
        moment: Moment,
        speaker: Speaker,
        bytes: &'a [u8],
        limits: &Limits,
        mut event: impl FnMut(Event),
    ) -> Option<&'a [u8]> {
        let mut rest = bytes;
        loop {
            match self.next(moment, speaker, &mut rest, limits) {
                Next::Event(found) => event(found),
                Next::More => return None,
                Next::Past => return Some(rest),
            }
        }
    }

    /// Takes what it can from the front of `rest`, up to the next thing that is complete.
    pub(crate) fn next(&mut self, moment: Moment, speaker: Speaker, rest: &mut &[u8], limits: &Limits) -> Next {
        loop {
            if speaker == Speaker::Client && !self.upgraded.0 && self.speaks_frames(rest) {
                self.upgraded.0 = true;
                let request = self.pending.back().map(|pending| pending.head.clone());
                return Next::Event(Event::Upgraded { request, response: None });
            }
            if self.is_past(speaker, rest) {
                return Next::Past;
            }
            match self.direction(speaker).step(moment, rest, limits) {
                Step::More => return Next::More,
                Step::Head(head) => {
                    if let Some(event) = self.head(speaker, head, limits) {
                        return Next::Event(event);
                    }
                }
                Step::Message(message) => return Next::Event(self.message(speaker, message)),
            }
        }
    }

    fn message(&mut self, speaker: Speaker, message: Message) -> Event {
        let exchange = match speaker {
            Speaker::Client => Some(self.numbers.0),
            Speaker::Server => self.numbers.1,
        };
        Event::Message(speaker, Message { exchange, ..message })
    }

    /// Whether HTTP is over in this direction.
    fn is_past(&mut self, speaker: Speaker, bytes: &[u8]) -> bool {
        if speaker == Speaker::Client {
            return self.upgraded.0;
        }
        // The response to an upgrade may be told later than the frames that follow it in the other direction.
        if self.upgraded.0 && self.responses.is_between() && !bytes.is_empty() {
            self.upgraded.1 |= !is_response(bytes);
        }
        self.upgraded.1
    }

    /// A client that asked for an upgrade sends frames of a WebSocket: the response to it was not captured or is still to come.
    /// No method and no line break starts like a frame.
    fn speaks_frames(&self, bytes: &[u8]) -> bool {
        let asked = self.pending.back().is_some_and(|pending| pending.upgrade);
        let first = bytes.first().is_some_and(|first| !matches!(first, b'\r' | b'\n') && !has_method(bytes));
        asked && self.requests.is_between() && first
    }

    /// The request that is answered next, which is not waited for any more.
    fn answered(&mut self) -> Option<Pending> {
        let answered = self.pending.pop_front()?;
        self.pending_cost = self.pending_cost.saturating_sub(answered.cost);
        Some(answered)
    }

    /// Begins the message of a head; what the head alone already brings about.
    fn head(&mut self, speaker: Speaker, mut head: Head, limits: &Limits) -> Option<Event> {
        if (speaker == Speaker::Client) == head.status().is_some() {
            // A response where requests are, or the other way round.
            self.direction(speaker).lose();
            return None;
        }
        if speaker == Speaker::Client {
            let upgrade = head.lists("upgrade", "websocket");
            self.numbers.0 += 1;
            // Behind one that is forgotten none can be told from the others.
            if self.forgotten == 0 && self.pending.len() < limits.pending_requests {
                let cost = head.cost() + size_of::<Pending>();
                self.pending_cost += cost;
                self.pending.push_back(Pending { head: head.clone(), upgrade, number: self.numbers.0, cost });
            } else {
                self.forgotten += 1;
            }
            self.requests.begin(head, limits);
            return None;
        }
        if let Start::Response { status, method, target } = &mut head.start {
            if *status == 101 {
                let request = self.answered().map(|pending| pending.head);
                let both = [request.as_ref(), Some(&head)];
                if !both.into_iter().flatten().any(|head| head.lists("upgrade", "websocket")) {
                    return Some(Event::Tunnelled);
                }
                self.upgraded = (true, true);
                return Some(Event::Upgraded { request, response: Some(head) });
            }
            let interim = matches!(status, 100..=199);
            self.numbers.1 = self.pending.front().map(|pending| pending.number);
            if let Some(pending) = self.pending.front() {
                *method = pending.head.method().map(str::to_owned);
                *target = pending.head.target().map(str::to_owned);
            }
            if method.as_deref() == Some("CONNECT") && matches!(status, 200..=299) {
                return Some(Event::Tunnelled);
            }
            if !interim && self.answered().is_none() {
                self.forgotten = self.forgotten.saturating_sub(1);
            }
        }
        self.responses.begin(head, limits);
        None
    }

    /// Bytes of one direction are missing.
    pub fn gap(&mut self, speaker: Speaker, length: u64) {
        self.direction(speaker).gap(length);
        if self.direction(speaker).is_lost() {
            // What was asked or answered in the gap is not known, so that no response can be told its request.
            self.pending.retain(|pending| pending.upgrade);
            self.pending_cost = self.pending.iter().map(|pending| pending.cost).sum();
            self.forgotten = 0;
        }
    }

    /// One direction has ended.
    pub fn close(&mut self, moment: Moment, speaker: Speaker, limits: &Limits) -> Option<Event> {
        let message = self.direction(speaker).close(moment, limits)?;
        Some(self.message(speaker, message))
    }
}

#[cfg(test)]
mod tests;
