//! Calls: who, what became of it, where the time went, and a ladder of what happened.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};

use unicode_width::UnicodeWidthStr;

use super::Layout;
use super::line::{flow, plain, wrap};
use super::number::{counted, duration, grouped, milliseconds, offset};
use super::paint::{Cell, Paint};
use super::table::{Column, Table};
use crate::call::{Outcome, StepKind};
use crate::report::model::{Call, Document, Exchange, Participant, Step};
use crate::signal::Carrier;

/// Calls shown with their ladders; of more, those that went well are a line each.
const LADDERS: usize = 6;
/// Calls shown at all.
const CALLS: usize = 40;
/// Steps shown at the begin and at the end of a ladder.
const FIRST_STEPS: usize = 24;
const LAST_STEPS: usize = 4;
/// Letters of a name in a ladder. Addresses are never cut.
const NAME: usize = 12;
/// Participants named in the title.
const NAMED: usize = 4;

pub(super) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let calls = document.calls.len();
    let (mut ladders, mut hidden) = (0, 0);
    for (place, call) in document.calls.iter().enumerate() {
        let whole = layout.all || calls <= LADDERS || (ladders < LADDERS && !went_well(call));
        if place >= CALLS && !layout.all && !whole {
            hidden += 1;
            continue;
        }
        title(place, call, layout, out)?;
        if whole {
            ladders += 1;
            how(call, document, layout, out)?;
            ladder(call, layout, out)?;
        }
    }
    if hidden > 0 {
        writeln!(out, "\n{}; --all shows them", counted(hidden, "more call", "more calls"))?;
    }
    Ok(())
}

fn went_well(call: &Call) -> bool {
    matches!(*call.outcome, Outcome::Connected | Outcome::Negotiated)
}

/// `A (10.77.0.11, libwebrtc)`.
fn who((place, participant): (usize, &Participant)) -> String {
    let mut facts: Vec<&str> = Vec::new();
    let address = participant.addresses.first().map(String::as_str);
    let name = match (&participant.name, address) {
        (Some(name), address) => {
            facts.extend(address);
            name.clone()
        }
        (None, Some(address)) => address.to_owned(),
        (None, None) => number(place),
    };
    facts.extend(participant.stack.as_deref());
    if facts.is_empty() { name } else { format!("{name} ({})", facts.join(", ")) }
}

/// Who has no name and no address, as the ladder calls it.
fn number(place: usize) -> String {
    format!("party {}", place + 1)
}

/// What people call the participant at `place`, in few letters: its name, else its address.
pub(super) fn called(place: usize, participant: &Participant) -> String {
    match (&participant.name, participant.addresses.first()) {
        (Some(name), _) => short(name),
        (None, Some(address)) => address.clone(),
        (None, None) => number(place),
    }
}

fn title(place: usize, call: &Call, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let title = Cell::painted(format!("CALL {}", place + 1), Paint::Title);
    let mut names: Vec<String> = call.participants.iter().enumerate().take(NAMED).map(who).collect();
    let more = call.participants.len().saturating_sub(NAMED);
    if more > 0 {
        names.push(format!("{} more", grouped(more as u64)));
    }
    let who = plain(&names.join(" ⇄ ")).into_owned();
    let outcome = outcome(call);
    let mut line = String::from("\n");
    title.append_to(&mut line);
    if title.width() + 6 + who.width() + outcome.width() <= layout.width {
        line.push_str(&format!("   {who}   "));
        outcome.append_to(&mut line);
        return writeln!(out, "{line}");
    }
    let pieces = super::wrap(&who, layout.width.saturating_sub(title.width() + 3));
    for (number, piece) in pieces.iter().enumerate() {
        line.push_str(if number == 0 { "   " } else { "         " });
        line.push_str(piece);
        writeln!(out, "{line}")?;
        line.clear();
    }
    line.push_str("    ");
    outcome.append_to(&mut line);
    writeln!(out, "{line}")
}

