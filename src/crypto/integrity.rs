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
