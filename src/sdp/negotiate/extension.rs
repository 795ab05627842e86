//! The header extensions that both named (RFC 8285, section 6).

use std::collections::BTreeMap;

use super::contradiction::{ContradictionKind, Contradictions};
use super::facts::Facts;
use super::limits::MAX_VALUES;
use super::side::Sides;
use crate::sdp::attribute::{Direction, Extmap};

/// Ids from here on ask for one (RFC 8285, section 6), so the answer has another.
const FIRST_ASKING_ID: u32 = 4096;

/// A header extension that both named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AgreedExtension<'a> {
    /// The URI that names it.
    pub uri: &'a str,
    /// What follows the URI in the answer; may be empty.
    pub attributes: &'a str,
    /// Its id: the answer's.
    pub id: u32,
    /// The id that was offered, where it is another one.
    pub offered_id: Option<u32>,
    /// Who sends it, as each side sees it; of the directions of the m-line it knows nothing.
    pub directions: Sides<Direction>,
}

/// What both do, as each side sees it: a side sends what it wants to send and the other one wants to receive.
pub(super) const fn common(offered: Direction, answered: Direction) -> Sides<Direction> {
    let offerer = match (offered.sends() && answered.receives(), offered.receives() && answered.sends()) {
        (true, true) => Direction::SendRecv,
        (true, false) => Direction::SendOnly,
        (false, true) => Direction::RecvOnly,
        (false, false) => Direction::Inactive,
    };
    Sides { offerer, answerer: offerer.reversed() }
}

/// The extensions of both in the order of the answer, and the URIs that were offered and not answered. Those of the session level
/// hold for every m-line.
pub(super) fn extensions<'a>(
    index: usize,
    facts: Sides<&Facts<'a>>,
    sessions: Sides<&Facts<'a>>,
    contradictions: &mut Contradictions,
) -> (Vec<AgreedExtension<'a>>, Vec<&'a str>) {
    let all = |own: &Facts<'a>, session: &Facts<'a>| -> Vec<Extmap<'a>> {
        // Those of the session count for each m-line again, so fewer of them are taken.
        own.extensions.iter().chain(session.extensions.iter().take(MAX_VALUES)).copied().collect()
    };
    // The inner URI of an encrypted extension (RFC 6904) stands in the attributes and is part of what it is.
    let name = |extension: &Extmap<'a>| {
        let inner = if extension.uri.ends_with(":encrypt") { extension.attributes } else { "" };
        (extension.uri, inner)
    };
    let offered = all(facts.offerer, sessions.offerer);
    let mut open: BTreeMap<(&str, &str), Vec<Extmap<'a>>> = BTreeMap::new();
    for extension in offered.iter().rev() {
        open.entry(name(extension)).or_default().push(*extension);
    }
    let mut agreed = Vec::new();
    for answered in all(facts.answerer, sessions.answerer) {
        let Some(list) = open.get_mut(&name(&answered)) else {
            contradictions.add(Some(index), ContradictionKind::ExtensionNotOffered);
            continue;
        };
        // An extension that was offered twice (once for each form of header, or for each direction) is told apart by its id.
        let place = list.iter().rposition(|offered| offered.id == answered.id).or(list.len().checked_sub(1));
        let Some(offered) = place.map(|place| list.remove(place)) else { continue };
        let differs = offered.id != answered.id;
        if differs && offered.id < FIRST_ASKING_ID {
            contradictions.add(Some(index), ContradictionKind::ExtensionIdDiffers);
        }
        let direction = |extension: &Extmap<'_>| extension.direction.unwrap_or(Direction::SendRecv);
        agreed.push(AgreedExtension {
            uri: answered.uri,
            attributes: answered.attributes,
            id: answered.id,
            offered_id: differs.then_some(offered.id),
            directions: common(direction(&offered), direction(&answered)),
        });
    }
    let refused = open.into_iter().flat_map(|((uri, _), left)| left.into_iter().map(move |_| uri)).collect();
    (agreed, refused)
}
