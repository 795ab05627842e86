//! What each peer of a lab capture says about its own ICE agent: user fragments, role, outcome, selected pair.
//!
//! Chromium and Firefox tell by getStats, aiortc and werift by their ICE transports, GStreamer, libdatachannel
//! and str0m by their state changes only.

use serde_json::Value;

use super::place::Place;
use super::report::{list, text};

/// How an agent's connectivity ended, by the state it named last while the call was on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Never had a pair to check.
    New,
    /// Was still checking.
    Checking,
    /// Connected or completed.
    Success,
    /// Failed, or disconnected and not back.
    Failure,
}

/// A selected pair in the agent's own words.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    /// The agent's own candidate.
    pub(crate) local: Place,
    /// The other agent's candidate.
    pub(crate) remote: Place,
    /// Whether the agent's own candidate is on a relay.
    pub(crate) relayed: bool,
    /// Whether the agent says that the pair is nominated, where it says so.
    pub(crate) nominated: Option<bool>,
}

/// One generation of credentials of one peer.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    /// The peer's name in the truth.
    pub(crate) peer: String,
    /// The lab node it ran on.
    pub(crate) node: String,
    /// Its username fragment.
    pub(crate) ufrag: String,
    /// `controlling` or `controlled`, where the peer says so.
    pub(crate) role: Option<String>,
    /// How it ended; `None` where the peer does not say.
    pub(crate) outcome: Option<Outcome>,
    /// The last selected pair of this generation, where the peer names it.
    pub(crate) selected: Option<Selected>,
    /// How often the selected pair changed, the first selection included (the last generation of a connected peer).
    pub(crate) changes: Option<u64>,
}

/// The agents of `peer`, one for each generation of its credentials, oldest first.
pub(crate) fn agents_of(name: &str, peer: &Value) -> Vec<Agent> {
    let transport = list(peer, "/finalStats/stats").iter().find(|entry| text(entry, "/type") == "transport");
    let ice = peer.pointer("/ice/0");
    let last = ice
        .and_then(|ice| ice.get("localUfrag")?.as_str())
        .or_else(|| transport?.get("iceLocalUsernameFragment")?.as_str());
    let mut ufrags = local_ufrags(peer);
    if let Some(last) = last {
        match ufrags.iter().position(|ufrag| ufrag == last) {
            // aiortc offers fragments for each section and keeps those of the first
            Some(place) if ice.is_some() => ufrags = vec![ufrags.swap_remove(place)],
            Some(_) => {}
            None => ufrags.push(last.to_owned()),
        }
    }
    let generations = ufrags.len();
    let role = ice
        .and_then(|ice| ice.get("role")?.as_str())
        .or_else(|| transport?.get("iceRole")?.as_str())
        .or_else(|| peer.pointer("/selected/iceRole")?.as_str());
    let outcome =
        transport.and_then(|entry| entry.get("iceState")?.as_str()).and_then(outcome_of).or_else(|| last_outcome(peer));
    ufrags
        .into_iter()
        .enumerate()
        .map(|(index, ufrag)| {
            let newest = index + 1 == generations;
            let said = if newest { selected_at_the_end(peer) } else { None };
            let selected = said.or_else(|| selected_in_events(peer, &ufrag));
            let outcome = if newest { outcome } else { selected.as_ref().map(|_| Outcome::Success) };
            let changes = transport
                .and_then(|entry| entry.get("selectedCandidatePairChanges")?.as_u64())
                .filter(|_| generations == 1 && outcome == Some(Outcome::Success));
            Agent {
                peer: name.to_owned(),
                node: text(peer, "/node").to_owned(),
                ufrag,
                role: role.map(str::to_owned),
                outcome,
                selected,
                changes,
            }
        })
        .collect()
}

/// The fragments of the peer's own descriptions, in order of first use.
fn local_ufrags(peer: &Value) -> Vec<String> {
    let mut ufrags: Vec<String> = Vec::new();
    for description in list(peer, "/sdp").iter().filter(|entry| text(entry, "/dir") == "local") {
        for line in text(description, "/sdp").lines() {
            if let Some(ufrag) = line.strip_prefix("a=ice-ufrag:").map(str::trim)
                && !ufrags.iter().any(|known| known == ufrag)
            {
                ufrags.push(ufrag.to_owned());
            }
        }
    }
    ufrags
}

fn outcome_of(state: &str) -> Option<Outcome> {
    match state.to_ascii_lowercase().as_str() {
        "new" => Some(Outcome::New),
        "checking" => Some(Outcome::Checking),
        "connected" | "completed" => Some(Outcome::Success),
        "failed" | "disconnected" => Some(Outcome::Failure),
        _ => None,
    }
}

/// The last state named before the other side said goodbye.
fn last_outcome(peer: &Value) -> Option<Outcome> {
    list(peer, "/events")
        .iter()
        .take_while(|event| text(event, "/ev") != "bye")
        .filter_map(|event| match text(event, "/ev") {
            "iceConnectionState" | "ice-connection-state" => outcome_of(text(event, "/v")),
            other => outcome_of(other.strip_prefix("IceConnectionStateChange(")?.trim_end_matches(')')),
        })
        .last()
}

fn selected_at_the_end(peer: &Value) -> Option<Selected> {
    if let Some(local) = peer.pointer("/selected/local").filter(|local| local.is_object()) {
        return Some(Selected {
            local: Place::of_candidate(local),
            remote: Place::of_candidate(peer.pointer("/selected/remote")?),
            relayed: text(local, "/candidateType") == "relay",
            nominated: peer.pointer("/selected/pair/nominated").and_then(Value::as_bool),
        });
    }
    let ice = peer.pointer("/ice/0")?;
    let lines = ice.pointer("/selected/1").or_else(|| ice.get("nominated"))?;
    let (local, remote) = match lines.as_array() {
        Some(two) => (two.first()?.as_str()?, two.get(1)?.as_str()?),
        None => (lines.get("local")?.as_str()?, lines.get("remote")?.as_str()?),
    };
    Some(Selected {
        local: Place::of_line(local)?,
        remote: Place::of_line(remote)?,
        relayed: local.contains("typ relay"),
        nominated: Some(true),
    })
}

/// The last pair that the peer named in a state change while it used `ufrag`.
fn selected_in_events(peer: &Value, ufrag: &str) -> Option<Selected> {
    let mine = format!("ufrag {ufrag} ");
    list(peer, "/events")
        .iter()
        .filter(|event| text(event, "/ev") == "selectedPair" && format!("{} ", text(event, "/v/local")).contains(&mine))
        .filter_map(|event| {
            Some(Selected {
                local: Place::of_line(text(event, "/v/local"))?,
                remote: Place::of_line(text(event, "/v/remote"))?,
                relayed: text(event, "/v/local").contains("typ relay"),
                nominated: None,
            })
        })
        .next_back()
}
