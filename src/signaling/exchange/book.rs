//! One exchange while it is put together: the lists that are published, and what has to be known to add to them.

use std::collections::{HashMap, HashSet, VecDeque};

use super::facts::Facts;
use super::machine::{self, Step};
use super::model::{Exchange, Incident, Party};
use super::state::SignalingState;
use super::story::Story;
use super::voice::Voices;
use crate::moment::Moment;
use crate::signal::{Carrier, Channel, DescriptionType, Signal, Speaker};
use crate::signaling::Limits;

/// An exchange of so many descriptions, candidates and notes is long.
const LONG: usize = 512;
/// Changes of a long exchange that are told at once, at least: of a longer one, a 16th of its length.
const AT_ONCE: usize = 32;
/// Parties of an exchange. 32: a call rings at some ten phones; one more speaks as the last.
pub(super) const PARTIES: usize = 32;
/// Conversations of an exchange. 64: two for each party; what is heard on more is not joined.
pub(super) const CHANNELS: usize = 64;
/// How often something is remembered to be seen again. 8: a way through three servers.
pub(super) const AGAIN: usize = 8;

/// Where something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sighting {
    pub(super) channel: Channel,
    pub(super) speaker: Speaker,
    pub(super) moment: Moment,
}

impl Sighting {
    pub(super) const fn of(signal: &Signal) -> Self {
        Self { channel: signal.channel, speaker: signal.speaker, moment: signal.moment }
    }

    fn is_where(&self, other: &Self) -> bool {
        self.channel == other.channel && self.speaker == other.speaker
    }
}

/// What is known of a description beside what is published; in the same order.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) id: u64,
    pub(super) from: usize,
    pub(super) kind: DescriptionType,
    pub(super) inferred: bool,
    pub(super) facts: Facts,
    pub(super) sightings: Vec<Sighting>,
}

impl Told {
    /// Whether it was seen where `signal` is.
    pub(super) fn is_seen(&self, signal: &Signal) -> bool {
        self.sightings.iter().any(|known| known.is_where(&Sighting::of(signal)))
    }
}

/// What is known of a candidate beside what is published; in the same order.
#[derive(Debug)]
pub(super) struct Trickled {
    pub(super) id: u64,
    /// Its user fragment was said.
    pub(super) said: bool,
}

/// Something else that happened.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) id: u64,
    pub(super) moment: Moment,
    pub(super) party: Option<usize>,
    /// Without the number of a description: that of [`Note::about`] comes in when it is told.
    pub(super) incident: Incident,
    /// The description that it is about.
    pub(super) about: Option<u64>,
}

/// How a conversation takes part in the exchange.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) channel: Channel,
    pub(super) thread: Option<String>,
    /// The name that is said there for who is at the other end of the server.
    pub(super) remote: Option<String>,
}

/// One exchange while it is put together.
#[derive(Debug)]
pub(super) struct Book {
    /// What is published; only while something is added to it, else it is in the list of all.
    pub(super) exchange: Exchange,
    pub(super) carrier: Carrier,
    pub(super) told: Vec<Told>,
    pub(super) trickled: Vec<Trickled>,
    pub(super) notes: Vec<Note>,
    pub(super) voices: Voices,
    pub(super) links: Vec<Link>,
    /// The offers that have no answer yet, by their places.
    pub(super) open: Vec<usize>,
    /// A word said that it is over.
    pub(super) over: bool,
    /// Both ends of one of its conversations were heard.
    pub(super) two_way: bool,
    /// When each party first described a user fragment; without one, when it first described anything.
    pub(super) described: HashMap<(usize, Option<u64>), (Moment, u64)>,
    /// The candidates of each text and m-line, by their numbers, in the order they came.
    pub(super) candidates: HashMap<u64, Vec<u64>>,
    /// How many of them were heard at each end of each conversation.
    pub(super) counts: HashMap<(u64, Channel, Speaker), usize>,
    pub(super) story: Story,
    /// The renegotiations among the happenings, in their order: the numbers of the description and of the one before it.
    pub(super) renegotiated: VecDeque<(u64, u64)>,
    pub(super) emitted: HashSet<u64>,
    /// Places of new entries of the lists are not what they would be in order of time.
    pub(super) dirty: bool,
    /// Changes since all of it was told.
    pub(super) waiting: usize,
    pub(super) latest: Moment,
    pub(super) limits: Limits,
}

/// What became of something that was given to a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// It is new, with this number.
    New(u64),
    /// It was known.
    Again,
    /// There is no place for it.
    Omitted,
}

/// A party of which nothing is known.
fn stranger() -> Party {
    Party { name: None, address: None, server: None, heard: false, state: SignalingState::default() }
}

