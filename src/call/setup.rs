//! How a call was set up, and where the time went.

use std::time::Duration;

use super::join::Material;
use super::milestone::{first_description, first_handshake, first_media, sessions};
use super::model::Call;
use crate::moment::Moment;
use crate::signal::DescriptionType;

/// A part of the time from the offer to the first media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhaseName {
    /// From the offer to its answer: signalling, ringing, and the gathering that the answer waited for.
    Answer,
    /// From there to the first check: gathering and the way of the first candidates.
    Candidates,
    /// From there to the first pair that succeeded at both agents, or at the one that is seen.
    Checks,
    /// From there to the first record of the DTLS handshake.
    Nomination,
    /// From there to the first media: the DTLS handshake, and how long the sender waited behind it.
    Dtls,
    /// From the last of those to the first media, where it did not come through a DTLS handshake.
    Media,
}

impl PhaseName {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Candidates => "candidates",
            Self::Checks => "checks",
            Self::Nomination => "nomination",
            Self::Dtls => "dtls",
            Self::Media => "media",
        }
    }
}

/// A part of the time from the offer to the first media. What began before the part before it had ended counts from there on, so that
/// the parts add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phase {
    /// Which.
    pub name: PhaseName,
    /// Its begin.
    pub from: Moment,
    /// Its end.
    pub to: Moment,
}

impl Phase {
    /// How long it took.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.to.time.since(self.from.time)
    }
}

/// How a call was set up: when each step was first seen. `None` where it was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setup {
    /// The first offer.
    pub offer: Option<Moment>,
    /// Its first answer, for good or not.
    pub answer: Option<Moment>,
    /// The first request to a STUN or TURN server for it.
    pub gathering: Option<Moment>,
    /// The first check.
    pub check: Option<Moment>,
    /// The first pair that succeeded at both agents, or at the one that is seen.
    pub connected: Option<Moment>,
    /// The first nomination that succeeded.
    pub nominated: Option<Moment>,
    /// The first record of a DTLS handshake.
    pub handshake: Option<Moment>,
    /// The first media from the agent that was controlling at first, and from the other; without ICE, from whom it came first.
    pub media: [Option<Moment>; 2],
    /// Where the time went.
    pub phases: Vec<Phase>,
}

impl Setup {
    /// From the offer to the first media, or as far as it got.
    #[must_use]
    pub fn total(&self) -> Option<Duration> {
        let (first, last) = (self.phases.first()?, self.phases.last()?);
        Some(last.to.time.since(first.from.time))
    }
}

pub(super) fn of(call: &Call, material: Material<'_>) -> Setup {
    use DescriptionType::{Answer, Offer, Pranswer};
    let moment =
        |kinds: &[DescriptionType]| first_description(call, material, kinds).map(|(_, description)| description.moment);
    let offer = moment(&[Offer]);
    let restarted =
        |place: usize| material.sessions.ice().get(place).is_some_and(|session| session.restart_of.is_some());
    // A restart is no part of the set-up.
    let first = || sessions(call, material).filter(|(place, _)| !restarted(*place)).map(|(_, session)| session);
    let mut setup = Setup {
        offer,
        answer: moment(&[Answer, Pranswer]).filter(|answer| offer.is_none_or(|offer| *answer >= offer)),
        gathering: gathering(call, material),
        check: first().map(|session| session.first).min(),
        connected: first().filter_map(|session| session.connected_at()).min(),
        nominated: first().filter_map(|session| session.nominated).min(),
        handshake: first_handshake(call, material),
        media: first_media(call, material),
        phases: Vec::new(),
    };
    setup.phases = phases(&setup);
    setup
}

fn gathering(call: &Call, material: Material<'_>) -> Option<Moment> {
    call.allocations
        .iter()
        .filter_map(|place| material.sessions.allocations().get(*place))
        .map(|known| known.first)
        .min()
}

fn phases(setup: &Setup) -> Vec<Phase> {
    let media = setup.media.iter().flatten().min().copied();
    let last = if setup.handshake.is_some() { PhaseName::Dtls } else { PhaseName::Media };
    let steps = [
        (PhaseName::Answer, setup.answer),
        (PhaseName::Candidates, setup.check),
        (PhaseName::Checks, setup.connected),
        (PhaseName::Nomination, setup.handshake),
        (last, media),
    ];
    let mut phases = Vec::new();
    // Without signalling it begins with the first check.
    let Some(mut from) = setup.offer.or(setup.check) else { return phases };
    let stuck = setup.check.is_some() && setup.connected.is_none();
    for (name, to) in steps {
        // Where the checks came to nothing, what one side did all the same is no part of the set-up.
        if stuck && name > PhaseName::Candidates {
            break;
        }
        let Some(to) = to else { continue };
        let to = to.max(from);
        if to.time > from.time || name == PhaseName::Answer {
            phases.push(Phase { name, from, to });
        }
        from = to;
    }
    phases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Option<Moment> {
        Some(Moment::new(1, milliseconds * 1_000_000))
    }

    fn told(setup: &Setup) -> Vec<(&'static str, u128)> {
        phases(setup).iter().map(|phase| (phase.name.name(), phase.duration().as_millis())).collect()
    }

    #[test]
    fn the_parts_add_up_to_the_time_until_the_first_media() {
        let setup = Setup {
            offer: at(0),
            answer: at(100),
            check: at(130),
            connected: at(150),
            handshake: at(151),
            media: [at(400), at(300)],
            ..Setup::default()
        };
        let wanted = [("answer", 100), ("candidates", 30), ("checks", 20), ("nomination", 1), ("dtls", 149)];
        assert_eq!(told(&setup), wanted);
    }

    #[test]
    fn what_began_early_counts_from_the_end_of_what_was_before() {
        let setup = Setup { offer: at(0), answer: at(100), check: at(50), connected: at(120), ..Setup::default() };
        assert_eq!(told(&setup), [("answer", 100), ("checks", 20)]);
    }

    #[test]
    fn without_signalling_it_begins_with_the_first_check() {
        let setup = Setup { check: at(50), connected: at(120), ..Setup::default() };
        assert_eq!(told(&setup), [("checks", 70)]);
        assert_eq!(told(&Setup::default()), []);
    }

    #[test]
    fn it_ends_where_the_checks_came_to_nothing() {
        let setup = Setup { offer: at(0), answer: at(10), check: at(15), handshake: at(40), ..Setup::default() };
        assert_eq!(told(&setup), [("answer", 10), ("candidates", 5)]);
    }

    #[test]
    fn plain_media_needs_no_handshake() {
        let setup = Setup { offer: at(0), answer: at(10), media: [at(30), None], ..Setup::default() };
        assert_eq!(told(&setup), [("answer", 10), ("media", 20)]);
    }
}
