//! Passwords that the user gave, to verify MESSAGE-INTEGRITY with.

use std::collections::HashMap;
use std::fmt;

/// Passwords by what they belong to. Nothing of it is ever printed.
#[derive(Clone, Default)]
pub struct Credentials {
    ice: HashMap<Vec<u8>, Vec<u8>>,
    turn: HashMap<Vec<u8>, Vec<u8>>,
    secrets: Vec<Vec<u8>>,
}

impl Credentials {
    /// No password.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The password that goes with an agent's username fragment (`a=ice-pwd`).
    pub fn add_ice(&mut self, ufrag: impl Into<Vec<u8>>, password: impl Into<Vec<u8>>) {
        self.ice.insert(ufrag.into(), password.into());
    }

    /// The password of a TURN user; the realm comes from the wire.
    pub fn add_turn(&mut self, username: impl Into<Vec<u8>>, password: impl Into<Vec<u8>>) {
        self.turn.insert(username.into(), password.into());
    }

    /// The secret that a TURN server shares with its application, from which each user's password follows (the TURN REST API).
    pub fn add_secret(&mut self, secret: impl Into<Vec<u8>>) {
        self.secrets.push(secret.into());
    }

    /// Whether there is no password at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ice.is_empty() && self.turn.is_empty() && self.secrets.is_empty()
    }

    pub(super) fn ice(&self, ufrag: &[u8]) -> Option<&[u8]> {
        self.ice.get(ufrag).map(Vec::as_slice)
    }

    pub(super) fn turn(&self, username: &[u8]) -> Option<&[u8]> {
        self.turn.get(username).map(Vec::as_slice)
    }

    pub(super) fn usernames(&self) -> impl Iterator<Item = &[u8]> {
        self.turn.keys().map(Vec::as_slice)
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        self.secrets.iter().map(Vec::as_slice)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("ice", &self.ice.len())
            .field("turn", &self.turn.len())
            .field("secrets", &self.secrets.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_printed() {
        let mut credentials = Credentials::new();
        credentials.add_ice("Fe2x", "pssst");
        credentials.add_turn("alice", "pssst");
        credentials.add_secret("pssst");
        assert!(!format!("{credentials:?}").contains("pssst"));
    }
}
