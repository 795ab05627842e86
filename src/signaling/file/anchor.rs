//! The moments of a connection that a capture can show too.

use std::collections::HashMap;

use super::model::{SideConnection, Subject};
use super::statistics::{StatsSeries, StatsValues};
use crate::moment::Timestamp;
use crate::signal::{Matter, Speaker};

/// A moment that both clocks may have seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor<'a> {
    /// When, by the file's clock.
    pub time: Timestamp,
    /// What.
    pub kind: AnchorKind<'a>,
}

/// What happened at an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnchorKind<'a> {
    /// A description was set that this end has made: its text.
    LocalDescription(&'a str),
    /// A description was set that came from the other end: its text as the file has it.
    RemoteDescription(&'a str),
    /// A candidate was gathered: its text.
    LocalCandidate(&'a str),
    /// A candidate of the other end was added: its text as the file has it.
    RemoteCandidate(&'a str),
    /// The ICE connection state became *checking*.
    IceChecking,
    /// The ICE connection state became *connected* or *completed*.
    IceConnected,
    /// The connection state became *connected*: ICE and DTLS are done.
    Connected,
    /// The statistics show for the first time that DTLS is connected.
    DtlsConnected,
    /// The statistics show for the first time that this pair carries the data.
    SelectedPair {
        /// Address and port of the local candidate.
        local: String,
        /// Address and port of the remote candidate.
        remote: String,
    },
}

impl SideConnection {
    /// The moments of this connection that a capture can show too, by time; none of a file that tells no times.
    ///
    /// Where the zone of the log is not known, moments of the statistics are left out: they are in UTC.
    #[must_use]
    pub fn anchors(&self) -> Vec<Anchor<'_>> {
        let Some(clock) = self.clock else { return Vec::new() };
        let mut found = Vec::new();
        for signal in &self.signals {
            let kind = match (&signal.matter, signal.speaker) {
                (Matter::Description(found), _) if found.sdp.is_empty() => continue,
                (Matter::Description(found), Speaker::Client) => AnchorKind::LocalDescription(&found.sdp),
                (Matter::Description(found), Speaker::Server) => AnchorKind::RemoteDescription(&found.sdp),
                (Matter::Candidate(found), Speaker::Client) => AnchorKind::LocalCandidate(&found.candidate),
                (Matter::Candidate(found), Speaker::Server) => AnchorKind::RemoteCandidate(&found.candidate),
                _ => continue,
            };
            found.push(Anchor { time: signal.moment.time, kind });
        }
        for event in &self.events {
            let kind = match (event.subject, event.word.as_str()) {
                (Subject::IceConnection, "checking") => AnchorKind::IceChecking,
                (Subject::IceConnection, "connected" | "completed") => AnchorKind::IceConnected,
                (Subject::Connection, "connected") => AnchorKind::Connected,
                (Subject::Dtls, "connected") if clock.zone_known => AnchorKind::DtlsConnected,
                _ => continue,
            };
            found.push(Anchor { time: event.time, kind });
        }
        if clock.zone_known {
            found.extend(self.selected_pairs());
        }
        found.sort_by_key(|anchor| anchor.time);
        found
    }

    /// The series of this object and member.
    #[must_use]
    pub fn series(&self, id: &str, name: &str) -> Option<&StatsSeries> {
        self.stats.iter().find(|series| &*series.id == id && series.name == name)
    }

    /// Each change of the pair that a transport has selected.
    fn selected_pairs(&self) -> Vec<Anchor<'_>> {
        const NAMES: [&str; 5] = ["localCandidateId", "remoteCandidateId", "address", "ip", "port"];
        let named = self.stats.iter().filter(|series| NAMES.contains(&series.name.as_str()));
        let known: HashMap<(&str, &str), &StatsSeries> =
            named.map(|series| ((&*series.id, series.name.as_str()), series)).collect();
        let last = |id: &str, name: &str| known.get(&(id, name)).and_then(|series| last_word(&series.values));
        let end = |pair: &str, side: &str| {
            let candidate = last(pair, side)?;
            let address = last(&candidate, "address").or_else(|| last(&candidate, "ip"))?;
            let port = last(&candidate, "port")?;
            Some(if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") })
        };
        let mut found = Vec::new();
        for series in self.stats.iter().filter(|series| series.name == "selectedCandidatePairId") {
            let mut before = None;
            for (index, pair) in series.values.texts().iter().enumerate() {
                let Some(pair) = pair else { continue };
                if before != Some(pair)
                    && let (Some(local), Some(remote)) = (end(pair, "localCandidateId"), end(pair, "remoteCandidateId"))
                    && let Some(time) = series.time(index)
                {
                    found.push(Anchor { time, kind: AnchorKind::SelectedPair { local, remote } });
                }
                before = Some(pair);
            }
        }
        found
    }
}

/// The last value of a series as text.
fn last_word(values: &StatsValues) -> Option<String> {
    match values {
        StatsValues::Numbers(values) => values.iter().rev().flatten().next().map(f64::to_string),
        StatsValues::Texts(values) => values.iter().rev().flatten().next().map(|word| (**word).to_owned()),
        StatsValues::Flags(_) => None,
    }
}
