//! What was signalled of each agent: by the user fragment of its generation, its passwords and its candidates.
//!
//! A generation is what one pair of ICE credentials stands for (RFC 8445, section 5.3); a restart begins another one. Passwords
//! never leave this room: they only verify.

use std::collections::HashMap;
use std::net::IpAddr;

use super::ice::CandidateType;
use super::limits;
use crate::moment::Moment;
use crate::path::{Endpoint, Transport};
use crate::sdp::{self, Document, EndOfCandidates, Key, Section, TrickledCandidate, parse_candidate};
use crate::signal::{self, Addressing, Channel, Matter, Signal, Speaker};

/// The address of a candidate as it was signalled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignaledAddress {
    /// An IP address.
    Ip(IpAddr),
    /// A name: `<uuid>.local` where the agent hides its address behind multicast DNS.
    Name(String),
}

/// A candidate as its owner signalled it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignaledCandidate {
    /// Its address.
    pub address: SignaledAddress,
    /// Its port; 9 for an active TCP candidate (RFC 6544, section 4.5).
    pub port: u16,
    /// Its type.
    pub kind: CandidateType,
    /// Its transport.
    pub transport: Transport,
    /// Whether it is an active TCP candidate, whose port means nothing.
    pub active: bool,
    /// Its priority.
    pub priority: u32,
    /// Its component.
    pub component: u8,
    /// Its foundation.
    pub foundation: String,
    /// The address that it was found from.
    pub related: Option<Endpoint>,
    /// The mid of its m-line.
    pub mid: Option<String>,
    /// When its owner was first heard to say it.
    pub sent: Option<Moment>,
    /// When the other agent was first heard to be told.
    pub arrived: Option<Moment>,
}

impl SignaledCandidate {
    /// Its transport address, where it is one.
    #[must_use]
    pub fn endpoint(&self) -> Option<Endpoint> {
        match &self.address {
            SignaledAddress::Ip(address) => Some(Endpoint::new(*address, self.port)),
            SignaledAddress::Name(_) => None,
        }
    }

    /// When it became known, at whichever end.
    #[must_use]
    pub fn first(&self) -> Option<Moment> {
        [self.sent, self.arrived].into_iter().flatten().min()
    }

    fn same(&self, other: &Self) -> bool {
        self.port == other.port
            && self.component == other.component
            && self.transport == other.transport
            && self.active == other.active
            && self.address == other.address
    }
}

/// What was signalled of one generation of an agent.
#[derive(Clone, PartialEq, Eq)]
pub struct Generation {
    /// Its user fragment.
    pub ufrag: String,
    /// When its owner was first heard to describe it.
    pub sent: Option<Moment>,
    /// When the other agent was first heard to be told.
    pub arrived: Option<Moment>,
    /// Whether its owner says that it is a lite agent.
    pub lite: bool,
    /// Whether its owner said that no more candidates come.
    pub complete: bool,
    /// Its candidates in order of appearance.
    pub candidates: Vec<SignaledCandidate>,
    /// Candidates past the bound.
    pub candidates_omitted: u64,
    /// The passwords that were signalled for it: more than one where a description was changed on its way.
    passwords: Vec<String>,
}

impl std::fmt::Debug for Generation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generation")
            .field("ufrag", &self.ufrag)
            .field("candidates", &self.candidates)
            .field("passwords", &self.passwords.len())
            .finish_non_exhaustive()
    }
}

impl Generation {
    fn new(ufrag: &str) -> Self {
        Self {
            ufrag: ufrag.to_owned(),
            sent: None,
            arrived: None,
            lite: false,
            complete: false,
            candidates: Vec::new(),
            candidates_omitted: 0,
            passwords: Vec::new(),
        }
    }

    /// How many different passwords were signalled for it.
    #[must_use]
    pub const fn passwords(&self) -> usize {
        self.passwords.len()
    }

