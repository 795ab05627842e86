//! Packets that a receiver asked for again (generic NACK; RFC 4585, section 6.2.1), and whether they came.
//!
//! An answer is the same number once more on the same source, as a copy or as its first and late arrival, or a packet of a retransmission
//! stream that names it (the original sequence number; RFC 4588, section 4). Times are those of the capture point: near the sender an
//! answer shows at once, near the receiver after a round trip.

use std::time::Duration;

use crate::moment::Timestamp;
use crate::session::limits;
use crate::wire::rtp::SequenceNumber;

/// How soon an answer must pass the capture point to count as *in time*: 250 ms after the number was asked for first. A receiver for
/// conversation waits about that long; ITU-T G.114 has 400 ms for the whole way from mouth to ear.
pub const NACK_DEADLINE: Duration = Duration::from_millis(250);
/// Requests about numbers that are answered this late are no answers: the numbers may have wrapped.
const LONGEST: Duration = Duration::from_secs(10);

/// What became of the numbers that were asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nacks {
    /// NACK packets.
    pub packets: u64,
    /// Numbers asked for, each once.
    pub asked: u64,
    /// Further requests for a number.
    pub asked_again: u64,
    /// Numbers that came behind the request.
    pub answered: u64,
    /// Those that came within [`NACK_DEADLINE`] of the first request.
    pub in_time: u64,
    /// The mean time from the first request to the answer, in seconds; 0 without answers.
    pub mean_delay: f64,
    /// The greatest, in seconds.
    pub max_delay: f64,
    /// Requests past the bound, whose answers are not followed.
    pub not_followed: u64,
}

impl Nacks {
    /// Numbers that never came, as far as the capture goes.
    #[must_use]
    pub const fn unanswered(&self) -> u64 {
        self.asked.saturating_sub(self.answered).saturating_sub(self.not_followed)
    }
}

/// A number that was asked for.
#[derive(Debug, Clone, Copy)]
struct Request {
    number: SequenceNumber,
    answered: bool,
    first: Timestamp,
}

/// The numbers of one stream that were asked for lately.
#[derive(Debug, Clone, Default)]
pub(in crate::session::media) struct Requests {
    /// Each number has its place, so that a number makes room for the one that is [`limits::NACKS_FOLLOWED`] behind it.
    places: Vec<Option<Request>>,
    pending: usize,
    pub(super) counts: Nacks,
}

const fn place(number: SequenceNumber) -> usize {
    number.0 as usize % limits::NACKS_FOLLOWED
}

impl Requests {
    /// Whether its places are made: then answers are followed.
    pub(super) fn follows(&self) -> bool {
        !self.places.is_empty()
    }

    /// From now on answers are looked for.
    pub(super) fn follow(&mut self) {
        self.places.resize(limits::NACKS_FOLLOWED, None);
    }

    /// A number is asked for.
    pub(super) fn ask(&mut self, now: Timestamp, number: SequenceNumber) {
        let Some(slot) = self.places.get_mut(place(number)) else {
            self.counts.asked += 1;
            self.counts.not_followed += 1;
            return;
        };
        if let Some(known) = slot {
            if known.number == number && now.since(known.first) < LONGEST {
                self.counts.asked_again += 1;
                return;
            }
            self.pending -= usize::from(!known.answered);
        }
        *slot = Some(Request { number, answered: false, first: now });
        self.pending += 1;
        self.counts.asked += 1;
    }

    /// Whether a number is asked for that has not come.
    #[inline]
    pub(in crate::session::media) fn waits_for(&self, number: SequenceNumber) -> bool {
        let known = || self.places.get(place(number)).copied().flatten();
        self.pending > 0 && known().is_some_and(|request| request.number == number && !request.answered)
    }

    /// A number came.
    pub(in crate::session::media) fn answer(&mut self, now: Timestamp, number: SequenceNumber) {
        let Some(Some(request)) = self.places.get_mut(place(number)) else { return };
        let delay = now.since(request.first);
        if request.number != number || request.answered || delay >= LONGEST {
            return;
        }
        request.answered = true;
        self.pending -= 1;
        let counts = &mut self.counts;
        counts.answered += 1;
        counts.in_time += u64::from(delay <= NACK_DEADLINE);
        let seconds = delay.as_secs_f64();
        counts.mean_delay += (seconds - counts.mean_delay) / counts.answered as f64;
        counts.max_delay = counts.max_delay.max(seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed() -> Requests {
        let mut requests = Requests::default();
        requests.follow();
        requests
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp(milliseconds * 1_000_000)
    }

    #[test]
    fn answers_are_counted_by_when_they_came_over_the_wrap() {
        let mut requests = followed();
        for number in [65_534, 65_535, 0, 1] {
            requests.ask(at(1_000), SequenceNumber(number));
        }
        requests.ask(at(1_050), SequenceNumber(0));
        requests.answer(at(1_100), SequenceNumber(65_534));
        requests.answer(at(1_100), SequenceNumber(65_534));
        requests.answer(at(1_200), SequenceNumber(0));
        requests.answer(at(1_600), SequenceNumber(1));
        requests.answer(at(1_600), SequenceNumber(2));
        let counts = requests.counts;
        assert_eq!((counts.asked, counts.asked_again, counts.answered, counts.in_time), (4, 1, 3, 2));
        assert_eq!(counts.unanswered(), 1);
        assert!((counts.mean_delay - 0.3).abs() < 1e-9 && (counts.max_delay - 0.6).abs() < 1e-9, "{counts:?}");
        assert!(requests.waits_for(SequenceNumber(65_535)) && !requests.waits_for(SequenceNumber(1)));
    }

    #[test]
    fn the_numbers_that_are_followed_are_bounded_and_the_counts_stay_exact() {
        let mut requests = followed();
        for number in 0..2_000 {
            requests.ask(at(0), SequenceNumber(number));
        }
        assert_eq!((requests.places.len(), requests.pending), (limits::NACKS_FOLLOWED, limits::NACKS_FOLLOWED));
        requests.answer(at(1), SequenceNumber(0));
        requests.answer(at(1), SequenceNumber(1_999));
        assert_eq!((requests.counts.asked, requests.counts.answered, requests.counts.unanswered()), (2_000, 1, 1_999));
    }

    #[test]
    fn what_is_not_followed_is_not_called_unanswered() {
        let mut requests = Requests::default();
        requests.ask(at(0), SequenceNumber(1));
        assert_eq!((requests.counts.asked, requests.counts.unanswered()), (1, 0));
    }
}
