//! One STUN message: header, attributes, and what stands behind them (RFC 8489 section 5).

use nom::Parser;
use nom::bytes::streaming::take;
use nom::number::streaming::be_u16;

use super::attribute::{Attribute, AttributeType};
use super::message_type::{Class, Method, taken_apart};
use super::microsoft::MICROSOFT_COOKIE;
use super::transaction::{MAGIC_COOKIE, TransactionId};
use crate::wire::read::{Read, field, located, wrong_value};
use crate::wire::{Error, Reason};

/// Bytes of a header.
pub const HEADER_LENGTH: usize = 20;

/// A STUN message as far as its bytes let it be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<'a> {
    /// Request, indication or which response.
    pub class: Class,
    /// What it is about.
    pub method: Method,
    /// The length of the attributes in bytes, as the header states it.
    pub length: u16,
    /// The magic cookie; in a classic message (RFC 3489) the first four bytes of the transaction ID.
    pub cookie: [u8; 4],
    /// The transaction.
    pub transaction_id: TransactionId,
    /// The attributes in wire order, doubles kept.
    pub attributes: Vec<Attribute<'a>>,
    /// The bytes of the message, from the header through the stated length or as far as there are any.
    pub bytes: &'a [u8],
    /// Bytes behind the stated length.
    pub trailing: &'a [u8],
    /// Why the attributes were not read to the end of the message.
    pub fault: Option<Error>,
    /// Whether the bytes end before the stated length does: the capture was cut, or the length is wrong.
    pub truncated: bool,
}

struct Header {
    class: Class,
    method: Method,
    length: u16,
    cookie: [u8; 4],
    transaction_id: TransactionId,
}

fn header(input: &[u8]) -> Read<'_, Header> {
    let (rest, kind) = field("message type", be_u16).parse(input)?;
    if kind & 0xC000 != 0 {
        return Err(wrong_value(input, "message type", u64::from(kind & 0x3FFF), u64::from(kind)));
    }
    let (rest, length) = field("message length", be_u16).parse(rest)?;
    let (rest, cookie) = field("magic cookie", array::<4>).parse(rest)?;
    let (rest, id) = field("transaction ID", array::<12>).parse(rest)?;
    let (class, method) = taken_apart(kind);
    Ok((rest, Header { class, method, length, cookie, transaction_id: TransactionId(id) }))
}

fn array<const N: usize>(input: &[u8]) -> Read<'_, [u8; N]> {
    let (rest, taken) = take(N).parse(input)?;
    Ok((rest, taken.try_into().unwrap_or([0; N])))
}

fn attribute_header(input: &[u8]) -> Read<'_, (AttributeType, u16)> {
    let (rest, kind) = field("attribute type", be_u16).parse(input)?;
    let (rest, length) = field("attribute length", be_u16).parse(rest)?;
    Ok((rest, (AttributeType(kind), length)))
}

