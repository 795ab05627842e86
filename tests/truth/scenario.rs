//! One lab scenario: its captures and where each was taken, its agents, its TURN server.

use std::path::Path;

use serde_json::Value;

use super::agents::{Agent, agents_of};
use super::coturn::{ServerSession, sessions};
use super::place::Place;
use super::report::{document, list, text};

/// A capture file and what its point on the network can see.
pub(crate) struct CapturePoint {
    /// The file name.
    pub(crate) file: String,
    /// The lab node, `sw` for the switch.
    pub(crate) node: String,
    /// Whether the capture filter let everything or at least all UDP through.
    pub(crate) whole: bool,
}

/// The TURN server's side.
pub(crate) struct Server {
    /// The user that the server knows.
    pub(crate) user: String,
    /// Its realm.
    pub(crate) realm: String,
    /// The sessions in its log.
    pub(crate) sessions: Vec<ServerSession>,
}

/// A scenario of the lab.
pub(crate) struct Scenario {
    /// Its captures.
    pub(crate) points: Vec<CapturePoint>,
    /// The generations of each peer that speaks ICE, by peer.
    pub(crate) peers: Vec<Vec<Agent>>,
    /// The server, where one wrote a log.
    pub(crate) server: Option<Server>,
    /// The truth document.
    pub(crate) truth: Value,
}

impl Scenario {
    /// Reads `NAME.truth.json` of `folder`; a derived capture takes the truth of the one it was made from.
    pub(crate) fn read(folder: &Path, name: &str) -> Self {
        let own = document(&folder.join(format!("{name}.truth.json")));
        let truth = match own.get("derivedFrom").and_then(Value::as_str) {
            Some(origin) => document(&folder.join(format!("{origin}.truth.json"))),
            None => own.clone(),
        };
        let node = text(&truth, "/captures/0/node").to_owned();
        let points = list(&own, "/captures")
            .iter()
            .map(|capture| CapturePoint {
                file: text(capture, "/file").to_owned(),
                node: capture.get("node").and_then(Value::as_str).map_or_else(|| node.clone(), str::to_owned),
                whole: matches!(text(capture, "/filter"), "" | "udp"),
            })
            .collect();
        let peers: Vec<Vec<Agent>> = truth
            .get("peers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, peer)| agents_of(name, peer))
            .filter(|agents| !agents.is_empty())
            .collect();
        let server = server_of(folder, &truth);
        let mut scenario = Scenario { points, peers, server, truth };
        scenario.fill_hidden_hosts();
        scenario
    }

    /// Browsers hide the hosts of mDNS and peer-reflexive candidates; the other peer, or the lab, knows them.
    fn fill_hidden_hosts(&mut self) {
        let mut known: Vec<(u16, String)> = Vec::new();
        for agent in self.peers.iter().flatten() {
            for place in agent.selected.iter().flat_map(|selected| [&selected.local, &selected.remote]) {
                known.extend(place.host.clone().map(|host| (place.port, host)));
            }
        }
        for agent in self.peers.iter().flatten() {
            let host = text(&self.truth, &format!("/network/nodes/{}/ip", agent.node)).to_owned();
            for selected in agent.selected.iter().filter(|selected| selected.local.host.is_none()) {
                known.push((selected.local.port, host.clone()));
            }
        }
        for peer in self.truth.get("peers").and_then(Value::as_object).into_iter().flatten().map(|(_, peer)| peer) {
            let lines = list(peer, "/localCandidates").iter().filter_map(|one| one.pointer("/c/candidate")?.as_str());
            for place in lines.filter_map(Place::of_line) {
                known.extend(place.host.map(|host| (place.port, host)));
            }
        }
        for selected in self.peers.iter_mut().flatten().filter_map(|agent| agent.selected.as_mut()) {
            for place in [&mut selected.local, &mut selected.remote] {
                if place.host.is_none() {
                    place.host = known.iter().find(|(port, _)| *port == place.port).map(|(_, host)| host.clone());
                }
            }
        }
    }

    /// The pairs of agents that belong together, one for each generation of credentials.
    pub(crate) fn calls(&self) -> Vec<(&Agent, &Agent)> {
        let [one, other] = self.peers.as_slice() else { return Vec::new() };
        let generations = one.len().min(other.len());
        one[one.len() - generations..].iter().zip(&other[other.len() - generations..]).collect()
    }

    /// All fragments that any peer ever used.
    pub(crate) fn knows_fragment(&self, ufrag: &str) -> bool {
        self.peers.iter().flatten().any(|agent| agent.ufrag == ufrag)
            || self.truth.get("peers").and_then(Value::as_object).into_iter().flatten().any(|(_, peer)| {
                list(peer, "/sdp").iter().any(|entry| text(entry, "/sdp").contains(&format!("a=ice-ufrag:{ufrag}\r")))
            })
    }

    /// The server sessions whose client leg passes `point`; `None` where the point sees none of them whole.
    pub(crate) fn sessions_at(&self, point: &CapturePoint) -> Option<Vec<&ServerSession>> {
        let server = self.server.as_ref()?;
        if !point.whole {
            return None;
        }
        if point.node == "turn" || self.peers.is_empty() {
            return Some(server.sessions.iter().collect());
        }
        let peer = self.peers.iter().flatten().find(|agent| agent.node == point.node)?.peer.clone();
        let mut errors_left = self.last_errors_of(&peer);
        Some(
            server
                .sessions
                .iter()
                .filter(|session| match self.owner(session) {
                    Some(owner) => owner == peer,
                    // a session that failed names no client: the peer's own candidate errors say whose it was
                    None => match errors_left.iter().position(|code| Some(code) == session.errors.last()) {
                        Some(place) => {
                            errors_left.swap_remove(place);
                            true
                        }
                        None => false,
                    },
                })
                .collect(),
        )
    }

    fn owner(&self, session: &ServerSession) -> Option<String> {
        let host = session.remote.as_ref().and_then(|place| place.host.clone());
        self.peers.iter().flatten().find_map(|agent| {
            let node = self.truth.pointer(&format!("/network/nodes/{}", agent.node))?;
            let by_address = host.is_some()
                && [text(node, "/ip"), text(node, "/nat_public_ip")].contains(&host.as_deref().unwrap_or(""));
            let candidates = list(&self.truth, &format!("/peers/{}/localCandidates", agent.peer));
            let by_relay = session.relayed.iter().filter_map(|relayed| Place::of_text(relayed)).any(|relayed| {
                candidates
                    .iter()
                    .filter_map(|candidate| candidate.pointer("/c/candidate")?.as_str())
                    .filter(|line| line.contains("typ relay"))
                    .any(|line| Place::of_line(line).is_some_and(|place| place == relayed))
            });
            (by_address || by_relay).then(|| agent.peer.clone())
        })
    }

    fn last_errors_of(&self, peer: &str) -> Vec<u64> {
        list(&self.truth, &format!("/peers/{peer}/candidateErrors"))
            .iter()
            .filter_map(|error| error.get("code")?.as_u64())
            .collect()
    }
}

fn server_of(folder: &Path, truth: &Value) -> Option<Server> {
    let about = truth.pointer("/turn/turn")?;
    let log = std::fs::read_to_string(folder.join(text(about, "/log"))).ok()?;
    let (user, _) = text(about, "/user").split_once(':')?;
    Some(Server { user: user.to_owned(), realm: text(about, "/realm").to_owned(), sessions: sessions(&log) })
}
