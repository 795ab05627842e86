//! Whether messages prove that their sender knows the password, as far as the user gave one.
//!
//! A check is signed with the password of the agent that receives it, and so is its answer (RFC 8445, section 7.2.2); a TURN client
//! and its server sign with the user's password (RFC 8489, section 9.2).

use super::credentials::Credentials;
use super::ice::IceTable;
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

/// Verifies messages with the passwords that the user gave.
#[derive(Debug)]
pub(super) struct Verifier {
    credentials: Credentials,
}

impl Verifier {
    pub(super) const fn new(credentials: Credentials) -> Self {
        Self { credentials }
    }

    /// Whether `message`, which belongs to `owner`, proves that its sender knows the password.
    pub(super) fn verify(&self, message: &Message<'_>, owner: &Owner, ice: &IceTable, turn: &TurnTable) -> Verdict {
        if INTEGRITY.iter().all(|kind| message.attribute(*kind).is_none()) {
            return Verdict::Absent;
        }
        if self.credentials.is_empty() {
            return Verdict::Unknown;
        }
        let keys = match owner {
            Owner::Check(check) => {
                let receiver =
                    ice.sessions().get(check.pair.session).and_then(|session| session.agents.get(1 - check.agent));
                let password = receiver.and_then(|agent| self.credentials.ice(agent.ufrag.as_bytes()));
                password.map(Key::short_term).into_iter().collect()
            }
            Owner::Turn(request) => self.long_term(message, turn, request.allocation),
            Owner::Server { .. } | Owner::None => Vec::new(),
        };
        // With several secrets one must fit; with none nothing can be said.
        keys.iter()
            .map(|key| crypto::verify(message, key))
            .max_by_key(|verdict| u8::from(*verdict == Verdict::Valid))
            .unwrap_or(Verdict::Unknown)
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

/// Counts a verdict.
pub(super) const fn count(verdict: Verdict, counts: &mut VerdictCount) {
    match verdict {
        Verdict::Valid => counts.valid += 1,
        Verdict::Invalid => counts.invalid += 1,
        Verdict::Absent => counts.absent += 1,
        Verdict::Unknown => counts.unknown += 1,
    }
}
