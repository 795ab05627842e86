//! The words of the grammar, as nom parsers over the value of one line.
//!
//! The unread input is the position: a fault keeps it, and the public door turns it into a span.

use std::ops::RangeInclusive;

use nom::{FindSubstring, IResult};

use super::error::Expected;

/// Why a value stopped making sense: the unread input, and what should have stood there.
///
/// It is what [`Typed::parse_value`](super::Typed::parse_value) gives, which knows a value but not the line it stands
/// in; [`Line`](super::Line) turns it into an [`Error`](super::Error), which can say where in the text that is.
///
/// ```
/// # use rtcscope::sdp::{Mid, Typed};
/// assert!(Mid::parse_value("a:b").is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault<'a> {
    /// The input from the token at fault on.
    pub(super) at: &'a str,
    /// What should have stood there.
    pub(super) expected: Expected,
}

impl<'a> nom::error::ParseError<&'a str> for Fault<'a> {
    fn from_error_kind(at: &'a str, _: nom::error::ErrorKind) -> Self {
        Self { at, expected: Expected::End }
    }

    fn append(_: &'a str, _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

/// What a parser of this room gives: the unread input and the value.
pub(super) type Parsed<'a, T> = IResult<&'a str, T, Fault<'a>>;

pub(super) fn fault<'a, T>(at: &'a str, expected: Expected) -> Parsed<'a, T> {
    Err(nom::Err::Error(Fault { at, expected }))
}

/// Splits in front of the first byte of `stop`, an ASCII character; without one, at the end.
#[inline]
fn until(input: &str, stop: u8) -> (&str, &str) {
    let end = find_near(input.as_bytes(), stop).unwrap_or(input.len());
    input.split_at_checked(end).unwrap_or((input, ""))
}

/// The offset of the next `byte`, which is expected within a few bytes: eight are looked at in one step, because the
/// words of a description are too short for anything that needs a start-up.
#[inline]
pub(super) fn find_near(input: &[u8], byte: u8) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = input.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        // A byte of `difference` is zero where the byte stands; the lowest such one carries no borrow from below.
        let difference = u64::from_le_bytes(*word) ^ (LOW * u64::from(byte));
        let zero = difference.wrapping_sub(LOW) & !difference & HIGH;
        if zero != 0 {
            return Some(at + zero.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    rest.iter().position(|found| *found == byte).map(|offset| at + offset)
}

/// One run of spaces.
#[inline]
pub(super) fn space(input: &str) -> Parsed<'_, ()> {
    let rest = spaces(input);
    if rest.len() == input.len() { fault(input, Expected::Text { text: " " }) } else { Ok((rest, ())) }
}

/// Spaces or none.
#[inline]
pub(super) fn spaces(input: &str) -> &str {
    let count = input.bytes().take_while(|byte| *byte == b' ').count();
    input.split_at_checked(count).map_or(input, |(_, rest)| rest)
}

/// The characters up to the next space, at least one.
#[inline]
pub(super) fn word<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let (value, rest) = until(input, b' ');
        if value.is_empty() { fault(input, Expected::Value { field }) } else { Ok((rest, value)) }
    }
}

/// A space and the word behind it, where there is one.
#[inline]
pub(super) fn next_word<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let (rest, ()) = space(input).or_else(|_: nom::Err<Fault<'a>>| fault(input, Expected::Value { field }))?;
        word(field)(rest)
    }
}

/// Everything to the end of the line, at least one character.
#[inline]
pub(super) fn text<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| if input.is_empty() { fault(input, Expected::Value { field }) } else { Ok(("", input)) }
}

/// Whether `byte` may stand in a token (RFC 8866, section 9).
pub(super) const fn is_token_byte(byte: u8) -> bool {
    matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'^'..=b'~')
}

/// A word whose characters are all a token's.
#[inline]
pub(super) fn token<'a>(field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let (rest, value) = word(field)(input)?;
        if value.bytes().all(is_token_byte) { Ok((rest, value)) } else { fault(input, Expected::Token { field }) }
    }
}

/// The characters up to `stop` or a space, at least one.
#[inline]
pub(super) fn until_any<'a>(stop: &'static [u8], field: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let end = input.bytes().position(|byte| byte == b' ' || stop.contains(&byte)).unwrap_or(input.len());
        match input.split_at_checked(end) {
            Some((value, rest)) if !value.is_empty() => Ok((rest, value)),
            _ => fault(input, Expected::Value { field }),
        }
    }
}

