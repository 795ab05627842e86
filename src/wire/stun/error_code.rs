//! Why a request was refused: ERROR-CODE (RFC 8489 section 14.8), UNKNOWN-ATTRIBUTES (section 14.9) and
//! ADDRESS-ERROR-CODE (RFC 8656 section 18.12).

use std::borrow::Cow;

use nom::Parser;
use nom::bytes::streaming::take;
use nom::combinator::rest as all;
use nom::number::streaming::be_u8;

use super::address::AddressFamily;
use super::attribute::AttributeType;
use super::body::Body;
use super::value::Value;
use crate::wire::Error;
use crate::wire::field::Value as Shown;
use crate::wire::leaves::Leaves;
use crate::wire::read::{Read, field, wrong_value};

/// An error code and what the server wrote beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorCode<'a> {
    /// The code, class times one hundred plus number: 300 to 699, as far as RFC 8489 allows.
    pub code: u16,
    /// The reason phrase as on the wire, NUL padding that some servers count into it included.
    pub phrase: &'a [u8],
}

impl<'a> ErrorCode<'a> {
    /// The reason phrase without NUL padding; bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn reason(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(trimmed(self.phrase))
    }

    /// The name of the code in its registry.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        error_name(self.code)
    }
}

fn trimmed(phrase: &[u8]) -> &[u8] {
    let end = phrase.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    phrase.get(..end).unwrap_or(phrase)
}

/// The name of an error code: of the IANA registry, of RFC 3489, of Microsoft's extensions, and 701, which
/// browsers give to scripts and which is never on the wire.
#[must_use]
pub const fn error_name(code: u16) -> Option<&'static str> {
    Some(match code {
        274 => "Disable Candidate",
        275 => "Disable Candidate Pair",
        300 => "Try Alternate",
        400 => "Bad Request",
        401 => "Unauthenticated",
        403 => "Forbidden",
        405 => "Mobility Forbidden",
        408 => "Request Timeout",
        420 => "Unknown Attribute",
        430 => "Stale Credentials",
        431 => "Integrity Check Failure",
        432 => "Missing Username",
        433 => "Use TLS",
        434 => "Missing Realm",
        435 => "Missing Nonce",
        436 => "Unknown Username",
        437 => "Allocation Mismatch",
        438 => "Stale Nonce",
        439 | 441 => "Wrong Credentials",
        440 => "Address Family not Supported",
        442 => "Unsupported Transport Protocol",
        443 => "Peer Address Family Mismatch",
        446 => "Connection Already Exists",
        447 => "Connection Timeout or Failure",
        481 => "Connection Does Not Exist",
        486 => "Allocation Quota Reached",
        487 => "Role Conflict",
        500 => "Server Error",
        503 => "Service Unavailable",
        507 => "Insufficient Bandwidth Capacity",
        508 => "Insufficient Capacity",
        600 => "Global Failure",
        701 => "Server Not Reachable",
        _ => return None,
    })
}

fn code(input: &[u8]) -> Read<'_, u16> {
    let (rest, class) = field("error class", be_u8).parse(input)?;
    let (after, number) = field("error number", be_u8).parse(rest)?;
    if number > 99 {
        return Err(wrong_value(rest, "error number", 99, u64::from(number)));
    }
    Ok((after, u16::from(class & 0x07).saturating_mul(100).saturating_add(u16::from(number))))
}

pub(super) fn parse(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, ErrorCode<'_>> {
        let (rest, _) = field("reserved", take(2_usize)).parse(input)?;
        let (rest, code) = code(rest)?;
        let (rest, phrase) = field("reason phrase", all).parse(rest)?;
        Ok((rest, ErrorCode { code, phrase }))
    };
    body.whole("error code")?;
    body.read("error code", read).map(Value::ErrorCode)
}

pub(super) fn for_family(body: Body<'_>) -> Result<Value<'_>, Error> {
    let read = |input| -> Read<'_, (AddressFamily, ErrorCode<'_>)> {
        let (rest, family) = field("address family", be_u8).parse(input)?;
        let (rest, _) = field("reserved", be_u8).parse(rest)?;
        let (rest, code) = code(rest)?;
        let (rest, phrase) = field("reason phrase", all).parse(rest)?;
        Ok((rest, (AddressFamily(family), ErrorCode { code, phrase })))
    };
    body.whole("address error code")?;
    let (family, error) = body.read("address error code", read)?;
    Ok(Value::AddressErrorCode { family, error })
}

