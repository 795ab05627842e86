//! A STUN message as a tree, for people and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::input::Kind;
use crate::cli::args::DecodeFormat;
use crate::cli::fault::Fault;
use crate::cli::output::Output;
use crate::cli::secrets::Secrets;
use crate::crypto::Verdict;
use crate::report::json;
use crate::report::model::method_word;
use crate::report::text::{Cell, Paint};
use crate::report::tree::{self, Node};
use crate::wire::stun::{Fingerprint, Message, describe, fingerprint};

/// Reads a message. One that is guessed at must look like one; one that is said to be STUN is read as far as it goes.
pub(super) fn parse(bytes: &[u8], kind: Option<Kind>) -> Result<Message<'_>, Fault> {
    let message = Message::parse(bytes).map_err(|source| match kind {
        None => Fault::NoMessage { length: bytes.len() },
        Some(_) => Fault::NotMessage { expected: "a STUN message", length: bytes.len(), source },
    })?;
    let looks_right = !message.is_classic() || message.is_well_formed();
    if kind.is_none() && !looks_right {
        return Err(Fault::NoMessage { length: bytes.len() });
    }
    Ok(message)
}

/// The message as it is published.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    kind: &'static str,
    method: String,
    class: &'static str,
    classic: bool,
    transaction_id: String,
    length: usize,
    fingerprint: &'static str,
    integrity: &'static str,
    fault: Option<String>,
    fields: Vec<Node>,
}

const fn fingerprint_word(verdict: Fingerprint) -> &'static str {
    match verdict {
        Fingerprint::Valid => "valid",
        Fingerprint::Invalid { .. } => "invalid",
        Fingerprint::Absent => "absent",
        _ => "unknown",
    }
}

/// Writes `message` in `format`; `secrets` tell whether its integrity holds.
pub(super) fn show(
    message: &Message<'_>,
    secrets: &Secrets,
    format: DecodeFormat,
    output: &mut Output,
) -> Result<(), Fault> {
    let integrity = secrets.verify(message);
    let layout = output.json;
    output.write(|out| match format {
        DecodeFormat::Text => text(message, integrity, out),
        DecodeFormat::Json => json::render(&published(message, integrity), layout, out),
    })
}

fn published(message: &Message<'_>, integrity: Verdict) -> Shown {
    let shown = describe(message);
    Shown {
        kind: "stun",
        method: method_word(message.method),
        class: message.class.name(),
        classic: message.is_classic(),
        transaction_id: message.transaction_id.to_string(),
        length: message.bytes.len(),
        fingerprint: fingerprint_word(fingerprint(message)),
        integrity: integrity.name(),
        fault: message.fault.map(|fault| fault.to_string()),
        fields: shown.iter().map(Node::from).collect(),
    }
}

fn text(message: &Message<'_>, integrity: Verdict, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    Cell::painted(format!("STUN {} {}", message.method, message.class.label()), Paint::Title).append_to(&mut line);
    line.push_str(&format!(", {} bytes", message.bytes.len()));
    if message.is_classic() {
        line.push_str(", classic (RFC 3489)");
    }
    writeln!(out, "{line}")?;
    let mut whole = message.bytes.to_vec();
    whole.extend_from_slice(message.trailing);
    tree::render(&describe(message), &whole, out)?;
    if let Some(fault) = message.fault {
        let mut line = String::new();
        Cell::painted(format!("reading stopped: {fault}"), Paint::Bad).append_to(&mut line);
        writeln!(out, "{line}")?;
    }
    let (words, paint) = match integrity {
        Verdict::Valid => ("the password given made MESSAGE-INTEGRITY", Paint::Good),
        Verdict::Invalid => ("the password given did not make MESSAGE-INTEGRITY", Paint::Bad),
        Verdict::Unknown => ("integrity unknown: no password for it (--ice-pwd, --turn-credential)", Paint::Quiet),
        Verdict::Absent => return Ok(()),
    };
    let mut line = String::new();
    Cell::painted(words, paint).append_to(&mut line);
    writeln!(out, "{line}")
}
