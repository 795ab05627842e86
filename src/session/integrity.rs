//! Whether messages prove that their sender knows the password, as far as the user gave one or it was signalled.
//!
//! A password that is signalled after the messages it signs still verifies the first of them: those are kept for it.
//!
//! A check is signed with the password of the agent that receives it, and so is its answer (RFC 8445, section 7.2.2); a TURN client
//! and its server sign with the user's password (RFC 8489, section 9.2).

use std::collections::HashMap;

use super::credentials::Credentials;
use super::ice::IceTable;
use super::limits;
use super::signaled::Signaled;
use super::stun::VerdictCount;
use super::transaction::Owner;
use super::turn::TurnTable;
use crate::crypto::{self, Key, Verdict};
use crate::wire::stun::{AttributeType, Message, PasswordAlgorithm};

/// The attributes that prove something.
const INTEGRITY: [AttributeType; 3] = [
    AttributeType::MESSAGE_INTEGRITY,
    AttributeType::MESSAGE_INTEGRITY_SHA256,
    AttributeType::GOOG_MESSAGE_INTEGRITY_32,
];

/// A check or an answer to one that nobody could verify yet.
#[derive(Debug)]
struct Kept {
    session: usize,
    bytes: Vec<u8>,
}

/// Verifies messages with the passwords that the user gave and those that were signalled.
#[derive(Debug)]
pub(super) struct Verifier {
    credentials: Credentials,
    /// Messages whose password is not known, by the user fragment of the agent whose it is.
    kept: HashMap<String, Vec<Kept>, foldhash::fast::RandomState>,
    /// How many those are.
    keeping: usize,
}

impl Verifier {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self { credentials, kept: HashMap::default(), keeping: 0 }
    }

    /// Whether `message`, which belongs to `owner`, proves that its sender knows the password.
    pub(super) fn verify(
        &mut self,
        message: &Message<'_>,
        owner: &Owner,
        ice: &IceTable,
        turn: &TurnTable,
        signaled: &Signaled,
    ) -> Verdict {
        if INTEGRITY.iter().all(|kind| message.attribute(*kind).is_none()) {
            return Verdict::Absent;
        }
        let keys = match owner {
            Owner::Check(check) => {
                let session = check.pair.session;
                let receiver = ice.sessions().get(session).and_then(|session| session.agents.get(1 - check.agent));
                let Some(ufrag) = receiver.map(|agent| agent.ufrag.as_str()) else { return Verdict::Unknown };
                let keys = self.short_term(ufrag, signaled);
                if keys.is_empty() {
                    self.keep(ufrag, session, message.bytes);
                }
                keys
            }
            Owner::Turn(_) if self.credentials.is_empty() => Vec::new(),
            Owner::Turn(request) => self.long_term(message, turn, request.allocation),
            Owner::Server { .. } | Owner::None => Vec::new(),
        };
        verdict(message, &keys)
    }

    /// The keys that an agent may have: from the user, or else those signalled.
    fn short_term(&self, ufrag: &str, signaled: &Signaled) -> Vec<Key> {
        match self.credentials.ice(ufrag.as_bytes()) {
            Some(password) => vec![Key::short_term(password)],
            None => signaled.passwords(ufrag).iter().map(|password| Key::short_term(password.as_bytes())).collect(),
        }
    }

    fn keep(&mut self, ufrag: &str, session: usize, bytes: &[u8]) {
        if self.keeping >= limits::UNVERIFIED {
            return;
        }
        if let Some(kept) = self.kept.get_mut(ufrag) {
            if kept.len() < limits::UNVERIFIED_PER_AGENT {
                kept.push(Kept { session, bytes: bytes.to_vec() });
                self.keeping += 1;
            }
        } else {
            self.kept.insert(ufrag.to_owned(), vec![Kept { session, bytes: bytes.to_vec() }]);
            self.keeping += 1;
        }
    }

    /// A password of `ufrag` has become known: what the messages kept for it prove, each with its session.
    pub(super) fn learned(&mut self, ufrag: &str, signaled: &Signaled) -> Vec<(usize, Verdict)> {
        let Some(kept) = self.kept.remove(ufrag) else { return Vec::new() };
        self.keeping = self.keeping.saturating_sub(kept.len());
        let keys = self.short_term(ufrag, signaled);
        let judge = |kept: &Kept| Some((kept.session, verdict(&Message::parse(&kept.bytes).ok()?, &keys)));
        kept.iter().filter_map(judge).collect()
    }

    /// The keys that the user of an allocation may have.
    fn long_term(&self, message: &Message<'_>, turn: &TurnTable, place: usize) -> Vec<Key> {
        let Some(allocation) = turn.allocations().get(place) else { return Vec::new() };
        let realm = message.realm().or(allocation.realm.as_deref().map(str::as_bytes)).unwrap_or_default();
        let hash = message.userhash().or(allocation.userhash.as_deref());
        let username = match message.username().or(allocation.username.as_deref().map(str::as_bytes)) {
            Some(username) => username,
            // Only the hash of the name is on the wire (RFC 8489, section 14.4): it is one of those that the user gave, or unknown.
            None => match self.credentials.usernames().find(|name| hash == Some(&crypto::userhash(name, realm))) {
                Some(name) => name,
                None => return Vec::new(),
            },
        };
        // Only requests name the algorithm; a response is signed with the key of its request.
        let named = message.password_algorithm().map(|algorithm| algorithm.number);
        let algorithm = named.or(allocation.algorithm).unwrap_or(PasswordAlgorithm::MD5);
        let known = self.credentials.turn(username).map(<[u8]>::to_vec);
        let derived = self.credentials.secrets().map(|secret| crypto::rest_password(secret, username).into_bytes());
        known
            .into_iter()
            .chain(derived)
            .filter_map(|password| Key::long_term_by(algorithm, username, realm, &password))
            .collect()
    }
}

/// With several keys one must fit; with none nothing can be said.
fn verdict(message: &Message<'_>, keys: &[Key]) -> Verdict {
    keys.iter()
        .map(|key| crypto::verify(message, key))
        .max_by_key(|verdict| u8::from(*verdict == Verdict::Valid))
        .unwrap_or(Verdict::Unknown)
}

/// Counts what a message proves that was counted as unknown before.
pub(super) const fn recount(verdict: Verdict, counts: &mut VerdictCount) {
    counts.unknown = counts.unknown.saturating_sub(1);
    count(verdict, counts);
}

/// Counts a verdict.
pub(super) const fn count(verdict: Verdict, counts: &mut VerdictCount) {
    match verdict {
        Verdict::Valid => counts.valid += 1,
        Verdict::Invalid => counts.invalid += 1,
        Verdict::Absent => counts.absent += 1,
        Verdict::Unknown => counts.unknown += 1,
    }
}
