//! What became of a negotiation, so that the rules about signalling agree on it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::case::Case;
use super::outcome::Outcome;
use crate::call::{Call, Ground, GroundKind, Member, Outcome as CallOutcome};
use crate::moment::Moment;
use crate::sdp::Document;
use crate::session::Generation;
use crate::session::ice::Session;
use crate::signal::DescriptionType;
use crate::signaling::exchange::{Exchange, Incident, SentDescription, SignalingState};

/// What is due from a machine has come by then: browsers answer within a second, and one that gathers first waits about 5 s for a
/// STUN server that is silent.
pub(super) const MACHINE: Duration = Duration::from_secs(5);

/// What became of what was negotiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// A connection came about.
    Works,
    /// None did.
    Trouble,
    /// The capture does not show it.
    Unknown,
}

/// An offer that nobody answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenOffer<'a> {
    /// Its place among the descriptions.
    pub(super) place: usize,
    /// The offer.
    pub(super) offer: &'a SentDescription,
    /// How long an answer was waited for: until the call was over, or the capture.
    pub(super) waited: Duration,
    /// When the call was over, where somebody said so.
    pub(super) over: Option<Moment>,
    /// Whether it was answered, though not for good.
    pub(super) provisionally: bool,
}

/// Which exchange negotiated which session, and which call both belong to; all by place.
#[derive(Debug, Default)]
pub(super) struct Joins {
    /// The call of each exchange.
    calls: BTreeMap<usize, usize>,
    /// The sessions of each exchange.
    sessions: BTreeMap<usize, Vec<usize>>,
    /// The first exchange of each session.
    exchanges: BTreeMap<usize, usize>,
    /// Sessions whose user fragments nobody described: they go between signalled addresses.
    by_address: BTreeSet<usize>,
}

impl Joins {
    pub(super) fn new(calls: &[Call]) -> Self {
        let mut joins = Self::default();
        for (place, call) in calls.iter().enumerate() {
            joins.calls.extend(call.exchanges.iter().map(|exchange| (*exchange, place)));
            for Ground { kind, members, .. } in &call.grounds {
                let (
                    GroundKind::Ufrag | GroundKind::CandidateAddress,
                    [Member::Exchange(exchange), Member::Session(session)],
                ) = (*kind, *members)
                else {
                    continue;
                };
                joins.sessions.entry(exchange).or_default().push(session);
                joins.exchanges.entry(session).or_insert(exchange);
                if *kind == GroundKind::CandidateAddress {
                    joins.by_address.insert(session);
                }
            }
        }
        joins
    }

    /// Whether the session at `place` was found by the addresses of its checks, not by its fragments.
    pub(super) fn is_by_address(&self, place: usize) -> bool {
        self.by_address.contains(&place)
    }
}

