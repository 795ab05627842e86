//! Describing the bytes of a field one leaf after another, so that no leaf is given a range by hand.

use std::borrow::Cow;

use super::field::{Field, Value};

/// The leaves of some bytes, in wire order.
#[derive(Debug)]
pub(crate) struct Leaves<'a> {
    rest: &'a [u8],
    at: usize,
    last: usize,
    fields: Vec<Field>,
}

impl<'a> Leaves<'a> {
    /// Begins at the first of `bytes`, which stands `at` bytes into its message.
    pub(crate) fn of(bytes: &'a [u8], at: usize) -> Self {
        Self { rest: bytes, at, last: at, fields: Vec::new() }
    }

    fn take(&mut self, width: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(width).unwrap_or((self.rest, &[]));
        self.rest = rest;
        self.last = self.at;
        self.at = self.at.saturating_add(taken.len());
        taken
    }

    /// The next `width` bytes hold `value`.
    pub(crate) fn leaf(
        mut self,
        width: usize,
        name: &'static str,
        label: impl Into<Cow<'static, str>>,
        value: Value,
    ) -> Self {
        self.take(width);
        self.also(name, label, value)
    }

    /// The bytes of the leaf before hold `value` too: another bit of them, or another view.
    pub(crate) fn also(mut self, name: &'static str, label: impl Into<Cow<'static, str>>, value: Value) -> Self {
        self.fields.push(Field::new(name, label, value, self.last..self.at));
        self
    }

    /// The next `width` bytes are opaque.
    pub(crate) fn bytes(mut self, width: usize, name: &'static str, label: impl Into<Cow<'static, str>>) -> Self {
        let taken = self.take(width);
        self.also(name, label, Value::Bytes(taken.to_vec()))
    }

    /// All that is left is opaque; nothing left, no leaf.
    pub(crate) fn rest(self, name: &'static str, label: impl Into<Cow<'static, str>>) -> Self {
        match self.rest.len() {
            0 => self,
            width => self.bytes(width, name, label),
        }
    }

    /// The next `width` bytes must be zero, and a note says where they are not.
    pub(crate) fn reserved(mut self, width: usize, name: &'static str) -> Self {
        let taken = self.take(width);
        let field = Field::new(name, "Reserved", Value::Bytes(taken.to_vec()), self.last..self.at);
        let set = taken.iter().any(|byte| *byte != 0);
        self.fields.push(if set { field.note("reserved bits are set") } else { field });
        self
    }

    /// Gives the last leaf a meaning.
    pub(crate) fn means(mut self, meaning: impl Into<String>) -> Self {
        if let Some(field) = self.fields.last_mut() {
            field.meaning = Some(meaning.into());
        }
        self
    }

    /// Gives the last leaf a meaning where there is one.
    pub(crate) fn may_mean(self, meaning: Option<impl Into<String>>) -> Self {
        match meaning {
            Some(meaning) => self.means(meaning),
            None => self,
        }
    }

    /// Gives the last leaf a note.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        if let Some(field) = self.fields.last_mut() {
            field.notes.push(note.into());
        }
        self
    }

    /// The leaves.
    pub(crate) fn finish(self) -> Vec<Field> {
        self.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_follow_one_another() {
        let fields = Leaves::of(&[1, 2, 3, 4, 0, 9], 10)
            .leaf(2, "a", "A", Value::Unsigned(1))
            .also("b", "B", Value::Boolean(true))
            .reserved(1, "r")
            .reserved(2, "r")
            .rest("c", "C")
            .finish();
        let ranges: Vec<_> = fields.iter().map(|field| field.range.clone()).collect();
        assert_eq!(ranges, [10..12, 10..12, 12..13, 13..15, 15..16]);
        assert_eq!(fields[2].notes, ["reserved bits are set"]);
    }

    #[test]
    fn a_leaf_wider_than_the_bytes_ends_with_them() {
        let fields = Leaves::of(&[1], 0).leaf(4, "a", "A", Value::None).rest("b", "B").finish();
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].range, 0..1);
    }
}
