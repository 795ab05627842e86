//! Who sent a message and what proves it: PASSWORD-ALGORITHM and its list (RFC 8489 sections 14.11 and 14.12), the
//! three integrity attributes (sections 14.5 and 14.6, and libwebrtc's of 32 bits) and FINGERPRINT (section 14.7).

use nom::Parser;
use nom::bytes::streaming::take;
use nom::number::streaming::{be_u16, be_u32};

use super::body::Body;
use super::value::Value;
use crate::wire::Error;
use crate::wire::field::Value as Shown;
use crate::wire::leaves::Leaves;
use crate::wire::read::{Read, field};

/// How the key of a long-term credential is made from the password (RFC 8489 section 18.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PasswordAlgorithm<'a> {
    /// The number of the algorithm in its registry.
    pub number: u16,
    /// Its parameters; the two that are known have none.
    pub parameters: &'a [u8],
}

impl PasswordAlgorithm<'_> {
    /// The number of MD5, which is meant wherever no algorithm is named.
    pub const MD5: u16 = 1;
    /// The number of SHA-256.
    pub const SHA_256: u16 = 2;

    /// `MD5` or `SHA-256`; no other number has a name.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        match self.number {
            Self::MD5 => Some("MD5"),
            Self::SHA_256 => Some("SHA-256"),
            _ => None,
        }
    }
}

const fn padding(length: usize) -> usize {
    length.wrapping_neg() % 4
}

fn algorithm(input: &[u8]) -> Read<'_, PasswordAlgorithm<'_>> {
    let (rest, number) = field("password algorithm", be_u16).parse(input)?;
    let (rest, length) = field("parameters length", be_u16).parse(rest)?;
    let (rest, parameters) = field("parameters", take(length)).parse(rest)?;
    let present = padding(usize::from(length)).min(rest.len());
    let (rest, _) = field("parameters padding", take(present)).parse(rest)?;
    Ok((rest, PasswordAlgorithm { number, parameters }))
}

pub(super) fn password_algorithm(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("password algorithm", algorithm).map(Value::PasswordAlgorithm)
}

pub(super) fn password_algorithms(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, Vec<PasswordAlgorithm<'_>>> {
        let mut algorithms = Vec::new();
        let mut rest: &[u8] = input;
        while !rest.is_empty() {
            let (after, next) = algorithm(rest)?;
            algorithms.push(next);
            rest = after;
        }
        Ok((rest, algorithms))
    };
    body.whole("password algorithms")?;
    body.read("password algorithms", read).map(Value::PasswordAlgorithms)
}

/// Twenty bytes of HMAC-SHA1; in Microsoft's dialect from its version 3 on thirty-two of HMAC-SHA256.
pub(super) fn message_integrity(body: Body<'_>) -> Result<Value<'_>, Error> {
    match body.stated {
        32 if body.microsoft => body.sized("HMAC-SHA256", 32, 32).map(Value::Digest),
        _ => body.sized("HMAC-SHA1", 20, 20).map(Value::Digest),
    }
}

pub(super) fn hmac_sha256(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.sized("HMAC-SHA256", 16, 32).map(Value::Digest)
}

pub(super) fn hmac_32(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.sized("HMAC-SHA1 cut to 32 bits", 4, 4).map(Value::Digest)
}

pub(super) fn user_hash(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.sized("SHA-256 of username and realm", 32, 32).map(Value::Digest)
}

pub(super) fn fingerprint(body: Body<'_>) -> Result<Value<'_>, Error> {
    body.read("CRC-32", field("CRC-32", be_u32)).map(Value::Fingerprint)
}

pub(super) fn emit(algorithm: PasswordAlgorithm<'_>, out: &mut Vec<u8>) {
    out.extend(algorithm.number.to_be_bytes());
    out.extend(u16::try_from(algorithm.parameters.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend(algorithm.parameters);
    out.extend(std::iter::repeat_n(0, padding(algorithm.parameters.len())));
}

pub(super) fn describe<'a>(algorithms: &[PasswordAlgorithm<'_>], body: &Body<'a>) -> Leaves<'a> {
    algorithms.iter().fold(Leaves::of(body.value, body.offset), |leaves, algorithm| {
        let length = algorithm.parameters.len();
        let number = Shown::Unsigned(u64::from(algorithm.number));
        let leaves = leaves.leaf(2, "stun.att.pw_alg", "Password Algorithm", number).may_mean(algorithm.name()).leaf(
            2,
            "stun.att.pw_alg_len",
            "Password Algorithm Length",
            Shown::Unsigned(length as u64),
        );
        match length {
            0 => leaves,
            _ => {
                leaves.bytes(length.saturating_add(padding(length)), "stun.att.pw_alg_data", "Password Algorithm Data")
            }
        }
    })
}
