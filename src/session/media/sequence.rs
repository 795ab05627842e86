//! Sequence numbers of one stream: what arrived, what is missing, what came twice, late, or after a fresh start.
//!
//! Every number is looked up in a window of the last [`WINDOW`]; behind it numbers are *settled*: whether one is lost is final then, and goes
//! into the [`Bursts`]. Nothing is allocated but a second window for each further leg of a relayed stream.

use super::bursts::Bursts;
use super::window::{WINDOW, Window};
use crate::moment::Moment;
use crate::wire::rtp::SequenceNumber;

/// Numbers behind the greatest that may still fill a hole. What comes later than this is not told from an old copy.
const SETTLES: u64 = WINDOW - 256;
/// The widest hole that is believed without further proof (`MAX_DROPOUT` of RFC 3550, appendix A.1).
const DROPOUT: u64 = 3_000;
/// How far on its line a stream begins, so that numbers from before its first packet have room.
const ORIGIN: u64 = 1 << 17;

/// What a packet is to its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// The first of all, or the next one after `missing` that have not come yet.
    Next {
        /// Numbers left out.
        missing: u64,
    },
    /// The first time that this number comes, after a later one did (*reordered*, RFC 4737, section 3.3).
    Late,
    /// The number was there already, on this leg.
    Duplicate,
    /// The number was there already, on another leg of a relayed stream.
    OtherLeg,
    /// Far off the line, once: a stray packet, or the start of another count.
    Stray,
    /// The second of two in a row that are far off the line: the sender counts anew. The first of them belongs to it.
    Restart,
}

/// One leg's share.
#[derive(Debug, Clone)]
pub(super) struct LegCount {
    /// Its own window, where there is more than one leg.
    window: Option<Box<Window>>,
    /// The first and the greatest number on it.
    span: Option<(u64, u64)>,
    /// Different numbers.
    pub(super) packets: u64,
    /// Further copies of a number.
    pub(super) duplicates: u64,
    /// Numbers that another leg had while this one was in use, and this one never.
    pub(super) missing: u64,
}

impl LegCount {
    fn new(window: Option<Box<Window>>) -> Self {
        Self { window, span: None, packets: 0, duplicates: 0, missing: 0 }
    }

    fn note(&mut self, number: u64) {
        self.packets += 1;
        let (first, last) = self.span.get_or_insert((number, number));
        (*first, *last) = ((*first).min(number), (*last).max(number));
    }
}

/// Where a run of packets off the line began.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    number: SequenceNumber,
}

/// What is missing up to some number, when that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// How often the count had begun anew: standings of one count can be compared.
    pub(super) restarts: u64,
    /// Numbers of this count that had not come.
    pub(super) missing: u64,
}

/// The numbers of one stream.
#[derive(Debug, Clone)]
pub(super) struct Sequence {
    window: Window,
    /// The least number of the current count.
    base: u64,
    /// The first that was seen of it.
    first_seen: u64,
    highest: u64,
    /// Everything below is settled.
    settled: u64,
    /// Numbers expected in the counts before this one, from the least, and from the first seen (RFC 3550).
    expected_before: u64,
    expected_before_rfc3550: u64,
    /// Different numbers in the counts before this one.
    received_before: u64,
    candidate: Option<Candidate>,
    started: Option<Moment>,
    last: Option<Moment>,
    pub(super) legs: Vec<LegCount>,
    /// Different numbers.
    pub(super) received: u64,
    /// First arrivals after a later number.
    pub(super) reordered: u64,
    /// Packets off the line that nothing followed, those too late to be told from copies among them.
    pub(super) strays: u64,
    /// How often the count began anew.
    pub(super) restarts: u64,
    /// Runs of lost and of received numbers.
    pub(super) bursts: Bursts,
}

impl Sequence {
    pub(super) fn new() -> Self {
        Self {
            window: Window::default(),
            base: 0,
            first_seen: 0,
            highest: 0,
            settled: 0,
            expected_before: 0,
            expected_before_rfc3550: 0,
            received_before: 0,
            candidate: None,
            started: None,
            last: None,
            legs: Vec::new(),
            received: 0,
            reordered: 0,
            strays: 0,
            restarts: 0,
            bursts: Bursts::default(),
        }
    }