impl<'a> Case<'a> {
    /// The call that the exchange at `place` belongs to.
    pub(super) fn call_of(&self, place: usize) -> Option<&'a Call> {
        self.call(*self.joins().calls.get(&place)?)
    }

    /// The ICE sessions that were negotiated in the exchange at `place`, with their outcomes.
    pub(super) fn negotiated(&self, place: usize) -> impl Iterator<Item = (&'a Session, Outcome)> + Clone {
        let sessions = self.joins().sessions.get(&place).map_or(&[][..], Vec::as_slice);
        sessions.iter().filter_map(|session| Some((self.sessions().ice().get(*session)?, self.outcome(*session)?)))
    }

    /// What became of the exchange at `place`.
    pub(super) fn fate(&self, place: usize) -> Fate {
        let sessions = self.negotiated(place);
        let worked = |outcome: &Outcome| {
            outcome.works() || matches!(outcome, Outcome::Lost { .. } | Outcome::Disconnected { .. })
        };
        if sessions.clone().any(|(_, outcome)| worked(&outcome)) {
            return Fate::Works;
        }
        if sessions.clone().any(|(_, outcome)| outcome != Outcome::Open) {
            return Fate::Trouble;
        }
        match self.call_of(place).map(|call| call.outcome) {
            Some(CallOutcome::Connected | CallOutcome::Lost) => Fate::Works,
            Some(CallOutcome::Failed | CallOutcome::Unanswered) => Fate::Trouble,
            _ => Fate::Unknown,
        }
    }

    /// The exchange that told the user fragments of the session at `place`.
    pub(super) fn exchange_of(&self, place: usize) -> Option<(usize, &'a Exchange)> {
        let place = *self.joins().exchanges.get(&place)?;
        Some((place, self.exchange(place)?))
    }

    /// What was signalled of the agents of the session at `place`, where all of both was heard.
    pub(super) fn both_signaled(&self, place: usize, session: &Session) -> Option<[&'a Generation; 2]> {
        let (_, exchange) = self.exchange_of(place)?;
        let signaled = self.sessions().signaled();
        let [one, other] = session.agents.each_ref().map(|agent| signaled.generation(&agent.ufrag));
        (!exchange.one_way).then_some([one?, other?])
    }

    /// The sessions that got no valid pair, with what was signalled of both agents.
    pub(super) fn failed(&self) -> impl Iterator<Item = (usize, &'a Session, [&'a Generation; 2])> {
        self.ice()
            .filter(|(_, _, outcome)| matches!(outcome, Outcome::Silent | Outcome::Failed))
            .filter_map(|(place, session, _)| Some((place, session, self.both_signaled(place, session)?)))
    }

    /// The exchanges that were answered, with when, in which both sides want ICE and nobody sent a check although it would be seen and
    /// there was time for it.
    pub(super) fn never_checked(&self) -> impl Iterator<Item = (usize, &'a Exchange, Moment)> {
        let failed = |place| self.call_of(place).is_some_and(|call| call.outcome == CallOutcome::Failed);
        self.exchanges().filter_map(move |(place, exchange)| {
            let answered =
                exchange.happenings.iter().find(|told| matches!(told.incident, Incident::Answered { .. }))?.moment;
            let until = over(exchange, answered).map_or(self.now(), |over| over.time);
            let due = until.since(answered.time) >= MACHINE && !exchange.one_way;
            (due && failed(place) && self.negotiated(place).next().is_none()).then_some((place, exchange, answered))
        })
    }

    /// The first offer of the exchange that stands at its end without an answer.
    pub(super) fn open_offer(&self, exchange: &'a Exchange) -> Option<OpenOffer<'a>> {
        let stands = |party: usize| {
            let state = exchange.parties.get(party).map(|party| party.state);
            matches!(state, Some(SignalingState::HaveLocalOffer | SignalingState::HaveRemotePranswer))
        };
        let settled = exchange.happenings.iter().filter_map(|happening| match &happening.incident {
            Incident::Answered { offer, .. } => Some(*offer),
            _ => None,
        });
        let after = settled.max().map_or(0, |offer| offer.saturating_add(1));
        // Behind a rollback everything begins anew.
        let rolled = exchange.descriptions.iter().rposition(|sent| sent.kind == DescriptionType::Rollback);
        let after = after.max(rolled.map_or(0, |place| place.saturating_add(1)));
        let (place, offer) = exchange
            .descriptions
            .iter()
            .enumerate()
            .skip(after)
            .find(|(_, sent)| sent.kind == DescriptionType::Offer && stands(sent.from))?;
        let over = over(exchange, offer.moment);
        let until = over.map_or(self.now(), |over| over.time);
        let state = exchange.parties.get(offer.from).map(|party| party.state);
        Some(OpenOffer {
            place,
            offer,
            waited: until.since(offer.moment.time),
            over,
            provisionally: state == Some(SignalingState::HaveRemotePranswer),
        })
    }

    /// What was signalled of the generations of each of the first two parties of an exchange, by the fragments of their
    /// last descriptions.
    pub(super) fn described(&self, exchange: &Exchange) -> [Vec<&'a Generation>; 2] {
        let signaled = self.sessions().signaled();
        [0, 1].map(|party| {
            let last = exchange.descriptions.iter().rfind(|sent| sent.from == party && !sent.sdp.is_empty());
            let document = last.map(|sent| Document::parse(sent.sdp.as_bytes()));
            let mut found: Vec<&Generation> = Vec::new();
            for section in document.iter().flat_map(Document::media) {
                if let Some(generation) = section.ice_ufrag().and_then(|ufrag| signaled.generation(ufrag))
                    && !found.iter().any(|known| known.ufrag == generation.ufrag)
                {
                    found.push(generation);
                }
            }
            found
        })
    }
}

/// When somebody said, after `moment`, that the call is over.
pub(super) fn over(exchange: &Exchange, moment: Moment) -> Option<Moment> {
    let ends = |incident: &Incident| matches!(incident, Incident::Room(event) if event.word.ends_a_call());
    let mut after = exchange.happenings.iter().filter(|happening| happening.moment > moment);
    after.find(|happening| ends(&happening.incident)).map(|happening| happening.moment)
}
