//! TURN servers and their allocations.

use std::collections::HashSet;
use std::io::{self, Write};

use super::Layout;
use super::number::{bytes, counted, grouped, offset};
use super::paint::{Cell, Paint};
use super::table::{Column, Table};
use crate::finding::Severity;
use crate::path::Transport;
use crate::report::model::{Allocation, Channel, Document, Server, Word};
use crate::session::turn::AllocationState;

/// Allocations of one server shown whatever became of them.
const ALLOCATIONS: usize = 20;
/// Allocations of one server shown in all.
const ALLOCATIONS_IN_ALL: usize = 60;
/// Channels named in a row.
const CHANNELS: usize = 2;
/// Errors named in a row.
const ERRORS: usize = 3;

pub(super) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    for (address, protocol) in servers(document) {
        let allocations: Vec<_> = document
            .turn
            .allocations
            .iter()
            .filter(|allocation| allocation.server == address && allocation.protocol == protocol)
            .collect();
        let known =
            document.turn.servers.iter().find(|server| server.address == address && server.protocol == protocol);
        let relays = !allocations.is_empty() || known.is_some_and(|server| server.relays);
        title(address, protocol, known, relays, out)?;
        table(document, &allocations, layout, out)?;
    }
    Ok(())
}

/// Every server once: those described, then those that only an allocation names.
fn servers(document: &Document) -> Vec<(&str, Word<Transport>)> {
    let mut seen = HashSet::new();
    let described = document.turn.servers.iter().map(|server| (server.address.as_str(), server.protocol));
    let named = document.turn.allocations.iter().map(|one| (one.server.as_str(), one.protocol));
    described.chain(named).filter(|server| seen.insert(*server)).collect()
}

fn title(
    address: &str,
    protocol: Word<Transport>,
    server: Option<&Server>,
    relays: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = String::from("\n");
    Cell::painted(if relays { "TURN" } else { "STUN" }, Paint::Title).append_to(&mut line);
    Cell::new(format!(" {address} over {protocol}")).append_to(&mut line);
    if let Some(server) = server {
        if let Some(software) = &server.software {
            Cell::new(format!("   {software}")).append_to(&mut line);
        }
        let requests = counted(server.requests, "request", "requests");
        if server.answered == 0 && server.requests > 0 {
            Cell::painted(format!("   {requests}, none answered"), Paint::Bad).append_to(&mut line);
        } else {
            let answered = if server.answered == server.requests { "all".to_owned() } else { grouped(server.answered) };
            Cell::painted(format!("   {requests}, {answered} answered"), Paint::Quiet).append_to(&mut line);
        }
    }
    writeln!(out, "{line}")
}

fn table(document: &Document, allocations: &[&Allocation], layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(vec![
        Column::text("relayed"),
        Column::text("user"),
        Column::text("life"),
        Column::number("permissions").breaking(),
        Column::text("channels"),
        Column::number("to peers"),
        Column::number("from peers"),
        Column::text("client"),
        Column::text(""),
    ]);
    let troubled = troubled(document);
    let mut shown = 0;
    for (place, allocation) in allocations.iter().enumerate() {
        let wrong = troubled.contains(allocation.id.as_str());
        if layout.all || place < ALLOCATIONS || (wrong && shown < ALLOCATIONS_IN_ALL) {
            shown += 1;
            table.push(row(allocation));
        }
    }
    table.render(4, layout.width, out)?;
    let left = (allocations.len() - shown) as u64;
    if left > 0 {
        writeln!(out, "    {}; --all shows every one", counted(left, "more allocation", "more allocations"))?;
    }
    Ok(())
}

fn troubled(document: &Document) -> HashSet<&str> {
    let serious = document.findings.iter().filter(|finding| *finding.severity > Severity::Info);
    serious.filter_map(|finding| finding.subject.as_ref()).map(|subject| subject.id.as_str()).collect()
}

