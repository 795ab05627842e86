//! A message field by field, under the names of Wireshark's display filters where it has one.

use super::attribute::{Attribute, AttributeType};
use super::fingerprint::{Fingerprint, fingerprint};
use super::message::{HEADER_LENGTH, Message};
use super::message_type::put_together;
use super::number::{self, Called};
use super::value::Value;
use crate::wire::field::{Field, Value as Shown};
use crate::wire::leaves::Leaves;

/// The fields of a message; the leaves stand in wire order and cover every byte of it and of what trails behind it.
///
/// The bytes of DATA are left as they are: what is inside is another message.
#[must_use]
pub fn describe(message: &Message<'_>) -> Vec<Field> {
    let mut fields = header(message);
    let end = message.bytes.len();
    if end > HEADER_LENGTH {
        let attributes = attributes(message);
        fields.push(Field::new("stun.attributes", "Attributes", Shown::None, HEADER_LENGTH..end).with(attributes));
    }
    fields.extend(Leaves::of(message.trailing, end).rest("stun.trailing", "Trailing bytes").finish());
    fields
}

fn header(message: &Message<'_>) -> Vec<Field> {
    let (class, method) = (message.class, message.method);
    let kind = put_together(class, method);
    let parts = Leaves::of(message.bytes, 0)
        // The numbers under Wireshark's masks, so that its filters keep their meaning.
        .leaf(2, "stun.type.class", "Message Class", Shown::Hex(u64::from((kind & 0x0110) >> 4), 2))
        .means(class.label())
        .also("stun.type.method", "Message Method", Shown::Hex(u64::from(kind & 0x3EEF), 4))
        .means(method.to_string())
        .finish();
    let of_type = Field::new("stun.type", "Message Type", Shown::Hex(u64::from(kind), 4), 0..2)
        .means(format!("{method} {}", class.label()))
        .with(parts);
    let rest = Leaves::of(message.bytes.get(2..HEADER_LENGTH).unwrap_or_default(), 2).leaf(
        2,
        "stun.length",
        "Message Length",
        Shown::Unsigned(u64::from(message.length)),
    );
    let rest = length_notes(message).into_iter().fold(rest, Leaves::note);
    let rest = if message.is_classic() {
        rest.bytes(16, "stun.id", "Transaction ID").means("classic STUN, RFC 3489")
    } else {
        rest.bytes(4, "stun.cookie", "Magic Cookie").bytes(12, "stun.id", "Transaction ID")
    };
    std::iter::once(of_type).chain(rest.finish()).collect()
}

fn length_notes(message: &Message<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if !message.is_classic() && !message.is_microsoft() && !message.length.is_multiple_of(4) {
        notes.push("not a multiple of 4".to_owned());
    }
    if message.truncated {
        let found = message.bytes.len().saturating_sub(HEADER_LENGTH);
        notes.push(format!("the message ends after {found} of {} bytes", message.length));
    }
    if !message.trailing.is_empty() {
        notes.push(format!("{} bytes follow behind the message", message.trailing.len()));
    }
    notes
}

fn attributes(message: &Message<'_>) -> Vec<Field> {
    let landmarks = Landmarks::of(message);
    let mut fields: Vec<_> =
        message.attributes.iter().map(|attribute| landmarks.describe(message, attribute)).collect();
    let read = message.attributes.last().map_or(HEADER_LENGTH, Attribute::end);
    let left = message.bytes.get(read..).unwrap_or_default();
    match message.fault {
        Some(fault) if !left.is_empty() => {
            let undecoded = Leaves::of(left, read).rest("stun.undecoded", "Undecoded bytes").note(fault.to_string());
            fields.extend(undecoded.finish());
        }
        Some(fault) => {
            if let Some(last) = fields.last_mut() {
                last.notes.push(fault.to_string());
            }
        }
        None => {}
    }
    fields
}

/// What is looked up once for all attributes, so that a message of thousands takes no square of them.
struct Landmarks {
    /// The first proof of integrity.
    proof: Option<AttributeType>,
    /// Where the FINGERPRINT that counts stands.
    fingerprint: Option<usize>,
    /// Where the last attribute stands.
    last: Option<usize>,
}

impl Landmarks {
    fn of(message: &Message<'_>) -> Self {
        Self {
            proof: message.proofs().next().map(|attribute| attribute.kind),
            fingerprint: message.attribute(AttributeType::FINGERPRINT).map(|attribute| attribute.offset),
            last: message.attributes.last().map(|attribute| attribute.offset),
        }
    }