    /// One more leg; gives its place. The first one needs no window of its own before there is a second.
    pub(super) fn add_leg(&mut self) -> usize {
        match self.legs.as_mut_slice() {
            [] => self.legs.push(LegCount::new(None)),
            [only] => {
                only.window.get_or_insert_with(|| Box::new(self.window.clone()));
                self.legs.push(LegCount::new(Some(Box::default())));
            }
            _ => self.legs.push(LegCount::new(Some(Box::default()))),
        }
        self.legs.len() - 1
    }

    /// Takes the number of a packet on `leg`.
    #[inline]
    pub(super) fn observe(&mut self, moment: Moment, number: SequenceNumber, leg: usize) -> Arrival {
        if self.started.is_none() {
            self.begin(moment, number, leg);
            return Arrival::Next { missing: 0 };
        }
        let step = number.since(SequenceNumber(self.highest as u16));
        if step > 0 {
            let step = u64::from(step.unsigned_abs());
            if step > DROPOUT && !self.plausible(moment, step) {
                return self.off_the_line(moment, number, leg);
            }
            self.candidate = None;
            self.advance(self.highest + step);
            self.accept(moment, self.highest, leg);
            return Arrival::Next { missing: step - 1 };
        }
        let back = u64::from(step.unsigned_abs());
        if back >= SETTLES {
            return self.off_the_line(moment, number, leg);
        }
        self.again(moment, self.highest - back, leg)
    }

    /// A number at or behind the greatest, within the window.
    fn again(&mut self, moment: Moment, number: u64, leg: usize) -> Arrival {
        let seen = self.window.holds(number);
        if let Some(count) = self.legs.get_mut(leg) {
            let here = count.window.as_ref().map_or(seen, |window| window.holds(number));
            if here {
                count.duplicates += 1;
                return Arrival::Duplicate;
            }
        }
        if seen {
            self.note_on_leg(number, leg);
            return Arrival::OtherLeg;
        }
        if number < self.base {
            // Nothing was settled yet, or it would be too far back.
            (self.base, self.settled) = (number, number);
        }
        self.reordered += 1;
        self.accept(moment, number, leg);
        Arrival::Late
    }

    fn begin(&mut self, moment: Moment, number: SequenceNumber, leg: usize) {
        let first = ORIGIN + u64::from(number.0);
        (self.base, self.first_seen, self.highest, self.settled) = (first, first, first, first);
        self.received_before = self.received;
        self.window.clear();
        for leg in &mut self.legs {
            if let Some(window) = &mut leg.window {
                window.clear();
            }
            leg.span = None;
        }
        self.started = Some(moment);
        self.accept(moment, first, leg);
    }

    #[inline]
    fn accept(&mut self, moment: Moment, number: u64, leg: usize) {
        self.window.set(number);
        self.received += 1;
        self.last = Some(moment);
        self.note_on_leg(number, leg);
    }

    #[inline]
    fn note_on_leg(&mut self, number: u64, leg: usize) {
        if let Some(count) = self.legs.get_mut(leg) {
            if let Some(window) = &mut count.window {
                window.set(number);
            }
            count.note(number);
        }
    }

    /// Whether a wide hole fits the time that passed: an outage, in which the sender went on.
    fn plausible(&self, moment: Moment, step: u64) -> bool {
        let (Some(started), Some(last)) = (self.started, self.last) else { return false };
        let lived = last.time.since(started.time).as_secs_f64();
        let silent = moment.time.since(last.time).as_secs_f64();
        // Numbers a second so far, with room for a sender that speeds up.
        let usual = (self.highest - self.base) as f64 / lived.max(0.1);
        silent > 1.0 && (step as f64) < usual * silent * 4.0
    }

    fn off_the_line(&mut self, moment: Moment, number: SequenceNumber, leg: usize) -> Arrival {
        match self.candidate {
            Some(candidate) if candidate.number.next() == number => {
                self.close();
                self.restarts += 1;
                self.strays = self.strays.saturating_sub(1);
                self.candidate = None;
                self.begin(moment, candidate.number, leg);
                self.advance(self.highest + 1);
                self.accept(moment, self.highest, leg);
                Arrival::Restart
            }
            _ => {
                self.candidate = Some(Candidate { number });
                self.strays += 1;
                Arrival::Stray
            }
        }
    }

