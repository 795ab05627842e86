//! Where a capture of media was taken, and whose statistics it can be held against.

use std::path::Path;

use serde_json::Value;

use super::claims::Claim;
use super::report::{document, list, text};

/// One capture file of a scenario.
pub(crate) struct Point {
    /// The file name.
    pub(crate) file: String,
    /// The lab node.
    node: String,
    /// Whether the capture filter let all UDP through.
    whole: bool,
}

/// A scenario: its captures and its truth.
pub(crate) struct Call {
    /// The name that its files begin with.
    pub(crate) name: String,
    /// Its captures.
    pub(crate) points: Vec<Point>,
    /// The truth document.
    pub(crate) truth: Value,
}

impl Call {
    /// Reads `NAME.truth.json` of `folder`; a derived capture takes the truth of the one it was made from.
    pub(crate) fn read(folder: &Path, name: &str) -> Self {
        let own = document(&folder.join(format!("{name}.truth.json")));
        let truth = match own.get("derivedFrom").and_then(Value::as_str) {
            Some(origin) => document(&folder.join(format!("{origin}.truth.json"))),
            None => own.clone(),
        };
        let origin = text(&truth, "/captures/0/node").to_owned();
        let points = list(&own, "/captures")
            .iter()
            .map(|capture| Point {
                file: text(capture, "/file").to_owned(),
                // the switch's port to a node sees what the node sees
                node: match (text(capture, "/node"), text(capture, "/iface")) {
                    ("", _) => origin.clone(),
                    (_, "p-b-eth0") => "b".to_owned(),
                    (node, _) => node.to_owned(),
                },
                whole: matches!(text(capture, "/filter"), "" | "udp"),
            })
            .collect();
        Call { name: name.to_owned(), points, truth }
    }

    /// The addresses of a node, that of its network address translator included.
    pub(crate) fn hosts(&self, node: &str) -> Vec<String> {
        let nodes = self.truth.pointer("/network/nodes").and_then(Value::as_object).into_iter().flatten();
        nodes
            .filter(|(name, _)| name.split(':').next() == Some(node))
            .flat_map(|(_, entry)| ["ip", "ip6", "nat_public_ip"].map(|key| text(entry, &format!("/{key}")).to_owned()))
            .filter(|host| !host.is_empty())
            .chain((self.name == "a-loopback-pcapng").then(|| "127.0.0.1".to_owned()))
            .collect()
    }

    /// Whether `peer` sent its media through the TURN server, or to the other peer's allocation there.
    fn relayed(&self, peer: &str) -> bool {
        ["local", "remote"]
            .iter()
            .any(|end| text(&self.truth, &format!("/peers/{peer}/selected/{end}/candidateType")) == "relay")
    }

    /// The statistics that count exactly the packets that pass `point`: those of the peer at it, and between the peers,
    /// where nothing on the way drops or delays, those of both.
    pub(crate) fn claims_at<'a>(&self, point: &Point, claims: &'a [Claim]) -> Vec<&'a Claim> {
        claims
            .iter()
            .filter(|_| point.whole)
            .filter(|claim| match point.node.as_str() {
                "sw" => true,
                "turn" => self.relayed(&claim.peer),
                node => claim.node == node,
            })
            .collect()
    }

    /// The peers that run on the node of `point`.
    pub(crate) fn peers_at(&self, point: &Point) -> Vec<String> {
        let peers = self.truth.get("peers").and_then(Value::as_object).into_iter().flatten();
        peers
            .filter(|(_, peer)| point.whole && text(peer, "/node") == point.node)
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// On how many pairs of addresses a relayed stream passes `point`.
    pub(crate) fn legs_at(&self, point: &Point) -> usize {
        if point.node == "turn" { 2 } else { 1 }
    }

    /// The encoding names that the peers' descriptions give to a payload type, in lower case.
    pub(crate) fn encodings(&self, payload_type: u64) -> Vec<String> {
        let start = format!("a=rtpmap:{payload_type} ");
        let peers = self.truth.get("peers").and_then(Value::as_object).into_iter().flatten();
        let mut names: Vec<String> = peers
            .flat_map(|(_, peer)| list(peer, "/sdp"))
            .flat_map(|entry| text(entry, "/sdp").lines())
            .filter_map(|line| Some(line.strip_prefix(&start)?.split('/').next()?.to_ascii_lowercase()))
            .collect();
        names.sort();
        names.dedup();
        names
    }
}
