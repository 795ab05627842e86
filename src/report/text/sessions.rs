//! ICE sessions and their pairs.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Layout;
use super::line::{flow, plain};
use super::number::{counted, duration, grouped, offset};
use super::outcome::{host, outcome};
use super::paint::{Cell, Paint};
use super::table::{Column, Table};
use super::timeline::timeline;
use crate::finding::Severity;
use crate::report::model::{Document, End, Pair, Session};
use crate::session::ice::{AgentState, PairState};

/// Sessions shown whatever became of them.
const SESSIONS: usize = 20;
/// Sessions shown in all.
const SESSIONS_IN_ALL: usize = 60;
/// Pairs shown of one session.
const PAIRS: usize = 12;

pub(super) fn render(document: &Document, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let troubled = troubled(document);
    let mut shown = 0;
    let mut rest = BTreeMap::new();
    for (place, session) in document.ice.sessions.iter().enumerate() {
        let wrong = troubled.contains(session.id.as_str()) || !went_well(session);
        if layout.all || place < SESSIONS || (wrong && shown < SESSIONS_IN_ALL) {
            shown += 1;
            session_lines(place, session, document, layout, out)?;
        } else {
            let state = session.state.map_or("unknown", |state| state.name());
            *rest.entry(state).or_insert(0_u64) += 1;
        }
    }
    if rest.is_empty() {
        return Ok(());
    }
    let states: Vec<_> = rest.iter().map(|(state, count)| format!("{} {state}", grouped(*count))).collect();
    let count = counted(rest.values().sum(), "more session", "more sessions");
    writeln!(out, "\nICE {count}: {}; --all shows every one", states.join(", "))
}

fn went_well(session: &Session) -> bool {
    session.state.is_some_and(|state| matches!(*state, AgentState::Connected | AgentState::Completed))
}

/// The sessions with an error or a warning of their own or of one of their pairs.
fn troubled(document: &Document) -> HashSet<&str> {
    let serious = document.findings.iter().filter(|finding| *finding.severity > Severity::Info);
    let ids = serious.filter_map(|finding| finding.subject.as_ref()).map(|subject| subject.id.as_str());
    ids.map(|id| id.split_once("-pair-").map_or(id, |(session, _)| session)).collect()
}

fn session_lines(
    place: usize,
    session: &Session,
    document: &Document,
    layout: Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = Cell::painted(format!("ICE {}", place + 1), Paint::Title);
    let who = [agent(session, 0, document), format!("⇄ {}", agent(session, 1, document))];
    let outcome = outcome(session, document);
    let mut line = String::from("\n");
    title.append_to(&mut line);
    let room = layout.width.saturating_sub(title.width() + 3);
    let lines = flow(&who.map(|agent| plain(&agent).into_owned()), " ", room);
    for (number, who) in lines.iter().enumerate() {
        let last = number + 1 == lines.len();
        let lead = if number == 0 { 3 } else { title.width() + 1 };
        line.push_str(&" ".repeat(lead));
        line.push_str(who);
        if last && lines.len() == 1 && who.width() + 3 + outcome.width() <= room {
            line.push_str("   ");
            outcome.append_to(&mut line);
        }
        writeln!(out, "{line}")?;
        line.clear();
    }
    if lines.len() > 1 || lines.iter().any(|who| who.width() + 3 + outcome.width() > room) {
        for piece in super::wrap(outcome.text(), layout.width.saturating_sub(4)) {
            let mut line = String::from("    ");
            outcome.like(piece).append_to(&mut line);
            writeln!(out, "{line}")?;
        }
    }
    if let Some(before) = &session.restart_of {
        writeln!(out, "    restarts ICE {}", before.trim_start_matches("ice-"))?;
    }
    for line in flow(&timeline(session), " · ", layout.width.saturating_sub(4)) {
        writeln!(out, "    {}", plain(&line))?;
    }
    pairs(session, layout, out)
}

fn agent(session: &Session, place: usize, document: &Document) -> String {
    let [first, second] = &session.agents;
    let agent = if place == 0 { first } else { second };
    let lite = (agent.lite == Some(true)).then(|| "lite".to_owned());
    let facts: Vec<String> = [
        host(session, place, document).map(ToOwned::to_owned),
        agent.role.map(|role| role.to_string()),
        agent.stack.clone(),
        lite,
    ]
    .into_iter()
    .flatten()
    .collect();
    if facts.is_empty() { agent.ufrag.clone() } else { format!("{} ({})", agent.ufrag, facts.join(", ")) }
}