    fn note_password(&mut self, password: &str) {
        if password.len() > limits::FRAGMENT_LENGTH {
            return;
        }
        let known = self.passwords.iter().any(|known| known == password);
        if !known && self.passwords.len() < limits::PASSWORDS_PER_FRAGMENT {
            self.passwords.push(password.to_owned());
        }
    }

    /// Takes a candidate; `room` says whether one more may be remembered. Gives whether it was new.
    fn note_candidate(&mut self, candidate: SignaledCandidate, room: bool) -> bool {
        if let Some(known) = self.candidates.iter_mut().find(|known| known.same(&candidate)) {
            known.sent = earlier(known.sent, candidate.sent);
            known.arrived = earlier(known.arrived, candidate.arrived);
            known.mid = known.mid.take().or(candidate.mid);
        } else if room && self.candidates.len() < limits::CANDIDATES_PER_AGENT {
            self.candidates.push(candidate);
            return true;
        } else {
            self.candidates_omitted += 1;
        }
        false
    }
}

fn earlier(one: Option<Moment>, other: Option<Moment>) -> Option<Moment> {
    [one, other].into_iter().flatten().min()
}

/// Who said something and when, as far as that is known.
#[derive(Clone, Copy)]
struct Saying {
    sent: Option<Moment>,
    arrived: Option<Moment>,
}

impl Saying {
    /// What a client says is its own; what a server says came from elsewhere and reaches the client.
    fn of(signal: &Signal, timed: bool) -> Self {
        let moment = Some(signal.moment).filter(|_| timed);
        match signal.speaker {
            Speaker::Client => Self { sent: moment, arrived: None },
            Speaker::Server => Self { sent: None, arrived: moment },
        }
    }
}

/// What was signalled of all agents.
#[derive(Debug, Default)]
pub struct Signaled {
    generations: Vec<Generation>,
    by_ufrag: HashMap<String, usize, foldhash::fast::RandomState>,
    /// The mids and user fragments of the m-lines that each voice described last.
    in_force: HashMap<Voice, Vec<(Option<String>, String)>, foldhash::fast::RandomState>,
    /// Candidates of all generations.
    candidates: usize,
    omitted: u64,
}

/// Who speaks of one connection in a conversation: the end, and the names beside what it says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Voice {
    channel: Channel,
    speaker: Speaker,
    names: [Option<String>; 3],
}

impl Voice {
    fn of(signal: &Signal) -> Self {
        let Addressing { from, to, thread, .. } = &signal.addressing;
        let names = [from, to, thread].map(|name| name.clone().filter(|name| name.len() <= limits::FRAGMENT_LENGTH));
        Self { channel: signal.channel, speaker: signal.speaker, names }
    }
}

impl Signaled {
    /// The generations in order of appearance.
    #[must_use]
    pub fn generations(&self) -> &[Generation] {
        &self.generations
    }

    /// Descriptions of generations past the bound.
    #[must_use]
    pub const fn omitted(&self) -> u64 {
        self.omitted
    }

    /// The generation that has this user fragment.
    #[must_use]
    pub fn generation(&self, ufrag: &str) -> Option<&Generation> {
        self.generations.get(*self.by_ufrag.get(ufrag)?)
    }

    /// The passwords of a user fragment.
    pub(super) fn passwords(&self, ufrag: &str) -> &[String] {
        self.generation(ufrag).map_or(&[], |generation| &generation.passwords)
    }

    fn generation_mut(&mut self, ufrag: &str) -> Option<&mut Generation> {
        if ufrag.is_empty() || ufrag.len() > limits::FRAGMENT_LENGTH {
            return None;
        }
        let place = match self.by_ufrag.get(ufrag) {
            Some(place) => *place,
            None if self.generations.len() >= limits::GENERATIONS => {
                self.omitted += 1;
                return None;
            }
            None => {
                self.generations.push(Generation::new(ufrag));
                self.by_ufrag.insert(ufrag.to_owned(), self.generations.len() - 1);
                self.generations.len() - 1
            }
        };
        self.generations.get_mut(place)
    }

