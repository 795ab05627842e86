//! Which moments of a file are which moments of a capture.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use super::anchor::AnchorKind;
use super::clock::Coincidence;
use super::model::{FileClock, SideConnection};
use crate::moment::Timestamp;
use crate::sdp::Document;
use crate::signaling::key;

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;

/// What this end has made is on the wire after it was set or gathered: soon, but for a page that waits for all candidates, and
/// for a slow network before the capture. A browser writes its log in another process than the one that sends, so that an
/// entry can be some 30 ms late under load.
pub const LOCAL_SIGNALLED: RangeInclusive<i64> = -100 * MILLISECOND..=10 * SECOND;

/// What the other end has made is on the wire before it is set or added: a page may keep candidates until it has a
/// description, and ask its user before it answers. The time up to the entry in the log makes the early end of the
/// range; at its late end nothing comes before its cause, and 20 ms are for two clocks of one machine that jitter.
pub const REMOTE_SIGNALLED: RangeInclusive<i64> = -30 * SECOND..=20 * MILLISECOND;

/// The first check is sent about when the state becomes *checking*, which the log has up to 200 ms late under load; gathering
/// and the candidates of the other end may take until the first check is sent.
pub const FIRST_CHECK_AFTER_CHECKING: RangeInclusive<i64> = -200 * MILLISECOND..=10 * SECOND;

/// No check can be sent before both descriptions are set: it carries the user fragments of both (RFC 8445, section 7.2.2).
pub const FIRST_CHECK_AFTER_DESCRIPTIONS: RangeInclusive<i64> = -50 * MILLISECOND..=30 * SECOND;

/// The ICE state becomes *connected* after the first check that was answered, mostly within milliseconds; later where there are
/// several transports.
pub const ICE_CONNECTED_AFTER_SUCCESS: RangeInclusive<i64> = -2 * SECOND..=20 * MILLISECOND;

/// The connection state becomes *connected* after DTLS is done, which begins after the first check that was answered.
pub const CONNECTED_AFTER_SUCCESS: RangeInclusive<i64> = -5 * SECOND..=20 * MILLISECOND;

/// What a capture shows, in this room's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireFacts {
    /// Descriptions and candidates that were signalled in it.
    pub signalled: Vec<SignalledText>,
    /// The agents whose checks are in it.
    pub agents: Vec<WireAgent>,
}

/// A description or a candidate that was signalled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalledText {
    /// Its text.
    pub text: String,
    /// When it was seen first.
    pub first_seen: Timestamp,
}

/// One generation of an ICE agent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireAgent {
    /// Its own user fragment.
    pub ufrag: String,
    /// When it sent its first check.
    pub first_check: Option<Timestamp>,
    /// When the first of its checks was answered with success.
    pub first_success: Option<Timestamp>,
    /// When the first record of DTLS was on one of its pairs.
    pub first_dtls: Option<Timestamp>,
}

/// What both the connections of one file and a capture have seen, for [`offset`](super::offset).
///
/// Each text counts with its first time on either side; each connection with the first generation of its ICE session.
#[must_use]
pub fn coincidences(connections: &[SideConnection], facts: &WireFacts) -> Vec<Coincidence> {
    let mut wire: HashMap<String, Timestamp> = HashMap::new();
    for signalled in &facts.signalled {
        let key = key_of(&signalled.text);
        let first = wire.entry(key).or_insert(signalled.first_seen);
        *first = (*first).min(signalled.first_seen);
    }
    let mut found = Vec::new();
    for connection in connections {
        let Some(clock) = connection.clock else { continue };
        texts(connection, clock, &wire, &mut found);
        checks(connection, clock, &facts.agents, &mut found);
    }
    found
}

fn key_of(text: &str) -> String {
    if text.starts_with("v=") { key::of_description(text) } else { key::of_candidate(text) }
}

/// A file cuts its times: the true one lies up to a step of its clock later.
fn widened(slack: &RangeInclusive<i64>, clock: FileClock) -> RangeInclusive<i64> {
    let step = i64::try_from(clock.resolution.as_nanos()).unwrap_or(i64::MAX);
    *slack.start()..=slack.end().saturating_add(step)
}

/// Descriptions and candidates, each at its first time.
fn texts(
    connection: &SideConnection,
    clock: FileClock,
    wire: &HashMap<String, Timestamp>,
    found: &mut Vec<Coincidence>,
) {
    let mut seen = HashSet::new();
    for anchor in connection.anchors() {
        let (key, slack) = match anchor.kind {
            AnchorKind::LocalDescription(sdp) => (key::of_description(sdp), LOCAL_SIGNALLED),
            AnchorKind::LocalCandidate(text) => (key::of_candidate(text), LOCAL_SIGNALLED),
            AnchorKind::RemoteDescription(sdp) => (key::of_description(sdp), REMOTE_SIGNALLED),
            AnchorKind::RemoteCandidate(text) => (key::of_candidate(text), REMOTE_SIGNALLED),
            _ => continue,
        };
        if let Some(capture) = wire.get(&key).copied()
            && seen.insert(key)
        {
            found.push(Coincidence { file: anchor.time, capture, slack: widened(&slack, clock) });
        }
    }
}

