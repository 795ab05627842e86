//! The value of one attribute on its way to a decoder.

use nom::Parser;

use super::transaction::Mask;
use crate::wire::read::{Stop, located};
use crate::wire::{Error, Reason};

/// What the decoder of an attribute is given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body<'a> {
    /// The bytes of the value that are there.
    pub(super) value: &'a [u8],
    /// How many its header says there are.
    pub(super) stated: usize,
    /// Where the value begins, from the start of the message.
    pub(super) offset: usize,
    /// What an XOR address is obscured with.
    pub(super) mask: Mask,
    /// Whether the message is of Microsoft's dialect.
    pub(super) microsoft: bool,
}

impl<'a> Body<'a> {
    /// The value, all of it.
    pub(super) fn whole(&self, field: &'static str) -> Result<&'a [u8], Error> {
        if self.value.len() < self.stated {
            let reason = Reason::TooShort { needed: self.stated, found: self.value.len() };
            return Err(Error { offset: self.offset, field, reason });
        }
        Ok(self.value)
    }

    /// The value, if it has one of the lengths from `least` to `most` in steps of four.
    pub(super) fn sized(&self, field: &'static str, least: usize, most: usize) -> Result<&'a [u8], Error> {
        if self.stated < least || self.stated > most || !self.stated.is_multiple_of(4) {
            let needed = if self.stated < least { least } else { most };
            return Err(self.wrong_length(field, needed));
        }
        self.whole(field)
    }

    /// The value as UTF-8.
    pub(super) fn text(&self, field: &'static str) -> Result<&'a str, Error> {
        str::from_utf8(self.whole(field)?).map_err(|fault| Error {
            offset: self.offset.saturating_add(fault.valid_up_to()),
            field,
            reason: Reason::NotUtf8 { valid: fault.valid_up_to() },
        })
    }

    /// What `parser` makes of the value, which it must use up.
    pub(super) fn read<T>(
        &self,
        name: &'static str,
        mut parser: impl Parser<&'a [u8], Output = T, Error = Stop<'a>>,
    ) -> Result<T, Error> {
        let (rest, read) = parser.parse(self.value).map_err(|stop| located(stop, self.value, self.offset))?;
        if self.stated > self.value.len().saturating_sub(rest.len()) {
            return Err(self.wrong_length(name, self.value.len().saturating_sub(rest.len())));
        }
        Ok(read)
    }

    /// The error of a value that has a length its type does not allow.
    pub(super) fn wrong_length(&self, field: &'static str, needed: usize) -> Error {
        Error { offset: self.offset, field, reason: Reason::WrongLength { needed, found: self.stated } }
    }
}
