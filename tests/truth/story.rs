//! One story a call: exchanges joined with sessions, candidate types as the captured peer has them, dumps instead of signalling.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::ledger::Ledger;
use super::place::Place;
use super::report::{list, text};

/// A file's part of one scenario: its truth and a report of one of its captures.
pub(crate) struct Story<'a> {
    /// The capture, as the ledger names it.
    pub(crate) file: &'a str,
    /// The truth.
    pub(crate) truth: &'a Value,
    /// The report.
    pub(crate) report: &'a Value,
    /// The peer at whose node the capture was taken, where there is one.
    pub(crate) peer: Option<&'a str>,
}

impl Story<'_> {
    /// Every ICE session with a described fragment is in the call of its exchange, and there is one call.
    pub(crate) fn joins(&self, ledger: &mut Ledger) {
        let calls = list(self.report, "/calls");
        ledger.equal(self.file, "calls", &1, &calls.len());
        let Some(call) = calls.first() else { return };
        ledger
            .holds(self.file, "the call has its exchange", !list(call, "/exchanges").is_empty(), || "none".to_owned());
        let joined: Vec<&str> = list(call, "/iceSessions").iter().filter_map(Value::as_str).collect();
        for session in list(self.report, "/ice/sessions") {
            let id = text(session, "/id");
            let grounds = list(call, "/grounds")
                .iter()
                .filter(|ground| list(ground, "/members").iter().any(|member| member.as_str() == Some(id)));
            let kinds: Vec<&str> = grounds.map(|ground| text(ground, "/kind")).collect();
            ledger.holds(
                self.file,
                &format!("{id} is joined"),
                joined.contains(&id) && kinds.contains(&"ufrag"),
                || format!("{joined:?} by {kinds:?}"),
            );
        }
    }

    /// The words of the peer's own log of its signalling state, against those of the party that is the peer.
    pub(crate) fn states(&self, ledger: &mut Ledger, party: &str, peer: &str) {
        let logged: Vec<&str> = list(self.truth, &format!("/peers/{peer}/events"))
            .iter()
            .filter(|event| text(event, "/ev") == "signalingState" && text(event, "/v") != "closed")
            .map(|event| text(event, "/v"))
            .collect();
        if logged.is_empty() {
            return;
        }
        let told: Vec<&str> = list(self.report, "/signaling/exchanges/0/states")
            .iter()
            .filter(|state| text(state, "/party") == party)
            .map(|state| text(state, "/state"))
            .collect();
        ledger.equal(self.file, &format!("states of {peer}"), &logged, &told);
    }

    /// The candidate types of each pair that the captured peer has statistics of: its own ends to itself, the others as it learnt them.
    pub(crate) fn types(&self, ledger: &mut Ledger, peer: &str) {
        let stats = list(self.truth, &format!("/peers/{peer}/finalStats/stats"));
        let by_id: BTreeMap<&str, &Value> = stats.iter().map(|entry| (text(entry, "/id"), entry)).collect();
        let chromium = text(self.truth, &format!("/peers/{peer}/kind")) == "chromium";
        for entry in stats.iter().filter(|entry| text(entry, "/type") == "candidate-pair") {
            let (Some(local), Some(remote)) =
                (by_id.get(text(entry, "/localCandidateId")), by_id.get(text(entry, "/remoteCandidateId")))
            else {
                continue;
            };
            let places = (Place::of_candidate(local), Place::of_candidate(remote));
            let Some((mine, theirs)) = self.ends(text(local, "/usernameFragment"), &places) else { continue };
            let what = format!("{:?} → {:?}", places.0, places.1);
            let own = text(local, "/candidateType");
            ledger.equal(
                self.file,
                &format!("own type of {what}"),
                &Some(own),
                &mine.get("type").and_then(Value::as_str),
            );
            let learnt = text(remote, "/candidateType");
            let told = theirs.get("typeAsLearnt").and_then(Value::as_str);
            // libwebrtc forgets that it met a candidate in a check once it is signalled; the report does not.
            let forgotten =
                chromium && told == Some("prflx") && theirs.get("type").and_then(Value::as_str) == Some(learnt);
            ledger.holds(self.file, &format!("learnt type of {what}"), told == Some(learnt) || forgotten, || {
                format!("{told:?}, expected {learnt:?}")
            });
        }
    }

    /// The two ends of the pair between these places of the agent `ufrag`: its own and the other one.
    fn ends(&self, ufrag: &str, (local, remote): &(Place, Place)) -> Option<(&Value, &Value)> {
        list(self.report, "/ice/sessions").iter().find_map(|session| {
            let first = session.pointer("/ufrags/0").and_then(Value::as_str) == Some(ufrag);
            let second = session.pointer("/ufrags/1").and_then(Value::as_str) == Some(ufrag);
            list(session, "/pairs").iter().filter(|_| first || second).find_map(|pair| {
                let (one, other) = (pair.get("local")?, pair.get("remote")?);
                let (mine, theirs) = if first { (one, other) } else { (other, one) };
                let fits = |end: &Value, place: &Place| {
                    Place::of_text(text(end, "/address")).is_some_and(|at| place.fits(&at))
                };
                (fits(mine, local) && fits(theirs, remote)).then_some((mine, theirs))
            })
        })
    }
}

/// `capture` without what goes over TCP from or to the port of the signalling server, written to `to`; `None` where the file is no pcap
/// with Ethernet or Linux cooked frames.
pub(crate) fn without_signalling(capture: &Path, to: &Path) -> Option<()> {
    const PORT: u16 = 8080;
    let bytes = std::fs::read(capture).expect("a capture");
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if !matches!(word(0)?, 0xa1b2_c3d4 | 0xa1b2_3c4d) {
        return None;
    }
    let ip = match word(20)? & 0xFFFF {
        1 => 14,
        276 => 20,
        _ => return None,
    };
    let mut kept = bytes.get(..24)?.to_vec();
    let mut at = 24;
    while let Some(length) = word(at + 8) {
        let end = at + 16 + length as usize;
        let Some(packet) = bytes.get(at + 16..end) else { break };
        let is_tcp = packet.get(ip + 9) == Some(&6) && packet.get(ip).is_some_and(|first| first >> 4 == 4);
        let header = usize::from(packet.get(ip).copied().unwrap_or(0) & 15) * 4;
        let port = |from: usize| {
            Some(u16::from_be_bytes(packet.get(ip + header + from..ip + header + from + 2)?.try_into().ok()?))
        };
        if !(is_tcp && (port(0) == Some(PORT) || port(2) == Some(PORT))) {
            kept.extend_from_slice(bytes.get(at..end)?);
        }
        at = end;
    }
    std::fs::write(to, kept).expect("a place for the capture");
    Some(())
}

/// What two ways of writing one description have in common: type, session, version, fragments and mids. A browser's dump holds its own
/// way of writing what it was given.
pub(crate) fn gist(kind: &str, sdp: &str) -> String {
    let mut gist = vec![kind.to_owned()];
    // Within an m-line the order of attributes is the writer's own.
    let mut section: Vec<String> = Vec::new();
    for line in sdp.lines().map(str::trim_end) {
        if let Some(origin) = line.strip_prefix("o=") {
            gist.extend(origin.split(' ').skip(1).take(2).map(str::to_owned));
        } else if line.starts_with("m=") {
            section.sort();
            gist.append(&mut section);
            gist.push(line.split(' ').next().unwrap_or(line).to_owned());
        } else if line.starts_with("a=ice-ufrag:") || line.starts_with("a=mid:") {
            section.push(line.to_owned());
        }
    }
    section.sort();
    gist.append(&mut section);
    gist.join(" ")
}
