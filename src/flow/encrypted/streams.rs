//! The TCP streams that carry TLS.

use std::collections::{BTreeMap, BTreeSet};

use super::connection::EncryptedConnection;
use crate::moment::Moment;
use crate::path::Path;
use crate::wire::tls::ContentType;

/// Connections described. A browser opens a few hundred in an hour; one costs up to 4 KiB.
const CONNECTIONS: usize = 4_096;
/// Streams that may be TLS and have not shown it so far: most show it in their first segment.
const CANDIDATES: usize = 256;
/// Connections past the bound whose numbers are remembered, so that each counts once.
const OMITTED: usize = 65_536;
/// Bytes that all connections together may hold back for hellos that are not complete.
const WAITING: usize = 8 << 20;

/// The TCP streams that carry TLS, on any port.
#[derive(Debug, Default)]
pub struct EncryptedStreams {
    /// By number, which is the order in which they were opened.
    connections: BTreeMap<u64, EncryptedConnection>,
    candidates: BTreeMap<u64, EncryptedConnection>,
    omitted_numbers: BTreeSet<u64>,
    omitted: u64,
    /// Bytes held back by all of them.
    waiting: usize,
}

impl EncryptedStreams {
    /// No stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The connections, in the order in which they were opened, each with the number of its stream.
    pub fn connections(&self) -> impl Iterator<Item = (u64, &EncryptedConnection)> {
        self.connections.iter().map(|(number, connection)| (*number, connection))
    }

    /// Connections past the bound: known to be there and not described.
    #[must_use]
    pub const fn omitted(&self) -> u64 {
        self.omitted
    }

    /// Takes the next bytes of direction `way` (0 or 1) of stream `number`, which went along `path`.
    pub fn observe(&mut self, moment: Moment, number: u64, path: &Path, way: usize, bytes: &[u8]) {
        if let Some(connection) = self.connections.get_mut(&number) {
            let before = connection.waiting();
            connection.observe(moment, way, bytes);
            self.waiting = account(self.waiting, before, connection);
            return;
        }
        let mut candidate = match self.candidates.remove(&number) {
            Some(candidate) => candidate,
            None if may_begin(bytes) && !self.omitted_numbers.contains(&number) => {
                EncryptedConnection::new(moment, path, way)
            }
            None => return,
        };
        let before = candidate.waiting();
        candidate.observe(moment, way, bytes);
        self.waiting = account(self.waiting, before, &mut candidate);
        if candidate.is_believed() {
            if self.connections.len() < CONNECTIONS {
                self.connections.insert(number, candidate);
                return;
            }
            self.omit(number);
        } else if !candidate.is_lost() {
            self.candidates.insert(number, candidate);
            if self.candidates.len() > CANDIDATES
                && let Some((_, oldest)) = self.candidates.pop_first()
            {
                self.waiting = self.waiting.saturating_sub(oldest.waiting());
            }
            return;
        }
        self.waiting = self.waiting.saturating_sub(candidate.waiting());
    }

    fn omit(&mut self, number: u64) {
        self.omitted += 1;
        self.omitted_numbers.insert(number);
        if self.omitted_numbers.len() > OMITTED {
            self.omitted_numbers.pop_first();
        }
    }

    /// `missing` bytes of direction `way` of stream `number` are not there.
    pub fn gap(&mut self, number: u64, way: usize, missing: u64) {
        let found = match self.connections.get_mut(&number) {
            Some(connection) => Some(connection),
            None => self.candidates.get_mut(&number),
        };
        if let Some(connection) = found {
            let before = connection.waiting();
            connection.gap(way, missing);
            self.waiting = account(self.waiting, before, connection);
        }
    }

    /// An end closed or reset stream `number`. The other one may still send.
    pub fn close(&mut self, moment: Moment, number: u64) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.closed.get_or_insert(moment);
        }
    }
}

/// The bytes held back by all, after one of them held back `before`. Past the bound hellos are given up.
fn account(all: usize, before: usize, connection: &mut EncryptedConnection) -> usize {
    let others = all.saturating_sub(before);
    if others + connection.waiting() > WAITING {
        connection.give_up_hellos();
    }
    others + connection.waiting()
}

/// Whether records may begin here: a known content type and the first byte of every version.
fn may_begin(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|kind| ContentType(*kind).name().is_some()) && bytes.get(1).is_none_or(|high| *high == 3)
}

#[cfg(test)]
mod tests;
