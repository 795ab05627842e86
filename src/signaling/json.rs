//! JSON whose members keep their order, with a bound on how many values and how deep.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON value. Unlike `serde_json::Value` its members stay in the order they were written, so that what was signalled
/// together is told in order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value in `text`, which may hold nothing else; `None` where it is no JSON or more than `values` values or deeper than
    /// `depth`.
    pub(super) fn parse(text: &str, values: usize, depth: usize) -> Option<Self> {
        Self::read(text, values, depth).ok()
    }

    /// The same, with the place where it is no JSON or goes past a bound.
    pub(super) fn read(text: &str, values: usize, depth: usize) -> Result<Self, serde_json::Error> {
        let left = Cell::new(values);
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = Seed { left: &left, depth }.deserialize(&mut reader)?;
        reader.end()?;
        Ok(value)
    }

    /// The member of this name; the first of several.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// The members, none of what is no object.
    pub(super) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The items, none of what is no list.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string or of a number.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The text of the string member of this name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.member(name)?.text()
    }
}

/// What remains to be spent while a value is read.
#[derive(Clone, Copy)]
struct Seed<'a> {
    left: &'a Cell<usize>,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom("expected fewer values"))?;
        self.left.set(left);
        let depth = self.depth.checked_sub(1).ok_or_else(|| D::Error::custom("expected less depth"))?;
        deserializer.deserialize_any(Seed { depth, ..self })
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            list.push((name, members.next_value_seed(self)?));
        }
        Ok(Json::Object(list))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order() {
        let value = Json::parse(r#"{"z":1,"a":["x",null,true]}"#, 10, 10).unwrap();
        assert_eq!(value.members()[0], ("z".to_owned(), Json::Number("1".to_owned())));
        assert_eq!(value.member("a").unwrap().items()[0].text(), Some("x"));
    }

    #[test]
    fn count_and_depth_are_bounded() {
        assert!(Json::parse("[1,2,3]", 4, 9).is_some());
        assert!(Json::parse("[1,2,3]", 3, 9).is_none());
        assert!(Json::parse("[[[[]]]]", 99, 4).is_some());
        assert!(Json::parse("[[[[]]]]", 99, 3).is_none());
        assert!(Json::parse(&"[".repeat(1_000_000), usize::MAX, usize::MAX).is_none());
    }
}
