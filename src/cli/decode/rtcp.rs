//! The packets of an RTCP datagram as a tree, for people and as JSON; of SRTCP what is in the clear.

use std::io::{self, Write};

use serde::Serialize;

use super::context::MediaContext;
use super::line::{heading, painted};
use crate::cli::args::{DecodeFormat, SrtpLayout};
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::report::json;
use crate::report::text::Paint;
use crate::report::tree::{self, Node};
use crate::wire::field::Field;
use crate::wire::rtcp::{Compound, PacketType, SecureTrailer, describe, describe_secure};

/// A datagram that was read.
pub(super) struct Datagram<'a> {
    bytes: &'a [u8],
    compound: Compound<'a>,
    encrypted: bool,
    trailer: Option<SecureTrailer>,
    /// Whether the place of the trailer was not said.
    inferred: bool,
    fields: Vec<Field>,
    notes: Vec<String>,
}

/// The datagram as it is published.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    kind: &'static str,
    encrypted: bool,
    packet_types: Vec<u8>,
    sender_ssrc: Option<u32>,
    length: usize,
    trailer: Option<Trailer>,
    fault: Option<String>,
    notes: Vec<String>,
    fields: Vec<Node>,
}

/// The trailer of SRTCP as it is published.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Trailer {
    layout: &'static str,
    inferred: bool,
    encrypted: bool,
    index: u32,
    offset: usize,
}

/// Reads a datagram as far as it goes, or what is in the clear where `media` says that it is encrypted.
pub(super) fn read<'a>(bytes: &'a [u8], media: &MediaContext) -> Result<Datagram<'a>, Fault> {
    let wrong = |source| Fault::NotMessage { expected: "RTCP", length: bytes.len(), source };
    let compound = Compound::parse(bytes).map_err(wrong)?;
    let trailer = media.trailer(bytes)?;
    let encrypted = media.srtp.is_some();
    let fields = match encrypted {
        true => describe_secure(bytes, trailer.as_ref()).map_err(wrong)?,
        false => describe(&compound),
    };
    let mut notes = strangers(&compound);
    if encrypted && trailer.is_none() {
        notes.push("no trailer of SRTCP is recognised (--srtp=hmac or --srtp=gcm says where it stands)".to_owned());
    }
    if !encrypted {
        notes.extend(disguised(bytes, &compound));
    }
    let inferred = media.srtp == Some(SrtpLayout::Auto);
    Ok(Datagram { bytes, compound, encrypted, trailer, inferred, fields, notes })
}

const fn is_rtcp(kind: PacketType) -> bool {
    matches!(kind.0, 192..=223)
}

/// A first packet of a type that RTP would have to be told from.
fn strangers(compound: &Compound<'_>) -> Vec<String> {
    let first = compound.packets.first().map(|packet| packet.kind).filter(|kind| !is_rtcp(*kind));
    let note = first.map(|kind| format!("packet type {} is not one of RTCP, 192 to 223 (rtcscope decode rtp)", kind.0));
    note.into_iter().collect()
}

/// Plain RTCP reads to its end; SRTCP given as plain hardly ever does.
fn disguised(bytes: &[u8], compound: &Compound<'_>) -> Option<String> {
    let broken = |packet: &crate::wire::rtcp::Packet<'_>| match packet.decode() {
        Ok(decoded) => decoded.fault.is_some() || !is_rtcp(packet.kind),
        Err(_) => true,
    };
    let plain = compound.fault.is_none() && compound.trailing.is_empty() && !compound.packets.iter().any(broken);
    let trailer = SecureTrailer::infer(bytes).filter(|_| !plain)?;
    Some(format!(
        "looks like SRTCP: it does not read to its end, and E flag and index {} fit at byte {}, the layout `{}`, so that all \
         above from byte 8 on may be nonsense (--srtp reads what is in the clear)",
        trailer.index,
        trailer.offset,
        trailer.layout.name()
    ))
}

/// Writes a datagram in `format`.
pub(super) fn show(datagram: &Datagram<'_>, format: DecodeFormat, output: &mut Output) -> Result<(), Fault> {
    let layout = output.json;
    output.write(|out| match format {
        DecodeFormat::Text => text(datagram, out),
        DecodeFormat::Json => json::render(&published(datagram), layout, out),
    })
}

impl Datagram<'_> {
    /// The types of its packets: of SRTCP only the first is in the clear.
    fn kinds(&self) -> impl Iterator<Item = PacketType> {
        let shown = if self.encrypted { 1 } else { usize::MAX };
        self.compound.packets.iter().take(shown).map(|packet| packet.kind)
    }

    /// Why reading stopped. Lengths mean nothing where the rest is encrypted.
    fn fault(&self) -> Option<String> {
        self.compound.fault.filter(|_| !self.encrypted).map(|fault| fault.to_string())
    }
}

fn published(datagram: &Datagram<'_>) -> Shown {
    Shown {
        kind: "rtcp",
        encrypted: datagram.encrypted,
        packet_types: datagram.kinds().map(|kind| kind.0).collect(),
        sender_ssrc: datagram.compound.sender().map(|ssrc| ssrc.0),
        length: datagram.bytes.len(),
        trailer: datagram.trailer.map(|trailer| Trailer {
            layout: trailer.layout.name(),
            inferred: datagram.inferred,
            encrypted: trailer.encrypted,
            index: trailer.index,
            offset: trailer.offset,
        }),
        fault: datagram.fault(),
        notes: datagram.notes.clone(),
        fields: datagram.fields.iter().map(Node::from).collect(),
    }
}

fn text(datagram: &Datagram<'_>, out: &mut dyn Write) -> io::Result<()> {
    let protocol = if datagram.encrypted { "SRTCP" } else { "RTCP" };
    let kinds: Vec<_> = datagram.kinds().map(|kind| kind.to_string()).collect();
    heading(&format!("{protocol} {}", kinds.join(" ")), &format!(", {} bytes", datagram.bytes.len()), out)?;
    tree::render(&datagram.fields, datagram.bytes, out)?;
    if let Some(trailer) = datagram.trailer {
        let origin = if datagram.inferred { "inferred from E flag, index and length" } else { "as given" };
        painted(&format!("layout of the trailer: {}, {origin}", trailer.layout.name()), Paint::Quiet, out)?;
    }
    if let Some(fault) = datagram.fault() {
        painted(&format!("reading stopped: {fault}"), Paint::Bad, out)?;
    }
    datagram.notes.iter().try_for_each(|note| painted(note, Paint::Warning, out))
}
