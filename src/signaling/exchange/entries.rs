//! How descriptions, candidates and other things come into the lists of an exchange: once, however often they are seen.

use super::book::{AGAIN, Book, Entry, Note, Sighting, Told, Trickled};
use super::facts::{self, Facts, number};
use super::model::{Incident, SentCandidate, SentDescription};
use crate::moment::Moment;
use crate::signal::{Candidate, Carrier, Description, DescriptionType, RoomWord, Signal, Speaker};
use crate::signaling::key;

impl Book {
    /// Takes a description.
    pub(super) fn describe(
        &mut self,
        id: u64,
        signal: &Signal,
        description: &Description,
        facts: Facts,
        kind: DescriptionType,
        name: Option<&str>,
    ) -> Entry {
        let (from, to) = self.ends(signal, kind == DescriptionType::Rollback);
        self.know(signal, from, to, name);
        if self.told.len() >= self.limits.exchange_descriptions {
            self.exchange.descriptions_omitted += 1;
            return Entry::Omitted;
        }
        // A description changes what came before it: who is polite, which candidates are early.
        self.dirty = true;
        self.latest = self.latest.max(signal.moment);
        let when = (signal.moment, id);
        let ufrags = facts.lines.iter().filter_map(|line| line.ufrag.as_deref()).map(number);
        for ufrag in ufrags.map(Some).chain([None]).filter(|_| !description.sdp.is_empty()) {
            let first = self.described.entry((from, ufrag)).or_insert(when);
            *first = (*first).min(when);
        }
        let place = self.exchange.descriptions.partition_point(|sent| sent.moment <= signal.moment);
        let sent = SentDescription {
            moment: signal.moment,
            from,
            to,
            kind,
            kind_inferred: description.kind.is_none(),
            sdp: description.sdp.clone(),
            again: Vec::new(),
        };
        self.exchange.descriptions.insert(place, sent);
        self.told.insert(
            place,
            Told { id, from, kind, inferred: description.kind.is_none(), facts, sightings: vec![Sighting::of(signal)] },
        );
        if place + 1 == self.told.len() {
            self.foresee(place);
        }
        Entry::New(id)
    }

    /// The description of this number is seen again.
    pub(super) fn seen_again(&mut self, id: u64, signal: &Signal, name: Option<&str>) {
        let Some(place) = self.told.iter().position(|told| told.id == id) else { return };
        let Some(sent) = self.exchange.descriptions.get(place) else { return };
        let (from, to) = (sent.from, sent.to);
        let (by, other) = if self.exchange.channels.contains(&signal.channel) {
            (from, to)
        } else {
            let other = if signal.speaker == Speaker::Server { self.receiver(to, signal) } else { to };
            (from, other)
        };
        if !self.join(signal, by, other) {
            return;
        }
        // An echo tells nothing of who is where.
        if self.speaker(signal) == Some(from) {
            let listener = self.voices.party(signal.channel, signal.speaker.other()).unwrap_or(to);
            self.know(signal, from, listener, name);
        }
        let (Some(sent), Some(told)) = (self.exchange.descriptions.get_mut(place), self.told.get_mut(place)) else {
            return;
        };
        if told.sightings.len() > AGAIN {
            return;
        }
        told.sightings.push(Sighting::of(signal));
        self.dirty = true;
        if see(&mut sent.moment, &mut sent.again, signal.moment) {
            let (sent, told) = (self.exchange.descriptions.remove(place), self.told.remove(place));
            let place = self.exchange.descriptions.partition_point(|other| other.moment <= sent.moment);
            self.exchange.descriptions.insert(place, sent);
            self.told.insert(place, told);
        }
    }

    /// Who gets on the conversation of `signal` what is for party `to`: that party, or where it is known to be on another
    /// one, somebody else whom the same was passed on to.
    fn receiver(&mut self, to: usize, signal: &Signal) -> usize {
        let known = self.exchange.parties.get(to).and_then(|party| party.address);
        let beside = matches!(signal.carrier, Carrier::File | Carrier::Internals);
        let same_host = match (known, signal.destination) {
            (Some(known), Some(here)) => known.address == here.address,
            _ => true,
        };
        if beside || !self.voices.has_own(to) || same_host {
            return to;
        }
        self.add_party().unwrap_or(to)
    }

