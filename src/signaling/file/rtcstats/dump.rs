//! The entries of a dump, in order.

use std::collections::HashMap;

use super::names::method_of;
use super::reports::Reports;
use crate::moment::Timestamp;
use crate::signal::Channel;
use crate::signaling::Limits;
use crate::signaling::file::budget::Budget;
use crate::signaling::file::log::Log;
use crate::signaling::file::model::{FileClock, SideConnection};
use crate::signaling::file::time::{MILLISECONDS, MILLISECONDS_F, scaled};
use crate::signaling::json::Json;

/// A smaller number of milliseconds is no time of a dump: it is in March 1973.
const OLDEST: f64 = 1e11;

/// Whether `value` is an entry: a name, a connection or none, and a time at the end.
pub(in crate::signaling::file) fn is_entry(value: &Json) -> bool {
    match value.items() {
        [Json::Text(_), Json::Text(_) | Json::Null, .., Json::Number(_)] => value.items().len() >= 4,
        _ => false,
    }
}

/// The connections of a dump with an entry each line; `relative` where times count from the entry before.
pub(in crate::signaling::file) fn read_lines(
    lines: &str,
    relative: bool,
    limits: &Limits,
    budget: &mut Budget,
) -> Vec<SideConnection> {
    let mut dump = Dump { relative, ..Dump::default() };
    // What one line gives up comes back with the next: a line is not kept.
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        match Json::parse(line, limits.file_values, limits.json_depth) {
            Some(value) => dump.entry(&value, budget),
            None => budget.skipped += 1,
        }
    }
    dump.finish(budget)
}

/// The connections of a dump that is one list of entries.
pub(in crate::signaling::file) fn read_list(list: &Json, budget: &mut Budget) -> Vec<SideConnection> {
    let mut dump = Dump::default();
    list.items().iter().for_each(|entry| dump.entry(entry, budget));
    dump.finish(budget)
}

/// A dump while it is read.
#[derive(Debug, Default)]
struct Dump {
    relative: bool,
    /// The time of the entry before, in milliseconds.
    now: f64,
    page: Option<String>,
    connections: Vec<(Log, Reports)>,
    places: HashMap<String, usize>,
}

impl Dump {
    fn entry(&mut self, entry: &Json, budget: &mut Budget) {
        let [method, connection, value, rest @ ..] = entry.items() else {
            // A line about the page.
            match entry {
                Json::Object(_) => self.about(entry),
                _ => budget.skipped += 1,
            }
            return;
        };
        let method = match method {
            Json::Text(method) => method_of(method),
            Json::Number(number) => method_of(number),
            _ => {
                budget.skipped += 1;
                return;
            }
        };
        let time = self.time(rest);
        let Some(id) = connection.word() else {
            if method == "connectionInfo" {
                self.about(value);
            }
            return;
        };
        let place = match self.places.get(id) {
            Some(place) => *place,
            None if budget.connection() => {
                let place = self.connections.len();
                self.connections.push((Log::new(id, self.page.as_deref()), Reports::default()));
                self.places.insert(id.to_owned(), place);
                place
            }
            None => return,
        };
        let Some((log, reports)) = self.connections.get_mut(place) else { return };
        if method.eq_ignore_ascii_case("getstats") {
            if let Some((time, _)) = time {
                reports.observe(time, value, budget);
            }
        } else {
            log.entry(time, method, value, budget);
        }
    }

    fn about(&mut self, value: &Json) {
        let found = ["url", "origin"].iter().find_map(|name| value.text_of(name));
        self.page = found.map(str::to_owned).or_else(|| self.page.take());
    }

    /// The time among what follows the value: the last number, or the last that can be a time.
    fn time(&mut self, rest: &[Json]) -> Option<(Timestamp, FileClock)> {
        let number = |value: &Json| match value {
            Json::Number(number) => number.parse::<f64>().ok().map(|value| (value, number.contains('.'))),
            _ => None,
        };
        let mut numbers = rest.iter().rev().filter_map(number);
        let (milliseconds, fraction) = if self.relative {
            let (step, fraction) = numbers.next()?;
            (self.now + step, fraction)
        } else {
            numbers.find(|(value, _)| *value > OLDEST)?
        };
        let time = scaled(milliseconds, 1e6)?;
        self.now = milliseconds;
        Some((time, if fraction { MILLISECONDS_F } else { MILLISECONDS }))
    }

    fn finish(self, budget: &mut Budget) -> Vec<SideConnection> {
        let numbered = (1..).zip(self.connections);
        let finish = |(number, (mut log, reports)): (u64, (Log, Reports))| {
            log.stats = reports.finish();
            log.finish(Channel(number), budget)
        };
        numbered.map(finish).collect()
    }
}