/// An exchange of nobody.
pub(super) fn blank(signal: &Signal) -> Exchange {
    Exchange {
        carrier: signal.carrier,
        channels: Vec::new(),
        room: signal.addressing.room.clone(),
        parties: Vec::new(),
        descriptions: Vec::new(),
        descriptions_omitted: 0,
        candidates: Vec::new(),
        candidates_omitted: 0,
        states: Vec::new(),
        states_omitted: 0,
        happenings: Vec::new(),
        happenings_omitted: 0,
        first: signal.moment,
        last: signal.moment,
        one_way: true,
    }
}

/// Whether the server of the conversation is itself who negotiates: nobody else is named behind it.
fn is_direct(signal: &Signal) -> bool {
    let names = &signal.addressing;
    signal.carrier == Carrier::Sip || (signal.carrier == Carrier::Http && names.from.is_none() && names.to.is_none())
}

impl Book {
    /// An exchange that begins with `signal`, whose speaker is the first party.
    pub(super) fn new(signal: &Signal, limits: Limits) -> Self {
        let mut book = Self {
            carrier: signal.carrier,
            exchange: Exchange { parties: vec![stranger(), stranger()], ..blank(signal) },
            told: Vec::new(),
            trickled: Vec::new(),
            notes: Vec::new(),
            voices: Voices::default(),
            links: Vec::new(),
            open: Vec::new(),
            over: false,
            two_way: false,
            described: HashMap::new(),
            candidates: HashMap::new(),
            counts: HashMap::new(),
            story: Story::default(),
            renegotiated: VecDeque::new(),
            emitted: HashSet::new(),
            dirty: false,
            waiting: 0,
            latest: signal.moment,
            limits,
        };
        book.join(signal, 0, 1);
        book
    }

    /// Makes the conversation of `signal` one of this exchange: its speaker is party `by`, its listener party `to`.
    pub(super) fn join(&mut self, signal: &Signal, by: usize, to: usize) -> bool {
        if self.exchange.channels.contains(&signal.channel) {
            return true;
        }
        if self.exchange.channels.len() >= CHANNELS {
            return false;
        }
        self.exchange.channels.push(signal.channel);
        self.voices.bind(signal.channel, signal.speaker, by);
        self.voices.bind(signal.channel, signal.speaker.other(), to);
        self.links.push(Link { channel: signal.channel, thread: None, remote: None });
        true
    }

    pub(super) fn add_party(&mut self) -> Option<usize> {
        if self.exchange.parties.len() >= PARTIES {
            return None;
        }
        self.exchange.parties.push(stranger());
        Some(self.exchange.parties.len() - 1)
    }

    /// The party that a signal is from, and the one that it is for.
    pub(super) fn ends(&mut self, signal: &Signal, rolls_back: bool) -> (usize, usize) {
        let Signal { channel, speaker, .. } = *signal;
        let mut from = self.voices.party(channel, speaker).unwrap_or_default();
        let mut to = self.voices.party(channel, speaker.other()).unwrap_or_default();
        let fork = signal.addressing.thread.as_deref().filter(|_| signal.carrier == Carrier::Sip && !rolls_back);
        if let Some(fork) = fork {
            // The callee's tag, whoever speaks.
            let callee = match self.voices.fork(channel, Speaker::Server, fork) {
                Some(known) => Some(known),
                None => self.add_party().inspect(|party| {
                    self.voices.bind_fork(channel, Speaker::Server, fork, *party);
                }),
            };
            let callee = callee.unwrap_or_else(|| self.exchange.parties.len() - 1);
            match speaker {
                Speaker::Server => from = callee,
                Speaker::Client => to = callee,
            }
        }
        (from, to)
    }

    /// Learns addresses and names from `signal`; `name` is what its client is called.
    pub(super) fn know(&mut self, signal: &Signal, from: usize, to: usize, name: Option<&str>) {
        self.exchange.first = self.exchange.first.min(signal.moment);
        self.exchange.last = self.exchange.last.max(signal.moment);
        let direct = is_direct(signal);
        let (client, server) = match signal.speaker {
            Speaker::Client => ((from, signal.source), (to, signal.destination)),
            Speaker::Server => ((to, signal.destination), (from, signal.source)),
        };
        if let Some(party) = self.exchange.parties.get_mut(client.0) {
            party.heard |= !direct || signal.speaker == Speaker::Client;
            party.address = party.address.or(client.1);
            party.server = party.server.or(server.1.filter(|_| !direct));
        }
        if let Some(party) = self.exchange.parties.get_mut(server.0)
            && direct
        {
            party.heard |= signal.speaker == Speaker::Server;
            party.address = party.address.or(server.1);
        }
        let own = |is_client: bool| name.filter(|_| is_client && !direct);
        let is_client = signal.speaker == Speaker::Client;
        let names = &signal.addressing;
        let author = own(is_client).or(names.from.as_deref());
        let listener = own(!is_client).or(names.to.as_deref());
        for (party, name) in [(from, author), (to, listener)] {
            if let Some(party) = self.exchange.parties.get_mut(party)
                && party.name.is_none()
            {
                party.name = name.map(str::to_owned);
            }
        }
        let remote = if is_client { &names.to } else { &names.from };
        if let Some(link) = self.links.iter_mut().find(|link| link.channel == signal.channel) {
            link.thread = link.thread.take().or_else(|| names.thread.clone());
            link.remote = link.remote.take().or_else(|| remote.clone());
        }
    }

