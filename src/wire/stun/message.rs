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
        let pads = !self.is_classic();
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

    /// Whether this is a message of Microsoft's dialect, known by its MAGIC-COOKIE attribute.
    #[must_use]
    pub fn is_microsoft(&self) -> bool {
        self.attributes.iter().any(|attribute| {
            attribute.kind == AttributeType::MAGIC_COOKIE && attribute.value == MICROSOFT_COOKIE.to_be_bytes()
        })
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

    /// Whether a receiver would take the message: a length in fours that ends where the bytes do, and attributes that
    /// could all be read.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.fault.is_none() && !self.truncated && self.trailing.is_empty() && self.length.is_multiple_of(4)
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