fn outcome(call: &Call) -> Cell {
    let paint = match *call.outcome {
        Outcome::Connected => Paint::Good,
        Outcome::Negotiated => Paint::Plain,
        Outcome::Connecting | Outcome::Unanswered | Outcome::Cancelled | Outcome::Refused => Paint::Warning,
        Outcome::Failed | Outcome::Lost => Paint::Bad,
    };
    let way = call.topology.as_ref().map(|topology| match (topology.kind.as_str(), &topology.center) {
        ("relayed", _) => " through TURN".to_owned(),
        ("direct", _) => " directly".to_owned(),
        ("star", Some(center)) => format!(", star around {center}"),
        (kind, _) => format!(", {kind}"),
    });
    let text = match *call.outcome {
        Outcome::Connected => format!("connected{}", way.unwrap_or_default()),
        Outcome::Lost => "connected, and lost its connection".to_owned(),
        Outcome::Failed => "failed: no connection".to_owned(),
        Outcome::Connecting => "still connecting when the capture ended".to_owned(),
        Outcome::Refused => "refused".to_owned(),
        Outcome::Cancelled => "given up before it was answered".to_owned(),
        Outcome::Unanswered => "the offer was not answered".to_owned(),
        Outcome::Negotiated => "negotiated; its connection is not in the capture".to_owned(),
    };
    Cell::painted(text, paint)
}

fn exchanges<'a>(call: &'a Call, document: &'a Document) -> impl Iterator<Item = &'a Exchange> {
    let all = &document.signaling.exchanges;
    call.exchanges.iter().filter_map(|id| {
        let place = id.strip_prefix("exchange-")?.parse::<usize>().ok()?.checked_sub(1)?;
        all.get(place)
    })
}