    /// Takes a signal; `timed` says whether its time is the capture's. Gives the fragments whose password was told.
    pub(super) fn learn(&mut self, signal: &Signal, timed: bool) -> Vec<String> {
        let saying = Saying::of(signal, timed);
        match &signal.matter {
            Matter::Description(description) => {
                self.describe(&Document::parse(description.sdp.as_bytes()), &Voice::of(signal), saying)
            }
            Matter::Candidate(candidate) => {
                self.trickle(candidate, &Voice::of(signal), saying);
                Vec::new()
            }
            Matter::IceCredentials(credentials) => {
                let Some(generation) = self.generation_mut(&credentials.username_fragment) else { return Vec::new() };
                generation.sent = earlier(generation.sent, saying.sent);
                generation.arrived = earlier(generation.arrived, saying.arrived);
                generation.note_password(&credentials.password);
                vec![credentials.username_fragment.clone()]
            }
            _ => Vec::new(),
        }
    }

    fn describe(&mut self, document: &Document<'_>, voice: &Voice, saying: Saying) -> Vec<String> {
        let lite = document.session().has(Key::IceLite);
        let mut told: Vec<String> = Vec::new();
        let mut lines: Vec<(Option<String>, String)> = Vec::new();
        let mut known = self.candidates;
        for section in document.media() {
            if lines.len() < limits::LINES_IN_FORCE {
                let ufrag = credential(&section, Key::IceUfrag).unwrap_or_default();
                let known = ufrag.len() <= limits::FRAGMENT_LENGTH;
                let mid = section.mid().filter(|mid| mid.len() <= limits::FRAGMENT_LENGTH).map(str::to_owned);
                lines.push((mid, if known { ufrag.to_owned() } else { String::new() }));
            }
            let Some(ufrag) = credential(&section, Key::IceUfrag) else { continue };
            let Some(generation) = self.generation_mut(ufrag) else { continue };
            generation.lite |= lite;
            generation.sent = earlier(generation.sent, saying.sent);
            generation.arrived = earlier(generation.arrived, saying.arrived);
            if let Some(password) = credential(&section, Key::IcePwd) {
                generation.note_password(password);
                if told.last().is_none_or(|last| last != ufrag) {
                    told.push(ufrag.to_owned());
                }
            }
            let room = limits::SIGNALED_CANDIDATES.saturating_sub(known);
            known += candidates_of(generation, &section, saying, room);
        }
        self.candidates = known;
        if self.in_force.len() < limits::GENERATIONS || self.in_force.contains_key(voice) {
            self.in_force.insert(voice.clone(), lines);
        }
        told
    }

    /// A candidate that trickles in says itself which generation it is of, or is of the one that its owner described last.
    fn trickle(&mut self, candidate: &signal::Candidate, voice: &Voice, saying: Saying) {
        let Ok(TrickledCandidate::Candidate(found)) = parse_candidate(&candidate.candidate) else { return };
        let said = candidate.username_fragment.as_deref().or(found.ufrag()).map(str::to_owned);
        let Some(ufrag) = said.or_else(|| self.last_described(voice, candidate)) else { return };
        let room = self.candidates < limits::SIGNALED_CANDIDATES;
        let Some(generation) = self.generation_mut(&ufrag) else { return };
        if let Some(candidate) = signaled(&found, candidate.mid.as_deref(), saying) {
            let new = generation.note_candidate(candidate, room);
            self.candidates += usize::from(new);
        }
    }
}

/// A user fragment or a password as it is written: agents use what is too short for the grammar (RFC 8839, section 5.4) all the same.
fn credential<'a>(section: &Section<'_, 'a>, key: Key) -> Option<&'a str> {
    let of = |section: &Section<'_, 'a>| section.attribute_lines(key).next().and_then(|line| line.attribute_value());
    let found = of(section).or_else(|| of(&section.transport())).or_else(|| of(&section.document().session()))?;
    str::from_utf8(found).ok().map(str::trim)
}

