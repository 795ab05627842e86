//! Which exchange a signal belongs to. What says it the most surely is asked first: the same text, the thread, the names, the
//! session of `o=`, the m-lines, and at last the order of things.

use super::book::Book;
use super::exchanges::Exchanges;
use super::facts::Facts;
use crate::signal::{Carrier, Description, DescriptionType, Signal, Speaker};

/// Descriptions of one text or origin that are remembered. 16: forks, and calls that share one `o=`.
pub(super) const ALIKE: usize = 16;

/// Exchanges of one conversation that are looked at. 256: a client of a conference with each member on a connection of its own.
const HERE: usize = 256;

/// Where a description belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the one of this number in this exchange, seen again.
    Again(usize, u64),
    /// It is that one, changed on its way.
    Altered(usize, u64),
    /// A new one of this exchange.
    In(usize),
    /// A new one of this exchange, whose party of this number is heard on another conversation now.
    Joins(usize, usize),
    /// It begins an exchange.
    New,
}

/// Whether what both say is the same; unknown where one says nothing.
fn agree(one: Option<&str>, other: Option<&str>) -> Option<bool> {
    Some(one? == other?)
}

/// How well the thread and the names of `signal` fit to `book`: not at all is `None`.
fn fit(book: &Book, signal: &Signal) -> Option<(bool, bool)> {
    let link = book.link(signal.channel)?;
    let thread = agree(link.thread.as_deref(), signal.addressing.thread.as_deref());
    let remote = remote(signal);
    let names = agree(link.remote.as_deref(), remote);
    // Forks of a SIP call are told apart inside its exchange.
    let forks = signal.carrier == Carrier::Sip;
    (forks || thread != Some(false)).then_some((thread == Some(true), names == Some(true)))
}

/// The name of who is at the other end of the server.
fn remote(signal: &Signal) -> Option<&str> {
    let names = &signal.addressing;
    if signal.speaker == Speaker::Client { names.to.as_deref() } else { names.from.as_deref() }
}

/// Whether another is named than the one that `book` is with.
fn is_other(book: &Book, signal: &Signal) -> bool {
    let link = book.link(signal.channel);
    agree(link.and_then(|link| link.remote.as_deref()), remote(signal)) == Some(false)
}

/// Whether `facts` are of the connection of that party which speaks in `signal`.
fn continues(book: &Book, signal: &Signal, facts: &Facts) -> bool {
    book.speaker(signal).and_then(|party| book.last_of(party)).is_some_and(|last| {
        (facts.origin.is_some() && last.facts.origin == facts.origin)
            || facts.lines.iter().any(|line| line.ufrag.as_deref().is_some_and(|ufrag| last.facts.has_ufrag(ufrag)))
    })
}

/// Descriptions that may be between a rollback and its copy to the other party: an offer and an answer of each.
const ON_THEIR_WAY: usize = 4;

impl Exchanges {
    /// The newest exchanges of the signal's conversation, oldest first.
    pub(super) fn here(&self, signal: &Signal) -> impl DoubleEndedIterator<Item = (usize, &Book)> {
        let known = self.talks.get(&signal.channel).map_or(&[][..], |talk| &talk.exchanges);
        let newest = known.get(known.len().saturating_sub(HERE)..).unwrap_or_default();
        newest.iter().filter_map(|place| Some((*place, self.books.get(*place)?)))
    }

    /// Where a description belongs, and what it is where nothing says it.
    pub(super) fn place(&self, signal: &Signal, description: &Description, facts: &Facts) -> (Place, DescriptionType) {
        let said = description.kind;
        if said == Some(DescriptionType::Rollback) {
            let place = self.same_rollback(signal).map(|(exchange, id)| Place::Again(exchange, id));
            let place = place.or_else(|| self.place_of_rollback(signal).map(Place::In));
            return (place.unwrap_or(Place::New), DescriptionType::Rollback);
        }
        if let Some((exchange, id)) = self.same(signal, facts, &description.sdp, said) {
            return (Place::Again(exchange, id), said.unwrap_or(DescriptionType::Offer));
        }
        let answers = match said {
            Some(kind) => kind != DescriptionType::Offer,
            None => !facts.actpass,
        };
        let likely = said.unwrap_or(if facts.actpass { DescriptionType::Offer } else { DescriptionType::Answer });
        if let Some(place @ Place::Altered(..)) = self.elsewhere(signal, facts, likely) {
            return (place, likely);
        }
        if answers && let Some(exchange) = self.asked(signal, facts) {
            return (Place::In(exchange), said.unwrap_or(DescriptionType::Answer));
        }
        let by_itself = if facts.chosen { DescriptionType::Answer } else { DescriptionType::Offer };
        let kind = said.unwrap_or(by_itself);
        if let Some(place) = self.elsewhere(signal, facts, kind) {
            return (place, kind);
        }
        let known =
            if kind == DescriptionType::Offer { self.offered(signal, facts) } else { self.late_answer(signal, facts) };
        if let Some(exchange) = known {
            return (Place::In(exchange), kind);
        }
        let place = self.asked_elsewhere(signal, facts, kind);
        (place.unwrap_or(Place::New), kind)
    }

