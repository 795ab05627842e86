//! All exchanges, inside stated bounds.

use std::collections::{HashMap, VecDeque};

use super::book::{Book, Entry, blank};
use super::entries::ufrag_of;
use super::event::{ExchangeEvent, News};
use super::facts::{Facts, number};
use super::model::{Exchange, Happening, Incident};
use super::route::{ALIKE, Place};
use crate::moment::Moment;
use crate::signal::{Candidate, Channel, Description, DescriptionType, Matter, RoomEvent, RoomWord, Signal, Speaker};
use crate::signaling::Limits;

/// Events that wait to be taken. 65,536, the newest; who wants them takes them with every signal.
const EVENTS: usize = 65_536;
/// What an entry of a list is counted to take beside its text.
const ENTRY: usize = 256;
/// A text beside candidates and descriptions, such as a name: longer ones are not remembered.
const NAME: usize = 256;

/// A conversation.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// The exchanges that it takes part in, oldest first.
    pub(super) exchanges: Vec<usize>,
    /// What its client is called.
    pub(super) name: Option<String>,
    client: bool,
    server: bool,
}

/// Puts the signals of negotiations together.
///
/// ```
/// use rtcscope::signaling::Limits;
/// use rtcscope::signaling::exchange::Exchanges;
///
/// let exchanges = Exchanges::new(Limits::default());
/// assert!(exchanges.exchanges().is_empty());
/// ```
#[derive(Debug)]
pub struct Exchanges {
    limits: Limits,
    pub(super) list: Vec<Exchange>,
    /// What is known of each beside what is published.
    pub(super) books: Vec<Book>,
    pub(super) talks: HashMap<Channel, Talk>,
    order: VecDeque<Channel>,
    /// The descriptions by their text: exchange and number.
    pub(super) texts: HashMap<u64, Vec<(usize, u64)>>,
    /// The descriptions by their `o=`.
    pub(super) origins: HashMap<u64, Vec<(usize, u64)>>,
    held: VecDeque<Signal>,
    events: VecDeque<ExchangeEvent>,
    bytes: usize,
    omitted: u64,
    last_id: u64,
}

