//! Both directions of a connection: which request a response answers, and where HTTP ends.

use std::collections::VecDeque;

use super::direction::{Direction, Step};
use super::head::{Head, Message, Start, is_request, is_response};
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
}

/// A request that waits for its response.
#[derive(Debug)]
struct Pending {
    head: Head,
    upgrade: bool,
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
    /// Requests that were not remembered: their responses come behind the ones that are.
    forgotten: u64,
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
            forgotten: 0,
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
        let pending: usize = self.pending.iter().map(|pending| pending.head.fields.len() * 96 + 256).sum();
        self.requests.cost() + self.responses.cost() + pending
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
            if self.is_past(speaker, rest, &mut event) {
                return Some(rest);
            }
            match self.direction(speaker).step(moment, &mut rest, limits) {
                Step::More => return None,
                Step::Head(head) => self.head(speaker, head, limits, &mut event),
                Step::Message(message) => event(Event::Message(speaker, message)),
            }
        }
    }

    /// Whether HTTP is over in this direction.
    fn is_past(&mut self, speaker: Speaker, bytes: &[u8], event: &mut impl FnMut(Event)) -> bool {
        match speaker {
            Speaker::Client if !self.upgraded.0 && self.speaks_frames(bytes) => {
                self.upgraded.0 = true;
                let request = self.pending.back().map(|pending| pending.head.clone());
                event(Event::Upgraded { request, response: None });
            }
            // The response to an upgrade may be told later than the frames that follow it in the other direction.
            Speaker::Server if self.upgraded.0 && self.responses.is_between() && !bytes.is_empty() => {
                self.upgraded.1 |= !is_response(bytes);
            }
            _ => {}
        }
        match speaker {
            Speaker::Client => self.upgraded.0,
            Speaker::Server => self.upgraded.1,
        }
    }

    /// A client that asked for an upgrade sends frames of a WebSocket: the response to it was not captured or is still to come.
    /// A masked frame has the top bit of its second byte set, which no method has.
    fn speaks_frames(&self, bytes: &[u8]) -> bool {
        let asked = self.pending.back().is_some_and(|pending| pending.upgrade);
        asked && self.requests.is_between() && bytes.get(1).is_some_and(|second| second & 0x80 != 0)
    }

    fn head(&mut self, speaker: Speaker, mut head: Head, limits: &Limits, event: &mut impl FnMut(Event)) {
        if speaker == Speaker::Client {
            let upgrade = head.lists("upgrade", "websocket");
            if self.pending.len() < limits.pending_requests {
                self.pending.push_back(Pending { head: head.clone(), upgrade });
            } else {
                self.forgotten += 1;
            }
            self.requests.begin(head);
            return;
        }
        if let Start::Response { status, method, target } = &mut head.start {
            if *status == 101 {
                self.upgraded = (true, true);
                let request = self.pending.pop_front().map(|pending| pending.head);
                event(Event::Upgraded { request, response: Some(head) });
                return;
            }
            let interim = matches!(status, 100..=199);
            if let Some(pending) = self.pending.front() {
                *method = pending.head.method().map(str::to_owned);
                *target = pending.head.target().map(str::to_owned);
            }
            if !interim && self.pending.pop_front().is_none() {
                self.forgotten = self.forgotten.saturating_sub(1);
            }
        }
        self.responses.begin(head);
    }

    /// Bytes of one direction are missing.
    pub fn gap(&mut self, speaker: Speaker, length: u64) {
        self.direction(speaker).gap(length);
        // What was asked or answered in the gap is not known, so that no response can be told its request.
        self.pending.retain(|pending| pending.upgrade);
    }

    /// One direction has ended.
    pub fn close(&mut self, moment: Moment, speaker: Speaker, limits: &Limits) -> Option<Event> {
        let message = self.direction(speaker).close(moment, limits)?;
        Some(Event::Message(speaker, message))
    }
}

#[cfg(test)]
mod tests;
