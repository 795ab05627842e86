//! Which media streams belong to which call: those that its ICE sessions carry, and those on its flows of media without ICE.

use std::collections::HashMap;

use super::model::Call;
use crate::path::Flow;
use crate::session::Sessions;

/// Gives each call its streams, in order of appearance. A stream belongs to the call of its session or of its flow, which no
/// other call has.
pub(super) fn assign(calls: &mut [Call], sessions: &Sessions) {
    let mut of_session: HashMap<usize, usize> = HashMap::new();
    let mut of_flow: HashMap<Flow, usize, foldhash::fast::RandomState> = HashMap::default();
    for (place, call) in calls.iter().enumerate() {
        of_session.extend(call.sessions.iter().map(|session| (*session, place)));
        let flows = call.media_flows.iter().filter_map(|flow| sessions.media_flows().get(*flow));
        of_flow.extend(flows.map(|flow| (Flow { relay: None, ..flow.flow }, place)));
    }
    for (stream, known) in sessions.streams().iter().enumerate() {
        let by_session = known.session.and_then(|session| of_session.get(&session));
        let place = by_session.or_else(|| of_flow.get(&known.path.flow().0));
        if let Some(call) = place.and_then(|place| calls.get_mut(*place)) {
            call.streams.push(stream);
        }
    }
}
