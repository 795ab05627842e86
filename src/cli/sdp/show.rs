//! `rtcscope sdp show`: what a colleague would tell you about a description.

use std::io::{self, Write};

use super::args::{Format, Show};
use super::input::{Found, Input};
use super::write;
use crate::cli::exit::Exit;
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::report::text::plain;
use crate::sdp::{
    Block, CandidateOverview, CodecOverview, Document, LineType, MediaOverview, Overview, Setup, TransportOverview,
};
use crate::text::LineIndex;

/// Faults that are shown; the rest is counted.
const FAULTS: usize = 12;

pub(super) fn run(command: &Show) -> Result<Exit, Fault> {
    let inputs = command.files.iter().map(|path| Input::read(path)).collect::<Result<Vec<Input>, Fault>>()?;
    let found: Vec<(String, &Found)> = inputs
        .iter()
        .flat_map(|input| input.found.iter().map(|found| (format!("{} {}", input.path, found.title), found)))
        .collect();
    let several = found.len() > 1;
    let mut output = Output::open(&command.output, &command.files)?;
    output.write(|out| {
        for (index, (title, found)) in found.iter().enumerate() {
            let document = Document::parse(&found.text);
            if command.format == Format::Json {
                let value = serde_json::to_value(Overview::new(&document))?;
                out.write_all(&write::json(&value, command.output.compact))?;
                continue;
            }
            if several {
                writeln!(out, "{}{}\n", if index == 0 { "" } else { "\n" }, plain(title.trim()))?;
            }
            if command.blocks { blocks(&document, out)? } else { text(&document, out)? }
        }
        Ok(())
    })?;
    output.flush()?;
    Ok(Exit::Done)
}

/// A line of the page, safe for a terminal.
fn say(out: &mut dyn Write, line: &str) -> io::Result<()> {
    writeln!(out, "{}", plain(line.trim_end()))
}

fn text(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    let told = Overview::new(document);
    head(document, &told, out)?;
    for (index, transport) in told.transports.iter().enumerate() {
        transport_lines(index + 1, transport, &told, out)?;
    }
    for media in &told.media {
        media_lines(media, out)?;
    }
    faults(document, out)
}

fn head(document: &Document<'_>, told: &Overview, out: &mut dyn Write) -> io::Result<()> {
    let what = if document.is_fragment() { "Fragment" } else { "Description" };
    let media: Vec<&str> = told.media.iter().map(|media| media.kind.as_str()).collect();
    let count = match media.as_slice() {
        [] => "no m-line".to_owned(),
        [one] => format!("1 m-line: {one}"),
        several => format!("{} m-lines: {}", several.len(), several.join(", ")),
    };
    say(out, &format!("{what} with {count}"))?;
    if let Some(origin) = document.origin() {
        let by = if origin.username == "-" { String::new() } else { format!("by {}, ", origin.username) };
        let (id, version, address) = (origin.session_id, origin.session_version, origin.address);
        say(out, &format!("  origin      {by}session {id}, version {version}, {address}"))?;
    }
    if !matches!(told.name.as_str(), "" | "-" | " ") {
        say(out, &format!("  name        {}", told.name))?;
    }
    if let Some(tool) = &told.tool {
        say(out, &format!("  tool        {tool}"))?;
    }
    for group in &told.groups {
        say(out, &format!("  group       {group}"))?;
    }
    if told.ice_lite {
        say(out, "  ICE lite    answers checks and makes none")?;
    }
    Ok(())
}

fn transport_lines(
    number: usize,
    transport: &TransportOverview,
    told: &Overview,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lines: Vec<String> = transport
        .media
        .iter()
        .map(|index| {
            let media = told.media.get(*index);
            let name = media.and_then(|media| media.mid.clone()).unwrap_or_else(|| index.to_string());
            format!("{name} ({})", media.map_or("", |media| media.kind.as_str()))
        })
        .collect();
    writeln!(out)?;
    let bundled = if lines.len() > 1 { ", bundled" } else { "" };
    let lines = if lines.is_empty() { "of no m-line".to_owned() } else { lines.join(", ") };
    say(out, &format!("Transport {number}: {lines}{bundled}"))?;
    if let Some(address) = &transport.address {
        say(out, &format!("  default     {address}"))?;
    }
    if let Some(ufrag) = &transport.ufrag {
        let password = if transport.has_password { "with a password" } else { "without a password" };
        let options = if transport.ice_options.is_empty() {
            String::new()
        } else {
            format!("; {}", transport.ice_options.join(", "))
        };
        say(out, &format!("  ICE         ufrag {ufrag}, {password}{options}"))?;
    }
    security(transport, told.origin.is_empty(), out)?;
    if let Some(rtcp) = &transport.rtcp {
        say(out, &format!("  RTCP        {rtcp}"))?;
    }
    for candidate in &transport.candidates {
        for line in candidate_lines(candidate) {
            say(out, &format!("  {line}"))?;
        }
    }
    if transport.end_of_candidates {
        say(out, "  no more candidates")?;
    }
    Ok(())
}

fn security(transport: &TransportOverview, fragment: bool, out: &mut dyn Write) -> io::Result<()> {
    let role = transport.setup.map(|setup| match setup {
        Setup::Actpass => "either side may be the DTLS client (actpass)",
        Setup::Active => "the writer is the DTLS client (active)",
        Setup::Passive => "the writer is the DTLS server (passive)",
        Setup::Holdconn => "no connection for now (holdconn)",
    });
    if let Some(role) = role {
        say(out, &format!("  DTLS        {role}"))?;
    }
    for fingerprint in &transport.fingerprints {
        say(out, &format!("  certificate {fingerprint}"))?;
    }
    if transport.has_crypto {
        say(out, "  SDES        keys in the description (not shown)")?;
    }
    if transport.fingerprints.is_empty() && !transport.has_crypto && !fragment {
        say(out, "  no DTLS, no SDES: media is not encrypted, or the keys come from elsewhere")?;
    }
    Ok(())
}