impl Signaled {
    /// The user fragment of the m-line that a candidate is for, as its owner described it last.
    fn last_described(&self, voice: &Voice, candidate: &signal::Candidate) -> Option<String> {
        let lines = self.in_force.get(voice)?;
        let by_mid = || candidate.mid.as_ref().and_then(|mid| lines.iter().find(|(of, _)| of.as_ref() == Some(mid)));
        let by_index = || lines.get(usize::try_from(candidate.m_line_index?).ok()?);
        let (_, ufrag) = by_mid().or_else(by_index).or_else(|| lines.first())?;
        Some(ufrag.clone())
    }
}

/// Takes the candidates of an m-line, so many new ones at most; gives how many were new.
fn candidates_of(generation: &mut Generation, section: &Section<'_, '_>, saying: Saying, room: usize) -> usize {
    let mut new = 0;
    for candidate in section.values::<sdp::Candidate<'_>>() {
        // A candidate may say that it is of another generation than the one in force.
        if candidate.ufrag().is_some_and(|ufrag| ufrag != generation.ufrag) {
            continue;
        }
        if let Some(candidate) = signaled(&candidate, section.mid(), saying) {
            new += usize::from(generation.note_candidate(candidate, new < room));
        }
    }
    generation.complete |= section.in_force::<EndOfCandidates>().is_some();
    new
}

fn signaled(candidate: &sdp::Candidate<'_>, mid: Option<&str>, saying: Saying) -> Option<SignaledCandidate> {
    let transport = match candidate.transport {
        name if name.eq_ignore_ascii_case("udp") => Transport::Udp,
        name if name.eq_ignore_ascii_case("tcp") => Transport::Tcp,
        _ => return None,
    };
    let address = match candidate.address.parse() {
        Ok(address) => SignaledAddress::Ip(address),
        Err(_) => SignaledAddress::Name(candidate.address.to_ascii_lowercase()),
    };
    let related = candidate
        .related_address
        .and_then(|address| address.parse::<IpAddr>().ok())
        .filter(|address| !address.is_unspecified())
        .map(|address| Endpoint::new(address, candidate.related_port.unwrap_or(0)));
    Some(SignaledCandidate {
        address,
        port: candidate.port,
        kind: candidate.candidate_type.into(),
        transport,
        active: candidate.tcp_type() == Some(sdp::TcpType::Active),
        priority: candidate.priority,
        component: u8::try_from(candidate.component).ok()?,
        foundation: candidate.foundation.to_owned(),
        related,
        mid: mid.filter(|mid| mid.len() <= limits::FRAGMENT_LENGTH).map(str::to_owned),
        sent: saying.sent,
        arrived: saying.arrived,
    })
}

