//! Reading fields that are not whole bytes, with one grammar for the value and its description.
//!
//! A grammar is written once, generic over what is recorded of it. With [`Silent`] it only reads, and every closure
//! that would show something is dropped by the compiler; with [`Recorder`] the same lines give the tree of fields.
//! Payload headers, header extensions and RTCP count bits, for which nom's input of bytes has no position.

use std::ops::Range;

use super::field::{Field, Value};
use super::{Error, Reason};

/// What is kept of the fields that are read.
pub(crate) trait Record {
    /// A field was read.
    fn leaf(&mut self, field: impl FnOnce() -> Field);
    /// The fields from here on stand inside this one.
    fn open(&mut self, field: impl FnOnce() -> Field);
    /// The field opened last ends before byte `end`.
    fn close(&mut self, end: usize);
    /// More is known of the field read last.
    fn amend(&mut self, change: impl FnOnce(&mut Field));
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Silent;

impl Record for Silent {
    fn leaf(&mut self, _: impl FnOnce() -> Field) {}
    fn open(&mut self, _: impl FnOnce() -> Field) {}
    fn close(&mut self, _: usize) {}
    fn amend(&mut self, _: impl FnOnce(&mut Field)) {}
}

/// Keeps every field, in wire order.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    done: Vec<Field>,
    open: Vec<Field>,
}

impl Recorder {
    fn innermost(&mut self) -> &mut Vec<Field> {
        match self.open.last_mut() {
            Some(field) => &mut field.children,
            None => &mut self.done,
        }
    }
}

impl Record for Recorder {
    fn leaf(&mut self, field: impl FnOnce() -> Field) {
        let field = field();
        self.innermost().push(field);
    }

    fn open(&mut self, field: impl FnOnce() -> Field) {
        self.open.push(field());
    }

    fn close(&mut self, end: usize) {
        if let Some(mut field) = self.open.pop() {
            field.range.end = field.range.end.max(end);
            self.innermost().push(field);
        }
    }

    fn amend(&mut self, change: impl FnOnce(&mut Field)) {
        if let Some(field) = self.innermost().last_mut() {
            change(field);
        }
    }
}

/// An integer that a field of at most its width is read into.
pub(crate) trait Number {
    /// The low bits of `wide`.
    fn low_bits(wide: u64) -> Self;
}

macro_rules! number {
    ($($kind:ty)*) => {$(
        impl Number for $kind {
            fn low_bits(wide: u64) -> Self {
                wide as Self
            }
        }
    )*};
}

number! { u8 u16 u32 u64 usize }

/// A position in some bytes, counted in bits.
#[derive(Debug)]
pub(crate) struct Cursor<'a, R> {
    bytes: &'a [u8],
    base: usize,
    bit: usize,
    fault: Option<Error>,
    record: R,
}

impl<'a> Cursor<'a, Silent> {
    /// Before the first of `bytes`, which stands `base` bytes into its message.
    pub(crate) fn silent(bytes: &'a [u8], base: usize) -> Self {
        Self { bytes, base, bit: 0, fault: None, record: Silent }
    }
}

impl<'a> Cursor<'a, Recorder> {
    /// The same, with every field kept.
    pub(crate) fn recording(bytes: &'a [u8], base: usize) -> Self {
        Self { bytes, base, bit: 0, fault: None, record: Recorder::default() }
    }

    /// The fields that were read.
    pub(crate) fn fields(self) -> Vec<Field> {
        self.record.done
    }
}

