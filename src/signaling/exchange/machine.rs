//! The states that descriptions bring about.
//!
//! Each description moves its author when it is sent, and the party it is for when it arrives. Where its arrival is not in
//! the capture, it is taken to arrive when it is sent. Illegal ones change no state.

use super::model::{Happening, Incident, StateChange};
use super::state::SignalingState;
use crate::moment::Moment;
use crate::signal::DescriptionType;

/// How many descriptions a collision takes until one of both offers is answered, and how many changes are made meanwhile.
/// Two or three in practice; the bound keeps the work for each description the same.
const LOOK: usize = 16;

/// A description as the machine sees it. They are given in order; numbers are places in that order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) kind: DescriptionType,
    pub(super) from: usize,
    pub(super) to: usize,
    /// When its author sent it.
    pub(super) sent: Moment,
    /// When it arrived.
    pub(super) arrived: Moment,
    /// Whether its arrival was seen.
    pub(super) seen: bool,
}

/// What came of all steps.
#[derive(Debug, Default)]
pub(super) struct Course {
    pub(super) states: Vec<StateChange>,
    pub(super) happenings: Vec<Happening>,
    /// Offers that have no answer yet.
    pub(super) open: Vec<usize>,
}

/// An offer that is not answered for good.
#[derive(Debug, Clone, Copy)]
struct Open {
    place: usize,
    from: usize,
}

/// An offer that was answered.
#[derive(Debug, Clone, Copy)]
struct Answered {
    place: usize,
    from: usize,
    by: usize,
}

struct Machine<'s> {
    steps: &'s [Step],
    /// The state of each party.
    parties: Vec<SignalingState>,
    /// The changes, with the step that caused each.
    changes: Vec<(usize, StateChange)>,
    happenings: Vec<Happening>,
    open: Vec<Open>,
    answered: Option<Answered>,
    offered: bool,
}

/// The course that `steps` take among so many parties.
pub(super) fn run(steps: &[Step], parties: usize) -> Course {
    let mut machine = Machine {
        steps,
        parties: vec![SignalingState::Stable; parties],
        changes: Vec::new(),
        happenings: Vec::new(),
        open: Vec::new(),
        answered: None,
        offered: false,
    };
    for (place, step) in steps.iter().enumerate() {
        match step.kind {
            DescriptionType::Offer => machine.offer(place, step),
            DescriptionType::Pranswer | DescriptionType::Answer => machine.answer(place, step),
            DescriptionType::Rollback => machine.rollback(place, step),
        }
    }
    let mut states: Vec<StateChange> = machine.changes.into_iter().map(|(_, change)| change).collect();
    states.sort_by_key(|change| change.moment);
    Course { states, happenings: machine.happenings, open: machine.open.iter().map(|open| open.place).collect() }
}