impl<'a> Message<'a> {
    /// Reads a message that begins with the first byte.
    ///
    /// Classic messages, those of RFC 3489 without a magic cookie, are read too. All else is lax: what could be read is
    /// kept, and [`fault`](Self::fault) says why the rest was not. Use [`is_well_formed`](Self::is_well_formed) to tell
    /// whether a receiver would take the message.
    ///
    /// # Errors
    ///
    /// Where there is no header of twenty bytes that begins with two zero bits.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let (rest, header) = header(bytes).map_err(|stop| located(stop, bytes, 0))?;
        let stated = usize::from(header.length);
        let inside = stated.min(rest.len());
        let (body, trailing) = rest.split_at_checked(inside).unwrap_or((rest, &[]));
        let whole = HEADER_LENGTH.saturating_add(inside);
        let mut message = Self {
            class: header.class,
            method: header.method,
            length: header.length,
            cookie: header.cookie,
            transaction_id: header.transaction_id,
            attributes: Vec::new(),
            bytes: bytes.get(..whole).unwrap_or(bytes),
            trailing,
            fault: None,
            truncated: inside < stated,
        };
        message.fault = message.read_attributes(body).err();
        Ok(message)
    }

    fn read_attributes(&mut self, body: &'a [u8]) -> Result<(), Error> {
        let pads = !self.is_classic() && !begins_with_microsoft_cookie(body);
        let mut integrity = None;
        let mut rest = body;
        while !rest.is_empty() {
            let offset = HEADER_LENGTH.saturating_add(body.len().saturating_sub(rest.len()));
            let (after, (kind, stated_length)) =
                attribute_header(rest).map_err(|stop| located(stop, body, HEADER_LENGTH))?;
            let stated = usize::from(stated_length);
            let (value, after) = after.split_at_checked(stated).unwrap_or((after, &[]));
            let fill = if pads { stated.wrapping_neg() % 4 } else { 0 };
            let (padding, after) = after.split_at_checked(fill).unwrap_or((after, &[]));
            let after_integrity = integrity.is_some_and(|proof| !may_follow(kind, proof));
            let attribute = Attribute { kind, offset, value, stated_length, padding, after_integrity };
            if kind.is_integrity() && !after_integrity {
                integrity = Some(kind);
            }
            self.attributes.push(attribute);
            if value.len() < stated {
                return Err(short("attribute value", offset.saturating_add(4), stated, value.len()));
            }
            if padding.len() < fill {
                let start = offset.saturating_add(4).saturating_add(stated);
                return Err(short("attribute padding", start, fill, padding.len()));
            }
            rest = after;
        }
        Ok(())
    }

    /// Whether this is a message of RFC 3489, which has no magic cookie and does not pad attributes.
    #[must_use]
    pub fn is_classic(&self) -> bool {
        self.cookie != MAGIC_COOKIE
    }

    /// Whether this is a message of Microsoft's dialect of TURN, known by its first attribute, MAGIC-COOKIE.
    ///
    /// Such a message does not pad its attributes even where its header has the magic cookie of RFC 8489, its REALM and
    /// NONCE have changed places, and its MAPPED-ADDRESS is the relayed one.
    #[must_use]
    pub fn is_microsoft(&self) -> bool {
        self.bytes.get(HEADER_LENGTH..).is_some_and(begins_with_microsoft_cookie)
    }

    /// What type an attribute is of: its number, but that REALM and NONCE have changed places in Microsoft's dialect.
    #[must_use]
    pub fn kind_of(&self, attribute: &Attribute<'_>) -> AttributeType {
        match attribute.kind {
            AttributeType::REALM if self.is_microsoft() => AttributeType::NONCE,
            AttributeType::NONCE if self.is_microsoft() => AttributeType::REALM,
            kind => kind,
        }
    }

    /// Whether a receiver would take the message: a length that ends where the bytes do, in fours where attributes are
    /// padded, and attributes that could all be read.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let in_fours = self.length.is_multiple_of(4) || self.is_classic() || self.is_microsoft();
        self.fault.is_none() && !self.truncated && self.trailing.is_empty() && in_fours
    }

    /// The first attribute of a type that counts: one behind the integrity attributes does not, unless it belongs
    /// there.
    #[must_use]
    pub fn attribute(&self, kind: AttributeType) -> Option<&Attribute<'a>> {
        self.attributes_of(kind).next()
    }

    /// All attributes of a type that count, in wire order.
    pub fn attributes_of(&self, kind: AttributeType) -> impl Iterator<Item = &Attribute<'a>> {
        self.attributes.iter().filter(move |attribute| !attribute.after_integrity && self.kind_of(attribute) == kind)
    }
}

fn begins_with_microsoft_cookie(body: &[u8]) -> bool {
    let [first, second, third, last] = MICROSOFT_COOKIE.to_be_bytes();
    body.starts_with(&[0x00, 0x0F, 0x00, 0x04, first, second, third, last])
}

/// Whether an attribute counts behind the integrity attribute `proof`.
fn may_follow(kind: AttributeType, proof: AttributeType) -> bool {
    match kind {
        AttributeType::FINGERPRINT => true,
        AttributeType::MESSAGE_INTEGRITY_SHA256 => proof == AttributeType::MESSAGE_INTEGRITY,
        _ => false,
    }
}

fn short(field: &'static str, offset: usize, needed: usize, found: usize) -> Error {
    Error { offset, field, reason: Reason::TooShort { needed, found } }
}

#[cfg(test)]
mod tests {
    use super::super::{Builder, Value};
    use super::*;

    const ID: TransactionId = TransactionId(*b"abcdefghijkl");

    fn request() -> Builder {
        Builder::new(Class::Request, Method::BINDING, ID)
    }

    #[test]
    fn error_points_at_the_field() {
        let short = Message::parse(&[0, 1, 0, 0, 0x21]).unwrap_err();
        assert_eq!(short.to_string(), "magic cookie at byte 4: needs 4 bytes, 1 are left");
        let rtp = Message::parse(&[0x80; 40]).unwrap_err();
        assert_eq!(rtp.to_string(), "message type at byte 0: expected 0x80, found 0x8080");
    }

