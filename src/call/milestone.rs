//! When things happened first in a call.

use super::join::Material;
use super::model::Call;
use crate::moment::Moment;
use crate::session::ice::Session;
use crate::signal::DescriptionType;
use crate::signaling::exchange::{Exchange, SentDescription};

/// The first and the last message of all these.
pub(super) fn span(
    material: Material<'_>,
    exchanges: &[usize],
    sessions: &[usize],
    allocations: &[usize],
    media_flows: &[usize],
) -> (Moment, Moment) {
    let known = material.sessions;
    let of_exchanges = exchanges.iter().filter_map(|place| material.exchanges.get(*place));
    let of_sessions = sessions.iter().filter_map(|place| known.ice().get(*place));
    let of_allocations = allocations.iter().filter_map(|place| known.allocations().get(*place));
    let of_flows = media_flows.iter().filter_map(|place| known.media_flows().get(*place));
    let moments = of_exchanges
        .map(|exchange| (exchange.first, exchange.last))
        .chain(of_sessions.map(|session| (session.first, last_of(session))))
        .chain(of_allocations.map(|allocation| (allocation.first, allocation.last)))
        .chain(of_flows.filter_map(|flow| {
            Some((flow.first.iter().flatten().min().copied()?, flow.last.iter().flatten().max().copied()?))
        }));
    moments
        .fold(None, |span: Option<(Moment, Moment)>, (first, last)| {
            Some(span.map_or((first, last), |(start, end)| (start.min(first), end.max(last))))
        })
        .unwrap_or_default()
}

fn last_of(session: &Session) -> Moment {
    let data = session.pairs.iter().flat_map(|pair| &pair.ends).filter_map(|end| end.last_data).max();
    data.map_or(session.last, |data| data.max(session.last))
}

/// The exchanges of a call.
pub(super) fn exchanges<'a>(call: &Call, material: Material<'a>) -> impl Iterator<Item = (usize, &'a Exchange)> {
    call.exchanges.clone().into_iter().filter_map(move |place| Some((place, material.exchanges.get(place)?)))
}

/// The ICE sessions of a call.
pub(super) fn sessions<'a>(call: &Call, material: Material<'a>) -> impl Iterator<Item = (usize, &'a Session)> {
    call.sessions.clone().into_iter().filter_map(move |place| Some((place, material.sessions.ice().get(place)?)))
}

/// The first description of a call that is of one of these types.
pub(super) fn first_description<'a>(
    call: &Call,
    material: Material<'a>,
    kinds: &[DescriptionType],
) -> Option<(usize, &'a SentDescription)> {
    exchanges(call, material)
        .flat_map(|(place, exchange)| exchange.descriptions.iter().map(move |description| (place, description)))
        .filter(|(_, description)| kinds.contains(&description.kind))
        .min_by_key(|(_, description)| description.moment)
}

/// When and by whom media was first sent in each direction: by the agent that is controlling at first, and by the other; of plain
/// media, by whom it came first from, and by the other.
pub(super) fn first_media(call: &Call, material: Material<'_>) -> [Option<Moment>; 2] {
    let mut found = [None, None];
    let mut note = |place: usize, moment: Option<Moment>| {
        if let (Some(known), Some(moment)) = (found.get_mut(place), moment)
            && known.is_none_or(|known: Moment| moment < known)
        {
            *known = Some(moment);
        }
    };
    for (_, session) in sessions(call, material) {
        for (direction, agent) in session.order().into_iter().enumerate() {
            let first = session.pairs.iter().filter_map(|pair| pair.ends.get(agent)?.first_media).min();
            note(direction, first);
        }
    }
    for flow in call.media_flows.iter().filter_map(|place| material.sessions.media_flows().get(*place)) {
        let [one, other] = flow.first;
        let swapped = match (one, other) {
            (Some(one), Some(other)) => other < one,
            (None, _) => true,
            (Some(_), None) => false,
        };
        let (one, other) = if swapped { (other, one) } else { (one, other) };
        note(0, one);
        note(1, other);
    }
    found
}

/// The first record of a DTLS handshake.
pub(super) fn first_handshake(call: &Call, material: Material<'_>) -> Option<Moment> {
    let pairs = sessions(call, material).flat_map(|(_, session)| &session.pairs);
    pairs.flat_map(|pair| &pair.ends).filter_map(|end| end.first_handshake).min()
}
