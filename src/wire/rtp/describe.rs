//! A packet field by field, under the names of Wireshark's display filters where it has one.

use super::extension::dependency::Structure;
use super::extension::{DependencyDescriptor, Kind};
use super::header_extension::{Element, Form, HeaderExtension};
use super::packet::{FIXED_HEADER_LENGTH, Packet};
use super::payload::Codec;
use crate::wire::field::{Field, Value};
use crate::wire::leaves::Leaves;

/// What is known of a stream that its packets do not say.
#[derive(Default, Clone, Copy)]
pub struct Context<'c> {
    /// What the ids of header extensions stand for.
    pub extensions: Option<&'c dyn Fn(u8) -> Option<Kind>>,
    /// The structure of dependency descriptors that was announced last.
    pub structure: Option<&'c Structure>,
    /// The format of the payload; nothing where it is not known.
    pub codec: Option<Codec>,
    /// Whether all behind the header is encrypted.
    pub encrypted: bool,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("extensions", &self.extensions.is_some())
            .field("structure", &self.structure)
            .field("codec", &self.codec)
            .field("encrypted", &self.encrypted)
            .finish()
    }
}

/// The fields of a packet; the leaves stand in wire order and cover every byte of it that was captured.
#[must_use]
pub fn describe(packet: &Packet<'_>, context: &Context<'_>) -> Vec<Field> {
    let mut fields = fixed_header(packet);
    fields.extend(csrcs(packet));
    if let Some(extension) = packet.extension {
        fields.extend(header_extension(&extension, context));
    }
    let described = fields.iter().map(|field| field.range.end).max().unwrap_or(0);
    let left = packet.bytes.get(described..packet.header_length()).unwrap_or_default();
    fields.extend(Leaves::of(left, described).rest("rtp.undecoded", "Undecoded bytes").finish());
    fields.extend(body(packet, context));
    // The padding of an encrypted packet is encrypted too.
    let fault = if context.encrypted { packet.header_fault() } else { packet.fault() };
    if let (Some(fault), Some(last)) = (fault, fields.last_mut()) {
        last.notes.push(fault.to_string());
    }
    fields
}

fn fixed_header(packet: &Packet<'_>) -> Vec<Field> {
    let fixed = packet.bytes.get(..FIXED_HEADER_LENGTH).unwrap_or_default();
    let count = fixed.first().map_or(0, |first| first & 0x0F);
    let payload_type = packet.payload_type;
    Leaves::of(fixed, 0)
        .leaf(1, "rtp.version", "Version", Value::Unsigned(2))
        .also("rtp.padding", "Padding", Value::Boolean(packet.is_padded()))
        .also("rtp.ext", "Extension", Value::Boolean(fixed.first().is_some_and(|first| first & 0x10 != 0)))
        .also("rtp.cc", "Contributing source identifiers count", Value::Unsigned(u64::from(count)))
        .leaf(1, "rtp.marker", "Marker", Value::Boolean(packet.marker))
        .also("rtp.p_type", "Payload type", Value::Unsigned(u64::from(payload_type.0)))
        .may_mean(payload_type.static_format().map(|format| format!("{}/{}", format.encoding, format.clock_rate_hz)))
        .leaf(2, "rtp.seq", "Sequence number", Value::Unsigned(u64::from(packet.sequence_number.0)))
        .leaf(4, "rtp.timestamp", "Timestamp", Value::Unsigned(u64::from(packet.timestamp.0)))
        .leaf(4, "rtp.ssrc", "Synchronization Source identifier", Value::Hex(u64::from(packet.ssrc.0), 8))
        .finish()
}

fn csrcs(packet: &Packet<'_>) -> Option<Field> {
    let sources = packet.csrcs();
    if sources.len() == 0 {
        return None;
    }
    let end = FIXED_HEADER_LENGTH.saturating_add(sources.len().saturating_mul(4));
    let bytes = packet.bytes.get(FIXED_HEADER_LENGTH..end).unwrap_or_default();
    let items = sources.fold(Leaves::of(bytes, FIXED_HEADER_LENGTH), |leaves, source| {
        leaves.leaf(4, "rtp.csrc.item", "CSRC item", Value::Hex(u64::from(source.0), 8))
    });
    let range = FIXED_HEADER_LENGTH..end;
    Some(Field::new("rtp.csrc.items", "Contributing Source identifiers", Value::None, range).with(items.finish()))
}

