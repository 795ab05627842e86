//! Reading one field after another: nom, with an error that knows the name of its field.
//!
//! In nom the unread input is the position, so the offset of an error falls out at the public door, where the whole
//! message is at hand.

use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult, Needed, Parser};

use super::{Error, Reason};

/// Where and why reading stopped, before the offset is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop<'a> {
    at: &'a [u8],
    field: &'static str,
    reason: Reason,
}

/// What a parser of this room gives: the unread rest and the value.
pub(crate) type Read<'a, T> = IResult<&'a [u8], T, Stop<'a>>;

impl<'a> ParseError<&'a [u8]> for Stop<'a> {
    fn from_error_kind(at: &'a [u8], _: ErrorKind) -> Self {
        Self { at, field: "", reason: Reason::TooShort { needed: at.len().saturating_add(1), found: at.len() } }
    }

    fn append(_: &'a [u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// Reads one field with one of nom's streaming parsers, which say how many bytes they miss.
pub(crate) fn field<'a, T>(
    name: &'static str,
    mut parser: impl Parser<&'a [u8], Output = T, Error = Stop<'a>>,
) -> impl Parser<&'a [u8], Output = T, Error = Stop<'a>> {
    move |input: &'a [u8]| -> Read<'a, T> {
        parser.parse(input).map_err(|stop| match stop {
            Err::Incomplete(Needed::Size(missing)) => {
                Err::Error(too_short(input, name, input.len().saturating_add(missing.get())))
            }
            Err::Incomplete(Needed::Unknown) => Err::Error(too_short(input, name, input.len().saturating_add(1))),
            Err::Error(stop) | Err::Failure(stop) => Err::Error(Stop { field: name, ..stop }),
        })
    }
}

fn too_short<'a>(at: &'a [u8], field: &'static str, needed: usize) -> Stop<'a> {
    Stop { at, field, reason: Reason::TooShort { needed, found: at.len() } }
}

/// The value at `at` must not be there.
pub(crate) fn wrong_value<'a>(at: &'a [u8], field: &'static str, needed: u64, found: u64) -> Err<Stop<'a>> {
    Err::Failure(Stop { at, field, reason: Reason::WrongValue { needed, found } })
}

/// The public error of a parser that began at `origin`, which stands `base` bytes into its message.
pub(crate) fn located(stop: Err<Stop<'_>>, origin: &[u8], base: usize) -> Error {
    match stop {
        Err::Error(stop) | Err::Failure(stop) => Error {
            offset: base.saturating_add(origin.len().saturating_sub(stop.at.len())),
            field: stop.field,
            reason: stop.reason,
        },
        Err::Incomplete(_) => Error {
            offset: base,
            field: "",
            reason: Reason::TooShort { needed: origin.len().saturating_add(1), found: origin.len() },
        },
    }
}