/// The pairs worth a line: those in use, nominated or answered, then the others while there is room; in order of appearance.
fn chosen(session: &Session, layout: Layout) -> Vec<&Pair> {
    let answered = |pair: &&Pair| pair.selected || pair.nominated || pair.responses_received + pair.responses_sent > 0;
    if layout.all || session.pairs.len() <= PAIRS {
        return session.pairs.iter().collect();
    }
    let good = session.pairs.iter().filter(|pair| answered(pair)).count().min(PAIRS);
    let mut others = PAIRS - good;
    let mut room = PAIRS;
    let mut take = |pair: &&Pair| {
        let wanted = if answered(pair) {
            room > 0
        } else if others > 0 {
            others -= 1;
            true
        } else {
            false
        };
        if wanted {
            room = room.saturating_sub(1);
        }
        wanted || pair.selected
    };
    session.pairs.iter().filter(|pair| take(pair)).collect()
}

fn pairs(session: &Session, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(vec![
        Column::text(""),
        Column::number(""),
        Column::text("pair"),
        Column::text("component"),
        Column::text("kind"),
        Column::text("state"),
        Column::number("→ answered").breaking(),
        Column::number("← answered"),
        Column::number("rtt"),
        Column::text("nominated"),
        Column::text("why"),
    ]);
    let chosen = chosen(session, layout);
    let components = session.pairs.iter().any(|pair| pair.component != 1);
    for pair in &chosen {
        table.push(row(pair, components));
    }
    table.render(2, layout.width, out)?;
    let left = (session.pairs.len() - chosen.len()) as u64;
    if left > 0 {
        writeln!(out, "    {}; --all shows them", counted(left, "more pair", "more pairs"))?;
    }
    if session.pairs_omitted > 0 {
        writeln!(
            out,
            "    {} beyond what is kept of a session",
            counted(session.pairs_omitted, "more pair", "more pairs")
        )?;
    }
    Ok(())
}

fn row(pair: &Pair, components: bool) -> Vec<Cell> {
    let (state, paint) = state(pair);
    let tcp = if pair.protocol.to_string() == "tcp" { " (tcp)" } else { "" };
    let number = pair.id.rsplit('-').next().unwrap_or_default();
    vec![
        Cell::painted(if pair.selected { "*" } else { "" }, Paint::Good),
        Cell::painted(number, Paint::Quiet),
        Cell::new(format!("{} → {}{tcp}", pair.local.address, pair.remote.address)),
        Cell::new(if components { pair.component.to_string() } else { String::new() }),
        Cell::new(kind(pair)),
        Cell::painted(state, paint),
        Cell::new(answered(pair.responses_received, pair.requests_sent)),
        Cell::new(answered(pair.responses_sent, pair.requests_received)),
        Cell::new(pair.current_round_trip_time.map(duration).unwrap_or_default()),
        Cell::new(nominated(pair)),
        Cell::new(why(pair)),
    ]
}

fn answered(responses: u64, requests: u64) -> String {
    match (responses, requests) {
        (0, 0) => "-".to_owned(),
        (responses, requests) => format!("{} of {}", grouped(responses), grouped(requests)),
    }
}

fn kind(pair: &Pair) -> String {
    let name = |end: &End| end.r#type.map_or("?", |kind| kind.name());
    if pair.local.r#type.is_none() && pair.remote.r#type.is_none() {
        String::new()
    } else {
        format!("{} → {}", name(&pair.local), name(&pair.remote))
    }
}

fn state(pair: &Pair) -> (String, Paint) {
    let states = [pair.local.state, pair.remote.state].map(|state| state.map(|state| *state));
    let paint = match states {
        [Some(PairState::Failed), _] | [_, Some(PairState::Failed)] if pair.selected => Paint::Bad,
        [Some(PairState::Failed), _] | [_, Some(PairState::Failed)] => Paint::Plain,
        [Some(PairState::Succeeded), _] | [_, Some(PairState::Succeeded)] => Paint::Good,
        [Some(PairState::InProgress) | None, Some(PairState::InProgress) | None] => Paint::Plain,
    };
    let text = match states {
        [None, None] => String::new(),
        [Some(one), None] | [None, Some(one)] => one.name().to_owned(),
        [Some(local), Some(remote)] if local == remote => local.name().to_owned(),
        [Some(local), Some(remote)] => format!("{} | {}", local.name(), remote.name()),
    };
    (text, paint)
}

fn nominated(pair: &Pair) -> String {
    match (pair.nominated_time, pair.nominated_frame) {
        (Some(time), Some(frame)) => format!("{} #{frame}", offset(time)),
        _ => String::new(),
    }
}

/// Error codes and the reason of a failure, where there is one.
fn why(pair: &Pair) -> String {
    let mut reasons: Vec<String> = pair
        .errors
        .iter()
        .chain(&pair.remote.errors)
        .map(|error| format!("{} × {}", grouped(error.count), error.code))
        .collect();
    if let Some(failure) = pair.failure.filter(|failure| failure.name() != "error-response") {
        reasons.push(failure.name().replace('-', " "));
    }
    reasons.join(", ")
}
