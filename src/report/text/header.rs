//! The first lines: what capture it is, and what is in it.

use std::io::{self, Write};

use super::Layout;
use super::line::{flow, plain, wrap};
use super::number::{bytes, counted, duration, grouped};
use super::paint::{Cell, Paint};
use crate::report::model::{Capture, Document};

pub(super) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let capture = &document.capture;
    let facts = facts(capture);
    let name = Cell::painted(name(&capture.path), Paint::Title);
    let mut line = String::new();
    name.append_to(&mut line);
    let joined = facts.join(", ");
    if name.width() + 3 + Cell::new(&joined).width() <= layout.width {
        writeln!(out, "{line}   {joined}")?;
    } else {
        writeln!(out, "{line}")?;
        for line in flow(&facts, ", ", layout.width.saturating_sub(3)) {
            writeln!(out, "  {line}")?;
        }
    }
    for line in flow(&contents(capture), " · ", layout.width) {
        writeln!(out, "{line}")?;
    }
    if let Some(fault) = &capture.fault {
        let mut shown = String::new();
        Cell::painted(format!("reading stopped: {fault}"), Paint::Warning).append_to(&mut shown);
        writeln!(out, "{shown}")?;
    }
    files(document, layout, out)?;
    if !capture.skipped.is_empty() {
        let parts: Vec<_> = capture
            .skipped
            .iter()
            .map(|entry| format!("{} {}", Cell::new(reason(&entry.reason)).text(), grouped(entry.packets)))
            .collect();
        for (number, line) in flow(&parts, " · ", layout.width.saturating_sub(8)).iter().enumerate() {
            let lead = if number == 0 { "skipped" } else { "       " };
            let mut shown = String::new();
            Cell::painted(format!("{lead} {line}"), Paint::Quiet).append_to(&mut shown);
            writeln!(out, "{shown}")?;
        }
    }
    Ok(())
}

/// The files that were read beside the capture, and how sure it is where their times lie on its clock.
fn files(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    for file in &document.signaling.files {
        let mut facts = vec![kind_name(&file.kind).to_owned()];
        if file.connections != 1 {
            facts.push(counted(file.connections as u64, "connection", "connections"));
        }
        facts.push(match (file.clock_offset, file.clock_offset_uncertainty, file.clock_events) {
            (Some(offset), Some(within), Some(events)) => {
                let events = counted(events as u64, "common event", "common events");
                format!("its clock {} ± {} by {events}", clock(offset), duration(within))
            }
            _ if matches!(file.kind.as_str(), "sdp" | "json") => "without times".to_owned(),
            _ => "no event in common with the capture: its times as they stand".to_owned(),
        });
        if file.skipped > 0 {
            facts.push(format!("{} not understood", counted(file.skipped, "part", "parts")));
        }
        if file.omitted > 0 {
            facts.push(format!("{} left out", grouped(file.omitted)));
        }
        let line = format!("with {}: {}", file.path, facts.join(", "));
        for (number, piece) in wrap(&plain(&line), layout.width.saturating_sub(2)).iter().enumerate() {
            writeln!(out, "{}{piece}", if number == 0 { "" } else { "  " })?;
        }
    }
    Ok(())
}

/// What people call a kind of file.
fn kind_name(kind: &str) -> &str {
    match kind {
        "sdp" => "SDP",
        "json" => "JSON",
        "har" => "HAR",
        kind => kind,
    }
}

/// How far a clock is off: with its sign, and precise enough for what is small.
fn clock(offset: f64) -> String {
    match offset {
        0.0 => "agrees".to_owned(),
        offset if offset < 0.0 => format!("{} ahead", duration(-offset)),
        offset => format!("{} behind", duration(offset)),
    }
}

fn name(path: &str) -> &str {
    match path {
        "-" => "standard input",
        path => path,
    }
}

fn facts(capture: &Capture) -> Vec<String> {
    let mut facts = vec![capture.format.to_string()];
    facts.extend(capture.link_types.iter().map(|link| link_name(link).to_owned()));
    facts.push(counted(capture.packets, "packet", "packets"));
    facts.push(bytes(capture.bytes));
    if let (Some(length), Some(first)) = (capture.duration, &capture.first_timestamp) {
        facts.push(format!("{} from {}", duration(length), moment(first)));
    }
    if capture.duplicate_packets > 0 {
        facts.push(format!("{} of them copies", grouped(capture.duplicate_packets)));
    }
    facts
}

/// What people call a link type that tcpdump calls `name`.
fn link_name(name: &str) -> &str {
    match name {
        "EN10MB" => "Ethernet",
        "LINUX_SLL" => "Linux cooked",
        "LINUX_SLL2" => "Linux cooked v2",
        "NULL" | "LOOP" => "BSD loopback",
        "RAW" => "raw IP",
        "IPV4" => "raw IPv4",
        "IPV6" => "raw IPv6",
        name => name,
    }
}

/// `2026-11-21T04:45:33.888123Z` as `2026-11-21 04:45:33.888 UTC`.
fn moment(timestamp: &str) -> String {
    let Some((date, time)) = timestamp.trim_end_matches('Z').split_once('T') else { return timestamp.to_owned() };
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    let milliseconds: String = fraction.chars().chain("000".chars()).take(3).collect();
    format!("{date} {whole}.{milliseconds} UTC")
}

/// What people call a reason to pass a packet over.
fn reason(key: &str) -> String {
    match key {
        "non-error-icmp" => "icmp".to_owned(),
        key => key.replace('-', " "),
    }
}

/// What people call a protocol of the report.
fn protocol_name(key: &str) -> &str {
    match key {
        "turnChannelData" => "turn data",
        "unknownUdp" => "other",
        key => key,
    }
}

fn contents(capture: &Capture) -> Vec<String> {
    let nested = &capture.nested;
    capture
        .protocols
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| {
            let inside = match nested.count(key) {
                0 => String::new(),
                inside if inside == count => " (all in relays)".to_owned(),
                inside => format!(" ({} in relays)", grouped(inside)),
            };
            format!("{} {}{inside}", protocol_name(key), grouped(count))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn timestamps_are_shown_to_the_millisecond() {
        assert_eq!(moment("2026-11-21T04:45:33.888123Z"), "2026-11-21 04:45:33.888 UTC");
        assert_eq!(moment("2026-11-21T04:45:33Z"), "2026-11-21 04:45:33.000 UTC");
    }
}
