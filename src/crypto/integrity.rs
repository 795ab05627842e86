//! MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and GOOG-MESSAGE-INTEGRITY-32, sealed and verified.

use hmac::Hmac;
use sha1::Sha1;
use sha2::Sha256;

use super::credential::Key;
use super::verdict::Verdict;
use crate::wire::stun::{Attribute, AttributeType, Builder, Message, Signed};

/// Which proof of integrity a message gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// MESSAGE-INTEGRITY: HMAC-SHA1, 20 bytes (RFC 8489 section 14.5).
    Sha1,
    /// MESSAGE-INTEGRITY-SHA256 cut to `width` bytes, which is brought to a multiple of four from 16 to 32
    /// (RFC 8489 section 14.6).
    Sha256 {
        /// Bytes of the proof; 32 is all of it.
        width: usize,
    },
    /// GOOG-MESSAGE-INTEGRITY-32: HMAC-SHA1 cut to 4 bytes, of libwebrtc's `GOOG_PING`.
    Sha1Cut32,
}

impl Algorithm {
    const fn kind(self) -> AttributeType {
        match self {
            Self::Sha1 => AttributeType::MESSAGE_INTEGRITY,
            Self::Sha256 { .. } => AttributeType::MESSAGE_INTEGRITY_SHA256,
            Self::Sha1Cut32 => AttributeType::GOOG_MESSAGE_INTEGRITY_32,
        }
    }

    fn width(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 { width } => width.clamp(16, 32).next_multiple_of(4),
            Self::Sha1Cut32 => 4,
        }
    }

    /// The algorithm of an attribute, if it is a proof of a length that is allowed.
    fn of(attribute: &Attribute<'_>) -> Option<Self> {
        let width = usize::from(attribute.stated_length);
        let algorithm = match attribute.kind {
            AttributeType::MESSAGE_INTEGRITY => Self::Sha1,
            AttributeType::MESSAGE_INTEGRITY_SHA256 => Self::Sha256 { width },
            AttributeType::GOOG_MESSAGE_INTEGRITY_32 => Self::Sha1Cut32,
            _ => return None,
        };
        (algorithm.width() == width).then_some(algorithm)
    }

    /// The proof in its full length.
    fn proof(self, key: &Key, signed: &Signed<'_>) -> Vec<u8> {
        match self {
            Self::Sha1 | Self::Sha1Cut32 => key.hmac::<Hmac<Sha1>>(&signed.pieces()),
            Self::Sha256 { .. } => key.hmac::<Hmac<Sha256>>(&signed.pieces()),
        }
    }
}

/// Whether `key` made the integrity attributes of a message: all of them that count.
#[must_use]
pub fn verify(message: &Message<'_>, key: &Key) -> Verdict {
    let verdicts = message.proofs().map(|attribute| verify_attribute(message, attribute, key));
    match verdicts.reduce(worse) {
        Some(verdict) => verdict,
        None if message.truncated => Verdict::Unknown,
        None => Verdict::Absent,
    }
}

/// Whether `key` made this integrity attribute of a message.
#[must_use]
pub fn verify_attribute(message: &Message<'_>, attribute: &Attribute<'_>, key: &Key) -> Verdict {
    if !attribute.is_whole() {
        return if message.truncated { Verdict::Unknown } else { Verdict::Invalid };
    }
    if message.is_microsoft() && attribute.stated_length == 32 {
        // What [MS-TURN] hashes from version 3 on is not verified here, so that nothing is said about it.
        return Verdict::Unknown;
    }
    let Some(algorithm) = Algorithm::of(attribute) else {
        return Verdict::Invalid;
    };
    let Some(signed) = message.signed_by(attribute) else {
        return Verdict::Unknown;
    };
    let proof = algorithm.proof(key, &signed);
    if proof.get(..attribute.value.len()) == Some(attribute.value) { Verdict::Valid } else { Verdict::Invalid }
}

/// One proof that fails is enough to fail; one that cannot be told leaves the message untold.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Invalid, _) | (_, Verdict::Invalid) => Verdict::Invalid,
        (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
        (Verdict::Valid, Verdict::Valid) => Verdict::Valid,
        (Verdict::Absent, left) | (left, Verdict::Absent) => left,
    }
}

/// Appends the proof of `key` to a message; [`Builder::fingerprint`] may follow.
#[must_use]
pub fn seal(message: Builder, key: &Key, algorithm: Algorithm) -> Builder {
    message.proof(algorithm.kind(), algorithm.width(), |signed| algorithm.proof(key, signed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::stun::{Class, MICROSOFT_COOKIE, Method, TransactionId, Value};

    fn request() -> Builder {
        Builder::new(Class::Request, Method::BINDING, TransactionId([7; 12]))
    }

    fn verdict(message: Builder, key: &Key) -> Verdict {
        verify(&Message::parse(&message.emit().unwrap()).unwrap(), key)
    }

    #[test]
    fn every_proof_must_hold() {
        let (key, other) = (Key::short_term(b"one"), Key::short_term(b"other"));
        let sha256 = Algorithm::Sha256 { width: 16 };
        let both = seal(seal(request(), &key, Algorithm::Sha1), &key, sha256);
        assert_eq!(verdict(both, &key), Verdict::Valid);
        let mixed = seal(seal(request(), &other, Algorithm::Sha1), &key, sha256);
        assert_eq!(verdict(mixed, &key), Verdict::Invalid);
    }

    #[test]
    fn no_proof_is_absent() {
        assert_eq!(verdict(request(), &Key::short_term(b"one")), Verdict::Absent);
    }

    #[test]
    fn a_proof_of_another_length_is_invalid() {
        let key = Key::short_term(b"one");
        for width in [0, 12, 18, 36] {
            let message = request().raw(AttributeType::MESSAGE_INTEGRITY_SHA256, &vec![0; width]);
            assert_eq!(verdict(message, &key), Verdict::Invalid, "{width} bytes");
        }
    }

    #[test]
    fn the_proof_of_microsoft_is_unknown() {
        let message = request()
            .unpadded()
            .attribute(AttributeType::MAGIC_COOKIE, &Value::CodePoint(MICROSOFT_COOKIE))
            .raw(AttributeType::MESSAGE_INTEGRITY, &[0; 32]);
        assert_eq!(verdict(message, &Key::short_term(b"one")), Verdict::Unknown);
    }
}