    /// Takes a candidate; with an empty text the end of them.
    pub(super) fn trickle(&mut self, id: u64, signal: &Signal, candidate: &Candidate, name: Option<&str>) -> Entry {
        let (from, to) = self.ends(signal, false);
        self.know(signal, from, to, name);
        let here = Sighting::of(signal);
        let mid = candidate.mid.as_deref().filter(|mid| !mid.is_empty());
        let index = candidate.m_line_index.filter(|_| mid.is_none());
        // A dump writes it in the browser's way, and without the mid that it did not have.
        let key = number((from, key::of_candidate(&candidate.candidate), mid, index));
        if let Some(place) = self.seen_before(key, &here) {
            self.trickle_again(place, here);
            return Entry::Again;
        }
        if self.trickled.len() >= self.limits.exchange_signals {
            self.exchange.candidates_omitted += 1;
            return Entry::Omitted;
        }
        self.candidates.entry(key).or_default().push(id);
        self.counts.entry((key, here.channel, here.speaker)).and_modify(|count| *count += 1).or_insert(1);
        self.note_order(signal.moment);
        let said = ufrag_of(candidate).map(str::to_owned);
        let place = self.exchange.candidates.partition_point(|sent| sent.moment <= signal.moment);
        self.trickled.insert(place, Trickled { id, said: said.is_some() });
        let sent = SentCandidate {
            moment: signal.moment,
            from,
            candidate: candidate.candidate.clone(),
            mid: candidate.mid.clone(),
            m_line_index: candidate.m_line_index,
            username_fragment: said,
            again: Vec::new(),
        };
        self.exchange.candidates.insert(place, sent);
        Entry::New(id)
    }

    /// The place of the candidate that this is again: the second of a key heard here is the second of all.
    fn seen_before(&mut self, key: u64, here: &Sighting) -> Option<usize> {
        let ids = self.candidates.get(&key)?;
        let count = self.counts.entry((key, here.channel, here.speaker)).or_insert(0);
        let id = ids.get(*count)?;
        *count += 1;
        self.trickled.iter().position(|known| known.id == *id)
    }

    fn trickle_again(&mut self, place: usize, here: Sighting) {
        let Some(sent) = self.exchange.candidates.get_mut(place) else { return };
        if see(&mut sent.moment, &mut sent.again, here.moment) {
            let (sent, known) = (self.exchange.candidates.remove(place), self.trickled.remove(place));
            let place = self.exchange.candidates.partition_point(|other| other.moment <= sent.moment);
            self.exchange.candidates.insert(place, sent);
            self.trickled.insert(place, known);
            self.dirty = true;
        }
    }

    /// Something else happened: a word about a room, servers.
    pub(super) fn note(&mut self, id: u64, signal: &Signal, incident: Incident, name: Option<&str>) -> Entry {
        let (from, to) = self.ends(signal, true);
        self.exchange.first = self.exchange.first.min(signal.moment);
        self.exchange.last = self.exchange.last.max(signal.moment);
        if let Incident::Room(event) = &incident {
            self.over |= matches!(event.word, RoomWord::Bye | RoomWord::Cancelled | RoomWord::Refused);
            if signal.carrier == Carrier::Sip {
                self.know(signal, from, to, name);
            }
        }
        // What a server says by itself is said to its client.
        let told = signal.speaker == Speaker::Server && (signal.carrier != Carrier::Sip);
        let party = if told || matches!(incident, Incident::IceServers(_)) { to } else { from };
        self.add_note(Note { id, moment: signal.moment, party: Some(party), incident, about: None })
    }

    /// The description of number `about` came another way than it was sent.
    pub(super) fn alter(&mut self, id: u64, about: u64, signal: &Signal, text: &str) -> Entry {
        let Some(place) = self.told.iter().position(|told| told.id == about) else { return Entry::Omitted };
        let Some(sent) = self.exchange.descriptions.get(place) else { return Entry::Omitted };
        let mut differences = facts::alterations(&sent.sdp, text);
        differences.truncate(super::story::DIFFERENCES);
        let incident = Incident::Altered { description: place, differences };
        let party = Some(sent.from);
        self.dirty = true;
        self.add_note(Note { id, moment: signal.moment, party, incident, about: Some(about) })
    }

    fn add_note(&mut self, note: Note) -> Entry {
        if self.notes.len() >= self.limits.exchange_signals {
            self.exchange.happenings_omitted += 1;
            return Entry::Omitted;
        }
        let id = note.id;
        self.note_order(note.moment);
        let place = self.notes.partition_point(|known| known.moment <= note.moment);
        self.notes.insert(place, note);
        Entry::New(id)
    }
}

/// Takes the moment of another sighting among those that are known; whether it is the first now.
fn see(first: &mut Moment, again: &mut Vec<Moment>, moment: Moment) -> bool {
    let is_first = moment < *first;
    let later = if is_first { std::mem::replace(first, moment) } else { moment };
    let place = again.partition_point(|known| *known <= later);
    again.insert(place, later);
    again.truncate(AGAIN);
    is_first
}

/// The user fragment that is said in a candidate's text or beside it.
pub(super) fn ufrag_of(candidate: &Candidate) -> Option<&str> {
    let mut words = candidate.candidate.split_ascii_whitespace();
    words.find(|word| *word == "ufrag").and_then(|_| words.next()).or(candidate.username_fragment.as_deref())
}