/// The digits of `input` as a number, and what follows them.
#[inline]
fn digits(input: &str) -> Option<(u64, &str)> {
    let mut value = 0_u64;
    let mut count = 0_usize;
    for byte in input.bytes() {
        if !byte.is_ascii_digit() {
            break;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
        count += 1;
    }
    if count == 0 { None } else { input.split_at_checked(count).map(|(_, rest)| (value, rest)) }
}

/// A whole number in `range`.
#[inline]
pub(super) fn number<'a, T: TryFrom<u64>>(
    field: &'static str,
    range: RangeInclusive<u64>,
) -> impl Fn(&'a str) -> Parsed<'a, T> {
    move |input| {
        let read = digits(input).filter(|(value, _)| range.contains(value));
        match read.and_then(|(value, rest)| T::try_from(value).ok().map(|value| (rest, value))) {
            Some(read) => Ok(read),
            None => fault(input, Expected::Number { field, lowest: *range.start(), highest: *range.end() }),
        }
    }
}

/// A number whose digits end at a space or the end of the line.
#[inline]
pub(super) fn whole_number<'a, T: TryFrom<u64>>(
    field: &'static str,
    range: RangeInclusive<u64>,
) -> impl Fn(&'a str) -> Parsed<'a, T> {
    let expected = Expected::Number { field, lowest: *range.start(), highest: *range.end() };
    let parse = number(field, range);
    move |input| {
        let (rest, value) = parse(input)?;
        if rest.is_empty() || rest.starts_with(' ') { Ok((rest, value)) } else { fault(input, expected) }
    }
}

/// One of `choices`, whole, in any case.
#[inline]
pub(super) fn choice<'a, T: Copy>(
    field: &'static str,
    choices: &'static [&'static str],
    values: &'static [T],
) -> impl Fn(&'a str) -> Parsed<'a, T> {
    move |input| {
        let (value, rest) = until(input, b' ');
        let found = choices.iter().zip(values).find(|(name, _)| name.eq_ignore_ascii_case(value));
        match found {
            Some((_, value)) => Ok((rest, *value)),
            None => fault(input, Expected::Word { field, choices }),
        }
    }
}

/// This very text, in any case.
#[inline]
pub(super) fn literal<'a>(text: &'static str) -> impl Fn(&'a str) -> Parsed<'a, ()> {
    move |input| match input.split_at_checked(text.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(text) => Ok((rest, ())),
        _ => fault(input, Expected::Text { text }),
    }
}

/// The end of the line; white space before it is forgiven.
#[inline]
pub(super) fn end(input: &str) -> Parsed<'_, ()> {
    if input.bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
        Ok(("", ()))
    } else {
        fault(input.trim_start_matches(' '), Expected::End)
    }
}

/// Runs `parse` over a whole value.
#[inline]
pub(super) fn all<'a, T>(value: &'a str, parse: impl Fn(&'a str) -> Parsed<'a, T>) -> Result<T, Fault<'a>> {
    let outcome = parse(value).and_then(|(rest, read)| end(rest).map(|_| read));
    outcome.map_err(|error| match error {
        nom::Err::Error(fault) | nom::Err::Failure(fault) => fault,
        nom::Err::Incomplete(_) => Fault { at: value, expected: Expected::End },
    })
}

/// The offset of the next `byte` in `input`, found as fast as the machine can.
#[inline]
pub(super) fn find(input: &[u8], byte: u8) -> Option<usize> {
    input.find_substring([byte].as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_out_of_range_is_at_fault_where_it_starts() {
        let parse = number::<u8>("payload type", 0..=127);
        assert_eq!(parse("96 x"), Ok((" x", 96)));
        let expected = Expected::Number { field: "payload type", lowest: 0, highest: 127 };
        for bad in ["128", "", "x", "99999999999999999999999"] {
            assert_eq!(parse(bad), fault(bad, expected));
        }
    }

    #[test]
    fn a_token_has_no_separators() {
        assert!(token("mid")("a.b-c_1").is_ok());
        assert!(token("mid")("a:b").is_err());
    }

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        let mut state = 1_u32;
        for length in 0..40 {
            for _ in 0..50 {
                let next = |_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    [b' ', b'!', 0x1f, 0xa0, 0x21, 0x20][(state >> 16) as usize % 6]
                };
                let bytes: Vec<u8> = (0..length).map(next).collect();
                assert_eq!(find_near(&bytes, b' '), bytes.iter().position(|byte| *byte == b' '), "{bytes:?}");
            }
        }
    }

    #[test]
    fn what_is_left_over_is_a_fault() {
        assert_eq!(all("1 x", number::<u8>("n", 0..=9)), Err(Fault { at: "x", expected: Expected::End }));
        assert_eq!(all("1  ", number::<u8>("n", 0..=9)), Ok(1));
    }
}
