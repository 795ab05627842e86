//! What happened in an exchange, told in order of time.
//!
//! What comes in order is told as it comes; a description, and what comes late, has all of it told anew.

use std::collections::{HashMap, HashSet};

use super::book::{Book, Note};
use super::facts::{self, Facts, number};
use super::model::{Happening, Incident, SentCandidate};
use crate::moment::Moment;
use crate::sdp::Difference;

/// Differences of one description that are kept: more than anybody reads.
pub(super) const DIFFERENCES: usize = 256;

/// A generation of candidates: whose, which user fragment, for which mid; for all without one.
type Generation = (usize, Option<u64>, Option<u64>);

/// How far it is told, and what has to be known to go on.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// The last description of each party so far, by its place.
    in_force: HashMap<usize, usize>,
    /// Generations that have ended.
    ended: HashSet<Generation>,
    /// What descriptions have changed against which one before, by their numbers: of those that are not among the happenings,
    /// because nothing is changed or there is no place.
    known: HashMap<u64, (u64, Vec<Difference>)>,
}

impl Book {
    /// Tells all of it anew: states and happenings.
    pub(super) fn tell(&mut self) {
        self.dirty = false;
        self.waiting = 0;
        self.keep_changes();
        self.story.in_force.clear();
        self.story.ended.clear();
        self.exchange.happenings_omitted = 0;
        let course = self.course();
        self.open = course.open;
        self.exchange.states = course.states;
        self.exchange.states_omitted = 0;
        for party in &mut self.exchange.parties {
            party.state = super::SignalingState::default();
        }
        for change in &self.exchange.states {
            if let Some(party) = self.exchange.parties.get_mut(change.party) {
                party.state = change.state;
            }
        }
        for happening in course.happenings {
            self.happen(happening);
        }
        let (mut description, mut candidate, mut note) = (0, 0, 0);
        loop {
            let when = |moment: Moment, id: u64| (moment, id);
            let heads = [
                self.exchange
                    .descriptions
                    .get(description)
                    .zip(self.told.get(description))
                    .map(|(a, b)| when(a.moment, b.id)),
                self.exchange
                    .candidates
                    .get(candidate)
                    .zip(self.trickled.get(candidate))
                    .map(|(a, b)| when(a.moment, b.id)),
                self.notes.get(note).map(|note| when(note.moment, note.id)),
            ];
            let Some((next, _)) = heads
                .iter()
                .enumerate()
                .filter_map(|(index, head)| Some((index, (*head)?)))
                .min_by_key(|(_, head)| *head)
            else {
                break;
            };
            match next {
                0 => {
                    self.tell_description(description);
                    description += 1;
                }
                1 => {
                    self.tell_candidate(candidate);
                    candidate += 1;
                }
                _ => {
                    self.tell_note(note);
                    note += 1;
                }
            }
        }
        self.exchange.happenings.sort_by_key(|happening| happening.moment);
        self.cut();
    }

    /// Leaves out what is past the bound.
    pub(super) fn cut(&mut self) {
        let most = self.limits.exchange_signals;
        let exchange = &mut self.exchange;
        let count = |length: usize| u64::try_from(length.saturating_sub(most)).unwrap_or(u64::MAX);
        exchange.happenings_omitted += count(exchange.happenings.len());
        if exchange.happenings.len() > most {
            for happening in exchange.happenings.split_off(most).into_iter().rev() {
                if let Incident::Renegotiated { differences, .. } = happening.incident
                    && let Some((new, old)) = self.renegotiated.pop_back()
                {
                    self.story.known.insert(new, (old, differences));
                }
            }
        }
        exchange.states_omitted += count(exchange.states.len());
        exchange.states.truncate(most);
    }

    /// Keeps what is dear to find out: the differences that were found before.
    fn keep_changes(&mut self) {
        for happening in std::mem::take(&mut self.exchange.happenings) {
            if let Incident::Renegotiated { differences, .. } = happening.incident {
                self.story.known.extend(self.renegotiated.pop_front().map(|(new, old)| (new, (old, differences))));
            }
        }
        self.renegotiated.clear();
    }

    fn happen(&mut self, happening: Happening) {
        self.exchange.happenings.push(happening);
    }

