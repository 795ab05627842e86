//! What the rules look at: the sessions, the facts of the capture, and what follows from both.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::accord::Accord;
use super::facts::CaptureFacts;
use super::media::Talk;
use super::negotiation::Joins;
use super::outcome::{Outcome, ends};
use crate::call::{Call, Material};
use crate::finding::{Evidence, Finding};
use crate::moment::{FrameNumber, Moment, Timestamp};
use crate::session::Sessions;
use crate::session::ice::{End, Pair, Session};
use crate::session::turn::Allocation;
use crate::signaling::exchange::Exchange;

/// Frames named as evidence of one finding.
const FRAMES_NAMED: usize = 6;
/// Answers whose request is not in the capture that make up a direction: a capture that begins in the middle of a call has one or two.
const LONE_ANSWERS: u64 = 3;

/// What the rules look at.
#[derive(Debug)]
pub(super) struct Case<'a> {
    sessions: &'a Sessions,
    exchanges: &'a [Exchange],
    calls: &'a [Call],
    facts: &'a CaptureFacts,
    joins: Joins,
    outcomes: Vec<Outcome>,
    talks: Vec<Talk<'a>>,
    accords: Vec<Accord<'a>>,
    /// Hosts of TURN servers: a candidate there is a relayed one, whoever allocated it.
    relays: BTreeSet<IpAddr>,
    /// Hosts of clients for which some session works.
    served: BTreeSet<IpAddr>,
}

impl<'a> Case<'a> {
    pub(super) fn new(material: Material<'a>, calls: &'a [Call], facts: &'a CaptureFacts) -> Self {
        let Material { exchanges, sessions } = material;
        let relays = sessions.servers().iter().filter(|server| server.relays).map(|server| server.address.address);
        let (relays, served) = (relays.collect(), BTreeSet::new());
        let (joins, outcomes, talks, accords) = (Joins::new(calls), Vec::new(), Vec::new(), Vec::new());
        let mut case = Self { sessions, exchanges, calls, facts, joins, outcomes, talks, accords, relays, served };
        let restarted: BTreeSet<usize> = sessions.ice().iter().filter_map(|session| session.restart_of).collect();
        let outcome = |(place, session)| Outcome::of(&case, session, restarted.contains(&place));
        case.outcomes = sessions.ice().iter().enumerate().map(outcome).collect();
        case.served = case
            .ice()
            .filter(|(_, _, outcome)| outcome.works())
            .flat_map(|(_, session, _)| ends(session))
            .map(|(_, _, end)| case.owner(end))
            .collect();
        case.talks = case.find_talks();
        case.accords = case.find_accords();
        case
    }

    /// What was signalled, with the places of the exchanges.
    pub(super) fn exchanges(&self) -> impl Iterator<Item = (usize, &'a Exchange)> {
        self.exchanges.iter().enumerate()
    }

    /// The exchange at `place`.
    pub(super) fn exchange(&self, place: usize) -> Option<&'a Exchange> {
        self.exchanges.get(place)
    }

    /// The call at `place`.
    pub(super) fn call(&self, place: usize) -> Option<&'a Call> {
        self.calls.get(place)
    }

    /// The calls with their places.
    pub(super) fn calls(&self) -> impl Iterator<Item = (usize, &'a Call)> {
        self.calls.iter().enumerate()
    }

    /// What of the signalling and of the network belongs together.
    pub(super) const fn joins(&self) -> &Joins {
        &self.joins
    }

    /// Who talks with whom, in calls of two.
    pub(super) fn talks(&self) -> &[Talk<'a>] {
        &self.talks
    }

    /// What answered offers came to: each exchange's in a row, in order of time.
    pub(super) fn accords(&self) -> &[Accord<'a>] {
        &self.accords
    }

    /// The facts of the capture.
    pub(super) const fn facts(&self) -> &'a CaptureFacts {
        self.facts
    }

    /// Everything that was reconstructed.
    pub(super) const fn sessions(&self) -> &'a Sessions {
        self.sessions
    }

    /// The sessions with their places and outcomes.
    pub(super) fn ice(&self) -> impl Iterator<Item = (usize, &'a Session, Outcome)> {
        let outcomes = self.outcomes.iter().copied();
        self.sessions
            .ice()
            .iter()
            .enumerate()
            .zip(outcomes)
            .map(|((place, session), outcome)| (place, session, outcome))
    }

    /// The outcome of the session at `place`.
    pub(super) fn outcome(&self, place: usize) -> Option<Outcome> {
        self.outcomes.get(place).copied()
    }

    /// The allocations with their places.
    pub(super) fn allocations(&self) -> impl Iterator<Item = (usize, &'a Allocation)> {
        self.sessions.allocations().iter().enumerate()
    }

    /// The allocation that an end is relayed by.
    pub(super) fn allocation_of(&self, end: &End) -> Option<&'a Allocation> {
        self.sessions.allocations().get(end.allocation?)
    }

    /// The greatest time seen.
    pub(super) const fn now(&self) -> Timestamp {
        self.sessions.now()
    }

    /// A moment in seconds from the first packet: `+7.664 s`.
    pub(super) fn at(&self, moment: Moment) -> String {
        format!("{:+.3} s", moment.time.seconds_from(self.facts.first.unwrap_or_default()))
    }

    /// Whether either end of a pair is relayed, by whomever.
    pub(super) fn relayed(&self, pair: &Pair) -> bool {
        pair.relayed() || pair.ends.iter().any(|end| self.relays.contains(&end.base.address))
    }

    /// Whether some session works for the client at `host`.
    pub(super) fn serves(&self, host: IpAddr) -> bool {
        self.served.contains(&host)
    }

    /// Whether any session works.
    pub(super) fn anything_works(&self) -> bool {
        !self.served.is_empty()
    }

    /// Whether the capture holds answers to requests that it does not hold, and not a single pair of both.
    pub(super) fn answers_without_requests(&self) -> bool {
        let counts = self.sessions.stun();
        counts.answered == 0 && counts.responses_without_request >= LONE_ANSWERS
    }

    /// Whether STUN messages were cut by the capture, so that attributes may be missing from them.
    pub(super) fn messages_cut(&self) -> bool {
        self.facts.truncated_packets > 0 && self.sessions.stun().fingerprint.unknown > 0
    }

    /// The host that an end belongs to: the client of the allocation for a relayed one.
    fn owner(&self, end: &End) -> IpAddr {
        self.allocation_of(end).map_or(end.base.address, |allocation| allocation.client.address)
    }
}

/// A finding that rests on `moments`: it came to light at the first of them, and each names its frame.
pub(super) fn resting(finding: Finding, moments: impl IntoIterator<Item = Option<Moment>>) -> Finding {
    let mut frames: Vec<FrameNumber> = Vec::new();
    let mut first = None;
    for moment in moments.into_iter().flatten() {
        first.get_or_insert(moment);
        if moment.frame.0 > 0 && !frames.contains(&moment.frame) && frames.len() < FRAMES_NAMED {
            frames.push(moment.frame);
        }
    }
    frames.sort_unstable();
    let mut finding = match first {
        Some(moment) => finding.at(moment),
        None => finding,
    };
    if !frames.is_empty() {
        finding.evidence.push(Evidence::Frames(frames));
    }
    finding
}
