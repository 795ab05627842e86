//! Files beside the capture: what they say is known from the begin on, and when they say it once their clock is.

use super::rooms::Rooms;
use crate::moment::Timestamp;
use crate::session::Sessions;
use crate::session::ice::End;
use crate::signaling::exchange::Exchanges;
use crate::signaling::file::{ClockOffset, SideFile, SignalledText, WireAgent, WireFacts, coincidences, offset};

/// The channels of files are numbered from here; a listener never gets so far.
const FIRST_CHANNEL: u64 = 1 << 62;

/// A file beside the capture, and how its times were brought onto the capture's clock.
#[derive(Debug, Clone, PartialEq)]
pub struct UsedFile {
    /// The file, its times moved by the offset.
    pub file: SideFile,
    /// How far the capture's clock is from that of the file; `None` where they have no event in common, or the file tells no times:
    /// its times then stand as they are.
    pub offset: Option<ClockOffset>,
}

/// Teaches the sessions what the files say: passwords and candidates, so far without a time.
pub(super) fn learn(files: &[SideFile], sessions: &mut Sessions) {
    for signal in files.iter().flat_map(|file| &file.connections).flat_map(|connection| &connection.signals) {
        sessions.learn(signal, false);
    }
}

/// Brings the files onto the capture's clock, and their signals into the exchanges.
pub(super) fn use_files(files: Vec<SideFile>, rooms: &mut Rooms, start: Timestamp) -> Vec<UsedFile> {
    rooms.exchanges.settle();
    if files.is_empty() {
        return Vec::new();
    }
    let facts = facts(&rooms.exchanges, &rooms.sessions);
    let mut channel = FIRST_CHANNEL;
    let mut used = Vec::new();
    for mut file in files {
        channel = file.number_channels(channel);
        let found = offset(&coincidences(&file.connections, &facts));
        if let Some(found) = found {
            file.shift(found.offset_ns);
        }
        for connection in &mut file.connections {
            // Without times it is as if everything had been said when the capture began.
            let untimed = connection.clock.is_none();
            for signal in &mut connection.signals {
                if untimed {
                    signal.moment.time = start;
                }
                rooms.sessions.learn(signal, found.is_some() && !untimed);
                rooms.exchanges.observe(signal.clone());
            }
        }
        used.push(UsedFile { file, offset: found });
    }
    rooms.exchanges.settle();
    used
}

/// What the capture shows, to compare the files' clocks with.
fn facts(exchanges: &Exchanges, sessions: &Sessions) -> WireFacts {
    let mut facts = WireFacts::default();
    for exchange in exchanges.exchanges() {
        let descriptions = exchange.descriptions.iter().map(|sent| (&sent.sdp, sent.moment));
        let candidates = exchange.candidates.iter().map(|sent| (&sent.candidate, sent.moment));
        facts.signalled.extend(
            descriptions
                .chain(candidates)
                .map(|(text, moment)| SignalledText { text: text.clone(), first_seen: moment.time }),
        );
    }
    for session in sessions.ice() {
        let handshakes = session.pairs.iter().flat_map(|pair| &pair.ends).filter_map(|end| end.first_handshake);
        let first_dtls = handshakes.min().map(|moment| moment.time);
        for (place, agent) in session.agents.iter().enumerate() {
            let ends = || session.pairs.iter().filter_map(move |pair| pair.ends.get(place));
            let first = |of: fn(&End) -> Option<crate::moment::Moment>| ends().filter_map(of).min().map(|at| at.time);
            facts.agents.push(WireAgent {
                ufrag: agent.ufrag.clone(),
                first_check: first(|end| end.first_request),
                first_success: first(|end| end.succeeded),
                first_dtls,
            });
        }
    }
    facts
}
