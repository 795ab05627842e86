//! A datagram field by field, under the names of Wireshark's display filters where it has one.

use super::body::Body;
use super::compound::{Compound, HEADER_LENGTH, Packet};
use super::packet_type::PacketType;
use crate::wire::cursor::Cursor;
use crate::wire::field::{Field, Value};
use crate::wire::leaves::Leaves;

/// The fields of a datagram; the leaves stand in wire order and cover every byte of it.
#[must_use]
pub fn describe(compound: &Compound<'_>) -> Vec<Field> {
    let mut fields: Vec<_> = compound.packets.iter().map(packet).collect();
    let end = compound.packets.last().map_or(0, Packet::end);
    let trailing = Leaves::of(compound.trailing, end).rest("rtcp.trailing", "Trailing bytes");
    let trailing = match compound.fault {
        Some(fault) if !compound.trailing.is_empty() => trailing.note(fault.to_string()),
        _ => trailing,
    };
    fields.extend(trailing.finish());
    fields
}

fn packet(packet: &Packet<'_>) -> Field {
    let mut children = header(packet);
    let overreaching = packet.decode_into_padding();
    let body = if overreaching.is_some() { packet.whole() } else { packet.body };
    let mut cursor = Cursor::recording(body, packet.body_offset());
    cursor.within(body.len(), "rtcp.undecoded", |inner| Body::read(inner, packet.kind, packet.count));
    children.extend(cursor.fields());
    if let Some((count, zeros)) = packet.padding.split_last().filter(|_| overreaching.is_none()) {
        let at = packet.end().saturating_sub(packet.padding.len());
        let mut leaves = Leaves::of(packet.padding, at);
        if !zeros.is_empty() {
            leaves = leaves.bytes(zeros.len(), "rtcp.padding.data", "Padding data");
        }
        let count = Value::Unsigned(u64::from(*count));
        children.extend(leaves.leaf(1, "rtcp.padding.count", "Padding count", count).finish());
    }
    let label = packet.kind.name().unwrap_or("Packet");
    let mut field = Field::new("rtcp", label, Value::None, packet.offset..packet.end());
    let fault = packet.fault.or(overreaching.and_then(|read| read.fault));
    field.notes.extend(fault.map(|fault| fault.to_string()));
    field.with(children)
}

/// The fields of a packet's header.
pub(super) fn header(packet: &Packet<'_>) -> Vec<Field> {
    let (name, label) = match packet.kind {
        PacketType::SENDER_REPORT | PacketType::RECEIVER_REPORT => ("rtcp.rc", "Reception report count"),
        PacketType::TRANSPORT_FEEDBACK => ("rtcp.rtpfb.fmt", "RTCP Feedback message type (FMT)"),
        PacketType::PAYLOAD_FEEDBACK => ("rtcp.psfb.fmt", "RTCP Feedback message type (FMT)"),
        PacketType::APPLICATION_DEFINED => ("rtcp.app.subtype", "Subtype"),
        _ => ("rtcp.sc", "Source count"),
    };
    let bytes = packet.length.saturating_add(1);
    Leaves::of(&[0; HEADER_LENGTH], packet.offset)
        .leaf(1, "rtcp.version", "Version", Value::Unsigned(2))
        .also("rtcp.padding", "Padding", Value::Boolean(packet.padded))
        .also(name, label, Value::Unsigned(u64::from(packet.count)))
        .may_mean(format_name(packet.kind, packet.count))
        .leaf(1, "rtcp.pt", "Packet type", Value::Unsigned(u64::from(packet.kind.0)))
        .may_mean(packet.kind.name())
        .leaf(2, "rtcp.length", "Length", Value::Unsigned(u64::from(packet.length)))
        .means(format!("{} bytes", u32::from(bytes).saturating_mul(4)))
        .finish()
}

/// The names of feedback formats in the registry.
fn format_name(kind: PacketType, format: u8) -> Option<&'static str> {
    Some(match (kind, format) {
        (PacketType::TRANSPORT_FEEDBACK, 1) => "Generic NACK",
        (PacketType::TRANSPORT_FEEDBACK, 3) => "TMMBR",
        (PacketType::TRANSPORT_FEEDBACK, 4) => "TMMBN",
        (PacketType::TRANSPORT_FEEDBACK, 5) => "RTCP-SR-REQ",
        (PacketType::TRANSPORT_FEEDBACK, 6) => "RAMS",
        (PacketType::TRANSPORT_FEEDBACK, 7) => "TLLEI",
        (PacketType::TRANSPORT_FEEDBACK, 8) => "RTCP-ECN-FB",
        (PacketType::TRANSPORT_FEEDBACK, 9) => "PAUSE-RESUME",
        (PacketType::TRANSPORT_FEEDBACK, 10) => "DBI",
        (PacketType::TRANSPORT_FEEDBACK, 11) => "CCFB",
        (PacketType::TRANSPORT_FEEDBACK, 15) => "transport-cc",
        (PacketType::PAYLOAD_FEEDBACK, 1) => "PLI",
        (PacketType::PAYLOAD_FEEDBACK, 2) => "SLI",
        (PacketType::PAYLOAD_FEEDBACK, 3) => "RPSI",
        (PacketType::PAYLOAD_FEEDBACK, 4) => "FIR",
        (PacketType::PAYLOAD_FEEDBACK, 5) => "TSTR",
        (PacketType::PAYLOAD_FEEDBACK, 6) => "TSTN",
        (PacketType::PAYLOAD_FEEDBACK, 7) => "VBCM",
        (PacketType::PAYLOAD_FEEDBACK, 8) => "PSLEI",
        (PacketType::PAYLOAD_FEEDBACK, 9) => "ROI",
        (PacketType::PAYLOAD_FEEDBACK, 10) => "LRR",
        (PacketType::PAYLOAD_FEEDBACK, 15) => "AFB",
        _ => return None,
    })
}