impl Exchanges {
    /// None so far.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            list: Vec::new(),
            books: Vec::new(),
            talks: HashMap::new(),
            order: VecDeque::new(),
            texts: HashMap::new(),
            origins: HashMap::new(),
            held: VecDeque::new(),
            events: VecDeque::new(),
            bytes: 0,
            omitted: 0,
            last_id: 0,
        }
    }

    /// The exchanges, in the order in which they became known.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchange] {
        &self.list
    }

    /// Descriptions that would have begun an exchange past the bound.
    #[must_use]
    pub const fn omitted(&self) -> u64 {
        self.omitted
    }

    /// Tells what waits to be told: long exchanges are told some changes at a time.
    pub fn settle(&mut self) {
        for place in 0..self.books.len() {
            if self.books.get(place).is_some_and(|book| book.dirty)
                && let (Some(book), Some(exchange)) = (self.books.get_mut(place), self.list.get_mut(place))
            {
                std::mem::swap(&mut book.exchange, exchange);
                book.tell();
                let news = news(book, 0);
                std::mem::swap(&mut book.exchange, exchange);
                news.into_iter().for_each(|(moment, news)| self.emit(moment, place, news));
            }
        }
    }

    /// Signals that wait for a description to belong to.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Whether [`Exchanges::take_events`] has something to give.
    #[must_use]
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// What became known since this was asked last.
    pub fn take_events(&mut self) -> Vec<ExchangeEvent> {
        std::mem::take(&mut self.events).into()
    }

    /// Takes a signal. Those from files may come after the capture's, whatever their moments are.
    pub fn observe(&mut self, signal: Signal) {
        self.hear(&signal);
        match &signal.matter {
            Matter::Description(description) => self.describe(&signal, description),
            Matter::Candidate(_) | Matter::EndOfCandidates { .. } => {
                if !self.trickle(&signal) {
                    self.hold(signal);
                }
            }
            Matter::Room(event) => {
                self.know(&signal, event);
                if !self.note(&signal, &Incident::Room(shortened(event))) {
                    self.hold(signal);
                }
            }
            Matter::IceCredentials(credentials) => {
                // Where they are only repeated beside a candidate nothing happens.
                if credentials.restarts && credentials.username_fragment.len() <= NAME {
                    let username_fragment = credentials.username_fragment.clone();
                    let mid = credentials.mid.clone().filter(|mid| mid.len() <= NAME);
                    self.note(&signal, &Incident::NewCredentials { username_fragment, mid });
                }
            }
            Matter::IceServers(servers) => {
                if !self.note(&signal, &Incident::IceServers(servers.clone())) {
                    self.hold(signal);
                }
            }
        }
    }

    /// Notes who speaks on the conversation.
    fn hear(&mut self, signal: &Signal) {
        if !self.talks.contains_key(&signal.channel) {
            if self.order.len() >= self.limits.channels.max(1)
                && let Some(oldest) = self.order.pop_front()
            {
                self.talks.remove(&oldest);
            }
            self.order.push_back(signal.channel);
        }
        let talk = self.talks.entry(signal.channel).or_default();
        let heard = if signal.speaker == Speaker::Client { &mut talk.client } else { &mut talk.server };
        if !std::mem::replace(heard, true) {
            let known = talk.exchanges.clone();
            known.into_iter().for_each(|place| self.hear_both(place, signal.channel));
        }
    }

    fn hear_both(&mut self, place: usize, channel: Channel) {
        let both = self.talks.get(&channel).is_some_and(|talk| talk.client && talk.server);
        if let (Some(book), Some(exchange)) = (self.books.get_mut(place), self.list.get_mut(place)) {
            book.two_way |= both;
            exchange.one_way = !book.two_way;
        }
    }

    /// Learns what the client of a conversation is called.
    fn know(&mut self, signal: &Signal, event: &RoomEvent) {
        if matches!(event.word, RoomWord::Register | RoomWord::Connected)
            && let Some(talk) = self.talks.get_mut(&signal.channel)
            && talk.name.is_none()
        {
            talk.name = event.member.clone().filter(|name| name.len() <= NAME);
        }
    }

    fn id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Keeps a signal until there is an exchange that it belongs to.
    fn hold(&mut self, signal: Signal) {
        let long = |name: &Option<String>| name.as_ref().is_some_and(|name| name.len() > NAME);
        let is_long = match &signal.matter {
            Matter::Candidate(candidate) => {
                candidate.candidate.len() > 16 * NAME || long(&candidate.mid) || long(&candidate.username_fragment)
            }
            Matter::EndOfCandidates { mid } => long(mid),
            Matter::Room(event) => event.said.len() > NAME || long(&event.member),
            Matter::IceServers(servers) => {
                servers.len() > NAME || servers.iter().any(|server| server.uri.len() > NAME || long(&server.username))
            }
            _ => false,
        };
        if is_long {
            return;
        }
        if self.held.len() >= self.limits.held_signals {
            self.held.pop_front();
        }
        if self.limits.held_signals > 0 {
            self.held.push_back(signal);
        }
    }

    fn describe(&mut self, signal: &Signal, description: &Description) {
        let facts = Facts::read(&description.sdp);
        let (place, kind) = self.place(signal, description, &facts);
        let id = self.id();
        match place {
            Place::Again(place, known) => self.see_again(place, known, signal),
            Place::Altered(place, known) => {
                self.see_again(place, known, signal);
                if self.has_room(description.sdp.len()) {
                    self.work(place, |book, _| {
                        book.alter(id, known, signal, &description.sdp);
                    });
                    self.bytes += description.sdp.len() + ENTRY;
                }
            }
            Place::In(place) => self.add(place, id, signal, description, facts, kind),
            Place::Joins(place, party) => {
                self.work(place, |book, _| {
                    let other = if party == 0 { 1 } else { 0 };
                    book.join(signal, party, other);
                });
                self.enrol(place, signal.channel);
                self.add(place, id, signal, description, facts, kind);
            }
            Place::New => {
                // What takes nothing back begins nothing.
                if kind == DescriptionType::Rollback {
                    return;
                }
                if self.books.len() >= self.limits.exchanges || !self.has_room(description.sdp.len()) {
                    self.omitted += 1;
                    return;
                }
                let place = self.books.len();
                let mut book = Book::new(signal, self.limits);
                self.list.push(std::mem::replace(&mut book.exchange, blank(signal)));
                self.books.push(book);
                self.enrol(place, signal.channel);
                self.bytes += 16 * ENTRY;
                self.emit(signal.moment, place, News::Started);
                self.add(place, id, signal, description, facts, kind);
            }
        }
    }

    fn has_room(&self, more: usize) -> bool {
        self.bytes.saturating_add(more) <= self.limits.exchange_bytes
    }

    /// Works on an exchange, and says what is new in it then.
    fn work<T: Default>(&mut self, place: usize, work: impl FnOnce(&mut Book, Option<&str>) -> T) -> T {
        self.work_as(place, None, work)
    }

    fn work_as<T: Default>(
        &mut self,
        place: usize,
        channel: Option<Channel>,
        work: impl FnOnce(&mut Book, Option<&str>) -> T,
    ) -> T {
        let (Some(book), Some(exchange)) = (self.books.get_mut(place), self.list.get_mut(place)) else {
            return T::default();
        };
        let name = channel.and_then(|channel| self.talks.get(&channel)).and_then(|talk| talk.name.as_deref());
        std::mem::swap(&mut book.exchange, exchange);
        let told = book.exchange.happenings.len();
        let result = work(book, name);
        let first = if book.is_due() {
            book.tell();
            0
        } else {
            book.cut();
            told
        };
        let news = news(book, first);
        std::mem::swap(&mut book.exchange, exchange);
        for (moment, news) in news {
            self.emit(moment, place, news);
        }
        result
    }

    fn see_again(&mut self, place: usize, known: u64, signal: &Signal) {
        self.work_as(place, Some(signal.channel), |book, name| book.seen_again(known, signal, name));
        if self.books.get(place).is_some_and(|book| book.link(signal.channel).is_some()) {
            self.enrol(place, signal.channel);
            self.release(place, signal.channel);
        }
    }

    /// Notes that a conversation takes part in an exchange.
    fn enrol(&mut self, place: usize, channel: Channel) {
        if let Some(talk) = self.talks.get_mut(&channel)
            && !talk.exchanges.contains(&place)
        {
            talk.exchanges.push(place);
        }
        self.hear_both(place, channel);
    }

    fn add(
        &mut self,
        place: usize,
        id: u64,
        signal: &Signal,
        description: &Description,
        facts: Facts,
        kind: DescriptionType,
    ) {
        if !self.has_room(description.sdp.len()) {
            if let Some(exchange) = self.list.get_mut(place) {
                exchange.descriptions_omitted += 1;
            }
            return;
        }
        let (text, origin) = (facts.text, facts.origin);
        let entry = self.work_as(place, Some(signal.channel), |book, name| {
            Some(book.describe(id, signal, description, facts, kind, name))
        });
        if entry == Some(Entry::New(id)) {
            // Text, facts and differences.
            self.bytes += 2 * description.sdp.len() + ENTRY;
            if !description.sdp.is_empty() {
                remember(&mut self.texts, text, (place, id));
                if let Some(origin) = origin {
                    remember(&mut self.origins, origin, (place, id));
                }
            }
            let position = self.books.get(place).and_then(|book| book.told.iter().position(|told| told.id == id));
            if let Some(position) = position {
                self.emit(signal.moment, place, News::Description(position));
            }
        }
        self.release(place, signal.channel);
    }

    /// Gives to an exchange what was held for it.
    fn release(&mut self, place: usize, channel: Channel) {
        if !self.held.iter().any(|signal| signal.channel == channel) {
            return;
        }
        let (mine, others): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.held).into_iter().partition(|signal| signal.channel == channel);
        self.held = others;
        for signal in mine {
            let taken = match &signal.matter {
                Matter::Room(event) => self.note_in(place, &signal, Incident::Room(shortened(event))),
                Matter::IceServers(servers) => self.note_in(place, &signal, Incident::IceServers(servers.clone())),
                _ => self.trickle(&signal),
            };
            if !taken {
                self.hold(signal);
            }
        }
    }

    /// Takes a candidate or the end of them; whether it belongs to any exchange.
    fn trickle(&mut self, signal: &Signal) -> bool {
        let end;
        let candidate = match &signal.matter {
            Matter::Candidate(candidate) => candidate,
            Matter::EndOfCandidates { mid } => {
                end = Candidate { mid: mid.clone(), ..Candidate::default() };
                &end
            }
            _ => return false,
        };
        let Some(place) = self.place_of_candidate(signal, ufrag_of(candidate)) else { return false };
        let length = candidate.candidate.len() + ENTRY;
        if !self.has_room(length) {
            if let Some(exchange) = self.list.get_mut(place) {
                exchange.candidates_omitted += 1;
            }
            return true;
        }
        let id = self.id();
        let entry = self.work_as(place, Some(signal.channel), |book, name| {
            let entry = book.trickle(id, signal, candidate, name);
            if entry == Entry::New(id) && !book.dirty {
                book.tell_candidate(book.trickled.len().saturating_sub(1));
            }
            Some(entry)
        });
        if entry == Some(Entry::New(id)) {
            self.bytes += length;
            let position =
                self.books.get(place).and_then(|book| book.trickled.iter().rposition(|known| known.id == id));
            if let Some(position) = position {
                self.emit(signal.moment, place, News::Candidate(position));
            }
        }
        true
    }

    /// Notes something in the exchanges of the conversation; whether there is any.
    fn note(&mut self, signal: &Signal, incident: &Incident) -> bool {
        let places = self.places_of_word(signal);
        for place in &places {
            self.note_in(*place, signal, incident.clone());
        }
        !places.is_empty()
    }

    fn note_in(&mut self, place: usize, signal: &Signal, incident: Incident) -> bool {
        if !self.has_room(ENTRY) {
            return true;
        }
        let id = self.id();
        let entry = self.work_as(place, Some(signal.channel), |book, name| {
            let entry = book.note(id, signal, incident, name);
            if entry == Entry::New(id) && !book.dirty {
                book.tell_note(book.notes.len().saturating_sub(1));
            }
            Some(entry)
        });
        if entry == Some(Entry::New(id)) {
            self.bytes += ENTRY;
        }
        true
    }

    fn emit(&mut self, moment: Moment, exchange: usize, news: News) {
        if self.events.len() >= EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(ExchangeEvent { moment, exchange, news });
    }
}

