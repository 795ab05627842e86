//! Dialogs: which description is an offer, which an answer, and what else becomes of a call.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
use std::hash::{Hash, Hasher};

use super::message::{Message, Start};
use super::multipart::parts;
use crate::signal::{Addressing, DescriptionType, RoomWord, Speaker};

/// Messages of a call that are remembered, to know them again when they are repeated or pass another hop.
const REMEMBERED: usize = 256;
/// Offers of a call that wait for their answers; more than two are a fault of somebody.
const OFFERS: usize = 16;

/// What a message says about its call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exchanged {
    /// A description, and what it is by the rules of RFC 6337, section 2.2.
    Description(DescriptionType, String),
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
    answered: Vec<String>,
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
    caller_tag: String,
    seen: VecDeque<u64>,
    offers: VecDeque<Offer>,
    /// It was answered with a 2xx once.
    established: bool,
}

/// The calls that are going on, by their Call-ID.
#[derive(Debug)]
pub struct Dialogs {
    calls: HashMap<String, Call>,
    order: VecDeque<String>,
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
        let by_caller = tag == call.caller_tag;
        let requester = if by_caller { Speaker::Client } else { Speaker::Server };
        let is_response = message.status().is_some();
        let speaker = if is_response { requester.other() } else { requester };
        let thread = if by_caller { message.to_tag() } else { Some(tag) }.unwrap_or_default().to_owned();
        let step = Step { message, cseq, method, requester, thread: &thread };
        let mut exchanged = call.describe(&step);
        exchanged.extend(call.word(&step));
        let (from, to) = if is_response { ("to", "from") } else { ("from", "to") };
        let name = |field| message.address(field).map(str::to_owned);
        for what in exchanged {
            let addressing = Addressing {
                from: name(from),
                to: name(to),
                room: None,
                thread: Some(thread.clone()).filter(|tag| !tag.is_empty()),
            };
            found.push(Said { call: call.number, speaker, addressing, what });
        }
        found
    }

    /// The call of this Call-ID. Whose request is seen first is taken for the caller.
    fn call(&mut self, id: &str, tag: &str) -> &mut Call {
        if !self.calls.contains_key(id) {
            if self.order.len() >= self.most
                && let Some(oldest) = self.order.pop_front()
            {
                self.calls.remove(&oldest);
            }
            self.order.push_back(id.to_owned());
            self.next += 1;
        }
        let number = self.next;
        self.calls.entry(id.to_owned()).or_insert_with(|| Call {
            number,
            caller_tag: tag.to_owned(),
            seen: VecDeque::new(),
            offers: VecDeque::new(),
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
    let found = parts(content_type, &message.body).into_iter().find(|part| {
        part.media_type.eq_ignore_ascii_case("application/sdp")
            || (part.media_type.is_empty() && part.body.starts_with(b"v=0"))
    })?;
    (!found.body.is_empty()).then(|| String::from_utf8_lossy(found.body).into_owned())
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

    fn offer(&mut self, by: Speaker, step: &Step<'_>) {
        if self.offers.len() >= OFFERS {
            self.offers.pop_front();
        }
        self.offers.push_back(Offer { by, cseq: step.cseq, method: step.method, answered: Vec::new() });
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

    fn describe_request(&mut self, step: &Step<'_>, sdp: Option<String>) -> Option<Exchanged> {
        let sdp = sdp?;
        let other = step.requester.other();
        match step.method {
            // The answer to an offer in a response: of a 2xx in the ACK, of a reliable 18x in the PRACK.
            Method::Ack | Method::Prack if self.offers.iter().any(|offer| offer.by == other) => {
                self.offers.retain(|offer| offer.by != other);
                Some(Exchanged::Description(DescriptionType::Answer, sdp))
            }
            Method::Invite | Method::Update | Method::Prack => {
                self.offer(step.requester, step);
                Some(Exchanged::Description(DescriptionType::Offer, sdp))
            }
            Method::Ack | Method::Other => None,
        }
    }

    fn describe_response(&mut self, step: &Step<'_>, status: u16, sdp: Option<String>) -> Option<Exchanged> {
        let mine = |offer: &Offer| offer.by == step.requester && offer.cseq == step.cseq && offer.method == step.method;
        if status >= 300 {
            let before = self.offers.len();
            self.offers.retain(|offer| !(mine(offer) && offer.answered.is_empty()));
            // A refused offer leaves everything as it was (RFC 6337, section 3.2).
            return (before != self.offers.len())
                .then(|| Exchanged::Description(DescriptionType::Rollback, String::new()));
        }
        let reliable = status >= 200 || step.message.field("rseq").is_some();
        if let Some(offer) = self.offers.iter_mut().find(|offer| mine(offer)) {
            // What comes behind the answer only repeats it (RFC 6337, section 3.1.1).
            let sdp = sdp.filter(|_| !offer.answered.iter().any(|tag| tag == step.thread))?;
            if !reliable {
                return Some(Exchanged::Description(DescriptionType::Pranswer, sdp));
            }
            if offer.answered.len() < OFFERS {
                offer.answered.push(step.thread.to_owned());
            }
            return Some(Exchanged::Description(DescriptionType::Answer, sdp));
        }
        let offers = step.method == Method::Invite && reliable;
        let waiting = self.offers.iter().any(|offer| offer.by == step.requester.other() && offer.cseq == step.cseq);
        let sdp = sdp.filter(|_| offers && !waiting)?;
        self.offer(step.requester.other(), step);
        Some(Exchanged::Description(DescriptionType::Offer, sdp))
    }

    /// What a message says about the call itself.
    fn word(&mut self, step: &Step<'_>) -> Option<Exchanged> {
        let word = |word, said: &str| Some(Exchanged::Word(word, said.to_owned()));
        match &step.message.start {
            Start::Request { method, .. } => match method.as_str() {
                "BYE" => word(RoomWord::Bye, "BYE"),
                "CANCEL" => word(RoomWord::Cancelled, "CANCEL"),
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
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:b SIP/2.0|From: a<a>#tag=1;To: b;CSeq: 1 INVITE|";

    fn run(messages: &[String]) -> Vec<String> {
        let mut dialogs = Dialogs::new(10);
        let mut found = Vec::new();
        for text in messages {
            let (first, rest) = text.split_once('|').unwrap();
            let (fields, body) = rest.split_once('|').unwrap();
            // `;` parts the fields here, `#` stands for the one before a tag.
            let head = fields.replace(';', "\r\n").replace('#', ";");
            let text = format!("{first}\r\nCall-ID: c\r\n{head}\r\nContent-Type: application/sdp\r\n\r\n{body}");
            for said in dialogs.observe(&Message::parse(text.as_bytes()).unwrap()) {
                let what = match said.what {
                    Exchanged::Description(kind, sdp) => format!("{} {sdp}", kind.name()),
                    Exchanged::Word(word, said) => format!("{} {said}", word.name()),
                };
                found.push(
                    format!("{:?} {what} {}", said.speaker, said.addressing.thread.unwrap_or_default())
                        .trim_end()
                        .to_owned(),
                );
            }
        }
        found
    }

    fn invite(body: &str) -> String {
        format!("{INVITE}{body}")
    }

    fn response(status: &str, to: &str, cseq: &str, more: &str, body: &str) -> String {
        format!("SIP/2.0 {status}|From: a<a>#tag=1;To: b#tag={to};CSeq: {cseq}{more}|{body}")
    }

    #[test]
    fn an_invite_is_answered_by_its_2xx_and_early_media_comes_before() {
        let found = run(&[
            invite("v=0 o"),
            invite("v=0 o"),
            response("183 Progress", "2", "1 INVITE", "", "v=0 p"),
            response("183 Progress", "2", "1 INVITE", "", "v=0 p"),
            response("200 OK", "2", "1 INVITE", "", "v=0 a"),
            response("200 OK", "2", "1 INVITE", "", "v=0 a"),
            "BYE sip:a SIP/2.0|From: b#tag=2;To: a#tag=1;CSeq: 9 BYE|".to_owned(),
        ]);
        assert_eq!(
            found,
            ["Client offer v=0 o", "Server pranswer v=0 p 2", "Server answer v=0 a 2", "Server bye BYE 2"]
        );
    }

    #[test]
    fn an_offer_in_the_2xx_is_answered_in_the_ack() {
        let found = run(&[
            invite(""),
            response("200 OK", "2", "1 INVITE", "", "v=0 o"),
            "ACK sip:b SIP/2.0|From: a#tag=1;To: b#tag=2;CSeq: 1 ACK|v=0 a".to_owned(),
        ]);
        assert_eq!(found, ["Server offer v=0 o 2", "Client answer v=0 a 2"]);
    }

    #[test]
    fn a_reliable_18x_answers_and_prack_and_update_offer_anew() {
        let found = run(&[
            invite("v=0 o"),
            response("183 Progress", "2", "1 INVITE", ";RSeq: 1", "v=0 a"),
            "PRACK sip:b SIP/2.0|From: a#tag=1;To: b#tag=2;CSeq: 2 PRACK|v=0 o2".to_owned(),
            response("200 OK", "2", "2 PRACK", "", "v=0 a2"),
            "UPDATE sip:b SIP/2.0|From: a#tag=1;To: b#tag=2;CSeq: 3 UPDATE|v=0 o3".to_owned(),
            response("200 OK", "2", "3 UPDATE", "", "v=0 a3"),
            response("200 OK", "2", "1 INVITE", "", "v=0 a"),
        ]);
        let kinds: Vec<&str> = found.iter().map(|said| said.split(' ').nth(1).unwrap()).collect();
        assert_eq!(kinds, ["offer", "answer", "offer", "answer", "offer", "answer"]);
    }

    #[test]
    fn each_fork_answers_and_a_refusal_takes_the_offer_back() {
        let found = run(&[
            invite("v=0 o"),
            response("183 Progress", "2", "1 INVITE", "", "v=0 p"),
            response("200 OK", "3", "1 INVITE", "", "v=0 a"),
        ]);
        assert_eq!(found, ["Client offer v=0 o", "Server pranswer v=0 p 2", "Server answer v=0 a 3"]);
        let found = run(&[
            invite("v=0 o"),
            response("407 Who", "2", "1 INVITE", "", ""),
            "INVITE sip:b SIP/2.0|From: a#tag=1;To: b;CSeq: 2 INVITE|v=0 o".to_owned(),
            response("486 Busy", "2", "2 INVITE", "", ""),
        ]);
        let kinds: Vec<&str> = found.iter().map(|said| said.split(' ').nth(1).unwrap()).collect();
        assert_eq!(kinds, ["offer", "rollback", "offer", "rollback", "refused"]);
    }

    #[test]
    fn calls_are_bounded() {
        let mut dialogs = Dialogs::new(10);
        for number in 0..1000 {
            let text = format!(
                "INVITE sip:b SIP/2.0\r\nCall-ID: {number}\r\nFrom: a;tag=1\r\nTo: b\r\nCSeq: 1 INVITE\r\n\r\n"
            );
            dialogs.observe(&Message::parse(text.as_bytes()).unwrap());
        }
        assert_eq!((dialogs.calls.len(), dialogs.order.len()), (10, 10));
    }
}