    #[test]
    fn an_attribute_past_the_end_is_kept_as_far_as_it_goes() {
        let bytes = request().raw(AttributeType::DATA, &[1, 2, 3, 4]).emit().unwrap();
        let message = Message::parse(&bytes[..26]).unwrap();
        assert!(message.truncated && !message.is_well_formed());
        assert_eq!(message.data(), Some(&[1, 2][..]));
        let fault = message.fault.unwrap();
        assert_eq!(fault.to_string(), "attribute value at byte 24: needs 4 bytes, 2 are left");
    }

    #[test]
    fn a_length_that_lies_leaves_bytes_behind() {
        let mut bytes = request().raw(AttributeType::DATA, &[1, 2, 3, 4]).emit().unwrap();
        bytes[3] = 0;
        let message = Message::parse(&bytes).unwrap();
        assert!(message.attributes.is_empty() && message.fault.is_none());
        assert_eq!(message.trailing.len(), 8);
        assert!(!message.is_well_formed());
    }

    #[test]
    fn what_stands_behind_integrity_does_not_count() {
        let bytes = request()
            .attribute(AttributeType::USERNAME, &Value::Text("first"))
            .raw(AttributeType::MESSAGE_INTEGRITY, &[0; 20])
            .attribute(AttributeType::USE_CANDIDATE, &Value::Flag)
            .raw(AttributeType::MESSAGE_INTEGRITY_SHA256, &[0; 32])
            .raw(AttributeType::MESSAGE_INTEGRITY, &[1; 20])
            .fingerprint()
            .emit()
            .unwrap();
        let message = Message::parse(&bytes).unwrap();
        let ignored: Vec<_> = message.attributes.iter().map(|attribute| attribute.after_integrity).collect();
        assert_eq!(ignored, [false, false, true, false, true, false]);
        assert!(!message.use_candidate());
        assert_eq!(message.attributes[2].kind, AttributeType::USE_CANDIDATE);
    }

    #[test]
    fn the_first_of_two_counts() {
        let bytes = request()
            .attribute(AttributeType::PRIORITY, &Value::Priority(1))
            .attribute(AttributeType::PRIORITY, &Value::Priority(2))
            .emit()
            .unwrap();
        let message = Message::parse(&bytes).unwrap();
        assert_eq!(message.priority(), Some(1));
        assert_eq!(message.attributes_of(AttributeType::PRIORITY).count(), 2);
    }

    /// As Teams sends it: the header of RFC 8489, yet no padding.
    #[test]
    fn microsoft_does_not_pad_and_swaps_realm_and_nonce() {
        let bytes = Builder::new(Class::SuccessResponse, Method::ALLOCATE, ID)
            .unpadded()
            .attribute(AttributeType::MAGIC_COOKIE, &Value::CodePoint(MICROSOFT_COOKIE))
            .raw(AttributeType::REALM, &[0xFF, 0x01, 0x02])
            .raw(AttributeType::NONCE, b"rtcmedia")
            .attribute(AttributeType::MAPPED_ADDRESS, &Value::Address(([192, 0, 2, 1], 3480).into()))
            .attribute(AttributeType::MS_XOR_MAPPED_ADDRESS, &Value::XorAddress(([192, 0, 2, 2], 99).into()))
            .emit()
            .unwrap();
        let message = Message::parse(&bytes).unwrap();
        assert!(message.is_microsoft() && message.is_well_formed());
        assert_eq!(message.realm(), Some(&b"rtcmedia"[..]));
        assert_eq!(message.nonce(), Some(&[0xFF, 0x01, 0x02][..]));
        assert_eq!(message.mapped_address(), Some(([192, 0, 2, 2], 99).into()));
        assert_eq!(message.microsoft_relayed_address(), Some(([192, 0, 2, 1], 3480).into()));
    }

    /// As `WhatsApp` sends it: the padding of the last attribute is missing.
    #[test]
    fn padding_that_is_missing_at_the_end_is_a_fault() {
        let bytes = request().unpadded().raw(AttributeType::WHATSAPP_4000, &[1; 6]).emit().unwrap();
        let message = Message::parse(&bytes).unwrap();
        let fault = message.fault.unwrap();
        assert_eq!(fault.to_string(), "attribute padding at byte 30: needs 2 bytes, 0 are left");
        assert_eq!(message.attributes.len(), 1);
    }
}