/// Adds a description to those that are alike; the oldest are forgotten.
fn remember(table: &mut HashMap<u64, Vec<(usize, u64)>>, key: u64, entry: (usize, u64)) {
    let alike = table.entry(key).or_default();
    if alike.len() >= ALIKE {
        alike.remove(0);
    }
    alike.push(entry);
}

/// The event without what is too long to be a name.
fn shortened(event: &RoomEvent) -> RoomEvent {
    let cut = |text: &str| text.chars().take(NAME).collect::<String>();
    RoomEvent { word: event.word, said: cut(&event.said), member: event.member.as_deref().map(cut) }
}

/// The states and the happenings from the place `first` on that were not told of before.
fn news(book: &mut Book, first: usize) -> Vec<(Moment, News)> {
    let mut found = Vec::new();
    if first == 0 {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for (place, change) in book.exchange.states.iter().enumerate() {
            let count = counts.entry(change.party).and_modify(|count| *count += 1).or_insert(0);
            if book.emitted.insert(number(("state", change.party, *count, change.state))) {
                found.push((change.moment, News::State(place)));
            }
        }
    }
    let happenings = book.exchange.happenings.iter().enumerate().skip(first);
    let keys: Vec<(usize, Moment, u64)> =
        happenings.map(|(place, happening)| (place, happening.moment, key(book, happening))).collect();
    for (place, moment, key) in keys {
        if book.emitted.insert(key) {
            found.push((moment, News::Incident(place)));
        }
    }
    found
}

