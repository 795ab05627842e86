//! What one JSON object says: a description, a candidate, names.

use crate::signal::{Addressing, Candidate, Description, DescriptionType, Matter};
use crate::signaling::json::Json;

/// Names of members for who a message is from.
const FROM: &[&str] = &["from", "sender", "src", "source", "from_id", "fromId", "senderId"];
/// Who it is for.
const TO: &[&str] =
    &["to", "target", "dst", "dest", "destination", "receiver", "recipient", "to_id", "toId", "targetId"];
/// Rooms.
const ROOM: &[&str] = &["room", "roomId", "room_id", "channel"];
/// What tells connections of the same two apart.
const THREAD: &[&str] = &[
    "handle_id",
    "handleId",
    "call_id",
    "callId",
    "connectionId",
    "connection_id",
    "mediaConnectionId",
    "pc_id",
    "pcId",
    "transportId",
    "negotiationId",
];

/// A longer name is none.
pub(super) const NAME: usize = 256;

/// `around` with the names that stand in this object.
pub(super) fn names(value: &Json, around: &Addressing) -> Addressing {
    let find = |names: &[&str]| {
        names.iter().find_map(|name| value.member(name)?.word()).filter(|word| word.len() <= NAME).map(str::to_owned)
    };
    let mut found = Addressing {
        from: find(FROM).or_else(|| around.from.clone()),
        to: find(TO).or_else(|| around.to.clone()),
        room: find(ROOM).or_else(|| around.room.clone()),
        thread: find(THREAD).or_else(|| around.thread.clone()),
    };
    // Janus calls the handle that an event is from its sender, and writes it as a number.
    if value.member("janus").is_some()
        && let Some(handle) = value.member("sender").and_then(Json::word).filter(|word| word.len() <= NAME)
    {
        found.thread = Some(handle.to_owned());
        found.from = around.from.clone();
    }
    found
}

/// Whether `text` is a session description, by its first line.
pub(super) fn is_description(text: &str) -> bool {
    text.starts_with("v=0\r") || text.starts_with("v=0\n")
}

/// Whether `text` is a candidate, by its first word.
pub(super) fn is_candidate(text: &str) -> bool {
    text.starts_with("candidate:") || text.starts_with("a=candidate:")
}

/// The type of description that this object says it has or brings.
pub(super) fn said_kind(value: &Json) -> Option<DescriptionType> {
    ["type", "kind", "msg_type", "event", "cmd", "action", "method", "command"]
        .iter()
        .find_map(|name| DescriptionType::from_name(value.text_of(name)?))
}

/// The description that this object is: `{type, sdp}`, whatever else stands in it, with `kind` for what it or something around it says about
/// its type.
pub(super) fn description(value: &Json, kind: Option<DescriptionType>) -> Option<Matter> {
    if let Some(sdp) = value.text_of("sdp").filter(|text| is_description(text)) {
        return Some(Matter::Description(Description { kind, sdp: sdp.to_owned() }));
    }
    if value.text_of("type") != Some(DescriptionType::Rollback.name()) {
        return None;
    }
    let only = value.members().iter().all(|(name, _)| ["type", "sdp", "to", "from"].contains(&name.as_str()));
    let kind = Some(DescriptionType::Rollback);
    only.then(|| Matter::Description(Description { kind, sdp: String::new() }))
}

/// The candidate or the end of candidates that this object is: an `RTCIceCandidateInit`, also with the names `id` and
/// `label` that examples of old had for the mid and the index.
pub(super) fn candidate(value: &Json) -> Option<Matter> {
    let text = |names: &[&str]| {
        names.iter().find_map(|name| value.text_of(name)).filter(|text| text.len() <= NAME).map(str::to_owned)
    };
    let index =
        ["sdpMLineIndex", "label", "sdpMlineIndex"].iter().find_map(|name| value.member(name)?.word()?.parse().ok());
    let mid = text(&["sdpMid", "id", "mid"]);
    let completed = value.member("completed").is_some() && value.members().len() == 1;
    match value.member("candidate") {
        Some(Json::Text(candidate)) if is_candidate(candidate) => Some(Matter::Candidate(Candidate {
            candidate: candidate.clone(),
            mid,
            m_line_index: index,
            username_fragment: text(&["usernameFragment", "ufrag"]),
        })),
        Some(Json::Text(candidate)) if candidate.is_empty() && (mid.is_some() || index.is_some()) => {
            Some(Matter::EndOfCandidates { mid })
        }
        Some(Json::Null) if value.members().len() <= 4 => Some(Matter::EndOfCandidates { mid }),
        None if completed => Some(Matter::EndOfCandidates { mid: None }),
        _ => None,
    }
}
