//! The dumps beside the captures, and what the pages wrote down themselves.

use std::path::{Path, PathBuf};

use rtcscope::signaling::Limits;
use rtcscope::signaling::file::{FileKind, SideConnection, SideFile, StatsValues};
use serde_json::Value;

pub struct Dump {
    /// Scenario and peer.
    pub name: String,
    pub path: PathBuf,
    /// The peer in the truth.
    pub peer: Value,
}

/// All dumps; none, with a line that says so, where the corpus is not there.
pub fn all() -> Vec<Dump> {
    let Some(root) = std::env::var_os("RTCSCOPE_CORPUS") else {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
        return Vec::new();
    };
    let folder = Path::new(&root).join("captures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".internals.json"));
    paths.sort();
    assert!(paths.len() > 50, "the dumps are not where this test looks for them");
    paths.into_iter().map(dump).collect()
}

fn dump(path: PathBuf) -> Dump {
    let name = path.file_name().unwrap().to_string_lossy().replace(".internals.json", "");
    let (scenario, peer) = name.rsplit_once('.').unwrap();
    let truth = path.with_file_name(format!("{scenario}.truth.json"));
    let truth: Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let peer = truth["peers"][peer].clone();
    Dump { name, path, peer }
}

impl Dump {
    pub fn file(&self) -> SideFile {
        let file = SideFile::read(&self.path, &Limits::default()).unwrap();
        assert_eq!((file.kind, file.skipped, file.omitted), (FileKind::Internals, 0, 0), "{}", self.name);
        file
    }

    pub fn connection(&self) -> SideConnection {
        let mut file = self.file();
        assert_eq!(file.connections.len(), 1, "{}", self.name);
        file.connections.remove(0)
    }

    /// The descriptions in the log itself, read with nothing but a JSON parser.
    pub fn logged_descriptions(&self) -> Vec<(&'static str, String, String)> {
        let dump: Value = serde_json::from_slice(&std::fs::read(&self.path).unwrap()).unwrap();
        let connection = dump["PeerConnections"].as_object().unwrap().values().next().unwrap();
        let entries = connection["updateLog"].as_array().unwrap().iter();
        entries
            .filter_map(|entry| {
                let side = match entry["type"].as_str().unwrap() {
                    "setLocalDescription" => "local",
                    "setRemoteDescription" => "remote",
                    _ => return None,
                };
                let value: Value = serde_json::from_str(entry["value"].as_str().unwrap()).unwrap();
                let text = |name: &str| value[name].as_str().unwrap().to_owned();
                Some((side, text("type"), text("sdp")))
            })
            .collect()
    }
}

/// The last value of a series as text.
pub fn last(values: &StatsValues) -> String {
    match values {
        StatsValues::Numbers(values) => values.last().unwrap().unwrap().to_string(),
        StatsValues::Texts(values) => values.last().unwrap().as_deref().unwrap().to_owned(),
        StatsValues::Flags(values) => values.last().unwrap().unwrap().to_string(),
    }
}
