//! Series of statistics: what `getStats` gave, value by value.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::budget::Budget;
use crate::moment::Timestamp;
use crate::signaling::json::Json;

/// One member of one object of statistics, over time.
#[derive(Debug, Clone, PartialEq)]
pub struct StatsSeries {
    /// The identifier of the object.
    pub id: Arc<str>,
    /// The type of the object, such as `inbound-rtp`.
    pub kind: Arc<str>,
    /// The name of the member.
    pub name: String,
    /// The time of the first value.
    pub start: Timestamp,
    /// The time of the last value.
    pub end: Timestamp,
    /// The time of each value where the file tells it.
    pub times: Option<Arc<[Timestamp]>>,
    /// The values.
    pub values: StatsValues,
}

impl StatsSeries {
    /// The time of a value: as the file tells it, else spread evenly from the first to the last.
    #[must_use]
    pub fn time(&self, index: usize) -> Option<Timestamp> {
        if index >= self.values.len() {
            return None;
        }
        if let Some(times) = &self.times {
            return times.get(index).copied();
        }
        let steps = i128::try_from(self.values.len().saturating_sub(1)).ok().filter(|steps| *steps > 0).unwrap_or(1);
        let span = i128::from(self.end.0) - i128::from(self.start.0);
        let into = span * i128::try_from(index).ok()? / steps;
        i64::try_from(i128::from(self.start.0) + into).ok().map(Timestamp)
    }

    pub(super) fn shift(&mut self, offset: i64) {
        let shift = |time: Timestamp| Timestamp(time.0.saturating_add(offset));
        (self.start, self.end) = (shift(self.start), shift(self.end));
        self.times = self.times.take().map(|times| times.iter().copied().map(shift).collect());
    }
}

/// The values of a series; `None` where there was none.
#[derive(Debug, Clone, PartialEq)]
pub enum StatsValues {
    /// Numbers.
    Numbers(Vec<Option<f64>>),
    /// Truth values.
    Flags(Vec<Option<bool>>),
    /// Texts, and numbers among them as text.
    Texts(Vec<Option<Arc<str>>>),
}

