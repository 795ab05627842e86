//! Dialogs: which description is an offer, which an answer, and what else becomes of a call.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
use std::hash::{Hash, Hasher};

use super::message::{Message, Start};
use super::multipart::parts;
use crate::signal::{Addressing, DescriptionType, RoomWord, Speaker};

/// Messages of a call that are remembered, to know them again when they are repeated or pass another hop: they are seconds apart.
const REMEMBERED: usize = 128;
/// Offers of a call that wait for their answers; more than two are a fault of somebody.
const OFFERS: usize = 8;
/// Forks that have answered one offer.
const FORKS: usize = 16;
/// Bodies in bodies.
const NESTED: usize = 4;

/// What a message says about its call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exchanged {
    /// A description, and what it is by the rules of RFC 6337, section 2.2; without a type where what it answers or repeats was not
    /// captured.
    Description(Option<DescriptionType>, String),
    /// Something else.
    Word(RoomWord, String),
}

/// What a message says, and of which call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The number of the call.
    pub call: u64,
    /// Who says it: the caller is the client.
    pub speaker: Speaker,
    /// The addresses of both; the thread is the callee's tag.
    pub addressing: Addressing,
    /// What.
    pub what: Exchanged,
}

/// An offer that is not answered, or not for good.
#[derive(Debug)]
struct Offer {
    by: Speaker,
    /// The request that carried it or whose response did.
    cseq: u32,
    method: Method,
    /// The callee's tags that have answered it: each fork does.
    answered: Vec<Name>,
    /// A response carried it: its answer comes in a request.
    in_response: bool,
}

/// A Call-ID or a tag, of however many bytes, by its hash.
type Name = u64;

fn name(text: &str) -> Name {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Method {
    Invite,
    Ack,
    Update,
    Prack,
    Other,
}

#[derive(Debug)]
struct Call {
    number: u64,
    caller_tag: Name,
    seen: VecDeque<u64>,
    offers: VecDeque<Offer>,
    /// The last INVITE without a description: who sent it, and its number. The offer is in its response.
    asked: Option<(Speaker, u32)>,
    /// It was answered with a 2xx once.
    established: bool,
}

/// The calls that are going on, by their Call-ID.
#[derive(Debug)]
pub struct Dialogs {
    calls: HashMap<Name, Call>,
    order: VecDeque<Name>,
    most: usize,
    next: u64,
}

impl Dialogs {
    /// No calls; at most `most` are remembered, the newest.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { calls: HashMap::new(), order: VecDeque::new(), most: most.max(1), next: 0 }
    }

    /// Takes a message and tells what it says about offers and answers. Repetitions say nothing: neither a retransmission nor
    /// the same message on its next hop.
    pub fn observe(&mut self, message: &Message) -> Vec<Said> {
        let mut found = Vec::new();
        let (Some(id), Some(cseq), Some(tag)) = (message.call_id(), message.cseq(), message.from_tag()) else {
            return found;
        };
        let call = self.call(id, tag);
        if !call.is_new(message, cseq) {
            return found;
        }
        let method = method(message);
        let by_caller = name(tag) == call.caller_tag;
        let requester = if by_caller { Speaker::Client } else { Speaker::Server };
        let is_response = message.status().is_some();
        let speaker = if is_response { requester.other() } else { requester };
        let thread = if by_caller { message.to_tag() } else { Some(tag) }.unwrap_or_default().to_owned();
        let step = Step { message, cseq, method, requester, thread: &thread };
        let mut exchanged = call.describe(&step);
        exchanged.extend(call.word(&step));
        let (from, to) = if is_response { ("to", "from") } else { ("from", "to") };
        let named = |field| message.address(field).map(str::to_owned);
        for what in exchanged {
            let addressing = Addressing {
                from: named(from),
                to: named(to),
                room: None,
                thread: Some(thread.clone()).filter(|tag| !tag.is_empty()),
            };
            found.push(Said { call: call.number, speaker, addressing, what });
        }
        found
    }

    /// The call of this Call-ID. Whose request is seen first is taken for the caller.
    fn call(&mut self, id: &str, tag: &str) -> &mut Call {
        let id = name(id);
        if !self.calls.contains_key(&id) {
            if self.order.len() >= self.most
                && let Some(oldest) = self.order.pop_front()
            {
                self.calls.remove(&oldest);
            }
            self.order.push_back(id);
            self.next += 1;
        }
        let number = self.next;
        self.calls.entry(id).or_insert_with(|| Call {
            number,
            caller_tag: name(tag),
            seen: VecDeque::new(),
            offers: VecDeque::new(),
            asked: None,
            established: false,
        })
    }
}

/// One message on its way through its call.
struct Step<'a> {
    message: &'a Message,
    cseq: u32,
    method: Method,
    requester: Speaker,
    thread: &'a str,
}

fn method(message: &Message) -> Method {
    match message.method().unwrap_or_default() {
        "INVITE" => Method::Invite,
        "ACK" => Method::Ack,
        "UPDATE" => Method::Update,
        "PRACK" => Method::Prack,
        _ => Method::Other,
    }
}

/// The description in a message's body, a part of it or all.
fn description(message: &Message) -> Option<String> {
    let content_type = message.field("content-type").unwrap_or_default();
    description_in(content_type, &message.body, NESTED)
}

fn description_in(content_type: &str, body: &[u8], depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    parts(content_type, body).into_iter().find_map(|part| {
        let is_sdp = part.media_type.eq_ignore_ascii_case("application/sdp")
            || (part.media_type.is_empty() && part.body.starts_with(b"v=0"));
        if is_sdp && !part.body.is_empty() {
            return Some(String::from_utf8_lossy(part.body).into_owned());
        }
        let inner = part.body.len() < body.len() && part.is_multipart();
        inner.then(|| description_in(part.content_type, part.body, depth)).flatten()
    })
}