    /// Moves the greatest number on; what falls out of reach is settled.
    #[inline]
    fn advance(&mut self, to: u64) {
        if to > SETTLES {
            self.settle(to - SETTLES);
        }
        self.window.clear_between(self.highest, to);
        for leg in &mut self.legs {
            if let Some(window) = &mut leg.window {
                window.clear_between(self.highest, to);
            }
        }
        self.highest = to;
    }

    /// Settles the numbers below `end`.
    fn settle(&mut self, end: u64) {
        while self.settled < end {
            let number = self.settled;
            if number > self.highest {
                // Inside a hole wider than the window.
                self.bursts.lose(end - number);
                self.settled = end;
                return;
            }
            if self.window.holds(number) {
                self.bursts.receive();
                if self.legs.len() > 1 {
                    self.settle_legs(number);
                }
            } else {
                self.bursts.lose(1);
            }
            self.settled += 1;
        }
    }

    fn settle_legs(&mut self, number: u64) {
        for leg in &mut self.legs {
            let within = leg.span.is_some_and(|(first, last)| (first..=last).contains(&number));
            if within && leg.window.as_ref().is_some_and(|window| !window.holds(number)) {
                leg.missing += 1;
            }
        }
    }

    /// Settles everything and adds up what this count expected.
    fn close(&mut self) {
        self.settle(self.highest + 1);
        self.bursts.end();
        self.expected_before += self.highest - self.base + 1;
        self.expected_before_rfc3550 += (self.highest + 1).saturating_sub(self.first_seen);
    }

    /// Ends the stream: what is missing now is lost.
    pub(super) fn finish(&mut self) {
        if self.started.is_some() {
            self.settle(self.highest + 1);
            self.bursts.end();
        }
    }

    /// Numbers missing between the first and the last one.
    pub(super) fn lost(&self) -> u64 {
        let current = if self.started.is_some() { self.highest - self.base + 1 } else { 0 };
        (self.expected_before + current).saturating_sub(self.received)
    }

    /// What is missing of the numbers up to `number` as things stand: exact, as the window knows what came behind it. `None` where it is
    /// too far from the greatest one.
    pub(super) fn standing(&self, number: SequenceNumber) -> Option<Standing> {
        self.started?;
        let step = number.since(SequenceNumber(self.highest as u16));
        let (number, behind) = if step >= 0 {
            // A receiver may have what the capture missed.
            (self.highest + u64::from(step.unsigned_abs()), 0)
        } else {
            let number = self.highest - u64::from(step.unsigned_abs());
            (number, self.window.count_between(number, self.highest))
        };
        let far = number > self.highest + DROPOUT || number + SETTLES < self.highest || number < self.base;
        let received = (self.received - self.received_before).saturating_sub(behind);
        let missing = (number + 1).saturating_sub(self.base).saturating_sub(received);
        (!far).then_some(Standing { restarts: self.restarts, missing })
    }

    /// Packets expected by RFC 3550, appendix A.3: from the first that was *seen* to the greatest.
    pub(super) fn expected_rfc3550(&self) -> u64 {
        let current = if self.started.is_some() { self.highest + 1 - self.first_seen } else { 0 };
        self.expected_before_rfc3550 + current
    }

    /// Further copies of a number, as the leg nearest to the sender saw them.
    pub(super) fn duplicates(&self) -> u64 {
        self.legs.first().map_or(0, |leg| leg.duplicates)
    }

