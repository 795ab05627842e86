//! Which object of which file counted which stream.

use std::collections::HashMap;
use std::sync::Arc;

use super::counted::Bounds;
use super::object::{Counters, Object, objects};
use super::verdict::{Beside, Meaning, beside, verdict};
use crate::analyze::Analysis;
use crate::moment::Timestamp;
use crate::session::media::{Role, Stream};
use crate::signal::{Matter, Speaker};
use crate::signaling::file::SideConnection;

/// Objects that are put beside one stream: one of its sender and one of its receiver are usual, the same dump given twice is not.
const OF_A_STREAM: usize = 8;
/// An endpoint counts from a little before the first packet that the capture sees to a little behind the last: in nanoseconds.
const EDGE: i64 = 5_000_000_000;

/// Whose numbers they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Who sends the stream (`outbound-rtp`).
    Sender,
    /// Who receives it (`inbound-rtp`).
    Receiver,
}

impl Side {
    /// The word used in every output format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Receiver => "receiver",
        }
    }
}

/// What one endpoint counted of one stream, beside what the capture did.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointReport {
    /// Whose numbers they are.
    pub side: Side,
    /// The file that they come from, by its place.
    pub file: usize,
    /// The connection in it, as it is called there.
    pub connection: String,
    /// The last value, on the capture's clock where the file's is known.
    pub time: Timestamp,
    /// What it counted.
    pub counters: Counters,
    /// The SSRC of retransmissions that it counts among its packets.
    pub with_retransmissions: Option<u32>,
    /// What the capture had counted by then; nothing where the clock of the file is not known.
    pub beside: Option<Beside>,
    /// What the difference means, and how many packets it is. Nothing where that cannot be told: where the clock is not known, and of
    /// senders where it is not known whether retransmissions count.
    pub verdict: Option<(Meaning, Bounds)>,
}

/// An object, and where it stands.
struct Placed {
    file: usize,
    connection: Arc<str>,
    /// User fragments of the endpoint.
    ufrags: Arc<[String]>,
    /// How far the clock of the file may be off, where it is known.
    clock: Option<i64>,
    object: Object,
}

impl Analysis {
    /// What endpoints counted of each stream, in the order of the streams.
    #[must_use]
    pub fn endpoint_reports(&self) -> Vec<Vec<EndpointReport>> {
        let streams = self.sessions.streams();
        if self.files.is_empty() {
            return vec![Vec::new(); streams.len()];
        }
        let known = self.objects();
        let mut repairs: HashMap<usize, Vec<&Stream>> = HashMap::new();
        for stream in streams.iter().filter(|stream| stream.role == Role::Retransmission) {
            if let Some((primary, _)) = stream.retransmission_of {
                repairs.entry(primary).or_default().push(stream);
            }
        }
        let reports = |(place, stream): (usize, &Stream)| {
            let repairs = repairs.get(&place).map(Vec::as_slice).unwrap_or_default();
            let found = known.get(&stream.ssrc.0).map(Vec::as_slice).unwrap_or_default();
            let own = found.iter().filter(|placed| self.belongs(placed, stream));
            let mut reports: Vec<_> = own.take(OF_A_STREAM).map(|placed| report(placed, stream, repairs)).collect();
            reports.sort_by_key(|report| report.side);
            reports
        };
        streams.iter().enumerate().map(reports).collect()
    }

    /// Every object of every file by its SSRC, in the order of the files.
    fn objects(&self) -> HashMap<u32, Vec<Placed>> {
        let mut known: HashMap<u32, Vec<Placed>> = HashMap::new();
        for (file, used) in self.files.iter().enumerate() {
            for connection in &used.file.connections {
                let clock = used.offset.filter(|_| connection.clock.is_some()).map(|offset| offset.uncertainty_ns);
                let (ufrags, id): (Arc<[String]>, Arc<str>) =
                    (ufrags(connection).into(), connection.id.as_str().into());
                for object in objects(connection) {
                    let (connection, ufrags) = (Arc::clone(&id), Arc::clone(&ufrags));
                    known.entry(object.ssrc).or_default().push(Placed { file, connection, ufrags, clock, object });
                }
            }
        }
        known
    }

    /// Whether `placed`, which has the SSRC of `stream`, counted that stream: as who sends it, or who receives it.
    fn belongs(&self, placed: &Placed, stream: &Stream) -> bool {
        let session = stream.session.and_then(|session| self.sessions.ice().get(session));
        let agent = stream.agent.map(|sender| if placed.object.outbound { sender } else { 1 - sender.min(1) });
        let ufrag = session.zip(agent).and_then(|(session, agent)| session.agents.get(agent)).map(|agent| &agent.ufrag);
        // Whose fragments are not known, an SSRC of 32 random bits and the same time still tell.
        let same = placed.ufrags.is_empty() || ufrag.is_none_or(|ufrag| placed.ufrags.contains(ufrag));
        let object = &placed.object;
        let meets = object.start.0 <= stream.last.time.0.saturating_add(EDGE)
            && object.end.0 >= stream.first.time.0.saturating_sub(EDGE);
        same && (meets || placed.clock.is_none())
    }
}

fn report(placed: &Placed, stream: &Stream, repairs: &[&Stream]) -> EndpointReport {
    let object = &placed.object;
    let counted: Vec<&Stream> = repairs.iter().copied().filter(|repair| Some(repair.ssrc.0) == object.rtx).collect();
    // A receiver is compared by what it lost, which retransmissions do not touch.
    let streams: Vec<&Stream> =
        std::iter::once(stream).chain(counted.into_iter().filter(|_| object.outbound)).collect();
    let beside = placed.clock.map(|uncertainty| beside(object, &streams, uncertainty));
    let clear = !object.outbound || object.rtx.is_some() || repairs.is_empty();
    let verdict = beside.filter(|_| clear).and_then(|beside| verdict(object.outbound, &object.counters, &beside));
    EndpointReport {
        side: if object.outbound { Side::Sender } else { Side::Receiver },
        file: placed.file,
        connection: placed.connection.to_string(),
        time: object.end,
        counters: object.counters.clone(),
        with_retransmissions: object.rtx,
        beside,
        verdict,
    }
}

/// The user fragments that the page itself has described: those of the endpoint.
fn ufrags(connection: &SideConnection) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for signal in connection.signals.iter().filter(|signal| signal.speaker == Speaker::Client) {
        let Matter::Description(description) = &signal.matter else { continue };
        for line in description.sdp.lines() {
            if let Some(ufrag) = line.strip_prefix("a=ice-ufrag:").map(str::trim_end)
                && !found.iter().any(|known| known == ufrag)
            {
                found.push(ufrag.to_owned());
            }
        }
    }
    found
}