    fn tell_description(&mut self, place: usize) {
        let (Some(sent), Some(told)) = (self.exchange.descriptions.get(place), self.told.get(place)) else { return };
        if sent.sdp.is_empty() {
            return;
        }
        let (moment, from, id) = (sent.moment, sent.from, told.id);
        let mut found = Vec::new();
        if let Some(previous) = self.story.in_force.insert(from, place)
            && let (Some(before), Some(old)) = (self.exchange.descriptions.get(previous), self.told.get(previous))
        {
            let differences = match self.story.known.remove(&id) {
                Some((known, differences)) if known == old.id => differences,
                _ if old.facts.text == told.facts.text => Vec::new(),
                _ => {
                    let mut differences = facts::changes(&before.sdp, &sent.sdp);
                    differences.truncate(DIFFERENCES);
                    differences
                }
            };
            if differences.is_empty() {
                self.story.known.insert(id, (old.id, differences));
            } else {
                self.renegotiated.push_back((id, old.id));
                found.push(Incident::Renegotiated { description: place, previous, differences });
            }
            if told.facts.restarts(&old.facts) {
                found.push(Incident::IceRestart { description: place });
            }
        }
        for line in told.facts.lines.iter().filter(|line| line.ended) {
            if self.story.ended.insert((from, line.ufrag.as_deref().map(number), line.mid.as_deref().map(number))) {
                found.push(Incident::EndOfCandidates { mid: line.mid.clone() });
            }
        }
        for incident in found {
            self.happen(Happening { moment, party: Some(from), incident });
        }
    }

    fn facts_in_force(&self, party: usize) -> Option<&Facts> {
        let place = self.story.in_force.get(&party).copied();
        // What comes before any description is for the first one.
        let first = || self.exchange.descriptions.iter().position(|sent| sent.from == party && !sent.sdp.is_empty());
        self.told.get(place.or_else(first)?).map(|told| &told.facts)
    }

    /// Tells a candidate: whose generation it is, and whether that fits.
    pub(super) fn tell_candidate(&mut self, place: usize) {
        let (Some(sent), Some(trickled)) = (self.exchange.candidates.get(place), self.trickled.get(place)) else {
            return;
        };
        let SentCandidate { moment, from, .. } = *sent;
        let line = self.facts_in_force(from).and_then(|facts| facts.line(sent.mid.as_deref(), sent.m_line_index));
        let ufrag =
            if trickled.said { sent.username_fragment.clone() } else { line.and_then(|line| line.ufrag.clone()) };
        let mid = sent.mid.as_deref().or_else(|| line.filter(|_| sent.m_line_index.is_some())?.mid.as_deref());
        let (generation, mid_number) = (ufrag.as_deref().map(number), mid.map(number));
        let key = (from, generation.filter(|_| trickled.said));
        let is_early = self.described.get(&key).is_some_and(|first| *first > (moment, trickled.id));
        let mut found = Vec::new();
        if sent.candidate.is_empty() {
            self.story.ended.insert((from, generation, mid_number));
            found.push(Incident::EndOfCandidates { mid: sent.mid.clone() });
        } else {
            let late = [mid_number, None].iter().any(|mid| self.story.ended.contains(&(from, generation, *mid)));
            // Some say the candidates of their description once more.
            if late && !self.facts_in_force(from).is_some_and(|facts| facts.has_candidate(&sent.candidate)) {
                found.push(Incident::LateCandidate { candidate: place });
            }
            if is_early {
                found.push(Incident::EarlyCandidate { candidate: place });
            }
        }
        if let Some(sent) = self.exchange.candidates.get_mut(place) {
            sent.username_fragment = ufrag;
        }
        for incident in found {
            self.happen(Happening { moment, party: Some(from), incident });
        }
    }

    /// Tells what else happened.
    pub(super) fn tell_note(&mut self, place: usize) {
        let Some(Note { moment, party, incident, about, .. }) = self.notes.get(place) else { return };
        let mut incident = incident.clone();
        if let Incident::Altered { description, .. } = &mut incident {
            let known = about.and_then(|about| self.told.iter().position(|told| told.id == about));
            *description = known.unwrap_or(*description);
        }
        let happening = Happening { moment: *moment, party: *party, incident };
        self.happen(happening);
    }
}