    fn describe(&self, message: &Message<'_>, attribute: &Attribute<'_>) -> Field {
        let kind = message.kind_of(attribute);
        let length = Shown::Unsigned(u64::from(attribute.stated_length));
        let start = message.bytes.get(attribute.offset..attribute.value_offset()).unwrap_or_default();
        let mut children = Leaves::of(start, attribute.offset)
            .leaf(2, "stun.att.type", "Attribute Type", Shown::Hex(u64::from(attribute.kind.0), 4))
            .means(kind.to_string())
            .leaf(2, "stun.att.length", "Attribute Length", length)
            .finish();
        let called = called(kind);
        let body = attribute.body(message);
        let mut field = Field::new(
            "stun.attribute",
            kind.name().unwrap_or("Unknown attribute"),
            Shown::Hex(u64::from(attribute.kind.0), 4),
            attribute.offset..attribute.end(),
        );
        match attribute.decode(message) {
            Ok(value) => {
                children.extend(value.leaves(called, &body).finish());
                field.meaning = value.summary();
            }
            Err(fault) if attribute.value.is_empty() => field.notes.push(fault.to_string()),
            Err(fault) => children.extend(number::describe_broken(called, &body, fault)),
        }
        if kind == AttributeType::FINGERPRINT && !attribute.value.is_empty() {
            children.extend(self.fingerprint_status(message, attribute));
        }
        let padding_at = attribute.end().saturating_sub(attribute.padding.len());
        let width = attribute.padding.len();
        if width > 0 {
            let range = padding_at..attribute.end();
            children.push(Field::new("stun.att.padding", "Padding", Shown::Unsigned(width as u64), range));
        }
        field.notes.extend(self.place_note(attribute, kind));
        field.with(children)
    }

    /// What the checksum says, on the bytes of the checksum.
    fn fingerprint_status(&self, message: &Message<'_>, attribute: &Attribute<'_>) -> Option<Field> {
        if self.fingerprint != Some(attribute.offset) {
            return None;
        }
        let range = attribute.value_offset()..attribute.value_offset().saturating_add(attribute.value.len());
        let status = |number| Field::new("stun.att.crc32.status", "CRC-32 Status", Shown::Unsigned(number), range);
        match fingerprint(message) {
            Fingerprint::Valid => Some(status(1).means("correct")),
            Fingerprint::Invalid { expected, .. } => {
                Some(status(0).means("wrong").note(format!("should be {expected:#010x}")))
            }
            Fingerprint::Unknown => Some(status(2).means("unknown")),
            Fingerprint::Absent => None,
        }
    }

    fn place_note(&self, attribute: &Attribute<'_>, kind: AttributeType) -> Option<String> {
        match self.proof {
            Some(proof) if attribute.after_integrity => Some(format!("behind {proof}: ignored")),
            _ if kind == AttributeType::FINGERPRINT && self.last != Some(attribute.offset) => {
                Some("not the last attribute".to_owned())
            }
            _ => None,
        }
    }
}

/// What the single leaf of a value is called.
fn called(kind: AttributeType) -> Called {
    match kind.row() {
        Some(row) => Called { name: row.field, label: in_words(row.name) },
        None => Called { name: "stun.value", label: "Value".to_owned() },
    }
}

/// `MOBILITY-TICKET` as `Mobility ticket`, `MS-VERSION` as `MS version`.
fn in_words(name: &str) -> String {
    const ACRONYMS: [&str; 7] = ["DTLS", "GOOG", "ICE", "ID", "MS", "STUN", "TURN"];
    let words = name.split('-').enumerate().map(|(place, word)| {
        let kept = if ACRONYMS.contains(&word) { word.len() } else { usize::from(place == 0) };
        let (head, tail) = word.split_at_checked(kept).unwrap_or(("", word));
        head.to_owned() + &tail.to_ascii_lowercase()
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Value<'_> {
    /// The value in a few words, where a few are enough.
    #[must_use]
    pub fn summary(&self) -> Option<String> {
        Some(match self {
            Self::Address(address) | Self::XorAddress(address) => address.to_string(),
            Self::AddressFamily(family) => family.to_string(),
            Self::Text(text) => (*text).to_owned(),
            Self::Number(number) | Self::Nomination(number) | Self::Priority(number) => number.to_string(),
            Self::Seconds(seconds) => format!("{seconds} s"),
            Self::CodePoint(number) | Self::Fingerprint(number) => format!("{number:#010x}"),
            Self::TieBreaker(number) => format!("{number:#018x}"),
            Self::ErrorCode(error) => match error.reason() {
                reason if reason.is_empty() => error.code.to_string(),
                reason => format!("{} {reason}", error.code),
            },
            Self::ChannelNumber(number) => format!("{number:#06x}"),
            Self::RequestedTransport(17) => "UDP".to_owned(),
            Self::RequestedTransport(6) => "TCP".to_owned(),
            Self::Opaque([_]) => "1 byte".to_owned(),
            Self::Opaque(bytes) if !bytes.is_empty() => format!("{} bytes", bytes.len()),
            Self::NetworkInfo(info) => match info.meaning() {
                Some(meaning) => format!("network {}, cost {} ({meaning})", info.id, info.cost),
                None => format!("network {}, cost {}", info.id, info.cost),
            },
            _ => return None,
        })
    }
}