/// What there is to say about a candidate: what it is, and its priority taken apart.
pub(in crate::cli) fn candidate_lines(candidate: &CandidateOverview) -> [String; 2] {
    let related = candidate.related.as_ref().map_or(String::new(), |related| format!(" from {related}"));
    let network = candidate.network_id.map_or(String::new(), |id| format!(", network {id}"));
    let cost = candidate.network_cost.map_or(String::new(), |cost| format!(", cost {cost}"));
    let first = format!(
        "{:<6} {:<11} {}{related}, component {}, foundation {}{network}{cost}",
        candidate.candidate_type.name(),
        candidate.protocol,
        candidate.address,
        candidate.component,
        candidate.foundation
    );
    let CandidateOverview { priority, type_preference, local_preference, component_part, .. } = candidate;
    let fits = if *component_part == u32::from(candidate.component) { "" } else { ", which is another component" };
    let second = format!(
        "       priority {priority} = 2^24 · {type_preference} (type) + 2^8 · {local_preference} (local) \
         + 256 - {component_part} (component{fits})"
    );
    [first, second]
}

fn media_lines(media: &MediaOverview, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    let mid = media.mid.as_ref().map_or(String::new(), |mid| format!(", mid {mid}"));
    let state = match (media.rejected, media.bundle_only) {
        (true, _) => ", stopped",
        (_, true) => ", only in its bundle",
        _ => "",
    };
    say(out, &format!("Media {}: {}{mid}, {}{state}", media.index, media.kind, media.protocol))?;
    let direction = match (media.direction.sends(), media.direction.receives()) {
        (true, true) => "sends and receives",
        (true, false) => "only sends",
        (false, true) => "only receives",
        (false, false) => "neither sends nor receives",
    };
    say(out, &format!("  direction   {}: the writer {direction}", media.direction))?;
    for codec in &media.codecs {
        codec_lines(codec, out)?;
    }
    let listed = [
        ("limit", &media.bandwidths),
        ("extension", &media.extensions),
        ("track", &media.tracks),
        ("layers sent", &media.simulcast_send),
        ("layers recv", &media.simulcast_recv),
    ];
    for (name, list) in listed {
        for entry in list {
            say(out, &format!("  {name:<11} {entry}"))?;
        }
    }
    if !media.sources.is_empty() {
        let sources: Vec<String> = media.sources.iter().map(u32::to_string).collect();
        say(out, &format!("  sources     {}", sources.join(", ")))?;
    }
    if let Some(port) = &media.sctp_port {
        say(out, &format!("  SCTP port   {port}"))?;
    }
    Ok(())
}

fn codec_lines(codec: &CodecOverview, out: &mut dyn Write) -> io::Result<()> {
    let name = if codec.name.is_empty() { "(not said)" } else { codec.name.as_str() };
    let rate = if codec.clock_rate == 0 { String::new() } else { format!(" {} Hz", codec.clock_rate) };
    let channels = codec
        .channels
        .filter(|channels| *channels > 1)
        .map_or(String::new(), |channels| format!(", {channels} channels"));
    let rtx = codec.rtx.map_or(String::new(), |rtx| format!(", retransmitted as {rtx}"));
    let meaning = codec.meaning.as_ref().map_or(String::new(), |meaning| format!("; {meaning}"));
    say(out, &format!("  codec {:>3}   {name}{rate}{channels}{rtx}{meaning}", codec.payload_type))?;
    if let Some(parameters) = &codec.parameters {
        say(out, &format!("              {parameters}"))?;
    }
    if !codec.feedback.is_empty() {
        say(out, &format!("              feedback: {}", codec.feedback.join(", ")))?;
    }
    Ok(())
}

fn faults(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    let errors = if document.is_fragment() { document.fragment_errors() } else { document.errors() };
    if errors.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    say(out, &format!("Faults: {}", errors.len()))?;
    let index = LineIndex::new(document.text());
    for error in errors.iter().take(FAULTS) {
        let at = index.position(error.span.start);
        say(out, &format!("  {}:{}: {error}", at.line, at.column))?;
    }
    match errors.len().checked_sub(FAULTS) {
        Some(more) if more > 0 => say(out, &format!("  and {more} more")),
        _ => Ok(()),
    }
}

fn blocks(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    for block in Block::ALL {
        let mut section = None;
        let mut named = false;
        for (own, line) in document.block(block) {
            if !named {
                say(out, block.name())?;
                named = true;
            }
            if section != Some(own.index()) {
                section = Some(own.index());
                let name = own.index().map_or_else(|| "session".to_owned(), |index| format!("m-line {index}"));
                say(out, &format!("  {name}"))?;
            }
            say(out, &format!("    {}", shown(line)))?;
        }
    }
    Ok(())
}

/// The line; of a secret, only its name.
fn shown(line: &crate::sdp::Line<'_>) -> String {
    use crate::sdp::Key;
    let content = String::from_utf8_lossy(line.content()).into_owned();
    match (line.line_type(), line.key()) {
        (LineType::EncryptionKey, _) => "k=(not shown)".to_owned(),
        (_, Key::IcePwd | Key::Crypto) => format!("a={}:(not shown)", line.key().name()),
        _ => content,
    }
}