    /// The description that has this very text.
    fn same(&self, signal: &Signal, facts: &Facts, sdp: &str, kind: Option<DescriptionType>) -> Option<(usize, u64)> {
        let alike = self.texts.get(&facts.text)?;
        let found = alike.iter().find(|(exchange, id)| {
            self.books.get(*exchange).is_some_and(|book| book.can_be(*id, signal, kind))
                && self.text(*exchange, *id).is_some_and(|text| text == sdp)
        });
        found.copied()
    }

    /// The rollback that this one is on its way to the other party, or a repetition of. It has no text to tell it by.
    fn same_rollback(&self, signal: &Signal) -> Option<(usize, u64)> {
        self.here(signal).rev().find_map(|(place, book)| {
            let lately = book.told.iter().rev().take(ON_THEIR_WAY);
            let found = lately.filter(|told| told.kind == DescriptionType::Rollback).find(|told| {
                Some(told.from) == book.speaker(signal)
                    && book.can_be(told.id, signal, Some(DescriptionType::Rollback))
                    && fit(book, signal).is_some()
            });
            found.map(|told| (place, told.id))
        })
    }

    fn text(&self, exchange: usize, id: u64) -> Option<&str> {
        let place = self.books.get(exchange)?.told.iter().position(|told| told.id == id)?;
        self.list.get(exchange)?.descriptions.get(place).map(|sent| sent.sdp.as_str())
    }

    /// The exchange of this conversation whose open offer is answered.
    fn asked(&self, signal: &Signal, facts: &Facts) -> Option<usize> {
        let open = self.here(signal).filter_map(|(place, book)| {
            let party = book.speaker(signal)?;
            let offer = book.told.get(book.open_for(party)?)?;
            let (thread, names) = fit(book, signal)?;
            let last = book.last_of(party);
            let own = continues(book, signal, facts);
            // A party that has described another connection so far does not answer for this one.
            let new = own || last.is_none();
            Some((place, (thread, names, !is_other(book, signal), own, new, offer.facts.fits(facts))))
        });
        // The oldest of those that fit best.
        open.fold(None, |best: Option<(usize, _)>, found| match best {
            Some(best) if best.1 >= found.1 => Some(best),
            _ => Some(found),
        })
        .map(|(place, _)| place)
    }

    /// The exchange of this conversation that an offer goes on with.
    fn offered(&self, signal: &Signal, facts: &Facts) -> Option<usize> {
        if signal.carrier == Carrier::Sip {
            return self.here(signal).next_back().map(|(place, _)| place);
        }
        let best = self.here(signal).filter_map(|(place, book)| {
            let (thread, names) = fit(book, signal)?;
            let own = continues(book, signal, facts);
            // Nothing but the offer of the other end was heard yet: the two have crossed, or that one was taken back for this.
            let taken_back = book.told.last().is_some_and(|told| told.kind == DescriptionType::Rollback);
            let crosses = !book.over
                && !is_other(book, signal)
                && book.speaker(signal).is_some_and(|party| {
                    book.last_of(party).is_none() && (book.open_for(party).is_some() || taken_back)
                });
            (own || thread || crosses).then_some((own, thread, names, place))
        });
        best.max().map(|(.., place)| place)
    }

    /// The exchange of this conversation that an answer goes to though no offer in it is open.
    fn late_answer(&self, signal: &Signal, facts: &Facts) -> Option<usize> {
        if signal.carrier == Carrier::Sip {
            return self.here(signal).next_back().map(|(place, _)| place);
        }
        let best = self.here(signal).filter_map(|(place, book)| {
            let (thread, names) = fit(book, signal)?;
            let own = continues(book, signal, facts);
            let silent = book.speaker(signal).is_none_or(|party| book.last_of(party).is_none());
            (own || thread || (silent && !is_other(book, signal))).then_some((own, thread, names, place))
        });
        best.max().map(|(.., place)| place)
    }

