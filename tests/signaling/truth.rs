//! What the server and the peers of a scenario wrote down.

use std::path::{Path, PathBuf};

use rtcscope::signal::{Channel, Matter, RoomWord, Signal, Speaker};
use serde_json::Value;

pub struct Party {
    pub name: String,
    /// The name that the server has for it.
    pub id: String,
}

pub struct Truth {
    pub name: String,
    pub value: Value,
    pub parties: Vec<Party>,
    folder: PathBuf,
}

/// All scenarios with signalling; none, with a line that says so, where the corpus is not there.
pub fn all() -> Vec<Truth> {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return Vec::new();
    };
    let folder = Path::new(&root).join("captures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.to_string_lossy().ends_with(".truth.json"));
    let read = |path: &PathBuf| {
        let value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().replace(".truth.json", "");
        let parties = parties(&value);
        Truth { name, value, parties, folder: folder.clone() }
    };
    paths.iter().map(read).filter(|truth| !truth.log().is_empty()).collect()
}

/// The clients of the server: where each connected from, and its name there.
fn parties(value: &Value) -> Vec<Party> {
    let log = value["signalling"]["log"].as_array().cloned().unwrap_or_default();
    let joined: Vec<&Value> = log.iter().filter(|line| line["ev"] == "connection").collect();
    if !joined.is_empty() {
        return ["A", "B"].iter().zip(joined).map(|(name, line)| party(name, line["id"].as_str().unwrap())).collect();
    }
    let registered =
        log.iter().filter(|line| line["data"]["type"] == "register").map(|line| line["data"]["id"].as_str().unwrap());
    registered.map(|name| party(name, name)).collect()
}

fn party(name: &str, id: &str) -> Party {
    Party { name: name.to_owned(), id: id.to_owned() }
}

impl Truth {
    pub fn log(&self) -> &[Value] {
        self.value["signalling"]["log"].as_array().map_or(&[], Vec::as_slice)
    }

    pub fn captures(&self) -> Vec<PathBuf> {
        let named = self.value["captures"].as_object().map(|all| all.keys().cloned().collect::<Vec<_>>());
        let listed = || {
            self.value["captures"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["file"].as_str().unwrap().to_owned())
                .collect()
        };
        named.unwrap_or_else(listed).iter().map(|file| self.folder.join(file)).collect()
    }

    /// The conversations of `party` with the server: those in which it gives or is given its name.
    pub fn channels(&self, signals: &[Signal], party: &Party) -> Vec<Channel> {
        let named = |signal: &&Signal| match &signal.matter {
            Matter::Room(event) if matches!(event.word, RoomWord::Register | RoomWord::Connected) => {
                event.member.as_deref() == Some(&party.id)
            }
            _ => false,
        };
        signals.iter().filter(named).map(|signal| signal.channel).collect()
    }

    /// What `party` has said to the server (as the client) or was told by it, in order, from the server's log.
    pub fn said(&self, party: &Party, speaker: Speaker) -> Vec<String> {
        let by_party = |line: &&Value| {
            let by = line["from"].as_str().or(line["id"].as_str());
            by.is_some_and(|by| (by == party.id) == (speaker == Speaker::Client))
        };
        self.log()
            .iter()
            .filter(|line| line["ev"] == "ws" || line["ev"] == "message")
            .filter(by_party)
            .filter_map(|line| line_of(&line["data"]))
            .collect()
    }
}

impl Truth {
    /// All that was said, in the order of the server's log: who, and what.
    pub fn all_said(&self) -> Vec<(&Party, String)> {
        let author = |line: &Value| {
            let by = line["from"].as_str().or(line["id"].as_str())?.to_owned();
            self.parties.iter().find(|party| party.id == by)
        };
        self.log()
            .iter()
            .filter(|line| line["ev"] == "ws" || line["ev"] == "message")
            .filter_map(|line| Some((author(line)?, line_of(&line["data"])?)))
            .collect()
    }

    /// The signalling states that `party` has logged, but for the end that it made of its connection by itself.
    pub fn states(&self, party: &Party) -> Vec<String> {
        states(&self.value["peers"][&party.name])
    }
}

/// The signalling states in the log of a peer.
pub fn states(peer: &Value) -> Vec<String> {
    let events = peer["events"].as_array().cloned().unwrap_or_default();
    let states = events.iter().filter(|event| event["ev"] == "signalingState" && event["v"] != "closed");
    states.map(|event| event["v"].as_str().unwrap().to_owned()).collect()
}

fn line_of(data: &Value) -> Option<String> {
    match data["type"].as_str()? {
        kind @ ("offer" | "answer" | "pranswer") => Some(format!("{kind} {}", data["sdp"].as_str()?)),
        "candidate" => {
            let (candidate, mid) = match &data["candidate"] {
                Value::String(text) => (text.as_str(), data["id"].as_str()),
                inner => (inner["candidate"].as_str()?, inner["sdpMid"].as_str()),
            };
            let line = format!("candidate {candidate} {mid:?}");
            Some(if candidate.is_empty() { "end".to_owned() } else { line })
        }
        _ => None,
    }
}