fn header_extension(extension: &HeaderExtension<'_>, context: &Context<'_>) -> Vec<Field> {
    let start = extension.offset.saturating_sub(4);
    let meaning = match extension.form() {
        Form::OneByte => Some("one-byte elements, RFC 8285"),
        Form::TwoByte { .. } => Some("two-byte elements, RFC 8285"),
        Form::Encrypted => Some("encrypted, RFC 9335"),
        Form::Profile => None,
    };
    let words = extension.data.len() / 4;
    let mut fields = Leaves::of(&[0; 4], start)
        .leaf(2, "rtp.ext.profile", "Defined by profile", Value::Hex(u64::from(extension.profile), 4))
        .may_mean(meaning)
        .leaf(2, "rtp.ext.len", "Extension length", Value::Unsigned(words as u64))
        .finish();
    let end = extension.offset.saturating_add(extension.data.len());
    if end == extension.offset {
        return fields;
    }
    let children = match extension.form() {
        Form::OneByte | Form::TwoByte { .. } => elements(extension, context),
        Form::Encrypted | Form::Profile => {
            Leaves::of(extension.data, extension.offset).rest("rtp.hdr_ext", "Header extension").finish()
        }
    };
    let range = extension.offset..end;
    fields.push(Field::new("rtp.hdr_exts", "Header extensions", Value::None, range).with(children));
    fields
}

fn elements(extension: &HeaderExtension<'_>, context: &Context<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut elements = extension.elements();
    let mut at = extension.offset;
    for element in elements.by_ref() {
        fields.extend(padding(extension, at, element.offset));
        let field = self::element(extension, &element, context);
        at = field.range.end;
        fields.push(field);
    }
    let (unread, offset) = elements.unread();
    fields.extend(padding(extension, at, offset));
    let left = Leaves::of(unread, offset);
    let left = match elements.fault() {
        Some(fault) => left.rest("rtp.ext.undecoded", "Undecoded bytes").note(fault.to_string()),
        None => left.rest("rtp.ext.ignored", "Ignored bytes"),
    };
    fields.extend(left.finish());
    fields
}

fn padding(extension: &HeaderExtension<'_>, from: usize, to: usize) -> Option<Field> {
    let start = from.saturating_sub(extension.offset);
    let bytes = extension.data.get(start..to.saturating_sub(extension.offset))?;
    Leaves::of(bytes, from).rest("rtp.ext.padding", "Padding").finish().pop()
}

fn element(extension: &HeaderExtension<'_>, element: &Element<'_>, context: &Context<'_>) -> Field {
    let at = element.offset.saturating_sub(extension.offset);
    let value_at = element.offset.saturating_add(element.header_length);
    let header = extension.data.get(at..at.saturating_add(element.header_length)).unwrap_or_default();
    let identifier = Value::Unsigned(u64::from(element.id));
    let length = Value::Unsigned(element.value.len() as u64);
    let mut leaves = Leaves::of(header, element.offset).leaf(1, "rtp.ext.rfc5285.id", "Identifier", identifier);
    leaves = match element.header_length {
        1 => leaves.also("rtp.ext.rfc5285.len", "Length", length),
        _ => leaves.leaf(1, "rtp.ext.rfc5285.len", "Length", length),
    };
    let mut children = leaves.finish();
    let kind = context.extensions.and_then(|kind_of| kind_of(element.id));
    children.extend(match kind {
        Some(Kind::DependencyDescriptor) => DependencyDescriptor::describe(element.value, value_at, context.structure),
        Some(kind) => kind.describe(element.value, value_at),
        None => Leaves::of(element.value, value_at).rest("rtp.ext.rfc5285.data", "Extension Data").finish(),
    });
    let range = element.offset..value_at.saturating_add(element.value.len());
    let label = kind.map_or("Header extension", Kind::name);
    Field::new("rtp.hdr_ext", label, Value::Unsigned(u64::from(element.id)), range).with(children)
}

fn body(packet: &Packet<'_>, context: &Context<'_>) -> Vec<Field> {
    let at = packet.header_length();
    if context.encrypted {
        return Leaves::of(packet.body, at).rest("rtp.payload", "Encrypted payload").finish();
    }
    let payload = packet.payload();
    let mut fields = Leaves::of(payload, at).rest("rtp.payload", "Payload").finish();
    if let (Some(codec), Some(field)) = (context.codec, fields.first_mut()) {
        field.meaning = Some(codec.name().to_owned());
        field.children = codec.describe(payload, at, packet.csrcs().len());
    }
    let padding_at = at.saturating_add(payload.len());
    if let Some((count, zeros)) = packet.padding().split_last() {
        let mut leaves = Leaves::of(packet.padding(), padding_at);
        if !zeros.is_empty() {
            leaves = leaves.bytes(zeros.len(), "rtp.padding.data", "Padding data");
        }
        fields
            .extend(leaves.leaf(1, "rtp.padding.count", "Padding count", Value::Unsigned(u64::from(*count))).finish());
    }
    fields
}