impl Machine<'_> {
    fn state(&self, party: usize) -> SignalingState {
        self.parties.get(party).copied().unwrap_or_default()
    }

    fn enter(&mut self, cause: usize, party: usize, state: SignalingState, moment: Moment) {
        let Some(known) = self.parties.get_mut(party) else { return };
        if *known != state {
            *known = state;
            self.changes.push((cause, StateChange { moment, party, state }));
        }
    }

    /// Undoes the change that `cause` made to `party`, one of the last.
    fn take_back(&mut self, cause: usize, party: usize) {
        let from = self.changes.len().saturating_sub(LOOK);
        let mut place = from;
        let is_it = |(by, change): &(usize, StateChange)| *by == cause && change.party == party;
        while let Some(change) = self.changes.get(place) {
            if is_it(change) {
                self.changes.remove(place);
            } else {
                place += 1;
            }
        }
        if let Some(state) = self.parties.get_mut(party) {
            *state = SignalingState::Stable;
        }
    }

    fn illegal(&mut self, place: usize, party: usize, moment: Moment) {
        let state = self.state(party);
        let incident = Incident::IllegalTransition { description: place, state };
        self.happenings.push(Happening { moment, party: Some(party), incident });
    }

    /// Whether the next one to answer offer `second`, or the offer `first` that it crosses, answers `second`; `None` where
    /// neither is answered.
    fn wins(&self, first: Step, place: usize, second: Step) -> Option<bool> {
        let later = self.steps.iter().skip(place + 1).take(LOOK);
        later
            .take_while(|step| step.kind != DescriptionType::Rollback)
            .find(|step| {
                matches!(step.kind, DescriptionType::Answer | DescriptionType::Pranswer)
                    && (step.from == first.from || step.from == second.from)
            })
            .map(|step| step.from == first.from)
    }

    fn offer(&mut self, place: usize, step: &Step) {
        self.offered = true;
        let crossed = self.open.iter().find(|open| open.from != step.from).copied();
        if let Some((crossed, first)) = crossed.and_then(|open| Some((open, *self.steps.get(open.place)?))) {
            return self.cross(crossed, first, place, step);
        }
        // A new offer takes the place of one that is not answered.
        self.open.retain(|open| open.from != step.from);
        if matches!(self.state(step.from), SignalingState::Stable | SignalingState::HaveLocalOffer) {
            self.enter(place, step.from, SignalingState::HaveLocalOffer, step.sent);
        } else {
            self.illegal(place, step.from, step.sent);
            return;
        }
        self.arrive(place, step);
        self.open.push(Open { place, from: step.from });
    }

    /// An offer comes to who it is for.
    fn arrive(&mut self, place: usize, step: &Step) {
        if matches!(self.state(step.to), SignalingState::Stable | SignalingState::HaveRemoteOffer) {
            self.enter(place, step.to, SignalingState::HaveRemoteOffer, step.arrived);
        } else {
            self.illegal(place, step.to, step.arrived);
        }
    }

    /// An offer while one of the other end is open.
    fn cross(&mut self, crossed: Open, first: Step, place: usize, step: &Step) {
        let wins = self.wins(first, place, *step);
        let knew = first.seen && first.arrived < step.sent;
        if knew && wins != Some(true) {
            // It had got the other's offer before it made its own.
            return self.illegal(place, step.from, step.sent);
        }
        let incident = Incident::Glare { first: crossed.place, second: place };
        self.happenings.push(Happening { moment: step.sent, party: Some(step.from), incident });
        // It cannot have applied the first one yet.
        self.take_back(crossed.place, step.from);
        self.open.retain(|open| open.from != step.from);
        self.enter(place, step.from, SignalingState::HaveLocalOffer, step.sent);
        match wins {
            // Who made the first offer takes it back when the second arrives, and answers that.
            Some(true) => {
                self.open.retain(|open| open.place != crossed.place);
                self.enter(place, first.from, SignalingState::HaveRemoteOffer, step.arrived.max(first.sent));
                self.open.push(Open { place, from: step.from });
            }
            // The second is taken back when the first arrives.
            Some(false) => {
                let arrived = first.arrived.max(step.sent);
                self.enter(place, step.from, SignalingState::HaveRemoteOffer, arrived);
            }
            None => self.open.push(Open { place, from: step.from }),
        }
    }

    fn answer(&mut self, place: usize, step: &Step) {
        let others = |open: &&Open| open.from != step.from;
        let meant = self.open.iter().filter(others).find(|open| open.from == step.to);
        let Some(open) = meant.or_else(|| self.open.iter().find(others)).copied() else {
            return self.answer_nothing(place, step);
        };
        let Some(offer) = self.steps.get(open.place).copied() else { return };
        if offer.to != step.from {
            self.offer_to_fork(open.place, step.from, offer);
        }
        if step.kind == DescriptionType::Pranswer {
            self.enter(place, step.from, SignalingState::HaveLocalPranswer, step.sent);
            self.enter(place, open.from, SignalingState::HaveRemotePranswer, step.arrived);
            return;
        }
        self.enter(place, step.from, SignalingState::Stable, step.sent);
        self.enter(place, open.from, SignalingState::Stable, step.arrived);
        self.open.retain(|other| other.place != open.place);
        self.answered = Some(Answered { place: open.place, from: open.from, by: step.from });
        self.say_answered(open.place, place, step);
    }

    /// The offer of another came to this fork too.
    fn offer_to_fork(&mut self, place: usize, fork: usize, offer: Step) {
        if self.state(fork) == SignalingState::Stable {
            self.enter(place, fork, SignalingState::HaveRemoteOffer, offer.arrived);
        }
    }

    fn say_answered(&mut self, offer: usize, answer: usize, step: &Step) {
        let Some(asked) = self.steps.get(offer) else { return };
        let incident = Incident::Answered { offer, answer, after: step.sent.time.since(asked.sent.time) };
        self.happenings.push(Happening { moment: step.sent, party: Some(step.from), incident });
    }

    /// An answer where no offer is open.
    fn answer_nothing(&mut self, place: usize, step: &Step) {
        if let Some(answered) = self.answered
            && answered.from != step.from
            && answered.by != step.from
            && let Some(offer) = self.steps.get(answered.place).copied()
        {
            // Another fork answers the same offer; to who has made it, this is a connection of its own.
            self.offer_to_fork(answered.place, step.from, offer);
            let (state, is_last) = match step.kind {
                DescriptionType::Pranswer => (SignalingState::HaveLocalPranswer, false),
                _ => (SignalingState::Stable, true),
            };
            self.enter(place, step.from, state, step.sent);
            if is_last {
                self.say_answered(answered.place, place, step);
            }
            return;
        }
        // Without any offer in the capture nothing is known of the state before.
        if self.offered {
            self.illegal(place, step.from, step.sent);
        }
    }

    fn rollback(&mut self, place: usize, step: &Step) {
        let own = self.open.iter().find(|open| open.from == step.from);
        let Some(open) = own.or_else(|| self.open.first()).copied() else {
            if self.offered {
                self.illegal(place, step.from, step.sent);
            }
            return;
        };
        self.open.retain(|other| other.place != open.place);
        let crossing = self.open.iter().find(|other| other.from != open.from).copied();
        let moment = |party: usize| if party == step.from { step.sent } else { step.arrived };
        let Some(other) = crossing else {
            for party in 0..self.parties.len() {
                self.enter(place, party, SignalingState::Stable, moment(party));
            }
            return;
        };
        // The offer that crossed it is what remains.
        self.enter(place, open.from, SignalingState::Stable, moment(open.from));
        self.enter(other.place, open.from, SignalingState::HaveRemoteOffer, moment(open.from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::{FrameNumber, Timestamp};
    use DescriptionType::{Answer, Offer, Pranswer, Rollback};

    fn at(time: i64) -> Moment {
        Moment { time: Timestamp(time), frame: FrameNumber(0) }
    }

    /// Steps of kind, author and time; each arrives unseen.
    fn course(steps: &[(DescriptionType, usize, i64)]) -> Vec<String> {
        let steps: Vec<Step> = steps
            .iter()
            .map(|(kind, from, time)| Step {
                kind: *kind,
                from: *from,
                to: usize::from(*from == 0),
                sent: at(*time),
                arrived: at(*time),
                seen: false,
            })
            .collect();
        lines(&run(&steps, 3))
    }

    fn lines(course: &Course) -> Vec<String> {
        let states =
            course.states.iter().map(|change| format!("{} {} {}", change.moment.time.0, change.party, change.state));
        let incidents = course.happenings.iter().map(|happening| match &happening.incident {
            Incident::Answered { offer, answer, .. } => format!("answered {offer} {answer}"),
            Incident::Glare { first, second } => format!("glare {first} {second}"),
            Incident::IllegalTransition { description, state } => format!("illegal {description} {state}"),
            other => format!("{other:?}"),
        });
        states.chain(incidents).collect()
    }

    #[test]
    fn an_offer_and_its_answer_move_both() {
        let found = course(&[(Offer, 0, 1), (Answer, 1, 2)]);
        assert_eq!(
            found,
            ["1 0 have-local-offer", "1 1 have-remote-offer", "2 1 stable", "2 0 stable", "answered 0 1"]
        );
    }

    #[test]
    fn a_provisional_answer_leaves_the_offer_open() {
        let found = course(&[(Offer, 0, 1), (Pranswer, 1, 2), (Pranswer, 1, 3), (Answer, 1, 4)]);
        assert_eq!(
            found[2..],
            ["2 1 have-local-pranswer", "2 0 have-remote-pranswer", "4 1 stable", "4 0 stable", "answered 0 3"]
        );
    }

    #[test]
    fn a_rollback_makes_both_stable() {
        let found = course(&[(Offer, 0, 1), (Rollback, 1, 2), (Offer, 0, 3)]);
        assert_eq!(found[2..], ["2 0 stable", "2 1 stable", "3 0 have-local-offer", "3 1 have-remote-offer"]);
    }

    #[test]
    fn the_polite_one_takes_its_offer_back() {
        // The first is polite: it answers the second offer.
        let found = course(&[(Offer, 0, 1), (Offer, 1, 2), (Answer, 0, 3)]);
        assert_eq!(
            found,
            [
                "1 0 have-local-offer",
                "2 1 have-local-offer",
                "2 0 have-remote-offer",
                "3 0 stable",
                "3 1 stable",
                "glare 0 1",
                "answered 1 2"
            ]
        );
        // The second is.
        let found = course(&[(Offer, 0, 1), (Offer, 1, 2), (Answer, 1, 3)]);
        assert_eq!(
            found,
            [
                "1 0 have-local-offer",
                "2 1 have-local-offer",
                "2 1 have-remote-offer",
                "3 1 stable",
                "3 0 stable",
                "glare 0 1",
                "answered 0 2"
            ]
        );
    }

    #[test]
    fn an_explicit_rollback_ends_a_collision() {
        let found = course(&[(Offer, 0, 1), (Offer, 1, 2), (Rollback, 0, 3), (Answer, 0, 4)]);
        assert_eq!(
            found[2..],
            ["3 0 stable", "3 0 have-remote-offer", "4 0 stable", "4 1 stable", "glare 0 1", "answered 1 3"]
        );
    }

    #[test]
    fn an_offer_on_its_way_crosses_and_one_that_came_forbids_another() {
        let step = |kind, from, sent, arrived| Step {
            kind,
            from,
            to: usize::from(from == 0),
            sent: at(sent),
            arrived: at(arrived),
            seen: true,
        };
        let found = lines(&run(&[step(Offer, 0, 1, 5), step(Offer, 1, 2, 6), step(Answer, 1, 7, 8)], 2));
        assert_eq!(
            found,
            [
                "1 0 have-local-offer",
                "2 1 have-local-offer",
                "5 1 have-remote-offer",
                "7 1 stable",
                "8 0 stable",
                "glare 0 1",
                "answered 0 2"
            ]
        );
        let found = lines(&run(&[step(Offer, 0, 1, 2), step(Offer, 1, 5, 6), step(Answer, 1, 7, 8)], 2));
        assert!(found.contains(&"illegal 1 have-remote-offer".to_owned()), "{found:?}");
    }

    #[test]
    fn an_answer_to_nothing_is_illegal_unless_the_offer_may_be_elsewhere() {
        assert_eq!(course(&[(Answer, 1, 1)]), [""; 0]);
        let found = course(&[(Offer, 0, 1), (Answer, 1, 2), (Answer, 1, 3)]);
        assert_eq!(found.last().unwrap(), "illegal 2 stable");
        assert_eq!(course(&[(Offer, 0, 1), (Answer, 1, 2), (Rollback, 1, 3)]).last().unwrap(), "illegal 2 stable");
    }

    #[test]
    fn each_fork_has_got_the_offer() {
        let found = course(&[(Offer, 0, 1), (Pranswer, 1, 2), (Answer, 2, 3), (Answer, 1, 4)]);
        assert_eq!(
            found,
            [
                "1 0 have-local-offer",
                "1 1 have-remote-offer",
                "1 2 have-remote-offer",
                "2 1 have-local-pranswer",
                "2 0 have-remote-pranswer",
                "3 2 stable",
                "3 0 stable",
                "4 1 stable",
                "answered 0 2",
                "answered 0 3"
            ]
        );
    }
}
