//! Counts over all STUN messages of a capture.

use std::collections::BTreeMap;

use crate::moment::Moment;
use crate::path::Path;
use crate::wire::stun::{Class, Method};

/// How many messages of one kind there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageCount {
    /// The method.
    pub method: Method,
    /// The class.
    pub class: Class,
    /// All of them, those inside relays too; not those quoted in ICMP errors, nor copies made by the capture.
    pub count: u64,
    /// Those inside relays.
    pub nested: u64,
}

/// How many messages without the magic cookie (RFC 3489) of one kind there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassicCount {
    /// The method.
    pub method: Method,
    /// The class.
    pub class: Class,
    /// How many.
    pub count: u64,
    /// The first.
    pub first: Moment,
}

/// Verdicts on an attribute that proves something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VerdictCount {
    /// It proves what it should.
    pub valid: u64,
    /// It does not.
    pub invalid: u64,
    /// It is there and could not be checked: no key, or cut off by the capture.
    pub unknown: u64,
    /// The message has none.
    pub absent: u64,
}

/// Counts over all STUN messages of a capture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StunStatistics {
    /// Messages by method and class, in order of first appearance.
    pub messages: Vec<MessageCount>,
    /// Messages without the magic cookie.
    pub classic: Vec<ClassicCount>,
    /// Requests, each transaction once.
    pub transactions: u64,
    /// Transactions that were answered.
    pub answered: u64,
    /// Requests sent again with the same transaction ID.
    pub retransmissions: u64,
    /// Responses to a transaction that was answered already.
    pub duplicate_responses: u64,
    /// Responses whose request was not seen.
    pub responses_without_request: u64,
    /// Error responses by code.
    pub errors: BTreeMap<u16, u64>,
    /// FINGERPRINT.
    pub fingerprint: VerdictCount,
    /// MESSAGE-INTEGRITY and its relatives.
    pub integrity: VerdictCount,
    /// Messages whose attributes could not be read to the end.
    pub malformed: u64,
    /// The first of those, and where it went.
    pub first_malformed: Option<(Moment, Path)>,
    /// The first message whose FINGERPRINT is wrong, and where it went.
    pub first_bad_fingerprint: Option<(Moment, Path)>,
    /// Where each kind stands in `messages`.
    places: BTreeMap<(u16, u8), usize>,
}

impl StunStatistics {
    pub(super) fn count(&mut self, method: Method, class: Class, nested: bool) {
        let index = *self.places.entry((method.0, class as u8)).or_insert_with(|| {
            self.messages.push(MessageCount { method, class, count: 0, nested: 0 });
            self.messages.len() - 1
        });
        if let Some(entry) = self.messages.get_mut(index) {
            entry.count += 1;
            entry.nested += u64::from(nested);
        }
    }

    pub(super) fn count_classic(&mut self, moment: Moment, method: Method, class: Class) {
        match self.classic.iter_mut().find(|entry| entry.method == method && entry.class == class) {
            Some(entry) => entry.count += 1,
            None => self.classic.push(ClassicCount { method, class, count: 1, first: moment }),
        }
    }
}
