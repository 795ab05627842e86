//! ICE beside its candidates (RFC 8839, section 5).

use std::fmt;

use crate::sdp::error::Expected;
use crate::sdp::grammar::{Parsed, fault, next_word, text, whole_number, word};
use crate::sdp::list::Words;

/// Whether `byte` is an `ice-char`.
pub(super) const fn is_ice_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn ice_word<'a>(
    input: &'a str,
    field: &'static str,
    allowed: &'static str,
    length: std::ops::RangeInclusive<usize>,
) -> Parsed<'a, &'a str> {
    let (rest, value) = word(field)(input)?;
    if value.bytes().all(is_ice_char) && length.contains(&value.len()) {
        Ok((rest, value))
    } else {
        fault(input, Expected::Characters { field, allowed })
    }
}

/// `a=ice-ufrag`: 4 to 256 characters.
///
/// ```
/// # use rtcscope::sdp::{IceUfrag, Typed};
/// assert_eq!(IceUfrag::parse_value("F7gI"), Ok(IceUfrag("F7gI")));
/// assert!(IceUfrag::parse_value("F7g").is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct IceUfrag<'a>(pub &'a str);

impl<'a> IceUfrag<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, value) = ice_word(input, "ice-ufrag", "4 to 256 letters, digits, `+`, `/`", 4..=256)?;
        Ok((rest, Self(value)))
    }
}

/// `a=ice-pwd`: 22 to 256 characters. A secret between two ends that the signalling server sees.
///
/// ```
/// # use rtcscope::sdp::{IcePwd, Typed};
/// assert!(IcePwd::parse_value("x9cml/YzichV2+XlhiMu8g").is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct IcePwd<'a>(pub &'a str);

impl<'a> IcePwd<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, value) = ice_word(input, "ice-pwd", "22 to 256 letters, digits, `+`, `/`", 22..=256)?;
        Ok((rest, Self(value)))
    }
}

/// `a=ice-options`: `trickle`, `ice2`, `renomination` and the like.
///
/// ```
/// # use rtcscope::sdp::{IceOptions, Typed};
/// let options = IceOptions::parse_value("trickle ice2");
/// assert_eq!(options.map(|options| options.0.iter().any(|option| option == "trickle")), Ok(true));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct IceOptions<'a>(pub Words<'a>);

impl<'a> IceOptions<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        word("ICE option")(input)?;
        let (rest, options) = text("ICE option")(input)?;
        Ok((rest, Self(Words(options))))
    }
}

/// `a=ice-pacing`: the time between two checks that is preferred, in milliseconds.
///
/// ```
/// # use rtcscope::sdp::{IcePacing, Typed};
/// assert_eq!(IcePacing::parse_value("50"), Ok(IcePacing(50)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct IcePacing(pub u32);

impl IcePacing {
    pub(super) fn parse(input: &str) -> Parsed<'_, Self> {
        let (rest, interval) = whole_number("pacing interval", 1..=9_999_999_999)(input)?;
        Ok((rest, Self(interval)))
    }
}

/// `a=remote-candidates`: the other side's candidates that were chosen; component, address, port in turn.
///
/// ```
/// # use rtcscope::sdp::{RemoteCandidates, Typed};
/// let chosen = RemoteCandidates::parse_value("1 192.0.2.3 45664 2 192.0.2.3 45665");
/// assert_eq!(chosen.map(|chosen| chosen.iter().last()), Ok(Some((2, "192.0.2.3", 45665))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct RemoteCandidates<'a>(pub Words<'a>);

impl<'a> RemoteCandidates<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let mut rest = input;
        loop {
            let (after, _) = whole_number::<u16>("component", 1..=256)(rest)?;
            let (after, _) = next_word("address")(after)?;
            next_word("port")(after)?;
            let (after, _) = whole_number::<u16>("port", 0..=65535)(crate::sdp::grammar::spaces(after))?;
            rest = crate::sdp::grammar::spaces(after);
            if rest.is_empty() {
                return Ok((rest, Self(Words(input))));
            }
        }
    }

    /// Component, address and port of each.
    ///
    /// The text is a flat list of words; this puts the threes together, see [`RemoteCandidates`].
    pub fn iter(&self) -> impl Iterator<Item = (u16, &'a str, u16)> + use<'a> {
        let mut words = self.0.0.split(' ').filter(|word| !word.is_empty());
        std::iter::from_fn(move || Some((words.next()?.parse().ok()?, words.next()?, words.next()?.parse().ok()?)))
    }
}

macro_rules! shown {
    ($($name:ident $(<$life:lifetime>)?),*) => {
        $(
            impl fmt::Display for $name $(<$life>)? {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }
        )*
    };
}

shown!(IceUfrag<'_>, IcePwd<'_>, IceOptions<'_>, IcePacing, RemoteCandidates<'_>);
