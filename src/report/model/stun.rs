//! The section `stun`: counts over all messages.

use schemars::JsonSchema;
use serde::Serialize;

use super::count::{ErrorCount, error_counts};
use super::word::{Word, method_word};
use crate::session::{StunStatistics, VerdictCount};
use crate::wire::stun::Class;

/// Counts over all STUN messages of the capture, those inside relays too; not those quoted in ICMP errors and not the copies that the
/// capture made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stun {
    /// Messages with the magic cookie.
    pub messages: Vec<MessageCount>,
    /// Messages without it (RFC 3489).
    pub classic: Vec<ClassicCount>,
    /// Requests, each transaction once.
    pub transactions: u64,
    /// Transactions that were answered.
    pub answered: u64,
    /// Transactions that were not.
    pub unanswered: u64,
    /// Requests sent again with the same transaction ID.
    pub retransmissions: u64,
    /// Responses to a transaction that was answered already.
    pub duplicate_responses: u64,
    /// Responses whose request the capture does not hold.
    pub responses_without_request: u64,
    /// Error responses by code.
    pub errors: Vec<ErrorCount>,
    /// FINGERPRINT (RFC 8489, section 14.7).
    pub fingerprint: IntegrityCount,
    /// MESSAGE-INTEGRITY and its relatives (RFC 8489, sections 14.5 and 14.6).
    pub integrity: IntegrityCount,
    /// Messages whose attributes could not be read to the end.
    pub malformed: u64,
}

/// How many messages there were of one method and class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageCount {
    /// The method in kebab case (`create-permission`), or its number (`0x0fe`).
    pub method: String,
    /// The class.
    pub class: Word<Class>,
    /// All of them.
    pub count: u64,
    /// Those inside relays.
    pub nested: u64,
}

/// How many messages without the magic cookie there were of one method and class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassicCount {
    /// The method in kebab case, or its number.
    pub method: String,
    /// The class.
    pub class: Word<Class>,
    /// How many.
    pub count: u64,
}

/// Verdicts on an attribute that proves something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IntegrityCount {
    /// It proves what it should.
    pub valid: u64,
    /// It does not.
    pub invalid: u64,
    /// It is there and could not be checked: no password is known, or the capture cut the message.
    pub unknown: u64,
    /// The message has none.
    pub absent: u64,
}

impl From<VerdictCount> for IntegrityCount {
    fn from(count: VerdictCount) -> Self {
        Self { valid: count.valid, invalid: count.invalid, unknown: count.unknown, absent: count.absent }
    }
}

impl From<&StunStatistics> for Stun {
    fn from(statistics: &StunStatistics) -> Self {
        Self {
            messages: statistics
                .messages
                .iter()
                .map(|entry| MessageCount {
                    method: method_word(entry.method),
                    class: Word(entry.class),
                    count: entry.count,
                    nested: entry.nested,
                })
                .collect(),
            classic: statistics
                .classic
                .iter()
                .map(|entry| ClassicCount {
                    method: method_word(entry.method),
                    class: Word(entry.class),
                    count: entry.count,
                })
                .collect(),
            transactions: statistics.transactions,
            answered: statistics.answered,
            unanswered: statistics.transactions.saturating_sub(statistics.answered),
            retransmissions: statistics.retransmissions,
            duplicate_responses: statistics.duplicate_responses,
            responses_without_request: statistics.responses_without_request,
            errors: error_counts(&statistics.errors),
            fingerprint: statistics.fingerprint.into(),
            integrity: statistics.integrity.into(),
            malformed: statistics.malformed,
        }
    }
}