impl Call {
    fn is_new(&mut self, message: &Message, cseq: u32) -> bool {
        let mut hasher = DefaultHasher::new();
        (message.method(), message.status(), cseq, message.from_tag(), message.to_tag()).hash(&mut hasher);
        if message.status().is_some_and(|status| status < 200) {
            message.body.hash(&mut hasher);
        }
        let key = hasher.finish();
        if self.seen.contains(&key) {
            return false;
        }
        if self.seen.len() >= REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(key);
        true
    }

    fn offer(&mut self, by: Speaker, step: &Step<'_>) -> DescriptionType {
        if self.offers.len() >= OFFERS {
            self.offers.pop_front();
        }
        let in_response = by != step.requester;
        self.offers.push_back(Offer { by, cseq: step.cseq, method: step.method, answered: Vec::new(), in_response });
        DescriptionType::Offer
    }

    /// What the description of a message is, and what the end of a transaction does to the offer in it.
    fn describe(&mut self, step: &Step<'_>) -> Vec<Exchanged> {
        let sdp = description(step.message);
        match step.message.status() {
            None => self.describe_request(step, sdp),
            Some(status) => self.describe_response(step, status, sdp),
        }
        .into_iter()
        .collect()
    }

    /// The type of the description in a request; `None` for none, or one that says nothing.
    fn describe_request(&mut self, step: &Step<'_>, sdp: Option<String>) -> Option<Exchanged> {
        if step.method == Method::Invite && sdp.is_none() {
            self.asked = Some((step.requester, step.cseq));
        }
        let sdp = sdp?;
        // The answer to an offer in a response: of a 2xx in the ACK, of a reliable 18x in the PRACK.
        let answers = |offer: &Offer| offer.in_response && offer.by == step.requester.other();
        let kind = match step.method {
            Method::Ack | Method::Prack if self.offers.iter().any(answers) => {
                self.offers.retain(|offer| !answers(offer));
                DescriptionType::Answer
            }
            Method::Invite | Method::Update | Method::Prack => self.offer(step.requester, step),
            // Whose INVITE has offered only repeats itself; of one that was not captured the ACK answers the offer in its response.
            Method::Ack if self.offers.iter().any(|offer| offer.by == step.requester && offer.cseq == step.cseq) => {
                return None;
            }
            Method::Ack => DescriptionType::Answer,
            Method::Other => return None,
        };
        Some(Exchanged::Description(Some(kind), sdp))
    }

    fn describe_response(&mut self, step: &Step<'_>, status: u16, sdp: Option<String>) -> Option<Exchanged> {
        let mine = |offer: &Offer| {
            !offer.in_response && offer.by == step.requester && offer.cseq == step.cseq && offer.method == step.method
        };
        if status >= 300 {
            let before = self.offers.len();
            self.offers.retain(|offer| !(mine(offer) && offer.answered.is_empty()));
            // A refused offer leaves everything as it was (RFC 6337, section 3.2).
            return (before != self.offers.len())
                .then(|| Exchanged::Description(Some(DescriptionType::Rollback), String::new()));
        }
        let reliable = status >= 200 || step.message.field("rseq").is_some();
        if let Some(offer) = self.offers.iter_mut().find(|offer| mine(offer)) {
            // What comes behind the answer only repeats it (RFC 6337, section 3.1.1).
            let fork = name(step.thread);
            let sdp = sdp.filter(|_| !offer.answered.contains(&fork))?;
            if !reliable {
                return Some(Exchanged::Description(Some(DescriptionType::Pranswer), sdp));
            }
            if offer.answered.len() < FORKS {
                offer.answered.push(fork);
            }
            return Some(Exchanged::Description(Some(DescriptionType::Answer), sdp));
        }
        let sdp = sdp?;
        let offered =
            |offer: &Offer| offer.in_response && offer.by == step.requester.other() && offer.cseq == step.cseq;
        match step.method {
            Method::Invite if self.offers.iter().any(offered) => None,
            Method::Invite if self.asked == Some((step.requester, step.cseq)) => {
                // Without being reliable it only shows what is to come (RFC 6337, section 2.2).
                let kind = reliable.then(|| self.offer(step.requester.other(), step))?;
                Some(Exchanged::Description(Some(kind), sdp))
            }
            // The request was not captured: it may have offered, or have asked for an offer.
            Method::Invite if reliable => Some(Exchanged::Description(None, sdp)),
            // Only an offer is answered here (RFC 3311, RFC 3262).
            Method::Update | Method::Prack if status >= 200 => {
                Some(Exchanged::Description(Some(DescriptionType::Answer), sdp))
            }
            _ => None,
        }
    }

    /// What a message says about the call itself.
    fn word(&mut self, step: &Step<'_>) -> Option<Exchanged> {
        let word = |word, said: &str| Some(Exchanged::Word(word, said.to_owned()));
        match &step.message.start {
            Start::Request { method, .. } => match method.as_str() {
                "BYE" => word(RoomWord::Bye, "BYE"),
                "CANCEL" if !self.established => word(RoomWord::Cancelled, "CANCEL"),
                _ => None,
            },
            Start::Response { status, reason } if step.method == Method::Invite => match status {
                200..=299 => {
                    self.established = true;
                    None
                }
                // Challenges are answered by the same call; a glare is tried again (RFC 3261, section 14.1).
                300..=399 | 401 | 407 | 487 | 491 => None,
                400..=699 if !self.established => word(RoomWord::Refused, &format!("{status} {reason}")),
                _ => None,
            },
            Start::Response { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
