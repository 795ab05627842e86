//! Calls in a lab: what each peer says of its own connection at the end against what its descriptions agree on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rtcscope::sdp::negotiate::{AgreedMedia, Agreement, Negotiation, Round, Side};
use rtcscope::sdp::{Direction, Document, Parameters};
use serde_json::Value;

/// Where the truth and the agreement differ for a reason: scenario and peer, what, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "d-ice-role-conflict B",
    "ICE role",
    "its offer says ice-lite, which is not true; a 487 has put the roles right",
)];

/// One peer of a scenario.
struct Peer {
    scenario: String,
    name: String,
    value: Value,
    folder: PathBuf,
}

fn peers() -> Vec<Peer> {
    let Some(root) = super::corpus() else { return Vec::new() };
    let folder = root.join("captures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".truth.json"));
    paths.sort();
    let mut peers = Vec::new();
    for path in paths {
        let truth: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let scenario = path.file_name().unwrap().to_string_lossy().replace(".truth.json", "");
        for (name, value) in truth["peers"].as_object().into_iter().flatten() {
            if value["sdp"].is_array() {
                let (scenario, folder) = (scenario.clone(), folder.clone());
                peers.push(Peer { scenario, name: name.clone(), value: value.clone(), folder });
            }
        }
    }
    peers
}

impl Peer {
    fn label(&self) -> String {
        format!("{} {}", self.scenario, self.name)
    }

    /// Offers and answers in order, with the side that this peer was on.
    fn rounds(&self) -> Vec<(String, String, Side)> {
        let mut rounds = Vec::new();
        let mut open: Option<(String, Side)> = None;
        for sent in self.value["sdp"].as_array().unwrap() {
            let text = sent["sdp"].as_str().unwrap_or_default().to_owned();
            let local = sent["dir"] == "local";
            match sent["type"].as_str() {
                Some("offer") => open = Some((text, if local { Side::Offerer } else { Side::Answerer })),
                Some("answer") => rounds.extend(open.take().map(|(offer, side)| (offer, text, side))),
                _ => {}
            }
        }
        rounds
    }

    /// Each round, looked at with the side of this peer in it.
    fn each_round(&self, mut look: impl FnMut(&Round<'_>, Side)) {
        let mut negotiation = Negotiation::new();
        for (offer, answer, side) in self.rounds() {
            let (offer, answer) = (Document::parse(offer.as_bytes()), Document::parse(answer.as_bytes()));
            look(&negotiation.round(&offer, &answer), side);
        }
    }

    /// What the last round came to.
    fn last<T>(&self, mut look: impl FnMut(&Agreement<'_>, Side) -> T) -> Option<T> {
        let (rounds, mut last) = (self.rounds().len(), None);
        self.each_round(|round, side| {
            if round.number == rounds {
                last = Some(look(&round.agreement, side));
            }
        });
        last
    }

    /// The last getStats by id; empty for what has none of the names of W3C.
    fn stats(&self) -> BTreeMap<String, Value> {
        let list = self.value["finalStats"]["stats"].as_array().cloned().unwrap_or_default();
        list.into_iter().map(|stat| (stat["id"].as_str().unwrap_or_default().to_owned(), stat)).collect()
    }
}

fn excused(label: &str, what: &str) -> bool {
    EXCEPTIONS.iter().any(|(other, kind, _)| label == *other && what.starts_with(kind))
}

fn by_mid<'m, 'a>(agreement: &'m Agreement<'a>, mid: &str) -> Option<&'m AgreedMedia<'a>> {
    agreement.media.iter().find(|media| media.mid == Some(mid))
}

/// Parameters in any order.
fn sorted(text: &str) -> BTreeSet<(String, String)> {
    Parameters(text).iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect()
}

#[test]
fn codecs_and_directions_are_those_of_get_stats() {
    let (mut codecs, mut faults) = (0, Vec::new());
    for peer in peers() {
        let stats = peer.stats();
        let firefox = peer.value["userAgent"].as_str().is_some_and(|agent| agent.contains("Firefox"));
        for stream in stats.values() {
            let receives = stream["type"] == "inbound-rtp";
            let (Some(mid), Some(codec)) = (stream["mid"].as_str(), stream["codecId"].as_str()) else { continue };
            let Some(codec) = stats.get(codec) else { continue };
            if !receives && stream["type"] != "outbound-rtp" {
                continue;
            }
            codecs += 1;
            let found = peer.last(|agreement, side| {
                let media = by_mid(agreement, mid).ok_or("no m-line")?;
                let directions = media.directions.ok_or("refused")?;
                let direction = *directions.of(side);
                if !(if receives { direction.receives() } else { direction.sends() }) {
                    return Err("direction");
                }
                // Who receives says which number, and with which parameters.
                let receiver = if receives { side } else { side.other() };
                let number = codec["payloadType"].as_u64().unwrap();
                let agreed = media.codecs.iter().find(|agreed| u64::from(*agreed.payload_types.of(receiver)) == number);
                let agreed = agreed.ok_or("payload type")?;
                let mime = format!("{}/{}", media.kind, agreed.name);
                if !mime.eq_ignore_ascii_case(codec["mimeType"].as_str().unwrap()) {
                    return Err("name");
                }
                if agreed.clock_rate.map(u64::from) != codec["clockRate"].as_u64() {
                    return Err("clock rate");
                }
                if agreed.channels.map(u64::from) != codec["channels"].as_u64() && agreed.channels.is_some() {
                    return Err("channels");
                }
                // Firefox gives what it made of the parameters, with defaults.
                let parameters = agreed.parameters.of(receiver).map_or("", |parameters| parameters.0);
                if !firefox && sorted(parameters) != sorted(codec["sdpFmtpLine"].as_str().unwrap_or_default()) {
                    return Err("parameters");
                }
                Ok(())
            });
            if let Some(what) = found.and_then(Result::err).filter(|what| !excused(&peer.label(), what)) {
                faults.push(format!("{}: {what}: {stream} {codec}", peer.label()));
            }
        }
    }
    eprintln!("{codecs} codecs in use compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn roles_credentials_and_certificates_are_those_of_get_stats() {
    let (mut compared, mut faults) = (0, Vec::new());
    for peer in peers() {
        let stats = peer.stats();
        for transport in stats.values().filter(|stat| stat["type"] == "transport" && stat["dtlsRole"].is_string()) {
            compared += 1;
            peer.last(|agreement, side| {
                let mut fault = |what: &str| {
                    if !excused(&peer.label(), what) {
                        faults.push(format!("{}: {what}: {transport}", peer.label()));
                    }
                };
                let own = transport["iceLocalUsernameFragment"].as_str();
                let agreed = agreement.transports.iter().find(|agreed| {
                    let ice = agreed.ice.as_ref();
                    own.is_none() || ice.is_some_and(|ice| *ice.username_fragments.of(side) == own)
                });
                let Some(agreed) = agreed else { return fault("user fragment") };
                let (ice, dtls) = (agreed.ice.as_ref().unwrap(), agreed.dtls.as_ref().unwrap());
                let known = transport["dtlsRole"].as_str().filter(|role| *role != "unknown");
                let client = dtls.client.map(|client| client == side);
                if known.is_some_and(|role| Some(role == "client") != client) {
                    fault("DTLS role");
                }
                let controlling = transport["iceRole"].as_str().map(|role| role == "controlling");
                if controlling.is_some_and(|controlling| controlling != (ice.controlling == side)) {
                    fault("ICE role");
                }
                for (key, side) in [("localCertificateId", side), ("remoteCertificateId", side.other())] {
                    let Some(certificate) = transport[key].as_str().and_then(|id| stats.get(id)) else { continue };
                    let hash = certificate["fingerprint"].as_str().unwrap();
                    if !dtls.fingerprints.of(side).iter().any(|own| own.hash.eq_ignore_ascii_case(hash)) {
                        fault(key);
                    }
                }
            });
        }
    }
    eprintln!("{compared} transports compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The transceivers of Chromium's dump: for each mid the kind and the last direction that was negotiated.
fn transceivers(peer: &Peer) -> BTreeMap<String, (String, Option<String>)> {
    let path = peer.folder.join(format!("{}.{}.internals.json", peer.scenario, peer.name));
    let Ok(text) = std::fs::read(path) else { return BTreeMap::new() };
    let dump: Value = serde_json::from_slice(&text).unwrap();
    let mut found = BTreeMap::new();
    for connection in dump["PeerConnections"].as_object().into_iter().flat_map(|all| all.values()) {
        for update in connection["updateLog"].as_array().into_iter().flatten() {
            if !update["type"].as_str().is_some_and(|kind| kind.starts_with("transceiver")) {
                continue;
            }
            let Ok(value) = serde_json::from_str::<Value>(update["value"].as_str().unwrap_or_default()) else {
                continue;
            };
            let Some(mid) = value["mid"].as_str() else { continue };
            let direction = value["currentDirection"].as_str().map(str::to_owned);
            found.insert(mid.to_owned(), (value["kind"].as_str().unwrap_or_default().to_owned(), direction));
        }
    }
    found
}

#[test]
fn directions_are_those_of_the_transceivers() {
    let (mut compared, mut faults) = (0, Vec::new());
    for peer in peers() {
        for (mid, (kind, direction)) in transceivers(&peer) {
            // One that was never negotiated has none.
            let Some(direction) = direction else { continue };
            compared += 1;
            let mut last = String::from("no m-line");
            peer.each_round(|round, side| {
                let Some(media) = by_mid(&round.agreement, &mid).filter(|media| media.kind == kind) else { return };
                let stopped = media.refusal().map(|_| "stopped");
                let direction = media.directions.map(|directions| directions.of(side).name());
                stopped.or(direction).unwrap_or_default().clone_into(&mut last);
            });
            // The dump of the side that stops one ends before it says so.
            if last != direction && last != "stopped" {
                faults.push(format!("{} {mid}: {last} against {direction}", peer.label()));
            }
        }
    }
    eprintln!("{compared} transceivers compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The ids in a header extension of the one-byte form (RFC 8285, section 4.2).
fn ids(hex: &str) -> BTreeSet<u32> {
    let byte = |at: usize| hex.get(at..at + 2).and_then(|byte| u32::from_str_radix(byte, 16).ok());
    let (mut found, mut at) = (BTreeSet::new(), 0);
    while let Some(head) = byte(at) {
        at += 2;
        if head >> 4 != 0 {
            found.insert(head >> 4);
            at += 2 * (head as usize % 16 + 1);
        }
    }
    found
}

#[test]
fn packets_carry_agreed_codecs_and_extensions_only() {
    let (mut packets, mut faults) = (0, BTreeSet::new());
    for peer in peers() {
        let path = peer.folder.join(format!("{}.{}.plain.jsonl", peer.scenario, peer.name));
        let Ok(text) = std::fs::read_to_string(Path::new(&path)) else { continue };
        peer.last(|agreement, side| {
            for line in text.lines() {
                let Ok(packet) = serde_json::from_str::<Value>(line) else { continue };
                if packet["kind"] != "rtp" {
                    continue;
                }
                packets += 1;
                let receiver = if packet["dir"] == "in" { side } else { side.other() };
                let number = packet["pt"].as_u64().unwrap();
                let carries = |media: &&AgreedMedia<'_>| {
                    media.codecs.iter().any(|codec| u64::from(*codec.payload_types.of(receiver)) == number)
                };
                let Some(media) = agreement.media.iter().find(carries) else {
                    faults.insert(format!("{}: payload type {number} {}", peer.label(), packet["dir"]));
                    continue;
                };
                if packet["ext"]["profile"] == 0xBEDE {
                    for id in ids(packet["ext"]["hex"].as_str().unwrap()) {
                        if !media.extensions.iter().any(|extension| extension.id == id) {
                            faults.insert(format!("{}: extension {id} {}", peer.label(), packet["dir"]));
                        }
                    }
                }
            }
        });
    }
    eprintln!("{packets} packets compared");
    assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_the_peers_answered_contradicts_no_offer() {
    let mut rounds = 0;
    let mut faults = Vec::new();
    for peer in peers() {
        peer.each_round(|round, _| {
            rounds += 1;
            for found in &round.agreement.contradictions {
                if !excused(&peer.label(), found.kind.name()) {
                    faults.push(format!(
                        "{} round {}: {:?} {}",
                        peer.label(),
                        round.number,
                        found.media,
                        found.kind.name()
                    ));
                }
            }
        });
    }
    eprintln!("{rounds} rounds looked at");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_renegotiated_call_gains_and_stops_its_video() {
    let Some(peer) = peers().into_iter().find(|peer| peer.scenario == "a-renegotiate-ws" && peer.name == "A") else {
        return;
    };
    let mut told = Vec::new();
    peer.each_round(|round, side| {
        let changes = round.changes.iter().map(|change| format!("{} {}", change.index, change.fate.name()));
        let video = by_mid(&round.agreement, "1").and_then(|media| media.directions).map(|both| *both.of(side));
        told.push((changes.collect::<Vec<_>>().join(", "), video));
    });
    assert_eq!(
        told,
        [
            ("0 added".to_owned(), None),
            ("1 added".to_owned(), Some(Direction::SendOnly)),
            ("2 added".to_owned(), Some(Direction::SendOnly)),
            (String::new(), Some(Direction::Inactive)),
            (String::new(), Some(Direction::SendOnly)),
            ("1 stopped".to_owned(), None),
        ]
    );
}

/// The same rounds as the program tells them of the capture.
#[cfg(feature = "cli")]
#[test]
fn the_program_tells_the_rounds_of_the_renegotiated_call() {
    let Some(root) = super::corpus() else { return };
    let capture = root.join("captures/a-renegotiate-ws.pcap");
    let output = super::cli_program::run(&["analyze", "--format", "json", capture.to_str().unwrap()]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let exchanges = report["signaling"]["exchanges"].as_array().unwrap();
    let rounds = exchanges.iter().flat_map(|exchange| exchange["negotiated"].as_array().unwrap());
    let told: Vec<(u64, String)> = rounds
        .map(|round| {
            let changes = round["changes"].as_array().unwrap().iter();
            let changes = changes.map(|change| format!("{} {}", change["index"], change["fate"].as_str().unwrap()));
            (round["round"].as_u64().unwrap(), changes.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let expected = ["0 added", "1 added", "2 added", "", "", "1 stopped"];
    assert_eq!(told, (1..).zip(expected.map(str::to_owned)).collect::<Vec<_>>());
}
