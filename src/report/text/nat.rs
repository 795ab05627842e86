//! NATs: what is known of each, and whether the clients behind them could meet.

use std::io::{self, Write};

use super::Layout;
use super::line::wrap;
use super::number::counted;
use super::paint::{Cell, Paint};
use crate::report::model::{Document, NatClient, NatMapping, Traversal};

/// Clients shown.
const CLIENTS: usize = 20;
/// Sessions shown.
const SESSIONS: usize = 20;
/// Mapped addresses named in one line.
const MAPPED: usize = 3;

pub(super) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    // A host that everybody sees as it is on the wire is worth a line only where it asked what NATs there are.
    let known = document.nat.clients.iter().filter(|client| client.translated || client.discovery);
    let known: Vec<&NatClient> = known.collect();
    if known.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let shown = if layout.all { known.len() } else { CLIENTS };
    for client in known.iter().take(shown) {
        line(layout, "NAT", &told(client), Paint::Plain, out)?;
    }
    let left = known.len().saturating_sub(shown) as u64;
    if left > 0 {
        writeln!(out, "    {}; --all shows every one", counted(left, "more client", "more clients"))?;
    }
    let telling = document.nat.traversal.iter().filter(|entry| layout.all || entry.possible.is_some());
    let telling: Vec<&Traversal> = telling.collect();
    let shown = if layout.all { telling.len() } else { SESSIONS };
    for entry in telling.iter().take(shown) {
        let paint = if entry.agrees == Some(false) { Paint::Warning } else { Paint::Plain };
        line(layout, "   ", &meeting(entry), paint, out)?;
    }
    let left = telling.len().saturating_sub(shown) as u64;
    if left > 0 {
        writeln!(out, "    {}; --all shows every one", counted(left, "more session", "more sessions"))?;
    }
    Ok(())
}

/// One entry with `title` in front, broken at the width of the page.
fn line(layout: Layout, title: &str, text: &str, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for (place, part) in wrap(text, layout.width.saturating_sub(4)).iter().enumerate() {
        let mut shown = String::new();
        Cell::painted(if place == 0 { title } else { "   " }, Paint::Title).append_to(&mut shown);
        Cell::painted(format!(" {part}"), paint).append_to(&mut shown);
        writeln!(out, "{shown}")?;
    }
    Ok(())
}

/// `192.168.1.11 → 203.0.113.21   port-restricted (endpoint-independent mapping, address-and-port-dependent filtering), told by …`
fn told(client: &NatClient) -> String {
    let mut mapped: Vec<&str> = Vec::new();
    for host in client.mappings.iter().filter(|mapping| mapping.mapped != mapping.local).filter_map(host) {
        if !mapped.contains(&host) {
            mapped.push(host);
        }
    }
    let named = mapped.iter().take(MAPPED).copied().collect::<Vec<_>>().join(", ");
    let more = if mapped.len() > MAPPED { format!(" and {} more", mapped.len() - MAPPED) } else { String::new() };
    let way = if mapped.is_empty() { client.address.clone() } else { format!("{} → {named}{more}", client.address) };
    format!("{way}   {}; {}", kind(client), witnesses(client))
}

fn host(mapping: &NatMapping) -> Option<&str> {
    mapping.mapped.rsplit_once(':').map(|(host, _)| host)
}

fn kind(client: &NatClient) -> String {
    let mapping = client.mapping_behavior.map(|known| format!("{known} mapping"));
    let filtering = client.filtering_behavior.map(|known| format!("{known} filtering"));
    let name = match client.classic_type {
        Some(known) => known.to_string(),
        None if client.translated => "kind unknown".to_owned(),
        None => "no NAT seen".to_owned(),
    };
    let unknown = |what: &str| format!("{what} unknown");
    if mapping.is_none() && filtering.is_none() {
        return match client.classic_type {
            Some(_) => format!("{name} (mapping depends on the destination, filtering unknown)"),
            None => name,
        };
    }
    let depends = || match client.classic_type {
        Some(_) => "mapping depends on the destination".to_owned(),
        None => unknown("mapping"),
    };
    let mapping = mapping.unwrap_or_else(depends);
    format!("{name} ({mapping}, {})", filtering.unwrap_or_else(|| unknown("filtering")))
}

/// `told by 2 servers and 1 peer`
fn witnesses(client: &NatClient) -> String {
    let distinct = |by: &str| {
        let mut seen: Vec<&str> = Vec::new();
        for mapping in client.mappings.iter().filter(|mapping| mapping.by.to_string() == by) {
            if !seen.contains(&mapping.server.as_str()) {
                seen.push(&mapping.server);
            }
        }
        seen.len() as u64
    };
    let parts = [(distinct("server"), "server", "servers"), (distinct("peer"), "peer", "peers")];
    let named: Vec<String> = parts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, more)| counted(count, one, more))
        .collect();
    format!("told by {}", named.join(" and "))
}

/// `ice-1: 192.168.1.11 and 192.168.2.12 cannot meet directly (both-symmetric); relayed, as was to be expected`
fn meeting(entry: &Traversal) -> String {
    let host = |place: usize| entry.clients.get(place).and_then(Option::as_deref).unwrap_or("an unseen host");
    let able = match entry.possible {
        Some(true) => "can meet directly",
        Some(false) => "cannot meet directly",
        None => "may or may not meet directly",
    };
    let outcome = match &entry.outcome {
        Some(word) => format!("it came out {word}"),
        None => "how it came out does not show".to_owned(),
    };
    let agrees = match entry.agrees {
        Some(true) => ", as was to be expected",
        Some(false) => ", against what was to be expected",
        None => "",
    };
    format!("{}: {} and {} {able} ({}); {outcome}{agrees}", entry.session, host(0), host(1), entry.reason)
}
