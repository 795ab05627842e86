//! Keys from passwords (RFC 8489 section 9), and the passwords that TURN servers derive from a shared secret.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::wire::stun::{Message, PasswordAlgorithm};

/// The key of an HMAC. Its bytes are never printed.
///
/// Passwords are taken as bytes: who has one that is not ASCII brings it through the `OpaqueString` profile of RFC 8265
/// (RFC 8489), or `SASLprep` for a server of RFC 5389, first.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl Key {
    /// The key of a short-term credential, the password itself (RFC 8489 section 9.1.1). ICE uses this one.
    #[must_use]
    pub fn short_term(password: &[u8]) -> Self {
        Self(password.to_vec())
    }

    /// The key of a long-term credential, MD5 of username, realm and password with colons between (RFC 8489 section
    /// 18.5.1.1). TURN uses this one wherever no PASSWORD-ALGORITHM is named.
    #[must_use]
    pub fn long_term(username: &[u8], realm: &[u8], password: &[u8]) -> Self {
        Self(joined::<Md5>(&[username, realm, password]))
    }

    /// The key of a long-term credential by the PASSWORD-ALGORITHM of this number; nothing where the number is unknown.
    #[must_use]
    pub fn long_term_by(algorithm: u16, username: &[u8], realm: &[u8], password: &[u8]) -> Option<Self> {
        match algorithm {
            PasswordAlgorithm::MD5 => Some(Self::long_term(username, realm, password)),
            PasswordAlgorithm::SHA_256 => Some(Self(joined::<Sha256>(&[username, realm, password]))),
            _ => None,
        }
    }

    /// The key of a long-term credential by the PASSWORD-ALGORITHM that a message names, MD5 where it names none.
    ///
    /// Only requests name it: for a response give the key of its request.
    #[must_use]
    pub fn long_term_for(message: &Message<'_>, username: &[u8], realm: &[u8], password: &[u8]) -> Option<Self> {
        let algorithm = message.password_algorithm().map_or(PasswordAlgorithm::MD5, |algorithm| algorithm.number);
        Self::long_term_by(algorithm, username, realm, password)
    }

    pub(super) fn hmac<M: Mac + KeyInit>(&self, pieces: &[&[u8]]) -> Vec<u8> {
        keyed::<M>(&self.0, pieces)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(redacted)")
    }
}

/// The USERHASH that stands for a username (RFC 8489 section 14.4): SHA-256 of it and the realm with a colon between.
#[must_use]
pub fn userhash(username: &[u8], realm: &[u8]) -> [u8; 32] {
    joined::<Sha256>(&[username, realm]).try_into().unwrap_or([0; 32])
}

/// The password of a username by the shared secret of a TURN server (draft-uberti-behave-turn-rest): the username
/// begins with the time at which it expires, and the password is its HMAC-SHA1 in base64.
#[must_use]
pub fn rest_password(secret: &[u8], username: &[u8]) -> String {
    STANDARD.encode(keyed::<Hmac<Sha1>>(secret, &[username]))
}

fn joined<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            digest.update(b":");
        }
        digest.update(part);
    }
    digest.finalize().to_vec()
}

/// An HMAC takes a key of any length, so that the empty answer never comes about.
fn keyed<M: Mac + KeyInit>(key: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    pieces.iter().for_each(|piece| mac.update(piece));
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_nothing_of_itself() {
        let key = Key::short_term(b"secret");
        assert_eq!(format!("{key:?}"), "Key(redacted)");
    }

    #[test]
    fn an_unknown_algorithm_gives_no_key() {
        assert_eq!(Key::long_term_by(3, b"user", b"realm", b"password"), None);
        let md5 = Key::long_term(b"user", b"realm", b"password");
        assert_eq!(Key::long_term_by(PasswordAlgorithm::MD5, b"user", b"realm", b"password"), Some(md5));
    }

    /// The expected value was computed with another implementation of HMAC and base64.
    #[test]
    fn a_shared_secret_gives_the_password_of_a_name() {
        assert_eq!(rest_password(b"north", b"1433895918:user"), "/gk4t5tUc08OpM3NjrVjHSFVNmY=");
    }
}