impl StatsValues {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Flags(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers; none of other values.
    #[must_use]
    pub fn numbers(&self) -> &[Option<f64>] {
        match self {
            Self::Numbers(values) => values,
            _ => &[],
        }
    }

    /// The texts; none of other values.
    #[must_use]
    pub fn texts(&self) -> &[Option<Arc<str>>] {
        match self {
            Self::Texts(values) => values,
            _ => &[],
        }
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Absent,
    Number(f64),
    Flag(bool),
    Text(Arc<str>),
}

impl Cell {
    pub(super) fn of_json(value: &Json) -> Self {
        match value {
            Json::Bool(flag) => Self::Flag(*flag),
            Json::Number(number) => number.parse().map_or(Self::Absent, Self::Number),
            Json::Text(text) => Self::Text(text.as_str().into()),
            Json::Null | Json::List(_) | Json::Object(_) => Self::Absent,
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of statistics")
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Absent)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Cell, E> {
        Ok(Cell::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell, E> {
        Ok(Cell::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Absent)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Cell, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Absent)
    }
}

/// Values as they come, of one kind as long as they are; before the first that is there, how many were not.
#[derive(Debug, Clone, Default)]
pub(super) struct Column(Option<StatsValues>, usize);

impl Column {
    /// Adds one value.
    pub(super) fn push(&mut self, cell: Cell) {
        let Some(values) = &mut self.0 else {
            // How many were absent before the first that was there decides where it stands.
            self.0 = match cell {
                Cell::Absent => {
                    self.1 += 1;
                    return;
                }
                Cell::Number(number) => Some(StatsValues::Numbers(after(self.1, number))),
                Cell::Flag(flag) => Some(StatsValues::Flags(after(self.1, flag))),
                Cell::Text(text) => Some(StatsValues::Texts(after(self.1, text))),
            };
            return;
        };
        match (&mut *values, cell) {
            (StatsValues::Numbers(values), Cell::Number(number)) => values.push(Some(number)),
            (StatsValues::Numbers(values), Cell::Absent) => values.push(None),
            (StatsValues::Flags(values), Cell::Flag(flag)) => values.push(Some(flag)),
            (StatsValues::Flags(values), Cell::Absent) => values.push(None),
            (StatsValues::Texts(values), Cell::Absent) => values.push(None),
            (StatsValues::Texts(values), Cell::Text(text)) => {
                // The same text comes again and again.
                let known = values.last().cloned().flatten();
                let known = known.filter(|known| Arc::ptr_eq(known, &text) || **known == *text);
                values.push(Some(known.unwrap_or(text)));
            }
            (StatsValues::Texts(values), Cell::Number(number)) => values.push(Some(number.to_string().into())),
            (StatsValues::Texts(values), Cell::Flag(flag)) => values.push(Some(flag.to_string().into())),
            (mixed, cell) => {
                let text = |word: String| Some(Arc::from(word));
                let mut texts: Vec<Option<Arc<str>>> = match mixed {
                    StatsValues::Numbers(values) => {
                        values.iter().map(|value| value.and_then(|value| text(value.to_string()))).collect()
                    }
                    StatsValues::Flags(values) => {
                        values.iter().map(|value| value.and_then(|value| text(value.to_string()))).collect()
                    }
                    StatsValues::Texts(values) => std::mem::take(values),
                };
                texts.push(match cell {
                    Cell::Absent => None,
                    Cell::Number(number) => text(number.to_string()),
                    Cell::Flag(flag) => text(flag.to_string()),
                    Cell::Text(written) => Some(written),
                });
                *values = StatsValues::Texts(texts);
            }
        }
    }

    /// What has come; `None` where no value was there at all.
    pub(super) fn finish(self) -> Option<StatsValues> {
        self.0
    }
}

fn after<T: Clone>(absent: usize, value: T) -> Vec<Option<T>> {
    let mut values = vec![None; absent];
    values.push(Some(value));
    values
}

/// The list of values in `text`, as far as the budget goes; `None` where it is no list.
pub(super) fn column(text: &str, budget: &mut Budget) -> Option<Column> {
    struct List<'a>(&'a mut Budget);

    impl<'de> Visitor<'de> for List<'_> {
        type Value = Column;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of values")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Column, A::Error> {
            let mut column = Column::default();
            while let Some(cell) = items.next_element::<Cell>()? {
                if self.0.sample() {
                    column.push(cell);
                }
            }
            Ok(column)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(text);
    let column = reader.deserialize_seq(List(budget)).ok()?;
    reader.end().ok()?;
    Some(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signaling::Limits;

    fn read(text: &str) -> Option<StatsValues> {
        column(text, &mut Budget::new(&Limits::default()))?.finish()
    }

    #[test]
    fn columns_have_the_type_of_their_values() {
        assert_eq!(read("[1,null,2.5]"), Some(StatsValues::Numbers(vec![Some(1.0), None, Some(2.5)])));
        assert_eq!(read("[null,true]"), Some(StatsValues::Flags(vec![None, Some(true)])));
        let texts = StatsValues::Texts(vec![Some("1".into()), Some("x".into()), Some("x".into())]);
        assert_eq!(read("[1,\"x\",\"x\"]"), Some(texts));
        assert_eq!(read("[{},[[1]],null]"), None);
        assert_eq!(read("{}"), None);
        assert_eq!(read("[1"), None);
    }

    #[test]
    fn values_past_the_bound_are_counted() {
        let mut budget = Budget::new(&Limits { file_samples: 3, ..Limits::default() });
        let values = column("[1,2,3,4,5]", &mut budget).unwrap().finish().unwrap();
        assert_eq!((values.len(), budget.omitted), (3, 2));
    }

    #[test]
    fn times_that_are_not_told_are_spread_evenly() {
        let values = StatsValues::Numbers(vec![Some(0.0); 3]);
        let (start, end) = (Timestamp(100), Timestamp(300));
        let series =
            StatsSeries { id: "x".into(), kind: "y".into(), name: "z".to_owned(), start, end, times: None, values };
        assert_eq!(
            (series.time(1), series.time(2), series.time(3)),
            (Some(Timestamp(200)), Some(Timestamp(300)), None)
        );
    }
}
