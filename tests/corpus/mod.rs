//! The public corpus that `RTCSCOPE_CORPUS` points at, read through its manifest.

#![allow(dead_code, unreachable_pub)]

use std::path::{Path, PathBuf};

pub struct Entry {
    pub file: String,
    pub verdict: String,
    pub notes: String,
    pub text: Vec<u8>,
}

impl Entry {
    /// Whether a browser could have written it: it has ICE or DTLS.
    pub fn is_webrtc(&self) -> bool {
        let has = |needle: &[u8]| self.text.windows(needle.len()).any(|window| window == needle);
        has(b"a=ice-ufrag:") || has(b"a=fingerprint:")
    }
}

/// The corpus's folder; `None`, with a line that says so, where it is not there.
pub fn root() -> Option<PathBuf> {
    let root = std::env::var_os("RTCSCOPE_CORPUS");
    if root.is_none() {
        eprintln!("skipped: RTCSCOPE_CORPUS is not set");
    }
    Some(Path::new(&root?).join("sdp"))
}

/// The descriptions with what the manifest says of them.
pub fn entries() -> Vec<Entry> {
    let Some(folder) = root() else { return Vec::new() };
    let manifest = std::fs::read_to_string(folder.join("manifest.jsonl")).expect("a manifest");
    manifest
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
            let field = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let text = std::fs::read(folder.join(field("file"))).expect("a description");
            Entry { file: field("file"), verdict: field("verdict"), notes: field("notes"), text }
        })
        .collect()
}
