//! Rids and simulcast (RFC 8851, RFC 8853).

use super::contradiction::{ContradictionKind, Contradictions};
use super::facts::Facts;
use super::limits::MAX_VALUES;
use super::side::{Side, Sides};
use crate::sdp::attribute::{Rid, RidDirection, Simulcast, SimulcastStream};
use crate::sdp::list::Parameters;

/// A rid that one side sends and the other one receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AgreedRid<'a> {
    /// Its id.
    pub id: &'a str,
    /// Who sends it.
    pub sender: Side,
    /// The restrictions of each side; both hold (RFC 8851, section 6.3).
    pub restrictions: Sides<Parameters<'a>>,
}

/// The streams that each side sends at once: for each the rids that stand for it, the preferred first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgreedSimulcast<'a> {
    /// What each side sends; empty where it sends one stream as usual.
    pub sends: Sides<Vec<Vec<SimulcastStream<'a>>>>,
}

/// The rids of both. A rid of the answer turns the direction of the offered one (RFC 8851, section 6.2).
pub(super) fn rids<'a>(
    index: usize,
    facts: Sides<&Facts<'a>>,
    contradictions: &mut Contradictions,
) -> Vec<AgreedRid<'a>> {
    let partner = |answered: &Rid<'a>| {
        let fits = |offered: &&Rid<'a>| offered.id == answered.id && offered.direction != answered.direction;
        facts.offerer.rids.iter().find(fits)
    };
    let mut agreed = Vec::new();
    for answered in &facts.answerer.rids {
        let Some(offered) = partner(answered) else {
            contradictions.add(Some(index), ContradictionKind::RidNotOffered);
            continue;
        };
        let sender = if offered.direction == RidDirection::Send { Side::Offerer } else { Side::Answerer };
        let restrictions = Sides { offerer: offered.restrictions, answerer: answered.restrictions };
        agreed.push(AgreedRid { id: offered.id, sender, restrictions });
    }
    agreed
}

/// The streams of both; `None` where one side has no simulcast, or nothing is left of it.
pub(super) fn simulcast<'a>(facts: Sides<&Facts<'a>>) -> Option<AgreedSimulcast<'a>> {
    let (offered, answered) = (facts.offerer.simulcast?, facts.answerer.simulcast?);
    let sends = Sides {
        offerer: common(&offered, &answered, RidDirection::Send),
        answerer: common(&offered, &answered, RidDirection::Recv),
    };
    let some = !sends.offerer.is_empty() || !sends.answerer.is_empty();
    some.then_some(AgreedSimulcast { sends })
}

/// The streams of the answer whose rids were offered in the other direction, which is `direction` to the offerer. A stream that one
/// of the two pauses is paused (RFC 8853, section 5.3).
fn common<'a>(
    offered: &Simulcast<'a>,
    answered: &Simulcast<'a>,
    direction: RidDirection,
) -> Vec<Vec<SimulcastStream<'a>>> {
    let opposite = if direction == RidDirection::Send { RidDirection::Recv } else { RidDirection::Send };
    let offered: Vec<SimulcastStream<'a>> = offered.streams(direction).flatten().take(MAX_VALUES).collect();
    let both = |stream: SimulcastStream<'a>| {
        let partner = offered.iter().find(|other| other.id == stream.id)?;
        Some(SimulcastStream { id: stream.id, paused: stream.paused || partner.paused })
    };
    let streams = answered.streams(opposite).take(MAX_VALUES);
    let streams = streams.map(|rids| rids.take(MAX_VALUES).filter_map(both).collect::<Vec<_>>());
    streams.filter(|rids| !rids.is_empty()).collect()
}
