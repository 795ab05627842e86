//! Reports of statistics that say what differs from the one before.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::{kind_of, property_of};
use crate::moment::Timestamp;
use crate::signaling::file::budget::Budget;
use crate::signaling::file::statistics::{Cell, Column, StatsSeries};
use crate::signaling::file::time::scaled;
use crate::signaling::json::Json;

/// Members of one object; more are not read. The largest type of the W3C has some 60.
const MEMBERS: usize = 512;
/// Objects of one connection. A conference of 100 has 1000.
const OBJECTS: usize = 16_384;

/// An object as it is known by now.
#[derive(Debug, Default)]
struct Object {
    kind: Arc<str>,
    members: BTreeMap<String, Member>,
    /// Whether the last report still had it.
    present: bool,
}

/// A member, and its values so far.
#[derive(Debug)]
struct Member {
    value: Cell,
    times: Vec<Timestamp>,
    values: Column,
}

/// The reports of one connection while they are read.
#[derive(Debug, Default)]
pub(super) struct Reports {
    objects: BTreeMap<String, Object>,
}

impl Reports {
    /// Takes the next report, which came at `time`.
    pub(super) fn observe(&mut self, time: Timestamp, report: &Json, budget: &mut Budget) {
        // The time of all objects that do not say another stands beside them.
        let own = report.members().iter().find(|(name, _)| name == "t" || name == "timestamp");
        let own = own.and_then(|(_, value)| scaled(value.word()?.parse().ok()?, 1e6)).filter(|own| own.0 > 0);
        for (id, value) in report.members() {
            match value {
                Json::Null => {
                    if let Some(object) = self.objects.get_mut(id) {
                        object.present = false;
                    }
                }
                Json::Object(members) => self.change(id, members, budget),
                _ => {}
            }
        }
        if budget.is_full() {
            // Not value by value: there may be many reports to come.
            budget.omitted += 1;
            return;
        }
        let time = own.unwrap_or(time);
        for object in self.objects.values_mut() {
            if !object.present || object.members.is_empty() {
                // To pass over it is work as well, and small reports can be many.
                if !budget.sample() {
                    return;
                }
                continue;
            }
            for member in object.members.values_mut() {
                if budget.sample() {
                    member.times.push(time);
                    member.values.push(member.value.clone());
                }
            }
        }
    }

    fn change(&mut self, id: &str, members: &[(String, Json)], budget: &mut Budget) {
        if !self.objects.contains_key(id) && self.objects.len() >= OBJECTS {
            budget.omitted += 1;
            return;
        }
        let object = self.objects.entry(id.to_owned()).or_default();
        object.present = true;
        for (name, value) in members {
            let name = property_of(name);
            match name {
                "id" | "timestamp" => {}
                "type" => object.kind = value.word().map(kind_of).unwrap_or_default().into(),
                _ => {
                    if let Some(member) = object.members.get_mut(name) {
                        member.value = Cell::of_json(value);
                    } else if object.members.len() < MEMBERS && budget.series() {
                        let member =
                            Member { value: Cell::of_json(value), times: Vec::new(), values: Column::default() };
                        object.members.insert(name.to_owned(), member);
                    }
                }
            }
        }
    }

    /// All series, by identifier and name.
    pub(super) fn finish(self) -> Vec<StatsSeries> {
        let mut found: Vec<StatsSeries> = Vec::new();
        for (id, object) in self.objects {
            let id: Arc<str> = id.into();
            let mut shared: Option<Arc<[Timestamp]>> = None;
            for (name, member) in object.members {
                let [start, ..] = *member.times else { continue };
                let end = member.times.last().copied().unwrap_or(start);
                let Some(values) = member.values.finish() else { continue };
                // Members of an object mostly came and went together.
                let times = match shared.take().filter(|times| **times == *member.times) {
                    Some(times) => times,
                    None => member.times.into(),
                };
                shared = Some(Arc::clone(&times));
                let (id, kind) = (Arc::clone(&id), Arc::clone(&object.kind));
                found.push(StatsSeries { id, kind, name, start, end, times: Some(times), values });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signaling::Limits;
    use crate::signaling::file::StatsValues;

    #[test]
    fn what_did_not_change_has_its_value_still() {
        let mut reports = Reports::default();
        let mut budget = Budget::new(&Limits::default());
        for (at, text) in [
            r#"{"IT1":{"type":"inbound-rtp","packetsReceived":1,"kind":"audio"},"t":1000000000001}"#,
            r#"{"IT1":{"14":5}}"#,
            r#"{"IT1":null}"#,
        ]
        .iter()
        .enumerate()
        {
            let time = Timestamp(i64::try_from(at).unwrap());
            reports.observe(time, &Json::parse(text, 99, 9).unwrap(), &mut budget);
        }
        let found = reports.finish();
        let [kind, received] = &found[..] else { panic!("{found:?}") };
        assert_eq!((&*received.kind, received.name.as_str()), ("inbound-rtp", "packetsReceived"));
        assert_eq!(received.values, StatsValues::Numbers(vec![Some(1.0), Some(5.0)]));
        assert_eq!(kind.values.texts(), [Some("audio".into()), Some("audio".into())]);
        assert_eq!(received.start, Timestamp(1_000_000_000_001_000_000));
    }

    #[test]
    fn objects_and_members_are_bounded() {
        let mut reports = Reports::default();
        let mut budget = Budget::new(&Limits { file_series: 100, ..Limits::default() });
        let members: Vec<String> = (0..1000).map(|at| format!("\"m{at}\":1")).collect();
        let objects: Vec<String> = (0..3).map(|at| format!("\"o{at}\":{{{}}}", members.join(","))).collect();
        let report = Json::parse(&format!("{{{}}}", objects.join(",")), 9999, 9).unwrap();
        reports.observe(Timestamp(1), &report, &mut budget);
        assert_eq!(reports.finish().len(), 100);
    }
}