/// How it was signalled and joined, and where the time of its set-up went.
fn how(call: &Call, document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut facts: Vec<String> = Vec::new();
    let mut signaled: Vec<String> = Vec::new();
    let mut more = 0;
    for exchange in exchanges(call, document) {
        let server = exchange.parties.iter().find_map(|party| party.server.as_deref());
        let through = server.map(|server| format!(" through {server}")).unwrap_or_default();
        let told = match *exchange.transport {
            Carrier::Internals => "told by webrtc-internals".to_owned(),
            Carrier::File => "told by a file".to_owned(),
            _ => format!("signalled by {}{through}", exchange.transport),
        };
        if signaled.contains(&told) {
            continue;
        }
        if signaled.len() < NAMED {
            signaled.push(told);
        } else {
            more += 1;
        }
    }
    if more > 0 {
        signaled.push(counted(more, "other way", "other ways"));
    }
    if !signaled.is_empty() {
        facts.push(signaled.join(" and "));
    }
    let mut members: Vec<String> = Vec::new();
    members.extend(call.ice_sessions.iter().take(NAMED).map(|id| id.replacen("ice-", "ICE ", 1)));
    let more = call.ice_sessions.len().saturating_sub(NAMED);
    if more > 0 {
        members.push(counted(more as u64, "more ICE session", "more ICE sessions"));
    }
    let allocations = call.allocations.len() as u64;
    if allocations > 0 {
        members.push(counted(allocations, "TURN allocation", "TURN allocations"));
    }
    let mut kinds: Vec<&str> = call.grounds.iter().map(|ground| ground.kind.name()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if !members.is_empty() {
        let by = if kinds.is_empty() { String::new() } else { format!(", joined by {}", kinds.join(", ")) };
        facts.push(format!("{}{by}", members.join(", ")));
    }
    let width = layout.width.saturating_sub(4);
    for line in flow(&facts, " · ", width) {
        for piece in wrap(&plain(&line), width) {
            writeln!(out, "    {piece}")?;
        }
    }
    budget(call, layout, out)
}

/// `set up in 412 ms: answer 104 ms · candidates 9 ms · …`.
fn budget(call: &Call, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let Some(total) = call.setup.total.filter(|_| !call.setup.phases.is_empty()) else { return Ok(()) };
    let media = call.setup.first_media_times.iter().any(Option::is_some);
    let start = if call.setup.offer_time.is_some() { "offer" } else { "first check" };
    let end = if media { "first media" } else { "last step" };
    let mut parts = vec![format!("{} from {start} to {end}:", duration(total))];
    for phase in &call.setup.phases {
        let share = if total > 0.0 { phase.duration / total * 100.0 } else { 0.0 };
        parts.push(format!("{} {} ({share:.0} %)", phase.name, duration(phase.duration)));
    }
    let lead = parts.remove(0);
    let room = layout.width.saturating_sub(5 + lead.width());
    let widest = parts.iter().map(|part| part.width()).max().unwrap_or(0);
    if room < widest {
        // Below their lead, where beside it there is no room.
        writeln!(out, "    {lead}")?;
        for line in flow(&parts, " · ", layout.width.saturating_sub(6)) {
            writeln!(out, "      {line}")?;
        }
        return Ok(());
    }
    for (number, line) in flow(&parts, " · ", room).iter().enumerate() {
        let lead = if number == 0 { lead.clone() } else { " ".repeat(lead.width()) };
        writeln!(out, "    {lead} {line}")?;
    }
    Ok(())
}

fn ladder(call: &Call, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let steps = &call.ladder;
    let Some(first) = steps.first() else { return Ok(()) };
    let cut = !layout.all && steps.len() > FIRST_STEPS + LAST_STEPS + 1;
    let (head, tail) = if cut {
        (steps.get(..FIRST_STEPS).unwrap_or_default(), steps.get(steps.len() - LAST_STEPS..).unwrap_or_default())
    } else {
        (steps.as_slice(), &[][..])
    };
    let mut names: Vec<&str> = Vec::new();
    for step in head.iter().chain(tail) {
        for name in std::iter::once(&step.from).chain(&step.to) {
            if !names.contains(&name.as_str()) && names.len() < 2 && is_participant(call, name) {
                names.push(name);
            }
        }
    }
    let mut table = Table::new(vec![
        Column::number(""),
        Column::number(""),
        Column::text(""),
        Column::text(""),
        Column::text("").breaking(),
    ]);
    let omitted = (steps.len() - head.len() - tail.len()) as u64 + call.ladder_omitted;
    for step in head {
        table.push(row(step, first, &names));
    }
    if omitted > 0 {
        let text = format!("… {}; --all shows them", counted(omitted, "more step", "more steps"));
        let blank = || Cell::new("");
        table.push(vec![blank(), blank(), blank(), blank(), Cell::painted(text, Paint::Quiet)]);
    }
    for step in tail {
        table.push(row(step, first, &names));
    }
    table.render(4, layout.width, out)
}

fn is_participant(call: &Call, name: &str) -> bool {
    call.participants.iter().enumerate().any(|(place, known)| {
        number(place) == name
            || known.name.as_deref() == Some(name)
            || known.addresses.iter().any(|address| address == name)
    })
}

fn row(step: &Step, first: &Step, names: &[&str]) -> Vec<Cell> {
    let at_first = std::ptr::eq(step, first);
    let time = if at_first { offset(step.time) } else { milliseconds(step.time - first.time) };
    let paint = match *step.kind {
        StepKind::Signaling => Paint::Notice,
        StepKind::Turn | StepKind::Stun => Paint::Plain,
        StepKind::Dtls | StepKind::Media => Paint::Good,
    };
    let frame = if step.frame == 0 { String::new() } else { format!("#{}", step.frame) };
    vec![
        Cell::painted(time, Paint::Quiet),
        Cell::painted(frame, Paint::Quiet),
        Cell::painted(step.kind.name(), paint),
        Cell::new(arrow(step, names)),
        Cell::new(&step.what),
    ]
}

/// A name of a length that leaves room for the rest; applications make some of 20 letters and more at random.
fn short(name: &str) -> String {
    // Of a SIP URI the user is what a person knows.
    let name = name.strip_prefix("sips:").or_else(|| name.strip_prefix("sip:")).unwrap_or(name);
    let name = name.split_once('@').map_or(name, |(user, _)| user);
    let address = name.parse::<SocketAddr>().is_ok() || name.parse::<IpAddr>().is_ok();
    if address || name.chars().count() <= NAME {
        return name.to_owned();
    }
    let start: String = name.chars().take(NAME - 1).collect();
    format!("{start}…")
}

/// The two who speak most stand always on the same side.
fn arrow(step: &Step, names: &[&str]) -> String {
    match (&step.to, names) {
        (Some(to), [left, right]) if step.from == *right && to == left => {
            format!("{} ◀── {}", short(left), short(right))
        }
        (Some(to), _) => format!("{} ──▶ {}", short(&step.from), short(to)),
        (None, [left, right]) if step.from == *right => {
            format!("{:width$}{}", "", short(right), width = short(left).width() + 5)
        }
        (None, _) => short(&step.from),
    }
}
