//! Dumps of `chrome://webrtc-internals`.
//!
//! `PeerConnections` holds a log and series of statistics for each connection. Times in the log were dates of the place where
//! the dump was made (`time`), and are milliseconds now (`timestamp`). Series stand as `identifier-name`, with their values as
//! JSON in a string; the page keeps the last thousand. Those in brackets the page has computed itself: they are left out.

use std::collections::HashMap;
use std::sync::Arc;

use super::budget::Budget;
use super::log::Log;
use super::model::SideConnection;
use super::statistics::{StatsSeries, StatsValues, column};
use super::time::{of_json, of_text, scaled};
use crate::moment::Timestamp;
use crate::signal::Channel;
use crate::signaling::json::Json;

/// The connections of a dump; `None` where `dump` is none.
pub(super) fn read(dump: &Json, budget: &mut Budget) -> Option<Vec<SideConnection>> {
    let Json::Object(connections) = dump.member("PeerConnections")? else { return None };
    let mut found = Vec::new();
    for (number, (id, connection)) in (1..).zip(connections) {
        if budget.connection() {
            found.push(self::connection(id, connection, budget).finish(Channel(number), budget));
        }
    }
    Some(found)
}

fn connection(id: &str, connection: &Json, budget: &mut Budget) -> Log {
    let mut log = Log::new(id, connection.text_of("url"));
    for entry in connection.member("updateLog").map(Json::items).unwrap_or_default() {
        let time = entry.member("timestamp").or_else(|| entry.member("time")).and_then(of_json);
        match (entry.text_of("type"), entry.member("value")) {
            (Some(method), Some(value)) => log.entry(time, method, value, budget),
            _ => budget.skipped += 1,
        }
    }
    log.stats = series(connection.member("stats"), budget);
    log
}

/// The series of one connection, with the times that the series `timestamp` of the same object tells.
fn series(stats: Option<&Json>, budget: &mut Budget) -> Vec<StatsSeries> {
    let mut found = Vec::new();
    let mut times: HashMap<Arc<str>, Arc<[Timestamp]>> = HashMap::new();
    let mut names: HashMap<&str, Arc<str>> = HashMap::new();
    for (key, member) in stats.map(Json::members).unwrap_or_default() {
        let Some((id, name)) = split(key) else { continue };
        if !budget.series() {
            continue;
        }
        let Some((values, start, end)) = values(member, budget) else {
            budget.skipped += 1;
            continue;
        };
        let id = Arc::clone(names.entry(id).or_insert_with(|| Arc::from(id)));
        let kind = member.text_of("statsType").unwrap_or_default();
        let kind = Arc::clone(names.entry(kind).or_insert_with(|| Arc::from(kind)));
        match values {
            Some(StatsValues::Numbers(values)) if name == "timestamp" => {
                let stamps: Option<Vec<_>> = values.iter().map(|value| scaled((*value)?, 1e6)).collect();
                if let Some(stamps) = stamps {
                    times.insert(id, stamps.into());
                }
            }
            Some(values) => {
                found.push(StatsSeries { id, kind, name: name.to_owned(), start, end, times: None, values });
            }
            // Nothing but objects and nulls.
            None => {}
        }
    }
    for series in &mut found {
        // Where a member came later than its object or went earlier, nothing says which times are its own.
        series.times = times.get(&series.id).filter(|times| times.len() == series.values.len()).cloned();
        if let Some([first, .., last] | [first @ last]) = series.times.as_deref() {
            (series.start, series.end) = (*first, *last);
        }
    }
    found
}

type Values = (Option<StatsValues>, Timestamp, Timestamp);

fn values(member: &Json, budget: &mut Budget) -> Option<Values> {
    let values = column(member.text_of("values")?, budget)?.finish();
    let (start, _) = of_text(member.text_of("startTime")?)?;
    let (end, _) = of_text(member.text_of("endTime")?)?;
    Some((values, start, end))
}

/// Identifier and name of a series; none of what the page has computed.
fn split(key: &str) -> Option<(&str, &str)> {
    if key.ends_with(']') {
        return None;
    }
    key.rsplit_once('-').filter(|(id, name)| !id.is_empty() && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_behind_the_last_hyphen() {
        assert_eq!(
            split("RTCInboundRTPAudioStream-1-packetsLost"),
            Some(("RTCInboundRTPAudioStream-1", "packetsLost"))
        );
        assert_eq!(split("X-[framesReceived-framesDecoded]"), None);
        assert_eq!(split("-x"), None);
        assert_eq!(split("x"), None);
    }
}
