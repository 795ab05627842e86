//! The short timeline of an ICE session, in milliseconds from its first check.

use super::number::{counted, milliseconds, offset};
use crate::report::model::{SelectedPairChange, Session};

/// Changes of the selected pair that are told one by one.
const CHANGES: usize = 6;

struct Step {
    time: f64,
    frame: Option<u64>,
    text: String,
}

/// The steps of `session`, each a phrase: `+48 ms nominated #214`.
pub(super) fn timeline(session: &Session) -> Vec<String> {
    let Some(start) = session.first_check_time else { return Vec::new() };
    let mut steps = steps(session);
    steps.sort_by(|one, other| one.time.total_cmp(&other.time));
    let mut phrases = vec![format!("{} first check{}", offset(start), frame(session.first_check_frame))];
    let told = |step: Step| format!("{} {}{}", milliseconds(step.time - start), step.text, frame(step.frame));
    phrases.extend(steps.into_iter().map(told));
    phrases
}

fn frame(number: Option<u64>) -> String {
    number.map(|number| format!(" #{number}")).unwrap_or_default()
}

fn steps(session: &Session) -> Vec<Step> {
    let mut steps = Vec::new();
    for agent in &session.agents {
        if let Some(time) = agent.connected_time {
            steps.push(Step { time, frame: agent.connected_frame, text: format!("{} connected", agent.ufrag) });
        }
    }
    if let Some(time) = session.nominated_time {
        steps.push(Step { time, frame: session.nominated_frame, text: "nominated".to_owned() });
    }
    if let Some(conflict) = session.role_conflict {
        steps.push(Step { time: conflict.time, frame: Some(conflict.frame), text: "role conflict (487)".to_owned() });
        if let Some(time) = conflict.healed_time {
            steps.push(Step { time, frame: None, text: "roles agreed".to_owned() });
        }
    }
    let data =
        session.pairs.iter().flat_map(|pair| [pair.local.first_data_time, pair.remote.first_data_time]).flatten();
    if let Some(time) = data.min_by(f64::total_cmp) {
        let text = if session.dtls_handshake { "first DTLS or media" } else { "first data" };
        steps.push(Step { time, frame: None, text: text.to_owned() });
    }
    if let Some(time) = session.consent.lost_time {
        let who = session.consent.lost_by.as_deref().unwrap_or("an agent");
        steps.push(Step { time, frame: session.consent.lost_frame, text: format!("{who} lost consent") });
    }
    changes(session, &mut steps);
    steps
}

/// Changes from one pair to another; the first choice is not one.
fn changes(session: &Session, steps: &mut Vec<Step>) {
    let real: Vec<&SelectedPairChange> =
        session.selected_pair_changes.iter().filter(|change| change.previous.is_some()).collect();
    for change in real.iter().take(CHANGES) {
        let number = change.pair.rsplit('-').next().unwrap_or_default();
        let text = format!("{} changed to pair {number}", change.agent);
        steps.push(Step { time: change.time, frame: Some(change.frame), text });
    }
    let more = real.len().saturating_sub(CHANGES) as u64 + session.selected_pair_changes_omitted;
    if let (true, Some(last)) = (more > 0, real.last()) {
        let text = format!("… and {} of pair", counted(more, "more change", "more changes"));
        steps.push(Step { time: last.time, frame: None, text });
    }
}