fn row(allocation: &Allocation) -> Vec<Cell> {
    let (life, paint) = life(allocation);
    let relayed = if allocation.relayed.is_empty() { "-".to_owned() } else { allocation.relayed.join(" ") };
    let sent = allocation.peers.iter().map(|peer| peer.send_indications + peer.channel_data_sent).sum();
    let received = allocation.peers.iter().map(|peer| peer.data_indications + peer.channel_data_received).sum();
    let connections = &allocation.connections;
    let bytes_sent = allocation.peers.iter().map(|peer| peer.bytes_sent).sum::<u64>()
        + connections.iter().map(|one| one.bytes_sent).sum::<u64>();
    let bytes_received = allocation.peers.iter().map(|peer| peer.bytes_received).sum::<u64>()
        + connections.iter().map(|one| one.bytes_received).sum::<u64>();
    vec![
        Cell::new(relayed),
        Cell::new(allocation.username.as_deref().unwrap_or("-")),
        Cell::painted(life, paint),
        Cell::new(grouped(allocation.permissions.len() as u64)),
        Cell::new(channels(&allocation.channels)),
        Cell::new(traffic(sent, bytes_sent)),
        Cell::new(traffic(received, bytes_received)),
        Cell::new(&allocation.client),
        Cell::new(errors(allocation)),
    ]
}

fn traffic(messages: u64, amount: u64) -> String {
    match (messages, amount) {
        (0, 0) => "0".to_owned(),
        (0, amount) => bytes(amount),
        (messages, amount) => format!("{} / {}", grouped(messages), bytes(amount)),
    }
}

fn life(allocation: &Allocation) -> (String, Paint) {
    let created = allocation.created_time.map_or_else(|| "before the capture".to_owned(), offset);
    let lifetime = allocation.lifetime.map(|seconds| format!(", {} s", grouped(seconds.into()))).unwrap_or_default();
    let refreshes = match allocation.refreshes {
        0 => String::new(),
        count => format!(", {}", counted(count, "refresh", "refreshes")),
    };
    match *allocation.state {
        AllocationState::Allocating => {
            (format!("asked for at {}, not granted", offset(allocation.first_time)), Paint::Warning)
        }
        AllocationState::Refused => (format!("asked for at {}, refused", offset(allocation.first_time)), Paint::Bad),
        AllocationState::Active => (format!("{created} .. end of capture{lifetime}{refreshes}"), Paint::Good),
        AllocationState::Ended => {
            let ended = allocation.ended_time.map_or_else(|| "?".to_owned(), offset);
            let reason = allocation.end_reason.map_or("ended", |reason| reason.name()).replace('-', " ");
            (format!("{created} .. {ended}, {reason}{lifetime}{refreshes}"), Paint::Plain)
        }
    }
}

fn channels(channels: &[Channel]) -> String {
    let mut named: Vec<String> = channels
        .iter()
        .take(CHANNELS)
        .map(|channel| match &channel.peer {
            Some(peer) => format!("{:#06x} → {peer}", channel.number),
            None => format!("{:#06x}", channel.number),
        })
        .collect();
    if channels.len() > CHANNELS {
        named.push(format!("{} more", channels.len() - CHANNELS));
    }
    if named.is_empty() { "-".to_owned() } else { named.join(", ") }
}

/// The last errors of an allocation, the oldest first, and where they stand. One alone comes with the server's words.
fn errors(allocation: &Allocation) -> String {
    let before = allocation.errors.len().saturating_sub(ERRORS);
    let left_out = before as u64 + allocation.errors_omitted;
    if let ([error], 0) = (allocation.errors.as_slice(), left_out) {
        return format!("{} {} {} #{}", error.method, error.code, error.reason, error.frame);
    }
    let kept = allocation.errors.iter().skip(before);
    let mut named: Vec<String> =
        kept.map(|error| format!("{} {} #{}", error.method, error.code, error.frame)).collect();
    if left_out > 0 {
        named.insert(0, counted(left_out, "error before", "errors before"));
    }
    named.join(", ")
}