impl<'a, R: Record> Cursor<'a, R> {
    /// Bytes that are not read yet, one begun not counted.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.byte())
    }

    /// Those bytes.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.byte()..).unwrap_or_default()
    }

    /// What went wrong first in a part that was left where it broke.
    pub(crate) fn fault(&self) -> Option<Error> {
        self.fault
    }

    /// The next byte boundary, from the start of the bytes.
    pub(crate) fn byte(&self) -> usize {
        self.bit.div_ceil(8)
    }

    /// The same from the start of the message.
    pub(crate) fn offset(&self) -> usize {
        self.base.saturating_add(self.byte())
    }

    /// Keeps a fault, if it is the first.
    pub(crate) fn keep(&mut self, fault: Error) {
        self.fault = self.fault.or(Some(fault));
    }

    /// The error of a value at the next byte that must not be there.
    pub(crate) fn wrong_value(&self, field: &'static str, needed: u64, found: u64) -> Error {
        Error { offset: self.offset(), field, reason: Reason::WrongValue { needed, found } }
    }

    /// The error of a part that has a length it must not have.
    pub(crate) fn wrong_length(&self, field: &'static str, needed: usize, found: usize) -> Error {
        Error { offset: self.offset(), field, reason: Reason::WrongLength { needed, found } }
    }

    /// The error of a part of `needed` bytes that does not fit into those that are left.
    pub(crate) fn too_short(&self, field: &'static str, needed: usize) -> Error {
        Error { offset: self.offset(), field, reason: Reason::TooShort { needed, found: self.left() } }
    }

    fn raw(&mut self, bits: usize, label: &'static str) -> Result<(u64, Range<usize>), Error> {
        let (first, end) = (self.bit / 8, self.bit.saturating_add(bits));
        let last = end.div_ceil(8);
        let Some(window) = self.bytes.get(first..last) else {
            let (needed, found) = (last.saturating_sub(first), self.bytes.len().saturating_sub(first));
            let reason = Reason::TooShort { needed, found };
            return Err(Error { offset: self.base.saturating_add(first), field: label, reason });
        };
        let wide = window.iter().fold(0_u128, |value, byte| (value << 8) | u128::from(*byte));
        let behind = last.saturating_mul(8).saturating_sub(end);
        let mask = (1_u128 << bits.min(64)).wrapping_sub(1);
        self.bit = end;
        let range = self.base.saturating_add(first)..self.base.saturating_add(last);
        Ok((((wide >> behind) & mask) as u64, range))
    }

    /// A number of `bits` bits, at most 64, most significant first.
    pub(crate) fn number<T: Number>(
        &mut self,
        bits: usize,
        name: &'static str,
        label: &'static str,
    ) -> Result<T, Error> {
        let (value, range) = self.raw(bits, label)?;
        self.record.leaf(|| Field::new(name, capitalised(label), Value::Unsigned(value), range));
        Ok(T::low_bits(value))
    }

    /// The same, shown in hexadecimal.
    pub(crate) fn code<T: Number>(&mut self, bits: usize, name: &'static str, label: &'static str) -> Result<T, Error> {
        let (value, range) = self.raw(bits, label)?;
        self.record.leaf(|| Field::new(name, capitalised(label), Value::Hex(value, bits.div_ceil(4)), range));
        Ok(T::low_bits(value))
    }

    /// A number of `bits` bits, at most 64, in two's complement.
    pub(crate) fn signed(&mut self, bits: usize, name: &'static str, label: &'static str) -> Result<i64, Error> {
        let (value, range) = self.raw(bits, label)?;
        let unused = 64_usize.saturating_sub(bits);
        let value = (value << unused).cast_signed() >> unused;
        self.record.leaf(|| Field::new(name, capitalised(label), Value::Signed(value), range));
        Ok(value)
    }

    /// A number of `width` bytes, least significant first.
    pub(crate) fn little<T: Number>(
        &mut self,
        width: usize,
        name: &'static str,
        label: &'static str,
    ) -> Result<T, Error> {
        let (value, range) = self.raw(width.saturating_mul(8), label)?;
        let value = value.swap_bytes() >> (64_usize.saturating_sub(width.saturating_mul(8)));
        self.record.leaf(|| Field::new(name, capitalised(label), Value::Unsigned(value), range));
        Ok(T::low_bits(value))
    }

    /// One bit.
    pub(crate) fn flag(&mut self, name: &'static str, label: &'static str) -> Result<bool, Error> {
        let (value, range) = self.raw(1, label)?;
        self.record.leaf(|| Field::new(name, capitalised(label), Value::Boolean(value == 1), range));
        Ok(value == 1)
    }

    /// Bits that must be zero; a note says where they are not.
    pub(crate) fn reserved(&mut self, bits: usize, name: &'static str) -> Result<(), Error> {
        let (value, range) = self.raw(bits, "reserved")?;
        self.record.leaf(|| Field::new(name, "Reserved", Value::Hex(value, bits.div_ceil(4)), range));
        if value != 0 {
            self.note(|| "reserved bits are set".to_owned());
        }
        Ok(())
    }

    fn take(&mut self, width: usize, label: &'static str) -> Result<(&'a [u8], Range<usize>), Error> {
        let start = self.byte();
        let end = start.saturating_add(width);
        let Some(taken) = self.bytes.get(start..end) else {
            let reason = Reason::TooShort { needed: width, found: self.left() };
            return Err(Error { offset: self.offset(), field: label, reason });
        };
        self.bit = end.saturating_mul(8);
        Ok((taken, self.base.saturating_add(start)..self.base.saturating_add(end)))
    }

    /// `width` bytes from the next byte boundary on; no leaf for none.
    pub(crate) fn opaque(&mut self, width: usize, name: &'static str, label: &'static str) -> Result<&'a [u8], Error> {
        let (taken, range) = self.take(width, label)?;
        if !taken.is_empty() {
            self.record.leaf(|| Field::new(name, capitalised(label), Value::Bytes(taken.to_vec()), range));
        }
        Ok(taken)
    }

    /// The same, shown as text.
    pub(crate) fn text(&mut self, width: usize, name: &'static str, label: &'static str) -> Result<&'a [u8], Error> {
        let (taken, range) = self.take(width, label)?;
        let shown = || Value::Text(String::from_utf8_lossy(taken).into_owned());
        self.record.leaf(|| Field::new(name, capitalised(label), shown(), range));
        Ok(taken)
    }

    /// All bytes that are left.
    pub(crate) fn remainder(&mut self, name: &'static str, label: &'static str) -> &'a [u8] {
        self.opaque(self.left(), name, label).unwrap_or_default()
    }

    /// Shows the field read last with another number: some of its bits are another field.
    pub(crate) fn shows(&mut self, number: u64) {
        self.record.amend(|field| field.value = Value::Unsigned(number));
    }

    /// Shows the field read last as another value than that of its bytes.
    pub(crate) fn shows_value(&mut self, value: impl FnOnce() -> Value) {
        self.record.amend(|field| field.value = value());
    }

    /// Says what the field read last means.
    pub(crate) fn means(&mut self, meaning: impl FnOnce() -> String) {
        self.record.amend(|field| field.meaning = Some(meaning()));
    }

    /// The same where there is something to say.
    pub(crate) fn may_mean(&mut self, meaning: Option<&'static str>) {
        if let Some(meaning) = meaning {
            self.means(|| meaning.to_owned());
        }
    }

    /// Notes something at the field read last.
    pub(crate) fn note(&mut self, note: impl FnOnce() -> String) {
        self.record.amend(|field| field.notes.push(note()));
    }

    /// Puts the fields that `parse` reads inside one.
    pub(crate) fn group<T>(
        &mut self,
        name: &'static str,
        label: &'static str,
        parse: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let start = self.base.saturating_add(self.bit / 8);
        self.record.open(|| Field::new(name, capitalised(label), Value::None, start..start));
        let read = parse(self);
        self.record.close(self.offset());
        read
    }

    /// Lets `parse` read the next `width` bytes and no further. What it leaves is shown as undecoded; where it breaks,
    /// the fault is kept and reading goes on behind.
    pub(crate) fn within<T>(
        &mut self,
        width: usize,
        undecoded: &'static str,
        parse: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Option<T> {
        let whole = self.bytes;
        let end = self.byte().saturating_add(width).min(whole.len());
        self.bytes = whole.get(..end).unwrap_or(whole);
        let before = self.fault.take();
        let read = parse(self);
        let fault = self.fault.or(read.as_ref().err().copied());
        self.remainder(undecoded, "undecoded bytes");
        if let Some(fault) = fault {
            self.note(|| fault.to_string());
        }
        self.fault = before.or(fault);
        self.bytes = whole;
        self.bit = end.saturating_mul(8);
        read.ok()
    }

    /// Appends what `parse` reads again and again, `count` times or to the end. Stops at the first fault and keeps it;
    /// says whether there was none.
    pub(crate) fn list<T>(
        &mut self,
        into: &mut Vec<T>,
        count: Option<usize>,
        mut parse: impl FnMut(&mut Self) -> Result<T, Error>,
    ) -> bool {
        let mut read = 0_usize;
        while count.map_or(self.left() > 0, |count| read < count) {
            let before = self.bit;
            match parse(self) {
                Ok(value) => into.push(value),
                Err(fault) => {
                    self.keep(fault);
                    return false;
                }
            }
            if self.bit == before {
                break;
            }
            read = read.saturating_add(1);
        }
        true
    }
}

