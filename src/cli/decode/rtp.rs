//! An RTP packet as a tree, for people and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::context::MediaContext;
use super::line::{heading, painted};
use crate::cli::args::DecodeFormat;
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::report::json;
use crate::report::text::Paint;
use crate::report::tree::{self, Node};
use crate::wire::field::Field;
use crate::wire::rtp::payload::Codec;
use crate::wire::rtp::{Context, Packet, describe};

/// Reads a packet as far as it goes.
pub(super) fn parse(bytes: &[u8]) -> Result<Packet<'_>, Fault> {
    Packet::parse(bytes).map_err(|source| Fault::NotMessage { expected: "RTP", length: bytes.len(), source })
}

/// The packet as it is published.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    kind: &'static str,
    encrypted: bool,
    payload_type: u8,
    codec: Option<&'static str>,
    marker: bool,
    sequence_number: u16,
    timestamp: u32,
    ssrc: u32,
    length: usize,
    fault: Option<String>,
    notes: Vec<String>,
    fields: Vec<Node>,
}

/// Writes `packet` in `format`, with what `media` knows of it.
pub(super) fn show(
    packet: &Packet<'_>,
    media: &MediaContext,
    format: DecodeFormat,
    output: &mut Output,
) -> Result<(), Fault> {
    let layout = output.json;
    output.write(|out| match format {
        DecodeFormat::Text => text(packet, media, out),
        DecodeFormat::Json => json::render(&published(packet, media), layout, out),
    })
}

fn fields(packet: &Packet<'_>, media: &MediaContext) -> Vec<Field> {
    let extensions = |id| media.extension(id);
    let context = Context {
        extensions: Some(&extensions),
        codec: media.codec,
        encrypted: media.srtp.is_some(),
        ..Context::default()
    };
    describe(packet, &context)
}

fn fault(packet: &Packet<'_>, media: &MediaContext) -> Option<String> {
    let fault = if media.srtp.is_some() { packet.header_fault() } else { packet.fault() };
    fault.map(|fault| fault.to_string())
}

/// The second byte is the marker and the payload type, and of RTCP the packet type.
fn notes(packet: &Packet<'_>) -> Vec<String> {
    let second = u8::from(packet.marker) << 7 | packet.payload_type.0;
    let shared = (192..=223).contains(&second);
    let note = format!("the second byte, {second}, is one of RTCP where both share a port (rtcscope decode rtcp)");
    Some(note).filter(|_| shared).into_iter().collect()
}

fn published(packet: &Packet<'_>, media: &MediaContext) -> Shown {
    Shown {
        kind: "rtp",
        encrypted: media.srtp.is_some(),
        payload_type: packet.payload_type.0,
        codec: media.codec.map(Codec::name),
        marker: packet.marker,
        sequence_number: packet.sequence_number.0,
        timestamp: packet.timestamp.0,
        ssrc: packet.ssrc.0,
        length: packet.bytes.len(),
        fault: fault(packet, media),
        notes: notes(packet),
        fields: fields(packet, media).iter().map(Node::from).collect(),
    }
}

fn text(packet: &Packet<'_>, media: &MediaContext, out: &mut dyn Write) -> io::Result<()> {
    let protocol = if media.srtp.is_some() { "SRTP" } else { "RTP" };
    let title = format!("{protocol} payload type {}", packet.payload_type);
    let marker = if packet.marker { ", marker" } else { "" };
    let rest = format!(
        "{marker}, sequence number {}, timestamp {}, SSRC 0x{:08x}, {} bytes",
        packet.sequence_number.0,
        packet.timestamp.0,
        packet.ssrc.0,
        packet.bytes.len()
    );
    heading(&title, &rest, out)?;
    tree::render(&fields(packet, media), packet.bytes, out)?;
    if let Some(fault) = fault(packet, media) {
        painted(&format!("reading stopped: {fault}"), Paint::Bad, out)?;
    }
    notes(packet).iter().try_for_each(|note| painted(note, Paint::Warning, out))
}
