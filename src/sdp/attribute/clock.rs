//! `a=ts-refclk` and `a=mediaclk`: which clock media is stamped with (RFC 7273).

use std::fmt;

use crate::sdp::grammar::{Parsed, spaces, text, until_any, word};

/// `a=ts-refclk`: the clock behind the timestamps.
///
/// ```
/// # use rtcscope::sdp::{TimestampReference, Typed};
/// let clock = TimestampReference::parse_value("ptp=IEEE1588-2008:39-A7-94-FF-FE-07-CB-D0:37");
/// assert_eq!(clock.map(|clock| clock.source), Ok("ptp"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct TimestampReference<'a> {
    /// `ptp`, `ntp`, `gps`, `local`, `private`, `localmac` and the like.
    pub source: &'a str,
    /// What follows its `=`: version, address, domain.
    pub parameters: Option<&'a str>,
}

impl<'a> TimestampReference<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, source) = until_any(b"=", "clock source")(input)?;
        match rest.strip_prefix('=') {
            Some(rest) => {
                let (rest, parameters) = text("clock parameters")(rest)?;
                Ok((rest, Self { source, parameters: Some(parameters) }))
            }
            None => Ok((rest, Self { source, parameters: None })),
        }
    }
}

impl fmt::Display for TimestampReference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.source)?;
        self.parameters.map_or(Ok(()), |parameters| write!(f, "={parameters}"))
    }
}

/// `a=mediaclk`: how the media clock follows the reference clock.
///
/// ```
/// # use rtcscope::sdp::{MediaClock, Typed};
/// assert_eq!(MediaClock::parse_value("direct=0"), Ok(MediaClock { id: None, source: "direct=0" }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct MediaClock<'a> {
    /// The clock's own id (`id=src:…`), where it has one.
    pub id: Option<&'a str>,
    /// `direct=0`, `sender`, `IEEE1722=…` and the like, with what follows.
    pub source: &'a str,
}

impl<'a> MediaClock<'a> {
    pub(super) fn parse(input: &'a str) -> Parsed<'a, Self> {
        let (rest, id) = match input.strip_prefix("id=") {
            Some(rest) => word("media clock id")(rest).map(|(rest, id)| (spaces(rest), Some(id)))?,
            None => (input, None),
        };
        let (rest, source) = text("media clock")(rest)?;
        Ok((rest, Self { id, source }))
    }
}

impl fmt::Display for MediaClock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.map_or(Ok(()), |id| write!(f, "id={id} "))?;
        f.write_str(self.source)
    }
}