fn capitalised(label: &'static str) -> std::borrow::Cow<'static, str> {
    let mut letters = label.chars();
    match letters.next() {
        Some(first) if first.is_ascii_lowercase() => {
            format!("{}{}", first.to_ascii_uppercase(), letters.as_str()).into()
        }
        _ => label.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cross_bytes() {
        let mut cursor = Cursor::recording(&[0b1010_0000, 0b0111_1111, 0xFF], 10);
        assert_eq!(cursor.number::<u8>(3, "a", "a").unwrap(), 5);
        assert_eq!(cursor.number::<u16>(7, "b", "b").unwrap(), 1);
        assert_eq!(cursor.signed(6, "c", "c").unwrap(), -1);
        let ranges: Vec<_> = cursor.fields().into_iter().map(|field| field.range).collect();
        assert_eq!(ranges, [10..11, 10..12, 11..12]);
    }

    #[test]
    fn error_points_at_the_field() {
        let mut cursor = Cursor::silent(&[0, 0], 10);
        cursor.reserved(4, "r").unwrap();
        let fault = cursor.number::<u32>(16, "n", "length").unwrap_err();
        assert_eq!(fault.to_string(), "length at byte 10: needs 3 bytes, 2 are left");
    }

    #[test]
    fn little_endian_numbers_are_turned() {
        let mut cursor = Cursor::silent(&[0x34, 0x12], 0);
        assert_eq!(cursor.little::<u16>(2, "n", "n").unwrap(), 0x1234);
    }

    #[test]
    fn a_part_that_breaks_does_not_break_what_follows() {
        let mut cursor = Cursor::recording(&[1, 2, 3], 0);
        assert_eq!(cursor.within(2, "u", |inner| inner.number::<u32>(32, "n", "n")), None);
        assert_eq!(cursor.number::<u8>(8, "m", "m").unwrap(), 3);
        assert!(cursor.fault().is_some());
        let fields = cursor.fields();
        assert_eq!(fields[0].notes, ["n at byte 0: needs 4 bytes, 2 are left"]);
    }

    #[test]
    fn a_list_keeps_what_was_read() {
        let mut cursor = Cursor::silent(&[0, 1, 0, 2, 0], 0);
        let mut found = Vec::<u16>::new();
        assert!(!cursor.list(&mut found, None, |inner| inner.number(16, "n", "n")));
        assert_eq!(found, [1, 2]);
        assert!(cursor.fault().is_some());
    }
}
