//! TLS connections: that something may have been signalled there.

use std::io::{self, Write};

use super::Layout;
use super::number::{bytes, counted, grouped, offset};
use super::paint::{Cell, Paint};
use super::table::{Column, Table};
use crate::report::model::{Document, Encrypted, EncryptedFrom};

/// Connections shown.
const CONNECTIONS: usize = 8;

pub(super) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let all = &document.signaling.encrypted;
    if all.is_empty() {
        return Ok(());
    }
    let count = counted(all.len() as u64 + document.signaling.encrypted_omitted, "connection", "connections");
    let mut line = String::from("\n");
    Cell::painted("TLS", Paint::Title).append_to(&mut line);
    writeln!(out, "{line}   {count}, not readable: what was signalled there is not in this report")?;
    let mut table = Table::new(vec![
        Column::text("server"),
        Column::text("name"),
        Column::text("protocol"),
        Column::text("version"),
        Column::text("time"),
        Column::number("→ messages"),
        Column::number("← messages"),
        Column::text("client"),
    ]);
    let shown = if layout.all { all.len() } else { CONNECTIONS };
    for connection in all.iter().take(shown) {
        table.push(row(connection));
    }
    table.render(4, layout.width, out)?;
    let rest = all.len().saturating_sub(shown) as u64;
    if rest > 0 {
        writeln!(out, "    {}; --all shows them", counted(rest, "more connection", "more connections"))?;
    }
    Ok(())
}

fn row(connection: &Encrypted) -> Vec<Cell> {
    let alpn = connection.alpn.clone().unwrap_or_else(|| connection.offered_alpn.join(" or "));
    let told = |from: EncryptedFrom, total: u64| {
        let kept = connection.messages.iter().filter(|message| message.from == from).count() as u64;
        let about = if connection.messages_omitted > 0 { "≥ " } else { "" };
        if total == 0 { "-".to_owned() } else { format!("{about}{} / {}", grouped(kept), bytes(total)) }
    };
    vec![
        Cell::new(&connection.server),
        Cell::new(connection.server_name.as_deref().unwrap_or_default()),
        Cell::new(alpn),
        Cell::new(connection.version.as_deref().unwrap_or_default()),
        Cell::new(format!("{} .. {}", offset(connection.first_time), offset(connection.last_time))),
        Cell::new(told(EncryptedFrom::Client, connection.bytes_sent)),
        Cell::new(told(EncryptedFrom::Server, connection.bytes_received)),
        Cell::new(&connection.client),
    ]
}