impl From<sdp::CandidateType> for CandidateType {
    fn from(kind: sdp::CandidateType) -> Self {
        match kind {
            sdp::CandidateType::Host => Self::Host,
            sdp::CandidateType::Srflx => Self::ServerReflexive,
            sdp::CandidateType::Prflx => Self::PeerReflexive,
            sdp::CandidateType::Relay => Self::Relayed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Carrier, Description, DescriptionType};

    fn signal(speaker: Speaker, matter: Matter) -> Signal {
        Signal {
            moment: Moment::new(3, 30),
            carrier: Carrier::WebSocket,
            channel: Channel(1),
            speaker,
            source: None,
            destination: None,
            addressing: Addressing::default(),
            matter,
        }
    }

    fn offer(sdp: &str) -> Matter {
        Matter::Description(Description { kind: Some(DescriptionType::Offer), sdp: sdp.to_owned() })
    }

    const OFFER: &str = "v=0\r\na=group:BUNDLE 0 1\r\na=ice-lite\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=ice-ufrag:abcd\r\na=ice-pwd:secret\r\n\
        a=candidate:1 1 udp 7 192.0.2.1 5000 typ host\r\nm=video 9 RTP/AVP 96\r\na=mid:1\r\na=ice-ufrag:abcd\r\na=ice-pwd:secret\r\n";

    #[test]
    fn a_description_tells_passwords_and_candidates() {
        let mut signaled = Signaled::default();
        assert_eq!(signaled.learn(&signal(Speaker::Client, offer(OFFER)), true), ["abcd"]);
        let generation = signaled.generation("abcd").unwrap();
        assert!(generation.lite && !generation.complete);
        assert_eq!((generation.passwords(), generation.candidates.len()), (1, 1));
        let candidate = &generation.candidates[0];
        assert_eq!((candidate.kind, candidate.mid.as_deref()), (CandidateType::Host, Some("0")));
        assert_eq!((candidate.sent, candidate.arrived), (Some(Moment::new(3, 30)), None));
        assert!(!format!("{signaled:?}").contains("secret"));
    }

    #[test]
    fn a_password_that_was_changed_on_its_way_is_another_one() {
        let mut signaled = Signaled::default();
        signaled.learn(&signal(Speaker::Client, offer(OFFER)), true);
        signaled.learn(&signal(Speaker::Server, offer(&OFFER.replace("secret", "other"))), true);
        assert_eq!(signaled.passwords("abcd"), ["secret", "other"]);
        assert_eq!(signaled.generation("abcd").unwrap().arrived, Some(Moment::new(3, 30)));
    }

    #[test]
    fn a_candidate_that_trickles_in_names_its_generation() {
        let mut signaled = Signaled::default();
        let text = "candidate:1 1 tcp 7 ABC.local 9 typ host tcptype active ufrag abcd";
        let candidate = signal::Candidate { candidate: text.to_owned(), ..signal::Candidate::default() };
        signaled.learn(&signal(Speaker::Server, Matter::Candidate(candidate)), false);
        let candidate = &signaled.generation("abcd").unwrap().candidates[0];
        assert_eq!(candidate.address, SignaledAddress::Name("abc.local".to_owned()));
        assert!(candidate.active && candidate.first().is_none());
    }

    #[test]
    fn a_candidate_that_does_not_is_of_what_its_owner_described_last() {
        let mut signaled = Signaled::default();
        signaled.learn(&signal(Speaker::Server, offer(OFFER)), true);
        signaled.learn(&signal(Speaker::Client, offer(&OFFER.replace("abcd", "wxyz"))), true);
        let text = "candidate:1 1 udp 7 192.0.2.9 7000 typ host";
        let trickled =
            signal::Candidate { candidate: text.to_owned(), mid: Some("1".to_owned()), ..signal::Candidate::default() };
        signaled.learn(&signal(Speaker::Server, Matter::Candidate(trickled)), true);
        let ports =
            |ufrag: &str| signaled.generation(ufrag).unwrap().candidates.iter().map(|one| one.port).collect::<Vec<_>>();
        assert_eq!((ports("abcd"), ports("wxyz")), (vec![5000, 7000], vec![5000]));
    }

    #[test]
    fn generations_and_candidates_are_bounded() {
        let mut signaled = Signaled::default();
        for number in 0..limits::GENERATIONS + 10 {
            signaled.learn(&signal(Speaker::Client, offer(&OFFER.replace("abcd", &format!("u{number:06}")))), true);
        }
        assert_eq!((signaled.generations().len(), signaled.omitted()), (limits::GENERATIONS, 20));
        for port in 0..1000 {
            let text = format!("candidate:1 1 udp 7 192.0.2.1 {port} typ host");
            let candidate = signal::Candidate {
                candidate: text,
                username_fragment: Some("u000000".to_owned()),
                ..signal::Candidate::default()
            };
            signaled.learn(&signal(Speaker::Client, Matter::Candidate(candidate)), true);
        }
        let generation = signaled.generation("u000000").unwrap();
        assert_eq!(generation.candidates.len(), limits::CANDIDATES_PER_AGENT);
        assert!(generation.candidates_omitted > 0);
    }
}