/// The checks of the first generation.
fn checks(connection: &SideConnection, clock: FileClock, agents: &[WireAgent], found: &mut Vec<Coincidence>) {
    let anchors = connection.anchors();
    let first = |wanted: fn(&AnchorKind<'_>) -> bool| anchors.iter().find(|anchor| wanted(&anchor.kind));
    let Some(local) = first(|kind| matches!(kind, AnchorKind::LocalDescription(_))) else { return };
    let AnchorKind::LocalDescription(sdp) = local.kind else { return };
    let document = Document::parse(sdp.as_bytes());
    let own: HashSet<String> = key::user_fragments(&document).collect();
    let own: Vec<&WireAgent> = agents.iter().filter(|agent| own.contains(&agent.ufrag)).collect();
    let earliest = |time: fn(&WireAgent) -> Option<Timestamp>| own.iter().filter_map(|agent| time(agent)).min();
    let mut meet = |file: Option<Timestamp>, capture: Option<Timestamp>, slack: RangeInclusive<i64>| {
        if let (Some(file), Some(capture)) = (file, capture) {
            found.push(Coincidence { file, capture, slack: widened(&slack, clock) });
        }
    };
    let first_check = earliest(|agent| agent.first_check);
    let first_success = earliest(|agent| agent.first_success);
    let remote = first(|kind| matches!(kind, AnchorKind::RemoteDescription(_)));
    let both = remote.map(|remote| remote.time.max(local.time));
    meet(both, first_check, FIRST_CHECK_AFTER_DESCRIPTIONS);
    let time = |wanted| first(wanted).map(|anchor| anchor.time);
    meet(time(|kind| *kind == AnchorKind::IceChecking), first_check, FIRST_CHECK_AFTER_CHECKING);
    meet(time(|kind| *kind == AnchorKind::IceConnected), first_success, ICE_CONNECTED_AFTER_SUCCESS);
    let begun = earliest(|agent| agent.first_dtls).max(first_success);
    meet(time(|kind| *kind == AnchorKind::Connected), begun, CONNECTED_AFTER_SUCCESS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signaling::Limits;
    use crate::signaling::file::{SideFile, offset};

    fn dump() -> SideFile {
        let text = r#"{"PeerConnections":{"1-1":{"updateLog":[
            {"timestamp":1000000000000.5,"type":"setLocalDescription","value":"{\"type\":\"offer\",\"sdp\":\"v=0\\r\\no=- 7 2 IN IP4 0.0.0.0\\r\\ns=-\\r\\nt=0 0\\r\\na=ice-ufrag:abcd\\r\\n\"}"},
            {"timestamp":1000000000100.5,"type":"setRemoteDescription","value":"{\"type\":\"answer\",\"sdp\":\"v=0\\r\\no=- 8 2 IN IP4 0.0.0.0\\r\\ns=-\\r\\nt=0 0\\r\\na=ice-ufrag:efgh\\r\\n\"}"},
            {"timestamp":1000000000110.5,"type":"oniceconnectionstatechange","value":"\"checking\""},
            {"timestamp":1000000000130.5,"type":"oniceconnectionstatechange","value":"\"connected\""}],"stats":{}}}}"#;
        SideFile::parse("dump", text.as_bytes(), &Limits::default()).unwrap()
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp((1_000_000_000_000 + milliseconds) * MILLISECOND)
    }

    #[test]
    fn checks_alone_tell_the_offset() {
        let (first_check, first_success) = (Some(at(111)), Some(at(129)));
        let agent = WireAgent { ufrag: "abcd".to_owned(), first_check, first_success, first_dtls: None };
        let other = WireAgent { ufrag: "efgh".to_owned(), first_check: Some(at(9_000_000)), ..WireAgent::default() };
        let facts = WireFacts { signalled: Vec::new(), agents: vec![other, agent] };
        let found = offset(&coincidences(&dump().connections, &facts)).unwrap();
        assert_eq!(found.events, 3);
        assert!(found.offset_ns.abs() <= found.uncertainty_ns && found.uncertainty_ns < 50 * MILLISECOND, "{found:?}");
    }

    #[test]
    fn texts_tell_the_offset() {
        let text = |session, seen| SignalledText {
            text: format!(
                "v=0\r\no=x {session} 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:{}\r\n",
                if session == 7 { "abcd" } else { "efgh" }
            ),
            first_seen: seen,
        };
        let facts =
            WireFacts { signalled: vec![text(7, at(5003)), text(8, at(5095)), text(9, at(1))], agents: Vec::new() };
        let found = offset(&coincidences(&dump().connections, &facts)).unwrap();
        assert_eq!(found.events, 2);
        assert!((found.offset_ns - 5_000 * MILLISECOND).abs() <= found.uncertainty_ns, "{found:?}");
        assert!(found.uncertainty_ns < 100 * MILLISECOND);
    }

    #[test]
    fn where_nothing_is_common_nothing_is_known() {
        assert_eq!(offset(&coincidences(&dump().connections, &WireFacts::default())), None);
    }
}
