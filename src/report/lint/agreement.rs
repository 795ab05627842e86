//! What an offer and its answer agree on, for people: an m-line each.

use std::io::{self, Write};

use crate::report::text::{Cell, Paint, plain, wrap};
use crate::sdp::Direction;
use crate::sdp::negotiate::{AgreedCodec, AgreedMedia, AgreedTransport, Agreement, Side, Sides};

/// Writes what was agreed on for each m-line, and what was refused and why.
///
/// # Errors
///
/// Those of `out`.
pub fn agreement(agreement: &Agreement<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    let agreed = agreement.media.iter().filter(|media| media.is_agreed()).count();
    let count = agreement.media.len();
    let lines = if count == 1 { "m-line" } else { "m-lines" };
    Cell::painted(format!("AGREED ON  {agreed} of {count} {lines}"), Paint::Title).append_to(&mut line);
    writeln!(out, "{line}")?;
    for media in &agreement.media {
        of_media(media, width, out)?;
    }
    if agreement.media_omitted > 0 {
        writeln!(out, "  {} more m-lines are not compared", agreement.media_omitted)?;
    }
    for transport in &agreement.transports {
        of_transport(transport, width, out)?;
    }
    writeln!(out)
}

fn say(name: &str, text: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let text = plain(text);
    for (number, piece) in wrap(&text, width.saturating_sub(17).max(20)).iter().enumerate() {
        let name = if number == 0 { name } else { "" };
        writeln!(out, "    {name:<12} {piece}")?;
    }
    Ok(())
}

fn of_media(media: &AgreedMedia<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mid = media.mid.map_or(String::new(), |mid| format!(", mid {mid}"));
    let kind = if media.kind.is_empty() { "unreadable" } else { media.kind };
    let mut line = format!("  {} {}{}", media.index, plain(kind), plain(&mid));
    let (state, paint) = match media.refusal() {
        None => (told(media.directions.as_ref()), Paint::Good),
        Some(refusal) => (format!("refused: {}", refusal.name()), Paint::Warning),
    };
    line.push_str("  ");
    Cell::painted(state, paint).append_to(&mut line);
    writeln!(out, "{line}")?;
    if !media.codecs.is_empty() {
        let codecs: Vec<String> = media.codecs.iter().map(codec).collect();
        say("codecs", &codecs.join(", "), width, out)?;
    }
    if !media.refused_codecs.is_empty() {
        let refused = media.refused_codecs.iter().map(|codec| {
            let name = if codec.name.is_empty() { "unnamed" } else { codec.name };
            format!("{} {name} ({} of the {})", codec.payload_type, codec.reason.name(), side(codec.named_by))
        });
        say("not used", &refused.collect::<Vec<_>>().join(", "), width, out)?;
    }
    if !media.formats.is_empty() {
        say("formats", &media.formats.join(", "), width, out)?;
    }
    if !media.extensions.is_empty() {
        let short = |uri: &str| uri.rsplit(['/', ':']).next().unwrap_or(uri).to_owned();
        let list = media.extensions.iter().map(|extension| match extension.offered_id {
            Some(offered) if offered != extension.id => {
                format!("{} {} (offered as {offered})", extension.id, short(extension.uri))
            }
            _ => format!("{} {}", extension.id, short(extension.uri)),
        });
        say("extensions", &list.collect::<Vec<_>>().join(", "), width, out)?;
    }
    if let Some(simulcast) = &media.simulcast {
        for (name, streams) in [("offerer", &simulcast.sends.offerer), ("answerer", &simulcast.sends.answerer)] {
            if streams.is_empty() {
                continue;
            }
            let rids: Vec<String> = streams
                .iter()
                .map(|alternatives| {
                    alternatives.iter().map(|stream| stream.id.to_owned()).collect::<Vec<_>>().join(" or ")
                })
                .collect();
            say("simulcast", &format!("the {name} sends {}", rids.join(", ")), width, out)?;
        }
    }
    if let Some(sctp) = &media.sctp {
        let port = |port: Option<u16>| port.map_or("?".to_owned(), |port| port.to_string());
        let sizes = &sctp.max_message_sizes;
        let ports = format!("{} and {}", port(sctp.ports.offerer), port(sctp.ports.answerer));
        say("SCTP", &format!("ports {ports}; messages of {} and {} bytes", sizes.offerer, sizes.answerer), width, out)?;
    }
    if media.rtcp_mux == Some(false) && media.is_agreed() {
        say("RTCP", "on a port of its own", width, out)?;
    }
    Ok(())
}

const fn side(side: Side) -> &'static str {
    match side {
        Side::Offerer => "offerer",
        Side::Answerer => "answerer",
    }
}

/// Who sends.
fn told(directions: Option<&Sides<Direction>>) -> String {
    let Some(directions) = directions else { return "data channels".to_owned() };
    match directions.offerer {
        Direction::SendRecv => "both send",
        Direction::SendOnly => "only the offerer sends",
        Direction::RecvOnly => "only the answerer sends",
        Direction::Inactive => "nobody sends",
    }
    .to_owned()
}

fn codec(codec: &AgreedCodec<'_>) -> String {
    let Sides { offerer, answerer } = codec.payload_types;
    let name = if codec.name.is_empty() { "unnamed" } else { codec.name };
    let rate = codec.clock_rate.map_or(String::new(), |rate| format!("/{rate}"));
    if offerer == answerer { format!("{offerer} {name}{rate}") } else { format!("{offerer}→{answerer} {name}{rate}") }
}

fn of_transport(transport: &AgreedTransport<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let media: Vec<String> = transport.media.iter().map(ToString::to_string).collect();
    let mut line = String::from("  ");
    let lines = if media.len() == 1 { "m-line" } else { "m-lines" };
    Cell::painted(format!("transport of {lines} {}", media.join(", ")), Paint::Title).append_to(&mut line);
    writeln!(out, "{line}")?;
    if let Some(ice) = &transport.ice {
        let fragment = |fragment: Option<&str>| fragment.unwrap_or("none").to_owned();
        let Sides { offerer, answerer } = ice.username_fragments;
        let lite = match (ice.lite.offerer, ice.lite.answerer) {
            (true, true) => "; both are lite",
            (true, false) => "; the offerer is lite",
            (false, true) => "; the answerer is lite",
            (false, false) => "",
        };
        let fragments = format!("{} and {}", fragment(offerer), fragment(answerer));
        say("ICE", &format!("{fragments}; the {} controls{lite}", side(ice.controlling)), width, out)?;
    }
    if let Some(dtls) = &transport.dtls {
        let client = match dtls.client {
            Some(client) => format!("the {} is the client", side(client)),
            None => "who is the client is not settled".to_owned(),
        };
        say("DTLS", &client, width, out)?;
    }
    Ok(())
}