pub(super) fn unknown_attributes(body: Body<'_>) -> Result<Value<'_>, Error> {
    let (pairs, odd) = body.whole("attribute types")?.as_chunks::<2>();
    if odd.is_empty() {
        Ok(Value::AttributeTypes(pairs.iter().map(|pair| AttributeType(u16::from_be_bytes(*pair))).collect()))
    } else {
        Err(body.wrong_length("attribute types", pairs.len().saturating_mul(2)))
    }
}

pub(super) fn emit(error: ErrorCode<'_>, family: Option<AddressFamily>, out: &mut Vec<u8>) {
    out.extend([family.map_or(0, |family| family.0), 0]);
    let class = u8::try_from(error.code / 100).unwrap_or(u8::MAX) & 0x07;
    out.extend([class, u8::try_from(error.code % 100).unwrap_or_default()]);
    out.extend(error.phrase);
}

pub(super) fn describe<'a>(error: ErrorCode<'_>, body: &Body<'a>) -> Leaves<'a> {
    describe_code(error, Leaves::of(body.value, body.offset).reserved(2, "stun.att.reserved"))
}

pub(super) fn describe_for_family<'a>(family: AddressFamily, error: ErrorCode<'_>, body: &Body<'a>) -> Leaves<'a> {
    let leaves = Leaves::of(body.value, body.offset)
        .leaf(1, "stun.att.family", "Protocol Family", Shown::Hex(u64::from(family.0), 2))
        .may_mean(family.name())
        .reserved(1, "stun.att.reserved");
    describe_code(error, leaves)
}

fn describe_code<'a>(error: ErrorCode<'_>, leaves: Leaves<'a>) -> Leaves<'a> {
    let leaves = leaves
        .leaf(1, "stun.att.error.class", "Error Class", Shown::Unsigned(u64::from(error.code / 100)))
        .leaf(1, "stun.att.error", "Error Number", Shown::Unsigned(u64::from(error.code % 100)))
        .means(match error.name() {
            Some(name) => format!("{} {name}", error.code),
            None => error.code.to_string(),
        });
    match error.phrase.len() {
        0 => leaves,
        width => {
            let leaves =
                leaves.leaf(width, "stun.att.error.reason", "Reason Phrase", Shown::Text(error.reason().into_owned()));
            match width.saturating_sub(trimmed(error.phrase).len()) {
                0 => leaves,
                padding => leaves.note(format!("its length counts {padding} bytes of NUL padding")),
            }
        }
    }
}

pub(super) fn describe_types<'a>(types: &[AttributeType], body: &Body<'a>) -> Leaves<'a> {
    types.iter().fold(Leaves::of(body.value, body.offset), |leaves, kind| {
        leaves.leaf(2, "stun.att.unknown", "Unknown Attribute", Shown::Hex(u64::from(kind.0), 4)).may_mean(kind.name())
    })
}

pub(super) fn emit_types(types: &[AttributeType], out: &mut Vec<u8>) {
    types.iter().for_each(|kind| out.extend(kind.0.to_be_bytes()));
}

#[cfg(test)]
mod tests {
    use super::super::{Builder, Class, Message, Method, TransactionId};
    use super::*;

    fn response(value: &[u8]) -> Vec<u8> {
        Builder::new(Class::ErrorResponse, Method::ALLOCATE, TransactionId([0; 12]))
            .raw(AttributeType::ERROR_CODE, value)
            .emit()
            .unwrap()
    }

    /// As coturn sends it: the length of the attribute counts the padding.
    #[test]
    fn a_reason_is_shown_without_its_padding() {
        let bytes = response(b"\0\0\x04\x26Stale nonce\0");
        let message = Message::parse(&bytes).unwrap();
        let error = message.error_code().unwrap();
        assert_eq!((error.code, error.name()), (438, Some("Stale Nonce")));
        assert_eq!(error.reason(), "Stale nonce");
        assert_eq!(error.phrase.len(), 12);
    }

    #[test]
    fn a_number_above_99_is_none() {
        let bytes = response(&[0, 0, 4, 100]);
        let message = Message::parse(&bytes).unwrap();
        assert_eq!(message.error_code(), None);
        let fault = message.attributes[0].decode(&message).unwrap_err();
        assert_eq!(fault.to_string(), "error number at byte 27: expected 0x63, found 0x64");
    }

    #[test]
    fn an_odd_list_of_types_is_refused() {
        let bytes = Builder::new(Class::ErrorResponse, Method::BINDING, TransactionId([0; 12]))
            .raw(AttributeType::UNKNOWN_ATTRIBUTES, &[0, 1, 2])
            .emit()
            .unwrap();
        let message = Message::parse(&bytes).unwrap();
        let fault = message.attributes[0].decode(&message).unwrap_err();
        assert_eq!(fault.to_string(), "attribute types at byte 24: must be 2 bytes long, is 3");
    }
}