    pub(super) fn link(&self, channel: Channel) -> Option<&Link> {
        self.links.iter().find(|link| link.channel == channel)
    }

    /// The party that `signal` is from, where that is known without a fork.
    pub(super) fn speaker(&self, signal: &Signal) -> Option<usize> {
        self.voices.party(signal.channel, signal.speaker)
    }

    /// The last description of `party`.
    pub(super) fn last_of(&self, party: usize) -> Option<&Told> {
        self.told.iter().rev().find(|told| told.from == party && told.kind != DescriptionType::Rollback)
    }

    /// The place of the oldest open offer that is not from `party`.
    pub(super) fn open_for(&self, party: usize) -> Option<usize> {
        let is_other = |place: &&usize| self.told.get(**place).is_some_and(|told| told.from != party);
        self.open.iter().find(is_other).copied()
    }

    /// Whether an entry of this moment can be told behind all that was told.
    pub(super) fn note_order(&mut self, moment: Moment) {
        let told = self.exchange.happenings.last().map_or(self.latest, |happening| happening.moment);
        self.dirty |= moment < self.latest.max(told);
        self.latest = self.latest.max(moment);
    }

    /// Whether this description can be the one of that number, not seen there before; or is a repetition of it.
    pub(super) fn can_be(&self, id: u64, signal: &Signal, kind: Option<DescriptionType>) -> bool {
        let Some(place) = self.told.iter().position(|told| told.id == id) else { return false };
        let Some(told) = self.told.get(place) else { return false };
        if kind.is_some_and(|kind| kind != told.kind && !told.inferred) {
            return false;
        }
        let seen = told.is_seen(signal);
        let is_last = place + 1 == self.told.len();
        if seen {
            return is_last;
        }
        if self.link(signal.channel).is_some() {
            // Passed on to another, or echoed to who has sent it.
            return self.speaker(signal) == Some(told.from)
                || told.sightings.iter().any(|known| known.channel == signal.channel);
        }
        let beside = |carrier| matches!(carrier, Carrier::File | Carrier::Internals);
        let both_sip = signal.carrier == Carrier::Sip && self.carrier == Carrier::Sip;
        !both_sip && (told.facts.is_unique() || beside(signal.carrier) || beside(self.carrier))
    }

    /// Whether it is to be told anew. Telling takes time with its length, so a long one waits for some changes more: each has a bounded
    /// share of the work.
    pub(super) fn is_due(&mut self) -> bool {
        self.waiting += 1;
        let length = self.told.len() + self.trickled.len() + self.notes.len();
        self.dirty && (length < LONG || self.waiting >= AT_ONCE.max(length / 16))
    }

    /// What a description that waits to be told does to the open offers.
    pub(super) fn foresee(&mut self, place: usize) {
        let Some(told) = self.told.get(place) else { return };
        let (kind, from) = (told.kind, told.from);
        let by = |open: &usize| self.told.get(*open).map(|told| told.from);
        match kind {
            DescriptionType::Offer => self.open.push(place),
            DescriptionType::Answer => {
                let answered = self.open.iter().position(|open| by(open) != Some(from));
                answered.map(|answered| self.open.remove(answered));
            }
            DescriptionType::Rollback => {
                let own = self.open.iter().rposition(|open| by(open) == Some(from));
                own.map(|own| self.open.remove(own));
            }
            DescriptionType::Pranswer => {}
        }
    }

    /// The descriptions as the machine of states takes them.
    pub(super) fn course(&self) -> machine::Course {
        let steps: Vec<Step> = self
            .exchange
            .descriptions
            .iter()
            .zip(&self.told)
            .map(|(sent, told)| {
                let own = |seen: &&Sighting| self.voices.is_own(seen.channel, seen.speaker, sent.from);
                let arrival = |seen: &&Sighting| {
                    seen.speaker == Speaker::Server && self.voices.is_own(seen.channel, Speaker::Client, sent.to)
                };
                let left = told.sightings.iter().filter(own).map(|seen| seen.moment).min().unwrap_or(sent.moment);
                let came = told.sightings.iter().filter(arrival).map(|seen| seen.moment).min();
                Step {
                    kind: sent.kind,
                    from: sent.from,
                    to: sent.to,
                    sent: left,
                    arrived: came.unwrap_or(left).max(left),
                    seen: came.is_some(),
                }
            })
            .collect();
        machine::run(&steps, self.exchange.parties.len())
    }
}
