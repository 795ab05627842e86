//! Mappings that changed while they were in use.

use super::address::is_somebody;
use super::routes::Route;
use crate::moment::Moment;
use crate::path::{Endpoint, Transport};
use crate::session::ice::{End, Session};
use crate::session::limits;

/// From where a rebinding was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seen {
    /// Inside the NAT: one local port was told another mapped address by the same remote end.
    Inside,
    /// Outside of it: an agent went on from another port of the same address in the middle of a session. It may have opened another
    /// socket as well.
    Outside,
}

/// A mapping that changed while it was in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebinding {
    /// From where it was seen.
    pub seen: Seen,
    /// The local port; outside the NAT the mapped address before.
    pub local: Endpoint,
    /// Whom it spoke to.
    pub remote: Endpoint,
    /// The mapped address before.
    pub from: Endpoint,
    /// The mapped address since.
    pub to: Endpoint,
    /// The last that was seen of the one before.
    pub last: Moment,
    /// The first that was seen of the other.
    pub moment: Moment,
    /// The session that it happened to, by place.
    pub session: Option<usize>,
}

/// Changes told on `route`.
pub(super) fn inside<'a>(route: &'a Route, session: Option<usize>) -> impl Iterator<Item = Rebinding> + 'a {
    let patience = if route.by_server { limits::MAPPING_HOLDS } else { limits::CONSENT_EXPIRY };
    route.told.windows(2).filter_map(move |both| {
        let [before, after] = both else { return None };
        let translated = before.mapped != route.local && after.mapped != route.local;
        (translated && after.first.time.since(before.last.time) <= patience).then_some(Rebinding {
            seen: Seen::Inside,
            local: route.local,
            remote: route.remote,
            from: before.mapped,
            to: after.mapped,
            last: before.last,
            moment: after.first,
            session,
        })
    })
}

/// Agents of `session` that went on from another port of the same address.
pub(super) fn outside(place: usize, session: &Session) -> Vec<Rebinding> {
    let mut found = Vec::new();
    for (number, later) in session.pairs.iter().enumerate() {
        for agent in [0, 1] {
            let (Some(end), Some(other)) = (later.ends.get(agent), later.ends.get(1 - agent)) else { continue };
            if later.transport != Transport::Udp || end.allocation.is_some() || !is_somebody(end.base) {
                continue;
            }
            let before = session.pairs.iter().take(number).filter(|earlier| {
                earlier.transport == later.transport
                    && earlier.component == later.component
                    && earlier.ends.get(1 - agent).is_some_and(|end| end.base == other.base)
            });
            let ends = before.filter_map(|earlier| earlier.ends.get(agent));
            let mut moved = ends.filter_map(|earlier| moved(earlier, end, other, later.first));
            if let Some((from, last)) = moved.next_back() {
                found.push(Rebinding {
                    seen: Seen::Outside,
                    local: from,
                    remote: other.base,
                    from,
                    to: end.base,
                    last,
                    moment: later.first,
                    session: Some(place),
                });
            }
        }
    }
    found
}

/// Whether an agent went on from `later` where it had been using `earlier`: gives the port it left and when it was last heard of there.
fn moved(earlier: &End, later: &End, other: &End, since: Moment) -> Option<(Endpoint, Moment)> {
    let (from, to) = (earlier.base, later.base);
    let last = earlier.last_data.max(earlier.last_request)?;
    // It sent data from the port before, and never again since the other one appeared; from there it sends data now.
    let in_use = earlier.first_data.is_some_and(|first| first.time < since.time);
    let gone = last.time <= since.time.after(limits::CHANGE_SETTLES) && later.last_data > Some(last);
    let at_once = since.time.since(last.time) <= limits::CONSENT_EXPIRY;
    let port_only = from.address == to.address && from.port != to.port;
    (in_use && gone && at_once && port_only && other.allocation.is_none()).then_some((from, last))
}