/// A number for what happened that stays the same when the lists move.
fn key(book: &Book, happening: &Happening) -> u64 {
    let told = |place: &usize| book.told.get(*place).map(|told| told.id);
    let trickled = |place: &usize| book.trickled.get(*place).map(|known| known.id);
    let of = match &happening.incident {
        Incident::Answered { offer, answer, .. } => number((0, told(offer), told(answer))),
        Incident::Renegotiated { description, .. } => number((1, told(description))),
        Incident::IceRestart { description } => number((2, told(description))),
        Incident::Glare { first, second } => number((3, told(first), told(second))),
        Incident::IllegalTransition { description, state } => number((4, told(description), state)),
        Incident::Altered { description, .. } => number((5, told(description), happening.moment)),
        Incident::EarlyCandidate { candidate } => number((6, trickled(candidate))),
        Incident::LateCandidate { candidate } => number((7, trickled(candidate))),
        Incident::EndOfCandidates { mid } => number((8, mid, happening.moment)),
        Incident::IceServers(_) => number((9, happening.moment)),
        Incident::NewCredentials { username_fragment, mid } => number((11, username_fragment, mid, happening.moment)),
        Incident::Room(event) => number((10, happening.moment, event.word, &event.member)),
    };
    number((happening.party, of))
}

#[cfg(test)]
mod tests;