    /// Packets lost by RFC 3550, appendix A.3: in which a duplicate hides a loss. Negative where there are more duplicates than losses.
    pub(super) fn lost_rfc3550(&self) -> i64 {
        let received = self.received.saturating_add(self.duplicates());
        i64::try_from(self.expected_rfc3550()).unwrap_or(i64::MAX).saturating_sub_unsigned(received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fed(numbers: impl IntoIterator<Item = u16>) -> Sequence {
        let mut sequence = Sequence::new();
        sequence.add_leg();
        for (place, number) in numbers.into_iter().enumerate() {
            let at = Moment::new(place as u64 + 1, place as i64 * 20_000_000);
            sequence.observe(at, SequenceNumber(number), 0);
        }
        sequence.finish();
        sequence
    }

    #[test]
    fn five_lost_and_five_duplicates_of_a_hundred_are_not_nothing() {
        let numbers = (0..100)
            .filter(|number| number % 20 != 7)
            .flat_map(|number| std::iter::repeat_n(number, if number % 20 == 3 { 2 } else { 1 }));
        let sequence = fed(numbers);
        assert_eq!((sequence.lost(), sequence.duplicates(), sequence.lost_rfc3550()), (5, 5, 0));
    }

    #[test]
    fn numbers_wrap() {
        let sequence = fed((0..1000).map(|place: u16| place.wrapping_add(65_000)));
        assert_eq!((sequence.received, sequence.lost(), sequence.expected_rfc3550()), (1000, 0, 1000));
    }

    #[test]
    fn a_late_packet_fills_its_hole_and_is_reordered() {
        let sequence = fed([1, 2, 4, 3, 5]);
        assert_eq!((sequence.lost(), sequence.reordered, sequence.bursts.runs()), (0, 1, 0));
    }

    #[test]
    fn a_number_from_before_the_first_one_counts() {
        let sequence = fed([10, 8, 11]);
        assert_eq!((sequence.received, sequence.lost(), sequence.reordered), (3, 1, 1));
        assert_eq!((sequence.expected_rfc3550(), sequence.lost_rfc3550()), (2, -1));
    }

    #[test]
    fn two_in_a_row_far_off_are_a_restart_and_cost_nothing() {
        let sequence = fed([100, 101, 102, 40_000, 40_001, 40_002]);
        assert_eq!((sequence.restarts, sequence.received, sequence.lost(), sequence.strays), (1, 6, 0, 0));
    }

    #[test]
    fn one_far_off_is_a_stray() {
        let sequence = fed([100, 101, 40_000, 102, 103]);
        assert_eq!((sequence.restarts, sequence.received, sequence.lost(), sequence.strays), (0, 4, 0, 1));
    }

    #[test]
    fn an_outage_in_which_the_sender_goes_on_is_loss() {
        let mut sequence = Sequence::new();
        sequence.add_leg();
        for number in 0..1000_u16 {
            sequence.observe(Moment::new(1, i64::from(number) * 2_000_000), SequenceNumber(number), 0);
        }
        sequence.observe(Moment::new(2, 12_000_000_000), SequenceNumber(6000), 0);
        sequence.finish();
        assert_eq!((sequence.restarts, sequence.lost()), (0, 5000));
        assert_eq!((sequence.bursts.runs(), sequence.bursts.longest()), (1, 5000));
    }

    #[test]
    fn what_a_relay_loses_is_not_lost_before_it() {
        let mut sequence = Sequence::new();
        let (near, far) = (sequence.add_leg(), sequence.add_leg());
        for number in 0..3000_u16 {
            let at = Moment::new(u64::from(number), i64::from(number) * 1_000_000);
            assert_eq!(sequence.observe(at, SequenceNumber(number), near), Arrival::Next { missing: 0 });
            if number % 100 != 50 {
                assert_eq!(sequence.observe(at, SequenceNumber(number), far), Arrival::OtherLeg);
            }
        }
        sequence.finish();
        assert_eq!((sequence.received, sequence.lost(), sequence.duplicates()), (3000, 0, 0));
        assert_eq!((sequence.legs[near].missing, sequence.legs[far].missing), (0, 30));
    }

    #[test]
    fn what_is_missing_up_to_a_number_is_known_while_later_ones_come() {
        let mut sequence = Sequence::new();
        sequence.add_leg();
        for place in (0..3_000_u16).filter(|place| place % 100 != 7) {
            let at = Moment::new(1, i64::from(place) * 1_000_000);
            sequence.observe(at, SequenceNumber(place.wrapping_add(64_000)), 0);
        }
        let missing = |place: u16| {
            let standing = sequence.standing(SequenceNumber(place.wrapping_add(64_000)));
            standing.map(|standing| standing.missing)
        };
        assert_eq!([2_999, 2_907, 2_906, 2_000].map(missing), [30, 30, 29, 20].map(Some));
        assert_eq!((missing(3_002), missing(500)), (Some(33), None), "not seen yet; too far back");
    }

    #[test]
    fn losses_are_settled_in_runs() {
        let sequence = fed((0..5000).filter(|number| !matches!(number % 1000, 10..=12 | 500)));
        assert_eq!((sequence.lost(), sequence.bursts.runs(), sequence.bursts.longest()), (20, 10, 3));
    }
}