    /// A description of a connection that is known from another conversation: changed on the way from there, or the next one.
    fn elsewhere(&self, signal: &Signal, facts: &Facts, kind: DescriptionType) -> Option<Place> {
        let alike = self.origins.get(&facts.origin?)?;
        let mut next = None;
        for (exchange, id) in alike {
            let Some(book) = self.books.get(*exchange) else { continue };
            let Some(told) = book.told.iter().find(|told| told.id == *id) else { continue };
            let here = book.speaker(signal);
            let both_sip = signal.carrier == Carrier::Sip && book.carrier == Carrier::Sip;
            if both_sip || !told.facts.is_kin(facts) || here.is_some_and(|party| party != told.from) {
                continue;
            }
            let is_same = told.facts.version == facts.version && told.kind == kind;
            if is_same && book.can_be(*id, signal, Some(kind)) && !told.is_seen(signal) {
                return Some(Place::Altered(*exchange, *id));
            }
            if here.is_none() && told.facts.version != facts.version {
                next = Some(Place::Joins(*exchange, told.from));
            }
        }
        next
    }

    /// The only open offer of another conversation that a description can be for: answers in files, and what both names say
    /// to be between the same two. An offer crosses it then.
    fn asked_elsewhere(&self, signal: &Signal, facts: &Facts, kind: DescriptionType) -> Option<Place> {
        let (from, to) = self.names(signal);
        let named = from.is_some() && to.is_some();
        let in_file = signal.carrier == Carrier::File && kind != DescriptionType::Offer;
        if (!in_file && !named) || signal.carrier == Carrier::Sip {
            return None;
        }
        let server = if signal.speaker == Speaker::Client { signal.destination } else { signal.source };
        let mut fitting = self.books.iter().enumerate().filter_map(|(place, book)| {
            let offer = book.told.get(*book.open.first()?)?;
            let parties = &self.list.get(place)?.parties;
            let party = parties.get(offer.from)?;
            let (number, answerer) = parties.iter().enumerate().find(|(other, _)| *other != offer.from)?;
            let new = book.link(signal.channel).is_none() && book.last_of(number).is_none() && !book.over;
            let fits = kind == DescriptionType::Offer || offer.facts.fits(facts);
            let servers = answerer.server.or(party.server);
            // Who is heard on a conversation of its own is not the client of this one, though it has the same name.
            let client = if signal.speaker == Speaker::Client { number } else { offer.from };
            let meant = server.is_some()
                && servers == server
                && named
                && !book.voices.has_own(client)
                && (party.name.as_deref(), answerer.name.as_deref()) == (to, from);
            (new && fits && (in_file || meant)).then_some((place, number))
        });
        let (place, party) = fitting.next()?;
        fitting.next().is_none().then_some(Place::Joins(place, party))
    }

    /// Who a signal is from and who it is for, by the names that stand in it or that the client of its conversation has.
    fn names<'s>(&'s self, signal: &'s Signal) -> (Option<&'s str>, Option<&'s str>) {
        let client = self.talks.get(&signal.channel).and_then(|talk| talk.name.as_deref());
        let (from, to) = (signal.addressing.from.as_deref(), signal.addressing.to.as_deref());
        match signal.speaker {
            Speaker::Client => (client.or(from), to),
            Speaker::Server => (from, client.or(to)),
        }
    }

    /// The exchange whose offer is taken back: that of the speaker, else one that it was offered.
    fn place_of_rollback(&self, signal: &Signal) -> Option<usize> {
        let best = self.here(signal).filter_map(|(place, book)| {
            let (thread, names) = fit(book, signal)?;
            let own = book.open.iter().any(|open| book.told.get(*open).map(|told| told.from) == book.speaker(signal));
            Some((thread, names, own, !book.open.is_empty(), place))
        });
        best.max().map(|(.., place)| place)
    }

    /// The exchange that a candidate or an end of candidates belongs to.
    pub(super) fn place_of_candidate(&self, signal: &Signal, ufrag: Option<&str>) -> Option<usize> {
        let best = self.here(signal).filter_map(|(place, book)| {
            let (thread, names) = fit(book, signal)?;
            let party = book.speaker(signal)?;
            let described = book.last_of(party).is_some();
            let key = (party, ufrag.map(super::facts::number));
            let own = ufrag.is_some() && book.described.contains_key(&key);
            // Whose description is still to come may send candidates that nobody knows yet.
            let expected = if ufrag.is_some() { !described } else { described };
            Some((own, thread, names, !is_other(book, signal), expected, !book.over, place))
        });
        best.max().map(|(.., place)| place)
    }

    /// The exchanges that a word about a room is for, the newest few.
    pub(super) fn places_of_word(&self, signal: &Signal) -> Vec<usize> {
        let fitting =
            self.here(signal).rev().filter(|(_, book)| fit(book, signal).is_some() && !is_other(book, signal));
        fitting.map(|(place, _)| place).take(ALIKE).collect()
    }
}
